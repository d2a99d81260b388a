"""The lists that a source publishes, and how each kind is read: bytes in, entries out. Knows no network and no source.

What hostile bytes cost is bounded from outside: the spider reads each list in a process with a time limit.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

#: A character by its number, decimal or hexadecimal, and several in a row.
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_REFERENCES = re.compile(rb"(?:&#(?:[xX][0-9a-fA-F]+|[0-9]+);?)+")
#: The last character has seven digits, in decimals.
_MOST_DIGITS = 7


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


def with_real_characters(body: bytes) -> bytes:
    """XML with the two halves of a character, each written by its number, as one; what is no character as U+FFFD.

    Scripts that count in UTF-16 write an emoji so, and either reader of XML then gives up the whole list.
    """
    return _REFERENCES.sub(_real, body)


def _real(row: re.Match[bytes]) -> bytes:
    written = "".join(_character(*numbers) for numbers in _REFERENCE.findall(row[0]))
    real = written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return b"".join(b"&#%d;" % ord(character) for character in real)


def _character(hexadecimal: bytes, decimal: bytes) -> str:
    digits = (hexadecimal or decimal).lstrip(b"0") or b"0"
    number = int(digits, 16 if hexadecimal else 10) if len(digits) <= _MOST_DIGITS else sys.maxunicode + 1
    return chr(number) if number <= sys.maxunicode else "\ufffd"


def words(text: object) -> str | None:
    """A value on one line, null where it says nothing."""
    return " ".join(str(text).split()) or None if text else None
