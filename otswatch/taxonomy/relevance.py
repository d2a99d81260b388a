"""How centrally a text is about the OTS: its names and its bodies' names, where they stand, and how often.

An abbreviation counts only where something else supports it: a name in full, or its own language and a state, a place
or a person of the OTS in the text. A list of organisations ("the UN, the OIC and the OTS") says nothing about any.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from otswatch.records import Mention, Relevance
from otswatch.taxonomy.loader import Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.schema import Name

#: What one mention is worth by its place, and the sum that is as much as a text can say.
_TITLE, _LEAD, _BODY, _LISTED = 3.0, 2.0, 1.0, 0.25
_FULL = 8.0
#: A text about the OTS names it once in so many characters, a text with a part about it once in the second number.
_ABOUT_EVERY, _PART_EVERY = 3000, 5000
#: Up to this length one mention in the first lines is enough.
_SHORT_TEXT = 600
#: Two other organisations within so many words make a list.
_LIST_REACH = 8
_SHOWN = 8
_COUNTRY_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Named:
    """The OTS, a body, or another organisation, named at one place."""

    reading: Reading
    match: Match[Use]

    @property
    def place(self) -> Literal["title", "lead", "body"]:
        if self.reading.frame == "title":
            return "title"
        return "lead" if self.match.start < self.reading.lead_end else "body"


def named(taxonomy: Taxonomy, readings: Sequence[Reading], language: str) -> list[Named]:
    """Every organisation that is named, without the abbreviations that nothing supports."""
    found = [Named(reading, match) for reading in readings for match in _by_place(reading)]
    in_full = any(_own(taxonomy, name) and _kind(name) == "name" for name in found)
    at_home = any(reading.of("country", "context") for reading in readings)
    shorts = {(id(name.reading), name.match.start) for name in found if _spoken(name, language)}
    return _once(
        name
        for name in found
        if _kind(name) == "name" or in_full or (at_home and (id(name.reading), name.match.start) in shorts)
    )


def _by_place(reading: Reading) -> list[Match[Use]]:
    return sorted(reading.of("organisation"), key=lambda match: (match.start, -match.end))


def _own(taxonomy: Taxonomy, name: Named) -> bool:
    return taxonomy.organisations[name.match.value.id].role != "other"


def _kind(name: Named) -> str:
    item = name.match.value.item
    return item.kind if isinstance(item, Name) else "name"


def _spoken(name: Named, language: str) -> bool:
    return language in {name.match.value.lang, "und"}


def _once(names: Iterator[Named]) -> list[Named]:
    """One per place: the same letters are an abbreviation in several languages."""
    places: dict[tuple[int, int], Named] = {}
    for name in names:
        places.setdefault((id(name.reading), name.match.start), name)
    return list(places.values())


def judge(taxonomy: Taxonomy, names: Sequence[Named], length: int) -> Relevance:
    """The level; `length` is that of the text in characters."""
    own = _apart([name for name in names if _own(taxonomy, name)])
    listed = _listed(own, names, taxonomy)
    weights = {"title": _TITLE, "lead": _LEAD, "body": _BODY}
    total = sum(_LISTED if in_list else weights[name.place] for name, in_list in zip(own, listed, strict=True))
    free = [name for name, in_list in zip(own, listed, strict=True) if not in_list]
    evidence = tuple(
        name.reading.evidence(name.match.start, name.match.end, f"relevance/{taxonomy.version}:{name.match.value.id}")
        for name in (free or own)[:_SHOWN]
    )
    level = _level(free, length) if own else "none"
    return Relevance(level=level, score=round(min(1.0, total / _FULL), 3), evidence=evidence)


def _level(free: Sequence[Named], length: int) -> Literal["about", "part", "passing"]:
    places = {name.place for name in free}
    often = len(free)
    if "title" in places or ("lead" in places and (length <= _SHORT_TEXT or often >= max(2, length / _ABOUT_EVERY))):
        return "about"
    if "lead" in places or often >= max(2, length / _PART_EVERY):
        return "part"
    return "passing"


def _apart(names: list[Named]) -> list[Named]:
    """Without an abbreviation that only explains the name before it: "Organization of Turkic States (OTS)"."""
    kept: list[Named] = []
    for name in names:
        before = kept[-1] if kept else None
        explains = before is not None and before.reading is name.reading and name.match.first == before.match.last
        if not (explains and _kind(name) == "short"):
            kept.append(name)
    return kept


def _listed(own: Sequence[Named], names: Sequence[Named], taxonomy: Taxonomy) -> list[bool]:
    """For each mention whether it stands in a list, that is beside two other organisations."""
    others = sorted(
        (id(name.reading), name.match.first, name.match.value.id) for name in names if not _own(taxonomy, name)
    )
    found: list[bool] = []
    for name in own:
        where, first = id(name.reading), name.match.first
        start = bisect_left(others, (where, first - _LIST_REACH, ""))
        end = bisect_left(others, (where, first + _LIST_REACH + 1, ""))
        found.append(len({other for _, _, other in others[start:end]}) > 1)
    return found


def mentions(taxonomy: Taxonomy, readings: Sequence[Reading], names: Sequence[Named]) -> tuple[Mention, ...]:
    """Countries and bodies that are named, each with the first places; the name as it is written there."""
    places: dict[tuple[Literal["country", "body"], str], list[tuple[Reading, Match[Use]]]] = {}
    for reading in readings:
        for match in reading.of("country"):
            places.setdefault(("country", match.value.id), []).append((reading, match))
    for name in names:
        if _kind(name) == "loose" or taxonomy.organisations[name.match.value.id].role == "programme":
            continue
        places.setdefault(("body", name.match.value.id), []).append((name.reading, name.match))
    return tuple(
        Mention(
            type=sort,
            id=known,
            name=found[0][0].text[found[0][1].start : found[0][1].end],
            evidence=tuple(
                reading.evidence(match.start, match.end, f"mentions/{taxonomy.version}:{match.value.written}")
                for reading, match in found[:_COUNTRY_SHOWN]
            ),
        )
        for (sort, known), found in places.items()
    )
