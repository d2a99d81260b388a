"""Leases in terms of get, create and compare-and-set: written once, for every `State`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from otswatch.state import Entry


class Versioned(Protocol):
    """What `Leases` stands on, as in `otswatch.state.State`."""

    def get(self, key: str) -> Entry | None: ...

    def create(self, key: str, value: Any) -> bool: ...

    def compare_and_set(self, key: str, value: Any, version: int) -> bool: ...

    def delete(self, key: str, version: int) -> bool: ...


class Leases:
    """Adds `lease` and `release` to a state. A lease is the entry `lease/<name>`: its owner, and until when.

    It says who should work, not who may write: a holder that was frozen past the end does not know. What must never
    happen twice needs a compare-and-set of its own.
    """

    def lease(self: Versioned, name: str, owner: str, seconds: float, now: datetime | None = None) -> bool:
        """Take or renew the lease `name` for `owner`. False while another owner's lease has not expired."""
        now = now or datetime.now(UTC)
        mine = {"owner": owner, "until": (now + timedelta(seconds=seconds)).isoformat()}
        # Each round that fails is one in which somebody else's write went through, so this ends.
        while True:
            entry = self.get(_key(name))
            if entry is None:
                if self.create(_key(name), mine):
                    return True
            elif entry.value["owner"] != owner and datetime.fromisoformat(entry.value["until"]) > now:
                return False
            elif self.compare_and_set(_key(name), mine, entry.version):
                return True

    def release(self: Versioned, name: str, owner: str) -> None:
        """Give the lease up, if it is still `owner`'s."""
        entry = self.get(_key(name))
        if entry and entry.value["owner"] == owner:
            self.delete(_key(name), entry.version)


def held_until(state: Versioned, name: str) -> datetime | None:
    """When the lease ends, or ended without being given up; null where nobody has it."""
    entry = state.get(_key(name))
    return datetime.fromisoformat(entry.value["until"]) if entry else None


def _key(name: str) -> str:
    return f"lease/{name}"
