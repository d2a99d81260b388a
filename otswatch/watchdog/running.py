"""Looks and tells, once or until it is told to stop; of several processes over the same data, the one with the lease.

Where `State` cannot be written, there is nothing to remember troubles in: that alone is remembered in a file of this
process, which tells of it as of any other. Two processes then both tell, and one that is started anew tells again.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from otswatch import health, metrics, slots
from otswatch.alerts.sender import Post
from otswatch.errors import DependencyDownError, OTSWatchError
from otswatch.logs import get_logger
from otswatch.settings import Settings
from otswatch.state import State
from otswatch.state.sqlite import SqliteState
from otswatch.stores import Stores
from otswatch.watchdog.book import Book
from otswatch.watchdog.looking import channel_trouble, down, look
from otswatch.watchdog.measuring import measure
from otswatch.watchdog.telling import Teller
from otswatch.watchdog.trouble import KINDS, Seen

log = get_logger(__name__)

#: Seconds between two looks, and between two signs of life, at which letters that wait are tried, too.
LOOK_SECONDS: Final = 60.0
BEAT_SECONDS: Final = 15.0
#: Seconds that the lease lasts: longer than from one look to the next, and than a channel may take.
LEASE_SECONDS: Final = 180.0
_LEASE: Final = "operator"
#: Whose channels are the operator's, where one of them is a trouble itself.
_SETTING: Final = "OTSWATCH_OPERATOR"


def _now() -> datetime:
    return datetime.now(UTC)


class Watchdog:
    """Looks at `stores` and tells the operator's channels through `post`."""

    def __init__(self, settings: Settings, stores: Stores, post: Post, clock: Callable[[], datetime] = _now) -> None:
        self._settings = settings
        self._stores = stores
        self._post = post
        self._clock = clock
        self._slot = slots.take(settings.data / "slots", "watchdog")
        self._spare: tuple[tempfile.TemporaryDirectory[str], SqliteState] | None = None
        self._stop = threading.Event()

    def stop(self) -> None:
        """End after the message under way. May be called from a signal handler."""
        self._stop.set()

    def close(self) -> None:
        """Let another one have its place at once."""
        try:
            self._stores.state.release(_LEASE, self._slot.name)
        except OTSWatchError as error:
            log.warning("watchdog.not-released", reason=str(error))
        if self._spare:
            folder, state = self._spare
            state.close()
            folder.cleanup()
        self._slot.release()

    def run(self) -> None:
        """Look and tell until `stop()`."""
        looked: datetime | None = None
        while not self._stop.is_set():
            now = self._clock()
            is_due = looked is None or not timedelta(0) <= now - looked < timedelta(seconds=LOOK_SECONDS)
            looked = now if is_due else looked
            self._patiently(look_too=is_due)
            self._stop.wait(BEAT_SECONDS)
        health.beat(self._settings.data, "watchdog", stopped=True)

    def once(self) -> bool:
        """One look, and what is to be told after it. False where another process does that.

        Raises:
            DependencyDownError: `State` does not answer.
        """
        return self._turn(self._stores.state, lambda: self._look(self._clock()))

    # ------------------------------------------------------------------------------------------------------ one round

    def _patiently(self, *, look_too: bool) -> None:
        facts = {}
        try:
            main = self._stores.state
            if trouble := down("state", "OTSWATCH_INDEX", lambda: self._hold(main), self._clock()):
                facts["waiting"] = trouble.said
            if trouble or self._spare:
                seen = Seen((trouble,) if trouble else ())
                self._turn(self._aside(), (lambda: seen) if look_too else None)
            if not trouble:
                self._turn(main, (lambda: self._look(self._clock())) if look_too else None)
        except DependencyDownError as error:
            facts["waiting"] = str(error)
            log.warning("watchdog.waiting", reason=str(error))
        except Exception:
            log.exception("watchdog.round-failed", next="looked at again")
        health.beat(self._settings.data, "watchdog", **facts)

    def _turn(self, state: State, find: Callable[[], Seen] | None) -> bool:
        """Look, if `find` is given, and tell. Whether it was ours to do."""
        if not self._hold(state):
            log.debug("watchdog.waiting", reason="another one watches over the same data")
            return False
        book = Book(state)
        if find:
            book.look(find(), self._clock())
            if state is self._stores.state:
                self._measure(book)
        self._teller(state).round()
        return True

    def _look(self, now: datetime) -> Seen:
        seen = look(self._settings, self._stores, now)
        mine = tuple(
            channel_trouble(
                f"{_SETTING}/{place}",
                channel,
                message.error,
                message.made,
                f"Set another one in {_SETTING}, or mend it: it is tried again once a day.",
            )
            for place, channel, message in self._teller(self._stores.state).refused()
        )
        return Seen((*seen.troubles, *mine), seen.unknown)

    def _teller(self, state: State) -> Teller:
        return Teller(
            state=state,
            post=self._post,
            channels=self._settings.operator,
            again=timedelta(hours=self._settings.operator_again),
            clock=self._clock,
            hold=lambda: self._hold(state),
            page=self._settings.page,
        )

    def _hold(self, state: State) -> bool:
        return state.lease(_LEASE, self._slot.name, LEASE_SECONDS, self._clock())

    def _aside(self) -> State:
        """Where it is remembered that there is no memory."""
        if self._spare is None:
            folder = tempfile.TemporaryDirectory(prefix="otswatch-")
            self._spare = folder, SqliteState(Path(folder.name) / "watchdog.sqlite")
        return self._spare[1]

    def _measure(self, book: Book) -> None:
        """For Prometheus and for dashboards. What is told hangs on neither."""
        try:
            measure(self._settings, self._stores, self._clock())
        except OTSWatchError as error:
            log.warning("watchdog.not-measured", reason=str(error))
        standing = [trouble.kind for trouble in book.standing()]
        for kind in KINDS:
            metrics.TROUBLES.labels(kind).set(standing.count(kind))
