"""The guides of docs/howto/ are run: what they say to write is written, what they say to type is typed, in order.

A block whose first line is a comment with a file's name (`# otswatch.d/sources/INT.yaml`) is written to that file. A
`diff` block is applied to the files that it names. In a `console` block the lines behind `$ ` go to one shell, the same
for the whole guide, and the lines after them are what must come out: all of it, where `…` stands for anything within a
line and a line of its own `…` for any lines. Blank lines and the width of tables do not count.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clone import ROOT, files
from tests.processes import PATIENCE

GUIDES = ROOT / "docs" / "howto"

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
_FILE = re.compile(r"(?:#|<!--) (\S+\.\w+)(?: -->)?\n")
#: In the guides; each run has a port of its own.
_PORT = "8000"
_END = "end of the output, exit code"


class Shell:
    """One bash for a whole guide: what it exports and starts in the background is there in the next block."""

    def __init__(self, folder: Path, **environment: str) -> None:
        # MAKE…: where `make test` runs this, a reader's own make is not its child.
        ours = ("OTSWATCH_", "MAKE", "MFLAGS")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        path = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}"
        told = {"PATH": path, "NO_COLOR": "1", "OTSWATCH_LOG_LEVEL": "error", "LC_ALL": "C.UTF-8"}
        self._bash = subprocess.Popen(
            ["bash", "--norc"],
            cwd=folder,
            env={**clean, **told, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, command: str) -> tuple[str, int]:
        """What came out of a command, on both channels, and its exit code."""
        assert self._bash.stdin
        assert self._bash.stdout
        self._bash.stdin.write(f'{command}\nprintf "\\n{_END} $?\\n"\n')
        self._bash.stdin.flush()
        said: list[str] = []
        for line in self._bash.stdout:
            if line.startswith(_END):
                return "".join(said), int(line.removeprefix(_END))
            said.append(line)
        raise AssertionError(f"the shell ended: {command}\n{''.join(said)}")

    def close(self) -> None:
        """End the shell, and what it left running."""
        assert self._bash.stdin
        self._bash.stdin.write("kill $(jobs -p) 2>/dev/null; exit\n")
        self._bash.stdin.close()
        self._bash.wait(timeout=PATIENCE)


def commands(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output that it shows."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def squeezed(output: str) -> str:
    """Without what depends on the width of a terminal: runs of spaces and lines, blank lines."""
    lines = (re.sub(r"─+", "─", re.sub(r"\s+", " ", line)).strip() for line in output.splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def pattern(shown: str) -> re.Pattern[str]:
    """What a guide shows as a regular expression over squeezed output."""
    lines = (r"(?:.*\n)*?" if line == "…\n" else re.escape(line) for line in squeezed(shown).splitlines(keepends=True))
    return re.compile("".join(line.replace("…", r"[^\n]*") for line in lines))


def apply(diff: str, folder: Path) -> None:
    """Change files as a diff says. Places are found by their lines, not by numbers, and must be there once."""
    path = folder
    for part in re.split(r"^(?=--- |@@)", diff, flags=re.M):
        if part.startswith("--- a/"):
            path = folder / part.splitlines()[0].removeprefix("--- a/")
        elif part.startswith("@@"):
            hunk = part.splitlines(keepends=True)[1:]
            before = "".join(line[1:] or "\n" for line in hunk if line[:1] != "+")
            after = "".join(line[1:] or "\n" for line in hunk if line[:1] != "-")
            text = path.read_text(encoding="utf-8")
            assert text.count(before) == 1, f"{path.relative_to(folder)} has not exactly once:\n{before}"
            path.write_text(text.replace(before, after), encoding="utf-8")


def follow(guide: str, folder: Path, shell: Shell) -> None:
    """Do what a guide says, and compare what comes out."""
    text = (GUIDES / guide).read_text(encoding="utf-8").replace(_PORT, str(free_port()))
    for language, block in _BLOCK.findall(text):
        if language == "console":
            for command, shown in commands(block):
                said, code = shell.run(command)
                assert pattern(shown).fullmatch(squeezed(said)), f"$ {command}\n{said}\nand {guide} shows\n{shown}"
                assert code == 0 or shown.startswith("otswatch: "), f"$ {command}\n{said}\nexit code {code}"
        elif language == "diff":
            apply(block, folder)
        else:
            name = _FILE.match(block)
            assert name, f"{guide}: a block of {language} does not say where it belongs:\n{block}"
            (folder / name[1]).parent.mkdir(parents=True, exist_ok=True)
            (folder / name[1]).write_text(block[name.end() :], encoding="utf-8")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def copy_of_the_clone(folder: Path) -> None:
    """The files that git knows or would offer to add, links as links, with a `.venv` that leads to this one."""
    for name in files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)
    (folder / ".venv").mkdir()
    for entry in Path(sys.prefix).iterdir():
        (folder / ".venv" / entry.name).symlink_to(entry)
    (folder / ".venv" / "installed").unlink(missing_ok=True)
    (folder / ".venv" / "installed").touch()  # newer than the lock file: make has nothing to install


@pytest.mark.slow
@pytest.mark.parametrize(
    "guide",
    [
        "add-a-source.md",
        "add-a-keyword.md",
        "add-a-person.md",
        "calendar.md",
        "correct-an-article.md",
        "follow-a-story.md",
        "follow-a-topic.md",
        "get-alerts.md",
        "official-documents.md",
        "search.md",
        "who-said-what.md",
    ],
)
def test_a_guide_that_needs_no_code_does_what_it_says(guide: str, tmp_path: Path):
    shell = Shell(tmp_path)
    try:
        follow(guide, tmp_path, shell)
    finally:
        shell.close()


@pytest.mark.slow
def test_the_guide_to_a_new_stage_does_what_it_says(tmp_path: Path):
    copy_of_the_clone(tmp_path)
    shell = Shell(tmp_path, PYTHONPATH=str(tmp_path), PYTHONDONTWRITEBYTECODE="1")
    try:
        where, _ = shell.run('python -c "import otswatch; print(otswatch.__file__)"')
        assert where.strip() == str(tmp_path / "otswatch" / "__init__.py")
        follow("add-a-stage.md", tmp_path, shell)
    finally:
        shell.close()


def test_every_guide_is_run():
    assert {path.name for path in GUIDES.glob("*.md")} == {
        "add-a-source.md",
        "add-a-keyword.md",
        "add-a-person.md",
        "add-a-stage.md",
        "calendar.md",
        "correct-an-article.md",
        "follow-a-story.md",
        "follow-a-topic.md",
        "get-alerts.md",
        "official-documents.md",
        "search.md",
        "who-said-what.md",
    }
