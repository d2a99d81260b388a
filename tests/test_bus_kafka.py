"""What only a real broker can show: workers that freeze and wake up, brokers that die inside a transaction.

Each rule is shown with a worker that lacks it, too: where that one does no harm any more, the rule has lost its reason.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from queue import Empty, Queue

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from deploy.stack import Kafka
from otswatch.bus import Message, Outgoing
from otswatch.bus.kafka import KafkaBus
from otswatch.bus.kafka_client import address
from otswatch.bus.kafka_topics import KafkaTopic, provision_topics
from otswatch.consumers.outcome import Outcome, Result
from otswatch.consumers.runner import Runner
from otswatch.consumers.topology import Consumer
from tests.processes import PATIENCE, eventually
from tests.stack import MARKS

pytestmark = MARKS

#: The shortest that a broker takes, without being told otherwise.
SESSION = 6.0
#: A frozen worker's first heartbeat after it woke up, and the answer.
NOTICES = 4.0
DEADLINE = 4.0


class Worker:
    """tests/kafka_worker.py as a process."""

    def __init__(self, **given: object) -> None:
        given = {"session": SESSION, "deadline": DEADLINE, "worker": "KafkaWorker", **given}
        command = [sys.executable, "-m", "tests.kafka_worker", json.dumps(given, default=str)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        self._said: Queue[str] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._said.put(line.rstrip())
        self._said.put("ended")

    def says(self, seconds: float = PATIENCE) -> str:
        """Its next word; "nothing" where it says none in time."""
        try:
            return self._said.get(timeout=seconds)
        except Empty:
            return "nothing"

    def go_on(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def log(line: str) -> None:
    """What happened, for those who run this with `-s`."""
    sys.stdout.write(f"\n{line}")


def topic_of(server: Kafka, messages: int, partitions: int = 1) -> str:
    topic = f"pages-{uuid.uuid4().hex[:8]}"
    provision_topics(address(server.url), [KafkaTopic(name, partitions) for name in (topic, f"{topic}-articles")])
    with KafkaBus(server.url, Path("/nonexistent")) as bus:
        bus.publish([Outgoing(topic, str(number), b"text") for number in range(messages)])
    return topic


def copies(server: Kafka, topic: str) -> list[int]:
    """The messages that copies were published of, as readers see them."""
    with KafkaBus(server.url, Path("/nonexistent")) as bus:
        return [int(message.key) for message in bus.read(f"{topic}-articles")]


def frozen(server: Kafka, folder: Path, worker: str, *, noticed: bool) -> tuple[str, list[int]]:
    """A worker is stopped with a batch in hand, past its session; another one does the work; then it wakes up.

    Args:
        noticed: it finds out that it was put out of its group before it commits.

    Returns:
        What it says about its commit, and the messages that were published.
    """
    topic = topic_of(server, 4)
    given = {"url": server.url, "folder": folder / f"{worker}-{noticed}", "topic": topic, "batch": 4}
    with ExitStack() as ends:
        first = Worker(**given, worker=worker)
        ends.callback(first.end)
        assert first.says() == "polled 0 1 2 3"
        first.signal(signal.SIGSTOP)
        second = Worker(**given)
        ends.callback(second.end)
        assert second.says() == "polled 0 1 2 3"
        second.go_on()
        assert second.says() == "committed"
        if noticed:
            first.signal(signal.SIGCONT)
            time.sleep(NOTICES)
            first.go_on()
        else:
            first.go_on()
            first.signal(signal.SIGCONT)
        return first.says(), copies(server, topic)


def test_a_worker_that_was_frozen_past_its_session_publishes_nothing(kafka_server: Kafka, tmp_path: Path) -> None:
    cases = [("KafkaWorker", False), ("KafkaWorker", True), ("Unnamed", False), ("Unnamed", True), ("Late", True)]
    with ThreadPoolExecutor(len(cases)) as pool:
        results = pool.map(lambda case: frozen(kafka_server, tmp_path, case[0], noticed=case[1]), cases)
    for (worker, noticed), (said, published) in zip(cases, results, strict=True):
        log(f"{worker}, woken {'after' if noticed else 'before'} it noticed: {said}, published {published}")
        if worker == "KafkaWorker":
            assert (said, published) == ("fenced", [0, 1, 2, 3])
        else:
            assert (said, published) == ("committed", [0, 1, 2, 3, 0, 1, 2, 3]), "the rule has lost its reason"


@contextmanager
def committing(broker: Kafka, folder: Path, worker: str) -> Iterator[tuple[Worker, str]]:
    """A worker with an open transaction that will now ask for the commit, and its topic."""
    topic = topic_of(broker, 4)
    session = 45.0  # a broker that was away counts the time as silence of its members
    given = {"url": broker.url, "folder": folder, "topic": topic, "batch": 4, "session": session, "pause": True}
    with ExitStack() as ends:
        first = Worker(**given, worker=worker)
        ends.callback(first.end)
        assert first.says() == "polled 0 1 2 3"
        first.go_on()
        assert first.says() == "committing"
        yield first, topic


@contextmanager
def killed(broker: Kafka) -> Iterator[None]:
    """Gone, and then there again with what it had."""
    broker.kill()
    try:
        yield
    finally:
        broker.start()


def said(worker: Worker) -> list[str]:
    """What it says until its batch is done, where it may go on at once."""
    words = []
    while not words or words[-1] in {"waiting", "committing"}:
        words.append(worker.says())
        if words[-1] == "committing":
            worker.go_on()
    return words


def test_a_broker_that_is_killed_inside_a_transaction_and_started_again(kafka_server: Kafka, tmp_path: Path) -> None:
    with committing(kafka_server, tmp_path, "KafkaWorker") as (worker, topic):
        with killed(kafka_server):
            worker.go_on()
            assert worker.says() == "waiting"
        words, published = said(worker), copies(kafka_server, topic)
        log(f"broker killed and started: {words}, published {published}")
        assert words[-1] == "committed"
        assert published == [0, 1, 2, 3]


def test_without_a_deadline_a_worker_says_nothing_of_a_broker_that_is_gone(kafka_server: Kafka, tmp_path: Path) -> None:
    with committing(kafka_server, tmp_path, "Waiting") as (worker, _), killed(kafka_server):
        worker.go_on()
        assert worker.says(4 * DEADLINE) == "nothing", "the rule has lost its reason"


@pytest.mark.parametrize(("kind", "expected"), [("KafkaWorker", [0, 1, 2, 3]), ("Repeating", [0, 1, 2, 3, 0, 1, 2, 3])])
def test_a_commit_whose_answer_does_not_come_in_time_is_looked_up(
    kafka_server: Kafka, tmp_path: Path, kind: str, expected: list[int]
) -> None:
    with committing(kafka_server, tmp_path, kind) as (worker, topic):
        kafka_server.signal(signal.SIGSTOP)
        try:
            worker.go_on()
            assert worker.says() == "waiting"
        finally:
            kafka_server.signal(signal.SIGCONT)  # the question of the commit waits at its door
        words, published = said(worker), copies(kafka_server, topic)
        log(f"{kind}: {words}, published {published}")
        assert words[-1] == "committed"
        assert published == expected


def test_of_many_groups_that_join_at_once_none_is_left_behind(kafka_server: Kafka, tmp_path: Path) -> None:
    """kafka-python forgets a join that outlasts a poll, where new metadata came and went meanwhile (3.0.12)."""

    def reads_all(bus: KafkaBus, group: str, topic: str) -> int:
        worker = bus.consumer(group, [topic])
        deadline = time.monotonic() + PATIENCE
        found = 0
        while found < 6 and time.monotonic() < deadline:
            found += len(worker.poll(10, 0.2).messages)
        worker.close()
        return found

    with ThreadPoolExecutor(6) as pool, KafkaBus(kafka_server.url, tmp_path) as bus:
        for _ in range(4):
            topic = topic_of(kafka_server, 6, partitions=8)
            groups = [f"{name}-{topic}" for name in "abcdef"]
            assert list(pool.map(lambda group, topic=topic: reads_all(bus, group, topic), groups)) == [6] * 6


def test_workers_that_share_partitions_and_are_killed_lose_nothing_and_do_nothing_twice(
    kafka_server: Kafka, tmp_path: Path
) -> None:
    dice = random.Random(5)  # noqa: S311 - which worker is killed, and when
    partitions, messages, keys = 4, 2000, 50
    topic = topic_of(kafka_server, 0, partitions)
    given = {"url": kafka_server.url, "folder": tmp_path, "topic": topic, "batch": 20, "alone": True}
    with ExitStack() as ends, KafkaBus(kafka_server.url, tmp_path) as bus:
        workers = [Worker(**given) for _ in range(3)]
        ends.callback(lambda: [worker.end() for worker in workers])
        for killed in range(4):
            numbers = range(killed * messages // 4, (killed + 1) * messages // 4)
            bus.publish([Outgoing(topic, str(number % keys), str(number).encode()) for number in numbers])
            time.sleep(dice.uniform(0.2, 2.0))
            victim = dice.randrange(len(workers))
            workers[victim].end()
            workers[victim] = Worker(**given)
        eventually(lambda: not sum(lag.messages for lag in bus.lag(f"group-{topic}", [topic])))
        copied = [list(bus.read(f"{topic}-articles", 0, partition)) for partition in range(partitions)]
    found = [int(message.value) for partition in copied for message in partition]
    assert len(found) == messages
    assert set(found) == set(range(messages))
    for partition in copied:
        for key in range(keys):
            of_key = [int(message.value) for message in partition if message.key == str(key)]
            assert of_key == sorted(of_key)


class Copying:
    """Work that publishes each message again, the one of key 2 with much noise."""

    def __init__(self, topic: str) -> None:
        self._topic = topic

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        return [self._copy(message) for message in messages]

    def _copy(self, message: Message) -> Result:
        value = os.urandom(20_000) if message.key == "2" else message.value
        return Result((Outgoing(self._topic, message.key, value),))

    def close(self) -> None:
        """Nothing is held."""


def test_a_topic_that_takes_less_than_we_do_costs_only_the_message_that_is_too_large(
    kafka_server: Kafka, tmp_path: Path
) -> None:
    topic = topic_of(kafka_server, 5)
    with closing(KafkaAdminClient(**address(kafka_server.url).config)) as admin:
        admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, f"{topic}-articles", {"max.message.bytes": 5000})]
        )
    provision_topics(address(kafka_server.url), [KafkaTopic("quarantine.copy", 1, for_ever=True)])
    consumer = Consumer("copy", (topic,), (f"{topic}-articles",), "", 10, "copies")

    stop = threading.Event()
    with KafkaBus(kafka_server.url, tmp_path) as bus:
        runner = Runner(consumer, Copying(f"{topic}-articles"), bus, tmp_path, stop)
        thread = threading.Thread(target=runner.run, daemon=True)
        thread.start()
        assert eventually(lambda: runner.counts.total() == 5)
        stop.set()
        thread.join()
        assert runner.counts == {"ok": 4, "quarantined:too-large": 1}
        assert copies(kafka_server, topic) == [0, 1, 3, 4]
        [held] = bus.read("quarantine.copy")
        assert (held.key, held.headers["reason"]) == ("2", "too-large")
