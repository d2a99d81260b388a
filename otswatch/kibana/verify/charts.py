"""What a Lens chart draws: of which sort it is, and that all of it are columns of its layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from otswatch.kibana.verify.findings import Fault, FaultError

_SERIES: Final = frozenset(
    f"{shape}{stacked}"
    for shape in ("bar", "bar_horizontal", "area")
    for stacked in ("", "_stacked", "_percentage_stacked")
) | {"line"}
_SHAPES: Final = frozenset({"pie", "donut", "treemap", "mosaic", "waffle"})


def check(attributes: dict[str, Any]) -> None:
    """Nothing, where the chart can be drawn.

    Raises:
        FaultError: its sort is not known, or it draws what is not in its layers.
    """
    type_, state = attributes["visualizationType"], attributes["state"]
    if type_ not in _DRAWN:
        raise FaultError(Fault.UNKNOWN_CHART, f"{type_} is none of {', '.join(_DRAWN)}")
    sources = state["datasourceStates"]
    if set(sources) - {"formBased"}:
        raise FaultError(Fault.UNKNOWN_CHART, f"{', '.join(sources)}: only charts of a data view are judged here")
    layers = sources["formBased"]["layers"]
    for layer, column in _DRAWN[type_](state["visualization"]):
        if layer not in layers:
            raise FaultError(Fault.UNKNOWN_CHART, f"draws a layer that is not there: {layer}")
        if column not in layers[layer]["columns"]:
            raise FaultError(Fault.UNKNOWN_CHART, f"draws a column that is not there: {column}")


Drawn = Iterator[tuple[str, str]]


def _metric(drawn: dict[str, Any]) -> Drawn:
    for key in ("metricAccessor", "secondaryMetricAccessor", "maxAccessor", "breakdownByAccessor"):
        if key in drawn or key == "metricAccessor":
            yield drawn["layerId"], drawn[key]


def _xy(drawn: dict[str, Any]) -> Drawn:
    for layer in drawn["layers"]:
        if layer["seriesType"] not in _SERIES:
            raise FaultError(Fault.UNKNOWN_CHART, f"{layer['seriesType']} is no series that is known here")
        for column in layer["accessors"]:
            yield layer["layerId"], column
        for key in ("xAccessor", "splitAccessor"):
            if key in layer:
                yield layer["layerId"], layer[key]


def _pie(drawn: dict[str, Any]) -> Drawn:
    if drawn["shape"] not in _SHAPES:
        raise FaultError(Fault.UNKNOWN_CHART, f"{drawn['shape']} is no shape that is known here")
    for layer in drawn["layers"]:
        for column in (*layer["primaryGroups"], *layer["metrics"]):
            yield layer["layerId"], column


def _table(drawn: dict[str, Any]) -> Drawn:
    for column in drawn["columns"]:
        yield drawn["layerId"], column["columnId"]


_DRAWN: Final = {"lnsMetric": _metric, "lnsXY": _xy, "lnsPie": _pie, "lnsDatatable": _table}
