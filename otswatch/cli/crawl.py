"""crawl: finding and fetching."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from otswatch.cli.common import err, out, progress, settings, table
from otswatch.crawlers import history
from otswatch.crawlers.registry import load, select
from otswatch.crawlers.report import CrawlReport
from otswatch.stores import open_stores

#: Addresses that could not be had are listed up to here; all are counted.
SHOWN = 20


def crawl(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of sources; all that are set up where none is named.")
    ] = None,
) -> None:
    """Read the sources' feeds once, and fetch what is new. `otswatch consume` makes articles of it.

    Example: otswatch crawl report-az
    """
    from otswatch.crawlers.crawl import crawl as crawl_once  # brings the reactor with it

    configured = settings()
    chosen = select(load(configured.config), sources or [])
    with open_stores(configured) as stores, progress("crawling") as update:
        report = crawl_once(configured, chosen, stores.bus, stores.state, on_progress=update)
        history.record(report, stores.state, datetime.now(UTC))
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
