"""Subscriptions over HTTP: the pages that letters link to, which anybody may open, and what this machine may change.

Mail programs and their scanners follow links: nothing is confirmed or ended by `GET`. One click (RFC 8058) is a `POST`
that a mail provider sends, from wherever, without cookies: its token says all, and nobody else can make one.
"""

from __future__ import annotations

import math
import re
import time
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field

from otswatch.alerts.channels import Channels
from otswatch.errors import UsageError
from otswatch.subscriptions import Quiet, Rhythm, Subscription
from otswatch.subscriptions.addresses import shown
from otswatch.subscriptions.kept import ChannelStatus, Subscriptions
from otswatch.subscriptions.tokens import Purpose, TokenError, Tokens
from otswatch.web.api import Failure
from otswatch.web.desk import AtDesk, Desk, page
from otswatch.web.here import require_json, require_local, require_ours

#: What one click sends is shorter.
_FORM_BYTES = 8_192
#: The one field of that form as a part of `multipart/form-data`. The token says all: no more of the form is read.
_PART = re.compile(
    rb'^content-disposition:[^\r\n]*\bname="?List-Unsubscribe"?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\r?\n--',
    re.I | re.M,
)


class Channel(BaseModel):
    """Where it goes to, as far as it may be seen."""

    channel: str
    status: ChannelStatus


class Kept(BaseModel):
    """A subscription, with what is known of its channels."""

    id: str
    title: str
    sends: Literal["news", "morning"]
    search: dict[str, Any]
    official: bool
    channels: list[Channel]
    rhythm: Rhythm
    quiet: Quiet | None
    zone: str
    paused: bool
    no_news: bool
    file: str | None = Field(description="The file that it stands in; null where it was added.")


class Listing(BaseModel):
    """All of them, by id."""

    subscriptions: list[Kept]


#: Models of the bodies that are posted.
REQUESTS: dict[str, type[BaseModel]] = {"/api/subscriptions": Subscription}


class Limit:
    """Counts wrong tokens. They cannot be guessed; this keeps those who try from filling the log and the machine."""

    def __init__(self, most: int = 30, seconds: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._wrong = deque[float]()
        self._lock = Lock()

    def wait(self) -> float:
        """Count a wrong one. Seconds until one more may be tried; 0 while there were not too many."""
        with self._lock:
            now = self._clock()
            while self._wrong and self._wrong[0] <= now - self._seconds:
                self._wrong.popleft()
            if len(self._wrong) >= self._most:
                return self._wrong[0] + self._seconds - now
            self._wrong.append(now)
            return 0


Token = Annotated[str, Query(description="As it stands in the letter's link.")]

_FAILURES: dict[int | str, dict[str, Any]] = {
    400: {"model": Failure},
    403: {"model": Failure, "description": "Not from this machine, or sent by a page of another site."},
    503: {"model": Failure},
}
_POSTED: dict[int | str, dict[str, Any]] = {**_FAILURES, 415: {"model": Failure, "description": "Not JSON."}}
_TOKENS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The token is wrong, or too old."},
    429: {"description": "Too many wrong tokens; `Retry-After` says when to come back."},
}

router = APIRouter(tags=["subscriptions"], default_response_class=HTMLResponse)


def _subscriptions(desk: Desk) -> Subscriptions:
    return Subscriptions(desk.stores.state, desk.settings.config)


def _read(request: Request, desk: Desk, token: str, purpose: Purpose) -> tuple[str, str]:
    """The subscription and the address of a token. A right one is read however many wrong ones there were."""
    try:
        return Tokens(desk.stores.state).read(token, purpose)
    except TokenError:
        limit: Limit = request.app.state.wrong_tokens
        if seconds := limit.wait():
            headers = {"Retry-After": str(math.ceil(seconds))}
            raise HTTPException(429, "too many links that are not right; try again in a minute", headers) from None
        raise


async def _one_click(request: Request) -> None:
    """Refuses what is not the form of one click: `List-Unsubscribe=One-Click`, in either encoding (RFC 8058, 3.2)."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _FORM_BYTES:
            raise HTTPException(413, f"a form has at most {_FORM_BYTES} bytes")
    if not _is_one_click(request.headers.get("content-type", ""), body):
        raise HTTPException(400, "post the form List-Unsubscribe=One-Click, as RFC 8058 says")


def _is_one_click(content_type: str, body: bytes) -> bool:
    match content_type.partition(";")[0].strip().casefold():
        case "application/x-www-form-urlencoded":
            return "One-Click" in parse_qs(body.decode("utf-8", "replace")).get("List-Unsubscribe", ())
        case "multipart/form-data":
            return _PART.search(body) is not None
    return False


def _name(desk: Desk, id_: str) -> str:
    try:
        return _subscriptions(desk).get(id_).name
    except UsageError:  # it is gone, or a file is out of order: neither keeps anybody from ending it
        return id_


# ------------------------------------------------------------------------------------------- the links of letters


@router.get("/subscriptions/confirm", summary="Confirm a subscription", responses=_TOKENS)
def confirm(request: Request, desk: AtDesk, token: Token = "") -> Response:
    """Where the letter that asks leads to: a page with a button. It confirms nothing by itself."""
    return _asked(request, desk, token, "confirm")


@router.post("/subscriptions/confirm", summary="Confirm a subscription, by the button of its page", responses=_TOKENS)
def confirm_by_form(request: Request, desk: AtDesk, token: Token = "") -> Response:
    """News is sent to the address from now on."""
    id_, address = _read(request, desk, token, "confirm")
    subscription = _subscriptions(desk).confirm(id_, address)
    return _page("confirm", subscription.name, address, token, done=True)


@router.get("/subscriptions/unsubscribe", summary="End a subscription", responses=_TOKENS)
def unsubscribe(request: Request, desk: AtDesk, token: Token = "") -> Response:
    """Where each letter leads to: a page with a button. It ends nothing by itself."""
    return _asked(request, desk, token, "unsubscribe")


@router.post(
    "/subscriptions/unsubscribe",
    summary="End a subscription, by one click",
    dependencies=[Depends(_one_click)],
    responses=_TOKENS,
)
def unsubscribe_by_one_click(request: Request, desk: AtDesk, token: Token = "") -> Response:
    """As RFC 8058 has it: `List-Unsubscribe=One-Click` as a form, by a mail program or by the page's button."""
    id_, address = _read(request, desk, token, "unsubscribe")
    _subscriptions(desk).end(id_, address)
    return _page("unsubscribe", _name(desk, id_), address, token, done=True)


def _asked(request: Request, desk: Desk, token: str, purpose: Purpose) -> Response:
    id_, address = _read(request, desk, token, purpose)
    return _page(purpose, _name(desk, id_), address, token, done=False)


def _page(purpose: Purpose, name: str, address: str, token: str, *, done: bool) -> Response:
    # Who has the token knows the address: it is in there.
    return page("subscription.html", purpose=purpose, name=name, address=address, token=token, done=done)


# ---------------------------------------------------------------------------------------------- on this machine


@router.get("/subscriptions", summary="Subscriptions", dependencies=[Depends(require_local)])
def subscriptions(desk: AtDesk) -> Response:
    """Who is told of what, how often. Without passwords and tokens. Only on this machine."""
    listed = _subscriptions(desk).listed()
    rows = [
        (each.subscription, each.file, [(shown(channel), status) for channel, status in each.channels])
        for each in listed
    ]
    return page("subscriptions.html", rows=rows)


@router.get(
    "/api/subscriptions",
    summary="Subscriptions",
    dependencies=[Depends(require_local)],
    response_class=JSONResponse,
    responses={200: {"model": Listing}, **_FAILURES},
)
def listing(desk: AtDesk) -> Response:
    """Those that were added and those in files, by id. Without passwords and tokens. Only from this machine."""
    return JSONResponse({"subscriptions": [each.to_dict() for each in _subscriptions(desk).listed()]})


@router.post(
    "/api/subscriptions",
    summary="Subscribe somebody to a search",
    status_code=201,
    dependencies=[Depends(require_json)],
    response_class=JSONResponse,
    responses={201: {"model": Kept}, **_POSTED},
)
def add(subscription: Subscription, desk: AtDesk) -> Response:
    """An address of e-mail is asked first, and gets nothing before it confirmed. Only from this machine."""
    kept = _subscriptions(desk)
    Channels.of(desk.settings).check_all(subscription.channels)
    kept.add(subscription)
    found = next(each.to_dict() for each in kept.listed() if each.subscription.id == subscription.id)
    return JSONResponse(found, 201)


@router.delete(
    "/api/subscriptions/{id}",
    summary="Take a subscription out",
    status_code=204,
    dependencies=[Depends(require_ours)],
    response_class=Response,
    responses=_FAILURES,
)
def remove(id: str, desk: AtDesk) -> Response:  # noqa: A002 - the name of the thing
    """One that was added; what stands in a file is taken out there. Only from this machine."""
    _subscriptions(desk).remove(id)
    return Response(status_code=204)
