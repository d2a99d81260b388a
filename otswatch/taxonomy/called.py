"""Whom of the register a name means, in any of its languages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from otswatch.taxonomy.loader import Taxonomy
from otswatch.taxonomy.register import Person
from otswatch.text.folding import fold


def in_full(known: Taxonomy, name: str) -> list[str]:
    """Ids of the people who have this full name."""
    return _ids(known, name, family=False)


def in_short(known: Taxonomy, name: str) -> list[str]:
    """Ids of the people who have this name, in full or as family name."""
    return _ids(known, name, family=True)


def _ids(known: Taxonomy, name: str, *, family: bool) -> list[str]:
    wanted = fold(name)
    return [
        id_
        for id_, person in known.people.items()
        if any(fold(written) == wanted for written in _written(person, family=family))
    ]


def _written(person: Person, *, family: bool) -> Iterator[str]:
    yield from chain.from_iterable(person.names.values())
    if family:
        yield from chain.from_iterable((person.families() if person.short is None else person.short).values())
