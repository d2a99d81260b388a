"""provision: what the servers must have before anything runs on them."""

from __future__ import annotations

from typing import Annotated

import typer

from otswatch.cli.common import err, out, settings
from otswatch.provision import provision as make


def provision(
    kibana: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Import dashboards and rules there, too; http[s]://[user:password@]host:port."
        ),
    ] = None,
) -> None:
    """Make topics on Kafka, and templates, indices and aliases on Elasticsearch. Safe to run again.

    `run` and `demo` do this by themselves. Where those who run the pipeline may not, somebody who may does it once, and
    again after an upgrade. Whatever is embedded needs nothing. With --kibana, dashboards, lists and alerting rules are
    imported as well, over what stands there.

    Example: otswatch provision
    """
    told = settings()
    done = make(told)
    if kibana is not None:
        from otswatch.kibana.client import install

        done += install(kibana, told.namespace, told.ca_file)
    for line in done:
        out.print(line, soft_wrap=True)
    if not done:
        err.print("nothing to do: all is there, or embedded")


COMMANDS = (provision,)
