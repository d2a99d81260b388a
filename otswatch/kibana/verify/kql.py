"""Kibana's query language as the query that Kibana makes of it.

What Kibana lets pass and finds nothing with is an error here: a field that the index does not have. Nested queries
(`a : { b : c }`) are not read: no mapping of ours has nested objects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Final

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError

from otswatch.kibana.verify.findings import Fault, FaultError

Query = dict[str, Any]

_GRAMMAR = r"""
    ?start: either?
    ?either: both (_OR both)*
    ?both: negated (_AND negated)*
    ?negated: _NOT _part -> negation
        | _part
    _part: "(" either ")" | comparison | is_ | anywhere
    comparison: literal OPERATOR literal
    is_: literal ":" values
    anywhere: literal
    ?values: literal | "(" some ")"
    ?some: every (_OR every)*
    ?every: one (_AND one)*
    ?one: _NOT _value -> negation
        | _value
    _value: literal | "(" some ")"
    literal: QUOTED | WORD+
    _OR.2: /or(?![^\s()])/i
    _AND.2: /and(?![^\s()])/i
    _NOT.2: /not(?![^\s()])/i
    OPERATOR: "<=" | ">=" | "<" | ">"
    QUOTED: /"(\\.|[^"\\])*"/
    WORD: /(\\.|[^\\():<>"{}\s])+/
    %ignore /\s+/
"""
_OPERATORS: Final = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPED_STAR = re.compile(r"(?<!\\)\*")
#: What query_string reads as its own, but for `*`.
_SPECIAL = re.compile(r'([+\-=&|><!(){}\[\]^"~?:/\\])')


@dataclass(frozen=True, slots=True)
class Capability:
    """What can be done with a field, as `_field_caps` says."""

    type: str
    searchable: bool
    aggregatable: bool


Fields = Mapping[str, Capability]


@dataclass(frozen=True, slots=True)
class Literal:
    """`raw` is without quotes, with its escapes."""

    raw: str
    quoted: bool

    @property
    def text(self) -> str:
        return _ESCAPED.sub(r"\1", self.raw)

    @property
    def wild(self) -> bool:
        return not self.quoted and bool(_UNESCAPED_STAR.search(self.raw))


@dataclass(frozen=True, slots=True)
class Node:
    """`what`: or, and, not (of nodes or literals), is (field, values), a comparison's operator, or anywhere."""

    what: str
    parts: tuple[Any, ...]


class _Tree(Transformer[Token, Any]):
    def literal(self, tokens: list[Token]) -> Literal:
        if tokens[0].type == "QUOTED":
            return Literal(tokens[0][1:-1], quoted=True)
        return Literal(" ".join(tokens), quoted=False)

    def either(self, parts: list[Any]) -> Node:
        return Node("or", tuple(parts))

    def both(self, parts: list[Any]) -> Node:
        return Node("and", tuple(parts))

    some, every = either, both

    def negation(self, parts: list[Any]) -> Node:
        return Node("not", tuple(parts))

    def is_(self, parts: list[Any]) -> Node:
        return Node("is", tuple(parts))

    def comparison(self, parts: list[Any]) -> Node:
        field, operator, value = parts
        return Node(_OPERATORS[str(operator)], (field, value))

    def anywhere(self, parts: list[Any]) -> Node:
        return Node("anywhere", tuple(parts))

    def start(self, _parts: list[Any]) -> None:
        return None


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic")


def parse(text: str) -> Node | None:
    """The tree of a query; null for an empty one.

    Raises:
        FaultError: it cannot be read.
    """
    try:
        tree = _parser().parse(text)
    except LarkError as error:
        raise FaultError(Fault.BAD_QUERY, f"{text!r} is no KQL: {str(error).splitlines()[0]}") from None
    read = _Tree().transform(tree)
    return read if isinstance(read, Node) else None


def translate(text: str, fields: Fields) -> Query:
    """The query that Kibana sends for `text` to an index with these fields.

    Raises:
        FaultError: it cannot be read, or names a field that is not there or cannot be searched.
    """
    tree = parse(text)
    return {"match_all": {}} if tree is None else _query(tree, fields)


def _query(node: Node, fields: Fields) -> Query:
    if node.what in _COMBINE:
        return _COMBINE[node.what]([_query(part, fields) for part in node.parts])
    if node.what == "anywhere":
        return _anywhere(node.parts[0])
    named, value = node.parts
    if node.what == "is":
        return _is(named, value, fields)
    return _any([{"range": {name: {node.what: value.text}}} for name in _matching(named, fields)])


def _any(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries, "minimum_should_match": 1}}


def _all(queries: list[Query]) -> Query:
    return {"bool": {"filter": queries}}


def _none(queries: list[Query]) -> Query:
    return {"bool": {"must_not": queries}}


_COMBINE: Final[Mapping[str, Callable[[list[Query]], Query]]] = {"or": _any, "and": _all, "not": _none}


def _is(named: Literal, value: Literal | Node, fields: Fields) -> Query:
    if isinstance(value, Node):
        return _COMBINE[value.what]([_is(named, part, fields) for part in value.parts])
    if named.raw == value.raw == "*" and not named.quoted:
        return {"match_all": {}}
    return _any([_of_field(name, value, fields[name]) for name in _matching(named, fields)])


def _matching(named: Literal, fields: Fields) -> list[str]:
    """The fields that a name means, which may have `*` in it.

    Raises:
        FaultError: there is none, or none that can be searched.
    """
    names = [name for name in fields if fnmatchcase(name, named.raw)] if named.wild else [named.text]
    if not names or any(name not in fields for name in names):
        raise FaultError(Fault.UNKNOWN_FIELD, f"KQL: the index does not have {named.text}")
    found = [name for name in names if fields[name].searchable]
    if not found:
        raise FaultError(Fault.BAD_QUERY, f"{named.text} is shown, but cannot be searched")
    return found


def _of_field(name: str, value: Literal, capability: Capability) -> Query:
    if value.wild and value.raw == "*":
        return {"exists": {"field": name}}
    if value.wild and capability.type == "keyword":
        return {"wildcard": {name: {"value": _ESCAPED.sub(_kept, value.raw)}}}
    if value.wild:
        return {"query_string": {"fields": [name], "query": _for_query_string(value.raw)}}
    if capability.type == "date":
        return {"range": {name: {"gte": value.text, "lte": value.text}}}
    return {"match_phrase" if value.quoted else "match": {name: value.text}}


def _anywhere(value: Literal) -> Query:
    if value.wild:
        return {"query_string": {"query": _for_query_string(value.raw)}}
    return {"multi_match": {"type": "phrase" if value.quoted else "best_fields", "query": value.text, "lenient": True}}


def _kept(match: re.Match[str]) -> str:
    """An escaped `*`, `?` or backslash means itself to `wildcard` as well; anything else needs no escape there."""
    return match[0] if match[1] in "*?\\" else match[1]


def _for_query_string(raw: str) -> str:
    return "".join(_pieces(raw))


def _pieces(raw: str) -> Iterator[str]:
    """`*` as it is, an escaped one escaped, everything else that query_string would read as its own escaped."""
    at = 0
    for match in _ESCAPED.finditer(raw):
        yield _SPECIAL.sub(r"\\\1", raw[at : match.start()])
        yield f"\\{match[1]}"
        at = match.end()
    yield _SPECIAL.sub(r"\\\1", raw[at:])
