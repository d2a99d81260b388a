"""The page spider: one address, fetched as the news spider would (robots.txt, user agent, no private addresses)."""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from otswatch.crawlers.answers import headers, why
from otswatch.crawlers.frontier import Clock, Fetched
from otswatch.errors import UsageError


class PageSpider(Spider):
    """`result` gets what came, or the error that says why nothing did."""

    name = "page"

    def __init__(self, *, url: str, clock: Clock, result: list[Fetched | UsageError]) -> None:
        super().__init__()
        self._url = url
        self._clock = clock
        self._result = result

    async def start(self) -> AsyncIterator[Request]:
        """The one request."""
        yield Request(self._url, callback=self.parse, errback=self.failed)

    def parse(self, response: Response) -> None:
        """It came."""
        self._result.append(Fetched(response.url, response.status, headers(response), response.body, self._clock()))

    def failed(self, failure: Failure) -> None:
        """It did not."""
        reason, detail = why(failure.value)
        self._result.append(UsageError(f"{self._url}: {reason}: {detail}"))
