"""One crawl: what `otswatch crawl` calls."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

from otswatch.bus import Bus
from otswatch.crawlers.frontier import Clock, Fetched, Frontier
from otswatch.crawlers.network import allowed_hosts
from otswatch.crawlers.registry import Source
from otswatch.crawlers.report import CrawlReport, Tally
from otswatch.crawlers.settings import scrapy_settings
from otswatch.crawlers.spiders.feed import FeedSpider, Progress
from otswatch.crawlers.spiders.page import PageSpider
from otswatch.errors import UsageError
from otswatch.logs import get_logger
from otswatch.settings import Settings
from otswatch.state import State
from otswatch.status import Reason
from otswatch.urls import normalise

log = get_logger(__name__)

#: Loggers that write a traceback for what the report says in a line.
_LOUD = ("scrapy.downloadermiddlewares.robotstxt", "scrapy.core.downloader.handlers")


def _now() -> datetime:
    return datetime.now(UTC)


def crawl(
    settings: Settings,
    sources: Sequence[Source],
    bus: Bus,
    state: State,
    *,
    clock: Clock = _now,
    on_progress: Progress = lambda done, total: None,
) -> CrawlReport:
    """Read the feeds of `sources` once, fetch what is new, and publish it to `pages` and `aliases`.

    Once per process, in its main thread: a Twisted reactor cannot be started again. The first SIGINT or SIGTERM ends
    the crawl after the requests under way, a second one at once; nothing is lost either way.

    Args:
        clock: what the time is, for every time that is recorded; a drill sets it. Waiting is done by the real one.
        on_progress: called with pages done and known so far.

    Returns:
        Counts and problems by source. Storage that failed is in its `error`, not raised: the report is still of use.

    Raises:
        ConfigError: OTSWATCH_ALLOWED_HOSTS cannot be read.
    """
    allowed_hosts(settings.allowed_hosts)
    ready = [source for source in sources if source.status == "ready"]
    tally = Tally()
    for source in sources:
        if source.status == "not-set-up":
            tally.count(source.id, Reason.NOT_SET_UP)
    finished = "finished"
    if ready:
        log.info("crawl.started", sources=len(ready))
        process = _process(scrapy_settings(settings, ready))
        crawler = process.create_crawler(FeedSpider)
        process.crawl(
            crawler,
            sources=ready,
            frontier=Frontier(bus, state, clock),
            tally=tally,
            clock=clock,
            feed_timeout=settings.page_timeout,
            on_progress=on_progress,
        )
        process.start()
        finished = crawler.stats.get_value("finish_reason", "interrupted")
    report = tally.report(tuple(source.id for source in sources if source.status != "disabled"), finished)
    log.info("crawl.finished", reason=finished, **{str(reason): count for reason, count in report.counts.items()})
    return report


def fetch(settings: Settings, url: str) -> Fetched:
    """One page, fetched as a crawl would and published nowhere. Once per process, as `crawl`.

    Raises:
        UsageError: it is no address, or could not be had; the message says why, with the status word of a crawl.
    """
    normalise(url)
    allowed_hosts(settings.allowed_hosts)
    result: list[Fetched | UsageError] = []
    process = _process(scrapy_settings(settings, ()))
    process.crawl(PageSpider, url=url, clock=_now, result=result)
    process.start()
    fetched = result[0] if result else UsageError(f"{url}: interrupted")
    if isinstance(fetched, UsageError):
        raise fetched
    return fetched


def _process(scrapy_settings: dict[str, Any]) -> AsyncCrawlerProcess:
    """Scrapy, with its own lines from warnings up: what it does is in our report."""
    logging.disable(logging.INFO)  # it sets its loggers to debug and tells of itself before anybody can set them back
    process = AsyncCrawlerProcess(scrapy_settings)
    logging.disable(logging.NOTSET)
    for name in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return process
