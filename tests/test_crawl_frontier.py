"""What the crawler remembers: the seen-set, what waits, and when it is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from otswatch.bus.sqlite import SqliteBus
from otswatch.crawlers.again import Refetches
from otswatch.crawlers.agenda import HoursOverError
from otswatch.crawlers.frontier import GIVE_UP, RESTS, Fetched, Frontier, Item, Met
from otswatch.crawlers.registry import Source
from otswatch.crawlers.routes import Entry
from otswatch.crawlers.spiders.news import NewsSpider
from otswatch.crawlers.visit import Visit
from otswatch.records import Page
from otswatch.state.sqlite import SqliteState
from otswatch.status import Reason
from otswatch.urls import MAX_LENGTH, page_id
from tests.crawling import source
from tests.strategies import moments, words

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
FEED = "https://example.com/feed"
URL = "https://example.com/news/1"


@pytest.fixture
def bus(tmp_path):
    with SqliteBus(tmp_path / "bus.sqlite") as opened:
        yield opened


@pytest.fixture
def state(tmp_path):
    opened = SqliteState(tmp_path / "state.sqlite")
    yield opened
    opened.close()


def at(bus, state, moment: datetime) -> Frontier:
    return Frontier(bus, state, lambda: moment)


def listed(*urls: str) -> list[tuple[str, Entry]]:
    return [(page_id(url), Entry(url, "Title", None)) for url in urls]


def fetched(url: str = URL, moment: datetime = NOW) -> Fetched:
    return Fetched(url, 200, {"content-type": "text/html"}, b"text", moment)


@given(
    st.builds(
        Item,
        id=words,
        url=words,
        source=words,
        first_seen=moments,
        via=words,
        title=st.none() | words,
        published=st.none() | words,
        place=st.integers(0, 1000),
        failures=st.integers(0, 50),
        failed_at=st.none() | moments,
        reason=st.none() | words,
    )
)
def test_items_survive_the_state(item):
    assert Item.from_value(item.id, item.to_value()) == item


def test_first_seen_is_the_first_sight_by_any_list_and_survives_failures(bus, state):
    (item,) = at(bus, state, NOW).meet("first", "feed", FEED, listed(URL)).due
    at(bus, state, NOW).failed(item, Reason.FETCH_FAILED)
    later = at(bus, state, NOW + timedelta(days=2))
    (again,) = later.meet("second", "feed", "https://second.example/feed", listed(URL)).due
    assert (again.first_seen, again.source, again.via, again.failures) == (NOW, "first", FEED, 1)
    assert later.deliver(again, fetched(moment=NOW + timedelta(days=2))) == Reason.PUBLISHED
    (message,) = bus.read("pages")
    page = Page.from_json(message.value)
    assert (page.first_seen, page.first_listed, page.fetched_at) == (NOW, NOW, NOW + timedelta(days=2))
    assert message.key == page.id == page_id(URL)
    assert later.meet("first", "feed", FEED, listed(URL)).seen == 1
    assert not later.waiting({"first", "second"}).due


def test_only_what_belongs_to_the_sources_of_this_crawl_is_tried_again(bus, state):
    frontier = at(bus, state, NOW)
    frontier.meet("a", "feed", FEED, listed(URL))
    frontier.meet("b", "feed", FEED, listed(URL + "1"))
    assert [item.url for item in frontier.waiting({"b"}).due] == [URL + "1"]


def test_a_page_that_was_marked_seen_just_before_a_kill_is_not_fetched_again(bus, state):
    (item,) = at(bus, state, NOW).meet("a", "feed", FEED, listed(URL)).due
    at(bus, state, NOW).deliver(item, fetched())
    state.create(f"waiting/{item.id}", item.to_value())  # as it was before the step that the kill prevented
    at(bus, state, NOW).forget_delivered()
    assert at(bus, state, NOW).waiting({"a"}).due == []
    assert state.get(f"waiting/{item.id}") is None


def test_what_an_interrupted_crawl_left_keeps_the_order_of_its_list(bus, state):
    urls = [f"{URL}/{number}" for number in range(20)]
    at(bus, state, NOW).meet("a", "feed", FEED, listed(*urls))
    assert [item.url for item in at(bus, state, NOW).waiting({"a"}).due] == urls


def test_of_one_list_the_newest_is_the_last_to_be_met_and_the_first_to_be_fetched(bus, state):
    moments = iter(NOW + timedelta(seconds=second) for second in range(100))
    met = Frontier(bus, state, lambda: next(moments)).meet(
        "a", "feed", FEED, listed("https://x.y/new", "https://x.y/old")
    )
    assert [item.url for item in met.due] == ["https://x.y/new", "https://x.y/old"]
    assert met.due[0].first_seen > met.due[1].first_seen


def test_rests_grow_to_a_day_and_stay_there():
    item = Item(page_id(URL), URL, "a", NOW, FEED)
    assert not item.rests(NOW)
    for failures in (1, 2, 3, 4, 5, 6, 60):
        failed = replace(item, failures=failures, failed_at=NOW)
        rest = RESTS[min(failures, 5) - 1]
        assert not failed.rests(NOW + rest)
        assert rest == timedelta(0) or failed.rests(NOW + rest - timedelta(seconds=1))


def test_a_page_that_failed_for_weeks_is_given_up_and_says_why(bus, state):
    moment, tries = NOW, 0
    while due := at(bus, state, moment).meet("a", "feed", FEED, listed(URL)).due:
        at(bus, state, moment).failed(due[0], Reason.HTTP_ERROR)
        moment, tries = moment + timedelta(days=1), tries + 1
    assert moment - NOW > GIVE_UP
    assert 5 < tries < 40
    entry = state.get(f"seen/{page_id(URL)}")
    assert entry is not None
    assert entry.value == {"first_seen": NOW.isoformat(), "url": URL, "source": "a", "status": "http-error"}
    assert at(bus, state, moment).meet("a", "feed", FEED, listed(URL)).seen == 1


def test_a_page_that_was_moved_closes_both_addresses(bus, state):
    frontier = at(bus, state, NOW)
    old, new = "https://example.com/old", "https://example.com/new"
    (item, _) = frontier.meet("a", "feed", FEED, listed(old, new)).due
    frontier.deliver(item, fetched(new))
    assert not frontier.waiting({"a"}).due
    assert frontier.meet("a", "feed", FEED, listed(old, new)).seen == 2
    assert [message.key for message in bus.read("aliases")] == [page_id(new)]


def test_a_short_link_and_its_target_in_one_list_are_one_page(bus, state):
    frontier = at(bus, state, NOW)
    short, target = "https://example.com/s/1", "https://example.com/news/1"
    first, second = frontier.meet("a", "feed", FEED, listed(short, target)).due
    assert frontier.deliver(first, fetched(target)) == Reason.PUBLISHED
    assert frontier.deliver(second, fetched(target)) == Reason.ALREADY_SEEN  # it was asked for meanwhile
    assert [message.key for message in bus.read("pages")] == [page_id(target)]
    assert not frontier.waiting({"a"}).due


def test_validators_are_those_of_the_last_answer_that_was_read(bus, state):
    frontier = at(bus, state, NOW)
    takes = {"article": "x"}
    assert frontier.validators(FEED, takes) == {}
    frontier.list_was_read(FEED, {"If-None-Match": '"a"'}, takes)
    assert frontier.validators(FEED, takes) == {"If-None-Match": '"a"'}
    frontier.list_was_read(FEED, {}, takes)
    assert frontier.validators(FEED, takes) == {}


def test_a_list_of_which_something_else_is_taken_now_is_asked_for_as_if_for_the_first_time(bus, state):
    frontier = at(bus, state, NOW)
    frontier.list_was_read(FEED, {"If-None-Match": '"a"'}, {"article": "wrong", "follow": None})
    assert frontier.validators(FEED, {"article": "mended", "follow": None}) == {}
    state.put(next(state.scan("feed/")).key, {"url": FEED, "headers": {"If-None-Match": '"a"'}})  # of an older version
    assert frontier.validators(FEED, {"article": "mended", "follow": None}) == {}


@pytest.fixture
def spider(bus, state) -> Iterator[NewsSpider]:
    made = NewsSpider(
        agenda=cast("Any", None),
        frontier=at(bus, state, NOW),
        refetches=Refetches(bus, state, lambda: NOW),
        clock=lambda: NOW,
        list_timeout=1,
        on_progress=lambda done, known: None,
    )
    yield made
    made.closed("finished")


#: Articles by a source's pattern, and yet without an id.
NO_PAGES = ("https://example.com/news/" + "x" * MAX_LENGTH, "https://exa!mple.com/news/1")


@pytest.mark.parametrize("final", NO_PAGES, ids=["too long", "no host"])
@pytest.mark.parametrize("is_moved", [True, False])
def test_an_address_without_an_id_is_no_article_and_does_not_end_the_crawl(spider, state, final, is_moved):
    local = Source.model_validate(source("https://example.com", article="https?://[^/]+/news/.+"))
    assert local.is_article(final)
    (item,) = spider._frontier.meet("local", "feed", FEED, listed(URL)).due
    visit = Visit(local, NOW, open=2)
    request = Request(final, meta={"redirect_urls": [URL]} if is_moved else {})
    asyncio.run(spider.parse_page(Response(final, request=request), visit, item))
    assert (visit.counts, spider.error) == ({Reason.NOT_ARTICLE: 1}, None)
    entry = state.get(f"waiting/{item.id}")
    assert entry is not None
    assert entry.value["failures"] == 1


def test_the_crawl_ends_in_order_where_its_hours_are_over(spider):
    class Agenda:
        async def due(self, blocking: object) -> AsyncIterator[list[Source]]:
            yield []
            raise HoursOverError

    spider._agenda = Agenda()
    with pytest.raises(CloseSpider) as raised:
        asyncio.run(anext(spider.start()))
    assert (raised.value.reason, spider.error) == ("hours-over", None)


def test_a_page_dealt_with_while_a_list_was_read_is_not_asked_for_again(spider):
    item = Item(page_id(URL), URL, "a", NOW, FEED)
    shown = Met(due=[item])
    visit = Visit(cast("Any", None), NOW)
    assert [request.url for request in spider._page_requests(visit, shown)] == [URL]
    assert spider._page_requests(visit, shown) == []  # under way
    spider._step(item)
    assert spider._page_requests(visit, shown) == []  # another list, read before the page was delivered
    tried = replace(item, failures=1, failed_at=NOW - timedelta(days=1))
    assert len(spider._page_requests(visit, Met(due=[tried]))) == 1
