"""search, status, doctor, backup: looking at what there is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from otswatch import backup as backups
from otswatch.cli.common import Format, Values, after_list, err, out, progress, settings, table, write_csv
from otswatch.expansion import Note
from otswatch.index import Hits
from otswatch.search_request import SearchRequest, result
from otswatch.stores import open_stores

COLUMNS = ("first seen", "published", "area", "source", "title", "url")

NUMBERS = ("partition", "done", "waiting", "per minute", "articles", "documents", "held", "replayed", "pages")


def search(
    query: Annotated[
        str, typer.Argument(help='Words, "phrases", AND OR NOT, prefix*, field:value. Empty: everything.')
    ] = "",
    exact: Annotated[bool, typer.Option("--exact", help="Words as typed only: no other spellings or names.")] = False,
    area: Values = None,
    source: Values = None,
    language: Values = None,
    kind: Values = None,
    dossier: Values = None,
    status: Annotated[list[str] | None, typer.Option(help="ok (the default), discarded.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published on or after this day (UTC).")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published before this day (UTC).")
    ] = None,
    seen_since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First seen on or after this day.")
    ] = None,
    undated: Annotated[bool, typer.Option("--undated", help="Only those without a publication date.")] = False,
    sort: Annotated[str, typer.Option(help="first_seen, published or score")] = "first_seen",
    size: Annotated[int, typer.Option(min=1, max=1000, help="At most so many articles.")] = 20,
    after: Annotated[str | None, typer.Option(help="Continue behind an earlier page: its `after`.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="table, json or csv")] = Format.TABLE,
) -> None:
    """Search what was collected, newest first by when it was first seen.

    A name is looked for under all its names, a word in both scripts and with its endings; what was added is shown.

    Example: otswatch search '"Türk Devletleri Teşkilatı" AND zirve*' --area security
    """
    request = SearchRequest.of(
        q=query,
        exact=exact,
        area=area or (),
        source=source or (),
        language=language or (),
        kind=kind or (),
        dossier=dossier or (),
        status=status or (),
        since=since and since.date(),
        until=until and until.date(),
        seen_since=seen_since and seen_since.date(),
        undated=undated,
        sort=sort,
        size=size,
        after=after,
    )
    configured = settings()
    with open_stores(configured) as stores:
        hits = stores.index.search(request.to_search(configured.config))
    read = request.read(configured.config)
    match format_:
        case Format.TABLE:
            _as_table(hits, read.notes if read else ())
        case Format.JSON:
            sys.stdout.write(json.dumps(result(hits, read), ensure_ascii=False) + "\n")
        case Format.CSV:
            write_csv(("id", *COLUMNS), ((article["id"], *_row(article)) for article in hits.documents))


def _row(article: Mapping[str, Any]) -> tuple[str, ...]:
    content, published = article["content"] or {}, article["published"]
    areas = article["areas"]
    return (
        _shown(article["trace"]["first_seen"]) or "unknown",
        _shown(published["at"]) if published else "undated",
        areas[0]["id"] if areas else "",
        article["source"] or "",
        content.get("title") or "",
        article["url"] or "",
    )


def _shown(moment: str | None) -> str:
    """To the minute, in the zone that it was written in if any: `2026-03-02 14:05 +05:00`, or the day alone."""
    if moment is None or "T" not in moment:
        return moment or ""
    at = datetime.fromisoformat(moment)
    zone = "" if at.tzinfo is None else " UTC" if at.utcoffset() == timedelta(0) else f" {at.isoformat()[-6:]}"
    return f"{at:%Y-%m-%d %H:%M}{zone}"


def _as_table(hits: Hits, notes: Sequence[Note]) -> None:
    rows = table(*COLUMNS[:-2], "title and address")
    for column in rows.columns[:-1]:
        column.no_wrap = True
    for article in hits.documents:
        *cells, title, url = _row(article)
        rows.add_row(*cells, Text.assemble(title, "\n", (url, "dim")))
    if hits.documents:
        out.print(rows)
    undated = f"; {hits.undated} more match but have no date" if hits.undated else ""
    told = f"{len(hits.documents)} of {hits.total} articles{undated}"
    after_list(told, notes, hits.after, hint="--exact looks for the words as typed")


def status() -> None:
    """Show how far each consumer is and how fast, what is indexed, what is held, and when each source last answered.

    Exits 0 also where something is down: the section that needs it says so. `otswatch doctor` is there to exit 1.

    Example: otswatch status
    """
    from otswatch import overview

    configured = settings()
    with open_stores(configured) as stores:
        for title, head, rows in overview.sections(configured, stores):
            _section(title, head, rows)


def _section(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    shown = table(*head, title=title, right=NUMBERS)
    for row in rows:
        shown.add_row(*row)
    out.print(shown if shown.row_count else f"{title}: none\n")


def doctor() -> None:
    """Check that everything is in place to run; exits 1 where something is not.

    Example: otswatch doctor
    """
    from otswatch.checkup import checks

    bad = 0
    for check in checks(settings()):
        out.print("ok  " if check.ok else "FAIL", style="green" if check.ok else "red", end=" ")
        out.print(f"{check.name}: {check.detail}", soft_wrap=True)
        bad += not check.ok
    if bad:
        err.print(f"{bad} to mend")
        raise typer.Exit(1)


def backup(
    target: Annotated[Path, typer.Argument(help="A folder that is not there yet, or empty.")],
) -> None:
    """Copy the data folder into TARGET, consistent even while everything runs.

    Example: otswatch backup ../otswatch-2026-01-31
    """
    configured = settings()
    with progress("backing up") as update:
        copied = backups.backup(configured.data, target, update)
    err.print(f"{len(copied)} files in {target}; to restore, point OTSWATCH_DATA at a copy of it", soft_wrap=True)


COMMANDS = (search, status, doctor, backup)
