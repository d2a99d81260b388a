"""A query on one document is answered as the index answers it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otswatch.evaluate import Fields
from otswatch.expansion import expand
from otswatch.index import Document, Search
from otswatch.index.sqlite import SqliteIndex
from otswatch.query import And, Keyword, Node, Not, Or, Phrase, Prefix, Word, parse
from otswatch.taxonomy import load
from tests import multilingual as corpus
from tests.test_engines_agree import Dice

ARTICLES, SEARCHES = 90, 500


@pytest.mark.slow
def test_random_queries_hold_of_the_articles_that_the_index_finds(tmp_path: Path) -> None:
    documents = [document for document in corpus.articles(ARTICLES) if not document.fields.get("gone")]
    index = SqliteIndex(tmp_path / "index.sqlite")
    index.put(documents)
    fields = {document.id: Fields(document) for document in documents}
    found, telling = 0, 0
    known, dice = load(), Dice(7, documents)
    for search in dice.searches(SEARCHES):
        if search.query is None:
            continue
        query = expand(search.query, known).node if dice.chance() < 0.05 else search.query
        expected = {record["id"] for record in index.search(Search(query=query, size=ARTICLES)).documents}
        assert {id_ for id_, each in fields.items() if each.match(query)} == expected, str(query)
        found += len(expected)
        telling += 0 < len(expected) < len(documents)
    index.close()
    assert telling > SEARCHES / 2
    assert found > SEARCHES


WORDS = st.sampled_from(["a", "b", "ab", "İ", "türk'ün", "e-mail", "ТМУга", "¶", "—", "2026"])
TEXT = st.lists(WORDS, max_size=6).map(" ".join)
FOLDED = st.sampled_from(["a", "b", "ab", "i", "turk", "e", "mail", "тму", "2026"])
FIELD = st.sampled_from([None, "title", "text", "author_names"])
LEAF = (
    st.builds(Word, FOLDED, FIELD)
    | st.builds(Prefix, FOLDED, FIELD)
    | st.builds(Phrase, st.lists(FOLDED, min_size=2, max_size=3).map(tuple), FIELD)
    | st.builds(Keyword, st.sampled_from(["source", "area"]), st.sampled_from(["x", "y"]))
)
TREE: st.SearchStrategy[Node] = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(And)
        | st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or)
        | inner.map(Not)
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SqliteIndex:
    return SqliteIndex(tmp_path_factory.mktemp("index") / "index.sqlite")


@settings(max_examples=80, deadline=None)
@given(
    title=TEXT,
    text=TEXT,
    authors=st.lists(TEXT, max_size=2),
    area=st.lists(st.sampled_from(["x", "y"]), max_size=2),
    query=TREE,
)
def test_any_query_holds_of_any_document_as_in_the_index(
    index: SqliteIndex, title: str, text: str, authors: list[str], area: list[str], query: Node
) -> None:
    document = Document(
        "articles", "a", 1, {"title": title, "text": text, "author_names": authors, "area": area, "source": "x"}, {}
    )
    index.put([document])
    assert Fields(document).match(query) == bool(index.search(Search(query=query)).total)


def test_hits_say_where_the_words_stand() -> None:
    fields = Fields(Document("articles", "a", 1, {"title": "Kıbrıs'ta seçim", "text": "a Kıbrıs seçimi, a seçim"}, {}))
    query = parse('kıbrıs (seçim* OR "seçimi a") -draft')
    assert query is not None
    assert [(str(hit.leaf), hit.field, hit.first, hit.last) for hit in fields.hits(query)] == [
        ("kibris", "title", 0, 1),
        ("kibris", "text", 1, 2),
        ("secim*", "title", 1, 2),
        ("secim*", "text", 2, 3),
        ("secim*", "text", 4, 5),
        ('"secimi a"', "text", 2, 4),
    ]
