"""Saved objects: tag, data views, saved searches, dashboards, each as `_import` takes them.

Each states the lowest version of its type that knows everything in it: Kibana migrates what is older than itself, and
refuses what is newer.
"""

from __future__ import annotations

import json
from typing import Any, Final

from otswatch.kibana.lens import LensPanel
from otswatch.kibana.model import COLUMNS, Control, Dashboard, Filter, Panel, SavedSearch, Source, View
from otswatch.kibana.names import Names, Reference, kql

_CORE_VERSION: Final = "8.8.0"
_VERSIONS: Final = {"tag": "8.0.0", "index-pattern": "8.0.0", "search": "10.5.0", "dashboard": "10.2.0"}
_LINKS_HEIGHT: Final = 3
_META: Final = "kibanaSavedObjectMeta.searchSourceJSON"

Saved = dict[str, Any]


def written(value: Any) -> str:
    """JSON, the same text for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def saved_objects(source: Source, names: Names) -> list[Saved]:
    """Everything that is imported; what others refer to comes first."""
    boards = sorted(source.dashboards.items(), key=lambda item: item[1].order)
    return [
        _tag(names),
        *(_view(names, kind, view) for kind, view in source.views.items()),
        *(_search(source, names, name, search) for name, search in source.searches.items()),
        *(_Board(source, names, name, board).saved() for name, board in boards),
    ]


def _saved(type_: str, id_: str, attributes: dict[str, Any], references: list[Reference]) -> Saved:
    return {
        "type": type_,
        "id": id_,
        "attributes": attributes,
        "references": references,
        "coreMigrationVersion": _CORE_VERSION,
        "typeMigrationVersion": _VERSIONS[type_],
    }


def _tag(names: Names) -> Saved:
    about = {"name": names.title("").strip("[] "), "description": "Made by otswatch", "color": "#54B399"}
    return _saved("tag", names.id("tag"), about, [])


def _tagged(names: Names) -> Reference:
    return {"type": "tag", "id": names.id("tag"), "name": f"tag-ref-{names.id('tag')}"}


def _view(names: Names, kind: str, view: View) -> Saved:
    attributes = {
        "title": names.index(kind),
        "name": names.title(view.title),
        "fieldAttrs": written({field: {"customLabel": label} for field, label in view.labels.items()}),
        "fieldFormatMap": written({field: {"id": "url", "params": {}} for field in view.links}),
        "fields": "[]",
        "runtimeFieldMap": "{}",
        "sourceFilters": written([{"value": "record"}]),
        "typeMeta": "{}",
    }
    if view.time:
        attributes["timeFieldName"] = view.time
    return _saved("index-pattern", names.id("view", kind), attributes, [])


def _search(source: Source, names: Names, name: str, search: SavedSearch) -> Saved:
    asked = {
        "query": kql(source.views[search.view].only, search.where),
        "filter": [],
        "indexRefName": f"{_META}.index",
    }
    attributes = {
        "title": names.title(search.title),
        "description": search.about,
        "columns": list(search.columns),
        "sort": [[search.sort, "asc" if search.ascending else "desc"]],
        "grid": {},
        "hideChart": True,
        "isTextBasedQuery": False,
        "timeRestore": False,
        "kibanaSavedObjectMeta": {"searchSourceJSON": written(asked)},
    }
    references = [names.view(search.view, f"{_META}.index"), _tagged(names)]
    return _saved("search", names.id("search", name), attributes, references)


class _Board:
    """One dashboard: its panels are placed row by row, under the links to the others."""

    def __init__(self, source: Source, names: Names, name: str, board: Dashboard) -> None:
        self._source, self._names, self._name, self._board = source, names, name, board
        self._references: list[Reference] = []

    def saved(self) -> Saved:
        board = self._board
        attributes = {
            "title": self._names.title(board.title),
            "description": board.about,
            "timeRestore": True,
            "timeFrom": board.since,
            "timeTo": "now",
            "refreshInterval": {"pause": True, "value": 60_000},
            "version": 1,
            "optionsJSON": written(
                {
                    "hidePanelTitles": False,
                    "syncColors": True,
                    "syncCursor": True,
                    "syncTooltips": False,
                    "useMargins": True,
                }
            ),
            "panelsJSON": written(self._panels()),
            "controlGroupInput": self._controls(),
            "kibanaSavedObjectMeta": {
                "searchSourceJSON": written({"filter": self._filters(), "query": kql()}),
            },
        }
        return _saved("dashboard", self._id(self._name), attributes, [*self._references, _tagged(self._names)])

    def _id(self, name: str) -> str:
        return self._names.id("dashboard", name)

    def _panels(self) -> list[dict[str, Any]]:
        panels = [self._placed("links", self._links(), x=0, y=0, w=COLUMNS, h=_LINKS_HEIGHT)]
        y = _LINKS_HEIGHT
        for row in self._board.rows:
            x = 0
            for panel in row.panels:
                panels.append(self._placed(panel.title, self._panel(panel), x=x, y=y, w=panel.width, h=row.height))
                x += panel.width
            y += row.height
        return panels

    def _panel_id(self, title: str) -> str:
        return self._names.id("dashboard", self._name, title)

    def _placed(self, title: str, shown: dict[str, Any], **grid: int) -> dict[str, Any]:
        id_ = self._panel_id(title)
        return {"panelIndex": id_, "gridData": {**grid, "i": id_}, **shown}

    def _links(self) -> dict[str, Any]:
        links = []
        for place, (name, board) in enumerate(sorted(self._source.dashboards.items(), key=lambda item: item[1].order)):
            link = self._names.id("dashboard", self._name, "link", name)
            destination = f"link_{link}_dashboard"
            self._refer({"type": "dashboard", "id": self._id(name), "name": destination}, self._panel_id("links"))
            links.append(
                {
                    "id": link,
                    "type": "dashboardLink",
                    "label": board.title,
                    "order": place,
                    "destinationRefName": destination,
                    "options": {"openInNewTab": False, "useCurrentDateRange": True, "useCurrentFilters": False},
                }
            )
        attributes = {"layout": "horizontal", "links": links}
        return {"type": "links", "embeddableConfig": {"attributes": attributes, "hidePanelTitles": True}}

    def _panel(self, panel: Panel) -> dict[str, Any]:
        id_ = self._panel_id(panel.title)
        if panel.search is not None:
            name = f"panel_{id_}"
            self._refer({"type": "search", "id": self._names.id("search", panel.search), "name": name}, id_)
            return {"type": "search", "panelRefName": name, "embeddableConfig": {"title": panel.title}}
        lens = LensPanel(self._source, self._names, ("dashboard", self._name, panel.title), panel)
        self._refer(lens.reference, id_)
        return {"type": "lens", "embeddableConfig": {"attributes": lens.attributes(), "title": panel.title}}

    def _refer(self, reference: Reference, panel: str) -> None:
        """The dashboard names what its panels refer to once more, behind the id of the panel."""
        self._references.append({**reference, "name": f"{panel}:{reference['name']}"})

    def _controls(self) -> dict[str, Any]:
        panels = {}
        for place, control in enumerate(self._board.controls):
            id_, panel = self._control(control, place)
            panels[id_] = panel
        ignored = {"ignoreFilters": False, "ignoreQuery": False, "ignoreTimerange": False, "ignoreValidations": False}
        return {
            "chainingSystem": "HIERARCHICAL",
            "controlStyle": "oneLine",
            "ignoreParentSettingsJSON": written(ignored),
            "panelsJSON": written(panels),
            "showApplySelections": False,
        }

    def _control(self, control: Control, place: int) -> tuple[str, dict[str, Any]]:
        id_ = self._names.id("dashboard", self._name, "control", control.field)
        name = f"controlGroup_{id_}:optionsListDataView"
        self._references.append(self._names.view(control.view, name))
        chosen = {"id": id_, "fieldName": control.field, "title": control.title, "selectedOptions": []}
        return id_, {
            "type": "optionsListControl",
            "order": place,
            "grow": True,
            "width": "medium",
            "explicitInput": {**chosen, "dataViewRefName": name, "searchTechnique": "prefix"},
        }

    def _filters(self) -> list[dict[str, Any]]:
        return [self._filter(place, one) for place, one in enumerate(self._board.filters)]

    def _filter(self, place: int, one: Filter) -> dict[str, Any]:
        name = f"{_META}.filter[{place}].meta.index"
        self._references.append(self._names.view(one.view, name))
        meta: dict[str, Any] = {"type": "exists", "value": "exists"}
        query: dict[str, Any] = {"exists": {"field": one.field}}
        if one.any_of:
            meta = {"type": "phrases", "params": list(one.any_of)}
            should = [{"match_phrase": {one.field: value}} for value in one.any_of]
            query = {"bool": {"should": should, "minimum_should_match": 1}}
        common = {"alias": None, "disabled": False, "negate": False, "field": one.field, "key": one.field}
        return {"$state": {"store": "appState"}, "meta": {**common, **meta, "indexRefName": name}, "query": query}
