"""Backup while everything works on, and going on from it."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from otswatch.backup import backup
from otswatch.bus import Outgoing
from otswatch.bus.sqlite import SqliteBus
from otswatch.errors import StorageDamagedError, StorageReadOnlyError, UsageError
from otswatch.sqlite import Database
from otswatch.state.sqlite import SqliteState

RESULTS = ("CREATE TABLE results (id INTEGER PRIMARY KEY) STRICT;",)


def silent(_done: int, _total: int) -> None:
    """No progress."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three pages, one of them worked on, one article, one finished archive file and one that is being written."""
    folder = tmp_path / "data"
    with SqliteBus(folder / "bus.sqlite") as bus, closing(SqliteState(folder / "state.sqlite")) as state:
        bus.publish([Outgoing("pages", str(number), b"page") for number in range(3)])
        consumer = bus.consumer("extract", ["pages"])
        consumer.publish_and_commit(consumer.poll(1, 1), [Outgoing("articles", "0", b"article")])
        consumer.close()
        for number in range(3):
            state.create(f"seen/{number}", True)
    (folder / "archive").mkdir()
    (folder / "archive" / "2026-01-02.warc.gz").write_bytes(gzip.compress(b"WARC/1.1"))
    (folder / "archive" / "2026-01-03.warc.gz.open").write_bytes(b"unfinished")
    return folder


def test_a_restored_backup_goes_on_where_it_was(data: Path, tmp_path: Path) -> None:
    backup(data, tmp_path / "copy", silent)
    shutil.rmtree(data)
    shutil.copytree(tmp_path / "copy", data)
    with SqliteBus(data / "bus.sqlite") as bus, closing(SqliteState(data / "state.sqlite")) as state:
        consumer = bus.consumer("extract", ["pages"])
        batch = consumer.poll(10, 1)
        assert [message.key for message in batch.messages] == ["1", "2"]
        consumer.publish_and_commit(
            batch, [Outgoing("articles", message.key, b"article") for message in batch.messages]
        )
        bus.publish([Outgoing("pages", "3", b"page")])
        assert [message.offset for message in bus.read("pages")] == [0, 1, 2, 3]
        assert [message.key for message in bus.read("articles")] == ["0", "1", "2"]
        assert not state.create("seen/2", True)
        assert state.create("seen/3", True)
        consumer.close()


def test_the_manifest_says_what_was_copied(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    copies = backup(data, target, silent)
    manifest = json.loads((target / "manifest.json").read_text())
    listed = {file["name"]: file for file in manifest["files"]}
    archived = {"archive/2026-01-02.warc.gz", "archive/2026-01-03.warc.gz.open"}
    assert set(listed) == {"bus.sqlite", "state.sqlite", *archived}
    assert {path.relative_to(target).as_posix() for path in copies} == {*listed, "manifest.json"}
    assert {path for path in target.rglob("*") if path.is_file()} == set(copies)
    for name, file in listed.items():
        content = (target / name).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert listed["bus.sqlite"]["schema"] == 1
    assert manifest["created_at"].endswith("+00:00")


def test_all_databases_are_of_one_moment_though_others_write(data: Path, tmp_path: Path) -> None:
    """A round writes a result, publishes, and marks as seen: a copy may lack the end of a round, never its middle."""
    stop = threading.Event()
    ready = threading.Event()

    def work() -> None:
        with (
            closing(Database(data / "index.sqlite", RESULTS)) as index,
            SqliteBus(data / "bus.sqlite") as bus,
            closing(SqliteState(data / "state.sqlite")) as state,
        ):
            number = 0
            while not stop.is_set():
                with index.transaction() as connection:
                    connection.execute("INSERT INTO results VALUES (?)", (number,))
                bus.publish([Outgoing("rounds", str(number), bytes(5000))])
                state.create(f"rounds/{number:09}", number)
                number += 1
                ready.set()

    thread = threading.Thread(target=work)
    thread.start()
    ready.wait()
    try:
        for number in range(5):
            backup(data, tmp_path / f"copy-{number}", silent)
    finally:
        stop.set()
        thread.join()
    for number in range(5):
        copy = tmp_path / f"copy-{number}"
        with (
            closing(Database(copy / "index.sqlite", RESULTS)) as index,
            SqliteBus(copy / "bus.sqlite") as bus,
            closing(SqliteState(copy / "state.sqlite")) as state,
        ):
            written = index.rows("SELECT count(*) FROM results")[0][0]
            published = len(list(bus.read("rounds")))
            seen = len(list(state.scan("rounds/")))
        assert written - 1 <= published <= written
        assert published - 1 <= seen <= published


def test_what_is_archived_after_the_backup_does_not_change_it(data: Path, tmp_path: Path) -> None:
    backup(data, tmp_path / "copy", silent)
    with (data / "archive" / "2026-01-03.warc.gz.open").open("ab") as file:
        file.write(b", and more")
    assert (tmp_path / "copy" / "archive" / "2026-01-03.warc.gz.open").read_bytes() == b"unfinished"


def test_an_archive_file_that_is_finished_meanwhile_is_copied(data: Path, tmp_path: Path) -> None:
    archive = data / "archive"

    def finish(_done: int, _total: int) -> None:
        if (archive / "2026-01-03.warc.gz.open").exists():
            (archive / "2026-01-03.warc.gz.open").rename(archive / "2026-01-03.warc.gz")

    backup(data, tmp_path / "copy", finish)
    assert (tmp_path / "copy" / "archive" / "2026-01-03.warc.gz").read_bytes() == b"unfinished"


def test_an_archive_file_that_is_finished_as_soon_as_it_is_listed_is_copied(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    glob = Path.glob

    def finish(folder: Path, pattern: str) -> Iterator[Path]:
        listed = list(glob(folder, pattern))
        for path in listed:
            if path.suffix == ".open":
                path.rename(path.with_suffix(""))
        return iter(listed)

    monkeypatch.setattr(Path, "glob", finish)
    backup(data, tmp_path / "copy", silent)
    assert (tmp_path / "copy" / "archive" / "2026-01-03.warc.gz").read_bytes() == b"unfinished"


def test_progress_ends_at_the_whole(data: Path, tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    backup(data, tmp_path / "copy", lambda done, total: calls.append((done, total)))
    assert calls == sorted(calls)
    assert calls[-1][0] == calls[-1][1] > 0


def test_a_target_that_holds_anything_is_refused(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    backup(data, target, silent)
    with pytest.raises(UsageError, match="copy is not empty: name a new folder"):
        backup(data, target, silent)
    with pytest.raises(StorageReadOnlyError, match="name another folder"):
        backup(data, target / "manifest.json", silent)


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no database: set OTSWATCH_DATA"):
        backup(tmp_path, tmp_path / "copy", silent)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_is_not_passed_off_as_a_backup(data: Path, tmp_path: Path) -> None:
    path = data / "bus.sqlite"
    with SqliteBus(path) as bus:
        bus.publish([Outgoing("pages", str(number), bytes(3000)) for number in range(300)])
    content = bytearray(path.read_bytes())
    for page in range(2, len(content) // 4096 - 1):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(StorageDamagedError, match=r"data/bus\.sqlite is damaged"):
        backup(data, tmp_path / "copy", silent)
    assert not (tmp_path / "copy" / "manifest.json").exists()
