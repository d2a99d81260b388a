"""Signs of life: each worker writes a small file on each poll, and a file that grows old means that it is stuck."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


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
