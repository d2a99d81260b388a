"""The runner's rules, on a real embedded bus: outcomes, retries, quarantine, waiting, stopping, fencing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from otswatch.bus import MAX_MESSAGE_BYTES, Message, Outgoing
from otswatch.bus.sqlite import SqliteBus
from otswatch.consumers import runner as runner_module
from otswatch.consumers.outcome import Failed, Outcome, Quarantined, Result
from otswatch.consumers.runner import ATTEMPTS, Runner
from otswatch.consumers.topology import Consumer
from otswatch.errors import DependencyDownError, MessageTooLargeError, QuarantineFullError, StorageDamagedError

STEP = Consumer("step", ("in",), ("out",), "", 10, "a consumer for these tests")


class Plan:
    """Work that does as it is told, by the message's text."""

    def __init__(self, act: Callable[[str], Outcome]) -> None:
        self.act = act
        self.calls: list[list[str]] = []
        self.closed = False

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        texts = [message.value.decode() for message in messages]
        self.calls.append(texts)
        return [self.act(text) for text in texts]

    def close(self) -> None:
        self.closed = True


def forward(text: str) -> Outcome:
    return Result((Outgoing("out", text, text.upper().encode()),))


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[SqliteBus]:
    with SqliteBus(tmp_path / "bus.sqlite") as bus:
        yield bus


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner_module, "RETRY_SECONDS", 0.001)
    monkeypatch.setattr(runner_module, "WAIT_SECONDS", 0.01)


def put(bus: SqliteBus, *texts: str) -> None:
    bus.publish([Outgoing("in", text, text.encode()) for text in texts])


def start(bus: SqliteBus, work: Plan, tmp_path: Path) -> tuple[Runner, threading.Event]:
    stop = threading.Event()
    return Runner(STEP, work, bus, tmp_path, stop), stop


def values(bus: SqliteBus, topic: str) -> list[str]:
    return [message.value.decode() for message in bus.read(topic)]


def waiting(bus: SqliteBus) -> int:
    return sum(lag.messages for lag in bus.lag("step", ("in",)))


def test_results_are_published_in_order_and_committed(bus: SqliteBus, tmp_path: Path) -> None:
    put(bus, *"abcdefghijklmno")
    runner, _ = start(bus, Plan(forward), tmp_path)
    assert runner.step() == 10
    assert runner.step() == 5
    assert values(bus, "out") == list("ABCDEFGHIJKLMNO")
    assert waiting(bus) == 0
    assert runner.step(timeout=0) == 0


def test_a_discard_is_counted_with_its_reason(bus: SqliteBus, tmp_path: Path) -> None:
    put(bus, "a", "b")
    runner, _ = start(bus, Plan(lambda _: Result(status="discarded", reason="passing")), tmp_path)
    runner.step()
    assert runner.counts == {"discarded:passing": 2}
    assert values(bus, "out") == []


def test_a_quarantined_message_is_kept_whole_and_says_why(bus: SqliteBus, tmp_path: Path) -> None:
    put(bus, "a", "bad", "c")
    plan = Plan(lambda text: Quarantined("not-html", "a PDF") if text == "bad" else forward(text))
    runner, _ = start(bus, plan, tmp_path)
    runner.step()
    assert values(bus, "out") == ["A", "C"]
    [held] = bus.read("quarantine.step")
    assert held.value == b"bad"
    assert held.key == "bad"
    expected = {
        "stage": "step",
        "topic": "in",
        "partition": "0",
        "offset": "1",
        "reason": "not-html",
        "exception": "a PDF",
    }
    assert expected.items() <= held.headers.items()
    assert {"attempt", "time", "version"} <= held.headers.keys()
    assert plan.calls == [["a", "bad", "c"]], "a quarantine is not tried again"


def test_a_failure_is_tried_again_alone_and_then_quarantined(bus: SqliteBus, tmp_path: Path) -> None:
    put(bus, "a", "bad", "c")
    plan = Plan(lambda text: Failed("ValueError: no") if text == "bad" else forward(text))
    runner, _ = start(bus, plan, tmp_path)
    runner.step()
    assert plan.calls == [["a", "bad", "c"]] + [["bad"]] * (ATTEMPTS - 1)
    [held] = bus.read("quarantine.step")
    assert (held.headers["reason"], held.headers["exception"]) == ("failed", "ValueError: no")
    assert values(bus, "out") == ["A", "C"]


def test_a_failure_that_passes_leaves_no_trace(bus: SqliteBus, tmp_path: Path) -> None:
    put(bus, "a", "shy", "c")
    refusals = iter([True])
    plan = Plan(lambda text: Failed("busy") if text == "shy" and next(refusals, False) else forward(text))
    runner, _ = start(bus, plan, tmp_path)
    runner.step()
    assert values(bus, "out") == ["A", "SHY", "C"], "in the order that they came"
    assert list(bus.read("quarantine.step")) == []


def test_work_that_raises_is_laid_at_the_door_of_the_message_that_causes_it(bus: SqliteBus, tmp_path: Path) -> None:
    def act(text: str) -> Outcome:
        if text == "bad":
            raise RuntimeError("x" * 1000)
        return forward(text)

    put(bus, "a", "bad", "c")
    runner, _ = start(bus, Plan(act), tmp_path)
    runner.step()
    assert values(bus, "out") == ["A", "C"]
    [held] = bus.read("quarantine.step")
    assert held.headers["exception"].startswith("RuntimeError: xxx")
    assert len(held.headers["exception"]) <= 300, "an exception may carry the whole page"


def test_a_dependency_that_is_down_is_waited_for(bus: SqliteBus, tmp_path: Path) -> None:
    down = iter([True, True, True])

    def act(text: str) -> Outcome:
        if next(down, False):
            raise DependencyDownError("the index does not answer")
        return forward(text)

    put(bus, "a", "b")
    runner, _ = start(bus, Plan(act), tmp_path)
    assert runner.step() == 2
    assert values(bus, "out") == ["A", "B"]
    assert list(bus.read("quarantine.step")) == []


def test_what_waiting_does_not_mend_stops_it_and_commits_nothing(bus: SqliteBus, tmp_path: Path) -> None:
    def act(_: str) -> Outcome:
        raise StorageDamagedError("index.sqlite is damaged: restore a backup")

    put(bus, "a", "b")
    runner, _ = start(bus, Plan(act), tmp_path)
    with pytest.raises(StorageDamagedError):
        runner.run()
    assert waiting(bus) == 2
    assert list(bus.read("quarantine.step")) == []


def test_told_to_stop_while_waiting_it_leaves_the_batch_for_later(bus: SqliteBus, tmp_path: Path) -> None:
    def act(_: str) -> Outcome:
        stop.set()
        raise DependencyDownError("the index does not answer")

    put(bus, "a")
    plan = Plan(act)
    runner, stop = start(bus, plan, tmp_path)
    runner.run()
    assert plan.closed
    assert waiting(bus) == 1


@pytest.mark.parametrize(("failures", "quarantined"), [(1, 0), (ATTEMPTS, 1)])
def test_told_to_stop_it_quarantines_only_what_had_all_its_attempts(
    bus: SqliteBus, tmp_path: Path, failures: int, quarantined: int
) -> None:
    def act(text: str) -> Outcome:
        if text == "b" and len(plan.calls) == failures:
            stop.set()
        return Failed("the worker process died") if text == "b" else forward(text)

    put(bus, "a", "b")
    plan = Plan(act)
    runner, stop = start(bus, plan, tmp_path)
    runner.run()
    assert len(list(bus.read("quarantine.step"))) == quarantined
    assert waiting(bus) == (0 if quarantined else 2)
    assert values(bus, "out") == (["A"] if quarantined else [])


def test_too_many_quarantines_in_a_row_stop_it_before_they_are_committed(
    bus: SqliteBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_module, "QUARANTINES_IN_A_ROW", 14)
    put(bus, *"abcdefghijklmnopqrstuvwxyz")
    runner, _ = start(bus, Plan(lambda _: Quarantined("failed", "a bad deploy")), tmp_path)
    with pytest.raises(QuarantineFullError, match=r"15 messages in a row.*a bad deploy.*quarantine list"):
        runner.run()
    assert len(values(bus, "quarantine.step")) == 10
    assert waiting(bus) == 16


def test_one_success_between_them_keeps_it_going(
    bus: SqliteBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_module, "QUARANTINES_IN_A_ROW", 2)
    put(bus, *"aabaabaab")
    runner, _ = start(bus, Plan(lambda text: Quarantined("failed") if text == "a" else forward(text)), tmp_path)
    assert runner.step() == 9


def test_a_result_too_large_for_any_bus_is_quarantined_and_its_neighbours_go_on(bus: SqliteBus, tmp_path: Path) -> None:
    large = Result((Outgoing("out", "k", b"x" * (MAX_MESSAGE_BYTES + 1)),))
    put(bus, "a", "big", "c")
    runner, _ = start(bus, Plan(lambda text: large if text == "big" else forward(text)), tmp_path)
    runner.step()
    assert values(bus, "out") == ["A", "C"]
    [held] = bus.read("quarantine.step")
    assert held.headers["reason"] == "too-large"


def test_quarantined_again_after_a_replay_it_counts_the_attempts(bus: SqliteBus, tmp_path: Path) -> None:
    bus.publish([Outgoing("in", "k", b"bad", {"attempt": "2"})])
    runner, _ = start(bus, Plan(lambda _: Quarantined("failed")), tmp_path)
    runner.step()
    [held] = bus.read("quarantine.step")
    assert held.headers["attempt"] == "3"


def test_a_bus_that_takes_less_than_we_do_costs_only_the_message_that_is_too_large(
    bus: SqliteBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otswatch.bus.MAX_MESSAGE_BYTES", 100)
    put(bus, *"abcde")
    plan = Plan(lambda text: Result((Outgoing("out", text, text.upper().encode() * (200 if text == "c" else 1)),)))
    runner, _ = start(bus, plan, tmp_path)
    assert [runner.step() for _ in range(7)] == [0, 1, 1, 1, 1, 1, 0]
    assert values(bus, "out") == ["A", "B", "D", "E"]
    [held] = bus.read("quarantine.step")
    assert (held.value, held.headers["reason"]) == (b"c", "too-large")
    assert runner.counts == {"ok": 4, "quarantined:too-large": 1}
    put(bus, *"fg")
    assert runner.step() == 2, "batches are whole again"


def test_what_not_even_quarantine_takes_stops_the_consumer(
    bus: SqliteBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(bus, "large" * 100)
    monkeypatch.setattr("otswatch.bus.MAX_MESSAGE_BYTES", 100)
    runner, _ = start(bus, Plan(forward), tmp_path)
    with pytest.raises(MessageTooLargeError, match=r"quarantine\.step does not take in/0/0"):
        runner.step()
    assert waiting(bus) == 1
