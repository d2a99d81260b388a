"""stories: what several articles tell, once; why each belongs, and where they differ."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer
from rich.text import Text

from otswatch import taxonomy
from otswatch.cli.common import Format, ListingGroup, Values, after_list, err, out, settings, table, write_csv
from otswatch.errors import UsageError
from otswatch.records import Difference, Moment, Story, StoryMember
from otswatch.stores import open_stores
from otswatch.stories.search import Found, StoryRequest, find, standing
from otswatch.stories.wording import Labels, because, listed

app = typer.Typer(cls=ListingGroup, help="Stories: what several articles tell, and where they differ.")

#: Columns of a CSV file.
COLUMNS = (
    *("id", "first seen", "last seen", "headline", "articles", "sources", "languages", "first source"),
    *("official source", "main area", "differs", "url"),
)


@app.command("list")
def list_(
    query: Annotated[
        str, typer.Argument(help="Words as `otswatch search` takes them, in any article of a story. Empty: everything.")
    ] = "",
    exact: Annotated[bool, typer.Option("--exact", help="Words as typed only: no other spellings or names.")] = False,
    area: Values = None,
    source: Values = None,
    language: Annotated[list[str] | None, typer.Option(help="Languages that it is told in; any of them.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Ids of countries that are mentioned; any of them.")] = None,
    differs: Annotated[
        list[str] | None, typer.Option(help="What its reports differ in: place, day, figure; any of them.")
    ] = None,
    at_least: Annotated[int, typer.Option(min=1, max=200, help="With so many articles or more.")] = 1,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First published on or after this day (UTC).")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First published before this day (UTC).")
    ] = None,
    undated: Annotated[
        bool, typer.Option("--undated", help="Only those of which no article has a publication date.")
    ] = False,
    size: Annotated[int, typer.Option(min=1, max=1000, help="At most so many stories.")] = 20,
    after: Annotated[str | None, typer.Option(help="Continue behind an earlier page: its `after`.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="table, json or csv")] = Format.TABLE,
) -> None:
    """List stories, the newest first by when their first report was seen: a later copy does not make one new again.

    An article that no other is like is a story, too; --at-least 2 leaves it out.

    Example: otswatch stories list "customs union" --at-least 3 --differs figure
    """
    request = StoryRequest.of(
        q=query,
        exact=exact,
        area=area or (),
        source=source or (),
        language=language or (),
        country=country or (),
        differs=differs or (),
        at_least=at_least,
        since=since and since.date(),
        until=until and until.date(),
        undated=undated,
        size=size,
        after=after,
    )
    configured = settings()
    with open_stores(configured) as stores:
        found = find(stores.index, request, configured.config)
    match format_:
        case Format.TABLE:
            _as_table(found)
        case Format.JSON:
            sys.stdout.write(json.dumps(found.to_dict(), ensure_ascii=False) + "\n")
        case Format.CSV:
            write_csv(COLUMNS, map(_line, found.stories))


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="As `otswatch stories` shows it.")],
    format_: Annotated[Format, typer.Option("--format", help="table or json")] = Format.TABLE,
) -> None:
    """Show one story: its articles in the order of first sight, why each belongs, and where they differ.

    The id of a story that turned out to be a part of another one shows that one.

    Example: otswatch stories show 20260303093000-5d1e9b2c7f3a4e60
    """
    configured = settings()
    if format_ is Format.CSV:
        raise UsageError("one story has no table to put into CSV; --format json has all of it")
    with open_stores(configured) as stores:
        story = standing(stores.index, id_)
    if not story.articles:
        raise UsageError("no article of this story is kept any more; `otswatch stories` shows those that there are")
    if story.id != id_:
        err.print(f"{id_} is a part of {story.id} now, which is shown")
    if format_ is Format.JSON:
        sys.stdout.write(json.dumps(story.to_dict(), ensure_ascii=False) + "\n")
        return
    _show(story, Labels(taxonomy.load(configured.config)))


def _as_table(found: Found) -> None:
    head = ("first seen", "headline", "articles", "languages", "first source", "official source", "main area")
    shown = table(*head, right=("articles",))
    for story in found.stories:
        differ = f"\nreports differ: {', '.join(_matters(story))}" if story.differences else ""
        shown.add_row(
            _seen(story.first_seen),
            Text.assemble(story.title or "untitled", (f"\n{story.id}{differ}", "dim")),
            str(story.articles),
            " ".join(story.languages),
            _source(story, story.first),
            _source(story, story.official) if story.official else "none",
            story.areas[0] if story.areas else "",
        )
    if found.hits.documents:
        out.print(shown)
    undated = f"; {found.hits.undated} more match but have no date (--undated)" if found.hits.undated else ""
    told = f"{len(found.hits.documents)} of {found.hits.total} stories{undated}"
    if found.most:
        told += "\nthe words are in more stories than can be looked at: these have most articles with them"
    after_list(told, found.read.notes if found.read else (), found.hits.after)


def _line(story: Story) -> tuple[str | int, ...]:
    leading = listed(story, story.official) or listed(story, story.first)
    return (
        story.id,
        story.first_seen.isoformat() if story.first_seen else "",
        story.last_seen.isoformat() if story.last_seen else "",
        story.title or "",
        story.articles,
        len(story.sources),
        " ".join(story.languages),
        _source(story, story.first),
        _source(story, story.official) if story.official else "",
        story.areas[0] if story.areas else "",
        " ".join(_matters(story)),
        (leading.url if leading else None) or "",
    )


def _seen(at: Moment | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "unknown"


def _source(story: Story, article: str | None) -> str:
    """Whose report an article is. One that is not among those listed has its id."""
    found = listed(story, article)
    return (found.source or "by hand") if found else article or ""


def _matters(story: Story) -> list[str]:
    return list(dict.fromkeys(difference.of for difference in story.differences))


# ----------------------------------------------------------------------------------------------------------- one story


def _show(story: Story, labels: Labels) -> None:
    facts = table(title=story.title or "untitled")
    facts.show_header = False
    facts.add_column()
    facts.add_column()
    for name, value in _facts(story):
        facts.add_row(name, value)
    out.print(facts)
    reports = table("first seen", "published", "source", "language", "article", "why", title="Reports")
    for each in story.members:
        reports.add_row(*_report(story, each))
    out.print(reports)
    if story.articles > len(story.members):
        out.print(f"{story.articles - len(story.members)} more: otswatch search story:{story.id}\n")
    if not story.differences:
        out.print("Reports do not differ in place, day or figures.")
        return
    differing = table("matter", "value", "words", "who says so", title="Where the reports differ")
    for difference in story.differences:
        for row in _rows(story, difference, labels):
            differing.add_row(*row)
    out.print(differing)


def _facts(story: Story) -> Iterator[tuple[str, str]]:
    yield "id", story.id
    yield "first", f"{_source(story, story.first)}, seen {_seen(story.first_seen)}"
    yield "official", _source(story, story.official) if story.official else "none seen"
    yield "articles", f"{story.articles} of {len(story.sources)} sources, the last one seen {_seen(story.last_seen)}"
    yield "languages", " ".join(story.languages)
    yield "areas", ", ".join(story.areas) or "none"


def _report(story: Story, each: StoryMember) -> tuple[str | Text, ...]:
    marks = [*(["first"] if each.article == story.first else []), *(["official"] if each.official else [])]
    return (
        _seen(each.first_seen),
        each.published or "undated",
        Text.assemble(each.source or "by hand", (f"\n{', '.join(marks)}" if marks else "", "dim")),
        each.language,
        Text.assemble(each.title or "untitled", (f"\n{each.article}\n{each.url or ''}".rstrip(), "dim")),
        _why(story, each),
    )


def _why(story: Story, each: StoryMember) -> Text:
    like = listed(story, each.like)
    whom = (like.source or "by hand") if like else each.like or ""
    shared = f": {', '.join(each.why)}" if each.why else ""
    return Text.assemble(f"{because(each)} {whom}".rstrip() + shared, (f"\n{each.reason}", "dim"))


def _rows(story: Story, difference: Difference, labels: Labels) -> Iterator[tuple[str, ...]]:
    """A row for each article that says something; what was said in the row above is not said again."""
    matter = labels.matter(difference)
    for told in difference.values:
        shown = labels.value(difference, told.value)
        for article, words in told.words.items():
            yield (matter, shown, words, _source(story, article))
            matter = shown = ""
