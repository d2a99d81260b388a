"""How many articles each value of a filter has, as links and as a form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from otswatch.search_request import FILTERS, SearchRequest
from otswatch.web.desk import Desk

#: What the filters are called on a page, in the order that they are offered.
NAMES = {
    "area": "Area",
    "source": "Source",
    "language": "Language",
    "kind": "Kind",
    "country": "Country",
    "dossier": "Dossier",
}
#: The days of a request, as a reader says them.
DAYS = {"since": "published from", "until": "published before", "seen_since": "first seen from"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter: how many articles it has, and whether it is chosen."""

    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with its values, chosen ones first, then by count."""

    field: str
    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of a search that can be taken out: `request` is the search without it."""

    name: str
    value: str
    request: SearchRequest


def facets(desk: Desk, request: SearchRequest, fields: Sequence[str] = tuple(NAMES)) -> list[Facet]:
    """The values of each filter among what the rest of the search finds: they are alternatives of each other."""
    search = request.to_search(desk.settings.config)
    chosen: dict[str, Sequence[str]] = {name: getattr(request, name) for name in fields}
    open_ = [name for name in fields if not chosen[name]]
    counts = desk.stores.index.facets(search, open_) if open_ else {}
    for name in fields:
        if chosen[name]:
            others = {field: values for field, values in search.filters.items() if field != name}
            counts |= desk.stores.index.facets(replace(search, filters=others), [name])
    return [
        Facet(name, NAMES[name], tuple(_choices(desk, name, {b.key: b.count for b in counts[name]}, chosen[name])))
        for name in fields
    ]


def _choices(desk: Desk, field: str, counts: dict[str, int], chosen: Sequence[str]) -> Iterator[Choice]:
    for value in dict.fromkeys([*chosen, *counts]):
        yield Choice(value, desk.names.of(field, value), counts.get(value, 0), value in chosen)


def chips(desk: Desk, request: SearchRequest) -> Iterator[Chip]:
    """Everything that narrows a search down but its words."""
    for field in FILTERS:
        values = getattr(request, field)
        for value in values:
            rest = tuple(other for other in values if other != value)
            name = NAMES.get(field, "Status")
            yield Chip(name, desk.names.of(field, value), request.with_changes(**{field: rest}))
    if request.exact:
        yield Chip("", "exactly as written", request.with_changes(exact=False))
    for field, name in DAYS.items():
        if day := getattr(request, field):
            yield Chip(name, str(day), request.with_changes(**{field: None}))
    if request.undated:
        yield Chip("", "without a publication date", request.with_changes(undated=False))


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: as it was typed, also where it cannot be read."""

    values: dict[str, list[str]]

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]]) -> Typed:
        """From the parameters of an address."""
        values: dict[str, list[str]] = defaultdict(list)
        for name, value in pairs:
            values[name].append(value)
        return cls(dict(values))

    def one(self, name: str) -> str:
        """The value of a parameter that has one; blank where it is not there."""
        return self.values.get(name, [""])[-1]

    def many(self, name: str) -> list[str]:
        """The values of a filter."""
        return self.values.get(name, [])
