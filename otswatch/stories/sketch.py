"""What is kept of a text so that copies of it are known: hashes of runs of its letters.

Only letters and digits count, folded, without spaces, so that lost spaces, other quotation marks, missing diacritics
and paragraphs in another order change next to nothing. Of all runs those are kept whose hash is small (Broder 1997;
FracMinHash, Irber et al. 2022): the same run is kept in every text, so that the share of a short text in a long one
can be told, which a fixed number of hashes a text cannot.
"""

from __future__ import annotations

import hashlib
import re
import sys
from array import array
from collections.abc import Iterable
from typing import Final
from zlib import crc32

from otswatch.text.folding import APOSTROPHES, fold

#: Letters in a run: longer than a word, shorter than a phrase that many articles have.
_RUN: Final = 18
#: One run of so many is kept, and at most so many of a text: the smallest.
_ONE_OF: Final = 6
_MOST: Final = 192
#: Of the lead so many letters are kept apart: a portal may have no more of the text.
OPENING: Final = 320
_RANGE: Final = 1 << 32
_MIX: Final = 0x9E3779B1
_MARKS = re.compile(rf"[{APOSTROPHES}\-‐‑]")


def letters(text: str) -> str:
    """Folded letters and digits alone. Apostrophes and hyphens go first: folding cuts endings behind them."""
    return fold(_MARKS.sub("", text)).replace(" ", "")


def digest(text: str) -> str:
    """The same for texts of the same letters."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def hashes(text: str) -> list[int]:
    """The small hashes of the runs of `letters`, in the order of the text."""
    data, size, hashed, mix, limit = text.encode("utf-32-le"), 4 * _RUN, crc32, _MIX, _RANGE // _ONE_OF
    starts = range(0, max(1, len(data) - size + 4), 4)
    # Done for every letter of an article, so that all names are local.
    return [number for at in starts if (number := hashed(data[at : at + size]) * mix & (_RANGE - 1)) < limit]


def packed(numbers: Iterable[int]) -> bytes:
    """A sketch: the smallest of the hashes, four bytes each, least first."""
    kept = array("I", sorted(set(numbers))[:_MOST])
    if sys.byteorder == "big":
        kept.byteswap()
    return kept.tobytes()


def unpacked(sketch: bytes) -> array[int]:
    """The hashes of a sketch."""
    numbers = array("I")
    numbers.frombytes(sketch)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def share(part: bytes, whole: bytes) -> float:
    """How much of one text stands in another, by their sketches; 0 for a text that is too short to tell."""
    first, second = unpacked(part), unpacked(whole)
    # A sketch that is full ends at its largest hash: beyond it nothing is known of that text.
    limit = min(numbers[-1] if len(numbers) >= _MOST else _RANGE for numbers in (first, second))
    asked = {number for number in first if number <= limit}
    return len(asked.intersection(second)) / len(asked) if asked else 0.0
