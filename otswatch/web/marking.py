"""Text with some of its places marked, as safe HTML: taking the tags away gives the text back.

Places may overlap in any way: the text is cut at every start and end, and each piece knows which places cover it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from markupsafe import Markup, escape

from otswatch.evaluate import places
from otswatch.query import DEFAULT_FIELDS, MAX_WORD, Node, TextLeaf, leaves
from otswatch.text.folding import Token, tokens


class Place(Protocol):
    """Code points `start` to `end` (exclusive) of a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


P = TypeVar("P", bound=Place)


@dataclass(frozen=True, slots=True)
class Piece(Generic[P]):
    """A part of a text, and the places that cover it, in the order that they were given in."""

    text: str
    start: int
    places: tuple[P, ...]


def pieces(text: str, places: Sequence[P], start: int = 0, end: int | None = None) -> Iterator[Piece[P]]:
    """The text from `start` to `end`, cut where a place begins or ends. Offsets beyond the text are cut off."""
    end = len(text) if end is None else end
    inside = [place for place in places if max(place.start, start) < min(place.end, end)]
    cuts = {start, end} | {max(place.start, start) for place in inside} | {min(place.end, end) for place in inside}
    edges = sorted(cuts)
    for first, last in pairwise(edges):
        covering = tuple(place for place in inside if place.start <= first and last <= place.end)
        yield Piece(text[first:last], first, covering)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph of a cleaned text, which has a blank line between two."""
    start = 0
    for paragraph in text.split("\n\n"):
        yield start, start + len(paragraph)
        start += len(paragraph) + 2


# ---------------------------------------------------------------------------------------------- the words of a query


def found(text: str, query: Node | None, field: str) -> list[Token]:
    """The places of a title or text that a query looks for, as the index matches them."""
    wanted = [leaf for leaf in _wanted(query) if leaf.field in (None, field)]
    if not wanted or field not in DEFAULT_FIELDS:
        return []
    words = tokens(text)
    folded = [word.text[:MAX_WORD] for word in words]
    spans = {span for leaf in wanted for span in places(leaf, folded)}
    return [Token("", words[first].start, words[last - 1].end) for first, last in sorted(spans)]


def _wanted(query: Node | None) -> Iterator[TextLeaf]:
    if query:
        yield from (leaf for leaf in leaves(query, negated=False) if isinstance(leaf, TextLeaf))


def marked(text: str, query: Node | None, field: str) -> Markup:
    """A title or text with the words of a query in `<mark>`."""
    return _marked(text, found(text, query, field), 0, len(text))


#: Characters of a snippet, and how many of them stand before its first word of the query.
_LENGTH, _BEFORE = 280, 70
#: Words are not cut, unless they are longer than this.
_WORD = 30
_SPACE = re.compile(r"\s")


def snippet(text: str, query: Node | None) -> Markup:
    """The part of a text around the first words of a query; its beginning where none is in it."""
    places = found(text, query, "text")
    first = places[0].start if places else 0
    start = _word_start(text, max(0, first - _BEFORE)) if first > _BEFORE else 0
    end = _word_end(text, start + _LENGTH)
    shown = _marked(text, places, start, end)
    return Markup("{}{}{}").format("… " if start else "", shown, " …" if end < len(text) else "")


def beginning(text: str, length: int = 120) -> str:
    """The first words of a text, on one line."""
    end = _word_end(text, length)
    return " ".join(text[:end].split()) + (" …" if end < len(text) else "")


def _marked(text: str, places: Sequence[Place], start: int, end: int) -> Markup:
    return Markup("").join(_mark(piece) for piece in pieces(text, places, start, end))


def _mark(piece: Piece[Place]) -> Markup:
    return Markup("<mark>{}</mark>").format(piece.text) if piece.places else escape(piece.text)


def _word_start(text: str, place: int) -> int:
    space = _SPACE.search(text, place, place + _WORD)
    return space.end() if space else place


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    spaces = [space.start() for space in _SPACE.finditer(text, max(0, place - _WORD), place + 1)]
    return spaces[-1] if spaces else place
