"""One visit to a source while it is under way: its lists, then the pages that are new in them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from otswatch.crawlers.registry import Listing, Route, Sitemap, Source
from otswatch.crawlers.report import Problem, SourceReport
from otswatch.crawlers.routes import Entry
from otswatch.errors import UsageError
from otswatch.status import Reason
from otswatch.urls import page_id

#: Lists that one route may lead to in one visit, however they refer to each other.
MOST_LISTS = 200


@dataclass(slots=True)
class Reading:
    """One route of a visit: how far its lists were followed.

    `conditions` are the validators of its first list, remembered when all of it was read.
    """

    route: Route
    asked: set[str] = field(default_factory=set)
    waiting: deque[str] = field(default_factory=deque)
    pages: int = 0
    conditions: dict[str, str] = field(default_factory=dict)

    def found(self, lists: Iterable[str]) -> None:
        """Further lists that this route leads to, in the order in which they are to be read."""
        known = self.asked.union(self.waiting)
        self.waiting += [address for address in dict.fromkeys(lists) if address not in known]

    def further(self, *, new: int, known: int) -> list[str]:
        """What is to be read next, after a list with `new` addresses and `known` ones of earlier visits.

        All sitemaps of an index at once. Of a listing the next page, until one shows nothing but what is known, and at
        most as many as the registry allows; a page that repeats this visit's own does not count for either.
        """
        limit = MOST_LISTS - len(self.asked)
        if isinstance(self.route, Sitemap):
            return [self.waiting.popleft() for _ in range(min(len(self.waiting), limit))]
        if not isinstance(self.route, Listing) or not self.waiting or limit <= 0:
            return []
        self.pages += bool(new or known)
        return [] if self.pages >= self.route.pages or (known and not new) else [self.waiting.popleft()]


@dataclass(slots=True)
class Visit:
    """`open` counts requests whose answer is not worked on yet: the visit is over when it is 0.

    `is_fetching_again`: all that is new was dealt with, and what was kept before is looked at once more.
    """

    source: Source
    begun: datetime
    counts: Counter[Reason] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    answered: int = 0
    open: int = 0
    met: set[str] = field(default_factory=set)
    is_fetching_again: bool = False

    def count(self, reason: Reason, number: int = 1) -> None:
        """`number` addresses ended so."""
        if number:
            self.counts[reason] += number

    def articles(self, route: Route, entries: Iterable[Entry]) -> list[tuple[str, Entry]]:
        """The entries of a list that are articles of the source and were not met in this visit yet, with their ids."""
        articles: list[tuple[str, Entry]] = []
        for entry in entries:
            id_ = id_of(entry.url) if self.source.is_article(entry.url) else None
            if id_ is None:
                # Every menu and every advertisement of a page is a link, too: only lists of articles are held to it.
                self.count(Reason.NOT_ARTICLE, 0 if isinstance(route, Listing) else 1)
            elif id_ not in self.met:
                self.met.add(id_)
                articles.append((id_, entry))
        return articles

    def problem(self, url: str, reason: Reason, detail: str) -> None:
        """Count one address that could not be had, and keep it for the report."""
        self.count(reason)
        self.problems.append(Problem(url, reason, detail))

    def report(self) -> SourceReport:
        """What came of it so far."""
        return SourceReport(self.source.id, self.begun, dict(self.counts), tuple(self.problems), self.answered)


def id_of(url: str) -> str | None:
    """The page id of an address; null where it is none."""
    try:
        return page_id(url)
    except UsageError:
        return None
