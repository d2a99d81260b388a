"""Documents into Elasticsearch, many in one request, and what becomes of each.

The server answers for each document by itself. One that it is too busy for is sent again after a while, and nothing but
it; what is wrong with the index rather than with the document stops it all, so that no article is blamed for it.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from otswatch import elastic
from otswatch.errors import DependencyDownError
from otswatch.index import Put
from otswatch.index.mapping import Fit, Fitted, stale

#: The largest request, unless one document alone is larger. Elasticsearch's own advice; its limit is 100 MB.
_MAX_BYTES = 10_000_000
_MAX_DOCUMENTS = 1_000
#: Seconds between two attempts for what the server was too busy for. Then it is the turn of whoever called to wait.
_WAITS = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
_PATIENCE_SECONDS = 30.0
#: How long the server may wait for a shard: it must have given up before we do, so as not to write later unseen.
_SHARD_WAIT = "10s"
_BUSY = frozenset({429, 503})
_TOO_LARGE = 413


@dataclass(frozen=True, slots=True)
class _Entry:
    """A document with the two lines that it is in a request."""

    place: int
    fit: Fit
    action: bytes
    source: bytes

    @property
    def size(self) -> int:
        return len(self.action) + len(self.source) + 2


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the server says of one document; no error where it is stored."""

    status: int
    error: Any = None

    @property
    def busy(self) -> bool:
        """Whether the same may be stored a little later."""
        return self.status in _BUSY and not elastic.is_disk_full(self.error)


def store(client: Elasticsearch, prefix: str, documents: Sequence[Fit]) -> list[Put]:
    """Store each, and say in the same order what became of it.

    Args:
        prefix: what stands before a kind in the name of its alias.

    Raises:
        StorageFullError: the server's disk is full.
        DependencyDownError: the server does not answer or is too busy, or its indexes are not those of this version.
    """
    puts: dict[int, Put] = {}
    entries = (_entry(place, prefix, fit) for place, fit in enumerate(documents))
    for chunk in _chunks(entries):
        puts |= _stored(client, chunk)
    return [puts[place] for place in range(len(documents))]


def _entry(place: int, prefix: str, fit: Fit) -> _Entry:
    action = {
        "_index": prefix + fit.kind,
        "_id": fit.id,
        "version": fit.version,
        "version_type": "external_gte",
    }
    fields = json.dumps({name: _value(value) for name, value in fit.fields.items()}, ensure_ascii=False)
    source = f'{fields[:-1]},"record":{fit.record}}}'
    return _Entry(place, fit, json.dumps({"index": action}).encode(), source.encode())


def _value(value: Fitted) -> Fitted:
    if not isinstance(value, datetime):
        return value
    # Not a number: the server takes 2025 for a year.
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _chunks(entries: Iterable[_Entry]) -> Iterator[list[_Entry]]:
    chunk: list[_Entry] = []
    size = 0
    for entry in entries:
        if chunk and (size + entry.size > _MAX_BYTES or len(chunk) == _MAX_DOCUMENTS):
            yield chunk
            chunk, size = [], 0
        chunk.append(entry)
        size += entry.size
    if chunk:
        yield chunk


def _stored(client: Elasticsearch, chunk: Sequence[_Entry]) -> dict[int, Put]:
    """What became of each document of one request, by its place."""
    puts: dict[int, Put] = {}
    deadline = time.monotonic() + _PATIENCE_SECONDS
    for wait in (*_WAITS, None):
        answers = list(zip(chunk, _send(client, chunk), strict=True))
        puts |= {entry.place: _outcome(client, entry.fit, answer) for entry, answer in answers if not answer.busy}
        busy = [(entry, answer) for entry, answer in answers if answer.busy]
        if not busy:
            return puts
        if wait is None or time.monotonic() > deadline:
            break
        time.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - so that many clients do not come back at once
        # All of an id, in their order: of two with one version the later one must stand in the end.
        again = {(entry.fit.kind, entry.fit.id) for entry, _ in busy}
        chunk = [entry for entry in chunk if (entry.fit.kind, entry.fit.id) in again]
    raise DependencyDownError(
        f"{elastic.where(client)} is too busy to store documents ({elastic.reason(busy[0][1].error)})"
    )


def _send(client: Elasticsearch, chunk: Sequence[_Entry]) -> list[_Answer]:
    with elastic.translated(client):
        try:
            response = client.bulk(
                operations=[line for entry in chunk for line in (entry.action, entry.source)],  # type: ignore[misc]  # sent as they are
                # Else a missing index would be made, with whatever fields the first document brings.
                require_alias=True,
                timeout=_SHARD_WAIT,
                filter_path="items.*.status,items.*.error",
            )
        except ApiError as error:
            if error.status_code == _TOO_LARGE:
                return _send_halves(client, chunk)
            answer = _Answer(error.status_code, error.body)
            if answer.busy:
                return [answer] * len(chunk)
            raise
    results = [item["index"] for item in response["items"]]
    return [_Answer(result["status"], result.get("error")) for result in results]


def _send_halves(client: Elasticsearch, chunk: Sequence[_Entry]) -> list[_Answer]:
    """For a server, or a proxy before it, that takes less at once than we send."""
    if len(chunk) == 1:
        return [_Answer(_TOO_LARGE, f"{chunk[0].size:,} bytes are more than the server takes at once")]
    middle = len(chunk) // 2
    return [*_send(client, chunk[:middle]), *_send(client, chunk[middle:])]


def _outcome(client: Elasticsearch, fit: Fit, answer: _Answer) -> Put:
    if answer.error is None:
        return Put(fit.id, "stored")
    if answer.status == elastic.CONFLICT:
        return stale(fit)
    if down := elastic.down(client, answer.status, answer.error):
        raise down
    return Put(fit.id, "refused", elastic.reason(answer.error))
