"""What waits to be told, in `State`: written by the consumer `alert`, taken out by whoever sends.

`alerts/waiting/<outlet>/<due>/<article>` is what is new of an article, `alerts/due/<due>/<outlet>` says that something
waits for that moment. The mark is written after what it stands for, and again with everything that is added: who takes
it away gives its version, and so never takes away the mark of what came meanwhile. A message that is read again finds
the same words there and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from otswatch.alerts.known import Change
from otswatch.records import Moment, Part
from otswatch.state import Entry, State, replace

_WAITING: Final = "alerts/waiting/"
_DUE: Final = "alerts/due/"


class Waiting(Part):
    """What is new of an article: `quotes` are the ids of words that are new, `at` is when it was indexed first."""

    article: str
    at: Moment
    quotes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """What an outlet is told of once: each of the new words, each change."""
        return (*self.quotes, *(change.digest for change in self.changes))

    def joined(self, other: Waiting) -> Waiting:
        return self.replace(
            at=min(self.at, other.at),
            quotes=tuple(dict.fromkeys((*self.quotes, *other.quotes))),
            changes=tuple(dict.fromkeys((*self.changes, *other.changes))),
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """Something waits for an outlet since `due`."""

    due: datetime
    outlet: str
    version: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What waits, and the entry that it is."""

    waiting: Waiting
    entry: Entry


def wait(state: State, outlet: str, due: datetime, news: Iterable[Waiting]) -> None:
    """Let an outlet be told at `due`."""
    for each in news:
        _join(state, f"{_WAITING}{outlet}/{_stamp(due)}/{each.article}", each)
    mark(state, outlet, due)


def _join(state: State, key: str, new: Waiting) -> None:
    while True:
        entry = state.get(key)
        before = Waiting.model_validate(entry.value) if entry else None
        joined = before.joined(new) if before else new
        if joined == before or replace(state, key, joined.to_dict(), entry):
            return


def mark(state: State, outlet: str, due: datetime) -> None:
    """Say that an outlet is due at that moment."""
    state.put(f"{_DUE}{_stamp(due)}/{outlet}", {})


def marks(state: State, now: datetime) -> Iterator[Mark]:
    """What is due by now, the earliest first."""
    for entry in state.scan(_DUE):
        stamp, _, outlet = entry.key.removeprefix(_DUE).partition("/")
        due = _moment(stamp)
        if due > now:
            return
        yield Mark(due, outlet, entry.version)


def waiting(state: State, outlet: str, until: datetime) -> list[Kept]:
    """What waits for an outlet and is due by then, the first indexed first."""
    kept, prefix = [], f"{_WAITING}{outlet}/"
    for entry in state.scan(prefix):
        if _moment(entry.key.removeprefix(prefix).partition("/")[0]) > until:
            break
        kept.append(Kept(Waiting.model_validate(entry.value), entry))
    return sorted(kept, key=lambda each: (each.waiting.at, each.waiting.article))


def done(state: State, marks: Iterable[Mark], kept: Iterable[Kept]) -> None:
    """Take out what was dealt with; what was added to meanwhile stays, and so does its mark."""
    for each in kept:
        state.delete(each.entry.key, each.entry.version)
    for mark in marks:
        state.delete(f"{_DUE}{_stamp(mark.due)}/{mark.outlet}", mark.version)


def keys_of(state: State, subscription: str) -> Iterator[str]:
    """The keys of all that waits for a subscription, and of its marks."""
    mine = f"{subscription}."
    yield from (entry.key for entry in state.scan(f"{_WAITING}{mine}"))
    yield from (entry.key for entry in state.scan(_DUE) if entry.key.rpartition("/")[2].startswith(mine))


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
