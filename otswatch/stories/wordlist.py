"""The words of `words.yaml`, folded and indexed once per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from otswatch.taxonomy.matcher import Matcher, Pattern
from otswatch.text.folding import fold
from otswatch.wordings import wordings


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words. Keys are folded, several words joined by one space."""

    numbers: Mapping[str, float]
    halves: frozenset[str]
    joints: frozenset[str]
    ahead: Mapping[str, int]
    common: Matcher[str]
    visits: Matcher[str]
    phases: Matcher[str]
    occasions: Matcher[str]


@cache
def words(language: str) -> Words | None:
    """The words of a language; null for one that is none of the nine."""
    for entry in wordings("otswatch.stories", "words.yaml"):
        if entry["id"] == language:
            return Words(
                numbers={fold(word): float(value) for value, all_ in entry["numbers"].items() for word in all_},
                halves=frozenset(map(fold, entry["halves"])),
                joints=frozenset(map(fold, entry["joints"])),
                ahead={fold(word): days for days, all_ in entry["ahead"].items() for word in all_},
                common=_matcher({"common": entry["common"]}, language),
                visits=_matcher({"visits": entry["visits"]}, language),
                phases=_matcher(entry["phases"], language),
                occasions=_matcher(entry["occasions"], language),
            )
    return None


def _matcher(by_name: Mapping[str, list[str]], language: str) -> Matcher[str]:
    return Matcher(
        (pattern, name) for name, all_ in by_name.items() for word in all_ for pattern in Pattern.spelt(word, language)
    )
