"""provision: what the servers must have before anything runs on them."""

from __future__ import annotations

from otswatch.cli.common import err, out, settings
from otswatch.provision import provision as make


def provision() -> None:
    """Make topics on Kafka, and templates, indices and aliases on Elasticsearch. Safe to run again.

    `run` and `demo` do this by themselves. Where those who run the pipeline may not, somebody who may does it once, and
    again after an upgrade. Whatever is embedded needs nothing.

    Example: otswatch provision
    """
    done = make(settings())
    for line in done:
        out.print(line, soft_wrap=True)
    if not done:
        err.print("nothing to do: all is there, or embedded")


COMMANDS = (provision,)
