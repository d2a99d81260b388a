"""What a morning page is made of, for tests: an index with articles, stories, quotes, meetings and words of people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from otswatch.alerts.morning import Morning, gather
from otswatch.calendar import Gathered, project
from otswatch.calendar.report import Report
from otswatch.index import Index
from otswatch.index.projection import project_article, project_story
from otswatch.index.quote_projection import project_quotes
from otswatch.records import (
    Area,
    Article,
    Content,
    Membership,
    Quote,
    Relevance,
    Speaker,
    Story,
    StoryMember,
    Trace,
    Venue,
    When,
)
from otswatch.settings import Settings
from otswatch.subscriptions import Subscription
from otswatch.web.names import Names
from tests.alerting import dated
from tests.memory import MemoryState

END = datetime(2026, 5, 14, 5, tzinfo=UTC)
START = END - timedelta(days=1)
SETTINGS = Settings()
NAMES = Names.load(SETTINGS)
ZONE = "Europe/Istanbul"


class Desk:
    """An index and a state, filled as the consumers fill them."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.state = MemoryState()

    def publish(
        self, id_: str, title: str, *quotes: Quote, hours: float = 2, story: str | None = None, **changes: Any
    ) -> Article:
        """An article seen so many hours before the end, with its quotes."""
        seen = END - timedelta(hours=hours)
        areas = changes.pop("areas", ("energy",))
        language = changes.pop("language", "en")
        article = Article(
            id=id_,
            url=changes.pop("url", f"https://wire.example/{id_}"),
            source=changes.pop("source", "wire"),
            content=Content(title=title, text=f"{title}.", language=language, extractor="test/1"),
            published=changes.pop("published", dated("2026-05-13")),
            relevance=Relevance(level="about", score=1.0),
            areas=tuple(Area(id=area, score=1.0, evidence=()) for area in areas),
            quotes=quotes,
            story=Membership(id=story or f"story-{id_}", role="member", reason="alone/1"),
            trace=Trace(fetched_at=seen, first_seen=seen),
        ).replace(**changes)
        self.index.put([project_article(article), *project_quotes(article)])
        return article

    def tell(self, *articles: Article, official: Article | None = None) -> None:
        """The story of articles, the first of them first."""
        first = articles[0]
        assert first.story
        seen = [each.trace.first_seen for each in articles if each.trace.first_seen]
        lead = (official or first).content
        story = Story(
            id=first.story.id,
            version=1,
            title=lead.title if lead else None,
            first=first.id,
            official=official.id if official else None,
            members=tuple(_member(each, official=each is official) for each in articles),
            articles=len(articles),
            relevance="about",
            sources=tuple(dict.fromkeys(each.source for each in articles if each.source)),
            languages=tuple(dict.fromkeys(each.content.language for each in articles if each.content)),
            areas=tuple(dict.fromkeys(area.id for each in articles for area in each.areas)),
            first_seen=min(seen),
            last_seen=max(seen),
        )
        self.index.put([project_story(story)])

    def plan(self, *days: str) -> None:
        """Meetings in Baku that an article told of."""
        for day in days:
            report = Report(
                article="a", url=None, source="wire", title="Summit", language="en", official=True, copy_of=None,
                published="2026-05-01", told=START, first_seen=START, series="summit", body="summit", of="ots",
                number=None, place=Venue(name="Baku", id="baku", country="az"),
                when=When(starts=day, ends=day, precision="day"), inferred=None, moved_from=None, status="planned",
                evidence=(),
            )  # fmt: skip
            self.index.put([project(Gathered(id=f"summit-{day}", reports=(report,), articles=1), 1)])

    def page(self, start: datetime = START, end: datetime = END, **changes: Any) -> Morning:
        self.index.refresh()
        return gather(
            self.index, self.state, NAMES, SETTINGS.config,
            subscription=subscription(**changes), start=start, end=end, zone=ZONE, now=end, waiting=7, quarantined=2,
        )  # fmt: skip


def _member(article: Article, *, official: bool) -> StoryMember:
    return StoryMember(
        article=article.id,
        url=article.url,
        source=article.source,
        title=article.content.title if article.content else None,
        language="en",
        first_seen=article.trace.first_seen,
        published=None,
        official=official,
        reason="alone/1",
    )


def subscription(**changes: Any) -> Subscription:
    sent = {"sends": "morning", "rhythm": {"every": "day"}, "channels": ["mailto:a@desk.example"]}
    given = {"id": "morning", **sent, "zone": ZONE, **changes}
    return Subscription.model_validate(given)


def quote(id_: str, text: str, who: str | None = "Aylin Demirel", of: str | None = "tr") -> Quote:
    speaker = Speaker(name=who, title="Minister of Energy", of=of, evidence=()) if who else None
    return Quote(id=id_, speaker=speaker, text=text, start=0, end=len(text), direct=True, rule="test/1")
