"""A newsroom for tests of alerts: an index, a state, what is watched, and a post that keeps what it is handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from otswatch.alerts.ledger import Open
from otswatch.alerts.letter import Letter
from otswatch.alerts.outlets import Outlet, outlets
from otswatch.alerts.sender import Sender
from otswatch.alerts.watching import Watching
from otswatch.index import Index
from otswatch.index.projection import project_article
from otswatch.index.sqlite import SqliteIndex
from otswatch.records import (
    Article,
    Content,
    Dated,
    Discovery,
    Indexed,
    Kind,
    Membership,
    Quote,
    Relevance,
    Speaker,
    Trace,
)
from otswatch.state import State
from otswatch.subscriptions import Subscription
from tests.memory import MemoryState

BEGAN = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def quote(id_: str, text: str, who: str | None = "Daniyar Serikbayev") -> Quote:
    speaker = Speaker(name=who, evidence=()) if who else None
    return Quote(id=id_, speaker=speaker, text=text, start=0, end=len(text), direct=True, rule="test/1")


def article(
    id_: str, title: str, *quotes: Quote, story: str | None = None, version: int = 0, kind: str = "news", **changes: Any
) -> Article:
    """An article that the index keeps, fetched for the `version`-th time."""
    made = Article(
        id=id_,
        url=f"https://wire.example/{id_}",
        source="wire",
        content=Content(title=title, text=f"{title}. The talks went on.", language="en", extractor="test/1"),
        relevance=Relevance(level="about", score=1.0),
        kind=Kind(id=kind),
        quotes=quotes,
        story=Membership(id=story or f"story-{id_}", role="member", reason="alone/1"),
        trace=Trace(fetched_at=BEGAN + timedelta(hours=version), first_seen=BEGAN),
    )
    return made.replace(**changes)


def dated(day: str) -> Dated:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return Dated(
        at=day,
        precision="day",
        start=start,
        end=start + timedelta(days=1),
        source="meta",
        confidence=1.0,
        evidence=(),
    )


def archived(made: Article) -> Article:
    """The same from an archive."""
    return made.replace(trace=made.trace.replace(discovery=Discovery(by="warc", via="old.warc.gz")))


def subscription(id_: str = "summits", q: str = "summit", **fields: Any) -> Subscription:
    return Subscription.model_validate({"id": id_, "search": {"q": q}, "channels": [f"json://{id_}.example"], **fields})


@dataclass
class Post:
    """Keeps every letter with its channel; raises what is next in `faults` instead."""

    taken: list[tuple[str, Letter]] = field(default_factory=list)
    faults: list[Exception | None] = field(default_factory=list)

    def send(self, letter: Letter, channel: str) -> None:
        fault = self.faults.pop(0) if self.faults else None
        if fault:
            raise fault
        self.taken.append((channel, letter))


def plain(outlet: Outlet, letter: Open, _articles: Mapping[str, Article]) -> Letter:
    """A letter that says its keys."""
    keys = tuple(key for news in letter.news for key in news.keys)
    return Letter(letter.letter, outlet.subscription.id, f"{len(keys)} new", "\n".join(keys), "", keys)


@dataclass
class Newsroom:
    """Articles become findable, are looked at, and letters go out, when a test says so. `now` is on its clock."""

    folder: Path
    subscriptions: Sequence[Subscription]
    state: State = field(default_factory=MemoryState)
    post: Post = field(default_factory=Post)
    now: datetime = BEGAN

    def __post_init__(self) -> None:
        self.index: Index = SqliteIndex(self.folder / "index.sqlite")
        self.restart()

    def restart(self) -> None:
        """As after a kill: all that was only remembered is gone."""
        self.watching = Watching(self.state, self.index, lambda: self.subscriptions, frozenset(("ministry",)))
        self.sender = Sender(
            self.state, self.index, self.post, plain, "me", lambda: self.now, outlets(self.subscriptions)
        )

    def publish(self, *articles: Article, origin: str | None = None, at: datetime | None = None) -> None:
        """Put articles into the index, at a moment that is now where none is given, and have them looked at."""
        self.index.put([project_article(each) for each in articles])
        self.look(*articles, origin=origin, at=at)

    def look(self, *articles: Article, origin: str | None = None, at: datetime | None = None) -> None:
        """Have articles looked at again."""
        marks = [Indexed(kind="articles", id=each.id, version=each.version, at=at or self.now) for each in articles]
        self.watching.look({mark.id: (mark, origin) for mark in marks})

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def letters(self, **time: float) -> list[tuple[str, ...]]:
        """The keys of each letter that goes out by then."""
        self.later(**time)
        before = len(self.post.taken)
        while self.sender.round():
            pass
        return [letter.keys for _, letter in self.post.taken[before:]]


Change = Callable[[Newsroom], None]
