"""A pair of servers in the background: one detached process holds them, and a file says which and where."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from deploy.stack.downloads import CACHE, HERE, locked
from deploy.stack.stack import running
from otswatch.errors import DependencyDownError

#: Longer than the servers may take to start or to end, so that it is they who say what is wrong.
START_SECONDS, STOP_SECONDS = 240.0, 100.0
_CLONE = HERE.parent.parent


@dataclass(frozen=True, slots=True)
class State:
    """A keeper that runs: its process, and the variables that make OTS Watch use what it holds."""

    pid: int
    environment: dict[str, str]


class Keeper:
    """Starts and stops the process that keeps the servers.

    Args:
        folder: for the state file, the log and the lock; there is one keeper for each.
    """

    def __init__(self, folder: Path = CACHE) -> None:
        self.folder = folder.absolute()
        self.log = self.folder / "keeper.log"
        self._file = self.folder / "state.json"

    def state(self) -> State | None:
        """The keeper that runs. What one that is gone left behind counts for nothing."""
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
            state = State(int(found["pid"]), dict(found["environment"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return state if self._is_keeper(state.pid) else None

    def start(self) -> State:
        """Start one and wait until both servers are ready; the one that runs, where one does.

        Raises:
            DependencyDownError: it did not come up.
        """
        with locked(self.folder / "keeper.lock"):
            if found := self.state():
                return found
            self._file.unlink(missing_ok=True)
            with self.log.open("wb") as log:
                process = subprocess.Popen(  # noqa: S603 - this program
                    self._command(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=_CLONE,
                    start_new_session=True,
                )
            try:
                return self._until_ready(process)
            except BaseException:
                process.terminate()
                raise

    def stop(self) -> bool:
        """End the one that runs, and wait until it is gone. False where none runs.

        Raises:
            DependencyDownError: it does not end.
        """
        state = self.state()
        if state is None:
            self._file.unlink(missing_ok=True)
            return False
        with suppress(ProcessLookupError):  # it ended just now
            os.kill(state.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self._is_keeper(state.pid):
            if time.monotonic() > deadline:
                raise DependencyDownError(
                    f"process {state.pid} does not end: look at {self.log}, then kill -9 {state.pid}"
                )
            time.sleep(0.1)
        return True

    def keep(self) -> None:
        """In the process itself: hold both servers until SIGTERM, until the state file is removed, or until one of them
        has ended.

        Raises:
            DependencyDownError: one has ended.
        """
        signal.signal(signal.SIGTERM, _exit)
        with running() as stack:
            try:
                self._write(State(os.getpid(), stack.environment()))
                while all(server.pid for server in stack.servers):
                    if not self._file.exists():  # removed with the cache: nobody could find this process again
                        return
                    time.sleep(0.5)
                ended = ", ".join(server.name for server in stack.servers if not server.pid)
                raise DependencyDownError(f"{ended} ended by itself: start again")
            finally:
                self._file.unlink(missing_ok=True)

    def _until_ready(self, process: subprocess.Popen[bytes]) -> State:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if found := self.state():
                return found
            if process.poll() is not None:
                raise DependencyDownError(
                    self.log.read_text(encoding="utf-8", errors="replace").strip().removeprefix("Error: ")
                )
            time.sleep(0.1)
        raise DependencyDownError(f"not ready after {START_SECONDS:g} s: look at {self.log}")

    def _write(self, state: State) -> None:
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps({"pid": state.pid, "environment": state.environment}), encoding="utf-8")
        part.replace(self._file)

    def _command(self) -> list[str]:
        return [sys.executable, "-m", "deploy.stack", "--state", str(self.folder), "keep"]

    def _is_keeper(self, pid: int) -> bool:
        """Whether this process is a keeper of this folder, and none that was given its number since."""
        return _words(pid)[1:] == self._command()[1:]


def _words(pid: int) -> list[str]:
    """The command of a living process; none where it has ended."""
    try:
        if Path("/proc/self").exists():
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")[:-1]
        done = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607 - by number
    except OSError:
        return []
    return done.stdout.split()


def _exit(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM ends this process in order: the servers are ended on the way out."""
    sys.exit(0)
