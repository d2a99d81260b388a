"""Whether the `otswatch` of this container lives: its workers gave signs of life lately, as its metrics say.

The image's health check. It asks the process itself and not the data folder, which several containers may share. Where
OTSWATCH_METRICS is not set, as for a command that ends by itself, there is nothing to ask.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from collections.abc import Iterator

from prometheus_client.parser import text_string_to_metric_families

from otswatch.supervisor import STUCK_SECONDS

ALIVE = "otswatch_alive_timestamp_seconds"


def problem(address: str, now: float) -> str | None:
    """What is wrong with the process whose metrics are at `HOST:PORT`; null where it is well."""
    _, _, port = address.rpartition(":")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            signs = dict(_signs(answer.read().decode()))
    except OSError as error:
        return f"no metrics: {error}"
    silent = sorted(worker for worker, at in signs.items() if now - at > STUCK_SECONDS)
    if silent:
        return f"no sign of life for {STUCK_SECONDS:.0f} s from {', '.join(silent)}"
    return None if signs else "no sign of life yet"


def _signs(text: str) -> Iterator[tuple[str, float]]:
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == ALIVE:
                yield sample.labels["worker"], sample.value


if __name__ == "__main__" and (given := os.environ.get("OTSWATCH_METRICS")):
    sys.exit(problem(given, time.time()))
