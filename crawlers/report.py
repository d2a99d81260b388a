"""What a crawl did, source by source, in the words of `otswatch.status`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from otswatch.errors import OTSWatchError
from otswatch.status import Reason


@dataclass(frozen=True, slots=True)
class Problem:
    """One address that could not be had. `detail` is for people."""

    url: str
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One visit to a source: how many addresses ended how. Pages that rest after a failure are only counted.

    `begun` is null for a source that could not be visited. `answered` is how many of its lists could be read, or said
    that they did not change.
    """

    id: str
    begun: datetime | None
    counts: Mapping[Reason, int]
    problems: tuple[Problem, ...] = ()
    answered: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "id": self.id,
            "answered": self.answered,
            "counts": {str(reason): count for reason, count in self.counts.items()},
            "problems": [
                {"url": problem.url, "reason": str(problem.reason), "detail": problem.detail}
                for problem in self.problems
            ],
        }


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """`error` says why the crawl ended early (storage full, bus down); null when it went through or was stopped."""

    sources: tuple[SourceReport, ...]
    finished: str
    error: OTSWatchError | None = None

    @property
    def counts(self) -> Counter[Reason]:
        """Over all sources."""
        total: Counter[Reason] = Counter()
        for source in self.sources:
            total.update(source.counts)
        return total

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "finished": self.finished,
            "error": str(self.error) if self.error else None,
            "sources": [source.to_dict() for source in self.sources],
        }
