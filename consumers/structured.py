"""What a page says of itself for machines (JSON-LD, meta tags, microdata), read once into candidates with their place.

The names that are read are data: `metadata.yaml`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, Literal, get_args

from lxml.etree import XPath
from lxml.html import HtmlElement

from otswatch.records import Frame
from otswatch.text.plain import repaired
from otswatch.wordings import wordings

Field = Literal[
    "title", "authors", "image", "canonical", "language", "published", "created", "modified", "site", "body"
]


@dataclass(frozen=True, slots=True)
class Found:
    """A value as the page has it, not yet judged: what field it is of, and where it stands."""

    field: Field
    value: str
    frame: Frame
    path: str
    kind: str | None = None  # of an author, `person` or `organization` where the page says so


@dataclass(frozen=True, slots=True)
class Structured:
    """Everything found, most trustworthy first within a field."""

    found: tuple[Found, ...] = ()

    def of(self, field: Field, frame: Frame | None = None) -> list[Found]:
        """The candidates of a field, of one place or of all."""
        return [one for one in self.found if one.field == field and frame in (None, one.frame)]


def read(tree: HtmlElement) -> Structured:
    """The candidates of a page. The tree is not changed."""
    candidates = (*_canonical(tree), *_json_ld(tree), *_meta(tree), *_languages(tree), *_microdata(tree))
    written = (replace(one, value=repaired(one.value)) for one in candidates)  # JSON may hold half a surrogate pair
    unique = {(one.field, one.value, one.path): one for one in written if one.value}
    return Structured(tuple(unique.values()))


_NAMES = wordings("otswatch.consumers", "metadata.yaml")


def _fields(place: str) -> dict[str, Field]:
    """Name → field, the most exact names first within a field."""
    return {name: field for field in get_args(Field) for name in _NAMES[place].get(field, ())}


# -------------------------------------------------------------------------------------------------------------- JSON-LD

_ARTICLES = {name: rank for rank, names in enumerate(_NAMES["articles"]) for name in names}
_ELSEWHERE = frozenset(_NAMES["elsewhere"])
_ARTICLE_KEYS = _fields("json-ld")
_OPENED = re.compile(r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)")
_CLOSED = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*;?\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_CLOSING = 40
_DEEPEST = 12
_CLOSE = 3  # levels of markup
#: Many sites write HTML's character references into these, which in JSON stand for themselves.
_WORDS = frozenset(("title", "authors", "site"))


def _load(script: str) -> list[Any]:
    """The JSON values of a script; many sites write several, trailing commas or raw line breaks."""
    text = _OPENED.sub("", script.strip())
    # What closes a section is short: looked for in the whole, runs of blanks would take time by their square.
    text = _TRAILING_COMMA.sub(r"\1", text[:-_CLOSING] + _CLOSED.sub("", text[-_CLOSING:])).strip()
    decoder = json.JSONDecoder(strict=False)
    values, position = [], 0
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while position < len(text) and text[position] in " \t\r\n;,":
            position += 1
    return values


def _types(node: dict[str, Any]) -> list[str]:
    types = node.get("@type")
    return [str(one).rsplit("/", 1)[-1] for one in (types if isinstance(types, list) else [types]) if one]


def _nodes(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every object that describes the page itself, outer ones first."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key, inner in value.items():
            if isinstance(inner, dict | list) and key.casefold() not in _ELSEWHERE:
                yield from _nodes(inner, depth + 1)


def _json_ld(tree: HtmlElement) -> Iterator[Found]:
    """The candidates of the first article; of the page it stands on only where there is no article."""
    nodes: list[tuple[int, str, dict[str, Any]]] = []
    named: dict[str, dict[str, Any]] = {}
    for script in tree.iterfind(".//script[@type]"):
        if "ld+json" not in script.get("type", "").casefold() or not script.text:
            continue
        for node in (node for value in _load(script.text) for node in _nodes(value)):
            kinds = [(kind, _ARTICLES.get(kind.casefold())) for kind in _types(node)]
            nodes += [(rank, kind, node) for kind, rank in kinds if rank is not None]
            if isinstance(node.get("@id"), str) and node.get("name"):
                named.setdefault(node["@id"], node)
    for _, kind, node in sorted(nodes, key=lambda entry: entry[0])[:1]:
        yield from _article(kind, node, named)


def _article(kind: str, node: dict[str, Any], named: dict[str, dict[str, Any]]) -> Iterator[Found]:
    for key, field in _ARTICLE_KEYS.items():
        names = _ADDRESSES if field in ("image", "canonical") else _NAMES_FIRST
        for value, of in _texts(node.get(key), named, names):
            yield Found(field, unescape(value) if field in _WORDS else value, "json-ld", f"{kind}.{key}", of)


_NAMES_FIRST, _ADDRESSES = ("name", "url", "@value"), ("url", "contentUrl", "@id", "@value")


def _texts(
    value: Any, named: dict[str, dict[str, Any]], names: tuple[str, ...], kind: str | None = None, depth: int = 0
) -> Iterator[tuple[str, str | None]]:
    """The plain values of a property (a text, a number, an object, a list of these), and what they are the name of.

    Args:
        names: the properties of an object that say what is wanted of it, the best first.
    """
    if depth > 3:  # lists of objects, no deeper
        return
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value).strip(), kind
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, named, names, kind, depth + 1)
    elif isinstance(value, dict):
        whole = named.get(str(value.get("@id")), value) if not value.get("name") else value
        text = next((whole[name] for name in names if whole.get(name)), None)
        yield from _texts(text, named, names, _person_or_body(whole), depth + 1)


def _person_or_body(node: dict[str, Any]) -> str | None:
    types = [kind.casefold() for kind in _types(node)]
    if "person" in types:
        return "person"
    return "organization" if any(kind.endswith("organization") for kind in types) else None


# ------------------------------------------------------------------------------------------------------ meta, microdata

_META = _fields("meta")
_RANK = {name: rank for rank, name in enumerate(_META)}
_ITEMPROPS = _fields("microdata")


def _meta(tree: HtmlElement) -> Iterator[Found]:
    found: list[tuple[int, Found]] = []
    for element in tree.iter("meta"):
        value = (element.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().casefold()
            if value and name in _META:
                found.append((_RANK[name], Found(_META[name], value, "meta", f"meta[{attribute}={name}]")))
                break
    yield from (one for _, one in sorted(found, key=lambda entry: entry[0]))


def _canonical(tree: HtmlElement) -> Iterator[Found]:
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").casefold().split():
            yield Found("canonical", (element.get("href") or "").strip(), "html", "link[rel=canonical]")


def _languages(tree: HtmlElement) -> Iterator[Found]:
    for element in tree.xpath("descendant-or-self::html[@lang or @xml:lang]"):
        yield Found("language", element.get("lang") or element.get("xml:lang") or "", "html", "html[lang]")


_MARKED = XPath("descendant-or-self::*[@itemprop or @rel='author'][not(self::meta or self::link)]")


def _microdata(tree: HtmlElement) -> Iterator[Found]:
    authors: dict[str, list[HtmlElement]] = {}
    for element in _MARKED(tree):
        for name in (element.get("itemprop") or "").casefold().split():
            field = _ITEMPROPS.get(name)
            if field == "authors":
                authors.setdefault(f"{element.tag}[itemprop={name}]", []).append(element)
            elif field:
                value = element.get("content") or element.get("datetime") or element.text_content()
                yield Found(field, " ".join(value.split())[:500], "html", f"{element.tag}[itemprop={name}]")
        if element.get("rel") == "author":
            authors.setdefault(f"{element.tag}[rel=author]", []).append(element)
    for path, elements in authors.items():
        for element in _beside_the_first(elements):
            text = element.get("content") or " ".join(element.text_content().split())
            yield Found("authors", text[:200], "html", path)


def _beside_the_first(elements: list[HtmlElement]) -> Iterator[HtmlElement]:
    """The first that is no picture's, and those close to it in the markup: others are of other articles."""
    own = [element for element in elements if next(element.iterancestors("figure", "figcaption"), None) is None]
    around = set(list(own[0].iterancestors())[:_CLOSE]) if own else set()
    yield from (element for element in own if around & set(list(element.iterancestors())[:_CLOSE]))
