"""A site's feed and sitemaps, and its robots.txt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from otswatch.demo.content import Piece
from otswatch.demo.edition import Edition
from otswatch.demo.pages import Press, environment


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list. `date` is null where the list does not say when."""

    title: str
    url: str
    date: str | None
    start: str
    language: str


def feed(press: Press, edition: Edition) -> bytes:
    """RSS 2.0 or Atom."""
    route = press.site.feed
    if route is None:
        raise AssertionError(press.site.id)
    built = _stamp(route.format, edition.built(press.site))
    text = (
        environment()
        .get_template(f"feed.{route.format}.xml")
        .render(
            site=press.site,
            home=press.home,
            own=press.absolute(route.path),
            built=built,
            entries=_entries(press, edition, route.format, built if route.dates == "built" else None),
        )
    )
    return text.encode()


def news_sitemap(press: Press, edition: Edition) -> bytes:
    """A sitemap with Google's news extension."""
    entries = _entries(press, edition, "atom", None)
    return environment().get_template("news-sitemap.xml").render(site=press.site, entries=entries).encode()


def sitemap_index(press: Press, edition: Edition) -> bytes:
    """The index that leads to both sitemaps."""
    route = press.site.sitemap
    if route is None:
        raise AssertionError(press.site.id)
    return (
        environment()
        .get_template("sitemap-index.xml")
        .render(
            news=press.absolute(route.news),
            pages=press.absolute(route.pages),
            changed=_stamp("atom", edition.built(press.site)),
        )
        .encode()
    )


def page_sitemap(press: Press) -> bytes:
    """A sitemap of pages that are no news."""
    return environment().get_template("page-sitemap.xml").render(home=press.home).encode()


def robots(press: Press) -> bytes:
    """What robots are asked to leave alone."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in press.site.disallowed or ("/admin/",))]
    if press.site.sitemap:
        lines.append(f"Sitemap: {press.absolute(press.site.sitemap.path)}")
    return "\n".join([*lines, ""]).encode()


def _entries(press: Press, edition: Edition, form: str, shared: str | None) -> list[Entry]:
    found: list[Entry] = []
    for piece in edition.listed(press.site):
        teaser = press.teaser(piece, edition)
        date = shared or _own_date(press, piece, edition, form)
        found += [
            Entry(teaser.title, url, date, teaser.start, piece.language)
            for url in (teaser.url, *map(press.absolute, piece.also))
        ]
    return found


def _own_date(press: Press, piece: Piece, edition: Edition, form: str) -> str | None:
    if not press.site.shows(piece, "list"):
        return None
    return _stamp(form, edition.published(press.site, piece) + piece.machine_shift)


def _stamp(form: str, moment: datetime) -> str:
    return format_datetime(moment) if form == "rss" else moment.isoformat(timespec="seconds")
