"""Which place and days belong to a meeting: what stands right beside its words, or is tied to them by its verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otswatch.records import When
from otswatch.taxonomy.meetings.chains import Chain
from otswatch.taxonomy.meetings.parts import Part, Parts
from otswatch.taxonomy.meetings.sentence import STOPS, Sentence
from otswatch.taxonomy.meetings.verbs import Verb

#: Place and day stand within so many words of the chain or its verb; without a verb, or behind a comma, within these.
_PART, _BESIDE = 8, 2
#: Where verbs come last, everything between a chain and its verb belongs to it, up to so many words.
_ENCLOSED = 14


@dataclass(frozen=True, slots=True)
class Told:
    """What belongs to a meeting. `left`: the day that no longer holds."""

    place: Part | None = None
    when: Part | None = None
    left: Part | None = None

    def parts(self) -> tuple[Part, ...]:
        """All there is, by place."""
        found = {part for part in (self.place, self.when, self.left) if part}
        return tuple(sorted(found, key=lambda part: part.first))


class Belonging:
    """Gives the places and days of a sentence to its meetings; each belongs to one."""

    def __init__(self, sentence: Sentence, parts: Parts) -> None:
        self._sentence = sentence
        self._parts = parts
        self._taken: set[Part] = set()

    def to(self, chain: Chain, verbs: Sequence[Verb]) -> Told:
        """What belongs to a chain; it is taken from there on."""
        verb = verbs[-1] if verbs else None
        free = [*self._places(verb), *self._free(self._parts.days)]
        if chain.is_occasion(self._sentence):
            free = [part for part in free if part.first < chain.last]
        told = self._nearest(chain, verbs, free)
        if verb and verb.status == "postponed":
            told = self._postponed(told, verb)
        self._taken.update(told.parts())
        return told

    def _free(self, parts: Sequence[Part]) -> list[Part]:
        return [part for part in parts if part not in self._taken]

    def _places(self, verb: Verb | None) -> list[Part]:
        hosts = self._free(self._parts.hosts) if verb and verb.is_hosting else []
        return hosts or self._free(self._parts.places)

    def _postponed(self, told: Told, verb: Verb) -> Told:
        """The day that is named with the verb is the new one, any other the one that it was."""
        new = min(
            (day for day in self._free(self._parts.days) if self._is_new(day, verb)),
            key=lambda day: max(day.first - verb.last, verb.first - day.last),
            default=None,
        )
        if new and isinstance(new.value, When) and self._is_from(new):
            first, last = (new.value.replace(starts=day, ends=day) for day in (new.value.starts, new.value.ends))
            return Told(told.place, Part(new.first, new.last, last), Part(new.first, new.last, first))
        return Told(told.place, new, told.when if told.when != new else None)

    def _is_new(self, day: Part, verb: Verb) -> bool:
        behind = 0 <= day.first - verb.last <= _BESIDE and not self._sentence.words.verb_last
        before = 0 <= verb.first - day.last <= _BESIDE and not self._sentence.words.at
        return behind or before

    def _is_from(self, day: Part) -> bool:
        """Whether two days are not a span: `postponed from 17 April to 22 May`."""
        return self._sentence.folded(day.first - 1) in self._sentence.words.since

    # ---------------------------------------------------------------------------------------------------------- nearest

    def _nearest(self, chain: Chain, verbs: Sequence[Verb], free: Sequence[Part]) -> Told:
        """Place and days, the nearest first, rather behind than before, rather a day than a month.

        Each brings the next one nearer.
        """
        core = [(chain.first, chain.last), *((verb.first, verb.last) for verb in verbs)]
        taken: list[Part] = []
        left = list(free)
        while True:
            near = [
                ((part.is_vague, gap, part.first < chain.first), part)
                for part in left
                if all(part.is_place != other.is_place for other in taken)
                and (gap := self._gap(part, core, verbs)) is not None
            ]
            if not near:
                break
            part = min(near, key=lambda pair: pair[0])[1]
            taken.append(part)
            left.remove(part)
            core.append((part.first, part.last))
        place = next((part for part in taken if part.is_place), None)
        return Told(place, next((part for part in taken if not part.is_place), None))

    def _gap(self, part: Part, core: Sequence[tuple[int, int]], verbs: Sequence[Verb]) -> int | None:
        """How many words a part stands off; null where it does not belong to the meeting."""
        verb = verbs[-1] if verbs else None
        if self._sentence.words.verb_last and verb and core[0][1] <= verb.first and part.first >= verb.last:
            return None
        if self._is_where(part, core[0][0]):
            return 1
        gaps = (self._off(part, first, last, verb) for first, last in core)
        return min((gap for gap in gaps if gap is not None), default=None)

    def _off(self, part: Part, first: int, last: int, verb: Verb | None) -> int | None:
        """How many words a part stands off from some words of the meeting; null where that is too far."""
        if first <= part.first and part.last <= last:
            return 0
        behind = part.first >= last
        low, high = (last, part.first) if behind else (part.last, first)
        between = self._sentence.between(low, high)
        if high < low or STOPS.search(between) or self._another_body(part, first, last):
            return None
        enclosed = self._sentence.words.verb_last and verb is not None and behind and part.last <= verb.first
        beside = _BESIDE if behind or "," not in between else 1
        most = _ENCLOSED if enclosed else _PART if verb and "," not in between else beside
        return high - low if high - low <= most else None

    def _is_where(self, part: Part, first: int) -> bool:
        """Whether the meeting's clause hangs on a place: `in Budapest, where the ministers will meet`."""
        where = self._sentence.folded(part.last) in self._sentence.words.where
        return part.is_place and where and 0 <= first - part.last <= _BESIDE + 1

    def _another_body(self, part: Part, first: int, last: int) -> bool:
        """Whether another organisation stands between the part and the chain."""
        low, high = sorted((part.first, first))
        others = (match for match in self._sentence.organisations if not first <= match.first < last)
        return any(low < match.first < high for match in others)
