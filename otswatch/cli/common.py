"""What the commands share: settings and logs, consoles, formats, progress bars."""

from __future__ import annotations

import csv
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from typer.core import TyperGroup

from otswatch import logs
from otswatch.expansion import Note
from otswatch.settings import Settings

EXIT_FAILED, EXIT_USAGE, EXIT_QUARANTINE_FULL, EXIT_INTERRUPTED = 1, 2, 3, 130

#: Where no terminal says how wide it is: what reads a pipe should get whole cells.
PIPE_COLUMNS = 200

#: Results go to standard output, everything about the work to standard error.
#: No markup: what is shown comes from web pages, and "[red]" there is text.
out = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else PIPE_COLUMNS)
err = Console(stderr=True, highlight=False, markup=False, width=None if sys.stderr.isatty() else PIPE_COLUMNS)


#: A filter of a list.
Values = Annotated[list[str] | None, typer.Option(help="May be given more than once: any of them.")]

#: What a spreadsheet takes for the beginning of a formula, which may send away what stands beside it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """How results are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class ReportFormat(StrEnum):
    """How a report is written."""

    TABLE = "table"
    JSON = "json"


class ListingGroup(TyperGroup):
    """A group of commands in which `WORDS` is `list WORDS`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        asked = args[:1]
        if not asked or asked[0] not in (*self.commands, "-h", "--help"):
            args = ["list", *args]
        return super().parse_args(ctx, args)


def settings(**overrides: object) -> Settings:
    """The settings, with logging set up as they say."""
    loaded = Settings.load(**overrides)
    logs.configure(loaded)
    return loaded


def table(*head: str, title: str | None = None, right: Sequence[str] = ()) -> Table:
    """A table as all commands print it; the columns `right` hold numbers."""
    made = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for name in head:
        made.add_column(name, justify="right" if name in right else "left", overflow="fold")
    return made


def write_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table to standard output.

    Its cells come from web pages, and people open it in a spreadsheet: a text that would be a formula there gets an
    apostrophe before it.
    """
    writer = csv.writer(sys.stdout)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def after_list(told: str, notes: Iterable[Note], after: str | None = None, *, hint: str = "") -> None:
    """What stands under a list: how many there are, what words were read as (and then a hint), and how to go on."""
    err.print(told)
    read = list(notes)
    for note in read:
        err.print(f"looked for {note}", soft_wrap=True)
    if read and hint:
        err.print(hint)
    if after:
        err.print(f"more: --after {after}", soft_wrap=True)


def fail(error: BaseException, code: int) -> int:
    """Print an error as one line and return its exit code."""
    err.print("otswatch:", style="red", end=" ")
    err.print(" ".join(str(error).split()), soft_wrap=True)
    return code


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere. Yields `update(done, total)`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at the first SIGINT or SIGTERM; a second one ends the process at once."""

    def handle(signum: int, frame: object) -> None:
        signal.signal(signum, signal.SIG_DFL)
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
