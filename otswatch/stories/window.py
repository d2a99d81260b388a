"""The articles of the last days, and which of them can be one story with a new one.

Every article stands in the index of its day under what a copy has too (its text, its title, the smallest hashes of its
beginning) and under the names and figures that another report of its event has too. Places and days are in no index:
many articles share them, and without a name or a figure they are not enough. What two articles share is counted, which
gives at least the points that `link` gives them, so that it leaves out no report that can be linked, and the order of
arrival changes nothing.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zlib import crc32

from otswatch.stories import names, sketch
from otswatch.stories.days import LATE
from otswatch.stories.facts import Facts
from otswatch.stories.links import COPY_DAYS
from otswatch.stories.profile import Profile
from otswatch.stories.report import Amount
from otswatch.stories.retold import BIG, NEAR, ROUNDED, SMALL, Agreed, Outline, apart, outline

#: So many of the smallest hashes of a text and of its beginning are looked up. Of these a copy under another title has
#: so many of the one or so many of the other: a block that outlets put into many texts brings fewer.
_LOOKED_UP: Final = 8
_WHOLE: Final = 3
_OPENING: Final = 2
#: A posting is the place of an article and, in so many bits, which of its names and figures it is.
_FACTS: Final = 7
_FACT: Final = (1 << _FACTS) - 1
#: So many places, or a place and the number of a meeting, make one event with one name or figure.
_BESIDE: Final = 2
#: A name of so few letters is found by all of them, a longer one by so many.
_SHORT: Final = 3
_STEM: Final = 4

_Index = dict[int, int | list[int]]

#: The same articles are candidates of all that come while their story is in the news.
_read = lru_cache(maxsize=1 << 12)(Profile.model_validate_json)


class _Clue(NamedTuple):
    """A key of a name or figure. `weight`: of a figure that has it too, at most; 0 for a name.

    `across`: it says nothing within a language, where names of one script are compared by their letters.
    """

    fact: int
    key: int
    weight: float = 0
    across: bool = False


class _Day:
    """The articles of a day: their profiles as JSON, and by each key the places of those that have it."""

    def __init__(self) -> None:
        self.profiles: list[bytes | None] = []
        self._outlines: list[Outline] = []
        self._same: _Index = {}
        self._openings: _Index = {}
        self._wholes: _Index = {}
        self._told: _Index = {}

    def add(self, profile: Profile) -> int:
        """Take an article in. Returns its place."""
        place = len(self.profiles)
        self.profiles.append(profile.model_dump_json().encode())
        self._outlines.append(outline(profile))
        _put(self._same, _same(profile), place)
        _put(self._openings, _smallest(profile.opening), place)
        _put(self._wholes, _smallest(profile.whole), place)
        for clue in _clues(profile, asked=False):
            _put(self._told, (clue.key,), place << _FACTS | clue.fact)
        return place

    def copies(self, profile: Profile) -> set[int]:
        """Those that have the text, the title, the beginning or the most of an article."""
        found = _having(_OPENING, [_at(self._openings, number) for number in _smallest(profile.opening)])
        found |= _having(_WHOLE, [_at(self._wholes, number) for number in _smallest(profile.whole)])
        return found.union(*(_at(self._same, key) for key in _same(profile)))

    def retold(self, mine: Outline, clues: Iterable[_Clue]) -> Iterator[int]:
        """Those that have enough in common with a report to be of its event."""
        found: defaultdict[int, list[tuple[_Clue, int]]] = defaultdict(list)
        for clue in clues:
            for posting in _at(self._told, clue.key):
                place = posting >> _FACTS
                if not (clue.across and self._outlines[place].language == mine.language):
                    found[place].append((clue, posting & _FACT))
        for place, common in found.items():
            its = self._outlines[place]
            # Most have one name in common, and that is enough only with more than one other thing.
            if len(common) == 1 and len(mine.places & its.places) + (mine.session is not None) < _BESIDE:
                continue
            across = mine.language != its.language
            if not apart(mine, its) and _agreed(mine, its, common).is_enough(across=across):
                yield place


def _agreed(mine: Outline, its: Outline, common: Iterable[tuple[_Clue, int]]) -> Agreed:
    """At least as much as `retold.shared` finds in common, whichever of the two it begins with."""
    names: tuple[set[int], set[int]] = set(), set()
    figures: tuple[dict[int, float], dict[int, float]] = {}, {}
    for clue, fact in common:
        for side, each in enumerate((clue.fact, fact)):
            if clue.weight:
                figures[side][each] = max(clue.weight, figures[side].get(each, 0))
            else:
                names[side].add(each)
    return Agreed(
        names=max(map(len, names)),
        places=len(mine.places & its.places),
        figures=max(sum(side.values()) for side in figures),
        day=not mine.days.isdisjoint(its.days),
        session=mine.session is not None and mine.session == its.session,
    )


class Window:
    """Profiles by day. One of the same article takes the earlier one's place."""

    def __init__(self) -> None:
        self._days: dict[date | None, _Day] = {}
        self._places: dict[str, tuple[date | None, int]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def add(self, profile: Profile) -> None:
        """Take an article in."""
        if before := self._places.pop(profile.article, None):
            self._days[before[0]].profiles[before[1]] = None
        place = self._days.setdefault(profile.day, _Day()).add(profile)
        self._places[profile.article] = (profile.day, place)

    def near(self, profile: Profile) -> list[Profile]:
        """Every other article of the window that `link` can hold for, in the order of their ids."""
        mine, clues = outline(profile), list(_clues(profile, asked=True))
        found: list[bytes] = []
        for when, day in self._days.items():
            apart = abs(when - profile.day) if when and profile.day else timedelta(0)
            if apart <= timedelta(COPY_DAYS):
                places = day.copies(profile)
                places.update(day.retold(mine, clues) if apart <= LATE else ())
                found += (kept for place in places if (kept := day.profiles[place]) is not None)
        profiles = map(_read, found)
        return sorted((each for each in profiles if each.article != profile.article), key=lambda each: each.article)

    def keep(self, days: Collection[date]) -> None:
        """Let go of the articles of all other days; undated ones stay."""
        self._days = {day: kept for day, kept in self._days.items() if day is None or day in days}
        self._places = {article: place for article, place in self._places.items() if place[0] in self._days}


def _put(index: _Index, keys: Iterable[int], place: int) -> None:
    for key in keys:
        before = index.get(key)
        if before is None:
            index[key] = place  # most keys are one article's, and a list takes ten times as much
        elif isinstance(before, int):
            index[key] = [before, place]
        else:
            before.append(place)


def _at(index: _Index, key: int) -> Sequence[int]:
    places = index.get(key, ())
    return (places,) if isinstance(places, int) else places


def _having(least: int, lists: list[Sequence[int]]) -> set[int]:
    """The places that stand in so many of the lists, which are in order."""
    lists.sort(key=len)
    # Such a place stands in one that is not among the longest.
    some = {place for places in lists[: 1 - least] for place in places}
    return {place for place in some if sum(_is_in(place, places) for places in lists) >= least}


def _is_in(place: int, places: Sequence[int]) -> bool:
    at = bisect_left(places, place)
    return at < len(places) and places[at] == place


# ----------------------------------------------------------------------------------------------------------------- keys


def _same(profile: Profile) -> set[int]:
    return {_key("text", profile.text), *([_key("title", profile.title)] if profile.title else [])}


def _smallest(hashes: bytes) -> Sequence[int]:
    return sketch.unpacked(hashes)[:_LOOKED_UP]


def _clues(profile: Profile, *, asked: bool) -> Iterator[_Clue]:
    """The keys of names and figures; `asked`: those that the other's have, where the two are not the same.

    Undated articles have none: they are only ever copies.
    """
    if not profile.dated:
        return
    facts, language = profile.facts, profile.language
    said = _names(facts)
    for fact, value in enumerate(said):
        words = set(value.split())
        for key in {key for word in words for key in _letters(word, asked=asked)}:
            yield _Clue(fact, key)
        for sounds, latin in {(names.key(word, language), word[0].isascii()) for word in words}:
            for script in ((True, False) if asked else (latin,)) if sounds else ():
                yield _Clue(fact, _key(f"sounds {script}", sounds), across=script is latin)
    for fact, amount in enumerate(facts.figures, len(said)):
        for written, weight in _figure(amount, asked=asked):
            yield _Clue(fact, _key("figure", written), weight)


def _names(facts: Facts) -> list[str]:
    return [each.value for each in (*facts.people, *facts.names, *facts.openers)]


def _letters(word: str, *, asked: bool) -> Iterator[int]:
    """A word as `names.same` compares it with others of its script."""
    short = word[:_SHORT]
    if len(word) > _SHORT:
        yield _key("stem", word[:_STEM])
        yield _key("short" if asked else "longer", short)
    else:
        yield _key("short", short)
        if asked:
            yield _key("longer", short)


def _figure(amount: Amount, *, asked: bool) -> Iterator[tuple[str, float]]:
    """As `retold.alike` compares figures: the same one, a small one of the same things, a rounder or finer one."""
    yield (f"{amount.value} {amount.unit if amount.value <= SMALL else ''}", 0.5 if amount.value <= SMALL else 1)
    if amount.value >= ROUNDED:
        step = int(math.log(amount.value) / math.log(NEAR))
        for each in range(step - 1, step + 2) if asked else (step,):
            if amount.unit:
                yield f"about {each} {amount.unit}", 0.5
            if amount.value >= BIG:
                yield f"about {each}", 0.5


def _key(kind: str, value: str) -> int:
    return crc32(f"{kind} {value}".encode())
