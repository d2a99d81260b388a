"""The ground that the three SQLite files stand on: migrations, threads, the log's length, typed errors."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from otswatch.bus import Outgoing
from otswatch.bus.sqlite import SqliteBus
from otswatch.errors import DependencyDownError, NewerDataError, UsageError
from otswatch.sqlite import LOG_BYTES, Database
from otswatch.state.sqlite import SqliteState

NOTES = ("CREATE TABLE notes (text TEXT NOT NULL) STRICT;",)
#: Semicolons in comments, strings and triggers end no statement.
DATED = (
    *NOTES,
    """
    ALTER TABLE notes ADD COLUMN day TEXT NOT NULL DEFAULT ';'; -- one; two
    CREATE TRIGGER keep AFTER DELETE ON notes BEGIN INSERT INTO notes VALUES ('gone', ''); SELECT 1; END;
    """,
)


def write(database: Database, *texts: str) -> None:
    with database.transaction() as connection:
        connection.executemany("INSERT INTO notes (text) VALUES (?)", [(text,) for text in texts])


class Interrupting:
    def __conform__(self, protocol: object) -> str:
        raise KeyboardInterrupt


def texts(database: Database) -> list[str]:
    return [text for (text,) in database.rows("SELECT text FROM notes")]


def test_data_of_an_older_version_is_migrated_and_kept(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "notes.sqlite", NOTES)) as old:
        write(old, "kept")
        assert old.version == 1
    with closing(Database(tmp_path / "notes.sqlite", DATED)) as new:
        assert new.version == 2
        assert new.rows("SELECT text, day FROM notes") == [("kept", ";")]


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    broken = (*NOTES, "CREATE TABLE half (a TEXT) STRICT; INSERT INTO missing VALUES (1);")
    with closing(Database(tmp_path / "notes.sqlite", NOTES)) as old:
        write(old, "kept")
    with pytest.raises(sqlite3.OperationalError, match="missing"):
        Database(tmp_path / "notes.sqlite", broken)
    with closing(Database(tmp_path / "notes.sqlite", NOTES)) as again:
        assert again.version == 1
        assert again.rows("SELECT name FROM sqlite_schema") == [("notes",)]


@pytest.mark.parametrize("opened", [SqliteBus, SqliteState])
def test_newer_data_is_refused_and_left_alone(tmp_path: Path, opened: type[SqliteBus] | type[SqliteState]) -> None:
    path = tmp_path / "data.sqlite"
    opened(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(NewerDataError, match=r"data\.sqlite has schema 99, .*: upgrade otswatch"):
        opened(path)
    assert path.read_bytes() == before


def test_many_open_a_new_file_at_the_same_moment(tmp_path: Path) -> None:
    barrier = threading.Barrier(8)

    def open_and_write(number: int) -> None:
        barrier.wait()
        with closing(Database(tmp_path / "notes.sqlite", DATED)) as database:
            write(database, str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(open_and_write, range(8)))
    with closing(Database(tmp_path / "notes.sqlite", DATED)) as database:
        assert sorted(texts(database)) == [str(number) for number in range(8)]


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "notes.sqlite", NOTES)) as database:
        with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
            write(database, "half", None)  # type: ignore[arg-type]  # refused, that is the point
        with pytest.raises(KeyboardInterrupt):
            write(database, "half", Interrupting())  # type: ignore[arg-type]  # asked for its value by SQLite
        assert texts(database) == []
        write(database, "whole")
        assert texts(database) == ["whole"]


def test_a_snapshot_keeps_seeing_one_state(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "notes.sqlite", NOTES)) as database:
        write(database, "one")
        with database.snapshot() as connection:
            count = "SELECT count(*) FROM notes"
            assert connection.execute(count).fetchone() == (1,)
            thread = threading.Thread(target=write, args=(database, "two"))
            thread.start()
            thread.join()
            assert connection.execute(count).fetchone() == (1,)
        assert texts(database) == ["one", "two"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to count open files")
def test_connections_of_threads_that_ended_are_closed(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "notes.sqlite", NOTES)) as database:
        for number in range(30):
            thread = threading.Thread(target=write, args=(database, str(number)))
            thread.start()
            thread.join()
        assert len(texts(database)) == 30
        assert open_handles(tmp_path / "notes.sqlite") < 5


def open_handles(path: Path) -> int:
    found = 0
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one of this walk itself
            found += link.readlink() == path
    return found


def test_the_log_does_not_grow_with_what_is_written(tmp_path: Path) -> None:
    with SqliteBus(tmp_path / "bus.sqlite") as bus:
        for _ in range(30):
            bus.publish([Outgoing("pages", "k", bytes(1_000_000))])
            assert (tmp_path / "bus.sqlite-wal").stat().st_size < LOG_BYTES + 3_000_000
        assert (tmp_path / "bus.sqlite").stat().st_size > 20_000_000


def test_an_older_sqlite_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(UsageError, match=r"3\.37\.0 or newer is needed"):
        Database(tmp_path / "notes.sqlite", NOTES)


def test_a_file_that_stays_locked_is_a_dependency_that_is_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otswatch.sqlite.BUSY_SECONDS", 0.2)
    with closing(Database(tmp_path / "notes.sqlite", NOTES)) as database:
        with closing(sqlite3.connect(tmp_path / "notes.sqlite", isolation_level=None)) as stuck:
            stuck.execute("BEGIN IMMEDIATE")
            with pytest.raises(DependencyDownError, match=r"notes\.sqlite was locked"):
                write(database, "late")
        write(database, "in time")
        assert texts(database) == ["in time"]
