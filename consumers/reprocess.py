"""Makes every result again from the archive after a fix, and says what changed. The ids stay the same.

What changed goes on through `articles` like anything new, marked `origin: reprocess` so that nobody is alerted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from otswatch.bus import Outgoing
from otswatch.consumers.background import NOTHING, Snapshot
from otswatch.consumers.extract import PageTask, work_on_page, workers
from otswatch.consumers.outcome import Result
from otswatch.index import Index
from otswatch.index.projection import project_article
from otswatch.records import Article, Page
from otswatch.settings import Settings

#: What is compared, in the order of the report; `trace` and `story` are not made by `extract`.
PARTS = ("status", "reason", "content", "published", "modified", "relevance", "areas", "kind", "mentions", "quotes")


@dataclass(frozen=True, slots=True)
class Change:
    """One article that came out otherwise. `before` is the record that is indexed, null for none."""

    article: Article
    before: dict[str, Any] | None
    parts: tuple[str, ...]

    def outgoing(self) -> Outgoing:
        """The message that sends it on its way."""
        return Outgoing("articles", self.article.id, self.article.to_json(), {"origin": "reprocess"})


@dataclass(slots=True)
class Report:
    """Counts of what was seen, and of which parts changed. Counted up while the changes are read."""

    pages: int = 0
    unchanged: int = 0
    superseded: int = 0
    quarantined: int = 0
    changed: int = 0
    parts: Counter[str] = field(default_factory=Counter)


def reprocess(
    pages: Iterable[Page],
    settings: Settings,
    index: Index,
    report: Report,
    parts: Sequence[str] = PARTS,
    known: Snapshot = NOTHING,
) -> Iterator[Change]:
    """Extract each page again; yields the articles in which one of `parts` differs from what the index has.

    Args:
        known: the recurring paragraphs of the pipeline.
    """
    with workers(work_on_page, settings) as pool:
        for outcome in pool.map(PageTask(page.to_json(), "archive", known) for page in pages):
            report.pages += 1
            if not isinstance(outcome, Result):
                report.quarantined += 1
                continue
            change = _compare(Article.from_json(outcome.outgoing[0].value), index, parts, report)
            if change is not None:
                report.changed += 1
                report.parts.update(change.parts)
                yield change


def _compare(article: Article, index: Index, parts: Sequence[str], report: Report) -> Change | None:
    before = index.get("articles", article.id)
    if before is not None and Article.model_validate(before).version > article.version:
        report.superseded += 1
        return None
    after = project_article(article).record
    differing = tuple(part for part in parts if before is None or before.get(part) != after.get(part))
    if not differing:
        report.unchanged += 1
        return None
    return Change(article, None if before is None else dict(before), differing)
