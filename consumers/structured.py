"""What a page says of itself for machines (JSON-LD, meta tags, microdata), read once into candidates with their place.

The names that are read are data: `metadata.yaml`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal, get_args

import yaml
from lxml.html import HtmlElement

from otswatch.records import Frame

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


@dataclass(frozen=True, slots=True)
class Structured:
    """Everything found, most trustworthy first within a field."""

    found: tuple[Found, ...] = ()

    def of(self, field: Field, frame: Frame | None = None) -> list[Found]:
        """The candidates of a field, of one place or of all."""
        return [one for one in self.found if one.field == field and frame in (None, one.frame)]


def read(tree: HtmlElement) -> Structured:
    """The candidates of a page. The tree is not changed."""
    candidates = (*_json_ld(tree), *_meta(tree), *_links(tree), *_microdata(tree))
    unique = {(one.field, one.value, one.path): one for one in candidates if one.value}
    return Structured(tuple(unique.values()))


_NAMES = yaml.safe_load((files("otswatch.consumers") / "metadata.yaml").read_text(encoding="utf-8"))


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
_DEEPEST = 12


def _load(script: str) -> list[Any]:
    """The JSON values of a script; many sites write several, trailing commas or raw line breaks."""
    text = _TRAILING_COMMA.sub(r"\1", _CLOSED.sub("", _OPENED.sub("", script))).strip()
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
            if isinstance(node.get("@id"), str) and len(node) > 1:
                named.setdefault(node["@id"], node)
    for _, kind, node in sorted(nodes, key=lambda entry: entry[0])[:1]:
        yield from _article(kind, node, named)


def _article(kind: str, node: dict[str, Any], named: dict[str, dict[str, Any]]) -> Iterator[Found]:
    for key, field in _ARTICLE_KEYS.items():
        for value in _texts(node.get(key), named):
            yield Found(field, value, "json-ld", f"{kind}.{key}")


def _texts(value: Any, named: dict[str, dict[str, Any]], depth: int = 0) -> Iterator[str]:
    """The plain values of a property: a text, a number, the name or address of an object, or a list of these."""
    if depth > 3:  # lists of objects, no deeper
        return
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value).strip()
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, named, depth + 1)
    elif isinstance(value, dict):
        whole = named.get(str(value.get("@id")), value) if len(value) == 1 else value
        yield from _texts(whole.get("name") or whole.get("url") or whole.get("@value"), named, depth + 1)


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


def _links(tree: HtmlElement) -> Iterator[Found]:
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").casefold().split():
            yield Found("canonical", (element.get("href") or "").strip(), "html", "link[rel=canonical]")
    for element in tree.xpath("descendant-or-self::html[@lang or @xml:lang]"):
        yield Found("language", element.get("lang") or element.get("xml:lang") or "", "html", "html[lang]")


def _microdata(tree: HtmlElement) -> Iterator[Found]:
    for element in tree.xpath(".//*[@itemprop][not(self::meta)]"):
        for name in element.get("itemprop").casefold().split():
            if field := _ITEMPROPS.get(name):
                value = element.get("content") or element.get("datetime") or element.text_content()
                yield Found(field, " ".join(value.split())[:500], "html", f"{element.tag}[itemprop={name}]")
    for element in tree.xpath(".//*[@rel='author'][not(self::link)]"):
        yield Found("authors", " ".join(element.text_content().split())[:200], "html", f"{element.tag}[rel=author]")
