"""Searches as Query DSL: the conditions that a document must meet, and what its score is made from.

Conditions stand in filters, so that nothing is scored for them and the server may keep what it found. The score is
made, as in SQLite, from all words that the query wants. What a reader typed reaches the server as values only, never
as a query string: `term`, `prefix` and `match_phrase` know no syntax.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from otswatch.index import Range, Search
from otswatch.index.mapping import MAX_KEYWORD_BYTES, TERM_TYPES, Field, Mapping, epoch
from otswatch.index.pages import weight
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
    Prefix,
    TextLeaf,
    Word,
    leaves,
    utf8,
    words,
)

#: A piece of a request: a query, an aggregation, a sort.
Dsl = dict[str, Any]

_NOTHING: Dsl = {"match_none": {}}
_INT32 = 1 << 31


def all_of(parts: Iterable[Dsl]) -> Dsl:
    """Every one; true of all documents where there is none."""
    return {"bool": {"filter": list(parts)}}


def _any_of(parts: Iterable[Dsl]) -> Dsl:
    given = list(parts)
    if len(given) == 1:
        return given[0]
    return {"bool": {"should": given, "minimum_should_match": 1}} if given else _NOTHING


def _none_of(parts: Iterable[Dsl]) -> Dsl:
    return {"bool": {"must_not": list(parts)}}


class Conditions:
    """The conditions of one search over one kind of document."""

    def __init__(self, mapping: Mapping, search: Search) -> None:
        self._mapping = mapping
        self._search = search

    def matching(self) -> Dsl:
        """Documents that the search finds."""
        return all_of([self.undemanding(), self.within_ranges()])

    def undemanding(self) -> Dsl:
        """Documents that it would find if it had no ranges."""
        search = self._search
        parts = [self._condition(search.query)] if search.query else []
        parts += [self._has_term(name, values) for name, values in search.filters.items() if values]
        parts += [self._missing(name) for name in search.missing]
        tombstones = [{"exists": {"field": "gone"}}] if "gone" in self._mapping.fields else []
        return {"bool": {"filter": parts, "must_not": tombstones}}

    def within_ranges(self) -> Dsl:
        """Documents that its ranges hold, whatever else it wants."""
        return all_of(self._within(name, range_) for name, range_ in self._search.ranges.items())

    def undated(self) -> Dsl:
        """Documents that its ranges would hold if they had the dates that they are about."""
        ranges = self._search.ranges
        possible = [_any_of((self._within(name, range_), self._missing(name))) for name, range_ in ranges.items()]
        return all_of([_any_of(self._missing(name) for name in ranges), *possible])

    def scored(self) -> Dsl:
        """`undemanding`, with a score: how much of what the query wants a document has."""
        query = self._search.query
        wanted = [leaf for leaf in leaves(query, negated=False) if isinstance(leaf, TextLeaf)] if query else []
        parts = [part for leaf in wanted for part in self._text(leaf)]
        return {"bool": {"filter": [self.undemanding()], "should": parts, "minimum_should_match": 0}}

    # ----------------------------------------------------------------------------------------------------- query tree

    def _condition(self, node: Node) -> Dsl:
        match node:
            case Keyword(field, value):
                return self._has_term(field, (value,))
            case Not(part):
                return _none_of([self._condition(part)])
            case And(parts):
                # Flat, because the server counts how deep a query is.
                wanted = [self._condition(part) for part in parts if not isinstance(part, Not)]
                unwanted = [self._condition(part.part) for part in parts if isinstance(part, Not)]
                return {"bool": {"filter": wanted, "must_not": unwanted}}
            case Or(parts):
                return _any_of(map(self._condition, parts))
        return _any_of(self._text(node))

    def _text(self, leaf: TextLeaf) -> list[Dsl]:
        """The leaf in each field that it is looked for in."""
        names = self._mapping.searched(leaf.field)
        if isinstance(leaf, Forms):
            return [_forms(name, leaf.words) for name in names]
        # Folding twice changes nothing, and leaves letters and digits only also of a tree that was made by hand.
        found = words(leaf.text if isinstance(leaf, Word | Prefix) else " ".join(leaf.words))
        return [_in_field(name, found, prefix=isinstance(leaf, Prefix)) for name in names]

    # --------------------------------------------------------------------------------------------------------- fields

    def _has_term(self, name: str, values: Sequence[str]) -> Dsl:
        field = self._mapping.named(name, *TERM_TYPES)
        possible = [utf8(value) for value in values if _can_be(field, utf8(value))]
        return {"terms": {field.name: possible}} if possible else _NOTHING

    def _within(self, name: str, range_: Range) -> Dsl:
        field = self._mapping.named(name, "date").name
        bounds = {word: epoch(end) for word, end in (("gte", range_.start), ("lt", range_.end)) if end is not None}
        # With the field's own format 2025 would be a year.
        return {"range": {field: {**bounds, "format": "epoch_millis"}}} if bounds else {"exists": {"field": field}}

    def _missing(self, name: str) -> Dsl:
        return _none_of([{"exists": {"field": self._mapping.named(name, "date", *TERM_TYPES).name}}])


def _in_field(name: str, found: Sequence[str], *, prefix: bool) -> Dsl:
    if not found:
        return _NOTHING
    if len(found) == 1:
        return {"prefix" if prefix else "term": {name: {"value": found[0], "boost": weight(name)}}}
    phrase: Dsl = {"query": " ".join(found), "boost": weight(name)}
    # As many words as there may be behind the last one: with the default of 50 it would miss documents.
    return (
        {"match_phrase_prefix": {name: {**phrase, "max_expansions": _INT32 - 1}}}
        if prefix
        else {"match_phrase": {name: phrase}}
    )


def _forms(name: str, forms: Sequence[Form]) -> Dsl:
    if len(forms) > 1:
        side_by_side = {"ordered": True, "max_gaps": 0, "intervals": [_interval(form) for form in forms]}
        return {"intervals": {name: {"all_of": side_by_side, "boost": weight(name)}}}
    match forms[0]:
        case Beginning(text):
            return _in_field(name, [text], prefix=True)
        case Choice(chosen):
            return {"terms": {name: chosen, "boost": weight(name)}}
        case Inflected() as inflected:
            return {"regexp": {name: {"value": inflected.expression, "boost": weight(name)}}}


def _interval(form: Form) -> Dsl:
    match form:
        case Beginning(text):
            return {"prefix": {"prefix": text}}
        case Choice(chosen):
            return {"any_of": {"intervals": [{"match": {"query": word}} for word in chosen]}}
        case Inflected():
            return {"regexp": {"pattern": form.expression}}


def _can_be(field: Field, value: str) -> bool:
    """Whether the field can have this value, written like this. The server refuses others, or reads more into them."""
    match field.type:
        case "boolean":
            return value in {"true", "false"}
        case "integer":
            return value.removeprefix("-").isdecimal() and str(_int32(value)) == value
        case _:
            return len(value.encode()) <= MAX_KEYWORD_BYTES


def _int32(value: str) -> int | None:
    number = int(value) if len(value) <= len(str(-_INT32)) else _INT32
    return number if -_INT32 <= number < _INT32 else None
