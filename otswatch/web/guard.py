"""What holds for every answer, whatever the route: whom we answer, and what a browser may do with it."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from otswatch.web.measured import Measured

#: Names of this machine. A page that a foreign name leads here (DNS rebinding) must not read what is kept.
LOCAL = frozenset(("localhost", "127.0.0.1", "::1"))

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Refuses foreign host names, answers HEAD as GET without a body, and adds the headers that protect readers.

    Whatever is answered is measured.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = LOCAL | {host.casefold() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                _protect(MutableHeaders(scope=message), scope["path"])
            elif head:
                message = {**message, "body": b""}
            await send(message)

        app = self._app if _host(scope) in self._hosts else _refuse(self._hosts)
        await Measured(app)({**scope, "method": "GET"} if head else scope, receive, answer)


def _host(scope: Scope) -> str | None:
    try:
        return urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname
    except ValueError:
        return None


def _refuse(hosts: Collection[str]) -> ASGIApp:
    known = ", ".join(sorted(hosts))
    return PlainTextResponse(
        f"This is served under the names {known} only. `otswatch serve --listen NAME:PORT` serves it under NAME, and"
        " behind a proxy OTSWATCH_PAGE=https://NAME does.\n",
        400,
    )


def _protect(headers: MutableHeaders, path: str) -> None:
    headers.update(_HEADERS)
    # Pages show what is so now; files are asked for again with their ETag.
    headers["Cache-Control"] = "no-cache" if path.startswith("/static/") else "no-store"
