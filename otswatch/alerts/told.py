"""What each outlet was told: stories, and of articles the words and changes. Written once a letter has arrived."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from otswatch.state import State

_TOLD: Final = "alerts/told/"
#: The unit of an article that says: it was told of as an official document.
DOCUMENT: Final = "document"


class Told:
    """What one outlet was told. Only who has the outlet's lease writes."""

    def __init__(self, state: State, outlet: str) -> None:
        self._state = state
        self._articles = f"{_TOLD}{outlet}/article/"
        self._stories = f"{_TOLD}{outlet}/story/"
        self._until = f"{_TOLD}{outlet}/until"

    def stories(self, ids: Collection[str]) -> dict[str, bool]:
        """Those of these stories that it was told of, and whether of an official document of theirs."""
        found = self._state.get_many([self._stories + id_ for id_ in ids])
        return {key.removeprefix(self._stories): bool(entry.value.get(DOCUMENT)) for key, entry in found.items()}

    def articles(self, ids: Collection[str]) -> dict[str, frozenset[str]]:
        """Those of these articles that it was told of, each with its units (`Waiting.units`)."""
        found = self._state.get_many([self._articles + id_ for id_ in ids])
        return {key.removeprefix(self._articles): frozenset(entry.value) for key, entry in found.items()}

    def remember(self, story: str, article: str, units: Iterable[str]) -> None:
        """It was told of an article of a story now, with these units."""
        before = self.articles((article,)).get(article, frozenset())
        now = before | set(units)
        self._state.put(self._articles + article, sorted(now))
        if DOCUMENT in now:
            self._state.put(self._stories + story, {DOCUMENT: True})
        else:
            self._state.create(self._stories + story, {})

    def until(self) -> datetime | None:
        """The moment up to which its last letter told; null where there was none."""
        entry = self._state.get(self._until)
        return datetime.fromisoformat(entry.value) if entry else None

    def remember_until(self, due: datetime) -> None:
        """A letter told what was due by then."""
        self._state.put(self._until, due.isoformat())
