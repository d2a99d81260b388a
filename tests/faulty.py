"""What the test servers of letters share: a log of what was taken, faults on command, a process of their own."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar


class Counted(Protocol):
    """A fault that happens so many times."""

    times: int


F = TypeVar("F", bound=Counted)


class Faulty(Generic[F]):
    """A server on the loopback interface. `up` and `down` are its own."""

    def __init__(self, log: Path, port: int) -> None:
        self._log = log
        self._port = port
        self._faults: list[F] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    def up(self) -> None:
        """Listen, on the same port as before."""
        raise NotImplementedError

    def down(self) -> None:
        """Listen no more."""
        raise NotImplementedError

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._faults.clear()

    def taken(self) -> list[dict[str, Any]]:
        """The log, in order."""
        return [json.loads(line) for line in self._log.read_text().splitlines()] if self._log.exists() else []

    def _add(self, fault: F) -> None:
        with self._lock:
            self._faults.append(fault)

    def _next(self, fits: Callable[[F], bool] = lambda _: True) -> F | None:
        """The next fault that fits, which is counted."""
        with self._lock:
            for fault in self._faults:
                if fault.times > 0 and fits(fault):
                    fault.times -= 1
                    return fault
        return None

    def _write(self, line: dict[str, Any]) -> None:
        with self._lock, self._log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, default=str) + "\n")


S = TypeVar("S", bound=Faulty[Any])


def serve(
    make: Callable[[Path, int], S], address: Callable[[S], str], fault: Callable[[S, Sequence[str]], None]
) -> None:
    """Be a process of its own: say the address, then do what each line of the input says.

    Args:
        fault: does what stands behind the word `fault`.
    """
    parser = argparse.ArgumentParser(description="A server for tests, on the loopback interface.")
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    with make(arguments.log, arguments.port) as server:
        _say(address(server))
        _obey(server, sys.stdin, fault)


def _obey(server: S, lines: Iterator[str], fault: Callable[[S, Sequence[str]], None]) -> None:
    for line in lines:
        match line.split():
            case ["fault", *told]:
                fault(server, told)
            case ["clear"]:
                server.clear()
            case ["down"]:
                server.down()
            case ["up"]:
                server.up()
            case words:
                raise SystemExit(f"not a command: {' '.join(words)}")
        _say("done")


def _say(line: str) -> None:
    """To whoever gives the commands."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
