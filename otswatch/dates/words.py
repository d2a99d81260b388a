"""The words of dates: `data/*.yaml`, folded and indexed once per language; dateparser's for the languages beside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any, Final

from dateparser.data.languages_info import language_order

from otswatch.text.folding import fold
from otswatch.wordings import wordings

_LONGEST_ABBREVIATION = 4
_DATA: Final = files("otswatch.dates") / "data"
#: Months in any of the nine languages, with a year: for a template that is in another language than its page.
ANY: Final = "mul"
LANGUAGES: Final = frozenset(
    entry.name.removesuffix(".yaml") for entry in _DATA.iterdir() if entry.name.endswith(".yaml")
) - {"common"}


@dataclass(frozen=True, slots=True)
class Word:
    """What a word is in a date: a letter of the orders (`data/common.yaml`), and what it stands for."""

    letter: str
    value: float = 0
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
    loaded: dict[str, Any] = wordings("otswatch.dates", f"data/{name}.yaml")
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
    yield from ((fold(word), Word("W", day)) for day, words in data["weekdays"].items() for word in words)
    yield from ((fold(word), Word("s")) for word in data["belongs"])
    yield from _months(data)
    yield from ((fold(word), Word("A")) for word in data["ago"])
    for offset, words in data["days"].items():
        yield from ((fold(word), Word("T", offset)) for word in words)
    for number, words in data["numbers"].items():
        yield from ((fold(word), Word("#", number)) for word in words)
    yield from ((fold(word), Word("U", 30, "minutes")) for word in data.get("half_hour", ()))
    for key, letter in (("units", "U"), ("since", "B")):
        for unit, words in data.get(key, {}).items():
            yield from ((fold(word), Word(letter, unit=unit)) for word in words)


@cache
def lexicon(language: str | None) -> Lexicon | None:
    """The words of a language; null for one that nobody has."""
    if language == ANY:
        return _of_any()
    if language in LANGUAGES:
        return _lexicon(_load(language))
    return _lexicon(data) if language and (data := _others(language)) else None


def _lexicon(data: Mapping[str, Any]) -> Lexicon:
    orders = _load("common")["orders"]
    return Lexicon(
        words=dict(_entries(data)),
        weekdays={fold(word): day for day, words in data["weekdays"].items() for word in words},
        roles={fold(word): role for role in ("published", "modified") for word in data[role]},
        orders={name: re.compile(orders[name]) for name in orders if name in data["orders"]},
        day_first_unsure=data.get("slash") == "unsure",
        time_words=frozenset(fold(word) for word in data["time"]),
    )


def _of_any() -> Lexicon:
    """The months that mean the same wherever they are known, and what belongs to days and years."""
    found: dict[str, set[Word]] = {}
    for language in sorted(LANGUAGES):
        for word, meaning in _entries(_load(language)):
            found.setdefault(word, set()).add(meaning)
    kept = {word: next(iter(all_)) for word, all_ in found.items() if len(all_) == 1}
    names = ("day-month-year", "year-day-month", "year-month-day", "month-day-year")
    orders = _load("common")["orders"]
    return Lexicon(
        words={word: meaning for word, meaning in kept.items() if meaning.letter in "MsW"},
        weekdays={},
        roles={},
        orders={name: re.compile(orders[name]) for name in names},
        day_first_unsure=True,
        time_words=frozenset(),
    )


# ----------------------------------------------------------------------------------------------- dateparser's languages

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _others(language: str) -> dict[str, Any] | None:
    """The words of a language that dateparser knows, in the form of `data/*.yaml`."""
    if language not in language_order:
        return None
    info: Mapping[str, Any] = import_module(f"dateparser.data.date_translation_data.{language}").info
    small = list(_letters([*info.get("skip", ()), *info.get("pertain", ())]))
    relative = info.get("relative-type", {})
    labels = _load("common")["labels"]
    return {
        "orders": ["day-month-year", "month-day-year", "year-month-day", "day-month", "relative-day"],
        "slash": "unsure" if info.get("date_order") == "MDY" else "day-first",
        "months": {number: list(_letters(info.get(name, ()))) for number, name in enumerate(_MONTHS, 1)},
        "month_endings": [],
        "belongs": small,
        "weekdays": {number: list(_letters(info.get(name, ()))) for number, name in enumerate(_WEEKDAYS, 1)},
        "days": {0: relative.get("0 day ago", []), -1: relative.get("1 day ago", [])},
        "numbers": {},
        "ago": [],
        "time": [*small, "h"],
        "published": labels["published"],
        "modified": labels["modified"],
    }


def _letters(words: Iterable[str]) -> Iterator[str]:
    yield from (word for word in words if word.strip(" .") and word.replace(".", "").replace(" ", "").isalpha())
