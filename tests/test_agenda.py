"""Which source is visited when: fixed intervals that survive a restart, one crawler at a time, one line a round."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest
import structlog

from otswatch.crawlers import agenda as agendas
from otswatch.crawlers import history
from otswatch.crawlers.agenda import HoursOverError, Once, Scheduled, dues, not_set_up
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


def ten_seconds_a_look(clock: Clock, monkeypatch: pytest.MonkeyPatch, then: Callable[[timedelta], None]) -> None:
    """Instead of waiting; `then` is called with the time that has passed in all."""

    async def sleep(seconds: float) -> None:
        clock.passes(seconds=10)
        then(clock() - NOON)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(agendas, "time", SimpleNamespace(monotonic=lambda: (clock() - NOON).total_seconds()))


def six_minutes(state: SqliteState, clock: Clock, beats: list[datetime]) -> Scheduled:
    return Scheduled([A], state, clock, owner="me", hours=0.1, beat=lambda: beats.append(clock()))


def test_a_visit_that_outlasts_the_hours_is_led_and_told_of_to_its_end(state, clock, monkeypatch):
    beats: list[datetime] = []
    agenda = six_minutes(state, clock, beats)

    def late(passed: timedelta) -> None:
        if passed == timedelta(minutes=9):
            assert not state.lease("crawl", "other", 30, clock())
            agenda.visited(A, report(A, published=1))

    ten_seconds_a_look(clock, monkeypatch, late)
    with structlog.testing.capture_logs() as logs:
        seen = looks(agenda, 100, lambda turn, ids: None)
    assert (len(seen), clock() - NOON) == (36, timedelta(minutes=9)), "no visit is begun after the six minutes"
    assert beats[-1] == clock()
    assert [line["published"] for line in logs if line["event"] == "crawl.round"] == [1]


def test_who_loses_its_lease_while_the_last_visits_go_on_stops(state, clock, monkeypatch):
    def frozen(passed: timedelta) -> None:
        if passed == timedelta(minutes=7):
            clock.passes(minutes=5)
            state.lease("crawl", "other", 30, clock())

    ten_seconds_a_look(clock, monkeypatch, frozen)
    with pytest.raises(DependencyDownError, match="another process has taken over"):
        looks(six_minutes(state, clock, []), 100, lambda turn, ids: None)


def test_a_visit_that_does_not_end_is_left_to_the_next_process(state, clock, monkeypatch):
    monkeypatch.setattr(agendas, "LINGER_SECONDS", 60.0)
    ten_seconds_a_look(clock, monkeypatch, lambda passed: None)
    with pytest.raises(HoursOverError):
        looks(six_minutes(state, clock, []), 100, lambda turn, ids: None)
    assert clock() - NOON == timedelta(minutes=7)
    assert looks(scheduled(state, clock, A), 1, lambda turn, ids: None) == [["a"]]


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
