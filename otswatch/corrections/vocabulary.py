"""The ids that a correction can name: those of the taxonomy and its register."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from otswatch import taxonomy
from otswatch.errors import UsageError
from otswatch.settings import Settings
from otswatch.taxonomy import Taxonomy
from otswatch.taxonomy.called import in_full

_ID = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ids that can be said."""

    known: Taxonomy

    @classmethod
    def load(cls, settings: Settings) -> Vocabulary:
        """
        Raises:
            ConfigError: a file of the taxonomy that cannot be used.
        """
        return cls(taxonomy.load(settings.config))

    def require(self, field: str, value: Any) -> None:
        """
        Raises:
            UsageError: an area or kind that the taxonomy does not have, with those that it has.
        """
        if field == "areas":
            _require_known("area", value, tuple(self.known.areas))
        elif field == "kind" and value is not None:
            _require_known("kind", [value], tuple(self.known.kinds))

    def speaker(self, named: str) -> str:
        """The id of a person who is given by it or by a full name; another name as it is.

        Raises:
            UsageError: what looks like an id, and is none.
        """
        if named in self.known.people:
            return named
        if _ID.fullmatch(named):
            raise UsageError(f"no person {named!r} in the register; write the name as people write it, or `unknown`")
        people = in_full(self.known, named)
        return people[0] if len(people) == 1 else named


def _require_known(what: str, ids: Iterable[str], known: tuple[str, ...]) -> None:
    for id_ in ids:
        if id_ not in known:
            raise UsageError(f"no {what} {id_!r}; there are: {', '.join(known)}")
