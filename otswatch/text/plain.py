"""Text of the web as plain text: in one normal form, without what is no character of a text."""

from __future__ import annotations

import re
import unicodedata

#: Not allowed in XML, and C1; a tab, a line feed and a carriage return are allowed.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")


def repaired(text: str) -> str:
    """Text without control characters; C1 ones are read as the letters of windows-1252 that they were meant for.

    Browsers read `&#146;` as an apostrophe too (HTML Living Standard, 13.2.5.84), which libxml2 does not.
    """
    return CONTROL.sub(_meant, text)


def plain(text: str) -> str:
    """One line: NFC, no control characters, single spaces."""
    return unicodedata.normalize("NFC", " ".join(CONTROL.sub(_meant_or_space, text).split()))


def _meant(match: re.Match[str]) -> str:
    return match[0].encode("latin-1").decode("cp1252", "ignore") if "\x80" <= match[0] <= "\x9f" else ""


def _meant_or_space(match: re.Match[str]) -> str:
    return _meant(match) or " "
