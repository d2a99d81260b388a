"""News as the items of a letter: titles, dates, words and reasons as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from otswatch.alerts.known import Change
from otswatch.alerts.letter import Item, Reason, Said
from otswatch.alerts.news import News
from otswatch.evaluate import Fields
from otswatch.grounds import grounds
from otswatch.index import Search
from otswatch.index.projection import project_article
from otswatch.query import Keyword, Leaf, leaves
from otswatch.records import Article, Evidence, Quote
from otswatch.subscriptions import Subscription
from otswatch.web import moments
from otswatch.web.names import Names

#: So many reasons stand under an item, so many letters around the words of one.
_REASONS: Final = 4
#: So many quotes of one item are shown.
_SAID: Final = 6
_AROUND: Final = 70
#: What is seen so long after it was published is marked.
LATE: Final = timedelta(days=1)
#: Labels that every article has: no reason for one.
_NO_REASON: Final = frozenset(("status", "relevance"))


@dataclass(frozen=True)
class Items:
    """Makes items for the letters of one subscription.

    Args:
        search: what it looks for. `page`: public address of our own page; null where it has none.
    """

    subscription: Subscription
    search: Search
    names: Names
    page: str | None = None

    def of(self, news: News, articles: Mapping[str, Article]) -> Item:
        """An item, of the articles that it names."""
        article = articles[news.article]
        content, kind = article.content, article.kind
        said = list(self._said(news, articles))
        others = [articles[id_] for id_ in news.others if id_ in articles]
        return Item(
            key=news.keys[0],
            what=news.what,
            article=article.id,
            title=(content and content.title) or article.url or article.id,
            url=article.url,
            page=f"{self.page}/articles/{article.id}" if self.page else None,
            source=self._source(article),
            language=content.language if content else "und",
            kind=self.names.kinds.get(kind.id, kind.id) if kind else None,
            areas=tuple(self.names.areas.get(area.id, area.id) for area in article.areas),
            published=self._published(article),
            first_seen=article.trace.first_seen,
            late=_is_late(article),
            why=tuple(islice(self._reasons(article), _REASONS)),
            said=tuple(said[:_SAID]),
            unsaid=len(said[_SAID:]),
            change="; ".join(map(self._change, news.changes)) or None,
            others=len(others),
            other_sources=tuple(dict.fromkeys(self._source(other) for other in others)),
        )

    def _source(self, article: Article) -> str:
        source = self.names.sources.get(article.source or "")
        return source.name if source else article.source or "unknown source"

    def _published(self, article: Article) -> str | None:
        """As it was written; a moment is told on the reader's clock."""
        if article.published is None:
            return None
        moment = moments.instant(article.published.at)
        return self._clock(moment) if moment else moments.written(article.published)

    def _clock(self, moment: datetime) -> str:
        return moments.exact(moment.astimezone(ZoneInfo(self.subscription.zone)))

    def _change(self, change: Change) -> str:
        if change.of != "text":
            return _changed_value(change)
        said = [f"{what} “{words}”" for what, words in (("removed", change.before), ("added", change.after)) if words]
        times = f" (read {' and '.join(map(self._clock, change.between))})" if change.between else ""
        return f"text changed: {', '.join(said)}{times}"

    def _said(self, news: News, articles: Mapping[str, Article]) -> Iterator[Said]:
        """Words that are new to the reader, and those whose speaker is another one now."""
        among = [articles[id_] for id_ in (news.article, *news.others) if id_ in articles]
        quotes = {quote.id: quote for article in among for quote in article.quotes}
        for id_ in dict.fromkeys((*news.quotes, *(change.quote for change in news.changes if change.quote))):
            if id_ in quotes:
                yield Said(
                    speaker=self._speaker(quotes[id_]), text=quotes[id_].text, direct=quotes[id_].direct,
                    new=id_ in news.quotes,
                )  # fmt: skip

    def _speaker(self, quote: Quote) -> str | None:
        speaker = quote.speaker
        if speaker is None:
            return None
        office = self.names.offices.get(speaker.office or "") or speaker.title
        return f"{speaker.name}, {office}" if office else speaker.name

    def _reasons(self, article: Article) -> Iterator[Reason]:
        """The words that the search asks for, and what the labels stand on that it is narrowed to."""
        fields = Fields(project_article(article))
        shown = set[tuple[str, str]]()
        for label, leaf in self._leaves():
            for evidence in islice(grounds(leaf, article, fields), 1):
                reason = _reason(label, evidence, article)
                if (reason.label, reason.words) not in shown:
                    shown.add((reason.label, reason.words))
                    yield reason

    def _leaves(self) -> Iterator[tuple[str, Leaf]]:
        for leaf in leaves(self.search.query, negated=False) if self.search.query else ():
            if not (isinstance(leaf, Keyword) and leaf.field in _NO_REASON):
                yield (self._label(leaf) if isinstance(leaf, Keyword) else "words"), leaf
        for name, values in self.search.filters.items():
            if name not in _NO_REASON:
                for value in values:
                    yield self._label(leaf := Keyword(name, value)), leaf

    def _label(self, leaf: Keyword) -> str:
        named = {"area": self.names.areas, "kind": self.names.kinds, "country": self.names.countries}
        return f"{leaf.field}: {named.get(leaf.field, {}).get(leaf.value, leaf.value)}"


def _is_late(article: Article) -> bool:
    seen, published = article.trace.first_seen, article.published
    return bool(seen and published and seen - published.end > LATE)


def _changed_value(change: Change) -> str:
    what = "published" if change.of == "published" else "speaker"
    said = [
        moments.at(value) if value and change.of == "published" else value for value in (change.before, change.after)
    ]
    return f"{what}: {said[0] or 'unknown'} → {said[1] or 'unknown'}"


def _reason(label: str, evidence: Evidence, article: Article) -> Reason:
    text = (
        ((article.content.title or "") if evidence.frame == "title" else article.content.text)
        if article.content
        else ""
    )
    if evidence.start is None or evidence.end is None or evidence.frame not in {"title", "text"}:
        return Reason(label=label, words=evidence.text[: 2 * _AROUND])
    before, after = text[: evidence.start].rpartition("\n")[2], text[evidence.end :].partition("\n")[0]
    return Reason(
        label=label,
        before=_shortened(before, front=True),
        words=text[evidence.start : evidence.end],
        after=_shortened(after, front=False),
    )


def _shortened(text: str, *, front: bool) -> str:
    """The part of a text next to some words, cut between words."""
    if len(text) <= _AROUND:
        return text
    return "…" + text[-_AROUND:].partition(" ")[2] if front else text[:_AROUND].rpartition(" ")[0] + "…"
