"""Listening on HOST:PORT, and one clear line where that cannot be."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from otswatch.errors import UsageError

_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket that accepts connections already, and the address that a browser reaches it by."""

    socket: socket.socket
    host: str
    url: str


@contextmanager
def listening(address: str, given: str = "--listen ") -> Iterator[Listener]:
    """Listen on `HOST:PORT`; port 0 takes a free one.

    Args:
        given: what a user writes before the address, for what the errors tell him to write.

    Raises:
        UsageError: not such an address, not one of this machine, or taken.
    """
    host, port = split(address, given)
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        opened = socket.create_server(place[:2], family=family)
    except (OSError, OverflowError, UnicodeError) as error:
        raise UsageError(_refused(address, host, given, error)) from None
    with opened:
        name = f"[{host}]" if ":" in host else host
        yield Listener(opened, host, f"http://{name}:{opened.getsockname()[1]}")


def split(address: str, given: str) -> tuple[str, int]:
    """Host and port of an address.

    Raises:
        UsageError: it is not `HOST:PORT`.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > _LAST_PORT:
        raise UsageError(f"{given}{address}: HOST:PORT is expected, for example 127.0.0.1:8484")
    return host.strip("[]"), int(port)


def _refused(address: str, host: str, given: str, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"{address} is taken, perhaps by another `otswatch`; `{given}{host}:0` takes a free port"
    reason = error.strerror if isinstance(error, OSError) else str(error)
    if isinstance(error, UnicodeError):  # from the codec for names in other letters than a-z
        reason = "no host can have this name"
    return f"cannot listen on {address}: {reason}; `{given}127.0.0.1:0` takes a free port of this machine"
