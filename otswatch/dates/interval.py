"""What a date can mean, as a half-open interval in UTC; and dates as machines write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from otswatch.records import Precision

_ISO = re.compile(
    r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?"
    r"(?:\s*[T ,]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z?)")
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?")
_STEP = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})?")
#: Behind a clock; the standard library takes `+04` for four minutes and `+04:00` for nothing.
_RFC_OFFSET = re.compile(r"(?<=[:.]\d\d)\s*([+-])(\d{1,2})(?::?(\d\d))?$")
_SECONDS = re.compile(r"\d([:.])\d\d\1\d\d")


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    match = _OFFSET.fullmatch(zone)
    return f"{match[1]}{match[2]}:{match[3] or '00'}" if match else "+00:00"


def _valid(at: str, precision: Precision) -> tuple[str, Precision] | None:
    try:
        start, _ = interval(at, precision)
    except (ValueError, OverflowError):
        return None
    return (at, precision) if 1990 <= start.year <= 2100 else None  # the web's own years


def _from_iso(match: re.Match[str]) -> tuple[str, Precision] | None:
    year, month, day, hour, minute, second = match.group("year", "month", "day", "hour", "minute", "second")
    if day is None:
        return _valid(year, "year") if month is None else _valid(f"{year}-{int(month):02}", "month")
    date = f"{year}-{int(month):02}-{int(day):02}"
    if hour is None:
        return _valid(date, "day")
    clock = f"{int(hour):02}:{minute}" + (f":{second}" if second else "")
    return _valid(f"{date}T{clock}{_zone(match['zone'])}", "second" if second else "minute")


def machine(text: str) -> tuple[str, Precision] | None:
    """A date that was written for machines: ISO 8601 and its looser kin, RFC 2822, `20250415T1615`.

    Returns:
        ISO 8601 with the precision that was written, or null where it is no such date.
    """
    text = text.strip()
    if not text.isascii():  # other scripts have digits too
        return None
    if match := _ISO.fullmatch(text):
        return _from_iso(match)
    if match := _EPOCH.fullmatch(text):
        return _valid(datetime.fromtimestamp(int(match[1]), UTC).isoformat(), "second")
    if match := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, zone = match.groups()
        clock = f"{hour}:{minute}" + (f":{second}" if second else "")
        iso = f"{year}-{month}-{day}" + (f"T{clock}{_zone(zone)}" if hour else "")
        return _valid(iso, "second" if second else "minute" if hour else "day")
    return _from_rfc(text)


def _from_rfc(text: str) -> tuple[str, Precision] | None:
    try:
        moment = parsedate_to_datetime(
            _RFC_OFFSET.sub(lambda offset: f" {offset[1]}{int(offset[2]):02}{offset[3] or '00'}", text)
        )
    except (ValueError, IndexError, OverflowError):
        return None
    if _SECONDS.search(text):
        return _valid(moment.isoformat(), "second")
    return _valid(moment.isoformat(timespec="minutes"), "minute")


def interval(at: str, precision: Precision) -> tuple[datetime, datetime]:
    """The half-open interval in UTC of an ISO 8601 date.

    A date without an offset counts as printed, in UTC: lists and histograms by day then show the day that the reader
    saw on the page, and `at`, which has no offset, says that the zone is not known. For the same reason a clock without
    an offset stands for its whole printed day: the zones of the world lie farther apart than a day is long, so it says
    no more of the moment in UTC than the day does, and an interval of one minute would claim what nobody wrote.

    Raises:
        ValueError: no such day or time.
    """
    if precision == "year":
        return datetime(int(at), 1, 1, tzinfo=UTC), datetime(int(at) + 1, 1, 1, tzinfo=UTC)
    if precision == "month":
        year, month = map(int, at.split("-"))
        return datetime(year, month, 1, tzinfo=UTC), datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    start = datetime.fromisoformat(at)
    if start.tzinfo is None:
        start = start.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
        return start, start + _STEP["day"]
    start = start.astimezone(UTC)
    return start, start + _STEP[precision]
