"""A loopback web server whose answers come from a function. Silent; a client that hangs up is no error."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_MOST_POSTED = 10_000
#: Seconds between two looks at whether to end, and for which a silent client is waited for.
_POLL, _PATIENCE = 0.05, 60


@dataclass(frozen=True, slots=True)
class Question:
    """One request as it came in. Names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says. `blocks` replaces `body`: it is sent piece by piece, and nobody says how long it is."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    blocks: Callable[[], Iterator[bytes]] | None = None


class Server:
    """Serves on a free port of 127.0.0.1 from `start` to `stop`. The port is taken at once, so that it can be named."""

    def __init__(self, answer: Callable[[Question], Answer]) -> None:
        self._server = _Threads(("127.0.0.1", 0), partial(_Handler, answer))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL,), daemon=True)

    @property
    def host(self) -> str:
        """`127.0.0.1:port`."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """The address of its front page."""
        return f"http://{self.host}/"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End, also where it never began."""
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()


class _Threads(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True
    block_on_close = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _PATIENCE

    def __init__(self, answer: Callable[[Question], Answer], *args: Any) -> None:
        self._answer = answer
        super().__init__(*args)

    def do_GET(self) -> None:
        self._reply()

    def do_HEAD(self) -> None:
        self._reply()

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if length.isdecimal() and int(length) <= _MOST_POSTED:
            self.rfile.read(int(length))
        else:
            self.close_connection = True
        self._reply()

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the client was killed in the middle of a word
            super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """The newsroom has a log of its own."""

    def _reply(self) -> None:
        headers = {name.casefold(): value for name, value in self.headers.items()}
        reply = self._answer(Question(self.command, self.path, headers))
        try:
            self.send_response(reply.status)
            self._send_headers(reply)
            if self.command != "HEAD" and reply.status != 304:
                self._send_body(reply)
        except OSError:
            self.close_connection = True  # the client had enough

    def _send_headers(self, reply: Answer) -> None:
        if reply.blocks is None:
            length = {"Content-Length": str(len(reply.body))}
        elif self.request_version == "HTTP/1.0":
            length, self.close_connection = {"Connection": "close"}, True
        else:
            length = {"Transfer-Encoding": "chunked"}
        for name, value in {"Content-Type": reply.content_type, **length, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _send_body(self, reply: Answer) -> None:
        if reply.blocks is None:
            self.wfile.write(reply.body)
            return
        chunked = self.request_version != "HTTP/1.0"
        for block in reply.blocks():
            self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block) if chunked else block)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")
