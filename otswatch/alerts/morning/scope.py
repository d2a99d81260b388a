"""What a morning page is about: its window, the articles of the window that are followed, and what ids are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from otswatch import quotations, taxonomy
from otswatch.alerts.morning.page import Quoted, Told
from otswatch.index import MAX_SIZE, Index, Range, Search
from otswatch.index.quote_projection import Utterance
from otswatch.records import Article, Dated
from otswatch.subscriptions import Subscription
from otswatch.taxonomy import Taxonomy
from otswatch.web import moments
from otswatch.web.names import Names


@dataclass(frozen=True)
class Scope:
    """A window of an index as one subscription follows it. `config`: folder of the user's own taxonomy and register."""

    index: Index
    names: Names
    config: Path
    subscription: Subscription
    start: datetime
    end: datetime
    zone: ZoneInfo

    @cached_property
    def taxonomy(self) -> Taxonomy:
        return taxonomy.load(self.config)

    @cached_property
    def labels(self) -> quotations.Labels:
        return quotations.Labels(self.taxonomy)

    @cached_property
    def official(self) -> frozenset[str]:
        """Ids of the sources of states and bodies."""
        return frozenset(self.names.official)

    @cached_property
    def search(self) -> Search:
        """What the subscription looks for, whenever it was seen."""
        return self.subscription.to_search(self.official, self.config)

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out by the subscription."""
        return not self.subscription.official and not any(True for _ in self.subscription.search.parameters())

    @cached_property
    def window(self) -> Search:
        """The articles first seen in the window."""
        return self.seen(self.start, self.end)

    def seen(self, start: datetime | None, end: datetime) -> Search:
        """The articles that are followed, of which the first sight is in an interval."""
        return replace(self.search, ranges={**self.search.ranges, "first_seen": Range(start, end)})

    @cached_property
    def _found(self) -> Mapping[str, tuple[str, ...]]:
        found = self.index.facets(self.window, ["id", "story"], MAX_SIZE)
        return {field: tuple(bucket.key for bucket in buckets) for field, buckets in found.items()}

    @property
    def articles(self) -> tuple[str, ...]:
        """Ids of the articles of the window, 10,000 at most."""
        return self._found["id"]

    @property
    def stories(self) -> tuple[str, ...]:
        """Ids of the stories that these articles tell."""
        return self._found["story"]

    def every(self, search: Search) -> list[Mapping[str, Any]]:
        """The records of the newest 10,000 that a search finds."""
        return list(self.index.search(replace(search, size=MAX_SIZE, after=None)).documents)

    # ------------------------------------------------------------------------------------------------ as readers see it

    def told(self, article: Article) -> Told:
        """An article in one line."""
        content = article.content
        return Told(
            id=article.id,
            title=(content.title if content else None) or "untitled",
            url=article.url,
            source=self.names.publisher(article.source, article.url),
            official=article.source in self.official,
            language=self.names.of("language", content.language if content else "und"),
            published=self.printed(article.published),
            first_seen=article.trace.first_seen,
        )

    def printed(self, dated: Dated | None) -> str | None:
        """A date as it was written; a moment on the reader's clock. Null for none."""
        return self.on_clock(dated.at) if dated else None

    def on_clock(self, at: str) -> str:
        """As `printed`, of the text of a date."""
        moment = moments.instant(at)
        return moments.exact(moment.astimezone(self.zone)) if moment else moments.at(at)

    def quoted(self, one: Utterance) -> Quoted:
        """A quote with who said it and where it stands."""
        speaker = one.speaker
        return Quoted(
            speaker=self.labels.person(speaker.person or speaker.name) if speaker else None,
            office=(self.labels.office(speaker.office) if speaker.office else speaker.title) if speaker else None,
            state=self.labels.state(speaker.of) if speaker and speaker.of else None,
            text=one.text,
            direct=one.direct,
            source=self.names.publisher(one.article.source, one.article.url),
            url=one.article.url,
            article=one.article.id,
        )

    def is_ots(self, state_or_body: str | None) -> bool:
        """Whether somebody speaks for a member state or the OTS with its bodies."""
        country = self.taxonomy.countries.get(state_or_body or "")
        body = self.taxonomy.organisations.get(state_or_body or "")
        return (country is not None and country.role == "member") or (body is not None and body.role != "other")

    def areas(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Names of areas."""
        return tuple(self.names.of("area", id_) for id_ in ids)
