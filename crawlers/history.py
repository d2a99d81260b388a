"""When each source last answered, across crawls: what `otswatch status` shows, so that no source goes silent unnoticed.

One entry a source in `State`, `source/<id>`, written by the one crawl that visits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from otswatch import metrics
from otswatch.crawlers.registry import Source
from otswatch.crawlers.report import SourceReport
from otswatch.state import State
from otswatch.status import Reason


@dataclass(frozen=True, slots=True)
class Visit:
    """The last visits to a source. `answered` is when one of its lists could last be read; null: never.

    `published` counts the pages of all visits, `counts` how the addresses of the last one ended.
    """

    source: str
    tried: datetime
    answered: datetime | None
    published: int
    counts: dict[str, int]


def record(report: SourceReport, state: State, at: datetime) -> None:
    """Remember what a visit met, and count it."""
    before = state.get(f"source/{report.id}")
    answered = at.isoformat() if report.answered else (before.value["answered"] if before else None)
    value = {
        "tried": at.isoformat(),
        "answered": answered,
        "published": (before.value["published"] if before else 0) + report.counts.get(Reason.PUBLISHED, 0),
        "counts": {str(reason): count for reason, count in report.counts.items()},
    }
    state.put(f"source/{report.id}", value)
    _count(report, at)


def _count(report: SourceReport, at: datetime) -> None:
    if report.begun is None:
        metrics.source_is(report.id, "not-set-up")
        return
    outcome: Literal["answered", "silent"] = "answered" if report.answered else "silent"
    metrics.source_is(report.id, outcome)
    metrics.VISITS.labels(report.id, outcome).inc()
    metrics.VISIT_SECONDS.observe((at - report.begun).total_seconds())
    for reason, count in report.counts.items():
        metrics.ADDRESSES.labels(report.id, reason).inc(count)


def show(sources: Iterable[Source], state: State) -> None:
    """Begin with what earlier processes met: a metric that forgets at each start would never show a long silence."""
    before = {visit.source: visit for visit in visits(state)}
    for source in sources:
        visit = before.get(source.id)
        if visit is None:
            metrics.source_is(source.id, "not-visited")
        else:
            metrics.source_is(source.id, "answered" if visit.answered == visit.tried else "silent")


def visits(state: State) -> Iterator[Visit]:
    """What is remembered of every source that was ever visited."""
    for entry in state.scan("source/"):
        yield _visit(entry.key.removeprefix("source/"), entry.value)


def _visit(source: str, value: dict[str, Any]) -> Visit:
    answered = datetime.fromisoformat(value["answered"]) if value["answered"] else None
    return Visit(source, datetime.fromisoformat(value["tried"]), answered, value["published"], value["counts"])
