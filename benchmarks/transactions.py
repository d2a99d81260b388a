"""What a Kafka transaction costs: the same batches published and committed with it, and without.

Two workers read the same articles in turns, a batch each, and publish a copy of what they read. They differ in nothing
but how: `KafkaWorker` as one act; the other one delivers by a plain idempotent producer, then commits, so that a crash
between the two would publish a batch twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from kafka import KafkaProducer
from kafka.structs import OffsetAndMetadata

from benchmarks.corpus import Corpus
from benchmarks.servers import Servers, provisioned
from otswatch.bus import Batch, Outgoing
from otswatch.bus.kafka import KafkaBus, prefix
from otswatch.bus.kafka_client import address
from otswatch.bus.kafka_consumer import KafkaWorker
from otswatch.bus.kafka_transactions import deliver, discard, producer
from otswatch.consumers.topology import CONSUMERS
from otswatch.settings import Settings


class Plain(KafkaWorker):
    """Publishes and commits, one after the other."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._producer: KafkaProducer = producer(self._address)

    def publish_and_commit(self, batch: Batch, outgoing: Sequence[Outgoing]) -> None:
        token: Any = batch.token
        deliver(self._producer, [(self._prefix + message.topic, message) for message in outgoing])
        assert self._consumer is not None
        self._consumer.commit({partition: OffsetAndMetadata(end, "", -1) for partition, end in token.end.items()})
        self._advance(token)

    def close(self) -> None:
        discard(self._producer)
        super().close()


@dataclass(frozen=True, slots=True)
class Timed:
    """A batch: seconds for all of it, and of them for publishing and committing."""

    messages: int
    whole: float
    publish: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Batches of one size at most (what was fetched ahead ends some early), pair by pair."""

    size: int
    pairs: list[tuple[Timed, Timed]]

    def rate(self, place: int) -> float:
        """Messages per second with transactions (0), or without (1)."""
        batches = [pair[place] for pair in self.pairs]
        return sum(batch.messages for batch in batches) / sum(batch.whole for batch in batches)

    def milliseconds(self, place: int) -> float:
        """For publishing and committing a batch."""
        return 1000 * median(pair[place].publish for pair in self.pairs)

    @property
    def added(self) -> float:
        """Milliseconds that a transaction adds to a batch."""
        return 1000 * median(one.publish - other.publish for one, other in self.pairs)


def sizes() -> list[int]:
    """The sizes of batch that the pipeline has."""
    return sorted({consumer.batch for consumer in CONSUMERS.values()})


def cost(servers: Servers, batches: int) -> list[Cost]:
    """Measured for each size of batch, on articles that are kept."""
    with TemporaryDirectory() as data, provisioned(Path(data), Servers(bus=servers.bus)) as settings:
        with KafkaBus(settings.bus, settings.data, settings.namespace) as bus:
            bus.publish(_articles(max(sizes()) * (batches + 1)))
        return [_cost(settings, size, batches) for size in sizes()]


def _articles(number: int) -> list[Outgoing]:
    made = islice(Corpus(500, discarded=0), min(number, 500))
    known = [Outgoing("articles", article.id, article.to_json()) for article in made]
    return [known[place % len(known)] for place in range(number)]


def _cost(settings: Settings, size: int, batches: int) -> Cost:
    with _worker(KafkaWorker, settings, size) as one, _worker(Plain, settings, size) as other:
        for worker in (one, other):  # joins its group
            _pass_on(worker, size)
        pairs = []
        for turn in range(batches):
            # Neither is always first.
            order = (one, other) if turn % 2 else (other, one)
            times = {worker: _pass_on(worker, size) for worker in order}
            pairs.append((times[one], times[other]))
        return Cost(size, pairs)


@contextmanager
def _worker(kind: type[KafkaWorker], settings: Settings, size: int) -> Iterator[KafkaWorker]:
    names = prefix(settings.namespace)
    group = f"{names}{kind.__name__}-{size}"
    worker = kind(address(settings.bus), settings.data / "slots", group, [f"{names}articles"], names)
    with closing(worker):
        yield worker


def _pass_on(worker: KafkaWorker, size: int) -> Timed:
    begin = time.perf_counter()
    batch = worker.poll(size, 30.0)
    assert batch, "no messages came"
    polled = time.perf_counter()
    worker.publish_and_commit(batch, [Outgoing("grouped", message.key, message.value) for message in batch.messages])
    end = time.perf_counter()
    return Timed(len(batch.messages), end - begin, end - polled)


def table(costs: Sequence[Cost]) -> str:
    """As a table."""
    rows = [
        f"| {cost.size} | {cost.rate(0):,.0f} | {cost.rate(1):,.0f} | {cost.milliseconds(0):.1f} |"
        f" {cost.milliseconds(1):.1f} | {cost.added:+.1f} |"
        for cost in costs
    ]
    return "\n".join(
        (
            "| batch | messages/s, with | without | ms to publish and commit, with | without | a transaction adds ms |",
            "|---:|---:|---:|---:|---:|---:|",
            *rows,
        )
    )
