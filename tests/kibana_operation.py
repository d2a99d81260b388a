"""Documents of the kinds `sources`, `pipeline` and `ledger` as the program itself makes them, of a few bad days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from otswatch import health
from otswatch.alerts.errors import PermanentDeliveryError
from otswatch.bus import Outgoing
from otswatch.index import Document, Index, Put
from otswatch.settings import Settings
from otswatch.stores import open_stores
from tests.alerting import Newsroom, article, quote, subscription
from tests.watching import Desk, watched


class Recorder:
    """An index that also keeps what is put into it."""

    def __init__(self, index: Index) -> None:
        self.documents: list[Document] = []
        self._index = index

    def put(self, documents: Sequence[Document]) -> list[Put]:
        self.documents += documents
        return self._index.put(documents)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)


def operation(folder: Path) -> list[Document]:
    """Sources that answer, fail and fell silent; consumers that run, wait and fail; letters that arrived or did not."""
    return [*_watched(folder), *_letters(folder)]


def _watched(folder: Path) -> list[Document]:
    settings = Settings(data=folder / "data", config=folder / "otswatch.d")
    watched(settings.config, "wire", "gazette", "herald", every=60.0)
    with open_stores(settings) as stores:
        recorder = Recorder(stores.index)
        desk = Desk(settings, replace(stores, index=cast("Index", recorder)))
        for day in range(12):
            desk.visit("wire", 3)
            desk.visit("herald", 2 if day < 7 else 0)
            desk.visit("gazette", answers=False)
            desk.now += timedelta(days=1)
        for source in ("wire", "gazette", "herald"):
            stores.state.put(f"schedule/{source}", {"due": (desk.now + timedelta(hours=1)).isoformat()})
        held = Outgoing("quarantine.extract", "a", b"1", {"stage": "extract", "topic": "pages", "attempt": "1"})
        for step in range(3):
            stores.bus.publish([Outgoing("pages", f"{step}", b"{}"), held])
            health.beat(settings.data, "extract", failed=step, per_minute={"pages/0": 4.0})
            health.beat(settings.data, "index", failed=0, waiting="the index is down")
            member = stores.bus.consumer("archive", ("pages",))
            if batch := member.poll(1, 1.0):
                member.publish_and_commit(batch, [])
            member.close()
            desk.look(minutes=30)
        return recorder.documents


def _letters(folder: Path) -> list[Document]:
    shown: list[Document] = []
    room = Newsroom(folder, [subscription(), subscription("mail", channels=["mailto:ayse@ministry.example"])])
    room.sender.show = shown.extend
    room.post.faults = [PermanentDeliveryError("550 no such mailbox"), None]
    room.publish(article("a", "Leaders meet at the summit", quote("q1", "We will build one corridor")))
    room.letters(minutes=3)
    return shown
