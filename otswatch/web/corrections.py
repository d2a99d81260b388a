"""Corrections over HTTP: as JSON, and by a form on an article's page. Only from this machine, until there is sign-in.

Whoever reads the pages from elsewhere sees what people said, and cannot say anything. A page of somebody else's, open
in a browser on this machine, must not say anything either: JSON cannot be posted across origins without being asked
for, and a form has to bring a token that only our own pages can read.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from otswatch import taxonomy
from otswatch.corrections import acts, kept
from otswatch.corrections.fold import standing, unfold
from otswatch.corrections.values import ALONE, FIELDS, quote_of, value_of
from otswatch.errors import UsageError
from otswatch.quotations import Labels
from otswatch.records import Article, Corrected, Correction
from otswatch.stories.groups import HUMAN
from otswatch.web import moments
from otswatch.web.api import Failure
from otswatch.web.desk import AtDesk, Desk
from otswatch.web.evidence import LEVELS, PARTS
from otswatch.web.here import is_local, require_json, require_local, require_ours
from otswatch.web.marking import beginning
from otswatch.web.names import Names

#: A form has no more than this.
_FORM_BYTES = 65_536
#: Characters of a quote that tell it from the others of its article.
_WORDS = 60


class Voice(BaseModel):
    """Who spoke the words of one quote."""

    model_config = ConfigDict(extra="forbid")

    quote: str = Field(description="Id of a quote of the article, or its beginning.")
    speaker: str | None = Field(description="Id of a person in the register, or a name; null for unknown.")


class Said(BaseModel):
    """What is right of an article. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    article: str = Field(description="Its id or its address.")
    areas: list[str] = Field(default=[], description="Ids of areas, main one first; an empty list for none of them.")
    kind: str | None = Field(default=None, description="Id of a kind; null for unknown.")
    relevance: Literal["about", "part", "passing", "none"] = Field(default="none")
    published: str | None = Field(default=None, description="2025-04-15, 2025-04, 2025 or a moment; null for unknown.")
    speaker: Voice | None = Field(default=None, description="Who spoke, of one quote.")
    story: str = Field(default=ALONE, description="`alone`: a story of its own; or the id of the story that it is in.")
    note: str = Field(default="", description="Why; shown beside the value.")
    by: str | None = Field(default=None, description="Who says so; null for the user that the server runs as.")

    def values(self) -> dict[str, Any]:
        """What was said, by field."""
        said = self.model_dump(include={*FIELDS} & self.model_fields_set)
        return {field: said[field] for field in FIELDS if field in said}


class TakenBack(BaseModel):
    """Who takes a correction back."""

    model_config = ConfigDict(extra="forbid")

    by: str | None = Field(default=None, description="Null for the user that the server runs as.")


class Listed(Correction):
    """A correction, and what became of it."""

    status: Literal["stands", "replaced", "withdrawn"]


class Corrections(BaseModel):
    """What people said, oldest first."""

    corrections: list[Listed]


class Added(BaseModel):
    """What was said now, and where the text of the article is."""

    corrections: list[Correction]
    text: Literal["here", "restored", "missing"] = Field(
        description="`restored`: it had been discarded, and comes from the archive; `missing`: it is not there either."
    )


#: Models of the bodies that are posted.
REQUESTS: dict[str, type[BaseModel]] = {"/api/corrections": Said}

# ------------------------------------------------------------------------------------------------------------ from here


async def _form(request: Request) -> Mapping[str, list[str]]:
    """The fields of a form of ours, those that are filled in."""
    require_ours(request)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _FORM_BYTES:
            raise HTTPException(413, f"a form has at most {_FORM_BYTES} bytes")
    fields = parse_qs(body.decode("utf-8", "replace"))
    if not secrets.compare_digest(fields.get("token", [""])[0].encode(), token(request).encode()):
        raise HTTPException(
            403, "the page was made before the server was started anew: load it again, and say it again"
        )
    return fields


def token(request: Request) -> str:
    """What proves that a form was read from a page of this server; `create_app` made it."""
    made: str = request.app.state.form_token
    return made


Form = Annotated[Mapping[str, list[str]], Depends(_form)]

_FAILURES: dict[int | str, dict[str, Any]] = {
    400: {"model": Failure},
    403: {"model": Failure, "description": "Not from this machine, or sent by a page of another site."},
    503: {"model": Failure},
}
_POSTED: dict[int | str, dict[str, Any]] = {**_FAILURES, 415: {"model": Failure, "description": "Not JSON."}}

router = APIRouter(tags=["corrections"], default_response_class=JSONResponse)


# ----------------------------------------------------------------------------------------------------------- as JSON


@router.get(
    "/api/corrections",
    summary="What people put right",
    dependencies=[Depends(require_local)],
    responses={200: {"model": Corrections}, **_FAILURES},
)
def corrections(
    desk: AtDesk,
    article: Annotated[str | None, Query(description="Of one article: its id or its address.")] = None,
    field: Annotated[str | None, Query(description="areas, kind, relevance, published, speaker or story.")] = None,
    since: Annotated[date | None, Query(description="Said, or withdrawn, on or after this day (UTC).")] = None,
) -> Response:
    """Oldest first, also what was replaced or withdrawn since. Only from this machine."""
    moment = datetime.combine(since, time(), UTC) if since else None
    found = acts.entries(desk.stores, article, field, moment)
    return JSONResponse({"corrections": [entry.correction.to_dict() | {"status": entry.status} for entry in found]})


@router.post(
    "/api/corrections",
    summary="Put an article right",
    status_code=201,
    dependencies=[Depends(require_json)],
    responses={201: {"model": Added}, **_POSTED},
)
def add(said: Said, desk: AtDesk) -> Response:
    """Stands against every later fetch until it is withdrawn. Only from this machine."""
    by = said.by or acts.user()
    added = acts.add(desk.settings, desk.stores, said.article, said.values(), by=by, note=said.note)
    return JSONResponse({"corrections": [each.to_dict() for each in added.corrections], "text": added.text}, 201)


@router.post(
    "/api/corrections/{id}/withdraw",
    summary="Take a correction back",
    dependencies=[Depends(require_json)],
    responses={200: {"model": Correction}, **_POSTED},
)
def withdraw(id: str, taken: TakenBack, desk: AtDesk) -> Response:  # noqa: A002 - the name of the thing
    """What the machine made of that part stands again. Only from this machine."""
    return JSONResponse(acts.withdraw(desk.stores, id, by=taken.by or acts.user()).to_dict())


# ------------------------------------------------------------------------------------------------------- on the page


@router.post("/articles/{id}/corrections", summary="Put an article right, by the form of its page")
def add_by_form(id: str, form: Form, desk: AtDesk) -> Response:  # noqa: A002 - the name of the thing
    """Leads back to the article; a field that was not touched says nothing. Only from this machine."""
    first = {name: values[0].strip() for name, values in form.items()}
    acts.add(desk.settings, desk.stores, id, _values(form, first), by=first.get("by", ""), note=first.get("note", ""))
    return RedirectResponse(f"/articles/{quote(id, safe='')}#corrections", 303)


@router.post("/articles/{id}/corrections/{word}/withdraw", summary="Take a correction back, by the form of its page")
def withdraw_by_form(id: str, word: str, form: Form, desk: AtDesk) -> Response:  # noqa: A002 - as above
    """Leads back to the article. Only from this machine."""
    acts.withdraw(desk.stores, word, by=form.get("by", [""])[0])
    return RedirectResponse(f"/articles/{quote(id, safe='')}#corrections", 303)


def _values(form: Mapping[str, list[str]], first: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: first[name] for name in ("kind", "relevance", "published", "story") if first.get(name)
    }
    values = {name: None if value == "unknown" else value for name, value in values.items()}
    main, others = first.get("area"), form.get("also", [])
    if others and (not main or main == "none"):
        raise UsageError("areas: choose the main one too")
    if main:
        values["areas"] = [] if main == "none" else [main, *(other for other in others if other != main)]
    return values | _voice(first.get("quote"), first.get("speaker"))


def _voice(quote: str | None, speaker: str | None) -> dict[str, Any]:
    if bool(quote) != bool(speaker):
        raise UsageError("speaker: choose the quote, and say who spoke its words")
    said = {"quote": quote, "speaker": None if speaker == "unknown" else speaker}
    return {"speaker": said} if quote else {}


@dataclass(frozen=True, slots=True)
class Word:
    """What stands of a part of an article, as its page shows it. `pending`: the index does not say so yet."""

    id: str
    part: str
    value: str
    machine: str
    by: str
    at: str
    note: str
    pending: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: (id, name) each."""

    areas: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    quotes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The part of an article's page that is about corrections.

    `taken_back`: parts whose correction was withdrawn, and the index does not say so yet. `token`: empty where the
    reader cannot say anything; `user`: who they most likely are.
    """

    words: tuple[Word, ...]
    taken_back: tuple[str, ...]
    without_text: bool
    choices: Choices
    token: str
    user: str


def block(request: Request, desk: Desk, article: Article) -> Block:
    """What people said of an article, and the form where the reader may say something."""
    local = is_local(request)
    stands = standing(kept.of(desk.stores.state, article.id))
    names = desk.names
    return Block(
        words=tuple(_words(article, stands, names, Labels(taxonomy.load(desk.settings.config)))),
        taken_back=tuple(_part(part, article) for part in article.corrected if part not in stands),
        without_text=article.status == "ok" and not (article.content and article.content.text),
        choices=Choices(
            areas=tuple(names.areas.items()),
            kinds=tuple(names.kinds.items()),
            levels=tuple(LEVELS.items()),
            quotes=tuple((each.id, beginning(each.text, _WORDS)) for each in article.quotes),
        ),
        token=token(request) if local else "",
        user=_user() if local else "",
    )


def _words(article: Article, stands: Mapping[str, Correction], names: Names, labels: Labels) -> Iterator[Word]:
    machine = unfold(article)
    parts = [(part, said) for field in FIELDS for part, said in stands.items() if said.field == field]
    for part, said in parts:
        shown = article.corrected.get(part)
        yield Word(
            id=said.id,
            part=_part(part, article),
            value=_in_words(names, labels, said.field, said.value),
            machine=_in_words(names, labels, said.field, value_of(machine, part)) if said.field != "story" else "",
            by=said.by,
            at=moments.utc(said.at),
            note=said.note,
            pending=_is_pending(said, shown, article) and _is_there(part, article),
        )


def _is_pending(said: Correction, shown: Corrected | None, article: Article) -> bool:
    if said.field == "story":  # which is not put over the article: it says itself who put it where it is
        return article.story is None or not article.story.reason.startswith(HUMAN)
    return shown is None or shown.id != said.id


def _is_there(part: str, article: Article) -> bool:
    """Whether the article has the part: the words of a quote may have gone from its text."""
    quote = quote_of(part)
    return quote is None or any(each.id == quote for each in article.quotes)


def _part(part: str, article: Article) -> str:
    if (quote := quote_of(part)) is None:
        return "Story" if part == "story" else PARTS["date" if part == "published" else part]
    words = next((beginning(each.text, _WORDS) for each in article.quotes if each.id == quote), None)
    return f"Speaker of “{words}”" if words else "Speaker of words that are not in the text any more"


def _in_words(names: Names, labels: Labels, field: str, value: Any) -> str:
    if field == "speaker":
        value = value["speaker"]
    if value is None:
        return "unknown"
    match field:
        case "areas":
            return ", ".join(names.of("area", id_) for id_ in value) or "none"
        case "kind":
            return names.of("kind", value)
        case "relevance":
            return LEVELS[value]
        case "speaker":
            return labels.person(value)
        case "story":
            return "a story of its own" if value == ALONE else str(value)
    return moments.at(value)


def _user() -> str:
    try:
        return acts.user()
    except UsageError:
        return ""
