"""consume, stages: running the consumers."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from otswatch import metrics
from otswatch.cli.common import err, on_signals, out, progress, settings, table
from otswatch.consumers.consume import Consumers, chosen
from otswatch.consumers.topology import CONSUMERS
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


COMMANDS = (consume, stages)
