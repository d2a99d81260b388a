"""Where and when: the places and days of a sentence, and which of them belong to a meeting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from otswatch.records import Venue, When
from otswatch.taxonomy.loader import Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.meetings.days import days, vague
from otswatch.taxonomy.meetings.sentence import BREAKS, Sentence, Span, folded

#: A country that stands so near to a town says where the town is.
_BESIDE = 2
_WORDS_OF_A_CHAIN = ("summits", "meetings", "informal")


@dataclass(frozen=True, slots=True)
class Part:
    """A place, or one or more days: where the words stand, and what they say."""

    first: int
    last: int
    value: Venue | When

    @property
    def is_place(self) -> bool:
        return isinstance(self.value, Venue)

    @property
    def is_vague(self) -> bool:
        """A month or year, of which a day says more; a country, of which a town does."""
        return self.value.precision != "day" if isinstance(self.value, When) else self.value.id is None

    @property
    def rule(self) -> str:
        return "meeting-place" if self.is_place else "meeting-days"


class Parts:
    """The places and days of a sentence."""

    def __init__(self, sentence: Sentence) -> None:
        self._sentence = sentence

    def inserted(self, last: int, first: int) -> int:
        """How many of the words between two places are those of places, days and participles."""
        attributes = (verb for verb in self._sentence.spoken if verb.value.id.endswith("_attributes"))
        spans: tuple[Span, ...] = (*self.days, *(match for match, _ in (*self._towns, *self._states)), *attributes)
        return len({index for one in spans for index in range(max(one.first, last), min(one.last, first))})

    def is_broken(self, last: int, first: int) -> bool:
        """Whether a mark between two places parts what stands there; those of days (`12–13 May`) do not."""
        gap = self._sentence.between(last, first)
        if not BREAKS.search(gap):
            return False
        start = self._sentence.reading.words.tokens[last - 1].end
        spans = [self._sentence.characters(day) for day in self.days]
        marks = (start + mark.start() for mark in BREAKS.finditer(gap))
        return any(not any(low <= mark < high for low, high in spans) for mark in marks)

    # ------------------------------------------------------------------------------------------------------------- days

    @cached_property
    def days(self) -> list[Part]:
        """Days, and months and years without a day."""
        text = self._sentence.reading.text[self._sentence.start : self._sentence.end]
        exact = days(text, self._sentence.words.id)
        found = [*exact, *vague(text, self._sentence.words, exact)]
        return [self._day(*one) for one in sorted(found, key=lambda one: one[0])]

    def _day(self, start: int, end: int, when: When) -> Part:
        token, offset = self._sentence.token, self._sentence.start
        return Part(token(offset + start), token(offset + end), when)

    # ----------------------------------------------------------------------------------------------------------- places

    @cached_property
    def _towns(self) -> list[tuple[Match[Use], Venue]]:
        towns = self._sentence.taxonomy.places
        return [
            (match, Venue(name=self._written(match), id=match.value.id, country=towns[match.value.id].country))
            for match in self._sentence.of("place")
        ]

    @cached_property
    def _states(self) -> list[tuple[Match[Use], Venue]]:
        states = (*self._sentence.of("country"), *self._sentence.of("foreign"))
        return [(match, Venue(name=self._written(match), id=None, country=match.value.id)) for match in states]

    def _written(self, match: Match[Use]) -> str:
        return self._sentence.reading.text[match.start : match.end]

    @cached_property
    def places(self) -> list[Part]:
        """Where the words say that something is."""
        return self._that(self._is_there)

    @cached_property
    def hosts(self) -> list[Part]:
        """Places that do something: `Uzbekistan will host`."""
        return self._that(self._is_subject)

    def _that(self, fits: Callable[[Match[Use]], bool]) -> list[Part]:
        """The towns that fit, and the countries that are not only where such a town is."""
        towns = [Part(match.first, match.last, venue) for match, venue in self._towns if fits(match)]
        states = [Part(match.first, match.last, venue) for match, venue in self._states if fits(match)]
        return [*towns, *(state for state in states if not any(_beside(state, town) for town in towns))]

    def _is_there(self, match: Match[Use]) -> bool:
        """Whether the words say so: `in Baku`, `Bakıda`, `Bakı şəhərində`, `Baku summit`, `budapesti`."""
        sentence, words = self._sentence, self._sentence.words
        text, tail = sentence.reading.text, sentence.tail(match)
        if not text[match.start].isupper():
            return tail in folded(words.adjective_endings)
        if sentence.folded(match.first - 1) in words.at or text[: match.start].endswith("("):
            return True
        if sentence.folded(match.last) in words.where:
            return True
        if tail in folded(words.at_endings) or sentence.folded(match.last) in folded(words.at_words):
            return True
        return not tail and match.last in self._attributed

    @cached_property
    def _attributed(self) -> set[int]:
        """The words that a place may stand right before: `Gabala summit`, `Samarkand OTS summit`."""
        return {match.first for match in self._sentence.spoken if match.value.id in _WORDS_OF_A_CHAIN}

    def _is_subject(self, match: Match[Use]) -> bool:
        sentence = self._sentence
        belongs = sentence.folded(match.first - 1) in sentence.words.at
        holder = any(office.first == match.last for office in sentence.of("office"))
        return sentence.reading.text[match.start].isupper() and not (sentence.tail(match) or belongs or holder)


def _beside(one: Span, other: Span) -> bool:
    return max(one.first - other.last, other.first - one.last) <= _BESIDE
