"""Children are started again when they end or hang, their faults are told once, and none outlives its supervisor."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from otswatch import supervisor as supervisors
from otswatch.supervisor import Child, Line, Supervisor
from tests.processes import alive, eventually

pytestmark = pytest.mark.slow


@contextmanager
def supervised(data: Path, *children: Child) -> Iterator[list[Line]]:
    """The lines that a running supervisor hands on."""
    said: list[Line] = []
    environment = {"OTSWATCH_DATA": str(data), "OTSWATCH_CONFIG": str(data / "none")}
    running = Supervisor(children, data, environment, said.append)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        yield said
    finally:
        running.stop()
        thread.join()


def pids(said: list[Line]) -> list[int]:
    return [line.facts["pid"] for line in said if line.event == "started"]


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
