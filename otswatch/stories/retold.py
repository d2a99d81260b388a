"""Whether two reports in different words are of one event: what contradicts it, and what speaks for it.

A report is of one event: one body, one day, one place. So first come the contradictions, each of which is enough: what
is announced here has happened there; the days differ; one was out before the day that the other tells of; experts met
here and ministers there. Then what both name is counted, in points. The points were fitted to the labelled pairs of
`benchmarks/labelled/stories` by logistic regression and rounded; they say how much rarer it is that reports of two
events share a figure than that they share a name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from otswatch.stories.facts import Facts
from otswatch.stories.names import same
from otswatch.stories.profile import Profile
from otswatch.stories.report import YEARS, Amount, Fact

_NAME: Final = 12
_PLACE: Final = 14
_FIGURE: Final = 14
_DAY: Final = 8
_SESSION: Final = 14
_OTHER_OCCASION: Final = -20
_OTHER_PLACE: Final = -5
_OTHER_PEOPLE: Final = -5
#: So many of each are counted: two reports of a summit name the same ten presidents.
_NAMES: Final = 4
_PLACES: Final = 2
_FIGURES: Final = 2
#: So many points make one event where three of who, where, when and how many agree, and so many where fewer do.
_ENOUGH: Final = 40
_ENOUGH_ALIKE: Final = 52
#: What more is asked across languages, where words cannot contradict.
_ACROSS: Final = 10
_KINDS: Final = 3
#: Who meets; each is met in many other reports, so that they speak against and never for. All others are occasions.
_HEADS: Final = "heads"
_LEVELS: Final = frozenset(("ministers", _HEADS, "experts"))
_PARLIAMENT: Final = "parliament"
#: So many past days are told in a week's review and in no report.
_ROUNDUP: Final = 3
#: A number up to this is met anywhere: it needs its unit. From here on a number may be rounded.
SMALL: Final = 10
ROUNDED: Final = 20
BIG: Final = 2100
#: What is rounded has so many digits at most, and differs by less than this.
_DIGITS: Final = 2
NEAR: Final = 1.12


class Outline(NamedTuple):
    """What of a report is enough to see that most others are of another event."""

    source: str | None
    language: str
    published: date | None
    ahead: bool
    past: int
    days: frozenset[date]
    session: int | None
    places: frozenset[str]


def outline(report: Profile) -> Outline:
    """The outline of a report."""
    facts = report.facts
    days, places = frozenset(said.day for said in facts.days), frozenset(place.value for place in facts.places)
    return Outline(report.source, report.language, report.day, facts.ahead, facts.past, days, facts.session, places)


class Agreed(NamedTuple):
    """What two reports have in common: so many names, places, figures by weight; the day, the number of the meeting.

    `against`: the points (below 0) for what speaks against one event.
    """

    names: int
    places: int
    figures: float
    day: bool
    session: bool
    against: int = 0

    def is_enough(self, *, across: bool) -> bool:
        """Whether this makes one event; `across`: of reports in two languages."""
        points = (
            _NAME * min(_NAMES, self.names)
            + _PLACE * min(_PLACES, self.places)
            + _FIGURE * min(_FIGURES, self.figures)
            + _DAY * self.day
            + _SESSION * self.session
            + self.against
        )
        # Who, where, when and how many.
        kinds = sum(map(bool, (self.names, self.places, self.day or self.session, self.figures)))
        enough = _ENOUGH if kinds >= _KINDS else _ENOUGH_ALIKE
        return points >= enough + _ACROSS * across and (not across or self.day or self.session)


@dataclass(frozen=True, slots=True)
class Shared:
    """What two reports have in common, in the words of the first.

    `strangers`: each names people, and none whom the other names.
    """

    names: tuple[str, ...]
    places: tuple[str, ...]
    figures: tuple[str, ...]
    days: tuple[date, ...]
    session: int | None
    strangers: bool
    agreed: Agreed


def shared(one: Profile, other: Profile) -> Shared | None:
    """What makes one event of two reports; null where something contradicts it, or too little speaks for it."""
    if _contradict(one, other):
        return None
    found = _shared(one, other)
    if not found.agreed.is_enough(across=one.language != other.language):
        return None
    if found.strangers and not found.names:
        return None
    if _PARLIAMENT in one.facts.headed and _PARLIAMENT in other.facts.headed and not found.names:
        return None  # parliaments of two states approve one treaty, often on one day
    return found


# ------------------------------------------------------------------------------------------------------- contradictions


def apart(one: Outline, other: Outline) -> bool:
    """Whether outlet, day or number of the meeting say that two reports are not of one event."""
    if one.source is not None and one.source == other.source:
        return True  # an outlet that writes anew has something new to tell
    if one.ahead != other.ahead or max(one.past, other.past) >= _ROUNDUP:
        return True
    if one.session and other.session and one.session != other.session:
        return True
    if one.days and other.days:
        return one.days.isdisjoint(other.days)
    return _too_early(one, other) or _too_early(other, one)


def _too_early(report: Outline, its: Outline) -> bool:
    """Whether a report was out before the day that the other one tells of."""
    return bool(its.days) and not its.ahead and report.published is not None and min(its.days) > report.published


def _contradict(one: Profile, other: Profile) -> bool:
    mine, its = one.facts, other.facts
    if apart(outline(one), outline(other)) or other_phase(mine, its):
        return True
    if other_people(one, other):
        return True
    # "Heads of" one language are the ministers of the next.
    doubtful = set[str]() if one.language == other.language else {_HEADS}
    first, second = set(mine.headed) - doubtful, set(its.headed) - doubtful
    return bool(first and second) and not first & second


def other_people(one: Profile, other: Profile) -> bool:
    """Whether each of two articles names somebody in title or lead whom the other nowhere names."""
    return _leads_with_a_stranger(one, other.facts, other.language) and _leads_with_a_stranger(
        other, one.facts, one.language
    )


def _leads_with_a_stranger(report: Profile, its: Facts, language: str) -> bool:
    head = (2 << report.facts.lead) - 1
    named = [each.value for each in (*its.people, *its.names, *its.openers)]
    return any(
        person.parts & head and not any(_one_name(person.value, each, report.language, language) for each in named)
        for person in report.facts.people
    )


def other_phase(mine: Facts, its: Facts) -> bool:
    """Whether the one tells that the event begins and the other that it ends."""
    return bool(mine.phases and its.phases) and set(mine.phases).isdisjoint(its.phases)


# ------------------------------------------------------------------------------------------------------ what both say


def _shared(one: Profile, other: Profile) -> Shared:
    mine, its = _own(one, other), _own(other, one)
    names = _names(mine, its, one.language, other.language)
    places = tuple(place.words for place in mine.places if place.value in {each.value for each in its.places})
    figures = list(_figures(mine.figures, its.figures))
    days = tuple(sorted({said.day for said in mine.days} & {said.day for said in its.days}))
    session = mine.session if mine.session == its.session else None
    strangers = bool(mine.people and its.people) and not set(names) & {person.words for person in mine.people}
    against = _OTHER_PEOPLE * strangers + _against(mine, its)
    weight = sum(weight for _, weight in figures)
    agreed = Agreed(len(names), len(places), weight, bool(days), bool(session), against)
    return Shared(names, places, tuple(words for words, _ in figures), days, session, strangers, agreed)


def _against(mine: Facts, its: Facts) -> int:
    other_occasion = (set(mine.headed) - _LEVELS).difference(its.occasions) or (set(its.headed) - _LEVELS).difference(
        mine.occasions
    )
    first, second = ({place.value for place in each.places} for each in (mine, its))
    other_place = mine.leads and its.leads and second.isdisjoint(mine.leads) and first.isdisjoint(its.leads)
    return _OTHER_OCCASION * bool(other_occasion) + _OTHER_PLACE * bool(other_place)


def _own(one: Profile, other: Profile) -> Facts:
    """The facts of a report without those that stand only in paragraphs that the other has word for word.

    Reports in other words that share a paragraph share a background block. The lead is never one.
    """
    theirs = {block for block in other.blocks if block}
    block = sum(1 << part for part, number in enumerate(one.blocks) if number in theirs and part != one.facts.lead)
    if not block:
        return one.facts
    mine = one.facts
    return mine._replace(
        people=_outside(mine.people, block),
        names=_outside(mine.names, block),
        openers=_outside(mine.openers, block),
        places=_outside(mine.places, block),
        figures=_outside(mine.figures, block),
    )


def _outside(facts: Sequence[Fact], block: int) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.parts & ~block)


def _names(mine: Facts, its: Facts, ones: str, others: str) -> tuple[str, ...]:
    """The names of people and other names that both have. The first word of a sentence counts if the other is sure."""
    found: list[tuple[str, str]] = []
    sure, theirs = (*mine.people, *mine.names), (*its.people, *its.names)
    for said in (*sure, *mine.openers):
        against = (*theirs, *its.openers) if said in sure else theirs
        new = not any(_one_name(said.value, known, ones, ones) for known, _ in found)
        if new and any(_one_name(said.value, each.value, ones, others) for each in against):
            found.append((said.value, said.words))
    return tuple(words for _, words in found)


def _one_name(one: str, other: str, ones: str, others: str) -> bool:
    """Whether all words of the shorter of two names are in the longer one."""
    short, long = one.split(), other.split()
    if len(short) > len(long):
        short, long, ones, others = long, short, others, ones
    return all(any(same(mine, its, ones, others) for its in long) for mine in short)


def _figures(mine: Sequence[Amount], its: Sequence[Amount]) -> Iterator[tuple[str, float]]:
    """The figures that both have, in the words of the first, and how much each weighs."""
    for amount in mine:
        weight = max((alike(amount, each) for each in its), default=0.0)
        if weight:
            yield amount.words, weight


def alike(mine: Amount, its: Amount) -> float:
    """1 for one figure, a half for one that is rounded, or small, or perhaps a year; 0 for two."""
    same_unit = bool(mine.unit) and mine.unit == its.unit
    if mine.value == its.value:
        if mine.value <= SMALL:
            return 0.5 if same_unit else 0.0
        return 0.5 if mine.value in YEARS and not same_unit else 1.0
    comparable = same_unit or min(mine.value, its.value) >= BIG
    return 0.5 if comparable and is_rounded(mine.value, its.value) else 0.0


def is_rounded(one: float, other: float) -> bool:
    """Whether one of two numbers can be the other one in rounder words (`4.58`, "more than 4.5")."""
    low, high = sorted((one, other))
    rounder, finer = sorted((_digits(low), _digits(high)))
    return low >= ROUNDED and high < low * NEAR and rounder < finer and rounder <= _DIGITS


def _digits(value: float) -> int:
    """How many digits are left without zeros in front and behind."""
    return len(f"{value / 10 ** math.floor(math.log10(value)):.6f}".rstrip("0").replace(".", "")) if value > 0 else 0
