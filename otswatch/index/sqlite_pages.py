"""Pages of hits in SQL: the order, and where the next page starts.

Hits are put in order without their records, which are read for the page alone: they are most of the file.

`after` is base64url of a JSON list: by a date `[field, milliseconds or null, id]` of the last hit, so that what is
added meanwhile moves nothing; by score `["score", hits given, newest document at the first page]`, because a score is
relative to all documents and moves as they are added.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Protocol

from otswatch.errors import UsageError
from otswatch.index import SCORE, Search
from otswatch.index.mapping import Mapping
from otswatch.index.sqlite_search import Conditions, Sql, field_key

#: How much more a word in the title says than one in the text.
_TITLE_WEIGHT = 3.0
_INT64 = 1 << 63


class Page(Protocol):
    """A page of one order over the table `hits`. Its rows are (record, id, place in the order)."""

    def select(self, limit: int) -> Sql:
        """The hits of this page, `limit` at most."""
        ...

    def after(self, row: Any, given: int, newest: int) -> str:
        """The token behind `row`, the last of `given` hits, where `newest` is the newest document that there is."""
        ...


def page_of(mapping: Mapping, search: Search, conditions: Conditions) -> Page:
    """The page that a search asks for.

    Raises:
        UsageError: `sort` is not a date field or `SCORE`, or `after` was not given by a search with this `sort`.
    """
    if search.sort == SCORE:
        offset, newest = _position(search, (0, _INT64 - 1))
        if not isinstance(offset, int) or not isinstance(newest, int):
            raise _bad_token()
        return _ByScore(mapping.kind, conditions.wanted_text(), offset, newest)
    field = mapping.named(search.sort, "date").name
    value, last = _position(search, (None, None))
    if not isinstance(value, int | None) or not isinstance(last, str | None) or (search.after and last is None):
        raise _bad_token()
    return _ByDate(field, field_key(mapping, field), value, last)


@dataclass(frozen=True, slots=True)
class _ByDate:
    field: str
    key: str
    value: int | None
    last: str | None

    def select(self, limit: int) -> Sql:
        behind = self._behind()
        return Sql(
            f"""
            SELECT d.record, page.id, page.value
            FROM (
                SELECT h.doc, h.id, s.value FROM hits AS h LEFT JOIN dates AS s ON s.doc = h.doc AND s.field = ?
                WHERE {behind.text} ORDER BY s.value DESC NULLS LAST, h.id LIMIT ?
            ) AS page JOIN documents AS d ON d.doc = page.doc
            ORDER BY page.value DESC NULLS LAST, page.id
            """,  # noqa: S608 - made of our own words; what was typed is bound
            (self.key, *behind.values, limit),
        )

    def _behind(self) -> Sql:
        if self.last is None:
            return Sql("1")
        if self.value is None:
            return Sql("s.value IS NULL AND h.id > ?", (self.last,))
        values = (self.value, self.value, self.last)
        return Sql("(s.value < ? OR s.value = ? AND h.id > ? OR s.value IS NULL)", values)

    def after(self, row: Any, given: int, newest: int) -> str:
        return _token(self.field, row[2], row[1])


@dataclass(frozen=True, slots=True)
class _ByScore:
    kind: str
    wanted: str | None
    offset: int
    newest: int

    def select(self, limit: int) -> Sql:
        ranked = self._ranked()
        return Sql(
            f"""
            WITH ranked AS MATERIALIZED ({ranked.text})
            SELECT d.record, page.id
            FROM (
                SELECT h.doc, h.id, coalesce(r.score, 0) AS score FROM hits AS h LEFT JOIN ranked AS r ON r.doc = h.doc
                WHERE h.doc <= ? ORDER BY score, h.id LIMIT ? OFFSET ?
            ) AS page JOIN documents AS d ON d.doc = page.doc
            ORDER BY page.score, page.id
            """,  # noqa: S608 - as above
            (*ranked.values, self.newest, limit, self.offset),
        )

    def _ranked(self) -> Sql:
        if self.wanted is None:
            return Sql("SELECT NULL AS doc, NULL AS score")
        table = f"text_{self.kind}"
        score = f"bm25({table}, {_TITLE_WEIGHT})"
        return Sql(
            f"SELECT rowid AS doc, {score} AS score FROM {table} WHERE {table} MATCH ?",  # noqa: S608 - as above
            (self.wanted,),
        )

    def after(self, row: Any, given: int, newest: int) -> str:
        return _token(SCORE, self.offset + given, min(self.newest, newest))


def _token(*parts: str | int | None) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _position(search: Search, start: tuple[Any, Any]) -> tuple[Any, Any]:
    """What the token says behind its sort, or `start` where there is none."""
    if search.after is None:
        return start
    try:
        sort, *place = json.loads(base64.b64decode(search.after + "=" * (-len(search.after) % 4), b"-_", validate=True))
        first, second = place
    except (ValueError, TypeError, RecursionError):
        raise _bad_token() from None
    numbers = [part for part in (first, second) if isinstance(part, int)]
    if sort != search.sort or any(not -_INT64 <= number < _INT64 for number in numbers):
        raise _bad_token()
    return first, second


def _bad_token() -> UsageError:
    return UsageError("`after` does not continue this search: use the one that its last page gave, or start without")
