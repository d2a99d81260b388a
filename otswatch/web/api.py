"""The same as JSON. Described in /openapi.json; records are given as they are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from otswatch import calendar, overview, quotations, taxonomy
from otswatch.calendar import MeetingRequest
from otswatch.documents import OfficialDocument
from otswatch.documents.search import DocumentRequest, find
from otswatch.expansion import Note
from otswatch.index.quote_projection import Utterance, Within
from otswatch.quotations import By, QuoteRequest
from otswatch.records import Article, Story
from otswatch.search_request import Request, SearchRequest, result
from otswatch.stories.search import StoryRequest
from otswatch.stories.search import find as find_stories
from otswatch.web import documents as texts
from otswatch.web import sources as table
from otswatch.web import stories as told
from otswatch.web.desk import AtDesk, standing


class Failure(BaseModel):
    """Why there is no answer, and what to do."""

    error: str


class Found(BaseModel):
    """A page of results, as `otswatch search --format json` gives it."""

    total: int
    undated: int = Field(description="Match everything but a range, because they have no date.")
    after: str | None = Field(description="Continues behind the last one; null at the end.")
    expanded: list[Note] = Field(description="What words were read as; `exact=1` searches for them as typed.")
    articles: list[Article]


class Bucket(BaseModel):
    """A value, or the start of an interval, and how many articles it has."""

    key: str
    count: int


class Timeline(BaseModel):
    """Counts per interval, oldest first, without gaps."""

    field: str
    interval: str
    zone: str
    buckets: list[Bucket]


class SourceState(BaseModel):
    """A source of the registry, and what its last visits met. Moments are of UTC; null is never."""

    id: str
    name: str
    kind: str | None
    country: str
    languages: list[str]
    homepage: str | None
    status: str
    watched: bool
    tried: str | None
    answered: str | None
    due: str | None = Field(description="When it is visited next; null where nobody crawls it on schedule.")
    published: int = Field(description="Pages of all visits.")
    counts: dict[str, int] = Field(description="How the addresses of the last visit ended, by status word.")


class Section(BaseModel):
    """A table of `otswatch status`."""

    title: str
    columns: list[str]
    rows: list[list[str]]


class FacetsRequest(SearchRequest):
    """A search whose articles are counted. What `size`, `sort` and `after` say does not count."""

    field: list[str] = Field(default=["area"], min_length=1, description="Keyword fields whose values are counted.")


class TimelineRequest(SearchRequest):
    """A search whose articles are counted in time."""

    field: str = Field(default="published", description="A date field: published, first_seen, fetched_at, modified.")
    interval: Literal["day", "week", "month"] = Field(default="day", description="Weeks start on Monday.")
    zone: str = Field(default="UTC", description="The time zone whose calendar counts, such as Asia/Baku.")


class Elsewhere(BaseModel):
    """The same words in another article of the same story."""

    id: str
    start: int
    end: int
    article: Within


class Said(Utterance):
    """A quote by itself, with the article that it stands in, and where else it does."""

    copies: list[Elsewhere]


class QuotesFound(BaseModel):
    """A page of quotes, as `otswatch quotes --format json` gives it."""

    total: int = Field(description="The same words of a story once; no more than 10,000 are counted.")
    places: int = Field(description="The same with every copy.")
    undated: int = Field(description="Match everything but the days, because they have no date.")
    after: str | None = Field(description="Continues behind the last one; null at the end.")
    expanded: list[Note] = Field(description="What names and words were read as; `exact=1` looks for them as typed.")
    quotes: list[Said]


class QuoteCount(BaseModel):
    """A value, its name, and how many quotes have it; null: those of which it is not known."""

    key: str | None
    name: str | None
    count: int


class QuoteCounts(BaseModel):
    """The commonest first, months in their order and without gaps."""

    by: By
    counts: list[QuoteCount]


class QuoteCountsRequest(QuoteRequest):
    """A search whose quotes are counted. What `size` and `after` say does not count."""

    by: By = Field(
        default="area", description="What is counted: area, speaker, state (or body), month, language, source."
    )


class MeetingsFound(BaseModel):
    """Meetings, as `otswatch meetings --format json` gives them."""

    dated: list[calendar.Entry]
    open: list[calendar.Entry] = Field(description="Those of which no day is known.")


class DocumentsFound(BaseModel):
    """A page of official documents, as `otswatch documents --format json` gives it."""

    total: int
    after: str | None = Field(description="Continues behind the last one; null at the end.")
    expanded: list[Note] = Field(description="What words were read as; `exact=1` searches for them as typed.")
    documents: list[OfficialDocument]


class StoriesFound(BaseModel):
    """A page of stories, as `otswatch stories --format json` gives it."""

    total: int
    undated: int = Field(description="Match everything but the days, because no article of theirs has a date.")
    most: bool = Field(description="The words are in more stories than can be looked at: these have most articles.")
    after: str | None = Field(description="Continues behind the last one; null at the end.")
    expanded: list[Note] = Field(description="What words were read as; `exact=1` searches for them as typed.")
    stories: list[Story]


#: Models of the routes that take more than a search.
REQUESTS: dict[str, type[Request]] = {
    "/api/facets": FacetsRequest,
    "/api/timeline": TimelineRequest,
    "/api/meetings": MeetingRequest,
    "/api/stories": StoryRequest,
    "/api/quotes": QuoteRequest,
    "/api/quotes/counts": QuoteCountsRequest,
    "/api/documents": DocumentRequest,
}

_FAILURES: dict[int | str, dict[str, Any]] = {400: {"model": Failure}, 503: {"model": Failure}}
_ONE: dict[int | str, dict[str, Any]] = {
    307: {"description": "Another address of the same page: the id that stands is in `Location`."},
    404: {"model": Failure},
    410: {"description": "The page is gone; its record says since when and why (`gone`)."},
}

router = APIRouter(prefix="/api", tags=["api"], default_response_class=JSONResponse)


# Answers are given as they are: their models are for the description, records were checked when they were written.


@router.get("/articles", summary="Search", responses={200: {"model": Found}, **_FAILURES})
def articles(asked: Annotated[SearchRequest, Query()], desk: AtDesk) -> Response:
    """Articles that match, newest first by first sight unless `sort` says otherwise."""
    hits = desk.stores.index.search(asked.to_search(desk.settings.config))
    return JSONResponse(result(hits, asked.read(desk.settings.config)))


@router.get("/articles/{id}", summary="One article", responses={200: {"model": Article}, **_ONE, **_FAILURES})
def article(id: str, desk: AtDesk) -> Response:  # noqa: A002 - the name of the thing
    """The whole record: values, evidence, rejected dates, versions."""
    record = desk.stores.index.get("articles", id)
    if record is None:
        return RedirectResponse(f"/api/articles/{standing(desk, id)}", 307)
    return JSONResponse(record, 410 if "gone" in record else 200)


@router.get("/facets", summary="Counts by value", responses={200: {"model": dict[str, list[Bucket]]}, **_FAILURES})
def facets(asked: Annotated[FacetsRequest, Query()], desk: AtDesk) -> Response:
    """For each field its values, most frequent first."""
    counted = desk.stores.index.facets(asked.to_search(desk.settings.config), asked.field)
    return JSONResponse(
        {name: [{"key": bucket.key, "count": bucket.count} for bucket in found] for name, found in counted.items()}
    )


@router.get("/timeline", summary="Counts in time", responses={200: {"model": Timeline}, **_FAILURES})
def timeline(asked: Annotated[TimelineRequest, Query()], desk: AtDesk) -> Response:
    """From the first article to the last, or to the ends of the range that is asked for."""
    counted = desk.stores.index.timeline(asked.to_search(desk.settings.config), asked.field, asked.interval, asked.zone)
    buckets = [{"key": bucket.key, "count": bucket.count} for bucket in counted]
    return JSONResponse({"field": asked.field, "interval": asked.interval, "zone": asked.zone, "buckets": buckets})


@router.get("/stories", summary="Stories", responses={200: {"model": StoriesFound}, **_FAILURES})
def stories(asked: Annotated[StoryRequest, Query()], desk: AtDesk) -> Response:
    """Stories that match, the newest first by first sight; an article that no other is like is one, too."""
    return JSONResponse(find_stories(desk.stores.index, asked, desk.settings.config).to_dict())


_ONE_STORY: dict[int | str, dict[str, Any]] = {
    307: {"description": "It turned out to be a part of another story, which is in `Location`."},
    404: {"model": Failure},
    410: {"model": Failure},
}


@router.get("/stories/{id}", summary="One story", responses={200: {"model": Story}, **_ONE_STORY, **_FAILURES})
def story(id: str, desk: AtDesk) -> Response:  # noqa: A002 - the name of the thing
    """Its articles by first sight, why each belongs, and where they differ; 200 of them at most."""
    found = told.one(desk, id)
    if found.id != id:
        return RedirectResponse(f"/api/stories/{found.id}", 307)
    return JSONResponse(found.to_dict())


@router.get("/quotes", summary="Who said what", responses={200: {"model": QuotesFound}, **_FAILURES})
def quotes(asked: Annotated[QuoteRequest, Query()], desk: AtDesk) -> Response:
    """Quotes that match, newest first by publication, the same words of a story once."""
    config = desk.settings.config
    found = quotations.rows(desk.stores.index, asked.to_search(config), copies=asked.copies)
    return JSONResponse(quotations.result(found, asked.read(config)))


@router.get("/quotes/counts", summary="Quotes by value", responses={200: {"model": QuoteCounts}, **_FAILURES})
def quote_counts(asked: Annotated[QuoteCountsRequest, Query()], desk: AtDesk) -> Response:
    """How many quotes there are by area, speaker, state or body, month, language or source."""
    config = desk.settings.config
    counted = quotations.counts(desk.stores.index, asked.to_search(config), asked.by, copies=asked.copies)
    return JSONResponse(quotations.counted_by(asked.by, counted, quotations.Labels(taxonomy.load(config))))


@router.get("/documents", summary="Official documents", responses={200: {"model": DocumentsFound}, **_FAILURES})
def documents(asked: Annotated[DocumentRequest, Query()], desk: AtDesk) -> Response:
    """Official documents that match, the latest first; one each, however many articles slice it."""
    return JSONResponse(find(desk.stores.index, asked, desk.settings.config).to_dict())


_ONE_TEXT: dict[int | str, dict[str, Any]] = {404: {"model": Failure}, 410: {"model": Failure}}


@router.get(
    "/documents/{id}",
    summary="One official document",
    responses={200: {"model": OfficialDocument}, **_ONE_TEXT, **_FAILURES},
)
def document(id: str, desk: AtDesk) -> Response:  # noqa: A002 - the name of the thing
    """Where and when it was adopted, who signed, its full texts, who cites it; `told` says where each is from."""
    return JSONResponse(texts.one(desk, id).to_dict())


@router.get("/meetings", summary="Coming meetings", responses={200: {"model": MeetingsFound}, **_FAILURES})
def meetings(asked: Annotated[MeetingRequest, Query()], desk: AtDesk) -> Response:
    """Meetings with a day, the soonest first, and those without."""
    return JSONResponse(calendar.read(desk.stores.index, asked, datetime.now(UTC).date()).to_dict())


@router.get(
    "/meetings/{id}",
    summary="One meeting",
    responses={200: {"model": calendar.Entry}, 404: {"model": Failure}, **_FAILURES},
)
def meeting(id: str, desk: AtDesk) -> Response:  # noqa: A002 - the name of the thing
    """A meeting by any of its ids, with who says what of it."""
    found = calendar.find(desk.stores.index, id, datetime.now(UTC).date())
    if found is None:
        raise HTTPException(404, f"there is no meeting {id[:80]}")
    return JSONResponse(found.to_dict())


@router.get("/sources", summary="Who is watched", responses={200: {"model": list[SourceState]}, **_FAILURES})
def sources(desk: AtDesk) -> Response:
    """All sources of the registry with their last visits."""
    return JSONResponse([table.as_json(row) for row in table.rows(desk, datetime.now(UTC))])


@router.get("/status", summary="How things stand", responses={200: {"model": list[Section]}, **_FAILURES})
def status(desk: AtDesk) -> Response:
    """What `otswatch status` shows."""
    sections = overview.sections(desk.settings, desk.stores)
    return JSONResponse([{"title": title, "columns": head, "rows": rows} for title, head, rows in sections])
