"""Looking at what could not be worked on, and giving it back to the pipeline after a fix.

Quarantined messages are kept for ever in `quarantine.<consumer>`, byte for byte, with where they came from and why in
their headers. Replaying publishes one again to the topic that it came from, and then marks it in `State`: killed in
between, it is published twice, which ids and versions make harmless; it is never lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from otswatch.bus import Bus, Message, Outgoing
from otswatch.consumers.outcome import origin
from otswatch.consumers.topology import CONSUMERS, QUARANTINE_PREFIX
from otswatch.errors import UsageError
from otswatch.state import State


@dataclass(frozen=True, slots=True)
class Held:
    """A quarantined message. `replayed` is when it was given back, or null."""

    message: Message
    replayed: str | None

    @property
    def address(self) -> str:
        """`consumer/offset`, or `consumer/partition/offset` where the bus has more than one partition."""
        consumer = self.message.topic.removeprefix(QUARANTINE_PREFIX)
        partition = f"{self.message.partition}/" if self.message.partition else ""
        return f"{consumer}/{partition}{self.message.offset}"

    @property
    def reason(self) -> str:
        return self.message.headers.get("reason", "")


def held(bus: Bus, state: State, consumer: str | None = None) -> Iterator[Held]:
    """Everything in quarantine, of one consumer or of all, oldest first.

    Raises:
        UsageError: no such consumer.
    """
    if consumer is not None and consumer not in CONSUMERS:
        raise UsageError(f"no consumer {consumer!r}; there are: {', '.join(CONSUMERS)}")
    for name in (consumer,) if consumer else CONSUMERS:
        topic = QUARANTINE_PREFIX + name
        replayed = {entry.key: entry.value["at"] for entry in state.scan(_mark(topic))}
        for message in bus.read(topic):
            yield Held(message, replayed.get(_mark(message.address)))


def count(bus: Bus, state: State) -> int:
    """How many messages are held and were not given back. Faster than `held`."""
    return sum(ever - given_back for ever, given_back in counts(bus, state).values())


def counts(bus: Bus, state: State) -> dict[str, tuple[int, int]]:
    """By consumer, how many messages were ever put into quarantine, and how many of them were given back."""
    given_back = Counter(entry.key.removeprefix(_mark("")).partition("/")[0] for entry in state.scan(_mark("")))
    return {c.name: (bus.count(c.quarantine), given_back[c.quarantine]) for c in CONSUMERS.values()}


def find(bus: Bus, state: State, address: str) -> Held:
    """The one at `address`, as `otswatch quarantine list` prints it.

    Raises:
        UsageError: there is none.
    """
    for item in held(bus, state, address.partition("/")[0]):
        if item.address == address:
            return item
    raise UsageError(f"nothing in quarantine at {address}; `otswatch quarantine list` shows what there is")


def replay(items: Sequence[Held], bus: Bus, state: State) -> int:
    """Give each back to the topic that it came from. Returns how many."""
    for item in items:
        message = item.message
        headers = {**origin(message), "attempt": message.headers["attempt"], "replayed-from": message.address}
        bus.publish([Outgoing(message.headers["topic"], message.key, message.value, headers)])
        state.put(_mark(message.address), {"at": datetime.now(UTC).isoformat()})
    return len(items)


def _mark(address: str) -> str:
    return f"replayed/{address}"
