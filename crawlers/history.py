"""When each source last answered, across crawls: what `otswatch status` shows, so that no source goes silent unnoticed.

One entry a source in `State`, `source/<id>`, written by the one crawl that visits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from otswatch import metrics
from otswatch.crawlers.registry import Source
from otswatch.crawlers.report import SourceReport
from otswatch.state import State
from otswatch.status import Reason

#: So many of the last visits that brought new pages are remembered, by their times.
BROUGHT: Final = 21


@dataclass(frozen=True, slots=True)
class Visit:
    """The last visits to a source. `answered` is when one of its lists could last be read; null: never.

    `published` counts the pages of all visits, `counts` how the addresses of the last one ended. `first`: the first
    visit; `failed`: so many visits without an answer since the last one that had one; `brought`: the last visits with
    new pages (`BROUGHT`), the latest last. Of what an earlier version wrote down, these begin with its next visit.
    """

    source: str
    tried: datetime
    answered: datetime | None
    published: int
    counts: dict[str, int]
    first: datetime
    failed: int = 0
    brought: tuple[datetime, ...] = ()


def record(report: SourceReport, state: State, at: datetime) -> None:
    """Remember what a visit met, and count it."""
    entry = state.get(f"source/{report.id}")
    before: dict[str, Any] = entry.value if entry else {}
    moment, published = at.isoformat(), report.counts.get(Reason.PUBLISHED, 0)
    value = {
        "tried": moment,
        "answered": moment if report.answered else before.get("answered"),
        "published": before.get("published", 0) + published,
        "counts": {str(reason): count for reason, count in report.counts.items()},
        "first": before.get("first") or before.get("tried") or moment,
        "failed": 0 if report.answered else before.get("failed", 0) + 1,
        "brought": [*before.get("brought", ()), *([moment] if published else ())][-BROUGHT:],
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
    tried = datetime.fromisoformat(value["tried"])
    return Visit(
        source=source,
        tried=tried,
        answered=answered,
        published=value["published"],
        counts=value["counts"],
        first=datetime.fromisoformat(value["first"]) if "first" in value else tried,
        failed=value.get("failed", 0),
        brought=tuple(map(datetime.fromisoformat, value.get("brought", ()))),
    )
