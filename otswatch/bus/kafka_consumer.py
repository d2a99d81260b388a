"""One worker of a consumer group on Kafka.

What proves who polled a batch is taken with it and travels with it: asked for at commit time, a worker that was frozen
and put out of its group has no generation, which the broker takes for a commit that no group watches over.

Messages are fetched ahead, and batches are made of what is here, a partition at a time in turns. What is committed is
the position behind a batch, not its last offset plus one: the marks of transactions take offsets, too.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from kafka import ConsumerRebalanceListener, KafkaAdminClient, KafkaConsumer, TopicPartition, errors
from kafka.admin import MemberToRemove
from kafka.structs import ConsumerGroupMetadata, MemberState, OffsetAndMetadata

from otswatch import slots
from otswatch.bus import Batch, Message, Outgoing, expired, require_small
from otswatch.bus.kafka_client import ANSWER_SECONDS, Address, SlotTakenError, translated
from otswatch.bus.kafka_transactions import Transactions, UnknownOutcomeError
from otswatch.errors import DependencyDownError, FencedError
from otswatch.logs import get_logger

log = get_logger(__name__)

#: How long a batch may take. Heartbeats go on meanwhile: they tell of the process, this tells of the work.
BATCH_SECONDS: Final = 3600.0
#: Without a heartbeat for so long, a worker is put out of its group.
SESSION_SECONDS: Final = 45.0
#: A batch ends early with the message that makes it this large: memory stays bounded on large pages.
MAX_BATCH_BYTES: Final = 64 << 20
#: What one answer to a fetch holds, in bytes as sent, unless a single message has more.
FETCH_BYTES: Final = 16 << 20
FETCH_MESSAGES: Final = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = int(ANSWER_SECONDS * 1000)


@dataclass(frozen=True, slots=True)
class _Token:
    """Who polled a batch, and from where to where in each of its partitions."""

    member: ConsumerGroupMetadata
    start: Mapping[TopicPartition, int]
    end: Mapping[TopicPartition, int]


@dataclass(slots=True)
class _Place:
    """Where a worker is in a partition: committed up to `done`, given out up to `read`, and what is fetched ahead."""

    done: int
    read: int
    ahead: deque[Any] = field(default_factory=deque)


class _OnRebalance(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python has no types
    """Forgets what was fetched and given out: it is read again by whoever gets the partition."""

    def __init__(self, places: dict[TopicPartition, _Place]) -> None:
        self._places = places

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        self._places.clear()

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self._places.clear()


class KafkaWorker:
    """`otswatch.bus.Consumer`. Connects at its first poll, so that a cluster that is down is waited for.

    Args:
        group, topics: as the cluster names them.
        prefix: what `group` and `topics` start with there; taken off in messages.
        folder: of the slots (`otswatch.slots`).
    """

    def __init__(
        self,
        place: Address,
        folder: Path,
        group: str,
        topics: Sequence[str],
        prefix: str = "",
        *,
        session: float = SESSION_SECONDS,
        deadline: float | None = None,
    ) -> None:
        self._address = place
        self._folder = folder
        self._group = group
        self._topics = list(dict.fromkeys(topics))
        self._prefix = prefix
        self._session = session
        self._limits = {} if deadline is None else {"deadline": deadline}
        self._slot: slots.Slot | None = None
        self._taken_slots: list[slots.Slot | None] = []
        self._consumer: KafkaConsumer | None = None
        self._transactions: Transactions | None = None
        self._places: dict[TopicPartition, _Place] = {}
        self._turn: list[TopicPartition] = []
        self._unsettled: _Token | None = None
        self._rewound = False
        self._answered = time.monotonic()

    # ------------------------------------------------------------------------------------------------------- Consumer

    def poll(self, limit: int, timeout: float) -> Batch:
        try:
            with translated(self._address):
                return self._poll(limit, time.monotonic() + timeout)
        except SlotTakenError:
            self._take_another_slot()
        except FencedError:
            pass  # a commit past marks came in the middle of a rebalance; the next poll joins again
        return Batch((), None)

    def publish_and_commit(self, batch: Batch, outgoing: Sequence[Outgoing]) -> None:
        token = batch.token
        if not isinstance(token, _Token):
            raise FencedError(f"group {self._group}: the batch was polled while another member led")
        if self._unsettled is token and self._went_through(token):
            return
        self._require_current(token)
        require_small(outgoing)
        named = [(self._prefix + message.topic, message) for message in outgoing]
        assert self._transactions is not None  # noqa: S101 - whoever polled is connected
        try:
            self._transactions.run(named, token.end, token.member)
        except UnknownOutcomeError:
            self._unsettled = token
            if not self._went_through(token):
                raise
            return
        except SlotTakenError:
            self._take_another_slot()
            raise
        self._advance(token)

    def rewind(self) -> None:
        self._rewound = True
        self._places.clear()

    def close(self) -> None:
        with suppress(errors.KafkaError):
            self._leave()
        for slot in (self._slot, *self._taken_slots):
            if slot is not None:
                slot.release()

    # ----------------------------------------------------------------------------------------------------- connection

    def _connected(self) -> KafkaConsumer:
        if self._consumer is None:
            self._slot = self._slot or slots.take(self._folder, self._group)
            self._transactions = Transactions(self._address, self._slot.name, **self._limits)
            self._transactions.settle()  # ends what a predecessor left open, before anything is read behind it
            consumer = KafkaConsumer(
                **self._address.config,
                group_id=self._group,
                group_instance_id=self._slot.name,
                enable_auto_commit=False,
                # Never by itself: the start of a new group and a gap that retention made are told apart below.
                auto_offset_reset="none",
                isolation_level="read_committed",
                allow_auto_create_topics=False,
                max_poll_interval_ms=int(BATCH_SECONDS * 1000),
                session_timeout_ms=int(self._session * 1000),
                heartbeat_interval_ms=int(self._session * 1000 / 15),
                fetch_max_bytes=FETCH_BYTES,
                max_partition_fetch_bytes=FETCH_BYTES,
                metrics_enabled=False,
            )
            missing = [topic for topic in self._topics if not consumer.partitions_for_topic(topic)]
            if missing:
                consumer.close()
                raise DependencyDownError(
                    f"Kafka at {self._address.shown} misses the topic {missing[0]}: run `otswatch provision`"
                )
            consumer.subscribe(self._topics, listener=_OnRebalance(self._places))
            self._consumer = consumer
        return self._consumer

    def _leave(self) -> None:
        """Out of the group at once, so that nobody waits for the session to end."""
        consumer, transactions = self._consumer, self._transactions
        self._consumer = self._transactions = None
        self._places.clear()
        if transactions is not None:
            transactions.close()
        if consumer is not None and self._slot is not None:
            member = consumer.group_metadata().member_id
            consumer.close(timeout_ms=_MILLISECONDS)
            if member:
                self._remove(MemberToRemove(member_id=member, group_instance_id=self._slot.name))

    def _take_another_slot(self) -> None:
        log.warning("slot.taken", group=self._group, slot=self._slot and self._slot.name, next="going on as another")
        with suppress(errors.KafkaError):
            self._leave()
        # Held until the end, so that we do not take it again and put the other one out in turn.
        self._taken_slots.append(self._slot)
        self._slot = None

    def _remove(self, member: MemberToRemove) -> None:
        # By the member's id as well: a successor of the same name is somebody else.
        with suppress(errors.KafkaError):
            admin = KafkaAdminClient(**self._address.config)
            try:
                admin.remove_group_members(self._group, [member])
            finally:
                admin.close()

    # -------------------------------------------------------------------------------------------------------- reading

    def _poll(self, limit: int, until: float) -> Batch:
        consumer = self._connected()
        if self._rewound:
            self._go_back(consumer)
        while True:
            if not any(place.ahead for place in self._places.values()):
                self._fetch(consumer, until - time.monotonic())
            batch = self._taken(consumer, limit)
            if batch:
                return batch
            self._pass_marks(consumer)
            self._require_answers(consumer)
            if time.monotonic() >= until:
                return batch

    def _fetch(self, consumer: KafkaConsumer, seconds: float) -> None:
        if consumer.group_metadata().state == MemberState.REBALANCING:
            # A join that outlasts a poll is forgotten where its cause, new metadata, is withdrawn meanwhile: nobody
            # takes its result then, and the member reads nothing and gives no sign of life, for ever (3.0.12).
            consumer._coordinator.request_rejoin()
        try:
            found = consumer.poll(timeout_ms=max(0, min(seconds, 1.0)) * 1000, max_records=FETCH_MESSAGES)
        except errors.NoOffsetForPartitionError:
            self._start(consumer)
            return
        except errors.OffsetOutOfRangeError:
            self._refuse_gap(consumer)
            raise
        for partition, records in found.items():
            place = self._places.setdefault(partition, _Place(records[0].offset, records[0].offset))
            place.ahead.extend(records)
        if found:
            self._answered = time.monotonic()

    def _start(self, consumer: KafkaConsumer) -> None:
        """At the earliest message, where the group was never before; said to the group, so that a gap is seen later."""
        assigned = consumer.assignment()
        new = [p for p in assigned if consumer.committed(p, timeout_ms=_MILLISECONDS) is None]
        first = consumer.beginning_offsets(new, timeout_ms=_MILLISECONDS)
        consumer.commit({p: OffsetAndMetadata(offset, "", -1) for p, offset in first.items()}, timeout_ms=_MILLISECONDS)
        for partition, offset in first.items():
            consumer.seek(partition, offset)

    def _refuse_gap(self, consumer: KafkaConsumer) -> None:
        """
        Raises:
            OffsetExpiredError: saying how much of which topic is gone.
        """
        assigned = list(consumer.assignment())
        first = consumer.beginning_offsets(assigned, timeout_ms=_MILLISECONDS)
        for partition in assigned:
            committed = consumer.committed(partition, timeout_ms=_MILLISECONDS)
            if committed is not None and committed < first[partition]:
                topic = partition.topic.removeprefix(self._prefix)
                raise expired(self._group, topic, committed, first[partition])

    def _taken(self, consumer: KafkaConsumer, limit: int) -> Batch:
        """A batch of what was fetched ahead; each partition has its turn at the head of one."""
        messages: list[Message] = []
        start: dict[TopicPartition, int] = {}
        end: dict[TopicPartition, int] = {}
        for partition in self._in_turn():
            place = self._places[partition]
            taken = _take(place.ahead, limit - len(messages), MAX_BATCH_BYTES - sum(len(m.value) for m in messages))
            if taken:
                messages += [message_of(record, self._prefix) for record in taken]
                start[partition] = place.read
                place.read = end[partition] = place.ahead[0].offset if place.ahead else consumer.position(partition)
        return Batch(tuple(messages), _Token(consumer.group_metadata(), start, end) if messages else None)

    def _in_turn(self) -> list[TopicPartition]:
        """The partitions that we read, another one first each time."""
        known = [partition for partition in self._turn if partition in self._places]
        known += sorted(self._places.keys() - set(known))
        self._turn = known[1:] + known[:1]
        return known

    def _pass_marks(self, consumer: KafkaConsumer) -> None:
        """Commit past the marks of transactions, which are no messages: else a group would never be at the end."""
        passed: dict[TopicPartition, OffsetAndMetadata] = {}
        for partition in consumer.assignment():
            place = self._places.get(partition) or self._found(consumer, partition)
            if place is None or place.ahead or place.read != place.done:
                continue
            position = consumer.position(partition, timeout_ms=_MILLISECONDS)
            if position is not None and position > place.done:
                passed[partition] = OffsetAndMetadata(position, "", -1)
        if passed:
            consumer.commit(passed, timeout_ms=_MILLISECONDS)
            for partition, offset in passed.items():
                self._places[partition].done = self._places[partition].read = offset.offset

    def _found(self, consumer: KafkaConsumer, partition: TopicPartition) -> _Place | None:
        committed = consumer.committed(partition, timeout_ms=_MILLISECONDS)
        if committed is None:
            return None
        self._places[partition] = _Place(committed, committed)
        return self._places[partition]

    def _require_answers(self, consumer: KafkaConsumer) -> None:
        """A poll of kafka-python is silent about brokers that are gone: ask, where nothing came for a while.

        Raises:
            KafkaError: there is no answer.
        """
        if time.monotonic() - self._answered >= ANSWER_SECONDS and consumer.assignment():
            consumer.end_offsets(list(consumer.assignment()), timeout_ms=_MILLISECONDS)
            self._answered = time.monotonic()

    def _go_back(self, consumer: KafkaConsumer) -> None:
        for partition in consumer.assignment():
            committed = consumer.committed(partition, timeout_ms=_MILLISECONDS)
            if committed is not None:
                consumer.seek(partition, committed)
        self._places.clear()
        self._rewound = False

    # ----------------------------------------------------------------------------------------------------- committing

    def _require_current(self, token: _Token) -> None:
        """
        Raises:
            FencedError: the batch was committed already, or is read by another since.
        """
        if token.member.generation_id < 0:
            raise FencedError(f"group {self._group}: the batch was polled outside the group")
        for partition, start in token.start.items():
            place = self._places.get(partition)
            if place is None or place.done != start:
                raise FencedError(
                    f"group {self._group}: {partition.topic} was taken over, or committed past {start} already"
                )

    def _went_through(self, token: _Token) -> bool:
        """Whether a transaction whose answer did not come was committed, as the group's offsets say.

        Raises:
            DependencyDownError: nobody can say yet; ask again later.
        """
        assert self._transactions is not None  # noqa: S101 - it ran one
        self._transactions.settle()
        with translated(self._address):
            consumer = self._connected()
            committed = {p: consumer.committed(p, timeout_ms=_MILLISECONDS) for p in token.end}
        self._unsettled = None
        if committed == dict(token.end):
            self._advance(token)
            return True
        return False

    def _advance(self, token: _Token) -> None:
        for partition, end in token.end.items():
            if partition in self._places:
                self._places[partition].done = end


def _take(ahead: deque[Any], count: int, size: int) -> list[Any]:
    """The first records, up to so many and so many bytes, and one at least where there is room for any."""
    taken: list[Any] = []
    while ahead and len(taken) < count and size > 0:
        taken.append(ahead.popleft())
        size -= len(taken[-1].value or b"")
    return taken


def message_of(record: Any, prefix: str) -> Message:
    # Whoever else writes to the topic may leave key and value out; what they mean is for the work to judge.
    key, value = (record.key or b"").decode(errors="replace"), record.value or b""
    headers = {name: (given or b"").decode(errors="replace") for name, given in record.headers}
    at = _EPOCH + timedelta(milliseconds=record.timestamp)
    return Message(record.topic.removeprefix(prefix), record.partition, record.offset, key, value, headers, at)
