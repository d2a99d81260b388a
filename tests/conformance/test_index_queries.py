"""What anything that speaks `Index` must do: random queries find exactly what a naive reading of the words finds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otswatch.errors import UsageError
from otswatch.index import SCORE, Document, Index, Search
from otswatch.query import (
    And,
    Beginning,
    Choice,
    Form,
    Forms,
    Inflected,
    Keyword,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Word,
    words,
)
from tests.conformance.conftest import INDEXES, opened_index
from tests.conformance.indexes import document, put

#: Spellings that fold together and words that share beginnings, in two scripts.
_VOCABULARY = "Zirve zirvesi ZİRVE Bakü BAKU bakü'de Türk TURK тюрк Түркі турки e-mail mail e TDT TDT'nin 2025 20"
_SPELLINGS = _VOCABULARY.split()
_AREAS = ["energy", "customs", "space"]
_LANGUAGES = ["tr", "kk"]
_TITLES_AND_TEXTS = ("title", "text")


def _corpus() -> list[Document]:
    dice = random.Random(11)  # noqa: S311 - the same corpus in every run

    def text(most: int) -> str:
        return " ".join(dice.choices(_SPELLINGS, k=dice.randrange(most)))

    return [
        document(
            f"n{n:02}",
            title=text(4),
            text=text(9),
            speaker_names=[text(3), text(3)],
            area=dice.sample(_AREAS, dice.randrange(3)),
            language=dice.choice(_LANGUAGES),
        )
        for n in range(48)
    ]


_CORPUS = _corpus()


@pytest.fixture(scope="module", params=INDEXES)
def index_for_reading(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    for opened in opened_index(request, tmp_path_factory.mktemp("index")):
        put(opened, *_CORPUS)
        yield opened


def _streams(doc: Document, field: str | None) -> list[list[str]]:
    """The words of each value of a text field, or of title and text."""
    names = (field,) if field else _TITLES_AND_TEXTS
    values = [doc.fields.get(name) for name in names]
    flat = [item for value in values for item in ([value] if isinstance(value, str) else value or ())]  # type: ignore[union-attr]  # text fields
    return [words(str(item)) for item in flat]


def _holds(node: Node, doc: Document) -> bool:
    match node:
        case And(parts):
            return all(_holds(part, doc) for part in parts)
        case Or(parts):
            return any(_holds(part, doc) for part in parts)
        case Not(part):
            return not _holds(part, doc)
        case Keyword(field, value):
            held = doc.fields.get(field)
            return value == held or (isinstance(held, Sequence) and not isinstance(held, str) and value in held)
        case Word(text, field):
            return any(text in stream for stream in _streams(doc, field))
        case Prefix(text, field):
            return any(word.startswith(text) for stream in _streams(doc, field) for word in stream)
        case Phrase(phrase, field):
            return any(
                tuple(stream[start : start + len(phrase)]) == phrase
                for stream in _streams(doc, field)
                for start in range(len(stream))
            )
        case Forms(forms, field):
            return any(
                all(map(_is, forms, stream[start:]))
                for stream in _streams(doc, field)
                for start in range(len(stream) - len(forms) + 1)
            )


def _is(form: Form, word: str) -> bool:
    match form:
        case Beginning(text):
            return word.startswith(text)
        case Choice(chosen):
            return word in chosen
        case Inflected(stems, slots):
            return word in {"".join(parts) for parts in product(stems, *(("", *slot) for slot in slots))}


_WORDS = st.sampled_from(sorted({word for spelling in _SPELLINGS for word in words(spelling)}))
_FIELDS = st.sampled_from([None, None, "title", "text", "speaker_names"])
_BEGINNINGS = _WORDS.flatmap(lambda word: st.integers(1, len(word)).map(lambda n: word[:n]))
_ENDINGS = st.lists(st.sampled_from(["si", "e", "l", "ve", "k"]), min_size=1, max_size=3).map(tuple)
_FORMS = st.one_of(
    st.builds(Beginning, _BEGINNINGS),
    st.builds(Choice, st.lists(_WORDS, min_size=1, max_size=3).map(tuple)),
    st.builds(
        Inflected,
        st.lists(_BEGINNINGS, min_size=1, max_size=3).map(tuple),
        st.lists(_ENDINGS, max_size=2).map(tuple),
    ),
)
_LEAVES = st.one_of(
    st.builds(Forms, st.lists(_FORMS, min_size=1, max_size=3).map(tuple), _FIELDS),
    st.builds(Word, _WORDS, _FIELDS),
    st.builds(Phrase, st.lists(_WORDS, min_size=2, max_size=3).map(tuple), _FIELDS),
    st.builds(Prefix, _BEGINNINGS, _FIELDS),
    st.builds(Keyword, st.just("area"), st.sampled_from([*_AREAS, "none"])),
    st.builds(Keyword, st.just("language"), st.sampled_from(_LANGUAGES)),
)


def _branches(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=1, max_size=4).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Not, nodes))


@settings(max_examples=150, deadline=None)
@given(tree=st.recursive(_LEAVES, _branches, max_leaves=12))
def test_any_query_finds_exactly_what_a_naive_reading_finds(index_for_reading: Index, tree: Node) -> None:
    expected = {doc.id for doc in _CORPUS if _holds(tree, doc)}
    hits = index_for_reading.search(Search(query=tree, size=100))
    assert {hit["id"] for hit in hits.documents} == expected
    assert hits.total == len(expected)
    scored = index_for_reading.search(Search(query=tree, sort=SCORE, size=100))
    assert {hit["id"] for hit in scored.documents} == expected
    areas = index_for_reading.facets(Search(query=tree), ["area"])["area"]
    assert {b.key: b.count for b in areas} == _areas(expected)


def _areas(ids: set[str]) -> dict[str, int]:
    held = [area for doc in _CORPUS if doc.id in ids for area in doc.fields["area"]]  # type: ignore[union-attr]  # a list
    return {area: held.count(area) for area in set(held)}


@given(after=st.text(max_size=40))
def test_no_text_as_after_crashes_it(index_for_reading: Index, after: str) -> None:
    with pytest.raises(UsageError):
        index_for_reading.search(Search(after=after))
