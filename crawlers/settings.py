"""How Scrapy is set up: a good guest that is easy to recognise, and nothing that OTS Watch does not use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from otswatch.crawlers.registry import Source
from otswatch.settings import Settings

#: Seconds between two requests to a host that the registry does not name: where a page was moved to.
DEFAULT_DELAY = 2.0
#: Without a delay Scrapy 2.19 empties a host's queue before it counts the first request as under way, so that "one at a
#: time" would not hold (`Downloader._process_queue` starts tasks that are counted when they run).
LEAST_DELAY = 0.001
#: Seconds for one request, its answer included.
TIMEOUT = 30


def scrapy_settings(settings: Settings, sources: Iterable[Source]) -> dict[str, Any]:
    """Scrapy's settings for one crawl of `sources`."""
    return {
        "BOT_NAME": "otswatch",
        "USER_AGENT": settings.user_agent,
        "OTSWATCH_ALLOWED_HOSTS": list(settings.allowed_hosts),
        # a good guest
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": DEFAULT_DELAY,
        "DOWNLOAD_DELAY_JITTER": 0,
        "DOWNLOAD_SLOTS": _slots(sources),
        "DOWNLOAD_TIMEOUT": TIMEOUT,
        "DOWNLOAD_MAXSIZE": settings.max_page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": 2,
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,
        "COOKIES_ENABLED": False,
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
        # no private address: a proxy would resolve names where nobody looks
        "HTTPPROXY_ENABLED": False,
        "TWISTED_DNS_RESOLVER": "otswatch.crawlers.network.PublicResolver",
        "DOWNLOAD_HANDLERS": {
            "http": "otswatch.crawlers.network.GuestHandler",
            "https": "otswatch.crawlers.network.GuestHandler",
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "otswatch.crawlers.network.Robots": 100,
        },
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        # the seen-set decides what is fetched; Scrapy's own filters would drop redirects and long addresses in silence
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "URLLENGTH_LIMIT": 0,
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        # no servers inside the crawler, no statistics of its own, no log handler
        "EXTENSIONS": {
            "scrapy.extensions.telnet.TelnetConsole": None,
            "scrapy.extensions.remote_control.RemoteControl": None,
            "scrapy.extensions.logstats.LogStats": None,
            "scrapy.extensions.memusage.MemoryUsage": None,
        },
        "STATS_DUMP": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
    }


def _slots(sources: Iterable[Source]) -> dict[str, dict[str, float]]:
    """One slot per host that the registry names, with the longest delay that a source asks for it."""
    delays: dict[str, float] = {}
    for source in sources:
        named = [source.homepage, source.example, *(route.url for route in source.routes)]
        for host in {urlsplit(url).hostname for url in named if url}:
            if host:
                delays[host] = max(source.delay, delays.get(host, LEAST_DELAY))
    return {host: {"concurrency": 1, "delay": delay} for host, delay in delays.items()}
