"""Faults that a hand or a release of Kibana puts into such files, each of one sort, as `name: (sort, where, edit)`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from otswatch.kibana.verify import Fault
from tests.kibana_draft import Draft

Edit = Callable[[Draft], None]
Faults = dict[str, tuple[Fault, str, Edit]]


def put(place: Callable[[Draft], Any], **values: Any) -> Edit:
    """Set keys of what `place` finds."""
    return lambda draft: place(draft).update(values)


def asks(place: Callable[[Draft], dict[str, Any]], kql: str) -> Edit:
    return lambda draft: place(draft)["query"].update(query=kql)


def _columns(draft: Draft, *columns: str) -> None:
    draft.search("Newest articles")["columns"] = list(columns)


def _grid(title: str, **place: Any) -> Edit:
    return lambda draft: draft.panel("Areas", title)["gridData"].update(place)


def _es_query(draft: Draft, change: Callable[[dict[str, Any]], None]) -> None:
    params = draft.rule("New statements and communiqués")["params"]
    asked = json.loads(params["esQuery"])
    change(asked)
    params["esQuery"] = json.dumps(asked)


def _without(draft: Draft, type_: str, title: str) -> None:
    draft.objects.remove(draft.one(type_, title))


def _rename_reference(draft: Draft, board: str, ending: str) -> None:
    [reference] = [one for one in draft.board(board)["references"] if one["name"].endswith(ending)]
    reference["name"] += "-1"


def _source(draft: Draft, search: str) -> dict[str, Any]:
    return draft.search(search)["kibanaSavedObjectMeta"]["searchSourceJSON"]


def _twin(draft: Draft) -> None:
    panels = draft.attributes("Areas")["panelsJSON"]
    panels.append({**panels[1], "gridData": {**panels[1]["gridData"], "y": 400}})


def _own_view(draft: Draft) -> None:
    draft.chart("Areas", "Main areas")["state"]["adHocDataViews"] = {"x": {"title": "otswatch-articles"}}


def _once(draft: Draft) -> None:
    draft.chart("Areas", "Main areas")["references"] = []


def _other_view(draft: Draft) -> None:
    other = draft.one("index-pattern", "] quotes")["id"]
    draft.chart("Areas", "Main areas")["references"][0]["id"] = other


def _esql(draft: Draft) -> None:
    draft.chart("Areas", "Main areas")["state"]["datasourceStates"] = {"textBased": {"layers": {}}}


def _terms(draft: Draft) -> dict[str, Any]:
    return draft.column("Areas", "Main areas", "Main area")


def _pie(draft: Draft) -> dict[str, Any]:
    return draft.chart("Areas", "Main areas")["state"]["visualization"]


STATIC: Faults = {
    # a grid
    "too wide": (Fault.BAD_GRID, "Main areas", _grid("Main areas", w=17)),
    "beyond the edge": (Fault.BAD_GRID, "Main areas", _grid("Main areas", x=47, w=2, y=300)),
    "over another": (Fault.BAD_GRID, "Main areas over time", _grid("Main areas", x=31)),
    "over the links": (Fault.BAD_GRID, "Areas", _grid("Main areas over time", y=2)),
    "no height": (Fault.BAD_GRID, "Main areas", _grid("Main areas", h=0)),
    "half a column": (Fault.BAD_GRID, "Main areas", _grid("Main areas", w=15.5)),
    "another's place": (Fault.BAD_GRID, "Main areas", _grid("Main areas", i="1")),
    "twice the same panel": (Fault.BAD_GRID, "Areas", _twin),
    # references
    "data view is gone": (Fault.BROKEN_REFERENCE, "", lambda draft: _without(draft, "index-pattern", "] quotes")),
    "saved search is gone": (
        Fault.BROKEN_REFERENCE,
        "Overview",
        lambda draft: _without(draft, "search", "] Newest articles"),
    ),
    "tag is gone": (Fault.BROKEN_REFERENCE, "", lambda draft: _without(draft, "tag", "OTS Watch")),
    "linked dashboard is gone": (
        Fault.BROKEN_REFERENCE,
        "",
        lambda draft: _without(draft, "dashboard", "] Pipeline"),
    ),
    "no references": (Fault.BROKEN_REFERENCE, "Areas", lambda draft: draft.board("Areas")["references"].clear()),
    "control refers to nothing": (
        Fault.BROKEN_REFERENCE,
        "Who said what",
        lambda draft: draft.controls("Who said what")[0]["explicitInput"].update(dataViewRefName="controlGroup_x:y"),
    ),
    "filter refers to nothing": (
        Fault.BROKEN_REFERENCE,
        "Areas",
        lambda draft: _rename_reference(draft, "Areas", "filter[0].meta.index"),
    ),
    "panel repeats its id": (
        Fault.BROKEN_REFERENCE,
        "Newest articles",
        lambda draft: draft.panel("Overview", "Newest articles").update(panelRefName="x:panel_x"),
    ),
    "chart names its view once": (Fault.BROKEN_REFERENCE, "Main areas", _once),
    "chart and dashboard differ": (Fault.BROKEN_REFERENCE, "Main areas", _other_view),
    "a data view of its own": (Fault.BROKEN_REFERENCE, "Main areas", _own_view),
    # a panel of another sort
    "panel of another sort": (
        Fault.UNKNOWN_CHART,
        "Main areas",
        lambda draft: draft.panel("Areas", "Main areas").update(type="visualization"),
    ),
    # versions
    "newer dashboard": (
        Fault.TOO_NEW,
        "Areas",
        lambda draft: draft.board("Areas").update(typeMigrationVersion="10.3.0"),
    ),
    "newer search": (
        Fault.TOO_NEW,
        "Newest articles",
        lambda draft: draft.one("search", "] Newest articles").update(typeMigrationVersion="10.10.0"),
    ),
    "newer core": (Fault.TOO_NEW, "Areas", lambda draft: draft.board("Areas").update(coreMigrationVersion="9.4.0")),
    "no version": (Fault.TOO_NEW, "Areas", lambda draft: draft.board("Areas").pop("typeMigrationVersion")),
    "sections": (Fault.TOO_NEW, "Areas", lambda draft: draft.attributes("Areas").update(sections=[])),
    # what cannot be read
    "no panels": (Fault.UNREADABLE, "Areas", lambda draft: draft.attributes("Areas").pop("panelsJSON")),
    "panels of text": (Fault.UNREADABLE, "Areas", lambda draft: draft.attributes("Areas").update(panelsJSON=["a"])),
    "no title": (Fault.UNREADABLE, "dashboard", lambda draft: draft.attributes("Areas").update(title="")),
    "a format that is no text": (
        Fault.UNREADABLE,
        "stories",
        lambda draft: draft.view("stories").update(fieldFormatMap={}),
    ),
    "a version that is none": (
        Fault.UNREADABLE,
        "Areas",
        lambda draft: draft.board("Areas").update(typeMigrationVersion=10),
    ),
    "references that are no list": (
        Fault.UNREADABLE,
        "otswatch.ndjson line 1",
        lambda draft: draft.objects[0].update(references=""),
    ),
    "no grid data": (
        Fault.UNREADABLE,
        "Areas",
        lambda draft: draft.panel("Areas", "Main areas").pop("gridData"),
    ),
}

#: Edits of the text of the file itself.
TEXTS: dict[str, Callable[[str], str]] = {
    "spaces": lambda text: text.replace('"attributes":{', '"attributes": {', 1),
    "keys in another order": lambda text: "\n".join(
        json.dumps(dict(reversed(json.loads(line).items())), ensure_ascii=False, separators=(",", ":"))
        for line in text.splitlines()
    ),
    "a day": lambda text: text.replace(
        '"typeMigrationVersion":"8.0.0"', '"typeMigrationVersion":"8.0.0","updated_at":"2026-01-01"'
    ),
    "a counter": lambda text: text.replace(
        '"typeMigrationVersion":"8.0.0"', '"typeMigrationVersion":"8.0.0","version":"WzEsMV0="'
    ),
    "spaces within": lambda text: text.replace(r"{\"hidePanelTitles\":false", r"{ \"hidePanelTitles\":false"),
    "twice the same id": lambda text: text + text.splitlines()[0] + "\n",
}

SERVER: Faults = {
    # fields that are not there
    "group by an unknown field": (Fault.UNKNOWN_FIELD, "Main areas", put(_terms, sourceField="topic")),
    "group by a subfield": (Fault.UNKNOWN_FIELD, "Main areas", put(_terms, sourceField="main_area.keyword")),
    "measure an unknown field": (
        Fault.UNKNOWN_FIELD,
        "How long until told",
        lambda draft: draft.column("Pipeline", "How long until told", "Median seconds").update(sourceField="duration"),
    ),
    "ask for an unknown field": (
        Fault.UNKNOWN_FIELD,
        "Main areas",
        asks(lambda draft: draft.chart("Areas", "Main areas")["state"], "topics : security"),
    ),
    "show an unknown field": (Fault.UNKNOWN_FIELD, "Newest articles", lambda draft: _columns(draft, "titel")),
    "filter an unknown field": (
        Fault.UNKNOWN_FIELD,
        "Areas",
        lambda draft: draft.filters("Areas")[0].update(query={"exists": {"field": "relevances"}}),
    ),
    "menu of an unknown field": (
        Fault.UNKNOWN_FIELD,
        "Areas › menu",
        lambda draft: draft.controls("Areas")[0]["explicitInput"].update(fieldName="areas"),
    ),
    "menu that empties another panel": (
        Fault.UNKNOWN_FIELD,
        "Overview › menu",
        lambda draft: draft.controls("Overview")[0]["explicitInput"].update(fieldName="language"),
    ),
    "rule asks for an unknown field": (
        Fault.UNKNOWN_FIELD,
        "rule",
        lambda draft: _es_query(draft, lambda asked: asked.update(query={"term": {"sort": "statement"}})),
    ),
    "rule tells an unknown field": (
        Fault.UNKNOWN_FIELD,
        "rule",
        lambda draft: _es_query(draft, lambda asked: asked.update(_source=["titel"])),
    ),
    # fields that cannot be counted
    "group by text": (Fault.NOT_AGGREGATABLE, "Main areas", put(_terms, sourceField="text")),
    "count different texts": (
        Fault.NOT_AGGREGATABLE,
        "All areas",
        lambda draft: draft.column("Areas", "All areas", "Stories").update(sourceField="title"),
    ),
    "menu of texts": (
        Fault.NOT_AGGREGATABLE,
        "Areas › menu",
        lambda draft: draft.controls("Areas")[0]["explicitInput"].update(fieldName="title"),
    ),
    "sort by text": (
        Fault.NOT_AGGREGATABLE,
        "Newest articles",
        lambda draft: draft.search("Newest articles").update(sort=[["title", "asc"]]),
    ),
    "average of words": (
        Fault.NOT_AGGREGATABLE,
        "How long until told",
        lambda draft: draft.column("Pipeline", "How long until told", "Tries").update(sourceField="status"),
    ),
    # queries
    "open bracket": (
        Fault.BAD_QUERY,
        "Main areas",
        asks(lambda draft: draft.chart("Areas", "Main areas")["state"], "(status : ok"),
    ),
    "colon without a value": (
        Fault.BAD_QUERY,
        "Newest articles",
        asks(lambda draft: _source(draft, "Newest articles"), "status :"),
    ),
    "or without a right side": (
        Fault.BAD_QUERY,
        "Areas",
        asks(lambda draft: draft.attributes("Areas")["kibanaSavedObjectMeta"]["searchSourceJSON"], "kind : news or"),
    ),
    "no day": (
        Fault.BAD_QUERY,
        "Main areas",
        asks(lambda draft: draft.chart("Areas", "Main areas")["state"], 'published >= "yesterday"'),
    ),
    "no number": (
        Fault.BAD_QUERY,
        "Main areas",
        asks(lambda draft: draft.chart("Areas", "Main areas")["state"], "quotes > many"),
    ),
    "rule without JSON": (
        Fault.BAD_QUERY,
        "rule",
        lambda draft: draft.rule("New quotes")["params"].update(esQuery="{"),
    ),
    "rule of too many": (Fault.BAD_QUERY, "rule", lambda draft: draft.rule("New quotes")["params"].update(size=20_000)),
    # references
    "no such index": (
        Fault.BROKEN_REFERENCE,
        "",
        lambda draft: draft.view("quotes").update(title="otswatch-sayings"),
    ),
    "no such connector": (Fault.BROKEN_REFERENCE, "rule", lambda draft: draft.connectors.clear()),
    "no such group": (
        Fault.BROKEN_REFERENCE,
        "rule",
        lambda draft: draft.rule("New quotes")["actions"][0].update(group="matched"),
    ),
    # charts
    "no such chart": (
        Fault.UNKNOWN_CHART,
        "Main areas",
        lambda draft: draft.chart("Areas", "Main areas").update(visualizationType="lnsNope"),
    ),
    "no such shape": (Fault.UNKNOWN_CHART, "Main areas", put(_pie, shape="bagel")),
    "no such series": (
        Fault.UNKNOWN_CHART,
        "Main areas over time",
        lambda draft: draft.chart("Areas", "Main areas over time")["state"]["visualization"]["layers"][0].update(
            seriesType="spline"
        ),
    ),
    "no such operation": (Fault.UNKNOWN_CHART, "Main areas", put(_terms, operationType="top")),
    "draws no column": (
        Fault.UNKNOWN_CHART,
        "Main areas",
        lambda draft: _pie(draft)["layers"][0].update(metrics=["x"]),
    ),
    "order of no column": (
        Fault.UNKNOWN_CHART,
        "Main areas",
        lambda draft: draft.layer("Areas", "Main areas")["columnOrder"].append("x"),
    ),
    "ordered by no column": (
        Fault.UNKNOWN_CHART,
        "Main areas",
        lambda draft: _terms(draft)["params"]["orderBy"].update(columnId="x"),
    ),
    "another rule type": (
        Fault.UNKNOWN_CHART,
        "rule",
        lambda draft: draft.rule("New quotes").update(rule_type_id=".nope"),
    ),
    "ES|QL": (Fault.UNKNOWN_CHART, "Main areas", _esql),
    # empty
    "a value that nothing has": (
        Fault.EMPTY,
        "Main areas",
        asks(lambda draft: draft.chart("Areas", "Main areas")["state"], 'status : "OK"'),
    ),
    "a field that nothing has": (Fault.EMPTY, "Main areas", put(_terms, sourceField="dossier")),
    "a list of nothing": (
        Fault.EMPTY,
        "Newest articles",
        asks(lambda draft: _source(draft, "Newest articles"), "kind : (poem or song)"),
    ),
    "a filter of nothing": (
        Fault.EMPTY,
        "Areas",
        lambda draft: draft.filters("Areas")[0].update(query={"match_phrase": {"relevance": "high"}}),
    ),
    "a menu of nothing": (
        Fault.EMPTY,
        "Areas › menu",
        lambda draft: draft.controls("Areas")[0]["explicitInput"].update(fieldName="dossier"),
    ),
    "a rule of nothing": (
        Fault.EMPTY,
        "rule",
        lambda draft: _es_query(draft, lambda asked: asked.update(query={"term": {"kind": "poem"}})),
    ),
    "a rule that tells nobody": (
        Fault.EMPTY,
        "rule",
        lambda draft: draft.rule("New quotes").update(actions=[]),
    ),
    "a rule that needs two": (
        Fault.EMPTY,
        "rule",
        lambda draft: draft.rule("New quotes")["params"].update(threshold=[1]),
    ),
    # time
    "data view by publication": (
        Fault.WRONG_TIME,
        "stories",
        lambda draft: draft.view("stories").update(timeFieldName="published"),
    ),
    "data view by a word": (
        Fault.WRONG_TIME,
        "stories",
        lambda draft: draft.view("stories").update(timeFieldName="main_area"),
    ),
    "data view by no field": (
        Fault.WRONG_TIME,
        "stories",
        lambda draft: draft.view("stories").update(timeFieldName="@timestamp"),
    ),
    "over time by a word": (
        Fault.WRONG_TIME,
        "Main areas over time",
        lambda draft: draft.column("Areas", "Main areas over time", "First seen").update(sourceField="source"),
    ),
    "rule by publication": (
        Fault.WRONG_TIME,
        "rule",
        lambda draft: draft.rule("New quotes")["params"].update(timeField="published"),
    ),
    "rule that looks away": (
        Fault.WRONG_TIME,
        "rule",
        lambda draft: draft.rule("New quotes")["params"].update(timeWindowSize=5),
    ),
    "rule that repeats itself": (
        Fault.WRONG_TIME,
        "rule",
        lambda draft: draft.rule("New quotes")["params"].update(excludeHitsFromPreviousRun=False),
    ),
    "rule that tells once": (
        Fault.WRONG_TIME,
        "rule",
        lambda draft: draft.rule("New quotes")["actions"][0]["frequency"].update(notify_when="onActionGroupChange"),
    ),
    "no such start": (
        Fault.WRONG_TIME,
        "Areas",
        lambda draft: draft.attributes("Areas").update(timeFrom="last month"),
    ),
}


def break_somewhere(draft: Draft, choose: Callable[[list[Any]], Any]) -> None:
    """Put something else in one place of an object or a rule, however deep; `choose` takes one of several."""
    place: Any = choose([*draft.objects, *draft.rules.values()])
    while True:
        key = choose(sorted(place) if isinstance(place, dict) else list(range(len(place))))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or choose([False, False, False, True]):
            place[key] = choose([None, "", "x", [], {}, -1, [None], {"x": None}])
            return
        place = inner
