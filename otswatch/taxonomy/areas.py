"""Which cooperation areas a text is about: weighted words, main area first. What no words support is not labelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2

from otswatch.records import Area
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
#: Organisations are named in any text on politics: relations with them need a word that speaks of such, too.
RELATIONS, NAMED = "intl_orgs", 1.5
#: So many organisations in one sentence are a list.
MANY = 3
#: An area needs this much: one strong word or two common ones, or one in a title. A title and a text together have more
#: words to find, so there it needs the second, unless a sentence is about it alone.
LEAST, LEAST_OF_BOTH = 2.0, 3.0
#: And this part of what the area with most words has; the smaller one where a sentence is about it alone.
SHARE, SHARE_ALONE = 0.55, 0.25
#: A sentence is about one area alone where that has so many different words, points, and so often what another has.
WORDS_ALONE, POINTS_ALONE, TIMES_ALONE = 2, 2.0, 2.0
#: Places that are shown for one term.
_SHOWN = 3


@dataclass(slots=True)
class _Found:
    """One term of one area in a text."""

    weight: float
    needs: bool
    factor: float = 0.0
    count: int = 0
    places: list[tuple[Reading, Match[Use]]] = field(default_factory=list)

    @property
    def bare(self) -> float:
        return self.weight * (1 + log2(self.count) / 2)

    @property
    def score(self) -> float:
        return self.bare * self.factor


@dataclass(frozen=True, slots=True)
class Scored:
    """An area with words in a text.

    `bare` is its score without what the words' places add, `alone` whether a sentence is about it and no other, `least`
    the score that it needs.
    """

    id: str
    score: float
    bare: float
    alone: bool
    least: float
    terms: tuple[_Found, ...]
    version: str

    @property
    def area(self) -> Area:
        """With the words that say so, those first that say most. Made when asked for: most areas are no labels."""
        evidence = tuple(
            reading.evidence(match.start, match.end, f"areas/{self.version}:{match.value.written}")
            for term in sorted(self.terms, key=lambda term: -term.score)
            for reading, match in term.places
        )
        return Area(id=self.id, score=self.score, evidence=evidence)


def label(taxonomy: Taxonomy, readings: Sequence[Reading], spoken: frozenset[Language]) -> tuple[Area, ...]:
    """The areas of a text, main one first."""
    return strong(score(taxonomy, readings, spoken))


def strong(scored: Sequence[Scored]) -> tuple[Area, ...]:
    """Those of the areas that have enough to be labels, in the order given."""
    most = max((one.bare for one in scored), default=0.0)
    return tuple(
        one.area
        for one in scored
        if one.score >= one.least and one.bare >= most * (SHARE_ALONE if one.alone else SHARE)
    )


def score(taxonomy: Taxonomy, readings: Sequence[Reading], spoken: frozenset[Language]) -> tuple[Scored, ...]:
    """Every area that has words in a text, with their score and places, best first."""
    found: dict[str, dict[str, _Found]] = defaultdict(dict)
    sentences: dict[_Sentence, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for reading in readings:
        for area, match, weight, needs in _heaviest(taxonomy, reading, spoken):
            terms, written = found[area], match.value.written
            if written not in terms:
                terms[written] = _Found(weight, needs)
            _count(terms[written], reading, match)
            sentences[reading.frame, *reading.sentence(match.start)][area][written] = weight
    alone = {_alone(words) for words in sentences.values()}
    least = LEAST_OF_BOTH if all(reading.text for reading in readings) and len(readings) > 1 else LEAST
    scored = (
        _scored(
            name, tuple(terms.values()), taxonomy.version, alone=name in alone, least=LEAST if name in alone else least
        )
        for name, terms in found.items()
        if any(not term.needs for term in terms.values())
    )
    return tuple(sorted(scored, key=lambda one: (-one.score, one.id)))


#: The frame of a reading, and where in it a sentence starts and ends.
_Sentence = tuple[str, int, int]


def _alone(words: Mapping[str, Mapping[str, float]]) -> str | None:
    """The area that a sentence is about, if it is one alone: areas with their words and the weight of each."""
    if all(len(weights) < WORDS_ALONE for weights in words.values()):
        return None
    points = sorted(((sum(weights.values()), area) for area, weights in words.items()), reverse=True)
    (most, area), others = points[0], points[1:]
    enough = len(words[area]) >= WORDS_ALONE and most >= POINTS_ALONE
    return area if enough and all(most >= TIMES_ALONE * other for other, _ in others) else None


def _heaviest(
    taxonomy: Taxonomy, reading: Reading, spoken: frozenset[Language]
) -> Iterable[tuple[str, Match[Use], float, bool]]:
    """One term for each area and place: `import*` and `importer*` in one word are one piece of evidence.

    With the area its match, its weight and whether it needs another.
    """
    best: dict[tuple[str, int, int], tuple[str, Match[Use], float, bool]] = {}
    for match in [*reading.of("area"), *_unlisted(reading)]:
        for area, weight, needs in _meaning(taxonomy, match.value, spoken):
            key = area, match.first, match.last
            if key not in best or best[key][2] < weight:
                best[key] = area, match, weight, needs
    return best.values()


def _unlisted(reading: Reading) -> Iterator[Match[Use]]:
    """The organisations that are named, without those of a sentence that names many: a list has no subject."""
    named = reading.of("organisation")
    bodies: dict[tuple[int, int], set[str]] = defaultdict(set)
    for match in named:
        bodies[reading.sentence(match.start)].add(match.value.id)
    return (match for match in named if len(bodies[reading.sentence(match.start)]) < MANY)


def _meaning(taxonomy: Taxonomy, use: Use, spoken: frozenset[Language]) -> list[tuple[str, float, bool]]:
    if isinstance(use.item, Term):
        return [(use.id, use.item.weight, use.item.needs is not None)] if use.item.lang in spoken else []
    areas = taxonomy.organisations[use.id].areas
    return [(area, NAMED, True) if area == RELATIONS else (area, BODY, False) for area in areas]


def _count(term: _Found, reading: Reading, match: Match[Use]) -> None:
    factor = TITLE if reading.frame == "title" else LEAD if match.start < reading.lead_end else 1.0
    term.factor = max(term.factor, factor)
    term.count += 1
    if len(term.places) < _SHOWN:
        term.places.append((reading, match))


def _scored(name: str, terms: tuple[_Found, ...], version: str, *, alone: bool, least: float) -> Scored:
    score, bare = round(sum(term.score for term in terms), 3), sum(term.bare for term in terms)
    return Scored(name, score, bare, alone, LEAST if alone else least, terms, version)
