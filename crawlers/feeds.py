"""Reading a feed: bytes in, entries out. Knows no network and no source.

feedparser reads all of RSS, Atom and RDF and mends what is broken; it takes entity declarations that could explode out.
What it costs is bounded from outside: the spider reads each feed in a process with a time limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import feedparser

#: Bytes in which a feed's first element begins. feedparser searches this head with expressions of quadratic cost.
_HEAD = 16_384
_FIRST_ELEMENT = re.compile(rb"<\w")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class UnreadableFeedError(Exception):
    """The bytes are no feed. Says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of one page. `published` is the words of the feed, never interpreted here."""

    url: str
    title: str | None
    published: str | None


def read(body: bytes, url: str, content_type: str) -> list[Entry]:
    """The entries that have an address, in the order of the feed; relative addresses are resolved against `url`.

    Raises:
        UnreadableFeedError: an HTML page, an empty answer, garbage.
    """
    if not body.startswith(_UTF16_MARKS) and not _FIRST_ELEMENT.search(body, 0, _HEAD):
        raise UnreadableFeedError("no element in its first 16 KiB" if body else "an empty answer")
    headers = {"content-type": content_type, "content-location": url}
    try:
        feed = feedparser.parse(
            BytesIO(body), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
        )
    except Exception as error:  # noqa: BLE001 - feedparser documents none; whatever hostile bytes find means this
        raise UnreadableFeedError(f"{type(error).__name__}: {error}") from None
    if not feed.get("version"):
        raise UnreadableFeedError(f"neither RSS, Atom nor RDF ({content_type or 'no content type'})")
    return list(_entries(feed))


def _entries(feed: Any) -> Iterator[Entry]:
    for entry in feed.entries:
        if link := entry.get("link"):
            yield Entry(link.strip(), _words(entry.get("title")), _words(_published(feed.version, entry)))


def _published(version: str, entry: Any) -> str | None:
    """`pubDate` or `published`; in RSS also `dc:date`, which feedparser files under `updated`."""
    if "published" in entry:
        return str(entry["published"])
    return str(entry["updated"]) if version.startswith("rss") and "updated" in entry else None


def _words(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None
