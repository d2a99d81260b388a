"""Moments as a reader says them. A date is shown as it was written; nothing is shown finer than it is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from otswatch.records import Dated


def written(dated: Dated) -> str:
    """`15 April 2025, 16:15 +04:00`, `15 April 2025, 16:15` (the zone is not known), `15 April 2025`, `2025`."""
    return at(dated.at)


def at(text: str) -> str:
    """As `written`, for the text of `Dated.at`. What is no such date is given back as it is."""
    if moment := instant(text):
        return exact(moment)
    try:
        if "T" in text:
            clock = datetime.fromisoformat(text)
            return f"{day(clock)}, {clock:%H:%M}"
        parts = [int(part) for part in text.split("-")]
        first = date(*[*parts, 1, 1][:3])
    except (ValueError, TypeError):
        return text
    return (f"{first.year}", f"{first:%B} {first.year}", day(first))[len(parts) - 1]


def instant(text: str) -> datetime | None:
    """The moment that `Dated.at` names; null for a day alone, a clock without a zone, and for what is no such date."""
    try:
        moment = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def exact(moment: datetime) -> str:
    """To the minute, in the zone that it was written in."""
    zone = moment.isoformat()[-6:] if moment.utcoffset() else "UTC"
    return f"{day(moment)}, {moment:%H:%M} {zone}"


def utc(moment: datetime) -> str:
    """To the minute, in UTC."""
    return exact(moment.astimezone(UTC))


def day(moment: date) -> str:
    """`15 April 2025`"""
    return f"{moment.day} {moment:%B} {moment.year}"


def day_name(moment: date, today: date) -> str:
    """`Today, Wednesday 15 April 2025`"""
    named = {today: "Today, ", today - timedelta(days=1): "Yesterday, "}.get(moment, "")
    return f"{named}{moment:%A} {day(moment)}"


def iso(moment: datetime) -> str:
    """For `<time datetime>`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
