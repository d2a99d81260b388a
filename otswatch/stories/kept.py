"""Where profiles are kept: in `State`, one entry for each article under its day, so that a worker reads only those days
that it needs. The window of candidates is made of them and can be thrown away at any time.

`stories/worker` is the worker that had the last articles. One that finds another there missed what came meanwhile.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from pydantic import ValidationError

from otswatch.corrections.fold import unfold
from otswatch.index import Index
from otswatch.records import Article
from otswatch.state import State
from otswatch.stories.groups import Card
from otswatch.stories.links import COPY_DAYS
from otswatch.stories.profile import RULES, Profile, profile
from otswatch.stories.window import Window

#: Beyond so many profiles the days are let go that the next article does not need: back-fill goes through years.
HELD: Final = 250_000
_PREFIX: Final = "stories/profiles/"
_WORKER: Final = "stories/worker"


class Profiles:
    """The profiles in `state`, and a window of those that were asked for. Owned by one thread.

    Profiles made by other rules than today's cannot be compared: they are made again of the articles of the index.
    """

    def __init__(self, state: State, index: Index) -> None:
        self._state = state
        self._index = index
        self._worker = uuid.uuid4().hex
        self._forget()

    def begin(self) -> None:
        """Before a batch: let the window go where another worker had articles since the last one."""
        entry = self._state.get(_WORKER)
        if entry is None or entry.value != self._worker:
            self._state.put(_WORKER, self._worker)
            self._forget()

    def near(self, one: Profile) -> list[Profile]:
        """The kept profiles that `one` can be linked to."""
        if one.day is not None:
            self._load(one.day)
        return self._window.near(one)

    def keep(self, one: Profile) -> None:
        """Keep a profile; one of the same article and day is replaced."""
        key, value = _key(str(one.day), one.article), {"rules": RULES, "profile": one.to_dict()}
        entry = self._state.get(key)
        if entry is None or entry.value != value:
            self._state.put(key, value)
        self._window.add(one)

    def drop(self, card: Card) -> None:
        """Keep the profile that a card tells of no longer: the article is of another day now."""
        entry = self._state.get(_key(card.day, card.article)) if card.day else None
        if entry is not None:
            self._state.delete(entry.key, entry.version)

    def of(self, cards: Iterable[Card]) -> list[Profile]:
        """The profiles of members, in their order; without those of members that have none."""
        keys = [_key(card.day, card.article) for card in cards if card.day]
        found = self._state.get_many(keys)
        return [read for key in keys if key in found and (read := self._read(key, found[key].value))]

    def _forget(self) -> None:
        self._window = Window()
        self._loaded: set[date] = set()

    def _load(self, day: date) -> None:
        needed = set(_around(day))
        if len(self._window) > HELD:
            self._window.keep(needed)
            self._loaded &= needed
        for each in sorted(needed - self._loaded):
            for entry in self._state.scan(f"{_PREFIX}{each}/"):
                if read := self._read(entry.key, entry.value):
                    self._window.add(read)
            self._loaded.add(each)

    def _read(self, key: str, value: Any) -> Profile | None:
        if value["rules"] == RULES:
            return Profile.model_validate(value["profile"])
        article = key.removeprefix(_PREFIX).partition("/")[2]
        record = self._index.get("articles", article)
        try:
            return profile(unfold(Article.model_validate(record)))
        except ValidationError:  # gone, or never there
            return None


def _key(day: str | None, article: str) -> str:
    return f"{_PREFIX}{day}/{article}"


def _around(day: date) -> Iterator[date]:
    for shift in range(-COPY_DAYS, COPY_DAYS + 1):
        yield day + timedelta(days=shift)
