"""Signs of life."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from otswatch.health import beat, read_all


def test_the_last_sign_of_life_is_read_back(tmp_path: Path) -> None:
    beat(tmp_path, "extract", ok=1)
    beat(tmp_path, "extract", ok=2, waiting="the disk is full")
    beat(tmp_path, "archive")
    archive, extract = read_all(tmp_path)
    assert (archive.name, archive.facts) == ("archive", {})
    assert (extract.name, extract.pid, extract.facts) == (
        "extract",
        os.getpid(),
        {"ok": 2, "waiting": "the disk is full"},
    )
    assert datetime.now(UTC) - extract.at < timedelta(minutes=1)
    assert sorted(path.name for path in (tmp_path / "health").iterdir()) == ["archive.json", "extract.json"]


def test_nobody_ever_gave_a_sign(tmp_path: Path) -> None:
    assert read_all(tmp_path) == []


def test_half_a_file_hides_no_other(tmp_path: Path) -> None:
    beat(tmp_path, "extract", ok=1)
    folder = tmp_path / "health"
    whole = (folder / "extract.json").read_bytes()
    for name, content in {"cut": whole[: len(whole) // 2], "empty": b"", "other": b"[1]", "bytes": b"\xff\xfe"}.items():
        (folder / f"{name}.json").write_bytes(content)
    (folder / "folder.json").mkdir()
    assert [found.name for found in read_all(tmp_path)] == ["extract"]


def test_a_disk_that_refuses_stops_no_work(tmp_path: Path) -> None:
    (tmp_path / "health").write_text("a file where the folder should be")
    beat(tmp_path, "extract", ok=1)
    assert read_all(tmp_path) == []
