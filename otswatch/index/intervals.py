"""Days, weeks and months as people in a time zone count them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from otswatch.errors import UsageError
from otswatch.index import MAX_BUCKETS, Range
from otswatch.index.mapping import epoch, moment_of

Interval = Literal["day", "week", "month"]

_SHORTEST = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=28)}


def edges(range_: Range, extent: tuple[int, int] | None, interval: Interval, zone: str) -> list[datetime]:
    """Where the intervals of a timeline start, from its first value to its last or to the ends of its range.

    Args:
        extent: the first value and the last, in milliseconds; null where there is none.

    Raises:
        UsageError: as `starts`, or an interval would leave the calendar.
    """
    if extent is None and None in (range_.start, range_.end):
        return []
    first_value, last_value = extent or (0, 0)  # neither is looked at where the range has both ends
    try:
        first = range_.start or moment_of(first_value)
        last = moment_of(epoch(range_.end) - 1 if range_.end else last_value)
        return starts(first, last, interval, zone)
    except OverflowError:
        raise UsageError(f"intervals in {zone} would leave the years 1 to 9999: narrow the range") from None


def starts(first: datetime, last: datetime, interval: Interval, zone: str) -> list[datetime]:
    """The first moment, in `zone`, of every interval from the one that `first` is in to the one that `last` is in.

    Raises:
        UsageError: an unknown zone, or more than `MAX_BUCKETS` intervals.
        OverflowError: an interval that starts or ends outside the years 1 to 9999.
    """
    place = _zone(zone)
    if (last - first) / _SHORTEST[interval] > MAX_BUCKETS:
        raise UsageError(
            f"{first.date()} to {last.date()} is more than {MAX_BUCKETS:,} {interval}s: narrow the range, or count"
            " longer intervals"
        )
    found: list[datetime] = []
    start = _start(first.astimezone(place).date(), interval)
    while (moment := _midnight(start, place)) <= last:
        found.append(moment)
        start = _next(start, interval)
    return found


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UsageError(f"unknown time zone {name!r}: give one such as Asia/Baku or UTC") from None


def _start(day: date, interval: Interval) -> date:
    match interval:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)


def _next(start: date, interval: Interval) -> date:
    if interval == "month":
        return (start + timedelta(days=31)).replace(day=1)
    return start + _SHORTEST[interval]


def _midnight(day: date, place: ZoneInfo) -> datetime:
    # By way of UTC: where clocks are put forward at midnight, the day starts at one.
    return datetime(day.year, day.month, day.day, tzinfo=place).astimezone(UTC).astimezone(place)
