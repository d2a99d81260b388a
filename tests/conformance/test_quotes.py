"""Who said what, on every index: the same rows, in the same order, with the same numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from otswatch.errors import UsageError
from otswatch.index import Index
from otswatch.index.mapping import epoch
from otswatch.index.quote_projection import Utterance, project_quotes
from otswatch.quotations import QuoteRequest, Rows, counts, rows
from tests import quoting
from tests.conformance.conftest import INDEXES, opened_index


@pytest.fixture(scope="module", params=INDEXES)
def newsroom(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    for index in opened_index(request, tmp_path_factory.mktemp("quotes"), ("articles", "quotes")):
        assert {put.result for put in index.put(quoting.documents())} == {"stored"}
        index.refresh()
        yield index


def asked(index: Index, **given: Any) -> Rows:
    request = QuoteRequest.of(**given)
    return rows(index, request.to_search(), copies=request.copies)


def found(index: Index, **given: Any) -> list[str]:
    """The articles of the rows, in their order."""
    return [row.quote.article.id for row in asked(index, **given).rows]


def test_newest_first_undated_last_and_the_words_of_a_story_once(newsroom: Index):
    everything = asked(newsroom)
    assert [(row.quote.article.id, len(row.copies)) for row in everything.rows] == [
        ("ru", 0),
        ("copy-2", 3),  # the earliest that says who spoke
        ("ots", 0),
        ("kz", 0),
        ("tr", 0),
        ("other-story", 0),
        ("az", 0),
        ("undated", 0),
    ]
    assert (everything.total, everything.places, everything.undated, everything.after) == (8, 11, 0, None)
    copies = everything.rows[1].copies
    assert [copy.article.id for copy in copies] == ["copy-3", "copy-4", "copy-1"]


def test_each_copy_by_itself(newsroom: Index):
    everything = asked(newsroom, copies=True, size=4)
    assert [row.quote.article.id for row in everything.rows] == ["copy-3", "ru", "copy-2", "copy-1"]
    assert (everything.total, everything.places) == (11, 11)
    assert everything.after is not None
    assert found(newsroom, copies=True, size=4, after=everything.after)[:2] == ["ots", "kz"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_pages_follow_each_other_without_a_gap_or_a_repetition(newsroom: Index, size: int):
    seen: list[str] = []
    after: str | None = None
    for _ in range(20):
        page = asked(newsroom, size=size, after=after)
        assert page.total == 8
        seen += [row.quote.article.id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert seen == found(newsroom)


def test_what_has_no_date_is_counted_where_days_are_asked_for_and_can_be_listed(newsroom: Index):
    since = asked(newsroom, since="2026-03-02")
    assert ([row.quote.article.id for row in since.rows], since.undated) == (["ru", "copy-2"], 2)
    assert sorted(found(newsroom, undated=True)) == ["copy-4", "undated"]
    assert found(newsroom, until="2026-01-01") == ["az"]
    assert found(newsroom, since="2026-02-11", until="2026-02-12") == ["kz"]


@pytest.mark.parametrize("name", ["Erdoğan", "erdogan", "ЭРДОГАН", "Ərdoğan", "Ärdogan", "recep_tayyip_erdogan"])
def test_a_speaker_is_found_under_every_name(newsroom: Index, name: str):
    assert found(newsroom, speaker=[name]) == ["ru", "az"]


@pytest.mark.parametrize(
    ("name", "articles"),
    [
        ("Recep Tayyip Erdoğan", ["ru", "az"]),
        ("Hakan Fidan", ["copy-2", "other-story"]),
        ("FİDAN", ["copy-2", "other-story"]),
        ("Omuraliyev", ["ots", "undated"]),
        ("selim aksoy", ["tr"]),
        ("Aksoy Selim", ["tr"]),
        ("Selim Aksoy", ["tr"]),
        ("Серикбаев", ["kz"]),
        ("Serikbayev", ["kz"]),
        ("Aksu", []),
        ("!?", []),
    ],
)
def test_whom_a_name_finds(newsroom: Index, name: str, articles: list[str]):
    assert found(newsroom, speaker=[name]) == articles


def test_several_speakers_are_alternatives_and_a_name_can_be_taken_as_typed(newsroom: Index):
    assert found(newsroom, speaker=["Aksoy", "Omuraliev"]) == ["ots", "tr", "undated"]
    assert found(newsroom, speaker=["Реджеп Тайип Эрдоган"], exact=True) == ["ru"]
    assert found(newsroom, speaker=["Эрдоган"], exact=True) == ["ru"]


@pytest.mark.parametrize(
    ("given", "articles"),
    [
        ({"area": ["political"]}, ["other-story"]),
        ({"area": ["political", "transport"]}, ["ru", "other-story", "az"]),
        ({"state": ["tr"]}, ["ru", "copy-2", "other-story", "az"]),
        ({"state": ["ots", "kz"]}, ["ots", "kz", "undated"]),
        ({"language": ["ru"]}, ["ru", "kz"]),
        ({"source": ["report-az"]}, ["copy-2"]),
        ({"article": ["copy-3"]}, ["copy-3"]),
        ({"direct": False}, ["tr"]),
        ({"direct": "1", "state": ["kz"]}, ["kz"]),
        ({"q": "коридор"}, ["ru"]),
        ({"q": "коридора OR sınır"}, ["ru", "tr"]),
        ({"q": '"guard one border"'}, ["copy-2", "other-story"]),
        ({"q": "secretariat -office"}, []),
        ({"q": "text:secretariat speaker:omuraliev"}, ["ots"]),
        ({"q": "Kazakhstan"}, []),  # nobody says the word; who speaks for it is another question
        ({"area": ["security"], "speaker": ["Fidan"], "since": "2026-02-01"}, ["copy-2"]),
    ],
    ids=str,
)
def test_what_narrows_a_search_down(newsroom: Index, given: dict[str, Any], articles: list[str]):
    assert found(newsroom, **given) == articles


def test_what_a_dossier_alone_keeps_is_shown_to_who_asks(newsroom: Index):
    assert found(newsroom, dossier=["cyprus"]) == ["aside"]
    assert found(newsroom, q="seçimler") == []


def test_names_and_words_say_what_they_were_read_as():
    read = QuoteRequest.of(speaker=["Erdoğan"], q="sınır").read()
    assert read is not None
    assert [(note.typed, note.keyword) for note in read.notes] == [
        ("sınır", None),
        ("Erdoğan", "speaker:recep_tayyip_erdogan"),
        ("Erdoğan", None),
    ]


@pytest.mark.parametrize("q", ["status:discarded", "title:zirve", "words -person:fidan"])
def test_a_field_that_quotes_do_not_have_is_named(newsroom: Index, q: str):
    with pytest.raises(UsageError, match=r"quotes have no (text|keyword) field .*; there are: "):
        found(newsroom, q=q)


def counted(index: Index, by: Any, **given: Any) -> list[tuple[str | None, int]]:
    request = QuoteRequest.of(**given)
    return [(count.key, count.count) for count in counts(index, request.to_search(), by, copies=request.copies)]


def test_quotes_are_counted_once_for_a_story(newsroom: Index):
    assert counted(newsroom, "area") == [("security", 3), ("transport", 2), ("political", 1), (None, 3)]
    assert counted(newsroom, "area", copies=True)[0] == ("security", 6)
    assert counted(newsroom, "speaker") == [
        ("hakan_fidan", 2),
        ("kubanychbek_omuraliev", 2),
        ("recep_tayyip_erdogan", 2),
        ("Selim Aksoy", 1),
        ("Данияр Серикбаев", 1),
    ]
    assert counted(newsroom, "state") == [("tr", 4), ("ots", 2), ("kz", 1), (None, 1)]
    assert counted(newsroom, "language") == [("en", 4), ("ru", 2), ("az", 1), ("tr", 1)]
    assert dict(counted(newsroom, "source"))["turkicstates-org"] == 1


def test_months_have_no_gaps_and_what_has_none_comes_last(newsroom: Index):
    assert counted(newsroom, "month") == [
        ("2025-11", 1),
        ("2025-12", 0),
        ("2026-01", 1),
        ("2026-02", 3),
        ("2026-03", 2),
        (None, 1),
    ]
    assert counted(newsroom, "month", speaker=["nobody"]) == []


@pytest.fixture(params=INDEXES)
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    yield from opened_index(request, tmp_path_factory.mktemp("many"), ("quotes",))


def test_rows_are_what_a_naive_reading_finds(many: Index):
    """Some hundred quotes of stories of any size, also larger than what is read at once."""
    dice = random.Random(7)  # noqa: S311 - the same in every run
    made = []
    for number in range(700):
        story = dice.choice(["big", "big", f"s{dice.randrange(60)}"])
        day = f"2026-{dice.randrange(1, 4):02}-{dice.randrange(1, 29):02}" if dice.random() < 0.9 else None
        who = dice.choice([None, quoting.FIDAN, quoting.AKSOY])
        made.append(quoting.article(f"a{number}", f"words {dice.randrange(3)} of {story}", who, day=day, story=story))
    many.put([document for article in made for document in project_quotes(article)])
    many.refresh()

    groups: dict[str, list[Utterance]] = {}
    for article in made:
        [document] = project_quotes(article)
        said = Utterance.model_validate(document.record)
        groups.setdefault(said.saying, []).append(said)

    def moment(said: Utterance) -> int | None:
        return epoch(said.article.published.start) if said.article.published else None

    leading = [
        min(group, key=lambda said: (said.speaker is None, moment(said) is None, moment(said) or 0, said.id))
        for group in groups.values()
    ]
    leading.sort(key=lambda said: (moment(said) is None, -(moment(said) or 0), said.id))
    found_ids: list[str] = []
    after: str | None = None
    while True:
        page = asked(many, size=40, after=after)
        assert (page.total, page.places) == (len(groups), len(made))
        found_ids += [row.quote.id for row in page.rows]
        assert all(len(row.copies) == len(groups[row.quote.saying]) - 1 for row in page.rows)
        after = page.after
        if after is None:
            break
    assert found_ids == [said.id for said in leading]
