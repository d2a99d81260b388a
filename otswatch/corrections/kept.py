"""Where corrections are kept for ever: in `State`, all that were said of one article under one key.

Nothing is ever taken out of it: a word that was replaced or withdrawn is still there, with who said so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final

from otswatch.records import Correction
from otswatch.state import State, replace

_PREFIX: Final = "corrections/"

Said = tuple[Correction, ...]


def of(state: State, article: str) -> Said:
    """All that was said of an article, in the order that it was said in."""
    entry = state.get(_PREFIX + article)
    return _read(entry.value) if entry else ()


def of_many(state: State, articles: Collection[str]) -> dict[str, Said]:
    """All that was said of each article that something was said of."""
    found = state.get_many([_PREFIX + article for article in articles])
    return {key.removeprefix(_PREFIX): _read(entry.value) for key, entry in found.items()}


def every(state: State) -> Iterator[Said]:
    """For each article that something was said of, all of it; by the article's id."""
    return (_read(entry.value) for entry in state.scan(_PREFIX))


def update(state: State, article: str, change: Callable[[Said], Said]) -> Said:
    """Replace what was said of an article by what `change` makes of it; `change` may be asked more than once.

    Raises:
        Whatever `change` raises; nothing is changed then.
    """
    key = _PREFIX + article
    while True:
        entry = state.get(key)
        before = _read(entry.value) if entry else ()
        after = change(before)
        if after == before:
            return after
        if replace(state, key, _written(after), entry):
            return after


def remember(state: State, correction: Correction) -> Said:
    """Make sure that what a message says is kept, also where it comes from elsewhere or `State` was restored."""

    def known(said: Said) -> Said:
        for place, other in enumerate(said):
            if other.id == correction.id:
                merged = other.replace(withdrawn=other.withdrawn or correction.withdrawn)
                return (*said[:place], merged, *said[place + 1 :])
        return (*said, correction)

    return update(state, correction.article, known)


def _read(value: Sequence[Any]) -> Said:
    return tuple(Correction.model_validate(item) for item in value)


def _written(said: Said) -> list[Any]:
    return [correction.to_dict() for correction in said]
