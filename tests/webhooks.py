"""A server of webhooks on the loopback interface for tests: a log of all that it took, and faults on command.

with Webhooks(log) as webhooks:
    webhooks.fault(500, times=2)
    … webhooks.url("/news") …
    assert [post["id"] for post in webhooks.taken()] == ["a1"]

A letter counts as taken when its line is in the log, which is before the answer 200 is sent. As a process of its own,
`python -m tests.webhooks --log FILE --port N` prints its address, then reads commands, a line each, and says «done» to
each: `fault`, a status or `lost`, and how many times; `clear`; `down`; `up`. It ends with its input.
"""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.faulty import Faulty, serve
from tests.serving import LOOKS


@dataclass
class Fault:
    """What is answered instead. `seconds`: it thinks first, or between two bytes where `drips`.

    `lost`: the letter is taken, and the connection ended instead of an answer. `body` is sent `repeat` times.
    """

    status: int
    times: int = 1
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    repeat: int = 1
    seconds: float = 0.0
    drips: bool = False
    lost: bool = False


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """The other side had enough, or was killed."""


class Webhooks(Faulty[Fault]):
    """Takes every POST, within `tls` where it is given.

    `asked` has path, headers and body of each, taken or not; `sent` counts bytes of answers.
    """

    def __init__(self, log: Path, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(log, port)
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.sent = 0
        self._tls = tls
        self._server: _Server | None = None

    @property
    def host(self) -> str:
        """`127.0.0.1:port`, as `Settings.allowed_hosts` wants it."""
        return f"127.0.0.1:{self._port}"

    def url(self, path: str = "/", scheme: str = "http") -> str:
        """The address of a path."""
        return f"{scheme}://{self.host}{path}"

    def up(self) -> None:
        """Listen, on the same port as before."""
        self._server = _Server(("127.0.0.1", self._port), self._handler())
        self._port = self._server.server_port
        if self._tls:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(LOOKS,), daemon=True).start()

    def down(self) -> None:
        """Listen no more."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def fault(self, status: int, times: int = 1, **more: Any) -> None:
        """Do this the next so many times."""
        self._add(Fault(status, times, **more))

    def next_fault(self) -> Fault | None:
        """The next fault, which is counted."""
        return self._next()

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Write a letter down: `time` (since 1970), `path`, `key` (`Idempotency-Key`), `id`, `keys`, `subject`."""
        posted = json.loads(body)
        line = {
            "time": time.time(),
            "path": path,
            "key": headers.get("Idempotency-Key"),
            "id": posted.get("id"),
            "keys": posted.get("keys", []),
            "subject": posted.get("subject", posted.get("title")),
        }
        self._write(line)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        webhooks = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = dict(self.headers)
                webhooks.asked.append((self.path, headers, body))
                fault = webhooks.next_fault()
                if fault is None or fault.lost:
                    webhooks.take(self.path, headers, body)
                if fault and fault.lost:
                    self.close_connection = True
                    return
                with contextlib.suppress(OSError):  # the other side had enough
                    self._answer(fault or Fault(200, body=b"ok"))

            def _answer(self, fault: Fault) -> None:
                if not fault.drips:
                    time.sleep(fault.seconds)
                self.send_response(fault.status)
                for name, value in fault.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(fault.body) * fault.repeat))
                self.end_headers()
                for _ in range(fault.repeat):
                    if fault.drips:
                        time.sleep(fault.seconds)
                    self.wfile.write(fault.body)
                    webhooks.sent += len(fault.body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """The log is `Webhooks.taken`."""

        return Handler


def _fault(webhooks: Webhooks, told: Sequence[str]) -> None:
    status, times = told
    webhooks.fault(200 if status == "lost" else int(status), int(times), lost=status == "lost")


if __name__ == "__main__":
    serve(Webhooks, Webhooks.url, _fault)
