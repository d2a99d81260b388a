"""Subscriptions are matched as the index answers a search."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otswatch.alerts.matching import Matcher
from otswatch.errors import UsageError
from otswatch.evaluate import Fields
from otswatch.expansion import expand
from otswatch.index import Document, Range, Search
from otswatch.index.sqlite import SqliteIndex
from otswatch.query import Node
from otswatch.search_request import SearchRequest
from otswatch.taxonomy import load
from tests import multilingual as corpus
from tests.test_engines_agree import Dice
from tests.test_evaluate import TEXT, TREE

ARTICLES, SEARCHES = 90, 500
LABELS = st.lists(st.sampled_from(["x", "y"]), max_size=2)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    return [
        Document("articles", str(number), 1, {"title": draw(TEXT), "text": draw(TEXT), "area": draw(LABELS)}, {})
        for number in range(draw(st.integers(0, 4)))
    ]


@settings(max_examples=200, deadline=None)
@given(batch=documents(), queries=st.lists(TREE, min_size=1, max_size=4))
def test_each_query_finds_the_documents_that_it_holds_of(batch: list[Document], queries: list[Node]) -> None:
    found = Matcher({str(number): Search(query=query) for number, query in enumerate(queries)}).matches(batch)
    for document in batch:
        fields = Fields(document)
        expected = [str(number) for number, query in enumerate(queries) if fields.match(query)]
        assert sorted(found.get(document.id, [])) == expected


@pytest.mark.slow
def test_random_searches_match_the_articles_that_the_index_finds(tmp_path: Path) -> None:
    articles = [document for document in corpus.articles(ARTICLES) if not document.fields.get("gone")]
    index = SqliteIndex(tmp_path / "index.sqlite")
    index.put(articles)
    known, dice = load(), Dice(11, articles)
    searches = {
        str(number): Search(
            query=expand(search.query, known).node if search.query and dice.chance() < 0.05 else search.query,
            filters=search.filters,
        )
        for number, search in enumerate(dice.searches(SEARCHES))
    }
    found = Matcher(searches).matches(articles)
    telling = 0
    for name, search in searches.items():
        expected = {
            hit["id"]
            for hit in index.search(Search(query=search.query, filters=search.filters, size=ARTICLES)).documents
        }
        assert {id_ for id_, names in found.items() if name in names} == expected, str(search)
        telling += 0 < len(expected) < len(articles)
    index.close()
    assert telling > SEARCHES / 2


def test_what_readers_are_spared_on_the_search_page_they_are_spared_here() -> None:
    matcher = Matcher({"all": SearchRequest.of(q="summit").to_search()})
    batch = [
        Document("articles", name, 1, {"title": "Summit in Baku", "status": status, "relevance": relevance}, {})
        for name, status, relevance in (("a", "ok", "about"), ("b", "discarded", "none"), ("c", "ok", "passing"))
    ]
    assert matcher.matches(batch) == {"a": ["all"]}


def test_one_name_in_all_its_spellings() -> None:
    matcher = Matcher({"ots": SearchRequest.of(q="Türk Devletleri Teşkilatı").to_search()})
    titles = ("TÜRK DEVLETLERİ TEŞKİLATI ZİRVESİ", "Саммит в Баку", "Түркі мемлекеттері ұйымының отырысы", "Baku")
    batch = [
        Document("articles", str(number), 1, {"title": title, "status": "ok"}, {})
        for number, title in enumerate(titles)
    ]
    batch.append(Document("articles", "named", 1, {"title": "ОТГ", "status": "ok", "body": ["ots"]}, {}))
    assert sorted(matcher.matches(batch)) == ["0", "2", "named"]


def test_days_cannot_be_followed() -> None:
    search = Search(ranges={"published": Range(datetime(2026, 1, 1, tzinfo=UTC), None)})
    with pytest.raises(UsageError, match="not days"):
        Matcher({"days": search})


def test_no_searches_and_no_documents() -> None:
    assert Matcher({}).matches([Document("articles", "a", 1, {}, {})]) == {}
    assert Matcher({"all": Search()}).matches([]) == {}
    assert Matcher({"all": Search()}).matches([Document("articles", "a", 1, {}, {})]) == {"a": ["all"]}
