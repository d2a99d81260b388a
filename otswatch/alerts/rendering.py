"""Letters of news: a subject that says what is new first, a text part and an HTML part with the same in both."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from otswatch.alerts.letter import Item, Letter
from otswatch.subscriptions import Subscription
from otswatch.web.names import LANGUAGES

#: So many items are told in full; the others by their headlines.
_FULL: Final = 50
_SUBJECT: Final = 150
#: In a subject, so many letters of a source's or a subscription's name, and so many areas.
_NAME: Final = 50
_AREAS: Final = 3
#: So many letters of a headline: pages write what they like.
_TITLE: Final = 300
_UNTITLED: Final = "(untitled)"
_WIDTH: Final = 78
_ORDER: Final = {"document": 0, "correction": 1, "article": 2, "quote": 2}
#: What letters are called by, in front of a headline.
WHAT: Final = {"document": "Official document", "correction": "Correction", "article": "", "quote": "New words"}
#: Marks that turn the direction of what stands behind them, and those that nobody sees.
_UNSEEN: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Links:
    """`page`: public address of our own page, `search` and `unsubscribe` addresses on it; null where it has none."""

    page: str | None = None
    search: str | None = None
    unsubscribe: str | None = None


def letter(
    subscription: Subscription,
    items: Sequence[Item],
    *,
    id: str,  # noqa: A002 - the name of the thing
    now: datetime,
    window: tuple[datetime, datetime] | None = None,
    links: Links = Links(),
) -> Letter:
    """A letter of these items.

    Args:
        window: from when to when a digest tells; null for what is sent at once.
    """
    zone = ZoneInfo(subscription.zone)
    ordered = sorted(items, key=lambda item: (_ORDER[item.what], item.areas[:1] or ("~",)))
    shown: dict[str, Any] = {
        "subscription": subscription,
        "items": ordered[:_FULL],
        "rest": ordered[_FULL:],
        "now": now,
        "window": window,
        "links": links,
        "moment": lambda moment: (local := moment.astimezone(zone)) and f"{local.day} {local:%b %Y, %H:%M}",
        "total": len(ordered),
    }
    return Letter(
        id=id,
        subscription=subscription.id,
        subject=subject(subscription, ordered, now.astimezone(zone) if window else None),
        text=squeezed(_templates().get_template("letter.txt").render(shown)),
        html=_templates().get_template("letter.html").render(shown),
        keys=tuple(item.key for item in items),
        unsubscribe=links.unsubscribe,
        facts=tuple(items),
    )


def subject(subscription: Subscription, items: Sequence[Item], digest: datetime | None) -> str:
    """What is new, in one line: a headline, or how many of which areas. `digest`: its moment on the reader's clock."""
    name = _cut(clean(subscription.name), _NAME)
    if not items:
        return _cut(f"Nothing new – {name}", _SUBJECT)
    if digest is None or len(items) == 1:
        first, more = items[0], len(items) - 1
        title = clean(first.title) or _UNTITLED
        told = f"{WHAT[first.what]}: {title}" if WHAT[first.what] else title
        tail = f" – {_cut(clean(first.source), _NAME)}" + (f" (+{more})" if more else "")
        return _cut(told, _SUBJECT - len(tail)) + tail
    areas = Counter(clean(item.areas[0]) if item.areas else "no area" for item in items)
    told = ", ".join(f"{area} ({count})" for area, count in areas.most_common(_AREAS))
    tail = f" – {name}, {digest.day} {digest:%b, %H:%M}"
    return _cut(f"{len(items)} new: {told}{', …' if len(areas) > _AREAS else ''}", _SUBJECT - len(tail)) + tail


def clean(text: str) -> str:
    """Foreign text on one line, without characters that nobody sees or that change what stands around them."""
    visible = "".join(" " if unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"} else letter for letter in text)
    return " ".join(_UNSEEN.sub("", visible).split())


def _piece(text: str) -> str:
    """As `clean`, of a piece of a text: space at its ends stays, for what goes on there may be one word."""
    cleaned = clean(f"|{text}|")
    return cleaned[1:-1]


def web_address(address: str | None) -> str | None:
    """The address, where it is one that a reader may be led to."""
    safe = address and re.match(r"https?://[^\s<>\"']+\Z", address, re.IGNORECASE)
    return address if safe else None


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def wrapped(text: str, indent: int = 0) -> str:
    """Text of the text part. A word that is too long for a line stays whole: it may be an address."""
    space = " " * indent
    return textwrap.fill(
        text, _WIDTH, initial_indent=space, subsequent_indent=space, break_long_words=False, break_on_hyphens=False
    )


def squeezed(text: str) -> str:
    """The text part of a letter, without the empty lines that templates leave."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip() + "\n"


def templates(*more: Path, **filters: Callable[..., Any]) -> Environment:
    """What letters are written with: HTML escapes what is put into it; `frame.html` is around every letter.

    Args:
        more: folders of further templates. `filters`: beside those of every letter.
    """
    environment = Environment(
        loader=FileSystemLoader([*more, Path(__file__).parent / "templates"]),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({"clean": clean, "web": web_address, "wrapped": wrapped, **filters})
    return environment


@cache
def _templates() -> Environment:
    environment = templates(
        headline=lambda title: _cut(clean(title), _TITLE) or _UNTITLED,
        piece=_piece,
        language=lambda code: LANGUAGES.get(code, code),
    )
    environment.globals["what"] = WHAT
    return environment
