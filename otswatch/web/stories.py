"""The pages of stories: all of them, and one with its reports, why each belongs, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote as quoted

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from otswatch import taxonomy
from otswatch.errors import UsageError
from otswatch.index import Search
from otswatch.quotations import QuoteRequest
from otswatch.records import Article, Difference, Story, StoryMember, Told
from otswatch.stories.search import FILTERS, StoryRequest, standing, to_search
from otswatch.stories.wording import Labels, because, listed
from otswatch.web import moments
from otswatch.web.cards import Moment, moment
from otswatch.web.desk import AtDesk, Desk, page
from otswatch.web.facets import Chip, Facet, Typed, chips_of, chips_of_days, counts_beside, facet

router = APIRouter(tags=["pages"], default_response_class=HTMLResponse)

#: What the filters are called, in the order that they are offered.
_NAMES: Mapping[str, str] = {
    "area": "Area",
    "differs": "Reports differ in",
    "language": "Told in",
    "source": "Source",
    "country": "Country",
}
_DAYS = {"since": "first published from", "until": "first published before"}
_MATTERS = {"place": "place", "day": "day", "figure": "figures"}
#: A card names so many areas and sources.
_AREAS, _SOURCES = 3, 6


@dataclass(frozen=True, slots=True)
class Report:
    """An article of a story. `like` is null where its reason names none, or one that the story does not list."""

    article: str
    title: str
    language: str
    language_name: str
    publisher: str
    official: bool
    first: bool
    url: str | None
    seen: Moment | None
    published: str
    published_at: str
    why: str
    like: Report | None
    like_id: str | None
    shared: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a reader sees of a story in a list. `published`: the day of its earliest article; blank of an undated one.

    `first`, `official`: null where there is none, or where the story does not list it.
    """

    id: str
    title: str
    language: str
    articles: int
    sources: tuple[str, ...]
    more_sources: int
    languages: tuple[str, ...]
    first: Report | None
    official: Report | None
    seen: Moment | None
    last: Moment | None
    published: str
    areas: tuple[tuple[str, str], ...]
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One of the values in which reports differ, and who says it in which words."""

    name: str
    said: tuple[tuple[Report, str], ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter in which reports differ."""

    name: str
    values: tuple[Value, ...]


@router.get("/stories", summary="Stories")
def stories(request: Request, asked: Annotated[StoryRequest, Query()], desk: AtDesk) -> HTMLResponse:
    """What several articles tell, once; the newest first by first sight."""
    index, now = desk.stores.index, datetime.now(UTC)
    wanted = to_search(index, asked, desk.settings.config)
    hits = index.search(wanted.search)
    return _page(
        request,
        asked,
        hits=hits,
        cards=[_card(Story.model_validate(record), desk, now) for record in hits.documents],
        notes=wanted.read.notes if wanted.read else (),
        most=wanted.most,
        facets=list(_facets(desk, asked, wanted.search)),
        chips=list(_chips(desk, asked)),
    )


def refused(request: Request, message: str) -> HTMLResponse:
    """The page with what was typed, and why it cannot be looked for."""
    return _page(request, None, 400, error=message, hits=None, cards=(), notes=(), most=False, facets=(), chips=())


def _page(request: Request, asked: StoryRequest | None, status: int = 200, **values: Any) -> HTMLResponse:
    typed = Typed.of(request.query_params.multi_items())
    return page("stories.html", status, asked=asked, typed=typed, filters=FILTERS, **{"error": "", **values})


@router.get("/stories/{id}", summary="One story", response_class=Response)
def story(id: str, desk: AtDesk) -> Response:  # noqa: A002 - the name of the thing
    """Its reports in the order of first sight, why each belongs, and where they differ in place, day or figures."""
    found = one(desk, id)
    if found.id != id:
        return RedirectResponse(f"/stories/{quoted(found.id, safe='')}", 307)
    now, labels = datetime.now(UTC), Labels(taxonomy.load(desk.settings.config))
    reports = [_report(each, found, desk, now) for each in found.members]
    by_article = {each.article: each for each in reports}
    return page(
        "story.html",
        card=_card(found, desk, now),
        story=found,
        reports=reports,
        matters=[_matter(each, by_article, labels) for each in found.differences],
        quotes=QuoteRequest(story=(found.id,)),
    )


def one(desk: Desk, id_: str) -> Story:
    """The story that an id means now.

    Raises:
        HTTPException: 404 there is none, 410 none of its articles is kept any more.
    """
    try:
        found = standing(desk.stores.index, id_)
    except UsageError:
        raise HTTPException(404, f"there is no story {id_[:80]}") from None
    if not found.articles:
        raise HTTPException(410, "no article of this story is kept any more")
    return found


def of_article(desk: Desk, article: Article, now: datetime) -> Card | None:
    """The story that an article tells together with others; null where no other does."""
    try:
        found = standing(desk.stores.index, article.story.id) if article.story else None
    except UsageError:  # the article came first
        return None
    return _card(found, desk, now) if found and found.articles > 1 else None


# -------------------------------------------------------------------------------------------------------------- values


def _card(found: Story, desk: Desk, now: datetime) -> Card:
    first, official = (
        _report(each, found, desk, now) if (each := listed(found, article)) else None
        for article in (found.first, found.official)
    )
    leading = official if found.official else first
    return Card(
        id=found.id,
        title=found.title or (leading.title if leading else "untitled"),
        language=leading.language if leading else "und",
        articles=found.articles,
        sources=tuple(desk.names.of("source", source) for source in found.sources[:_SOURCES]),
        more_sources=max(0, len(found.sources) - _SOURCES),
        languages=tuple(desk.names.of("language", language) for language in found.languages),
        first=first,
        official=official,
        seen=moment(found.first_seen, now),
        last=moment(found.last_seen, now),
        published=moments.day(found.published) if found.published else "",
        areas=tuple((area, desk.names.of("area", area)) for area in found.areas[:_AREAS]),
        differs=tuple(dict.fromkeys(_MATTERS[each.of] for each in found.differences)),
    )


def _report(each: StoryMember, found: Story, desk: Desk, now: datetime, *, with_like: bool = True) -> Report:
    like = listed(found, each.like) if with_like else None
    return Report(
        article=each.article,
        title=each.title or each.url or "untitled",
        language=each.language,
        language_name=desk.names.of("language", each.language),
        publisher=desk.names.publisher(each.source, each.url),
        official=each.official,
        first=each.article == found.first,
        url=each.url,
        seen=moment(each.first_seen, now),
        published=moments.at(each.published) if each.published else "",
        published_at=each.published or "",
        why=because(each),
        like=_report(like, found, desk, now, with_like=False) if like else None,
        like_id=each.like,
        shared=each.why,
        rule=each.reason,
    )


def _matter(difference: Difference, reports: Mapping[str, Report], labels: Labels) -> Matter:
    values = (_value(difference, each, reports, labels) for each in difference.values)
    return Matter(labels.matter(difference), tuple(values))


def _value(difference: Difference, told: Told, reports: Mapping[str, Report], labels: Labels) -> Value:
    said = ((reports[article], words) for article, words in told.words.items() if article in reports)
    return Value(labels.value(difference, told.value), tuple(said))


# ------------------------------------------------------------------------------------------------------------- filters


def _facets(desk: Desk, asked: StoryRequest, search: Search) -> Iterator[Facet]:
    """The values of each filter among what the rest of the search finds: they are alternatives of each other."""
    for field, title in _NAMES.items():
        counts = counts_beside(desk.stores.index, search, field)
        yield facet(field, title, getattr(asked, field), counts, partial(_name, desk, field))


def _name(desk: Desk, field: str, value: str) -> str:
    return _MATTERS[value] if field == "differs" else desk.names.of(field, value)


def _chips(desk: Desk, asked: StoryRequest) -> Iterator[Chip]:
    """Everything that narrows the search down but its words."""
    for field, title in _NAMES.items():
        yield from chips_of(asked, field, title, partial(_name, desk, field))
    if asked.at_least > 1:
        yield Chip("", f"{asked.at_least} articles or more", asked.with_changes(at_least=1))
    yield from chips_of_days(asked, _DAYS)
    if asked.undated:
        yield Chip("", "without a publication date", asked.with_changes(undated=False))
    if asked.exact:
        yield Chip("", "exactly as written", asked.with_changes(exact=False))
