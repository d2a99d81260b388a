"""Data views, saved searches and dashboards, each as the requests that Kibana sends when somebody opens it.

A dashboard's query and filters go into the request of each panel, as they do in Kibana. Its time range does not: what
is judged against need not be recent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from otswatch.kibana.verify import charts, static
from otswatch.kibana.verify.aggregations import Layer, aggregatable
from otswatch.kibana.verify.files import Files, Saved
from otswatch.kibana.verify.findings import MISSHAPEN, Fault, FaultError, Finding, misshapen
from otswatch.kibana.verify.kql import Fields, Query, translate
from otswatch.kibana.verify.server import Server

#: When OTS Watch saw or did something itself. By any other time what is seen late, or undated, would be missed.
_TIMES: Final = ("first_seen", "at")
#: Documents of a list that are asked for.
_SHOWN: Final = 8
_WHEN = re.compile(r"now([+-]\d+[smhdwMy])*(/[smhdwMy])?|\d{4}-\d\d-\d\d(T[\d:.]+Z)?")


def view(server: Server, saved: Saved) -> Iterator[Finding]:
    """Whether a data view has an index, and that index its time."""
    fields = server.fields(saved.attributes["title"])
    time = saved.attributes.get("timeFieldName")
    if time is None:
        return
    if time not in fields or fields[time].type != "date":
        what = fields[time].type if time in fields else "not in the index"
        yield Finding(saved.title, Fault.WRONG_TIME, f"its time is {time}, which is {what}")
    elif time not in _TIMES:
        what = f"its time is {time}: what is seen late would be missed; {' or '.join(_TIMES)}"
        yield Finding(saved.title, Fault.WRONG_TIME, what)


def search(files: Files, server: Server, saved: Saved, also: tuple[Query, ...] = ()) -> list[dict[str, Any]]:
    """The first documents that a saved search finds, each with what it has of its columns.

    Raises:
        FaultError: it finds none, or cannot show them.
    """
    index = _index_of(files, saved.reference(static.source_of(saved)["indexRefName"]))
    fields = server.fields(index)
    for column in saved.attributes["columns"]:
        if column not in fields:
            raise FaultError(Fault.UNKNOWN_FIELD, f"column {column}: the index does not have it")
    for field, _order in saved.attributes["sort"]:
        aggregatable(fields, field, "sort")
    query = _all(*_own(static.source_of(saved), fields), *also)
    body = {
        "query": query,
        "size": _SHOWN,
        "fields": saved.attributes["columns"],
        "sort": [{field: order} for field, order in saved.attributes["sort"]],
        "source": False,
    }
    _found(server, index, query)
    return [hit.get("fields", {}) for hit in server.search(index, body)["hits"]["hits"]]


@dataclass(slots=True)
class Board:
    """A dashboard, panel by panel."""

    files: Files
    server: Server
    saved: Saved

    def findings(self) -> Iterator[Finding]:
        """What is wrong with what it asks for."""
        yield from self._times()
        yield from self._filters()
        panels = [panel for panel in static.panels_of(self.saved) if panel["type"] in {"lens", "search"}]
        for panel in panels:
            where = static.named(self.saved, panel)
            try:
                (self._lens if panel["type"] == "lens" else self.listed)(panel)
            except FaultError as error:
                yield error.at(where)
            except MISSHAPEN as error:
                yield misshapen(where, error)
        for control in static.controls_of(self.saved).values():
            try:
                self._control(control, panels)
            except FaultError as error:
                yield error.at(f"{self.saved.title} › menu {control['explicitInput'].get('title')}")

    def _times(self) -> Iterator[Finding]:
        for name in ("timeFrom", "timeTo"):
            if self.saved.attributes.get("timeRestore") and not _WHEN.fullmatch(str(self.saved.attributes.get(name))):
                said = self.saved.attributes.get(name)
                yield Finding(self.saved.title, Fault.WRONG_TIME, f"{name} is {said}: write now-30d or 2026-01-31")

    def _filters(self) -> Iterator[Finding]:
        """Each by itself, on the index that it was made for."""
        for one in static.source_of(self.saved)["filter"]:
            where = f"{self.saved.title} › filter {one['meta'].get('key')}"
            try:
                index = _index_of(self.files, self.saved.reference(one["meta"]["indexRefName"]))
                _found(self.server, index, _of_filter(one, self.server.fields(index)))
            except FaultError as error:
                yield error.at(where)

    def _around(self, fields: Fields) -> tuple[Query, ...]:
        """The dashboard's own query and filters, as they reach a panel over an index with these fields."""
        return _own(static.source_of(self.saved), fields)

    def answers(self, panel: dict[str, Any]) -> Iterator[tuple[Layer, int, dict[str, Any]]]:
        """Of each layer of a chart: how many documents there are for it, and what was answered.

        Raises:
            FaultError: it cannot be asked, or finds nothing.
        """
        attributes = panel["embeddableConfig"]["attributes"]
        charts.check(attributes)
        state = attributes["state"]
        for index, layer in zip(self._indexes(panel), static.layers_of(panel).values(), strict=True):
            fields = self.server.fields(index)
            query = _all(*self._around(fields), *_own({**state, "filter": state["filters"]}, fields))
            asked = Layer(layer, fields)
            total = _found(self.server, index, query)
            body = {"query": query, "size": 0, "aggs": asked.request()}
            answer = self.server.search(index, body if body["aggs"] else {"query": query, "size": 0})
            yield asked, total, answer.get("aggregations", {})

    def _lens(self, panel: dict[str, Any]) -> None:
        for asked, total, answer in self.answers(panel):
            if unseen := asked.unseen(total, answer):
                raise FaultError(Fault.EMPTY, f"shows nothing of {', '.join(unseen)}")

    def listed(self, panel: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
        """The columns of a saved search in a panel, and its first documents.

        Raises:
            FaultError: as `search`.
        """
        [index] = self._indexes(panel)
        saved = self._behind(panel)
        found = search(self.files, self.server, saved, self._around(self.server.fields(index)))
        columns: list[str] = saved.attributes["columns"]
        return columns, [[document.get(column) for column in columns] for document in found]

    def _behind(self, panel: dict[str, Any]) -> Saved:
        """The saved search that a panel shows."""
        reference = self.saved.reference(f"{panel['panelIndex']}:{panel['panelRefName']}")
        found = self.files.objects.get((reference["type"], reference["id"])) if reference else None
        if found is None:
            raise FaultError(Fault.BROKEN_REFERENCE, f"there is no saved search behind {panel['panelRefName']}")
        return found

    def _indexes(self, panel: dict[str, Any]) -> Iterator[str]:
        """What a panel reads: of each layer, or of its saved search."""
        if panel["type"] == "search":
            found = self._behind(panel)
            yield _index_of(self.files, found.reference(static.source_of(found)["indexRefName"]))
            return
        for id_ in static.layers_of(panel):
            name = f"{panel['panelIndex']}:indexpattern-datasource-layer-{id_}"
            yield _index_of(self.files, self.saved.reference(name))

    def _control(self, control: dict[str, Any], panels: list[dict[str, Any]]) -> None:
        """A menu has choices, and a choice empties no panel."""
        if control["type"] != "optionsListControl":
            raise FaultError(Fault.UNKNOWN_CHART, f"{control['type']} is no menu that is known here")
        chosen = control["explicitInput"]
        index = _index_of(self.files, self.saved.reference(chosen["dataViewRefName"]))
        fields = self.server.fields(index)
        aggregatable(fields, chosen["fieldName"], "menu")
        query = _all(*self._around(fields))
        values = {"values": {"terms": {"field": chosen["fieldName"], "size": 10, "order": {"_count": "desc"}}}}
        answer = self.server.search(index, {"query": query, "size": 0, "aggs": values})
        if not answer["aggregations"]["values"]["buckets"]:
            raise FaultError(Fault.EMPTY, f"there is no value of {chosen['fieldName']} to choose")
        self._reaches(chosen["fieldName"], panels)

    def _reaches(self, field: str, panels: list[dict[str, Any]]) -> None:
        for panel in panels:
            for index in self._indexes(panel):
                if field not in self.server.fields(index):
                    what = f"{field} is not in {index}: a choice would empty {static.named(self.saved, panel)}"
                    raise FaultError(Fault.UNKNOWN_FIELD, what)


def _index_of(files: Files, reference: dict[str, str] | None) -> str:
    """The index behind a reference to a data view."""
    found = files.objects.get((reference["type"], reference["id"])) if reference else None
    if found is None or found.type != "index-pattern":
        raise FaultError(Fault.BROKEN_REFERENCE, "there is no data view behind it")
    return str(found.attributes["title"])


def _own(said: dict[str, Any], fields: Fields) -> tuple[Query, ...]:
    """Query and filters of a search source."""
    if said["query"]["language"] != "kuery":
        raise FaultError(Fault.BAD_QUERY, f"{said['query']['language']}: only KQL is judged here")
    return (translate(said["query"]["query"], fields), *(_of_filter(one, fields) for one in said["filter"]))


def _of_filter(one: dict[str, Any], fields: Fields) -> Query:
    """A filter's query, once all the fields in it are there."""
    for field in fields_of(one["query"]):
        if field not in fields:
            raise FaultError(Fault.UNKNOWN_FIELD, f"filter: the index does not have {field}")
    asked: Query = one["query"]
    if one["meta"].get("disabled"):
        return {"match_all": {}}
    return {"bool": {"must_not": [asked]}} if one["meta"].get("negate") else asked


def fields_of(query: Any) -> Iterator[str]:
    """The fields that a query of Elasticsearch names.

    Raises:
        FaultError: a query that is not known here.
    """
    for kind, said in query.items():
        if kind == "bool":
            for name in ("must", "filter", "should", "must_not"):
                parts = said.get(name, [])
                for part in parts if isinstance(parts, list) else [parts]:
                    yield from fields_of(part)
        elif kind == "exists":
            yield said["field"]
        elif kind in {"term", "terms", "match", "match_phrase", "range", "prefix", "wildcard"}:
            yield from (name for name in said if name != "boost")
        elif kind != "match_all":
            raise FaultError(Fault.BAD_QUERY, f"{kind} is no query that is known here")


def _all(*queries: Query) -> Query:
    return {"bool": {"filter": list(queries)}}


def _found(server: Server, index: str, query: Query) -> int:
    """How many documents there are, of which there must be one."""
    if not (total := server.count(index, query)):
        raise FaultError(Fault.EMPTY, f"finds nothing in {index}")
    return total
