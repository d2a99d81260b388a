"""Runs consumers side by side, one thread each, until told to stop or until nothing is left to do."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from otswatch import metrics
from otswatch.bus import Bus
from otswatch.consumers.context import Context
from otswatch.consumers.runner import Runner
from otswatch.consumers.topology import CONSUMERS, TOPICS, Consumer, readers
from otswatch.errors import DependencyDownError, UsageError
from otswatch.logs import get_logger
from otswatch.settings import Settings
from otswatch.stores import Stores

log = get_logger(__name__)

#: How often retention is looked after.
EXPIRE_SECONDS = 600.0
#: How often the bus is asked what waits: where we end with the last message, and where we do not.
ONCE_SECONDS = 0.2
LOOK_SECONDS = 2.0


def chosen(names: Sequence[str]) -> list[Consumer]:
    """The consumers of these names, in the order of the flow; all where none is named.

    Raises:
        UsageError: naming the unknown one and the known ones.
    """
    unknown = [name for name in names if name not in CONSUMERS]
    if unknown:
        raise UsageError(f"no consumer {unknown[0]!r}; there are: {', '.join(CONSUMERS)}")
    return [consumer for consumer in CONSUMERS.values() if not names or consumer.name in names]


class Consumers:
    """Some consumers over one set of stores."""

    def __init__(self, consumers: Sequence[Consumer], settings: Settings, stores: Stores) -> None:
        self._stop = threading.Event()
        self._bus: Bus = stores.bus
        self._error: BaseException | None = None
        context = Context(settings, stores.index, stores.state)
        self._consumers = consumers
        self.runners = [
            Runner(consumer, consumer.make(context), stores.bus, settings.data, self._stop) for consumer in consumers
        ]

    def stop(self) -> None:
        """Ask every consumer to finish its batch and end. May be called from a signal handler."""
        self._stop.set()

    def run(self, *, once: bool = False, on_progress: Callable[[int, int], None] | None = None) -> Counter[str]:
        """Work until `stop()`; with `once`, until nothing is left. Returns counts by `consumer:status[:reason]`.

        Args:
            on_progress: called about every half second with (messages finished, messages known).

        Raises:
            OTSWatchError: what ended the first consumer that could not go on, or the watch over them; the others finish
                their batch first.
        """
        threads = [
            threading.Thread(target=self._guard, args=(runner,), name=runner.consumer.name) for runner in self.runners
        ]
        for thread in threads:
            thread.start()
        try:
            self._watch(once=once, on_progress=on_progress)
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
        if self._error is not None:
            raise self._error
        return Counter({f"{r.consumer.name}:{word}": count for r in self.runners for word, count in r.counts.items()})

    def _watch(self, *, once: bool, on_progress: Callable[[int, int], None] | None) -> None:
        expire_at = time.monotonic()
        while not self._stop.wait(ONCE_SECONDS if once else LOOK_SECONDS):
            try:
                behind = self._behind()
                if time.monotonic() >= expire_at:
                    expire(self._bus)
                    expire_at = time.monotonic() + EXPIRE_SECONDS
            except DependencyDownError:
                continue  # the consumers meet it too, wait as well, and say so
            if on_progress:
                done = sum(sum(runner.counts.values()) for runner in self.runners)
                on_progress(done, done + behind)
            if once and behind == 0:
                return

    def _behind(self) -> int:
        """Messages that wait. Counted along the flow: what moves on meanwhile is counted again, never missed."""
        try:
            lags = [lag for consumer in self._consumers for lag in self._bus.lag(consumer.name, consumer.topics)]
        except DependencyDownError:
            metrics.LAG.clear()  # what it was is not what it is
            raise
        for lag in lags:
            metrics.LAG.labels(lag.group, lag.topic, lag.partition).set(lag.messages)
        return sum(lag.messages for lag in lags)

    def _guard(self, runner: Runner) -> None:
        try:
            runner.run()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits, which raises it
            self._error = self._error or error
            log.error("consumer.stopped", consumer=runner.consumer.name, error=str(error))
            self._stop.set()


def expire(bus: Bus, now: datetime | None = None) -> int:
    """Delete what every reader has committed and retention no longer keeps. Quarantine is kept for ever."""
    now = now or datetime.now(UTC)
    gone = 0
    for topic in TOPICS.values():
        groups = readers(topic.name)
        if groups:
            gone += bus.expire(topic.name, now - topic.retention, groups)
    return gone
