"""meetings: the calendar."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from otswatch import taxonomy
from otswatch.calendar import Entry, Labels, Listing, MeetingRequest, ics, labels, read
from otswatch.cli.common import err, out, settings, table, write_csv
from otswatch.stores import open_stores

#: Columns of a CSV file.
COLUMNS = (
    *("id", "starts", "ends", "precision", "series", "number", "of", "place", "country", "status", "certainty"),
    *("passed", "moved_from", "differences", "articles", "sources", "url"),
)
#: Of the columns of the table.
_WIDTHS = (24, None, 22, 22, None)
_NO_DAY = "no day is known:"


class Format(StrEnum):
    """How meetings are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    ICS = "ics"


def meetings(
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Not over before this day; left out: today (UTC), and what has passed without a report.",
        ),
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Begins before this day.")] = None,
    body: Annotated[
        list[str] | None, typer.Option(help="Ids of bodies, of those who meet or of series; any of them.")
    ] = None,
    place: Annotated[list[str] | None, typer.Option(help="Ids of towns or countries; any of them.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="planned, held, postponed, cancelled; any of them.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="table, json, csv or ics")] = Format.TABLE,
) -> None:
    """List the meetings that articles report of, the soonest first; those of which no day is known behind the others.

    A day is confirmed where an official source or two independent ones say it; where reports differ, all is shown.

    Example: otswatch meetings --body ots --status planned --until 2027-01-01
    """
    request = MeetingRequest.of(
        since=since and since.date(),
        until=until and until.date(),
        body=body or (),
        place=place or (),
        status=status or (),
    )
    configured = settings()
    with open_stores(configured) as stores:
        found = read(stores.index, request, datetime.now(UTC).date())
    named = Labels(taxonomy.load(configured.config))
    match format_:
        case Format.TABLE:
            _as_table(found, named)
        case Format.JSON:
            sys.stdout.write(json.dumps(found.to_dict(), ensure_ascii=False) + "\n")
        case Format.CSV:
            write_csv(COLUMNS, map(_line, found.all))
        case Format.ICS:
            sys.stdout.buffer.write(ics.calendar(found.all, named))


def _as_table(found: Listing, named: Labels) -> None:
    shown = table("when", "meeting", "where", "status", "who says so")
    for column, width in zip(shown.columns, _WIDTHS, strict=True):
        column.max_width = width
    for one in found.dated:
        shown.add_row(*_cells(one, named))
    if found.open:
        shown.add_section()
        shown.add_row(Text(_NO_DAY, style="italic"))
    for one in found.open:
        shown.add_row(*_cells(one, named))
    if shown.row_count:
        out.print(shown)
    err.print(f"{len(found.dated)} meetings with a day, {len(found.open)} without")


def _cells(one: Entry, named: Labels) -> tuple[Text | str, ...]:
    moved = f"\nwas to be {labels.days(one.moved_from)}" if one.moved_from else ""
    return (
        Text.assemble(labels.days(one.when), (moved, "dim")),
        Text.assemble(named.title(one), (f"\n{one.id}", "dim")),
        named.place(one.place) if one.place else "",
        Text("\n").join(_standing(one)),
        Text("\n").join(_sources(one)),
    )


def _standing(one: Entry) -> Iterator[Text]:
    yield Text(f"{one.status or 'unknown'}, {one.certainty}", style="red" if one.certainty == "disputed" else "")
    if one.passed:
        yield Text("passed, no report yet", style="yellow")
    for difference in one.differences:
        values = ", ".join(value.value for value in difference.values)
        yield Text(f"{difference.of}: {values}", style="dim")


def _sources(one: Entry) -> Iterator[Text]:
    """The articles that say the day, or else what there is, the official ones first."""
    said = one.evidence.get("when") or one.evidence.get("status") or one.evidence.get("place") or ()
    for each in said[:2]:
        official = " (official)" if each.official else ""
        yield Text.assemble(f"{each.source or 'by hand'}{official}", (f"\n{each.url or ''}".rstrip(), "dim"))
    if one.articles > len(said[:2]):
        yield Text(f"{one.articles} articles", style="dim")


def _line(one: Entry) -> tuple[str | int, ...]:
    when, place = one.when, one.place
    said = one.evidence.get("when") or one.evidence.get("status") or ()
    return (
        one.id,
        *((when.starts, when.ends, when.precision) if when else ("", "", "")),
        one.series,
        one.number or "",
        one.of,
        (place.id or "") if place else "",
        place.country if place else "",
        one.status or "",
        one.certainty,
        "1" if one.passed else "",
        one.moved_from.starts if one.moved_from else "",
        "; ".join(f"{each.of}: {', '.join(value.value for value in each.values)}" for each in one.differences),
        one.articles,
        " ".join(one.sources),
        next((each.url for each in said if each.url), ""),
    )


COMMANDS = (meetings,)
