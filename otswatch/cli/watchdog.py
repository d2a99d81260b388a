"""watchdog: tells the operator what goes wrong."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from otswatch import metrics
from otswatch.cli.common import err, on_signals, out, settings, table
from otswatch.stores import open_stores


def watchdog(
    once: Annotated[bool, typer.Option("--once", help="Look once, tell what is to be told, and end.")] = False,
) -> None:
    """Look at sources, consumers, quarantine and channels, and tell the channels of OTSWATCH_OPERATOR what is wrong.

    Example: otswatch watchdog --once
    """
    from otswatch.watchdog.book import Book
    from otswatch.watchdog.channels import operators_channels  # brings Apprise
    from otswatch.watchdog.running import Watchdog

    configured = settings()
    with (
        metrics.exposed(configured.metrics, "watchdog"),
        operators_channels(configured) as channels,
        open_stores(configured) as stores,
        closing(Watchdog(configured, stores, channels)) as running,
    ):
        if not once:
            with on_signals(running.stop):
                running.run()
            return
        if not running.once():
            err.print("another `otswatch watchdog` watches over the same data")
        rows = table("trouble", "what is wrong")
        for trouble in Book(stores.state).standing():
            rows.add_row(trouble.id, trouble.said)
        out.print(rows if rows.row_count else "no trouble stands")


COMMANDS = (watchdog,)
