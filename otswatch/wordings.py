"""The word lists that come with the code: YAML beside the modules that read them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from otswatch import yaml_text


@cache
def wordings(package: str, name: str) -> Any:
    """What a file of a package says; the same object for all who ask, so nobody may change it."""
    return yaml_text.read(files(package).joinpath(name).read_text(encoding="utf-8"))
