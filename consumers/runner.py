"""Runs one consumer: poll, work, publish and commit, retry, quarantine. The only code here that knows the bus.

Its rules: publish and commit are one act; a batch is committed whole and in order; a failure is tried again a bounded
number of times and then quarantined; quarantine that cannot be written, and too many quarantines in a row, stop the
consumer; a dependency that is down makes it wait, because that is not the article's fault.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from otswatch import __version__, health, metrics
from otswatch.bus import MAX_MESSAGE_BYTES, Batch, Bus, Message, Outgoing
from otswatch.consumers.outcome import Failed, Outcome, Quarantined, Result, Work, describe
from otswatch.consumers.topology import Consumer
from otswatch.errors import DependencyDownError, FencedError, MessageTooLargeError, QuarantineFullError, StopError
from otswatch.logs import get_logger
from otswatch.status import Reason

log = get_logger(__name__)

ATTEMPTS = 3
RETRY_SECONDS = 0.2
#: More quarantines than this without one success between them: the fault is ours, not the messages'.
QUARANTINES_IN_A_ROW = 200
SAY_AGAIN_SECONDS = 60.0
WAIT_SECONDS = 1.0

T = TypeVar("T")
Pair = tuple[Message, Result | Quarantined]


class Runner:
    """One member of one consumer group. `run()` blocks until `stop` is set; owned by one thread.

    Args:
        data: the data folder; the health file is written there at each poll.
    """

    def __init__(self, consumer: Consumer, work: Work, bus: Bus, data: Path, stop: threading.Event) -> None:
        self.consumer = consumer
        self.counts: Counter[str] = Counter()
        self._work = work
        self._member = bus.consumer(consumer.name, consumer.topics)
        self._data = data
        self._stop = stop
        self._failed = 0
        self._in_a_row = 0
        self._one_by_one = 0
        self._rate = health.Rate()
        self._waiting = metrics.WAITING.labels(consumer.name)
        self._log = log.bind(consumer=consumer.name)

    def run(self) -> None:
        """Work until told to stop.

        Raises:
            StopError: too many quarantines in a row, messages deleted unread, storage damaged; the batch in hand is
                not committed.
        """
        try:
            while not self._stop.is_set():
                self.step()
        finally:
            self._work.close()
            self._member.close()
            self._beat(stopped=True)

    def step(self, timeout: float = 0.5) -> int:
        """One batch, committed or left as it was. Returns how many messages were finished."""
        self._beat()
        at = time.monotonic()
        limit = 1 if self._one_by_one else self.consumer.batch
        batch = self._patiently(lambda: self._member.poll(limit, timeout))
        if not batch:
            return 0
        at = self._took("poll", at)
        self._log.debug("batch.polled", messages=len(batch.messages), **_ends(batch))
        outcomes = self._patiently(lambda: self._outcomes(batch.messages))
        at = self._took("work", at)
        pairs = self._committed(batch, outcomes) if outcomes is not None else None
        if pairs is None:
            self._member.rewind()
            return 0
        self._took("publish", at)
        self._log.debug("batch.committed", messages=len(pairs), last=pairs[-1][0].address)
        self._one_by_one = max(0, self._one_by_one - len(pairs))
        self._count(pairs)
        return len(pairs)

    def _committed(self, batch: Batch, outcomes: Sequence[Result | Quarantined]) -> list[Pair] | None:
        """Publish and commit. Returns what became of each message; null where nothing was committed."""
        self._stop_pouring(outcomes)
        pairs = list(zip(batch.messages, outcomes, strict=True))
        outgoing = [out for message, outcome in pairs for out in self._outgoing(message, outcome)]
        self._log.debug("batch.publishing", messages=len(pairs), outgoing=len(outgoing), last=pairs[-1][0].address)
        try:
            return pairs if self._patiently(lambda: self._commit(batch, outgoing)) else None
        except FencedError:
            self._log.warning("batch.fenced", **_ends(batch), next="another member has it; reading on")
        except MessageTooLargeError as error:
            return self._without_the_large(batch, outcomes, str(error))
        return None

    def _without_the_large(self, batch: Batch, outcomes: Sequence[Result | Quarantined], why: str) -> list[Pair] | None:
        """The broker took less than every bus should, and does not say which message it was: found by going alone.

        Raises:
            MessageTooLargeError: not even quarantine takes it.
        """
        if len(batch.messages) > 1:
            self._log.warning("batch.too-large", **_ends(batch), error=why, next="one by one")
            self._one_by_one = len(batch.messages)
            return None
        if isinstance(outcomes[0], Quarantined):
            raise MessageTooLargeError(f"{self.consumer.quarantine} does not take {batch.messages[0].address}: {why}")
        return self._committed(batch, [Quarantined(Reason.TOO_LARGE, why)])

    def _beat(self, **facts: Any) -> None:
        """A sign of life, with what was done so far, how fast, and how many attempts failed."""
        said = {**self.counts, "failed": self._failed, **facts}
        health.beat(self._data, self.consumer.name, per_minute=self._rate.per_minute(), **said)

    def _took(self, step: Literal["poll", "work", "publish"], since: float) -> float:
        """Measure a step of a batch. Returns when the next one begins."""
        now = time.monotonic()
        metrics.BATCH_SECONDS.labels(self.consumer.name, step).observe(now - since)
        return now

    def _commit(self, batch: Batch, outgoing: Sequence[Outgoing]) -> bool:
        self._member.publish_and_commit(batch, outgoing)
        return True

    def _patiently(self, act: Callable[[], T]) -> T | None:
        """`act`, again and again while a dependency is down, saying so once a minute; null when told to stop."""
        said = 0.0
        try:
            while True:
                try:
                    return act()
                except DependencyDownError as error:
                    self._waiting.set(1)
                    if time.monotonic() - said >= SAY_AGAIN_SECONDS:
                        self._log.warning("waiting", reason=str(error))
                        said = time.monotonic()
                    self._beat(waiting=str(error))
                    if self._stop.wait(WAIT_SECONDS):
                        return None
        finally:
            self._waiting.set(0)

    def _outcomes(self, messages: Sequence[Message]) -> list[Result | Quarantined] | None:
        """The work on each message; the ones that fail are offered again, a bounded number of times.

        Null when told to stop before they had all their attempts: a stop may be why they failed.
        """
        done: dict[int, Result | Quarantined] = {}
        pending = list(enumerate(messages))
        for attempt in range(1, ATTEMPTS + 1):
            outcomes = self._try([message for _, message in pending])
            failed = []
            for (position, message), outcome in zip(pending, outcomes, strict=True):
                if isinstance(outcome, Failed):
                    failed.append((position, message))
                    self._failed += 1
                    done[position] = Quarantined(outcome.reason, outcome.error)
                    self._log.warning("message.failed", message=message.address, attempt=attempt, error=outcome.error)
                else:
                    done[position] = outcome
            pending = failed
            if not pending:
                break
            if attempt < ATTEMPTS and self._stop.wait(RETRY_SECONDS * attempt):
                return None
        return [_fitting(done[position]) for position in range(len(messages))]

    def _try(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        try:
            return self._work(messages)
        except (DependencyDownError, StopError):
            raise
        except Exception as error:  # noqa: BLE001 - a fault of the work itself: alone, each message shows whose
            if len(messages) == 1:
                return [Failed(describe(error))]
            return [outcome for message in messages for outcome in self._try([message])]

    def _stop_pouring(self, outcomes: Sequence[Result | Quarantined]) -> None:
        for outcome in outcomes:
            self._in_a_row = self._in_a_row + 1 if isinstance(outcome, Quarantined) else 0
            if self._in_a_row > QUARANTINES_IN_A_ROW:
                raise QuarantineFullError(
                    f"{self.consumer.name}: {self._in_a_row} messages in a row could not be worked on, the last one: "
                    f"{outcome}; see `otswatch quarantine list`, mend, start again (this batch was not committed)"
                )

    def _outgoing(self, message: Message, outcome: Result | Quarantined) -> tuple[Outgoing, ...]:
        if isinstance(outcome, Result):
            return outcome.outgoing
        headers = {
            **message.headers,
            "stage": self.consumer.name,
            "topic": message.topic,
            "partition": str(message.partition),
            "offset": str(message.offset),
            "reason": outcome.reason,
            "exception": outcome.detail,
            "attempt": str(1 + int(message.headers.get("attempt", "0"))),
            "time": datetime.now(UTC).isoformat(),
            "version": __version__,
        }
        return (Outgoing(self.consumer.quarantine, message.key, message.value, headers),)

    def _count(self, pairs: Sequence[Pair]) -> None:
        self._rate.add(Counter(f"{message.topic}/{message.partition}" for message, _ in pairs))
        for message, outcome in pairs:
            if isinstance(outcome, Result):
                status, reason, detail = outcome.status, outcome.reason, ""
            else:
                status, reason, detail = "quarantined", outcome.reason, outcome.detail
                self._log.warning(
                    "message.quarantined", message=message.address, id=message.key, reason=reason, detail=detail
                )
            self.counts[f"{status}:{reason}" if reason else status] += 1
            metrics.MESSAGES.labels(self.consumer.name, status, reason).inc()
            self._log.debug("message.done", message=message.address, id=message.key, status=status, reason=reason)


def _ends(batch: Batch) -> dict[str, str]:
    return {"first": batch.messages[0].address, "last": batch.messages[-1].address}


def _fitting(outcome: Result | Quarantined) -> Result | Quarantined:
    """The outcome, unless it is larger than a bus takes: that message is quarantined, its neighbours go on."""
    largest = max((len(out.value) for out in outcome.outgoing), default=0) if isinstance(outcome, Result) else 0
    if largest > MAX_MESSAGE_BYTES:
        return Quarantined(
            Reason.TOO_LARGE, f"the result has {largest:,} bytes, a message may have {MAX_MESSAGE_BYTES:,}"
        )
    return outcome
