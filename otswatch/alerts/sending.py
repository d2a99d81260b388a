"""The thread that sends: rounds of a `Sender` over the subscriptions that stand, until it is told to stop."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from otswatch import slots
from otswatch.alerts.channels import Channels
from otswatch.alerts.composing import Composing
from otswatch.alerts.errors import DeliveryError, TemporaryDeliveryError
from otswatch.alerts.outlets import outlets
from otswatch.alerts.sender import Sender
from otswatch.errors import DependencyDownError
from otswatch.index import Index
from otswatch.logs import get_logger
from otswatch.settings import Settings
from otswatch.state import State
from otswatch.subscriptions import consent
from otswatch.subscriptions.consent import Consent
from otswatch.subscriptions.kept import Subscriptions

log = get_logger(__name__)

#: Seconds between two rounds; until a round that failed is followed by another; until subscriptions are read again.
_PACE: Final = 0.5
_PAUSE: Final = 15.0
_FRESH: Final = 5.0
#: Until a reader is asked whom the mail server would not take the question for: it may have been away, or be new to us.
_ASK_AGAIN: Final = timedelta(minutes=15)


def _now() -> datetime:
    return datetime.now(UTC)


class Sending:
    """Sends what is due while it runs, and asks readers whether they want what was subscribed for them."""

    def __init__(self, settings: Settings, state: State, index: Index) -> None:
        self._state = state
        self._subscriptions = Subscriptions(state, settings.config)
        self._channels = Channels.of(settings)
        self._composing = Composing(settings, state, index)
        self._can_ask = bool(settings.mail) and self._composing.can_ask
        self._slot = slots.take(settings.data / "slots", "sending")
        self._sender = Sender(state, index, self._channels, self._composing, self._slot.name, _now, show=index.put)
        self._read_at = float("-inf")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sending", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Send what is due by now, and return."""
        self._stop.set()
        self._thread.join()
        self._channels.close()
        self._slot.release()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._stop.wait(_PACE if self._round() else _PAUSE)
        self._read_at = float("-inf")
        self._round()

    def _round(self) -> bool:
        """One round. Whether nothing went wrong."""
        try:
            if time.monotonic() - self._read_at >= _FRESH:
                self._sender.outlets = outlets(self._subscriptions.active())
                self._read_at = time.monotonic()
                self._ask()
            self._sender.round()
        except DependencyDownError as error:
            log.warning("alert.waiting", reason=str(error))
            return False
        except Exception:
            log.exception("alert.round-failed", next="what waits goes on waiting; tried again")
            return False
        return True

    def _ask(self) -> None:
        now = _now()
        for subscription, address in self._subscriptions.to_ask(now) if self._can_ask else ():
            if self._subscriptions.ask(subscription.id, address, now):
                try:
                    self._channels.send(self._composing.question(subscription, address), f"mailto:{address}")
                except DeliveryError as error:
                    log.warning("alert.not-asked", subscription=subscription.id, error=str(error))
                    if isinstance(error, TemporaryDeliveryError):
                        consent.update(self._state, subscription.id, address, partial(_not_asked, now))


def _not_asked(now: datetime, found: Consent | None) -> Consent | None:
    """No letter reached the reader: none is counted, and one may be sent soon."""
    if found is None or found.status != "asked":  # answered an earlier one meanwhile
        return None
    return Consent(status="asked", at=now + _ASK_AGAIN - consent.PAUSE, letters=max(0, found.letters - 1))
