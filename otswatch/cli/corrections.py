"""corrections add, list, withdraw, export: what people put right."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from otswatch.cli.common import Format, err, out, progress, settings, table, write_csv
from otswatch.corrections import acts
from otswatch.corrections.acts import Added, Entry
from otswatch.corrections.export import labels
from otswatch.corrections.values import part_of, quote_of, shown, value_of
from otswatch.errors import UsageError
from otswatch.records import Correction
from otswatch.stores import open_stores

app = typer.Typer(help="Put articles right: say what is so, look at what was said, take it back.", no_args_is_help=True)

COLUMNS = ("id", "article", "part", "value", "status", "by", "at", "note")

By = Annotated[str | None, typer.Option(help="Who says so; the user of this machine, where it is left out.")]
_ARTICLE = "Its id or its address."


@app.command()
def add(
    article: Annotated[str, typer.Argument(help=_ARTICLE)],
    area: Annotated[str | None, typer.Option(help="Ids of areas, main one first, with commas; none for none.")] = None,
    kind: Annotated[str | None, typer.Option(help="Id of a kind, or unknown.")] = None,
    relevance: Annotated[str | None, typer.Option(help="about, part, passing or none.")] = None,
    published: Annotated[
        str | None, typer.Option(help="2025-04-15, 2025-04, 2025, 2025-04-15T16:15+04:00, or unknown.")
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(
            metavar="QUOTE=WHO",
            help="Who spoke the words of a quote (the beginning of its id): a name, an id of the register, or unknown.",
        ),
    ] = None,
    story: Annotated[
        str | None,
        typer.Option(help="alone: a story of its own; or the id of the story that its story is the same as."),
    ] = None,
    note: Annotated[str, typer.Option(help="Why; shown beside the value.")] = "",
    by: By = None,
) -> None:
    """Say what is right of an article; it stands against every later fetch and `reprocess` until it is withdrawn.

    Example: otswatch corrections add https://steppe-wire.example/news/17 --area security,political --note "a summit"
    """
    values = _values(area, kind, relevance, published, speaker) | ({"story": story} if story is not None else {})
    configured = settings()
    with open_stores(configured) as stores, progress("looking in the archive"):
        added = acts.add(configured, stores, article, values, by=by or acts.user(), note=note)
    _tell(added, configured.data / "archive")


def _values(
    area: str | None, kind: str | None, relevance: str | None, published: str | None, speaker: str | None
) -> dict[str, Any]:
    areas = [] if area == "none" else [id_.strip() for id_ in (area or "").split(",")]
    given = {"areas": area, "kind": kind, "relevance": relevance, "published": published}
    values: dict[str, Any] = {
        field: None if value == "unknown" else value for field, value in given.items() if value is not None
    }
    if "areas" in values:
        values["areas"] = areas
    return {**values, "speaker": _speaker(speaker)} if speaker is not None else values


def _speaker(given: str) -> dict[str, str | None]:
    quote, separator, who = given.partition("=")
    if not (quote and separator and who.strip()):
        raise UsageError(f"--speaker takes QUOTE=WHO, for example 5f0c81aa='Hakan Fidan', not {given[:80]!r}")
    return {"quote": quote.strip(), "speaker": None if who.strip() == "unknown" else who}


def _tell(added: Added, archive: Path) -> None:
    for correction in added.corrections:
        before = shown(value_of(added.article, part_of(correction.field, correction.value)))
        out.print(f"{correction.id}  {_part(correction)}: {before} → {shown(correction.value)}", soft_wrap=True)
    match added.text:
        case "restored":
            err.print("it was discarded: its page was taken from the archive and goes through the pipeline once more")
        case "missing":
            err.print(
                f"its text is not here, and its page is not in {archive}: it is listed with its title only, until it is"
                " fetched again, or you say the same where the archive is",
                soft_wrap=True,
            )
    err.print("`otswatch consume --once` puts the article right, where `otswatch run` does not run")


@app.command("list")
def list_(
    article: Annotated[str | None, typer.Option(help=f"Of one article only. {_ARTICLE}")] = None,
    field: Annotated[
        str | None, typer.Option(help="On one part only: areas, kind, relevance, published, speaker or story.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Said, or withdrawn, on or after this day (UTC).")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="table, json or csv")] = Format.TABLE,
) -> None:
    """List what people said, oldest first, also what was replaced or withdrawn since.

    Example: otswatch corrections list --field areas --since 2026-01-01
    """
    with open_stores(settings()) as stores:
        entries = acts.entries(stores, article, field, since.replace(tzinfo=UTC) if since else None)
    {Format.TABLE: _as_table, Format.JSON: _as_json, Format.CSV: _as_csv}[format_](entries)


def _row(entry: Entry) -> tuple[str, ...]:
    said = entry.correction
    value = shown(said.value)
    return said.id, said.article, _part(said), value, entry.status, said.by, said.to_dict()["at"][:19], said.note


def _part(said: Correction) -> str:
    """`kind`; `speaker of 5f0c81aa`."""
    quote = quote_of(part_of(said.field, said.value))
    return f"speaker of {quote[: acts.SHORT]}" if quote else said.field


def _as_table(entries: Iterable[Entry]) -> None:
    rows = table(*COLUMNS)
    for entry in entries:
        rows.add_row(*_row(entry))
    out.print(rows if rows.row_count else "nothing was corrected")


def _as_json(entries: Iterable[Entry]) -> None:
    found = [entry.correction.to_dict() | {"status": entry.status} for entry in entries]
    sys.stdout.write(json.dumps({"corrections": found}, ensure_ascii=False) + "\n")


def _as_csv(entries: Iterable[Entry]) -> None:
    write_csv(COLUMNS, map(_row, entries))


@app.command()
def withdraw(
    correction: Annotated[str, typer.Argument(help="As `corrections list` shows it, for example 5f0c81aa20d1b3c4.")],
    by: By = None,
) -> None:
    """Take a correction back; what the machine made of that part stands again.

    Example: otswatch corrections withdraw 5f0c81aa20d1b3c4
    """
    with open_stores(settings()) as stores:
        gone = acts.withdraw(stores, correction, by=by or acts.user())
    assert gone.withdrawn is not None  # noqa: S101 - what it is
    said = f"{gone.id}  {_part(gone)}: {shown(gone.value)}, withdrawn by {gone.withdrawn.by}"
    out.print(f"{said} on {gone.withdrawn.at:%Y-%m-%d %H:%M} UTC", soft_wrap=True)


@app.command()
def export() -> None:
    """Write the corrections that stand as JSON lines, with the article's title and text: labels for `make eval`.

    Example: otswatch corrections export >corrections.jsonl
    """
    with open_stores(settings()) as stores:
        for label in labels(stores):
            sys.stdout.write(json.dumps(label, ensure_ascii=False) + "\n")
