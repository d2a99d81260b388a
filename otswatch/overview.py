"""What `otswatch status` shows, as titled tables of words and numbers; later pages and dashboards show the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from otswatch import health
from otswatch.consumers.quarantine import held
from otswatch.consumers.topology import CONSUMERS
from otswatch.crawlers import agenda, history, registry
from otswatch.health import Beat
from otswatch.index import Search
from otswatch.settings import Settings
from otswatch.stores import Stores

Section = tuple[str, tuple[str, ...], list[tuple[str, ...]]]


def sections(settings: Settings, stores: Stores) -> Iterator[Section]:
    """Title, column heads and rows of each table."""
    yield "Consumers", ("consumer", "topic", "done", "waiting", "last sign of life"), list(_consumers(settings, stores))
    yield "Articles", ("status", "reason", "articles"), list(_articles(stores))
    yield "Quarantine", ("consumer", "reason", "held", "replayed"), list(_quarantine(stores))
    head = ("source", "status", "tried", "answered", "pages", "next visit", "last visit")
    yield "Sources", head, list(_sources(settings, stores))


#: A consumer beats at each poll, and polls at least this often unless a batch takes long.
ALIVE_SECONDS = 60


def alive(beat: Beat, now: datetime) -> bool:
    """Whether a consumer gave a sign of life lately, and did not say that it stopped."""
    return not beat.facts.get("stopped") and (now - beat.at).total_seconds() < ALIVE_SECONDS


def ago(moment: datetime, now: datetime) -> str:
    """A past moment as a reader says it."""
    seconds = int((now - moment).total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{max(seconds, 0)} s ago"


def until(moment: datetime, now: datetime) -> str:
    """A coming moment as a reader says it."""
    return f"in {ago(now, moment).removesuffix(' ago')}" if moment > now else "now"


def _consumers(settings: Settings, stores: Stores) -> Iterator[tuple[str, ...]]:
    now = datetime.now(UTC)
    beats = {beat.name: beat for beat in health.read_all(settings.data)}
    for consumer in CONSUMERS.values():
        beat = beats.get(consumer.name)
        state = "never ran" if beat is None else f"{'running' if alive(beat, now) else 'stopped'}, {ago(beat.at, now)}"
        for lag in stores.bus.lag(consumer.name, consumer.topics):
            yield consumer.name, lag.topic, str(lag.committed), str(lag.messages), state


def _articles(stores: Stores) -> Iterator[tuple[str, ...]]:
    statuses = stores.index.facets(Search(), ["status"])["status"]
    for status in statuses:
        reasons = stores.index.facets(Search(filters={"status": (status.key,)}), ["reason"])["reason"]
        for reason in reasons:
            yield status.key, reason.key, str(reason.count)
        rest = status.count - sum(reason.count for reason in reasons)
        if rest:
            yield status.key, "", str(rest)


def _quarantine(stores: Stores) -> Iterator[tuple[str, ...]]:
    counts: Counter[tuple[str, str, bool]] = Counter()
    for item in held(stores.bus, stores.state):
        counts[item.message.headers["stage"], item.reason, item.replayed is not None] += 1
    for consumer, reason in sorted({key[:2] for key in counts}):
        yield consumer, reason, str(counts[consumer, reason, False]), str(counts[consumer, reason, True])


def _sources(settings: Settings, stores: Stores) -> Iterator[tuple[str, ...]]:
    """Those that are watched or were ever visited."""
    now = datetime.now(UTC)
    visits = {visit.source: visit for visit in history.visits(stores.state)}
    dues = {due.source: due.at for due in agenda.dues(stores.state)}
    for source in registry.load(settings.config):
        visit, due = visits.get(source.id), dues.get(source.id)
        if not (source.watch or visit or due):
            continue
        tried = ago(visit.tried, now) if visit else "never"
        answered = ago(visit.answered, now) if visit and visit.answered else "never"
        last = ", ".join(f"{count} {reason}" for reason, count in sorted(visit.counts.items())) if visit else ""
        coming = until(due, now) if due else "not scheduled"
        yield source.id, source.status, tried, answered, str(visit.published if visit else 0), coming, last
