"""How far a page's clocks are ahead of UTC, where something says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from otswatch.consumers.document import Document
from otswatch.records import Content
from otswatch.wordings import wordings


@dataclass(frozen=True, slots=True)
class Zone:
    """The offset of a page's clocks, and what says so."""

    ahead: timedelta
    because: str


def _zones() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = wordings("otswatch.consumers", "zones.yaml")
    return loaded


def zone_of(document: Document, content: Content, moments: Iterable[str] = ()) -> Zone | None:
    """The zone that the page writes behind its own moments; else that of the country in its address or language."""
    written = {
        offset
        for text in moments
        if "T" in text and (offset := datetime.fromisoformat(text).utcoffset())  # in UTC writes who has no zone, too
    }
    if len(written) == 1:
        return Zone(written.pop(), "the page's own moments")
    host = (urlsplit(document.url).hostname or "") if document.url else ""
    name = _zones()["domains"].get(host.rpartition(".")[2]) or _zones()["languages"].get(content.language)
    if name is None or document.fetched_at is None:
        return None
    try:
        ahead = document.fetched_at.astimezone(ZoneInfo(name)).utcoffset()
    except (ZoneInfoNotFoundError, OverflowError):  # no data of zones on this machine; the end of time
        return None
    return Zone(ahead, name) if ahead is not None else None


def local_fetch(document: Document, content: Content) -> datetime | None:
    """When the page was fetched, on its own clock where its zone is known: `today` begins at midnight there."""
    zone = zone_of(document, content)
    return document.fetched_at.astimezone(timezone(zone.ahead)) if document.fetched_at and zone else document.fetched_at
