"""What a subscription would have sent, had it been there: the same code over articles of the past, on their clock."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, cast

from otswatch.alerts import queue
from otswatch.alerts.ledger import Open
from otswatch.alerts.letter import Letter
from otswatch.alerts.outlets import Outlet, outlets
from otswatch.alerts.schedule import by_the_clock
from otswatch.alerts.sender import Sender
from otswatch.alerts.watching import Watching
from otswatch.errors import UsageError
from otswatch.index import Index, Range, Search, every
from otswatch.records import Article, Indexed
from otswatch.state.sqlite import SqliteState
from otswatch.subscriptions import Subscription
from otswatch.subscriptions.rhythm import due


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that would have gone out: when, with which items (`News.keys`), and the headlines of their articles."""

    at: datetime
    keys: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass
class _Post:
    """Keeps what is handed in."""

    at: datetime
    sent: list[Sent] = field(default_factory=list)

    def send(self, letter: Letter, _channel: str) -> None:
        self.sent.append(Sent(self.at, letter.keys, tuple(letter.text.splitlines())))


def preview(
    subscription: Subscription,
    index: Index,
    official: frozenset[str],
    since: datetime,
    until: datetime,
    config: Path | None = None,
) -> list[Sent]:
    """The letters of one channel, for what was first seen in that time, and those that say that nothing is new.

    Articles count as findable when they were first seen, and again when another text of theirs was fetched; what was
    corrected since is as it is now.

    Raises:
        UsageError: it is a morning page, which shows how sources and consumers were at its time: nobody knows that now.
        QuerySyntaxError: as `SearchRequest.read`.
    """
    if subscription.sends == "morning":
        raise UsageError(
            f"{subscription.id!r} is a morning page, which has no preview: `otswatch search --seen-since"
            f" {since:%Y-%m-%d}` with its words and filters shows the articles that it would have been made of"
        )
    one = subscription.model_copy(update={"channels": subscription.channels[:1], "paused": False})
    with tempfile.TemporaryDirectory() as folder, closing(SqliteState(Path(folder, "state.sqlite"))) as state:
        post = _Post(since)
        then = _Then(index)
        past = cast("Index", then)  # the two ask for nothing else
        watching = Watching(state, past, lambda: [one], official, config)
        sender = Sender(state, past, post, _titles, "preview", lambda: post.at, outlets([one]))
        _advance(sender, post, since)
        for at, article in _played(_found(one, index, official, since, until, config), index, since, until):
            _advance(sender, post, at)
            then.records[article.id] = article.to_dict()
            mark = Indexed(kind="articles", id=article.id, version=article.version, at=at)
            watching.look({article.id: (mark, None)})
        _advance(sender, post, until)
        return post.sent


def _found(
    subscription: Subscription,
    index: Index,
    official: frozenset[str],
    since: datetime,
    until: datetime,
    config: Path | None,
) -> Iterator[Article]:
    """What it finds, the first seen first."""
    search = replace(subscription.to_search(official, config), ranges={"first_seen": Range(since, until)})
    yield from (Article.model_validate(record) for record in reversed(list(every(index, search))))


@dataclass
class _Then:
    """What an index gives at a moment of the past: articles in the version of that time."""

    index: Index
    records: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def get_many(self, kind: str, ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
        """As `Index.get_many`."""
        found = self.index.get_many(kind, ids)
        return {id_: self.records.get(id_, record) if kind == "articles" else record for id_, record in found.items()}


def _played(
    articles: Iterable[Article], index: Index, since: datetime, until: datetime
) -> list[tuple[datetime, Article]]:
    """Each article when it was first seen, and each later text of it when that was fetched; in the order of time."""
    texts: defaultdict[str, list[Article]] = defaultdict(list)
    for record in every(index, Search(kind="versions", ranges={"fetched_at": Range(since)}, sort="fetched_at")):
        texts[record["id"]].append(Article.model_validate(record))
    played: list[tuple[datetime, Article]] = []
    for article in articles:
        first, *later = [*reversed(texts[article.id])] or [article]
        played.append((first.trace.first_seen or since, first))
        played += [(each.trace.fetched_at or until, each) for each in later]
    return sorted((each for each in played if each[0] < until), key=lambda each: each[0])


def _advance(sender: Sender, post: _Post, until: datetime) -> None:
    """Let the clock run, and send what becomes due."""
    while moment := _next(sender, post.at, until):
        post.at = max(post.at, moment)
        sender.round()
    post.at = max(post.at, until)
    sender.round()


def _next(sender: Sender, now: datetime, until: datetime) -> datetime | None:
    """The first moment by then at which something waits to be sent, or a letter goes out whatever waits."""
    waits = (mark.due for mark in islice(queue.marks(sender.state, until), 1))
    comes = (due(outlet.subscription, now) for outlet in sender.outlets.values() if by_the_clock(outlet))
    return min((moment for moment in (*waits, *comes) if moment <= until), default=None)


def _titles(_outlet: Outlet, kept: Open, articles: Mapping[str, Article]) -> Letter:
    """A letter of nothing but headlines."""
    found = [articles[news.article].content for news in kept.news if news.article in articles]
    keys = tuple(key for news in kept.news for key in news.keys)
    titles = (" ".join((content.title or "").split() if content else ()) or "no title" for content in found)
    return Letter(kept.letter, "", "", "\n".join(titles), "", keys)
