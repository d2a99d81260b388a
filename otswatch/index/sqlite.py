"""The embedded index: one SQLite file, text in FTS5, everything else in ordinary tables.

`terms` and `postings` hold what is filtered and counted (a value once, then pairs of small integers), `dates` what is
ranged over and sorted by. Tombstones stand in `documents` only, where `get` finds them.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

from otswatch.index import Bucket, Document, Hits, Put, Range, Search
from otswatch.index.intervals import Interval, edges
from otswatch.index.mapping import TERM_TYPES, Fit, epoch, mapping_of, prepared, stale
from otswatch.index.pages import check_size
from otswatch.index.sqlite_forms import written_out
from otswatch.index.sqlite_pages import page_of
from otswatch.index.sqlite_search import Conditions, Sql, field_key
from otswatch.query import utf8
from otswatch.sqlite import Database

# Columns of text_<kind> are the text fields of mappings/<kind>.json (tests/test_index_sqlite.py holds them together).
# Its tokenizer divides at ASCII characters that are not letters or digits, and folded text has spaces only. FTS5 keeps
# the folded text beside its own index, because before SQLite 3.43 an index without it cannot be updated.
MIGRATIONS = (
    """
    CREATE TABLE documents (
        doc INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        gone INTEGER NOT NULL,
        record TEXT NOT NULL,
        UNIQUE (kind, id)
    ) STRICT;
    CREATE INDEX documents_shown ON documents (kind, gone, doc, id);

    CREATE TABLE terms (
        term INTEGER PRIMARY KEY,
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        UNIQUE (field, value)
    ) STRICT;
    CREATE TABLE postings (
        term INTEGER NOT NULL,
        doc INTEGER NOT NULL,
        PRIMARY KEY (term, doc)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX postings_doc ON postings (doc);

    CREATE TABLE dates (
        doc INTEGER NOT NULL,
        field TEXT NOT NULL,
        value INTEGER NOT NULL,
        PRIMARY KEY (doc, field)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX dates_value ON dates (field, value);

    CREATE VIRTUAL TABLE text_articles USING fts5(
        title, text, author_names, person_names, speaker_names, tokenize = 'ascii'
    );
    """,
    """
    CREATE VIRTUAL TABLE text_documents USING fts5(title, text, tokenize = 'ascii');
    CREATE VIRTUAL TABLE text_meetings USING fts5(title, tokenize = 'ascii');
    CREATE VIRTUAL TABLE text_quotes USING fts5(text, speaker_names, tokenize = 'ascii');
    CREATE VIRTUAL TABLE text_stories USING fts5(title, tokenize = 'ascii');
    CREATE VIRTUAL TABLE text_versions USING fts5(title, tokenize = 'ascii');
    """,
    # The words of an official document are searched in the articles that have its text.
    """
    DROP TABLE text_documents;
    CREATE VIRTUAL TABLE text_documents USING fts5(title, tokenize = 'ascii');
    """,
)


class SqliteIndex:
    """See `otswatch.index.Index`. Everything that was put is visible at once.

    Raises (when opened): as `otswatch.sqlite.Database`.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path, MIGRATIONS)

    def close(self) -> None:
        self._database.close()

    def refresh(self) -> None:
        """Nothing to do: a commit is visible to whoever reads next."""

    # -------------------------------------------------------------------------------------------------------- writing

    def put(self, documents: Sequence[Document]) -> list[Put]:
        rows = [_row(document) for document in documents]
        with self._database.transaction() as connection:
            return [row if isinstance(row, Put) else _write(connection, row) for row in rows]

    # -------------------------------------------------------------------------------------------------------- reading

    def get(self, kind: str, id: str) -> Mapping[str, Any] | None:  # noqa: A002 - the name of the thing
        return self.get_many(kind, (id,)).get(id)

    def get_many(self, kind: str, ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
        asked = {utf8(id_): id_ for id_ in ids}
        sql = "SELECT id, record FROM documents WHERE kind = ? AND id IN (SELECT value FROM json_each(?))"
        rows = self._database.rows(sql, (kind, json.dumps(list(asked))))
        # json_each ends a text at its first NUL, and so may find what nobody asked for.
        return {asked[id_]: _record(record) for id_, record in rows if id_ in asked}

    def search(self, search: Search) -> Hits:
        check_size(search)
        mapping = mapping_of(search.kind)
        with self._hits(search) as (connection, conditions):
            page = page_of(mapping, search, conditions)
            total = connection.execute("SELECT count(*) FROM hits").fetchone()[0]
            undated = _count(connection, conditions.undated()) if search.ranges else 0
            rows = _all(connection, page.select(search.size + 1)) if search.size else []
            newest = connection.execute("SELECT max(doc) FROM documents").fetchone()[0]
        shown = rows[: search.size]
        after = page.after(shown[-1], len(shown), newest) if len(rows) > len(shown) else None
        return Hits(total, undated, tuple(_record(row[0]) for row in shown), after)

    def facets(self, search: Search, fields: Sequence[str], size: int = 50) -> dict[str, list[Bucket]]:
        mapping = mapping_of(search.kind)
        keys = {field_key(mapping, mapping.named(name, *TERM_TYPES).name): name for name in fields}
        # CROSS JOIN keeps the order: along the terms, each document looked up among the hits. Left to itself SQLite
        # goes from every term to every hit, which for a field of 20,000 values does not end.
        sql = f"""
            SELECT t.field, t.value, count(*) AS n
            FROM terms AS t CROSS JOIN postings AS p ON p.term = t.term CROSS JOIN hits AS h ON h.doc = p.doc
            WHERE t.field IN ({", ".join("?" * len(keys))})
            GROUP BY t.field, t.value ORDER BY t.field, n DESC, t.value
            """  # noqa: S608 - question marks
        with self._hits(search) as (connection, _):
            rows = _all(connection, Sql(sql, tuple(keys)))
        found = {keys[key]: [Bucket(value, n) for _, value, n in group] for key, group in groupby(rows, itemgetter(0))}
        return {name: found.get(name, [])[:size] for name in fields}

    def timeline(self, search: Search, field: str, interval: Interval, zone: str = "UTC") -> list[Bucket]:
        mapping = mapping_of(search.kind)
        key = field_key(mapping, mapping.named(field, "date").name)
        sql = "SELECT s.value FROM hits AS h JOIN dates AS s ON s.doc = h.doc AND s.field = ? ORDER BY s.value"
        with self._hits(search) as (connection, _):
            values = [value for (value,) in _all(connection, Sql(sql, (key,)))]
        extent = (values[0], values[-1]) if values else None
        begins = edges(search.ranges.get(field, Range()), extent, interval, zone)
        places = [bisect_left(values, epoch(begin)) for begin in begins] + [len(values)]
        return [
            Bucket(begin.isoformat(), end - start) for begin, (start, end) in zip(begins, pairwise(places), strict=True)
        ]

    @contextmanager
    def _hits(self, search: Search) -> Iterator[tuple[sqlite3.Connection, Conditions]]:
        """One state of the index with the documents that match in the table `hits`: they are worked out once."""
        with self._database.snapshot() as connection:
            connection.execute(
                "CREATE TEMP TABLE IF NOT EXISTS hits (doc INTEGER PRIMARY KEY, id TEXT NOT NULL) STRICT"
            )
            connection.execute("DELETE FROM hits")
            query = written_out(search.query, connection, f"text_{search.kind}") if search.query else None
            conditions = Conditions(mapping_of(search.kind), replace(search, query=query))
            matching = conditions.matching()
            found = f"SELECT d.doc, d.id FROM documents AS d WHERE {matching.text}"  # noqa: S608 - what was typed is bound
            connection.execute(f"INSERT INTO hits {found}", matching.values)
            yield connection, conditions


# ----------------------------------------------------------------------------------------------------------- writing


@dataclass(frozen=True, slots=True)
class _Row:
    """A document as it is stored. Keys of `terms` and `dates` are those that all kinds share."""

    fit: Fit
    terms: list[tuple[str, str]]
    dates: list[tuple[str, int]]
    text: dict[str, str]


def _row(document: Document) -> _Row | Put:
    """What is stored of a document, or why it is refused."""
    fit = prepared(document)
    if isinstance(fit, Put):
        return fit
    mapping = mapping_of(fit.kind)
    row = _Row(fit, [], [], {})
    for name, value in [] if fit.gone else [item for item in fit.fields.items() if mapping.fields[item[0]].indexed]:
        key = field_key(mapping, name)
        match value:
            case str():
                row.text[name] = value
            case datetime():
                row.dates.append((key, epoch(value)))
            case list():
                row.terms.extend((key, item) for item in value)
            case _:
                row.terms.append((key, json.dumps(value)))
    return row


def _write(connection: sqlite3.Connection, row: _Row) -> Put:
    fit = row.fit
    stored = connection.execute(
        """
        INSERT INTO documents (kind, id, version, gone, record) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, gone = excluded.gone, record = excluded.record
        WHERE excluded.version >= documents.version
        RETURNING doc
        """,
        (fit.kind, fit.id, fit.version, fit.gone, fit.record),
    ).fetchall()
    if not stored:
        return stale(fit)
    doc = stored[0][0]
    _forget(connection, fit.kind, doc)
    connection.executemany("INSERT OR IGNORE INTO terms (field, value) VALUES (?, ?)", row.terms)
    connection.executemany(
        "INSERT INTO postings SELECT term, ? FROM terms WHERE field = ? AND value = ?",
        [(doc, *term) for term in row.terms],
    )
    connection.executemany("INSERT INTO dates VALUES (?, ?, ?)", [(doc, *date) for date in row.dates])
    if row.text:
        columns, marks = ", ".join(row.text), ", ?" * len(row.text)
        connection.execute(
            f"INSERT INTO text_{fit.kind} (rowid, {columns}) VALUES (?{marks})",  # noqa: S608 - names of the mapping
            (doc, *row.text.values()),
        )
    return Put(fit.id, "stored")


def _forget(connection: sqlite3.Connection, kind: str, doc: int) -> None:
    """Take an older version of a document out of everything that is searched."""
    connection.execute("DELETE FROM postings WHERE doc = ?", (doc,))
    connection.execute("DELETE FROM dates WHERE doc = ?", (doc,))
    if any(field.type == "text" for field in mapping_of(kind).fields.values()):
        connection.execute(f"DELETE FROM text_{kind} WHERE rowid = ?", (doc,))  # noqa: S608 - a kind that we have


# ----------------------------------------------------------------------------------------------------------- reading


def _all(connection: sqlite3.Connection, sql: Sql) -> list[Any]:
    return connection.execute(sql.text, sql.values).fetchall()


def _count(connection: sqlite3.Connection, matching: Sql) -> int:
    sql = f"SELECT count(*) FROM documents AS d WHERE {matching.text}"  # noqa: S608 - as above
    return int(connection.execute(sql, matching.values).fetchone()[0])


def _record(text: str) -> dict[str, Any]:
    return dict(json.loads(text))
