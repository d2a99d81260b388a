"""Outlets that are due by the clock, whether anything is new or not: morning pages, and digests that also say so."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from otswatch.alerts import queue
from otswatch.alerts.outlets import Outlet
from otswatch.logs import get_logger
from otswatch.state import State
from otswatch.subscriptions import rhythm

log = get_logger(__name__)

_LAST: Final = "alerts/last/"
#: Until one is looked at again whose time could not be worked out.
_AGAIN: Final = timedelta(hours=1)


def by_the_clock(outlet: Outlet) -> bool:
    """Whether a letter goes out also where nothing waits."""
    subscription = outlet.subscription
    return subscription.rhythm.every != "at-once" and (subscription.no_news or subscription.sends == "morning")


def keys_of(state: State, subscription: str) -> Iterator[str]:
    """The keys of what is remembered of a subscription here."""
    return (entry.key for entry in state.scan(f"{_LAST}{subscription}."))


class Schedule:
    """Marks outlets as due. Several may do so: the mark of one moment is one mark."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._next: dict[Outlet, datetime] = {}

    def mark(self, outlets: Collection[Outlet], now: datetime) -> None:
        """Mark what became due by now: of several that were missed, the last one. The first one is still to come."""
        self._next = {outlet: self._next[outlet] for outlet in outlets if outlet in self._next}
        for outlet in outlets:
            if by_the_clock(outlet) and self._next.get(outlet, now) <= now:
                self._next[outlet] = self._mark_one(outlet, now)

    def _mark_one(self, outlet: Outlet, now: datetime) -> datetime:
        """Returns when it is to be looked at again. One that cannot be worked out keeps no others."""
        try:
            following = rhythm.due(outlet.subscription, now)
            last = rhythm.previous(outlet.subscription, following)
        except Exception:
            log.exception("alert.cannot-time", subscription=outlet.subscription.id)
            return now + _AGAIN
        entry = self._state.get(_LAST + outlet.id)
        # Whoever is known here and has none was taken out and added again within seconds, before this one was due.
        is_due = datetime.fromisoformat(entry.value) < last if entry else outlet in self._next
        if is_due:
            queue.mark(self._state, outlet.id, last)
        if is_due or entry is None:
            self._state.put(_LAST + outlet.id, last.isoformat())
        return following
