"""Letters on their way, and what became of them: the intent before, the result after.

An outlet has one open letter at a time. It is written down with its id and its items before it is sent, and stays until
it has arrived; a process that died in between leaves it, and whoever comes next sends it again under the same id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from otswatch.alerts.delivery import Pending
from otswatch.alerts.news import News
from otswatch.records import Moment, Part
from otswatch.state import State

_OPEN: Final = "alerts/open/"
_LEDGER: Final = "alerts/ledger/"


class Open(Pending):
    """A letter that has not arrived. `due`: the latest moment whose news is in it."""

    due: Moment
    news: tuple[News, ...]


class Arrived(Part):
    """A letter that arrived, as the ledger keeps it. `indexed`: when the article of each item was."""

    letter: str
    outlet: str
    keys: tuple[str, ...]
    indexed: tuple[Moment, ...]
    due: Moment
    made: Moment
    sent: Moment
    attempts: int
    interrupted: int


class Ledger:
    """The letters in `state`. Only who has the outlet's lease writes."""

    def __init__(self, state: State) -> None:
        self._state = state

    def open(self, outlet: str) -> Open | None:
        """The letter of an outlet that has not arrived yet."""
        entry = self._state.get(_OPEN + outlet)
        return Open.model_validate(entry.value) if entry else None

    def write(self, outlet: str, letter: Open) -> None:
        self._state.put(_OPEN + outlet, letter.to_dict())

    def close(self, arrived: Arrived) -> None:
        """The letter arrived."""
        self._state.put(f"{_LEDGER}{arrived.outlet}/{arrived.letter}", arrived.to_dict())
        entry = self._state.get(_OPEN + arrived.outlet)
        if entry is not None:
            self._state.delete(entry.key, entry.version)

    def unresolved(self) -> Iterator[tuple[str, Open]]:
        """All letters that have not arrived, with their outlets."""
        for entry in self._state.scan(_OPEN):
            yield entry.key.removeprefix(_OPEN), Open.model_validate(entry.value)

    def arrived(self) -> Iterator[Arrived]:
        """Those that arrived, by outlet."""
        for entry in self._state.scan(_LEDGER):
            yield Arrived.model_validate(entry.value)
