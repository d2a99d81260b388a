"""Signs of life: each worker writes a small file on each poll, and a file that grows old means that it is stuck.

They may say how fast the work goes, too: `Rate`.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from otswatch import metrics

#: A rate is that of the last minutes, counted in slots; before so many seconds of work nobody can say one.
RATE_SECONDS = 300.0
SLOT_SECONDS = 10.0
UNKNOWN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Beat:
    """The last sign of life of `name`: when, from which process, and what it said."""

    name: str
    at: datetime
    pid: int
    facts: Mapping[str, Any]


def beat(data: Path, name: str, /, **facts: Any) -> None:
    """Write `<data>/health/<name>.json`: now, this process, and `facts` (JSON).

    Readers see the file before or this one, never half of it. Not forced to the disk: after a power cut nobody lives. A
    disk that refuses is passed over, the work itself will meet it: until then the file grows old.
    """
    metrics.ALIVE.labels(name).set_to_current_time()
    folder = data / "health"
    content = {"at": datetime.now(UTC).isoformat(), "pid": os.getpid(), "facts": facts}
    unfinished = folder / f"{name}.{os.getpid()}.new"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(json.dumps(content), encoding="utf-8")
        unfinished.replace(folder / f"{name}.json")


def read_all(data: Path) -> list[Beat]:
    """Every worker's last sign of life, by name. One that cannot be read is passed over: nobody knows that it lives."""
    beats = (_read(path) for path in sorted((data / "health").glob("*.json")))
    return [found for found in beats if found]


def _read(path: Path) -> Beat | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Beat(path.stem, datetime.fromisoformat(content["at"]), content["pid"], content["facts"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Rate:
    """How many of each key are done a minute, over the last minutes. Owned by one thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._known: set[str] = set()
        self._slots: deque[tuple[float, Counter[str]]] = deque()

    def add(self, done: Mapping[str, int]) -> None:
        """So many of each key were done now."""
        slot = self._clock() // SLOT_SECONDS * SLOT_SECONDS
        if not self._slots or self._slots[-1][0] != slot:
            self._slots.append((slot, Counter()))
        self._slots[-1][1].update(done)
        self._known.update(done)

    def per_minute(self) -> dict[str, float]:
        """By key, for each that was ever met; empty in the first minute."""
        now = self._clock()
        first = ((now - RATE_SECONDS) // SLOT_SECONDS + 1) * SLOT_SECONDS
        while self._slots and self._slots[0][0] < first:
            self._slots.popleft()
        seconds = now - max(first, self._began)
        if seconds < UNKNOWN_SECONDS:
            return {}
        return {key: round(sum(done[key] for _, done in self._slots) * 60 / seconds, 1) for key in sorted(self._known)}
