"""A copy of the data folder that is consistent while everything goes on working.

Which order of copying would do? None: what is written *before* the bus commits (index, archive, ledger) must be copied
after the bus, or the copied bus would call a message done whose result the copy lacks; what is written *after* the bus
has delivered (the seen-set) must be copied before it, or the copied seen-set would know a page that the copied bus
lacks. The state holds both kinds. So the databases are cut at one moment: all of them are locked against writing, each
is given a reader that keeps seeing this moment, and the locks are given back, within milliseconds. The pages are
copied from those readers by SQLite's online backup at leisure, while others write on.

What is restored is what a power cut at that moment would have left, and that the pipeline bears by design: a message
that was not committed is worked on again, and its results are put again under the same ids and versions. The archive
is copied last and may only know more than the bus: its finished files never change, and one that is being written is
read up to its last whole record.

To restore, copy the folder's content into an empty data folder. A folder without `manifest.json` is not a whole
backup.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from otswatch import __version__
from otswatch.errors import StorageDamagedError, UsageError
from otswatch.sqlite import begin, connect, translated
from otswatch.storage import make_folder, storage_error

DATABASES = ("bus.sqlite", "index.sqlite", "state.sqlite")
MANIFEST = "manifest.json"

#: Called with the bytes that are copied so far, and with all there are.
Progress = Callable[[int, int], None]

_PAGES_AT_ONCE = 1000
#: Ends the name of an archive file that is not finished (`otswatch.consumers.archive`).
_BEING_WRITTEN = ".open"


def backup(data: Path, target: Path, progress: Progress) -> list[Path]:
    """Copy the databases and the archive of `data` into the folder `target`. Returns the copies.

    Each file gets its name when it is whole, the manifest last. Finished archive files are hard links where possible.

    Raises:
        UsageError: `target` is not empty, or `data` holds no database.
        StorageFullError, StorageReadOnlyError, StorageDamagedError, DependencyDownError: why it stopped.
    """
    names = [name for name in DATABASES if (data / name).is_file()]
    if not names:
        raise UsageError(
            f"{data} holds no database: set OTSWATCH_DATA to the folder to back up; what is on Kafka and Elasticsearch"
            " is backed up there"
        )
    make_folder(target)
    if any(target.iterdir()):
        raise UsageError(f"{target} is not empty: name a new folder")
    with _one_moment([data / name for name in names]) as sources:
        sizes = [_size(source) for source in sources]
        archive = dict(map(_archived, sorted(data.glob("archive/*.warc.gz*"))))
        total = sum(sizes) + sum(archive.values())
        done = 0
        for name, source, size in zip(names, sources, sizes, strict=True):
            _copy_database(source, target / name, partial(_report, progress, done, total))
            _require_sound(data / name, target / name)
            done += size
    copies = [target / name for name in names]
    try:
        for path, size in archive.items():
            copies.append(_copy_archived(path, target / "archive"))
            done += size
            progress(done, total)
        return [*copies, _write_manifest(target, copies)]
    except OSError as error:
        raise storage_error(target, error) from error


def _report(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total)


@contextmanager
def _one_moment(paths: Sequence[Path]) -> Iterator[list[sqlite3.Connection]]:
    """Readers of all `paths`, each in a transaction that sees the same moment."""
    with ExitStack() as stack:
        readers = [stack.enter_context(closing(connect(path))) for path in paths]
        with ExitStack() as locks:
            for path in paths:
                with translated(path):
                    begin(locks.enter_context(closing(connect(path))))
            for path, reader in zip(paths, readers, strict=True):
                with translated(path):
                    reader.execute("BEGIN")
                    reader.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        yield readers


def _size(source: sqlite3.Connection) -> int:
    (size,) = source.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()
    return int(size)


def _copy_database(source: sqlite3.Connection, target: Path, report: Callable[[int], None]) -> None:
    size = _size(source)

    def on_step(_status: int, remaining: int, total: int) -> None:
        report(size * (total - remaining) // total)

    unfinished = _unfinished(target)
    with translated(unfinished), closing(sqlite3.connect(unfinished, isolation_level=None)) as copy:
        source.backup(copy, pages=_PAGES_AT_ONCE, progress=on_step)
    unfinished.rename(target)


def _require_sound(path: Path, copy: Path) -> None:
    # The copy is checked, so that nobody waits; what is wrong with it is wrong with the source.
    with translated(path), closing(sqlite3.connect(copy)) as connection:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise StorageDamagedError(f"{path} is damaged ({found}): put it aside and restore a backup in its place")


def _archived(path: Path) -> tuple[Path, int]:
    """A file of the archive that was listed, by the name that it has now, and its size."""
    try:
        return path, path.stat().st_size
    except FileNotFoundError:
        if path.suffix != _BEING_WRITTEN:
            raise
        return _archived(path.with_suffix(""))  # finished meanwhile


def _copy_archived(path: Path, folder: Path) -> Path:
    make_folder(folder)
    if path.suffix == _BEING_WRITTEN:
        try:
            return _copy_file(path, folder / path.name)
        except FileNotFoundError:  # finished meanwhile
            path = path.with_suffix("")
    target = folder / path.name
    try:
        target.hardlink_to(path)
    except OSError:  # another file system, or one without links
        _copy_file(path, target)
    return target


def _copy_file(path: Path, target: Path) -> Path:
    return Path(shutil.copyfile(path, _unfinished(target))).rename(target)


def _write_manifest(target: Path, copies: Sequence[Path]) -> Path:
    manifest = {
        "otswatch": __version__,
        "created_at": datetime.now(UTC).isoformat(),
        "files": [_described(path, target) for path in copies],
    }
    unfinished = _unfinished(target / MANIFEST)
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=2)
        os.fsync(file.fileno())
    return unfinished.rename(target / MANIFEST)


def _described(path: Path, target: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    described = {"name": path.relative_to(target).as_posix(), "bytes": path.stat().st_size, "sha256": digest}
    return described | ({"schema": _schema(path)} if path.suffix == ".sqlite" else {})


def _schema(path: Path) -> int:
    # Of the header, so that the copy stays as it was hashed: https://www.sqlite.org/fileformat.html#user_version_number
    with path.open("rb") as file:
        file.seek(60)
        return int.from_bytes(file.read(4), "big")


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + ".partial")
