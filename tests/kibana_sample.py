"""The demo's newsroom on a real Elasticsearch, as the product itself takes it in: what dashboards are judged against.

No document is written by hand. The crawl on schedule, all consumers, the sender of alerts and the watchdog run as they
do in `otswatch run`; only the clocks of the crawl and of the watchdog are moved, so that four days pass in a minute.
The sources are visited on each of them; between the first and the last the consumers stand still.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from otswatch import health
from otswatch.consumers.consume import Consumers, chosen
from otswatch.crawlers import registry
from otswatch.demo.newsroom import Newsroom
from otswatch.provision import provision
from otswatch.settings import Settings
from otswatch.stores import open_stores
from tests.processes import PATIENCE
from tests.watching import Desk
from tests.webhooks import Webhooks

#: One for each visit.
DAYS = 4
#: The site that moves its feed after the first day and tells nobody.
MOVED = "garagum-habar"
#: Far less than a rate is of: the work of a day is done in seconds.
_RATE_SECONDS = 0.1


def fill(url: str, namespace: str, folder: Path) -> None:
    """Make the indices of this namespace, and fill them.

    Args:
        url: of Elasticsearch.
        folder: an empty one, for what is not kept there.
    """
    opened = datetime.now(UTC) - timedelta(days=DAYS)
    with Newsroom(opened) as newsroom, _readers(folder) as readers:
        settings = _settings(newsroom, readers, folder, index=url, namespace=namespace)
        provision(settings)
        with open_stores(settings) as stores, mock.patch.object(health, "UNKNOWN_SECONDS", _RATE_SECONDS):
            desk = Desk(settings, stores, now=opened)
            for day in range(DAYS):
                desk.now = opened + timedelta(days=day)
                _visit(desk, _register(settings, newsroom, moved=day > 0))
                if day in (0, DAYS - 1):
                    _work(desk)
                newsroom.publish_next()
                newsroom.publish_next()
            desk.look(hours=1)
            desk.dog.close()
            stores.index.refresh()


@contextmanager
def _readers(folder: Path) -> Iterator[Sequence[Webhooks]]:
    """Two who want to be told of all that is new: one takes every letter, the other none."""
    with Webhooks(folder / "taken.log") as glad, Webhooks(folder / "refused.log") as gone:
        gone.fault(410, times=1000)
        yield glad, gone


def _settings(newsroom: Newsroom, readers: Sequence[Webhooks], folder: Path, **fields: Any) -> Settings:
    hosts = (*newsroom.hosts, *(reader.host for reader in readers))
    fields |= {"data": folder / "data", "config": folder / "otswatch.d", "workers": 1}
    settings = Settings.load(allowed_hosts=",".join(hosts), **fields)
    wanted = [{"id": f"reader-{n}", "channels": [reader.url(scheme="json")]} for n, reader in enumerate(readers)]
    _write(settings, "subscriptions", wanted)
    return settings


def _register(settings: Settings, newsroom: Newsroom, *, moved: bool) -> list[str]:
    """Say which sources there are. Returns their ids."""
    sources = newsroom.sources()
    for source in sources:
        if moved and source["id"] == MOVED:
            source["feeds"] = [f"{source['homepage']}old-feed.xml"]
    _write(settings, "sources", sources)
    return [source["id"] for source in sources]


def _write(settings: Settings, what: str, entries: Sequence[dict[str, Any]]) -> None:
    folder = settings.config / what
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "newsroom.yaml").write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")


def _visit(desk: Desk, sources: Sequence[str]) -> None:
    """Every source is visited, and the watchdog looks at what waits."""
    child = multiprocessing.get_context("spawn").Process(target=_crawl, args=(desk.settings, sources, desk.now))
    child.start()
    child.join(PATIENCE)
    assert child.exitcode == 0
    desk.look(minutes=10)


def _work(desk: Desk) -> None:
    """All consumers work until nothing is left, and the watchdog looks before they end."""

    def when_done(done: int, known: int) -> None:
        if done == known:
            desk.look(minutes=10)

    Consumers(chosen(()), desk.settings, desk.stores).run(once=True, on_progress=when_done)


def _crawl(settings: Settings, sources: Sequence[str], at: datetime) -> None:
    """One round of a crawl on schedule, in a process of its own: a reactor starts once."""
    from otswatch.crawlers import crawl  # brings the reactor with it

    watched = registry.select(registry.load(settings.config), sources)
    with open_stores(settings) as stores, mock.patch.object(crawl, "_now", return_value=at):
        crawl.crawl_on_schedule(settings, watched, stores.bus, stores.state, owner="sample", hours=1 / 3600)
