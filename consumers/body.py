"""The main text of a page: trafilatura's, mended by rules that hold for any site (`body_rules.RULES`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from lxml.etree import ParserError
from lxml.html import HtmlElement, fragment_fromstring
from trafilatura import bare_extraction

from otswatch.consumers import body_blocks, body_rules
from otswatch.consumers.body_blocks import Block
from otswatch.consumers.document import CONTROL, Document, plain

#: Shorter finds are often a consent note or a caption, and worth a second look.
_SHORT = 250
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
    root = tree.find("body") if tree.tag == "html" else None
    blocks = body_blocks.read(tree if root is None else root)
    stated = unescape(max((found.value for found in document.structured.of("body")), key=len, default=""))
    body = _select(blocks, title, _extract(document), _TAG.sub(" ", stated))
    if sum(map(len, body.paragraphs)) < min(_SHORT, len(stated)):
        return Body(_stated_paragraphs(stated))  # a page that a script fills in may still carry its text
    return body


def _select(blocks: body_blocks.Blocks, title: str | None, extracted: str, stated: str) -> Body:
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


def _extract(document: Document) -> str:
    few = (document.html or "").count("<") <= _MANY_TAGS
    text = _trafilatura(document, fast=True)
    return _trafilatura(document, fast=False) if few and len(text) < _SHORT else text


def _trafilatura(document: Document, *, fast: bool) -> str:
    # trafilatura works on a copy of a tree that it is given (trafilatura.core.bare_extraction).
    found = bare_extraction(document.tree, url=document.url, fast=fast, favor_recall=fast, include_comments=False)
    return (getattr(found, "text", None) or "") if found else ""


def _stated_paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of JSON-LD's text, parted where it is: by tags or by lines."""
    if not _MARKUP.search(text):
        return tuple(line for line in map(plain, text.splitlines()) if line)
    try:
        tree: HtmlElement = fragment_fromstring(CONTROL.sub(" ", text), create_parent="div")
    except (ParserError, ValueError):
        return ()
    return tuple(block.text for block in body_blocks.read(tree).all)
