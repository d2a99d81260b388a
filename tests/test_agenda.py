"""Which source is visited when: fixed intervals that survive a restart, one crawler at a time, one line a round."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
import structlog

from otswatch.crawlers import agenda as agendas
from otswatch.crawlers import history
from otswatch.crawlers.agenda import Once, Scheduled, dues, not_set_up
from otswatch.crawlers.registry import Source
from otswatch.crawlers.report import Problem, SourceReport
from otswatch.errors import DependencyDownError
from otswatch.state.sqlite import SqliteState
from otswatch.status import Reason

T = TypeVar("T")
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(tmp_path):
    opened = SqliteState(tmp_path / "state.sqlite")
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(agendas, "TICK_SECONDS", 0)


def a_source(id_: str, **fields: Any) -> Source:
    return Source.model_validate({"id": id_, "name": id_, "country": "INT", "languages": ["en"], **fields})


A, B = a_source("a", every=10), a_source("b", every=60)


def report(
    source: Source, begun: datetime = NOON, answered: int = 1, published: int = 0, why: str = ""
) -> SourceReport:
    counts = {Reason.PUBLISHED: published} if published else {}
    problems = (Problem("https://example.com", Reason.FETCH_FAILED, why),) if why else ()
    return SourceReport(source.id, begun, counts, problems, answered)


async def at_once(function: Callable[[], T]) -> T:
    return function()


def looks(agenda: Scheduled, number: int, between: Callable[[int, list[str]], None]) -> list[list[str]]:
    """The ids that are due at each of `number` looks; `between` is called after each with its number and its ids."""

    async def look() -> list[list[str]]:
        seen: list[list[str]] = []
        async for due in agenda.due(at_once):
            seen.append([source.id for source in due])
            between(len(seen), seen[-1])
            if len(seen) == number:
                break
        return seen

    return asyncio.run(look())


def scheduled(state, clock, *sources: Source, owner: str = "me") -> Scheduled:
    return Scheduled(sources, state, clock, owner=owner, hours=1, beat=lambda: None)


def test_each_source_comes_due_by_its_own_interval(state, clock):
    agenda = scheduled(state, clock, A, B)

    def ten_minutes(turn: int, ids: list[str]) -> None:
        for source in (A, B):
            if source.id in ids:
                agenda.visited(source, report(source, clock()))
        clock.passes(minutes=10)

    seen = looks(agenda, 8, ten_minutes)
    assert seen[0] == ["a", "b"]
    assert [ids for ids in seen if "b" in ids] == [["a", "b"], ["a", "b"]]
    assert all("a" in ids for ids in seen)


def test_a_visit_that_is_under_way_is_not_begun_again(state, clock):
    agenda = scheduled(state, clock, A)
    seen = looks(agenda, 3, lambda turn, ids: clock.passes(hours=1))
    assert seen == [["a"], [], []]


def test_a_visit_that_took_longer_than_its_interval_is_followed_by_the_next(state, clock):
    agenda = scheduled(state, clock, A)

    def late(turn: int, ids: list[str]) -> None:
        if turn == 1:
            clock.passes(minutes=25)
            agenda.visited(A, report(A))

    assert looks(agenda, 2, late) == [["a"], ["a"]]


def test_the_schedule_survives_a_restart_and_what_was_cut_short_comes_first(state, clock):
    first = scheduled(state, clock, A, B)
    looks(first, 1, lambda turn, ids: first.visited(A, report(A)))  # b was under way when it was killed
    clock.passes(minutes=1)
    again = scheduled(state, clock, A, B)
    assert looks(again, 1, lambda turn, ids: None) == [["b"]]
    assert {due.source: due.at for due in dues(state)}["a"] == NOON + timedelta(minutes=10)


def test_a_shorter_interval_counts_at_once_and_what_is_not_watched_any_more_is_forgotten(state, clock):
    first = scheduled(state, clock, A, B)
    looks(first, 1, lambda turn, ids: [first.visited(source, report(source)) for source in (A, B)])
    clock.passes(minutes=1)
    looks(scheduled(state, clock, a_source("b", every=5)), 1, lambda turn, ids: None)
    assert [(due.source, due.at) for due in dues(state)] == [("b", NOON + timedelta(minutes=6))]


def test_one_crawls_on_schedule_and_its_successor_under_the_same_name_goes_on_at_once(state, clock, monkeypatch):
    monkeypatch.setattr(agendas, "LEASE_SECONDS", 30.0)
    assert looks(scheduled(state, clock, A, owner="run-1"), 1, lambda turn, ids: None) == [["a"]]
    assert looks(scheduled(state, clock, A, owner="run-1"), 1, lambda turn, ids: None) == [["a"]]
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        clock.passes(seconds=seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    with structlog.testing.capture_logs() as logs:
        assert looks(scheduled(state, clock, A, owner="run-2"), 1, lambda turn, ids: None) == [["a"]]
    assert 30 <= sum(waited) <= 45
    assert [line["event"] for line in logs].count("crawl.waiting") == len(waited)


def test_who_was_frozen_past_its_lease_stops(state, clock):
    agenda = scheduled(state, clock, A, owner="frozen")

    def frozen(turn: int, ids: list[str]) -> None:
        clock.passes(minutes=5)
        state.lease("crawl", "other", 30, clock())

    with pytest.raises(DependencyDownError, match="another process has taken over"):
        looks(agenda, 2, frozen)


def test_a_round_is_one_line_however_many_sources_are_silent(state, clock):
    sources = [a_source(f"s{number}", every=15) for number in range(90)]
    agenda = scheduled(state, clock, *sources)

    def offline(turn: int, ids: list[str]) -> None:
        for source in sources if turn == 1 else []:
            answered = source.id == "s1"
            agenda.visited(source, report(source, answered=answered, published=2 * answered, why="DNS lookup failed"))

    with structlog.testing.capture_logs() as logs:
        looks(agenda, 3, offline)
    [told] = [line for line in logs if line["event"] == "crawl.round"]
    assert (told["tried"], told["answered"], told["published"], len(told["silent"])) == (90, 1, 2, 89)
    assert told["why"] == "fetch-failed: DNS lookup failed"
    assert told["next"] == (NOON + timedelta(minutes=15)).isoformat()


def test_visits_are_remembered(state, clock):
    once = Once([A], state, clock)
    once.visited(A, report(A, published=3))
    once.visited(A, report(A, answered=0))
    [visit] = history.visits(state)
    assert (visit.source, visit.tried, visit.answered, visit.published, visit.counts) == ("a", NOON, NOON, 3, {})
    assert [each.counts for each in not_set_up([A, a_source("off", enabled=False)])] == [{Reason.NOT_SET_UP: 1}]
