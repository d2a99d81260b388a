"""Children are started again when they end or hang, their faults are told once, and none outlives its supervisor."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from otswatch import supervisor as supervisors
from otswatch.supervisor import Child, Line, Supervisor
from tests.processes import alive, eventually

pytestmark = pytest.mark.slow


@contextmanager
def supervised(data: Path, *children: Child, hear: Callable[[Line], None] = lambda _: None) -> Iterator[list[Line]]:
    """The lines that a running supervisor hands on, to `hear` as well."""
    said: list[Line] = []

    def say(line: Line) -> None:
        said.append(line)
        hear(line)

    environment = {"OTSWATCH_DATA": str(data), "OTSWATCH_CONFIG": str(data / "none")}
    running = Supervisor(children, data, environment, say)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        yield said
    finally:
        running.stop()
        thread.join()


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Put `program` in the place of `otswatch`, for the children that are started from now on."""
    (folder / "otswatch").mkdir()
    (folder / "otswatch" / "__init__.py").touch()
    (folder / "otswatch" / "__main__.py").write_text(program, encoding="utf-8")
    monkeypatch.chdir(folder)


def pids(said: list[Line]) -> list[int]:
    return [line.facts["pid"] for line in said if line.event == "started"]


def named(name: str) -> list[threading.Thread]:
    """The living threads of this name: a keeper bears its child's."""
    return [thread for thread in threading.enumerate() if thread.name == name]


def test_a_child_that_was_killed_comes_back(tmp_path: Path):
    with supervised(tmp_path, Child("consume", ("consume", "extract"), ("extract",))) as said:
        first = eventually(lambda: pids(said)[:1])[0]
        os.kill(first, signal.SIGKILL)
        second = eventually(lambda: pids(said)[1:])[0]
    [ended] = [line for line in said if line.event == "ended"]
    assert ended.facts["code"] == -signal.SIGKILL
    assert not alive(second)


def test_a_fault_that_no_restart_mends_is_told_once_and_tried_again(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(supervisors, "BACKOFF", (0.1, 0.2))
    with supervised(tmp_path, Child("crawl", ("crawl", "no-such-source"), ())) as said:
        eventually(lambda: len(pids(said)) > 3)
    [ended] = [line.facts for line in said if line.event == "ended"]
    assert ended["code"] == 2
    assert ended["said"].startswith("otswatch: no source 'no-such-source'")
    assert (tmp_path / "logs" / "crawl.log").read_text(encoding="utf-8").count("no source") >= 3


def test_a_child_that_must_not_go_on_stays_down(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(supervisors, "BACKOFF", (0.1, 0.2))
    with supervised(tmp_path, Child("crawl", ("crawl", "no-such-source"), (), final=frozenset({2}))) as said:
        eventually(lambda: [line for line in said if line.event == "stopped"])
        time.sleep(1.0)
    assert [line.event for line in said] == ["started", "said", "stopped"]


def test_a_child_that_ends_in_order_is_started_again_without_a_word(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(supervisors, "BACKOFF", (0.1, 0.2))
    with supervised(tmp_path, Child("stages", ("sources", "list"), ())) as said:
        eventually(lambda: len(pids(said)) > 2)
    assert [line.event for line in said if line.event == "ended"] == []


def test_a_child_that_hangs_is_ended_and_started_again(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(supervisors, "GRACE_SECONDS", 1.0)
    with supervised(tmp_path, Child("consume", ("consume", "index"), ("index",))) as said:
        first = eventually(lambda: pids(said)[:1])[0]
        eventually(lambda: (tmp_path / "health" / "index.json").exists())
        os.kill(first, signal.SIGSTOP)
        monkeypatch.setattr(supervisors, "STUCK_SECONDS", 4.0)  # not before: to start may take longer
        eventually(lambda: pids(said)[1:])
    assert [line.event for line in said][:3] == ["started", "hangs", "ended"]
    assert not alive(first)


def test_a_screen_that_cannot_be_written_loses_lines_and_no_child(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(supervisors, "BACKOFF", (0.1, 0.2))
    stand_in(tmp_path, monkeypatch, "import sys; print('first', 'second', sep='\\n', file=sys.stderr); sys.exit(1)")

    def full(_: Line) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with supervised(tmp_path, Child("talk", (), ()), hear=full) as said:
        eventually(lambda: pids(said)[2:] or not named("talk"))
    assert len(pids(said)) > 2
    assert [line.facts["text"] for line in said if line.event == "said"][:3] == ["first", "second", "first"]


def test_a_child_that_cannot_be_started_is_tried_again_after_twice_as_long_each_time(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(supervisors, "BACKOFF", (0.01, 0.05))
    numbers = count()

    def refuse(*_: Any, **__: Any) -> None:
        raise BlockingIOError(errno.EAGAIN, f"no process left, {next(numbers)}")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with supervised(tmp_path, Child("talk", (), ())) as said:
        eventually(lambda: said[4:] or not named("talk"))
    assert [line.facts["again"] for line in said[:5]] == [0.01, 0.02, 0.04, 0.05, 0.05]
    assert (said[0].event, said[0].facts["code"]) == ("ended", 1)
    assert "no process left, 0" in said[0].facts["said"]


def test_what_a_killed_child_had_started_is_ended_with_it(tmp_path: Path, monkeypatch):
    program = """
import subprocess, sys
worker = subprocess.Popen([sys.executable, "-c", "while True: pass"], stderr=subprocess.DEVNULL)
print(worker.pid, file=sys.stderr, flush=True)
worker.wait()
"""
    stand_in(tmp_path, monkeypatch, program)
    monkeypatch.setattr(supervisors, "BACKOFF", (60.0, 60.0))
    with supervised(tmp_path, Child("consume", (), ())) as said:
        worker = int(eventually(lambda: [line.facts["text"] for line in said if line.event == "said"])[0])
        os.kill(pids(said)[0], signal.SIGKILL)
        eventually(lambda: [line for line in said if line.event == "ended"])
        try:
            eventually(lambda: not alive(worker))
        finally:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
