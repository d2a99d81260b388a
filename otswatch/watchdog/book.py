"""Which troubles stand, in `State` under `operator/trouble/<id>`: written by the watchdog that has the lease.

One failed look is none: a trouble opens when `LOOKS` looks in a row have found it, and is over when as many have missed
it. One that comes back within `MEMORY` has to stay away for longer each time before it counts as over (`quiet`), so
that one that comes and goes is told of a few times in a day, and not at each turn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from otswatch.records import Moment, Part
from otswatch.state import State
from otswatch.watchdog.trouble import Seen, Trouble

LOOKS: Final = 2
#: How long a trouble is remembered that is over.
MEMORY: Final = timedelta(hours=24)
#: How long a trouble that came back has to stay away: doubled each time, from the first to the last of these.
QUIET: Final = (timedelta(minutes=15), timedelta(hours=24))

#: Somebody watches who looked within this time; the watchdog does every minute.
FRESH: Final = timedelta(minutes=10)

_TROUBLE: Final = "operator/trouble/"
_LOOKED: Final = "operator/looked"


class Standing(Part):
    """A trouble over several looks. `trouble` is as it was last found, `since` as it was first.

    `looks`: so many in a row found it, `missed`: so many did not, the first of them at `missed_at`. `opened`: since
    when it stands; null: not yet. `over`: when it ended, null: not yet. `returns`: so often it came back.
    """

    trouble: Trouble
    looks: int = 1
    missed: int = 0
    missed_at: Moment | None = None
    opened: Moment | None = None
    over: Moment | None = None
    returns: int = 0

    @property
    def stands(self) -> bool:
        return self.opened is not None and self.over is None


def quiet(returns: int) -> timedelta:
    """How long a trouble has to stay away that came back so often."""
    return min(QUIET[0] * 2 ** min(returns - 1, 10), QUIET[1]) if returns else timedelta(0)


def found(before: Standing | None, trouble: Trouble, now: datetime) -> Standing:
    """The same after a look that found it."""
    if before is None:
        return Standing(trouble=trouble)
    looks = min(before.looks + 1, LOOKS)
    if before.over is not None:  # what is over stays as it was until it is sure that it came back
        if looks < LOOKS:
            return before.replace(looks=looks)
        return Standing(trouble=trouble, looks=looks, opened=now, returns=before.returns + 1)
    eldest = trouble.replace(since=min(before.trouble.since, trouble.since))
    opened = before.opened or (now if looks >= LOOKS else None)
    return before.replace(trouble=eldest, looks=looks, missed=0, missed_at=None, opened=opened)


def missed(before: Standing, now: datetime) -> Standing | None:
    """The same after a look that did not find it; null where there is nothing to remember of it."""
    if before.opened is None:
        return None
    if before.over is not None:
        return before.replace(looks=0)
    after = before.replace(missed=before.missed + 1, missed_at=before.missed_at or now)
    if after.missed < LOOKS or now - (after.missed_at or now) < quiet(before.returns):
        return after
    return after.replace(over=after.missed_at, looks=0)


class Book:
    """The troubles that are remembered. Only who has the lease writes."""

    def __init__(self, state: State) -> None:
        self._state = state

    def look(self, seen: Seen, now: datetime) -> None:
        """Write down what a look found."""
        known = {standing.trouble.id: standing for standing in self.all()}
        for trouble in seen.troubles:
            self._write(found(known.pop(trouble.id, None), trouble, now))
        for id_, standing in known.items():
            if standing.trouble.kind in seen.unknown:
                continue
            after = missed(standing, now)
            if after is None:
                self._forget(id_)
            elif after != standing:
                self._write(after)
        self._state.put(_LOOKED, {"at": now.isoformat()})

    def all(self) -> Iterator[Standing]:
        """All that are remembered, by id."""
        for entry in self._state.scan(_TROUBLE):
            yield Standing.model_validate(entry.value)

    def standing(self) -> list[Trouble]:
        """Those that stand, by rank."""
        return sorted((each.trouble for each in self.all() if each.stands), key=lambda trouble: trouble.rank)

    def found(self) -> list[Trouble]:
        """What the last look found, whether it stands yet or not."""
        return [each.trouble for each in self.all() if each.looks and not each.missed]

    def looked(self) -> datetime | None:
        """When the last look was; null: never."""
        entry = self._state.get(_LOOKED)
        return datetime.fromisoformat(entry.value["at"]) if entry else None

    def is_watched(self, now: datetime) -> bool:
        """Whether the last look was lately."""
        looked = self.looked()
        return looked is not None and now - looked <= FRESH

    def tidy(self, keep: Collection[str], now: datetime) -> None:
        """Forget what has been over for long, but for those ids of which something is still to be told."""
        for standing in list(self.all()):
            is_old = standing.over is not None and not standing.looks and now - standing.over >= MEMORY
            if is_old and standing.trouble.id not in keep:
                self._forget(standing.trouble.id)

    def _write(self, standing: Standing) -> None:
        self._state.put(_TROUBLE + standing.trouble.id, standing.to_dict())

    def _forget(self, id_: str) -> None:
        if entry := self._state.get(_TROUBLE + id_):
            self._state.delete(entry.key, entry.version)
