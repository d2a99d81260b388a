"""The embedded bus against a model of it: a list per topic, and what each group read and committed."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from otswatch.bus import Batch, Outgoing
from otswatch.bus.sqlite import SqliteBus, SqliteConsumer
from otswatch.errors import FencedError, OffsetExpiredError

TOPICS = ("pages", "articles")
GROUPS = ("extract", "archive")
LATER = datetime.now(UTC) + timedelta(days=1)

topics = st.sampled_from(TOPICS)
groups = st.sampled_from(GROUPS)


class Polled(NamedTuple):
    batch: Batch
    term: int
    start: int
    end: int


class Model(RuleBasedStateMachine):
    """Every group reads `pages`. A batch is committed with what it publishes to `articles`, or not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.bus = SqliteBus(Path(self.folder.name) / "bus.sqlite")
        self.log: dict[str, list[str]] = {topic: [] for topic in TOPICS}
        self.first = dict.fromkeys(TOPICS, 0)
        self.joined: dict[str, int] = {}
        self.read: dict[str, int] = {}
        self.consumers: dict[str, SqliteConsumer] = {}
        self.leads: set[str] = set()
        self.term = dict.fromkeys(GROUPS, 0)
        self.batches: dict[str, list[Polled]] = {group: [] for group in GROUPS}

    def teardown(self) -> None:
        for group in list(self.consumers):
            self.leave(group)
        self.bus.close()
        self.folder.cleanup()

    @rule(topic=topics, values=st.lists(st.text(max_size=5), max_size=4))
    def publish(self, topic: str, values: list[str]) -> None:
        self.bus.publish([Outgoing(topic, "k", value.encode()) for value in values])
        self.log[topic] += values

    @rule(group=groups, limit=st.integers(1, 5))
    def poll(self, group: str, limit: int) -> None:
        consumer = self.member(group)
        if group not in self.leads:
            self.leads.add(group)
            self.term[group] += 1
        start = self.read.get(group, self.joined.setdefault(group, self.first["pages"]))
        if start < self.first["pages"]:
            with pytest.raises(OffsetExpiredError):
                consumer.poll(limit, 0)
            return
        batch = consumer.poll(limit, 0)
        end = min(start + limit, len(self.log["pages"]))
        assert [message.offset for message in batch.messages] == list(range(start, end))
        assert [message.value.decode() for message in batch.messages] == self.log["pages"][start:end]
        self.read[group] = end
        self.batches[group].append(Polled(batch, self.term[group], start, end))

    @rule(group=groups, at=st.integers(0, 3), values=st.lists(st.text(max_size=5), max_size=2))
    def commit(self, group: str, at: int, values: list[str]) -> None:
        if not self.batches[group]:
            return
        polled = self.batches[group][-1 - at % len(self.batches[group])]
        outgoing = [Outgoing("articles", "k", value.encode()) for value in values]
        if polled.term != self.term[group] or polled.start != self.joined[group]:
            with pytest.raises(FencedError):
                self.member(group).publish_and_commit(polled.batch, outgoing)
        else:
            self.member(group).publish_and_commit(polled.batch, outgoing)
            self.joined[group] = polled.end
            self.log["articles"] += values

    @rule(group=groups)
    def challenge(self, group: str) -> None:
        if group in self.leads:
            second = self.bus.consumer(group, ["pages"])
            assert not second.poll(5, 0)
            second.close()

    @rule(group=groups)
    def rewind(self, group: str) -> None:
        if group in self.consumers:
            self.consumers[group].rewind()
            self.read.pop(group, None)

    @rule(group=groups)
    def leave(self, group: str) -> None:
        if group in self.consumers:
            self.consumers.pop(group).close()
            self.leads.discard(group)
            self.read.pop(group, None)

    @rule()
    def restart(self) -> None:
        for group in list(self.consumers):
            self.leave(group)
        self.bus.close()
        self.bus = SqliteBus(Path(self.folder.name) / "bus.sqlite")

    @rule(topic=topics, named=st.sets(groups))
    def expire(self, topic: str, named: set[str]) -> None:
        held = [self.joined.get(group, 0) if topic == "pages" else 0 for group in named]
        end = max(self.first[topic], min([*held, len(self.log[topic])]))
        assert self.bus.expire(topic, LATER, sorted(named)) == end - self.first[topic]
        self.first[topic] = end

    @invariant()
    def the_log_is_what_was_published(self) -> None:
        for topic in TOPICS:
            kept = [(message.offset, message.value.decode()) for message in self.bus.read(topic)]
            assert kept == list(enumerate(self.log[topic]))[self.first[topic] :]

    @invariant()
    def lag_is_what_is_not_committed(self) -> None:
        for group in GROUPS:
            (lag,) = self.bus.lag(group, ["pages"])
            assert (lag.committed, lag.end) == (self.joined.get(group, self.first["pages"]), len(self.log["pages"]))

    def member(self, group: str) -> SqliteConsumer:
        if group not in self.consumers:
            self.consumers[group] = self.bus.consumer(group, ["pages"])
        return self.consumers[group]


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)
