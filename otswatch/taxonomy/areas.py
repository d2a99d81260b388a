"""Which cooperation areas a text is about: weighted words, main area first. What no words support is not labelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import log2

from otswatch.records import Area, Evidence
from otswatch.taxonomy.loader import Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.schema import Language, Term

#: How much more a word counts in the title and in the first paragraphs: for which area is the main one, and whether a
#: word alone is enough; not against the others, or a second subject would be lost to a headline's words.
TITLE = 4.0
LEAD = 1.25
#: What the name of a body, or of another organisation, says about the area that it works in.
BODY = 2.0
OTHER = 0.75
#: An area needs this much: one strong word, two common ones, or one in the title; and this part of what the area with
#: most words has.
LEAST = 2.0
SHARE = 0.55
#: What has so much of its own is a subject beside any other.
ENOUGH = 4.5
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
    def bare(self) -> float:
        return self.weight * (1 + log2(self.count) / 2)

    @property
    def score(self) -> float:
        return self.bare * self.factor


@dataclass(frozen=True, slots=True)
class Scored:
    """An area with words in a text. `bare` is its score without what their places add."""

    area: Area
    bare: float


def label(taxonomy: Taxonomy, readings: Sequence[Reading], spoken: frozenset[Language]) -> tuple[Area, ...]:
    """The areas of a text, main one first."""
    return strong(score(taxonomy, readings, spoken))


def strong(scored: Sequence[Scored]) -> tuple[Area, ...]:
    """Those of the areas that have enough to be labels, in the order given."""
    least = min(ENOUGH, SHARE * max((one.bare for one in scored), default=0.0))
    return tuple(one.area for one in scored if one.area.score >= LEAST and one.bare >= least)


def score(taxonomy: Taxonomy, readings: Sequence[Reading], spoken: frozenset[Language]) -> tuple[Scored, ...]:
    """Every area that has words in a text, with their score and places, best first."""
    found: dict[str, dict[str, _Found]] = defaultdict(dict)
    for reading in readings:
        for area, match, term in _heaviest(taxonomy, reading, spoken):
            _count(found[area].setdefault(match.value.written, term), taxonomy, reading, match)
    scored = [one for one in (_total(name, terms) for name, terms in found.items()) if one.area.evidence]
    return tuple(sorted(scored, key=lambda one: (-one.area.score, one.area.id)))


def _heaviest(
    taxonomy: Taxonomy, reading: Reading, spoken: frozenset[Language]
) -> Iterable[tuple[str, Match[Use], _Found]]:
    """One term for each area and place: `import*` and `importer*` in one word are one piece of evidence."""
    best: dict[tuple[str, int, int], tuple[str, Match[Use], _Found]] = {}
    for match in reading.of("area", "organisation"):
        for area, term in _meaning(taxonomy, match.value, spoken):
            key = area, match.first, match.last
            if key not in best or best[key][2].weight < term.weight:
                best[key] = area, match, term
    return best.values()


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


def _total(name: str, terms: dict[str, _Found]) -> Scored:
    counted = list(terms.values()) if any(not term.needs for term in terms.values()) else []
    evidence = tuple(piece for term in sorted(counted, key=lambda term: -term.score) for piece in term.evidence)
    area = Area(id=name, score=round(sum(term.score for term in counted), 3), evidence=evidence)
    return Scored(area, sum(term.bare for term in counted))
