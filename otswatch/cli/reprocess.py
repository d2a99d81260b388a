"""reprocess: making results again, and what changed by it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from otswatch.cli.common import ReportFormat, err, out, progress, settings, table
from otswatch.stores import open_stores


def reprocess(
    since: Annotated[datetime, typer.Option(help="Pages fetched on or after this day (UTC).", formats=["%Y-%m-%d"])],
    stage: Annotated[
        str | None, typer.Option(help="Only what this stage makes, and those behind it: classify after a word list.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; publish nothing.")] = False,
    format_: Annotated[ReportFormat, typer.Option("--format", help="table or json")] = ReportFormat.TABLE,
) -> None:
    """Make results again from the archive, send on what changed, and report it. Nobody is alerted.

    Example: otswatch reprocess --since 2026-01-01 --stage classify --dry-run
    """
    from otswatch.consumers.background import snapshot
    from otswatch.consumers.reprocess import Report
    from otswatch.consumers.reprocess import reprocess as changes_since

    configured = settings()
    report = Report()
    told: list[dict[str, Any]] = []
    with open_stores(configured) as stores, progress("reprocessing") as update:
        known = snapshot(stores.state)
        for change in changes_since(since.replace(tzinfo=UTC), configured, stores.index, report, stage, known):
            if not dry_run:
                stores.bus.publish([change.outgoing()])
            if change.told:
                told.append(change.to_dict())
            update(report.articles, report.articles)
    {ReportFormat.TABLE: _as_table, ReportFormat.JSON: _as_json}[format_](report.to_dict(), told)
    if report.lost:
        err.print(f"{report.lost} discarded articles could not be made again: their pages are not in the archive")
    if (report.changed or report.evidence) and not dry_run:
        err.print("published again; `otswatch consume --once` brings it into the index")


def _as_json(report: dict[str, Any], told: Sequence[dict[str, Any]]) -> None:
    sys.stdout.write(json.dumps({**report, "changes": list(told)}, ensure_ascii=False) + "\n")


def _as_table(report: dict[str, Any], told: Sequence[dict[str, Any]]) -> None:
    counts = {name.replace("evidence", "evidence only"): n for name, n in report.items() if isinstance(n, int)}
    numbers = table(*counts, right=tuple(counts))
    numbers.add_row(*map(str, counts.values()))
    out.print(numbers)
    if report["areas"]:
        areas = table("area", "gained", "dropped", right=("gained", "dropped"))
        for area, change in report["areas"].items():
            areas.add_row(area, str(change["gained"]), str(change["dropped"]))
        out.print(areas)
    if told:
        changes = table("title and address", "part", "before", "after")
        for change in told:
            title: Text | str = Text.assemble(
                change["title"] or "no title", "\n", (change["url"] or change["id"], "dim")
            )
            for part, before, after in _rows(change):
                changes.add_row(title, part, before, after)
                title = ""
        out.print(changes)


def _rows(change: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for part, after in change["after"].items():
        before = change["before"][part]
        if part in {"content", "mentions", "quotes"}:  # long lists: only what went and what came
            before, after = _without(before, after), _without(after, before)
        yield part, _shown(before), _shown(after)


def _without(values: list[str] | None, others: list[str] | None) -> list[str]:
    return [value for value in values or () if value not in (others or ())]


def _shown(value: list[str] | str | None) -> str:
    if isinstance(value, list):
        return ", ".join(_short(item) for item in value if item) or "none"
    return value or "none"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


COMMANDS = (reprocess,)
