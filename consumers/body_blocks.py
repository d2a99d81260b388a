"""A page cut into blocks: what a reader sees as one paragraph, heading, list item or table row, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import Any

from lxml.html import HtmlElement

from otswatch.text.folding import fold
from otswatch.text.plain import plain
from otswatch.wordings import wordings


def data() -> dict[str, Any]:
    """The words of `body.yaml`."""
    loaded: dict[str, Any] = wordings("otswatch.consumers", "body.yaml")
    return loaded


_KIND_OF_TAG = {"nav": "page-part", "footer": "page-part", "figcaption": "caption"}
_KIND_OF_ROLE = {
    **dict.fromkeys(("navigation", "contentinfo", "menu", "menubar", "search", "tablist", "toolbar"), "page-part"),
    **dict.fromkeys(("dialog", "alertdialog"), "appeal"),
}
_HIDING = frozenset(("hidden", "d-none", "hide", "is-hidden", "u-hidden"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
#: `page--with-sidebar` is the page, not the sidebar.
_BESIDE = re.compile(r"(?:^|[\W_])(?:with|has|no|without)(?=[\W_A-Z])")
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_ENDS_SENTENCE = re.compile(r"""[.!?…:»”"]\s*$""")
_INDENT = re.compile(r"[\t\r\n ]*[\u00a0\u2003\u3000]{2}")
#: Cells of a table of figures are no longer; a longer one is a column of a page laid out in tables.
_LONGEST_CELL = 200
_PROSE = 80


_TAGS = data()["tags"]
HEADINGS = frozenset(_TAGS["headings"])
#: What holds a paragraph without being the place it stands in.
_THROUGH = HEADINGS | frozenset(_TAGS["paragraphs"])
_BLOCKS = _THROUGH | frozenset(_TAGS["blocks"])
_UNSEEN = frozenset(_TAGS["unseen"])


@dataclass(slots=True, eq=False)
class Region:
    """An element that is plainly none of the text by its tag, role, state or name, and of what kind it is."""

    kind: str
    element: HtmlElement
    parent: Region | None
    #: Holds most of the text after all, so its name misleads.
    opened: bool = False

    def outwards(self) -> Iterator[Region]:
        region: Region | None = self
        while region is not None:
            yield region
            region = region.parent


@dataclass(eq=False)
class Block:
    """One line of the page. `index` is its place among the blocks."""

    text: str
    element: HtmlElement
    region: Region | None
    index: int
    tokens: list[str]
    #: How much of it is links.
    link_share: float
    #: Long enough to be a paragraph of a text, and not mostly links.
    is_prose: bool
    #: In trafilatura's text; in what JSON-LD says is the body; in the one of them that decides.
    extracted: bool = False
    stated: bool = False
    hit: bool = False
    kept: bool = False
    #: The rule that took it away.
    rule: str | None = None

    @property
    def is_heading(self) -> bool:
        return self.element.tag in HEADINGS

    @property
    def is_marked(self) -> bool:
        """Whether the page itself says that this is a paragraph, a list item, a heading or a row."""
        return self.element.tag in _THROUGH

    @cached_property
    def place(self) -> HtmlElement:
        """The element that the paragraph stands in."""
        element = self.element
        while element.tag in _THROUGH and (parent := element.getparent()) is not None:
            element = parent
        return element

    @cached_property
    def signature(self) -> tuple[str, ...]:
        """What its place has in common with others of the template: tag and class, its own and its parent's."""
        parent = self.place.getparent()
        above = () if parent is None else (str(parent.tag), parent.get("class") or "")
        return (str(self.place.tag), self.place.get("class") or "", *above)

    @cached_property
    def folded(self) -> str:
        return fold(self.text)


@dataclass(slots=True)
class Blocks:
    """The blocks of a page in order, its regions, and the stretch of blocks that each element holds."""

    all: list[Block] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    spans: dict[HtmlElement, tuple[int, int]] = field(default_factory=dict)

    def within(self, element: HtmlElement) -> list[Block]:
        start, end = self.spans.get(element, (0, 0))
        return self.all[start:end]

    def holds(self, element: HtmlElement, block: Block) -> bool:
        start, end = self.spans.get(element, (0, 0))
        return start <= block.index < end


def read(root: HtmlElement, without: Sequence[str] = ()) -> Blocks:
    """The blocks of a page, passing over elements of some tags.

    The tree is not changed; it is at most as deep as `document` lets through.
    """
    reader = _Reader(_UNSEEN.union(without))
    reader.visit(root, root, None, linked=False)
    reader.flush()
    reader.found.spans[root] = (0, len(reader.found.all))
    return reader.found


def outwards(element: HtmlElement | None) -> Iterator[HtmlElement]:
    """An element and all that hold it."""
    while element is not None:
        yield element
        element = element.getparent()


def tokens(text: str) -> list[str]:
    """Words; signs of scripts without spaces one by one."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=1 << 14)
def words_of(name: str) -> frozenset[str]:
    """The words of a class name or id, and every two side by side."""
    words = [word.casefold() for word in _WORD.findall(_BESIDE.split(name)[0])]
    return frozenset((*words, *(f"{one}-{two}" for one, two in pairwise(words))))


@cache
def _kinds() -> dict[str, str]:
    return {word: kind for kind, words in data()["furniture"].items() for word in words}


@lru_cache(maxsize=1 << 13)
def _kind_of_names(names: str) -> str | None:
    kinds = _kinds()
    found = [word for name in names.split() for word in words_of(name) if word in kinds]
    return kinds[min(found, key=list(kinds).index)] if found else None


def _kind(element: HtmlElement) -> str | None:
    tag = element.tag
    if tag in _KIND_OF_TAG:
        return _KIND_OF_TAG[tag]
    if tag == "figure" and element.find(".//blockquote") is None and element.find(".//table") is None:
        return "caption"
    attributes = element.attrib
    if not attributes:
        return None
    classes = attributes.get("class") or ""
    if "hidden" in attributes or _is_hidden(classes, attributes.get("style")):
        return "hidden"
    return _KIND_OF_ROLE.get(attributes.get("role") or "") or _kind_by_name(element, classes)


def _is_hidden(classes: str, style: str | None) -> bool:
    """Whether an element is hidden on every screen; classes such as `hidden md:block` show it on some."""
    if style and _HIDDEN_STYLE.search(style):
        return True
    return not _HIDING.isdisjoint(classes.split()) and not re.search(r":|\bd-(?!none)", classes)


def _kind_by_name(element: HtmlElement, classes: str) -> str | None:
    tag = element.tag
    if tag in ("html", "body", "main"):
        return None
    if tag == "article":  # WordPress writes an article's tags and categories into its class
        classes = ""
    own = element.get("id")
    kind = _kind_of_names(f"{classes} {own}" if own else classes)
    # Paragraphs and headings of the text have such words in their class too.
    return None if kind == "page-part" and (tag == "p" or tag in HEADINGS) else kind


class _Reader:
    """Walks a page in the order in which it is read, gathering text until a block ends."""

    def __init__(self, unseen: frozenset[str]) -> None:
        self._unseen = unseen
        self.found = Blocks()
        self._parts: list[str] = []
        self._linked = 0
        self._breaks = 0
        self._element: HtmlElement | None = None
        self._region: Region | None = None
        self._tables: dict[HtmlElement, bool] = {}

    def visit(self, element: HtmlElement, block: HtmlElement, region: Region | None, *, linked: bool) -> None:
        tag = element.tag
        if not isinstance(tag, str):
            return
        if tag in self._unseen:
            if tag in _BLOCKS:
                self.flush()
            return
        if tag == "br":
            self._break()
            return
        is_block = tag in _BLOCKS
        if kind := _kind(element):
            region = Region(kind, element, region)
            self.found.regions.append(region)
        if is_block or kind:
            self.flush()
            block = element if is_block else block
        start = len(self.found.all)
        if tag == "tr" and self._is_row(element):
            self._row(element, region)
        else:
            self._children(element, block, region, linked=linked or (tag == "a" and "href" in element.attrib))
        if is_block or kind:
            self.flush()
        if len(self.found.all) > start:
            self.found.spans[element] = (start, len(self.found.all))

    def _children(self, element: HtmlElement, block: HtmlElement, region: Region | None, *, linked: bool) -> None:
        self._text(element.text, block, region, linked=linked)
        for child in element:
            self.visit(child, block, region, linked=linked)
            self._text(child.tail, block, region, linked=linked)

    def _break(self) -> None:
        self._breaks += 1
        if self._parts:
            self._parts.append(" ")

    def _text(self, text: str | None, block: HtmlElement, region: Region | None, *, linked: bool) -> None:
        if not text or (text.isspace() and (self._breaks or not self._parts)):
            return
        if self._breaks and self._parts and self._parts_end(text):
            self.flush()
        self._breaks = 0
        if not self._parts:
            self._element, self._region = block, region
        self._parts.append(text)
        if linked:
            self._linked += len(text.strip())

    def _parts_end(self, text: str) -> bool:
        """Whether a new paragraph begins behind line breaks: two of them, an indent, or one behind a sentence."""
        return self._breaks > 1 or bool(_INDENT.match(text) or _ENDS_SENTENCE.search("".join(self._parts[-3:])))

    def flush(self) -> None:
        """Ends the block."""
        self._breaks = 0
        if not self._parts:
            return
        line = plain("".join(self._parts).replace("\u00ad", ""))
        if line and self._element is not None:
            links = self._linked / len(line)
            prose = len(line) >= _PROSE and links < 0.5 and self._element.tag not in HEADINGS
            found = self.found.all
            found.append(Block(line, self._element, self._region, len(found), tokens(line), links, prose))
        self._parts, self._linked = [], 0

    def _is_row(self, row: HtmlElement) -> bool:
        """Whether it is a line of figures or names to be read across, not the columns of a page."""
        if sum(cell.tag in ("td", "th") for cell in row) < 2:
            return False
        table = next(row.iterancestors("table"), None)
        if table is None:
            return False
        if table not in self._tables:
            self._tables[table] = self._is_table(table)
        return self._tables[table]

    @staticmethod
    def _is_table(table: HtmlElement) -> bool:
        if table.find(".//table") is not None or sum(1 for _ in table.iter("tr")) < 2:
            return False
        return all(len("".join(cell.itertext())) < _LONGEST_CELL for cell in table.iter("td"))

    def _row(self, row: HtmlElement, region: Region | None) -> None:
        self._parts = [" ".join("".join(cell.itertext()) for cell in row)]
        self._linked = sum(len("".join(link.itertext()).strip()) for link in row.iter("a"))
        self._element, self._region = row, region
