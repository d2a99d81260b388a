"""Real servers that go away, and servers that are slow: consumers wait, say so once, and catch up by themselves."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import structlog

from deploy.stack import Stack, running
from otswatch import elastic, health
from otswatch.bus import Outgoing
from otswatch.consumers import runner as runner_module
from otswatch.consumers.consume import Consumers, chosen
from otswatch.index import Search
from otswatch.provision import provision
from otswatch.settings import Settings
from otswatch.stores import Stores, open_stores
from tests.factory import article
from tests.processes import PATIENCE, eventually
from tests.stack import MARKS, require

pytestmark = MARKS


def publish(stores: Stores, first: int, count: int) -> None:
    articles = [article(f"a{number:04}", f"Text of article {number}.") for number in range(first, first + count)]
    stores.bus.publish([Outgoing("grouped", each.id, each.to_json()) for each in articles])


def indexed(stores: Stores) -> Counter[str]:
    """What was said to be findable, and how often."""
    return Counter(message.key for partition in range(4) for message in stores.bus.read("indexed", 0, partition))


class Indexing:
    """The consumer `index` at work in a thread, and what it says."""

    def __init__(self, settings: Settings, stores: Stores) -> None:
        self._data = settings.data
        self._consumers = Consumers(chosen(["index"]), settings, stores)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self._consumers.run()

    @property
    def waits_for(self) -> str | None:
        """What its last sign of life says that it waits for."""
        beats = {beat.name: beat for beat in health.read_all(self._data)}
        return beats["index"].facts.get("waiting") if "index" in beats else None

    def end(self) -> None:
        self._consumers.stop()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    require()
    with running() as started:
        yield started


@contextmanager
def indexing(
    stack: Stack, folder: Path, namespace: str, patience: float = elastic.REQUEST_SECONDS
) -> Iterator[tuple[Stores, Indexing]]:
    """The indexer at work, which waits for an answer of Elasticsearch for so long, and other stores to look on with."""
    assert stack.kafka
    assert stack.elasticsearch
    settings = Settings(data=folder, bus=stack.kafka.url, index=stack.elasticsearch.url, namespace=namespace)
    provision(settings)
    with open_stores(settings) as looking, ExitStack() as ends:
        with pytest.MonkeyPatch.context() as hasty:
            hasty.setattr(elastic, "REQUEST_SECONDS", patience)
            stores = ends.enter_context(open_stores(settings))
        work = Indexing(settings, stores)
        ends.callback(work.end)
        yield looking, work


def test_servers_that_are_killed_are_waited_for_and_everything_is_found_once(stack: Stack, tmp_path: Path) -> None:
    with structlog.testing.capture_logs() as logs, indexing(stack, tmp_path, "killed") as (stores, work):
        assert stack.kafka
        assert stack.elasticsearch
        publish(stores, 0, 300)
        eventually(lambda: indexed(stores).total() == 300)

        stack.elasticsearch.kill()
        publish(stores, 300, 300)
        assert "Elasticsearch at http://127.0.0.1:" in eventually(lambda: work.waits_for)
        stack.elasticsearch.start()
        eventually(lambda: indexed(stores).total() == 600)
        assert work.waits_for is None

        stack.kafka.kill()
        assert "Kafka at kafka://127.0.0.1:" in eventually(lambda: work.waits_for)
        stack.kafka.start()
        publish(stores, 600, 300)
        eventually(lambda: indexed(stores).total() == 900)

        stores.index.refresh()
        assert stores.index.search(Search(size=0)).total == 900
        assert set(indexed(stores).values()) == {1}
        assert list(stores.bus.read("quarantine.index")) == []
    said = [line for line in logs if line["event"] == "waiting"]
    # Once a minute for each thing that waits, where it was tried each second: an outage lasts a minute at most here.
    assert 2 <= len(said) <= 6, said


def test_a_slow_index_pauses_the_indexer(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner_module, "WAIT_SECONDS", 0.2)
    with indexing(stack, tmp_path, "slow", patience=2.0) as (stores, work):
        assert stack.elasticsearch
        publish(stores, 0, 10)
        eventually(lambda: indexed(stores).total() == 10)
        stack.elasticsearch.signal(signal.SIGSTOP)
        publish(stores, 10, 300)
        assert "Elasticsearch" in eventually(lambda: work.waits_for)
        stack.elasticsearch.signal(signal.SIGCONT)
        eventually(lambda: indexed(stores).total() == 310)
        assert set(indexed(stores).values()) == {1}
        stores.index.refresh()
        assert stores.index.search(Search(size=0)).total == 310
