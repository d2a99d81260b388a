"""Whether the list can be trusted: who is watched, who answered, what is still under way, what has stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from otswatch import health
from otswatch.consumers import quarantine
from otswatch.consumers.topology import CONSUMERS
from otswatch.crawlers import history
from otswatch.crawlers.history import Visit
from otswatch.crawlers.registry import Source
from otswatch.health import Beat
from otswatch.index import Search, for_readers
from otswatch.overview import ago, alive
from otswatch.web.cards import Moment, articles, moment
from otswatch.web.desk import Desk

#: Without a visit to any source for so long, nobody crawls.
QUIET_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Trust:
    """`waiting` counts messages of the pipeline that are not worked on yet; `alarms` say what has stopped."""

    watched: int
    answered: int
    newest: Moment | None
    waiting: int
    quarantined: int
    alarms: tuple[str, ...]


def trust(desk: Desk, now: datetime) -> Trust:
    """How things stand at `now`.

    Raises:
        DependencyDownError: a store that says it does not answer.
    """
    lags = _lags(desk)
    visits = {visit.source: visit for visit in history.visits(desk.stores.state)}
    watched = [source for source in desk.names.sources.values() if is_watched(source)]
    beats = {beat.name: beat for beat in health.read_all(desk.settings.data)}
    newest = articles(desk.stores.index.search(for_readers(Search(size=1))).documents)
    return Trust(
        watched=len(watched),
        answered=sum(answered(visits.get(source.id)) for source in watched),
        newest=moment(newest[0].trace.first_seen, now) if newest else None,
        waiting=sum(lags.values()),
        quarantined=quarantine.count(desk.stores.bus, desk.stores.state),
        alarms=(*_crawl(beats, visits, now), *_consumers(beats, lags, now)),
    )


def is_watched(source: Source) -> bool:
    """Whether a crawl visits it without being told to."""
    return source.status == "ready" and source.watch


def answered(visit: Visit | None) -> bool:
    """Whether a source answered when it was last visited."""
    return visit is not None and visit.answered == visit.tried


def _lags(desk: Desk) -> dict[str, int]:
    """How many messages wait for each consumer."""
    bus = desk.stores.bus
    return {name: sum(lag.messages for lag in bus.lag(name, each.topics)) for name, each in CONSUMERS.items()}


def _crawl(beats: Mapping[str, Beat], visits: Mapping[str, Visit], now: datetime) -> Iterator[str]:
    last = max((visit.tried for visit in visits.values()), default=None)
    if "crawl" in beats and alive(beats["crawl"], now):
        return
    if last is None:
        yield "No source was visited yet: `otswatch run` visits them."
    elif (now - last).total_seconds() > QUIET_SECONDS:
        yield f"Nobody crawls: the last visit to a source was {ago(last, now)}. `otswatch run` visits them."


def _consumers(beats: Mapping[str, Beat], lags: Mapping[str, int], now: datetime) -> Iterator[str]:
    """One that was never seen here may run on another machine: nothing is said of it unless messages wait for it."""
    stopped = [name for name in CONSUMERS if name in beats and not alive(beats[name], now)]
    if stopped:
        what = "No consumer runs" if len(stopped) == len(CONSUMERS) else f"Stopped: {', '.join(stopped)}"
        yield f"{what}. What is fetched now waits; `otswatch consume` works on it."
    if unseen := [name for name in CONSUMERS if name not in beats and lags[name]]:
        whom = f"{', '.join(unseen)}, never run here"
        yield f"Messages wait for {whom}: unless another machine does, `otswatch consume` works on them."
    for name in CONSUMERS:
        if name in beats and name not in stopped and (reason := beats[name].facts.get("waiting")):
            yield f"{name} waits: {reason}"
