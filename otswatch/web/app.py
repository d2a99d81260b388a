"""The application: routes, the files beside them, and what a reader is told where something is not as it should be."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from otswatch import __version__
from otswatch.documents.search import DocumentRequest
from otswatch.errors import ConfigError, DependencyDownError, OTSWatchError, StopError, UsageError
from otswatch.quotations import QuoteRequest
from otswatch.search_request import SearchRequest, complaint
from otswatch.settings import Settings
from otswatch.stores import Stores
from otswatch.stories.search import StoryRequest
from otswatch.web import api, corrections, documents, meetings, pages, quotes, stories, subscriptions
from otswatch.web.desk import Desk, page
from otswatch.web.guard import Guard
from otswatch.web.names import Names

_STATIC = Path(__file__).parent / "static"
#: HTTP status of our errors. A file of ours that cannot be used is not the reader's fault.
_STATUS = {UsageError: 400, DependencyDownError: 503, StopError: 500, ConfigError: 500, OTSWatchError: 500}
#: Pages that show what was typed beside what is wrong with it.
_REFUSED = {
    "/search": pages.refused_search,
    "/stories": stories.refused,
    "/quotes": quotes.refused,
    "/documents": documents.refused,
    "/meetings": meetings.refused,
}
#: Seconds until it is worth asking again where a dependency is down.
RETRY_AFTER = 5


def create_app(settings: Settings, stores: Stores, hosts: Collection[str] = ()) -> FastAPI:
    """The application over `stores`, which stay open as long as it lives.

    Args:
        hosts: names that it answers to, beside those of this machine and that of `settings.page`.

    Raises:
        ConfigError: a file of sources or of the taxonomy that cannot be used.
    """
    app = _Guarded(
        title="OTS Watch",
        version=__version__,
        summary="News about the Organization of Turkic States, with where every value comes from.",
        docs_url=None,  # its page would load scripts from a CDN
        redoc_url=None,
    )
    page_host = urlsplit(settings.page or "").hostname
    app.state.hosts = {*hosts, page_host} if page_host else hosts
    app.state.form_token = secrets.token_urlsafe()
    app.state.wrong_tokens = subscriptions.Limit()
    app.state.desk = Desk(settings, stores, Names.load(settings))
    app.include_router(pages.router)
    app.include_router(stories.router)
    app.include_router(quotes.router)
    app.include_router(documents.router)
    app.include_router(meetings.router)
    app.include_router(api.router)
    app.include_router(corrections.router)
    app.include_router(subscriptions.router)
    app.mount("/static", StaticFiles(directory=_STATIC))
    for kind, status in _STATUS.items():
        app.add_exception_handler(kind, _told(status))
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _fault)
    return app


class _Guarded(FastAPI):
    """Its guard stands before everything else, so that what goes wrong inside is answered with the same headers."""

    def build_middleware_stack(self) -> ASGIApp:
        return Guard(super().build_middleware_stack(), self.state.hosts)


def _answer(request: Request, status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """What a reader is told: JSON for programs, the page that they were on for people."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": message}, status, headers)
    if request.url.path in _REFUSED and status == 400:
        return _REFUSED[request.url.path](request, message)
    return page("error.html", status, headers, code=status, message=message)


def _told(status: int) -> Callable[[Request, Exception], Response]:
    headers = {"Retry-After": str(RETRY_AFTER)} if status == 503 else None

    def handler(request: Request, error: Exception) -> Response:
        return _answer(request, status, str(error), headers)

    return handler


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it is registered for
    ours: dict[str, type[BaseModel]] = {
        "/stories": StoryRequest,
        "/quotes": QuoteRequest,
        "/documents": DocumentRequest,
        **meetings.REQUESTS,
    }
    known = {**api.REQUESTS, **corrections.REQUESTS, **subscriptions.REQUESTS, **ours}
    model = known.get(request.url.path, SearchRequest)
    return _answer(request, 400, complaint(error.errors(), model))


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    message = f"there is no page {request.url.path[:80]}" if error.detail == "Not Found" else error.detail
    return _answer(request, error.status_code, message, dict(error.headers or {}))


def _fault(request: Request, _error: Exception) -> Response:
    return _answer(request, 500, "something went wrong here that should not; the log of `otswatch serve` says what")
