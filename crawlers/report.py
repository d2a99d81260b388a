"""What a crawl did, source by source, in the words of `otswatch.status`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """How many addresses ended how. `problems` are this crawl's; pages that rest after a failure are only counted.

    `answered` is how many of its feeds could be read, or said that they did not change.
    """

    id: str
    counts: Mapping[Reason, int]
    problems: tuple[Problem, ...] = ()
    answered: int = 0


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
            "sources": [
                {
                    "id": source.id,
                    "answered": source.answered,
                    "counts": {str(reason): count for reason, count in source.counts.items()},
                    "problems": [
                        {"url": problem.url, "reason": str(problem.reason), "detail": problem.detail}
                        for problem in source.problems
                    ],
                }
                for source in self.sources
            ],
        }


@dataclass(slots=True)
class Tally:
    """Counts while a crawl runs."""

    counts: dict[str, Counter[Reason]] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    error: OTSWatchError | None = None

    def count(self, source: str, reason: Reason, number: int = 1) -> None:
        """`number` addresses of `source` ended so."""
        if number:
            self.counts.setdefault(source, Counter())[reason] += number

    def problem(self, source: str, url: str, reason: Reason, detail: str) -> None:
        """Count one address that could not be had, and keep it for the report."""
        self.count(source, reason)
        self.problems.setdefault(source, []).append(Problem(url, reason, detail))

    def report(self, sources: tuple[str, ...], finished: str) -> CrawlReport:
        """The result, in the order of `sources`."""
        reports = (
            SourceReport(id_, dict(self.counts.get(id_, {})), tuple(self.problems.get(id_, ())), self.answered[id_])
            for id_ in sources
        )
        return CrawlReport(tuple(reports), finished, self.error)
