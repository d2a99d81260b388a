"""How long answers take, by the route that gives them."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from otswatch import metrics


class Measured:
    """Around an application: a metric of every answer, also of one that refuses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = "none"

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = f"{message['status'] // 100}xx"
            await send(message)

        began = time.perf_counter()
        try:
            await self._app(scope, receive, answer)
        finally:
            metrics.REQUEST_SECONDS.labels(_route(scope), status).observe(time.perf_counter() - began)


def _route(scope: Scope) -> str:
    """The template of the route that answered, never the address itself: there are too many of those."""
    route = scope.get("route")
    return route.path if route else scope.get("root_path") or "other"
