"""serve: the first page."""

from __future__ import annotations

from typing import Annotated

import typer

from otswatch import metrics
from otswatch.cli.common import err, on_signals, settings
from otswatch.listening import listening
from otswatch.stores import open_stores


def serve(
    listen: Annotated[
        str | None,
        typer.Option(help="HOST:PORT; port 0 takes a free one. For others to reach it: the name that they use."),
    ] = None,
) -> None:
    """Serve the pages for readers: what is new, search, articles with their evidence, sources. Also as JSON and Atom.

    Example: otswatch serve --listen 127.0.0.1:8484
    """
    from otswatch.web.server import Server  # half a second to import

    configured = settings(listen=listen)
    with (
        listening(configured.listen) as listener,
        metrics.exposed(configured.metrics, "serve"),
        open_stores(configured) as stores,
    ):
        server = Server(configured, stores, listener)
        with on_signals(server.stop):
            server.run(lambda url: err.print(f"serving {url}", soft_wrap=True))


COMMANDS = (serve,)
