"""A parsed page as a reader sees it: its blocks, their text, and what the names of classes say of them."""

from __future__ import annotations

import re

from lxml.etree import iterwalk
from lxml.html import HtmlElement

BLOCKS = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "td", "li", "section", "article", "blockquote", "dd", "dt")
_DIVIDING = frozenset((*BLOCKS, "br", "small"))
_UNREAD = frozenset(("script", "style", "noscript", "template"))
#: A block as long as this, and not made of links, is running text.
_RUNNING_TEXT = 150
_MOST_BLOCKS = 4000
_CLASS_WORD = re.compile(r"[^\W\d_]+")


def blocks(tree: HtmlElement) -> tuple[tuple[HtmlElement, str], ...]:
    """The innermost blocks with text in them and that text, in reading order."""
    found: list[tuple[HtmlElement, str]] = []
    for element in tree.iter(*BLOCKS):
        if next(element.iterdescendants(*BLOCKS), None) is None and (text := shown(element)):
            found.append((element, text))
            if len(found) == _MOST_BLOCKS:
                break
    return tuple(found)


def shown(element: HtmlElement) -> str:
    """The text of an element in one line: a line break and a block divide words, scripts are not read."""
    if len(element) == 0:
        return " ".join((element.text or "").split())
    pieces: list[str] = []
    for event, one in iterwalk(element, events=("start", "end")):
        if event == "start":
            pieces += (" " if one.tag in _DIVIDING else "", "" if one.tag in _UNREAD else one.text or "")
        elif one is not element:
            pieces += (" " if one.tag in _DIVIDING else "", one.tail or "")
    return " ".join("".join(pieces).split())


def class_words(element: HtmlElement) -> set[str]:
    """The words in an element's class and id, in lower case."""
    return set(_CLASS_WORD.findall(f"{element.get('class') or ''} {element.get('id') or ''}".casefold()))


def is_running_text(element: HtmlElement, text: str) -> bool:
    """Whether a block is a paragraph of text, and not of links."""
    return len(text) >= _RUNNING_TEXT and 2 * sum(len(shown(link)) for link in element.iter("a")) <= len(text)


def path(element: HtmlElement) -> str:
    """An element as evidence names it."""
    words = (element.get("class") or "").split()
    return f"{element.tag}.{words[0]}" if words else str(element.tag)
