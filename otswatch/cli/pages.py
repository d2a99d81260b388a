"""process and explain: what the pipeline makes of pages and texts that are handed in."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from otswatch.cli.common import err, progress, settings
from otswatch.cli.explanation import show
from otswatch.consumers.given import Given, read
from otswatch.consumers.given import process as process_all
from otswatch.errors import UsageError
from otswatch.settings import Settings


def process(
    files: Annotated[list[str], typer.Argument(help=".html, .txt or .jsonl files, or - for standard input.")],
) -> None:
    """Clean, date and classify files: JSON lines in the order of the inputs, one for each page or text.

    JSON lines in: {"html" or "text", "url"?, "fetched_at"?, "source"?}. Exits 2 where an input could not be read; what
    can be read is done all the same.

    Example: otswatch process page.html | jq .published
    """
    bad = 0
    with progress("processing") as update:
        for count, (given, article) in enumerate(process_all(read(files), settings()), 1):
            sys.stdout.write(article.to_json().decode() + "\n")
            if article.status == "quarantined":
                err.print(f"{given.name}: {article.reason}: {article.detail}", soft_wrap=True)
                bad += 1
            update(count, count)
    if bad:
        raise UsageError(f"{bad} of the inputs could not be read; their lines have status quarantined")


def explain(
    page: Annotated[str, typer.Argument(metavar="URL|FILE", help="A page to fetch, a file, or - for standard input.")],
) -> None:
    """Show for one page what was understood and why: every value with the words that say so.

    A URL is fetched as the crawler would: robots.txt, user agent, no private addresses.

    Example: otswatch explain page.html
    """
    configured = settings()
    given = _fetched(page, configured) if "://" in page else next(read([page]), None)
    if given is None:
        raise UsageError(f"{page}: empty")
    [(_, article)] = process_all([given], configured.model_copy(update={"workers": 1}))
    show(article)


def _fetched(url: str, configured: Settings) -> Given:
    from otswatch.crawlers.crawl import fetch  # brings the reactor with it

    came = fetch(configured, url)
    content_type = came.headers.get("content-type")
    return Given(name=url, html=came.body, url=came.url, fetched_at=came.at, content_type=content_type)


COMMANDS = (process, explain)
