"""The embedded state: one table in one SQLite file, shared by any number of processes on one machine."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from otswatch.sqlite import Database
from otswatch.state import Entry
from otswatch.state.lease import Leases

_PAGE = 500

MIGRATIONS = (
    # Each write is a new row: AUTOINCREMENT never gives a version twice, not even to a key that was deleted between.
    """
    CREATE TABLE entries (
        version INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL
    ) STRICT;
    """,
)

_CREATE = "INSERT INTO entries (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING"
_PUT = "INSERT OR REPLACE INTO entries (key, value) VALUES (?, ?)"
_DELETE = "DELETE FROM entries WHERE key = ? AND version = ?"


class SqliteState(Leases):
    """`otswatch.state.State` in the file at `path`. Errors as in `otswatch.sqlite.Database`."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, MIGRATIONS)

    def get(self, key: str) -> Entry | None:
        rows = self._database.rows("SELECT key, value, version FROM entries WHERE key = ?", (key,))
        return _entry(*rows[0]) if rows else None

    def get_many(self, keys: Collection[str]) -> dict[str, Entry]:
        sql = "SELECT key, value, version FROM entries WHERE key IN (SELECT value FROM json_each(?))"
        return {row[0]: _entry(*row) for row in self._database.rows(sql, (json.dumps(list(keys)),))}

    def create(self, key: str, value: Any) -> bool:
        with self._database.transaction() as connection:
            return connection.execute(_CREATE, (key, json.dumps(value))).rowcount == 1

    def compare_and_set(self, key: str, value: Any, version: int) -> bool:
        with self._database.transaction() as connection:
            if not connection.execute(_DELETE, (key, version)).rowcount:
                return False
            connection.execute(_CREATE, (key, json.dumps(value)))
            return True

    def put(self, key: str, value: Any) -> None:
        with self._database.transaction() as connection:
            connection.execute(_PUT, (key, json.dumps(value)))

    def delete(self, key: str, version: int) -> bool:
        with self._database.transaction() as connection:
            return connection.execute(_DELETE, (key, version)).rowcount == 1

    def scan(self, prefix: str) -> Iterator[Entry]:
        # In pages, each its own short read: whoever walks slowly holds nobody up. SQLite compares text as UTF-8 bytes,
        # which is the order of the code points.
        sql = f"SELECT key, value, version FROM entries WHERE key {{}} ? ORDER BY key LIMIT {_PAGE}"  # noqa: S608 - a constant
        rows = self._database.rows(sql.format(">="), (prefix,))
        while rows:
            for row in rows:
                if not row[0].startswith(prefix):
                    return
                yield _entry(*row)
            rows = self._database.rows(sql.format(">"), (rows[-1][0],))

    def close(self) -> None:
        self._database.close()


def _entry(key: str, value: str, version: int) -> Entry:
    return Entry(key, json.loads(value), version)
