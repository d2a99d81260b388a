"""quotes: who said what."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich.text import Text

from otswatch import taxonomy
from otswatch.cli.common import Format, Values, after_list, out, progress, settings, table, write_csv
from otswatch.corrections.acts import SHORT
from otswatch.expansion import Note
from otswatch.index.quote_projection import Utterance
from otswatch.quotations import By, Count, Labels, QuoteRequest, Row, Rows, counted_by, counts, result, rows
from otswatch.records import Dated
from otswatch.stores import open_stores

#: Columns of a CSV file.
COLUMNS = (
    *("id", "article", "published", "said", "where", "speaker", "person", "title", "office", "of", "direct", "areas"),
    *("text", "language", "source", "headline", "url", "copies"),
)
#: Of the columns of the table.
_WIDTHS = (17, 30, None, 16)


def quotes(
    query: Annotated[
        str, typer.Argument(help='Words that were said, "phrases", AND OR NOT, prefix*. Empty: everything.')
    ] = "",
    speaker: Annotated[
        list[str] | None, typer.Option(help="A name in any spelling, or an id of the register; any of them.")
    ] = None,
    area: Annotated[list[str] | None, typer.Option(help="Ids of areas of the words themselves; any of them.")] = None,
    state: Annotated[
        list[str] | None, typer.Option(help="Ids of states or bodies that the speaker spoke for; any of them.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published on or after this day (UTC).")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published before this day (UTC).")
    ] = None,
    undated: Annotated[bool, typer.Option("--undated", help="Only those without a publication date.")] = False,
    direct: Annotated[
        bool | None, typer.Option("--direct/--reported", help="Verbatim only, or reported speech only.")
    ] = None,
    language: Values = None,
    source: Values = None,
    kind: Values = None,
    dossier: Values = None,
    story: Annotated[list[str] | None, typer.Option(help="Ids of stories; any of them.")] = None,
    article: Annotated[list[str] | None, typer.Option(help="Ids of articles; any of them.")] = None,
    exact: Annotated[bool, typer.Option("--exact", help="Words and names as typed only.")] = False,
    copies: Annotated[bool, typer.Option("--all", help="Each copy by itself, not the words of a story once.")] = False,
    by: Annotated[
        By | None,
        typer.Option(help="Count them instead: by area, speaker, state (or body), month, language or source."),
    ] = None,
    size: Annotated[int, typer.Option(min=1, max=1000, help="At most so many quotes.")] = 20,
    after: Annotated[str | None, typer.Option(help="Continue behind an earlier page: its `after`.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="table, json or csv")] = Format.TABLE,
) -> None:
    """List who said what, newest first by when it was published, the same words of a story once.

    A speaker is found under every name; areas are those of the words, not of the article around them.

    Example: otswatch quotes --speaker Erdoğan --area security --since 2026-01-01
    """
    request = QuoteRequest.of(
        q=query,
        exact=exact,
        area=area or (),
        speaker=speaker or (),
        state=state or (),
        source=source or (),
        language=language or (),
        kind=kind or (),
        dossier=dossier or (),
        story=story or (),
        article=article or (),
        direct=direct,
        since=since and since.date(),
        until=until and until.date(),
        undated=undated,
        copies=copies,
        size=size,
        after=after,
    )
    configured = settings()
    search, read = request.to_search(configured.config), request.read(configured.config)
    labels = Labels(taxonomy.load(configured.config))
    with open_stores(configured) as stores:
        if by is not None:
            with progress("counting"):
                counted = counts(stores.index, search, by, copies=copies)
            _WRITE_COUNTS[format_](counted, by, labels)
            return
        found = rows(stores.index, search, copies=copies)
    match format_:
        case Format.TABLE:
            _as_table(found, read.notes if read else (), labels)
        case Format.JSON:
            _write_json(result(found, read))
        case Format.CSV:
            write_csv(COLUMNS, map(_line, found.rows))


def _as_table(found: Rows, notes: Sequence[Note], labels: Labels) -> None:
    shown = table("when", "who", "words and where they stand", "areas")
    for column, width in zip(shown.columns, _WIDTHS, strict=True):
        column.max_width = width
    for row in found.rows:
        shown.add_row(*_cells(row, labels))
    if found.rows:
        out.print(shown)
    places = f", in {found.places} places" if found.places != found.total else ""
    undated = f"; {found.undated} more match but have no date (--undated)" if found.undated else ""
    after_list(f"{len(found.rows)} of {found.total} quotes{places}{undated}", notes, found.after)


def _cells(row: Row, labels: Labels) -> tuple[str | Text, ...]:
    quote, within = row.quote, row.quote.article
    published, clock = _published(within.published)
    said = [f"said {quote.said or quote.when}"] if quote.when else []
    told = [*([clock] if clock else []), *said, *([quote.where] if quote.where else []), quote.id[:SHORT]]
    also = f", and {len(row.copies)} more" if row.copies else ""
    stands = f"\n{within.title or 'untitled'} – {within.source or 'by hand'}{also}\n{within.url or ''}".rstrip()
    return (
        Text.assemble(published, ("\n" + "\n".join(told), "dim")),
        _who(quote, labels),
        Text.assemble(f"“{quote.text}”" if quote.direct else quote.text, (stands, "dim")),
        ", ".join(quote.areas),
    )


def _published(dated: Dated | None) -> tuple[str, str]:
    """The day as it was written, and its clock with its zone where there is one."""
    if dated is None:
        return "undated", ""
    day, _, clock = dated.at.partition("T")
    return day, f"{clock[:5]} {clock[5:].lstrip(':0123456789.')}".rstrip() if clock else ""


def _who(quote: Utterance, labels: Labels) -> Text:
    speaker = quote.speaker
    if speaker is None:
        return Text("unknown", style="dim")
    office = labels.office(speaker.office) if speaker.office else speaker.title
    told = "\n".join(filter(None, (office, labels.state(speaker.of) if speaker.of else None)))
    corrected = f"\nas {quote.corrected.by} says" if quote.corrected else ""
    return Text.assemble(speaker.name, (f"\n{told}" if told else "", "dim"), (corrected, "dim"))


def _line(row: Row) -> tuple[str | int, ...]:
    quote, within, speaker = row.quote, row.quote.article, row.quote.speaker
    who = (speaker.name, speaker.person, speaker.title, speaker.office, speaker.of) if speaker else (None,) * 5
    return (
        quote.id,
        within.id,
        within.published.at if within.published else "",
        quote.said or quote.when or "",
        quote.where or "",
        *(value or "" for value in who),
        "direct" if quote.direct else "reported",
        " ".join(quote.areas),
        quote.text,
        within.language,
        within.source or "",
        within.title or "",
        within.url or "",
        len(row.copies),
    )


def _counts_as_table(counted: Sequence[Count], by: By, labels: Labels) -> None:
    shown = table(by, "quotes", right=("quotes",))
    for count in counted:
        shown.add_row(labels.of(by, count.key) or _UNKNOWN.get(by, "unknown"), str(count.count))
    out.print(shown if counted else "nobody said anything that matches")


def _counts_as_json(counted: Sequence[Count], by: By, labels: Labels) -> None:
    _write_json(counted_by(by, counted, labels))


def _counts_as_csv(counted: Sequence[Count], by: By, labels: Labels) -> None:
    lines = ((count.key or "", labels.of(by, count.key) or "", count.count) for count in counted)
    write_csv((by, "name", "quotes"), lines)


_WRITE_COUNTS = {Format.TABLE: _counts_as_table, Format.JSON: _counts_as_json, Format.CSV: _counts_as_csv}
#: What stands for what is not known.
_UNKNOWN: dict[By, str] = {"area": "no area", "month": "undated"}


def _write_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


COMMANDS = (quotes,)
