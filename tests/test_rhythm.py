"""When letters are due, on the clocks of many places."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from otswatch.subscriptions import Subscription
from otswatch.subscriptions.rhythm import due, previous

INSTANT = timedelta(microseconds=1)
#: Samoa went over the date line.
LEFT_OUT = ("Pacific/Apia", date(2011, 12, 30))
ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/Istanbul",
    "America/New_York",
    "Asia/Tashkent",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
)


def subscription(zone: str = "UTC", **fields: Any) -> Subscription:
    return Subscription.model_validate({"id": "s", "channels": ["mailto:a@b.example"], "zone": zone, **fields})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "rhythm", "at", "expected"),
    [
        ("UTC", {"every": "at-once"}, "2026-05-04T09:17:03", "2026-05-04T09:17:03"),
        ("UTC", {"every": "hour"}, "2026-05-04T09:17:03", "2026-05-04T10:00:00"),
        ("UTC", {"every": "hour"}, "2026-05-04T10:00:00", "2026-05-04T11:00:00"),
        ("Asia/Kathmandu", {"every": "hour"}, "2026-05-04T09:17:03", "2026-05-04T10:15:00"),
        ("Europe/Istanbul", {"every": "day", "at": "08:00"}, "2026-05-04T04:59:59", "2026-05-04T05:00:00"),
        ("Europe/Istanbul", {"every": "day", "at": "08:00"}, "2026-05-04T05:00:00", "2026-05-05T05:00:00"),
        ("UTC", {"every": "week", "on": "friday", "at": "07:30"}, "2026-05-04T09:00:00", "2026-05-08T07:30:00"),
        # The clock goes from 02:00 to 03:00 on 29 March 2026, and back from 03:00 to 02:00 on 25 October.
        ("Europe/Berlin", {"every": "day", "at": "08:00"}, "2026-03-28T12:00:00", "2026-03-29T06:00:00"),
        ("Europe/Berlin", {"every": "day", "at": "08:00"}, "2026-03-27T12:00:00", "2026-03-28T07:00:00"),
        ("Europe/Berlin", {"every": "day", "at": "02:30"}, "2026-03-28T12:00:00", "2026-03-29T01:00:00"),
        ("Europe/Berlin", {"every": "day", "at": "02:30"}, "2026-10-24T12:00:00", "2026-10-25T00:30:00"),
        ("Europe/Berlin", {"every": "day", "at": "02:30"}, "2026-10-25T00:45:00", "2026-10-26T01:30:00"),
        ("Australia/Lord_Howe", {"every": "day", "at": "02:15"}, "2026-10-03T00:00:00", "2026-10-03T15:30:00"),
    ],
)
def test_due(zone: str, rhythm: dict[str, str], at: str, expected: str) -> None:
    assert due(subscription(zone, rhythm=rhythm), utc(at)) == utc(expected)


@pytest.mark.parametrize(
    ("quiet", "at", "expected"),
    [
        ({"from": "22:00", "to": "07:00"}, "2026-05-04T23:10:00", "2026-05-05T07:00:00"),
        ({"from": "22:00", "to": "07:00"}, "2026-05-05T06:59:59", "2026-05-05T07:00:00"),
        ({"from": "22:00", "to": "07:00"}, "2026-05-05T07:00:00", "2026-05-05T07:00:00"),
        ({"from": "12:00", "to": "13:00"}, "2026-05-05T12:00:00", "2026-05-05T13:00:00"),
        ({"from": "12:00", "to": "12:00"}, "2026-05-05T12:00:00", "2026-05-05T12:00:00"),
    ],
)
def test_quiet_hours(quiet: dict[str, str], at: str, expected: str) -> None:
    assert due(subscription(quiet=quiet), utc(at)) == utc(expected)


@pytest.mark.parametrize(
    ("every", "at", "expected"),
    [
        # The digest of 03:00 waits until 07:00, and takes with it what becomes known meanwhile.
        ("day", "2026-05-05T04:00:00", "2026-05-05T07:30:00"),
        ("day", "2026-05-05T07:30:00", "2026-05-06T07:30:00"),
        ("hour", "2026-05-04T22:00:00", "2026-05-05T07:30:00"),
        ("hour", "2026-05-05T07:10:00", "2026-05-05T07:30:00"),
        ("hour", "2026-05-05T07:30:00", "2026-05-05T08:00:00"),
    ],
)
def test_a_digest_that_waits_takes_with_it_what_comes_meanwhile(every: str, at: str, expected: str) -> None:
    asked = subscription(rhythm={"every": every, "at": "03:00"}, quiet={"from": "22:00", "to": "07:30"})
    assert due(asked, utc(at)) == utc(expected)


@pytest.mark.parametrize(
    ("quiet", "at", "expected"),
    [
        # From 03:00 back to 02:00: the hours end when the clock says 02:30 for the second time.
        ({"from": "22:00", "to": "02:30"}, "2026-10-25T01:10:00", "2026-10-25T01:30:00"),
        # From 02:00 to 03:00: hours that end in the gap, and those that begin in it, meet.
        ({"from": "02:50", "to": "02:10"}, "2026-03-29T00:30:00", "2026-03-30T00:10:00"),
    ],
)
def test_quiet_hours_when_the_clock_is_changed(quiet: dict[str, str], at: str, expected: str) -> None:
    assert due(subscription("Europe/Berlin", quiet=quiet), utc(at)) == utc(expected)


CLOCK = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
DIGEST = st.fixed_dictionaries(
    {"every": st.sampled_from(["hour", "day", "week"]), "at": CLOCK, "on": st.sampled_from(["monday", "sunday"])}
)
QUIET = st.none() | st.fixed_dictionaries({"from": CLOCK, "to": CLOCK})
MOMENTS = st.datetimes(datetime(2011, 1, 1), datetime(2029, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))


def is_quiet(asked: Subscription, moment: datetime) -> bool:
    """By the clock on the reader's wall alone."""
    if asked.quiet is None:
        return False
    wall, start, end = moment.astimezone(ZoneInfo(asked.zone)).time(), asked.quiet.start, asked.quiet.end
    return start <= wall < end if start <= end else wall >= start or wall < end


@given(zone=st.sampled_from(ZONES), quiet=QUIET, at=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(2)))
def test_anything_at_once(zone: str, quiet: Any, at: datetime, later: timedelta) -> None:
    asked = subscription(zone, quiet=quiet)
    found = due(asked, at)
    assert at <= found < at + timedelta(days=2)
    # When the clock goes back, what lies between a time and the same time again counts as quiet too.
    assert found == at or is_quiet(asked, at) or at.month in {3, 4, 9, 10, 11, 12}, "moved for no reason"
    assert not is_quiet(asked, found)
    assert due(asked, at + later) >= found
    assert due(asked, found) == found


@given(
    zone=st.sampled_from(ZONES),
    rhythm=DIGEST,
    quiet=QUIET,
    at=MOMENTS,
    later=st.timedeltas(timedelta(0), timedelta(9)),
    part=st.floats(0, 1, exclude_max=True),
)
def test_any_digest(zone: str, rhythm: dict[str, Any], quiet: Any, at: datetime, later: timedelta, part: float) -> None:
    asked = subscription(zone, rhythm=rhythm, quiet=quiet)
    found = due(asked, at)
    assert at < found <= at + timedelta(days=10)
    assert not is_quiet(asked, found)
    assert due(asked, at + later) >= found
    assert due(asked, min(at + part * (found - at), found - INSTANT)) == found, "nothing is due in between"
    before = previous(asked, found)
    assert before <= at
    assert due(asked, before) == found
    assert due(asked, before - INSTANT) == before


@given(zone=st.sampled_from(ZONES), clock=CLOCK, start=st.dates(date(2011, 11, 25), date(2028, 1, 1)))
@example("Pacific/Apia", time(8), date(2011, 12, 25))
@example("Australia/Lord_Howe", time(2, 15), date(2026, 10, 1))
@example("Europe/Berlin", time(2, 30), date(2026, 10, 22))
def test_a_daily_digest_comes_once_on_every_day_that_there_is(zone: str, clock: time, start: date) -> None:
    there = ZoneInfo(zone)
    asked = subscription(zone, rhythm={"every": "day", "at": clock})
    found = [due(asked, datetime.combine(start, time(0), there) - INSTANT)]
    while len(found) < 9:
        found.append(due(asked, found[-1]))
    days = [moment.astimezone(there).date() for moment in found]
    every = [start + timedelta(days=number) for number in range(10)]
    assert days == [day for day in every if (zone, day) != LEFT_OUT][:9]
    for moment in found:
        wall = moment.astimezone(there)
        assert wall.time() == clock or is_gap(wall, clock), "another time only where that one is left out"


def is_gap(wall: datetime, clock: time) -> bool:
    there = datetime.combine(wall.date(), clock, wall.tzinfo)
    return there.astimezone(UTC).astimezone(wall.tzinfo).time() != clock


def test_the_day_that_samoa_left_out_has_no_digest_of_its_own() -> None:
    asked = subscription("Pacific/Apia", rhythm={"every": "day", "at": "08:00"})
    first = due(asked, utc("2011-12-29T12:00:00"))
    assert first.astimezone(ZoneInfo("Pacific/Apia")).day == 29
    assert due(asked, first) == first + timedelta(days=1)
    assert due(asked, first).astimezone(ZoneInfo("Pacific/Apia")).day == 31
