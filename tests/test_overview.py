"""What `otswatch status` shows: who works, where messages wait, how fast they go, and what cannot be read."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from otswatch import health, overview
from otswatch.bus import Lag, Outgoing
from otswatch.cli import main
from otswatch.errors import DependencyDownError
from otswatch.index.mapping import kinds
from otswatch.index.projection import project_article
from otswatch.index.sqlite import SqliteIndex
from otswatch.settings import Settings
from otswatch.stores import Stores, open_stores
from tests.commandline import otswatch
from tests.factory import article

DOWN = DependencyDownError("Elasticsearch at http://es:9200 does not answer")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Settings, Stores]]:
    settings = Settings(data=tmp_path, config=tmp_path / "none")
    with open_stores(settings) as stores:
        yield settings, stores


def rows(opened: tuple[Settings, Stores], title: str) -> list[dict[str, str]]:
    """The rows of a section, by column."""
    [(head, found)] = [(head, found) for name, head, found in overview.sections(*opened) if name == title]
    return [dict(zip(head, row, strict=True)) for row in found]


def state(opened: tuple[Settings, Stores], consumer: str) -> str:
    [row] = [row for row in rows(opened, "Consumers") if row["consumer"] == consumer]
    return row["state"]


# ----------------------------------------------------------------------------------------------------------- consumers


def test_a_consumer_is_what_its_last_sign_of_life_says(
    opened: tuple[Settings, Stores], monkeypatch: pytest.MonkeyPatch
):
    data = opened[0].data
    assert state(opened, "index") == "never ran here"
    health.beat(data, "index", ok=1)
    assert state(opened, "index") == "running"
    health.beat(data, "index", waiting=str(DOWN))
    assert state(opened, "index") == f"waiting: {DOWN}"
    monkeypatch.setattr(overview, "ALIVE_SECONDS", 0)
    assert state(opened, "index") == "stopped", "whoever was killed while it waited does not wait any more"
    monkeypatch.undo()
    health.beat(data, "index", stopped=True)
    assert state(opened, "index") == "stopped"


def test_each_partition_has_its_row_and_a_rate_only_where_one_is_known(
    opened: tuple[Settings, Stores], monkeypatch: pytest.MonkeyPatch
):
    settings, stores = opened

    def lag(group: str, topics: Sequence[str]) -> list[Lag]:
        return [Lag(group, topic, partition, 10 * partition, 40) for topic in topics for partition in (0, 1)]

    monkeypatch.setattr(stores.bus, "lag", lag)
    health.beat(settings.data, "index", per_minute={"grouped/1": 12.5})
    shown = [tuple(row.values()) for row in rows(opened, "Messages") if row["consumer"] == "index"]
    assert shown == [
        ("index", "grouped", "0", "0", "40", ""),
        ("index", "grouped", "1", "10", "30", "12.5"),
        *(
            ("index", topic, str(partition), str(10 * partition), str(40 - 10 * partition), "")
            for topic in ("stories", "moves", "aliases", "corrections", "gone")
            for partition in (0, 1)
        ),
    ]
    health.beat(settings.data, "index", per_minute={"grouped/1": 12.5}, stopped=True)
    assert {row["per minute"] for row in rows(opened, "Messages")} == {""}, "what has stopped has no rate"


# --------------------------------------------------------------------------------------------------------------- index


def test_documents_are_counted_by_kind(opened: tuple[Settings, Stores]):
    opened[1].index.put([project_article(article(id_, "Ministers met.")) for id_ in "ab"])
    shown = {row["kind"]: row["documents"] for row in rows(opened, "Index")}
    assert shown == dict.fromkeys(kinds(), "0") | {"articles": "2"}
    assert "Index server" not in [title for title, _, _ in overview.sections(*opened)]


def test_a_server_says_how_it_is(opened: tuple[Settings, Stores], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(SqliteIndex, "health", lambda _: "yellow, 1 node, 3 MB", raising=False)
    assert rows(opened, "Index server") == [{"health": "yellow, 1 node, 3 MB"}]


# ---------------------------------------------------------------------------------------------------------------- down


def fail(*_: object, **__: object) -> None:
    raise DOWN


def test_what_is_down_is_said_in_its_place_and_the_rest_is_there(
    opened: tuple[Settings, Stores], monkeypatch: pytest.MonkeyPatch
):
    settings, stores = opened
    stores.bus.publish([Outgoing("pages", "a", b"1")])
    whole = {title for title, _, _ in overview.sections(settings, stores)}
    for method in ("search", "facets"):
        monkeypatch.setattr(stores.index, method, fail)
    found = {title: (head, shown) for title, head, shown in overview.sections(settings, stores)}
    assert set(found) == whole
    cannot = (("problem",), [(f"cannot be read: {DOWN}",)])
    assert [title for title in found if found[title] == cannot] == ["Articles", "Index"]
    assert found["Messages"][1][0][:5] == ("extract", "pages", "0", "0", "1")


def test_a_bus_that_is_down_hides_no_consumer(opened: tuple[Settings, Stores], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opened[1].bus, "lag", fail)
    health.beat(opened[0].data, "extract", waiting="Kafka at broker1:9092 does not answer")
    assert state(opened, "extract") == "waiting: Kafka at broker1:9092 does not answer"
    assert rows(opened, "Messages") == [{"problem": f"cannot be read: {DOWN}"}]


def test_the_command_shows_it_and_exits_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    for method in ("search", "facets"):
        monkeypatch.setattr(SqliteIndex, method, fail)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["otswatch", "status"])
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capfd.readouterr().out
    assert not ended.value.code
    assert shown.count(f"cannot be read: {DOWN}") == 2
    assert re.search(r"index +aliases +0 +0 +0", shown)


@pytest.mark.slow
def test_servers_that_do_not_answer_are_named_by_the_real_command(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"127.0.0.1:{closed.getsockname()[1]}"
    health.beat(tmp_path / "data", "index", waiting=str(DOWN))
    said = otswatch("status", folder=tmp_path, bus=f"kafka://{nobody}", index=f"http://{nobody}")
    assert (said.code, said.err) == (0, "")
    assert re.search(rf"index +waiting: {DOWN}", said.out)
    assert len(re.findall(rf"cannot be read: Kafka at kafka://{nobody} ", said.out)) == 1
    assert len(re.findall(rf"cannot be read: Elasticsearch at http://{nobody} ", said.out)) >= 3


# --------------------------------------------------------------------------------------------------------------- rates


class Clock:
    """A clock that tests set, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_rate_is_that_of_the_last_minutes_and_unknown_in_the_first_one():
    clock = Clock()
    rate = health.Rate(clock)
    rate.add({"pages/0": 120})
    clock.now += 30
    assert rate.per_minute() == {}
    clock.now += 90
    assert rate.per_minute() == {"pages/0": 60.0}
    rate.add({"pages/0": 30, "pages/1": 1})
    assert rate.per_minute() == {"pages/0": 75.0, "pages/1": 0.5}
    clock.now += 290
    known = rate.per_minute()
    assert known["pages/0"] == pytest.approx(30 / 5, rel=0.05), "what is older does not count"
    clock.now += 3600
    assert rate.per_minute() == {"pages/0": 0.0, "pages/1": 0.0}, "nothing was done: that is known"


def test_a_rate_holds_however_messages_come():
    clock = Clock()
    rate = health.Rate(clock)
    for _ in range(6000):
        clock.now += 0.1
        rate.add({"pages/0": 2})
    assert rate.per_minute()["pages/0"] == pytest.approx(1200, rel=0.01)


def test_a_beat_without_a_rate_is_read_too(opened: tuple[Settings, Stores]):
    health.beat(opened[0].data, "extract", ok=3)  # as versions before 0.1 wrote it
    assert {row["per minute"] for row in rows(opened, "Messages")} == {""}
