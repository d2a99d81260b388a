"""Whether two meetings that are spoken of can be one, what is then said of it together, and its id."""

from __future__ import annotations

from datetime import date

from otswatch.records import Meeting, Venue, When
from otswatch.taxonomy.loader import Taxonomy


def both(one: Meeting, other: Meeting) -> Meeting | None:
    """What two say together; null where they are two meetings."""
    if (one.series, one.of) != (other.series, other.of) or _differ(one.number, other.number):
        return None
    if _differ(one.status, other.status) or not same_place(one.place, other.place):
        return None
    if one.when and other.when and not same_days(one.when, other.when):
        return None
    return one.replace(
        number=one.number or other.number,
        place=one.place if one.place and (one.place.id or not other.place) else other.place,
        when=max(filter(None, (one.when, other.when)), key=_certainty, default=None),
        moved_from=one.moved_from or other.moved_from,
        status=one.status or other.status,
    )


def _differ(one: object, other: object) -> bool:
    return bool(one and other and one != other)


def same_place(one: Venue | None, other: Venue | None) -> bool:
    """Whether two can be the same place: one may be null, or only the country of the other."""
    if one is None or other is None:
        return True
    return one.country == other.country and not _differ(one.id, other.id)


def same_days(one: When, other: When) -> bool:
    """Whether two can be the same days: one may have no year, no day, or be only the first of them."""
    if _differ(_year(one), _year(other)):
        return False
    first, last = max(_from(one), _from(other)), min(_to(one), _to(other))
    return first <= last


def _certainty(when: When) -> tuple[bool, bool, bool]:
    return when.precision == "day", _year(when) is not None, when.starts != when.ends


def _year(when: When) -> str | None:
    return None if when.starts.startswith("--") else when.starts[:4]


def _from(when: When) -> str:
    """The first month and day that it can be."""
    return {"day": when.starts[-5:], "month": f"{when.starts[-2:]}-01", "year": "01-01"}[when.precision]


def _to(when: When) -> str:
    return {"day": when.ends[-5:], "month": f"{when.ends[-2:]}-31", "year": "12-31"}[when.precision]


def meeting_id(taxonomy: Taxonomy, meeting: Meeting) -> str | None:
    """The same for the same meeting in every article: by its number, or else its days; null where neither is sure."""
    # "The first summit under the new name" is the ninth: days are surer than numbers.
    number = _known(taxonomy, meeting) or meeting.number
    day = _day(meeting.when)
    if number is None and day is None:
        return None
    return f"{prefix(taxonomy, meeting)}-{number or day}"


def prefix(taxonomy: Taxonomy, meeting: Meeting) -> str:
    """How the ids of a series begin: with whose it is, where that is not as in the register."""
    known = taxonomy.series.get(meeting.series)
    whose = "" if meeting.of == (known.of if known else "ots") else f"{meeting.of}-"
    return f"{whose}{meeting.series}"


def _day(when: When | None) -> str | None:
    return when.starts if when and when.precision == "day" and _year(when) else None


def _known(taxonomy: Taxonomy, meeting: Meeting) -> int | None:
    """The number of a meeting of which only the days are said."""
    when, series = meeting.when, taxonomy.series.get(meeting.series)
    if series is None or when is None or _day(when) is None:
        return None
    first, last = date.fromisoformat(when.starts), date.fromisoformat(when.ends)
    numbers = [held.number for held in series.held if held.since <= last and first <= held.to]
    return numbers[0] if len(numbers) == 1 else None
