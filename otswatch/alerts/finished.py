"""Finished letters as documents of the kind `ledger`, which dashboards draw. The ledger itself is in the state."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final, Literal

from otswatch.alerts.channels.webhook import SCHEMES
from otswatch.alerts.ledger import Open
from otswatch.alerts.outlets import Outlet
from otswatch.index import Document, Value

#: Of SMTP or HTTP: refused for good.
_CODE: Final = re.compile(r"\b[45]\d\d\b")
_EVENTS: Final = {"article": "story", "document": "document", "quote": "quote", "correction": "correction"}


Ended = Literal["sent", "sent-again", "dead"]


def project_letter(outlet: Outlet, letter: Open, status: Ended, at: datetime) -> Document:
    """A letter that arrived, or was refused for good, at a moment. What it was addressed to is not in it."""
    fields: dict[str, Value] = {
        "id": letter.letter,
        "stage": "alert",
        "status": status,
        "reason": _code(letter.error) if status == "dead" else None,
        "event": tuple(dict.fromkeys(_EVENTS[news.what] for news in letter.news)),
        "article": tuple(dict.fromkeys(news.article for news in letter.news)),
        "story": tuple(dict.fromkeys(news.story for news in letter.news)),
        "quote": tuple(dict.fromkeys(quote for news in letter.news for quote in news.quotes)),
        "subscription": outlet.subscription.id,
        "channel": _channel(outlet.channel),
        "at": at,
        "indexed_at": min((news.at for news in letter.news), default=None),
        "sent_at": None if status == "dead" else at,
        "seconds": max(0, int((at - letter.due).total_seconds())),
        "attempts": letter.attempts,
    }
    record = {
        "id": letter.letter,
        "subscription": outlet.subscription.id,
        "status": status,
        "at": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "keys": [key for news in letter.news for key in news.keys],
    }
    return Document("ledger", letter.letter, int(at.timestamp()), fields, record)


def _code(error: str | None) -> str | None:
    """What the other side refused it with. All that it said may have the address in it, and is not for dashboards."""
    found = _CODE.search(error or "")
    return found[0] if found else None


def _channel(channel: str) -> str:
    """What sort it is: `email`, `webhook`, or the name of a service."""
    scheme = channel.partition(":")[0].lower()
    if scheme == "mailto":
        return "email"
    return "webhook" if scheme in SCHEMES else scheme
