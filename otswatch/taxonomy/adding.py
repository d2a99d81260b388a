"""Adding a term to a user's file, as a person would: one line more, and nothing else of the file touched."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from otswatch.entries import EntryFile
from otswatch.errors import UsageError
from otswatch.storage import make_folder, storage_error
from otswatch.taxonomy import lint
from otswatch.taxonomy.lint import Finding
from otswatch.taxonomy.loader import Layer, Taxonomy, files, shipped
from otswatch.taxonomy.schema import Area, Term


@dataclass(frozen=True, slots=True)
class Addition:
    """A term that can be added: the file as it would be, both taxonomies, and what is new in what the linter says."""

    file: EntryFile
    before: Taxonomy
    after: Taxonomy
    findings: tuple[Finding, ...]

    def write(self) -> None:
        """Put the file in its place, whole or not at all.

        Raises:
            StorageFullError, StorageReadOnlyError, DependencyDownError: why not.
        """
        path = self.file.path
        make_folder(path.parent)
        part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
        try:
            part.write_text(self.file.text, encoding="utf-8", newline="")
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise storage_error(path, error) from error


def addition(config: Path, area: str, term: Term) -> Addition:
    """What it would be to add `term` to `area` in the user's folder.

    Raises:
        UsageError: no such area, the term is there already, or the file is written so that it cannot be added to.
        ConfigError: a file that cannot be used.
    """
    base, own = shipped(), files(config / "taxonomy")
    standing = lint.read(base, own)
    before = standing.taxonomy
    if area not in before.areas:
        raise UsageError(f"no area {area!r}; there are: {', '.join(sorted(before.areas))}")
    if term in before.areas[area].terms:
        raise UsageError(f"{area} has {term.term!r} in {term.lang} already, with this weight")
    old = _file(config / "taxonomy" / "areas", own, area)
    _require_new(old, area, term)
    new = EntryFile(old.path, with_term(old, area, term))
    others = [file for file in own["areas"] if file.path != old.path]
    changed = {**own, "areas": sorted([*others, new], key=lambda file: file.path)}
    coming = lint.read(base, changed)
    return Addition(new, before, coming.taxonomy, tuple(_faults(new, term, standing, coming)))


def _faults(file: EntryFile, term: Term, standing: lint.Lists, coming: lint.Lists) -> Iterator[Finding]:
    """The faults that were not there before. Most often none has to do with the term, and none before is looked for."""
    near = [
        each
        for each in lint.faults_of(coming)
        if each.file == file.path or file.path.name in each.message or term.term in each.message
    ]
    known = {(each.file, each.rule, each.entry) for each in lint.faults_of(standing)} if near else set()
    yield from (each for each in near if (each.file, each.rule, each.entry) not in known)


def _file(folder: Path, own: Layer, area: str) -> EntryFile:
    """The user's file that has the area; a new one where none has."""
    for file in own["areas"]:
        if any(entry.id == area for entry in file.entries(Area)):
            return file
    path = folder / f"{area}.yaml"
    if path.exists():
        raise UsageError(f"{path} holds another area: give it another name, then add the term again")
    return EntryFile(path, "")


def _require_new(file: EntryFile, area: str, term: Term) -> None:
    for number, entry in enumerate(file.entries(Area)):
        for place, other in enumerate(entry.terms if entry.id == area else ()):
            if (other.term, other.lang) == (term.term, term.lang):
                line = file.line(file.place(number, "terms", place))
                raise UsageError(f"{file.path}, line {line}: has {term.term!r} in {term.lang} already; change it there")


def with_term(file: EntryFile, area: str, term: Term) -> str:
    """The text of a file of areas with one term more, behind those that the area has. Comments and layout stay.

    Raises:
        UsageError: it is written so that this cannot be done by adding to it.
    """
    item = _item(term)
    if file.data is None:
        gap = "" if not file.text or file.text.endswith("\n") else "\n"
        return f"{file.text}{gap}id: {area}\nterms:\n  - {item}\n"
    newline = "\r\n" if "\r\n" in file.text else "\n"
    place, added = _insertion(file, area, item, newline)
    text = file.text[:place] + added + file.text[place:]
    if not _says(text, _with(file.data, area, term)):
        raise _cannot(file, item)
    return text


def _says(text: str, data: Any) -> bool:
    try:
        return bool(yaml.safe_load(text) == data)
    except yaml.YAMLError:
        return False


def _item(term: Term) -> str:
    weight = f"{term.weight:g}"
    extra = [*([f"weight: {weight}"] if weight != "1" else []), *([f"needs: {term.needs}"] if term.needs else [])]
    return "{" + ", ".join([f"term: {json.dumps(term.term, ensure_ascii=False)}", f"lang: {term.lang}", *extra]) + "}"


def _cannot(file: EntryFile, item: str) -> UsageError:
    return UsageError(
        f"{file.path} is written so that nothing can be added safely: write under `terms` by hand: {item}"
    )


def _insertion(file: EntryFile, area: str, item: str, newline: str) -> tuple[int, str]:
    """Where something is put into the text, and what."""
    # Not libyaml: its marks count bytes.
    root = yaml.compose(file.text, yaml.SafeLoader)
    nodes = root.value if isinstance(root, yaml.SequenceNode) else [root]
    entry = next((node for node in nodes if _scalar(_value(node, "id")) == area), None)
    if not isinstance(entry, yaml.MappingNode):
        raise _cannot(file, item)
    terms = _value(entry, "terms")
    if terms is None and entry.flow_style:
        return _end(entry) - 1, f", terms: [{item}]"
    if terms is None:
        margin = " " * entry.start_mark.column
        return _behind(file.text, _end(entry), f"{margin}terms:{newline}{margin}  - {item}", newline)
    if isinstance(terms, yaml.SequenceNode) and terms.flow_style:
        return _end(terms) - 1, f", {item}" if terms.value else item
    if isinstance(terms, yaml.SequenceNode):
        return _behind(file.text, _end(terms), f"{' ' * terms.start_mark.column}- {item}", newline)
    margin = " " * (entry.start_mark.column + 2)
    return _behind(file.text, _end(terms), f"{margin}- {item}", newline)


def _behind(text: str, end: int, line: str, newline: str) -> tuple[int, str]:
    """A line of its own behind the one in which something ends, and behind the comment on that."""
    if text[:end].endswith("\n"):
        return end, line + newline
    found = text.find("\n", end)
    return (found + 1, line + newline) if found >= 0 else (len(text), newline + line + newline)


def _end(node: yaml.Node) -> int:
    """Where a node ends. A block's own mark stands before whatever comes next, behind all comments."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _value(node: yaml.Node | None, name: str) -> yaml.Node | None:
    pairs: Iterator[tuple[yaml.Node, yaml.Node]] = iter(node.value if isinstance(node, yaml.MappingNode) else ())
    return next((value for key, value in pairs if _scalar(key) == name), None)


def _scalar(node: yaml.Node | None) -> str | None:
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _with(data: Any, area: str, term: Term) -> Any:
    """What the file must say afterwards."""
    if isinstance(data, list):
        first = next(number for number, entry in enumerate(data) if entry["id"] == area)
        return [_with(entry, area, term) if number == first else entry for number, entry in enumerate(data)]
    return {**data, "terms": [*(data.get("terms") or []), term.model_dump(exclude_defaults=True)]}
