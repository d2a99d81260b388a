"""Reading a folder of what is imported: saved objects, rules and connectors, and whether they are written stably.

Stable is what gives no difference when it is made again: keys in order, nothing that Kibana counts or dates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from otswatch.kibana.bundle import CONNECTORS, OBJECTS, RULES
from otswatch.kibana.objects import written
from otswatch.kibana.verify.findings import MISSHAPEN, Fault, Finding, misshapen

#: The newest model version of each type that every Kibana 9 knows; it refuses what is newer than itself.
_NEWEST: Final = {"tag": "8.0.0", "index-pattern": "8.0.0", "search": "10.5.0", "dashboard": "10.2.0"}
_CORE: Final = "8.8.0"
#: What a later version brought, and an older one refuses.
_LATER: Final = {"dashboard": ("sections", "accessControl", "pinned_panels"), "search": ("tabs",)}
_VOLATILE: Final = (
    "updated_at",
    "updated_by",
    "created_at",
    "created_by",
    "version",
    "managed",
    "originId",
    "score",
    "sort",
)
#: What no object of a type can be without.
_TEXTS: Final = {
    "tag": ("name", "color"),
    "index-pattern": ("title",),
    "search": ("title",),
    "dashboard": ("title", "panelsJSON", "optionsJSON"),
}
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_WRAPPED: Final = ("JSON", "fieldAttrs", "fieldFormatMap", "fields", "runtimeFieldMap", "sourceFilters", "typeMeta")


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved object."""

    type: str
    id: str
    attributes: dict[str, Any]
    references: list[dict[str, str]]

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.type} {self.attributes.get('name') or self.attributes.get('title') or self.id}"

    def reference(self, name: str) -> dict[str, str] | None:
        """What it refers to by a name."""
        return next((one for one in self.references if one["name"] == name), None)


Bodies = dict[str, dict[str, Any]]


@dataclass(slots=True)
class Files:
    """What was read."""

    objects: dict[tuple[str, str], Saved] = field(default_factory=dict)
    rules: Bodies = field(default_factory=dict)
    connectors: Bodies = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read(texts: Mapping[str, str]) -> Files:
    """File name → text, as `texts_of` reads them and `otswatch.kibana.bundle.bundle` makes them."""
    files = Files()
    for number, line in enumerate(texts.get(OBJECTS, "").splitlines(), 1):
        try:
            files.findings += _take(files, line, f"{OBJECTS} line {number}")
        except MISSHAPEN as error:
            files.findings.append(misshapen(f"{OBJECTS} line {number}", error))
    files.rules = _bodies(files, texts, RULES)
    files.connectors = _bodies(files, texts, CONNECTORS)
    if not files.objects:
        files.findings.append(Finding(OBJECTS, Fault.UNREADABLE, "there are no saved objects in it"))
    return files


def texts_of(folder: Path) -> dict[str, str]:
    """The files of a folder that are there."""
    return {
        name: (folder / name).read_text(encoding="utf-8")
        for name in (OBJECTS, RULES, CONNECTORS)
        if (folder / name).is_file()
    }


def _take(files: Files, line: str, where: str) -> Iterator[Finding]:
    said = json.loads(line)
    listed = said["references"]
    if not isinstance(listed, list):
        yield Finding(where, Fault.UNREADABLE, "its references are no list")
        listed = []
    references = [{key: str(one[key]) for key in ("type", "id", "name")} for one in listed]
    saved = Saved(str(said["type"]), str(said["id"]), dict(said["attributes"]), references)
    if (saved.type, saved.id) in files.objects:
        yield Finding(where, Fault.UNSTABLE, f"a second {saved.type} with the id {saved.id}: which one stays is chance")
    files.objects[saved.type, saved.id] = saved
    yield from _no_text(saved)
    yield from _unstable(said, line, saved.title)
    yield from _too_new(said, saved)


def _no_text(saved: Saved) -> Iterator[Finding]:
    needed = {name: saved.attributes.get(name) for name in _TEXTS.get(saved.type, ())}
    wrapped = {name: value for name, value in saved.attributes.items() if name.endswith(_WRAPPED)}
    for name, value in {**wrapped, **needed}.items():
        if not isinstance(value, str) or not value:
            yield Finding(saved.title, Fault.UNREADABLE, f"{name} is no text")


def _unstable(said: dict[str, Any], line: str, where: str) -> Iterator[Finding]:
    for key in _VOLATILE:
        if key in said:
            yield Finding(where, Fault.UNSTABLE, f"{key} differs with each export: take it out")
    if line != written(said):
        yield Finding(where, Fault.UNSTABLE, "keys are not in order, or there are spaces between them")
    for path, text in _wrapped(said["attributes"]):
        try:
            inner = json.loads(text)
        except ValueError:
            yield Finding(where, Fault.UNREADABLE, f"{path} holds no JSON")
            continue
        if text != written(inner):
            yield Finding(where, Fault.UNSTABLE, f"in {path} keys are not in order, or there are spaces between them")


def _wrapped(attributes: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The attributes that are JSON written into a string."""
    for name, value in attributes.items():
        if isinstance(value, dict):
            yield from _wrapped(value)
        elif isinstance(value, str) and name.endswith(_WRAPPED):
            yield name, value


def _too_new(said: dict[str, Any], saved: Saved) -> Iterator[Finding]:
    newest = _NEWEST.get(saved.type)
    if newest is None:
        known = ", ".join(_NEWEST)
        yield Finding(
            saved.title, Fault.UNREADABLE, f"objects of type {saved.type} are not judged here; known: {known}"
        )
        return
    for key, limit in (("typeMigrationVersion", newest), ("coreMigrationVersion", _CORE)):
        if key not in said:
            yield Finding(saved.title, Fault.TOO_NEW, f"{key} is missing: Kibana answers 500 without saying why")
        elif not _VERSION.fullmatch(str(said[key])):
            yield Finding(saved.title, Fault.UNREADABLE, f"{key} {said[key]} is no version")
        elif _parts(str(said[key])) > _parts(limit):
            yield Finding(saved.title, Fault.TOO_NEW, f"{key} {said[key]}: not every Kibana 9 knows more than {limit}")
    for name in _LATER.get(saved.type, ()):
        if name in saved.attributes:
            yield Finding(saved.title, Fault.TOO_NEW, f"{name} came after version {newest}, which refuses it")


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _bodies(files: Files, texts: Mapping[str, str], name: str) -> Bodies:
    try:
        bodies = json.loads(texts.get(name, "{}"))
        return {str(id_): dict(body) for id_, body in bodies.items()}
    except MISSHAPEN as error:
        files.findings.append(misshapen(name, error))
        return {}
