"""quarantine list, show, replay: what could not be worked on."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

from otswatch.cli.common import err, out, settings, table
from otswatch.consumers.quarantine import Held, find, held
from otswatch.consumers.quarantine import replay as give_back
from otswatch.stores import open_stores

app = typer.Typer(help="What could not be worked on: list it, show it, give it back.", no_args_is_help=True)


@app.command("list")
def list_(
    consumer: Annotated[str | None, typer.Argument(help="Of one consumer only.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Those already replayed too.")] = False,
) -> None:
    """List quarantined messages, oldest first.

    Example: otswatch quarantine list extract
    """
    rows = table("address", "time", "reason", "attempt", "id", "detail", "replayed")
    count = 0
    with open_stores(settings()) as stores:
        for item in held(stores.bus, stores.state, consumer):
            if item.replayed is None or all_:
                rows.add_row(item.address, *_row(item), (item.replayed or "")[:19])
                count += 1
    out.print(rows if count else "nothing is in quarantine")


def _row(item: Held) -> tuple[str, ...]:
    said = item.message.headers
    return said["time"][:19], item.reason, said["attempt"], item.message.key, said["exception"][:80]


@app.command()
def show(
    address: Annotated[str, typer.Argument(help="As `quarantine list` prints it, for example extract/3.")],
    body: Annotated[bool, typer.Option("--body", help="The message itself instead of its headers.")] = False,
) -> None:
    """Show one quarantined message: where it came from and why it is held, or its bytes.

    Example: otswatch quarantine show extract/3
    """
    with open_stores(settings()) as stores:
        item = find(stores.bus, stores.state, address)
    if body:
        typer.get_binary_stream("stdout").write(item.message.value + b"\n")
        return
    for name, value in (("id", item.message.key), *item.message.headers.items(), ("replayed", item.replayed or "no")):
        out.print(f"{name:<13} {value}", soft_wrap=True)


@app.command()
def replay(
    addresses: Annotated[list[str] | None, typer.Argument(help="Which ones, for example extract/3.")] = None,
    consumer: Annotated[str | None, typer.Option(help="All of this consumer that were not replayed yet.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only those held for this reason.")] = None,
    maximum: Annotated[int, typer.Option("--max", min=1, help="At most so many.")] = 1000,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show which ones; publish nothing.")] = False,
) -> None:
    """Give quarantined messages back to the topic that they came from, after a fix.

    Example: otswatch quarantine replay --consumer extract --reason timeout
    """
    if not addresses and consumer is None:
        raise typer.BadParameter("name addresses, or --consumer for all of one")
    with open_stores(settings()) as stores:
        # All that is held may not fit into memory. Those named are all looked up before one of them is given back.
        named = [find(stores.bus, stores.state, address) for address in addresses or ()]
        items = named or (item for item in held(stores.bus, stores.state, consumer) if item.replayed is None)
        met = given = 0
        for item in islice((item for item in items if reason is None or item.reason == reason), maximum):
            out.print(f"{item.address}  {item.reason}  {item.message.key}")
            met += 1
            given += 0 if dry_run else give_back([item], stores.bus, stores.state)
    err.print(f"{given} of {met} given back; `otswatch consume --once` works on them")
