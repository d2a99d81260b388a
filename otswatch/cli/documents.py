"""documents: official texts, where they can be read, and who cites them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer
from rich.text import Text

from otswatch.cli.common import Format, ListingGroup, Values, after_list, out, settings, table, write_csv
from otswatch.documents import OfficialDocument, load
from otswatch.documents.records import Cited, Witness
from otswatch.documents.search import DocumentRequest, Found, Labels, find
from otswatch.errors import UsageError
from otswatch.stores import open_stores

app = typer.Typer(cls=ListingGroup, help="Official documents: declarations, statements, agreements.")

#: Columns of a CSV file.
COLUMNS = (
    *("id", "type", "title", "place", "adopted", "meeting", "signatories", "areas"),
    *("languages", "texts", "cited", "registered"),
)
_SHOWN = 20


@app.command("list")
def list_(
    query: Annotated[
        str, typer.Argument(help='Words of titles and full texts, "phrases", AND OR NOT, prefix*. Empty: everything.')
    ] = "",
    exact: Annotated[bool, typer.Option("--exact", help="Words as typed only: no other spellings or names.")] = False,
    type_: Annotated[
        list[str] | None, typer.Option("--type", help="declaration, joint_statement, agreement, …; any of them.")
    ] = None,
    body: Annotated[
        list[str] | None, typer.Option(help="Ids of bodies or states: whose it is, who adopted or signed it.")
    ] = None,
    area: Values = None,
    language: Annotated[list[str] | None, typer.Option(help="Languages that its text is known in.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Adopted on or after this day.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Adopted before this day.")] = None,
    article: Annotated[
        list[str] | None, typer.Option(help="Ids of articles: the documents that they have, slice or cite.")
    ] = None,
    size: Annotated[int, typer.Option(min=1, max=1000, help="At most so many documents.")] = 20,
    after: Annotated[str | None, typer.Option(help="Continue behind an earlier page: its `after`.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="table, json or csv")] = Format.TABLE,
) -> None:
    """List official documents, the latest first: one entry each, however many articles slice it.

    Example: otswatch documents list "transit permit" --type declaration --since 2020-01-01
    """
    request = DocumentRequest.of(
        q=query,
        exact=exact,
        type=type_ or (),
        body=body or (),
        area=area or (),
        language=language or (),
        since=since and since.date(),
        until=until and until.date(),
        cites=article or (),
        size=size,
        after=after,
    )
    configured = settings()
    labels = Labels(load(configured.config))
    with open_stores(configured) as stores:
        found = find(stores.index, request, configured.config)
    match format_:
        case Format.TABLE:
            _as_table(found, labels)
        case Format.JSON:
            sys.stdout.write(json.dumps(found.to_dict(), ensure_ascii=False) + "\n")
        case Format.CSV:
            write_csv(COLUMNS, map(_line, _documents(found)))


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="As `otswatch documents` shows it.")],
    format_: Annotated[Format, typer.Option("--format", help="table or json")] = Format.TABLE,
) -> None:
    """Show one document: where and when, who signed, its texts by language, who cites it, and where that is from.

    Example: otswatch documents show declaration-bishkek-2024-11-06
    """
    configured = settings()
    if format_ is Format.CSV:
        raise UsageError("one document has no table to put into CSV; --format json has all of it")
    labels = Labels(load(configured.config))
    with open_stores(configured) as stores:
        record = stores.index.get("documents", id_)
    if record is None or "gone" in record:
        raise UsageError(f"there is no document {id_[:80]!r}; `otswatch documents` shows all")
    if format_ is Format.JSON:
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        return
    _show(OfficialDocument.model_validate(record), labels)


def _documents(found: Found) -> Iterator[OfficialDocument]:
    yield from map(OfficialDocument.model_validate, found.hits.documents)


def _as_table(found: Found, labels: Labels) -> None:
    shown = table("adopted", "where", "type", "title", "texts", "cited", right=("cited",))
    for document in _documents(found):
        shown.add_row(
            str(document.adopted.ends),
            labels.place(document.adopted.place) or "unknown",
            labels.type(document.type),
            Text.assemble(document.title, "\n", (document.id, "dim")),
            " ".join(document.languages) or "none yet",
            str(document.citations),
        )
    if found.hits.documents:
        out.print(shown)
    told = f"{len(found.hits.documents)} of {found.hits.total} documents"
    after_list(told, found.read.notes if found.read else (), found.hits.after)


def _line(document: OfficialDocument) -> tuple[object, ...]:
    return (
        document.id,
        document.type,
        document.title,
        document.adopted.place or "",
        document.adopted.ends,
        document.meeting or "",
        " ".join(document.signatories),
        " ".join(document.areas),
        " ".join(document.languages),
        len(document.witnesses),
        document.citations,
        "yes" if document.registered else "no",
    )


def _show(document: OfficialDocument, labels: Labels) -> None:
    facts = table(title=document.title)
    facts.show_header = False
    facts.add_column()
    facts.add_column()
    for name, value in _facts(document, labels):
        facts.add_row(name, value)
    out.print(facts)
    texts = table("text", "source", "title and address", title="Full texts")
    for witness in document.witnesses:
        texts.add_row(witness.language, witness.source or "by hand", _text(witness))
    out.print(texts if document.witnesses else "Full texts: none yet\n")
    cited = table("seen", "source", "article", "because of", title=f"Cited by {document.citations}")
    for each in document.cited_by[:_SHOWN]:
        cited.add_row(*_cited(each))
    out.print(cited if document.cited_by else "Cited by: nobody yet")


def _facts(document: OfficialDocument, labels: Labels) -> Iterator[tuple[str, str]]:
    yield "id", document.id
    yield "type", labels.type(document.type)
    yield "adopted", ", ".join(filter(None, (labels.place(document.adopted.place), str(document.adopted.ends))))
    yield "meeting", labels.meeting(document.meeting) or "unknown"
    yield "signed by", ", ".join(map(labels.of, document.signatories)) or "unknown"
    yield "areas", ", ".join(document.areas) or "no text yet"
    yield "known from", document.registered.source if document.registered else "articles"


def _text(witness: Witness) -> Text:
    part = "" if witness.whole else "\na part of it"
    differs = witness.differs
    other = f"\n{differs.more} clauses more and {differs.fewer} fewer than {differs.article}" if differs else ""
    official = "official, " if witness.official else ""
    return Text.assemble(
        witness.title or "untitled",
        (f"\n{official}{witness.article}\n{witness.url or ''}{part}{other}".rstrip(), "dim"),
    )


def _cited(each: Cited) -> tuple[str | Text, ...]:
    seen = f"{each.first_seen:%Y-%m-%d}" if each.first_seen else "unknown"
    words = " … ".join(piece.text for piece in each.evidence[:2])
    return (
        seen,
        each.source or "by hand",
        Text.assemble(each.headline or "untitled", (f"\n{each.article}", "dim")),
        Text.assemble(words[:160], (f"\n{each.rule}", "dim")),
    )
