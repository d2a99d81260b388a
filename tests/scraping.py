"""The metrics of a running process, as Prometheus reads them."""

from __future__ import annotations

import re
import socket
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from tests.processes import PATIENCE


@dataclass(frozen=True)
class Scrape:
    """`types`: every name that is shown, with its type. `samples`: value by name and labels, in the order of names."""

    types: Mapping[str, str]
    samples: Mapping[tuple[str, frozenset[tuple[str, str]]], float]

    def __call__(self, name: str, **labels: str) -> float | None:
        """A value; null where there is none."""
        return self.samples.get((name, frozenset(labels.items())))

    def labels(self, name: str) -> set[frozenset[str]]:
        """The sets of labels that samples of a metric have; those that a histogram adds are left out."""
        names = (name, f"{name}_count")
        return {frozenset(label for label, _ in labels) for found, labels in self.samples if found in names}


def scrape(address: str) -> Scrape:
    """What `HOST:PORT` answers."""
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=PATIENCE) as answer:
        text = answer.read().decode()
    samples = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    return Scrape(dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M)), samples)


def answering(address: str) -> Scrape | None:
    """As `scrape`; null while nobody answers."""
    try:
        return scrape(address)
    except OSError:
        return None


def free_ports(number: int) -> int:
    """The first of so many ports in a row that nobody listened on a moment ago."""
    for first in range(20_000, 32_000, 97):
        try:
            for port in range(first, first + number):
                socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return first
    raise AssertionError("every port is taken")
