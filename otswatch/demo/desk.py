"""What a site answers: which address is what, at which moment."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from otswatch.demo import lists
from otswatch.demo.content import Piece
from otswatch.demo.edition import Edition
from otswatch.demo.pages import Press, path
from otswatch.demo.server import Answer, Question

_XML = "application/xml; charset=utf-8"
_FEEDS = {"rss": "application/rss+xml; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#{colour}"/>'
    '<path d="M0 9 5 3l3 4 3-2 5 4z" fill="#fff" opacity=".6"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers for one site."""

    press: Press

    def answer(self, question: Question, edition: Edition) -> Answer:
        """What the site says at a moment."""
        if question.method not in ("GET", "HEAD"):
            return Answer(b"", 405, headers={"Allow": "GET, HEAD"})
        address = _without_campaign(question.path)
        found = self._list(address, edition)
        if found is not None:
            changed = edition.built(self.press.site)
            return _conditional(found, changed, question)
        return self._other(address, edition) or self._missing()

    # ------------------------------------------------------------------------------------------------------------ lists

    def _list(self, address: str, edition: Edition) -> Answer | None:
        """Lists, which say whether they changed; null where the address is none."""
        press, site = self.press, self.press.site
        if site.feed and address == site.feed.path:
            return Answer(lists.feed(press, edition), content_type=_FEEDS[site.feed.format])
        if site.sitemap and address == site.sitemap.path:
            return Answer(lists.sitemap_index(press, edition), content_type=_XML)
        if site.sitemap and address == site.sitemap.news:
            return Answer(lists.news_sitemap(press, edition), content_type=_XML)
        if site.sitemap and address == site.sitemap.pages:
            return Answer(lists.page_sitemap(press), content_type=_XML)
        if site.listing:
            return self._page(self._numbered(address, edition))
        return self._page(press.front(edition)) if address == "/" else None

    def _numbered(self, address: str, edition: Edition) -> bytes | None:
        route = self.press.site.listing
        if route is None:
            return None
        if address in ("/", route.path):
            return self.press.listing(edition, 0)
        before, after = route.further.split("{number}")
        number = address.removeprefix(before).removesuffix(after)
        if address == f"{before}{number}{after}" and number.isdecimal() and len(number) < 4:
            return self.press.listing(edition, int(number) - route.first)
        return None

    def _page(self, body: bytes | None) -> Answer | None:
        return None if body is None else Answer(body, content_type=f"text/html; charset={self.press.site.charset}")

    # ------------------------------------------------------------------------------------------------------------ pages

    def _other(self, address: str, edition: Edition) -> Answer | None:
        if address == "/robots.txt":
            return Answer(lists.robots(self.press), content_type="text/plain; charset=utf-8")
        if address.startswith("/media/") and address.endswith(".svg"):
            colour = hashlib.sha256(address.encode()).hexdigest()[:6]
            return Answer(_PICTURE.format(colour=colour).encode(), content_type="image/svg+xml")
        for piece in self.press.site.pieces:
            if piece.moment <= edition.moment and address in (path(self.press.site, piece, edition), piece.to):
                return self._piece(piece, address, edition)
        return self._notice(address)

    def _piece(self, piece: Piece, address: str, edition: Edition) -> Answer:
        press, html = self.press, f"text/html; charset={self.press.site.charset}"
        if edition.gone(piece):
            return self._notice_page(410)
        match piece.reply:
            case "pdf":
                return Answer(press.pdf(piece, edition), content_type="application/pdf")
            case "consent":
                return Answer(press.consent(piece, edition), content_type=html)
            case "huge":
                return Answer(content_type=html, blocks=lambda: press.huge(piece, edition))
            case "page":
                return Answer(press.article(piece, edition), content_type=html)
            case "moved" if address == piece.to:
                return Answer(press.article(piece, edition), content_type=html)
        return self._no_page(piece, address)

    def _no_page(self, piece: Piece, address: str) -> Answer:
        """The answers that are a status and nothing more."""
        there = address == piece.to
        match piece.reply:
            case "not-found":
                return self._notice_page(404)
            case "away" if there:
                return self._notice_page(200)
            case "server-error":
                return Answer(b"<!doctype html><title>500</title><h1>Internal Server Error</h1>", 500)
        to = piece.path if there else str(piece.to)
        return _redirect(301 if piece.reply == "moved" else 302, self.press.absolute(to))

    def _notice(self, address: str) -> Answer | None:
        """The pages of every site that are no articles."""
        return self._notice_page(200) if address in ("/about", "/contact", "/privacy") else None

    def _missing(self) -> Answer:
        return self._notice_page(404)

    def _notice_page(self, status: int) -> Answer:
        text = self.press.notice(status)
        return Answer(text, status, content_type=f"text/html; charset={self.press.site.charset}")


def _redirect(status: int, to: str) -> Answer:
    return Answer(b"", status, headers={"Location": to})


def _without_campaign(address: str) -> str:
    """The address that a site looks up: what a campaign hangs on it changes nothing."""
    parts = urlsplit(address)
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not name.startswith("utm_")
    ]
    return parts.path + (f"?{urlencode(kept)}" if kept else "")


def _conditional(answer: Answer, changed: datetime, question: Question) -> Answer:
    """The answer with its validators; nothing but these where the client has it already (RFC 9110, section 13)."""
    tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True)}
    known = question.headers.get("if-none-match")
    since = question.headers.get("if-modified-since")
    same = tag in known if known is not None else since is not None and _unchanged(changed, since)
    return Answer(b"", 304, answer.content_type, headers) if same else replace(answer, headers=headers)


def _unchanged(changed: datetime, since: str) -> bool:
    try:
        return changed.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
