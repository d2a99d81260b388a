"""Reports of meetings as one article each makes them, for tests of the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from otswatch import dates, taxonomy
from otswatch.calendar import Gathered, Report, fold, reports
from otswatch.consumers.classify import classify
from otswatch.consumers.document import Document
from otswatch.records import Article, Content, Dated, Membership, Trace

TAXONOMY = taxonomy.load()


def article(id_: str, text: str, published: str | None, source: str | None = "one", **changes: Any) -> Article:
    """An article of a day, classified; first seen an hour after the day began."""
    dated, seen = None, datetime(2020, 1, 1, tzinfo=UTC)
    if published:
        start, end = dates.interval(published, "day" if len(published) == len("2026-01-01") else "month")
        precision = "day" if len(published) == len("2026-01-01") else "month"
        dated = Dated(at=published, precision=precision, start=start, end=end, source="meta", confidence=1, evidence=())
        seen = start + timedelta(hours=1)
    content = Content(title=f"About {id_}", text=text, language=changes.pop("language", "en"), extractor="test/1")
    made = Article(
        id=id_, url=f"https://{source}.example/{id_}", source=source, content=content, published=dated,
        trace=Trace(first_seen=seen, fetched_at=seen),
    )  # fmt: skip
    return classify(Document(html=None, text=text), made).replace(**changes)


def copy_of(original: Article, id_: str, source: str) -> Article:
    """The same text in another place, as `stories` finds it."""
    story = Membership(id="s", role="member", reason="exact/1", like=original.id)
    return original.replace(id=id_, source=source, url=f"https://{source}.example/{id_}", story=story)


def told(*articles: Article, official: tuple[str, ...] = ()) -> dict[str, dict[str, Report]]:
    """What some articles say, by the id of the meeting and of the article. `official`: sources."""
    by_id: dict[str, dict[str, Report]] = {}
    for one in articles:
        for id_, report in reports(one, TAXONOMY, official=one.source in official).items():
            by_id.setdefault(id_, {})[one.id] = report
    return by_id


def gathered(by_id: Mapping[str, Mapping[str, Report]]) -> list[Gathered]:
    """The same, folded."""
    return [fold(id_, each) for id_, each in by_id.items()]
