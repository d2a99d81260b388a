"""One sentence of a text as the rules of meetings see it. All places are tokens of the whole text, unless said."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Protocol, TypeVar

from otswatch.records import Evidence
from otswatch.taxonomy.loader import Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.register import MeetingWords
from otswatch.text.folding import fold

#: What parts two chains of words; the stop of an ordinal (`11. zirve`) does not, nor the dash of `стран — участниц`.
BREAKS = re.compile(r"[,;:!?\n«»“”\"]|[—–](?!\s(?:участни|член))|(?<!\d)\.")
STOPS = re.compile(r"[;:!?\n]")
_CUT = re.compile(r"['’ʼ`]([^\W\d_]+)")
_YEAR_STOP = re.compile(r"\d{4}\.\s+$")


class Span(Protocol):
    """Some tokens."""

    @property
    def first(self) -> int: ...

    @property
    def last(self) -> int: ...


@dataclass
class Sentence:
    """`start`, `end`: characters of the text. `bodies`: the organisations that the whole text names."""

    taxonomy: Taxonomy
    words: MeetingWords
    reading: Reading
    start: int
    end: int
    bodies: Sequence[Match[Use]]
    by_role: dict[str, list[Match[Use]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        all_ = self.reading.matches
        first, last = (bisect_left(all_, place, key=lambda match: match.start) for place in (self.start, self.end))
        for match in all_[first:last]:
            self.by_role.setdefault(match.value.role, []).append(match)

    def of(self, role: str) -> list[Match[Use]]:
        """What was found of a role, by place."""
        return self.by_role.get(role, [])

    @cached_property
    def spoken(self) -> list[Match[Use]]:
        """The words around meetings in the sentence's language, the longest at each place; `id` says what each does."""
        return list(longest(match for match in self.of("meeting") if match.value.lang == self.words.id))

    @cached_property
    def organisations(self) -> list[Match[Use]]:
        """Whoever can have meetings, of the OTS or not; an organ of the OTS is who meets."""
        here = (match for match in self.bodies if self.start <= match.start < self.end)
        return [match for match in here if self._role(match) != "organ"]

    @cached_property
    def is_ours(self) -> bool:
        """Whether no organisation but the OTS and its bodies is named."""
        return all(self._role(match) in ("ots", "body") for match in self.organisations)

    def _role(self, match: Match[Use]) -> str:
        return self.taxonomy.organisations[match.value.id].role

    @cached_property
    def span(self) -> tuple[int, int]:
        """Its first token and the one behind its last."""
        return self.token(self.start), self.token(self.end)

    def token(self, place: int) -> int:
        """The first token that begins at a character or behind it."""
        return self.reading.words.first(place)

    def between(self, last: int, first: int) -> str:
        """The text between two tokens: behind the one before `last`, in front of `first`."""
        tokens = self.reading.words.tokens
        return self.reading.text[tokens[last - 1].end : tokens[first].start] if first > last - 1 else ""

    def folded(self, index: int) -> str:
        """The folded word at a place; nothing outside the text."""
        folded = self.reading.words.folded
        return folded[index] if 0 <= index < len(folded) else ""

    def characters(self, span: Span) -> tuple[int, int]:
        """Where some tokens stand in the text."""
        tokens = self.reading.words.tokens
        return tokens[span.first].start, tokens[span.last - 1].end

    def tail(self, match: Match[Use]) -> str:
        """What stands behind the stem of a match: an ending that is glued to it, or cut off at an apostrophe."""
        token = self.reading.words.tokens[match.last - 1]
        stem = fold(match.value.written).split()[-1]
        cut = _CUT.match(self.reading.text, token.end)
        return fold(cut[1]) if cut else token.text[len(stem) :]

    def evidence(self, first: int, last: int, rule: str) -> Evidence:
        """Some tokens as the evidence of a rule."""
        tokens = self.reading.words.tokens
        return self.reading.evidence(
            tokens[first].start, tokens[last - 1].end, f"mentions/{self.taxonomy.version}:{rule}"
        )


def sentences(reading: Reading, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The sentences around some places of a text, each with the one that follows it, by place; characters."""
    found: dict[tuple[int, int], None] = {}
    for place in sorted(places):
        span = _around(reading, place)
        found[span] = None
        if span[1] < len(reading.text):
            found[_around(reading, span[1])] = None
    yield from sorted(found)


def _around(reading: Reading, place: int) -> tuple[int, int]:
    start, end = reading.sentence(place)
    while start and _goes_on(reading.text, start):
        start = reading.sentence(start - 1)[0]
    while end < len(reading.text) and _goes_on(reading.text, end):
        end = reading.sentence(end)[1]
    return start, end


def _goes_on(text: str, place: int) -> bool:
    """Whether the stop before a place is that of a Hungarian year (`2025. május`)."""
    return text[place].islower() and _YEAR_STOP.search(text, max(0, place - 8), place) is not None


@lru_cache(maxsize=1 << 8)
def folded(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words or endings of `MeetingWords`, folded. Kept: every sentence asks for the same ones."""
    return tuple(map(fold, words))


_S = TypeVar("_S", bound=Span)


def longest(found: Iterable[_S]) -> Iterator[_S]:
    """Those that stand inside no longer one, by place."""
    end = -1
    for one in sorted(found, key=lambda one: (one.first, -one.last)):
        if one.last > end:
            end = one.last
            yield one
