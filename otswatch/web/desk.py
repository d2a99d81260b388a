"""What every route works with, and the templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from otswatch import __version__
from otswatch.search_request import Request as Asked
from otswatch.search_request import SearchRequest
from otswatch.settings import Settings
from otswatch.stores import Stores
from otswatch.web.names import Names


@dataclass(frozen=True)
class Desk:
    """Settings, stores and names, for the life of the application."""

    settings: Settings
    stores: Stores
    names: Names


async def _desk(request: Request) -> Desk:  # async: not worth a thread
    desk: Desk = request.app.state.desk
    return desk


#: As a parameter of a route: the application's desk.
AtDesk = Annotated[Desk, Depends(_desk)]


def standing(desk: Desk, id_: str) -> str:
    """The id that stands for another address of the same page.

    Raises:
        HTTPException: 404, there is none.
    """
    alias = desk.stores.index.get("aliases", id_)
    if alias is None or alias["id"] == id_:
        raise HTTPException(404, f"there is no article {id_[:80]}")
    return str(alias["id"])


def link(path: str, **values: Any) -> str:
    """The address of a search, for example `link("/search", area=("energy",))`."""
    return to(path, SearchRequest(**values))


def to(path: str, request: Asked) -> str:
    """The address of a search."""
    query = request.to_query_string()
    return f"{path}?{query}" if query else path


def original(url: str | None) -> str | None:
    """An address that may become a link: of the web, nothing that runs."""
    return url if url and url.casefold().startswith(("http://", "https://")) else None


def _code(text: str) -> Markup:
    """What stands between `backticks` as code."""
    code = Markup("<code>{}</code>")
    return Markup("").join(
        code.format(part) if place % 2 else escape(part) for place, part in enumerate(text.split("`"))
    )


def _environment() -> Environment:
    # Every template is escaped, whatever its name ends with; a name that is missing is an error, not a blank.
    made = Environment(
        loader=PackageLoader("otswatch.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["code"] = _code
    made.globals.update(link=link, to=to, original=original, version=__version__)
    return made


_templates = _environment()


def page(template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> HTMLResponse:
    """A page made from one of the templates."""
    text = _templates.get_template(template).render(values)
    return HTMLResponse(text.encode("utf-8", "replace"), status, headers)
