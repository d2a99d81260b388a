"""Serves the application until it is told to stop."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from otswatch import health
from otswatch.listening import Listener
from otswatch.settings import Settings
from otswatch.stores import Stores
from otswatch.web.app import create_app

#: Half of what makes a worker look dead to `overview.alive` is 30.
BEAT_SECONDS = 20.0
#: How long answers that are under way may take once the server is told to stop.
GRACE_SECONDS = 2


class Server:
    """The application on a listener."""

    def __init__(self, settings: Settings, stores: Stores, listener: Listener) -> None:
        self._settings = settings
        self._listener = listener
        config = uvicorn.Config(
            create_app(settings, stores, hosts=[listener.host]),
            log_config=None,  # ours
            access_log=False,  # what readers look for is written nowhere
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        self._uvicorn = _Uvicorn(config)

    def stop(self) -> None:
        """Finish what is under way and end. May be called from a signal handler."""
        self._uvicorn.should_exit = True

    def run(self, on_ready: Callable[[str], None]) -> None:
        """Serve until `stop()`. `on_ready` is told the address once requests are answered."""
        self._uvicorn.on_ready = lambda: on_ready(self._listener.url)
        with self._beating():
            self._uvicorn.run(sockets=[self._listener.socket])

    @contextmanager
    def _beating(self) -> Iterator[None]:
        ended = threading.Event()

        def beat() -> None:
            while not ended.is_set():
                health.beat(self._settings.data, "serve", listen=self._listener.url)
                ended.wait(BEAT_SECONDS)

        thread = threading.Thread(target=beat, name="serve-beat")
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            health.beat(self._settings.data, "serve", listen=self._listener.url, stopped=True)


class _Uvicorn(uvicorn.Server):
    """Says when it is ready, and leaves signals to the command line, which ends every command in the same way."""

    on_ready: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.on_ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
