"""Outlets that are due by the clock, whether anything is new or not: morning pages, and digests that also say so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from otswatch.alerts import queue
from otswatch.alerts.outlets import Outlet
from otswatch.state import State
from otswatch.subscriptions import rhythm

_LAST: Final = "alerts/last/"


def by_the_clock(outlet: Outlet) -> bool:
    """Whether a letter goes out also where nothing waits."""
    subscription = outlet.subscription
    return subscription.rhythm.every != "at-once" and (subscription.no_news or subscription.sends == "morning")


class Schedule:
    """Marks outlets as due. Several may do so: the mark of one moment is one mark."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._next: dict[str, datetime] = {}

    def mark(self, outlets: Iterable[Outlet], now: datetime) -> None:
        """Mark what became due by now: of several that were missed, the last one. The first one is still to come."""
        for outlet in outlets:
            if by_the_clock(outlet) and self._next.get(outlet.id, now) <= now:
                self._mark_one(outlet, now)

    def _mark_one(self, outlet: Outlet, now: datetime) -> None:
        following = rhythm.due(outlet.subscription, now)
        last = rhythm.previous(outlet.subscription, following)
        entry = self._state.get(_LAST + outlet.id)
        marked = datetime.fromisoformat(entry.value) if entry else None
        if marked is not None and marked < last:
            queue.mark(self._state, outlet.id, last)
        if marked is None or marked < last:
            self._state.put(_LAST + outlet.id, last.isoformat())
        self._next[outlet.id] = following
