"""The main text of a page: trafilatura's, mended by rules that hold for any site (`body_rules.RULES`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from html import unescape

from lxml.etree import ParserError, strip_elements
from lxml.html import HtmlElement, fragment_fromstring
from trafilatura import bare_extraction

from otswatch.consumers import body_blocks, body_rules
from otswatch.consumers.body_blocks import Block
from otswatch.consumers.document import Document
from otswatch.text.plain import CONTROL, plain

#: Shorter finds are often a consent note or a caption: worth a second look, which must find several times as much.
_SHORT, _TIMES = 250, 4
#: Around the text. With what is never shown they are half of the elements of a page.
_AROUND = ("nav", "footer")
_MARK, _NOTHING = "otswatch-around", "otswatch-nothing"
#: trafilatura's second extractor, justext, takes time by the square of the paragraphs: 12 s for 10,000.
_MANY_TAGS = 12_000
#: The share of a block's three-word runs that a text must have for the block to be of it.
_OF_TEXT = 0.6
_MARKUP = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A paragraph that was found and left out, and the rule that did it."""

    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs of a page's main text in order, each one plain line, and what was left out."""

    paragraphs: tuple[str, ...]
    dropped: tuple[Dropped, ...] = ()


def read(document: Document, title: str | None = None) -> Body:
    """The main text of a page; empty where there is none.

    Args:
        title: the page's title, where it is known; what stands above it is not of the text.
    """
    tree = document.tree
    if tree is None:
        return Body(())
    stated = unescape(max((found.value for found in document.structured.of("body")), key=len, default=""))
    found = _find(document, tree, title, stated, whole=False)
    if _size(found) < _SHORT:
        second = _find(document, tree, title, stated, whole=True)
        found = second if _size(second) > _TIMES * _size(found) else found
    if _size(found) < min(_SHORT, len(stated)):
        return Body(_stated_paragraphs(stated))  # a page that a script fills in may still carry its text
    return found


def _size(body: Body) -> int:
    return sum(map(len, body.paragraphs))


def _find(document: Document, tree: HtmlElement, title: str | None, stated: str, *, whole: bool) -> Body:
    """The text of a page; unless it is searched as a `whole`, without what its tags say is around the text."""
    tree = deepcopy(tree)
    root = tree.find("body") if tree.tag == "html" else None
    blocks = body_blocks.read(tree if root is None else root, () if whole else _AROUND)
    stated = _TAG.sub(" ", stated)
    many = (document.html or "").count("<") > _MANY_TAGS
    extracted = _trafilatura(tree if whole else _without_around(tree, blocks), document.url, fast=many or not whole)
    _mark(blocks.all, extracted, stated)
    page = body_rules.Page(blocks, title, stated=0 if stated.rstrip().endswith(("...", "…")) else len(stated))
    body_rules.apply(page, body_rules.RULES)
    dropped = (Dropped(one.text, one.rule or "elsewhere/1") for one in blocks.all if one.extracted and not one.kept)
    return Body(tuple(one.text for one in blocks.all if one.kept), tuple(dropped))


def _mark(blocks: Iterable[Block], extracted: str, stated: str) -> None:
    """Notes which blocks stand in the extractor's text and in JSON-LD's."""
    in_extracted, in_stated = _Runs(extracted), _Runs(stated)
    for block in blocks:
        block.extracted = in_extracted.share(block.tokens) > _OF_TEXT
        block.stated = bool(stated) and in_stated.share(block.tokens) > _OF_TEXT


class _Runs:
    """A text as the runs of one, two and three words in it, by which its paragraphs are known again."""

    def __init__(self, text: str) -> None:
        words = body_blocks.tokens(text.replace("\u00ad", ""))
        self._runs = {run for size in (1, 2, 3) for run in _runs(words, size)}

    def share(self, words: list[str]) -> float:
        """The share of the runs of these words that the text has."""
        size = min(3, len(words))
        if not size:
            return 0.0
        runs = list(_runs(words, size))
        return sum(run in self._runs for run in runs) / len(runs)


def _runs(words: list[str], size: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(size)), strict=False)


def _without_around(tree: HtmlElement, blocks: body_blocks.Blocks) -> HtmlElement:
    """The page without what is plainly around its text: the extractor takes a third less time and finds the same.

    Furniture with a long paragraph in it stays, for its name may mislead. The tree is marked, so give a copy.
    """
    for region in blocks.regions:
        if not any(block.is_prose for block in blocks.within(region.element)):
            region.element.set(_MARK, "")
    rest = deepcopy(tree)
    strip_elements(rest, *_AROUND, "script", "style", "svg", "noscript", with_tail=False)
    for element in rest.iterfind(f".//*[@{_MARK}]"):
        element.tag = _NOTHING
    strip_elements(rest, _NOTHING, with_tail=False)
    return rest


def _trafilatura(tree: HtmlElement, url: str | None, *, fast: bool) -> str:
    # It works on a copy of a tree that it is given (trafilatura.core.bare_extraction).
    found = bare_extraction(tree, url=url, fast=fast, favor_recall=fast, include_comments=False)
    return (getattr(found, "text", None) or "") if found else ""


def _stated_paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of JSON-LD's text, parted where it is: by tags or by lines."""
    if not _MARKUP.search(text):
        return tuple(line for line in map(plain, text.splitlines()) if line)
    try:
        tree: HtmlElement = fragment_fromstring(CONTROL.sub(" ", text), create_parent="div")
    except (ParserError, ValueError):
        return ()
    return tuple(block.text for block in body_blocks.read(tree, ()).all)
