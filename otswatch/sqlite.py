"""What the SQLite files of the data folder share: opening, transactions, migrations, typed errors.

    database = Database(data / "index.sqlite", MIGRATIONS)      # opened, made or migrated; errors come here, not later
    with database.transaction() as connection:                  # BEGIN IMMEDIATE … COMMIT, ROLLBACK on any exception
        connection.execute("INSERT …", (…))
    with database.snapshot() as connection:                     # several reads of one and the same state
        connection.execute("SELECT …").fetchall()
    database.rows("SELECT …", (…))                              # one read, fetched whole
    database.close()

A `Database` may be shared between threads: each gets a connection of its own. It must not be taken over a fork.

`MIGRATIONS` is a tuple of SQL scripts; the n-th one leads to `PRAGMA user_version` n, each in a transaction of its own.
One that was released is never changed: append another. Tables are STRICT.

Durability: WAL with synchronous=FULL, in every file. With NORMAL a power cut may take back the last commits; the bus
would then say that a message was indexed, or the state that a page was published, and the other file would not have it.
Writing starts with BEGIN IMMEDIATE: a plain BEGIN that reads first cannot wait for another writer and fails at once.

Checkpoints are made here, by the writer whose turn it is, and never by SQLite on its own: up to 3.51.2 a checkpoint
that meets another connection's commit can lose pages for good (sqlite.org/wal.html#walresetbug). Under the write lock
nobody else commits.

Every `sqlite3.Error` with which the file or the disk refuses leaves as a typed error of `otswatch.errors`; others (a
wrong statement, a constraint) are the caller's own and pass unchanged.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from otswatch.errors import DependencyDownError, NewerDataError, OTSWatchError, StorageDamagedError, UsageError
from otswatch.storage import full, make_folder, not_writable, probe, storage_error

#: How long a writer waits for others before it gives up, in seconds. Transactions here take milliseconds.
BUSY_SECONDS = 60.0
#: STRICT tables came with it.
OLDEST_SQLITE = (3, 37, 0)
#: A log (the -wal file) longer than this, in bytes, is worked into the database.
LOG_BYTES = 4 << 20

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    # A full /tmp in the middle of a search is not a full data folder.
    "PRAGMA temp_store = MEMORY",
    # macOS only: there fsync alone leaves data in the drive's cache.
    "PRAGMA fullfsync = ON",
    "PRAGMA wal_autocheckpoint = 0",
    # A log that starts over is cut to this: so a longer file means that a checkpoint is due.
    f"PRAGMA journal_size_limit = {LOG_BYTES}",
)


class Database:
    """One SQLite file. See the module for how it is used.

    Raises (by every method):
        StorageFullError: no room; nothing was written.
        StorageReadOnlyError: the file or its folder cannot be written or opened.
        StorageDamagedError: the file is not a sound database.
        NewerDataError: a newer version of OTS Watch wrote it.
        DependencyDownError: the disk fails, or another process kept the file locked for `BUSY_SECONDS`.
    """

    def __init__(self, path: Path, migrations: Sequence[str]) -> None:
        _require_sqlite()
        self.path = path
        self._log = path.with_name(path.name + "-wal")
        self._lock = threading.Lock()
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        make_folder(path.parent)
        self._checkpointer = connect(path)
        try:
            self._migrate(migrations)
        except BaseException:
            self.close()
            raise

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode."""
        thread = threading.current_thread()
        known = self._connections.get(thread)
        return known if known is not None else self._open(thread)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write: all of it or, on any exception, nothing. Waits for other writers; must not be nested."""
        if self._is_log_long():
            self._checkpoint()
        with self._between(begin) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Read one state of the file, however many statements it takes. Keep it short: meanwhile the log grows."""
        with self._between(_begin_reading) as connection:
            yield connection

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """All rows of one reading statement."""
        with translated(self.path):
            return self.connection.execute(sql, parameters).fetchall()

    @property
    def version(self) -> int:
        """The `user_version` of the file."""
        return int(self.rows("PRAGMA user_version")[0][0])

    def close(self) -> None:
        """Close the connections of all threads. Nobody may be using one."""
        with self._lock:
            for connection in self._connections.values():
                connection.close()
            self._connections.clear()
            self._checkpointer.close()

    @contextmanager
    def _between(self, begin: Callable[[sqlite3.Connection], None]) -> Iterator[sqlite3.Connection]:
        with translated(self.path):
            connection = self.connection
            begin(connection)
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself after some errors, such as a full disk.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _is_log_long(self) -> bool:
        try:
            return self._log.stat().st_size > LOG_BYTES
        except FileNotFoundError:  # before the first read or write
            return False

    def _checkpoint(self) -> None:
        # The lock is given back before anything is written: a log starts over only when its writer finds it worked in.
        with self._between(begin):
            self._checkpointer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _open(self, thread: threading.Thread) -> sqlite3.Connection:
        opened = connect(self.path)
        with self._lock:
            for other in [other for other in self._connections if not other.is_alive()]:
                self._connections.pop(other).close()
            self._connections[thread] = opened
        return opened

    def _migrate(self, migrations: Sequence[str]) -> None:
        while (version := self.version) != len(migrations):
            if version > len(migrations):
                raise NewerDataError(
                    f"{self.path} has schema {version}, this version reads up to {len(migrations)}: upgrade otswatch"
                )
            with self.transaction() as connection:
                # Another process may have been faster.
                if connection.execute("PRAGMA user_version").fetchone()[0] == version:
                    for statement in _statements(migrations[version]):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {version + 1}")


def connect(path: Path) -> sqlite3.Connection:
    """A connection as all here are: autocommit, WAL, synchronous=FULL, waiting for locks. Errors as in `Database`."""
    with translated(path):
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            if _insist(connection, "PRAGMA journal_mode = WAL") != [("wal",)]:
                raise UsageError(f"{path}: no shared memory here: set OTSWATCH_DATA to a folder on a local disk")
            for pragma in _PRAGMAS:
                connection.execute(pragma)
        except BaseException:
            connection.close()
            raise
        return connection


def begin(connection: sqlite3.Connection) -> None:
    """BEGIN IMMEDIATE, after those who came before."""
    _insist(connection, "BEGIN IMMEDIATE")


def _begin_reading(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN DEFERRED")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise the typed error for any `sqlite3.Error` that the file at `path` or its disk is the cause of."""
    try:
        yield
    except sqlite3.Error as error:
        typed = _typed(path, error)
        if typed is None:
            raise
        raise typed from error


def _typed(path: Path, error: sqlite3.Error) -> OTSWatchError | None:
    match _primary(error):
        case sqlite3.SQLITE_FULL:
            return full(path)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StorageDamagedError(f"{path} is damaged ({error}): put it aside and restore a backup in its place")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return DependencyDownError(f"{path} was locked by another process for {BUSY_SECONDS:.0f} s: is one stuck?")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return _refused(path, error)
        case sqlite3.SQLITE_IOERR:
            reason = probe(path.parent)
            return storage_error(path, reason) if reason else DependencyDownError(f"{path}: {error}; check the disk")
    return None


def _refused(path: Path, error: sqlite3.Error) -> OTSWatchError:
    # SQLite says "unable to open" for a full disk too, where it cannot make the files beside the database.
    reason = probe(path.parent)
    return storage_error(path, reason) if reason else not_writable(path, str(error))


def _primary(error: sqlite3.Error) -> int:
    # Errors of the Python module itself (a closed connection, a wrong number of parameters) have no code.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF


def _insist(connection: sqlite3.Connection, statement: str) -> list[Any]:
    """Execute `statement`, again and again while others hold the lock that it needs; its rows.

    SQLite's own waiting sleeps up to 100 ms between two looks, and does not wait at all where that might be a deadlock,
    as when two processes make the same file. Of 8 processes that wrote all the time, 2 or 3 never got in within 5 s;
    looking every millisecond, each gets its turn within one.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                return connection.execute(statement).fetchall()
            except sqlite3.OperationalError as error:
                if _primary(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
            time.sleep(0.001)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")


def _statements(script: str) -> Iterator[str]:
    # `executescript` would commit the transaction that it runs in.
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _require_sqlite() -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        raise UsageError(f"this Python has SQLite {sqlite3.sqlite_version}, {needed} or newer is needed")
