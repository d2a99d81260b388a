"""Names that a text only passes by: one of a list of organisations, somebody's former post, where something is.

Each is told by the words of the sentence that names the organisation (asides.yaml), and carries them as evidence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from otswatch.records import Evidence
from otswatch.taxonomy.loader import AsideRole, Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.reading import Reading

#: At most so many words stand between: a former post's title, what a building is called, what else is in a list, and a
#: member, what says so and the name.
_POST, _POST_BEHIND, _VENUE, _LIST, _MEMBER = 5, 1, 4, 6, 3
#: A hall and what was held in it stand so near each other, and the name so near that.
_SITE, _HOST = 4, 6
#: Somebody in a list of people with their offices has at most so many words on either side of the name.
_PERSON = 8
#: Between the name and what says that something is done within the organisation; and the most sides that do it.
_WITHIN, _SIDES = 2, 2
#: A comma behind fewer words of a sentence sets off how it opens ("We, the ministers ...") and begins no list.
_OPENING = 2
#: So many words in front of a name may belong to it where it is a member of a list by its place alone.
_BARE = 2
_COMMAS = frozenset(",;،")
#: What ends a list or stands in front of it: also the end of a quotation, whose speaker follows.
_BREAK = re.compile(r"[;:]|[”»“\"],")


AsideKind = Literal["list", "former", "kin", "venue", "member", "formula", "occasion", "holder"]


@dataclass(frozen=True, slots=True)
class Aside:
    """Why a name is an aside, and the words that say so."""

    kind: AsideKind
    evidence: tuple[Evidence, ...]


#: A word of the sentence: what it does, as it is written in its file, and where it stands.
_Cue = Match[tuple[AsideRole, str]]


class Sentence:
    """The sentence around a name. Places are tokens of the sentence."""

    def __init__(self, taxonomy: Taxonomy, reading: Reading, start: int, end: int) -> None:
        self._taxonomy = taxonomy
        self._reading = reading
        self._words = reading.words.part(start, end)
        self._first = reading.words.first(start)
        self._cues: dict[AsideRole, list[_Cue]] = defaultdict(list)
        for cue in taxonomy.aside_words(reading.language).find(self._words):
            self._cues[cue.value[0]].append(cue)

    def aside(self, name: Match[Use]) -> Aside | None:
        """Why the name is an aside here, if it is one."""
        first, last = name.first - self._first, name.last - self._first
        in_title = self._reading.frame == "title"
        for kind, rule in _ANYWHERE if in_title else _ANYWHERE + _IN_A_TEXT:
            if cues := rule(self, first, last):
                return Aside(kind, self._evidence(kind, cues))
        return None if in_title else self._beside_others(first, last)

    def _beside_others(self, first: int, last: int) -> Aside | None:
        """An aside that others make: people with their offices, other organisations."""
        if office := self._holder(first, last):
            return Aside("holder", (self._tokens(office, "holder"),))
        if members := self._members(first, last) or self._examples(first, last):
            return Aside("list", tuple(self._tokens(member, "list") for member in members))
        return Aside("list", ()) if self._is_in_the_middle(first, last) else None

    def _of(self, role: AsideRole) -> list[_Cue]:
        return self._cues.get(role, [])

    def _post(self, first: int, last: int) -> list[_Cue]:
        """The words of a post that is over."""
        for cue in self._of("former"):
            if 0 < first - cue.last <= _POST or 0 <= cue.first - last <= _POST_BEHIND:
                return [cue]
        return self._pair("once", "work")

    def _pair(self, one: AsideRole, other: AsideRole) -> list[_Cue]:
        """One word of each role, where the sentence has both."""
        ones, others = self._of(one), self._of(other)
        return [ones[0], others[0]] if ones and others else []

    def _relative(self, _first: int, _last: int) -> list[_Cue]:
        """The words of a post that a relative of somebody has."""
        return self._pair("kin", "works")

    def _venue(self, first: int, last: int) -> list[_Cue]:
        before = [cue for cue in self._of("before") if 0 <= first - cue.last <= _VENUE]
        behind = [cue for cue in self._of("behind") if 0 <= cue.first - last <= _VENUE]
        return (before + behind)[:1]

    def _site(self, first: int, last: int) -> list[_Cue]:
        """A place, and between it and the name what makes it one that the organisation met in, has or was given."""
        for host in self._of("hosts"):
            ahead, behind = self._is_by(host.last, first), self._is_by(last, host.first)
            for site in self._of("sites"):
                if (ahead and 0 <= host.first - site.last <= _SITE) or (
                    behind and 0 <= site.first - host.last <= _SITE
                ):
                    return [host, site]
        return []

    def _is_by(self, end: int, start: int) -> bool:
        """Whether few words and no comma stand between what ends and what starts there."""
        return 0 <= start - end <= _HOST and not self._parted(end, start)

    def _parted(self, end: int, start: int) -> bool:
        """Whether a comma stands between what ends and what starts there."""
        return any(map(self._comma, range(end, start + 1)))

    def _membership(self, first: int, last: int) -> list[_Cue]:
        """The word between the name and a state that makes the state a member: the state acts, not the organisation."""
        states = [(state.first - self._first, state.last - self._first) for state in self._reading.of("country")]
        for cue in self._of("member"):
            if any(
                (0 <= first - cue.last <= 1 and 0 <= cue.first - end <= _MEMBER)
                or (
                    0 <= cue.first - last <= 1
                    and 0 <= start - cue.last <= _MEMBER
                    and not self._parted(cue.last, start)
                )
                for start, end in states
            ):
                return [cue]
        return []

    def _formula(self, first: int, last: int) -> list[_Cue]:
        """What two sides say of any organisation that both are in: they discussed cooperation within it."""
        within = [cue for cue in self._of("within") if self._is_near(cue, first, last, _WITHIN)]
        said = self._pair("matters", "talks")
        return [within[0], *said] if within and said and not self._is_among_many else []

    @property
    def _is_among_many(self) -> bool:
        """Whether the text names more than two states: what they discuss within the organisation, it does."""
        return len({state.value.id for state in self._reading.of("country", "foreign")}) > _SIDES

    def _occasion(self, first: int, last: int) -> list[_Cue]:
        """A meeting of the organisation as the time and place at which others met."""
        margins = [cue for cue in self._of("margins") if self._is_near(cue, first, last, _HOST)]
        talks = self._of("talks")
        return [margins[0], talks[0]] if margins and talks else []

    def _holder(self, first: int, last: int) -> tuple[int, int] | None:
        """The office that somebody holds in the organisation, in a list of people with their offices."""
        count = len(self._words.tokens)
        start = next(filter(self._divides, range(first, max(0, first - _PERSON), -1)), 0)
        end = next(filter(self._divides, range(last, last + _PERSON)), count if count - last < _PERSON else 0)
        offices = {(match.first - self._first, match.last - self._first) for match in self._reading.of("office")}
        beside = sorted(span for span in offices if start <= span[0] and span[1] <= end)
        others = [span for span in offices if 0 <= span[0] < start or end <= span[0] < count]
        return beside[0] if beside and start and end and len(others) > 1 else None

    @staticmethod
    def _is_near(cue: _Cue, first: int, last: int, most: int) -> bool:
        return 0 <= first - cue.last <= most or 0 <= cue.first - last <= most

    # ------------------------------------------------------------------------------------------------------------ lists

    def _examples(self, first: int, last: int) -> list[tuple[int, int]]:
        """The other organisations of the sentence, where the name is an example as they are."""
        near = any(0 <= first - cue.last <= _LIST or 0 <= cue.first - last <= _LIST for cue in self._of("like"))
        return [span for span, (_, own) in self._others.items() if not own and span != (first, last)] if near else []

    def _members(self, first: int, last: int) -> list[tuple[int, int]]:
        """The others of the list that the name stands in: two or more, and not the OTS's own bodies alone."""
        spans = sorted(span for span in self._others if span[1] <= first or span[0] >= last)
        chain = [*self._reach(reversed(spans), first, last, -1), *self._reach(spans, first, last, 1)]
        names = {self._others[span] for span in chain}
        return chain if len(names) > 1 and not all(own for _, own in names) else []

    def _reach(
        self, spans: Iterator[tuple[int, int]] | Sequence[tuple[int, int]], first: int, last: int, way: int
    ) -> Iterator[tuple[int, int]]:
        """From the name to the next member, and from there on, as long as something divides them and little between."""
        for start, end in spans:
            gap = (end, first) if way < 0 else (last, start)
            if gap[0] > gap[1]:
                continue
            if gap[1] - gap[0] > _LIST or not any(self._divides(place) for place in range(gap[0], gap[1] + 1)):
                return
            yield start, end
            first, last = start, end

    @cached_property
    def _others(self) -> dict[tuple[int, int], tuple[str, bool]]:
        """Where organisations and regions stand, which they are, and whether it is a body of the OTS."""
        count = len(self._words.tokens)
        found = {(cue.first, cue.last): (cue.value[1], False) for cue in self._of("regions")}
        for match in self._reading.of("organisation"):
            span = (match.first - self._first, match.last - self._first)
            if span[0] >= 0 and span[1] <= count:
                found[span] = (match.value.id, self._taxonomy.organisations[match.value.id].role != "other")
        return found

    def _is_in_the_middle(self, first: int, last: int) -> bool:
        """Whether the name is one of a list by its place: behind two commas, behind one and an `and`, or between."""
        start = first
        while start > 0 and not self._divides(start) and not self._breaks(start) and first - start < _BARE:
            start -= 1
        if self._breaks(start):
            return False
        breaks = (place for place in range(start - 1, max(0, start - _LIST), -1) if self._breaks(place))
        before = sum(map(self._comma, range(next(breaks, max(0, start - _LIST)) + 1, start)))
        if self._joins(start):
            return before > 0
        if before > 0 and start == first and self._comma(start):
            return True
        return self._comma(start) and (
            self._joins(last) or (start >= _OPENING and self._goes_on(last, begun=before > 0))
        )

    def _goes_on(self, last: int, *, begun: bool) -> bool:
        """Whether an `and` follows soon, or a comma and then, where the list had not begun, an `and`."""
        near = range(last, last + _BARE + 1)
        comma = next(filter(self._comma, near), None)
        return any(map(self._joins, near)) or (
            comma is not None and (begun or any(map(self._joins, range(comma + 1, comma + _LIST + 1))))
        )

    def _breaks(self, place: int) -> bool:
        return _BREAK.search(self._between(place)) is not None

    def _divides(self, place: int) -> bool:
        return self._comma(place) or self._joins(place)

    def _comma(self, place: int) -> bool:
        """Whether a comma stands between the word at `place` and the one before."""
        return not _COMMAS.isdisjoint(self._between(place))

    def _between(self, place: int) -> str:
        """What stands between the word at `place` and the one before."""
        tokens = self._words.tokens
        return self._words.text[tokens[place - 1].end : tokens[place].start] if 0 < place < len(tokens) else ""

    def _joins(self, place: int) -> bool:
        """Whether an `and` ends in front of `place` or begins at it."""
        return place in self._joints

    @cached_property
    def _joints(self) -> frozenset[int]:
        return frozenset(place for cue in self._of("joins") for place in (cue.first, cue.last))

    # --------------------------------------------------------------------------------------------------------- evidence

    def _evidence(self, rule: str, cues: Sequence[_Cue]) -> tuple[Evidence, ...]:
        return tuple(self._span(cue.start, cue.end, f"{rule}:{cue.value[1]}") for cue in cues)

    def _tokens(self, span: tuple[int, int], rule: str) -> Evidence:
        tokens = self._words.tokens
        return self._span(tokens[span[0]].start, tokens[span[1] - 1].end, rule)

    def _span(self, start: int, end: int, rule: str) -> Evidence:
        return self._reading.evidence(start, end, f"relevance/{self._taxonomy.version}:{rule}")


#: Finds the words of a sentence that make of the name between two places an aside, or none.
_Rule = Callable[[Sentence, int, int], list[_Cue]]
_ANYWHERE: tuple[tuple[AsideKind, _Rule], ...] = (
    ("former", Sentence._post),
    ("kin", Sentence._relative),
    ("venue", Sentence._venue),
)
#: A title says what its text is about: what follows counts in texts alone.
_IN_A_TEXT: tuple[tuple[AsideKind, _Rule], ...] = (
    ("venue", Sentence._site),
    ("member", Sentence._membership),
    ("formula", Sentence._formula),
    ("occasion", Sentence._occasion),
)
