"""A state in a dictionary, for tests that need thousands of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from otswatch.state import Entry
from otswatch.state.lease import Leases


class MemoryState(Leases):
    """`otswatch.state.State`, for one process."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._version = 0

    def get(self, key: str) -> Entry | None:
        return self._entries.get(key)

    def get_many(self, keys: Collection[str]) -> dict[str, Entry]:
        return {key: self._entries[key] for key in keys if key in self._entries}

    def create(self, key: str, value: Any) -> bool:
        if key in self._entries:
            return False
        self._write(key, value)
        return True

    def compare_and_set(self, key: str, value: Any, version: int) -> bool:
        entry = self._entries.get(key)
        if entry is None or entry.version != version:
            return False
        self._write(key, value)
        return True

    def put(self, key: str, value: Any) -> None:
        self._write(key, value)

    def delete(self, key: str, version: int) -> bool:
        entry = self._entries.get(key)
        if entry is None or entry.version != version:
            return False
        del self._entries[key]
        return True

    def scan(self, prefix: str) -> Iterator[Entry]:
        yield from (self._entries[key] for key in sorted(self._entries) if key.startswith(prefix))

    def close(self) -> None:
        """Nothing is held."""

    def _write(self, key: str, value: Any) -> None:
        self._version += 1
        self._entries[key] = Entry(key, json.loads(json.dumps(value)), self._version)
