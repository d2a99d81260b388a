"""The words of dates: `data/*.yaml`, folded and indexed once per language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from otswatch.text.folding import fold

_LONGEST_ABBREVIATION = 4
_DATA: Final = files("otswatch.dates") / "data"
LANGUAGES: Final = frozenset(
    entry.name.removesuffix(".yaml") for entry in _DATA.iterdir() if entry.name.endswith(".yaml")
) - {"common"}


@dataclass(frozen=True, slots=True)
class Word:
    """What a word is in a date: a letter of the orders (`data/common.yaml`), and what it stands for."""

    letter: str
    value: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words and orders. Keys are folded, several words joined by one space."""

    words: Mapping[str, Word]
    weekdays: Mapping[str, int]
    roles: Mapping[str, str]
    orders: Mapping[str, re.Pattern[str]]
    day_first_unsure: bool
    time_words: frozenset[str]


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((_DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def zones() -> dict[str, int]:
    """Folded names of zones, and their offset in hours."""
    return {fold(name): hours for name, hours in _load("common")["zones"].items()}


def _months(data: Mapping[str, Any]) -> Iterable[tuple[str, Word]]:
    endings = ("", *data["month_endings"])
    for number, stems in data["months"].items():
        for stem in stems:
            # An abbreviation takes no case ending, and with one it would be another word ("mar" + "da").
            abbreviation = (
                len(stem) <= _LONGEST_ABBREVIATION and stem != stems[0] and not stems[0].startswith(f"{stem}ь")
            )
            for ending in ("",) if abbreviation else endings:
                yield fold(stem + ending), Word("M", number)


def _entries(data: Mapping[str, Any]) -> Iterable[tuple[str, Word]]:
    """Where a word is two things, the later entry wins: an hour is more often a unit than a label."""
    yield from ((fold(word), Word("s")) for word in data["belongs"])
    yield from _months(data)
    yield from ((fold(word), Word("A")) for word in data["ago"])
    for offset, words in data["days"].items():
        yield from ((fold(word), Word("T", offset)) for word in words)
    for number, words in data["numbers"].items():
        yield from ((fold(word), Word("#", number)) for word in words)
    for key, letter in (("units", "U"), ("since", "B")):
        for unit, words in data.get(key, {}).items():
            yield from ((fold(word), Word(letter, unit=unit)) for word in words)


@cache
def lexicon(language: str | None) -> Lexicon | None:
    """The words of a language; null for one that has no data."""
    if language not in LANGUAGES:
        return None
    data, orders = _load(language), _load("common")["orders"]
    return Lexicon(
        words=dict(_entries(data)),
        weekdays={fold(word): day for day, words in data["weekdays"].items() for word in words},
        roles={fold(word): role for role in ("published", "modified") for word in data[role]},
        orders={name: re.compile(orders[name]) for name in orders if name in data["orders"]},
        day_first_unsure=data.get("slash") == "unsure",
        time_words=frozenset(fold(word) for word in data["time"]),
    )
