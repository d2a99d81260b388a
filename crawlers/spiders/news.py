"""The news spider: visits sources as they come due, reads their lists, fetches and publishes what is new, and again
what may have changed (`otswatch.crawlers.spiders.again`).

One spider for all sources and routes, so that a host that several lists lead to is asked by one at a time. Scrapy does
the fetching, `Frontier` knows what is new and publishes; here one follows from the other. Whatever blocks runs off the
reactor: bus and state in one thread, each list's parser in a process with a time limit. A page's callback ends when its
message is delivered, and Scrapy fetches no further while too many pages wait for that.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import asynccontextmanager
from typing import Any, ParamSpec, TypeVar, cast

from pebble import ProcessExpired, ProcessPool
from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from otswatch.crawlers.again import Refetches
from otswatch.crawlers.agenda import Agenda, HoursOverError
from otswatch.crawlers.answers import conditions, header, headers, why
from otswatch.crawlers.frontier import Clock, Fetched, Frontier, Item, Met
from otswatch.crawlers.registry import Listing, Sitemap, Source
from otswatch.crawlers.report import SourceReport
from otswatch.crawlers.routes import Listed, UnreadableListError
from otswatch.crawlers.routes.reader import read
from otswatch.crawlers.spiders.again import FetchingAgain
from otswatch.crawlers.visit import Reading, Visit, id_of
from otswatch.errors import MessageTooLargeError, OTSWatchError
from otswatch.logs import get_logger
from otswatch.status import Reason

log = get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
Progress = Callable[[int, int], None]

#: Dealt with most lately: between the reading of a list and its requests there are moments.
_MOST_SETTLED = 10_000


class NewsSpider(Spider):
    """One crawl. `error` says what ended it early."""

    name = "news"

    def __init__(
        self,
        *,
        agenda: Agenda,
        frontier: Frontier,
        refetches: Refetches,
        clock: Clock,
        list_timeout: float,
        on_progress: Progress,
    ) -> None:
        super().__init__()
        self.error: OTSWatchError | None = None
        self._agenda = agenda
        self._frontier = frontier
        self._again = FetchingAgain(refetches, clock, self)
        self._clock = clock
        self._list_timeout = list_timeout
        self._on_progress = on_progress
        self._visits: dict[str, Visit] = {}
        self._under_way: set[str] = set()
        self._settled: dict[str, int] = {}
        self._done = self._known = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="frontier")
        self._parsers = ProcessPool(max_workers=1, context=multiprocessing.get_context("spawn"))

    async def start(self) -> AsyncIterator[Request]:
        """For each source that comes due: its lists, and what earlier visits left undone."""
        await self.blocking(self._frontier.forget_delivered)
        try:
            async for due in self._agenda.due(self.blocking):
                for source in due:
                    for request in await self._begin(source):
                        yield request
        except HoursOverError:
            raise CloseSpider("hours-over") from None

    async def _begin(self, source: Source) -> list[Request]:
        visit = self._visits[source.id] = Visit(source, self._clock())
        waiting = await self.blocking(self._frontier.waiting, [source.id])
        return [*self._page_requests(visit, waiting), *await self._first_lists(visit)]

    def closed(self, reason: str) -> None:
        """End the helpers; nobody waits for them any more."""
        self._thread.shutdown()
        self._parsers.stop()  # type: ignore[no-untyped-call]  # Pebble types its calls, but not this one
        self._parsers.join()

    @property
    def unfinished(self) -> list[SourceReport]:
        """What came of the visits that the end of the crawl cut short."""
        return [visit.report() for visit in self._visits.values()]

    @asynccontextmanager
    async def answered(self, visit: Visit) -> AsyncIterator[None]:
        """Around the work on one answer: behind the last one of its visit what is due again, then the visit is over."""
        try:
            yield
        finally:
            visit.open -= 1
            if not visit.open and self.error is None:
                for request in await self._again.requests(visit):
                    self.crawler.engine.crawl(request)
            if not visit.open and self.error is None:
                del self._visits[visit.source.id]
                await self.blocking(self._agenda.visited, visit.source, visit.report())

    # ------------------------------------------------------------------------------------------------------------ lists

    async def _first_lists(self, visit: Visit) -> list[Request]:
        requests = []
        for route in visit.source.routes:
            validators = await self.blocking(self._frontier.validators, route.url, visit.source.takes(route))
            requests.append(self._list_request(visit, Reading(route), route.url, validators))
        return requests

    def _list_request(
        self, visit: Visit, reading: Reading, address: str, validators: dict[str, str] | None = None
    ) -> Request:
        visit.open += 1
        reading.asked.add(address)
        return Request(
            address,
            headers=validators,
            callback=self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"visit": visit, "reading": reading, "address": address},
            meta={"handle_httpstatus_list": [304]},
            priority=1,
        )

    async def parse_list(
        self, response: Response, visit: Visit, reading: Reading, address: str
    ) -> AsyncIterator[Request]:
        """Requests for the articles of a list that are new, and for the lists that it leads to."""
        async with self.answered(visit):
            if response.status == 304:
                visit.count(Reason(f"{reading.route.by}-unchanged"))
                visit.answered += 1
                return
            try:
                listed = await self._read(reading, response)
                met = await self._meet(visit, reading, address, listed)
            except (UnreadableListError, FutureTimeoutError, ProcessExpired) as error:
                reason = Reason(f"{reading.route.by}-unreadable")
                self.problem(visit, address, reason, str(error) or "the parser took too long")
                return
            reading.found(address for address in listed.lists if id_of(address))
            further = reading.further(new=met.new, known=met.seen)
            if address == reading.route.url and not (listed.lists and isinstance(reading.route, Sitemap)):
                reading.conditions = conditions(response)
            if not further:
                await self._list_ends(visit, reading)
            for request in (self._list_request(visit, reading, more) for more in further):
                yield request
            for request in self._page_requests(visit, met):
                yield request

    async def list_failed(self, failure: Failure) -> None:
        """A list that could not be had: counted, and asked for again at the next visit."""
        arguments = cast("Any", failure).request.cb_kwargs
        async with self.answered(arguments["visit"]):
            self.problem(arguments["visit"], arguments["address"], *why(failure.value))

    async def _read(self, reading: Reading, response: Response) -> Listed:
        arguments = (reading.route, response.body, response.url, header(response, "Content-Type"))
        return await asyncio.wrap_future(self._parsers.schedule(read, args=arguments, timeout=self._list_timeout))

    async def _meet(self, visit: Visit, reading: Reading, address: str, listed: Listed) -> Met:
        """Remember what a list shows.

        Raises:
            UnreadableListError: a listing on which no link is an article's.
        """
        if isinstance(reading.route, Listing) and address == reading.route.url:
            _require_articles(visit.source, listed)
        articles = visit.articles(reading.route, listed.entries)
        met = await self.blocking(self._frontier.meet, visit.source.id, reading.route.by, address, articles)
        visit.answered += 1
        visit.count(Reason.ALREADY_SEEN, met.seen)
        visit.count(Reason.BEYOND_LIMIT, listed.beyond)
        log.debug("list.read", source=visit.source.id, list=address, entries=len(articles), new=met.new, seen=met.seen)
        return met

    async def _list_ends(self, visit: Visit, reading: Reading) -> None:
        """All of a route was read, or as much of it as one visit reads."""
        visit.count(Reason.BEYOND_LIMIT, len(reading.waiting) if isinstance(reading.route, Sitemap) else 0)
        takes = visit.source.takes(reading.route)
        await self.blocking(self._frontier.list_was_read, reading.route.url, reading.conditions, takes)

    # ------------------------------------------------------------------------------------------------------------ pages

    def _page_requests(self, visit: Visit, met: Met) -> list[Request]:
        """One for each page that is due. Those that rest after a failure are counted under what it was."""
        for item in met.resting:
            visit.met.add(item.id)
            visit.count(Reason(item.reason or Reason.FETCH_FAILED))
        due = [item for item in met.due if item.id not in self._under_way and not self._is_settled(item)]
        self._known += len(due) + len(met.resting)
        self._done += len(met.resting)
        self._on_progress(self._done, self._known)
        return [self._page_request(visit, item) for item in due]

    def _page_request(self, visit: Visit, item: Item) -> Request:
        visit.open += 1
        visit.met.add(item.id)
        self._under_way.add(item.id)
        return Request(
            item.url,
            callback=self.parse_page,
            errback=self.page_failed,
            cb_kwargs={"visit": visit, "item": item},
        )

    async def parse_page(self, response: Response, visit: Visit, item: Item) -> None:
        """Deliver a page. What was moved to where no article is (a front page, a consent wall) is not one.

        Nor is what has no id: the pattern also fits addresses that are too long for one.
        """
        async with self.answered(visit):
            is_moved = "redirect_urls" in response.meta
            if id_of(response.url) is None or (is_moved and not visit.source.is_article(response.url)):
                await self._failed(visit, item, Reason.NOT_ARTICLE, f"moved to {response.url}")
                return
            fetched = Fetched(response.url, response.status, headers(response), response.body, self._clock())
            try:
                reason = await self.blocking(self._frontier.deliver, item, fetched)
            except MessageTooLargeError as error:
                await self._failed(visit, item, Reason.TOO_LARGE, str(error))
                return
            visit.count(reason)
            log.debug("page.delivered", source=visit.source.id, url=response.url, status=str(reason))
            self._step(item)

    async def page_failed(self, failure: Failure) -> None:
        """A page that could not be had: counted, and tried again at a later visit."""
        arguments = cast("Any", failure).request.cb_kwargs
        async with self.answered(arguments["visit"]):
            await self._failed(arguments["visit"], arguments["item"], *why(failure.value))

    async def _failed(self, visit: Visit, item: Item, reason: Reason, detail: str) -> None:
        await self.blocking(self._frontier.failed, item, reason)
        self.problem(visit, item.url, reason, detail)
        self._step(item)

    # ----------------------------------------------------------------------------------------------------------- shared

    async def blocking(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`function` in the thread for what blocks. Storage that fails ends the crawl: nothing was marked as seen."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, lambda: function(*args, **kwargs))
        except MessageTooLargeError:
            raise
        except OTSWatchError as error:
            if self.error is None:
                log.error("crawl.stopped", error=type(error).__name__, detail=str(error))
                self.error = error
            raise CloseSpider(type(error).__name__) from error

    def _is_settled(self, item: Item) -> bool:
        """Whether a page was dealt with while a list was read that shows it as still due."""
        return item.failures <= self._settled.get(item.id, -1)

    def _step(self, item: Item) -> None:
        self._under_way.discard(item.id)
        self._settled[item.id] = item.failures
        if len(self._settled) > _MOST_SETTLED:
            del self._settled[next(iter(self._settled))]
        self._done += 1
        self._on_progress(self._done, self._known)

    def problem(self, visit: Visit, url: str, reason: Reason, detail: str) -> None:
        visit.problem(url, reason, detail)
        log.info("fetch.failed", source=visit.source.id, url=url, status=str(reason), detail=detail)


def _require_articles(source: Source, listed: Listed) -> None:
    """A site that was rebuilt still answers 200: its listing must not go silent unnoticed."""
    if not any(source.is_article(entry.url) for entry in listed.entries):
        raise UnreadableListError(f"none of its {len(listed.entries)} links is an article's address")
