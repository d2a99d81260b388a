"""What can be judged without a server: the grid of a dashboard, and that every reference leads somewhere."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

from otswatch.kibana.verify.files import Files, Saved
from otswatch.kibana.verify.findings import Fault, Finding

_COLUMNS: Final = 48
_META: Final = "kibanaSavedObjectMeta.searchSourceJSON"
_PANELS: Final = ("lens", "search", "links")


def panels_of(dashboard: Saved) -> list[dict[str, Any]]:
    """Its panels, as written."""
    return list(json.loads(dashboard.attributes["panelsJSON"]))


def controls_of(dashboard: Saved) -> dict[str, dict[str, Any]]:
    """Id → control."""
    group = dashboard.attributes.get("controlGroupInput") or {}
    return dict(json.loads(group.get("panelsJSON", "{}")))


def layers_of(panel: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Id → layer of a Lens panel; none where it does not draw from a data view."""
    sources = panel["embeddableConfig"]["attributes"]["state"]["datasourceStates"]
    return dict(sources.get("formBased", {}).get("layers", {}))


def source_of(saved: Saved) -> dict[str, Any]:
    """Query, filters and index of a dashboard or saved search."""
    return dict(json.loads(saved.attributes["kibanaSavedObjectMeta"]["searchSourceJSON"]))


def named(dashboard: Saved, panel: dict[str, Any]) -> str:
    """Dashboard and panel, for people."""
    config = panel.get("embeddableConfig", {})
    title = config.get("title") or config.get("attributes", {}).get("title") or panel["panelIndex"]
    return f"{dashboard.title} › {title}"


def grid(dashboard: Saved) -> Iterator[Finding]:
    """Panels that do not fit, lie over each other, or have no place of their own."""
    panels = panels_of(dashboard)
    for panel in panels:
        place = panel["gridData"]
        x, y, w, h = (place[key] for key in "xywh")
        where = named(dashboard, panel)
        if not all(isinstance(number, int) for number in (x, y, w, h)) or min(x, y) < 0 or min(w, h) < 1:
            yield Finding(where, Fault.BAD_GRID, f"x {x}, y {y}, w {w}, h {h}: not a place")
        elif x + w > _COLUMNS:
            yield Finding(where, Fault.BAD_GRID, f"ends in column {x + w} of {_COLUMNS}")
        if place["i"] != panel["panelIndex"]:
            yield Finding(where, Fault.BAD_GRID, f"its place is for {place['i']}, it is {panel['panelIndex']}")
    for id_, times in Counter(panel["panelIndex"] for panel in panels).items():
        if times > 1:
            yield Finding(dashboard.title, Fault.BAD_GRID, f"{times} panels are called {id_}")
    for one, other in combinations(panels, 2):
        if _overlap(one["gridData"], other["gridData"]):
            yield Finding(named(dashboard, one), Fault.BAD_GRID, f"lies over {named(dashboard, other)}")


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one[at] < other[at] + other[size] and other[at] < one[at] + one[size] for at, size in ("xw", "yh"))


def references(files: Files, saved: Saved) -> Iterator[Finding]:
    """Names that are used and lead nowhere, or not to what they must, and references that nothing uses."""
    wanted = dict(_wanted(saved))
    for name, (type_, where) in wanted.items():
        found = saved.reference(name)
        if found is None:
            yield Finding(where, Fault.BROKEN_REFERENCE, f"no reference is called {name}")
        elif found["type"] != type_:
            yield Finding(where, Fault.BROKEN_REFERENCE, f"{name} is a {found['type']}, not a {type_}")
    unknown = tuple(_unknown(saved))
    for reference in saved.references:
        if (reference["type"], reference["id"]) not in files.objects:
            what = f"{reference['name']} leads to a {reference['type']} that is not in the file: {reference['id']}"
            yield Finding(saved.title, Fault.BROKEN_REFERENCE, what)
        if reference["name"] not in wanted and reference["type"] != "tag" and not reference["name"].startswith(unknown):
            yield Finding(saved.title, Fault.BROKEN_REFERENCE, f"nothing uses the reference {reference['name']}")
    if saved.type == "dashboard":
        yield from _said_twice(saved)


def _wanted(saved: Saved) -> Iterator[tuple[str, tuple[str, str]]]:
    """Name → the type that it must lead to, and where it is used."""
    if saved.type == "search":
        yield source_of(saved)["indexRefName"], ("index-pattern", saved.title)
    if saved.type != "dashboard":
        return
    for one in source_of(saved)["filter"]:
        yield one["meta"]["indexRefName"], ("index-pattern", saved.title)
    for id_, control in controls_of(saved).items():
        name = control["explicitInput"].get("dataViewRefName", f"controlGroup_{id_}:optionsListDataView")
        yield name, ("index-pattern", f"{saved.title} › {control['explicitInput'].get('title', id_)}")
    for panel in panels_of(saved):
        where = named(saved, panel)
        for name, type_ in _of_panel(panel):
            yield f"{panel['panelIndex']}:{name}", (type_, where)


def _unknown(saved: Saved) -> Iterator[str]:
    """Panels of which it is not known what they use."""
    for panel in panels_of(saved) if saved.type == "dashboard" else ():
        if panel["type"] not in _PANELS or (panel["type"] == "lens" and not layers_of(panel)):
            yield panel["panelIndex"]


def _of_panel(panel: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The names that a panel uses, without its own id before them."""
    if panel["type"] == "links":
        for link in panel["embeddableConfig"]["attributes"]["links"]:
            yield link["destinationRefName"], "dashboard"
    elif panel["type"] == "search":
        yield panel["panelRefName"], "search"
    elif panel["type"] == "lens":
        for layer in layers_of(panel):
            yield f"indexpattern-datasource-layer-{layer}", "index-pattern"


def _said_twice(dashboard: Saved) -> Iterator[Finding]:
    """Lens charts name their data view themselves, and the dashboard names it once more."""
    for panel in panels_of(dashboard):
        where = named(dashboard, panel)
        if panel["type"] not in _PANELS:
            yield Finding(where, Fault.UNKNOWN_CHART, f"{panel['type']} panels are none of {', '.join(_PANELS)}")
        if panel["type"] != "lens":
            continue
        own = {one["name"]: one["id"] for one in panel["embeddableConfig"]["attributes"]["references"]}
        if panel["embeddableConfig"]["attributes"]["state"].get("adHocDataViews"):
            yield Finding(where, Fault.BROKEN_REFERENCE, "has a data view of its own: use one of the file")
        for name, _type in _of_panel(panel):
            outer = dashboard.reference(f"{panel['panelIndex']}:{name}")
            if name not in own or (outer is not None and outer["id"] != own[name]):
                yield Finding(
                    where, Fault.BROKEN_REFERENCE, f"the chart and the dashboard do not say the same of {name}"
                )
