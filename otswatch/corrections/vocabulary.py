"""The ids that a correction can name: those of the taxonomy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from otswatch import taxonomy
from otswatch.errors import UsageError
from otswatch.settings import Settings


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ids that can be said."""

    areas: tuple[str, ...]
    kinds: tuple[str, ...]

    @classmethod
    def load(cls, settings: Settings) -> Vocabulary:
        """
        Raises:
            ConfigError: a file of the taxonomy that cannot be used.
        """
        known = taxonomy.load(settings.config)
        return cls(tuple(known.areas), tuple(known.kinds))

    def require(self, field: str, value: Any) -> None:
        """
        Raises:
            UsageError: an area or kind that the taxonomy does not have, with those that it has.
        """
        if field == "areas":
            _require_known("area", value, self.areas)
        elif field == "kind" and value is not None:
            _require_known("kind", [value], self.kinds)


def _require_known(what: str, ids: Iterable[str], known: tuple[str, ...]) -> None:
    for id_ in ids:
        if id_ not in known:
            raise UsageError(f"no {what} {id_!r}; there are: {', '.join(known)}")
