"""Consumers side by side: what goes wrong while they are watched is waited for, or ends all of them; never a hang."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from otswatch.bus import Lag, Outgoing
from otswatch.bus.sqlite import SqliteBus
from otswatch.consumers.consume import Consumers, chosen
from otswatch.errors import OTSWatchError, StorageDamagedError, StorageFullError
from otswatch.index.sqlite import SqliteIndex
from otswatch.settings import Settings
from otswatch.state.sqlite import SqliteState
from otswatch.stores import Stores
from tests.factory import article


class TroubledBus(SqliteBus):
    """Looking at it fails with `troubles`, one each time, until there are no more."""

    troubles: list[OTSWatchError]

    def lag(self, group: str, topics: Sequence[str]) -> list[Lag]:
        self._fail()
        return super().lag(group, topics)

    def expire(self, topic: str, before: datetime, groups: Sequence[str]) -> int:
        self._fail()
        return super().expire(topic, before, groups)

    def _fail(self) -> None:
        if self.troubles:
            raise self.troubles.pop()


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    bus, index, state = (
        TroubledBus(tmp_path / "bus.sqlite"),
        SqliteIndex(tmp_path / "index.sqlite"),
        SqliteState(tmp_path / "state.sqlite"),
    )
    bus.troubles = []
    bus.publish([Outgoing("articles", "a", article("a", "Ministers met in Samarkand.").to_json())])
    yield Stores(bus, index, state)
    for store in (bus, index, state):
        store.close()


def run(stores: Stores, tmp_path: Path) -> dict[str, int]:
    names = ["stories", "index"]
    return Consumers(chosen(names), Settings(data=tmp_path), stores).run(once=True)


@pytest.mark.slow
def test_a_disk_that_is_full_for_a_moment_is_waited_for(stores: Stores, tmp_path: Path) -> None:
    assert isinstance(stores.bus, TroubledBus)
    stores.bus.troubles = [StorageFullError("the disk is full")] * 3
    assert run(stores, tmp_path) == {"stories:ok": 1, "index:ok": 2}, "the article and its story"


def test_what_waiting_does_not_mend_ends_all_of_them(stores: Stores, tmp_path: Path) -> None:
    assert isinstance(stores.bus, TroubledBus)
    stores.bus.troubles = [StorageDamagedError("bus.sqlite is damaged")]
    with pytest.raises(StorageDamagedError):
        run(stores, tmp_path)
    assert [thread for thread in threading.enumerate() if thread.name in ("stories", "index")] == []
