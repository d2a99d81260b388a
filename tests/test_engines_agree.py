"""One query, two engines, the same answer: 2,000 random searches over 500 articles in nine languages.

What is compared is all that the contract fixes: which documents, in which order by date, how many, how many of them
without a date, every count. Half of the searches are trees, half are typed as a reader types, in the spelling of the
articles; of these a quarter are expanded.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import pytest

from otswatch import taxonomy
from otswatch.errors import QuerySyntaxError
from otswatch.expansion import expand
from otswatch.index import SCORE, Bucket, Document, Index, Range, Search
from otswatch.index.sqlite import SqliteIndex
from otswatch.query import And, Keyword, Node, Not, Or, Phrase, Prefix, Word, leaves, parse, words
from tests import multilingual as corpus
from tests.conformance.conftest import opened_index
from tests.stack import MARKS

pytestmark = MARKS

SEARCHES, ARTICLES = 2_000, 500
TEXTS = ("title", "text", "author_names", "person_names", "speaker_names")
#: Keyword field → values, some of which nothing has.
KEYWORDS: dict[str, tuple[str, ...]] = {
    "area": (*corpus.AREAS, "none"),
    "country": corpus.COUNTRIES,
    "kind": corpus.KINDS,
    "language": tuple(corpus.SENTENCES),
    "source": (*corpus.SOURCES, "Ajans"),
    "status": ("ok", "discarded"),
    "story": tuple(f"s{n}" for n in range(42)),
    "id": tuple(f"a{n:03}" for n in range(0, ARTICLES + 20, 20)),
}
FILTERS = KEYWORDS | {
    "has_quotes": ("true", "false", "yes"),
    "quotes": tuple(str(n) for n in range(-1, 15)),
    "speaker": corpus.PEOPLE,
}
FACETS = (*KEYWORDS, "main_area", "person", "speaker", "quotes", "has_quotes", "undated", "published_precision")
DATES = ("first_seen", "fetched_at", "published", "modified")
ZONES = ("UTC", "Asia/Almaty", "Asia/Baku", "Europe/Budapest", "America/Sao_Paulo")


@dataclass(frozen=True)
class Both:
    """The same documents in both."""

    sqlite: Index
    elasticsearch: Index

    def ask(self, question: Callable[[Index], Any]) -> tuple[Any, Any]:
        """What each says."""
        return question(self.sqlite), question(self.elasticsearch)


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    request.param = "elasticsearch"
    folder = tmp_path_factory.mktemp("index")
    embedded = SqliteIndex(folder / "index.sqlite")
    for server in opened_index(request, folder, ["articles"]):
        for index in (embedded, server):
            assert {put.result for put in index.put(corpus.articles(ARTICLES))} == {"stored"}
            index.refresh()
        yield Both(embedded, server)
    embedded.close()


# --------------------------------------------------------------------------------------------------- random searches


class Dice:
    """Random searches over what the articles hold: the same ones in every run."""

    def __init__(self, seed: int, documents: Sequence[Document]) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - as said
        self._documents = documents
        self.choice, self.chance = self._dice.choice, self._dice.random

    def searches(self, number: int) -> Iterator[Search]:
        for n in range(number):
            query = self._tree(self._dice.randrange(4)) if n % 2 else self._typed()
            yield Search(
                query=query if self.chance() < 0.95 else None,
                filters=self._filters(),
                ranges={self.choice(DATES): self._range() for _ in range(self.choice((0, 0, 0, 1, 1, 2)))},
                missing=[self.choice(("published", "modified", "story", "area", "kind", "quotes"))]
                if self.chance() < 0.06
                else (),
                sort=self.choice((*DATES, SCORE)),
                size=ARTICLES,
            )

    def _tree(self, depth: int) -> Node:
        if depth == 0:
            return self._leaf()
        parts = tuple(self._tree(self._dice.randrange(depth)) for _ in range(self._dice.randrange(1, 5)))
        match self._dice.randrange(6):
            case 0:
                return Not(parts[0])
            case 1 | 2:
                return And(parts[:2])  # more find nothing
            case _:
                return Or(parts)

    def _leaf(self) -> Node:
        field, texts = self._texts()
        found = words(self.choice(texts)) or ["zirve"]
        start = self._dice.randrange(len(found))
        match self._dice.randrange(8):
            case 0 | 1 | 2:
                return Word(found[start], field)
            case 3 | 4:
                phrase = found[start : start + self._dice.randrange(2, 5)]
                return Phrase(tuple(phrase if self.chance() < 0.8 else reversed(phrase)), field)
            case 5 | 6:
                return Prefix(found[start][: self._dice.randrange(1, 6)], field)
        name = self.choice(list(KEYWORDS))
        return Keyword(name, self.choice(KEYWORDS[name]))

    def _texts(self) -> tuple[str | None, Sequence[str]]:
        """A text field that a document has, or null for title and text; and its values."""
        while True:
            fields = self.choice(self._documents).fields
            name = self.choice((*TEXTS, "title", "text", "text"))
            value = fields.get(name)
            if value:
                values = [value] if isinstance(value, str) else [str(item) for item in value]  # type: ignore[union-attr]
                anywhere = name in {"title", "text"} and self.chance() < 0.7
                return None if anywhere else name, values

    def _typed(self) -> Node:
        while True:
            try:
                if node := parse(self._line(self._dice.randrange(3))):
                    return expand(node, taxonomy.load()).node if self.chance() < 0.1 else node
            except QuerySyntaxError:
                continue  # a stray quotation mark, a colon, a star; too many names

    def _line(self, depth: int) -> str:
        parts = [self._term() if depth == 0 else f"({self._line(depth - 1)})" for _ in range(self.choice((1, 2, 2, 3)))]
        signs = [part if self.chance() < 0.8 else f"-{part}" for part in parts]
        return self.choice((" ", " OR ", " OR ", " AND ")).join(signs)

    def _term(self) -> str:
        """As it stands in an article, with whatever stands around it."""
        field, texts = self._texts()
        spelt = self.choice(texts).split()
        start = self._dice.randrange(len(spelt))
        name = "" if field is None else f"{field.removesuffix('_names')}:"
        match self._dice.randrange(6):
            case 0 | 1 | 2:
                return name + spelt[start].strip(".,;:()“”„«»")
            case 3:
                return f'{name}"{" ".join(spelt[start : start + self._dice.randrange(1, 5)])}"'
            case 4:
                return f"{name}{spelt[start][: self._dice.randrange(2, 7)]}*"
        return self.choice(
            (f"area:{self.choice(corpus.AREAS)}", f"lang:{self.choice(tuple(corpus.SENTENCES))}", "status:discarded")
        )

    def _filters(self) -> dict[str, Sequence[str]]:
        names = self._dice.sample(list(FILTERS), self.choice((0, 0, 0, 0, 1, 2)))
        return {name: self._dice.sample(FILTERS[name], self.choice((1, 2, 2))) for name in names}

    def _range(self) -> Range:
        moments = sorted(
            corpus.START + timedelta(milliseconds=self._dice.randrange(-(10**9), 3 * 10**10)) for _ in "ab"
        )
        document = self.choice(self._documents).fields
        exact = document["first_seen"]  # an end that a document stands on
        assert isinstance(exact, datetime)
        start = self.choice((None, moments[0], moments[0], exact))
        return Range(start, self.choice((None, moments[1], moments[1], exact)))


def _answers(both: Both, search: Search, fields: Sequence[str]) -> dict[str, tuple[Any, Any]]:
    """By what is compared: what each engine says."""
    hits = both.ask(lambda index: index.search(search))
    orders = [[record["id"] for record in found.documents] for found in hits]
    facets = both.ask(lambda index: index.facets(search, fields, size=7))
    return {
        "documents": (orders[0], orders[1]) if search.sort != SCORE else (sorted(orders[0]), sorted(orders[1])),
        "total": (hits[0].total, hits[1].total),
        "undated": (hits[0].undated, hits[1].undated),
        "after": (hits[0].after, hits[1].after),
        **{f"facet {field}": (facets[0][field], facets[1][field]) for field in fields},
    }


def test_random_searches_are_answered_alike(both: Both) -> None:
    dice = Dice(11, corpus.articles(ARTICLES))
    asked = [(search, dice.choice(FACETS), dice.choice(FACETS)) for search in dice.searches(SEARCHES)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda item: _answers(both, item[0], item[1:]), asked))
    differing = [
        f"{search}\n{what}: sqlite says {one}, elasticsearch {other}"
        for (search, *_), answer in zip(asked, answers, strict=True)
        for what, (one, other) in answer.items()
        if one != other
    ]
    assert not differing, f"{len(differing)} differ; the first: {differing[0]}"
    _assert_telling([search for search, *_ in asked], [answer["total"][0] for answer in answers])
    assert sum(answer["undated"][0] > 0 for answer in answers) > SEARCHES / 20


def _assert_telling(searches: Sequence[Search], totals: Sequence[int]) -> None:
    """Most find something and not everything, whatever they are made of."""
    telling = [search for search, total in zip(searches, totals, strict=True) if 0 < total < ARTICLES / 2]
    assert len(telling) > SEARCHES / 2
    used = Counter(type(leaf).__name__ for search in telling if search.query for leaf in leaves(search.query))
    kinds = ("Word", "Phrase", "Prefix", "Keyword", "Forms")
    assert all(used[kind] > SEARCHES / 20 for kind in kinds), used
    parts = {
        "not": [search for search in telling if "Not(" in repr(search.query)],
        "filters": [search for search in telling if search.filters],
        "ranges": [search for search in telling if search.ranges],
        "missing": [search for search in telling if search.missing],
    }
    assert all(len(found) > SEARCHES / 50 for found in parts.values()), {name: len(f) for name, f in parts.items()}


def test_every_word_of_every_language_is_found_by_both(both: Both) -> None:
    """As it is spelt, and every other one in capitals as a computer makes them."""
    for language, sentences in corpus.SENTENCES.items():
        spelt = sorted({word.strip("“”„«»,.:;–") for sentence in sentences for word in sentence.split()} - {""})
        for word, is_shouted in zip(spelt, cycle((False, True))):
            query = parse(f'"{word.upper() if is_shouted else word}"')
            search = Search(query=query, filters={"language": [language]}, size=9)
            one, other = both.ask(lambda index, s=search: index.search(s))
            assert one == other, word
            assert one.total or is_shouted, word


def test_pages_by_date_are_the_same_and_go_on_in_either_engine(both: Both) -> None:
    """A token by date is of no engine: who moves from one to the other keeps the links."""
    for sort in DATES:
        search = Search(query=parse("energy OR enerji OR энерг*"), sort=sort, size=7)
        whole, _ = both.ask(
            lambda index, s=search: [hit["id"] for hit in index.search(replace(s, size=ARTICLES)).documents]
        )
        seen: list[object] = []
        engines = [both.sqlite, both.elasticsearch]
        while True:
            engines.reverse()
            hits = engines[0].search(search)
            seen += [hit["id"] for hit in hits.documents]
            if hits.after is None:
                break
            search = replace(search, after=hits.after)
        assert seen == whole
        assert len(whole) > 30


def test_timelines_are_drawn_alike(both: Both) -> None:
    dice = Dice(12, corpus.articles(ARTICLES))
    drawn = 0
    for search in dice.searches(60):
        field, zone = dice.choice(DATES), dice.choice(ZONES)
        for interval in ("day", "week", "month"):
            one, other = both.ask(lambda index, s=search, i=interval: index.timeline(s, field, i, zone))  # noqa: B023 - called at once
            assert one == other, f"{search} {field} {interval} {zone}"
            drawn += sum(bucket.count for bucket in one) > 0
    assert drawn > 60


def test_days_of_a_zone_are_alike_whenever_clocks_were_changed(both: Both) -> None:
    """Where clocks change at midnight, and where the whole country changed its zone (Kazakhstan on 1 March 2024)."""
    moments = [datetime(2018, 11, 3, 22, tzinfo=UTC) + timedelta(hours=n) for n in range(0, 30, 2)]
    moments += [datetime(2024, 2, 28, 17, tzinfo=UTC) + timedelta(hours=n) for n in range(0, 60, 2)]
    documents = [Document("articles", f"z{n:02}", 1, {"modified": at}, {}) for n, at in enumerate(moments)]
    for index in (both.sqlite, both.elasticsearch):
        index.put(documents)
        index.refresh()
    for zone in ZONES:
        for start, days in ((datetime(2018, 11, 1, tzinfo=UTC), 6), (datetime(2024, 2, 27, tzinfo=UTC), 6)):
            search = Search(ranges={"modified": Range(start, start + timedelta(days=days))})
            one, other = both.ask(lambda index, s=search: index.timeline(s, "modified", "day", zone))  # noqa: B023 - as above
            assert one == other
            assert sum(bucket.count for bucket in one) in {15, 30}
    almaty: list[Bucket] = both.elasticsearch.timeline(search, "modified", "day", "Asia/Almaty")
    assert [bucket.key[-6:] for bucket in almaty if "02-29" in bucket.key or "03-02" in bucket.key] == [
        "+06:00",
        "+05:00",
    ]
