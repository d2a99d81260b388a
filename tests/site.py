"""A web site on the loopback interface for tests: what it answers is a dictionary, what it was asked stands in a log.

with Site() as site:
    site["/feed.xml"] = rss(Listed("/news/1", title="Ministers meet"), base=site.url())
    site["/news/1"] = Answer("<html>…</html>")
    …
    assert site.asked("/news/1") == 1
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from xml.sax.saxutils import escape

from tests.serving import LOOKS


@dataclass(frozen=True)
class Answer:
    """What the site says. Text is sent as UTF-8; `seconds` is how long it thinks first."""

    body: str | bytes = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    seconds: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    at: float


class _Server(ThreadingHTTPServer):
    request_queue_size = 128


class Site:
    """Answers from a table of paths (with their query), 404 otherwise.

    `log` has every request, in order; `most_at_once` is how many were under way at the same time at most.
    """

    def __init__(self) -> None:
        self.log: list[Asked] = []
        self.most_at_once = 0
        self._under_way = 0
        self._lock = threading.Lock()
        self._answers: dict[str, Answer | Callable[[Asked], Answer]] = {}
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(LOOKS,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __setitem__(self, path: str, answer: Answer | Callable[[Asked], Answer]) -> None:
        self._answers[path] = answer

    def __delitem__(self, path: str) -> None:
        del self._answers[path]

    @property
    def host(self) -> str:
        """`127.0.0.1:port`, as `Settings.allowed_hosts` wants it."""
        return f"127.0.0.1:{self._server.server_port}"

    def url(self, path: str = "") -> str:
        """The address of a path."""
        return f"http://{self.host}{path}"

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(request.path == path for request in self.log)

    def paths(self) -> list[str]:
        """Every path that was asked for, in order."""
        return [request.path for request in self.log]

    def answer(self, request: Asked) -> Answer:
        """What the site says to `request`."""
        answer = self._answers.get(request.path, Answer("not here", status=404))
        return answer(request) if callable(answer) else answer

    def answered(self, request: Asked) -> Answer:
        """What the site says to `request`, after it is logged and thought about."""
        with self._lock:
            self.log.append(request)
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
        answer = self.answer(request)
        time.sleep(answer.seconds)
        with self._lock:
            self._under_way -= 1
        return answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                answer = site.answered(Asked(self.path, dict(self.headers), time.monotonic()))
                body = answer.body.encode() if isinstance(answer.body, str) else answer.body
                headers = {"Content-Type": answer.content_type, "Content-Length": str(len(body)), **answer.headers}
                try:
                    self.send_response(answer.status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    if answer.status != 304:
                        self.wfile.write(body)
                except OSError:
                    self.close_connection = True  # the crawler had enough, or was killed

            def handle(self) -> None:
                with contextlib.suppress(OSError):  # the crawler was killed in the middle of a word
                    super().handle()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """The log is `site.log`."""

        return Handler


@dataclass(frozen=True)
class Listed:
    """An entry of a feed. What is null is left out."""

    link: str
    title: str | None = "A title"
    published: str | None = None


def rss(*entries: Listed, headers: Mapping[str, str] | None = None) -> Answer:
    """An RSS 2.0 feed of `entries`."""
    items = "".join(
        "<item>"
        + (f"<title>{escape(entry.title)}</title>" if entry.title is not None else "")
        + f"<link>{escape(entry.link)}</link>"
        + (f"<pubDate>{escape(entry.published)}</pubDate>" if entry.published is not None else "")
        + "</item>"
        for entry in entries
    )
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
    )
    return Answer(xml, headers=headers or {}, content_type="application/rss+xml")
