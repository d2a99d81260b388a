"""Which sources a crawl visits and when: each once, or each again and again as it comes due."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from otswatch.crawlers import history
from otswatch.crawlers.registry import Source
from otswatch.crawlers.report import SourceReport
from otswatch.errors import DependencyDownError
from otswatch.logs import get_logger
from otswatch.state import State
from otswatch.status import Reason

log = get_logger(__name__)

T = TypeVar("T")


class HoursOverError(Exception):
    """It is time for a fresh process, though visits are under way."""


class Blocking(Protocol):
    """Runs a function that blocks where it holds nobody up."""

    def __call__(self, function: Callable[[], T], /) -> Awaitable[T]: ...


class Agenda(Protocol):
    """What the spider asks which sources to visit, and tells of each visit that is over."""

    def due(self, blocking: Blocking) -> AsyncIterator[Sequence[Source]]:
        """Sources to be visited now, as often as some are; ends when no more will come.

        Raises:
            HoursOverError: the visits that are under way shall end, too.
        """
        ...

    def visited(self, source: Source, report: SourceReport) -> None:
        """A visit is over. Blocks."""
        ...


def not_set_up(sources: Sequence[Source]) -> Iterator[SourceReport]:
    """What is to be said of the sources that cannot be visited."""
    for source in sources:
        if source.status == "not-set-up":
            yield SourceReport(source.id, None, {Reason.NOT_SET_UP: 1})


class Once:
    """Every source once. `reports` has what came of it, by source, in the order in which the visits ended."""

    def __init__(self, sources: Sequence[Source], state: State, clock: Callable[[], datetime]) -> None:
        self.reports: dict[str, SourceReport] = {}
        self._sources = sources
        self._state = state
        self._clock = clock

    async def due(self, blocking: Blocking) -> AsyncIterator[Sequence[Source]]:
        yield self._sources

    def visited(self, source: Source, report: SourceReport) -> None:
        self.reports[source.id] = report
        history.record(report, self._state, self._clock())


# --------------------------------------------------------------------------------------------------------- on schedule

#: Whoever crawls on schedule holds the lease `crawl` and renews it; what it held is free so long after it was killed.
LEASE_SECONDS = 30.0
#: Between two looks at what is due.
TICK_SECONDS = 1.0
#: Visits under way when no more are begun may go on for so long: meanwhile no other source is visited, and what is left
#: of them is kept for the next process.
LINGER_SECONDS = 1800.0
#: Rounds are told of when no visit is under way, or when so many seconds of visits have not been told of.
TELL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Due:
    """When a watched source is visited next, as kept in `State` under `schedule/<id>`."""

    source: str
    at: datetime


def dues(state: State) -> Iterator[Due]:
    """The sources that are watched. What is not watched any more has no entry."""
    for entry in state.scan("schedule/"):
        yield Due(entry.key.removeprefix("schedule/"), datetime.fromisoformat(entry.value["due"]))


class Scheduled:
    """Every source, each `Source.every` minutes from the start of its last visit; the times survive in `State`.

    Args:
        owner: who holds the lease; one that was started again under the same name goes on at once.
        hours: how long visits are begun; those under way then may still end. A fresh process now and then forgets old
            DNS answers and robots.txt files.
        beat: called at each look, as a sign of life.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        state: State,
        clock: Callable[[], datetime],
        *,
        owner: str,
        hours: float,
        beat: Callable[[], None],
    ) -> None:
        self._sources = {source.id: source for source in sources}
        self._state = state
        self._clock = clock
        self._owner = owner
        self._seconds = hours * 3600
        self._beat = beat
        self._due: dict[str, datetime] = {}
        self._under_way: set[str] = set()
        self._ended: list[SourceReport] = []
        self._told = time.monotonic()
        self._renew_at: datetime | None = None

    async def due(self, blocking: Blocking) -> AsyncIterator[Sequence[Source]]:
        until = time.monotonic() + self._seconds
        while not await blocking(self._lead):
            log.warning("crawl.waiting", reason="another process crawls on schedule over the same data")
            await asyncio.sleep(LEASE_SECONDS / 3)
        await blocking(self._load)
        while time.monotonic() < until:
            yield await blocking(self._take)
            await asyncio.sleep(TICK_SECONDS)
        while self._under_way:
            if time.monotonic() >= until + LINGER_SECONDS:
                raise HoursOverError
            await asyncio.sleep(TICK_SECONDS)
            await blocking(self._hold)

    def visited(self, source: Source, report: SourceReport) -> None:
        now = self._clock()
        history.record(report, self._state, now)
        self._put(source.id, max(now, (report.begun or now) + timedelta(minutes=source.every)))
        self._under_way.discard(source.id)
        self._ended.append(report)
        log.info("source.visited", **_facts(report))

    def _lead(self) -> bool:
        """Whether the lease is ours; renewed when a third of it is over, since a look comes every second."""
        self._beat()
        now = self._clock()
        if self._renew_at is None or now >= self._renew_at:
            if not self._state.lease("crawl", self._owner, LEASE_SECONDS, now):
                return False
            self._renew_at = now + timedelta(seconds=LEASE_SECONDS / 3)
        return True

    def _load(self) -> None:
        """What an earlier process left, for the sources that are watched now."""
        now = self._clock()
        before = {due.source: due.at for due in dues(self._state)}
        for source in self._sources.values():
            latest = now + timedelta(minutes=source.every)
            self._put(source.id, min(before.pop(source.id, now), latest))
        for id_ in before:
            if entry := self._state.get(f"schedule/{id_}"):
                self._state.delete(entry.key, entry.version)

    def _hold(self) -> None:
        """Renew the lease, and tell of what was done.

        Raises:
            DependencyDownError: somebody else has the lease: this process was frozen for longer than it lasts.
        """
        if not self._lead():
            raise DependencyDownError("another process has taken over the crawl")
        self._tell()

    def _take(self) -> list[Source]:
        """The sources that have come due, the longest due first.

        Raises:
            DependencyDownError: as `_hold`.
        """
        self._hold()
        now = self._clock()
        ready = sorted((at, id_) for id_, at in self._due.items() if at <= now and id_ not in self._under_way)
        self._under_way.update(id_ for _, id_ in ready)
        return [self._sources[id_] for _, id_ in ready]

    def _put(self, id_: str, at: datetime) -> None:
        self._due[id_] = at
        self._state.put(f"schedule/{id_}", {"due": at.isoformat()})

    def _tell(self) -> None:
        """One line for all visits that ended together, also where ninety sources could not be reached."""
        if not self._ended or (self._under_way and time.monotonic() - self._told < TELL_SECONDS):
            return
        silent = [report for report in self._ended if not report.answered]
        published = sum(report.counts.get(Reason.PUBLISHED, 0) for report in self._ended)
        waiting = [at for id_, at in self._due.items() if id_ not in self._under_way]
        log.info(
            "crawl.round",
            tried=len(self._ended),
            answered=len(self._ended) - len(silent),
            published=published,
            silent=[report.id for report in silent],
            why=next((f"{p.reason}: {p.detail}" for report in silent for p in report.problems), None),
            next=min(waiting, default=self._clock()).isoformat(),
        )
        self._ended.clear()
        self._told = time.monotonic()


def _facts(report: SourceReport) -> dict[str, object]:
    return {"source": report.id, "answered": report.answered, "counts": report.to_dict()["counts"]}
