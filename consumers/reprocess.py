"""Makes results again after a fix or a change of the word lists, and says what changed. The ids stay the same.

Everything is made again from the archive. Where only stages run that need no page (`classify` and what is behind it),
the articles of the index are enough; of those that were discarded the index has no text, and their pages are taken from
the archive. What changed goes on through `articles` like anything new, marked `origin: reprocess` so that nobody is
alerted. What people corrected is compared, and sent, as the machine made it: their word stands anyway.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from otswatch.bus import Outgoing
from otswatch.consumers.archive import WarcArchive
from otswatch.consumers.background import NOTHING, Snapshot
from otswatch.consumers.extract import PageTask, takes_away, workers
from otswatch.consumers.outcome import Quarantined, Result
from otswatch.corrections.fold import unfold
from otswatch.errors import Quarantine
from otswatch.index import Index, Range, Search
from otswatch.records import Article, Page
from otswatch.settings import Settings

_PAGE = 500
#: What differs with every change of a word list or of a rule, and says nothing of the article: `areas/1a2b3c4d:port`.
_VERSION = re.compile(r"/[^:]*")


@dataclass(frozen=True, slots=True)
class Change:
    """One article that came out otherwise than `before`, which is null where the index does not have it.

    `parts`: what differs in value, evidence or score. `told`: those of them that a reader sees, as `values` has them.
    """

    article: Article
    before: Article | None
    parts: tuple[str, ...]
    told: tuple[str, ...]

    def outgoing(self) -> Outgoing:
        """The message that sends it on its way."""
        return Outgoing("articles", self.article.id, self.article.to_json(), {"origin": "reprocess"})

    def to_dict(self) -> dict[str, Any]:
        """What a reader would see change, as plain JSON types."""
        before, after = values(self.before) if self.before else {}, values(self.article)
        return {
            "id": self.article.id,
            "url": self.article.url,
            "source": self.article.source,
            "title": self.article.content.title if self.article.content else None,
            "before": {part: before.get(part) for part in self.told},
            "after": {part: after[part] for part in self.told},
        }


@dataclass(slots=True)
class Report:
    """Counts of what was made again. Counted up while the changes are read.

    `evidence`: changed, but not in what a reader sees. `superseded`: pages of which the index has a later fetch.
    `lost`: discarded articles whose page is not in the archive. `gained` and `dropped`: articles by area.
    """

    articles: int = 0
    unchanged: int = 0
    evidence: int = 0
    changed: int = 0
    superseded: int = 0
    quarantined: int = 0
    lost: int = 0
    parts: Counter[str] = field(default_factory=Counter)
    gained: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        counts = ("articles", "unchanged", "evidence", "changed", "superseded", "quarantined", "lost")
        areas = sorted(self.gained | self.dropped)
        return {
            **{name: getattr(self, name) for name in counts},
            "parts": dict(self.parts),
            "areas": {area: {"gained": self.gained[area], "dropped": self.dropped[area]} for area in areas},
        }

    def count(self, change: Change) -> None:
        """Add a change."""
        if not change.told:
            self.evidence += 1
            return
        self.changed += 1
        self.parts.update(change.told)
        after = _kept_areas(change.article)
        before = _kept_areas(change.before) if change.before else frozenset()
        self.gained.update(after - before)
        self.dropped.update(before - after)


def reprocess(
    since: datetime,
    settings: Settings,
    index: Index,
    report: Report,
    stage: str | None = None,
    known: Snapshot = NOTHING,
) -> Iterator[Change]:
    """Make articles of pages fetched at `since` or later again; yields those that differ from what the index has.

    Args:
        stage: only what this stage and those behind it make; null for all of it.
        known: the recurring paragraphs of the pipeline.

    Raises:
        UsageError: there is no such stage.
    """
    from otswatch.consumers.chain import STAGES, stages_from  # imports the extractors

    stages = stages_from(stage) if stage else STAGES
    owned = stages[0].owns if stage else tuple(name for each in stages for name in each.owns)
    parts = ("status", "reason", *owned)
    archive = WarcArchive(settings.data / "archive")
    if any(each.needs_page for each in stages):
        tasks: Iterable[PageTask | ArticleTask] = (_task(page, known) for page in archive.pages(since))
    else:
        tasks = _without_pages(since, archive, index, report, stages[0].name, known)
    with workers(work_again, settings) as pool:
        for outcome in pool.map(tasks):
            report.articles += 1
            if not isinstance(outcome, Result):
                report.quarantined += 1
                continue
            change = _compare(Article.from_json(outcome.outgoing[0].value), index, parts, report)
            if change is not None:
                report.count(change)
                yield change


# ------------------------------------------------------------------------------------------------- in worker processes


@dataclass(frozen=True, slots=True)
class ArticleTask:
    """An article of the index on its way into a worker process, as the machine made it."""

    value: bytes
    stage: str


def work_again(task: PageTask | ArticleTask) -> Result | Quarantined:
    """A page or an article to the article that is made of it now, even where `extract` would hold it back."""
    try:
        article = _made(task)
    except Quarantine as outcome:
        return Quarantined(outcome.reason, outcome.detail)
    return Result((Outgoing("articles", article.id, article.to_json()),), article.status, article.reason or "")


def _made(task: PageTask | ArticleTask) -> Article:
    from otswatch.consumers.chain import extract_again, extract_page, stages_from  # heavy, for worker processes only

    if isinstance(task, PageTask):
        return extract_page(Page.from_json(task.value), task.address, task.background)
    return extract_again(Article.from_json(task.value), stages_from(task.stage))


# ---------------------------------------------------------------------------------------------------- what is worked on


def _task(page: Page, known: Snapshot) -> PageTask:
    return PageTask(page.to_json(), "archive", known)


def _without_pages(
    since: datetime, archive: WarcArchive, index: Index, report: Report, stage: str, known: Snapshot
) -> Iterator[PageTask | ArticleTask]:
    """The articles whose text is in the index, then the pages of those that were discarded after they were read."""
    without_text: set[str] = set()
    for article in _indexed(since, index):
        if article.content and article.content.text:
            yield ArticleTask(unfold(article).to_json(), stage)
        elif article.relevance:
            without_text.add(article.id)
    wanted = set(without_text)
    for page in archive.pages(since) if wanted else ():
        if page.id in wanted:
            without_text.discard(page.id)
            yield _task(page, known)
    report.lost = len(without_text)


def _indexed(since: datetime, index: Index) -> Iterator[Article]:
    after: str | None = None
    while True:
        search = Search(ranges={"fetched_at": Range(since)}, sort="fetched_at", size=_PAGE, after=after)
        hits = index.search(search)
        yield from map(Article.model_validate, hits.documents)
        after = hits.after
        if after is None:
            return


# ------------------------------------------------------------------------------------------------------------ comparing


def _compare(article: Article, index: Index, parts: Sequence[str], report: Report) -> Change | None:
    record = index.get("articles", article.id)
    before = None if record is None else unfold(Article.model_validate(record))
    if record is not None and before is not None and ("gone" in record or before.version > article.version):
        report.superseded += 1
        return None
    differing = _differing(before, article, parts)
    if not differing or _was_held_back(article, before):
        report.unchanged += 1
        return None
    was, now = values(before) if before else {}, values(article)
    told = tuple(part for part in differing if part in now and was.get(part) != now[part])
    return Change(article, before, differing, told)


def _was_held_back(article: Article, before: Article | None) -> bool:
    """Whether a later fetch never became the article: a consent wall, as `takes_away` has it."""
    return takes_away(article) and (before is None or before.trace.fetched_at != article.trace.fetched_at)


def _differing(before: Article | None, article: Article, parts: Sequence[str]) -> tuple[str, ...]:
    if before is None:
        return tuple(parts)
    # What is discarded is kept without its text and quotes, so there is nothing to compare.
    whole = before.status == "ok" and article.status == "ok"
    compared = [part for part in parts if whole or part not in {"content", "quotes"}]
    was, now = (_unversioned(each.model_dump(mode="json", include=set(compared))) for each in (before, article))
    return tuple(part for part in compared if was[part] != now[part])


def _unversioned(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: _VERSION.sub("", item, count=1) if name == "rule" else _unversioned(item)
            for name, item in value.items()
        }
    return [_unversioned(item) for item in value] if isinstance(value, list) else value


def values(article: Article) -> dict[str, Any]:
    """What a reader sees of an article, by part and without what it stands on; as plain JSON types."""
    content, relevance, kind = article.content, article.relevance, article.kind
    return {
        "status": f"{article.status} ({article.reason})" if article.reason else article.status,
        "content": [content.title, content.language, content.text, *content.authors] if content else None,
        "published": article.published.at if article.published else None,
        "modified": article.modified.at if article.modified else None,
        "relevance": relevance.level if relevance else None,
        "areas": [area.id for area in article.areas],
        "kind": kind.id if kind else None,
        "mentions": sorted({f"{mention.type} {mention.id or mention.name}" for mention in article.mentions}),
        "quotes": [f"{quote.speaker.name if quote.speaker else 'unknown'}: {quote.text}" for quote in article.quotes],
        "dossiers": [claim.id for claim in article.dossiers],
    }


def _kept_areas(article: Article) -> frozenset[str]:
    return frozenset(area.id for area in article.areas) if article.status == "ok" else frozenset()
