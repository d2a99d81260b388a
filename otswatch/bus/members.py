"""Who is alive: each member of a consumer group holds a locked file for as long as its process lives.

The kernel lets go of the lock when the process ends, however it ends, so a successor on the same machine (in another
container too) sees at once that a member is gone. A process id says less: it means another process in each container,
and is used again.

A lock is not taken over a fork: children are spawned.
"""

from __future__ import annotations

import fcntl
import uuid
from pathlib import Path

from otswatch.storage import make_folder, storage_error

_UNFINISHED = ".new"


class Member:
    """One living member: `id` is known to others as long as this object is not closed and its process lives.

    Raises:
        StorageReadOnlyError, StorageFullError, DependencyDownError: no file can be made in `folder`.
    """

    def __init__(self, folder: Path) -> None:
        self.id = uuid.uuid4().hex
        self._path = folder / self.id
        make_folder(folder)
        _sweep(folder)
        unfinished = self._path.with_suffix(_UNFINISHED)
        try:
            self._file = unfinished.open("wb")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Locked before it has its name: nobody may take it for one that was left behind.
            unfinished.rename(self._path)
        except OSError as error:
            raise storage_error(folder, error) from error

    def close(self) -> None:
        """This member is gone."""
        self._path.unlink(missing_ok=True)
        self._file.close()


def alive(folder: Path, member: str) -> bool:
    """Whether the process of `member` lives and has not closed it."""
    try:
        with (folder / member).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:  # locked
        return True
    return False


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        if path.suffix != _UNFINISHED and not alive(folder, path.name):
            path.unlink(missing_ok=True)
