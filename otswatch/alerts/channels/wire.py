"""HTTP to hosts that a reader named: no internal service is reached, nothing waits for ever, nothing is read to no end.

The address that was judged is the one that is connected to. To judge a name first and let the library resolve it again
would let its owner answer differently the second time.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util.ssl_ import create_urllib3_context

from otswatch.hosts import allowed_hosts, is_public, retry_after

#: Bytes of an answer that are read.
MAX_ANSWER: Final = 256 * 1024
#: Seconds of a `Retry-After` that are believed.
MAX_RETRY_AFTER: Final = 24 * 3600.0
#: Addresses of one host that are tried.
_MAX_ADDRESSES: Final = 4

#: `socket.getaddrinfo`, or what stands for it.
Resolve = Callable[..., Sequence[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: until a connection is there, for each answer, and for all that one letter takes."""

    connect: float = 10.0
    read: float = 30.0
    whole: float = 60.0


class InternalHostError(OSError):
    """The host leads into a private network and is not on the list of allowed hosts."""


class Reach:
    """Which hosts may be connected to: those of the open internet, and `allowed` pairs of host:port.

    `ca_file`: an authority whose certificates are trusted as well as those of the usual ones.
    """

    def __init__(
        self, allowed: Sequence[str] = (), resolve: Resolve = socket.getaddrinfo, ca_file: Path | None = None
    ) -> None:
        self._allowed = allowed_hosts(allowed)
        self._resolve = resolve
        self.ca_file = ca_file

    def addresses(self, host: str, port: int) -> list[str]:
        """IP addresses of a host, all of which may be connected to.

        Raises:
            InternalHostError: one of them may not.
            OSError: the name is not to be resolved now.
        """
        name = host.strip("[]")
        try:
            entries = self._resolve(name, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise OSError(f"{name} is not the name of a host") from error
        found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
        if not self._is_allowed(name, port) and not all(map(is_public, found)):
            raise InternalHostError(
                f"{name}:{port} leads into a private network; add it to OTSWATCH_ALLOWED_HOSTS if it may be written to"
            )
        return found[:_MAX_ADDRESSES]

    def connect(self, host: str, port: int, seconds: float) -> socket.socket:
        """A connection to one of the `addresses`, which is not looked up again.

        Raises:
            OSError: as `addresses`, or none of them answers.
        """
        trouble = OSError(f"{host} has no address")
        for address in self.addresses(host, port):
            try:
                sock = socket.create_connection((address, port), timeout=seconds)
            except OSError as error:
                trouble = error
            else:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return sock
        raise trouble

    def _is_allowed(self, host: str, port: int) -> bool:
        return allowed_hosts([f"[{host}]:{port}"]) <= self._allowed


class Deadline:
    """Cuts the connections that it watches after so many seconds: a socket's timeout begins anew with each byte."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(max(0.0, seconds), self._cut)
        self._timer.daemon = True
        self._watched: list[socket.socket] = []
        self._is_over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        for sock in self._watched:
            sock.close()

    def watch(self, sock: socket.socket) -> socket.socket:
        """The same socket. TLS takes over what is below it, so that its connection is held by a handle of its own."""
        self._watched.append(socket.socket(fileno=os.dup(sock.fileno())))
        if self._is_over:
            self._cut()
        return sock

    def _cut(self) -> None:
        self._is_over = True
        for sock in self._watched:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered. `retry_after`: seconds; null where it asks for none."""

    status: int
    retry_after: float | None


class Visit:
    """The requests that one letter takes, within the time that one letter has.

    `answers` has what they were answered, in order; `internal` is why one was not made.
    """

    def __init__(self, reach: Reach, timeouts: Timeouts) -> None:
        self.answers: list[Answer] = []
        self.internal: InternalHostError | None = None
        self._reach = reach
        self._timeouts = timeouts
        self._ends = time.monotonic() + timeouts.whole

    @property
    def remaining(self) -> float:
        """Seconds until it must be over."""
        return max(0.0, self._ends - time.monotonic())

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """As `requests.request`, but with no redirect followed, and no proxy or password of the environment's used.

        Of a longer answer only the beginning is there.

        Raises:
            requests.RequestException: it was not answered.
        """
        kwargs |= {
            "timeout": (self._timeouts.connect, self._timeouts.read),
            "allow_redirects": False,
            "stream": True,
            "proxies": {},
        }
        remaining = self.remaining
        if not remaining:
            raise requests.Timeout(f"not done after {self._timeouts.whole:.0f} s")
        with Deadline(remaining) as deadline, requests.Session() as session:
            session.trust_env = False
            adapter = _Adapter(lambda host, port: self._connect(host, port, deadline), self._reach.ca_file)
            for scheme in ("http://", "https://"):
                session.mount(scheme, adapter)
            response = session.request(method, url, **kwargs)
            self.answers.append(_answer(response))
            body = _beginning(response)
        response.raw = io.BytesIO(body)
        return response

    def _connect(self, host: str, port: int, deadline: Deadline) -> socket.socket:
        try:
            return deadline.watch(self._reach.connect(host, port, self._timeouts.connect))
        except InternalHostError as error:
            self.internal = error
            raise


def _answer(response: requests.Response) -> Answer:
    asked = response.headers.get("Retry-After")
    seconds = min(retry_after(asked, datetime.now(UTC)), MAX_RETRY_AFTER) if asked else 0.0
    return Answer(response.status_code, seconds or None)


def _beginning(response: requests.Response) -> bytes:
    try:
        return bytes(response.raw.read(MAX_ANSWER, decode_content=True))
    except (HTTPError, OSError):
        return b""  # its status has come, and that is what counts
    finally:
        response.close()


class _Adapter(HTTPAdapter):
    """Connects with `connect`."""

    def __init__(self, connect: Callable[[str, int], socket.socket], ca_file: Path | None) -> None:
        self._connect = connect
        self._ca_file = ca_file
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        if self._ca_file:
            context = create_urllib3_context()
            context.load_verify_locations(self._ca_file)
            kwargs["ssl_context"] = context
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._connect)


def _pools(connect: Callable[[str, int], socket.socket]) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self._dns_host, self.port)

    class Tls(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self._dns_host, self.port)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    return {"http": PlainPool, "https": TlsPool}
