"""Kept articles are fetched again, to see whether they changed: once in each round, politely, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scrapy.http import Response

from otswatch import again as agains
from otswatch.again import PREFIX, ROUNDS, Again
from otswatch.bus.sqlite import SqliteBus
from otswatch.crawlers.again import GIVE_UP, MOST, Refetches
from otswatch.crawlers.frontier import Fetched
from otswatch.crawlers.registry import Source
from otswatch.crawlers.spiders.again import FetchingAgain
from otswatch.crawlers.visit import Visit
from otswatch.records import Answer, Article, Discovery, Gone, Page
from otswatch.state import State
from otswatch.state.sqlite import SqliteState
from otswatch.status import Reason
from otswatch.urls import MAX_LENGTH, page_id
from tests.alerting import article, dated
from tests.crawling import Crawls, source
from tests.memory import MemoryState
from tests.site import Answer as Said
from tests.site import Asked, Listed, Site, rss

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
URL = "https://example.com/news/1"
HOUR, DAY, WEEK = ROUNDS


def kept(id_: str = "a", **changes: Any) -> Article:
    """An article as `index` has it when it comes for the first time."""
    made = article(id_, "Leaders meet at the summit", **changes)
    discovery = Discovery(by="feed", via="https://example.com/feed", title="Leaders", published="4 May")
    answer = Answer.of({"etag": '"a"'}, b"<p>text")
    trace = made.trace.replace(fetched_at=NOW, first_seen=NOW, first_listed=NOW, discovery=discovery, answer=answer)
    return made.replace(url=URL, trace=trace)


def begun(state: State, id_: str = "a", **changes: Any) -> Again:
    agains.note(state, [kept(id_, **changes)], NOW)
    return entry(state, id_)


def entry(state: State, id_: str = "a") -> Again:
    found = state.get(PREFIX + id_)
    assert found is not None
    return Again.model_validate(found.value)


def fetched(body: bytes = b"<p>other text", **headers: str) -> Fetched:
    return Fetched(URL, 200, headers, body, NOW + HOUR)


# ------------------------------------------------------------------------------------------------ what is fetched again


def test_a_kept_article_is_due_an_hour_after_first_sight_and_a_replay_changes_nothing() -> None:
    state = MemoryState()
    again = begun(state)
    assert again.due == NOW + HOUR
    assert again.answer.conditions == {"If-None-Match": '"a"'}
    agains.note(state, [kept().replace(url="https://example.com/other")], NOW + DAY)
    assert entry(state) == again


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "discarded"},
        {"relevance": None},
        {"published": dated("2026-04-20")},
        {"url": None},
        {"trace": kept().trace.replace(discovery=Discovery(by="warc"))},
        {"trace": kept().trace.replace(discovery=Discovery(by="manual"))},
        {"trace": kept().trace.replace(answer=None)},
    ],
    ids=["discarded", "not about the OTS", "back-fill", "no address", "archive", "by hand", "an older record"],
)
def test_what_is_not_kept_or_not_recent_is_not_fetched_again(changes: dict[str, Any]) -> None:
    state = MemoryState()
    agains.note(state, [kept().replace(**changes)], NOW)
    assert list(state.scan(PREFIX)) == []


def test_what_is_replayed_when_all_rounds_are_over_is_not_begun_anew() -> None:
    state = MemoryState()
    agains.note(state, [kept()], NOW + WEEK + timedelta(seconds=1))
    assert list(state.scan(PREFIX)) == []


def test_an_article_that_is_kept_no_longer_is_never_fetched_again() -> None:
    state = MemoryState()
    begun(state)
    agains.note(state, [kept().replace(status="discarded", reason="ruled-out")], NOW)
    assert entry(state).due is None
    agains.note(state, [kept()], NOW)
    assert entry(state).due is None


def test_a_page_that_was_had_late_is_not_fetched_at_once() -> None:
    state = MemoryState()
    late = kept().trace.replace(fetched_at=NOW + timedelta(hours=2))
    agains.note(state, [kept().replace(trace=late)], NOW + timedelta(hours=2))
    assert entry(state).due == NOW + DAY


# ------------------------------------------------------------------------------------------------------ round by round


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[SqliteBus]:
    with SqliteBus(tmp_path / "bus.sqlite") as opened:
        yield opened


def at(bus: SqliteBus, state: State, moment: datetime) -> Refetches:
    return Refetches(bus, state, lambda: moment)


def pages(bus: SqliteBus) -> list[Page]:
    return [Page.from_json(message.value) for message in bus.read("pages")]


def test_a_changed_page_is_published_as_the_same_one(bus: SqliteBus) -> None:
    state = MemoryState()
    begun(state)
    assert at(bus, state, NOW + timedelta(minutes=59)).due("wire") == []
    assert at(bus, state, NOW + HOUR).due("other") == []
    refetches = at(bus, state, NOW + HOUR)
    [due] = refetches.due("wire")
    assert refetches.answered(due, fetched(etag='"b"')) == Reason.AGAIN_CHANGED
    [page] = pages(bus)
    assert (page.id, page.url, page.again, page.content()) == ("a", URL, 1, b"<p>other text")
    assert (page.first_seen, page.first_listed, page.fetched_at) == (NOW, NOW, NOW + HOUR)
    assert page.discovery == kept().trace.discovery
    again = entry(state)
    assert (again.due, again.answer.conditions) == (NOW + DAY, {"If-None-Match": '"b"'})
    assert refetches.due("wire") == []


def test_the_same_bytes_are_not_published(bus: SqliteBus) -> None:
    state = MemoryState()
    begun(state)
    refetches = at(bus, state, NOW + HOUR)
    [due] = refetches.due("wire")
    assert refetches.answered(due, fetched(b"<p>text")) == Reason.AGAIN_UNCHANGED
    assert pages(bus) == []
    assert entry(state).due == NOW + DAY


def test_rounds_that_were_missed_are_done_once_and_later_ones_keep_their_times(bus: SqliteBus) -> None:
    state = MemoryState()
    begun(state)
    for moment, following in ((NOW + timedelta(days=2), NOW + WEEK), (NOW + timedelta(days=30), None)):
        [due] = at(bus, state, moment).due("wire")
        at(bus, state, moment).unchanged(due)
        assert entry(state).due == following
    assert at(bus, state, NOW + timedelta(days=31)).due("wire") == []
    assert list(state.scan(PREFIX)) == [], "what is over is forgotten"


def test_the_longest_due_come_first_and_no_more_than_a_visit_has_room_for(bus: SqliteBus) -> None:
    state = MemoryState()
    for number in range(MOST + 5):
        late = kept().trace.replace(first_seen=NOW - timedelta(minutes=number))
        agains.note(state, [kept(f"a{number:02}").replace(trace=late)], NOW)
    due = at(bus, state, NOW + HOUR).due("wire")
    assert [each.id for each in due] == [f"a{number:02}" for number in range(MOST + 4, 4, -1)]


@pytest.mark.parametrize("moment", [NOW + HOUR, NOW + DAY + HOUR, NOW + WEEK])
def test_a_page_that_cannot_be_had_is_tried_now_and_then_until_its_round_is_over(
    bus: SqliteBus, moment: datetime
) -> None:
    state = MemoryState()
    begun(state)
    following = entry(state).following(moment) or NOW + WEEK + GIVE_UP
    tried = 0
    while moment < following:
        for due in at(bus, state, moment).due("wire"):
            at(bus, state, moment).failed(due)
            tried += 1
        moment += timedelta(minutes=15)
    assert 3 < tried < 15
    assert entry(state).due == (following if following <= NOW + WEEK else None)
    assert entry(state).failures == 0 or following > NOW + WEEK


def test_a_page_that_is_gone_is_said_to_be_and_not_asked_for_again(bus: SqliteBus) -> None:
    state = MemoryState()
    begun(state)
    refetches = at(bus, state, NOW + HOUR)
    [due] = refetches.due("wire")
    assert refetches.gone(due, 410) == Reason.GONE
    [message] = bus.read("gone")
    assert Gone.from_json(message.value) == Gone(id="a", url=URL, source="wire", status=410, at=NOW + HOUR)
    assert entry(state).due is None


def test_what_was_ended_while_it_was_fetched_stays_ended(bus: SqliteBus) -> None:
    state = MemoryState()
    begun(state)
    [due] = at(bus, state, NOW + HOUR).due("wire")
    agains.note(state, [kept().replace(status="discarded", reason="ruled-out")], NOW + HOUR)
    at(bus, state, NOW + HOUR).unchanged(due)
    assert entry(state).due is None


class Spider:
    """What `FetchingAgain` needs of one, without a reactor."""

    async def blocking(self, function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)

    @asynccontextmanager
    async def answered(self, visit: Visit) -> AsyncIterator[None]:
        yield

    def problem(self, visit: Visit, url: str, reason: Reason, detail: str) -> None:
        visit.problem(url, reason, detail)


def test_a_page_that_moved_to_an_address_without_an_id_is_not_asked_for_again(bus: SqliteBus) -> None:
    state = MemoryState()
    begun(state)
    refetches = at(bus, state, NOW + HOUR)
    [due] = refetches.due("wire")
    visit = Visit(Source.model_validate(source("https://example.com")), NOW)
    wall = Response("https://example.com/login?back=" + "x" * MAX_LENGTH)
    asyncio.run(FetchingAgain(refetches, lambda: NOW, Spider()).parse(wall, visit, due))
    assert (visit.counts, entry(state).due, pages(bus)) == ({Reason.NOT_ARTICLE: 1}, None, [])


class KilledError(BaseException):
    """The process is gone."""


class Mortal(MemoryState):
    """A state whose process dies before or after its `budget`-th write."""

    budget, before = 1 << 30, True

    def _write(self, key: str, value: Any) -> None:
        self.budget -= 1
        if self.budget == 0 and self.before:
            raise KilledError
        super()._write(key, value)
        if self.budget == 0:
            raise KilledError


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bodies=st.lists(st.sampled_from((b"one", b"two", b"gone")), min_size=10, max_size=10),
    deaths=st.lists(st.tuples(st.integers(1, 3), st.booleans()), max_size=3),
    sleep=st.lists(st.integers(1, 60), min_size=1, max_size=30),
)
def test_wherever_a_crawl_is_killed_each_round_is_done_and_at_most_once_more(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes], deaths: list[tuple[int, bool]], sleep: list[int]
) -> None:
    state, moment, asked, left = Mortal(), NOW, list[datetime](), list(deaths)
    is_gone = False
    with SqliteBus(tmp_path_factory.mktemp("bus") / "bus.sqlite") as bus:
        begun(state)
        for hours in [*sleep, *[24 * 9] * 5]:
            moment += timedelta(hours=hours)
            if left:
                state.budget, state.before = left[0]
            try:
                for due in at(bus, state, moment).due("wire"):
                    asked.append(moment)
                    body = bodies[min(len(asked), len(bodies)) - 1]
                    if body == b"gone":
                        is_gone = True
                        at(bus, state, moment).gone(due, 404)
                    else:
                        at(bus, state, moment).answered(due, Fetched(URL, 200, {}, body, moment))
            except KilledError:
                del left[0]
            state.budget = 1 << 30
        published = pages(bus)
    assert list(state.scan(PREFIX)) == [], "over, and forgotten"
    killed = len(deaths) - len(left)
    assert (1 if is_gone else 2) <= len(asked) <= len(ROUNDS) + killed
    assert len({page.fetched_at for page in published}) == len(published)
    assert all(page.first_seen == NOW for page in published)
    if published and not killed:
        bodies_seen = [page.content() for page in published]
        assert all(one != other for one, other in pairwise(bodies_seen))


# ------------------------------------------------------------------------------------------------------- a real crawl


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        running["/robots.txt"] = Said("User-agent: *\nDisallow: /news/private/\n", content_type="text/plain")
        running["/feed.xml"] = rss()
        yield running


class Newsroom:
    """A site, crawls of it over one folder, and articles that were kept when it was first crawled."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.crawls = Crawls(folder)

    def keeps(self, path: str, body: str = "<p>text", **headers: str) -> str:
        """As after the first crawl of a page, seen by `index`. Returns its id."""
        url = self.site.url(path)
        state = SqliteState(self.crawls.data / "state.sqlite")
        trace = kept().trace.replace(answer=Answer.of(headers, body.encode()))
        agains.note(state, [kept().replace(id=page_id(url), url=url, source="local", trace=trace)], NOW)
        state.create(f"seen/{page_id(url)}", {"first_seen": NOW.isoformat()})
        state.close()
        return page_id(url)

    def crawl(self, moment: datetime) -> dict[str, int]:
        """How the addresses of a crawl at that moment ended."""
        fields = source(self.site.url())
        report = self.crawls.run(fields, allowed_hosts=[self.site.host], now=moment.isoformat())
        assert "Traceback" not in report["log"]
        counts: dict[str, int] = report["sources"]["local"]["counts"]
        return counts

    def due(self, id_: str) -> str | None:
        value: str | None = self.crawls.state(PREFIX)[PREFIX + id_]["due"]
        return value and value.replace("Z", "+00:00")


@pytest.fixture
def room(site: Site, tmp_path: Path) -> Newsroom:
    return Newsroom(site, tmp_path)


@pytest.mark.slow
def test_pages_are_fetched_again_after_what_is_new_and_what_changed_is_published(site: Site, room: Newsroom) -> None:
    ids = [room.keeps(f"/news/{name}") for name in ("same", "other")]
    site["/news/same"], site["/news/other"], site["/news/new"] = Said("<p>text"), Said("<p>changed"), Said("<p>new")
    site["/feed.xml"] = rss(Listed("/news/new"), Listed("/news/other"))
    assert room.crawl(NOW + timedelta(minutes=30)) == {"published": 1, "already-seen": 1}
    site["/feed.xml"] = rss(Listed("/news/newer"), Listed("/news/other"))
    site["/news/newer"] = Said("<p>newer", seconds=0.2)
    before = len(site.log)
    counts = room.crawl(NOW + HOUR)
    assert counts == {"published": 1, "already-seen": 1, "again-changed": 1, "again-unchanged": 1}
    asked = [path for path in site.paths()[before:] if path.startswith("/news/")]
    assert (asked[0], sorted(asked[1:])) == ("/news/newer", ["/news/other", "/news/same"])
    [again] = [page for page in room.crawls.pages() if page.again]
    assert (again.id, again.first_seen, again.fetched_at) == (ids[1], NOW, NOW + HOUR)
    assert room.due(ids[0]) == room.due(ids[1]) == (NOW + DAY).isoformat()
    assert room.crawl(NOW + HOUR + timedelta(minutes=15)) == {"already-seen": 2}


@pytest.mark.slow
def test_a_page_is_asked_for_only_if_it_changed(site: Site, room: Newsroom) -> None:
    id_ = room.keeps("/news/1", etag='"v1"')

    def conditional(request: Asked) -> Said:
        unchanged = request.headers.get("If-None-Match") == '"v1"'
        return Said(status=304) if unchanged else Said("<p>changed", headers={"ETag": '"v1"'})

    site["/news/1"] = conditional
    assert room.crawl(NOW + HOUR) == {"again-unchanged": 1}
    assert room.due(id_) == (NOW + DAY).isoformat()
    assert room.crawls.pages() == []


@pytest.mark.slow
def test_what_cannot_be_had_again_has_its_word(site: Site, room: Newsroom) -> None:
    names = ("gone", "private/1", "busy", "moved")
    ids = {name: room.keeps(f"/news/{name}") for name in names}
    site["/news/busy"] = Said("no", status=403)
    site["/news/moved"] = Said(status=302, headers={"Location": "/"})
    site["/"] = Said("front page")
    counts = room.crawl(NOW + HOUR)
    assert counts == {"gone": 1, "robots-disallowed": 1, "http-error": 1, "not-article": 1}
    assert site.asked("/news/private/1") == 0
    assert [room.due(ids[name]) for name in ("gone", "moved")] == [None, None]
    assert room.crawl(NOW + HOUR) == {"robots-disallowed": 1, "http-error": 1}, "tried again at the next visit"
    assert room.crawls.pages() == []


@pytest.mark.slow
def test_a_source_that_does_not_answer_is_left_alone(site: Site, room: Newsroom) -> None:
    id_ = room.keeps("/news/1")
    site["/feed.xml"] = Said("no", status=404)
    assert room.crawl(NOW + HOUR) == {"http-error": 1}
    assert (site.asked("/news/1"), room.due(id_)) == (0, (NOW + HOUR).isoformat())
