"""What the watchdog measures for dashboards: documents of the kinds `sources` and `pipeline`.

A source has one document, which is written over. A partition of a consumer has one for each `EVERY` of the last `KEPT`,
written over in a ring, so that nothing has to be taken away: its id ends with its place in the ring.
"""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from otswatch import health
from otswatch.bus import Lag
from otswatch.consumers import quarantine
from otswatch.consumers.topology import CONSUMERS
from otswatch.crawlers import agenda, history, registry
from otswatch.crawlers.history import Visit
from otswatch.crawlers.registry import Source
from otswatch.health import Beat
from otswatch.index import Document, Value
from otswatch.overview import alive
from otswatch.records import Moment, Part
from otswatch.settings import Settings
from otswatch.status import Reason
from otswatch.stores import Stores
from otswatch.watchdog.consumers import Progress
from otswatch.watchdog.looking import progress
from otswatch.watchdog.sources import source_troubles, watched

EVERY: Final = timedelta(minutes=5)
KEPT: Final = timedelta(days=14)
#: How addresses end of which nothing has to be mended.
_FINE: Final = frozenset(
    (
        *(Reason.PUBLISHED, Reason.ALREADY_SEEN, Reason.NOT_ARTICLE, Reason.ROBOTS_DISALLOWED, Reason.BEYOND_LIMIT),
        *(Reason.FEED_UNCHANGED, Reason.SITEMAP_UNCHANGED, Reason.LISTING_UNCHANGED),
        *(Reason.AGAIN_CHANGED, Reason.AGAIN_UNCHANGED, Reason.GONE),
    )
)
#: How the entries of lists end that are articles.
_ENTRIES: Final = (Reason.PUBLISHED, Reason.ALREADY_SEEN, Reason.BEYOND_LIMIT)
_MEASURED: Final = "operator/measured"


class Measured(Part):
    """What was counted by a moment, of which the next documents tell the difference.

    `committed` is by consumer, topic and partition; `quarantined` by consumer; `failed` by consumer and process.
    """

    at: Moment
    committed: Mapping[str, int]
    quarantined: Mapping[str, int]
    failed: Mapping[str, int]


def measure(settings: Settings, stores: Stores, now: datetime) -> None:
    """Put the documents of this moment, where those before are `EVERY` old.

    Raises:
        OTSWatchError: a store is down, or a file of the user's cannot be used.
    """
    entry = stores.state.get(_MEASURED)
    before = Measured.model_validate(entry.value) if entry else None
    if before is not None and now - before.at < EVERY:
        return
    documents, after = _pipeline(settings, stores, before, now)
    stores.index.put([*documents, *_sources(settings, stores, now)])
    stores.state.put(_MEASURED, after.to_dict())


def _made(kind: str, id_: str, now: datetime, fields: Mapping[str, Value]) -> Document:
    said = {
        name: value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
        for name, value in fields.items()
        if value is not None
    }
    return Document(kind, id_, int(now.timestamp()), {"id": id_, **fields}, {"id": id_, **said})


# ------------------------------------------------------------------------------------------------------------ pipeline


def _pipeline(
    settings: Settings, stores: Stores, before: Measured | None, now: datetime
) -> tuple[list[Document], Measured]:
    beats = {beat.name: beat for beat in health.read_all(settings.data)}
    lags = {name: stores.bus.lag(name, consumer.topics) for name, consumer in CONSUMERS.items()}
    after = Measured(
        at=now,
        committed={_where(lag): lag.committed for of_one in lags.values() for lag in of_one},
        quarantined={name: ever for name, (ever, _) in quarantine.counts(stores.bus, stores.state).items()},
        failed={f"{name}/{beat.pid}": int(beat.facts.get("failed", 0)) for name, beat in beats.items()},
    )
    known = progress(stores.state)
    documents = [
        document
        for name, of_one in lags.items()
        for document in _of_consumer(of_one, known.get(name), beats.get(name), before or after, after)
    ]
    return documents, after


def _where(lag: Lag) -> str:
    return f"{lag.group}/{lag.topic}/{lag.partition}"


def _of_consumer(
    lags: Sequence[Lag], known: Progress | None, beat: Beat | None, before: Measured, after: Measured
) -> Iterator[Document]:
    """One for each partition in which something waits or was done, and for its first one always."""
    now = after.at
    rates: Mapping[str, float] = beat.facts.get("per_minute", {}) if beat and alive(beat, now) else {}
    for number, lag in enumerate(lags):
        done = _since(before.committed, after.committed, _where(lag))
        if number and not done and not lag.messages:
            continue
        partition = f"{lag.topic}/{lag.partition}"
        place = known.places.get(partition) if known else None
        fields: dict[str, Value] = {
            "consumer": lag.group,
            "topic": lag.topic,
            "partition": lag.partition,
            "worker": f"{socket.gethostname()}/{beat.pid}" if beat else None,
            "at": now,
            "lag": lag.messages,
            "lag_seconds": int((now - place.since).total_seconds()) if place and place.since else 0,
            "done": done,
            "per_minute": round(rates[partition]) if partition in rates else None,
            **_state(beat, now),
        }
        if not number:  # they are the consumer's, and no partition's
            fields["quarantined"] = _since(before.quarantined, after.quarantined, lag.group)
            fields["errors"] = _since(before.failed, after.failed, f"{lag.group}/{beat.pid}", 0) if beat else None
        yield _made("pipeline", f"{lag.group}-{lag.topic}-{lag.partition}-{_slot(now)}", now, fields)


def _since(before: Mapping[str, int], after: Mapping[str, int], key: str, first: int | None = None) -> int:
    """How much came to a count. `first`: what it was where it is new; null: as much as now."""
    now = after.get(key, 0)
    return max(0, now - before.get(key, now if first is None else first))


def _state(beat: Beat | None, now: datetime) -> dict[str, Value]:
    """Unknown where it never ran on this machine."""
    if beat is None:
        return {}
    if not alive(beat, now):
        return {"status": "stopped"}
    reason = beat.facts.get("waiting")
    return {"status": "waiting", "reason": str(reason)} if reason else {"status": "running"}


def _slot(now: datetime) -> int:
    return int(now.timestamp() // EVERY.total_seconds()) % (KEPT // EVERY)


# ------------------------------------------------------------------------------------------------------------- sources


def _sources(settings: Settings, stores: Stores, now: datetime) -> Iterator[Document]:
    """Those that are watched or were ever visited."""
    dues = {due.source: due.at for due in agenda.dues(stores.state)}
    visits = {visit.source: visit for visit in history.visits(stores.state)}
    known = registry.load(settings.config)
    on_schedule = {source.id for source in watched(known, dues)}
    kinds = {trouble.id.partition("/")[2]: trouble.kind for trouble in source_troubles(known, visits)}
    for source in known:
        visit = visits.get(source.id)
        if visit is None and source.id not in on_schedule:
            continue
        status = _status(source, visit, kinds.get(source.id))
        fields: dict[str, Value] = {
            "source": source.id,
            "name": source.name,
            "country": source.country.lower(),
            "language": source.languages,
            "kind": source.kind,
            "route": tuple(dict.fromkeys(route.by for route in source.routes)),
            "watched": source.id in on_schedule,
            "status": status,
            "at": now,
            "next_visit": dues.get(source.id),
        }
        yield _made("sources", source.id, now, fields | _visited(visit, status, now))


def _status(source: Source, visit: Visit | None, trouble: str | None) -> str:
    if source.status != "ready":
        return source.status
    if trouble:
        return trouble.removeprefix("source-")
    return "ok" if visit else "not-visited"


def _visited(visit: Visit | None, status: str, now: datetime) -> dict[str, Value]:
    if visit is None:
        return {}
    errors = Counter({reason: count for reason, count in visit.counts.items() if reason not in _FINE})
    last_item = visit.brought[-1] if visit.brought else None
    return {
        "reason": errors.most_common(1)[0][0] if errors and status == "failing" else None,
        "tried_at": visit.tried,
        "answered_at": visit.answered,
        "last_item": last_item,
        "silent_hours": int((now - last_item).total_seconds() // 3600) if last_item else None,
        "items": sum(visit.counts.get(reason, 0) for reason in _ENTRIES),
        "pages": visit.published,
        "errors": errors.total(),
    }
