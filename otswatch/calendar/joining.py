"""Which ids are one meeting: one article says its number, another only its day, a third that it will be in May.

What was gathered under each id is known by facts (`_Facts`). Two with days are one meeting where the days meet, where
the number is the same, or where one was moved to the other's day; within three days in the same town they are one whose
reports differ. What has only a month, a year or a place goes to the one meeting that it can be, and stays alone where
there are two. The order in which articles came makes no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from otswatch.calendar import days
from otswatch.calendar.entry import Entry, entry
from otswatch.calendar.gathering import Gathered
from otswatch.calendar.report import Status
from otswatch.records import Venue, When
from otswatch.taxonomy.meetings.identity import same_days, same_place

#: Days of one meeting in reports that differ lie no further apart.
_NEAR = timedelta(days=3)
#: A plan without a day is for at most so long after it was published; a report of what was, so long before.
_AHEAD, _BACK = timedelta(days=400), timedelta(days=30)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class _Facts:
    """What is known of one meeting, under one or more ids. `whens` have their year, `yearless` are the others."""

    gathered: tuple[Gathered, ...]
    status: Status | None
    numbers: frozenset[int]
    places: tuple[Venue, ...]
    whens: tuple[When, ...]
    yearless: tuple[When, ...]
    moved: tuple[When, ...]
    told: tuple[date, ...]

    @classmethod
    def of(cls, gathered: Sequence[Gathered]) -> _Facts:
        """What some ids say of one meeting."""
        told = [report for one in gathered for report in one.reports]
        return cls(
            gathered=tuple(gathered),
            status=max(told, key=lambda report: report.age).status,
            numbers=frozenset(report.number for report in told if report.number),
            places=tuple(dict.fromkeys(report.place for report in told if report.place)),
            whens=_once(report.when for report in told if report.when and days.has_year(report.when)),
            yearless=_once(report.when for report in told if report.when and not days.has_year(report.when)),
            moved=_once(report.moved_from for report in told if report.moved_from and days.has_year(report.moved_from)),
            told=tuple({report.told.date() for report in told if report.told}),
        )

    @property
    def is_exact(self) -> bool:
        return any(when.precision == "day" for when in self.whens)

    def entry(self, today: date) -> Entry:
        """The meeting, by the id that was seen first."""
        first = min(self.gathered, key=lambda one: (min(report.first_seen or _NEVER for report in one.reports), one.id))
        # An article may report under two ids: it is counted, and heard, once.
        told = [report for one in self.gathered for report in one.reports]
        reports = {(report.article, report.when, report.status): report for report in told}
        more = sum(one.articles - len(one.reports) for one in self.gathered)
        return entry(first.id, [one.id for one in self.gathered], reports.values(), today, more)


def _once(whens: Iterable[When | None]) -> tuple[When, ...]:
    return tuple(dict.fromkeys(when for when in whens if when))


def joined(gathered: Iterable[Gathered], today: date) -> list[Entry]:
    """The meetings, each once, in no order.

    Args:
        today: the day that `Entry.passed` is asked for.
    """
    by_series: dict[tuple[str, str], list[Gathered]] = defaultdict(list)
    for one in sorted(gathered, key=lambda one: one.id):
        if one.reports:
            by_series[one.reports[0].of, one.reports[0].series].append(one)
    return [facts.entry(today) for group in by_series.values() for facts in _joined(group)]


def _joined(gathered: Sequence[Gathered]) -> list[_Facts]:
    known = [_Facts.of([one]) for one in gathered]
    exact = _merged([facts for facts in known if facts.is_exact])
    # The more is known, the sooner: a year, before a place alone.
    vague = sorted((facts for facts in known if not facts.is_exact), key=_order)
    for facts in vague:
        fitting = [other for other in exact if _fits(facts, other)]
        if len(fitting) == 1:
            exact.remove(fitting[0])
            exact.append(_Facts.of([*fitting[0].gathered, *facts.gathered]))
        else:
            exact.append(facts)
    return exact


def _order(facts: _Facts) -> tuple[object, ...]:
    return not facts.whens, not facts.numbers, not facts.places, facts.gathered[0].id


def _merged(exact: Sequence[_Facts]) -> list[_Facts]:
    """Those that are one meeting, together; so is what only a third one ties together."""
    left, merged = list(exact), []
    while left:
        group, grown = [left.pop(0)], True
        while grown:
            near = [facts for facts in left if any(_are_one(facts, other) for other in group)]
            left = [facts for facts in left if facts not in near]
            group, grown = [*group, *near], bool(near)
        merged.append(_Facts.of([one for facts in group for one in facts.gathered]))
    return merged


def _are_one(one: _Facts, other: _Facts) -> bool:
    if one.numbers and other.numbers:
        return bool(one.numbers & other.numbers)
    if _meet(one.whens, other.whens) or _meet(one.moved, other.whens) or _meet(one.whens, other.moved):
        return True
    towns = {place.id for place in one.places if place.id} & {place.id for place in other.places if place.id}
    return bool(towns) and any(_off(mine, its) <= _NEAR for mine in one.whens for its in other.whens)


def _meet(ones: Sequence[When], others: Sequence[When]) -> bool:
    pairs = ((one, other) for one in ones for other in others if one.precision == other.precision == "day")
    return any(days.overlap(one, other) for one, other in pairs)


def _off(one: When, other: When) -> timedelta:
    """How far two spans of days are apart; for months and years, out of reach."""
    if not one.precision == other.precision == "day":
        return timedelta.max
    (first, last), (start, end) = days.span(one), days.span(other)
    return max(start - last, first - end, timedelta())


def _fits(vague: _Facts, other: _Facts) -> bool:
    """Whether what is said without a day can be said of a meeting."""
    if vague.numbers and other.numbers and not vague.numbers & other.numbers:
        return False
    if not all(same_place(mine, its) for mine in vague.places for its in other.places):
        return False
    if not all(same_days(mine, its) for mine in vague.yearless for its in (*other.whens, *other.yearless)):
        return False
    whens = (*other.whens, *other.moved)
    if not whens:
        return _says_as_much(vague, other)
    if vague.whens:
        return all(any(days.overlap(mine, its) for its in whens) for mine in vague.whens)
    return any(_in_time(vague, when) for when in whens)


def _says_as_much(vague: _Facts, other: _Facts) -> bool:
    """Whether two without any date are one: the same number, or the same place for about the same time."""
    if vague.numbers or other.numbers:
        return bool(vague.numbers & other.numbers)
    same = bool(vague.places) and bool(other.places) and vague.status == other.status
    return same and any(abs(mine - its) <= _AHEAD for mine in vague.told for its in other.told)


def _in_time(vague: _Facts, when: When) -> bool:
    """Whether what was published without a date can be about some days: a plan for what comes, a report of the past."""
    first, last = days.span(when)
    if vague.status == "held":
        return any(last - _BACK <= told <= last + _BACK and told >= first for told in vague.told)
    return any(told <= last and first - told <= _AHEAD for told in vague.told)
