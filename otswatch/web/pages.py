"""The pages: what is new, search, one article, sources, how things stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from otswatch import overview
from otswatch.errors import DependencyDownError
from otswatch.index import Hits, Search, for_readers
from otswatch.records import Article
from otswatch.search_request import SearchRequest
from otswatch.web import atom, corrections, documents, evidence, front, json_feed, moments, stories
from otswatch.web import sources as table
from otswatch.web.cards import articles, card, cards, headline, moment, sizes, why_not
from otswatch.web.desk import AtDesk, Desk, page, standing
from otswatch.web.facets import Facet, Typed, chips, facets
from otswatch.web.trust import Trust, trust

router = APIRouter(tags=["pages"], default_response_class=HTMLResponse)

#: Other articles of its story that the page of an article names.
_COPIES = 20


@router.get("/", summary="What is new, by first sight")
def new(
    desk: AtDesk,
    refresh: Annotated[int | None, Query(ge=1, le=60, description="Load the page again after so many minutes.")] = None,
) -> HTMLResponse:
    """Official sources first, then the others by day; what has no publication date apart."""
    now = datetime.now(UTC)
    headers = {"Refresh": str(refresh * 60)} if refresh else None
    return page(
        "new.html",
        headers=headers,
        now=moments.utc(now),
        trust=_trust(desk, now),
        sections=front.sections(desk, now),
        facets=facets(desk, SearchRequest(), ("area", "language", "source")),
        refresh=refresh,
    )


@router.get("/search", summary="Search with filters")
def search(request: Request, asked: Annotated[SearchRequest, Query()], desk: AtDesk) -> HTMLResponse:
    """The filters stand in the address: it can be kept, sent and subscribed to."""
    now = datetime.now(UTC)
    hits = desk.stores.index.search(asked.to_search(desk.settings.config))
    read = asked.read(desk.settings.config)
    found = articles(hits.documents)
    told = sizes(desk.stores.index, found)
    return _search_page(
        request,
        asked,
        hits=hits,
        cards=cards(found, desk.names, now, read.node if read else None, snippets=True, told=told),
        notes=read.notes if read else (),
        facets=facets(desk, asked),
        chips=chips(desk, asked),
    )


def refused_search(request: Request, message: str) -> HTMLResponse:
    """The search page with what was typed, and why it cannot be searched for."""
    nothing: list[Facet] = []
    return _search_page(request, None, 400, error=message, hits=None, cards=(), notes=(), facets=nothing, chips=())


def _search_page(request: Request, asked: SearchRequest | None, status: int = 200, **values: Any) -> HTMLResponse:
    typed = Typed.of(request.query_params.multi_items())
    return page("search.html", status, asked=asked, typed=typed, **{"error": "", **values})


@router.get("/search.atom", summary="A search as an Atom feed", response_class=Response, tags=["feeds"])
def search_atom(request: Request, asked: Annotated[SearchRequest, Query()], desk: AtDesk) -> Response:
    """The same parameters as the search page. `published` is there only where the moment is known."""
    hits = desk.stores.index.search(asked.to_search(desk.settings.config))
    home = str(request.base_url).rstrip("/")
    return Response(atom.feed(asked, hits, desk.names, home), media_type=atom.MEDIA_TYPE)


@router.get("/search.json", summary="A search as a JSON Feed", response_class=Response, tags=["feeds"])
def search_json(request: Request, asked: Annotated[SearchRequest, Query()], desk: AtDesk) -> Response:
    """The same parameters as the search page, and the same in it as in the Atom feed (JSON Feed 1.1)."""
    hits = desk.stores.index.search(asked.to_search(desk.settings.config))
    home = str(request.base_url).rstrip("/")
    return JSONResponse(json_feed.feed(asked, hits, desk.names, home), media_type=json_feed.MEDIA_TYPE)


@router.get("/articles/{id}", summary="One article with its evidence")
def article(id: str, request: Request, desk: AtDesk) -> Response:  # noqa: A002 - the name of the thing
    """Its text with the words marked that its values stand on; each value with its words, rule and version."""
    record = desk.stores.index.get("articles", id)
    if record is None:
        return RedirectResponse(f"/articles/{standing(desk, id)}", 307)
    now, found = datetime.now(UTC), Article.model_validate(record)
    parts = evidence.parts(found, desk.names)
    gone = record.get("gone")
    return page(
        "article.html",
        410 if gone else 200,
        article=found,
        card=card(found, desk.names, now),
        heading=headline(found),
        parts=parts,
        highlights=evidence.Highlights(found, parts),
        story=stories.of_article(desk, found, now),
        documents=documents.of_article(desk, found.id),
        copies=[card(copy, desk.names, now) for copy in _copies(desk, found)],
        modified=moments.written(found.modified) if found.modified else "",
        gone={"at": moments.utc(datetime.fromisoformat(gone["at"])), "reason": gone["reason"]} if gone else None,
        why_not=why_not(found),
        corrections=None if gone else corrections.block(request, desk, found),
        dates=[(candidate, moments.at(candidate.at or "")) for candidate in found.date_candidates],
        times=_times(found, now),
    )


def _copies(desk: Desk, found: Article) -> list[Article]:
    if found.story is None:
        return []
    hits: Hits = desk.stores.index.search(for_readers(Search(filters={"story": (found.story.id,)}, size=_COPIES)))
    return [other for other in articles(hits.documents) if other.id != found.id]


def _times(found: Article, now: datetime) -> Mapping[str, Any]:
    trace = found.trace
    return {
        "First listed": moment(trace.first_listed, now),
        "First seen": moment(trace.first_seen, now),
        "Fetched": moment(trace.fetched_at, now),
    }


@router.get("/sources", summary="Who is watched")
def sources(desk: AtDesk) -> HTMLResponse:
    """Each source with its last visits; those that are not watched apart."""
    return page("sources.html", rows=list(table.rows(desk, datetime.now(UTC))))


@router.get("/status", summary="How things stand")
def status(desk: AtDesk) -> HTMLResponse:
    """What `otswatch status` shows."""
    now = datetime.now(UTC)
    sections = list(overview.sections(desk.settings, desk.stores))
    return page("status.html", sections=sections, now=moments.utc(now), trust=_trust(desk, now))


def _trust(desk: Desk, now: datetime) -> Trust | str:
    """How things stand, or why nobody can tell: the bus may be down while all that was collected is there to read."""
    try:
        return trust(desk, now)
    except DependencyDownError as error:
        return f"How things stand cannot be read: {error}"
