"""What the last look counted, for those who cannot ask the bus themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from otswatch.state import State
from otswatch.watchdog.book import Book
from otswatch.watchdog.looking import progress


@dataclass(frozen=True, slots=True)
class Numbers:
    """Messages that wait for a consumer, and that are held in quarantine; null: nobody has looked lately."""

    waiting: int | None = None
    quarantined: int | None = None


def numbers(state: State, now: datetime) -> Numbers:
    """What the last look counted, where there was one lately."""
    book = Book(state)
    if not book.is_watched(now):
        return Numbers()
    held = [trouble.evidence["held"] for trouble in book.found() if trouble.kind == "quarantine"]
    return Numbers(
        waiting=sum(each.waiting for each in progress(state).values()),
        quarantined=sum(count for count in held if isinstance(count, int)),
    )
