"""Worker processes with a time limit per task that ends only the guilty one (Pebble). Spawned, never forked: a forked
child inherits locks and connections in whatever state the parent's threads held them.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Generic, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from otswatch.consumers.outcome import Failed, Quarantined, describe
from otswatch.errors import WorkersBrokenError
from otswatch.status import Reason

#: Parsers of the web grow with the pages that they saw; a fresh process now and then keeps memory flat.
TASKS_PER_PROCESS = 2_000
#: Tasks handed out ahead of the one that is awaited, per worker: none waits for the next, and memory stays bounded.
AHEAD = 8

Given = TypeVar("Given")
Made = TypeVar("Made")


def _start(warm: Callable[[], object]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what it means
    warm()


class Pool(Generic[Given, Made]):
    """Runs `function` on tasks in `workers` processes, `seconds` at most each.

    Args:
        function: importable by name, pure; its argument and result travel between processes.
        warm: called once in each new process, before its first task's time starts to count.
    """

    def __init__(
        self, function: Callable[[Given], Made], warm: Callable[[], object], *, workers: int, seconds: float
    ) -> None:
        self._function = function
        self._seconds = seconds
        self._workers = workers
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=TASKS_PER_PROCESS,
            initializer=_start,
            initargs=(warm,),
            context=multiprocessing.get_context("spawn"),
        )

    def map(self, tasks: Iterable[Given]) -> Iterator[Made | Quarantined | Failed]:
        """One outcome per task, in the tasks' order. Tasks are taken as they are needed.

        Raises:
            WorkersBrokenError: every process ends before it has taken a task.
        """
        waiting: deque[ProcessFuture[Made]] = deque()
        for task in tasks:
            waiting.append(self._pool.schedule(self._function, args=(task,), timeout=self._seconds))
            if len(waiting) >= self._workers * AHEAD:
                yield self._outcome(waiting.popleft())
        while waiting:
            yield self._outcome(waiting.popleft())

    def _outcome(self, future: ProcessFuture[Made]) -> Made | Quarantined | Failed:
        try:
            return future.result()
        except FutureTimeoutError:
            return Quarantined(Reason.TIMEOUT, f"more than {self._seconds:g} s")
        except BrokenProcessPool as error:
            raise WorkersBrokenError("no worker process can be started; `otswatch doctor` says more") from error
        except ProcessExpired as error:
            return Failed(f"the worker process died with exit code {error.exitcode}", Reason.WORKER_DIED)
        except Exception as error:  # noqa: BLE001 - whatever the function raised, in the process that it ran in
            return Failed(describe(error))

    def close(self) -> None:
        """End the workers; tasks under way are given up."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble is typed but for this
        self._pool.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
