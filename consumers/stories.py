"""The consumer `stories`: which articles tell the same, once for all of them.

Copies arrive within a second of each other, before any index has refreshed, so one worker has all articles: the topic
has one partition. What is remembered stands in `State` (`otswatch.stories.groups`, `otswatch.stories.kept`); the rules
are `otswatch.stories.link`. A person's word that parts or joins stories comes through `corrections`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from otswatch.bus import Message, Outgoing
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Outcome, Result, one, origin
from otswatch.corrections import kept
from otswatch.corrections.fold import latest
from otswatch.corrections.values import ALONE
from otswatch.crawlers import registry
from otswatch.records import Article, Correction, Moved
from otswatch.stories import Link, Profile, link, profile
from otswatch.stories.groups import HUMAN, Card, Group, Groups, Like
from otswatch.stories.kept import Profiles
from otswatch.stories.telling import COMPARED, card_of, told

#: The surest first: an article is in its story for the best reason that there is.
_RULES = ("exact", "syndicated", "retold", "translated")


class StoriesWork:
    """Puts each article into its story. Every step may be done again: the answers stay the same."""

    def __init__(self, context: Context) -> None:
        self._state = context.state
        self._groups = Groups(context.state)
        self._profiles = Profiles(context.state, context.index)
        self._official = registry.official(registry.load(context.settings.config))

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        self._profiles.begin()
        return [one(self._correct if message.topic == "corrections" else self._group, message) for message in messages]

    def close(self) -> None:
        """The stores belong to whoever opened them."""

    def _group(self, message: Message) -> Result:
        article = Article.from_json(message.value)
        kept = article.status == "ok" and article.content is not None
        groups = self._take(article) if kept else self._groups.drop(article.id, article.version)
        if kept:
            article = article.replace(story=self._groups.of([article.id])[article.id])
        grouped = Outgoing("grouped", article.id, article.to_json(), origin(message))
        return Result((grouped, *self._tell(groups, message)), article.status, article.reason or "")

    def _take(self, article: Article) -> list[Group]:
        mine = profile(article)
        card = card_of(article, mine, official=article.source in self._official)
        links = self._links(mine) if mine else []
        self._keep(mine, card)
        return self._groups.take(card, _best_first(links))

    def _links(self, mine: Profile) -> list[tuple[str, Link]]:
        return [(other.article, found) for other in self._profiles.near(mine) if (found := link(mine, other))]

    def _keep(self, mine: Profile | None, card: Card) -> None:
        """Keep a profile in the place of the earlier one, unless that is of a later fetch."""
        before = self._groups.card(card.article)
        if before is not None and before.version > card.version:
            return
        if before is not None and before.day != card.day:
            self._profiles.drop(before)
        if mine is not None:
            self._profiles.keep(mine)

    def _correct(self, message: Message) -> Result:
        """Do what the last word on the article's story says, which may be a later one than the message's."""
        correction = Correction.from_json(message.value)
        if correction.field != "story":
            return Result()
        last = latest(kept.remember(self._state, correction))["story"]
        return Result(self._tell(self._obey(last), message))

    def _obey(self, word: Correction) -> list[Group]:
        if word.withdrawn is not None:
            return self._groups.rejoin(word.article, word.id, word.at, f"{HUMAN}{word.withdrawn.by}")
        if word.value == ALONE:
            return self._groups.part(word.article, word.id, word.at, f"{HUMAN}{word.by}")
        return self._groups.join(word.article, word.value, f"{HUMAN}{word.by}")

    def _tell(self, groups: Sequence[Group], message: Message) -> tuple[Outgoing, ...]:
        stories = [told(group, self._profiles.of(group.shown[:COMPARED])) for group in groups]
        moved = [
            Moved(article=id_, story=group.id) for group in groups for id_ in sorted(group.moved) if not group.into
        ]
        why = origin(message)
        return (
            *(Outgoing("stories", story.id, story.to_json(), why) for story in stories),
            *(Outgoing("moves", move.article, move.to_json(), why) for move in moved),
        )


def _best_first(links: Iterable[tuple[str, Link]]) -> list[Like]:
    ordered = sorted(links, key=lambda each: (_RULES.index(each[1].rule.partition("/")[0]), each[0]))
    return [Like(article=article, rule=found.rule, why=found.why) for article, found in ordered]
