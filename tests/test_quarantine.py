"""Quarantine: listed, shown, given back after a fix; nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from otswatch.bus import Outgoing
from otswatch.bus.sqlite import SqliteBus
from otswatch.cli import quarantine as cli
from otswatch.consumers.quarantine import Held, count, find, held, replay
from otswatch.errors import UsageError
from otswatch.state.sqlite import SqliteState

SAID = {"stage": "extract", "topic": "pages", "partition": "0", "reason": "timeout", "exception": "more than 10 s"}


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[SqliteBus, SqliteState]]:
    bus, state = SqliteBus(tmp_path / "bus.sqlite"), SqliteState(tmp_path / "state.sqlite")
    for number in range(3):
        headers = {**SAID, "offset": str(number), "attempt": "1", "time": "2026-03-03T09:30:00+00:00"}
        bus.publish([Outgoing("quarantine.extract", f"k{number}", b"page %d" % number, headers)])
    yield bus, state
    bus.close()
    state.close()


def test_what_is_held_has_an_address_and_a_reason(stores: tuple[SqliteBus, SqliteState]) -> None:
    items = list(held(*stores))
    assert [item.address for item in items] == ["extract/0", "extract/1", "extract/2"]
    assert {item.reason for item in items} == {"timeout"}
    assert list(held(*stores, consumer="index")) == []
    assert count(*stores) == 3


def test_a_replay_goes_to_the_topic_it_came_from_and_is_marked(stores: tuple[SqliteBus, SqliteState]) -> None:
    bus, state = stores
    assert replay([find(bus, state, "extract/1")], bus, state) == 1
    [back] = bus.read("pages")
    assert (back.key, back.value) == ("k1", b"page 1")
    assert back.headers == {"attempt": "1", "replayed-from": "quarantine.extract/0/1"}
    assert [item.replayed is not None for item in held(bus, state)] == [False, True, False]
    assert count(bus, state) == 2


def test_a_replay_goes_on_saying_that_it_is_no_news(stores: tuple[SqliteBus, SqliteState]) -> None:
    bus, state = stores
    bus.publish([Outgoing("quarantine.index", "k", b"{}", {**SAID, "attempt": "1", "origin": "reprocess"})])
    replay([find(bus, state, "index/0")], bus, state)
    [back] = bus.read("pages")
    assert back.headers["origin"] == "reprocess"


def test_of_many_that_are_held_only_those_given_back_are_read(
    stores: tuple[SqliteBus, SqliteState], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(*given: Any) -> Iterator[Held]:
        for item in held(*given):
            read.append(item.address)
            yield item

    monkeypatch.setenv("OTSWATCH_DATA", str(tmp_path))
    monkeypatch.setattr(cli, "held", counted)
    cli.replay(consumer="extract", maximum=2, dry_run=True)
    assert list(stores[0].read("pages")) == []
    cli.replay(consumer="extract", maximum=2)
    assert [message.key for message in stores[0].read("pages")] == ["k0", "k1"]
    assert read == ["extract/0", "extract/1"] * 2


def test_nothing_is_given_back_where_one_of_the_addresses_holds_nothing(
    stores: tuple[SqliteBus, SqliteState], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTSWATCH_DATA", str(tmp_path))
    with pytest.raises(UsageError, match="extract/7"):
        cli.replay(addresses=["extract/0", "extract/7"])
    assert list(stores[0].read("pages")) == []


def test_an_address_that_holds_nothing_says_what_to_do(stores: tuple[SqliteBus, SqliteState]) -> None:
    with pytest.raises(UsageError, match="quarantine list"):
        find(*stores, address="extract/7")
    with pytest.raises(UsageError, match="there are: extract, archive"):
        list(held(*stores, consumer="extrakt"))
