"""What meetings are called in front of a reader, in English."""

from __future__ import annotations

from datetime import date
from typing import Literal

from otswatch.calendar.days import has_year
from otswatch.calendar.entry import Entry
from otswatch.quotations.labels import Labels as Names
from otswatch.records import Venue, When
from otswatch.taxonomy import Taxonomy

#: Those that are counted as such: "13th Summit".
_SUMMIT = "summit"


class Labels:
    """Names of series, bodies, places and days; what nobody has named stands for itself."""

    def __init__(self, known: Taxonomy) -> None:
        self._known = known
        self._names = Names(known)

    def title(self, one: Entry) -> str:
        """`OTS 13th Summit`, `OTS Ministers of Transport, 6th meeting`, `TURKPA Plenary Session`."""
        name, whose = self.series(one.series), "OTS " if one.of == "ots" else ""
        if one.number is None:
            return f"{whose}{name}"
        if one.series.endswith(_SUMMIT):
            return f"{whose}{ordinal(one.number)} {name}"
        return f"{whose}{name}, {ordinal(one.number)} meeting"

    def series(self, id_: str) -> str:
        """Those who meet."""
        if known := self._known.series.get(id_):
            return known.names.get("en", id_)
        office = next((office for office in self._known.offices.values() if office.together == id_), None)
        if office and (name := office.names.get("en")):
            return name.replace("Minister", "Ministers", 1)
        return id_.replace("_", " ")

    def body(self, id_: str) -> str:
        """A body, or whoever meets; also a series."""
        if id_ in self._known.organisations:
            return self._names.state(id_)
        return self.series(next((one.id for one in self._known.series.values() if one.body == id_), id_))

    def place(self, venue: Venue) -> str:
        """`Ankara, Türkiye`; the country alone."""
        country = self._names.state(venue.country)
        town = self._known.places.get(venue.id or "")
        return f"{town.names[0].rstrip('~')}, {country}" if town and town.names else country

    def town(self, id_: str) -> str:
        """A town or a country."""
        town = self._known.places.get(id_)
        return town.names[0].rstrip("~") if town and town.names else self._names.state(id_)


def days(when: When | None) -> str:
    """`28 October 2026`, `28–29 October 2026`, `October 2026`, `2026`, `14 May, no year`; `no day` of null."""
    if when is None:
        return "no day"
    first, last = _said(when.starts), _said(when.ends)
    text = first if when.starts == when.ends else _joined(when, first, last)
    return text if has_year(when) else f"{text}, no year"


def days_of(text: str) -> str:
    """As `days`, for the text of a `Value`: `2026-10-28`, `2026-10-28/2026-10-29`."""
    first, _, last = text.partition("/")
    precision: Literal["day", "month", "year"] = "day" if len(first) == len("2026-10-28") else "month"
    return days(When(starts=first, ends=last or first, precision=precision))


def _joined(when: When, first: str, last: str) -> str:
    if when.precision != "day":
        return f"{first} – {last}"
    if when.starts[:-3] == when.ends[:-3]:
        return f"{int(when.starts[-2:])}–{last}"
    if when.starts[:4] == when.ends[:4]:
        return f"{_said(f'--{when.starts[-5:]}')} – {last}"
    return f"{first} – {last}"


def _said(text: str) -> str:
    """`2026-10-28`, `--10-28`, `2026-10`, `--10` or `2026` in words."""
    if text.startswith("--"):
        month, *day = (int(part) for part in text[2:].split("-"))
        return " ".join([*map(str, day), f"{date(2024, month, 1):%B}"])
    year, *rest = (int(part) for part in text.split("-"))
    if not rest:
        return str(year)
    named = f"{date(year, rest[0], 1):%B} {year}"
    return f"{rest[1]} {named}" if len(rest) > 1 else named


def ordinal(number: int) -> str:
    """`1st`, `12th`, `23rd`"""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
