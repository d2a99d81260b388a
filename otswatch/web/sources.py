"""Who is watched: each source with its last visits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from otswatch.crawlers import agenda, history
from otswatch.crawlers.history import Visit
from otswatch.crawlers.registry import Source
from otswatch.web.cards import Moment, moment
from otswatch.web.desk import Desk
from otswatch.web.trust import answered, is_watched

_STATUS = {"ready": "watched", "not-set-up": "not set up", "disabled": "disabled"}


@dataclass(frozen=True, slots=True)
class Row:
    """A source as a line of the table. `word` is what a reader should know first."""

    source: Source
    watched: bool
    word: str
    silent: bool
    home: str
    languages: str
    tried: Moment | None
    answered: Moment | None
    due: Moment | None
    published: int
    counts: tuple[tuple[str, int], ...]


def rows(desk: Desk, now: datetime) -> Iterator[Row]:
    """All sources, official ones first, then by name."""
    visits = {visit.source: visit for visit in history.visits(desk.stores.state)}
    dues = {due.source: due.at for due in agenda.dues(desk.stores.state)}
    for source in sorted(desk.names.sources.values(), key=lambda source: (source.kind != "official", source.name)):
        yield _row(desk, source, visits.get(source.id), dues.get(source.id), now)


def _row(desk: Desk, source: Source, visit: Visit | None, due: datetime | None, now: datetime) -> Row:
    return Row(
        source=source,
        watched=is_watched(source),
        word=_word(source, visit),
        silent=visit is not None and not answered(visit),
        home=desk.names.home(source),
        languages=", ".join(desk.names.of("language", language) for language in source.languages),
        tried=moment(visit.tried if visit else None, now),
        answered=moment(visit.answered if visit else None, now),
        due=moment(due, now),
        published=visit.published if visit else 0,
        counts=tuple(sorted(visit.counts.items())) if visit else (),
    )


def _word(source: Source, visit: Visit | None) -> str:
    """A source that cannot be visited is never called ok."""
    if not is_watched(source):
        return "on demand only" if source.status == "ready" else _STATUS[source.status]
    if visit is None:
        return "not visited yet"
    return "answered" if answered(visit) else "did not answer"


def as_json(row: Row) -> dict[str, Any]:
    """A row for the API."""
    source = row.source
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "country": source.country,
        "languages": list(source.languages),
        "homepage": source.homepage,
        "status": source.status,
        "watched": row.watched,
        "tried": row.tried.iso if row.tried else None,
        "answered": row.answered.iso if row.answered else None,
        "due": row.due.iso if row.due else None,
        "published": row.published,
        "counts": dict(row.counts),
    }
