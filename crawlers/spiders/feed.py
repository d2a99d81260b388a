"""The feed spider: reads the feeds of all sources, fetches what is new, publishes it. One spider for all of them.

Scrapy does the fetching, `Frontier` knows what is new and publishes; here one follows from the other. Whatever blocks
runs off the reactor: bus and state in one thread, each feed's parser in a process with a time limit. A page's callback
ends when its message is delivered, and Scrapy fetches no further while too many pages wait for that.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, ParamSpec, TypeVar, cast

from pebble import ProcessExpired, ProcessPool
from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from otswatch.crawlers import feeds
from otswatch.crawlers.answers import header, headers, why
from otswatch.crawlers.frontier import Clock, Fetched, Frontier, Item, Met
from otswatch.crawlers.registry import Source
from otswatch.crawlers.report import Tally
from otswatch.errors import MessageTooLargeError, OTSWatchError, UsageError
from otswatch.logs import get_logger
from otswatch.status import Reason
from otswatch.urls import page_id

log = get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
Progress = Callable[[int, int], None]

_VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


class FeedSpider(Spider):
    """One crawl. `tally` is its result."""

    name = "feed"

    def __init__(
        self,
        *,
        sources: Sequence[Source],
        frontier: Frontier,
        tally: Tally,
        clock: Clock,
        feed_timeout: float,
        on_progress: Progress,
    ) -> None:
        super().__init__()
        self._sources = sources
        self._frontier = frontier
        self._tally = tally
        self._clock = clock
        self._feed_timeout = feed_timeout
        self._on_progress = on_progress
        self._met: set[str] = set()
        self._done = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="frontier")
        self._parsers = ProcessPool(max_workers=1, context=multiprocessing.get_context("spawn"))

    async def start(self) -> AsyncIterator[Request]:
        """The feeds, and what earlier crawls left undone."""
        by_id = {source.id: source for source in self._sources}
        waiting = await self._blocking(self._frontier.waiting, by_id.keys())
        self._count_resting(waiting)
        for item in waiting.due:
            self._met.add(item.id)
            yield self._page_request(by_id[item.source], item)
        for source in self._sources:
            for feed in source.feeds:
                headers = await self._blocking(self._frontier.validators, feed.url)
                yield Request(
                    feed.url,
                    headers=headers,
                    callback=self.parse_feed,
                    errback=self.feed_failed,
                    cb_kwargs={"source": source, "feed": feed.url},
                    meta={"handle_httpstatus_list": [304]},
                    priority=1,
                )

    def closed(self, reason: str) -> None:
        """End the helpers; nobody waits for them any more."""
        self._thread.shutdown()
        self._parsers.stop()  # type: ignore[no-untyped-call]  # Pebble types its calls, but not this one
        self._parsers.join()

    # ------------------------------------------------------------------------------------------------------------ feeds

    async def parse_feed(self, response: Response, source: Source, feed: str) -> AsyncIterator[Request]:
        """Requests for the articles of a feed that are new."""
        if response.status == 304:
            self._tally.count(source.id, Reason.FEED_UNCHANGED)
            self._tally.answered[source.id] += 1
            return
        content_type = header(response, "Content-Type")
        try:
            entries = await self._read_feed(response.body, response.url, content_type)
        except (feeds.UnreadableFeedError, FutureTimeoutError, ProcessExpired) as error:
            self._problem(source, feed, Reason.FEED_UNREADABLE, str(error) or "the parser took too long")
            return
        met = await self._blocking(self._frontier.meet, source.id, feed, self._articles(source, entries))
        await self._blocking(self._frontier.feed_was_read, feed, _conditions(response))
        self._tally.answered[source.id] += 1
        self._tally.count(source.id, Reason.ALREADY_SEEN, met.seen)
        self._count_resting(met)
        log.info("feed.read", source=source.id, feed=feed, entries=len(entries), new=len(met.due), seen=met.seen)
        for item in met.due:
            yield self._page_request(source, item)

    async def feed_failed(self, failure: Failure) -> None:
        """A feed that could not be had: counted, and asked for again at the next crawl."""
        arguments = cast("Any", failure).request.cb_kwargs
        reason, detail = why(failure.value)
        self._problem(arguments["source"], arguments["feed"], reason, detail)

    async def _read_feed(self, body: bytes, url: str, content_type: str) -> list[feeds.Entry]:
        future = self._parsers.schedule(feeds.read, args=(body, url, content_type), timeout=self._feed_timeout)
        return await asyncio.wrap_future(future)

    def _articles(self, source: Source, entries: Sequence[feeds.Entry]) -> list[tuple[str, feeds.Entry]]:
        """The entries that are articles of `source` and were not met in this crawl yet, with their ids."""
        articles: list[tuple[str, feeds.Entry]] = []
        for entry in entries:
            try:
                id_ = page_id(entry.url)
            except UsageError:
                id_ = ""
            if not id_ or not source.is_article(entry.url):
                self._tally.count(source.id, Reason.NOT_ARTICLE)
            elif id_ not in self._met:
                self._met.add(id_)
                articles.append((id_, entry))
        return articles

    # ------------------------------------------------------------------------------------------------------------ pages

    def _page_request(self, source: Source, item: Item) -> Request:
        self._on_progress(self._done, len(self._met))
        return Request(
            item.url,
            callback=self.parse_page,
            errback=self.page_failed,
            cb_kwargs={"source": source, "item": item},
        )

    async def parse_page(self, response: Response, source: Source, item: Item) -> None:
        """Deliver a page. What was moved to where no article is (a front page, a consent wall) is not one."""
        if "redirect_urls" in response.meta and not source.is_article(response.url):
            await self._failed(source, item, Reason.NOT_ARTICLE, f"moved to {response.url}")
            return
        fetched = Fetched(response.url, response.status, headers(response), response.body, self._clock())
        try:
            reason = await self._blocking(self._frontier.deliver, item, fetched)
        except MessageTooLargeError as error:
            await self._failed(source, item, Reason.TOO_LARGE, str(error))
            return
        self._tally.count(source.id, reason)
        log.info("page.delivered", source=source.id, url=response.url, status=str(reason))
        self._step()

    async def page_failed(self, failure: Failure) -> None:
        """A page that could not be had: counted, and tried again at a later crawl."""
        arguments = cast("Any", failure).request.cb_kwargs
        await self._failed(arguments["source"], arguments["item"], *why(failure.value))

    async def _failed(self, source: Source, item: Item, reason: Reason, detail: str) -> None:
        await self._blocking(self._frontier.failed, item, reason)
        self._problem(source, item.url, reason, detail)
        self._step()

    # ----------------------------------------------------------------------------------------------------------- shared

    async def _blocking(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`function` in the thread for what blocks. Storage that fails ends the crawl: nothing was marked as seen."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, lambda: function(*args, **kwargs))
        except MessageTooLargeError:
            raise
        except OTSWatchError as error:
            if self._tally.error is None:
                log.error("crawl.stopped", error=type(error).__name__, detail=str(error))
                self._tally.error = error
            raise CloseSpider(type(error).__name__) from error

    def _step(self) -> None:
        self._done += 1
        self._on_progress(self._done, len(self._met))

    def _problem(self, source: Source, url: str, reason: Reason, detail: str) -> None:
        self._tally.problem(source.id, url, reason, detail)
        log.warning("fetch.failed", source=source.id, url=url, status=str(reason), detail=detail)

    def _count_resting(self, met: Met) -> None:
        for item in met.resting:
            self._met.add(item.id)
            self._done += 1
            self._tally.count(item.source, Reason(item.reason or Reason.FETCH_FAILED))


def _conditions(response: Response) -> dict[str, str]:
    given = {condition: header(response, name) for name, condition in _VALIDATORS.items()}
    return {condition: value for condition, value in given.items() if value}
