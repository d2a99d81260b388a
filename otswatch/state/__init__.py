"""Small facts that must be right at once: seen-set, schedule, leases, subscriptions, ledger, read marks.

`SqliteState` is the embedded one. Anything that speaks `State` passes tests/conformance/test_state.py. Values are JSON.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """A value and its version, to be given back to `compare_and_set`."""

    key: str
    value: Any
    version: int


class State(Protocol):
    """Keys are `kind/rest`. A read sees every write that returned before it, from any process. Threads may share it."""

    def get(self, key: str) -> Entry | None: ...

    def get_many(self, keys: Collection[str]) -> dict[str, Entry]:
        """Those that there are, by key, in one request."""
        ...

    def create(self, key: str, value: Any) -> bool:
        """Store if there is none; false if there is. Of many at once, exactly one gets true."""
        ...

    def compare_and_set(self, key: str, value: Any, version: int) -> bool:
        """Replace the value if its version is still `version`; false if it moved on or is gone."""
        ...

    def put(self, key: str, value: Any) -> None:
        """Store whatever was there before. For keys with one writer."""
        ...

    def delete(self, key: str, version: int) -> bool:
        """Remove if its version is still `version`."""
        ...

    def scan(self, prefix: str) -> Iterator[Entry]:
        """All entries whose key starts with `prefix`, by key (code point order)."""
        ...

    def lease(self, name: str, owner: str, seconds: float, now: datetime | None = None) -> bool:
        """Take or renew the lease `name` for `owner`. False while another owner's lease has not expired."""
        ...

    def release(self, name: str, owner: str) -> None:
        """Give the lease up, if it is still `owner`'s."""
        ...

    def close(self) -> None: ...


def replace(state: State, key: str, value: Any, read: Entry | None) -> bool:
    """Write over the entry that was read, or as the first where there was none; false if another was faster."""
    return state.compare_and_set(key, value, read.version) if read else state.create(key, value)
