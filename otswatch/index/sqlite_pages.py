"""Pages of hits in SQL: the order, and where the next page starts.

Hits are put in order without their records, which are read for the page alone: they are most of the file.

By score, a token is `["score", hits given, newest document at the first page]`, because a score is relative to all
documents and moves as they are added. By a date: `otswatch.index.pages`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from otswatch.index import SCORE, Search
from otswatch.index.mapping import Mapping
from otswatch.index.pages import bad_token, date_place, place, token, weight
from otswatch.index.sqlite_search import Conditions, Sql, field_key

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
        return _ByScore(mapping, conditions.wanted_text(), *_offset(search))
    field = mapping.named(search.sort, "date").name
    value, last = date_place(search) or (None, None)
    return _ByDate(field, field_key(mapping, field), value, last)


def _offset(search: Search) -> tuple[int, int]:
    """How many hits were given, and the newest document that there was."""
    given = place(search)
    if given is None:
        return 0, _INT64 - 1
    if len(given) != 2 or not all(isinstance(part, int) and 0 <= part < _INT64 for part in given):
        raise bad_token()
    return given[0], given[1]


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
        return token(self.field, row[2], row[1])


@dataclass(frozen=True, slots=True)
class _ByScore:
    mapping: Mapping
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
        table = f"text_{self.mapping.kind}"
        columns = [field.name for field in self.mapping.fields.values() if field.type == "text"]
        score = f"bm25({', '.join([table, *(str(weight(column)) for column in columns)])})"
        return Sql(
            f"SELECT rowid AS doc, {score} AS score FROM {table} WHERE {table} MATCH ?",  # noqa: S608 - as above
            (self.wanted,),
        )

    def after(self, row: Any, given: int, newest: int) -> str:
        return token(SCORE, self.offset + given, min(self.newest, newest))
