"""Dates as news sites print them, in nine languages, and as machines write them.

`find` and `parse` read words ("Bakı, 15 aprel 2025, AZƏRTAC"), `machine` reads ISO 8601 and its kin, `interval` says
what a date can mean in UTC. The words are data (`data/*.yaml`, one file per language; adding a language takes no code);
the orders they come in are named rules in `data/common.yaml`, and the name stands in the evidence. Nothing here reads a
clock.
"""

from __future__ import annotations

from otswatch.dates.interval import interval, machine
from otswatch.dates.parse import MOST_AHEAD, Reading, find, latest_day, might_be, outside, parse, role_of, weekdays
from otswatch.dates.words import ANY, LANGUAGES

__all__ = [
    "ANY",
    "LANGUAGES",
    "MOST_AHEAD",
    "Reading",
    "find",
    "interval",
    "latest_day",
    "machine",
    "might_be",
    "outside",
    "parse",
    "role_of",
    "weekdays",
]
