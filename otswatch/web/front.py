"""What is new, by first sight: official sources first, what has no publication date apart, the others by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain, groupby

from otswatch.index import Search, for_readers
from otswatch.query import Keyword, Node, Not, Or
from otswatch.records import Article
from otswatch.web import moments
from otswatch.web.cards import Card, articles, card, sizes, story
from otswatch.web.desk import Desk, link

#: The most that a section shows. Undated items stand before the many others, so that no communiqué without a date is
#: missed, and so few of them that the others are not pushed down.
OFFICIAL, OTHERS, UNDATED = 30, 60, 8


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading; the heading may be empty."""

    name: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page. `total` counts the articles that there are, which may be more than were read for it."""

    id: str
    name: str
    groups: tuple[Group, ...]
    total: int
    read: int
    more: str


@dataclass(frozen=True, slots=True)
class _Found:
    """The newest articles of a section, and how many there are."""

    articles: Sequence[Article] = ()
    total: int = 0


def sections(desk: Desk, now: datetime) -> tuple[Section, ...]:
    """Official, undated (official ones first), others. An article, or a story, stands in one of them only, once."""
    ids = desk.names.official
    dated = {"undated": ("false",)}
    official = _find(desk, Search(filters={**dated, "source": ids}, size=OFFICIAL)) if ids else _Found()
    others = _find(desk, Search(query=_none_of(ids), filters=dated, size=OTHERS))
    undated = _undated(desk, ids)

    stories = _stories((official, undated, others))
    told = sizes(desk.stores.index, chain.from_iterable(stories.values()))
    shown = [_cards(found, stories, told, desk, now) for found in (official, undated, others)]
    return (
        _section("official", "Official sources", [Group("", shown[0])], official, link("/search", source=ids)),
        _section("undated", "No publication date", [Group("", shown[1])], undated, link("/search", undated=True)),
        _section("others", "Other sources", _by_day(shown[2], now), others, "/search"),
    )


def _undated(desk: Desk, official: Sequence[str]) -> _Found:
    without = {"undated": ("true",)}
    first = _find(desk, Search(filters={**without, "source": official}, size=UNDATED)) if official else _Found()
    rest = _find(desk, Search(query=_none_of(official), filters=without, size=UNDATED))
    return _Found([*first.articles, *rest.articles][:UNDATED], first.total + rest.total)


def _find(desk: Desk, search: Search) -> _Found:
    hits = desk.stores.index.search(for_readers(search))
    return _Found(articles(hits.documents), hits.total)


def _none_of(sources: Sequence[str]) -> Node | None:
    return Not(Or(tuple(Keyword("source", source) for source in sources))) if sources else None


def _stories(sections: Sequence[_Found]) -> dict[str, list[Article]]:
    """The articles of each story. The first stands for all: of the foremost section, the one that was seen first.

    So a copy that comes later does not make the story new again.
    """
    members: dict[str, list[Article]] = {}
    for found in sections:
        for article in reversed(found.articles):
            members.setdefault(story(article), []).append(article)
    return members


def _cards(
    found: _Found, stories: Mapping[str, list[Article]], told: Mapping[str, int], desk: Desk, now: datetime
) -> tuple[Card, ...]:
    leading = (article for article in found.articles if stories[story(article)][0] is article)
    return tuple(card(each, desk.names, now, others=stories[story(each)][1:], told=told) for each in leading)


def _by_day(told: Sequence[Card], now: datetime) -> list[Group]:
    def seen(each: Card) -> date | None:
        return datetime.fromisoformat(each.seen.iso).date() if each.seen else None

    today = now.astimezone(UTC).date()
    return [
        Group(moments.day_name(day, today) if day else "Nobody knows when it was first seen", tuple(group))
        for day, group in groupby(told, seen)
    ]


def _section(id_: str, name: str, groups: Sequence[Group], found: _Found, more: str) -> Section:
    return Section(id_, name, tuple(group for group in groups if group.cards), found.total, len(found.articles), more)
