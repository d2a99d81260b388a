"""Articles that became findable, held against all subscriptions, and what is new of them put down for each.

An article is looked up in the index, what is new of it is found (`heard`, `known`, `edits`), and it waits for the
outlets of the subscriptions that would find it, until their rhythm says so. What is sent again because something else
changed (a rule, a story), and what was fetched to fill a gap, is remembered, and nobody is told.

A batch may be looked at twice: words that are new stay new for the version that had them first, what waits is the same
entry again, and how an article was known is written last.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from otswatch.alerts import edits, heard, queue
from otswatch.alerts import known as knowing
from otswatch.alerts.known import Known
from otswatch.alerts.matching import Matcher
from otswatch.alerts.outlets import Outlet, outlets
from otswatch.alerts.queue import Waiting
from otswatch.errors import QuerySyntaxError
from otswatch.index import Index, Search
from otswatch.index.projection import project_article
from otswatch.index.version_projection import version_id
from otswatch.logs import get_logger
from otswatch.records import Article, Indexed
from otswatch.state import State
from otswatch.subscriptions import Subscription
from otswatch.subscriptions.rhythm import due

log = get_logger(__name__)

#: Seconds after which subscriptions are read again.
FRESH = 5.0
#: Origins of what is sent again without anything being new.
SILENT = frozenset(("reprocess", "moved"))


@dataclass(frozen=True, slots=True)
class Seen:
    """An article as the index has it, with how it was known before (null: never looked at), and its new `quotes`."""

    article: Article
    mark: Indexed
    before: Known | None
    now: Known
    quotes: tuple[str, ...]
    silent: bool

    @property
    def may_be_news(self) -> bool:
        return not self.silent and not (self.before and self.before.says(self.now))

    @property
    def earlier(self) -> str | None:
        """The id of the version that was looked at before; null where its text is the same, or there is none."""
        text = self.before.text if self.before else None
        return version_id(self.article.id, text) if text and text != self.now.text else None


class Watching:
    """Matches articles that became findable with all subscriptions.

    Args:
        subscriptions: gives those that stand, with the channels that letters may go to.
        official: ids of the sources of states and bodies. `config`: folder of the user's own taxonomy.
    """

    def __init__(
        self,
        state: State,
        index: Index,
        subscriptions: Callable[[], Sequence[Subscription]],
        official: frozenset[str],
        config: Path | None = None,
    ) -> None:
        self._state, self._index, self._config = state, index, config
        self._subscriptions, self._official = subscriptions, official
        self._read_at = float("-inf")
        self._outlets: dict[str, list[Outlet]] = {}
        self._matcher = Matcher({})
        self._asked: object = None

    def look(self, marks: Mapping[str, tuple[Indexed, str | None]]) -> None:
        """Look at articles, by id: the mark that says so, and why it was sent where that is no news (`origin`)."""
        seen = list(self._seen(marks))
        self._wait([each for each in seen if each.may_be_news])
        for each in seen:
            if each.before != each.now:
                knowing.remember(self._state, each.article.id, each.now)

    def _seen(self, marks: Mapping[str, tuple[Indexed, str | None]]) -> Iterator[Seen]:
        records = self._index.get_many("articles", list(marks)) if marks else {}
        known = knowing.known(self._state, records)
        for id_, (mark, why) in marks.items():
            record = records.get(id_)
            if record is not None and "gone" not in record:
                article = Article.model_validate(record)
                silent = why in SILENT or _is_back_fill(article)
                quotes = heard.listen(self._state, article, silent=silent)
                yield Seen(article, mark, known.get(id_), Known.of(article), quotes, silent)

    def _wait(self, news: Sequence[Seen]) -> None:
        self._refresh()
        if not news or not self._outlets:
            return
        by_id = {each.article.id: each for each in news}
        matched = self._matcher.matches([project_article(each.article) for each in news])
        earlier = self._earlier([by_id[id_] for id_ in matched])
        waiting: dict[tuple[str, datetime], list[Waiting]] = defaultdict(list)
        for id_, subscriptions in matched.items():
            new = _news(by_id[id_], earlier.get(by_id[id_].earlier or ""))
            for subscription in subscriptions:
                for outlet in self._outlets[subscription]:
                    waiting[outlet.id, _due(outlet, new.at)].append(new)
        for (outlet_id, moment), each in waiting.items():
            queue.wait(self._state, outlet_id, moment, each)
        log.debug("alert.matched", articles=len(news), outlets=len(waiting))

    def _earlier(self, news: Sequence[Seen]) -> dict[str, Article]:
        """The versions that were looked at before, of what says something else now."""
        ids = {each.earlier for each in news if each.earlier}
        records = self._index.get_many("versions", ids) if ids else {}
        return {id_: Article.model_validate(record) for id_, record in records.items() if "gone" not in record}

    def _refresh(self) -> None:
        """Read the subscriptions, where that was not just done; the matcher is made anew where they are others."""
        if time.monotonic() - self._read_at < FRESH:
            return
        active = [each for each in self._subscriptions() if each.sends == "news"]
        if active != self._asked:
            self._ask(active)
        self._read_at = time.monotonic()  # last: whoever failed before has read nothing, and must read again

    def _ask(self, active: Sequence[Subscription]) -> None:
        """Match with these from now on."""
        self._outlets = defaultdict(list)
        for outlet in outlets(active).values():
            self._outlets[outlet.subscription.id].append(outlet)
        self._matcher = Matcher(dict(self._searches(active)))
        self._asked = active

    def _searches(self, active: Sequence[Subscription]) -> Iterator[tuple[str, Search]]:
        """What each looks for. One that is too much for the word lists of today keeps nobody else's letters."""
        for each in active:
            try:
                yield each.id, each.to_search(self._official, self._config)
            except QuerySyntaxError as error:
                log.error("alert.cannot-ask", subscription=each.id, reason=str(error))


def _due(outlet: Outlet, at: datetime) -> datetime:
    """When it is told. At once where that cannot be worked out, which keeps nobody's letters."""
    try:
        return due(outlet.subscription, at)
    except Exception:
        log.exception("alert.cannot-time", subscription=outlet.subscription.id)
        return at


def _news(seen: Seen, earlier: Article | None) -> Waiting:
    changes = list(seen.before.changes(seen.now)) if seen.before else []
    if earlier and (edit := edits.edit(earlier, seen.article, seen.quotes)):
        changes.append(edit)
    return Waiting(article=seen.article.id, at=seen.mark.at, quotes=seen.quotes, changes=tuple(changes))


def _is_back_fill(article: Article) -> bool:
    """Whether it was taken from an archive, to fill a gap."""
    return article.trace.discovery is not None and article.trace.discovery.by == "warc"
