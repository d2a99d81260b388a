"""Entries as users write them: what cannot be read is said with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from otswatch.entries import EntryFile
from otswatch.errors import ConfigError

UNREAL = ["2025-02-30", "2025-13-01", "2025-04-15T25:00:00"]


@pytest.mark.parametrize("value", UNREAL)
def test_a_day_that_does_not_exist_is_said_with_its_line(value: str) -> None:
    file = EntryFile(Path("corridors.yaml"), f"- id: corridors\n  terms:\n    - since: {value}\n")
    with pytest.raises(ConfigError, match=rf"^corridors\.yaml, line 3: not YAML: {value}: .*quotation marks"):
        _ = file.data


def test_a_number_that_is_too_long_is_not_a_traceback_either() -> None:
    with pytest.raises(ConfigError, match=r"^corridors\.yaml, line 2: "):
        _ = EntryFile(Path("corridors.yaml"), f"id: corridors\nweight: {'9' * 5000}\n").data


def test_what_is_not_yaml_is_said_with_its_line() -> None:
    with pytest.raises(ConfigError, match=r"^corridors\.yaml, line 2: not YAML: "):
        _ = EntryFile(Path("corridors.yaml"), "id: corridors\nterms: ]\n").data
