"""Quotes, each once for a story.

The same words in twenty copies of a story are one row. It stands where the earliest of them does that says who spoke,
and has the others beside it; so a page of rows is the same whichever page was read before. Copies that the search does
not find do not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from otswatch.expansion import Expanded
from otswatch.index import MAX_SIZE, Index, Search
from otswatch.index.mapping import epoch
from otswatch.index.pages import token
from otswatch.index.quote_projection import Utterance
from otswatch.search_request import notes_of

#: Quotes that are read at once to find the next rows.
_BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Row:
    """Words that were said, once for a story: where they stand first, and the others that the search finds."""

    quote: Utterance
    copies: tuple[Utterance, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows, newest first, undated last.

    `total`: rows of all pages, of which no more than 10,000 are counted. `places`: the same with every copy. `undated`:
    rows that match everything but the days, because nobody knows theirs. `after` continues behind the last; null at
    the end.
    """

    rows: tuple[Row, ...]
    total: int
    places: int
    undated: int
    after: str | None


def rows(index: Index, search: Search, *, copies: bool = False) -> Rows:
    """A page of `search`, of quotes sorted by `published`. With `copies` each is a row of its own.

    Raises:
        UsageError: as `Index.search`.
    """
    if copies:
        hits = index.search(search)
        return Rows(tuple(map(Row, _read_all(hits.documents))), hits.total, hits.total, hits.undated, hits.after)
    places = index.search(replace(search, size=0, after=None))
    found: list[Row] = []
    for row in _each_once(index, search):
        found.append(row)
        if len(found) > search.size:
            break
    shown = tuple(found[: search.size])
    return Rows(
        rows=shown,
        total=_different(index, search),
        places=places.total,
        undated=_different(index, _without_days(search)) if places.undated else 0,
        after=_behind(shown[-1]) if len(found) > len(shown) else None,
    )


def _each_once(index: Index, search: Search) -> Iterator[Row]:
    page: Search | None = replace(search, size=_BATCH)
    while page:
        hits = index.search(page)
        shown = _read_all(hits.documents)
        copies = _copies(index, search, shown)
        for quote in shown:
            leading, *others = copies[quote.saying]
            if leading.id == quote.id:
                yield Row(quote, tuple(others))
        page = replace(page, after=hits.after) if hits.after else None


def _copies(index: Index, search: Search, shown: Sequence[Utterance]) -> dict[str, list[Utterance]]:
    """All that the search finds of what `shown` say, by what is said; the one that stands for all comes first."""
    found: dict[str, dict[str, Utterance]] = defaultdict(dict)
    for quote in shown:
        found[quote.saying][quote.id] = quote
    same = replace(search, filters={**search.filters, "saying": tuple(found)}, after=None)
    for quote in every(index, same) if found else ():
        found[quote.saying][quote.id] = quote
    return {saying: sorted(quotes.values(), key=first) for saying, quotes in found.items()}


def first(quote: Utterance) -> tuple[bool, bool, int, str]:
    """Which of several copies stands for them: the earliest that is dated, of those that say who spoke."""
    published = quote.article.published
    return quote.speaker is None, published is None, epoch(published.start) if published else 0, quote.id


def every(index: Index, search: Search) -> Iterator[Utterance]:
    """All that a search finds, copy by copy."""
    page: Search | None = replace(search, size=MAX_SIZE, after=None)
    while page:
        hits = index.search(page)
        yield from _read_all(hits.documents)
        page = replace(page, after=hits.after) if hits.after else None


def _read_all(documents: Iterable[Any]) -> list[Utterance]:
    return [Utterance.model_validate(document) for document in documents]


def _behind(row: Row) -> str:
    published = row.quote.article.published
    return token("published", epoch(published.start) if published else None, row.quote.id)


def _different(index: Index, search: Search) -> int:
    return len(index.facets(search, ["saying"], MAX_SIZE)["saying"])


def _without_days(search: Search) -> Search:
    return replace(search, ranges={}, missing=(*search.missing, *search.ranges))


def result(found: Rows, read: Expanded | None) -> dict[str, Any]:
    """A page of rows, and what names and words were read as, as JSON."""
    return {
        "total": found.total,
        "places": found.places,
        "undated": found.undated,
        "after": found.after,
        "expanded": notes_of(read),
        "quotes": [row.quote.to_dict() | {"copies": [_copy(copy) for copy in row.copies]} for row in found.rows],
    }


def _copy(copy: Utterance) -> dict[str, Any]:
    whole = copy.to_dict()
    return {name: whole[name] for name in ("id", "start", "end", "article")}
