"""The how-manieth meeting a report is of: `the 8th meeting`, `8-отырыс`, `VIII iclas`, `ötödik tanácskozás`."""

from __future__ import annotations

import re
from typing import Final

from otswatch.stories.report import Report
from otswatch.text.folding import Token

#: Words for a meeting (taxonomy/meeting_words.yaml, words.yaml); its number stands within so many words before.
_MEETINGS: Final = frozenset(("meetings", "summits"))
_GATHERINGS: Final = frozenset(("assembly", "forum"))
_BESIDE: Final = 2
#: No body has met more often than a number of so many digits says.
_DIGITS: Final = 2
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_BEHIND = re.compile(r"\.\s|[-‑'’]?[^\W\d_]")
_ROMAN = re.compile(r"(?=[IVX])X{0,2}(?:IX|IV|V?I{0,3})")
_VALUES: Final = {"I": 1, "V": 5, "X": 10}


def session(report: Report) -> int | None:
    """The first number that stands right before the word for a meeting."""
    meetings = {match.first for match in report.own if match.value.id in _MEETINGS}
    meetings |= {match.first for match in report.occasions if match.value in _GATHERINGS}
    spelled = [match for match in report.own if match.value.role == "ordinal"]
    # Of `on birinci` and `birinci`, which end alike, the longer one counts.
    ordinals = {match.last - 1: int(match.value.id) for match in sorted(spelled, key=lambda match: -match.first)}
    for index, token in enumerate(report.words.tokens):
        number = ordinals.get(index) or _ordinal(report.text, token)
        if number and not meetings.isdisjoint(range(index + 1, index + 1 + _BESIDE)):
            return number
    return None


def _ordinal(text: str, token: Token) -> int | None:
    """`8th`, `8.`, `8-отырыс`, `VIII`."""
    if token.text.isdecimal() and len(token.text) <= _DIGITS and _BEHIND.match(text, token.end):
        return int(token.text)
    if digits := _ORDINAL.fullmatch(token.text):
        return int(digits[1])
    roman = _ROMAN.fullmatch(text, token.start, token.end)
    return _from_roman(roman[0]) if roman else None


def _from_roman(written: str) -> int:
    values = [_VALUES[letter] for letter in written]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
