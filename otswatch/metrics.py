"""What Prometheus can ask a running process: every metric of OTS Watch, in one table.

docs/reference/metrics.md is generated from here. A name is never given another meaning. Labels have few values: the
words of `otswatch.status`, the registry's sources, the topology's consumers and topics, the routes of the page.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from typing import Any, Final, Literal, TypeVar, get_args

from prometheus_client import (
    GC_COLLECTOR,
    PLATFORM_COLLECTOR,
    PROCESS_COLLECTOR,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    MetricsHandler,
    disable_created_metrics,
)

from otswatch.listening import Listener, listening, split
from otswatch.logs import get_logger

log = get_logger(__name__)

#: The commands that have metrics, in the order in which `otswatch run` gives out its ports.
Process = Literal["crawl", "consume", "serve", "watchdog"]
PROCESSES: Final[tuple[Process, ...]] = get_args(Process)

VARIABLE: Final = "OTSWATCH_METRICS"
_GIVEN: Final = f"{VARIABLE}="

#: What is known of a source: how its last visit went.
SourceState = Literal["answered", "silent", "not-visited", "not-set-up"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of the table: what is shown under this name, and which processes show it."""

    name: str
    type: str
    labels: tuple[str, ...]
    processes: tuple[Process, ...]
    meaning: str


TABLE: Final[list[Metric]] = []
#: What each process shows: its rows of the table, and what Prometheus's client knows of any Python process.
REGISTRIES: Final[dict[Process, CollectorRegistry]] = {process: CollectorRegistry() for process in PROCESSES}

for _registry in REGISTRIES.values():
    for _collector in (PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
        _registry.register(_collector)

disable_created_metrics()  # type: ignore[no-untyped-call]  # they double the series, and nobody asks for them

M = TypeVar("M", Counter, Gauge, Histogram)


def _row(
    kind: type[M], name: str, labels: tuple[str, ...], processes: tuple[Process, ...], meaning: str, **options: Any
) -> M:
    made = kind(name, meaning, labels, registry=None, **options)
    TABLE.append(Metric(name, kind.__name__.lower(), labels, processes, meaning))
    for process in processes:
        REGISTRIES[process].register(made)
    return made


ALIVE = _row(
    Gauge,
    "otswatch_alive_timestamp_seconds",
    ("worker",),
    PROCESSES,
    "Unix time of a worker's last sign of life: each consumer at every poll, `crawl` on schedule at every look at what"
    " is due, `serve` every 20 s, `watchdog` every 15 s.",
)

MESSAGES = _row(
    Counter,
    "otswatch_consume_messages_total",
    ("consumer", "status", "reason"),
    ("consume",),
    "Messages finished: committed, with what became of them. `reason` is empty where the status says it all.",
)
BATCH_SECONDS = _row(
    Histogram,
    "otswatch_consume_batch_seconds",
    ("consumer", "step"),
    ("consume",),
    "How long a batch took in each step: `poll` (with the wait for its first message; polls that bring nothing do not"
    " count), `work`, `publish` (with the commit). Waiting for a dependency counts where it was met.",
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300),
)
LAG = _row(
    Gauge,
    "otswatch_consume_lag_messages",
    ("consumer", "topic", "partition"),
    ("consume",),
    "Messages that wait for a consumer, whoever works on the partition: where several processes run, take `max`, not"
    " `sum`, over them. Not there while the bus cannot be asked.",
)
WAITING = _row(
    Gauge,
    "otswatch_consume_waiting",
    ("consumer",),
    ("consume",),
    "1 while a consumer waits for a dependency that is down, 0 otherwise. Its log and `otswatch status` say for which.",
)

ALERTS = _row(
    Counter,
    "otswatch_consume_letters_total",
    ("result",),
    ("consume",),
    "Letters to subscribers: `sent`, `put-off` (the channel did not take it now), `dead` (the channel refused it for"
    " good), and `sent-again`: attempts after one of which nobody knows what came of it, because its process died.",
)
ALERT_SECONDS = _row(
    Histogram,
    "otswatch_consume_alert_seconds",
    (),
    ("consume",),
    "From an article's being findable to the arrival of the letter that tells of it at once; digests do not count.",
    buckets=(0.3, 1, 3, 10, 30, 100, 300, 1000, 3000, 10000),
)

ADDRESSES = _row(
    Counter,
    "otswatch_crawl_addresses_total",
    ("source", "status"),
    ("crawl",),
    "Addresses of lists and pages that visits met, with how each ended; `published` are new pages. Counted when a visit"
    " is over.",
)
VISITS = _row(
    Counter,
    "otswatch_crawl_visits_total",
    ("source", "outcome"),
    ("crawl",),
    "Visits to a source: `answered` where one of its lists could be read, `silent` where none could.",
)
VISIT_SECONDS = _row(
    Histogram,
    "otswatch_crawl_visit_seconds",
    (),
    ("crawl",),
    "How long a visit took, from its first request to its last page.",
    buckets=(1, 3, 10, 30, 100, 300, 1000, 3000),
)
SOURCE_STATE = _row(
    Gauge,
    "otswatch_crawl_source_state",
    ("source", "state"),
    ("crawl",),
    "1 for the state that a source is in, 0 for the others: `answered` or `silent` at its last visit, `not-visited`"
    " yet, `not-set-up` (it has no working route).",
)

REQUEST_SECONDS = _row(
    Histogram,
    "otswatch_serve_request_seconds",
    ("route", "status"),
    ("serve",),
    "How long answers of the page took; `_count` is how many there were. `route` is the template of"
    " docs/reference/web.md, `/static` for its files, `other` for what is none of them. `status` is `2xx` to `5xx`,"
    " `none` where the server ended first.",
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)

TROUBLES = _row(
    Gauge,
    "otswatch_watchdog_troubles",
    ("kind",),
    ("watchdog",),
    "Troubles that stand, by kind (docs/reference/watchdog.md): what the operator is told of.",
)
WATCHDOG_LETTERS = _row(
    Counter,
    "otswatch_watchdog_letters_total",
    ("result",),
    ("watchdog",),
    "Letters to the operator: `sent`, `put-off`, `dead` and `sent-again`, as those to subscribers.",
)


#: Expressions of Prometheus that are worth an alarm, and what they say.
ALARMS: Final[dict[str, str]] = {
    "time() - otswatch_alive_timestamp_seconds > 900": "A worker hangs: the slowest batch takes a few minutes.",
    "min_over_time(otswatch_consume_waiting[5m]) == 1": (
        "A consumer waits for bus, index or disk; it goes on by itself once that is back."
    ),
    "sum by (consumer) (min_over_time(otswatch_consume_lag_messages[1h])) > 1000": (
        "A consumer has been far behind for an hour (of several processes, take `max` first)."
    ),
    'sum by (consumer, reason) (otswatch_consume_messages_total{status="quarantined"}) > 0': (
        "Messages were quarantined since the process started: `otswatch quarantine list`."
    ),
    'min_over_time(otswatch_crawl_source_state{state="silent"}[1d]) == 1': "A source has been silent for a day.",
    "sum by (kind) (otswatch_watchdog_troubles) > 0": (
        "A trouble stands that the operator is told of: `otswatch status`."
    ),
    'increase(otswatch_watchdog_letters_total{result=~"put-off|dead"}[1h]) > 0': (
        "The operator's own channels did not take a letter: whom this alarm reaches should know."
    ),
}


def source_is(source: str, state: SourceState) -> None:
    """Say what is known of a source from now on."""
    for each in get_args(SourceState):
        SOURCE_STATE.labels(source, each).set(each == state)


# ------------------------------------------------------------------------------------------------------------- showing


@contextmanager
def exposed(address: str | None, process: Process) -> Iterator[None]:
    """Meanwhile, answer Prometheus on `HOST:PORT` with the metrics of this process; nothing where no address is set.

    Raises:
        UsageError: not such an address, not one of this machine, or taken.
    """
    if not address:
        yield
        return
    with listening(address, _GIVEN) as listener:
        server = _Server(listener, REGISTRIES[process])
        thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
        thread.start()
        log.info("metrics.exposed", url=f"{listener.url}/metrics")
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    """Answers on a socket that listens already: what is wrong with an address was said by `listening`."""

    def __init__(self, listener: Listener, registry: CollectorRegistry) -> None:
        handler = MetricsHandler.factory(registry)
        super().__init__(listener.socket.getsockname()[:2], handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener.socket

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has hung up, mostly: nothing that standard error should carry."""
        log.debug("metrics.failed", client=str(client_address), error=repr(sys.exception()))


def addresses(address: str | None) -> dict[Process, str]:
    """Where each process of `otswatch run` shows its metrics: from this port on, one each; with port 0 any free one.

    Raises:
        UsageError: it is not such an address, or there are not so many ports.
    """
    if not address:
        return {}
    _, port = split(address, _GIVEN)
    base = address.rpartition(":")[0]
    following = {process: f"{base}:{port + place if port else 0}" for place, process in enumerate(PROCESSES)}
    for each in following.values():
        split(each, _GIVEN)
    return following


def require_free(address: str | None) -> None:
    """Find out now whether all processes of `otswatch run` can show their metrics.

    Raises:
        UsageError: as `exposed`.
    """
    for each in addresses(address).values():
        with listening(each, _GIVEN):
            pass
