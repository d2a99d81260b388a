"""The page as the stages of `extract` read it: decoded and parsed once, shared by all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from charset_normalizer import from_bytes
from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura.utils import repair_faulty_html
from w3lib.encoding import html_to_unicode

from otswatch.consumers import background
from otswatch.consumers.markup import blocks
from otswatch.consumers.structured import Structured, read
from otswatch.errors import Discard, Quarantine
from otswatch.records import Discovery, Page
from otswatch.status import Reason
from otswatch.text.plain import repaired

#: The largest of 936 real pages has 19,437; at this many, cleaning takes some seconds.
MOST_TAGS = 60_000

#: First bytes of what is not a page, whatever the address or Content-Type say.
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file (WebP, audio)"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"ID3", "audio"),
    (b"OggS", "audio or video"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"wOF", "a font"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_FEED = re.compile(rb"\s*(?:<\?.{0,200}?\?>\s*|<!--.{0,2000}?-->\s*)*<(rss|feed|urlset|sitemapindex|rdf:RDF)\b", re.S)
#: A list begins with an object, a text or a list: behind its bracket a plain text has words or figures (`[Updated]`).
_JSON = re.compile(rb"\{|\[\s*[\[\]{\"]")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|div|p|article|meta|script|title|br)\b", re.IGNORECASE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
#: Bytes that no text has in any encoding that web pages use, but for UTF-16 (ESC: ISO-2022-JP).
_NO_TEXT = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
_BAD_SHARE = 0.005
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """One page. Exactly one of `html` and `text` is given; `fetched_at` is null where nobody knows it.

    `known_since`: of a page that was fetched again, when it was first seen. `background` is what the pipeline knew of
    recurring paragraphs when the page was worked on.
    """

    html: str | None
    text: str | None
    url: str | None = None
    source: str | None = None
    fetched_at: datetime | None = None
    discovery: Discovery | None = None
    background: background.Snapshot = background.NOTHING
    known_since: datetime | None = None

    @cached_property
    def tree(self) -> HtmlElement | None:
        """The parsed page, or null for plain text. Readers must not change it: copy what you cut.

        Raises:
            Discard: nothing to parse (`no-text`).
            Quarantine: nested deeper than libxml2 goes, or tags by the hundred thousand (`too-deep`).
        """
        return None if self.html is None else _parse(self.html)

    @cached_property
    def blocks(self) -> tuple[tuple[HtmlElement, str], ...]:
        """The innermost blocks of the page with their text, in reading order; none for plain text."""
        return () if self.tree is None else blocks(self.tree)

    @cached_property
    def structured(self) -> Structured:
        """What the page says of itself for machines; empty for plain text."""
        return Structured() if self.tree is None else read(self.tree)


def from_page(page: Page, known: background.Snapshot = background.NOTHING) -> Document:
    """A fetched page, decoded.

    Args:
        known: the recurring paragraphs of the pipeline.

    Raises:
        Discard: an empty answer (`no-text`).
        Quarantine: not a page (`not-html`), or its bytes cannot be unpacked (`undecodable`).
    """
    html, text = decoded(page.content(), page.headers.get("content-type", ""))
    known_since = page.first_seen if page.again else None
    return Document(html, text, page.url, page.source, page.fetched_at, page.discovery, known, known_since)


def decoded(body: bytes, content_type: str = "") -> tuple[str, None] | tuple[None, str]:
    """The bytes of a page as HTML, or of a plain text as text.

    Raises:
        Discard: nothing there (`no-text`).
        Quarantine: neither (`not-html`).
    """
    content_type = content_type.casefold()
    _refuse_other_kinds(body)
    text = _decode(body, content_type).replace("\0", "")  # no page means one; UTF-32 read as UTF-16 is full of them
    if not text.strip():
        raise Discard(Reason.NO_TEXT)
    return (None, text) if "html" not in content_type and not _HTML.search(text) else (text, None)


def _refuse_other_kinds(body: bytes) -> None:
    start = body.lstrip()[:512]
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise Quarantine(Reason.NOT_HTML, what)
    if b"ftyp" in start[4:8]:
        raise Quarantine(Reason.NOT_HTML, "video or an image")
    if match := _FEED.match(body[:4096]):
        raise Quarantine(Reason.NOT_HTML, f"a feed or sitemap ({match[1].decode()})")
    if _JSON.match(start) and b"<" not in body:
        raise Quarantine(Reason.NOT_HTML, "JSON")
    head = body[:4096]
    if not body.startswith(_UTF_16) and (len(head) - len(head.translate(None, _NO_TEXT))) * 20 > len(head):
        raise Quarantine(Reason.NOT_HTML, "binary data")


def _guess(body: bytes) -> str | None:
    """The encoding of bytes that nobody declared."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(body[:50_000]).best()
        return best.encoding if best else "cp1252"
    return "utf-8"


def _decode(body: bytes, content_type: str) -> str:
    """As browsers do: byte order mark, header, meta; and a second look where what was declared is plainly wrong."""
    text = _read_as(content_type, body)
    if text is not None and text.count("\ufffd") <= _BAD_SHARE * len(text):
        return text
    others = (_read_as(header, body) for header in (None, f"text/html; charset={_guess(body)}"))
    read = [each for each in (text, *others) if each is not None]
    return min(read or [body.decode("utf-8", "replace")], key=lambda decoded: decoded.count("\ufffd"))


def _read_as(header: str | None, body: bytes) -> str | None:
    """The bytes in the encoding that is declared, else guessed; null where that is none of text (`charset=zlib`)."""
    try:
        return html_to_unicode(header, body, default_encoding="utf-8", auto_detect_fun=_guess)[1]
    except (LookupError, ValueError):
        return None


def _parse(html: str) -> HtmlElement:
    if html.count("<") > MOST_TAGS:
        raise Quarantine(Reason.TOO_DEEP, f"more than {MOST_TAGS} tags")
    # What stands behind an early `</body>` would be lost; parsers need neither.
    html = repair_faulty_html(_ENDS.sub("", repaired(html)), html[:50].casefold())
    parser = HTMLParser(
        collect_ids=False, default_doctype=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        # Bytes: lxml refuses a str that declares an encoding.
        tree = document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except ParserError:
        raise Discard(Reason.NO_TEXT) from None
    # Past its limit (256 levels) libxml2 stops reading: what is below would be lost without a word.
    if any("depth" in entry.message for entry in parser.error_log):
        raise Quarantine(Reason.TOO_DEEP, "nested deeper than 256 levels")
    return tree
