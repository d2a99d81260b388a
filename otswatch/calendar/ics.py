"""The calendar as iCalendar (RFC 5545), for the calendars of readers.

Whole days, as nobody publishes hours early; `DTEND` is the day after the last. What has no day is not in it. A meeting
that was put off without a new day stands on its old one, cancelled, so that it leaves the calendars of those who have
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import quote

from icalendar import Calendar, Event

from otswatch import __version__
from otswatch.calendar import labels as names
from otswatch.calendar.days import has_year, span
from otswatch.calendar.entry import Entry, Said
from otswatch.calendar.labels import Labels
from otswatch.records import When

MEDIA_TYPE: Final = "text/calendar"
#: What says nothing to a reader, or turns the direction of what follows.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
#: When a meeting was last reported of, where nobody knows.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_SOURCES = 3


def calendar(entries: Sequence[Entry], labels: Labels, home: str | None = None) -> bytes:
    """An iCalendar file of the meetings whose day is known.

    Args:
        home: the address of our pages, without a slash behind it; null where there are none to link to.
    """
    made = Calendar()
    made.add("prodid", f"-//OTS Watch//otswatch {__version__}//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", "Meetings of the OTS")
    for one in entries:
        if when := _shown(one):
            made.add_component(_event(one, when, labels, home))
    text: bytes = made.to_ical()
    return text


def _shown(one: Entry) -> When | None:
    if one.has_day:
        return one.when
    if one.status != "postponed":
        return None
    # Who says that it is put off seldom repeats the day, which is then the one that was told last.
    old = (one.moved_from, *(step.when for step in reversed(one.history)))
    return next((when for when in old if when and when.precision == "day" and has_year(when)), None)


def _event(one: Entry, when: When, labels: Labels, home: str | None) -> Event:
    first, last = span(when)
    event = Event()
    event.add("uid", f"{quote(one.id, safe='')}@otswatch")
    event.add("dtstamp", one.updated or _NEVER)
    event.add("sequence", one.sequence)
    event.add("summary", _clean(labels.title(one)))
    event.add("dtstart", first)
    event.add("dtend", _after(last))
    event.add("status", _status(one))
    event.add("transp", "TRANSPARENT")
    if one.place:
        event.add("location", _clean(labels.place(one.place)))
    event.add("description", "\n".join(_clean(line) for line in _told(one)))
    if home:
        event.add("url", f"{home}/meetings/{quote(one.id, safe='')}")
    return event


def _after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def _status(one: Entry) -> str:
    if one.status == "cancelled" or not one.has_day:
        return "CANCELLED"
    return "CONFIRMED" if one.status == "held" or one.certainty == "confirmed" else "TENTATIVE"


def _told(one: Entry) -> Iterator[str]:
    """What stands below the event: how certain it is, where reports differ, who says so."""
    yield f"{one.status or 'no status'}, {one.certainty}{'; passed, no report yet' if one.passed else ''}"
    if one.moved_from:
        yield f"postponed from {names.days(one.moved_from)}"
    for difference in one.differences:
        yield f"reports differ in {difference.of}: {', '.join(value.value for value in difference.values)}"
    told = {said.article: said for said in (*one.evidence.get("when", ()), *one.evidence.get("status", ()))}
    for said in [*told.values()][:_SOURCES]:
        web = said.url if said.url and said.url.casefold().startswith(("http://", "https://")) else None
        yield " ".join(filter(None, (_source(said), said.title, web)))


def _source(said: Said) -> str:
    return f"{said.source or 'by hand'}{' (official)' if said.official else ''}:"


def _clean(text: str) -> str:
    return " ".join(_INVISIBLE.sub(" ", text).split())
