"""process and explain: what the pipeline makes of pages and texts that are handed in."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from otswatch.cli.common import err, out, progress, settings
from otswatch.cli.explanation import Explained, explained, show
from otswatch.consumers.extract import workers
from otswatch.consumers.given import Given, read
from otswatch.consumers.given import process as process_all
from otswatch.consumers.outcome import Failed
from otswatch.errors import UsageError
from otswatch.records import Article
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
    whole: Annotated[bool, typer.Option("--whole", help="Show paragraphs whole, and all that was left out.")] = False,
) -> None:
    """Show for one page what was kept, dropped, dated and labelled, and why: every value with the words that say so.

    A URL is fetched as the crawler would: robots.txt, user agent, no private addresses. When a file was fetched, and
    from where, can be told by a JSON line as `otswatch process` reads it.

    Example: otswatch explain page.html
    """
    configured = settings()
    given = _fetched(page, configured) if "://" in page else next(read([page]), None)
    if given is None:
        raise UsageError(f"{page}: empty")
    with workers(explained, configured.model_copy(update={"workers": 1})) as pool:
        [outcome] = pool.map([given])
    if isinstance(outcome, Explained):
        show(Article.from_json(outcome.article), outcome.dropped, whole=whole)
    else:
        detail = outcome.error if isinstance(outcome, Failed) else outcome.detail
        out.print(f"quarantined – {outcome.reason} – {detail}", soft_wrap=True)


def _fetched(url: str, configured: Settings) -> Given:
    from otswatch.crawlers.crawl import fetch  # brings the reactor with it

    came = fetch(configured, url)
    content_type = came.headers.get("content-type")
    return Given(name=url, html=came.body, url=came.url, fetched_at=came.at, content_type=content_type)


COMMANDS = (process, explain)
