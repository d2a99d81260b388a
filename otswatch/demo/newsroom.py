"""The demo newsroom: news sites on the loopback interface, each with a port of its own, and a front page beside them.

with Newsroom() as newsroom:
    print(newsroom.url, newsroom.hosts)
    newsroom.publish_next()
    …
    assert newsroom.asked("bozkir-ajansi", "/robots.txt") == 1
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from otswatch.demo import front
from otswatch.demo.content import Site, shipped
from otswatch.demo.desk import Desk
from otswatch.demo.edition import Edition, happened, last_moment
from otswatch.demo.pages import Press, path
from otswatch.demo.server import Answer, Question, Server


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, in the newsroom's own log."""

    site: str
    method: str
    path: str
    at: datetime
    status: int


@dataclass(frozen=True, slots=True)
class Item:
    """One page of the newsroom.

    `path` has the query; `oddity` is empty for a plain page; it is listed from `moment` on (0: from the start), if any
    feed, sitemap or listing shows it at all (`listed`).
    """

    site: str
    path: str
    language: str
    title: str
    oddity: str
    moment: int
    listed: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A site as the front page lists it."""

    name: str
    tagline: str
    url: str
    lists: tuple[str, ...]
    languages: str


class Newsroom:
    """Serves on 127.0.0.1 only. Time stands still between one `publish_next` and the next.

    Raises:
        ConfigError: the sites' files cannot be used.
    """

    def __init__(self, now: datetime | None = None) -> None:
        """`now` is when the newsroom opens, with an offset; null: the real time. All its dates count from there."""
        if now is not None and now.tzinfo is None:
            raise ValueError("now needs an offset")
        self._opened = (now or datetime.now(UTC)).replace(microsecond=0)
        self._started = time.monotonic()
        self._lock = threading.Lock()
        self._edition = Edition((self._opened,))
        self._happened: list[str] = []
        self.log: list[Asked] = []
        self._sites = shipped()
        self._last = last_moment(self._sites)
        self._servers = {site.id: Server(self._answering(site)) for site in self._sites}
        self._desks = {site.id: Desk(Press(site, self._servers[site.id].url)) for site in self._sites}
        self._front = Server(lambda question: front.answer(question, self, self._happened, more=self._more))
        self.items = tuple(self._items())

    def __enter__(self) -> Self:
        for server in (*self._servers.values(), self._front):
            server.start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in (*self._servers.values(), self._front):
            server.stop()

    @property
    def url(self) -> str:
        """The front page."""
        return self._front.url

    @property
    def hosts(self) -> tuple[str, ...]:
        """`127.0.0.1:port` of each news site, as `OTSWATCH_ALLOWED_HOSTS` needs it."""
        return tuple(server.host for server in self._servers.values())

    @property
    def moment(self) -> int:
        """How often time has moved."""
        return self._edition.moment

    def sources(self) -> list[dict[str, Any]]:
        """The sites as entries of the registry (docs/reference/sources.md)."""
        return [self._source(site) for site in self._sites]

    def address(self, item: Item) -> str:
        """An item's absolute address."""
        return self._servers[item.site].url + item.path.removeprefix("/")

    def asked(self, site: str, path: str) -> int:
        """How often a site was asked for a path."""
        return sum(one.site == site and one.path == path for one in list(self.log))

    def shown(self) -> list[Shown]:
        """The sites with what they are found by, for the front page."""
        return [
            Shown(site.name, site.tagline, self._servers[site.id].url, _lists(site), ", ".join(site.languages))
            for site in self._sites
        ]

    def publish_next(self) -> str | None:
        """Time moves. One line of English that says what happened, null if nothing more comes."""
        with self._lock:
            if not self._more:
                return None
            # Not before the moment that it follows, whatever the clock does.
            now = max(self._clock(), self._edition.now + timedelta(seconds=1))
            self._edition = Edition((*self._edition.times, now))
            line = happened(self._sites, self._edition.moment)
            self._happened.append(line)
            return line

    @property
    def _more(self) -> bool:
        return self._edition.moment < self._last

    def _clock(self) -> datetime:
        return (self._opened + timedelta(seconds=time.monotonic() - self._started)).replace(microsecond=0)

    def _answering(self, site: Site) -> Callable[[Question], Answer]:
        def answer(question: Question) -> Answer:
            reply = self._desks[site.id].answer(question, self._edition)
            self.log.append(Asked(site.id, question.method, question.path, self._clock(), reply.status))
            return reply

        return answer

    def _items(self) -> list[Item]:
        return [
            Item(
                site.id,
                path(site, piece, self._edition),
                piece.language,
                piece.title,
                piece.oddity,
                piece.moment,
                piece.listed,
            )
            for site in self._sites
            for piece in site.pieces
        ]

    def _source(self, site: Site) -> dict[str, Any]:
        home = self._servers[site.id].url
        return {
            "id": site.id,
            "name": site.name,
            "homepage": home,
            "country": site.country,
            "languages": list(site.languages),
            "kind": site.kind,
            **self._routes(site, home.removesuffix("/")),
            "article": re.escape(home.removesuffix("/")) + site.article,
            "example": next(
                home + path(site, piece, self._edition).removeprefix("/")
                for piece in site.pieces
                if piece.path == site.example
            ),
            "delay": 0,
            "every": 0.1,
            "watch": True,
        }

    def _routes(self, site: Site, home: str) -> dict[str, Any]:
        routes: dict[str, Any] = {}
        if site.feed:
            routes["feeds"] = [home + site.feed.path]
        if site.sitemap:
            routes["sitemaps"] = [home + site.sitemap.path]
        if site.listing:
            listing = site.listing
            routes["listings"] = [{"url": home + listing.path, "next": listing.next, "pages": 3}]
        return routes


def _lists(site: Site) -> tuple[str, ...]:
    routes = (site.feed, site.sitemap, site.listing)
    return tuple(route.path for route in routes if route)
