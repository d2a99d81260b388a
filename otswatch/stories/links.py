"""Whether two articles are one story, and why."""

from __future__ import annotations

from typing import Final, Literal

from otswatch.records import Part
from otswatch.stories import retold, sketch
from otswatch.stories.days import LATE
from otswatch.stories.profile import Profile

Rule = Literal["exact/1", "syndicated/1", "retold/1", "translated/1"]

#: So many days at most lie between two copies.
COPY_DAYS: Final = 14
#: Fewer letters ("Photo gallery") are the same by chance, and so they are under one title.
_TELLING: Final = 120
_TELLING_TITLED: Final = 40
#: So much of the shorter text stands in the longer one, and so much of the beginning where the titles differ.
_COPIED: Final = 0.7
_OPENED: Final = 0.5
#: A text shorter than this share of the other is a part of it: its beginning, or an item of a roundup.
_PART: Final = 0.5
#: Texts from one mould ("the corridor was opened in …") each have so many facts of their own, and these are so much
#: of what a copy would have in common.
_OWN: Final = 2
_MOULD: Final = 0.25


class Link(Part):
    """Two articles are one story: by which rule, and what they share, in words for readers."""

    rule: Rule
    why: tuple[str, ...]


def link(one: Profile, other: Profile) -> Link | None:
    """What makes one story of two articles; null where nothing does. The same in both directions."""
    first, second = sorted((one, other), key=lambda each: (each.length, each.text, each.article))
    if not _within(first, second, COPY_DAYS):
        return None
    return _exact(first, second) or _syndicated(first, second) or _retold(first, second)


def _within(one: Profile, other: Profile, days: int) -> bool:
    return one.day is None or other.day is None or abs((one.day - other.day).days) <= days


def _exact(one: Profile, other: Profile) -> Link | None:
    title = _title(one, other)
    if one.text != other.text or not (title or one.length >= _TELLING):
        return None
    return Link(rule="exact/1", why=("the same text", *title))


def _syndicated(short: Profile, long: Profile) -> Link | None:
    if short.length < (_TELLING_TITLED if _title(short, long) else _TELLING):
        return None
    share = sketch.share(short.whole, long.whole)
    if short.length <= sketch.OPENING:
        share = max(share, sketch.share(short.opening, long.opening))
    if share < _COPIED or not (_title(short, long) or _opens(short, long)) or _from_one_mould(short, long):
        return None
    return Link(rule="syndicated/1", why=(f"{share:.0%} of the text", *_title(short, long)))


def _opens(short: Profile, long: Profile) -> bool:
    begins = max(sketch.share(short.opening, long.opening), sketch.share(long.opening, short.opening))
    return begins >= _OPENED and short.length >= _PART * long.length


def _from_one_mould(one: Profile, other: Profile) -> bool:
    """Whether each says of its own event what the other does not: a copy has all facts of its original, or fewer."""
    if retold.other_phase(one.facts, other.facts) or retold.other_people(one, other):
        return True
    mine, its = _said(one), _said(other)
    common = mine & its
    own = min(len(_unlike(mine - common, its)), len(_unlike(its - common, mine)))
    return own >= _OWN and own >= _MOULD * (own + len(common))


def _said(one: Profile) -> set[str]:
    named = (said.value for said in (*one.facts.people, *one.facts.names, *one.facts.places))
    return {*named, *(f"{amount.value:g}" for amount in one.facts.figures)}


def _unlike(own: set[str], others: set[str]) -> set[str]:
    """Those that are no other fact with a word glued to it."""
    return {value for value in own if not any(value in other or other in value for other in others)}


def _title(one: Profile, other: Profile) -> tuple[str, ...]:
    return ("the same title",) if one.title and one.title == other.title else ()


def _retold(one: Profile, other: Profile) -> Link | None:
    if not (one.dated and other.dated and _within(one, other, LATE.days)):
        return None
    found = retold.shared(one, other)
    if found is None:
        return None
    days = (*(day.isoformat() for day in found.days), *([f"meeting no. {found.session}"] if found.session else ()))
    across = one.language != other.language
    return Link(rule="translated/1" if across else "retold/1", why=(*found.names, *found.places, *days, *found.figures))
