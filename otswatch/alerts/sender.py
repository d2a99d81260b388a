"""Sends what is due: one letter for all that waits for an outlet, tried until it has arrived.

Several senders may run, in as many processes: a lease gives each outlet to one of them. Steps are in this order, and
each may be the last one of a process: the letter is written down (`ledger`), it is made, the attempt is counted, the
channel takes it, what it told is remembered (`told`), the ledger says that it arrived, what waited is taken out
(`queue`). So nothing is missed; told twice is only what a channel took from a process that died before it wrote that
down, under the same id.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, Protocol

from otswatch import metrics
from otswatch.alerts import queue
from otswatch.alerts.delivery import BACKOFF, attempt
from otswatch.alerts.finished import Ended, project_letter
from otswatch.alerts.ledger import Arrived, Ledger, Open
from otswatch.alerts.letter import Letter
from otswatch.alerts.news import News, Sorting
from otswatch.alerts.outlets import Outlet
from otswatch.alerts.queue import Kept, Mark
from otswatch.alerts.schedule import Schedule, by_the_clock
from otswatch.alerts.told import Told
from otswatch.errors import DependencyDownError
from otswatch.index import Document, Index
from otswatch.logs import get_logger
from otswatch.records import Article
from otswatch.state import State
from otswatch.stories.groups import Groups

log = get_logger(__name__)

#: Seconds that an outlet is one sender's, for each letter anew. Longer than a channel may take; a killed sender's
#: outlets wait so long for anybody but its successor.
LEASE: Final = 120.0
#: So many articles of a story are looked up as told, the first.
_MEMBERS: Final = 200


class Post(Protocol):
    """Where letters are handed in."""

    def send(self, letter: Letter, channel: str) -> None:
        """Return when the other side has it.

        Raises:
            TemporaryDeliveryError: try again later.
            PermanentDeliveryError: the channel is dead.
        """
        ...


#: Makes the letter of an outlet from its open entry and the articles that this names.
Compose = Callable[[Outlet, Open, Mapping[str, Article]], Letter]


@dataclass
class Sender:
    """Sends for `outlets`, under the name `owner`. `show`: puts what is finished where dashboards find it."""

    state: State
    index: Index
    post: Post
    compose: Compose
    owner: str
    clock: Callable[[], datetime]
    outlets: Mapping[str, Outlet] = field(default_factory=dict)
    show: Callable[[Sequence[Document]], object] = lambda documents: None
    schedule: Schedule = field(init=False)
    _later: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.schedule = Schedule(self.state)

    def round(self) -> int:
        """Send all that is due. Returns how many letters arrived."""
        now = self.clock()
        self.schedule.mark(self.outlets.values(), now)
        due = sorted(queue.marks(self.state, now), key=lambda mark: mark.outlet)
        return sum(self._visit(outlet, list(marks)) for outlet, marks in groupby(due, lambda mark: mark.outlet))

    def _visit(self, outlet_id: str, marks: Sequence[Mark]) -> int:
        now = self.clock()
        if self._later.get(outlet_id, now) > now:
            return 0
        outlet = self.outlets.get(outlet_id)
        if outlet is None:  # paused, ended, or not confirmed: what waits goes on waiting
            self._later[outlet_id] = now + timedelta(seconds=BACKOFF[0])
            return 0
        if not self._hold(outlet_id):
            return 0
        try:
            return self._serve(outlet, marks)
        finally:
            self.state.release(f"alerts/{outlet_id}", self.owner)

    def _hold(self, outlet_id: str) -> bool:
        """Whether the outlet is ours, from now on for as long as one letter takes."""
        return self.state.lease(f"alerts/{outlet_id}", self.owner, LEASE, self.clock())

    def _serve(self, outlet: Outlet, marks: Sequence[Mark]) -> int:
        """Send the letter that is open, and after it that of what waits."""
        ledger, sent = Ledger(self.state), 0
        for next_one in (ledger.open, lambda _: self._next(outlet, marks, ledger)):
            letter = next_one(outlet.id)
            if letter is not None:
                if not self._deliver(outlet, letter, ledger):
                    return sent
                sent += 1
        return sent

    # ---------------------------------------------------------------------------------------------------- a new letter

    def _next(self, outlet: Outlet, marks: Sequence[Mark], ledger: Ledger) -> Open | None:
        """The letter of what waits, written down; null, and nothing waits any longer, where there is none to send."""
        due = max(mark.due for mark in marks)
        kept = queue.waiting(self.state, outlet.id, due)
        news = self._sorted_out(outlet, kept)
        if not news and not self._wanted_empty(outlet, due):
            queue.done(self.state, marks, kept)
            return None
        letter = Open(letter=uuid.uuid4().hex, due=due, made=self.clock(), news=tuple(news))
        ledger.write(outlet.id, letter)
        return letter

    def _wanted_empty(self, outlet: Outlet, due: datetime) -> bool:
        until = Told(self.state, outlet.id).until()
        return by_the_clock(outlet) and (until is None or until < due)

    def _sorted_out(self, outlet: Outlet, kept: Sequence[Kept]) -> list[News]:
        articles = self._articles(each.waiting.article for each in kept)
        members = self._members({article.story.id for article in articles.values() if article.story})
        return Sorting(Told(self.state, outlet.id), articles, members).of([each.waiting for each in kept])

    def _articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Those that readers can find."""
        records = self.index.get_many("articles", set(ids))
        found = (Article.model_validate(record) for record in records.values() if "gone" not in record)
        return {article.id: article for article in found if article.status == "ok"}

    def _members(self, stories: Iterable[str]) -> dict[str, Collection[str]]:
        groups = Groups(self.state)
        found = {story: groups.group(story) for story in stories}
        return {story: list(group.members)[:_MEMBERS] for story, group in found.items() if group}

    # -------------------------------------------------------------------------------------------------------- delivery

    def _deliver(self, outlet: Outlet, letter: Open, ledger: Ledger) -> bool:
        """Try once. Whether it arrived."""
        now = self.clock()
        if letter.dead or (letter.after and letter.after > now):
            self._later[outlet.id] = letter.after or now + timedelta(seconds=BACKOFF[1])
            return False
        if not self._hold(outlet.id):
            return False
        tried, arrived = attempt(
            letter,
            outlet.id,
            make=lambda counted: self._made(outlet, counted),
            write=lambda written: ledger.write(outlet.id, written),
            send=lambda made: self.post.send(made, outlet.channel),
            clock=self.clock,
            count=lambda result: metrics.ALERTS.labels(result).inc(),
        )
        if arrived:
            self._arrived(outlet, tried, ledger)
            self._show(outlet, tried, "sent-again" if tried.interrupted else "sent")
        elif tried.dead:
            self._show(outlet, tried, "dead")
        elif tried.after:
            self._later[outlet.id] = tried.after
        return arrived

    def _show(self, outlet: Outlet, letter: Open, status: Ended) -> None:
        """For dashboards. It has arrived or not, whether the index can be written or not."""
        try:
            self.show([project_letter(outlet, letter, status, self.clock())])
        except DependencyDownError as error:
            log.warning("alert.not-shown", outlet=outlet.id, letter=letter.letter, reason=str(error))

    def _made(self, outlet: Outlet, letter: Open) -> Letter:
        articles = self._articles(id_ for news in letter.news for id_ in (news.article, *news.others))
        return self.compose(outlet, letter, articles)

    def _arrived(self, outlet: Outlet, letter: Open, ledger: Ledger) -> None:
        told = Told(self.state, outlet.id)
        for news in letter.news:
            for article, units in news.units.items():
                told.remember(news.story, article, units)
        told.remember_until(letter.due)
        sent = self.clock()
        ledger.close(
            Arrived(
                letter=letter.letter,
                outlet=outlet.id,
                keys=tuple(key for news in letter.news for key in news.keys),
                indexed=tuple(news.at for news in letter.news),
                due=letter.due,
                made=letter.made,
                sent=sent,
                attempts=letter.attempts,
                interrupted=letter.interrupted,
            )
        )
        metrics.ALERTS.labels("sent").inc()
        if outlet.subscription.rhythm.every == "at-once":
            for news in letter.news:
                metrics.ALERT_SECONDS.observe((sent - news.at).total_seconds())
        log.debug("alert.arrived", outlet=outlet.id, letter=letter.letter, keys=len(letter.news))
