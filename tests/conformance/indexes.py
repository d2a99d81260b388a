"""What the conformance tests of indexes share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from otswatch.index import Bucket, Document, Index, Put, Search, Value
from otswatch.query import parse

NOON = datetime(2025, 4, 15, 12, tzinfo=UTC)


def document(name: str, *, version: int = 1, **fields: Value) -> Document:
    """An article; its record is `{"id", "title"}` so that results can be read."""
    given = {"id": name, "status": "ok", "first_seen": NOON, **fields}
    return Document("articles", name, version, given, {"id": name, "title": fields.get("title")})


def put(index: Index, *documents: Document) -> list[Put]:
    results = index.put(documents)
    index.refresh()
    return results


def found(index: Index, query: str = "", **search: Any) -> list[str]:
    """Ids in the order of the hits."""
    return [str(hit["id"]) for hit in index.search(Search(query=parse(query), **search)).documents]


def counts(buckets: Iterable[Bucket]) -> list[tuple[str, int]]:
    return [(bucket.key, bucket.count) for bucket in buckets]
