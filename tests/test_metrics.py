"""Metrics: what the table says is what processes show, and what they count is what happened."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from starlette.testclient import TestClient

from otswatch import health, metrics
from otswatch.bus import Lag, Message, Outgoing
from otswatch.bus.sqlite import SqliteBus
from otswatch.consumers import runner as runner_module
from otswatch.consumers.consume import Consumers, chosen
from otswatch.consumers.outcome import Outcome, Quarantined, Result
from otswatch.consumers.runner import Runner
from otswatch.consumers.topology import Consumer
from otswatch.crawlers import history
from otswatch.crawlers.registry import Source
from otswatch.crawlers.report import SourceReport
from otswatch.errors import DependencyDownError, FencedError, StorageFullError, UsageError
from otswatch.metrics import ALARMS, PROCESSES, REGISTRIES, TABLE, Process
from otswatch.settings import Settings
from otswatch.state.sqlite import SqliteState
from otswatch.status import Reason
from otswatch.stores import open_stores
from tests.commandline import PLAIN, otswatch
from tests.crawling import source
from tests.factory import ABOUT, article
from tests.processes import PATIENCE, eventually
from tests.scraping import Scrape, answering, scrape
from tests.site import Answer, Listed, Site, rss
from tests.web import reader
from tests.webhooks import Webhooks


def value(process: Process, name: str, **labels: str) -> float:
    """What this process has counted so far."""
    return REGISTRIES[process].get_sample_value(name, labels) or 0.0


# ----------------------------------------------------------------------------------------------------------- the table


def test_names_are_as_prometheus_wants_them():
    names = [metric.name for metric in TABLE]
    assert len(set(names)) == len(names)
    for metric in TABLE:
        assert re.fullmatch(r"otswatch(_[a-z]+)+", metric.name)
        assert metric.name.endswith("_total") == (metric.type == "counter")
        assert metric.name.endswith("_seconds") or metric.type != "histogram"
        assert metric.meaning.endswith(".")


def test_what_only_one_process_counts_says_which():
    for metric in TABLE:
        assert metric.processes == PROCESSES or metric.name.startswith(f"otswatch_{metric.processes[0]}_")


def test_alarms_are_about_metrics_that_there_are():
    shown = {f"{metric.name}{suffix}" for metric in TABLE for suffix in ("", "_count", "_sum", "_bucket")}
    assert {name for expression in ALARMS for name in re.findall(r"otswatch_\w+", expression)} <= shown


# ------------------------------------------------------------------------------------------------------------- showing


def test_nothing_is_shown_where_no_address_is_set(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(metrics, "listening", lambda *_: pytest.fail("listens"))
    for address in (None, ""):
        with metrics.exposed(address, "serve"):
            pass


def test_a_process_shows_its_own_while_it_runs():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    with metrics.exposed(address, "crawl"):
        assert is_as_the_table_says(scrape(address), "crawl")
    assert answering(address) is None


@pytest.mark.parametrize("address", ["9464", "localhost:metrics", "127.0.0.1:65536"])
def test_a_bad_address_is_named_with_its_setting(address: str):
    with pytest.raises(UsageError, match=rf"^OTSWATCH_METRICS={address}: HOST:PORT"), metrics.exposed(address, "crawl"):
        pass


def test_a_taken_port_says_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        expected = f"^{address} is taken.*`OTSWATCH_METRICS=127.0.0.1:0` takes a free port"
        with pytest.raises(UsageError, match=expected), metrics.exposed(address, "crawl"):
            pass


def test_the_processes_of_a_run_have_a_port_each():
    following = {process: f"127.0.0.1:{port}" for port, process in enumerate(PROCESSES, start=9464)}
    assert metrics.addresses("127.0.0.1:9464") == following
    assert metrics.addresses("[::1]:0") == dict.fromkeys(PROCESSES, "[::1]:0")
    assert metrics.addresses(None) == {}
    with pytest.raises(UsageError, match="65536"):
        metrics.addresses("127.0.0.1:65534")


def test_a_run_finds_out_at_once_that_one_of_them_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"127.0.0.1:{port} is taken"):
            metrics.require_free(f"127.0.0.1:{port - 2}")


# ----------------------------------------------------------------------------------------------------------- consumers

Act = Callable[[str], Outcome]


@contextmanager
def runner(tmp_path: Path, name: str, act: Act, *texts: str) -> Iterator[Runner]:
    """A consumer of that name, with so many messages before it."""

    class Work:
        def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
            return [act(message.value.decode()) for message in messages]

        def close(self) -> None:
            """Nothing is held."""

    with SqliteBus(tmp_path / "bus.sqlite") as bus:
        bus.publish([Outgoing("in", text, text.encode()) for text in texts])
        yield Runner(Consumer(name, ("in",), (), "", 10, "for tests"), Work(), bus, tmp_path, threading.Event())


def test_messages_are_counted_once_in_the_words_of_the_log(tmp_path: Path):
    outcomes: dict[str, Outcome] = {
        "kept": Result(),
        "dropped": Result(status="discarded", reason=Reason.PASSING),
        "held": Quarantined(Reason.NOT_HTML, "a PDF"),
    }
    with runner(tmp_path, "counts", outcomes.__getitem__, "kept", "kept", "dropped", "held") as made:
        assert made.step() == 4
        assert made.step(timeout=0) == 0
    for status, reason, count in (("ok", "", 2), ("discarded", "passing", 1), ("quarantined", "not-html", 1)):
        labels = {"consumer": "counts", "status": status, "reason": reason}
        assert value("consume", "otswatch_consume_messages_total", **labels) == count
    for step in ("poll", "work", "publish"):
        assert value("consume", "otswatch_consume_batch_seconds_count", consumer="counts", step=step) == 1


def test_what_was_not_committed_is_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fenced(*_: object) -> None:
        raise FencedError("another member has it")

    with runner(tmp_path, "fenced", lambda _: Result(), "a") as made:
        monkeypatch.setattr(made._member, "publish_and_commit", fenced)
        assert made.step() == 0
    assert value("consume", "otswatch_consume_messages_total", consumer="fenced", status="ok", reason="") == 0
    assert value("consume", "otswatch_consume_batch_seconds_count", consumer="fenced", step="publish") == 0


def test_waiting_for_a_dependency_is_seen_until_it_is_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runner_module, "WAIT_SECONDS", 0.01)
    seen: list[float] = []

    def act(_: str) -> Outcome:
        seen.append(value("consume", "otswatch_consume_waiting", consumer="waits"))
        if len(seen) < 3:
            raise DependencyDownError("the index does not answer")
        return Result()

    with runner(tmp_path, "waits", act, "a") as made:
        made.step()
    assert seen == [0, 1, 1]
    assert value("consume", "otswatch_consume_waiting", consumer="waits") == 0


def test_lag_is_there_as_long_as_it_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    labels = {"consumer": "stories", "topic": "articles", "partition": "0"}
    registry, name = REGISTRIES["consume"], "otswatch_consume_lag_messages"
    with open_stores(Settings(data=tmp_path)) as stores:
        stores.bus.publish([Outgoing("articles", "a", article("a", "Ministers met.").to_json())] * 3)
        consumers = Consumers(chosen(["stories"]), Settings(data=tmp_path), stores)
        assert consumers._behind() == 3
        assert registry.get_sample_value(name, labels) == 3

        def down(group: str, topics: Sequence[str]) -> list[Lag]:
            raise StorageFullError("the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(stores.bus, "lag", down)
            with pytest.raises(DependencyDownError):
                consumers._behind()
        assert registry.get_sample_value(name, labels) is None
        consumers.run(once=True)
        assert registry.get_sample_value(name, labels) == 0


def test_a_sign_of_life_is_a_metric_too(tmp_path: Path):
    started = time.time()
    health.beat(tmp_path, "lives")
    for process in PROCESSES:
        assert value(process, "otswatch_alive_timestamp_seconds", worker="lives") >= started


# ------------------------------------------------------------------------------------------------------------ crawling


def test_visits_are_counted_with_what_they_met(tmp_path: Path):
    begun = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    met = {Reason.PUBLISHED: 3, Reason.ALREADY_SEEN: 20}
    before = value("crawl", "otswatch_crawl_visit_seconds_sum")
    state = SqliteState(tmp_path / "state.sqlite")
    history.record(SourceReport("steppe", begun, met, answered=1), state, begun + timedelta(seconds=7))
    assert states("steppe") == {"answered"}
    history.record(SourceReport("steppe", begun, {Reason.FETCH_FAILED: 1}), state, begun + timedelta(seconds=2))
    assert states("steppe") == {"silent"}
    history.record(SourceReport("nowhere", None, {Reason.NOT_SET_UP: 1}), state, begun)
    assert states("nowhere") == {"not-set-up"}
    metrics.SOURCE_STATE.clear()  # as in a process that was just started
    known = {"name": "x", "country": "INT", "languages": ["en"]}
    history.show([Source.model_validate({"id": id_, **known}) for id_ in ("steppe", "fresh")], state)
    assert (states("steppe"), states("fresh")) == ({"silent"}, {"not-visited"})
    state.close()
    for outcome in ("answered", "silent"):
        assert value("crawl", "otswatch_crawl_visits_total", source="steppe", outcome=outcome) == 1
        assert value("crawl", "otswatch_crawl_visits_total", source="nowhere", outcome=outcome) == 0
    for status, count in (("published", 3), ("already-seen", 20), ("fetch-failed", 1)):
        assert value("crawl", "otswatch_crawl_addresses_total", source="steppe", status=status) == count
    assert value("crawl", "otswatch_crawl_visit_seconds_sum") - before == 9


def states(id_: str) -> set[str]:
    name = "otswatch_crawl_source_state"
    known = ("answered", "silent", "not-visited", "not-set-up")
    assert all(
        REGISTRIES["crawl"].get_sample_value(name, {"source": id_, "state": state}) is not None for state in known
    )
    return {state for state in known if value("crawl", name, source=id_, state=state)}


# ------------------------------------------------------------------------------------------------------------- serving


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with reader(tmp_path_factory.mktemp("served")) as opened:
        yield opened


def requests(route: str, status: str) -> float:
    return value("serve", "otswatch_serve_request_seconds_count", route=route, status=status)


@pytest.mark.parametrize(
    ("method", "address", "host", "route", "status"),
    [
        ("GET", "/api/articles/official", "localhost", "/api/articles/{id}", "2xx"),
        ("HEAD", "/api/articles/official", "localhost", "/api/articles/{id}", "2xx"),
        ("GET", "/api/articles/other", "localhost", "/api/articles/{id}", "3xx"),
        ("GET", "/api/articles/nobody", "localhost", "/api/articles/{id}", "4xx"),
        ("GET", "/static/page.css", "localhost", "/static", "2xx"),
        ("GET", "/wp-login.php", "localhost", "other", "4xx"),
        ("GET", "/", "attacker.example", "other", "4xx"),
    ],
)
def test_answers_are_counted_by_route_never_by_address(
    client: TestClient, method: str, address: str, host: str, route: str, status: str
):
    before = requests(route, status)
    assert f"{client.request(method, address, headers={'host': host}).status_code // 100}xx" == status
    assert requests(route, status) == before + 1


def test_a_fault_of_ours_is_counted_too(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    before = requests("/search", "5xx")
    monkeypatch.setattr(client.app.state.desk.stores.index, "search", lambda _: 1 / 0)
    quiet = TestClient(client.app, base_url="http://localhost", raise_server_exceptions=False)
    assert quiet.get("/search").status_code == 500
    assert requests("/search", "5xx") == before + 1


# ------------------------------------------------------------------------------------------------------ real processes


def is_as_the_table_says(found: Scrape, process: Process) -> bool:
    """Whether the names, types and labels are those of the table, and nothing else is shown but Python's own."""
    rows = [metric for metric in TABLE if process in metric.processes]
    ours = {name: type_ for name, type_ in found.types.items() if not name.startswith(("process_", "python_"))}
    assert ours == {metric.name: metric.type for metric in rows}
    for metric in rows:
        assert found.labels(metric.name) <= {frozenset(metric.labels)}
    return True


def everything_is_used(found: Scrape) -> bool:
    """Whether every name has a value: none is a promise only."""
    return all(found.labels(name) for name in found.types)


@contextmanager
def started(folder: Path, *arguments: str, **settings: str) -> Iterator[str]:
    """A real `otswatch` process in `folder`; gives where it says that its metrics are."""
    told = {"log_format": "json", "metrics": "127.0.0.1:0", **PLAIN, "log_level": "info", **settings}
    kept = {name: text for name, text in os.environ.items() if not name.startswith("OTSWATCH_")}
    environment = {**kept, **{f"OTSWATCH_{name.upper()}": text for name, text in told.items()}}
    log = folder / "log.txt"
    with log.open("w", encoding="utf-8") as out:
        command = [sys.executable, "-m", "otswatch", *arguments]
        running = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
    try:
        says = re.compile(r'"url": "http://(127\.0\.0\.1:\d+)/metrics", "event": "metrics\.exposed"')
        yield eventually(lambda: says.findall(log.read_text(encoding="utf-8")))[0]
        assert running.poll() is None, log.read_text(encoding="utf-8")
    finally:
        running.terminate()
        assert running.wait(PATIENCE) == 0, log.read_text(encoding="utf-8")


@pytest.mark.slow
def test_consume_shows_what_the_table_says(tmp_path: Path):
    (tmp_path / "data").mkdir()
    with SqliteBus(tmp_path / "data" / "bus.sqlite") as bus:
        bus.publish([Outgoing("articles", id_, article(id_, f"Ministers met, {id_}.").to_json()) for id_ in "abc"])
        bus.publish([Outgoing("articles", "d", b"no record")])

    def done(consumer: str, status: str, reason: str = "") -> float | None:
        return scrape(at)("otswatch_consume_messages_total", consumer=consumer, status=status, reason=reason)

    folder = tmp_path / "otswatch.d" / "subscriptions"
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        hooks = stack.enter_context(Webhooks(tmp_path / "hooks.jsonl"))
        asked = [{"id": "ministers", "search": {"q": "ministers"}, "channels": [hooks.url("/a")]}]
        (folder / "own.yaml").write_text(yaml.safe_dump(asked), encoding="utf-8")
        told = started(tmp_path, "consume", "stories", "index", "alert", allowed_hosts=hooks.host)
        at = stack.enter_context(told)
        eventually(lambda: done("index", "ok") == 6)  # three articles, three stories
        eventually(lambda: scrape(at)("otswatch_consume_letters_total", result="sent"))
        lag = {"consumer": "index", "topic": "grouped", "partition": "0"}
        eventually(lambda: scrape(at)("otswatch_consume_lag_messages", **lag) == 0)  # looked at five times a second
        found = scrape(at)
        assert is_as_the_table_says(found, "consume")
        assert everything_is_used(found)
        assert (done("stories", "ok"), done("stories", "quarantined", "unreadable-message")) == (3, 1)
        assert found("otswatch_consume_waiting", consumer="index") == 0
        assert found("otswatch_consume_batch_seconds_count", consumer="index", step="publish") in range(1, 7)


@pytest.mark.slow
def test_crawl_shows_what_the_table_says(tmp_path: Path):
    with Site() as site:
        site["/feed.xml"] = rss(Listed("/news/1"), Listed("/news/2"))
        site["/news/1"] = Answer(ABOUT.format(title="Ministers meet", more=""))
        folder = tmp_path / "otswatch.d" / "sources"
        folder.mkdir(parents=True)
        unready = source(site.url(), "unready", feeds=[], article=None, example=None)
        text = yaml.safe_dump([source(site.url(), "site", every=60), unready])
        (folder / "own.yaml").write_text(text, encoding="utf-8")
        with started(tmp_path, "crawl", "--schedule", "site", "unready", allowed_hosts=site.host) as at:
            eventually(lambda: scrape(at)("otswatch_crawl_visits_total", source="site", outcome="answered") == 1)
            found = scrape(at)
    assert is_as_the_table_says(found, "crawl")
    assert everything_is_used(found)
    assert found("otswatch_crawl_addresses_total", source="site", status="published") == 1
    assert found("otswatch_crawl_addresses_total", source="site", status="http-error") == 1
    assert found("otswatch_crawl_source_state", source="unready", state="not-set-up") == 1
    assert found("otswatch_crawl_visit_seconds_count") == 1


@pytest.mark.slow
def test_serve_shows_what_the_table_says(tmp_path: Path):
    with started(tmp_path, "serve", listen="127.0.0.1:0") as at:
        says = re.compile(r"^serving (http://\S+)$", re.M)
        page = eventually(lambda: says.findall((tmp_path / "log.txt").read_text(encoding="utf-8")))[0]
        with urllib.request.urlopen(f"{page}/api/status") as answer:  # noqa: S310 - our own
            assert answer.status == 200
        found = scrape(at)
    assert is_as_the_table_says(found, "serve")
    assert everything_is_used(found)
    assert found("otswatch_serve_request_seconds_count", route="/api/status", status="2xx") == 1


@pytest.mark.slow
@pytest.mark.parametrize("command", ["crawl report-az", "consume --once", "serve"])
def test_a_taken_port_is_one_line_and_exit_code_2(tmp_path: Path, command: str):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = otswatch(*command.split(), folder=tmp_path, metrics=address, listen="127.0.0.1:0")
    assert (said.code, said.out) == (2, "")
    assert said.error.startswith(f"{address} is taken")
