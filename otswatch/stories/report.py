"""An article as the readers of facts see it: its beginning, its paragraphs, and the words of the taxonomy in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple, TypeVar

from otswatch.records import Article, Content
from otswatch.stories.wordlist import words
from otswatch.taxonomy.loader import Role, Use
from otswatch.taxonomy.matcher import FoldedText, Match
from otswatch.taxonomy.process import taxonomy

#: A report tells its event at the beginning: so many characters are read, and so many paragraphs told apart.
_READ: Final = 3000
_PARTS: Final = 62
#: A paragraph of fewer characters that is no sentence is a line of the site's own ("Share on Facebook").
_LINE: Final = 80
_SENTENCE: Final = (".", "!", "?", "…", "”", "»", '"')
#: A paragraph that names so many of the members and observers says who they are.
_MEMBERS: Final = 7
#: Of each sort so many facts are kept, the first ones.
_KEPT: Final = 24
_ROLES: Final[tuple[Role, ...]] = (
    *("organisation", "organ", "country", "foreign", "place"),
    *("office", "series", "meeting", "ordinal"),
)
#: A number of these can be a year.
YEARS: Final = range(1990, 2100)
_SENTENCE_END = re.compile(r"(?<=\w\w\w)[.!?…]+[\"'»”’)]*\s+|\n+")


class Said(NamedTuple):
    """One fact: what it says, in which words first, and in which paragraphs (a bit each; the title is the lowest)."""

    value: str
    words: str
    parts: int


class Amount(NamedTuple):
    """A figure: its value, the beginning of the word that it counts (may be empty), and how words around it begin."""

    value: float
    unit: str
    words: str
    parts: int
    around: tuple[str, ...]


Fact = TypeVar("Fact", Said, Amount)


def paragraphs(content: Content) -> list[str]:
    """Title and paragraphs as facts count them; the title may be empty, background is blank."""
    return [(content.title or "").strip(), *content.foreground[:_READ].split("\n\n")]


def lead(pieces: Sequence[str]) -> int:
    """Which of title and paragraphs is the lead: the first behind the title that is more than a line."""
    told = (piece.strip() for piece in pieces[1:])
    return next((i for i, piece in enumerate(told, 1) if len(piece) >= _LINE or piece.endswith(_SENTENCE)), 1)


class Report:
    """Title and beginning of an article. `published`: the day by its own clock; null where it is not known."""

    def __init__(self, article: Article, content: Content, published: date | None) -> None:
        self.article, self.language, self.published = article, content.language, published
        pieces = paragraphs(content)
        self.text = "\n\n".join(pieces)
        self.words = FoldedText(self.text)
        self._starts = [0]
        for piece in pieces:
            self._starts.append(self._starts[-1] + len(piece) + 2)
        self.lead = lead(pieces)

    def part(self, place: int) -> int:
        """The paragraph of a place, 0 for the title."""
        return min(bisect_right(self._starts, place) - 1, _PARTS)

    @property
    def head(self) -> FoldedText:
        """The words of title and lead."""
        return self.words.part(0, self._starts[self.lead + 1])

    def sentence(self, place: int) -> tuple[int, int]:
        """Start and end of the sentence around a place."""
        after = bisect_right(self._sentences, place, key=lambda ends: ends[1])
        start = self._sentences[after - 1][1] if after else 0
        return start, self._sentences[after][0] if after < len(self._sentences) else len(self.text)

    @cached_property
    def _sentences(self) -> list[tuple[int, int]]:
        """Where sentences end, and where the next ones begin."""
        return [end.span() for end in _SENTENCE_END.finditer(self.text)]

    @cached_property
    def matches(self) -> list[Match[Use]]:
        """Names and meeting words of the taxonomy."""
        return taxonomy().finder(*_ROLES).find(self.words)

    @cached_property
    def own(self) -> list[Match[Use]]:
        """Those of the article's language."""
        return [match for match in self.matches if match.value.lang == self.language]

    @cached_property
    def occasions(self) -> list[Match[str]]:
        """The words for sorts of events."""
        known = words(self.language)
        return known.occasions.find(self.words) if known else []

    @cached_property
    def _membership(self) -> int:
        """The paragraphs behind the lead that say who is in the organisation: they are about no event."""
        states: dict[int, set[str]] = {}
        for match in self.matches:
            if match.value.role == "country":
                states.setdefault(self.part(match.start), set()).add(match.value.id)
        return sum(1 << part for part, named in states.items() if part > self.lead and len(named) >= _MEMBERS)

    def together(self, found: Iterable[Fact]) -> tuple[Fact, ...]:
        """Each fact once, with its first words and all of its paragraphs, but those of the membership."""
        kept: dict[object, Fact] = {}
        for fact in found:
            key = fact[:2] if isinstance(fact, Amount) else fact.value
            before = kept.get(key)
            if not fact.parts & self._membership:
                kept[key] = before._replace(parts=before.parts | fact.parts) if before else fact
        return tuple(kept.values())[:_KEPT]
