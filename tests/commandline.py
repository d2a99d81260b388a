"""The command line as a user has it: a process of its own, with its two channels and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.processes import PATIENCE

#: One worker process: each takes some seconds of a core to start, and tests run two at a time.
PLAIN = {"log_level": "error", "workers": "1"}


@dataclass(frozen=True)
class Said:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line on standard error, without the program's name."""
        [line] = self.err.splitlines()
        assert line.startswith("otswatch: "), line
        return line.removeprefix("otswatch: ")


def otswatch(*arguments: str, folder: Path, given: str | bytes = b"", **settings: str) -> Said:
    """Run a command in `folder`, where its data is too. `settings` are those of OTSWATCH_*, by their short names."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OTSWATCH_")}
    told = {f"OTSWATCH_{name.upper()}": value for name, value in {**PLAIN, **settings}.items()}
    done = subprocess.run(
        [sys.executable, "-m", "otswatch", *arguments],
        cwd=folder,
        env={**clean, **told, "COLUMNS": "200", "NO_COLOR": "1"},
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        timeout=PATIENCE,
    )
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())
