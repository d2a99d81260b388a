"""Days of meetings: the year that an article leaves out, and which days a `When` can mean."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from otswatch.records import Dated, When

#: A 29 February comes back after so many years at most.
_YEARS = 8


def has_year(when: When) -> bool:
    """Whether the year is said."""
    return not when.starts.startswith("--")


def span(when: When) -> tuple[date, date]:
    """The first and the last day that a `When` with a year can mean.

    Raises:
        ValueError: there is no such day.
    """
    return _first(when.starts), _last(when.ends)


def _first(text: str) -> date:
    year, month, day = [*(int(part) for part in text.split("-")), 1, 1][:3]
    return date(year, month, day)


def _last(text: str) -> date:
    parts = [int(part) for part in text.split("-")]
    year, month = [*parts, 12][:2]
    return date(year, month, parts[2] if len(parts) > 2 else monthrange(year, month)[1])


def overlap(one: When, other: When) -> bool:
    """Whether two that have a year can mean the same day."""
    (first, last), (start, end) = span(one), span(other)
    return first <= end and start <= last


def day_of(published: Dated | None) -> date | None:
    """The day of publication on the publisher's own calendar; null where it is not known to the day."""
    if published is None or published.precision in ("month", "year"):
        return None
    return date.fromisoformat(published.at[:10])


def coming(when: When, published: date) -> When | None:
    """The next such days or month that are not over on the day of publication; null where there are none."""
    return next((one for one in _years(when, range(published.year - 1, published.year + _YEARS + 1))
                 if span(one)[1] >= published), None)  # fmt: skip


def past(when: When, published: date) -> When | None:
    """The last such days or month that had begun on the day of publication; null where there are none."""
    return next((one for one in _years(when, range(published.year, published.year - _YEARS - 1, -1))
                 if span(one)[0] <= published), None)  # fmt: skip


def _years(when: When, years: range) -> Iterator[When]:
    """The same in each year in which there are such days; `30 December – 2 January` ends in the next one."""
    over = when.ends < when.starts
    for year in years:
        dated = when.replace(starts=f"{year}{when.starts[1:]}", ends=f"{year + over}{when.ends[1:]}")
        try:
            span(dated)
        except ValueError:
            continue
        yield dated
