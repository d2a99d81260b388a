"""The real servers for a measurement, and what they and we spend on it."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Self

from deploy.stack import Stack, running
from otswatch.errors import UsageError
from otswatch.provision import clear, provision
from otswatch.settings import Settings
from tests.processes import family

_TICK = 1 / os.sysconf("SC_CLK_TCK")
#: utime, stime, cutime and cstime in /proc/<pid>/stat, counted behind the name of the program.
_TIMES = slice(11, 15)


@dataclass(frozen=True, slots=True)
class Servers:
    """Addresses, as the settings take them. `heads`: their processes, where these are ours."""

    bus: str = "sqlite"
    index: str = "sqlite"
    heads: tuple[int, ...] = ()

    def cpu(self) -> float:
        """CPU seconds that they took so far, with their children; not a number where they are not ours."""
        if self != EMBEDDED and not self.heads:
            return nan
        return sum(_cpu(pid) for head in self.heads for pid in (head, *family(head)))


#: No servers, whatever the environment says.
EMBEDDED = Servers()


@contextmanager
def started(*, kafka: bool = True) -> Iterator[Servers]:
    """Those at OTSWATCH_BUS and OTSWATCH_INDEX, where these are set; else our own, ended at the end.

    Args:
        kafka: whether it is wanted beside Elasticsearch.

    Raises:
        UsageError: Java or Maven is missing.
        DependencyDownError: a server does not start.
    """
    bus, index = (_given(name) for name in ("OTSWATCH_BUS", "OTSWATCH_INDEX"))
    bus = bus if kafka else None
    more = kafka and not bus, not index
    with running(kafka=more[0], elasticsearch=more[1]) if any(more) else nullcontext(Stack(None, None)) as stack:
        own = stack.environment()
        yield Servers(
            bus or own.get("OTSWATCH_BUS", "sqlite"),
            index or own.get("OTSWATCH_INDEX", "sqlite"),
            () if bus or index else tuple(server.pid for server in stack.servers if server.pid is not None),
        )


def _given(name: str) -> str | None:
    """The address of a server in the environment."""
    given = os.environ.get(name)
    return None if given == EMBEDDED.index else given


@contextmanager
def if_possible(*, kafka: bool = True) -> Iterator[Servers | None]:
    """As `started`, with Elasticsearch; null, and a line that says why, where Java or Maven is missing."""
    with ExitStack() as ends:
        servers = None
        try:
            servers = ends.enter_context(started(kafka=kafka))
        except UsageError as error:
            print(f"measured without servers: {error}")
        yield servers


@contextmanager
def provisioned(data: Path, servers: Servers = EMBEDDED, workers: int = 1) -> Iterator[Settings]:
    """Settings for a run of its own, in `data` and on the servers; what is on the servers is gone at the end."""
    settings = Settings(
        data=data,
        workers=workers,
        log_level="warning",
        bus=servers.bus,
        index=servers.index,
        namespace=f"bench-{uuid.uuid4().hex[:8]}",
    )
    provision(settings)
    try:
        yield settings
    finally:
        clear(settings)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds: CPU of this process and the children that ended in it, CPU of the servers, and by the clock."""

    own: float = 0.0
    servers: float = 0.0
    wall: float = 0.0

    def __sub__(self, other: Self) -> Spent:
        return Spent(self.own - other.own, self.servers - other.servers, self.wall - other.wall)

    def __add__(self, other: Self) -> Spent:
        return Spent(self.own + other.own, self.servers + other.servers, self.wall + other.wall)

    @classmethod
    def so_far(cls, servers: Servers = EMBEDDED) -> Spent:
        """Since some moment."""
        return cls(sum(os.times()[:4]), servers.cpu(), time.perf_counter())


def spent(act: Callable[[], object], servers: Servers = EMBEDDED) -> Spent:
    """What `act` takes."""
    before = Spent.so_far(servers)
    act()
    return Spent.so_far(servers) - before


def thread_cpu(thread: int) -> float:
    """CPU seconds of a thread of this process by its number in the kernel; 0 if it has ended."""
    return _cpu(thread, f"/proc/self/task/{thread}/stat", children=False)


def _cpu(pid: int, path: str = "", *, children: bool = True) -> float:
    try:
        fields = Path(path or f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    times = fields[_TIMES] if children else fields[_TIMES][:2]
    return sum(map(int, times)) * _TICK
