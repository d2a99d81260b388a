"""The index on Elasticsearch: for each kind of document an alias, and behind it an index of `mappings/<kind>.json`.

They are made by `otswatch.index.templates`. A document is stored under its id with its fields as the mapping has them,
text folded already, beside its whole record, which is kept and not read. A tombstone has hardly a field, so that it
moves no count, and every search leaves it out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from otswatch import elastic
from otswatch.errors import DependencyDownError, UsageError
from otswatch.index import Bucket, Document, Hits, Put, Range, Search
from otswatch.index.elasticsearch_bulk import store
from otswatch.index.elasticsearch_pages import page_of
from otswatch.index.elasticsearch_search import Conditions, Dsl
from otswatch.index.intervals import Interval, edges
from otswatch.index.mapping import TERM_TYPES, Field, epoch, kinds, mapping_of, prepared
from otswatch.index.pages import check_size
from otswatch.query import utf8

#: More values than an integer field of ours has, and fewer than the server gives at most (`search.max_buckets`).
_MAX_VALUES = 10_000
#: All that there is, or an error: never only what could be counted in time, or on those shards that answered.
_WHOLE: Dsl = {"track_total_hits": True, "allow_partial_search_results": False}


class ElasticsearchIndex:
    """See `otswatch.index.Index`. What was put is visible to `search` after a second, or after `refresh`.

    Raises (by every method that asks the server):
        DependencyDownError: it is not ready, or lacks an index or a field; see `elastic.translated`.

    Args:
        client: closed by `close`.
        namespace: as it was provisioned.
    """

    def __init__(self, client: Elasticsearch, namespace: str = "") -> None:
        self._client = client
        self._prefix = elastic.prefix(namespace)

    def close(self) -> None:
        self._client.close()

    def put(self, documents: Sequence[Document]) -> list[Put]:
        fits = [prepared(document) for document in documents]
        stored = iter(store(self._client, self._prefix, [fit for fit in fits if not isinstance(fit, Put)]))
        return [fit if isinstance(fit, Put) else next(stored) for fit in fits]

    def refresh(self) -> None:
        with elastic.translated(self._client):
            aliases = [self._prefix + kind for kind in kinds()]
            shards = self._client.indices.refresh(index=aliases, ignore_unavailable=True)["_shards"]
        if shards["failed"]:
            why = elastic.reason(shards["failures"][0]["reason"])
            raise DependencyDownError(f"{elastic.where(self._client)} cannot refresh for now: {why}")

    def health(self) -> str:
        """In a few words how the server is and what our indices take there, its own word first: `green, 1,200.5 MB`."""
        with elastic.translated(self._client):
            word = self._client.cluster.health()["status"]
            stats = self._client.indices.stats(index=f"{self._prefix}*", metric="store")
        return f"{word}, {stats['_all']['total']['store']['size_in_bytes'] / 1e6:,.1f} MB"

    # -------------------------------------------------------------------------------------------------------- reading

    def get(self, kind: str, id: str) -> Mapping[str, Any] | None:  # noqa: A002 - the name of the thing
        return self.get_many(kind, (id,)).get(id)

    def get_many(self, kind: str, ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
        asked = {utf8(id_): id_ for id_ in ids if id_}
        if kind not in kinds() or not asked:
            return {}
        with elastic.translated(self._client):
            # Not by GET: the server reads no path of more than 4 KB, and an id may be anything.
            docs = [{"_id": id_} for id_ in asked]
            found = self._client.mget(index=self._prefix + kind, docs=docs, source_includes=["record"])["docs"]
        for document in found:
            if "error" in document:  # of the index: of a document it says only that it is not there
                raise DependencyDownError(str(elastic.down(self._client, 503, document["error"])))
        return {asked[document["_id"]]: dict(document["_source"]["record"]) for document in found if document["found"]}

    def search(self, search: Search) -> Hits:
        check_size(search)
        mapping = mapping_of(search.kind)
        conditions = Conditions(mapping, search)
        page = page_of(self._client, self._prefix + search.kind, mapping, search)
        counted: Dsl = {}
        if search.ranges:
            # In one request, so that both numbers and the page are of one moment.
            counted["post_filter"] = conditions.within_ranges()
            counted["aggs"] = {"undated": {"filter": conditions.undated()}}
        with self._asking():
            # One more than wanted tells whether there is a next page.
            answer = page.ask(conditions, size=search.size and search.size + 1, source=["record"], **_WHOLE, **counted)
        hits = answer["hits"]["hits"]
        shown = hits[: search.size]
        after = page.after(shown[-1]) if len(hits) > len(shown) else None
        if after is None:
            page.end()
        undated = answer["aggregations"]["undated"]["doc_count"] if search.ranges else 0
        records = tuple(dict(hit["_source"]["record"]) for hit in shown)
        return Hits(answer["hits"]["total"]["value"], undated, records, after)

    def facets(self, search: Search, fields: Sequence[str], size: int = 50) -> dict[str, list[Bucket]]:
        mapping = mapping_of(search.kind)
        counted = {name: mapping.named(name, *TERM_TYPES) for name in fields}
        # Exact: an index of ours has one shard.
        answer = self._aggregated(search, {name: _terms(field, size) for name, field in counted.items()})
        return {name: _values(field, answer[name]["buckets"])[: max(size, 0)] for name, field in counted.items()}

    def timeline(self, search: Search, field: str, interval: Interval, zone: str = "UTC") -> list[Bucket]:
        name = mapping_of(search.kind).named(field, "date").name
        range_ = search.ranges.get(field, Range())
        extent = self._extent(search, name) if None in (range_.start, range_.end) else None
        begins = edges(range_, extent, interval, zone)
        if not begins:
            return []
        last = epoch(range_.end) if range_.end else extent[1] + 1 if extent else 0
        # Not a date_histogram: which day it is in a zone must not depend on whose time zones are newer.
        spans = [{"from": start, "to": end} for start, end in pairwise([*map(epoch, begins), last])]
        drawn = {"date_range": {"field": name, "format": "epoch_millis", "ranges": spans}}
        buckets = self._aggregated(search, {"drawn": drawn})["drawn"]["buckets"]
        counts = [bucket["doc_count"] for bucket in buckets]
        return [Bucket(begin.isoformat(), count) for begin, count in zip(begins, counts, strict=True)]

    def _extent(self, search: Search, field: str) -> tuple[int, int] | None:
        """The first and the last moment, in milliseconds, of what the search finds; null where it has none."""
        answer = self._aggregated(search, {end: {end: {"field": field}} for end in ("min", "max")})
        first, last = (answer[end]["value"] for end in ("min", "max"))
        return None if first is None else (int(first), int(last))

    def _aggregated(self, search: Search, aggregations: Dsl) -> Any:
        """Numbers over all documents that the search finds."""
        matching = Conditions(mapping_of(search.kind), search).matching()
        if not aggregations:
            return {}
        with self._asking():
            answer = self._client.search(
                index=self._prefix + search.kind, query=matching, aggs=aggregations, size=0, **_WHOLE
            )
        return answer["aggregations"]

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Raise what the server refuses in the project's words; see `elastic.translated`.

        Raises:
            UsageError: the server does not take the search: it is too large or too deep.
        """
        try:
            with elastic.translated(self._client):
                yield
        except BadRequestError as error:
            why = elastic.reason(error.body)
            if why.startswith("No mapping found for"):
                where = elastic.where(self._client)
                raise DependencyDownError(f"{where} has not all fields ({why}): run `otswatch provision`") from error
            raise UsageError(f"Elasticsearch cannot answer this search ({why}): make it smaller") from error


def _terms(field: Field, size: int) -> Dsl:
    # The server sorts numbers as numbers, so which of those with one count come first is decided here.
    wanted = _MAX_VALUES if field.type == "integer" else max(size, 1)
    return {"terms": {"field": field.name, "size": wanted, "order": [{"_count": "desc"}, {"_key": "asc"}]}}


def _values(field: Field, buckets: Sequence[Dsl]) -> list[Bucket]:
    found = [Bucket(str(bucket.get("key_as_string", bucket["key"])), bucket["doc_count"]) for bucket in buckets]
    return sorted(found, key=lambda bucket: (-bucket.count, bucket.key)) if field.type == "integer" else found
