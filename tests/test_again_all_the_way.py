"""A page that is changed after it was told, all the way: crawled, worked on, found, told; crawled again, and told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from otswatch.bus import Message, Outgoing
from otswatch.consumers.context import Context
from otswatch.consumers.extract import PageTask, work_on_page
from otswatch.consumers.index import IndexWork
from otswatch.consumers.outcome import Result, Work
from otswatch.consumers.stories import StoriesWork
from otswatch.index import Search
from otswatch.records import Article, Indexed
from otswatch.settings import Settings
from otswatch.stores import Stores, open_stores
from tests.alerting import Newsroom, subscription
from tests.crawling import Crawls, source
from tests.factory import ABOUT
from tests.site import Answer, Listed, Site, rss

pytestmark = pytest.mark.slow

PATH = "/news/ministers"


def html(more: str = "", advertisement: str = "") -> str:
    """The page, without a date of its own: the test runs today."""
    written = ABOUT.format(title="Interior ministers meet in Samarkand", more=more)
    return re.sub(r"<meta property=[^>]+>", advertisement, written)


class World:
    """A site, the crawler with its clock, the consumers in this process, and one subscriber."""

    def __init__(self, site: Site, settings: Settings, stores: Stores) -> None:
        self.site, self.crawls, self.stores = site, Crawls(settings.data), stores
        self.began, self.read = datetime.now(UTC), 0
        context = Context(settings, stores.index, stores.state)
        self.stories, self.index = StoriesWork(context), IndexWork(context)
        self.room = Newsroom(settings.data, [subscription(q="ministers")], stores.state)

    def visit(self, **later: float) -> tuple[dict[str, int], list[tuple[str, ...]]]:
        """How the addresses of a visit ended, and the letters that it led to."""
        moment = self.began + timedelta(**later)
        report = self.crawls.run(source(self.site.url()), allowed_hosts=[self.site.host], now=moment.isoformat())
        self.room.now = max(moment, datetime.now(UTC))
        pages = list(self.stores.bus.read("pages"))[self.read :]  # type: ignore[attr-defined]  # the embedded one
        self.read += len(pages)
        for page in pages:
            self._work_on(page)
        return report["sources"]["local"]["counts"], self.room.letters(hours=1)

    def _work_on(self, page: Message) -> None:
        made = work_on_page(PageTask(page.value, page.address))
        assert isinstance(made, Result)
        articles = [each for each in made.outgoing if each.topic == "articles"]
        marks = _sent(self.index, _sent(self.stories, articles))
        found = [Indexed.from_json(mark.value) for mark in marks]
        self.room.watching.look({mark.id: (mark, None) for mark in found if mark.kind == "articles"})

    def found(self, kind: str) -> list[Article]:
        self.stores.index.refresh()
        return [Article.model_validate(each) for each in self.stores.index.search(Search(kind=kind)).documents]


def _sent(work: Work, outgoing: Iterable[Outgoing]) -> list[Outgoing]:
    """What a consumer makes of what another one sends."""
    now = datetime.now(UTC)
    outcomes = work([Message(each.topic, 0, 0, each.key, each.value, {}, now) for each in outgoing])
    return [out for outcome in outcomes if isinstance(outcome, Result) for out in outcome.outgoing]


def test_a_text_that_changed_is_told_once_as_a_correction(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, config=tmp_path / "otswatch.d")
    with Site() as site, open_stores(settings) as stores:
        site["/robots.txt"] = Answer("", content_type="text/plain")
        site["/feed.xml"] = rss(Listed(PATH, "Interior ministers meet"))
        site[PATH] = Answer(html())
        world = World(site, settings, stores)
        counts, [first] = world.visit()
        assert counts == {"published": 1}
        assert first[0].startswith("story/")

        site[PATH] = Answer(html(" It will take place in Baku on the fifth of October."))
        assert world.visit(minutes=30) == ({"already-seen": 1}, []), "not yet"
        counts, [corrected] = world.visit(minutes=61)
        assert counts == {"already-seen": 1, "again-changed": 1}
        [key] = corrected
        assert key.startswith("correction/")

        mended = html(" It will take place in Baku on the fifth of Octobre!", "<meta name='ad' content='7'>")
        site[PATH] = Answer(mended)
        assert world.visit(hours=25) == ({"already-seen": 1, "again-changed": 1}, [])
        del site[PATH]
        assert world.visit(days=7, hours=1) == ({"already-seen": 1, "gone": 1}, [])

        [article] = world.found("articles")
        assert article.trace.first_seen == world.began
        assert article.content is not None
        assert "fifth of Octobre" in article.content.text
        assert len(world.found("versions")) == 3
        assert site.asked(PATH) == 4
        world.room.index.close()
