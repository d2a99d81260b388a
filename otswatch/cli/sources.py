"""sources list: who is known, who is watched, and what is missing where nobody can be."""

from __future__ import annotations

from typing import Annotated

import typer

from otswatch.cli.common import err, out, settings, table
from otswatch.crawlers.registry import Source, load

app = typer.Typer(help="The registry of sources.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """A callback keeps `list` a command of its own while it is the only one."""


@app.command("list")
def list_(
    all_: Annotated[bool, typer.Option("--all", help="Those that are not watched too.")] = False,
) -> None:
    """List the sources, each with its routes and with what it lacks.

    Example: otswatch sources list --all
    """
    sources = load(settings().config)
    rows = table("source", "country", "languages", "kind", "routes", "status")
    for source in sources:
        if source.watch or all_:
            kind = source.kind or "unknown"
            rows.add_row(source.id, source.country, " ".join(source.languages), kind, _routes(source), _status(source))
    out.print(rows)
    watched = sum(source.watch for source in sources)
    err.print(f"{watched} of {len(sources)} are watched; `otswatch crawl ID` visits any, `--all` every one")


def _routes(source: Source) -> str:
    return ", ".join(route.by for route in source.routes)


def _status(source: Source) -> str:
    if source.status != "not-set-up":
        return source.status
    lacks = [
        name for name, there in (("a route", source.routes), ("an `article` pattern", source.article)) if not there
    ]
    return f"not-set-up: lacks {' and '.join(lacks)}"
