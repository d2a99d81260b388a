"""Processes as the kernel sees them, for tests that kill some."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
#: Seconds that anything is waited for before a test calls it hung: many times what it takes on a slow and busy machine,
#: since no test is timed.
PATIENCE = 300.0


def family(pid: int) -> list[int]:
    """The living children of a process, theirs included."""
    found: list[int] = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = tasks.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in map(int, children):
            found += [child, *family(child)]
    return found


def command(pid: int) -> list[str]:
    """What a process was started with; empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")[:-1]
    except OSError:
        return []


def alive(pid: int) -> bool:
    """Whether it still runs. One that only waits for its parent to take notice does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children(pid: int) -> dict[str, int]:
    """The `otswatch` children of a supervisor by the name of their command."""
    found = {}
    for child in family(pid):
        words = command(child)
        if words[1:3] == ["-m", "otswatch"] and len(words) > 3:
            found[words[3]] = child
    return found


def eventually(look: Callable[[], T | None]) -> T:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {PATIENCE:g} s: {look} in process {os.getpid()}"
        time.sleep(0.02)
