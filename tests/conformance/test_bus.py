"""What every `Bus` does, whatever it is made of."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from otswatch.bus import MAX_MESSAGE_BYTES, Batch, Bus, Consumer, Message, Outgoing
from otswatch.errors import FencedError, MessageTooLargeError, OffsetExpiredError
from tests.conformance.conftest import Buses
from tests.processes import PATIENCE, eventually


def numbered(topic: str, numbers: Sequence[int], key: str = "k") -> list[Outgoing]:
    return [Outgoing(topic, key, str(number).encode()) for number in numbers]


def values(messages: Batch | Sequence[Message]) -> list[int]:
    return [int(message.value) for message in (messages.messages if isinstance(messages, Batch) else messages)]


def drain(consumer: Consumer, count: int) -> list[int]:
    """The next `count` values, committed batch by batch."""
    found: list[int] = []
    deadline = time.monotonic() + PATIENCE
    while len(found) < count and time.monotonic() < deadline:
        batch = consumer.poll(count - len(found), 0.5)
        if batch:
            found += values(batch)
            consumer.publish_and_commit(batch, [])
    return found


def waits(bus: Bus, group: str, topic: str, count: int) -> bool:
    """Whether so many messages wait for the group; a commit may be seen a moment later."""
    return eventually(lambda: bus.lag(group, [topic])[0].messages == count)


def test_messages_arrive_in_the_order_in_which_they_were_published(bus: Bus, topic: str) -> None:
    for start in range(0, 30, 3):
        bus.publish(numbered(topic, range(start, start + 3)))
    consumer = bus.consumer("readers", [topic])
    assert drain(consumer, 30) == list(range(30))
    consumer.close()


def test_a_new_group_starts_at_the_earliest_message(bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, [1, 2]))
    consumer = bus.consumer("late", [topic])
    assert values(consumer.poll(10, PATIENCE)) == [1, 2]
    consumer.close()


def test_a_group_may_join_before_the_first_message(bus: Bus, topic: str) -> None:
    consumer = bus.consumer("early", [topic])
    assert not consumer.poll(10, 0.1)
    bus.publish(numbered(topic, [1]))
    assert values(consumer.poll(10, PATIENCE)) == [1]
    consumer.close()


def test_a_message_is_given_back_as_it_was_published(bus: Bus, topic: str) -> None:
    odd = Outgoing(topic, "İstanbul ığdır\n'%_", b"\x00\xff", {"başlık": "Қазақстан ʻoʻ", "empty": "", "stage": '"q"'})
    plain = Outgoing(topic, "", b"")
    before = datetime.now(UTC)
    bus.publish([odd, plain])
    consumer = bus.consumer("readers", [topic])
    first, second = consumer.poll(10, PATIENCE).messages
    assert (first.topic, first.key, first.value, first.headers) == (topic, odd.key, odd.value, odd.headers)
    assert (second.key, second.value, second.headers) == ("", b"", {})
    assert first.offset < second.offset
    assert first.address == f"{topic}/{first.partition}/{first.offset}"
    assert before - timedelta(seconds=1) <= first.at <= datetime.now(UTC) + timedelta(seconds=1)
    consumer.close()


def test_a_large_value_goes_through_and_one_above_the_limit_takes_no_neighbour_along(bus: Bus, topic: str) -> None:
    large = Outgoing(topic, "large", os.urandom(8_000_000))
    bus.publish([large])
    consumer = bus.consumer("readers", [topic])
    batch = consumer.poll(10, PATIENCE)
    assert batch.messages[0].value == large.value
    too_large = Outgoing(topic, "too-large", bytes(MAX_MESSAGE_BYTES + 1))
    with pytest.raises(MessageTooLargeError, match="too-large"):
        bus.publish([*numbered(topic, [1]), too_large])
    with pytest.raises(MessageTooLargeError):
        consumer.publish_and_commit(batch, [*numbered(topic, [2]), too_large])
    assert [message.key for message in bus.read(topic)] == ["large"]
    consumer.publish_and_commit(batch, numbered(topic, [3]))
    assert values(consumer.poll(10, PATIENCE)) == [3]
    consumer.close()


def test_a_poll_returns_no_more_than_its_limit_and_goes_on_behind_it(bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, range(5)))
    consumer = bus.consumer("readers", [topic])
    first, second, third = consumer.poll(2, PATIENCE), consumer.poll(2, PATIENCE), consumer.poll(2, PATIENCE)
    assert (values(first), values(second), values(third)) == ([0, 1], [2, 3], [4])
    for batch in (first, second, third):
        consumer.publish_and_commit(batch, [])
    assert waits(bus, "readers", topic, 0)
    consumer.close()


def test_a_poll_waits_for_the_first_message_and_not_much_longer(buses: Buses, bus: Bus, topic: str) -> None:
    consumer = bus.consumer("readers", [topic])
    began = time.monotonic()
    assert not consumer.poll(10, 0.2)
    assert 0.2 <= time.monotonic() - began < 2

    def publish_later() -> None:
        time.sleep(0.3)
        with buses.connect() as other:
            other.publish(numbered(topic, [7]))

    thread = threading.Thread(target=publish_later)
    thread.start()
    began = time.monotonic()
    assert values(consumer.poll(10, PATIENCE)) == [7]
    assert time.monotonic() - began < PATIENCE / 2
    thread.join()
    consumer.close()


def test_one_consumer_reads_several_topics_and_none_starves(bus: Bus, topic: str) -> None:
    other = f"{topic}-corrections"
    bus.publish(numbered(topic, range(100)))
    bus.publish(numbered(other, [1000]))
    consumer = bus.consumer("readers", [topic, other])
    first = values(consumer.poll(10, PATIENCE)) + values(consumer.poll(10, PATIENCE))
    assert 1000 in first
    rest = [number for _ in range(9) for number in values(consumer.poll(10, 1))]
    assert [number for number in first + rest if number != 1000] == list(range(100))[: len(first + rest) - 1]
    consumer.close()


def test_what_was_committed_is_not_read_again_and_what_was_not_is(buses: Buses, bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, range(4)))
    consumer = bus.consumer("readers", [topic])
    consumer.publish_and_commit(consumer.poll(2, PATIENCE), [])
    assert values(consumer.poll(1, PATIENCE)) == [2]
    consumer.close()
    with buses.connect() as again:
        successor = again.consumer("readers", [topic])
        assert values(successor.poll(10, PATIENCE)) == [2, 3]
        successor.close()


def test_rewind_goes_back_to_the_last_commit(bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, range(6)))
    consumer = bus.consumer("readers", [topic])
    consumer.publish_and_commit(consumer.poll(2, PATIENCE), [])
    assert values(consumer.poll(2, PATIENCE)) == [2, 3]
    consumer.rewind()
    again = consumer.poll(10, PATIENCE)
    assert values(again) == [2, 3, 4, 5]
    consumer.publish_and_commit(again, [])
    consumer.rewind()
    assert not consumer.poll(10, 0.1)
    consumer.close()


def test_two_groups_read_independently(bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, range(3)))
    one, other = bus.consumer("one", [topic]), bus.consumer("other", [topic])
    assert drain(one, 3) == [0, 1, 2]
    assert values(other.poll(1, PATIENCE)) == [0]
    assert waits(bus, "one", topic, 0)
    assert waits(bus, "other", topic, 3)
    one.close()
    other.close()


def test_publish_and_commit_does_both(bus: Bus, topic: str) -> None:
    articles = f"{topic}-articles"
    bus.publish(numbered(topic, [1, 2]))
    consumer = bus.consumer("extract", [topic])
    consumer.publish_and_commit(consumer.poll(10, PATIENCE), numbered(articles, [10, 20]))
    assert values(list(bus.read(articles))) == [10, 20]
    assert waits(bus, "extract", topic, 0)
    consumer.close()


def test_a_member_that_was_succeeded_is_fenced_and_publishes_nothing(buses: Buses, bus: Bus, topic: str) -> None:
    articles = f"{topic}-articles"
    bus.publish(numbered(topic, [1, 2]))
    frozen = bus.consumer("extract", [topic])
    batch = frozen.poll(10, PATIENCE)
    with buses.successor() as elsewhere:
        successor = elsewhere.consumer("extract", [topic])
        taken = successor.poll(10, PATIENCE)
        assert values(taken) == [1, 2]
        with pytest.raises(FencedError):
            frozen.publish_and_commit(batch, numbered(articles, [10]))
        assert list(bus.read(articles)) == []
        successor.publish_and_commit(taken, numbered(articles, [20]))
        with pytest.raises(FencedError):
            frozen.publish_and_commit(batch, numbered(articles, [10]))
        assert values(list(bus.read(articles))) == [20]
        assert not frozen.poll(10, 0.1)
        successor.close()
    bus.publish(numbered(topic, [3]))
    assert values(frozen.poll(10, PATIENCE)) == [3]
    frozen.close()


def test_a_batch_may_take_long_while_nobody_else_waits(buses: Buses, bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, [1]))
    consumer = bus.consumer("extract", [topic])
    batch = consumer.poll(10, PATIENCE)
    time.sleep(2 * buses.silence)
    consumer.publish_and_commit(batch, [])
    assert waits(bus, "extract", topic, 0)
    consumer.close()


def test_a_second_member_waits_while_the_first_works_and_takes_over_when_it_leaves(
    buses: Buses, bus: Bus, topic: str
) -> None:
    bus.publish(numbered(topic, range(3)))
    first = bus.consumer("extract", [topic])
    batch = first.poll(1, PATIENCE)
    with buses.connect() as elsewhere:
        second = elsewhere.consumer("extract", [topic])
        assert not second.poll(10, 0.1)
        first.publish_and_commit(batch, [])
        first.close()
        assert values(second.poll(10, PATIENCE)) == [1, 2]
        second.close()


def test_a_batch_polled_while_another_leads_cannot_publish(buses: Buses, bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, [1]))
    first, second = bus.consumer("extract", [topic]), bus.consumer("extract", [topic])
    assert first.poll(10, PATIENCE)
    empty = second.poll(10, 0.05)
    assert not empty
    with pytest.raises(FencedError):
        second.publish_and_commit(empty, numbered(topic, [2]))
    assert values(list(bus.read(topic))) == [1]
    first.close()
    second.close()


def test_a_batch_is_committed_once(bus: Bus, topic: str) -> None:
    articles = f"{topic}-articles"
    bus.publish(numbered(topic, [1]))
    consumer = bus.consumer("extract", [topic])
    batch = consumer.poll(10, PATIENCE)
    consumer.publish_and_commit(batch, numbered(articles, [10]))
    with pytest.raises(FencedError):
        consumer.publish_and_commit(batch, numbered(articles, [10]))
    assert values(list(bus.read(articles))) == [10]
    consumer.close()


def test_lag_counts_what_is_not_committed(bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, range(5)))
    (lag,) = bus.lag("nobody", [topic])
    assert (lag.group, lag.topic, lag.messages) == ("nobody", topic, 5)
    consumer = bus.consumer("readers", [topic])
    batch = consumer.poll(2, PATIENCE)
    assert waits(bus, "readers", topic, 5)
    consumer.publish_and_commit(batch, [])
    assert waits(bus, "readers", topic, 3)
    consumer.close()


def test_reading_needs_no_group_and_moves_none(bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, range(250)))
    everything = list(bus.read(topic))
    assert values(everything) == list(range(250))
    assert values(list(bus.read(topic, start=everything[240].offset))) == list(range(240, 250))
    assert list(bus.read(topic, start=everything[-1].offset + 1)) == []
    assert list(bus.read(f"{topic}-unknown")) == []
    assert waits(bus, "readers", topic, 250)


def test_reading_ends_where_the_topic_ended_when_it_began(bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, range(3)))
    reading = bus.read(topic)
    assert int(next(reading).value) == 0
    bus.publish(numbered(topic, [99]))
    assert values(list(reading)) == [1, 2]


def test_the_messages_of_a_topic_are_counted_however_they_came(bus: Bus, topic: str) -> None:
    articles = f"{topic}-articles"
    assert bus.count(articles) == 0
    bus.publish(numbered(topic, range(3)))
    consumer = bus.consumer("extract", [topic])
    for done in range(3):
        consumer.publish_and_commit(consumer.poll(1, PATIENCE), numbered(articles, [10 * done, 10 * done + 1]))
        assert bus.count(articles) == 2 * (done + 1)
    consumer.close()
    bus.expire(articles, datetime.now(UTC) + timedelta(minutes=1), [])
    assert bus.count(articles) == 0
    assert bus.count(f"{topic}-unknown") == 0


def test_retention_deletes_only_what_every_named_group_has_committed(bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, range(10)))
    now = datetime.now(UTC) + timedelta(minutes=1)
    fast, slow = bus.consumer("fast", [topic]), bus.consumer("slow", [topic])
    drain(fast, 8)
    assert bus.expire(topic, now, ["fast", "slow"]) == 0, "a group that never committed holds everything"
    drain(slow, 3)
    assert waits(bus, "slow", topic, 7)
    assert bus.expire(topic, datetime.now(UTC) - timedelta(hours=1), ["fast", "slow"]) == 0, "all are younger"
    assert bus.expire(topic, now, ["fast", "slow"]) == 3
    assert values(list(bus.read(topic))) == list(range(3, 10))
    assert values(slow.poll(10, PATIENCE)) == list(range(3, 10))
    assert bus.expire(topic, now, ["fast", "slow", "unknown"]) == 0
    fast.close()
    slow.close()


def test_an_offset_is_never_used_again(bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, range(4)))
    last = list(bus.read(topic))[-1].offset
    assert bus.expire(topic, datetime.now(UTC) + timedelta(minutes=1), []) == 4
    assert list(bus.read(topic)) == []
    bus.publish(numbered(topic, [4]))
    (after,) = bus.read(topic)
    assert after.offset > last


def test_messages_that_were_deleted_unread_are_an_error_and_never_skipped(bus: Bus, topic: str) -> None:
    bus.publish(numbered(topic, range(6)))
    consumer = bus.consumer("forgotten", [topic])
    assert drain(consumer, 2) == [0, 1]
    consumer.close()
    assert bus.expire(topic, datetime.now(UTC) + timedelta(minutes=1), []) == 6
    bus.publish(numbered(topic, [6]))
    consumer = bus.consumer("forgotten", [topic])
    for _ in range(2):
        with pytest.raises(OffsetExpiredError, match=rf"forgotten.* 4 messages of {topic}"):
            consumer.poll(10, PATIENCE)
    consumer.close()


def test_many_threads_publish_and_nothing_is_lost(bus: Bus, topic: str) -> None:
    def publish(thread: int) -> None:
        for number in range(20):
            bus.publish([Outgoing(topic, str(thread), str(number).encode())])

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = list(bus.read(topic))
    for number in range(8):
        assert values([message for message in found if message.key == str(number)]) == list(range(20))
