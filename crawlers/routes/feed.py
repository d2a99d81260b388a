"""Reading a feed.

feedparser reads all of RSS, Atom and RDF and mends what is broken; it takes entity declarations that could explode out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import feedparser

from otswatch.crawlers.routes import Entry, Listed, UnreadableListError, with_real_characters, words

#: Bytes in which a feed's first element begins. feedparser searches this head with expressions of quadratic cost.
_HEAD = 16_384
_FIRST_ELEMENT = re.compile(rb"<\w")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")
_MIDNIGHT = frozenset({"0:00", "00:00", "00:00:00"})
#: So many entries do not appear in the same second.
_SUSPECT = 3


def read(body: bytes, url: str, content_type: str) -> Listed:
    """The entries that have an address, in the order of the feed; relative addresses are resolved against `url`.

    Raises:
        UnreadableListError: an HTML page, an empty answer, garbage.
    """
    if not body.startswith(_UTF16_MARKS) and not _FIRST_ELEMENT.search(body, 0, _HEAD):
        raise UnreadableListError("no element in its first 16 KiB" if body else "an empty answer")
    headers = {"content-type": content_type, "content-location": url}
    feed = feedparser.parse(
        BytesIO(with_real_characters(body)),
        response_headers=headers,
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not feed.get("version"):
        raise UnreadableListError(f"neither RSS, Atom nor RDF ({content_type or 'no content type'})")
    return Listed(tuple(_without_build_time(list(_entries(feed)))))


def _entries(feed: Any) -> Iterator[Entry]:
    for entry in feed.entries:
        if link := entry.get("link"):
            yield Entry(link.strip(), words(entry.get("title")), words(_published(feed.version, entry)))


def _published(version: str, entry: Any) -> str | None:
    """`pubDate` or `published`; in RSS also `dc:date`, which feedparser files under `updated`."""
    if "published" in entry:
        return str(entry["published"])
    return str(entry["updated"]) if version.startswith("rss") and "updated" in entry else None


def _without_build_time(entries: list[Entry]) -> list[Entry]:
    """The entries without the moment that all of them share: it is when the feed was made, not when they were.

    A day alone, or midnight, can be true of all that was published on that day.
    """
    shared = {entry.published for entry in entries}
    if len(entries) < _SUSPECT or len(shared) > 1:
        return entries
    [moment] = shared
    time = _TIME.search(moment or "")
    if time is None or time[0] in _MIDNIGHT:
        return entries
    return [replace(entry, published=None) for entry in entries]
