"""Which story each article belongs to: links joined into groups, kept in `State`.

An article begins as a story of its own. A link joins two stories for good, and the elder's id stands: since ids sort by
age, the same links give the same stories under the same ids in whatever order they come, however often. A worker that
was killed, or one that was frozen and goes on beside its successor, does over what was done and changes nothing: every
write is a compare-and-set of one entry, ids of a membership only ever become elder, and nothing is remembered here.

A person can part an article from its story or join two stories; what a person parted no link joins again.

Entries: `stories/of/<article>` is its membership, `stories/story/<id>` the story with a card of each member. `moved`
are the members that were sent on under another story, role or reason, with the version at which that changed: they are
told once more whenever the story is touched, for a day, because a worker may die between two writes. So are the stories
that it `absorbed`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final, Literal, Self

from otswatch import versions
from otswatch.records import Membership, Moment, Part, StoryMember
from otswatch.state import Entry, State, replace
from otswatch.stories.ids import story_id

#: Why an article is where it is that is like no other.
ALONE: Final = "alone/1"
#: Of the one that began a story which an article has joined to another.
MERGED: Final = "merged/1"
#: What a person's reason begins with.
HUMAN: Final = "human/"
_OF: Final = "stories/of/"
_STORY: Final = "stories/story/"
_TOLD_FOR: Final = timedelta(days=1) // timedelta(microseconds=1)


class Card(StoryMember):
    """What a story keeps of a member: what it shows and counts. `own`: the id that it would begin a story with.

    `version`: of the article that this is read of; an earlier one that comes late changes nothing. `day`: where its
    profile is kept, null where it has none; `starts`: the day it is of; `gone`: it is no longer kept.
    """

    own: str
    version: int = 0
    day: str | None
    areas: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    meetings: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    starts: Moment | None = None
    relevance: str | None = None
    role: Literal["first", "official", "member"] = "member"
    gone: bool = False


class Like(Part):
    """An article that another one is like, by which rule, and in which words."""

    article: str
    rule: str
    why: tuple[str, ...] = ()


class Group(Part):
    """A story as it is kept. `into`: the elder one that it was merged into. `apart`: what people parted it from.

    `out_of`: the one that its first article was parted from, where a person's word began it. `version` grows with every
    change (`otswatch.versions`).
    """

    id: str
    version: int = 0
    into: str | None = None
    out_of: str | None = None
    apart: tuple[str, ...] = ()
    moved: Mapping[str, int] = {}
    absorbed: Mapping[str, int] = {}
    members: Mapping[str, Card] = {}

    @property
    def shown(self) -> list[Card]:
        """The members that are kept, the first seen first."""
        return sorted((card for card in self.members.values() if not card.gone), key=lambda card: card.own)

    def with_members(self, members: Mapping[str, Card], arrived: Collection[str] = ()) -> Self:
        """With these members and their roles. Itself where nothing changes.

        Args:
            arrived: those that come from another story; they are among the moved, as are those whose role or reason is
                another one now.
        """
        cast = _cast(members)
        if cast == self.members:
            return self
        after = self.renewed(members=cast)
        others = (id_ for id_, card in self.members.items() if id_ in cast and _place(card) != _place(cast[id_]))
        moved = {id_: at for id_, at in after.moved.items() if id_ in cast}
        return after.replace(moved={**moved, **dict.fromkeys((*arrived, *others), after.version)})

    def having_absorbed(self, *others: str) -> Self:
        """With these among the stories that were merged into it. Itself where they are."""
        new = [other for other in others if other not in self.absorbed]
        if not new:
            return self
        after = self.renewed()
        return after.replace(absorbed={**after.absorbed, **dict.fromkeys(new, after.version)})

    def parted_from(self, *others: str) -> Self:
        """With these among the stories that people parted it from. Itself where they are."""
        apart = tuple(dict.fromkeys((*self.apart, *others)))
        return self if apart == self.apart else self.renewed(apart=apart)

    def renewed(self, **changes: object) -> Self:
        """With these changes and the next version, and without what has been told for long enough."""
        version = versions.following(self.version)
        moved, absorbed = _since(version - _TOLD_FOR, self.moved), _since(version - _TOLD_FOR, self.absorbed)
        return self.replace(version=version, moved=moved, absorbed=absorbed, **changes)


def _since(moment: int, happened: Mapping[str, int]) -> dict[str, int]:
    return {id_: at for id_, at in happened.items() if at > moment}


def _place(card: Card) -> tuple[object, ...]:
    return card.role, card.reason, card.like, card.why


def _cast(members: Mapping[str, Card]) -> dict[str, Card]:
    """The members with their roles. Which is the first is a matter of when it was seen, not of who came first here."""
    shown = sorted((card for card in members.values() if not card.gone), key=lambda card: card.own)
    official = next((card for card in shown if card.official), None)

    def role(card: Card) -> Literal["first", "official", "member"]:
        if shown and card is shown[0]:
            return "first"
        return "official" if card is official else "member"

    return {id_: card.replace(role=role(card)) for id_, card in members.items()}


class Groups:
    """The stories in `state`. Threads and processes may share them."""

    def __init__(self, state: State) -> None:
        self._state = state

    def of(self, articles: Collection[str]) -> dict[str, Membership]:
        """The membership of each article that has one."""
        found = self._state.get_many([_OF + article for article in articles])
        return {key.removeprefix(_OF): Membership.model_validate(entry.value) for key, entry in found.items()}

    def card(self, article: str) -> Card | None:
        """What its story keeps of an article."""
        membership = self.of([article]).get(article)
        return self._now(membership.id)[0].members.get(article) if membership else None

    def group(self, id_: str) -> Group | None:
        """A story as it is kept, also one that was merged."""
        return self._read(id_)[0]

    # ------------------------------------------------------------------------------------------------------- machine

    def take(self, card: Card, likes: Sequence[Like]) -> list[Group]:
        """An article, new or again, into the story that its likes are in; the best like first.

        Returns:
            The stories that this touches, whether it changes them or not.
        """
        known = self.of([card.article, *(like.article for like in likes)])
        own = known.pop(card.article, None)
        if own is not None and own.reason.startswith(HUMAN):
            return self._told([self._touch(own.id, lambda group: _with(group, card), card.article)])
        near = {like.article: like for like in likes if like.article in known}
        homes = dict.fromkeys(([own.id] if own else []) + [known[article].id for article in near])
        touched = [self._touch(next(iter(homes), card.own), lambda group: _with(group, card, near), card.article)]
        if card.own < touched[0].id:
            homes[card.own] = None
            touched.append(self._touch(card.own, lambda group: _with(group, card, near), card.article))
        for home in homes:
            left = self._merge(touched[0].id, home, lambda member: _joined(member, card, near))
            touched += [left] if left else []
        return self._told(touched)

    def drop(self, article: str, version: int) -> list[Group]:
        """An article that is no longer kept, from this version of it on, stays a member that nobody is shown.

        Returns the story that it is in.
        """
        membership = self.of([article]).get(article)
        if membership is None:
            return []

        def without(group: Group) -> Group:
            card = group.members.get(article)
            if card is None or card.version > version:
                return group
            return group.with_members({**group.members, article: card.replace(gone=True, version=version)})

        return self._told([self._touch(membership.id, without)])

    # -------------------------------------------------------------------------------------------------------- people

    def part(self, article: str, word: str, at: datetime, reason: str) -> list[Group]:
        """Make an article a story of its own, by a person's word. Returns the stories that this touches.

        Whoever began it may have died before it was done: the story that this word begins is known by its id.

        Args:
            word: the id of what was said, and when: the new story begins then, so it is younger than the one it leaves.
        """
        membership = self.of([article]).get(article)
        if membership is None:
            return []
        id_, home = story_id(at, word), self._now(membership.id)[0]
        begun = self.group(id_)
        if begun is None:
            card = home.members.get(article)
            if card is None or len(home.members) == 1:
                return [home]
            alone = card.replace(reason=reason, like=None, why=())
            begun = self._change(id_, lambda group: _begun(group, alone, home.id))
        mine, left = self._touch(id_, lambda group: group, article), _left(begun)
        if left is None or self._now(left)[0].id == mine.id:  # they were joined since
            return self._told([mine])
        return [mine, self._touch(left, lambda group: _without(group, article).parted_from(id_))]

    def join(self, article: str, story: str, reason: str) -> list[Group]:
        """Make the story of an article and another one the same, by a person's word. Returns the stories touched."""
        membership = self.of([article]).get(article)
        if membership is None or self.group(story) is None:
            return []
        mine, other = self._now(membership.id)[0].id, self._now(story)[0].id
        self._reconcile(mine, other)
        self._reconcile(other, mine)
        left = self._merge(mine, other, lambda card: _said(card, reason)) or self._now(mine)[0]
        return self._told([left])

    def rejoin(self, article: str, word: str, at: datetime, reason: str) -> list[Group]:
        """Take back the word that parted an article from its story. Returns the stories that this touches.

        What other words parted stays so.
        """
        begun = self.group(story_id(at, word))
        left = _left(begun) if begun else None
        return self.join(article, left, reason) if left else []

    # ------------------------------------------------------------------------------------------------------- entries

    def _touch(self, id_: str, change: Callable[[Group], Group], *articles: str) -> Group:
        """Change the story that `id_` is now, and see to it that these articles and each that moved say so."""
        after = self._change(id_, change)
        self._settle(after, {*articles, *after.moved})
        return after

    def _change(self, id_: str, change: Callable[[Group], Group]) -> Group:
        while True:
            before, entry = self._now(id_)
            after = change(before)
            if after is before or self._write(after, entry):
                return after

    def _merge(self, one: str, two: str, joined: Callable[[Card], Card]) -> Group | None:
        """Make two stories one, unless people parted them. Returns what is left; null where nothing is to be done.

        Memberships come last: as long as they say the younger story, whoever finds this half done does it again.
        """
        while True:
            (elder, _), (younger, entry) = sorted((self._now(one), self._now(two)), key=lambda each: each[0].id)
            if elder.id == younger.id or entry is None or self._are_apart(elder, younger):
                return None
            members = {id_: joined(card) for id_, card in younger.members.items()}
            left = self._change(elder.id, partial(_taking_in, younger=younger, members=members))
            if self._write(younger.renewed(into=left.id), entry):
                self._settle(left, left.moved)
                return left

    def _reconcile(self, one: str, two: str) -> None:
        def reconciled(group: Group) -> Group:
            apart = tuple(id_ for id_ in group.apart if self._now(id_)[0].id != two)
            return group if apart == group.apart else group.renewed(apart=apart)

        self._touch(one, reconciled)

    def _told(self, groups: Iterable[Group]) -> list[Group]:
        """Each of these stories once, as it is now, and those that it absorbed of late."""
        now = {group.id: group for group in (self.group(each.id) for each in groups) if group is not None}
        absorbed = {id_ for group in now.values() for id_ in group.absorbed} - set(now)
        return [*now.values(), *(group for id_ in sorted(absorbed) if (group := self.group(id_)) is not None)]

    def _are_apart(self, one: Group, two: Group) -> bool:
        return any(self._now(id_)[0].id in (one.id, two.id) for group in (one, two) for id_ in group.apart)

    def _now(self, id_: str) -> tuple[Group, Entry | None]:
        """The story that this one is now, and its entry; an empty one, and null, where there is none."""
        while True:
            group, entry = self._read(id_)
            if group is None:
                return Group(id=id_), None
            if group.into is None:
                return group, entry
            id_ = group.into

    def _read(self, id_: str) -> tuple[Group | None, Entry | None]:
        entry = self._state.get(_STORY + id_)
        return (Group.model_validate(entry.value) if entry else None, entry)

    def _write(self, group: Group, read: Entry | None) -> bool:
        return replace(self._state, _STORY + group.id, group.to_dict(), read)

    def _settle(self, group: Group, articles: Collection[str]) -> None:
        for id_ in group.absorbed:  # whoever began to merge it may have died before it said so there
            self._merge(group.id, id_, lambda card: card)
        wanted = {_OF + id_: _membership(group, id_) for id_ in sorted(articles) if id_ in group.members}
        found = self._state.get_many(wanted)
        for key, membership in wanted.items():
            self._settle_one(key, membership, found.get(key))

    def _settle_one(self, key: str, wanted: Membership, entry: Entry | None) -> None:
        while True:
            now = Membership.model_validate(entry.value) if entry else None
            if now == wanted or (now is not None and _outweighs(now, wanted)):
                return
            if replace(self._state, key, wanted.to_dict(), entry):
                return
            entry = self._state.get(key)


def _membership(group: Group, article: str) -> Membership:
    card = group.members[article]
    return Membership(id=group.id, role=card.role, reason=card.reason, like=card.like, why=card.why)


def _outweighs(stands: Membership, wanted: Membership) -> bool:
    """A person's word stands, and else the elder's id: a worker that lags behind would bring back what is no more."""
    if wanted.reason.startswith(HUMAN):
        return False
    return stands.reason.startswith(HUMAN) or stands.id < wanted.id


def _with(group: Group, card: Card, near: Mapping[str, Like] = MappingProxyType({})) -> Group:
    """The story with an article, which stays in it for the reason that it came in for: that it is like an elder one."""
    elders = (near[id_] for id_ in near if id_ in group.members and group.members[id_].own < card.own)
    old = group.members.get(card.article)
    if old is not None and old.version > card.version:
        card = old
    if old is not None and old.reason != ALONE:
        card = card.replace(reason=old.reason, like=old.like, why=old.why)
    elif (elder := next(elders, None)) is not None:
        card = _because(card, elder)
    return group.with_members({**group.members, card.article: card})


def _begun(group: Group, alone: Card, home: str) -> Group:
    """The story that a person's word begins. Itself where it has begun."""
    if group.members:
        return group
    return group.with_members({alone.article: alone}, [alone.article]).parted_from(home).replace(out_of=home)


def _left(begun: Group) -> str | None:
    """The story that a person's word parted this one from; before `out_of` was kept it was the elder one."""
    return begun.out_of or next((id_ for id_ in begun.apart if id_ < begun.id), None)


def _without(group: Group, article: str) -> Group:
    return group.with_members({id_: card for id_, card in group.members.items() if id_ != article})


def _taking_in(group: Group, younger: Group, members: Mapping[str, Card]) -> Group:
    arrived = group.with_members({**members, **group.members}, members)
    return arrived.parted_from(*younger.apart).having_absorbed(younger.id, *younger.absorbed)


def _because(card: Card, like: Like) -> Card:
    return card.replace(reason=like.rule, like=like.article, why=like.why)


def _joined(member: Card, new: Card, near: Mapping[str, Like]) -> Card:
    """A member of a story that a new article joins to another: the one that began it needs a reason now."""
    if member.reason != ALONE or member.article == new.article:
        return member
    like = near.get(member.article)
    return _because(member, Like(article=new.article, rule=like.rule if like else MERGED, why=like.why if like else ()))


def _said(card: Card, reason: str) -> Card:
    return card.replace(reason=reason) if card.reason == ALONE or card.reason.startswith(HUMAN) else card
