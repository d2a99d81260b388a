"""What dashboards of operation are made of: sources as they are now, consumers every five minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from otswatch import health
from otswatch.bus import Outgoing
from otswatch.index import Search, every
from otswatch.settings import Settings
from otswatch.status import Reason
from otswatch.stores import open_stores
from otswatch.watchdog.measuring import EVERY, KEPT, measure
from tests.watching import BEGAN, Desk, watched


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    settings = Settings(data=tmp_path / "data", config=tmp_path / "otswatch.d")
    watched(settings.config, "wire", "gazette", every=60.0)
    with open_stores(settings) as stores:
        yield Desk(settings, stores)


def documents(desk: Desk, kind: str, **filters: str) -> list[Mapping[str, Any]]:
    desk.stores.index.refresh()
    search = Search(kind, filters={name: (value,) for name, value in filters.items()}, sort="at")
    return list(every(desk.stores.index, search))


def pages(desk: Desk, count: int) -> None:
    desk.stores.bus.publish([Outgoing("pages", str(number), b"{}") for number in range(count)])


def work(desk: Desk, consumer: str, count: int) -> None:
    """A consumer finishes so many pages."""
    member = desk.stores.bus.consumer(consumer, ("pages",))
    batch = member.poll(count, 1.0)
    assert batch
    member.publish_and_commit(batch, [])
    member.close()


def test_each_consumer_says_how_far_it_is_and_what_was_done_since(desk: Desk) -> None:
    pages(desk, 5)
    desk.look()
    [first] = documents(desk, "pipeline", consumer="extract")
    assert (first["lag"], first["done"], first["partition"], first["topic"]) == (5, 0, 0, "pages")
    assert "status" not in first  # it never ran on this machine
    work(desk, "extract", 3)
    desk.look(minutes=3)
    later, _ = documents(desk, "pipeline", consumer="extract")
    assert (later["lag"], later["done"], later["quarantined"]) == (2, 3, 0)
    desk.look(minutes=30)
    standing, *_ = documents(desk, "pipeline", consumer="extract")
    assert standing["lag_seconds"] >= 30 * 60
    assert standing["done"] == 0
    assert {each["consumer"] for each in documents(desk, "pipeline")} >= {"archive", "index", "alert"}


def test_between_two_moments_nothing_is_put(desk: Desk) -> None:
    for _ in range(4):
        measure(desk.settings, desk.stores, desk.now)
        desk.now += EVERY / 4
    assert len(documents(desk, "pipeline", consumer="extract")) == 1


def test_what_is_two_weeks_old_is_written_over(desk: Desk) -> None:
    for _ in range(3):
        measure(desk.settings, desk.stores, desk.now)
        desk.now += KEPT
    [only] = documents(desk, "pipeline", consumer="extract")
    assert only["at"].startswith(f"{BEGAN + 2 * KEPT:%Y-%m-%dT%H:%M}")


def test_a_process_says_how_it_is_and_how_often_it_failed(desk: Desk) -> None:
    health.beat(desk.settings.data, "extract", failed=2, per_minute={"pages/0": 59.7})
    desk.now = health.read_all(desk.settings.data)[0].at + timedelta(seconds=1)
    measure(desk.settings, desk.stores, desk.now)
    health.beat(desk.settings.data, "extract", failed=5, waiting="the index is down")
    measure(desk.settings, desk.stores, desk.now + EVERY)
    late, first = documents(desk, "pipeline", consumer="extract")
    assert (first["status"], first["per_minute"], first["errors"]) == ("running", 60, 0)
    assert (late["status"], late["errors"]) == ("stopped", 3)  # no sign of life for five minutes
    health.beat(desk.settings.data, "extract", stopped=True)
    desk.now += 2 * EVERY
    measure(desk.settings, desk.stores, desk.now)
    assert documents(desk, "pipeline", consumer="extract")[0]["status"] == "stopped"


def test_each_source_is_there_once_as_it_is(desk: Desk) -> None:
    desk.visit("wire", 3)
    desk.look()
    assert [each["status"] for each in documents(desk, "sources", source="wire")] == ["ok"]
    assert [each["status"] for each in documents(desk, "sources", source="gazette")] == ["not-visited"]
    for _ in range(8):
        desk.now += timedelta(hours=1)
        desk.visit("wire", answers=False)
    desk.look(minutes=10)
    [wire] = documents(desk, "sources", source="wire")
    assert (wire["status"], wire["reason"]) == ("failing", Reason.FETCH_FAILED)
    assert (wire["pages"], wire["errors"], wire["silent_hours"]) == (3, 1, 8)
    assert wire["last_item"] == wire["answered_at"] == f"{BEGAN:%Y-%m-%dT%H:%M:%SZ}"
    assert wire["watched"] is True


def test_quarantine_is_counted_once(desk: Desk) -> None:
    desk.look()
    held = Outgoing("quarantine.extract", "a", b"1", {"stage": "extract", "topic": "pages", "attempt": "1"})
    desk.stores.bus.publish([held, held])
    desk.look(minutes=10)
    desk.look(minutes=10)
    counts = [each["quarantined"] for each in documents(desk, "pipeline", consumer="extract")]
    assert counts == [0, 2, 0]


def test_what_cannot_be_measured_keeps_nothing_from_being_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.settings.config / "sources" / "test.yaml").write_text("- id: [")
    desk.look()
    assert documents(desk, "pipeline") == []
