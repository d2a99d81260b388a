"""The same as JSON. Described in /openapi.json; records are given as they are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from otswatch import overview
from otswatch.expansion import Note
from otswatch.records import Article
from otswatch.search_request import SearchRequest, result
from otswatch.web import sources as table
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


#: Models of the routes that take more than a search.
REQUESTS: dict[str, type[SearchRequest]] = {"/api/facets": FacetsRequest, "/api/timeline": TimelineRequest}

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


@router.get("/sources", summary="Who is watched", responses={200: {"model": list[SourceState]}, **_FAILURES})
def sources(desk: AtDesk) -> Response:
    """All sources of the registry with their last visits."""
    return JSONResponse([table.as_json(row) for row in table.rows(desk, datetime.now(UTC))])


@router.get("/status", summary="How things stand", responses={200: {"model": list[Section]}, **_FAILURES})
def status(desk: AtDesk) -> Response:
    """What `otswatch status` shows."""
    sections = overview.sections(desk.settings, desk.stores)
    return JSONResponse([{"title": title, "columns": head, "rows": rows} for title, head, rows in sections])
