"""A story as readers see it, made of the cards and profiles of its members. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from otswatch.corrections.values import LEVELS
from otswatch.records import Article, Story, StoryMember
from otswatch.stories.differences import differences
from otswatch.stories.groups import ALONE, Card, Group
from otswatch.stories.ids import story_id
from otswatch.stories.profile import Profile, first_sight

#: Of these members the words are compared, the first seen first; more tell nothing new and cost at every copy.
COMPARED: Final = 60


def card_of(article: Article, profile: Profile | None, *, official: bool) -> Card:
    """What a story keeps of an article. Its reason is that it is alone until a link gives another one."""
    content, published, seen = article.content, article.published, first_sight(article)
    return Card(
        article=article.id,
        url=article.url,
        source=article.source,
        title=content.title if content else None,
        language=content.language if content else "und",
        first_seen=seen,
        published=published.at if published else None,
        starts=published.start if published else None,
        official=official,
        reason=ALONE,
        own=story_id(seen, article.id),
        version=article.version,
        day=str(profile.day) if profile else None,
        relevance=article.relevance.level if article.relevance else None,
        areas=tuple(area.id for area in article.areas),
        countries=_mentioned(article, "country"),
        bodies=_mentioned(article, "body"),
        meetings=_mentioned(article, "meeting"),
        people=_mentioned(article, "person"),
    )


def told(group: Group, profiles: Iterable[Profile]) -> Story:
    """The story for readers. `profiles`: those of its first `COMPARED` members, as far as they are known."""
    shown = group.shown
    first = next((card for card in shown if card.role == "first"), None)
    official = next((card for card in shown if card.official), None)
    headline = official or first
    days = [card.starts for card in shown if card.starts]
    seen = [card.first_seen for card in shown if card.first_seen]
    return Story(
        id=group.id,
        version=group.version,
        merged_into=group.into,
        title=headline.title if headline else None,
        first=first.article if first else None,
        official=official.article if official else None,
        members=tuple(StoryMember.model_validate(card.to_dict()) for card in _listed(shown, official)),
        articles=len(shown),
        relevance=next((level for level in LEVELS if any(card.relevance == level for card in shown)), None),
        sources=_ranked([card.source] if card.source else [] for card in shown),
        languages=_ranked([card.language] for card in shown),
        areas=_main_first([card.areas for card in shown]),
        countries=_ranked(card.countries for card in shown),
        bodies=_ranked(card.bodies for card in shown),
        meetings=_ranked(card.meetings for card in shown),
        people=_ranked(card.people for card in shown),
        first_seen=min(seen, default=None),
        last_seen=max(seen, default=None),
        published=min(days, default=None),
        differences=differences(profiles),
    )


def _listed(shown: Sequence[Card], official: Card | None) -> list[Card]:
    """The first seen; the first official one is always there."""
    listed = list(shown[: Story.LISTED])
    return listed if official is None or official in listed else [*listed[:-1], official]


def _mentioned(article: Article, kind: str) -> tuple[str, ...]:
    ids = (mention.id for mention in article.mentions if mention.type == kind and mention.id)
    return tuple(dict.fromkeys(ids))


def _main_first(areas: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """By how many members are mainly about it, then as others are ranked."""
    mains = Counter(each[0] for each in areas if each)
    return tuple(sorted(_ranked(areas), key=lambda area: -mains[area]))


def _ranked(values: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """By how many members have it; those that as many have by name: which member came first says nothing."""
    counts = Counter(value for each in values for value in set(each))
    return tuple(sorted(counts, key=lambda value: (-counts[value], value)))
