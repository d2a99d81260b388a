"""The calendar as readers ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final, get_args

from pydantic import AfterValidator, Field

from otswatch.calendar.entry import Entry
from otswatch.calendar.gathering import Gathered
from otswatch.calendar.joining import joined
from otswatch.calendar.report import Status
from otswatch.index import MAX_SIZE, Index, Range, Search
from otswatch.search_request import Day, Request, Values

#: What has passed without a report stays in the list of what is to come for so long.
_AWAITED: Final = timedelta(days=60)
#: A plan without any date is listed for so long after it was last reported.
_REMEMBERED: Final = timedelta(days=400)
#: So far before the days that are asked for may lie what belongs to a meeting within them (the day it was moved from).
_AROUND: Final = timedelta(days=400)

STATUSES: Final = get_args(Status)


def _statuses(values: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := [value for value in values if value not in STATUSES]:
        raise ValueError(f"one of {', '.join(STATUSES)} is expected, not {unknown[0]!r}")
    return values


class MeetingRequest(Request):
    """Meetings by their days, and of whom, where, and what became of them. Days are as the articles write them."""

    since: Day = Field(
        default=None, description="Not over before this day; left out: today, and what has passed without a report."
    )
    until: Day = Field(default=None, description="Begins before this day.")
    body: Values = Field(default=(), description="Ids of bodies, of those who meet or of series: ots, turkpa, summit.")
    place: Values = Field(default=(), description="Ids of towns or countries.")
    status: Annotated[Values, AfterValidator(_statuses)] = Field(default=(), description=f"{', '.join(STATUSES)}.")


@dataclass(frozen=True, slots=True)
class Listing:
    """Meetings, the soonest first. `dated`: the day is known; `open`: a month, a year, or nothing is."""

    dated: tuple[Entry, ...]
    open: tuple[Entry, ...]

    @property
    def all(self) -> tuple[Entry, ...]:
        """Those with a day, then the others."""
        return (*self.dated, *self.open)

    def only(self, asked: MeetingRequest) -> Listing:
        """Those of the bodies, places and statuses that are asked for."""
        dated, open_ = (tuple(one for one in part if _matches(one, asked)) for part in (self.dated, self.open))
        return Listing(dated, open_)

    def to_dict(self) -> dict[str, Any]:
        """As JSON: {"dated": [...], "open": [...]}."""
        return {"dated": [one.to_dict() for one in self.dated], "open": [one.to_dict() for one in self.open]}


def read(index: Index, asked: MeetingRequest, today: date) -> Listing:
    """The meetings that are asked for.

    Args:
        today: where the list begins if nothing else is asked for, and the day that `Entry.passed` is asked for.
    """
    since = asked.since or today
    found = sorted((one for one in joined(_gathered(index, since), today) if _is_in(one, asked, today)), key=_order)
    dated, open_ = (tuple(one for one in found if one.has_day == has_day) for has_day in (True, False))
    return Listing(dated, open_).only(asked)


def find(index: Index, id_: str, today: date) -> Entry | None:
    """The meeting that was reported under an id; null where there is none."""
    entries = joined(_gathered(index, date.min), today)
    return next((one for one in entries if id_ in one.ids), None)


def _gathered(index: Index, since: date) -> Iterator[Gathered]:
    """What can belong to a meeting from a day on."""
    start = datetime.combine(_before(since, _AROUND), time(), UTC)
    dated = Search(kind="meetings", ranges={"ends": Range(start)}, size=MAX_SIZE)
    undated = Search(kind="meetings", ranges={"last_seen": Range(start)}, missing=("ends",), size=MAX_SIZE)
    for search in (dated, undated):
        for record in _all(index, search):
            yield Gathered.model_validate(record)


def _before(day: date, span: timedelta) -> date:
    """So long before a day, or the first day that there is."""
    return day - min(span, day - date.min)


def _all(index: Index, search: Search) -> Iterator[Mapping[str, Any]]:
    after: str | None = None
    while True:
        hits = index.search(replace(search, after=after))
        yield from hits.documents
        if (after := hits.after) is None:
            return


def _matches(one: Entry, asked: MeetingRequest) -> bool:
    where = {one.place.id, one.place.country} if one.place else set()
    bodies = {one.of, one.body, one.series}
    return (
        (not asked.body or bool(bodies & {*asked.body}))
        and (not asked.place or bool(where & {*asked.place}))
        and (not asked.status or one.status in asked.status)
    )


def _is_in(one: Entry, asked: MeetingRequest, today: date) -> bool:
    since, until = asked.since or today, asked.until or date.max
    if one.days is None:
        return _is_remembered(one, asked.since, since, until)
    first, last = one.days
    awaited = asked.since is None and one.passed and one.has_day and last >= today - _AWAITED
    return (last >= since or awaited) and first < until


def _is_remembered(one: Entry, asked: date | None, since: date, until: date) -> bool:
    """Whether a meeting without any date is still of interest: a plan for a while, what was held when it was told."""
    told = one.updated.date() if one.updated else None
    if one.status == "held":
        return asked is not None and told is not None and since <= told < until
    return told is None or _before(since, _REMEMBERED) <= told < until


def _order(one: Entry) -> tuple[object, ...]:
    first, last = one.days or (date.max, date.max)
    return first, last, one.series, one.id
