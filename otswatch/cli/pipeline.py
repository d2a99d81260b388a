"""consume, stages, reprocess: running the consumers."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated

import typer

from otswatch import metrics
from otswatch.cli.common import err, on_signals, out, progress, settings, table
from otswatch.consumers.background import snapshot
from otswatch.consumers.consume import Consumers, chosen
from otswatch.consumers.reprocess import PARTS, Report
from otswatch.consumers.reprocess import reprocess as changes_since
from otswatch.consumers.topology import CONSUMERS
from otswatch.errors import UsageError
from otswatch.stores import open_stores


def consume(
    consumers: Annotated[list[str] | None, typer.Argument(help="Which ones; all where none is named.")] = None,
    once: Annotated[bool, typer.Option("--once", help="End when nothing is left to do.")] = False,
) -> None:
    """Clean, date, classify, group, index and archive what the crawlers found.

    Example: otswatch consume --once
    """
    wanted = chosen(consumers or [])
    configured = settings()
    with (
        metrics.exposed(configured.metrics, "consume"),
        open_stores(configured) as stores,
        progress("consuming") as update,
    ):
        running = Consumers(wanted, configured, stores)
        with on_signals(running.stop):
            counts = running.run(once=once, on_progress=update)
    print_counts(counts)


def print_counts(counts: Counter[str]) -> None:
    """What each consumer made of its messages, by status word."""
    if not counts:
        err.print("nothing to do: every message is consumed")
        return
    rows = table("consumer", "status", "reason", "messages", right=("messages",))
    order = list(CONSUMERS)
    for key in sorted(counts, key=lambda key: (order.index(key.split(":")[0]), key)):
        consumer, status, reason = (*key.split(":"), "")[:3]
        rows.add_row(consumer, status, reason, str(counts[key]))
    out.print(rows)


def stages() -> None:
    """Show the pipeline: its consumers, the stages of `extract`, and their versions.

    Example: otswatch stages
    """
    from otswatch.consumers.chain import REVISION, STAGES  # imports the extractors, which takes a second

    rows = table("consumer", "reads", "writes", "what it does")
    for consumer in CONSUMERS.values():
        rows.add_row(consumer.name, ", ".join(consumer.topics), ", ".join(consumer.to), consumer.meaning)
    out.print(rows)
    rows = table("stage of extract", "version", "owns")
    for stage in STAGES:
        rows.add_row(stage.name, stage.version, ", ".join(stage.owns))
    out.print(rows)
    out.print(f"pipeline revision {REVISION}")


def reprocess(
    since: Annotated[datetime, typer.Option(help="Pages fetched on or after this day (UTC).", formats=["%Y-%m-%d"])],
    stage: Annotated[str | None, typer.Option(help="Only articles in which this stage's parts changed.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; publish nothing.")] = False,
) -> None:
    """Make every result again from the archive, and report what changed.

    Example: otswatch reprocess --since 2026-01-01 --stage classify --dry-run
    """
    from otswatch.consumers.archive import WarcArchive

    parts = _parts(stage)
    configured = settings()
    report = Report()
    with open_stores(configured) as stores, progress("reprocessing") as update:
        pages = WarcArchive(configured.data / "archive").pages(since.replace(tzinfo=UTC))
        known = snapshot(stores.state)
        for change in changes_since(pages, configured, stores.index, report, parts, known):
            out.print(f"{change.article.id}  {', '.join(change.parts)}  {change.article.url}", soft_wrap=True)
            if not dry_run:
                stores.bus.publish([change.outgoing()])
            update(report.pages, report.pages)
    rows = table("pages", "unchanged", "superseded", "quarantined", "changed")
    rows.add_row(*map(str, (report.pages, report.unchanged, report.superseded, report.quarantined, report.changed)))
    out.print(rows)
    for part, count in report.parts.most_common():
        out.print(f"  {part}: {count}")
    if report.changed and not dry_run:
        err.print("published again; `otswatch consume --once` brings it into the index")


def _parts(stage: str | None) -> tuple[str, ...]:
    from otswatch.consumers.chain import STAGES

    if stage is None:
        return PARTS
    for candidate in STAGES:
        if candidate.name == stage:
            return candidate.owns
    raise UsageError(f"no stage {stage!r}; there are: {', '.join(candidate.name for candidate in STAGES)}")


COMMANDS = (consume, stages, reprocess)
