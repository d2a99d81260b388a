"""An article as it stands in a list. The articles of one story are one card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from otswatch.index import Index
from otswatch.overview import ago, until
from otswatch.query import Node
from otswatch.records import Article
from otswatch.status import MEANING, Reason
from otswatch.web import marking, moments
from otswatch.web.names import Names

#: A quote in a list has at most so many characters, and a card so many areas.
_QUOTE, _AREAS = 180, 3


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of ours: as a reader says it, exactly, and for machines."""

    relative: str
    exact: str
    iso: str
    clock: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody said; `speaker` is null where nobody knows who."""

    text: str
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article of the same story."""

    id: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a reader sees of an article in a list. `told`: how many articles its story has, 1 where nobody knows."""

    id: str
    title: Markup
    untitled: bool
    language: str
    language_name: str
    publisher: str
    home: str
    official: bool
    published: str | None
    published_at: str
    seen: Moment | None
    areas: tuple[tuple[str, str], ...]
    kind: tuple[str, str] | None
    part: bool
    quote: Spoken | None
    quotes: int
    snippet: Markup
    discarded: str
    story: str
    told: int
    copies: tuple[Copy, ...] = ()


def moment(at: datetime | None, now: datetime) -> Moment | None:
    """A moment for a template, past or to come; null where it is unknown."""
    if at is None:
        return None
    said = ago(at, now) if at <= now else until(at, now)
    return Moment(said, moments.utc(at), moments.iso(at), moments.iso(at)[11:16])


def articles(records: Iterable[Mapping[str, Any]]) -> list[Article]:
    """The records of hits, typed."""
    return [Article.model_validate(record) for record in records]


def story(article: Article) -> str:
    """What the articles of one story share; an article that belongs to no story is one of its own."""
    return article.story.id if article.story else article.id


def sizes(index: Index, found: Iterable[Article]) -> dict[str, int]:
    """How many articles the stories of these have, by the story's id."""
    stories = index.get_many("stories", {article.story.id for article in found if article.story})
    return {id_: record["articles"] for id_, record in stories.items() if "gone" not in record}


def cards(
    found: Sequence[Article],
    names: Names,
    now: datetime,
    query: Node | None = None,
    *,
    snippets: bool = False,
    told: Mapping[str, int] = MappingProxyType({}),
) -> list[Card]:
    """One card for each story, or article without one, in the order of `found`; the first of a story stands for it."""
    stories: dict[str, list[Article]] = {}
    for article in found:
        stories.setdefault(story(article), []).append(article)
    return [
        card(members[0], names, now, query, snippets=snippets, others=members[1:], told=told)
        for members in stories.values()
    ]


def card(
    article: Article,
    names: Names,
    now: datetime,
    query: Node | None = None,
    *,
    snippets: bool = False,
    others: Sequence[Article] = (),
    told: Mapping[str, int] = MappingProxyType({}),
) -> Card:
    """One article in a list, with the words of `query` marked.

    Args:
        others: articles of its story that stand in the same list.
        told: as `sizes` gives it.
    """
    content, source = article.content, names.sources.get(article.source or "")
    language = content.language if content else "und"
    return Card(
        id=article.id,
        title=marking.marked(headline(article), query, "title"),
        untitled=not (content and content.title),
        language=language,
        language_name=names.of("language", language),
        publisher=names.publisher(article.source, article.url),
        home=names.home(source) if source else "",
        official=article.source in names.official,
        published=moments.written(article.published) if article.published else None,
        published_at=article.published.at if article.published else "",
        seen=moment(article.trace.first_seen, now),
        areas=tuple((area.id, names.of("area", area.id)) for area in article.areas[:_AREAS]),
        kind=(article.kind.id, names.of("kind", article.kind.id)) if article.kind else None,
        part=bool(article.relevance and article.relevance.level == "part"),
        quote=_first_quote(article),
        quotes=len(article.quotes),
        snippet=marking.snippet(content.text, query) if snippets and content else Markup(""),
        discarded=why_not(article),
        story=story(article),
        told=told.get(story(article), 1),
        copies=tuple(Copy(other.id, names.publisher(other.source, other.url)) for other in others),
    )


def headline(article: Article) -> str:
    """The title; of an untitled article its first words, or its address."""
    content = article.content
    title = content.title or marking.beginning(content.text) if content else None
    return title or article.url or "untitled"


def why_not(article: Article) -> str:
    """Why an article was discarded, in words; empty where it was not."""
    if article.status == "ok":
        return ""
    known = article.reason in set(Reason)
    return f"{article.reason}: {MEANING[Reason(article.reason)]}" if known and article.reason else article.reason or "?"


def _first_quote(article: Article) -> Spoken | None:
    """The first whose speaker is known, else the first."""
    ranked = sorted(article.quotes, key=lambda quote: quote.speaker is None)
    if not ranked:
        return None
    speaker = ranked[0].speaker
    return Spoken(marking.beginning(ranked[0].text, _QUOTE), speaker.name if speaker else None)
