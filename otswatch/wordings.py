"""The word lists that come with the code: YAML beside the modules that read them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

#: libyaml's takes a tenth of the time, and is there wherever PyYAML has a wheel.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def wordings(package: str, name: str) -> Any:
    """What a file of a package says; the same object for all who ask, so nobody may change it."""
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are safe loaders
