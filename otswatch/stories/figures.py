"""The figures of a text: `4.58 million tonnes`, `четырёх с половиной миллионов`, `600 mentő`."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from otswatch.stories.wordlist import words
from otswatch.taxonomy.matcher import FoldedText
from otswatch.text.endings import endings

_SPACES: Final = " \u00a0\u202f"
#: Digits with groups of three, with decimals, or with both.
_DIGITS = re.compile(rf"(?<![\w.,])\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?:[.,]\d+)?(?!\d)|(?<![\d.,])\d+(?:[.,]\d+)*")
#: Groups behind points or commas; which of groups and decimals a single one marks, the language says.
_GROUPED = re.compile(r"(?!0)\d{1,3}(?P<mark>[.,])\d{3}(?:(?P=mark)\d{3})*(?:(?!(?P=mark))[.,]\d+)?")
#: What may stand between a number and what it counts; an ending behind a hyphen is no word of its own.
_BESIDE = re.compile(rf"[{_SPACES}]|-")
_ENDING: Final = 3
#: A number of so few letters with an ending is more often another word (`üç`, `үшін`), unless it is a thousand.
_SHORTEST: Final = 3
#: The unit is told by the beginning of its word: case and plural stand behind it.
_UNIT: Final = 4
_THOUSAND: Final = 1000


class Figure(NamedTuple):
    """A number and the beginning of the word behind it (`""` for none); where they stand, in the text."""

    value: float
    unit: str
    start: int
    end: int


@lru_cache(maxsize=1 << 14)
def _number(token: str, language: str) -> float | None:
    """What a folded word counts, with an ending of its language or without."""
    known = words(language)
    if known is None:
        return None
    if token in known.numbers:
        return known.numbers[token]
    stems = (token[:cut] for cut in range(len(token) - 1, _SHORTEST - 1, -1))
    found = (stem for stem in stems if stem in known.numbers and token[len(stem) :] in endings(stem, language))
    numbers = ((stem, known.numbers[stem]) for stem in found)
    return next((number for stem, number in numbers if len(stem) > _SHORTEST or number >= _THOUSAND), None)


def figures(text: FoldedText, language: str, taken: Sequence[tuple[int, int]] = ()) -> list[Figure]:
    """The figures of a text, in order; numbers that touch the places `taken` (dates, ordinals) are none."""
    return [
        figure
        for figure in _Line(text, language).figures()
        if not any(start < figure.end and figure.start < end for start, end in taken)
    ]


class _Line:
    def __init__(self, text: FoldedText, language: str) -> None:
        self._text, self._language = text.text, language
        self._tokens = text.tokens
        self._words = words(language)

    def figures(self) -> Iterator[Figure]:
        digits = {match.start(): match for match in _DIGITS.finditer(self._text)}
        index = 0
        while index < len(self._tokens):
            start = self._tokens[index].start
            if match := digits.get(start):
                after = bisect_left(self._tokens, match.end(), key=lambda token: token.start)
                value, index, end = self._multiplied(_value(match[0], self._language), after, match.end())
            elif (number := _number(self._tokens[index].text, self._language)) is not None:
                value, index, end = self._spelled(number, index + 1, self._tokens[index].end)
            else:
                index += 1
                continue
            unit, end = self._unit(index, end)
            if math.isfinite(value):  # of more than 308 digits nothing can be reckoned or kept
                yield Figure(value, unit, start, end)

    def _multiplied(self, value: float, index: int, end: int) -> tuple[float, int, int]:
        """`4.58 million`: with the multiples behind digits."""
        while (times := self._number(index, end)) and times >= _THOUSAND:
            value, end, index = value * times, self._tokens[index].end, index + 1
        return value, index, end

    def _spelled(self, value: float, index: int, end: int) -> tuple[float, int, int]:
        """`four and a half million`, `yüz yirmi`: what words say together."""
        whole = 0.0
        while True:
            if value and (half := self._half(index, end)):
                value, index, end = value + 0.5, half, self._tokens[half - 1].end
            number = self._number(index, end)
            if number is None:
                return whole + value, index, end
            if number >= _THOUSAND:
                whole, value = whole + max(value, 1) * number, 0.0
            elif number > value and value:
                value *= number
            else:
                value += number
            end, index = self._tokens[index].end, index + 1

    def _half(self, index: int, end: int) -> int:
        """Where a half behind a number ends; 0 where there is none."""
        known = self._words
        while known and self._joined(index, end):
            word = self._tokens[index].text
            if word in known.halves:
                return index + 1
            if word not in known.joints:
                return 0
            end, index = self._tokens[index].end, index + 1
        return 0

    def _number(self, index: int, end: int) -> float | None:
        return _number(self._tokens[index].text, self._language) if self._joined(index, end) else None

    def _joined(self, index: int, end: int) -> bool:
        return index < len(self._tokens) and self._text[end : self._tokens[index].start] in {" ", "-", "\u00a0"}

    def _unit(self, index: int, end: int) -> tuple[str, int]:
        if self._text[end : end + 1] == "%" or self._text[end : end + 2] == " %":
            return "%", self._text.index("%", end) + 1
        while index < len(self._tokens) and _BESIDE.fullmatch(self._text, end, self._tokens[index].start):
            token, ending = self._tokens[index], self._text[end] == "-"
            if not ending or len(token.text) > _ENDING:
                return (
                    ("", end) if token.text.isdigit() or len(token.text) < _ENDING else (token.text[:_UNIT], token.end)
                )
            end, index = token.end, index + 1
        return "", end


def _value(written: str, language: str) -> float:
    digits = re.sub(f"[{_SPACES}]", "", written)
    grouped = _GROUPED.fullmatch(digits)
    if grouped and (sum(map(digits.count, ".,")) > 1 or (grouped["mark"] == ",") == (language == "en")):
        digits = digits.replace(grouped["mark"], "")
    head, _, tail = digits.replace(",", ".").partition(".")
    return float(f"{head}.{tail.replace('.', '')}")
