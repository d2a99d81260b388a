"""What a sentence says becomes of a meeting: the verb that belongs to a chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from otswatch.taxonomy.meetings.chains import NOUNS, Chain
from otswatch.taxonomy.meetings.parts import Parts
from otswatch.taxonomy.meetings.sentence import STOPS, Sentence

#: So many words at most stand between a chain and a verb behind it.
_VERB = 14
#: A verb may come first (`состоялся саммит`) within so many words.
_VERB_FIRST = 3

Status = Literal["held", "planned", "postponed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Verb:
    """Some words, and what they do: a field of `MeetingWords` such as `planned_attributes`."""

    first: int
    last: int
    does: str

    @property
    def status(self) -> Status:
        status, _, _ = self.does.partition("_")
        return status  # type: ignore[return-value]  # the fields are called so

    @property
    def is_attribute(self) -> bool:
        """A participle in front of the meeting, or behind its comma."""
        return self.does.endswith("_attributes")

    @property
    def is_hosting(self) -> bool:
        """Whoever does it is the place."""
        return self.does.endswith("_hosting")

    @property
    def is_change(self) -> bool:
        """It takes back a plan."""
        return self.does in ("postponed", "cancelled")


class Verbs:
    """The verbs of a sentence."""

    def __init__(self, sentence: Sentence, parts: Parts) -> None:
        self._sentence = sentence
        self._parts = parts

    @cached_property
    def _all(self) -> list[Verb]:
        """A word may be two: in `keçiriləcək Zirvə` a participle, at the end of a sentence what will be."""
        spans = {(match.first, match.last) for match in self._sentence.spoken}
        return [
            Verb(match.first, match.last, match.value.id)
            for match in self._sentence.of("meeting")
            if match.value.lang == self._sentence.words.id
            and (match.first, match.last) in spans
            and match.value.id not in (*NOUNS, "occasions")
        ]

    def of(self, chain: Chain) -> tuple[Verb, ...]:
        """The verb that says whether the meeting was or will be, and one that takes that back; the last counts.

        Within the chain, in front of it, or behind.
        """
        candidates = list(self._near(chain))
        if not candidates:
            return ()
        main = candidates[0]
        if main.is_change or main.status == "held":
            return (main,)
        # "The meeting planned for May was put off": what was planned is no plan any more.
        changes = (verb for verb in self._all if verb.is_change)
        change = next((verb for verb in changes if verb in candidates or self._takes_back(verb, main)), None)
        return (main, change) if change else (main,)

    def _takes_back(self, change: Verb, plan: Verb) -> bool:
        """Whether no other meeting stands between a plan and what became of it."""
        nouns = (match for match in self._sentence.spoken if match.value.id in ("summits", "meetings"))
        if not 0 <= change.first - plan.last <= _VERB or STOPS.search(self._sentence.between(plan.last, change.first)):
            return False
        return plan.is_attribute or not any(plan.last <= noun.first < change.first for noun in nouns)

    def _near(self, chain: Chain) -> Iterator[Verb]:
        first, last = chain.first, chain.last
        before = [verb for verb in self._all if verb.last <= first and self._comes_before(verb, first)][::-1]
        behind = [verb for verb in self._all if verb.first >= last and self._comes_behind(verb, last)]
        inside = [verb for verb in self._all if first <= verb.first and verb.last <= last]
        yield from sorted(inside, key=lambda verb: not verb.is_attribute)
        yield from (verb for verb in before if verb.is_attribute)
        if not chain.is_occasion(self._sentence):
            yield from behind
            yield from (verb for verb in before if not verb.is_attribute)

    def _comes_before(self, verb: Verb, first: int) -> bool:
        if self._sentence.words.verb_last and not verb.is_attribute:
            return False
        gap = first - verb.last
        inserted = self._parts.inserted(verb.last, first) if gap > _VERB_FIRST else 0
        return gap - inserted <= _VERB_FIRST and not self._parts.is_broken(verb.last, first)

    def _comes_behind(self, verb: Verb, last: int) -> bool:
        if verb.first - last > _VERB:
            return False
        if verb.is_attribute:
            return self._follows(verb, last)
        return self._reaches(last, verb.first) and not (verb.is_hosting and self._has_another_object(verb, last))

    def _has_another_object(self, verb: Verb, last: int) -> bool:
        """Whether a verb such as `қабылдады` has an object of its own: the council adopted a text, received a man."""
        gap = verb.first - last
        return self._sentence.words.verb_last and gap - self._parts.inserted(last, verb.first) > 1

    def _follows(self, verb: Verb, last: int) -> bool:
        """Whether a participle is set off from what it stands behind by a comma alone (`саммит, намеченный на май`)."""
        gap = self._sentence.between(last, verb.first)
        return not self._sentence.words.verb_last and gap.endswith(", ") and self._nothing_else(last, verb.first)

    def _nothing_else(self, last: int, first: int) -> bool:
        """Whether there is no more between two places than the meeting's place and days, with a small word each."""
        return first - last <= 2 * self._parts.inserted(last, first)

    def _reaches(self, last: int, first: int) -> bool:
        """Whether a verb at `first` can be the chain's.

        Behind a comma only where verbs come last, or where no more than a word such as `which` stands between, and
        before the comma nothing but the meeting's place and days.
        """
        gap = self._sentence.between(last, first)
        if STOPS.search(gap):
            return False
        if self._sentence.words.verb_last or "," not in gap:
            return True
        comma = self._sentence.token(self._sentence.reading.words.tokens[last - 1].end + gap.rindex(","))
        return first - comma - self._parts.inserted(comma, first) <= 1 and self._nothing_else(last, comma)
