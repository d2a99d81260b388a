"""crawl: finding and fetching."""

from __future__ import annotations

import os
import socket
from typing import Annotated

import typer

from otswatch import metrics
from otswatch.cli.common import err, out, progress, settings, table
from otswatch.crawlers.registry import load, select
from otswatch.crawlers.report import CrawlReport
from otswatch.stores import open_stores

#: Addresses that could not be had are listed up to here; all are counted.
SHOWN = 20
#: How long a crawl on schedule goes on before whoever supervises it starts a fresh one.
HOURS = 6.0


def crawl(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of sources; those that are watched where none is named.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every source that is known, not only those watched.")] = False,
    schedule: Annotated[
        bool, typer.Option("--schedule", help="Keep going: visit each source whenever it comes due.")
    ] = False,
    owner: Annotated[
        str | None, typer.Option(help="With --schedule: who crawls. One started again under this name goes on at once.")
    ] = None,
) -> None:
    """Read the sources' feeds, sitemaps and listings, and fetch what is new. `otswatch consume` makes articles of it.

    Example: otswatch crawl report-az
    """
    from otswatch.crawlers import crawl as crawls  # brings the reactor with it

    configured = settings()
    chosen = select(load(configured.config), sources or [], every=all_)
    with metrics.exposed(configured.metrics, "crawl"), open_stores(configured) as stores:
        if schedule:
            name = owner or f"{socket.gethostname()}/{os.getpid()}"
            crawls.crawl_on_schedule(configured, chosen, stores.bus, stores.state, owner=name, hours=HOURS)
            return
        with progress("crawling") as update:
            report = crawls.crawl(configured, chosen, stores.bus, stores.state, on_progress=update)
    _show(report)
    if report.error:
        raise report.error


def _show(report: CrawlReport) -> None:
    rows = table("source", "what", "addresses", right=("addresses",))
    for source in report.sources:
        for reason, count in sorted(source.counts.items()):
            rows.add_row(source.id, reason, str(count))
    out.print(rows if rows.row_count else "no source has anything new")
    problems = [problem for source in report.sources for problem in source.problems]
    for problem in problems[:SHOWN]:
        err.print(f"{problem.reason}: {problem.url}: {problem.detail}", soft_wrap=True)
    if len(problems) > SHOWN:
        err.print(f"… and {len(problems) - SHOWN} more")


COMMANDS = (crawl,)
