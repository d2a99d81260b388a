"""YAML files of entries, as users write them: validated, and every complaint with its file, line and field."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.constructor import ConstructorError

from otswatch import yaml_text
from otswatch.errors import ConfigError

M = TypeVar("M", bound=BaseModel)

#: A part of a file: names of fields and numbers in lists, outermost first.
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class EntryFile:
    """One file: a list of entries, or a single one."""

    path: Path
    text: str

    @classmethod
    def open(cls, path: Path) -> Self:
        """The file as it is on the disk.

        Raises:
            ConfigError: it cannot be read.
        """
        try:
            return cls(path, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: cannot be read: {error}") from None

    def entries(self, model: type[M]) -> list[M]:
        """All of them, in their order.

        Raises:
            ConfigError: not YAML, or not such an entry.
        """
        if model not in self._read:
            self._read[model] = self._entries(model)
        return list(self._read[model])

    @cached_property
    def _read(self) -> dict[type[BaseModel], list[Any]]:
        return {}

    def _entries(self, model: type[M]) -> list[M]:
        data = self.data
        if data is not None and not isinstance(data, dict | list):
            raise self.complaint((), f"one entry or a list of them is expected, not {data!r:.40}")
        raws = [data] if isinstance(data, dict) else data or []
        return [self._entry(model, raw, self.place(number)) for number, raw in enumerate(raws)]

    @cached_property
    def data(self) -> Any:
        """What the YAML says.

        Raises:
            ConfigError: not YAML, or with a day that does not exist.
        """
        try:
            return self._said()
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f", line {mark.line + 1}" if mark else ""
            raise ConfigError(f"{self.path}{line}: not YAML: {getattr(error, 'problem', error)}") from None

    def _said(self) -> Any:
        try:
            return yaml_text.read(self.text)
        except ValueError:  # of a day that does not exist PyYAML does not say where it stands
            return yaml.load(self.text, _Placing)  # noqa: S506 - a safe loader

    def place(self, number: int, *where: str | int) -> Place:
        """The place of a part of the entry with this number, counted from 0."""
        return where if isinstance(self.data, dict) else (number, *where)

    def line(self, place: Place) -> int:
        """The line (from 1) of a place, or of the innermost part on the way to it that is there."""
        node = self._root
        line = node.start_mark.line if node else 0
        for part in place:
            inner = _child(node, part)
            if inner is None:
                break
            node, line = inner, inner.start_mark.line
        return line + 1

    def complaint(self, place: Place, message: str) -> ConfigError:
        """`file, line 3, terms.0.weight: what is wrong`."""
        return ConfigError(f"{self.path}, line {self.line(place)}, {'.'.join(map(str, place)) or 'file'}: {message}")

    def _entry(self, model: type[M], raw: Any, place: Place) -> M:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            first = error.errors()[0]
            raise self.complaint((*place, *first["loc"]), first["msg"].removeprefix("Value error, ")) from None

    @cached_property
    def _root(self) -> yaml.Node | None:
        root: yaml.Node | None = yaml.compose(self.text, yaml_text.Loader)
        return root


class _Placing(yaml.SafeLoader):
    """Says of a value that does not exist, such as 2025-02-30, in which line it stands."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - as PyYAML has it
        try:
            return super().construct_object(node, deep)
        except ValueError as error:
            problem = f"{node.value!s:.40}: {error}; correct it, or put it into quotation marks if it is a text"
            raise ConstructorError(None, None, problem, node.start_mark) from None


def _child(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        found: yaml.Node = node.value[part]
        return found
    return None
