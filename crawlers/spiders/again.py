"""The end of a visit: kept articles of the source are fetched again, after all that was new."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, cast

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from otswatch.crawlers.again import Due, Refetches
from otswatch.crawlers.answers import headers, why
from otswatch.crawlers.frontier import Clock, Fetched
from otswatch.crawlers.visit import Visit, id_of
from otswatch.errors import MessageTooLargeError
from otswatch.logs import get_logger
from otswatch.status import Reason

log = get_logger(__name__)

#: What says that a page is not there any more.
_GONE = frozenset((404, 410))


class Host(Protocol):
    """What the spider gives to the parts of a visit: its thread, the count of open requests, and its report."""

    def blocking(self, function: Callable[..., Any], *args: Any) -> Awaitable[Any]: ...

    def answered(self, visit: Visit) -> AbstractAsyncContextManager[None]: ...

    def problem(self, visit: Visit, url: str, reason: Reason, detail: str) -> None: ...


class FetchingAgain:
    """Requests for what is due of a source, and what follows from the answers."""

    def __init__(self, refetches: Refetches, clock: Clock, host: Host) -> None:
        self._refetches = refetches
        self._clock = clock
        self._host = host

    async def requests(self, visit: Visit) -> list[Request]:
        """One for each article that is due. Of a source that does not answer, none: once in a visit is enough."""
        if visit.is_fetching_again or not visit.answered:
            return []
        visit.is_fetching_again = True
        due = await self._host.blocking(self._refetches.due, visit.source.id)
        visit.open += len(due)
        return [self._request(visit, each) for each in due]

    def _request(self, visit: Visit, due: Due) -> Request:
        return Request(
            due.again.url,
            headers=due.again.answer.conditions,
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"visit": visit, "due": due},
            meta={"handle_httpstatus_list": [304, *_GONE]},
            priority=-1,
        )

    async def parse(self, response: Response, visit: Visit, due: Due) -> None:
        """Publish what changed. A page that was moved has another id: it is new where a list shows it."""
        async with self._host.answered(visit):
            if response.status == 304:
                reason = await self._host.blocking(self._refetches.unchanged, due)
            elif response.status in _GONE:
                reason = await self._host.blocking(self._refetches.gone, due, response.status)
            elif id_of(response.url) != due.id:
                await self._host.blocking(self._refetches.end, due)
                self._host.problem(visit, due.again.url, Reason.NOT_ARTICLE, f"moved to {response.url}")
                return
            else:
                fetched = Fetched(response.url, response.status, headers(response), response.body, self._clock())
                try:
                    reason = await self._host.blocking(self._refetches.answered, due, fetched)
                except MessageTooLargeError as error:
                    await self._failed(visit, due, Reason.TOO_LARGE, str(error))
                    return
            visit.count(reason)
            log.debug("page.again", source=visit.source.id, url=due.again.url, status=str(reason))

    async def failed(self, failure: Failure) -> None:
        """It could not be had now."""
        arguments = cast("Any", failure).request.cb_kwargs
        async with self._host.answered(arguments["visit"]):
            await self._failed(arguments["visit"], arguments["due"], *why(failure.value))

    async def _failed(self, visit: Visit, due: Due, reason: Reason, detail: str) -> None:
        await self._host.blocking(self._refetches.failed, due)
        self._host.problem(visit, due.again.url, reason, detail)
