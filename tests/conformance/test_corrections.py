"""Corrections on every index, state and bus: the same word is shown, found and kept whatever they are."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.stack import Kafka
from otswatch.bus import Outgoing
from otswatch.bus.kafka import KafkaBus
from otswatch.bus.kafka_client import address
from otswatch.bus.kafka_topics import KafkaTopic, provision_topics
from otswatch.consumers.context import Context
from otswatch.consumers.index import IndexWork
from otswatch.consumers.topology import TOPICS
from otswatch.corrections import acts, kept
from otswatch.corrections.fold import fold
from otswatch.index import Index, Search, for_readers
from otswatch.records import Article, Correction
from otswatch.settings import Settings
from otswatch.state import State
from otswatch.stores import Stores
from tests.conformance.conftest import INDEXES, KAFKA_SESSION, Buses, opened_index
from tests.test_corrections import MADE, later, message, said, taken_back

#: Both are on one server, or both embedded.
ENGINES = INDEXES


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    yield from opened_index(
        request, tmp_path, ("articles", "aliases", "corrections", "quotes", "documents", "meetings")
    )


@pytest.fixture
def work(index: Index, state: State) -> IndexWork:
    return IndexWork(Context(Settings(), index, state))


def shown(index: Index) -> Article:
    record = index.get("articles", "a1")
    assert record is not None
    return Article.model_validate(record)


def found(index: Index, **filters: str) -> int:
    index.refresh()
    return index.search(for_readers(Search(filters={name: [value] for name, value in filters.items()}))).total


def test_what_is_said_is_shown_found_and_outlasts_a_refetch(index: Index, state: State, work: IndexWork):
    words = [said("areas", ["security", "energy"], 1), said("published", "2026-03", 2), said("kind", None, 3)]
    work([message(MADE)])
    work([message(word) for word in words])
    newer = later(MADE, kind=MADE.kind)
    work([message(newer), message(MADE)])
    assert shown(index) == fold(newer, words)
    assert kept.of(state, "a1") == tuple(words)
    assert (found(index, area="energy"), found(index, area="customs"), found(index, published_source="human")) == (
        1,
        0,
        1,
    )


def test_what_is_said_before_the_article_comes_is_put_over_it(index: Index, work: IndexWork):
    word = said("kind", "opinion")
    work([message(word)])
    work([message(MADE)])
    assert shown(index) == fold(MADE, [word])


def test_what_is_ruled_out_is_found_by_nobody_until_that_is_withdrawn(index: Index, work: IndexWork):
    word = said("relevance", "none")
    work([message(MADE), message(word)])
    assert found(index) == 0
    work([message(taken_back(word, 1))])
    assert found(index) == 1
    assert shown(index) == MADE


def test_what_people_said_is_found_by_what_became_of_it(index: Index, work: IndexWork):
    first, second = said("areas", ["security"], 1), said("areas", ["energy", "trade"], 2)
    work([message(first), message(second), message(first)])
    index.refresh()
    search = Search(kind="corrections", filters={"status": ["stands"], "value": ["trade"]}, sort="at")
    [record] = index.search(search).documents
    assert Correction.model_validate(record) == second
    assert index.facets(Search(kind="corrections", sort="at"), ["status"])["status"][0].count == 1


def test_everything_is_kept_article_by_article(state: State):
    words = [said("kind", "news", number, article=f"a{number:04}") for number in range(520)]  # more than a page
    for word in words:
        kept.remember(state, word)
    kept.remember(state, taken_back(words[7], 600))
    assert [each.article for (each,) in kept.every(state)] == [word.article for word in words]
    [gone] = kept.of(state, words[7].article)
    assert gone.withdrawn is not None


def test_what_is_added_goes_over_the_bus_to_the_article(
    buses: Buses, index: Index, state: State, work: IndexWork, tmp_path: Path
):
    buses.make(["corrections"])
    settings = Settings(data=tmp_path / "data", config=tmp_path / "otswatch.d")
    work([message(MADE)])
    with buses.connect() as bus:
        member = bus.consumer(f"index-{uuid.uuid4().hex[:8]}", ["corrections"])
        stores = Stores(bus, index, state)
        [added] = acts.add(settings, stores, "a1", {"areas": ["energy"]}, by="ayse").corrections
        batch = member.poll(10, 30)
        while all(each.value != added.to_json() for each in batch.messages):  # on a server others may have been here
            member.publish_and_commit(batch, [])
            batch = member.poll(10, 30)
        work(batch.messages)
        member.publish_and_commit(batch, [])
        member.close()
    assert shown(index) == fold(MADE, [added])


@pytest.mark.slow
def test_kafka_gives_an_article_and_what_is_said_of_it_to_one_member(kafka_server: Kafka, tmp_path: Path):
    topics = {name: f"{name}-{uuid.uuid4().hex[:8]}" for name in ("grouped", "corrections")}
    made = [KafkaTopic(topic, TOPICS[name].partitions) for name, topic in topics.items()]
    provision_topics(address(kafka_server.url), made)
    group, ids = f"index-{uuid.uuid4().hex[:8]}", [f"article-{number}" for number in range(40)]
    readers: dict[str, set[int]] = defaultdict(set)
    with ExitStack() as opened:
        bus = opened.enter_context(KafkaBus(kafka_server.url, tmp_path / "slots", session=KAFKA_SESSION))
        members = [bus.consumer(group, list(topics.values())) for _ in range(3)]
        for member in members:
            opened.callback(member.close)
        _settle(lambda: [member.poll(1, 0.5) for member in members], rounds=30)
        bus.publish([Outgoing(topic, id_, b"x") for id_ in ids for topic in topics.values()])
        read = 0
        for _ in range(120):
            for number, member in enumerate(members):
                batch = member.poll(100, 0.5)
                for each in batch.messages:
                    readers[each.key].add(number)
                    read += 1
            if read >= len(ids) * len(topics):
                break
    assert set(readers) == set(ids)
    assert all(len(numbers) == 1 for numbers in readers.values()), readers
    assert len({number for numbers in readers.values() for number in numbers}) == len(members)


def _settle(act: Callable[[], object], rounds: int) -> None:
    """Long enough for all members to have joined, and for the places to be given out anew."""
    for _ in range(rounds):
        act()
