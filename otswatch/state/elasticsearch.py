"""The state on Elasticsearch: one small index, each entry the document whose `_id` is its key.

What the contract needs, Elasticsearch has: a realtime GET that needs no refresh, a create that fails where there is one
(`op_type=create`), and writes under the condition that a document is still the one that was read (`if_seq_no`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from importlib import resources
from typing import Any

from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from otswatch import elastic
from otswatch.errors import DependencyDownError, UsageError
from otswatch.state import Entry
from otswatch.state.lease import Leases

_PAGE = 500
#: Elasticsearch's limit of an `_id`.
_MAX_KEY_BYTES = 512
#: How long a write waits for the shard. Shorter than we wait for the answer: the server must not write what we gave up.
_SHARD_WAIT = "10s"
#: A sequence number is a positive 64-bit number.
_SEQ_NO_BITS = 63


def provision_state(client: Elasticsearch, namespace: str) -> str:
    """Make the index that the state is in. Safe to run again.

    Returns:
        What was done, in one line.

    Raises:
        NewerDataError, ConfigError, DependencyDownError: as `elastic.install`.
    """
    file = resources.files("otswatch").joinpath("mappings", "internal", "state.json")
    return elastic.install(client, namespace, "state", json.loads(file.read_text(encoding="utf-8")))


class ElasticsearchState(Leases):
    """`otswatch.state.State` in the index behind the alias `<namespace>-otswatch-state`.

    Where an answer is lost, a DependencyDownError says so, and the write may have gone through all the same. Nothing
    here tries again, so of many `create`s at once, or `compare_and_set`s of one version, no two ever get true. But a
    caller that tries again after this error may get false where its own first try went through: whoever must know
    writes into the value who it is and looks, as leases do; for the others "there is one" is enough.

    A write that another client is still waiting for may be seen by `create` and `compare_and_set` a moment before `get`
    gives it: where the index has a copy on a second node, that is asked too.

    Raises (by every method that asks the server):
        DependencyDownError: it is not ready, or the index is missing; see `elastic.translated`.
        UsageError: a key that is empty, no Unicode text or longer than 512 bytes, which no document can have.

    Args:
        client: closed by `close`.
        namespace: as it was provisioned.
    """

    def __init__(self, client: Elasticsearch, namespace: str = "") -> None:
        self._client = client.options(max_retries=0)
        self._alias = f"{elastic.prefix(namespace)}state"

    def get(self, key: str) -> Entry | None:
        try:
            with elastic.translated(self._client):
                return _entry(self._client.get(index=self._alias, id=_id(key)).body)
        except NotFoundError:
            return None

    def get_many(self, keys: Collection[str]) -> dict[str, Entry]:
        ids = [_id(key) for key in keys]
        if not ids:
            return {}
        with elastic.translated(self._client):
            found = self._client.mget(index=self._alias, ids=ids)["docs"]
        for document in found:
            if "error" in document:  # of the index: of a document it says only that it is not there
                raise DependencyDownError(str(elastic.down(self._client, 503, document["error"])))
        return {document["_id"]: _entry(document) for document in found if document["found"]}

    def create(self, key: str, value: Any) -> bool:
        return self._write(key, value, op_type="create")

    def compare_and_set(self, key: str, value: Any, version: int) -> bool:
        expected = _expected(version)
        return expected is not None and self._write(key, value, **expected)

    def put(self, key: str, value: Any) -> None:
        self._write(key, value)

    def delete(self, key: str, version: int) -> bool:
        expected = _expected(version)
        if expected is None:
            return False
        try:
            with elastic.translated(self._client):
                self._client.delete(index=self._alias, id=_id(key), timeout=_SHARD_WAIT, **expected)
        except (ConflictError, NotFoundError):
            return False
        return True

    def scan(self, prefix: str) -> Iterator[Entry]:
        # In pages, each a short search of its own from the last key on, as in `SqliteState`: nothing is held open on
        # the server, and nothing expires under whoever walks slowly. A keyword is sorted by its UTF-8 bytes, which is
        # the order of the code points.
        self._refresh()
        hits = self._page(prefix)
        while hits:
            yield from map(_entry, hits)
            hits = self._page(prefix, after=hits[-1]["_id"]) if len(hits) == _PAGE else []

    def close(self) -> None:
        self._client.close()

    def _write(self, key: str, value: Any, **condition: Any) -> bool:
        """Whether the condition held. An index that is missing is never made by writing to it."""
        try:
            with elastic.translated(self._client):
                self._client.index(
                    index=self._alias,
                    id=_id(key),
                    document={"key": key, "value": value},
                    require_alias=True,
                    timeout=_SHARD_WAIT,
                    **condition,
                )
        except ConflictError:
            return False
        return True

    def _refresh(self) -> None:
        """Let searches find every write that has returned.

        Raises:
            DependencyDownError: a copy of the index did not take part, and would be asked all the same.
        """
        with elastic.translated(self._client):
            shards = self._client.indices.refresh(index=self._alias)["_shards"]
        if shards["failed"]:
            why = elastic.reason(shards["failures"][0]["reason"])
            raise DependencyDownError(f"Elasticsearch cannot refresh {self._alias} for now: {why}")

    def _page(self, prefix: str, after: str | None = None) -> list[dict[str, Any]]:
        with elastic.translated(self._client):
            found = self._client.search(
                index=self._alias,
                query={"prefix": {"key": {"value": prefix}}},
                sort=[{"key": "asc"}],
                search_after=None if after is None else [after],
                size=_PAGE,
                seq_no_primary_term=True,
                track_total_hits=False,
                # Else a shard that is away would be no error, only entries less.
                allow_partial_search_results=False,
            )
        hits: list[dict[str, Any]] = found["hits"]["hits"]
        return hits


def _id(key: str) -> str:
    try:
        size = len(key.encode())
    except UnicodeEncodeError as error:
        raise UsageError(f"state key {key!r}: not Unicode text ({error.reason} at {error.start})") from None
    if not 0 < size <= _MAX_KEY_BYTES:
        raise UsageError(f"state key {key[:60]!r}: {size} bytes; 1 to {_MAX_KEY_BYTES} are possible")
    return key


def _entry(document: Mapping[str, Any]) -> Entry:
    # A sequence number is given once for each write to a shard, as long as the primary's term lasts; a deletion is a
    # write. So the two together are never given twice, not even to a key that was deleted between.
    version = document["_primary_term"] << _SEQ_NO_BITS | document["_seq_no"]
    return Entry(document["_id"], document["_source"]["value"], version)


def _expected(version: int) -> dict[str, Any] | None:
    """The condition that a document still has this version; None where none ever had: terms count from one."""
    term, seq_no = divmod(version, 1 << _SEQ_NO_BITS)
    return {"if_primary_term": term, "if_seq_no": seq_no} if term > 0 else None
