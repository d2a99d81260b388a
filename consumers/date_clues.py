"""Every date that a page offers, with its place. What is believed is decided in `date.py`."""

from __future__ import annotations

import re
from calendar import month_abbr
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from htmldate import find_date

from otswatch.consumers.document import Document
from otswatch.consumers.structured import Field
from otswatch.dates import find, machine, weekdays
from otswatch.dates.parse import Role
from otswatch.records import Content, DateSource, Evidence, Frame, Precision


@dataclass(frozen=True, slots=True)
class Clue:
    """A date as read. `at` is null where the words do not say the day.

    `weight` is how far its place is to be trusted, from 0 to 1; one of 0 is never taken, and `why` says why.
    """

    at: str | None
    precision: Precision | None
    source: DateSource
    role: Role
    weight: float
    evidence: Evidence
    why: str = ""


# ------------------------------------------------------------------------------------------------- written for machines

_FIELDS: tuple[tuple[Field, Role, float], ...] = (
    ("published", "published", 0.9),
    ("created", "published", 0.6),
    ("modified", "modified", 0.9),
)
_SOURCES: dict[Frame, DateSource] = {"json-ld": "json-ld", "meta": "meta", "html": "time"}
_PAGE_ONLY = 0.15  # a WebPage's date may be its template's
#: Names that are also used for the day of the visit, the page's last change or the day of an event.
_WEAKER = {"meta[name=date]": 0.75, "meta[name=dc.date]": 0.75, "meta[name=dcterms.date]": 0.75}


def structured(document: Document) -> Iterator[Clue]:
    """JSON-LD, meta tags and microdata."""
    for field, role, weight in _FIELDS:
        for found in document.structured.of(field):
            evidence = Evidence(frame=found.frame, path=found.path, text=found.value, rule="machine-date/1")
            at, precision = machine(found.value) or _first_day(found.value) or (None, None)
            trust = _WEAKER.get(found.path, weight) - (_PAGE_ONLY if "Page." in found.path else 0)
            yield Clue(at, precision, _SOURCES[found.frame], role, trust, evidence)


def _first_day(text: str) -> tuple[str, Precision] | None:
    """The first date in numbers of a field that was meant for machines and written for people."""
    return next(((one.at, one.precision) for one in find(text[:200], None) if one.at and one.precision), None)


def listed(document: Document) -> Iterator[Clue]:
    """What the feed or sitemap said of the page."""
    discovery = document.discovery
    if discovery is None or discovery.published is None or discovery.by not in ("feed", "sitemap"):
        return
    evidence = Evidence(frame="feed", path=discovery.via, text=discovery.published, rule="machine-date/1")
    source: DateSource = "feed" if discovery.by == "feed" else "sitemap"
    at, precision = machine(discovery.published) or (None, None)
    yield Clue(at, precision, source, "published", 0.85, evidence)


_IN_ADDRESS = (
    re.compile(r"/(?P<y>(?:19|20)\d\d)[/_-](?P<m>\d{1,2})[/_-](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)-(?P<m>[01]\d)-(?P<d>[0-3]\d)(?!\d)"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)/(?P<m>[a-z]{3})/(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20[0-3]\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)[/-](?P<m>\d{1,2})(?=/|$)"),
)
_MONTHS = {name: f"{number:02}" for number, name in enumerate(month_abbr) if name}


def address(document: Document, content: Content) -> Iterator[Clue]:
    """The first date in the page's address, or in the one that it says is its own."""
    for url, path in ((document.url, "address"), (content.canonical_url, "canonical address")):
        for match in (match for pattern in _IN_ADDRESS if (match := pattern.search(url or ""))):
            month, day = _MONTHS.get(match["m"].capitalize(), match["m"]), match.groupdict().get("d")
            if read := machine(f"{match['y']}-{month}-{day}" if day else f"{match['y']}-{month}"):
                evidence = Evidence(frame="url", path=path, text=match[0], rule="date-in-address/1")
                yield Clue(*read, "url", "published", 0.8 if day else 0.3, evidence)
                return


# -------------------------------------------------------------------------------------------------- written for readers


def dateline(document: Document, content: Content) -> Iterator[Clue]:
    """What was lifted off the text."""
    place = content.evidence.get("dateline")
    if content.dateline is None or place is None:
        return
    for reading in find(content.dateline, content.language, document.fetched_at):
        offsets = (None, None) if place.start is None else (place.start + reading.start, place.start + reading.end)
        evidence = Evidence(
            frame=place.frame,
            path=place.path,
            start=offsets[0],
            end=offsets[1],
            text=content.dateline[reading.start : reading.end],
            rule=reading.rule,
        )
        role: Role = "modified" if reading.role == "modified" else "published"
        yield Clue(reading.at, reading.precision, "dateline", role, 0.85, evidence, reading.inferred)


_MENTIONED_CHARACTERS, _MOST_MENTIONED = 1500, 5


def mentioned(content: Content) -> Iterator[Clue]:
    """Dates and days of the week in the first sentences: they say when something happened, not when it was written."""
    start = content.text[:_MENTIONED_CHARACTERS]
    readings = [
        reading for reading in find(start, content.language) if not reading.rule.startswith(("relative", "ago"))
    ]
    spans = [(reading.start, reading.end) for reading in readings]
    alone = [
        day
        for day in weekdays(start.partition("\n\n")[0], content.language)
        if not any(low - 3 <= day.end and day.start <= high + 3 for low, high in spans)
    ]
    for reading in [*alone, *readings][:_MOST_MENTIONED]:
        words = start[reading.start : reading.end]
        evidence = Evidence(frame="text", start=reading.start, end=reading.end, text=words, rule=reading.rule)
        why = "a date in the text is an event's" if reading.at else "does not say which day"
        yield Clue(reading.at, reading.precision, "text", "unknown", 0, evidence, why)


# ------------------------------------------------------------------------------------------------------- second opinion


def second_opinion(document: Document) -> Clue | None:
    """What htmldate makes of the whole page. Asked only where the page's own marks leave the day open: it is slow."""
    if document.tree is None:
        return None
    # A tree is never fetched, and is copied before it is cut (htmldate.core.find_date). Its own latest day is today.
    latest = document.fetched_at + timedelta(days=1) if document.fetched_at else None
    found = find_date(
        document.tree,
        original_date=True,
        extensive_search=True,
        url=document.url,
        max_date=latest.strftime("%Y-%m-%d") if latest else "2100-01-01",
    )
    if found is None:
        return None
    bare_year = found.endswith("-01-01")
    why = "htmldate writes a bare year as 1 January" if bare_year else ""
    evidence = Evidence(frame="html", path="htmldate", text=found, rule="htmldate-original/1")
    return Clue(found, "day", "htmldate", "published", 0 if bare_year else 0.45, evidence, why)
