"""A title or text as documents are looked for in it: its words, its sentences, the days that it names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from otswatch import dates
from otswatch.documents.register import Register, Role, Word
from otswatch.records import Evidence, Frame
from otswatch.taxonomy.matcher import FoldedText, Match
from otswatch.taxonomy.schema import LANGUAGES

#: A dot behind fewer letters is an abbreviation's or an ordinal's.
_SENTENCE_END = re.compile(r"(?<=\w\w\w)[.!?…]+[\"'»”’)]*\s+(?=\W*[A-ZА-ЯЁӘҒҚҢӨҰҮҺІЎҲİŞÇĞÖÜƏŽŇÝÁÉÍÓŐÚŰ\d])|\n+")
_PARAGRAPH = re.compile(r"\S[^\n]*(?<=\S)")
_BREAK = re.compile(r"[;:!?\n]")
_YEAR = re.compile(r"(?<![\d-])(?:19|20)\d\d(?![\d-])")


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a sentence names: tokens from `first` to before `last`."""

    first: int
    last: int
    day: date


@dataclass(frozen=True, slots=True)
class Year:
    """A year that is part of no day."""

    first: int
    last: int
    year: int


class Scene:
    """`language` is the article's; its words alone count, or those of all where it is none of ours."""

    def __init__(self, register: Register, text: str, frame: Frame, language: str) -> None:
        self.text = text
        self.frame = frame
        self.language = language
        self.words = FoldedText(text)
        self._by_role: dict[Role, list[Match[Word]]] = {}
        spoken = (language, None) if language in LANGUAGES else (*LANGUAGES, None)
        named = ("body", "other", "place", "name")
        for match in register.matcher.find(self.words):
            if match.value.role in named or match.value.lang in spoken:
                self._by_role.setdefault(match.value.role, []).append(match)

    def of(self, role: Role) -> list[Match[Word]]:
        """The longest matches of a role, in order; of one word that two stems fit the one without an ending."""
        kept: list[Match[Word]] = []
        found = self._by_role.get(role, ())
        for match in sorted(found, key=lambda match: (match.first, -match.last, not self.is_bare(match))):
            if not kept or match.last > kept[-1].last:
                kept.append(match)
        return kept

    def folded(self, index: int) -> str:
        return self.words.folded[index]

    def is_bare(self, match: Match[Word]) -> bool:
        """Whether the last word of a match has no ending."""
        return self.folded(match.last - 1) == match.value.stem

    # -------------------------------------------------------------------------------------------------------- sentences

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _SENTENCE_END.finditer(self.text)), len(self.text) + 1]

    def sentence(self, place: int) -> tuple[int, int]:
        """Start and end of the sentence around a place, as code points."""
        after = bisect_right(self._starts, place)
        return self._starts[after - 1], min(self._starts[after], len(self.text))

    def tokens(self, start: int, end: int) -> tuple[int, int]:
        """The words that begin between two places."""
        first, last = (bisect_left(self.words.tokens, place, key=lambda token: token.start) for place in (start, end))
        return first, last

    @cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        return [match.span() for match in _PARAGRAPH.finditer(self.text)]

    def between(self, last: int, first: int) -> str:
        """What stands between the word before `last` and the word `first`."""
        tokens = self.words.tokens
        return self.text[tokens[last - 1].end : tokens[first].start] if first >= last else ""

    def joined(self, last: int, first: int) -> bool:
        """Whether no mark that parts clauses stands between two words."""
        return not _BREAK.search(self.between(last, first))

    # ------------------------------------------------------------------------------------------------------------- days

    def days(self, start: int, end: int) -> list[Day]:
        """The full days that a part of the text names."""
        return [
            Day(*self.tokens(start + found.start, start + found.end), date.fromisoformat(found.at[:10]))
            for found in dates.find(self.text[start:end], self.language)
            if found.at and found.precision not in ("month", "year") and len(found.at) >= len("2024-11-06")
        ]

    def years(self, start: int, end: int, days: list[Day]) -> Iterator[Year]:
        """The years of a part of the text that are no part of those days."""
        for found in _YEAR.finditer(self.text, start, end):
            first, last = self.tokens(found.start(), found.end())
            if not any(day.first <= first < day.last for day in days):
                yield Year(first, max(last, first + 1), int(found[0]))

    def evidence(self, first: int, last: int, rule: str) -> Evidence:
        """The words from a token to before another."""
        tokens = self.words.tokens
        start, end = tokens[first].start, tokens[last - 1].end
        return Evidence(frame=self.frame, start=start, end=end, text=self.text[start:end], rule=rule)


def gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    """How many words stand between two spans of words; 0 where they touch."""
    return max(one[0] - other[1], other[0] - one[1], 0)
