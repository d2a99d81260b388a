"""Crawls: what `otswatch crawl` calls, once or on schedule."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from scrapy.crawler import AsyncCrawlerProcess

from otswatch import health
from otswatch.bus import Bus
from otswatch.crawlers import history
from otswatch.crawlers.again import Refetches
from otswatch.crawlers.agenda import Agenda, Once, Scheduled, not_set_up
from otswatch.crawlers.frontier import Clock, Fetched, Frontier
from otswatch.crawlers.registry import Source
from otswatch.crawlers.report import CrawlReport, SourceReport
from otswatch.crawlers.settings import scrapy_settings
from otswatch.crawlers.spiders.news import NewsSpider, Progress
from otswatch.crawlers.spiders.page import PageSpider
from otswatch.errors import UsageError
from otswatch.hosts import allowed_hosts
from otswatch.logs import get_logger
from otswatch.settings import Settings
from otswatch.state import State
from otswatch.urls import normalise

log = get_logger(__name__)

#: Loggers that write a traceback for what the report says in a line.
_LOUD = ("scrapy.downloadermiddlewares.robotstxt", "scrapy.core.downloader.handlers")


def _now() -> datetime:
    return datetime.now(UTC)


def _ignore(done: int, total: int) -> None:
    """Nobody watches."""


def crawl(
    settings: Settings,
    sources: Sequence[Source],
    bus: Bus,
    state: State,
    *,
    clock: Clock = _now,
    on_progress: Progress = _ignore,
) -> CrawlReport:
    """Visit `sources` once: read their lists, fetch what is new, and publish it to `pages` and `aliases`.

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
    ready = [source for source in sources if source.status == "ready"]
    agenda = Once(ready, state, clock)
    for report in not_set_up(sources):
        history.record(report, state, clock())
        agenda.reports[report.id] = report
    finished, error = "finished", None
    if ready:
        finished, spider = _crawl(settings, ready, agenda, bus, state, clock, on_progress)
        agenda.reports.update({report.id: report for report in spider.unfinished})
        error = spider.error
    known = [source.id for source in sources if source.status != "disabled"]
    nothing = {id_: SourceReport(id_, None, {}) for id_ in known}
    return CrawlReport(tuple((nothing | agenda.reports)[id_] for id_ in known), finished, error)


def crawl_on_schedule(
    settings: Settings, sources: Sequence[Source], bus: Bus, state: State, *, owner: str, hours: float
) -> None:
    """Visit each of `sources` whenever it comes due, for some hours or until a signal, as `crawl` does.

    Args:
        owner, hours: see `otswatch.crawlers.agenda.Scheduled`.

    Raises:
        ConfigError: OTSWATCH_ALLOWED_HOSTS cannot be read.
        UsageError: no source can be visited.
        OTSWatchError: storage that failed; nothing is lost.
    """
    ready = [source for source in sources if source.status == "ready"]
    if not ready:
        raise UsageError("no source is set up to be crawled; `otswatch sources list` shows what each one lacks")
    for report in not_set_up(sources):
        history.record(report, state, _now())
    agenda = Scheduled(ready, state, _now, owner=owner, hours=hours, beat=lambda: health.beat(settings.data, "crawl"))
    _, spider = _crawl(settings, ready, agenda, bus, state, _now, _ignore)
    if spider.error:
        raise spider.error
    state.release("crawl", owner)
    health.beat(settings.data, "crawl", stopped=True)


def _crawl(
    settings: Settings,
    sources: Sequence[Source],
    agenda: Agenda,
    bus: Bus,
    state: State,
    clock: Clock,
    on_progress: Progress,
) -> tuple[str, NewsSpider]:
    """How it ended, in Scrapy's word, and the spider. What visits did that were cut short is remembered."""
    allowed_hosts(settings.allowed_hosts)
    log.info("crawl.started", sources=len(sources))
    history.show(sources, state)
    process = _process(scrapy_settings(settings, sources))
    crawler = process.create_crawler(NewsSpider)
    process.crawl(
        crawler,
        agenda=agenda,
        frontier=Frontier(bus, state, clock),
        refetches=Refetches(bus, state, clock),
        clock=clock,
        list_timeout=settings.page_timeout,
        on_progress=on_progress,
    )
    process.start()
    finished = crawler.stats.get_value("finish_reason", "interrupted")
    log.info("crawl.finished", reason=finished)
    spider = cast("NewsSpider", crawler.spider)
    if spider.error is None:
        for report in spider.unfinished:
            history.record(report, state, clock())
    return finished, spider


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
