"""What is made of the source: a folder of three files, the same bytes each time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from otswatch.kibana.model import Source, load
from otswatch.kibana.names import Names
from otswatch.kibana.objects import saved_objects, written
from otswatch.kibana.rules import connectors, rules

OBJECTS: Final = "otswatch.ndjson"
RULES: Final = "rules.json"
CONNECTORS: Final = "connectors.json"


def bundle(namespace: str = "", source: Source | None = None) -> dict[str, str]:
    """File name → text. `namespace` as in the settings; `source` is the shipped one where none is given."""
    names, said = Names(namespace), source or load()
    return {
        OBJECTS: "".join(f"{written(saved)}\n" for saved in saved_objects(said, names)),
        CONNECTORS: _readable(connectors(names)),
        RULES: _readable(rules(said, names)),
    }


def write(folder: Path, files: dict[str, str]) -> None:
    """Write the files into `folder`, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _readable(bodies: dict[str, Any]) -> str:
    return json.dumps(bodies, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
