"""Keeps a few `otswatch` processes running: starts them, starts again what ended or hangs, ends them together.

Their log lines go to a file each; what a person should see is handed on, once.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from otswatch import health, lifeline
from otswatch.storage import make_folder

#: Seconds before a child is started again: doubled after each end, from the first to the last of these.
BACKOFF = (1.0, 60.0)
#: A child that lived for so long is in order: its next end counts as the first.
SETTLED_SECONDS = 120.0
#: A sign of life older than this means that the process hangs. The slowest batch takes a few minutes.
STUCK_SECONDS = 900.0
#: How long a child may take to end in order.
GRACE_SECONDS = 45.0
#: The same kind of warning of one child is handed on once in so many seconds; all stand in its log file.
QUIET_SECONDS = 60.0
LOG_BYTES, LOG_FILES = 10_000_000, 3

_LOUD = frozenset({"warning", "error", "critical"})


@dataclass(frozen=True, slots=True)
class Child:
    """A command to keep running.

    `beats` are the names under which it gives signs of life; `shows` events of its log that a person should see though
    they are no warnings; `final` exit codes after which it stays down until somebody has looked; `environment` is told
    to this child alone.
    """

    name: str
    command: tuple[str, ...]
    beats: tuple[str, ...]
    shows: frozenset[str] = frozenset()
    final: frozenset[int] = frozenset()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """Something that a person should see. `facts` is the log line it came from; `event` names its kind."""

    child: str
    event: str
    facts: Mapping[str, Any]


Say = Callable[[Line], None]


class Supervisor:
    """Runs children until it is told to stop.

    Args:
        data: where their logs go (`logs/<name>.log`) and their signs of life are.
        environment: added to what they inherit.
        say: called from several threads.
    """

    def __init__(self, children: Sequence[Child], data: Path, environment: Mapping[str, str], say: Say) -> None:
        self._stop = threading.Event()
        self._say = say
        self._keepers = [_Keeper(child, data, environment, say, self._stop) for child in children]

    def stop(self) -> None:
        """End all children in order. May be called from a signal handler."""
        self._stop.set()

    def run(self, idle: Callable[[], None] = lambda: None) -> None:
        """Start all, and return when `stop()` was called and all have ended. `idle` is called about once a second."""
        threads = [threading.Thread(target=keeper.keep, name=keeper.child.name) for keeper in self._keepers]
        for thread in threads:
            thread.start()
        try:
            while not self._stop.wait(1.0):
                idle()
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()


class _Keeper:
    """Keeps one child running; `keep` is the thread that does nothing else."""

    def __init__(
        self, child: Child, data: Path, environment: Mapping[str, str], say: Say, stop: threading.Event
    ) -> None:
        self.child = child
        self._data = data
        self._environment = environment
        self._say = say
        self._stop = stop
        self._last_words = ""
        self._said: dict[str, float] = {}
        self._log = _log_file(data / "logs", child.name)

    def keep(self) -> None:
        wait, told = BACKOFF[0], None
        while not self._stop.is_set():
            started = time.monotonic()
            code = self._live()
            if self._stop.is_set():
                break
            if code in self.child.final:
                self._tell("stopped", {"code": code, "said": self._last_words})
                break
            settled = time.monotonic() - started > SETTLED_SECONDS
            if settled or code == 0:
                wait = BACKOFF[0]
            fault = (code, self._last_words) if code else None
            if fault and (settled or fault != told):  # the same fault again and again is said once
                self._tell("ended", {"code": code, "said": self._last_words, "again": wait})
            told = fault
            self._stop.wait(wait)
            wait = min(wait * 2, BACKOFF[1])
        self._log.close()

    def _live(self) -> int:
        """One life of the child: its exit code, negative for a signal; 1 as well where it cannot be started."""
        self._last_words = ""
        try:
            with self._started() as process:
                self._watch(process)
        except (OSError, RuntimeError) as error:  # no process is left, or (RuntimeError) no thread to read what it says
            self._last_words = f"it cannot be started: {error}"
            return 1
        return process.returncode

    @contextmanager
    def _started(self) -> Iterator[subprocess.Popen[bytes]]:
        """A new process of the child, of which nothing is left afterwards."""
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "otswatch", *self.child.command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={
                **os.environ,
                **self._environment,
                **self.child.environment,
                "OTSWATCH_LOG_FORMAT": "json",
                lifeline.VARIABLE: "stdin",
            },
            start_new_session=True,  # Ctrl-C is for the parent, which decides what it means
        )
        self._tell("started", {"pid": process.pid})
        reader = threading.Thread(target=self._read, args=(process,), daemon=True)
        try:
            reader.start()
            yield process
            # Children of the child that see it gone end by themselves, and let go of the pipe.
            reader.join(timeout=1.0)
        finally:
            _end_group(process)

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Until it has ended, by itself, because all shall end, or because it hangs."""
        started = datetime.now(UTC)
        looked = time.monotonic()
        while process.poll() is None:
            if self._stop.wait(0.2):
                _end(process)
            elif time.monotonic() - looked < STUCK_SECONDS / 60:
                continue  # signs of life are files: not worth reading five times a second
            elif self._hangs(started):
                self._tell("hangs", {"seconds": STUCK_SECONDS})
                _end(process)
            else:
                looked = time.monotonic()

    def _hangs(self, started: datetime) -> bool:
        """Whether the oldest of its signs of life is too old. Before the first one, its start counts."""
        now = datetime.now(UTC)
        if (now - started).total_seconds() < STUCK_SECONDS:
            return False
        beats = {beat.name: beat.at for beat in health.read_all(self._data)}
        return any(
            (now - max(beats.get(name, started), started)).total_seconds() > STUCK_SECONDS for name in self.child.beats
        )

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None  # noqa: S101 - a pipe, as asked for
        for raw in process.stderr:
            text = raw.decode("utf-8", "replace").rstrip()
            self._log.handle(logging.makeLogRecord({"msg": text}))
            try:
                facts = json.loads(text)
            except ValueError:
                facts = None
            if isinstance(facts, dict):
                self._hand_on(facts)
            elif text:
                self._last_words = text
                self._tell("said", {"text": text})

    def _hand_on(self, facts: Mapping[str, Any]) -> None:
        event = str(facts.get("event"))
        if event in self.child.shows:
            self._tell(event, facts)
        elif facts.get("level") in _LOUD and time.monotonic() - self._said.get(event, -QUIET_SECONDS) >= QUIET_SECONDS:
            self._said[event] = time.monotonic()
            self._tell(event, facts)

    def _tell(self, event: str, facts: Mapping[str, Any]) -> None:
        with suppress(OSError):  # what cannot be shown, for example on a full disk, must not cost the child
            self._say(Line(self.child.name, event, facts))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it started: it leads a group of its own. A worker in an endless loop sees no broken pipe."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class _LogFile(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class's name
        """A full disk costs lines of the log, not the run: the children say themselves that it is full."""


def _log_file(folder: Path, name: str) -> RotatingFileHandler:
    make_folder(folder)
    return _LogFile(folder / f"{name}.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True)
