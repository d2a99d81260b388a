"""Many real processes on one bus, and real SIGKILLs. OTSWATCH_DRILL_SECONDS makes the drill longer than a test is."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import pytest

from otswatch.bus import Batch, Consumer, Message, Outgoing
from otswatch.bus.sqlite import LEASE_SECONDS, SqliteBus
from otswatch.errors import FencedError
from tests.processes import PATIENCE, eventually

pytestmark = [pytest.mark.slow]

DRILL_SECONDS = float(os.environ.get("OTSWATCH_DRILL_SECONDS", "5"))

spawn = multiprocessing.get_context("spawn")


def start(target: Callable[..., None], *args: Any) -> SpawnProcess:
    process = spawn.Process(target=target, args=args, daemon=True)
    process.start()
    return process


def produce(folder: Path, name: str, seconds: float) -> None:
    """Numbers from 0 under one key, one to five at a time; leaves how many there were in a file."""
    count = 0
    with SqliteBus(folder / "bus.sqlite") as bus:
        # From here on: eight interpreters may take longer to start than the drill is long.
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            numbers = range(count, count + 1 + count % 5)
            bus.publish([Outgoing("pages", name, str(number).encode().ljust(2000)) for number in numbers])
            count = numbers.stop
    (folder / f"{name}.count").write_text(str(count))


def consume(folder: Path, group: str) -> None:
    """Copies each message to a topic of the group's own, as one act with the commit, until told to stop."""
    at_work = folder / f"{group}.at-work"
    with SqliteBus(folder / "bus.sqlite") as bus:
        consumer = bus.consumer(group, ["pages"])
        while True:
            stopping = (folder / "stop").exists()
            batch = consumer.poll(20, 0.5)
            if batch:
                if not at_work.exists():
                    at_work.write_text(str(os.getpid()))
                commit(consumer, batch, group)
            elif stopping:
                return


def commit(consumer: Consumer, batch: Batch, group: str) -> None:
    copies = [
        Outgoing(f"done-{group}", message.key, message.value, {"of": message.address}) for message in batch.messages
    ]
    try:
        consumer.publish_and_commit(batch, copies)
    except FencedError:
        consumer.rewind()


def number(message: Message) -> int:
    return int(message.value)


def check_complete(bus: SqliteBus, group: str, counts: dict[str, int]) -> None:
    """Each number of each producer exactly once, and in order."""
    done: dict[str, list[int]] = {name: [] for name in counts}
    for message in bus.read(f"done-{group}"):
        done[message.key].append(number(message))
    for name, count in counts.items():
        assert done[name] == list(range(count)), f"{group} of {name}: {Counter(done[name]).most_common(3)}"


def wait_for(path: Path) -> None:
    eventually(lambda: path.exists() and path.read_text())


def test_eight_processes_on_one_bus_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    SqliteBus(tmp_path / "bus.sqlite").close()
    groups = ("extract", "extract", "archive", "alert")
    producers = {f"producer-{name}": start(produce, tmp_path, f"producer-{name}", DRILL_SECONDS) for name in "abcd"}
    consumers = [start(consume, tmp_path, group) for group in groups]

    wait_for(tmp_path / "extract.at-work")
    time.sleep(DRILL_SECONDS / 2)
    leader = int((tmp_path / "extract.at-work").read_text())
    os.kill(leader, signal.SIGKILL)

    for producer in producers.values():
        producer.join(DRILL_SECONDS + PATIENCE)
    log = (tmp_path / "bus.sqlite-wal").stat().st_size
    (tmp_path / "stop").touch()
    for consumer in consumers:
        consumer.join(PATIENCE)

    exits = {process.pid: process.exitcode for process in [*producers.values(), *consumers]}
    assert exits.pop(leader) == -signal.SIGKILL
    assert set(exits.values()) == {0}, "a lock error would have ended its process"
    counts = {name: int((tmp_path / f"{name}.count").read_text()) for name in producers}
    with SqliteBus(tmp_path / "bus.sqlite") as bus:
        for group in set(groups):
            assert bus.lag(group, ["pages"])[0].messages == 0
            check_complete(bus, group, counts)
        offsets = [message.offset for message in bus.read("pages")]
        assert all(after == before + 1 for before, after in pairwise(offsets))
    total = sum(counts.values())
    print(  # noqa: T201 - the drill's report, shown with -s
        f"\n{DRILL_SECONDS:.0f} s, 4 producers, 4 consumers, one leader killed: {total} published ({dict(counts)}),"
        f" {total * 3} committed by 3 groups; nothing lost, nothing twice, in order; lock errors: 0;"
        f" log {log >> 20} MiB"
    )


def work_slowly(folder: Path) -> None:
    """Takes a batch and stays with it."""
    with SqliteBus(folder / "bus.sqlite") as bus:
        consumer = bus.consumer("extract", ["pages"])
        commit(consumer, consumer.poll(2, PATIENCE), "extract")
        assert consumer.poll(2, PATIENCE)
        (folder / "extract.at-work").write_text("in the middle")
        time.sleep(PATIENCE)


def test_a_killed_member_is_succeeded_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    with SqliteBus(tmp_path / "bus.sqlite") as bus:
        bus.publish([Outgoing("pages", "p", str(number).encode()) for number in range(6)])
        process = start(work_slowly, tmp_path)
        wait_for(tmp_path / "extract.at-work")
        successor = bus.consumer("extract", ["pages"])
        assert not successor.poll(10, 0.3), "the first lives"
        process.kill()
        process.join()
        killed = time.monotonic()
        batch = successor.poll(10, PATIENCE)
        assert time.monotonic() - killed < 5 < LEASE_SECONDS
        assert [number(message) for message in batch.messages] == [2, 3, 4, 5]
        commit(successor, batch, "extract")
        check_complete(bus, "extract", {"p": 6})
        successor.close()


def die_while_publishing(folder: Path) -> None:
    """Is killed inside a transaction, with everything written and nothing committed."""
    with SqliteBus(folder / "bus.sqlite") as bus, bus._database.transaction() as connection:
        connection.execute("UPDATE topics SET next = next + 1000")
        connection.execute("DELETE FROM messages")
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_killed_inside_a_transaction_leaves_no_trace(tmp_path: Path) -> None:
    with SqliteBus(tmp_path / "bus.sqlite") as bus:
        bus.publish([Outgoing("pages", "p", b"0")])
        process = start(die_while_publishing, tmp_path)
        process.join(PATIENCE)
        assert process.exitcode == -signal.SIGKILL
        bus.publish([Outgoing("pages", "p", b"1")])
        assert [(message.offset, number(message)) for message in bus.read("pages")] == [(0, 0), (1, 1)]


def test_members_that_were_killed_leave_nothing_behind(tmp_path: Path) -> None:
    with SqliteBus(tmp_path / "bus.sqlite") as bus:
        bus.publish([Outgoing("pages", "p", str(number).encode()) for number in range(4)])
        process = start(work_slowly, tmp_path)
        wait_for(tmp_path / "extract.at-work")
        process.kill()
        process.join()
        bus.consumer("archive", ["pages"]).close()
    assert list((tmp_path / "bus.sqlite-members").iterdir()) == []
