"""Words of the lists that stand in a text and do not count, and why: for whoever wonders why a label is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from otswatch.records import Area
from otswatch.taxonomy.loader import Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.reading import Reading, hidden
from otswatch.taxonomy.relevance import Named
from otswatch.taxonomy.schema import Language, Name, Term

_SUPPORT = {
    "short": "an abbreviation of other things too, and nothing in the text says that this one is meant",
    "loose": "not quite the name, and nothing in the text says that it is meant",
}


@dataclass(frozen=True, slots=True)
class Ignored:
    """Words of a text, from `start` to `end`, that `entry` of the lists finds; `why` they do not count."""

    text: str
    start: int
    end: int
    entry: str
    why: str

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {"text": self.text, "start": self.start, "end": self.end, "entry": self.entry, "why": self.why}


def ignored(
    taxonomy: Taxonomy,
    reading: Reading,
    spoken: Collection[Language],
    named: Sequence[Named],
    scored: Sequence[Area],
) -> tuple[Ignored, ...]:
    """Everything of areas and organisations that was found and does not count, by place.

    Args:
        spoken: the languages whose terms count. named: the organisations that do. scored: the areas that have words.
    """
    found = [
        *_hidden(taxonomy, reading, spoken),
        *_terms(reading, spoken, {area.id for area in scored}),
        *_names(reading, named),
    ]
    return tuple(dict.fromkeys(sorted(found, key=lambda item: (item.start, item.end, item.entry))))


def _hidden(taxonomy: Taxonomy, reading: Reading, spoken: Collection[Language]) -> Iterator[Ignored]:
    for match, over in hidden(reading):
        term = match.value.item
        if match.value.role == "organisation" or (isinstance(term, Term) and term.lang in spoken):
            hider = over.value
            friend = taxonomy.false_friends.get(hider.id) if hider.role == "friend" else None
            why = f"stands inside {_entry(hider)}" + (f", {friend.why}" if friend else "")
            yield _ignored(reading, match, why)


def _terms(reading: Reading, spoken: Collection[Language], with_words: Collection[str]) -> Iterator[Ignored]:
    for match in reading.of("area"):
        term = match.value.item
        if not isinstance(term, Term):
            continue
        if term.lang not in spoken:
            yield _ignored(
                reading, match, f"a word of {term.lang}, and the text is {', '.join(sorted(spoken)) or 'of none'}"
            )
        elif term.needs and match.value.id not in with_words:
            yield _ignored(reading, match, f"a short stem: counts only beside another term of {match.value.id}")


def _names(reading: Reading, named: Sequence[Named]) -> Iterator[Ignored]:
    counted = {(name.match.start, name.match.value.id) for name in named if name.reading is reading}
    for match in reading.of("organisation"):
        item = match.value.item
        if isinstance(item, Name) and item.kind in _SUPPORT and (match.start, match.value.id) not in counted:
            yield _ignored(reading, match, _SUPPORT[item.kind])


def _ignored(reading: Reading, match: Match[Use], why: str) -> Ignored:
    return Ignored(reading.text[match.start : match.end], match.start, match.end, _entry(match.value), why)


def _entry(use: Use) -> str:
    return f"{use.id}: {use.written}"
