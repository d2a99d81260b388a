"""Background: paragraphs under many stories over days are learned, marked, and count for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.bus import Message, Outgoing
from otswatch.consumers import background
from otswatch.consumers.background import NOTHING, BackgroundWork, Snapshot, Window, key, snapshot
from otswatch.consumers.chain import extract_page
from otswatch.consumers.consume import Consumers, chosen
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Result
from otswatch.index.projection import project_article
from otswatch.index.sqlite import SqliteIndex
from otswatch.records import Article, Content
from otswatch.settings import Settings
from otswatch.state.sqlite import SqliteState
from otswatch.stores import open_stores
from otswatch.urls import page_id
from tests.factory import FETCHED, article, page

BLOCK = (
    "The Organization of Turkic States was founded in Nakhchivan in 2009; its secretariat is in Istanbul and its "
    "customs heads meet twice a year."
)
SAME_BLOCK = BLOCK.upper().replace("; ", " – ")
#: What each day's story says for itself; no two share a sentence.
NEWS = (
    "A new bridge over the river was opened for lorries on Monday, and the first forty of them crossed before noon.",
    "Wheat growers of the northern districts asked the ministry for cheaper credit after a second dry spring in a row.",
    "Archaeologists found the foundations of a caravanserai below the old post office and will dig until the autumn.",
    "The national library put nine thousand manuscripts on the web, most of them poems that were never printed before.",
    "Doctors from four hospitals trained for a week in the treatment of burns, with dolls that can breathe and bleed.",
    "A ferry with two hundred carriages a month will link both shores of the sea from the first week of September on.",
)


def story(number: int, *extra: str, day: int | None = None, of: int | None = None) -> Article:
    """One kept article with its own news, on its own day."""
    own = NEWS[number if of is None else of]
    seen = FETCHED + timedelta(days=2 * number if day is None else day)
    made = article(f"a{number}", "\n\n".join((own, *extra)))
    return made.replace(trace=made.trace.replace(first_seen=seen))


def learned(*articles: Article) -> frozenset[str]:
    window = Window()
    return window.recurring(frozenset().union(*(window.add(each) for each in articles)))


# ------------------------------------------------------------------------------------------------------------- learning


def test_a_block_under_four_stories_over_days_is_background_however_it_is_spelled() -> None:
    found = learned(*(story(number, BLOCK if number % 2 else SAME_BLOCK) for number in range(4)))
    assert found == {key(BLOCK)}


def test_three_stories_are_too_few() -> None:
    assert not learned(*(story(number, BLOCK) for number in range(3)))


def test_a_declaration_cut_into_many_stories_within_days_is_none() -> None:
    assert not learned(*(story(number, BLOCK, day=number // 2) for number in range(6)))


def test_copies_of_one_story_are_one_story() -> None:
    copies = [story(number, *NEWS[4:6], BLOCK, of=0) for number in range(4)]
    assert not learned(*copies)
    assert not learned(*(story(number, *NEWS[4:6], BLOCK) for number in range(4)))  # another lead, the same below it


def test_what_is_known_makes_no_two_stories_alike() -> None:
    others = [f"{BLOCK} ({word}) and more words" for word in ("one", "two", "three", "four")]
    window = Window()
    for number in range(4):
        window.add(story(number, BLOCK, *others))
    keys = [key(each) for each in (BLOCK, *others)]
    assert window.recurring({keys[0]}) == frozenset()  # four shared paragraphs of five look like copies
    assert window.recurring({keys[0]}, keys[1:]) == {keys[0]}


def test_short_lines_are_never_background() -> None:
    assert key("The meeting ended with a ceremony") is None
    assert not learned(*(story(number, "The meeting ended with a ceremony") for number in range(4)))


def test_an_article_that_comes_again_counts_once_and_one_that_is_discarded_counts_no_more() -> None:
    assert not learned(*(story(0, BLOCK, day=2 * time).replace(id="same") for time in range(6)))
    window = Window()
    for number in range(4):
        window.add(story(number, BLOCK))
    assert window.recurring({key(BLOCK)})
    window.add(story(3, BLOCK).replace(status="discarded"))
    assert not window.recurring({key(BLOCK)})


def test_the_window_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "WINDOW", 3)
    window = Window()
    for number in range(4):
        window.add(story(number, BLOCK))
    assert not window.recurring({key(BLOCK)})


# -------------------------------------------------------------------------------------------------------------- marking


def test_only_the_block_is_marked_and_its_words_stand_where_it_says() -> None:
    text = "\n\n".join((NEWS[0], SAME_BLOCK, NEWS[1]))
    [found] = Snapshot(3, frozenset({key(BLOCK)})).of(text)
    assert text[found.start : found.end] == found.text == SAME_BLOCK
    assert found.rule == "background/1"


def test_a_text_is_never_all_background() -> None:
    assert Snapshot(1, frozenset({key(BLOCK)})).of(BLOCK) == ()
    assert NOTHING.of(BLOCK) == ()


@given(st.lists(st.text(alphabet="aıİ \n", max_size=40), max_size=8))
def test_the_foreground_has_the_same_offsets(parts: list[str]) -> None:
    text = "\n\n".join((BLOCK, *parts, NEWS[0], BLOCK))
    marked = Content(title=None, text=text, language="en", extractor="t/1")
    marked = marked.replace(background=Snapshot(1, frozenset({key(BLOCK)})).of(text))
    assert len(marked.foreground) == len(text)
    assert BLOCK not in marked.foreground
    assert marked.foreground.split() == "\n\n".join((*parts, NEWS[0])).split()


PAGE = (
    "<html lang=en><head><title>Bridge opened</title></head><body><article><h1>Bridge opened</h1>"
    f"<p>{NEWS[0]}</p><p>{NEWS[1]}</p><p>{NEWS[2]}</p><p>{BLOCK} “Our customs union will be signed in Astana in May”, "
    "its Secretary General Kubanychbek Omuraliev said.</p></article></body></html>"
)


def within(found: Article, start: int) -> list[str]:
    """The evidence of labels that stands behind an offset of the text."""
    parts = [*found.areas, *found.mentions, *filter(None, (found.relevance, found.kind))]
    evidence = [one for part in parts for one in part.evidence if one.frame == "text" and one.start is not None]
    return [one.text for one in evidence if (one.start or 0) >= start]


def test_a_planted_block_counts_for_no_label_and_no_quote() -> None:
    plain = extract_page(page("https://steppe-wire.example/bridge", PAGE))
    assert plain.relevance is not None
    assert plain.relevance.level != "none"
    assert plain.quotes
    assert plain.content is not None
    block = plain.content.text.split("\n\n")[-1]
    known = Snapshot(7, frozenset({key(block)}))
    marked = extract_page(page("https://steppe-wire.example/bridge", PAGE), known=known)
    assert marked.content is not None
    assert [one.text for one in marked.content.background] == [block]
    assert (marked.status, marked.reason) == ("discarded", "not-about-ots")
    assert not marked.quotes
    start = plain.content.text.index(block)
    assert within(plain, start)
    assert not within(marked, start)
    assert marked.content.text == plain.content.text  # nothing is taken away from the reader
    assert (plain.trace.background, marked.trace.background) == (0, 7)
    assert Article.from_json(marked.to_json()) == marked


# ------------------------------------------------------------------------------------------------------------- pipeline


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    state, index = SqliteState(tmp_path / "state.sqlite"), SqliteIndex(tmp_path / "index.sqlite")
    yield Context(Settings(), index, state)
    state.close()
    index.close()


def take(work: BackgroundWork, *articles: Article) -> None:
    outcomes = work(
        [Message("articles", 0, at, one.id, one.to_json(), {}, datetime.now(UTC)) for at, one in enumerate(articles)]
    )
    assert all(isinstance(outcome, Result) and not outcome.outgoing for outcome in outcomes)


def test_the_consumer_writes_a_snapshot_when_it_has_learned(context: Context) -> None:
    work = BackgroundWork(context)
    take(work, *(story(number, BLOCK) for number in range(3)))
    assert snapshot(context.state) == NOTHING
    take(work, story(3, BLOCK))
    assert snapshot(context.state) == Snapshot(1, frozenset({key(BLOCK)}))
    take(work, story(4, BLOCK), story(3, BLOCK))  # known already, and a replay
    assert snapshot(context.state).version == 1


def test_after_a_restart_it_goes_on_from_the_index(context: Context) -> None:
    context.index.put([project_article(story(number, BLOCK)) for number in range(3)])
    context.index.refresh()
    take(BackgroundWork(context), story(3, BLOCK))
    assert snapshot(context.state).keys == {key(BLOCK)}


@pytest.mark.slow
def test_the_real_consumers_learn_a_block_and_mark_it_in_the_next_article(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with open_stores(settings) as stores:
        for number, news in enumerate(NEWS[:5]):
            words = f"<p>{news} The OTS said so. The Organization of Turkic States took part.</p><p>{BLOCK}</p>"
            html = f"<html lang=en><title>OTS, day {number}</title><body><article><h1>OTS, day {number}</h1>{words}"
            found = page(f"https://steppe-wire.example/{number}", html, FETCHED + timedelta(days=2 * number))
            stores.bus.publish([Outgoing("pages", found.id, found.to_json())])
            Consumers(chosen([]), settings, stores).run(once=True)
        articles = [
            Article.model_validate(stores.index.get("articles", page_id(f"https://steppe-wire.example/{n}")))
            for n in range(5)
        ]
    assert [article.trace.background for article in articles] == [0, 0, 0, 0, 1]
    contents = [article.content for article in articles if article.content]
    assert [[one.text for one in content.background] for content in contents] == [[], [], [], [], [BLOCK]]


def test_no_more_is_kept_than_a_task_can_carry(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "KNOWN", 1)
    other = BLOCK.replace("Istanbul", "the old town of Istanbul")
    work = BackgroundWork(context)
    take(work, *(story(number, BLOCK) for number in range(4)))
    take(work, *(story(number, other) for number in range(4)))
    assert snapshot(context.state) == Snapshot(2, frozenset({key(other)}))
