"""Asking Elasticsearch: what fields an index has, and what a request finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError

from otswatch import elastic
from otswatch.kibana.objects import written
from otswatch.kibana.verify.findings import Fault, FaultError
from otswatch.kibana.verify.kql import Capability, Fields, Query


class Server:
    """One Elasticsearch, whose documents do not change meanwhile: what was answered once is not asked again."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client
        self._fields: dict[str, Fields] = {}
        self._answers: dict[tuple[str, str], dict[str, Any]] = {}

    def fields(self, index: str) -> Fields:
        """Field → what can be done with it. From `_field_caps`, since a search for a field that is not there succeeds.

        Raises:
            FaultError: there is no such index.
        """
        if index not in self._fields:
            try:
                found = self._client.field_caps(index=index, fields="*")["fields"]
            except NotFoundError:
                raise FaultError(Fault.BROKEN_REFERENCE, f"there is no index {index}") from None
            self._fields[index] = {
                name: Capability(type_, bool(said["searchable"]), bool(said["aggregatable"]))
                for name, types in found.items()
                for type_, said in types.items()
                if not said.get("metadata_field")
            }
        return self._fields[index]

    def count(self, index: str, query: Query) -> int:
        """How many documents a query finds.

        Raises:
            FaultError: the server refuses it.
        """
        body = {"query": query, "size": 0, "track_total_hits": True}
        return int(self.search(index, body, Fault.BAD_QUERY)["hits"]["total"]["value"])

    def search(self, index: str, body: dict[str, Any], fault: Fault = Fault.NOT_AGGREGATABLE) -> dict[str, Any]:
        """The answer to a search.

        Raises:
            FaultError: the server refuses it, which is then a `fault`.
        """
        asked = index, written(body)
        if asked not in self._answers:
            with _refused(fault):
                self._answers[asked] = dict(self._client.search(index=index, **body).body)
        return self._answers[asked]


@contextmanager
def _refused(fault: Fault) -> Iterator[None]:
    try:
        yield
    except ApiError as error:
        if not 400 <= error.meta.status < 500:
            raise
        raise FaultError(fault, f"the server refuses it: {elastic.reason(error.body)}") from None
