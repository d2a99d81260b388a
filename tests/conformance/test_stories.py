"""Stories, on every index: the same ones, in the same order, with the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from otswatch.errors import UsageError
from otswatch.index import Index
from otswatch.stories import search
from otswatch.stories.search import Found, StoryRequest, find, standing, to_search
from tests import retelling
from tests.conformance.conftest import INDEXES, opened_index

NEWSROOM = retelling.newsroom()
NAMES = {id_: name for name, id_ in NEWSROOM.ids.items()}


@pytest.fixture(scope="module", params=INDEXES)
def newsroom(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    for index in opened_index(request, tmp_path_factory.mktemp("stories"), ("articles", "stories")):
        documents = NEWSROOM.documents
        assert {put.result for put in index.put(documents)} == {"stored"}
        index.refresh()
        yield index


def asked(index: Index, **given: Any) -> Found:
    return find(index, StoryRequest.of(**given))


def found(index: Index, **given: Any) -> list[str]:
    return [NAMES[story.id] for story in asked(index, **given).stories]


def test_the_newest_first_by_first_sight_whatever_came_later(newsroom: Index) -> None:
    everything = asked(newsroom)
    assert [NAMES[story.id] for story in everything.stories] == ["many", "hostile", "alone", "summit"]
    assert (everything.hits.total, everything.hits.undated, everything.hits.after) == (4, 0, None)
    # The last report of the summit is the newest of all.
    assert max(everything.stories, key=lambda story: story.last_seen or retelling.BEGAN).id == NEWSROOM.ids["summit"]


@pytest.mark.parametrize(
    ("given", "stories"),
    [
        ({"area": ["security"]}, ["summit"]),
        ({"area": ["energy", "political"]}, ["alone", "summit"]),
        ({"area": ["security"], "language": ["en"], "country": ["az"]}, ["summit"]),
        ({"country": ["az"]}, ["alone", "summit"]),
        ({"language": ["kk"]}, ["summit"]),
        ({"source": ["turkicstates", "outlet-7"]}, ["many", "summit"]),
        ({"source": [retelling.SCRIPT]}, ["hostile"]),
        ({"differs": ["figure"]}, ["summit"]),
        ({"differs": ["place", "day"], "area": ["energy"]}, []),
        ({"at_least": 2}, ["many", "hostile", "summit"]),
        ({"at_least": 6}, ["many", "summit"]),
        ({"at_least": 7}, ["many"]),
        ({"at_least": 200}, ["many"]),
        ({"since": "2026-05-01"}, ["alone", "summit"]),
        ({"since": "2026-05-01", "at_least": 5}, ["summit"]),
        ({"until": "2026-04-02"}, ["many"]),
        ({"since": "2026-05-15"}, []),
        ({"undated": True}, ["hostile"]),
        ({"source": ["nobody"]}, []),
    ],
    ids=str,
)
def test_filters_are_those_of_the_story(newsroom: Index, given: dict[str, Any], stories: list[str]) -> None:
    assert found(newsroom, **given) == stories


@pytest.mark.parametrize(
    ("q", "stories"),
    [
        ("pipeline", ["alone"]),
        ("uzman", ["summit"]),  # a word of one report only, and not of its title
        ("эксперт", []),
        ("мемлекеттері OR Бішкекте", ["summit"]),
        ("ministers", ["hostile", "summit"]),
        ("ministers -energy", ["hostile", "summit"]),  # stories with an article of that sort
        ("pipeline -gas", []),
        ("title:gas", ["alone"]),
        ("title:outlet", ["many"]),
        ("source:trtavaz", ["summit"]),
        ("Turkic -ministers", ["many"]),
        ("nothing-of-the-kind", []),
    ],
)
def test_words_mean_the_articles(newsroom: Index, q: str, stories: list[str]) -> None:
    assert found(newsroom, q=q, exact=True) == stories


def test_a_name_finds_all_its_spellings_unless_it_is_exact(newsroom: Index) -> None:
    read = asked(newsroom, q="Түркі мемлекеттері ұйымы")
    assert [NAMES[story.id] for story in read.stories] == ["hostile", "summit"]
    assert read.read is not None
    assert read.read.notes[0].keyword == "body:ots"
    assert found(newsroom, q="Түркі мемлекеттері ұйымы", exact=True) == []


def test_what_has_no_date_is_counted_where_days_are_asked_for(newsroom: Index) -> None:
    assert asked(newsroom, since="2026-05-01").hits.undated == 1


def test_words_and_filters_and_pages_together(newsroom: Index) -> None:
    assert found(newsroom, q="ministers", at_least=5) == ["summit"]
    seen: list[str] = []
    after: str | None = None
    while True:
        page = asked(newsroom, size=1, after=after)
        assert page.hits.total == 4
        seen += [NAMES[story.id] for story in page.stories]
        after = page.hits.after
        if after is None:
            break
    assert seen == ["many", "hostile", "alone", "summit"]


def test_what_is_in_more_stories_than_can_be_looked_at_is_said(
    newsroom: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MAX_SIZE", 1)
    page = asked(newsroom, q="Turkic")
    assert ([NAMES[story.id] for story in page.stories], page.most) == (["many"], True)
    assert not asked(newsroom).most


def test_facets_count_what_the_search_finds(newsroom: Index) -> None:
    asked_for = to_search(newsroom, StoryRequest.of(q="ministers"))
    counts = newsroom.facets(asked_for.search, ["area", "differs"])
    assert {bucket.key: bucket.count for bucket in counts["area"]} == {"security": 1, "political": 1}
    assert {bucket.key: bucket.count for bucket in counts["differs"]} == {"figure": 1, "day": 1, "place": 1}


def test_an_id_means_the_story_that_it_is_now(newsroom: Index) -> None:
    assert standing(newsroom, NEWSROOM.ids["merged"]).id == NEWSROOM.ids["summit"]
    assert standing(newsroom, NEWSROOM.ids["summit"]).articles == 6
    assert standing(newsroom, NEWSROOM.ids["gone"]).articles == 0
    with pytest.raises(UsageError, match="no story '2026'; `otswatch stories` shows all"):
        standing(newsroom, "2026")


def test_an_after_of_another_search_is_refused(newsroom: Index) -> None:
    with pytest.raises(UsageError, match="after"):
        asked(newsroom, after="nonsense")
