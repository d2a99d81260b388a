"""What the conformance suites run against. A further implementation is one more parameter here and nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from otswatch.bus import Bus
from otswatch.bus.sqlite import SqliteBus
from otswatch.index import Index
from otswatch.index.sqlite import SqliteIndex
from otswatch.state import State
from otswatch.state.sqlite import SqliteState


@dataclass(frozen=True)
class Buses:
    """One log. `connect` gives another client of it, as another process has. `silence`: seconds after which a member
    that gives no sign of life loses its place to one that waits.
    """

    connect: Callable[[], Bus]
    silence: float


def _sqlite_buses(folder: Path) -> Buses:
    return Buses(lambda: SqliteBus(folder / "bus.sqlite", lease_seconds=0.3), silence=0.5)


BUSES = {"sqlite": _sqlite_buses}
INDEXES = {"sqlite": lambda folder: SqliteIndex(folder / "index.sqlite")}
STATES = {"sqlite": lambda folder: lambda: SqliteState(folder / "state.sqlite")}


@pytest.fixture(params=BUSES)
def buses(request: pytest.FixtureRequest, tmp_path: Path) -> Buses:
    return BUSES[request.param](tmp_path)


@pytest.fixture
def bus(buses: Buses) -> Iterator[Bus]:
    with buses.connect() as opened:
        yield opened


@pytest.fixture(params=STATES)
def connect_state(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], State]:
    """Gives a client of one and the same state each time."""
    return STATES[request.param](tmp_path)


@pytest.fixture
def state(connect_state: Callable[[], State]) -> Iterator[State]:
    opened = connect_state()
    yield opened
    opened.close()


@pytest.fixture(params=INDEXES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    opened = INDEXES[request.param](tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def unique() -> str:
    """Keeps the names of a test apart from those of others, where a server is shared."""
    return uuid.uuid4().hex[:8]


@pytest.fixture
def topic(unique: str) -> str:
    return f"pages-{unique}"
