"""Articles that are fetched again, to see whether their text changed: 1 hour, 24 hours and 7 days after first sight.

`again/<page id>` in `State` says what is fetched next. The consumer `index` begins it with the first sight of an
article that is kept, and ends it where the article is kept no longer; the crawler fetches and moves it to the next
round (`otswatch.crawlers.again`). What is over stays until no replay can begin it anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from otswatch.records import Answer, Article, Discovery, Moment, Part
from otswatch.state import State

PREFIX: Final = "again/"
#: When an article is fetched again, from its first sight.
ROUNDS: Final = (timedelta(hours=1), timedelta(hours=24), timedelta(days=7))
#: What was published longer before it was first seen is back-fill, and is not fetched again.
RECENT: Final = timedelta(days=7)
#: How central the OTS is in what is fetched again.
_ABOUT: Final = frozenset(("about", "part"))
#: The routes of a source that is visited. What was handed in or came from an archive has none.
_ROUTES: Final = frozenset(("feed", "sitemap", "listing"))


class Again(Part):
    """An article that is fetched again at `due` (null: never), after so many failures in this round.

    `answer` is what its address answered last; the rest is as the article's first page has it.
    """

    url: str
    source: str
    first_seen: Moment
    first_listed: Moment | None
    discovery: Discovery
    answer: Answer
    due: Moment | None
    failures: int = 0

    def following(self, moment: datetime) -> datetime | None:
        """The first round after a moment; null where there is none."""
        return next((start for start in self._starts() if start > moment), None)

    def round_at(self, moment: datetime) -> int:
        """The last round that has begun by a moment: 1, 2 or 3."""
        return max(1, sum(start <= moment for start in self._starts()))

    def _starts(self) -> list[datetime]:
        return [self.first_seen + since for since in ROUNDS]


def note(state: State, articles: Sequence[Article], now: datetime) -> None:
    """Begin with those articles that are kept and recent, and end it for those that are kept no longer.

    What was begun or ended before stays so: the same articles may come again, in any order.
    """
    found = state.get_many([PREFIX + article.id for article in articles])
    for article in articles:
        key = PREFIX + article.id
        entry = found.get(key)
        if entry is None:
            if _is_kept(article) and (begun := _begun(article, now)):
                state.create(key, begun.to_dict())
        elif not _is_kept(article) and (again := Again.model_validate(entry.value)).due:
            # Where the crawler was faster, it looks once more in vain, and the next message ends it.
            state.compare_and_set(key, again.replace(due=None).to_dict(), entry.version)


def _is_kept(article: Article) -> bool:
    return article.status == "ok" and article.relevance is not None and article.relevance.level in _ABOUT


def _begun(article: Article, now: datetime) -> Again | None:
    """What an article begins with; null for one that no list showed, or that is not recent."""
    trace, published = article.trace, article.published
    first_seen, fetched_at, discovery, answer = trace.first_seen, trace.fetched_at, trace.discovery, trace.answer
    if not (article.url and article.source and first_seen and fetched_at and discovery and answer):
        return None
    old = published is not None and published.end < first_seen - RECENT
    if discovery.by not in _ROUTES or old or now > first_seen + ROUNDS[-1]:
        return None
    again = Again(
        url=article.url,
        source=article.source,
        first_seen=first_seen,
        first_listed=trace.first_listed,
        discovery=discovery,
        answer=answer,
        due=None,
    )
    return again.replace(due=again.following(fetched_at))
