"""What is kept of a long YAML text is what it says, and nothing that happens to it changes what is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from otswatch import yaml_text

DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.dates() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4),
    max_leaves=12,
)
LONG = [{"id": number, "names": {"tr": ["çay", "şeker"]}} for number in range(1000)]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it is kept, below a folder that does not exist yet."""
    folder = tmp_path / "new" / "cache"
    monkeypatch.setattr(yaml_text, "_folder", lambda: folder)
    return folder


def kept(cache: Path) -> list[Path]:
    return list(cache.glob("*"))


@given(DATA)
def test_it_reads_the_same_the_second_time(data: Any):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_text, "_LONG", 0)
        text = yaml.safe_dump(data, allow_unicode=True)
        expected = repr(yaml.safe_load(text))
        assert [repr(yaml_text.read(text)), repr(yaml_text.read(text))] == [expected, expected]


def test_what_is_kept_is_read_and_not_the_yaml(cache: Path, monkeypatch: pytest.MonkeyPatch):
    text = yaml.safe_dump(LONG)
    assert yaml_text.read(text) == LONG
    [file] = kept(cache)
    assert file.suffix == ".json"
    monkeypatch.setattr(yaml, "load", None)
    assert yaml_text.read(text) == LONG


def test_a_short_text_leaves_nothing(cache: Path):
    assert yaml_text.read("a: [1, 2]") == {"a": [1, 2]}
    assert not cache.exists()


def test_half_a_file_is_made_again(cache: Path):
    text = yaml.safe_dump(LONG)
    yaml_text.read(text)
    [file] = kept(cache)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert yaml_text.read(text) == LONG
    assert file.read_bytes() == whole


def test_without_a_folder_it_is_read_all_the_same(cache: Path):
    cache.parent.parent.mkdir(parents=True, exist_ok=True)
    cache.parent.write_text("a file where the folder should be")
    assert yaml_text.read(yaml.safe_dump(LONG)) == LONG


def test_what_was_not_read_for_long_is_taken_away(cache: Path, monkeypatch: pytest.MonkeyPatch):
    yaml_text.read(yaml.safe_dump(LONG))
    [old] = kept(cache)
    monkeypatch.setattr(yaml_text, "_FORGET_SECONDS", -1.0)
    yaml_text.read(yaml.safe_dump(LONG[1:]))
    assert old not in kept(cache)


def test_a_text_that_is_no_yaml_says_so():
    with pytest.raises(yaml.YAMLError):
        yaml_text.read("a: [" * 10_000)
