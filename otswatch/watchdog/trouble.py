"""A trouble as it is found at one look, and the words that all of them are told in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, cast, get_args

from pydantic import Field

from otswatch.records import Moment, Part

Kind = Literal[
    "store-down",
    "crawl-dead",
    "consumer-dead",
    "lag",
    "quarantine",
    "source-failing",
    "source-silent",
    "channel-failing",
    "channel-dead",
]
#: The worst first: what stops all comes before what is missing of one source.
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


class Trouble(Part):
    """One thing that is wrong. `id` begins with its kind (`lag/index`), and is the same at every look that finds it.

    `title`: what it is, without numbers; `said`: the same with them; `next`: what to do. `evidence`: what it was read
    from, as JSON types.
    """

    id: str
    title: str
    said: str
    next: str
    since: Moment
    evidence: Mapping[str, str | int | None]
    size: int | None = Field(default=None, description="Told again only where it has grown; null: as long as it lasts.")

    @property
    def kind(self) -> Kind:
        return cast("Kind", self.id.partition("/")[0])

    @property
    def rank(self) -> tuple[int, datetime, str]:
        """Where it stands among others: the worst kind first, of one kind the eldest."""
        return KINDS.index(self.kind), self.since, self.id


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found. `unknown`: kinds of which nothing could be found out."""

    troubles: tuple[Trouble, ...]
    unknown: frozenset[Kind] = frozenset()


def span(time: timedelta) -> str:
    """How long, as a reader says it: `25 min`, `7 h`, `3 d`."""
    seconds = int(time.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{max(seconds, 0)} s"


def moment(at: datetime) -> str:
    """`4 May 2026, 09:30 UTC`: nobody knows on whose clock an operator reads."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M} UTC"


def iso(at: datetime | None) -> str | None:
    """For evidence; null stays null."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None


def counted(count: int, word: str) -> str:
    """`1 message`, `1,200 messages`"""
    return f"{count:,} {word}{'' if count == 1 else 's'}"
