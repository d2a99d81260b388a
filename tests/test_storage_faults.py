"""What a disk can do to the embedded stores: damage, no permission, no room. A clear line each, and nothing breaks."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from otswatch.bus import Message, Outgoing
from otswatch.bus.sqlite import SqliteBus
from otswatch.errors import StorageDamagedError, StorageFullError, StorageReadOnlyError
from otswatch.state.sqlite import SqliteState

_NOBODY = 65534


@pytest.fixture
def unprivileged_folder() -> Iterator[Path]:
    """A folder that this process may not write: as root, by being somebody else meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(_NOBODY)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o755)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "otswatch-test", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root can make a small disk; test_a_full_disk_… stands for it")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(path: Path) -> None:
    """Leave no byte free."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 10, 1):
            with suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass


def limit_pages(bus: SqliteBus, pages: int) -> None:
    bus._database.connection.execute(f"PRAGMA max_page_count = {pages}")


def contents(bus: SqliteBus, topic: str) -> list[str]:
    return [message.key for message in bus.read(topic)]


def read_all(path: Path) -> list[Message]:
    with SqliteBus(path) as bus:
        return list(bus.read("pages"))


def check_full(bus: SqliteBus, shrink: Callable[[], object], grow: Callable[[], object]) -> None:
    """Publishing and committing fail whole when there is no room, and go on when there is."""
    bus.publish([Outgoing("pages", "first", b"page")])
    consumer = bus.consumer("extract", ["pages"])
    batch = consumer.poll(10, 1)
    shrink()
    kept = ["first"]

    def publish_on_and_on() -> None:
        for number in range(1000):
            keys = [f"{number}-{part}" for part in "ab"]
            bus.publish([Outgoing("pages", key, os.urandom(20_000)) for key in keys])
            kept.extend(keys)

    with pytest.raises(StorageFullError, match=r"the disk of .*bus\.sqlite is full: make room"):
        publish_on_and_on()
    articles = [Outgoing("articles", str(number), os.urandom(100_000)) for number in range(3)]
    with pytest.raises(StorageFullError):
        consumer.publish_and_commit(batch, articles)
    assert contents(bus, "pages") == kept
    assert contents(bus, "articles") == []
    assert bus.lag("extract", ["pages"])[0].committed == 0
    grow()
    consumer.publish_and_commit(batch, articles)
    bus.publish([Outgoing("pages", "last", b"page")])
    assert contents(bus, "pages") == [*kept, "last"]
    assert contents(bus, "articles") == ["0", "1", "2"]
    assert bus.lag("extract", ["pages"])[0].committed == 1
    consumer.close()


def test_a_file_that_is_no_database_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "bus.sqlite").write_bytes(b"<html>" * 2000)
    with pytest.raises(StorageDamagedError, match=r"bus\.sqlite is damaged .*restore a backup"):
        SqliteBus(tmp_path / "bus.sqlite")
    assert (tmp_path / "bus.sqlite").read_bytes() == b"<html>" * 2000


def test_a_truncated_database_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "bus.sqlite"
    with SqliteBus(path) as bus:
        bus.publish([Outgoing("pages", str(number), bytes(1000)) for number in range(500)])
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(StorageDamagedError, match=r"bus\.sqlite is damaged .*restore a backup"):
        read_all(path)


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(StorageReadOnlyError, match=r"data cannot be written .*OTSWATCH_DATA"):
        SqliteBus(tmp_path / "data" / "bus.sqlite")
    (tmp_path / "bus.sqlite").mkdir()
    with pytest.raises(StorageReadOnlyError, match=r"bus\.sqlite cannot be written .*OTSWATCH_DATA"):
        SqliteBus(tmp_path / "bus.sqlite")


def test_a_folder_that_may_not_be_written_is_named(unprivileged_folder: Path) -> None:
    with pytest.raises(StorageReadOnlyError, match=r"cannot be written \(Permission denied\).*OTSWATCH_DATA"):
        SqliteBus(unprivileged_folder / "bus.sqlite")
    with pytest.raises(StorageReadOnlyError, match=r"cannot be written \(Permission denied\).*OTSWATCH_DATA"):
        SqliteBus(unprivileged_folder / "deeper" / "bus.sqlite")


def test_a_full_disk_pauses_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with SqliteBus(tmp_path / "bus.sqlite") as bus:
        check_full(bus, shrink=lambda: limit_pages(bus, 60), grow=lambda: limit_pages(bus, 100_000))


@pytest.mark.slow
def test_a_really_full_disk_pauses_and_goes_on_when_there_is_room(small_disk: Path) -> None:
    filler = small_disk / "filler"
    with SqliteBus(small_disk / "data" / "bus.sqlite") as bus:
        check_full(bus, shrink=lambda: fill(filler), grow=filler.unlink)
    with closing(sqlite3.connect(small_disk / "data" / "bus.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.slow
def test_opening_on_a_full_disk_is_said_to_be_so(small_disk: Path) -> None:
    fill(small_disk / "filler")
    with pytest.raises(StorageFullError):
        SqliteBus(small_disk / "data" / "bus.sqlite")
    (small_disk / "filler").unlink()
    with SqliteBus(small_disk / "data" / "bus.sqlite") as bus:
        bus.publish([Outgoing("pages", "k", b"v")])


def test_a_full_disk_pauses_the_state_too(tmp_path: Path) -> None:
    with closing(SqliteState(tmp_path / "state.sqlite")) as state:
        state.create("seen/a", 1)
        connection = state._database.connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageFullError):
            state.create("seen/b", "x" * 100_000)
        assert [entry.key for entry in state.scan("seen/")] == ["seen/a"]
        connection.execute("PRAGMA max_page_count = 100000")
        assert state.create("seen/b", "x" * 100_000)
