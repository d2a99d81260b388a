"""The newsroom's front page: what there is, which moment it is, and the button that moves time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from otswatch.demo.pages import environment
from otswatch.demo.server import Answer, Question

if TYPE_CHECKING:
    from otswatch.demo.newsroom import Newsroom

_SHOWN = 50
#: Nothing from elsewhere, no scripts, no frames around it, and its form leads nowhere else.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def answer(question: Question, newsroom: Newsroom, happened: Sequence[str], *, more: bool) -> Answer:
    """The front page; `POST /next` moves time. Whoever asks under another name or from another site is refused."""
    own = newsroom.url.removeprefix("http://").removesuffix("/")
    if question.headers.get("host") != own:
        return _plain(403, "This page answers under its own address only.")
    if question.path == "/next":
        if question.method != "POST":
            return _plain(405, "Only a form moves time.", Allow="POST")
        if not _from_here(question, f"http://{own}"):
            return _plain(403, "Only the newsroom's own page moves time.")
        newsroom.publish_next()
        return _plain(303, "", Location="/")
    if question.path != "/" or question.method == "POST":
        return _plain(404, "There is nothing here.")
    body = (
        environment()
        .get_template("front.html")
        .render(
            sites=newsroom.shown(),
            moment=newsroom.moment,
            happened=happened,
            more=more,
            log=list(newsroom.log[-_SHOWN:])[::-1],
            asked=len(newsroom.log),
        )
    )
    return Answer(body.encode(), headers=_HEADERS)


def _from_here(question: Question, own: str) -> bool:
    """Whether the page's own form asks, or a program that is no browser."""
    origin = question.headers.get("origin", own)
    return origin == own and question.headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _plain(status: int, text: str, **headers: str) -> Answer:
    return Answer(text.encode(), status, "text/plain; charset=utf-8", {**_HEADERS, **headers})
