"""Days, weeks and months as people in a time zone count them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from otswatch.errors import UsageError
from otswatch.index import MAX_BUCKETS

Interval = Literal["day", "week", "month"]

_SHORTEST = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=28)}


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
