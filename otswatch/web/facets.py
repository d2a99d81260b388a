"""How many articles each value of a filter has, as links and as a form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from otswatch.index import Index, Search
from otswatch.search_request import FILTERS, Request, SearchRequest
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
#: The most values of a filter that are counted: more than any has, so that each can be chosen and keeps its count.
VALUES = 1000
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
    request: Request


def facets(desk: Desk, request: SearchRequest, fields: Sequence[str] = tuple(NAMES)) -> list[Facet]:
    """The values of each filter among what the rest of the search finds: they are alternatives of each other."""
    search = request.to_search(desk.settings.config)
    chosen: dict[str, Sequence[str]] = {name: getattr(request, name) for name in fields}
    open_ = [name for name in fields if not chosen[name]]
    found = desk.stores.index.facets(search, open_, VALUES) if open_ else {}
    counts = {name: {bucket.key: bucket.count for bucket in buckets} for name, buckets in found.items()}
    counts |= {name: counts_beside(desk.stores.index, search, name) for name in fields if chosen[name]}
    return [facet(name, NAMES[name], chosen[name], counts[name], partial(desk.names.of, name)) for name in fields]


def facet(
    parameter: str, title: str, chosen: Sequence[str], counts: Mapping[str, int], name: Callable[[str], str]
) -> Facet:
    """A filter with what is chosen and what was counted. `name`: what a value is called."""
    values = dict.fromkeys([*chosen, *counts])
    choices = (Choice(value, name(value), counts.get(value, 0), value in chosen) for value in values)
    return Facet(parameter, title, tuple(choices))


def counts_beside(index: Index, search: Search, field: str) -> dict[str, int]:
    """The values of a field among what the rest of a search finds: they are alternatives of each other."""
    rest = replace(search, filters={other: values for other, values in search.filters.items() if other != field})
    return {bucket.key: bucket.count for bucket in index.facets(rest, [field], VALUES)[field]}


def chips(desk: Desk, request: SearchRequest) -> Iterator[Chip]:
    """Everything that narrows a search down but its words."""
    for field in FILTERS:
        yield from chips_of(request, field, NAMES.get(field, "Status"), partial(desk.names.of, field))
    if request.exact:
        yield Chip("", "exactly as written", request.with_changes(exact=False))
    yield from chips_of_days(request, DAYS)
    if request.undated:
        yield Chip("", "without a publication date", request.with_changes(undated=False))


def chips_of(request: Request, parameter: str, title: str, name: Callable[[str], str]) -> Iterator[Chip]:
    """The values that are chosen of a filter."""
    values: tuple[str, ...] = getattr(request, parameter)
    for value in values:
        rest = tuple(other for other in values if other != value)
        yield Chip(title, name(value), request.with_changes(**{parameter: rest}))


def chips_of_days(request: Request, titles: Mapping[str, str]) -> Iterator[Chip]:
    """The days that are set, of these parameters."""
    for parameter, title in titles.items():
        if day := getattr(request, parameter):
            yield Chip(title, str(day), request.with_changes(**{parameter: None}))


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
