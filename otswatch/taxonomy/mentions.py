"""Who and what a text names: countries, bodies, people and meetings, each as it is written there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from otswatch.records import Dated, Mention
from otswatch.taxonomy.loader import Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.meetings import meetings
from otswatch.taxonomy.people import people
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.relevance import Named
from otswatch.taxonomy.schema import Name
from otswatch.text.folding import fold

#: So many places of one mention are kept.
_SHOWN = 3

_Place = tuple[Reading, Match[Use]]


def mentions(
    taxonomy: Taxonomy, readings: Sequence[Reading], names: Sequence[Named], language: str, published: Dated | None
) -> tuple[Mention, ...]:
    """Everything that is named: countries, bodies, people, meetings.

    Args:
        names: the organisations that are named (`otswatch.taxonomy.relevance.named`).
        language: of the text; some words for meetings and the order of names depend on it.
        published: when the article was published: people get the office they held then.
    """
    return (
        *_countries(taxonomy, readings, language),
        *_bodies(taxonomy, names),
        *people(taxonomy, readings, language, published),
        *meetings(taxonomy, readings, names, language),
    )


# ------------------------------------------------------------------------------------------------------------ countries


def _countries(taxonomy: Taxonomy, readings: Sequence[Reading], language: str) -> Iterator[Mention]:
    """States by their own names; of a disputed one every name apart."""
    places: dict[tuple[str, str], list[_Place]] = {}
    for reading in readings:
        for match in _outermost(reading, language):
            country = taxonomy.countries[match.value.id]
            places.setdefault((country.id, match.value.written if country.as_written else ""), []).append(
                (reading, match)
            )
    sure = {id_ for (id_, _), found in places.items() if any(match.value.role != "doubtful" for _, match in found)}
    sure |= {match.value.id for reading in readings for match in reading.of("context")}
    for (id_, _), found in places.items():
        if id_ in sure:
            yield Mention(type="country", id=id_, **_shown(taxonomy, found))


def _outermost(reading: Reading, language: str) -> Iterator[Match[Use]]:
    """The longest name at each place: Northern Cyprus is not Cyprus."""
    end = 0
    found = reading.of("country", "foreign", "doubtful")
    for match in sorted(found, key=lambda match: (match.first, -match.last)):
        if match.first >= end and _is_name(reading, match, language):
            end = match.last
            yield match


def _is_name(reading: Reading, match: Match[Use], language: str) -> bool:
    """Whether it is the state itself: with a capital, and with the endings of no language but its own.

    English makes an adjective (`Azerbaijani`) by what is a case ending elsewhere.
    """
    if match.value.role == "doubtful":
        return True
    bare = match.value.lang in (language, None) or language == "und"
    stem = fold(match.value.written.rstrip("~*")).split()[-1]
    same = reading.words.folded[match.last - 1] == stem
    return reading.text[match.start].isupper() and (bare or same)


# --------------------------------------------------------------------------------------------------------------- bodies


def _bodies(taxonomy: Taxonomy, names: Sequence[Named]) -> Iterator[Mention]:
    """Organisations by the names that are theirs."""
    places: dict[str, list[_Place]] = {}
    for name in names:
        if not _is_loose(name) and taxonomy.organisations[name.match.value.id].role != "programme":
            places.setdefault(name.match.value.id, []).append((name.reading, name.match))
    for id_, found in places.items():
        yield Mention(type="body", id=id_, **_shown(taxonomy, found))


def _is_loose(name: Named) -> bool:
    item = name.match.value.item
    return isinstance(item, Name) and item.kind == "loose"


def _shown(taxonomy: Taxonomy, found: Sequence[_Place]) -> dict[str, Any]:
    """The name as it is written first, and the first places."""
    reading, first = found[0]
    evidence = tuple(
        reading.evidence(match.start, match.end, f"mentions/{taxonomy.version}:{match.value.written}")
        for reading, match in found[:_SHOWN]
    )
    return {"name": reading.text[first.start : first.end], "evidence": evidence}
