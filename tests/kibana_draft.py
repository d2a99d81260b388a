"""A bundle of Kibana objects taken apart, to be spoiled by hand and put together again."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

from otswatch.kibana.bundle import CONNECTORS, OBJECTS, RULES, bundle

_SOURCE = "searchSourceJSON"
_made = cache(bundle)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Draft:
    """What `bundle` makes, with the JSON that stands in strings opened."""

    def __init__(self, namespace: str = "") -> None:
        texts = _made(namespace)
        self.objects: list[dict[str, Any]] = [json.loads(line) for line in texts[OBJECTS].splitlines()]
        self.rules: dict[str, dict[str, Any]] = json.loads(texts[RULES])
        self.connectors: dict[str, Any] = json.loads(texts[CONNECTORS])
        for saved in self.objects:
            self._open(saved["attributes"])

    def _open(self, attributes: dict[str, Any]) -> None:
        for holder, key in self._strings(attributes):
            holder[key] = json.loads(holder[key])

    def _strings(self, attributes: Any) -> list[tuple[dict[str, Any], str]]:
        """Where JSON stands in a string, as far as what was spoiled still has such places."""
        if not isinstance(attributes, dict):
            return []
        places = [(attributes.get("kibanaSavedObjectMeta"), _SOURCE), (attributes, "panelsJSON")]
        places.append((attributes.get("controlGroupInput"), "panelsJSON"))
        return [(holder, key) for holder, key in places if isinstance(holder, dict) and key in holder]

    def texts(self) -> dict[str, str]:
        """As files: name → text."""
        objects = copy.deepcopy(self.objects)
        for saved in objects:
            for holder, key in self._strings(saved.get("attributes")):
                holder[key] = _text(holder[key])
        return {
            OBJECTS: "".join(_text(saved) + "\n" for saved in objects),
            RULES: _text(self.rules),
            CONNECTORS: _text(self.connectors),
        }

    def one(self, type_: str, ending: str) -> dict[str, Any]:
        """The object of this type whose name or title ends so."""
        [found] = [saved for saved in self.objects if saved["type"] == type_ and self._called(saved).endswith(ending)]
        return found

    def _called(self, saved: dict[str, Any]) -> str:
        return str(saved["attributes"].get("name") or saved["attributes"]["title"])

    def board(self, title: str) -> dict[str, Any]:
        return self.one("dashboard", f"] {title}")

    def attributes(self, board: str) -> dict[str, Any]:
        return dict(self.board(board))["attributes"]

    def view(self, title: str) -> dict[str, Any]:
        """The attributes of a data view."""
        return self.one("index-pattern", f"] {title}")["attributes"]

    def search(self, title: str) -> dict[str, Any]:
        """The attributes of a saved search."""
        return self.one("search", f"] {title}")["attributes"]

    def panel(self, board: str, title: str) -> dict[str, Any]:
        [found] = [
            panel
            for panel in self.attributes(board)["panelsJSON"]
            if panel["embeddableConfig"].get("title", panel["type"]) == title
        ]
        return found

    def chart(self, board: str, title: str) -> dict[str, Any]:
        """The attributes of a Lens panel."""
        return self.panel(board, title)["embeddableConfig"]["attributes"]

    def layer(self, board: str, title: str) -> dict[str, Any]:
        [layer] = self.chart(board, title)["state"]["datasourceStates"]["formBased"]["layers"].values()
        return layer

    def column(self, board: str, title: str, label: str) -> dict[str, Any]:
        [found] = [one for one in self.layer(board, title)["columns"].values() if one["label"] == label]
        return found

    def controls(self, board: str) -> list[dict[str, Any]]:
        return list(self.attributes(board)["controlGroupInput"]["panelsJSON"].values())

    def filters(self, board: str) -> list[dict[str, Any]]:
        return self.attributes(board)["kibanaSavedObjectMeta"][_SOURCE]["filter"]

    def rule(self, title: str) -> dict[str, Any]:
        [found] = [body for body in self.rules.values() if body["name"].endswith(f"] {title}")]
        return found
