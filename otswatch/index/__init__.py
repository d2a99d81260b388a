"""Documents that readers search. `SqliteIndex` is the embedded one (FTS5), `ElasticsearchIndex` that on a server.

Anything that speaks `Index` passes tests/conformance/test_index.py. A document is put whole with an external version; a
late or replayed copy never overwrites a newer one (`external_gte`). Fields are those of `mappings/<kind>.json`, the
only statement of the mapping: `text` fields are searched as folded words, `keyword`, `boolean` and `integer` fields
are filtered and counted, `date` fields are ranged over and drawn in time. A document with a value in `gone` is a
tombstone: `get` gives it, nothing else shows it.

What readers see by default is the business of `for_readers`, not of an engine: an engine searches what it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from otswatch.query import And, Keyword, Node, Not, Or, leaves

#: A field's value in a projection: texts or keywords, one or many, a number, a truth, a moment. None and () are absent.
Value = str | int | bool | datetime | Sequence[str] | None

#: `Search.sort` by how well a document matches the query, best first; a date field's name sorts newest first.
SCORE: Final = "score"


@dataclass(frozen=True, slots=True)
class Document:
    """`record` (JSON types) is kept as it is and given back; `fields` is its projection onto the mapping of `kind`.

    `version` is never negative. Text fields are given as written: engines fold them (`otswatch.index.mapping`). The
    field `id` is the document's, also where it is left out.
    """

    kind: str
    id: str
    version: int
    fields: Mapping[str, Value]
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Put:
    """What became of one document. `stale`: a newer version stands. `refused`: with the index's reason."""

    id: str
    result: Literal["stored", "stale", "refused"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """Half-open interval over a date field; either end may be open. Counted in whole milliseconds."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for. All parts must hold.

    `filters`: field → values that are alternatives, compared as they are (`true`, `false` for booleans); none at all
    is no filter. `missing`: fields that must be without a value. `sort`: a date field, newest first and undated last,
    or `SCORE`; ties by id.
    """

    kind: str = "articles"
    query: Node | None = None
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    missing: Sequence[str] = ()
    sort: str = "first_seen"
    size: int = 20
    after: str | None = None


#: The largest page that may be asked for. `index.max_result_window` in `mappings/` is one more.
MAX_SIZE: Final = 10_000


#: What an article is that is kept for a dossier only.
_NOT_ABOUT_OTS: Final = Not(Or((Keyword("relevance", "passing"), Keyword("relevance", "none"))))
#: Kinds of documents that say whether they are of such an article.
_JUDGED: Final = ("articles", "quotes", "stories")
#: Who asks for one of these wants to see such articles, too.
_ASIDE: Final = ("article", "dossier", "id", "relevance", "story")


def for_readers(search: Search) -> Search:
    """The search as a reader means it: only articles that are kept, unless it asks for a `status` (`status:discarded`).

    Of what is kept, articles, their quotes and stories, only what is about the OTS, unless it asks for an `article`,
    `dossier`, `relevance`, `story` or `id`: what a dossier keeps beside that does not come between the OTS's news.

    Command line, web page, feeds and alerts all go through here, so that they find the same.
    """
    if search.kind == "articles":
        if _asks(search, "status", negated=True):
            return search
        search = replace(search, filters={**search.filters, "status": ("ok",)})
    if search.kind not in _JUDGED or any(_asks(search, field) for field in _ASIDE):
        return search
    return replace(search, query=And((search.query, _NOT_ABOUT_OTS)) if search.query else _NOT_ABOUT_OTS)


def every(index: Index, search: Search, page: int = 1000) -> Iterator[Mapping[str, Any]]:
    """All that a search finds, in its order, read in pages of so many. Its own size and `after` do not count."""
    after: str | None = None
    while True:
        hits = index.search(replace(search, size=page, after=after))
        yield from hits.documents
        after = hits.after
        if after is None:
            return


def _asks(search: Search, field: str, *, negated: bool = False) -> bool:
    """Whether a filter or a word of the query names a keyword field; `negated`: also one that shall be without it."""
    asked = leaves(search.query, negated=negated) if search.query else ()
    return field in search.filters or any(isinstance(leaf, Keyword) and leaf.field == field for leaf in asked)


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of results.

    `undated` counts the documents that match everything but a range, because they have no date to range over: they are
    marked, never silently gone. `after` continues behind the last hit; null at the end. A document that is added while
    somebody pages neither repeats nor hides another; by `SCORE`, what was added since the first page is left out.
    """

    total: int
    undated: int
    documents: tuple[Mapping[str, Any], ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet, or one interval of a timeline (its start, ISO), and how many documents it has."""

    key: str
    count: int


#: More intervals than anybody can draw; one wrong date in the year 1 would ask for 700,000 days.
MAX_BUCKETS: Final = 5_000


class Index(Protocol):
    """Searchable documents. Safe to share between threads."""

    def put(self, documents: Sequence[Document]) -> list[Put]:
        """Store each, and say in the same order what became of it. Visible to `get` when it returns.

        One that is refused (an unknown kind or field, a value of another type) does not fail its neighbours.

        Raises:
            DependencyDownError: nothing is known to be stored; put the same again later.
            StorageFullError: nothing was stored.
        """
        ...

    def refresh(self) -> None:
        """Make everything that was put visible to `search`."""
        ...

    def get(self, kind: str, id: str) -> Mapping[str, Any] | None:  # noqa: A002 - the name of the thing
        """The record as put, at once after `put`."""
        ...

    def get_many(self, kind: str, ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
        """The records that there are, by id, as `get` gives each."""
        ...

    def search(self, search: Search) -> Hits:
        """A page of what matches.

        Raises:
            UsageError: a field that is not of the right type, an impossible size, an `after` of another search.
        """
        ...

    def facets(self, search: Search, fields: Sequence[str], size: int = 50) -> dict[str, list[Bucket]]:
        """Counts per value over all documents that match, most frequent first, then by value (code points).

        At most `size` values for each field; what `after`, `size` and `sort` of the search say does not count.
        """
        ...

    def timeline(
        self, search: Search, field: str, interval: Literal["day", "week", "month"], zone: str = "UTC"
    ) -> list[Bucket]:
        """Counts per calendar interval of `zone` (weeks start on Monday) over a date field, oldest first.

        From the first matching document to the last, or to the ends of the search's range over that field; intervals
        without documents are included.

        Raises:
            UsageError: an unknown zone, not a date field, or more than `MAX_BUCKETS` intervals.
        """
        ...

    def close(self) -> None: ...
