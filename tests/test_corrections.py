"""Corrections: what can be said, how it is put over an article and taken off, and that no order of things loses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.bus import Message
from otswatch.consumers.context import Context
from otswatch.consumers.index import IndexWork
from otswatch.consumers.outcome import Outcome, Quarantined, Result
from otswatch.consumers.topology import TOPICS
from otswatch.corrections import kept
from otswatch.corrections.fold import fold, latest, standing, status, unfold, version
from otswatch.corrections.values import ALONE, FIELDS, LEVELS, checked, part_of_speaker, value_of
from otswatch.errors import UsageError
from otswatch.index import Search, for_readers
from otswatch.index.projection import gone_article
from otswatch.index.sqlite import SqliteIndex
from otswatch.records import (
    Alias,
    Area,
    Article,
    Claim,
    Correction,
    Evidence,
    Indexed,
    Kind,
    Mention,
    Quote,
    Relevance,
    Speaker,
    Withdrawn,
)
from otswatch.settings import Settings
from otswatch.state.sqlite import SqliteState
from otswatch.status import Reason
from tests import strategies
from tests.factory import FETCHED, article
from tests.quoting import AKSOY, dated, quote

WORDS = Evidence(frame="text", start=0, end=7, text="Customs", rule="areas/1:customs")
TEXT = "Customs chiefs of the Organization of Turkic States met in Bishkek and agreed on one form for all borders."
SAID = datetime(2026, 3, 4, 8, 0, 0, 250, tzinfo=UTC)

#: As the machine made it.
MADE = article(
    "a1",
    TEXT,
    relevance=Relevance(level="about", score=2, evidence=(WORDS,)),
    areas=(Area(id="customs", score=3, evidence=(WORDS,)), Area(id="transport", score=2, evidence=(WORDS,))),
    kind=Kind(id="news", evidence=(WORDS,)),
)
DISCARDED = MADE.replace(relevance=Relevance(level="passing", score=1)).discarded(Reason.PASSING)


def said(field: str, value: Any, minute: int = 0, **changes: Any) -> Correction:
    """A correction of `MADE`; a later minute is a later word."""
    made = {"id": f"{field}-{minute}", "article": "a1", "field": field, "value": value, "by": "ayse"}
    return Correction.model_validate({**made, "at": SAID + timedelta(minutes=minute), **changes})


def taken_back(correction: Correction, minute: int) -> Correction:
    return correction.replace(withdrawn=Withdrawn(by="murat", at=SAID + timedelta(minutes=minute)))


# ------------------------------------------------------------------------------------------------- what can be said


@pytest.mark.parametrize(
    ("field", "value", "kept_as"),
    [
        ("areas", ["security", "political"], ["security", "political"]),
        ("areas", [], []),
        ("kind", "statement", "statement"),
        ("kind", None, None),
        ("relevance", "part", "part"),
        ("published", "2026-03-02", "2026-03-02"),
        ("published", "2026-03", "2026-03"),
        ("published", "2026", "2026"),
        ("published", "2026-03-02T16:15+04:00", "2026-03-02T16:15+04:00"),
        ("published", "2026-03-02 16:15", "2026-03-02T16:15"),
        ("published", "2026-03-02T12:15Z", "2026-03-02T12:15+00:00"),
        ("published", None, None),
        ("speaker", {"quote": "q1", "speaker": "  Selim   Aksoy "}, {"quote": "q1", "speaker": "Selim Aksoy"}),
        ("speaker", {"quote": "q1", "speaker": None}, {"quote": "q1", "speaker": None}),
    ],
)
def test_a_value_is_kept_in_the_form_of_its_field(field: str, value: Any, kept_as: Any):
    assert checked(field, value) == kept_as


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("areas", "security", r"\[\"security\", \"political\"\]"),
        ("areas", None, "a list of ids"),
        ("areas", ["security", 7], "a list of ids"),
        ("areas", ["security", "security"], "twice"),
        ("kind", ["news"], "null for unknown"),
        ("relevance", "very", "about, part, passing, none"),
        ("relevance", None, "about, part, passing, none"),
        ("published", "yesterday", "2025-04-15"),
        ("published", "2026-02-30", "2025-04-15"),
        ("published", "0001-01-01", "between 1990 and 2100"),
        ("published", 2026, "2025-04-15"),
        ("speaker", "hakan_fidan", '"quote": id of the quote'),
        ("speaker", None, '"quote": id of the quote'),
        ("speaker", {"quote": "q1"}, '"quote": id of the quote'),
        ("speaker", {"quote": "", "speaker": "x"}, '"quote": id of the quote'),
        ("speaker", {"quote": "q1", "speaker": " "}, "null for unknown"),
        ("speaker", {"quote": "q1", "speaker": 7}, "null for unknown"),
        ("story", None, "'alone' for a story of its own"),
        ("story", " ", "'alone' for a story of its own"),
        ("title", "A summit", "areas, kind, relevance, published, speaker, story"),
    ],
)
def test_what_is_no_value_is_answered_with_what_is(field: str, value: Any, says: str):
    with pytest.raises(UsageError, match=says):
        checked(field, value)


# ---------------------------------------------------------------------------------------------------- put over it


def test_a_humans_value_is_the_value_with_the_machines_beside_it():
    corrected = fold(MADE, [said("areas", ["security", "political"], note="border guards, not trade")])
    words = Evidence(frame="human", text="border guards, not trade", rule="human/ayse@2026-03-04T08:00:00Z")
    assert corrected.areas == (
        Area(id="security", score=1, evidence=(words,)),
        Area(id="political", score=1, evidence=(words,)),
    )
    record = corrected.to_dict()["corrected"]["areas"]
    assert record == {
        "id": "areas-0",
        "value": ["security", "political"],
        "by": "ayse",
        "at": "2026-03-04T08:00:00.000250Z",
        "note": "border guards, not trade",
        "machine": MADE.to_dict()["areas"],
    }
    assert corrected.replace(areas=MADE.areas, corrected={}) == MADE


def test_without_a_note_the_value_is_the_evidence():
    corrected = fold(MADE, [said("kind", "statement")])
    assert corrected.kind
    assert [piece.text for piece in corrected.kind.evidence] == ["statement"]


def test_unknown_is_a_value_too():
    corrected = fold(MADE, [said("kind", None), said("published", None), said("areas", [])])
    assert (corrected.kind, corrected.published, corrected.areas) == (None, None, ())
    assert set(corrected.corrected) == {"kind", "published", "areas"}


@pytest.mark.parametrize(
    ("at", "precision", "start", "end"),
    [
        ("2026-03", "month", "2026-03-01T00:00:00+00:00", "2026-04-01T00:00:00+00:00"),
        ("2026-03-02", "day", "2026-03-02T00:00:00+00:00", "2026-03-03T00:00:00+00:00"),
        ("2026-03-02T16:15+04:00", "minute", "2026-03-02T12:15:00+00:00", "2026-03-02T12:16:00+00:00"),
    ],
)
def test_a_date_has_the_interval_that_it_can_mean(at: str, precision: str, start: str, end: str):
    dated = fold(MADE, [said("published", at)]).published
    assert dated
    assert (dated.at, dated.precision, dated.source) == (at, precision, "human")
    assert (dated.start.isoformat(), dated.end.isoformat()) == (start, end)


@pytest.mark.parametrize("level", ["passing", "none"])
def test_what_a_person_rules_out_is_discarded_under_a_word_of_its_own(level: str):
    corrected = fold(MADE, [said("relevance", level)])
    assert (corrected.status, corrected.reason) == ("discarded", "ruled-out")


@pytest.mark.parametrize("level", ["about", "part"])
def test_what_was_discarded_for_what_it_is_about_comes_back(level: str):
    corrected = fold(DISCARDED, [said("relevance", level)])
    assert (corrected.status, corrected.reason) == ("ok", None)
    assert corrected.corrected["relevance"].discarded == "passing"


def test_a_page_without_a_text_does_not_come_back_whatever_is_said():
    corrected = fold(MADE.discarded(Reason.NO_TEXT), [said("relevance", "about")])
    assert (corrected.status, corrected.reason) == ("discarded", "no-text")


def test_what_a_dossier_claims_is_kept_though_it_is_not_about_the_ots():
    claimed = MADE.replace(dossiers=(Claim(id="cyprus", evidence=(WORDS,)),))
    corrected = fold(claimed, [said("relevance", "none")])
    assert corrected.status == "ok"
    assert value_of(corrected, "relevance") == "none"


def test_a_later_word_replaces_an_earlier_one_in_any_order_of_arrival():
    words = [said("kind", "news", 1), said("kind", "opinion", 2), said("kind", "statement", 3)]
    for order in permutations(words):
        assert value_of(fold(MADE, order), "kind") == "statement"
        assert [status(word, order) for word in words] == ["replaced", "replaced", "stands"]


def test_what_is_taken_back_gives_the_machines_value_and_not_an_earlier_word():
    words = [said("kind", "opinion", 1), taken_back(said("kind", "statement", 2), 3)]
    assert fold(MADE, words) == MADE
    assert [status(word, words) for word in words] == ["replaced", "withdrawn"]


def test_words_on_other_parts_do_not_replace_each_other():
    corrected = fold(MADE, [said("kind", "opinion", 1), said("areas", ["energy"], 2)])
    assert (value_of(corrected, "kind"), value_of(corrected, "areas")) == ("opinion", ["energy"])


# --------------------------------------------------------------------------------------------------------- who spoke

RAIL, ROAD = quote("a1", "Rails come first", AKSOY), quote("a1", "Roads come first")
SPOKEN = MADE.replace(quotes=(RAIL, ROAD), published=dated("2025-04-15"))


def voice(of: Quote, who: str | None, minute: int = 0) -> Correction:
    return said("speaker", {"quote": of.id, "speaker": who}, minute, id=f"{of.id[:4]}-{minute}")


def speakers(made: Article) -> list[str | None]:
    return [each.speaker.name if each.speaker else None for each in made.quotes]


def test_a_word_names_the_speaker_of_one_quote_with_the_machines_beside_it():
    corrected = fold(SPOKEN, [voice(ROAD, "Nergiz Bayram").replace(note="heard in the hall")])
    assert speakers(corrected) == ["Selim Aksoy", "Nergiz Bayram"]
    evidence = Evidence(frame="human", text="heard in the hall", rule="human/ayse@2026-03-04T08:00:00Z")
    assert corrected.quotes[1].speaker == Speaker(name="Nergiz Bayram", evidence=(evidence,))
    [(part, word)] = corrected.corrected.items()
    assert (part, word.value, word.machine) == (
        f"speaker:{ROAD.id}",
        {"quote": ROAD.id, "speaker": "Nergiz Bayram"},
        None,
    )
    assert corrected.replace(quotes=SPOKEN.quotes, corrected={}) == SPOKEN


def test_words_on_several_quotes_stand_beside_each_other_and_each_replaces_its_own():
    words = [voice(RAIL, "Nergiz Bayram", 1), voice(ROAD, "Selim Aksoy", 2), voice(RAIL, None, 3)]
    for order in permutations(words):
        assert speakers(fold(SPOKEN, order)) == [None, "Selim Aksoy"]
        assert [status(word, order) for word in words] == ["replaced", "stands", "stands"]
    withdrawn = taken_back(words[2], 4)
    assert speakers(fold(SPOKEN, [*words[:2], withdrawn])) == ["Selim Aksoy", "Selim Aksoy"]


def test_a_person_of_the_register_has_the_office_of_the_day():
    foreign = fold(SPOKEN, [voice(ROAD, "hakan_fidan")]).quotes[1].speaker
    assert foreign
    assert (foreign.name, foreign.person, foreign.office, foreign.of) == (
        "Hakan Fidan",
        "hakan_fidan",
        "foreign_minister",
        "tr",
    )
    earlier = fold(SPOKEN.replace(published=dated("2015-01-10")), [voice(ROAD, "mevlut_cavusoglu")]).quotes[1].speaker
    later = fold(SPOKEN, [voice(ROAD, "mevlut_cavusoglu")]).quotes[1].speaker
    assert earlier
    assert later
    assert (earlier.office, later.office) == ("foreign_minister", None)


def test_a_date_that_is_corrected_counts_for_the_office():
    words = [said("published", "2015-01-10"), voice(ROAD, "mevlut_cavusoglu")]
    speaker = fold(SPOKEN, words).quotes[1].speaker
    assert speaker
    assert speaker.office == "foreign_minister"


def test_the_name_is_in_the_articles_language_and_as_the_article_has_it():
    assert SPOKEN.content
    russian = SPOKEN.replace(content=SPOKEN.content.replace(language="ru"))
    assert speakers(fold(russian, [voice(ROAD, "recep_tayyip_erdogan")]))[1] == "Реджеп Тайип Эрдоган"
    mention = Mention(
        type="person", id="recep_tayyip_erdogan", name="Эрдоган", office="president", of="tr", evidence=()
    )
    named = fold(russian.replace(mentions=(mention,)), [voice(ROAD, "recep_tayyip_erdogan")]).quotes[1].speaker
    assert named
    assert (named.name, named.office, named.of) == ("Эрдоган", "president", "tr")


def test_words_that_are_not_in_the_text_wait_for_it():
    words = [voice(ROAD, "Nergiz Bayram")]
    without = SPOKEN.replace(quotes=(RAIL,))
    assert fold(without, words) == without
    assert speakers(fold(SPOKEN, words)) == ["Selim Aksoy", "Nergiz Bayram"]


def test_a_word_on_a_quote_that_the_index_dropped_is_taken_off_all_the_same():
    words = [said("kind", "opinion"), voice(ROAD, "Nergiz Bayram")]
    dropped = fold(SPOKEN, words).replace(quotes=())
    assert unfold(dropped) == SPOKEN.replace(quotes=())


VALUES = {
    "areas": st.lists(st.sampled_from(["security", "energy", "culture"]), unique=True, max_size=3),
    "kind": st.sampled_from(["news", "statement", None]),
    "relevance": st.sampled_from(LEVELS),
    "published": st.sampled_from(["2026-03-02", "2026-03", "2026", "2026-03-02T16:15:00+04:00", None]),
    "speaker": st.fixed_dictionaries(
        {"quote": st.sampled_from(["q0", "q1", "q9"]), "speaker": st.sampled_from(["Selim Aksoy", None])}
    ),
    "story": st.sampled_from([ALONE, "20260303093000-5d1e9b2c7f3a4e60"]),
}
CORRECTIONS = st.lists(
    st.sampled_from(FIELDS).flatmap(
        lambda field: st.builds(
            said, st.just(field), VALUES[field], st.integers(0, 50), note=st.text(max_size=5), id=st.uuids().map(str)
        )
    ),
    max_size=6,
)
#: Any record, as the machine makes them: nothing is corrected in it, what is discarded has a reason, quotes have ids.
ARTICLES = st.builds(
    lambda record, reason: record.replace(
        corrected={},
        status="discarded" if reason else "ok",
        reason=reason,
        dossiers=(),
        quotes=tuple(quote.replace(id=f"q{place}") for place, quote in enumerate(record.quotes)),
    ),
    strategies.model(Article),
    st.sampled_from([None, str(Reason.PASSING), str(Reason.NOT_ABOUT_OTS), str(Reason.NO_TEXT)]),
)


@pytest.mark.slow
@given(ARTICLES, CORRECTIONS)
def test_taking_words_off_gives_the_machines_article_back(made: Article, words: list[Correction]):
    corrected = fold(made, words)
    assert unfold(corrected) == made
    assert unfold(Article.from_json(corrected.to_json())) == made


@pytest.mark.slow
@given(ARTICLES, CORRECTIONS)
def test_what_stands_is_what_the_article_says(made: Article, words: list[Correction]):
    corrected = fold(made, words)
    quotes = [part_of_speaker(quote.id) for quote in made.quotes]
    parts = {*FIELDS, *quotes} - {"speaker", "story"}  # the story is put right by the consumer `stories`
    stands = {part: word for part, word in standing(words).items() if part in parts}
    assert set(corrected.corrected) == set(stands)
    for part in parts:
        assert value_of(corrected, part) == (stands[part].value if part in stands else value_of(made, part))


@given(CORRECTIONS, st.data())
def test_the_version_of_what_was_said_grows_with_every_word(words: list[Correction], data: st.DataObject):
    for count in range(1, len(words)):
        grown = [*words[:count], words[count].replace(at=max(word.at for word in words) + timedelta(microseconds=1))]
        assert version(grown) > version(words[:count])
    for last in latest(words).values():
        withdrawn = taken_back(last, 100)
        assert version([withdrawn if word.id == last.id else word for word in words]) > version(words)


# -------------------------------------------------------------------------------------------------------- the index


class Meanwhile:
    """A store that lets something else happen right before or after one call of one of its methods."""

    def __init__(self, store: Any, method: str, call: int, moment: str, act: Callable[[], object]) -> None:
        self._store, self._method, self._calls, self._moment, self._act = store, method, call, moment, act

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._store, name)
        if name != self._method:
            return real

        def call(*arguments: Any) -> Any:
            self._calls -= 1
            if self._calls == 0 and self._moment == "before":
                self._act()
            result = real(*arguments)
            if self._calls == 0 and self._moment == "after":
                self._act()
            return result

        return call


#: Store, method, which call of it, and whether before or after that call.
Step = tuple[str, str, int, str]
STEPS: list[Step] = [
    (store, method, call, moment)
    for store, method, calls in (
        ("state", "get", 2),
        ("state", "get_many", 6),
        ("index", "put", 4),
        ("index", "get_many", 2),
    )
    for call in range(1, calls + 1)
    for moment in ("before", "after")
]


class Desk:
    """The consumer `index` over stores in memory of its own, driven message by message."""

    def __init__(self, folder: Path) -> None:
        self.index, self.state = SqliteIndex(folder / "index.sqlite"), SqliteState(folder / "state.sqlite")
        self.work = self.worker()

    def worker(self, **changes: Any) -> IndexWork:
        return IndexWork(Context(Settings(), changes.get("index", self.index), changes.get("state", self.state)))

    def interrupted(self, batch: Sequence[Message], step: Step, act: Callable[[], object]) -> None:
        """Let a worker of its own do `batch`, and somebody else `act` whole at this step; afterwards if it is none."""
        store, *place = step
        happened: list[object] = []
        meanwhile: Any = Meanwhile(getattr(self, store), *place, lambda: happened.append(act()))
        self.worker(**{store: meanwhile})(batch)
        if not happened:
            act()

    def say(self, correction: Correction) -> Message:
        """As `acts.add` does: kept first, published then. Returns what is published."""
        kept.remember(self.state, correction)
        return message(correction)

    def shown(self) -> Article:
        record = self.index.get("articles", "a1")
        assert record is not None
        return Article.model_validate(record)

    def close(self) -> None:
        self.index.close()
        self.state.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def message(record: Article | Alias | Correction) -> Message:
    topic = {"article": "grouped", "alias": "aliases", "correction": "corrections"}[record.record]
    key = record.article if isinstance(record, Correction) else record.id
    return Message(topic, 0, 0, key, record.to_json(), {}, FETCHED)


def later(made: Article, **changes: Any) -> Article:
    """Another fetch of the same page."""
    trace = made.trace.replace(fetched_at=FETCHED + timedelta(hours=1))
    return made.replace(trace=trace, **changes)


def marks(outcome: Outcome) -> list[tuple[str, str, Mapping[str, str]]]:
    assert isinstance(outcome, Result), outcome
    read = [(Indexed.from_json(out.value), out.headers) for out in outcome.outgoing]
    return [(mark.kind, mark.id, headers) for mark, headers in read]


def test_a_correction_puts_an_indexed_article_right_and_marks_it_as_no_news(desk: Desk):
    assert marks(desk.work([message(MADE)])[0]) == [("articles", "a1", {})]
    [outcome] = desk.work([desk.say(said("areas", ["security"]))])
    origin = {"origin": "correction"}
    assert marks(outcome) == [("corrections", "areas-0", origin), ("articles", "a1", origin)]
    assert desk.shown() == fold(MADE, [said("areas", ["security"])])
    assert desk.index.search(Search(filters={"area": ["security"]})).total == 1
    assert desk.index.search(Search(filters={"area": ["customs"]})).total == 0


def test_it_survives_a_replay_a_refetch_and_a_rework_of_the_same_fetch(desk: Desk):
    correction = said("kind", "opinion")
    desk.work([message(MADE)])
    desk.work([desk.say(correction)])
    for made in (MADE, MADE.replace(areas=()), later(MADE, kind=Kind(id="interview"))):
        desk.work([message(made)])
        assert desk.shown() == fold(made, [correction])
    desk.work([message(MADE)])  # an older one comes late
    assert desk.shown() == fold(later(MADE, kind=Kind(id="interview")), [correction])


def test_a_correction_of_what_is_not_indexed_yet_waits_for_it(desk: Desk):
    correction = said("kind", "opinion")
    [outcome] = desk.work([desk.say(correction)])
    assert [kind for kind, _, _ in marks(outcome)] == ["corrections"]
    desk.work([message(MADE)])
    assert desk.shown() == fold(MADE, [correction])


def test_article_and_correction_in_one_batch_in_either_order(desk: Desk):
    correction = said("kind", "opinion")
    for batch in permutations([message(MADE), desk.say(correction)]):
        assert all(isinstance(outcome, Result) for outcome in desk.work(batch))
        assert desk.shown() == fold(MADE, [correction])


def test_outcomes_stand_in_the_order_of_the_messages(desk: Desk):
    alias = Alias(alias="a2", url="https://x.example/2", id="a1", reason="canonical", rules=1, at=FETCHED)
    wrong = Message("grouped", 0, 0, "x", b"{", {}, FETCHED)
    batch = [message(alias), desk.say(said("kind", "opinion")), wrong, message(MADE), message(later(MADE))]
    outcomes = desk.work(batch)
    assert isinstance(outcomes[2], Quarantined)
    ids = [marks(outcome)[0][1] for outcome in outcomes if isinstance(outcome, Result)]
    assert ids == ["a2", "kind-0", "a1", "a1"]


def test_what_people_said_is_found_with_what_became_of_it(desk: Desk):
    first, second = said("areas", ["security"], 1), said("areas", ["energy", "trade"], 2)
    desk.work([desk.say(first)])
    desk.work([desk.say(second)])
    desk.work([desk.say(taken_back(second, 3))])
    found = desk.index.search(Search(kind="corrections", sort="at"))
    assert [(record["id"], record["status"]) for record in found.documents] == [
        ("areas-2", "withdrawn"),
        ("areas-1", "replaced"),
    ]
    assert found.documents[0]["value"] == ["energy", "trade"]
    assert (
        desk.index.search(Search(kind="corrections", filters={"value": ["trade"], "by": ["ayse"]}, sort="at")).total
        == 1
    )


def test_a_replayed_correction_does_not_undo_what_came_after_it(desk: Desk):
    first, second = desk.say(said("kind", "opinion", 1)), desk.say(said("kind", "statement", 2))
    desk.work([message(MADE), first, second, first])
    assert value_of(desk.shown(), "kind") == "statement"
    record = desk.index.get("corrections", "kind-1")
    assert record is not None
    assert record["status"] == "replaced"


def test_a_message_of_a_correction_that_the_state_does_not_have_is_not_lost(desk: Desk):
    correction = said("kind", "opinion")
    desk.work([message(MADE), message(correction)])  # from elsewhere, or the state was restored from a backup
    assert kept.of(desk.state, "a1") == (correction,)
    assert desk.shown() == fold(MADE, [correction])


@pytest.mark.parametrize(
    ("field", "value"), [("areas", "security"), ("published", "soon"), ("relevance", None), ("speaker", "p1")]
)
def test_a_message_that_no_article_can_hold_is_quarantined(desk: Desk, field: str, value: Any):
    [outcome] = desk.work([message(said(field, value))])
    assert isinstance(outcome, Quarantined)
    assert outcome.reason == "unreadable-message"
    assert kept.of(desk.state, "a1") == ()


def test_a_speaker_survives_a_refetch_and_waits_where_the_words_are_gone(desk: Desk):
    word = voice(ROAD, "Nergiz Bayram")
    desk.work([message(SPOKEN)])
    [outcome] = desk.work([desk.say(word)])
    assert [kind for kind, _, _ in marks(outcome)][:2] == ["corrections", "articles"]
    assert speakers(desk.shown()) == ["Selim Aksoy", "Nergiz Bayram"]
    found = Search(kind="quotes", filters={"speaker": ["Nergiz Bayram"]}, sort="published")
    assert desk.index.search(found).total == 1
    shortened = later(SPOKEN, quotes=(RAIL,))
    desk.work([message(shortened)])
    assert desk.shown() == shortened
    assert desk.index.search(found).total == 0
    whole = later(later(SPOKEN))
    desk.work([message(whole)])
    assert desk.shown() == fold(whole, [word])
    desk.work([desk.say(taken_back(word, 1))])
    assert desk.shown() == whole
    assert desk.index.search(Search(kind="quotes", sort="published")).total == 2


def test_what_is_ruled_out_vanishes_and_comes_back_whole_when_that_is_withdrawn(desk: Desk):
    correction = said("relevance", "none")
    desk.work([message(MADE), desk.say(correction)])
    assert desk.index.search(for_readers(Search())).total == 0
    assert desk.index.search(Search(filters={"reason": ["ruled-out"]})).total == 1
    assert desk.index.search(Search(filters={"area": ["customs"]})).total == 0
    desk.work([desk.say(taken_back(correction, 1))])
    assert desk.shown() == MADE
    assert desk.index.search(for_readers(Search())).total == 1


def test_what_was_discarded_comes_back_at_once_and_whole_when_its_page_comes_again(desk: Desk):
    desk.work([message(DISCARDED)])
    light = desk.shown()
    assert light.content
    assert light.content.text == ""
    correction = said("relevance", "about")
    desk.work([desk.say(correction)])
    assert desk.index.search(for_readers(Search())).total == 1
    desk.work([message(DISCARDED)])
    assert desk.shown() == fold(DISCARDED, [correction])
    desk.work([desk.say(taken_back(correction, 1))])
    assert desk.shown() == light


def test_a_speaker_of_an_article_that_is_discarded_again_waits_until_its_quotes_return(desk: Desk):
    discarded = SPOKEN.replace(relevance=DISCARDED.relevance).discarded(Reason.PASSING)
    kept_in, named = said("relevance", "about"), voice(ROAD, "Nergiz Bayram")
    desk.work([desk.say(kept_in), message(discarded), desk.say(named)])
    assert speakers(desk.shown()) == ["Selim Aksoy", "Nergiz Bayram"]
    desk.work([desk.say(taken_back(kept_in, 1))])
    assert (desk.shown().status, desk.shown().quotes) == ("discarded", ())
    again = said("relevance", "about", 2)
    [outcome] = desk.work([desk.say(again)])
    assert marks(outcome)
    desk.work([message(discarded)])
    assert desk.shown() == fold(discarded, [again, named])
    assert speakers(desk.shown()) == ["Selim Aksoy", "Nergiz Bayram"]


def test_an_article_that_is_gone_stays_gone(desk: Desk):
    desk.index.put([gone_article(MADE, FETCHED + timedelta(days=1), "http-error")])
    [outcome] = desk.work([desk.say(said("kind", "opinion"))])
    assert [kind for kind, _, _ in marks(outcome)] == ["corrections"]
    record = desk.index.get("articles", "a1")
    assert record is not None
    assert "gone" in record


# ------------------------------------------------------------------------------------- two workers at the same time


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("there", [None, MADE], ids=["new", "indexed"])
def test_a_whole_correction_between_any_two_steps_of_putting_its_article(desk: Desk, step: Step, there: Article | None):
    """Another worker says and folds a correction while this one puts a newer fetch."""
    if there:
        desk.work([message(there)])
    other = desk.worker()
    correction = said("kind", "opinion")

    def corrected() -> None:
        other([desk.say(correction)])

    newer = later(MADE, areas=())
    desk.interrupted([message(newer)], step, corrected)
    assert desk.shown() == fold(newer, [correction])


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("tell", [Desk.say, lambda _, word: message(word)], ids=["kept", "unheard of"])
def test_a_whole_refetch_between_any_two_steps_of_folding_a_correction(
    desk: Desk, step: Step, tell: Callable[[Desk, Correction], Message]
):
    """Another worker puts a newer fetch while this one folds a correction into the article."""
    desk.work([message(MADE)])
    newer, correction = later(MADE, areas=()), said("kind", "opinion")
    desk.interrupted([tell(desk, correction)], step, lambda: desk.work([message(newer)]))
    assert desk.shown() == fold(newer, [correction])


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_a_withdrawal_between_any_two_steps_of_folding_what_it_withdraws(desk: Desk, step: Step):
    """A worker that lost its place, and does not know it yet, folds what its successor folds the withdrawal of."""
    desk.work([message(MADE)])
    correction = said("kind", "opinion")
    first = desk.say(correction)
    desk.interrupted([first], step, lambda: desk.work([first, desk.say(taken_back(correction, 1))]))
    assert desk.shown() == MADE
    record = desk.index.get("corrections", correction.id)
    assert record is not None
    assert record["status"] == "withdrawn"


def test_a_worker_that_dies_after_its_put_is_made_good_when_its_message_is_read_again(desk: Desk):
    class DiedError(Exception):
        pass

    def die() -> None:
        raise DiedError

    other, correction = desk.worker(), said("kind", "opinion")

    def corrected() -> None:
        other([desk.say(correction)])

    # Its first put is of the official documents that the register knows.
    said_before_the_put = Meanwhile(desk.index, "put", 2, "before", corrected)
    dying = desk.worker(index=Meanwhile(said_before_the_put, "put", 2, "after", die))
    with pytest.raises(DiedError):
        dying([message(MADE)])
    assert desk.shown() == MADE  # for now: not committed, so its message comes again
    desk.work([message(MADE)])
    assert desk.shown() == fold(MADE, [correction])


def test_an_article_and_what_is_said_of_it_are_read_by_one_member():
    """Kafka's range assignor gives partition n of all topics of a group to one member; keys are spread alike."""
    assert TOPICS["corrections"].partitions == TOPICS["grouped"].partitions


# ---------------------------------------------------------------------------------------------------------- the state


@pytest.mark.parametrize("there", [[], [said("areas", ["energy"])]], ids=["none yet", "one already"])
def test_of_two_who_say_something_at_once_both_are_heard(desk: Desk, there: list[Correction]):
    first, second = said("kind", "news", 1), said("kind", "opinion", 2)
    for word in there:
        kept.remember(desk.state, word)
    contended: Any = Meanwhile(desk.state, "get", 1, "after", lambda: kept.remember(desk.state, first))
    assert kept.remember(contended, second) == (*there, first, second)
    assert kept.of(desk.state, "a1") == (*there, first, second)


def test_what_was_said_of_each_article_is_kept_apart(desk: Desk):
    for word in (said("kind", "news"), said("kind", "news", article="a"), said("kind", "news", article="a11")):
        kept.remember(desk.state, word)
    assert [[word.article for word in words] for words in kept.every(desk.state)] == [["a"], ["a1"], ["a11"]]
    assert [word.article for word in kept.of(desk.state, "a1")] == ["a1"]
