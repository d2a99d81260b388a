"""What the conformance suites run against. A further implementation is one more parameter here and nothing else.

The real servers are shared by all tests of a process: each test has a namespace of its own there.
"""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import elasticsearch
import pytest

from deploy.stack import Elasticsearch, Kafka
from otswatch import elastic
from otswatch.bus import Bus
from otswatch.bus.kafka import KafkaBus
from otswatch.bus.kafka_client import address
from otswatch.bus.kafka_topics import KafkaTopic, provision_topics
from otswatch.bus.sqlite import SqliteBus
from otswatch.index import Index
from otswatch.index.elasticsearch import ElasticsearchIndex
from otswatch.index.sqlite import SqliteIndex
from otswatch.index.templates import provision_index
from otswatch.state import State
from otswatch.state.elasticsearch import ElasticsearchState, provision_state
from otswatch.state.sqlite import SqliteState
from tests.stack import MARKS

INDEXES = ("sqlite", pytest.param("elasticsearch", marks=MARKS))
STATES = INDEXES
BUSES = ("sqlite", pytest.param("kafka", marks=MARKS))
#: The shortest that a broker takes, without being told otherwise.
KAFKA_SESSION = 6.0


@dataclass(frozen=True)
class Buses:
    """One log.

    Args:
        connect: gives another client of it, as another process has.
        successor: gives one whose consumers stand in for those of a client that gives no sign of life.
        silence: seconds after which a member that gives none loses its place.
        make: makes topics, where that is something to be done.
    """

    connect: Callable[[], Bus]
    successor: Callable[[], Bus]
    silence: float
    make: Callable[[Sequence[str]], None]


def _sqlite_buses(folder: Path) -> Buses:
    def connect() -> Bus:
        return SqliteBus(folder / "bus.sqlite", lease_seconds=0.3)

    def successor() -> Bus:
        time.sleep(0.5)
        return connect()

    return Buses(connect, successor, 0.5, lambda names: None)


def _kafka_buses(url: str, folder: Path) -> Buses:
    def connect(slots: Path = folder / "slots") -> Bus:
        return KafkaBus(url, slots, session=KAFKA_SESSION)

    def successor() -> Bus:
        """As from a copy of the data folder: the same names, and nobody's locks."""
        copy = folder / uuid.uuid4().hex
        shutil.copytree(folder / "slots", copy)
        return connect(copy)

    def make(names: Sequence[str]) -> None:
        provision_topics(address(url), [KafkaTopic(name, 1) for name in names])

    return Buses(connect, successor, KAFKA_SESSION + 1, make)


@pytest.fixture(params=BUSES)
def buses(request: pytest.FixtureRequest, tmp_path: Path) -> Buses:
    if request.param == "sqlite":
        return _sqlite_buses(tmp_path)
    server: Kafka = request.getfixturevalue("kafka_server")
    return _kafka_buses(server.url, tmp_path)


@pytest.fixture
def bus(buses: Buses) -> Iterator[Bus]:
    with buses.connect() as opened:
        yield opened


def forget(client: elasticsearch.Elasticsearch, namespace: str) -> None:
    """Take away what was provisioned under a namespace; indices by their names, for the server takes no pattern."""
    everything = f"{elastic.prefix(namespace)}*"
    if names := list(client.indices.get(index=everything, expand_wildcards=["open", "closed"])):
        client.indices.delete(index=names)
    client.indices.delete_index_template(name=everything)


@pytest.fixture(params=STATES)
def connect_state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], State]]:
    """Gives a client of one and the same state each time."""
    if request.param == "sqlite":
        yield lambda: SqliteState(tmp_path / "state.sqlite")
        return
    server: Elasticsearch = request.getfixturevalue("elasticsearch_server")
    namespace = uuid.uuid4().hex[:8]
    client = elastic.connect(server.url)
    provision_state(client, namespace)
    yield lambda: ElasticsearchState(elastic.connect(server.url), namespace)
    forget(client, namespace)
    client.close()


@pytest.fixture
def state(connect_state: Callable[[], State]) -> Iterator[State]:
    opened = connect_state()
    yield opened
    opened.close()


def opened_index(
    request: pytest.FixtureRequest, folder: Path, kinds: Sequence[str] = ("articles", "aliases")
) -> Iterator[Index]:
    """An empty index of the fixture's parameter, closed and gone at the end."""
    if request.param == "sqlite":
        index: Index = SqliteIndex(folder / "index.sqlite")
        yield index
        index.close()
        return
    server: Elasticsearch = request.getfixturevalue("elasticsearch_server")
    namespace = uuid.uuid4().hex[:8]
    client = elastic.connect(server.url)
    provision_index(client, namespace, kinds)
    index = ElasticsearchIndex(client, namespace)
    yield index
    forget(client, namespace)
    index.close()


@pytest.fixture(params=INDEXES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    yield from opened_index(request, tmp_path)


@pytest.fixture
def unique() -> str:
    """Keeps the names of a test apart from those of others, where a server is shared."""
    return uuid.uuid4().hex[:8]


@pytest.fixture
def topic(unique: str, buses: Buses) -> str:
    """A topic of its own, beside which there are `-articles` and `-corrections`."""
    name = f"pages-{unique}"
    buses.make([name, f"{name}-articles", f"{name}-corrections"])
    return name
