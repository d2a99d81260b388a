"""What `otswatch status` shows, as titled tables of words and numbers; later pages and dashboards show the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from otswatch import health
from otswatch.bus import Bus
from otswatch.consumers.quarantine import held
from otswatch.consumers.topology import CONSUMERS
from otswatch.crawlers import agenda, history, registry
from otswatch.errors import DependencyDownError
from otswatch.health import Beat
from otswatch.index import SCORE, Index, Search
from otswatch.index.mapping import kinds
from otswatch.settings import Settings
from otswatch.state import State
from otswatch.stores import Stores
from otswatch.watchdog.book import Book
from otswatch.watchdog.trouble import span

Rows = Iterator[tuple[str, ...]]
Section = tuple[str, tuple[str, ...], list[tuple[str, ...]]]

_MESSAGES = ("consumer", "topic", "partition", "done", "waiting", "per minute")
_SOURCES = ("source", "status", "tried", "answered", "pages", "next visit", "last visit")


@runtime_checkable
class ReportsHealth(Protocol):
    """An index on a server of its own, which can say how that is."""

    def health(self) -> str:
        """A few words, the server's own first: `yellow, 1,200.5 MB`.

        Raises:
            DependencyDownError: it does not answer.
        """
        ...


def sections(settings: Settings, stores: Stores) -> Iterator[Section]:
    """Title, column heads and rows of each table. One that cannot be read says why, and the others are there.

    Consumers and rates are those of this machine, whose signs of life are files; all else is what the stores know.
    """
    for title, head, rows in _tables(settings, stores):
        try:
            read = list(rows)
        except DependencyDownError as error:
            yield title, ("problem",), [(f"cannot be read: {error}",)]
        else:
            yield title, head, read


def _tables(settings: Settings, stores: Stores) -> Iterator[tuple[str, tuple[str, ...], Rows]]:
    """Nothing is asked for before its rows are taken."""
    yield "Troubles", ("trouble", "since", "what is wrong"), _troubles(stores.state)
    yield "Consumers", ("consumer", "state", "last sign of life"), _consumers(settings)
    yield "Messages", _MESSAGES, _messages(settings, stores.bus)
    yield "Articles", ("status", "reason", "articles"), _articles(stores.index)
    yield "Index", ("kind", "documents"), _documents(stores.index)
    if isinstance(stores.index, ReportsHealth):
        yield "Index server", ("health",), _health(stores.index)
    yield "Quarantine", ("consumer", "reason", "held", "replayed"), _quarantine(stores)
    yield "Sources", _SOURCES, _sources(settings, stores.state)


#: A consumer beats at each poll, and polls at least this often unless a batch takes long.
ALIVE_SECONDS = 60


def alive(beat: Beat, now: datetime) -> bool:
    """Whether a consumer gave a sign of life lately, and did not say that it stopped."""
    return not beat.facts.get("stopped") and (now - beat.at).total_seconds() < ALIVE_SECONDS


def ago(moment: datetime, now: datetime) -> str:
    """A past moment as a reader says it."""
    return f"{span(now - moment)} ago"


def until(moment: datetime, now: datetime) -> str:
    """A coming moment as a reader says it."""
    return f"in {span(moment - now)}" if moment > now else "now"


def _troubles(state: State) -> Rows:
    """Those that stand, and whether anybody looks for them."""
    now, book = datetime.now(UTC), Book(state)
    if not book.is_watched(now):
        looked = book.looked()
        when = f"the last look for them was {ago(looked, now)}" if looked else "nobody has looked for them yet"
        yield "(not watched)", "", f"{when}: `otswatch run` does, or `otswatch watchdog`"
    for trouble in book.standing():
        yield trouble.id, ago(trouble.since, now), trouble.said


def _consumers(settings: Settings) -> Rows:
    now = datetime.now(UTC)
    beats = _beats(settings)
    for name in CONSUMERS:
        beat = beats.get(name)
        yield (name, _state(beat, now), ago(beat.at, now)) if beat else (name, "never ran here", "")


def _state(beat: Beat, now: datetime) -> str:
    if not alive(beat, now):
        return "stopped"
    reason = beat.facts.get("waiting")
    return f"waiting: {reason}" if reason else "running"


def _messages(settings: Settings, bus: Bus) -> Rows:
    now = datetime.now(UTC)
    beats = _beats(settings)
    for consumer in CONSUMERS.values():
        beat = beats.get(consumer.name)
        rates = beat.facts.get("per_minute", {}) if beat and alive(beat, now) else {}
        for lag in bus.lag(consumer.name, consumer.topics):
            rate = str(rates.get(f"{lag.topic}/{lag.partition}", ""))
            yield consumer.name, lag.topic, str(lag.partition), str(lag.committed), str(lag.messages), rate


def _beats(settings: Settings) -> dict[str, Beat]:
    return {beat.name: beat for beat in health.read_all(settings.data)}


def _articles(index: Index) -> Rows:
    statuses = index.facets(Search(), ["status"])["status"]
    for status in statuses:
        reasons = index.facets(Search(filters={"status": (status.key,)}), ["reason"])["reason"]
        for reason in reasons:
            yield status.key, reason.key, str(reason.count)
        rest = status.count - sum(reason.count for reason in reasons)
        if rest:
            yield status.key, "", str(rest)


def _documents(index: Index) -> Rows:
    for kind in kinds():
        yield kind, str(index.search(Search(kind, sort=SCORE, size=0)).total)


def _health(server: ReportsHealth) -> Rows:
    yield (server.health(),)


def _quarantine(stores: Stores) -> Rows:
    counts: Counter[tuple[str, str, bool]] = Counter()
    for item in held(stores.bus, stores.state):
        counts[item.message.headers["stage"], item.reason, item.replayed is not None] += 1
    for consumer, reason in sorted({key[:2] for key in counts}):
        yield consumer, reason, str(counts[consumer, reason, False]), str(counts[consumer, reason, True])


def _sources(settings: Settings, state: State) -> Rows:
    """Those that are watched or were ever visited."""
    now = datetime.now(UTC)
    visits = {visit.source: visit for visit in history.visits(state)}
    dues = {due.source: due.at for due in agenda.dues(state)}
    for source in registry.load(settings.config):
        visit, due = visits.get(source.id), dues.get(source.id)
        if not (source.watch or visit or due):
            continue
        tried = ago(visit.tried, now) if visit else "never"
        answered = ago(visit.answered, now) if visit and visit.answered else "never"
        last = ", ".join(f"{count} {reason}" for reason, count in sorted(visit.counts.items())) if visit else ""
        coming = until(due, now) if due else "not scheduled"
        yield source.id, source.status, tried, answered, str(visit.published if visit else 0), coming, last
