"""Which Java runs what: Kafka needs 17 or newer, this Elasticsearch 21 or newer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from otswatch.errors import UsageError

_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


@cache
def home(oldest: int) -> Path:
    """The home of the first Java found that is new enough: JAVA_HOME, `java` on PATH, then the usual places.

    Raises:
        UsageError: there is none.
    """
    seen = {path: version(path) for path in dict.fromkeys(_candidates())}
    for path, found in seen.items():
        if found >= oldest:
            return path
    had = ", ".join(f"{path} ({found})" for path, found in seen.items() if found) or "none"
    raise UsageError(
        f"Java {oldest} or newer is needed, found: {had}. Install one, and name it in JAVA_HOME if need be"
    )


def version(path: Path) -> int:
    """The feature version of the Java with this home; 0 where it does not run."""
    try:
        done = subprocess.run(  # noqa: S603 - a Java of this machine
            [path / "bin" / "java", "-version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = _VERSION.search(done.stderr + done.stdout)
    return int(match.group(1)) if match else 0


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("JAVA_HOME"):
        yield Path(named)
    if on_path := shutil.which("java"):
        yield Path(on_path).resolve().parent.parent
    for folder in (Path("/usr/lib/jvm"), Path("/opt")):
        yield from (java.parent.parent.resolve() for java in sorted(folder.glob("*/bin/java"), reverse=True))
