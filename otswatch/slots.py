"""Fixed names for the workers of one data folder: the same ones again after a restart.

A worker takes the lowest number that nobody living holds; the kernel frees it when the process ends, however it ends.
So whoever is started again carries its predecessor's name. Kafka's broker then ends at once what that one left open,
where it would otherwise make all readers wait for a time-out; and what the dead one had leased is its successor's.
"""

from __future__ import annotations

import fcntl
import uuid
from contextlib import suppress
from itertools import count
from pathlib import Path

from otswatch.storage import make_folder, storage_error


class Slot:
    """A name that this worker holds until `release()`, or until its process ends."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._file = path.open("ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BaseException:
            self._file.close()
            raise

    def release(self) -> None:
        self._file.close()


def take(folder: Path, group: str) -> Slot:
    """The first free slot of a group. Its name tells data folders apart, on whatever machines they are.

    Raises:
        StorageReadOnlyError, StorageFullError, DependencyDownError: `folder` cannot be written.
    """
    make_folder(folder)
    try:
        identity = _identity(folder)
        for number in count():
            with suppress(BlockingIOError):
                return Slot(f"{group}-{identity}-{number}", folder / f"{group}-{number}")
    except OSError as error:
        raise storage_error(folder, error) from error
    raise AssertionError  # count() does not end


def _identity(folder: Path) -> str:
    """Made once for a data folder, and then read."""
    path = folder / "identity"
    with path.open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        identity = file.read()
        if not identity:
            identity = uuid.uuid4().hex[:12]
            file.write(identity)
        return identity
