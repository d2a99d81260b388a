"""What the index is stored in on Elasticsearch: made from `mappings/`, and moved when a template's version rises.

A field that a template gained is added to the index that stands. What cannot be added (another type, a field that went)
raises the template's `version`: its documents are copied into a new index, and the alias is handed over to it. Until
then readers search the old one; those who write wait for a moment before that, as they do for a server that is down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from otswatch import elastic
from otswatch.errors import ConfigError
from otswatch.index import mapping

_PAGE = 500


def provision_index(client: Elasticsearch, namespace: str, kinds: Sequence[str] | None = None) -> list[str]:
    """Make templates, indices and aliases for kinds of documents, or bring them to this version. Safe to run again.

    Args:
        kinds: null for all.

    Returns:
        What was done, a line each.

    Raises:
        NewerDataError, ConfigError, DependencyDownError: as `elastic.install`; what was done so far stays.
    """
    return [line for kind in kinds or mapping.kinds() for line in _provision(client, namespace, kind)]


def _provision(client: Elasticsearch, namespace: str, kind: str) -> list[str]:
    template = mapping.template(kind)
    alias = elastic.prefix(namespace) + kind
    standing = elastic.standing_index(client, alias)
    if standing is None or elastic.version_of(standing) >= template["version"]:
        return [elastic.install(client, namespace, kind, template)]
    with elastic.possible(alias), elastic.translated(client):
        return _move(client, alias, standing, template)


def _move(client: Elasticsearch, alias: str, old: str, template: dict[str, Any]) -> list[str]:
    elastic.put_template(client, alias, template)
    new = f"{alias}-v{template['version']}"
    if not client.indices.exists(index=new):  # else somebody was interrupted here
        client.indices.create(index=new)
    known = template["template"]["mappings"]["properties"].keys()
    newest = _newest(client, old)
    copied = _copy(client, old, new, known, {"range": {"_seq_no": {"lte": newest}}})
    with _closed_to_writes(client, old):
        late = _copy(client, old, new, known, {"range": {"_seq_no": {"gt": newest}}})
        client.indices.refresh(index=new)
        over: list[dict[str, Any]] = [
            {"remove": {"index": old, "alias": alias, "must_exist": False}},
            {"add": {"index": new, "alias": alias}},
        ]
        client.indices.update_aliases(actions=over)
    return [
        f"{new}: made, with {copied:,} documents of {old} and {late:,} that were written meanwhile",
        f"{alias}: is {new} now; {old} is kept as it was, closed to writes: delete it when you no longer want it",
    ]


def _newest(client: Elasticsearch, index: str) -> int:
    """The sequence number of what was written last; every later write has a higher one."""
    client.indices.refresh(index=index)
    found = client.search(index=index, size=1, sort=[{"_seq_no": "desc"}], seq_no_primary_term=True, source=False)
    return next((int(hit["_seq_no"]) for hit in found["hits"]["hits"]), -1)


@contextmanager
def _closed_to_writes(client: Elasticsearch, index: str) -> Iterator[None]:
    """Nobody writes here, and what was being written is done; for good, unless it fails here.

    Who is killed here leaves writers waiting until this is run again: nothing is lost.
    """
    client.indices.add_block(index=index, block="write")
    try:
        client.indices.refresh(index=index)
        yield
    except BaseException:
        client.indices.put_settings(index=index, settings={"index.blocks.write": None})
        raise


def _copy(client: Elasticsearch, old: str, new: str, known: Any, query: dict[str, Any]) -> int:
    """Copy the documents that `query` finds, with their versions and those of their fields that are `known`.

    Raises:
        ConfigError: one does not fit.
    """
    found = scan(client, index=old, query={"query": query, "version": True}, size=_PAGE)
    actions = (
        {
            "_op_type": "index",
            "_index": new,
            "_id": hit["_id"],
            "version": hit["_version"],
            "version_type": "external_gte",
            "_source": {name: value for name, value in hit["_source"].items() if name in known},
        }
        for hit in found
    )
    count = 0
    for is_stored, result in streaming_bulk(client, actions, chunk_size=_PAGE, raise_on_error=False, max_retries=6):
        outcome = result["index"]
        # A conflict: another process copies the same, and somebody wrote a newer one already.
        if not is_stored and outcome["status"] != elastic.CONFLICT:
            why = elastic.reason(outcome.get("error"))
            raise ConfigError(f"{outcome['_id']} of {old} does not fit {new}: {why}; {old} stays in use")
        count += 1
    return count
