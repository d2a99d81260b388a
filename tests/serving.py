"""A server of the standard library, in a thread while a test needs it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer

#: Seconds from one look at whether to stop to the next: half a second, if nothing is said, is what each test waits.
LOOKS = 0.02


@contextmanager
def serving(server: BaseServer) -> Iterator[None]:
    """Answer meanwhile; then listen no more."""
    thread = threading.Thread(target=server.serve_forever, args=(LOOKS,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
