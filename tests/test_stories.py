"""The consumer `stories`: copies come into one story whatever happens to the worker, and people have the last word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from otswatch.bus import Message
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Result
from otswatch.consumers.stories import StoriesWork
from otswatch.crawlers import registry
from otswatch.index.projection import project_article
from otswatch.index.sqlite import SqliteIndex
from otswatch.records import Area, Article, Content, Correction, Dated, Membership, Record, Story, Trace, Withdrawn
from otswatch.settings import Settings
from otswatch.state.sqlite import SqliteState
from otswatch.stories.profile import RULES
from tests.factory import FETCHED, article

WORDS = (
    "Türk Devletleri Teşkilatı’nın içişleri bakanları 3 Mart 2026'da Semerkant’ta toplandı ve ortak bir plan üzerinde "
    "anlaştı.\n\nToplantıya ev sahipliği yapan bakan, sınır muhafızlarının yıl sonuna kadar tek bir güvenli ağ "
    "üzerinden haberleşeceğini söyledi. Taraflar siber suçlarla mücadele için bir çalışma grubu kurdu."
)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    state, index = SqliteState(tmp_path / "state.sqlite"), SqliteIndex(tmp_path / "index.sqlite")
    yield Context(Settings(config=tmp_path / "otswatch.d"), index, state)
    state.close()
    index.close()


@pytest.fixture
def work(context: Context) -> StoriesWork:
    return StoriesWork(context)


def messages(*records: Record, **headers: str) -> list[Message]:
    def topic(record: Record) -> str:
        return "corrections" if isinstance(record, Correction) else "articles"

    return [
        Message(topic(record), 0, place, str(place), record.to_json(), headers, datetime.now(UTC))
        for place, record in enumerate(records)
    ]


def sent(work: StoriesWork, topic: str, *records: Record) -> list[bytes]:
    outcomes = work(messages(*records))
    assert all(isinstance(outcome, Result) for outcome in outcomes)
    return [out.value for each in outcomes if isinstance(each, Result) for out in each.outgoing if out.topic == topic]


def grouped(work: StoriesWork, *articles: Article) -> list[Membership | None]:
    return [Article.from_json(value).story for value in sent(work, "grouped", *articles)]


def told(work: StoriesWork, *records: Record) -> list[Story]:
    return [Story.from_json(value) for value in sent(work, "stories", *records)]


def ids(memberships: Sequence[Membership | None]) -> list[str]:
    return [membership.id for membership in memberships if membership]


def copy(id_: str, second: int = 0, **changes: object) -> Article:
    seen = FETCHED + timedelta(seconds=second)
    made = article(id_, WORDS, trace=Trace(fetched_at=seen, first_seen=seen))
    return made.replace(**changes)


def test_the_same_words_in_other_case_spacing_and_quotes_are_one_story(work: StoriesWork) -> None:
    shouted = WORDS.upper().replace("’", "'").replace(" ", "  ")
    other = "Kazakhstan’s grain harvest reached a record this autumn, the ministry of agriculture said in Astana. " * 4
    first, second, third = grouped(work, copy("a"), article("b", shouted), article("c", other))
    assert first is not None
    assert second is not None
    assert third is not None
    assert first.id == second.id != third.id
    assert {first.like, second.like} <= {None, "a", "b"}


def test_copies_of_the_same_second_are_one_story_told_once(work: StoriesWork) -> None:
    stories = told(work, *(copy(name, source=f"paper-{name}") for name in "abcdefgh"))
    last = [story for story in stories if story.merged_into is None][-1]
    assert last.articles == 8
    assert {member.article for member in last.members} == set("abcdefgh")
    assert len(last.sources) == 8
    assert {story.id for story in stories} - {last.id} == {story.id for story in stories if story.merged_into}


def test_neither_a_replay_nor_another_order_changes_the_answer(work: StoriesWork) -> None:
    once = grouped(work, copy("a"), copy("b", 1))
    assert grouped(work, copy("b", 1), copy("a")) == once[::-1]


def test_a_worker_that_begins_anew_knows_what_the_one_before_knew(work: StoriesWork, context: Context) -> None:
    [first] = grouped(work, copy("a"))
    assert ids(grouped(StoriesWork(context), copy("b", 1))) == ids([first])


def test_a_worker_that_loses_its_place_and_gets_it_back_knows_what_came_meanwhile(
    work: StoriesWork, context: Context
) -> None:
    grouped(work, other("x", 0))
    first = ids(grouped(StoriesWork(context), copy("a")))
    assert ids(grouped(work, copy("b", 1))) == first


def test_profiles_of_other_rules_are_made_again_of_the_index(context: Context) -> None:
    kept = copy("a")
    first = ids(grouped(StoriesWork(context), kept))
    context.index.put([project_article(kept)])
    for entry in list(context.state.scan("stories/profiles/")):
        context.state.put(entry.key, {**entry.value, "rules": RULES - 1, "profile": {"of": "an earlier time"}})
    assert ids(grouped(StoriesWork(context), copy("b", 1))) == first


def test_an_edited_article_stays_in_its_story(work: StoriesWork) -> None:
    [before] = grouped(work, copy("a"))
    edited = article("a", "Düzeltme: haber geri çekildi. " * 12, trace=copy("a").trace)
    assert grouped(work, edited) == [before]


def test_a_discarded_article_passes_through_without_a_story(work: StoriesWork) -> None:
    assert grouped(work, article("a", WORDS, status="discarded", reason="passing")) == [None]


def test_a_story_no_longer_counts_an_article_that_is_discarded_later(work: StoriesWork) -> None:
    told(work, copy("a"), copy("b", 1))
    [story] = told(work, copy("a", status="discarded", reason="passing"))
    assert ([member.article for member in story.members], story.articles, story.first) == (["b"], 1, "b")


def fetch(hour: int, title: str, words: str = WORDS, **changes: Any) -> Article:
    """The article `a`, as it was at an hour."""
    trace = Trace(fetched_at=FETCHED + timedelta(hours=hour), first_seen=FETCHED)
    content = Content(title=title, text=words, language="tr", extractor="x")
    return article("a", words, trace=trace).replace(content=content, **changes)


def test_an_earlier_fetch_that_comes_late_changes_nothing_that_is_told(work: StoriesWork, context: Context) -> None:
    earlier, later = fetch(0, "Toplantı Bakü’de"), fetch(1, "Toplantı Semerkant’ta", "Düzeltildi. " + WORDS)
    [before] = told(work, earlier, later)[1:]
    kept = list(context.state.scan("stories/"))
    assert told(work, earlier, earlier.replace(status="discarded", reason="passing")) == [before, before]
    assert list(context.state.scan("stories/")) == kept


def test_an_article_of_another_day_is_no_longer_found_on_the_first(work: StoriesWork, context: Context) -> None:
    grouped(work, fetch(0, "Toplantı", published=day("2026-03-03")))
    grouped(work, fetch(1, "Toplantı", published=day("2026-02-10")))
    assert [entry.key for entry in context.state.scan("stories/profiles/")] == ["stories/profiles/2026-02-10/a"]


def test_what_is_told_of_a_story(work: StoriesWork) -> None:
    source = next(iter(registry.official(registry.load())))
    official = copy("b", 1, source=source, published=day("2026-03-04"))
    content = official.content
    assert isinstance(content, Content)
    turkish = official.replace(content=content.replace(language="tr"))
    story = told(work, copy("a", published=day("2026-03-03")), turkish)[-1]
    assert (story.first, story.official, story.title) == ("a", "b", "Title of b")
    assert story.published == datetime(2026, 3, 3, tzinfo=UTC)
    assert story.first_seen == FETCHED
    assert [(member.article, member.official) for member in story.members] == [("a", False), ("b", True)]
    assert story.members[1].why
    assert story.languages == ("en", "tr")


def test_the_main_area_of_a_story_is_that_of_most_of_its_articles(work: StoriesWork) -> None:
    def about(*areas: str) -> tuple[Area, ...]:
        return tuple(Area(id=area, score=1, evidence=()) for area in areas)

    both = [copy("a", areas=about("space", "agriculture")), copy("b", 1, areas=about("space", "agriculture"))]
    assert told(work, *both)[-1].areas == ("space", "agriculture")


def test_why_an_article_was_sent_goes_with_it(work: StoriesWork) -> None:
    [outcome] = work(messages(copy("a"), origin="reprocess"))
    assert isinstance(outcome, Result)
    assert {out.topic: out.headers for out in outcome.outgoing} == {
        "grouped": {"origin": "reprocess"},
        "stories": {"origin": "reprocess"},
    }


def word(value: str, minute: int = 0, **changes: Any) -> Correction:
    at = FETCHED + timedelta(hours=1, minutes=minute)
    return Correction(id=f"w{minute}", article="b", field="story", value=value, by="ayse", at=at).replace(**changes)


def test_a_persons_word_parts_and_joins(work: StoriesWork) -> None:
    [first] = ids(grouped(work, copy("a")))
    grouped(work, copy("b", 1))
    assert members(told(work, word("alone"))) == [["a"], ["b"]]
    [membership] = grouped(work, copy("b", 1))
    assert membership is not None
    assert (membership.id == first, membership.reason) == (False, "human/ayse")
    joined = told(work, word(first, 1))
    assert {story.merged_into for story in joined} == {None, first}
    assert ids(grouped(work, copy("b", 1))) == [first]


def test_a_word_that_is_taken_back_gives_the_story_back(work: StoriesWork) -> None:
    [first] = ids(grouped(work, copy("a")))
    grouped(work, copy("b", 1))
    told(work, word("alone"))
    told(work, word("alone", withdrawn=Withdrawn(by="emre", at=FETCHED + timedelta(hours=2))))
    [membership] = grouped(work, copy("b", 1))
    assert membership is not None
    assert (membership.id, membership.reason) == (first, "human/emre")


def other(id_: str, second: int) -> Article:
    """An article of another story."""
    words = "Kazakhstan’s grain harvest reached a record this autumn, the ministry of agriculture said in Astana. " * 4
    return article(id_, words, trace=copy(id_, second).trace)


def test_one_person_says_the_same_again_after_taking_it_back_and_after_joining(work: StoriesWork) -> None:
    [first] = ids(grouped(work, copy("a")))
    grouped(work, copy("b", 1))
    told(work, word("alone"))
    told(work, word("alone", withdrawn=Withdrawn(by="ayse", at=FETCHED + timedelta(hours=2))))
    assert members(told(work, word("alone", 90))) == [["a"], ["b"]]
    told(work, word(first, 91))
    assert members(told(work, word("alone", 92))) == [["a"], ["b"]]


def test_one_persons_word_that_is_taken_back_leaves_anothers_alone(work: StoriesWork) -> None:
    grouped(work, copy("a"), copy("b", 1))
    told(work, word("alone"))
    emres = word("alone", 1, article="a", by="emre")
    told(work, emres)
    told(work, emres.replace(withdrawn=Withdrawn(by="emre", at=FETCHED + timedelta(hours=2))))
    first, second = ids(grouped(work, copy("a"), copy("b", 1)))
    assert first != second


def members(stories: Sequence[Story]) -> list[list[str]]:
    return sorted([member.article for member in story.members] for story in stories)


def test_a_word_that_is_read_again_does_not_undo_a_later_one(work: StoriesWork) -> None:
    [first] = ids(grouped(work, copy("a")))
    grouped(work, copy("b", 1))
    told(work, word("alone"), word(first, 1), word("alone"))
    assert ids(grouped(work, copy("b", 1))) == [first]


def test_other_words_of_people_are_not_for_stories(work: StoriesWork) -> None:
    word = Correction(id="w1", article="a", field="kind", value="news", by="ayse", at=FETCHED)
    assert work(messages(word)) == [Result()]


def day(at: str) -> Dated:
    begins = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return Dated(
        at=at,
        precision="day",
        start=begins,
        end=begins + timedelta(days=1),
        source="meta",
        confidence=1,
        evidence=(),
    )
