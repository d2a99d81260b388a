"""The main text of a page: trafilatura's, mended by rules that hold for any site."""

from __future__ import annotations

from dataclasses import dataclass

from trafilatura import bare_extraction

from otswatch.consumers.document import Document, plain

#: A shorter text is worth a second look, and is taken for a piece of the second where that is several times as long.
_SECOND_LOOK, _TIMES = 1200, 4
#: Shorter finds are often a consent note or a caption.
_SHORT = 250
#: trafilatura's second extractor, justext, takes time by the square of the paragraphs: 12 s for 10,000.
_MANY_TAGS = 12_000


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


def read(document: Document) -> Body:
    """The main text of a page; empty where there is none."""
    text = _extract(document, precise=True)
    if len(text) < _SECOND_LOOK:
        other = _extract(document, precise=False)
        text = other if len(other) >= _TIMES * len(text) or len(text) < _SHORT < len(other) else text
    if len(text) < _SHORT:  # a page that a script fills in may still carry its text for search engines
        text = max([text, *(found.value for found in document.structured.of("body"))], key=len)
    return Body(tuple(line for line in map(plain, text.splitlines()) if line))


def _extract(document: Document, *, precise: bool) -> str:
    # trafilatura works on a copy of a tree that it is given (trafilatura.core.bare_extraction).
    found = bare_extraction(
        document.tree,
        url=document.url,
        fast=(document.html or "").count("<") > _MANY_TAGS,
        favor_precision=precise,
        include_comments=False,
    )
    return (getattr(found, "text", None) or "") if found else ""
