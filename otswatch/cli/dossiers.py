"""dossiers list, try: topics of one's own, and what they keep."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.text import Text

from otswatch.cli.common import ReportFormat, err, out, progress, settings, table
from otswatch.dossier_trial import Found, would_claim
from otswatch.dossiers import Dossier, Dossiers, load
from otswatch.errors import UsageError
from otswatch.index import Search
from otswatch.query import Keyword, Node
from otswatch.settings import Settings
from otswatch.stores import open_stores

app = typer.Typer(help="Topics of your own, which keep what is not about the OTS.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """List your dossiers, each with its articles, and with how many of them nothing else keeps.

    Example: otswatch dossiers list
    """
    configured = settings()
    known = _known(configured)
    rows = table("dossier", "query", "countries", "sources", "articles", "kept by it", right=("articles", "kept by it"))
    with open_stores(configured) as stores:
        for dossier, _ in known.dossiers:
            search = Search(query=Keyword("dossier", dossier.id), filters={"status": ("ok",)}, size=0)
            levels = {bucket.key: bucket.count for bucket in stores.index.facets(search, ["relevance"])["relevance"]}
            kept = levels.get("none", 0) + levels.get("passing", 0)
            narrowed = (" ".join(dossier.countries) or "any", " ".join(dossier.sources) or "any")
            rows.add_row(_named(dossier), dossier.query, *narrowed, str(sum(levels.values())), str(kept))
    out.print(rows)


@app.command("try")
def try_(
    dossiers: Annotated[list[str] | None, typer.Argument(help="Their ids; all where none is named.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="So many days back, by when they were first seen.")] = 30,
    format_: Annotated[ReportFormat, typer.Option("--format", help="table or json")] = ReportFormat.TABLE,
) -> None:
    """Show what dossiers would have kept of what was discarded.

    Example: otswatch dossiers try cyprus --days 90
    """
    configured = settings()
    known = _known(configured)
    since = datetime.now(UTC) - timedelta(days=days)
    with open_stores(configured) as stores, progress("looking through what was discarded"):
        found = [
            each
            for dossier, node in _chosen(known, dossiers or [])
            for each in would_claim(known, dossier, node, stores.index, since)
        ]
    if format_ is ReportFormat.JSON:
        sys.stdout.write(json.dumps([each.to_dict() for each in found], ensure_ascii=False) + "\n")
    elif found:
        _show(found)
    err.print(f"{len(found)} discarded articles of the last {days} days would be kept")
    if found:
        err.print(f"next: otswatch reprocess --since {since:%Y-%m-%d} --stage dossiers")


def _known(configured: Settings) -> Dossiers:
    known = load(configured.config)
    if not known.dossiers:
        raise UsageError(
            f"there is no dossier in {configured.config / 'dossiers'}; docs/howto/follow-a-topic.md has one"
        )
    return known


def _chosen(known: Dossiers, ids: list[str]) -> list[tuple[Dossier, Node]]:
    there = {dossier.id: (dossier, node) for dossier, node in known.dossiers}
    if unknown := [id_ for id_ in ids if id_ not in there]:
        raise UsageError(f"no dossier {unknown[0]!r}; there are: {', '.join(there)}")
    return [there[id_] for id_ in ids or there]


def _named(dossier: Dossier) -> str:
    return dossier.id if dossier.name == dossier.id else f"{dossier.id} ({dossier.name})"


def _show(found: list[Found]) -> None:
    rows = table("dossier", "source", "state", "title and address")
    for each in found:
        content = each.article.content
        title = Text.assemble(
            (content and content.title) or "no title", "\n", (each.article.url or each.article.id, "dim")
        )
        rows.add_row(each.dossier, each.article.source or "unknown", each.state, title)
    out.print(rows)
