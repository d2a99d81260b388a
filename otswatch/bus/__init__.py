"""The log between crawlers and consumers: topics, consumer groups, batches, and publish-and-commit as one act.

`SqliteBus` is the embedded one, `KafkaBus` the large one. Whatever speaks `Bus` passes tests/conformance/test_bus.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from otswatch.errors import MessageTooLargeError, OffsetExpiredError

#: No bus takes a larger value: a page of OTSWATCH_MAX_PAGE_BYTES that zstd cannot shrink, in base64, with room left.
MAX_MESSAGE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be published. Messages of one key stay in order."""

    topic: str
    key: str
    value: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as read. (topic, partition, offset) is its address and never changes."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes
    headers: Mapping[str, str]
    at: datetime

    @property
    def address(self) -> str:
        """`topic/partition/offset`"""
        return f"{self.topic}/{self.partition}/{self.offset}"


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages polled together, in order, and the token that proves who polled them.

    The token is taken with the batch and travels with it: asked for at commit time, a consumer that was frozen and
    resumed would commit under its successor's name.
    """

    messages: tuple[Message, ...]
    token: object

    def __bool__(self) -> bool:
        return bool(self.messages)


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a group is behind in one partition: `end` is the offset that the next message will get."""

    group: str
    topic: str
    partition: int
    committed: int
    end: int

    @property
    def messages(self) -> int:
        return self.end - self.committed


class Consumer(Protocol):
    """One member of a consumer group. Starts at the earliest message; owned by one thread.

    Batches are committed in the order that they were polled, each once.
    """

    def poll(self, limit: int, timeout: float) -> Batch:
        """Up to `limit` messages after those last polled, waiting `timeout` seconds for the first; empty if none came.

        Raises:
            OffsetExpiredError: retention deleted messages that this group has not read.
            DependencyDownError: the bus cannot be reached; poll again later.
        """
        ...

    def publish_and_commit(self, batch: Batch, outgoing: Sequence[Outgoing]) -> None:
        """Publish `outgoing` and commit `batch` as one act: both or neither.

        Raises:
            FencedError: another member has taken over since the poll; nothing was published.
            MessageTooLargeError: nothing was published; send one by one to find it.
            DependencyDownError: nothing was published; the batch may be tried again.
        """
        ...

    def rewind(self) -> None:
        """Go back to the last commit: the next poll returns again what was polled and not committed."""
        ...

    def close(self) -> None:
        """Leave the group. What was polled and not committed is read again by whoever comes next."""
        ...


class Bus(Protocol):
    """A log of topics. Safe to share between threads; consumers are not."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def publish(self, outgoing: Sequence[Outgoing]) -> None:
        """Publish in order. When it returns, every message is delivered.

        Raises:
            MessageTooLargeError: nothing was published.
            DependencyDownError: some of it may have been; publish it again when the bus is back.
        """
        ...

    def consumer(self, group: str, topics: Sequence[str]) -> Consumer:
        """Join `group`. A group reads each partition by one member at a time."""
        ...

    def read(self, topic: str, start: int = 0, partition: int = 0) -> Iterator[Message]:
        """The messages of a partition from offset `start` up to now, without a group: for looking, never for work."""
        ...

    def count(self, topic: str) -> int:
        """How many messages a topic holds. For topics of one partition."""
        ...

    def lag(self, group: str, topics: Sequence[str]) -> list[Lag]:
        """Per topic and partition; `committed` is the earliest kept offset where the group has not committed.

        Never too small: what was published or committed this moment may still count as waiting.
        """
        ...

    def expire(self, topic: str, before: datetime, groups: Sequence[str]) -> int:
        """Delete messages older than `before` that all of `groups` have committed. Returns how many."""
        ...

    def close(self) -> None: ...


def require_small(outgoing: Sequence[Outgoing]) -> None:
    """What every bus looks at before it publishes anything.

    Raises:
        MessageTooLargeError: naming the first message that no bus takes.
    """
    for message in outgoing:
        if len(message.value) > MAX_MESSAGE_BYTES:
            size = f"{len(message.value)} bytes, at most {MAX_MESSAGE_BYTES} go"
            raise MessageTooLargeError(f"{message.topic}: the message {message.key!r} has {size}")


def expired(group: str, topic: str, start: int, first: int) -> OffsetExpiredError:
    """What to raise where `group` would go on at offset `start`, and `first` is the earliest that is kept."""
    return OffsetExpiredError(
        f"group {group}: retention deleted {first - start} messages of {topic} (from offset {start}) before they were"
        " read: make them again from the archive with `otswatch reprocess`"
    )
