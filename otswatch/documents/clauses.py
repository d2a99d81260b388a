"""The clauses of a text as hashes, to tell that two texts have words in common.

A clause ends at a line, a semicolon, a full stop or a quotation mark. Letters are folded and spaces left out, so that
lost spaces, marks, capitals and numbering do not matter; short clauses ("have agreed as follows") are left out, because
every document has them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from otswatch.text.folding import fold

#: Folded letters that a clause has at least.
SHORTEST = 50
#: Where a stop ends no sentence it ends none in the other text either.
_END = re.compile(r"[;\n\"“”„«»]+|(?<=\w\w\w)[.!?…]+")
_NUMBERING = re.compile(r"[\W_]*(?:(?:\d{1,3}(?:[.)]\d{1,3})*[.)]|[^\W\d_]{1,3}\))\s*)?[\W_]*")


def clauses(text: str) -> Iterator[tuple[str, int, int]]:
    """Hash, start and end of every clause that is long enough, in order."""
    for start, end in _spans(text):
        start, end = _words(text, start, end)
        letters = fold(text[start:end]).replace(" ", "")
        if len(letters) >= SHORTEST:
            yield hashlib.blake2b(letters.encode(), digest_size=6).hexdigest(), start, end


def _words(text: str, start: int, end: int) -> tuple[int, int]:
    """A clause without its number or bullet, and without the marks around it."""
    if number := _NUMBERING.match(text, start, end):
        start = number.end()
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _END.finditer(text):
        yield start, end.start()
        start = end.end()
    yield start, len(text)
