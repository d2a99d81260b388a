"""Reading YAML. What a long text says is kept as JSON in the user's cache, where it is read sixty times as fast.

The word lists are a megabyte of YAML, and every command that starts has them to read: 1.6 of its 4 seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import yaml
from platformdirs import user_cache_path

#: libyaml's takes a tenth of the time, and is there wherever PyYAML has a wheel.
Loader: Final[type[yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Characters. Below this there is nothing to be gained, and a user's own files are rarely longer.
_LONG: Final = 16_000
#: What was not read for so long belongs to files that are gone or were changed.
_FORGET_SECONDS: Final = 90 * 86_400.0


def read(text: str) -> Any:
    """What the YAML says.

    Raises:
        yaml.YAMLError: it is none.
    """
    if len(text) < _LONG:
        return yaml.load(text, Loader)  # noqa: S506 - a safe loader either way
    kept = _folder() / f"{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}.json"
    with suppress(OSError, ValueError):  # not kept yet, or a disk that was full in the middle of it
        said = json.loads(kept.read_bytes())
        os.utime(kept)
        return said
    said = yaml.load(text, Loader)  # noqa: S506
    with suppress(OSError, TypeError, ValueError):  # no such folder for this user; or a day, which JSON does not have
        _keep(kept, said)
    return said


def _folder() -> Path:
    return user_cache_path("otswatch", appauthor=False) / "yaml"


def _keep(path: Path, said: Any) -> None:
    written = json.dumps(said, ensure_ascii=False)
    if json.loads(written) != said:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    for other in path.parent.glob("*.json"):
        if other.stat().st_mtime < time.time() - _FORGET_SECONDS:
            other.unlink(missing_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.new")
    unfinished.write_text(written, encoding="utf-8")
    unfinished.replace(path)
