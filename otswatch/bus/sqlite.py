"""The embedded bus: a log in one SQLite file, shared by any number of processes on one machine.

Each topic has one partition, 0. Offsets count up from 0 without gaps and are never used again.

A group's place in a topic is one row: the offset that was committed, who reads, under which generation, and until when.
Whoever takes the place over raises the generation, and a commit that carries an older one changes nothing: so a member
that was frozen, or took too long, does no harm however late it wakes up.

Waiting is asking again every `POLL_SECONDS`: it costs less than one percent of a core, works between any processes, and
sees a dead member too, which no notification would tell of.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from otswatch.bus import Batch, Lag, Message, Outgoing, expired, require_small
from otswatch.bus.members import Member, alive
from otswatch.errors import FencedError
from otswatch.sqlite import Database

#: How long a living member may go without polling or committing while others wait. A batch of `extract` can take a
#: minute; one whose process died is succeeded at once, whatever is left of this.
LEASE_SECONDS = 300.0
#: Between two looks for new messages.
POLL_SECONDS = 0.05
#: A batch ends early, in each topic, with the message that makes it this large: memory stays bounded on large pages.
MAX_BATCH_BYTES = 64 << 20

_PAGE = 100
_EXPIRED_AT_ONCE = 500
_NO_END = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

MIGRATIONS = (
    # `first` is the earliest offset that is kept, `next` the one that the next message gets. `at` is in microseconds
    # since 1970; it stands before the large columns so that retention need not read through them.
    """
    CREATE TABLE topics (topic TEXT PRIMARY KEY, first INTEGER NOT NULL, next INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE messages (
        topic TEXT NOT NULL, "offset" INTEGER NOT NULL, at INTEGER NOT NULL,
        key TEXT NOT NULL, headers TEXT NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY (topic, "offset")
    ) STRICT;
    CREATE TABLE places (
        "group" TEXT NOT NULL, topic TEXT NOT NULL, committed INTEGER NOT NULL,
        generation INTEGER NOT NULL, member TEXT NOT NULL, lease_ends REAL NOT NULL,
        PRIMARY KEY ("group", topic)
    ) STRICT, WITHOUT ROWID;
    """,
)

_TAKE = """
    INSERT INTO places
    VALUES (:group, :topic, coalesce((SELECT first FROM topics WHERE topic = :topic), 0), 1, :member, :lease_ends)
    ON CONFLICT DO UPDATE SET
        generation = generation + (member <> excluded.member),
        member = excluded.member,
        lease_ends = excluded.lease_ends
"""


class SqliteBus:
    """`otswatch.bus.Bus` in the file at `path`. Errors as in `otswatch.sqlite.Database`."""

    def __init__(self, path: Path, lease_seconds: float = LEASE_SECONDS) -> None:
        self._database = Database(path, MIGRATIONS)
        self._members = path.with_name(path.name + "-members")
        self._lease_seconds = lease_seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def publish(self, outgoing: Sequence[Outgoing]) -> None:
        require_small(outgoing)
        with self._database.transaction() as connection:
            _append(connection, outgoing)

    def consumer(self, group: str, topics: Sequence[str]) -> SqliteConsumer:
        return SqliteConsumer(self._database, self._members, group, topics, self._lease_seconds)

    def read(self, topic: str, start: int = 0, partition: int = 0) -> Iterator[Message]:
        if partition:
            return
        rows = self._database.rows("SELECT next FROM topics WHERE topic = ?", (topic,))
        end = rows[0][0] if rows else 0
        while start < end:
            with self._database.snapshot() as connection:
                page = _fetch(connection, topic, start, end, _PAGE)
            if not page:
                return
            yield from page
            start = page[-1].offset + 1

    def count(self, topic: str) -> int:
        return sum(lag.messages for lag in self.lag("-", [topic]))  # nobody reads as this group

    def lag(self, group: str, topics: Sequence[str]) -> list[Lag]:
        sql = """
            SELECT coalesce(committed, first, 0), coalesce(next, 0) FROM (SELECT ? AS topic)
            LEFT JOIN topics USING (topic) LEFT JOIN places ON places.topic = topics.topic AND "group" = ?
        """
        return [Lag(group, topic, 0, *self._database.rows(sql, (topic, group))[0]) for topic in topics]

    def expire(self, topic: str, before: datetime, groups: Sequence[str]) -> int:
        # In steps, so that those who publish meanwhile do not wait for all of it.
        expired = 0
        while count := self._expire_some(topic, (before - _EPOCH) // timedelta(microseconds=1), set(groups)):
            expired += count
        return expired

    def close(self) -> None:
        self._database.close()

    def _expire_some(self, topic: str, before: int, groups: set[str]) -> int:
        with self._database.transaction() as connection:
            rows = connection.execute('SELECT "group", committed FROM places WHERE topic = ?', (topic,)).fetchall()
            committed = dict(rows)
            end = min((committed.get(group, 0) for group in groups), default=_NO_END)
            sql = 'SELECT "offset", at FROM messages WHERE topic = ? AND "offset" < ? ORDER BY "offset" LIMIT ?'
            oldest = connection.execute(sql, (topic, end, _EXPIRED_AT_ONCE)).fetchall()
            # Only from the front, also where the clock was set back: what is kept has no gaps.
            old = list(takewhile(lambda row: row[1] < before, oldest))
            if old:
                first = old[-1][0] + 1
                connection.execute('DELETE FROM messages WHERE topic = ? AND "offset" < ?', (topic, first))
                connection.execute("UPDATE topics SET first = ? WHERE topic = ?", (first, topic))
            return len(old)


class _Place(NamedTuple):
    committed: int
    generation: int
    member: str
    lease_ends: float


class _Span(NamedTuple):
    """Offsets `start` (inclusive) to `end` (exclusive) of a topic, as read under a generation."""

    generation: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Token:
    group: str
    spans: Mapping[str, _Span]


class SqliteConsumer:
    """`otswatch.bus.Consumer`. Topics take turns at the head of a batch, so that a long one does not starve another.

    Batches are committed in the order in which they were polled, each once; out of it they are fenced, too.
    """

    def __init__(
        self, database: Database, members: Path, group: str, topics: Sequence[str], lease_seconds: float
    ) -> None:
        self._database = database
        self._members = members
        self._group = group
        self._topics = deque(dict.fromkeys(topics))
        self._lease_seconds = lease_seconds
        self._member = Member(members)
        self._read: Mapping[str, _Span] = {}

    def poll(self, limit: int, timeout: float) -> Batch:
        deadline = time.monotonic() + timeout
        while True:
            batch = self._next(limit, self._lead())
            left = deadline - time.monotonic()
            if batch or left <= 0:
                return batch
            time.sleep(min(left, POLL_SECONDS))

    def publish_and_commit(self, batch: Batch, outgoing: Sequence[Outgoing]) -> None:
        token = batch.token
        if not isinstance(token, _Token) or not token.spans:
            raise FencedError(f"group {self._group}: the batch was polled while another member led")
        require_small(outgoing)
        sql = """
            UPDATE places SET committed = ?, lease_ends = ?
            WHERE "group" = ? AND topic = ? AND generation = ? AND committed = ?
        """
        with self._database.transaction() as connection:
            for topic, (generation, start, end) in token.spans.items():
                place = (token.group, topic, generation, start)
                if not connection.execute(sql, (end, time.time() + self._lease_seconds, *place)).rowcount:
                    raise FencedError(f"group {token.group}: {topic} was taken over, or committed past {start} already")
            _append(connection, outgoing)

    def rewind(self) -> None:
        self._read = {}

    def close(self) -> None:
        self._member.close()

    def _lead(self) -> dict[str, _Place]:
        """Take what nobody living holds, renew what is ours, and return that."""
        places = self._places()
        if any(self._is_due(places.get(topic)) for topic in self._topics):
            with self._database.transaction() as connection:
                places = self._places()
                for topic in self._topics:
                    if self._is_due(places.get(topic)):
                        ends = time.time() + self._lease_seconds
                        new = {"group": self._group, "topic": topic, "member": self._member.id, "lease_ends": ends}
                        connection.execute(_TAKE, new)
            places = self._places()
        return {topic: place for topic, place in places.items() if place.member == self._member.id}

    def _places(self) -> dict[str, _Place]:
        sql = 'SELECT topic, committed, generation, member, lease_ends FROM places WHERE "group" = ?'
        return {topic: _Place(*place) for topic, *place in self._database.rows(sql, (self._group,))}

    def _is_due(self, place: _Place | None) -> bool:
        if place is None:
            return True
        left = place.lease_ends - time.time()
        if place.member == self._member.id:
            return left < self._lease_seconds / 2
        return left <= 0 or not alive(self._members, place.member)

    def _next(self, limit: int, led: Mapping[str, _Place]) -> Batch:
        messages: list[Message] = []
        spans: dict[str, _Span] = {}
        with self._database.snapshot() as connection:
            for topic in self._topics:
                if topic not in led:
                    continue
                start = self._start(topic, led[topic])
                self._require_kept(connection, topic, start)
                found = _fetch(connection, topic, start, _NO_END, limit - len(messages))
                messages += found
                spans[topic] = _Span(led[topic].generation, start, start + len(found))
        self._read = spans
        if messages:
            self._topics.rotate(-1)
        return Batch(tuple(messages), _Token(self._group, spans))

    def _start(self, topic: str, place: _Place) -> int:
        read = self._read.get(topic)
        return read.end if read and read.generation == place.generation else place.committed

    def _require_kept(self, connection: sqlite3.Connection, topic: str, start: int) -> None:
        row = connection.execute("SELECT first FROM topics WHERE topic = ?", (topic,)).fetchone()
        if row and start < row[0]:
            raise expired(self._group, topic, start, row[0])


def _append(connection: sqlite3.Connection, outgoing: Sequence[Outgoing]) -> None:
    at = (datetime.now(UTC) - _EPOCH) // timedelta(microseconds=1)
    count = """
        INSERT INTO topics VALUES (?, 0, 1) ON CONFLICT DO UPDATE SET next = next + 1 RETURNING next - 1
    """
    for message in outgoing:
        ((offset,),) = connection.execute(count, (message.topic,)).fetchall()
        connection.execute(
            "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)",
            (message.topic, offset, at, message.key, json.dumps(dict(message.headers)), message.value),
        )


def _fetch(connection: sqlite3.Connection, topic: str, start: int, end: int, limit: int) -> list[Message]:
    sql = """
        SELECT "offset", at, key, headers, value FROM messages
        WHERE topic = ? AND "offset" >= ? AND "offset" < ? ORDER BY "offset" LIMIT ?
    """
    messages: list[Message] = []
    size = 0
    for offset, at, key, headers, value in connection.execute(sql, (topic, start, end, limit)):
        moment = _EPOCH + timedelta(microseconds=at)
        messages.append(Message(topic, 0, offset, key, value, json.loads(headers), moment))
        size += len(value)
        if size >= MAX_BATCH_BYTES:
            break
    return messages
