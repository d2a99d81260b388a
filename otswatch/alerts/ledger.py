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
from otswatch.state import Entry, State

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


def keys_of(state: State, subscription: str) -> Iterator[str]:
    """The keys of the letters of a subscription that have not arrived."""
    return (entry.key for entry in state.scan(f"{_OPEN}{subscription}."))


class Ledger:
    """The letters in `state`. Only who has the outlet's lease writes; others may take away what is open, any time."""

    def __init__(self, state: State) -> None:
        self._state = state
        #: Outlets and letters that were open when they were last looked at here.
        self._opened: set[tuple[str, str]] = set()

    def open(self, outlet: str) -> Open | None:
        """The letter of an outlet that has not arrived yet."""
        entry = self._state.get(_OPEN + outlet)
        if entry is None:
            return None
        letter = Open.model_validate(entry.value)
        self._opened.add((outlet, letter.letter))
        return letter

    def write(self, outlet: str, letter: Open) -> None:
        """Keep what is known of a letter: a new one, or one that is still open. What was taken away stays away."""
        if (outlet, letter.letter) not in self._opened:
            self._state.put(_OPEN + outlet, letter.to_dict())
            self._opened.add((outlet, letter.letter))
        elif (entry := self._entry(outlet, letter.letter)) is not None:
            self._state.compare_and_set(entry.key, letter.to_dict(), entry.version)

    def close(self, arrived: Arrived) -> None:
        """The letter arrived."""
        self._state.put(f"{_LEDGER}{arrived.outlet}/{arrived.letter}", arrived.to_dict())
        entry = self._entry(arrived.outlet, arrived.letter)
        if entry is not None:
            self._state.delete(entry.key, entry.version)

    def revive(self, subscription: str) -> int:
        """Let those letters of a subscription be tried again that were refused for good. Returns how many they are."""
        return sum(self._revive(key) for key in keys_of(self._state, subscription))

    def unresolved(self) -> Iterator[tuple[str, Open]]:
        """All letters that have not arrived, with their outlets."""
        for entry in self._state.scan(_OPEN):
            yield entry.key.removeprefix(_OPEN), Open.model_validate(entry.value)

    def arrived(self) -> Iterator[Arrived]:
        """Those that arrived, by outlet."""
        for entry in self._state.scan(_LEDGER):
            yield Arrived.model_validate(entry.value)

    def _entry(self, outlet: str, letter: str) -> Entry | None:
        """What is open of an outlet, where it is this letter."""
        entry = self._state.get(_OPEN + outlet)
        return entry if entry and Open.model_validate(entry.value).letter == letter else None

    def _revive(self, key: str) -> bool:
        while entry := self._state.get(key):
            letter = Open.model_validate(entry.value)
            if not letter.dead:
                return False
            if self._state.compare_and_set(key, letter.replace(dead=False).to_dict(), entry.version):
                return True
        return False
