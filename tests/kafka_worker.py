"""A worker of a group as a process of its own, for tests that freeze it and that kill the broker under it.

    python -m tests.kafka_worker '{"url": …, "folder": …, "topic": …, "session": …, "worker": "KafkaWorker"}'

It polls a batch, says `polled`, waits for a line on its standard input, publishes a copy of each message to
`<topic>-articles`, says `committed` or `fenced`, and so on until its input ends. With `"pause": true` it says
`committing` and waits for a further line inside the open transaction. With `"alone": true` it waits for nobody. The
group is named after the topic.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kafka import KafkaProducer
from kafka.structs import ConsumerGroupMetadata

from otswatch.bus import Batch, Outgoing
from otswatch.bus import kafka_transactions as transactions
from otswatch.bus.kafka_client import address
from otswatch.bus.kafka_consumer import KafkaWorker
from otswatch.errors import DependencyDownError, FencedError


class Unnamed(KafkaWorker):
    """Without the rule: commits in the name of its group, whoever it may be in there."""

    def publish_and_commit(self, batch: Batch, outgoing: Sequence[Outgoing]) -> None:
        member = ConsumerGroupMetadata(group_id=self._group)
        super().publish_and_commit(replace(batch, token=replace(batch.token, member=member)), outgoing)

    def _require_current(self, token: Any) -> None:
        """Nobody looks."""


class Late(Unnamed):
    """Without the rules: asks who it is when it commits, and not when it polls, and has no fixed name."""

    def publish_and_commit(self, batch: Batch, outgoing: Sequence[Outgoing]) -> None:
        assert self._consumer is not None
        member = self._consumer.group_metadata()._replace(group_instance_id=None)
        token = replace(batch.token, member=member)
        KafkaWorker.publish_and_commit(self, replace(batch, token=token), outgoing)


class Waiting(KafkaWorker):
    """Without the rule: waits for an answer for as long as kafka-python does."""

    def publish_and_commit(self, batch: Batch, outgoing: Sequence[Outgoing]) -> None:
        transactions.within = lambda seconds, act: act()  # type: ignore[assignment]
        super().publish_and_commit(batch, outgoing)


class Repeating(KafkaWorker):
    """Without the rule: what had no answer is done again, without a look at what became of it."""

    def _went_through(self, token: Any) -> bool:
        assert self._transactions is not None
        self._transactions.settle()
        self._unsettled = None
        return False


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def wait() -> None:
    if not sys.stdin.readline():
        sys.exit()


def pause_in_transactions() -> None:
    commit = KafkaProducer.commit_transaction

    def paused(self: KafkaProducer) -> None:
        say("committing")
        wait()
        commit(self)

    KafkaProducer.commit_transaction = paused


def main() -> None:
    given = json.loads(sys.argv[1])
    if given.get("pause"):
        pause_in_transactions()
    topic = given["topic"]
    kind = {worker.__name__: worker for worker in (KafkaWorker, Unnamed, Late, Waiting, Repeating)}[given["worker"]]
    worker = kind(
        address(given["url"]),
        Path(given["folder"]),
        f"group-{topic}",
        [topic],
        session=given["session"],
        deadline=given["deadline"],
    )
    while True:
        batch = worker.poll(given["batch"], 1.0)
        if not batch:
            continue
        say("polled", *(message.offset for message in batch.messages))
        if not given.get("alone"):
            wait()
        copies = [Outgoing(f"{topic}-articles", message.key, message.value) for message in batch.messages]
        told = False
        while True:
            try:
                worker.publish_and_commit(batch, copies)
            except FencedError as error:
                sys.stderr.write(f"{error!r} {error.__cause__!r}\n")
                say("fenced")
                worker.rewind()
            except DependencyDownError:
                if not told:
                    say("waiting")
                told = True
                continue
            else:
                say("committed")
            break


if __name__ == "__main__":
    main()
