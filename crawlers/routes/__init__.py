"""The lists that a source publishes, and how each kind is read: bytes in, entries out. Knows no network and no source.

What hostile bytes cost is bounded from outside: the spider reads each list in a process with a time limit.
"""

from __future__ import annotations

from dataclasses import dataclass


class UnreadableListError(Exception):
    """The bytes are no such list. Says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says of one page. `published` is the words of the list, never interpreted here."""

    url: str
    title: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows, in its order. `beyond` counts what it shows beyond what is read of one list.

    `lists` are further lists to read: the sitemaps of an index, the pages behind a listing's first one.
    """

    entries: tuple[Entry, ...] = ()
    lists: tuple[str, ...] = ()
    beyond: int = 0


def words(text: object) -> str | None:
    """A value on one line, null where it says nothing."""
    return " ".join(str(text).split()) or None if text else None
