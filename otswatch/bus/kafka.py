"""The bus of a larger deployment: Apache Kafka.

Workers of a group share the partitions of its topics. What they publish and commit is one transaction, and readers see
committed messages only. What is published outside a group, by the crawlers, needs no transaction: when `publish` fails,
some of it may be there, and is published again.

Retention is done by `expire`, below what every group has committed. The broker itself deletes only what is much older
(`otswatch.bus.kafka_topics`), so that a group nobody runs any more does not fill its disk.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition, errors
from kafka.admin import OffsetSpec

from otswatch.bus import Lag, Message, Outgoing, require_small
from otswatch.bus.kafka_client import ANSWER_SECONDS, address, translated
from otswatch.bus.kafka_consumer import FETCH_BYTES, KafkaWorker, message_of
from otswatch.bus.kafka_transactions import deliver, discard, producer

T = TypeVar("T")

_MILLISECONDS: Final = int(ANSWER_SECONDS * 1000)
_RETRY_SECONDS: Final = 0.1
#: The broker marks a transaction as committed a moment after it said that it is.
_SETTLE_MILLISECONDS: Final = 2000


def prefix(namespace: str) -> str:
    """What the names of topics and groups start with, on a cluster that others may use as well."""
    return f"{namespace}." if namespace else ""


class KafkaBus:
    """`otswatch.bus.Bus` on the cluster at `url`. Connects when it is first used.

    Args:
        folder: of the slots (`otswatch.slots`), in the data folder.
        options: of each worker, as `KafkaWorker` takes them; for tests that cannot wait as long as a deployment can.

    Raises:
        ConfigError: not an address.
    """

    def __init__(
        self, url: str, folder: Path, namespace: str = "", ca_file: Path | None = None, **options: float
    ) -> None:
        self._address = address(url, ca_file)
        self._folder = folder
        self._prefix = prefix(namespace)
        self._options = options
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        #: By topic: how many messages, up to which offset, from which one.
        self._counts: dict[str, tuple[int, int, int]] = {}
        self._admin: KafkaAdminClient | None = None
        self._producer: KafkaProducer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def publish(self, outgoing: Sequence[Outgoing]) -> None:
        require_small(outgoing)
        with self._lock, translated(self._address):
            if self._producer is None:
                self._producer = producer(self._address)
            try:
                deliver(self._producer, [(self._prefix + message.topic, message) for message in outgoing])
            except errors.KafkaError:
                discard(self._producer)
                self._producer = None
                raise

    def consumer(self, group: str, topics: Sequence[str]) -> KafkaWorker:
        named = [self._prefix + topic for topic in topics]
        return KafkaWorker(self._address, self._folder, self._prefix + group, named, self._prefix, **self._options)

    def read(self, topic: str, start: int = 0, partition: int = 0) -> Iterator[Message]:
        place = TopicPartition(self._prefix + topic, partition)
        if place not in self._partitions([topic]):
            return
        first, end = (
            self._offsets([place], OffsetSpec.EARLIEST)[place],
            self._offsets([place], OffsetSpec.LATEST)[place],
        )
        with translated(self._address), closing(self._reader()) as reader:
            reader.assign([place])
            reader.seek(place, max(start, first))
            while reader.position(place, timeout_ms=_MILLISECONDS) < end:
                before = reader.position(place)
                for record in reader.poll(timeout_ms=_SETTLE_MILLISECONDS).get(place, ()):
                    if record.offset >= end:
                        return
                    yield message_of(record, self._prefix)
                if reader.position(place) == before:
                    return  # the rest belongs to a transaction that is still open

    def count(self, topic: str) -> int:
        # Offsets do not tell: the marks of transactions take some. So they are read, each once.
        with self._counting:
            first = next(iter(self._offsets(self._partitions([topic]), OffsetSpec.EARLIEST).values()), 0)
            counted = self._counts.get(topic)
            count, after, since = counted if counted and counted[2] == first else (0, first, first)
            for message in self.read(topic, after):
                count, after = count + 1, message.offset + 1
            self._counts[topic] = count, after, since
            return count

    def lag(self, group: str, topics: Sequence[str]) -> list[Lag]:
        places = self._partitions(topics)
        committed = self._committed(group, places)
        first, end = self._offsets(places, OffsetSpec.EARLIEST), self._offsets(places, OffsetSpec.LATEST)
        return [
            Lag(
                group,
                place.topic.removeprefix(self._prefix),
                place.partition,
                max(committed[place], first[place]),
                end[place],
            )
            for place in places
        ]

    def expire(self, topic: str, before: datetime, groups: Sequence[str]) -> int:
        places = self._partitions([topic])
        first, end = self._offsets(places, OffsetSpec.EARLIEST), self._offsets(places, OffsetSpec.LATEST)
        young = self._offsets(places, int(before.astimezone(UTC).timestamp() * 1000))
        bounds = {place: end[place] if young[place] < 0 else young[place] for place in places}
        for group in groups:
            committed = self._committed(group, places)
            bounds = {place: min(bound, committed[place]) for place, bound in bounds.items()}
        old = {place: bound for place, bound in bounds.items() if bound > first[place]}
        if old:
            self._ask(lambda admin: admin.delete_records(old, timeout_ms=_MILLISECONDS))
        return sum(bound - first[place] for place, bound in old.items())

    def close(self) -> None:
        with self._lock:
            if self._producer is not None:
                discard(self._producer)  # everything was delivered when `publish` returned
            if self._admin is not None:
                self._admin.close()
            self._producer = self._admin = None

    # ------------------------------------------------------------------------------------------------------- questions

    def _reader(self) -> KafkaConsumer:
        return KafkaConsumer(
            **self._address.config,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            allow_auto_create_topics=False,
            fetch_max_bytes=FETCH_BYTES,
            max_partition_fetch_bytes=FETCH_BYTES,
            metrics_enabled=False,
        )

    def _partitions(self, topics: Sequence[str]) -> list[TopicPartition]:
        """Of the topics that there are."""
        found = self._ask(lambda admin: admin.describe_topics([self._prefix + topic for topic in topics]))
        return sorted(
            TopicPartition(topic["name"], partition["partition_index"])
            for topic in found
            for partition in topic["partitions"]
        )

    def _committed(self, group: str, places: Sequence[TopicPartition]) -> Mapping[TopicPartition, int]:
        """-1 where the group has not committed."""
        named = self._prefix + group
        found = self._ask(lambda admin: admin.list_group_offsets({named: list(places)})[named])
        return {place: found[place].offset for place in places}

    def _offsets(self, places: Sequence[TopicPartition], spec: int) -> Mapping[TopicPartition, int]:
        """With what is not committed yet: it is counted as waiting, and nobody who waits for it goes away early."""
        asked = dict.fromkeys(places, spec)
        found = self._ask(lambda admin: admin.list_partition_offsets(asked, timeout_ms=_MILLISECONDS))
        return {place: answer.offset for place, answer in found.items()}

    def _ask(self, question: Callable[[Any], T]) -> T:
        """The answer; a cluster that is only just getting ready to give one is asked again for some seconds.

        Raises:
            DependencyDownError: there is none.
        """
        deadline = time.monotonic() + ANSWER_SECONDS
        with self._lock, translated(self._address):
            while True:
                try:
                    if self._admin is None:
                        self._admin = KafkaAdminClient(**self._address.config, request_timeout_ms=_MILLISECONDS)
                    return question(self._admin)
                except errors.RetriableError:
                    if time.monotonic() >= deadline:
                        raise
                    time.sleep(_RETRY_SECONDS)
