"""Where things stand on a page as a reader sees it: its lines in order, the title and the text among them."""

from __future__ import annotations

import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from otswatch.records import Content

#: Where a moment may stand for scripts, in an element that a reader sees.
STAMPED = ("data-timestamp", "data-time", "data-date", "data-datetime", "data-published", "data-utc", "data-livestamp")
_STAMPED = " or ".join(f"@{name}" for name in STAMPED)
_ITEMS = XPath(f".//text()[normalize-space()] | .//time | .//abbr[@title] | .//*[{_STAMPED}]")
_UNSEEN = frozenset(("script", "style", "noscript", "template", "title", "option", "textarea", "select", "button"))
#: A page with more pieces than this is a list or a table; the title and the date stand in front.
_MOST = 8000
_MOST_PARAGRAPHS, _MOST_TITLES = 300, 30
_ANCHOR = 60
_CLIMB = 8
_PART = 15
_HEADINGS = frozenset(("h1", "h2", "h3"))


@dataclass(frozen=True, slots=True)
class Chunk:
    """A text node, or an element that carries a moment (its text is then empty).

    `start` and `end` count the characters in front of it on the page, white space left out.
    """

    element: HtmlElement
    text: str
    start: int
    end: int


def squeezed(text: str) -> str:
    """A text without its white space, for comparing what markup divides."""
    text = "".join(text.split())
    return (text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)).casefold()


@dataclass(frozen=True)
class Layout:
    """A page in reading order.

    `title` and `body` are half-open ranges of chunks, empty where they are not found; `paragraphs` are those of the
    text as spans of characters, in order, and `heads` the chunks in which they begin.
    """

    chunks: tuple[Chunk, ...]
    title: range = field(default=range(0))
    body: range = field(default=range(0))
    paragraphs: tuple[tuple[int, int], ...] = ()
    heads: tuple[int, ...] = ()

    @cached_property
    def around(self) -> frozenset[HtmlElement]:
        """What holds the title, or a paragraph: whatever it is called, it is the article's."""
        found: set[HtmlElement] = set()
        for index in (*self.title[:1], *self.heads):
            for outer in (self.chunks[index].element, *self.chunks[index].element.iterancestors()):
                if outer in found:
                    break
                found.add(outer)
        return frozenset(found)

    def paragraph_at(self, position: int) -> int:
        """The length of the paragraph that holds a place, 0 where it is in none."""
        index = bisect_right(self.paragraphs, (position, sys.maxsize)) - 1
        start, end = self.paragraphs[index] if index >= 0 else (0, 0)
        return end - start if start <= position < end else 0


def layout(tree: HtmlElement, content: Content) -> Layout:
    """The lines of a page, with the place of the title and the text that were taken from it."""
    chunks = tuple(_chunks(tree))
    stream = "".join(squeezed(chunk.text) for chunk in chunks)
    starts = [chunk.start for chunk in chunks]
    wanted = squeezed(content.title or "")
    written = islice(content.text.split("\n\n"), _MOST_PARAGRAPHS)
    paragraphs = [text for one in written if (text := squeezed(one)) and not _is_of(text, wanted)]
    anchor = stream.find(max(paragraphs, key=len)[:_ANCHOR]) if paragraphs else -1
    title = _title(chunks, stream, starts, wanted, anchor)
    low = chunks[title[-1]].end if title else 0
    spans = sorted({(at, at + len(text)) for text in paragraphs if (at := stream.find(text[:_ANCHOR], low)) >= 0})
    if anchor < 0 or not spans:
        return Layout(chunks, title)
    heads = tuple(_at(starts, start) for start, _ in spans)
    return Layout(chunks, title, range(heads[0], heads[-1] + 1), tuple(spans), heads)


def _is_of(text: str, title: str) -> bool:
    return text in title or (bool(title) and text.startswith(title))


def _at(starts: list[int], position: int) -> int:
    return bisect_right(starts, position) - 1


def _chunks(tree: HtmlElement) -> Iterator[Chunk]:
    body = tree.find("body") if tree.tag == "html" else tree
    position = 0
    for item in islice(_ITEMS(tree if body is None else body), _MOST):
        if not isinstance(item, str):
            yield Chunk(item, "", position, position)
            continue
        element = item.getparent()  # type: ignore[attr-defined]  # lxml's strings know where they stand
        if item.is_tail:  # type: ignore[attr-defined]  # as above
            element = element.getparent()
        if element is None or element.tag in _UNSEEN:
            continue
        text = " ".join(item.split())
        size = len(squeezed(text))
        yield Chunk(element, text, position, position + size)
        position += size


def _title(chunks: tuple[Chunk, ...], stream: str, starts: list[int], title: str, anchor: int) -> range:
    """Where the title stands: in a heading in front of the text if it can be, else the last place in front of it."""
    before = anchor if anchor >= 0 else len(stream)
    found: range | None = None
    position = stream.find(title) if title else -1
    for _ in range(_MOST_TITLES):
        if not 0 <= position < before:
            break
        first, last = _at(starts, position), _at(starts, position + len(title) - 1)
        here = range(first, last + 1)
        if _in_heading(chunks[last].element):
            return here
        found = here
        position = stream.find(title, position + len(title))
    return found if found is not None else _like_a_title(chunks, title, before)


def _like_a_title(chunks: tuple[Chunk, ...], title: str, before: int) -> range:
    """A heading that is a part of the title, or has it as a part; else the last `h1` in front of the text."""
    last = range(0)
    for index, chunk in enumerate(chunks):
        if chunk.start >= before:
            break
        if not chunk.text or not (heading := _heading(chunk.element)):
            continue
        words = squeezed(chunk.text)
        if len(words) >= _PART and title and (words in title or title in words):
            return range(index, index + 1)
        last = range(index, index + 1) if heading == "h1" else last
    return last


def _heading(element: HtmlElement) -> str:
    tags = (str(outer.tag) for outer in (element, *islice(element.iterancestors(), 3)))
    return next((tag for tag in tags if tag in _HEADINGS), "")


def _in_heading(element: HtmlElement) -> bool:
    return _heading(element) in ("h1", "h2")


def holds(outer: HtmlElement, element: HtmlElement) -> bool:
    """Whether an element is another or stands a few levels below it."""
    return element is outer or any(one is outer for one in islice(element.iterancestors(), _CLIMB))
