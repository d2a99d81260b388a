"""The page of quotes: who said what, to be narrowed down by area, person, state and period, with a line of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote as quoted

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from otswatch import taxonomy
from otswatch.index import MAX_SIZE
from otswatch.index.quote_projection import Utterance
from otswatch.query import Node
from otswatch.quotations import By, Count, Labels, QuoteRequest, Row, each_once, rows, tally
from otswatch.records import Article
from otswatch.web import evidence, marking, moments
from otswatch.web.cards import Copy
from otswatch.web.desk import AtDesk, Desk, page
from otswatch.web.facets import Chip, Facet, Typed, chips_of, facet

router = APIRouter(tags=["pages"], default_response_class=HTMLResponse)

#: What the filters are called, in the order that they are offered.
FACETS: dict[By, str] = {
    "area": "Area of the words",
    "speaker": "Person",
    "state": "State or body",
    "language": "Language",
    "source": "Source",
}
#: Filters that are not offered, but may stand in the address.
_RARE: dict[str, str] = {"kind": "Kind", "dossier": "Dossier", "story": "Story", "article": "Article"}
#: What has one value, as a reader says it.
_ONES = {
    "since": "published from",
    "until": "published before",
    "direct": "verbatim or reported only",
    "exact": "exactly as written",
    "copies": "each copy by itself",
    "undated": "without a publication date",
}
#: The line of time shows so many months, the latest.
_MONTHS = 60
#: Height of its highest bar.
_HIGH = 48


@dataclass(frozen=True, slots=True)
class Who:
    """A speaker: as the article names them, what to filter by, the office at that date, and whom they speak for."""

    name: str
    key: str
    office: str
    state: str
    state_key: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a reader sees of a quote. `who` is null where nobody knows who spoke; `corrected`: who says who did."""

    id: str
    words: Markup
    direct: bool
    who: Who | None
    corrected: str
    published: str | None
    published_at: str
    said: str
    areas: tuple[tuple[str, str], ...]
    language: str
    article: str
    title: str
    publisher: str
    official: bool
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of the line of time: how high it stands, and the search for it."""

    name: str
    count: int
    high: int
    request: QuoteRequest


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rows by month. `undated` have none; `earlier` are of months before those that are drawn."""

    bars: tuple[Bar, ...]
    undated: int
    earlier: int


@router.get("/quotes", summary="Who said what")
def quotes(request: Request, asked: Annotated[QuoteRequest, Query()], desk: AtDesk) -> HTMLResponse:
    """Newest first, the same words of a story once; by area, person, state or body, and period."""
    config = desk.settings.config
    search, read = asked.to_search(config), asked.read(config)
    labels = Labels(taxonomy.load(config))
    found = rows(desk.stores.index, search, copies=asked.copies)
    counted = each_once(desk.stores.index, search, MAX_SIZE)
    return _page(
        request,
        asked,
        found=found,
        cards=[_card(row, desk, labels, read.node if read else None) for row in found.rows],
        notes=read.notes if read else (),
        facets=list(_facets(desk, asked, counted, labels)),
        chips=list(_chips(desk, asked, labels)),
        timeline=_timeline(asked, tally(counted, "month")),
        newest=MAX_SIZE if found.places > MAX_SIZE else 0,
    )


def refused(request: Request, message: str) -> HTMLResponse:
    """The page with what was typed, and why it cannot be looked for."""
    return _page(request, None, 400, error=message, found=None, cards=(), notes=(), facets=(), chips=(), timeline=None)


def _page(request: Request, asked: QuoteRequest | None, status: int = 200, **values: Any) -> HTMLResponse:
    typed = Typed.of(request.query_params.multi_items())
    given = {"error": "", "newest": 0, **values}
    return page("quotes.html", status, asked=asked, typed=typed, filters=tuple(FACETS), **given)


@router.get("/quotes/{id}", summary="One quote, where it stands", response_class=Response)
def quote(id: str, desk: AtDesk) -> Response:  # noqa: A002 - the name of the thing
    """Leads to the words, marked in the text of their article."""
    record = desk.stores.index.get("quotes", id)
    if record is None:
        raise HTTPException(404, f"there is no quote {id[:80]}")
    if "gone" in record:
        raise HTTPException(410, f"the article does not have these words any more since {record['gone']['at']}")
    said = Utterance.model_validate(record)
    article = desk.stores.index.get("articles", said.article.id)
    place = _place(Article.model_validate(article), said, desk) if article else ""
    return RedirectResponse(f"/articles/{quoted(said.article.id, safe='')}{place}", 307)


def _place(article: Article, said: Utterance, desk: Desk) -> str:
    """The anchor of the words on the page of their article."""
    for part in evidence.parts(article, desk.names):
        for words in (words for value in part.values for words in value.words if part.id == "quotes"):
            if (words.start, words.end) == (said.start, said.end):
                return f"#e{words.number}"
    return ""


# -------------------------------------------------------------------------------------------------------------- cards


def _card(row: Row, desk: Desk, labels: Labels, query: Node | None) -> Card:
    said, within = row.quote, row.quote.article
    return Card(
        id=said.id,
        words=marking.marked(said.text, query, "text"),
        direct=said.direct,
        who=_who(said, labels),
        corrected=said.corrected.by if said.corrected else "",
        published=moments.written(within.published) if within.published else None,
        published_at=within.published.at if within.published else "",
        said=", ".join(filter(None, (said.where, moments.at(said.said) if said.said else said.when))),
        areas=tuple((area, labels.of("area", area) or area) for area in said.areas),
        language=within.language,
        article=within.id,
        title=within.title or within.url or "untitled",
        publisher=desk.names.publisher(within.source, within.url),
        official=within.source in desk.names.official,
        copies=tuple(Copy(copy.id, desk.names.publisher(copy.article.source, copy.article.url)) for copy in row.copies),
    )


def _who(said: Utterance, labels: Labels) -> Who | None:
    speaker = said.speaker
    if speaker is None:
        return None
    return Who(
        name=speaker.name,
        key=speaker.person or speaker.name,
        office=labels.office(speaker.office) if speaker.office else speaker.title or "",
        state=labels.state(speaker.of) if speaker.of else "",
        state_key=speaker.of or "",
    )


# ------------------------------------------------------------------------------------------------------------- filters


def _facets(desk: Desk, asked: QuoteRequest, counted: Sequence[Utterance], labels: Labels) -> Iterator[Facet]:
    """The values of each filter among what the rest of the search finds: they are alternatives of each other."""
    name = _namer(desk, labels)
    for field, title in FACETS.items():
        chosen = getattr(asked, field)
        rest = asked.with_changes(**{field: ()}).to_search(desk.settings.config) if chosen else None
        among = each_once(desk.stores.index, rest, MAX_SIZE) if rest else counted
        counts = {count.key: count.count for count in tally(among, field) if count.key is not None}
        if field == "speaker":  # a name as it was typed is nobody's own
            counts = {value: _spoken_by(desk, asked, value) for value in chosen if value not in counts} | counts
        yield facet(field, title, chosen, counts, partial(name, field))


def _spoken_by(desk: Desk, asked: QuoteRequest, name: str) -> int:
    search = asked.with_changes(speaker=(name,)).to_search(desk.settings.config)
    return len(each_once(desk.stores.index, search, MAX_SIZE))


def _namer(desk: Desk, labels: Labels) -> Callable[[str, str], str]:
    def name(field: str, value: str) -> str:
        match field:
            case "area" | "speaker" | "state":
                return labels.of(field, value) or value
        return desk.names.of(field, value)

    return name


def _chips(desk: Desk, asked: QuoteRequest, labels: Labels) -> Iterator[Chip]:
    """Everything that narrows the search down but its words."""
    name = _namer(desk, labels)
    for field, title in [*FACETS.items(), *_RARE.items()]:
        yield from chips_of(asked, field, title, partial(name, field))
    for field_of_one, told in _ONES.items():
        value, otherwise = getattr(asked, field_of_one), QuoteRequest.model_fields[field_of_one].default
        if value != otherwise:
            day = isinstance(value, date)
            yield Chip(
                told if day else "", str(value) if day else told, asked.with_changes(**{field_of_one: otherwise})
            )


# -------------------------------------------------------------------------------------------------------- line of time


def _timeline(asked: QuoteRequest, counted: Sequence[Count]) -> Timeline | None:
    """Null where there is nothing to draw."""
    months = [(count.key, count.count) for count in counted if count.key]
    undated = sum(count.count for count in counted if count.key is None)
    if len(months) < 2:
        return None
    shown, highest = months[-_MONTHS:], max(count for _, count in months[-_MONTHS:])
    bars = (_bar(asked, month, count, highest) for month, count in shown)
    return Timeline(tuple(bars), undated, sum(count for _, count in months[:-_MONTHS]))


def _bar(asked: QuoteRequest, month: str, count: int, highest: int) -> Bar:
    first = date.fromisoformat(f"{month}-01")
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    # A bar that counts something can be seen.
    high = max(2, round(_HIGH * count / highest)) if count else 0
    return Bar(f"{first:%B %Y}", count, high, asked.with_changes(since=first, until=after))
