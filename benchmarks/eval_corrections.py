"""What people put right, as labels: the rules of today against what `otswatch corrections export` wrote.

    otswatch corrections export >data/corrections.jsonl
    python -m benchmarks.eval_corrections data/corrections.jsonl --archive data/archive

A date needs the page and is scored where the archive has it; the others are made from the page too, or else from the
title and text that were exported. A speaker is scored where the rules still find the words of the quote. `then` is what
the machine said when somebody put it right. People correct what is wrong, so `then` says little of the whole, and `now`
on lines that word lists were changed for says what was fitted.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.eval_classify import whole
from benchmarks.measures import compare
from otswatch.consumers.archive import WarcArchive
from otswatch.consumers.chain import extract_page
from otswatch.consumers.document import Document
from otswatch.consumers.quotes import quotes
from otswatch.corrections.values import FIELDS, KEPT, checked, part_of, shown, value_of
from otswatch.errors import Quarantine, UsageError
from otswatch.records import Article, Page
from otswatch.text.folding import fold


@dataclass(frozen=True, slots=True)
class Label:
    """A line of the export. `words`: of the quote whose speaker it is about."""

    article: str
    title: str | None
    text: str | None
    language: str
    field: str
    value: Any
    machine: Any
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A label, and what the rules make of its article today."""

    label: Label
    now: Any


def read(path: Path) -> list[Label]:
    """The lines of an export.

    Raises:
        UsageError: a line that is none, with its number.
    """
    labels = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            raw = json.loads(line)
            label = Label(
                article=raw["article"],
                title=raw["title"],
                text=raw["text"],
                language=raw["language"] or "und",
                field=raw["field"],
                value=checked(raw["field"], raw["value"]),
                machine=raw["machine"],
                words=raw.get("words"),
            )
        except (ValueError, KeyError, TypeError, UsageError) as error:
            raise UsageError(f"{path}, line {number}: no line of `otswatch corrections export`: {error}") from None
        labels.append(label)
    return labels


def score(labels: Sequence[Label], archive: WarcArchive | None = None) -> Iterator[Scored]:
    """The labels whose article, and whose quote, can be made again."""
    pages = _pages(archive, {label.article for label in labels}) if archive else {}
    for label in labels:
        article = _made(label, pages.get(label.article))
        part = _part(label, article) if article else None
        if article and part:
            yield Scored(label, value_of(article, part))


def _part(label: Label, article: Article) -> str | None:
    """What a label is about in its article; null where the rules of today do not find the words of its quote."""
    if label.field != "speaker":
        return label.field
    found = (quote.id for quote in article.quotes if quote.text == label.words)
    return next((part_of("speaker", {"quote": id_}) for id_ in found), None)


def _pages(archive: WarcArchive, wanted: set[str]) -> dict[str, Page]:
    """The newest page of each id."""
    found: dict[str, Page] = {}
    for page in archive.pages():
        if page.id in wanted and (page.id not in found or found[page.id].fetched_at < page.fetched_at):
            found[page.id] = page
    return found


def _made(label: Label, page: Page | None) -> Article | None:
    if page is not None:
        try:
            return extract_page(page)
        except Quarantine:
            return None
    if label.text is None or label.field == "published":
        return None
    article = whole(label.title, label.text, label.language)
    return quotes(Document(html=None, text=label.text), article) if label.field == "speaker" else article


def agrees(field: str, human: Any, machine: Any) -> bool:
    """Whether the machine says what the human said.

    That is the same main area and areas; a date as fine as the human's; the same person, or the same name but for
    capitals and marks.
    """
    if field == "areas":
        return human[:1] == machine[:1] and set(human) == set(machine)
    if field == "speaker":
        return fold(human["speaker"] or "") == fold(machine["speaker"] or "")
    if field == "published" and human and machine:
        day = len("2026-03-02")
        return bool(machine[: len(human[:day])] == human[:day])
    return bool(human == machine)


def report(labels: Sequence[Label], scored: Iterable[Scored]) -> None:
    """Print a line for each field, then what the rules still say otherwise."""
    results = list(scored)
    left = len(labels) - len(results)
    print(f"corrections ({len(labels)} that stand; {left} not scored, without a text, page or quote here)")
    for field in FIELDS:
        part = [result for result in results if result.label.field == field]
        if part:
            print(f"  {field:10} {len(part):4}  {_line(field, part)}")
    for result in results:
        label = result.label
        if not agrees(label.field, label.value, result.now):
            said = f"{shown(label.value)}; then {shown(label.machine)}, now {shown(result.now)}"
            print(f"    {label.article} {label.field}: {said}  {label.title or ''}")


def _line(field: str, part: Sequence[Scored]) -> str:
    then = sum(agrees(field, result.label.value, result.label.machine) for result in part)
    now = sum(agrees(field, result.label.value, result.now) for result in part)
    line = f"then right {then / len(part):.3f}  now right {now / len(part):.3f}"
    match field:
        case "areas":
            return f"{line}  {compare((result.label.value, result.now) for result in part)}"
        case "relevance":
            kept = sum((result.label.value in KEPT) == (result.now in KEPT) for result in part)
            return f"{line}  kept or discarded rightly {kept / len(part):.3f}"
    return line


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every score."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.eval_corrections", description=__doc__)
    parser.add_argument("file", type=Path, help="what `otswatch corrections export` wrote")
    parser.add_argument("--archive", type=Path, help="folder of the archive, for dates and for what was discarded")
    given = parser.parse_args(arguments)
    try:
        labels = read(given.file)
    except (OSError, UsageError) as error:
        parser.error(str(error))
    report(labels, score(labels, WarcArchive(given.archive) if given.archive else None))


if __name__ == "__main__":
    main()
