"""Every date that a page offers, with its place. What is believed is decided in `date.py`."""

from __future__ import annotations

import re
from calendar import month_abbr
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from otswatch.consumers.date_zone import local_fetch
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
    above: bool = False  # printed above the title, where a masthead's clock stands too


# ------------------------------------------------------------------------------------------------- written for machines

_FIELDS: tuple[tuple[Field, Role, float], ...] = (
    ("published", "published", 0.9),
    ("created", "published", 0.6),
    ("modified", "modified", 0.9),
)
_SOURCES: dict[Frame, DateSource] = {"json-ld": "json-ld", "meta": "meta", "html": "time"}
_PAGE_ONLY = 0.15  # a WebPage's date may be its template's
#: Names that are also used for the day of the visit, the page's last change or the day of an event.
_WEAKER = {
    "meta[name=date]": 0.55,
    "meta[name=dc.date]": 0.55,
    "meta[name=dcterms.date]": 0.55,
    "VideoObject.uploadDate": 0.6,
    "AudioObject.uploadDate": 0.6,
}


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
    re.compile(
        r"(?<!\d)(?P<y>20[0-3]\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?:[0-5]\d\d{0,3})?(?!\d)"
    ),
    re.compile(r"/(?P<y>(?:19|20)\d\d)[/_-](?P<m>\d{1,2})[/_-](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)-(?P<m>[01]\d)-(?P<d>[0-3]\d)(?!\d)"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)/(?P<m>[a-z]{3})/(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20[0-3]\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)[/-](?P<m>\d{1,2})(?=/|$)"),
)
#: In front of the address of a page that an archive kept: the day that it came by.
_ARCHIVED = re.compile(r"^.*/(?:web/)?\d{14}(?:[a-z]{2}_)?/(?=https?:|[\w-]+\.)")
_MONTHS = {name: f"{number:02}" for number, name in enumerate(month_abbr) if name}


def address(document: Document, content: Content) -> Iterator[Clue]:
    """The first date in the page's address, or in the one that it says is its own."""
    for url, path in ((document.url, "address"), (content.canonical_url, "canonical address")):
        own = _ARCHIVED.sub("", url or "")
        for match in (match for pattern in _IN_ADDRESS if (match := pattern.search(own))):
            parts = match.groupdict()
            month, day = _MONTHS.get(match["m"].capitalize(), match["m"]), parts.get("d")
            written = f"{match['y']}-{month}-{day}" if day else f"{match['y']}-{month}"
            clock = f"T{parts['hour']}:{parts['minute']}" if "hour" in parts else ""
            if read := machine(written + clock):
                evidence = Evidence(frame="url", path=path, text=match[0], rule="date-in-address/1")
                yield Clue(*read, "url", "published", 0.8 if day else 0.3, evidence)
                return


# -------------------------------------------------------------------------------------------------- written for readers


def dateline(document: Document, content: Content) -> Iterator[Clue]:
    """What was lifted off the text."""
    place = content.evidence.get("dateline")
    if content.dateline is None or place is None:
        return
    for reading in find(content.dateline, content.language, local_fetch(document, content)):
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
        trust = 0.85 if place.frame == "input" else 0.75  # on a page, the first lines may be of another block
        yield Clue(reading.at, reading.precision, "dateline", role, trust, evidence, reading.inferred)


_MENTIONED_CHARACTERS, _MOST_MENTIONED = 800, 5


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


# -------------------------------------------------------------------------------------------------------------- scripts

_IN_SCRIPT = re.compile(
    r"""["']?(?P<key>date_?published|publish(?:ed|ing)?_?(?:date|time|at|on)|pub_?date|first_?published(?:_?at|date)?"""
    r"""|original_?publish_?date|date_?created|created_?(?:at|on|date))["']?\s*[:=]\s*\\?["'](?P<value>[^"'\\<>]{8,40})\\?["']""",
    re.IGNORECASE,
)
_MOST_IN_SCRIPTS = 20


def scripts(document: Document) -> Iterator[Clue]:
    """The publication date that a script hands to another (analytics, the page's state), where all say the same."""
    if document.tree is None:
        return
    found: list[tuple[str, tuple[str, Precision]]] = []
    for element in document.tree.iter("script"):
        if element.text and "ld+json" not in (element.get("type") or ""):
            matches = islice(_IN_SCRIPT.finditer(element.text), _MOST_IN_SCRIPTS)
            found += [(match[0], read) for match in matches if (read := machine(match["value"]))]
    if len({at[:10] for _, (at, _) in found}) == 1:
        text, read = found[0]
        evidence = Evidence(frame="html", path="script", text=text, rule="date-in-script/1")
        yield Clue(*read, "script", "published", 0.5, evidence)
