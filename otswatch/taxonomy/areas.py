"""Which cooperation areas a text is about: weighted words, main area first. What no words support is not labelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log2

from otswatch.records import Area, Evidence
from otswatch.taxonomy.loader import Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.schema import Language, Term

#: How much more a word counts in the title and in the first paragraphs.
TITLE = 3.0
LEAD = 1.5
#: What the name of a body, or of another organisation, says about the area that it works in.
BODY = 2.0
OTHER = 0.75
#: An area needs this much, and this part of what the main one has.
LEAST = 1.0
SHARE = 0.45
#: Places that are shown for one term.
_SHOWN = 3


@dataclass(slots=True)
class _Found:
    """One term of one area in a text."""

    weight: float
    needs: bool
    factor: float = 0.0
    count: int = 0
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def score(self) -> float:
        return self.weight * self.factor * (1 + log2(self.count) / 2)


def label(taxonomy: Taxonomy, readings: Sequence[Reading], spoken: frozenset[Language]) -> tuple[Area, ...]:
    """The areas of a text, main one first."""
    return strong(score(taxonomy, readings, spoken))


def strong(scored: Sequence[Area]) -> tuple[Area, ...]:
    """Those of the areas (best first) that have enough to be labels."""
    least = max(LEAST, SHARE * scored[0].score) if scored else 0
    return tuple(area for area in scored if area.score >= least)


def score(taxonomy: Taxonomy, readings: Sequence[Reading], spoken: frozenset[Language]) -> tuple[Area, ...]:
    """Every area that has words in a text, with their score and places, best first."""
    found: dict[str, dict[str, _Found]] = defaultdict(dict)
    for reading in readings:
        for match in reading.of("area", "organisation"):
            for area, term in _meaning(taxonomy, match.value, spoken):
                _count(found[area].setdefault(match.value.written, term), taxonomy, reading, match)
    areas = [area for area in (_total(name, terms) for name, terms in found.items()) if area.evidence]
    return tuple(sorted(areas, key=lambda area: (-area.score, area.id)))


def _meaning(taxonomy: Taxonomy, use: Use, spoken: frozenset[Language]) -> Iterator[tuple[str, _Found]]:
    if isinstance(use.item, Term):
        if use.item.lang in spoken:
            yield use.id, _Found(use.item.weight, use.item.needs is not None)
    elif use.role == "organisation":
        body = taxonomy.organisations[use.id]
        for area in body.areas:
            yield area, _Found(OTHER if body.role == "other" else BODY, needs=False)


def _count(term: _Found, taxonomy: Taxonomy, reading: Reading, match: Match[Use]) -> None:
    factor = TITLE if reading.frame == "title" else LEAD if match.start < reading.lead_end else 1.0
    term.factor = max(term.factor, factor)
    term.count += 1
    if len(term.evidence) < _SHOWN:
        rule = f"areas/{taxonomy.version}:{match.value.written}"
        term.evidence.append(reading.evidence(match.start, match.end, rule))


def _total(name: str, terms: dict[str, _Found]) -> Area:
    counted = list(terms.values()) if any(not term.needs for term in terms.values()) else []
    evidence = tuple(piece for term in sorted(counted, key=lambda term: -term.score) for piece in term.evidence)
    return Area(id=name, score=round(sum(term.score for term in counted), 3), evidence=evidence)
