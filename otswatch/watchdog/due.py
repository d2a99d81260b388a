"""What a channel is to be told: where it knows otherwise of a trouble than it is, and that one stands for long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from otswatch.records import Moment, Part
from otswatch.watchdog.book import Standing
from otswatch.watchdog.letters import Telling, What
from otswatch.watchdog.trouble import moment, span


class Told(Part):
    """What a channel was told of a trouble last. `times`: so often since it was new; `size`: how large it was."""

    state: What
    at: Moment
    times: int
    size: int | None = None

    @property
    def stands(self) -> bool:
        """Whether it stands, as far as the channel knows."""
        return self.state != "resolved"


def due(
    standings: Iterable[Standing], told: Mapping[str, Told], now: datetime, again: timedelta
) -> tuple[Telling, ...]:
    """All that is to be told to a channel now, by rank. `told`: by id; `again`: how long until it is told once more."""
    ordered = sorted(standings, key=lambda standing: standing.trouble.rank)
    found = (_due(standing, told.get(standing.trouble.id), now, again) for standing in ordered)
    return tuple(filter(None, found))


def _due(standing: Standing, told: Told | None, now: datetime, again: timedelta) -> Telling | None:
    knows = told if told is not None and told.stands else None
    if standing.stands:
        if knows is None:
            return _telling(standing, "open", 0)
        # One that is not found just now may be over in a moment.
        if not standing.missed and now - knows.at >= again and _has_grown(standing.trouble.size, knows.size):
            return _telling(standing, "again", knows.times)
    elif standing.over and knows is not None:
        return _telling(standing, "resolved", knows.times)
    return None


def _has_grown(size: int | None, before: int | None) -> bool:
    return size is None or before is None or size > before


def _telling(standing: Standing, what: What, times: int) -> Telling:
    trouble, over = standing.trouble, standing.over
    said = f"It is over since {moment(over)}, after {span(over - trouble.since)}." if over else trouble.said
    return Telling(
        # Opened at a moment of its own each time, and told of so many times since: no other telling is called so.
        key=f"{trouble.id}@{standing.opened:%Y%m%dT%H%M%SZ}/{times}",
        id=trouble.id,
        state=what,
        title=trouble.title,
        said=said,
        next=None if over else trouble.next,
        since=trouble.since,
        until=over,
        evidence=trouble.evidence,
        size=trouble.size,
        times=times,
    )
