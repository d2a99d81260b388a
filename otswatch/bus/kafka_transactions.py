"""Publish and commit as one act: Kafka's transactions, with an end to every wait.

A transaction has three ends: it went through, nothing of it happened, or nobody knows, because the answer to the commit
did not come. Whoever holds the transactional id next settles the third one: the broker finishes or aborts what was left
open before it lets the successor in, and after that the group's committed offsets say which of the two it was.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar

from kafka import KafkaProducer, TopicPartition, errors
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata

from otswatch.bus import MAX_MESSAGE_BYTES, Outgoing
from otswatch.bus.kafka_client import ANSWER_SECONDS, Address, ProducerLostError, translated
from otswatch.errors import DependencyDownError, OTSWatchError

#: How long all of a transaction may take: below the minute after which the broker aborts it by itself.
DEADLINE_SECONDS: Final = 30.0
TRANSACTION_SECONDS: Final = 60.0
#: Beside a value of the largest size there are its key, its headers and the frame.
MAX_REQUEST_BYTES: Final = MAX_MESSAGE_BYTES + (1 << 20)
_BATCH_BYTES: Final = 1 << 20


T = TypeVar("T")


class UnknownOutcomeError(DependencyDownError):
    """The commit was asked for, and no answer came: `Transactions.settle`, then look at the committed offsets."""


def producer(place: Address, **config: Any) -> KafkaProducer:
    """A producer that waits for every copy, in order, and writes nothing twice while it lives."""
    given = {
        "acks": "all",
        "compression_type": "zstd",
        "batch_size": _BATCH_BYTES,
        "max_request_size": MAX_REQUEST_BYTES,
        "allow_auto_create_topics": False,
        "max_block_ms": int(ANSWER_SECONDS * 1000),
        "request_timeout_ms": int(ANSWER_SECONDS * 1000),
        "delivery_timeout_ms": int(DEADLINE_SECONDS * 1000),
        # The broker is busy with the marks of one transaction for some milliseconds after it said that it is done.
        "retry_backoff_ms": 10,
    }
    return KafkaProducer(**place.config, **(given | config))


def deliver(sender: KafkaProducer, outgoing: Sequence[tuple[str, Outgoing]]) -> None:
    """Send each message to its topic of the cluster, and wait until all are delivered.

    Raises:
        KafkaError: one was not.
    """
    sent = []
    for topic, message in outgoing:
        headers = [(name, value.encode()) for name, value in message.headers.items()]
        sent.append(sender.send(topic, key=message.key.encode(), value=message.value, headers=headers))
    # Not `flush`: where a batch is too large and is sent in parts, it fails with "Future not done" (3.0.12).
    for future in sent:
        future.get(timeout=DEADLINE_SECONDS)


def discard(sender: KafkaProducer) -> None:
    """Let go of a producer whose cluster may not answer, without waiting for it."""
    with suppress(errors.KafkaError):
        sender.close(timeout=0)
    # Where something was still to be sent, `close` raises before it ends the producer's own thread (3.0.12).
    sender._sender.force_close()


class Transactions:
    """The transactions of one worker slot. Owned by one thread.

    Args:
        id: the transactional id: the same one again after a restart, so that what was left open is ended at once.
    """

    def __init__(self, place: Address, id: str, deadline: float = DEADLINE_SECONDS) -> None:  # noqa: A002 - its name
        self._place = place
        self._id = id
        self._deadline = deadline
        self._producer: KafkaProducer | None = None

    def run(
        self,
        outgoing: Sequence[tuple[str, Outgoing]],
        offsets: Mapping[TopicPartition, int],
        member: ConsumerGroupMetadata,
    ) -> None:
        """Publish `outgoing` (topic of the cluster, message) and commit `offsets` under the name of `member`.

        Raises:
            FencedError, MessageTooLargeError, DependencyDownError: nothing was published.
            UnknownOutcomeError: it may have been.
        """
        try:
            self._run(outgoing, offsets, member)
        except ProducerLostError:
            # By a worker of the same name: the group tells the two apart, by letting only one of them commit.
            self._run(outgoing, offsets, member)

    def _run(
        self,
        outgoing: Sequence[tuple[str, Outgoing]],
        offsets: Mapping[TopicPartition, int],
        member: ConsumerGroupMetadata,
    ) -> None:
        self.settle()
        step = _Step()
        try:
            with translated(self._place):
                within(self._deadline, lambda: self._transact(outgoing, offsets, member, step))
        except OTSWatchError as error:
            self._drop()
            if step.committing:
                raise UnknownOutcomeError(str(error)) from error
            # What was sent is open until somebody aborts it, and holds up every reader: the next producer does.
            with suppress(DependencyDownError):
                self.settle()
            raise

    def settle(self) -> None:
        """Make sure that there is a producer, and so that no transaction of a former one is open.

        Raises:
            DependencyDownError: the cluster does not answer.
        """
        if self._producer is None:
            with translated(self._place):
                self._producer = within(self._deadline, self._connect)

    def close(self) -> None:
        self._drop()

    def _connect(self) -> KafkaProducer:
        made = producer(self._place, transactional_id=self._id, transaction_timeout_ms=int(TRANSACTION_SECONDS * 1000))
        try:
            made.init_transactions()
        except BaseException:
            discard(made)
            raise
        return made

    def _transact(
        self,
        outgoing: Sequence[tuple[str, Outgoing]],
        offsets: Mapping[TopicPartition, int],
        member: ConsumerGroupMetadata,
        step: _Step,
    ) -> None:
        sender = self._producer
        assert sender is not None  # noqa: S101 - by `settle`
        sender.begin_transaction()
        deliver(sender, outgoing)
        sender.send_offsets_to_transaction(
            {partition: OffsetAndMetadata(offset, "", -1) for partition, offset in offsets.items()}, member
        )
        step.committing = True
        sender.commit_transaction()
        step.committing = False

    def _drop(self) -> None:
        if self._producer is not None:
            discard(self._producer)
            self._producer = None


class _Step:
    """Whether a commit was asked for and not answered."""

    committing = False


def within(seconds: float, act: Callable[[], T]) -> T:
    """What `act` returns or raises, if it does so in time.

    kafka-python waits for ever in `commit_transaction`, `abort_transaction` and `send_offsets_to_transaction` where a
    broker went away in between (3.0.12). The thread that is left behind ends with the producer that it waits for, or
    with the process.

    Raises:
        KafkaTimeoutError: it did not.
    """
    done: list[T] = []
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            done.append(act())
        except BaseException as error:  # noqa: BLE001 - raised by the thread that waits
            failed.append(error)

    thread = threading.Thread(target=guarded, name="kafka-transaction", daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if thread.is_alive():
        raise errors.KafkaTimeoutError(f"no answer within {seconds:g} s")
    return done[0]
