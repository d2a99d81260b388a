"""A morning page as a letter: the same parts, in the same order, as text and as HTML."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment

from otswatch.alerts.letter import Letter
from otswatch.alerts.morning.page import Morning
from otswatch.alerts.rendering import Links, clean, squeezed, templates
from otswatch.subscriptions import Subscription

_SUBJECT: Final = 150
#: A quote is cut behind so many letters; our own page has all of it.
_QUOTE: Final = 400
#: Of a machine that has no public page.
NO_LINKS: Final = Links()
_TREND: Final = {"up": "▲ more than usual", "down": "▼ less than usual", "usual": "as usual", "unknown": ""}


def morning_letter(
    subscription: Subscription,
    morning: Morning,
    *,
    id: str,  # noqa: A002 - the name of the thing
    links: Links = NO_LINKS,
) -> Letter:
    """The letter of a page. It has no keys: what stands on it may be told again by another letter."""
    zone = ZoneInfo(morning.window.zone)
    shown: dict[str, Any] = {
        "subscription": subscription,
        "morning": morning,
        "links": links,
        "moment": lambda moment: _moment(moment, zone),
    }
    return Letter(
        id=id,
        subscription=subscription.id,
        subject=subject(subscription, morning),
        text=squeezed(_templates().get_template("morning.txt").render(shown)),
        html=_templates().get_template("morning.html").render(shown),
        keys=(),
        unsubscribe=links.unsubscribe,
    )


def subject(subscription: Subscription, morning: Morning) -> str:
    """The day on the reader's clock, and how much there is of what matters first."""
    day = morning.window.end.astimezone(ZoneInfo(morning.window.zone))
    counts = (
        (len(morning.documents) + morning.more_documents, "document"),
        (len(morning.stories) + morning.more_stories, "story"),
        (morning.trust.undated, "undated"),
    )
    told = ", ".join(_counted(count, word) for count, word in counts if count) or "nothing new"
    name = clean(subscription.title) or "Morning page"
    line = f"{name}, {day.day} {day:%b}: {told}"
    return line if len(line) <= _SUBJECT else f"{name[: _SUBJECT - len(line) - 1]}…{line[len(name) :]}"


def _counted(count: int, word: str) -> str:
    """`1 story`, `3 stories`, `2 undated`"""
    many = {"story": "stories", "undated": "undated"}.get(word, f"{word}s")
    return f"{count:,} {word if count == 1 else many}"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def _number(value: float) -> str:
    return f"{value:g}"


def _cut(text: str) -> str:
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1].rstrip() + "…"


@cache
def _templates() -> Environment:
    environment = templates(Path(__file__).parent / "templates", cut=_cut, number=_number)
    environment.globals["counted"] = _counted
    environment.globals["trend"] = _TREND
    return environment
