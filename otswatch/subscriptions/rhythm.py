"""When what is new is due for a subscription: its rhythm on its reader's clock, and the hours in which nothing is sent.

A time of day that a change of the clock leaves out is the first moment after the gap; of one that comes twice, the
first counts. So a digest comes exactly once on every day that there is.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from otswatch.subscriptions.subscription import Quiet, Subscription

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_INSTANT: Final = timedelta(microseconds=1)
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def due(subscription: Subscription, at: datetime) -> datetime:
    """The moment (UTC) at which what became known at `at` is to be sent; of a digest, the next one after `at`.

    A digest that waits for the end of quiet hours takes with it what becomes known in them.
    """
    zone = ZoneInfo(subscription.zone)
    at = at.astimezone(UTC)
    began, ends = _quiet_hours(at, subscription.quiet, zone)
    waiting = subscription.rhythm.every != "at-once" and at < ends
    planned = _planned(subscription, began - _INSTANT if waiting else at, zone)
    return _quiet_hours(planned, subscription.quiet, zone)[1]


def previous(subscription: Subscription, moment: datetime) -> datetime:
    """The last moment before this one at which a digest was due: where the window of a digest begins."""
    reach = {"at-once": timedelta(0), "hour": 2 * _DAY, "day": 3 * _DAY, "week": 9 * _DAY}[subscription.rhythm.every]
    found = moment - reach
    while (later := due(subscription, found)) < moment and later > found:
        found = later
    return found


def _planned(subscription: Subscription, at: datetime, zone: ZoneInfo) -> datetime:
    """The moment by rhythm alone: `at` itself, or the first one after it."""
    rhythm, local = subscription.rhythm, at.astimezone(zone)
    if rhythm.every == "at-once":
        return at
    if rhythm.every == "hour":
        return _full_hour(at, zone)
    day = local.date() - _DAY
    while True:
        wanted = _is_there(day, zone) if rhythm.every == "day" else _WEEKDAYS[day.weekday()] == rhythm.on
        if wanted and (moment := _moment(day, rhythm.at, zone)) > at:
            return moment
        day += _DAY


def _is_there(day: date, zone: ZoneInfo) -> bool:
    """False for a day that the zone left out, as Samoa did when it went over the date line."""
    return _moment(day, time.min, zone).astimezone(zone).date() == day


def _full_hour(at: datetime, zone: ZoneInfo) -> datetime:
    """The next full hour on the clock of the zone."""
    moment = at.replace(second=0, microsecond=0) + _MINUTE
    while moment.astimezone(zone).minute:
        moment += _MINUTE
    return moment


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A time of day on a day, in UTC."""
    local = datetime.combine(day, clock)
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return moment
    moment = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while moment.astimezone(zone).replace(tzinfo=None) < local:
        moment += _MINUTE
    return moment


def _last(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """As `_moment`, but of a time that comes twice the second."""
    last = datetime.combine(day, clock, zone).replace(fold=1).astimezone(UTC)
    return max(_moment(day, clock, zone), last)


def _quiet_hours(moment: datetime, quiet: Quiet | None, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end of the quiet hours that a moment falls into; twice the moment where it falls into none."""
    start = end = moment
    if quiet is None or quiet.start == quiet.end:
        return start, end
    today = moment.astimezone(zone).date()
    hours = [_hours(today + days * _DAY, quiet, zone) for days in range(-2, 2)]
    # Hours of two days meet where a change of the clock leaves out, or repeats, what lies between them.
    for begins, ends in hours:
        if begins <= end < ends:
            end = ends
    for begins, ends in reversed(hours):
        if start < end and begins <= start <= ends:
            start = begins
    return start, end


def _hours(day: date, quiet: Quiet, zone: ZoneInfo) -> tuple[datetime, datetime]:
    last = day if quiet.start < quiet.end else day + _DAY
    return _moment(day, quiet.start, zone), _last(last, quiet.end, zone)
