"""What ids are called in front of a reader."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from otswatch.quotations.counts import By, Count
from otswatch.taxonomy import Taxonomy


class Labels:
    """What ids are called in front of a reader, in English; an id that nobody has named stands for itself."""

    def __init__(self, known: Taxonomy) -> None:
        self._known = known

    def of(self, by: By, key: str | None) -> str | None:
        """The name of a value that quotes are counted by; null of what is not known."""
        if key is None:
            return None
        match by:
            case "area":
                area = self._known.areas.get(key)
                return area.names.get("en", key) if area else key
            case "speaker":
                return self.person(key)
            case "state":
                return self.state(key)
        return key

    def person(self, id_: str) -> str:
        """A person of the register; a name as written."""
        person = self._known.people.get(id_)
        return next((name for names in person.names.values() for name in names), id_) if person else id_

    def office(self, id_: str) -> str:
        """An office."""
        office = self._known.offices.get(id_)
        return office.names.get("en", id_) if office else id_

    def state(self, id_: str) -> str:
        """A state or a body."""
        if country := self._known.countries.get(id_):
            return country.display or next(iter(country.names.get("en", ())), id_).rstrip("*~")
        body = self._known.organisations.get(id_)
        return next((name.name.rstrip("*~") for name in body.names if name.lang == "en"), id_) if body else id_


def counted_by(by: By, counted: Iterable[Count], labels: Labels) -> dict[str, Any]:
    """Counts as JSON, each with the name of its key."""
    found = [{"key": count.key, "name": labels.of(by, count.key), "count": count.count} for count in counted]
    return {"by": by, "counts": found}
