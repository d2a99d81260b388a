"""Reading a sitemap or an index of sitemaps (sitemaps.org protocol 0.9, Google's news extension), plain or gzipped.

A news sitemap says when its pages were published. `lastmod` is when a page was last touched, so it only tells which
pages and sitemaps are the newest.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urljoin

from lxml import etree

from otswatch.crawlers.routes import Entry, Listed, UnreadableListError, with_real_characters, words

#: Entries of one sitemap, the newest, that are read: it may have 50,000, the archive of twenty years.
MOST_ENTRIES = 1_000
#: Sitemaps of an index, the newest, that are read at one visit.
MOST_SITEMAPS = 10
#: The protocol's limit of a sitemap once unpacked.
MOST_BYTES = 50_000_000

_GZIP = b"\x1f\x8b"
#: A prefix that is declared nowhere is part of the name, as libxml2 reads it.
_UNDECLARED = re.compile(r"[^{}:]+:([a-z_]+)", re.ASCII)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def read(body: bytes, url: str, content_type: str, follow: str | None = None) -> Listed:
    """The newest entries of a sitemap, or the newest sitemaps of an index; in their own order where nothing is dated.

    Args:
        follow: of an index, only the sitemaps in whose address this expression is found.

    Raises:
        UnreadableListError: no sitemap, gzip data that was cut off, or more of it than the protocol allows.
    """
    root = _root(_unpacked(body))
    kind = _name(root)
    if kind == "sitemapindex":
        found = [(moment, loc) for loc, moment, _ in _locations(root, "sitemap", url) if re.search(follow or "", loc)]
        newest = [loc for _, loc in sorted(found, key=lambda item: item[0], reverse=True)]
        return Listed(lists=tuple(newest[:MOST_SITEMAPS]), beyond=max(0, len(newest) - MOST_SITEMAPS))
    if kind == "urlset":
        pages = sorted(_locations(root, "url", url), key=lambda item: item[1], reverse=True)
        entries = tuple(Entry(loc, words(news.get("title")), words(news.get("date"))) for loc, _, news in pages)
        return Listed(entries[:MOST_ENTRIES], beyond=max(0, len(entries) - MOST_ENTRIES))
    raise UnreadableListError(f"neither a sitemap nor an index of sitemaps: its first element is {kind[:60]}")


def _unpacked(body: bytes) -> bytes:
    """Gzip data may have several members, one behind the other. What stands behind the last one means nothing."""
    if not body.startswith(_GZIP):
        return body
    unpacked = b""
    while body.startswith(_GZIP):
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            unpacked += member.decompress(body, MOST_BYTES + 1 - len(unpacked))
        except zlib.error as error:
            raise UnreadableListError(f"broken gzip data: {error}") from None
        if len(unpacked) > MOST_BYTES:
            raise UnreadableListError(f"more than {MOST_BYTES:,} bytes when unpacked")
        if not member.eof:
            raise UnreadableListError(f"gzip data that was cut off after {len(unpacked):,} unpacked bytes")
        body = member.unused_data
    return unpacked


def _root(body: bytes) -> etree._Element:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(with_real_characters(body.lstrip()), parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableListError(f"not XML: {error}") from None
    if root is None:
        raise UnreadableListError("not XML" if body.strip() else "an empty answer")
    for element in root.iter(etree.Element):
        if match := _UNDECLARED.fullmatch(element.tag):
            element.tag = match[1]
    return root


def _locations(root: etree._Element, kind: str, base: str) -> Iterator[tuple[str, datetime, dict[str, str]]]:
    """Address, newest moment said of it, and the fields of the news extension of each `kind` of child."""
    for child in root.iterchildren("{*}" + kind):
        loc = "".join(child.xpath("./*[local-name()='loc'][1]/text()")).strip()
        if not loc:
            continue
        news = {
            "title": "".join(child.xpath(".//*[local-name()='news']/*[local-name()='title']/text()")),
            "date": "".join(child.xpath(".//*[local-name()='news']/*[local-name()='publication_date']/text()")),
        }
        changed = "".join(child.xpath("./*[local-name()='lastmod'][1]/text()"))
        try:
            absolute = urljoin(base, loc)
        except ValueError:
            continue
        yield absolute, max(_moment(changed), _moment(news["date"])), news


def _moment(text: str) -> datetime:
    """W3C date and time; what cannot be read is older than everything else."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return _LONG_AGO
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
