"""Searches as SQL: the conditions that a document must meet, as one expression over `documents AS d`.

A query tree mixes text, which FTS5 answers, with keywords, which tables answer. Whatever subtree is text alone becomes
one MATCH; the rest are set operations in SQL. What a reader typed reaches SQLite as bound values only, and FTS5 as
quoted strings inside one. `Forms` are written out before (`otswatch.index.sqlite_forms`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from otswatch.index import Range, Search
from otswatch.index.mapping import TERM_TYPES, Mapping, epoch
from otswatch.query import (
    And,
    Forms,
    Keyword,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    TextLeaf,
    Word,
    leaves,
    utf8,
    words,
)


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL and the values bound in it, in order."""

    text: str
    values: tuple[str | int, ...] = ()


def all_of(parts: Iterable[Sql]) -> Sql:
    """Every one; true of all documents where there is none."""
    return _joined(" AND ", parts) or Sql("1")


def negated(part: Sql) -> Sql:
    return Sql(f"NOT {part.text}", part.values)


def _any_of(parts: Iterable[Sql]) -> Sql:
    return _joined(" OR ", parts) or Sql("0")


def _joined(operator: str, parts: Iterable[Sql]) -> Sql | None:
    given = list(parts)
    if not given:
        return None
    return Sql(f"({operator.join(part.text for part in given)})", tuple(v for part in given for v in part.values))


class Conditions:
    """The conditions of one search over one kind of document."""

    def __init__(self, mapping: Mapping, search: Search) -> None:
        self._mapping = mapping
        self._search = search
        self._table = f"text_{mapping.kind}"

    def matching(self) -> Sql:
        """Documents that the search finds."""
        return all_of([self._rest(), *(self._within(name, range_) for name, range_ in self._search.ranges.items())])

    def undated(self) -> Sql:
        """Documents that it would find if they had the dates that its ranges are about."""
        ranges = self._search.ranges
        possible = [_any_of((self._within(name, range_), self._missing(name))) for name, range_ in ranges.items()]
        return all_of([self._rest(), _any_of(self._missing(name) for name in ranges), *possible])

    def wanted_text(self) -> str | None:
        """A MATCH for any of the words that the query wants: what the score of a document is made from."""
        query = self._search.query
        wanted = [leaf for leaf in leaves(query, negated=False) if isinstance(leaf, TextLeaf)] if query else []
        return self._match(Or(tuple(wanted))) if wanted else None

    def _rest(self) -> Sql:
        """Everything but the ranges."""
        search = self._search
        parts = [Sql("d.kind = ? AND d.gone = 0", (self._mapping.kind,))]
        if search.query:
            parts.append(self._condition(search.query))
        parts += [self._has_term(name, values) for name, values in search.filters.items() if values]
        parts += [self._missing(name) for name in search.missing]
        return all_of(parts)

    # ----------------------------------------------------------------------------------------------------- query tree

    def _condition(self, node: Node) -> Sql:
        match = self._match(node)
        if match is not None:
            rows = f"SELECT rowid FROM {self._table} WHERE {self._table} MATCH ?"  # noqa: S608 - a kind that we have
            return Sql(f"d.doc IN ({rows})", (match,))
        match node:
            case Keyword(field, value):
                return self._has_term(field, (value,))
            case Not(part):
                return negated(self._condition(part))
            case And(parts):
                return all_of(map(self._condition, self._grouped(parts, And)))
            case Or(parts):
                return _any_of(map(self._condition, self._grouped(parts, Or)))
        raise AssertionError(node)

    def _grouped(self, parts: Sequence[Node], kind: type[And | Or]) -> list[Node]:
        """The parts with those that FTS5 can answer put together, so that it is asked once."""
        text = [part for part in parts if self._match(part) is not None]
        if kind is And and text:
            text += [part for part in parts if isinstance(part, Not) and self._match(part.part) is not None]
        others = [part for part in parts if part not in text]
        return [*([kind(tuple(text))] if text else []), *others]

    def _match(self, node: Node) -> str | None:
        """The FTS5 expression that says the same as `node`; null where FTS5 cannot say it."""
        match node:
            case Keyword() | Not():
                return None
            case And(parts):
                return self._match_all(parts)
            case Or(parts):
                expressions = [self._match(part) for part in parts]
                return None if None in expressions or not parts else f"({' OR '.join(filter(None, expressions))})"
        return self._match_leaf(node)

    def _match_all(self, parts: Sequence[Node]) -> str | None:
        # FTS5's NOT takes two sides, so there must be something to take away from.
        wanted = [self._match(part) for part in parts if not isinstance(part, Not)]
        unwanted = [self._match(part.part) for part in parts if isinstance(part, Not)]
        if not wanted or None in wanted or None in unwanted:
            return None
        positive = f"({' AND '.join(filter(None, wanted))})"
        return f"({positive} NOT ({' OR '.join(filter(None, unwanted))}))" if unwanted else positive

    def _match_leaf(self, leaf: TextLeaf) -> str:
        columns = self._mapping.searched(leaf.field)
        match leaf:
            case Word(text):
                term = _quoted(text)
            case Prefix(text):
                term = f"{_quoted(text)} *"
            case Phrase(phrase):
                term = _quoted(" ".join(phrase))
            case Forms():
                raise AssertionError(leaf)
        return f"{{{' '.join(columns)}}} : {term}"

    # --------------------------------------------------------------------------------------------------------- fields

    def _has_term(self, name: str, values: Sequence[str]) -> Sql:
        field = self._mapping.named(name, *TERM_TYPES)
        marks = ", ".join("?" * len(values))
        terms = f"SELECT term FROM terms WHERE field = ? AND value IN ({marks})"  # noqa: S608 - question marks
        return Sql(
            f"d.doc IN (SELECT doc FROM postings WHERE term IN ({terms}))",  # noqa: S608 - as above
            (field_key(self._mapping, field.name), *map(utf8, values)),
        )

    def _within(self, name: str, range_: Range) -> Sql:
        key = field_key(self._mapping, self._mapping.named(name, "date").name)
        bounds = [
            Sql(f"value {operator} ?", (epoch(end),))
            for operator, end in ((">=", range_.start), ("<", range_.end))
            if end is not None
        ]
        condition = all_of([Sql("field = ?", (key,)), *bounds])
        rows = f"SELECT doc FROM dates WHERE {condition.text}"  # noqa: S608 - made of the words above
        return Sql(f"d.doc IN ({rows})", condition.values)

    def _missing(self, name: str) -> Sql:
        field = self._mapping.named(name, "date", *TERM_TYPES)
        key = field_key(self._mapping, name)
        if field.type == "date":
            return Sql("NOT EXISTS (SELECT 1 FROM dates WHERE doc = d.doc AND field = ?)", (key,))
        return Sql(
            "NOT EXISTS (SELECT 1 FROM postings AS p JOIN terms AS t USING (term) WHERE p.doc = d.doc AND t.field = ?)",
            (key,),
        )


def field_key(mapping: Mapping, name: str) -> str:
    """A field's name in the tables that all kinds share."""
    return f"{mapping.kind}.{name}"


def _quoted(text: str) -> str:
    # Folding twice changes nothing, and leaves letters and digits only also of a tree that was made by hand.
    return f'"{" ".join(words(text))}"'
