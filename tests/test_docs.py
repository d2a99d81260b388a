"""The docs say what the code does: generated parts are fresh, links lead somewhere, commands say how they are used."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup

from otswatch.cli import app
from otswatch.consumers.topology import CONSUMERS, TOPICS
from otswatch.status import MEANING, Reason
from tests.clone import ROOT, files

DOCS = ROOT / "docs"

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.M | re.S)
_HEADING = re.compile(r"^#+ (.+)$", re.M)
_TARGET = re.compile(r"^([a-z]+):", re.M)
_DOCS_FILE = re.compile(r"docs/[\w/-]+\.(?:md|py|yaml)")


def tracked(*suffixes: str) -> list[Path]:
    """The files of the clone with one of these endings; all where none is given."""
    paths = (ROOT / name for name in files())
    return [path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes)]


PAGES = tracked(".md")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def commands(command: TyperCommand | TyperGroup, path: str = "otswatch") -> Iterator[tuple[str, TyperCommand]]:
    if isinstance(command, TyperGroup):
        for word, child in command.commands.items():
            yield from commands(child, f"{path} {word}")
    else:
        yield path, command


COMMANDS = dict(commands(typer.main.get_command(app)))


def test_generated_pages_are_what_the_code_says():
    check = subprocess.run([sys.executable, DOCS / "generate.py", "--check"], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_has_help_with_an_example_of_itself(path: str):
    text = COMMANDS[path].help or ""
    assert re.search(rf"^Example: {path}\b", text, re.M), text


@pytest.mark.parametrize("path", COMMANDS)
def test_every_argument_and_option_says_what_it_is_for(path: str):
    silent = [param.name for param in COMMANDS[path].params if not getattr(param, "help", None)]
    assert silent == []


def test_every_status_word_has_a_meaning():
    assert set(MEANING) == set(Reason)
    assert all(meaning.endswith(".") for meaning in MEANING.values())


def test_the_topology_names_work_and_topics_that_are_there():
    for consumer in CONSUMERS.values():
        assert callable(pkgutil.resolve_name(consumer.work))
        assert set(consumer.topics) | set(consumer.to) <= set(TOPICS)


def test_decisions_are_numbered_and_listed():
    decisions = sorted((DOCS / "decisions").glob("*.md"))
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    for number, path in enumerate(decisions, 1):
        assert path.name.startswith(f"{number:04d}-")
        assert path.read_text(encoding="utf-8").startswith(f"# {number:04d} ")
        assert f"(decisions/{path.name})" in index


def test_the_index_of_the_docs_lists_every_page():
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = {str(path.relative_to(DOCS)) for path in PAGES if DOCS in path.parents} - {"README.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path):
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    for link in _LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, heading = link.partition("#")
        path = (page.parent / unquote(target)).resolve() if target else page
        assert path.exists(), f"{link} in {name(page)}"
        assert not heading or heading in anchors(path), f"{link} in {name(page)}"


def anchors(page: Path) -> set[str]:
    """The headings of a page as they are linked to."""
    headings = _HEADING.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading).strip().casefold().replace(" ", "-") for heading in headings}


def test_pages_that_code_and_messages_name_are_there():
    named = {
        (match, name(path))
        for path in tracked(".py", ".yaml", ".toml", ".md")
        for match in _DOCS_FILE.findall(path.read_text(encoding="utf-8"))
    }
    assert {(page, path) for page, path in named if not (ROOT / page).exists()} == set()


def test_make_commands_that_the_docs_name_are_there():
    targets = set(_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    for page in PAGES:
        named = set(re.findall(r"(?:`|^ {4}|\$ )make ([a-z]+)", page.read_text(encoding="utf-8"), re.M))
        assert named <= targets, f"{name(page)} names {named - targets}"


def test_commands_that_the_docs_name_are_there():
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:`|^ {4}|\$ |&& )otswatch ([a-z]+)", text, re.M))
        known = {path.split()[1] for path in COMMANDS}
        assert named <= known, f"{name(page)} names {named - known}"


def test_the_python_example_of_the_readme_gives_what_it_says():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [block] = re.findall(r"(?:^ {4}.*\n|^\n)*^ {4}from otswatch import.*\n(?:^ {4}.*\n|^\n)*", readme, re.M)
    names: dict[str, object] = {}
    for line in filter(None, textwrap.dedent(block).splitlines()):
        code, _, said = line.partition("  # ")
        if said.startswith("'"):
            assert repr(eval(code, names)) == said, code  # noqa: S307 - our own README
        else:
            exec(code, names)  # noqa: S102 - our own README


def test_no_file_names_a_place_of_one_machine():
    own = "/wor[k]/|/roo[t]/|/hom[e]/[a-z]|nexu[s]|artifactor[y]"  # brackets: not to find itself
    found = [
        (name(path), match[0])
        for path in tracked()
        if (match := re.search(own, path.read_bytes().decode("utf-8", "replace")))
    ]
    assert found == []
