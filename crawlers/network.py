"""What goes over the wire and what does not: no private address, no host that wants to be left alone, robots obeyed.

Everything that Scrapy fetches comes through here: pages, feeds, robots.txt, and wherever they redirect.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver

from otswatch.hosts import allowed_hosts, is_public, resolvable, retry_after

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase

#: Seconds that a crawl waits for one host in all, as its `Retry-After` asks. One that asks for more is left alone.
MAX_WAIT = 60.0
#: A host that has not asked for a pause for so long is waited for anew.
FORGET_PAUSES = 600.0
#: Seconds that a robots.txt is held to. RFC 9309 allows a day.
FORGET_ROBOTS = 12 * 3600.0
#: The same for one that could not be had: asked for again at the source's next visit.
FORGET_FAILED_ROBOTS = 300.0


class PrivateAddressError(Exception):
    """The host leads into a private network and is not on the list of allowed hosts."""


class HostPausedError(Exception):
    """The host asked for a longer pause than this crawl takes."""


class RobotsDisallowedError(IgnoreRequest):
    """robots.txt asks us not to fetch the address."""


class RobotsStatusError(IgnoreRequest):
    """The server answered the request for robots.txt with an error of its own."""


class RobotsUnreachableError(IgnoreRequest):
    """robots.txt could not be had, for `cause`: RFC 9309 then asks to fetch nothing."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(f"robots.txt: {cause}")
        self.cause = cause


# ---------------------------------------------------------------------------------------------------- private addresses


class _PublicOnly:
    """A resolution receiver that hands on public addresses only. What it holds back is not connected to."""

    def __init__(self, receiver: Any, where: tuple[str, int], refused: set[tuple[str, int]]) -> None:
        self._receiver = receiver
        self._where = where
        self._refused = refused

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted's name
        if is_public(address.host):
            self._refused.discard(self._where)
            self._receiver.addressResolved(address)
        else:
            self._refused.add(self._where)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionComplete()


class PublicResolver(CachingHostnameResolver):
    """Resolves names to public addresses only. Addresses in all their spellings come through here too (`0x7f.1`).

    `refused` holds the hosts and ports that led nowhere else. It only tells that apart from a name that does not exist.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int) -> None:
        super().__init__(reactor, cache_size)
        self.allowed: frozenset[tuple[str, int]] = frozenset()
        self.refused: set[tuple[str, int]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = allowed_hosts(crawler.settings.getlist("OTSWATCH_ALLOWED_HOSTS"))
        return resolver

    def resolveHostName(  # noqa: N802 - Twisted's names
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        where = (resolvable(hostName), portNumber)
        receiver = resolutionReceiver
        if where not in self.allowed:
            receiver = cast("IResolutionReceiver", _PublicOnly(resolutionReceiver, where, self.refused))
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


# ---------------------------------------------------------------------------------------------------------- one request


class GuestHandler(HTTP11DownloadHandler):
    """Sends a request when its host is ready for it, holding the host's only slot meanwhile: nothing overtakes."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pauses = Pauses()

    async def download_request(self, request: Request) -> Response:
        """The answer, whatever its status.

        Raises:
            PrivateAddressError: no connection was made.
            HostPausedError: no request was made.
        """
        parts = urlsplit(request.url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        await self._pauses.wait(host)
        try:
            response = await super().download_request(request)
        except CannotResolveHostError:
            if (resolvable(host), port) in _resolver().refused:
                raise PrivateAddressError(f"{host}:{port} leads into a private network") from None
            raise
        self._pauses.note(host, response)
        return response


def _resolver() -> PublicResolver:
    # Not above: importing it installs one. By now there is ours.
    from twisted.internet import reactor

    return cast("PublicResolver", cast("ReactorBase", reactor).nameResolver)


class Pauses:
    """Which host asked to be left alone for how long (`Retry-After` with 429 or 503)."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._waited: dict[str, float] = {}

    async def wait(self, host: str) -> None:
        """Return when `host` may be asked again.

        Raises:
            HostPausedError: it wants more time than a crawl has for one host.
        """
        seconds = self._until.get(host, 0.0) - time.monotonic()
        if seconds <= 0:
            if seconds < -FORGET_PAUSES:
                self._waited.pop(host, None)
            return
        if self._waited.get(host, 0.0) + seconds > MAX_WAIT:
            raise HostPausedError(f"{host} asked for {seconds:.0f} s of rest; tried again at the next crawl")
        self._waited[host] = self._waited.get(host, 0.0) + seconds
        await asyncio.sleep(seconds)

    def note(self, host: str, response: Response) -> None:
        """Remember what an answer asked for."""
        asked = response.headers.get("Retry-After")
        if response.status in (429, 503) and asked is not None:
            self._until[host] = time.monotonic() + retry_after(asked.decode("latin-1"), datetime.now(UTC))


# ----------------------------------------------------------------------------------------------------------- robots.txt


class Robots(RobotsTxtMiddleware):
    """RFC 9309: a robots.txt that is missing (4xx) allows all, one that cannot be had (5xx, no answer) forbids all."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreachable: dict[str, Exception] = {}
        self._read_at: dict[str, float] = {}

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Let the request pass, or not.

        Raises:
            RobotsDisallowedError, RobotsUnreachableError: it is not sent.
        """
        netloc = urlsplit(request.url).netloc
        self._forget(netloc)
        try:
            await super().process_request(request)
        except IgnoreRequest:
            raise RobotsDisallowedError("robots.txt") from None
        cause = self._unreachable.get(netloc)
        if cause and not request.meta.get("dont_obey_robotstxt"):
            raise RobotsUnreachableError(cause)

    def _forget(self, netloc: str) -> None:
        """Let what was read too long ago be read again. Scrapy itself holds to it for as long as the process lives."""
        longest = FORGET_FAILED_ROBOTS if netloc in self._unreachable else FORGET_ROBOTS
        if time.monotonic() - self._read_at.get(netloc, time.monotonic()) > longest:
            del self._parsers[netloc], self._read_at[netloc]
            self._unreachable.pop(netloc, None)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        self._read_at[netloc] = time.monotonic()
        if response.status >= 500:
            raise RobotsStatusError(f"HTTP {response.status}")
        readable = response.replace(body=b"") if response.status >= 400 else response
        await super()._parse_robots(readable, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unreachable[netloc] = exc
        self._read_at[netloc] = time.monotonic()
        super()._robots_error(exc, netloc)
