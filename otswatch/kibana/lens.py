"""Lens charts: the attributes of a panel that has no saved object of its own."""

from __future__ import annotations

from typing import Any, Final

from otswatch.kibana import columns
from otswatch.kibana.model import Panel, Source
from otswatch.kibana.names import Names, kql

_TYPES: Final = {"metric": "lnsMetric", "donut": "lnsPie", "table": "lnsDatatable"}
_SERIES: Final = {"bars": "bar", "stacked": "bar_stacked", "lines": "line", "area": "area_stacked"}
#: Colours that colour-blind readers tell apart.
_COLOURS: Final = {
    "assignments": [],
    "specialAssignments": [{"rule": {"type": "other"}, "color": {"type": "loop"}, "touched": False}],
    "paletteId": "eui_amsterdam_color_blind",
    "colorMode": {"type": "categorical"},
}


class LensPanel:
    """One chart of a dashboard. `path`: where it stands, which its ids are made of."""

    def __init__(self, source: Source, names: Names, path: tuple[str, ...], panel: Panel) -> None:
        assert panel.view is not None  # noqa: S101 - the model says so of every chart but a search
        self._panel = panel
        self._view = source.views[panel.view]
        self._source = source
        self._layer = names.id(*path, "layer")
        self._measures = [names.id(*path, "measure", label) for label in panel.measures]
        self._buckets = [names.id(*path, "by", label) for label in panel.by]
        self.reference = names.view(panel.view, f"indexpattern-datasource-layer-{self._layer}")

    def attributes(self) -> dict[str, Any]:
        """As a dashboard keeps them, references included."""
        # Nested in this order: what an axis is split by is the most frequent of all the time, not of each day.
        buckets = reversed(self._buckets) if self._panel.chart in _SERIES else self._buckets
        layer = {
            "columnOrder": [*buckets, *self._measures],
            "columns": dict(self._columns()),
            "incompleteColumns": {},
            "sampling": 1,
        }
        return {
            "title": self._panel.title,
            "description": "",
            "type": "lens",
            "visualizationType": _TYPES.get(self._panel.chart, "lnsXY"),
            "references": [self.reference],
            "state": {
                "adHocDataViews": {},
                "datasourceStates": {"formBased": {"layers": {self._layer: layer}}},
                "filters": [],
                "internalReferences": [],
                "query": kql(self._view.only, self._panel.where),
                "visualization": self._visualization(),
            },
        }

    def _columns(self) -> list[tuple[str, dict[str, Any]]]:
        made = []
        for id_, (label, field) in zip(self._buckets, self._panel.by.items(), strict=True):
            type_ = self._source.type_of(str(self._panel.view), field)
            terms = columns.most_frequent(label, field, type_, self._panel.top, self._measures[0])
            made.append((id_, columns.over_time(label, field) if type_ == "date" else terms))
        for id_, (label, written) in zip(self._measures, self._panel.measures.items(), strict=True):
            operation, of = columns.parsed(written)
            type_ = self._source.type_of(str(self._panel.view), of) if of else "integer"
            made.append((id_, columns.measure(label, operation, of, type_, self._view.time)))
        return made

    def _visualization(self) -> dict[str, Any]:
        data = {"layerId": self._layer, "layerType": "data"}
        if self._panel.chart == "metric":
            return {**data, "metricAccessor": self._measures[0]}
        if self._panel.chart == "donut":
            return {"shape": "donut", "layers": [{**data, **self._slices()}]}
        if self._panel.chart == "table":
            return {**data, **self._table()}
        return self._axes(data)

    def _slices(self) -> dict[str, Any]:
        return {
            "primaryGroups": self._buckets,
            "metrics": self._measures[:1],
            "numberDisplay": "percent",
            "categoryDisplay": "default",
            "legendDisplay": "default",
            "nestedLegend": False,
            "colorMapping": _COLOURS,
        }

    def _table(self) -> dict[str, Any]:
        shown = [{"columnId": id_, "isTransposed": False, "isMetric": False} for id_ in self._buckets]
        shown += [{"columnId": id_, "isTransposed": False, "isMetric": True} for id_ in self._measures]
        return {"columns": shown, "paging": {"size": 10, "enabled": True}}

    def _axes(self, data: dict[str, Any]) -> dict[str, Any]:
        series = _SERIES[self._panel.chart]
        layer = {
            **data,
            "seriesType": series,
            "accessors": self._measures,
            "xAccessor": self._buckets[0],
            "position": "top",
            "showGridlines": False,
            "colorMapping": _COLOURS,
        }
        if len(self._buckets) > 1:
            layer["splitAccessor"] = self._buckets[1]
        return {
            "preferredSeriesType": series,
            "legend": {"isVisible": True, "position": "right"},
            "valueLabels": "hide",
            "fittingFunction": "None",
            "axisTitlesVisibilitySettings": {"x": False, "yLeft": False, "yRight": False},
            "layers": [layer],
        }
