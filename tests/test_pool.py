"""Worker processes: order, time limits and deaths, each laid at the door of the task that causes it."""

from __future__ import annotations

import os
import signal
import time

import pytest

from otswatch.consumers.outcome import Failed, Quarantined
from otswatch.consumers.pool import Pool
from otswatch.errors import WorkersBrokenError

pytestmark = pytest.mark.slow


def act(task: str) -> str:
    if task == "hang":
        time.sleep(60)
    if task == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "raise":
        raise ValueError("x" * 1000)
    time.sleep(0.01)
    return task.upper()


def warm() -> None:
    time.sleep(0.5)


def test_only_the_guilty_task_suffers_and_the_order_is_kept() -> None:
    tasks = ["a", "hang", "b", "die", "c", "raise", *"defghijklmnop"]
    with Pool(act, warm, workers=2, seconds=1.0) as pool:
        begin = time.monotonic()
        outcomes = list(pool.map(tasks))
    by_task = dict(zip(tasks, outcomes, strict=True))
    assert by_task.pop("hang") == Quarantined("timeout", "more than 1 s")
    died = by_task.pop("die")
    assert isinstance(died, Failed)
    assert died.reason == "worker-died"
    raised = by_task.pop("raise")
    assert isinstance(raised, Failed)
    assert raised.error.startswith("ValueError: xxx")
    assert len(raised.error) <= 300
    assert list(by_task.values()) == [task.upper() for task in by_task]
    assert time.monotonic() - begin < 20


def never() -> None:
    os._exit(1)


def test_processes_that_cannot_start_are_nobodys_fault() -> None:
    with Pool(act, never, workers=1, seconds=5) as pool, pytest.raises(WorkersBrokenError, match="doctor"):
        list(pool.map(["a"]))


def test_starting_up_does_not_count_against_the_first_task() -> None:
    with Pool(act, warm, workers=1, seconds=0.4) as pool:
        assert list(pool.map(["a"])) == ["A"]


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken = []

    def tasks() -> object:
        for number in range(100):
            taken.append(number)
            yield str(number)

    with Pool(act, warm, workers=1, seconds=5) as pool:
        outcomes = pool.map(tasks())  # type: ignore[arg-type]  # a generator, as it is given in earnest
        assert next(outcomes) == "0"
        assert len(taken) < 20
