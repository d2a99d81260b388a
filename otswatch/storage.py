"""What the disk refuses, in words: the typed errors of everything that writes into the data folder."""

from __future__ import annotations

import errno
import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from otswatch.errors import DependencyDownError, OTSWatchError, StorageFullError, StorageReadOnlyError, UsageError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENOENT})
_PROBE_BYTES = 1 << 20


def storage_error(path: Path, error: OSError) -> OTSWatchError:
    """The typed error for `error`, which writing to `path` raised: full, not writable, or a disk that fails."""
    if error.errno in _FULL:
        return full(path)
    if error.errno in _REFUSED:
        return not_writable(path, error.strerror or str(error))
    return DependencyDownError(f"{path}: {error.strerror or error}; check the disk")


def full(path: Path) -> StorageFullError:
    """No room for `path`."""
    return StorageFullError(f"the disk of {path} is full: make room, work goes on by itself")


def not_writable(path: Path, why: str) -> StorageReadOnlyError:
    """`path` cannot be written, and `why`."""
    return StorageReadOnlyError(f"{path} cannot be written ({why}): name another folder (for data: OTSWATCH_DATA)")


def make_folder(folder: Path) -> None:
    """Create `folder` and those above it; it may be there.

    Raises:
        StorageReadOnlyError, StorageFullError, DependencyDownError: why not.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(folder, error) from error


@contextmanager
def sole_use(path: Path, refused: str) -> Iterator[None]:
    """Hold the lock file `path`; the kernel lets go of it when this process ends, however it ends.

    Raises:
        UsageError: `refused`: another process holds it.
        StorageReadOnlyError, StorageFullError, DependencyDownError: it cannot be written.
    """
    make_folder(path.parent)
    try:
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise storage_error(path, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(refused) from None
        yield


def probe(folder: Path) -> OSError | None:
    """What the disk says to a small file in `folder`; null when it takes it. For libraries that hide the reason."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_PROBE_BYTES))
    except OSError as error:
        return error
    return None
