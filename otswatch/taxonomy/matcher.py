"""Every word list of the taxonomy in one automaton, so that the cost of a text does not grow with the lists.

How words are written (in areas, organisations, countries, kinds, speech alike):

- `foreign minist*`: `*` at the end of a word stands for any ending; letters are folded (`otswatch.text.folding`);
- `former * minist*`: a `*` of its own stands for any one word;
- `WHO`: one word in capitals is an abbreviation and is found only as it is written there, accents included.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from otswatch.text.folding import Token, fold, tokens

T = TypeVar("T")


class Word(NamedTuple):
    """One word of a pattern: folded, and whether an ending may follow."""

    text: str
    open: bool

    def fits(self, token: str) -> bool:
        return token.startswith(self.text) if self.open else token == self.text


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words to be found, as written in a file."""

    words: tuple[Word, ...]
    exact: str | None

    @classmethod
    def parse(cls, written: str) -> Pattern:
        """Read the words.

        Raises:
            ValueError: nothing to search for: no letters, or a `*` in front.
        """
        words: list[Word] = []
        for part in written.split():
            if part == "*":
                words.append(Word("", open=True))
                continue
            folded = fold(part.rstrip("*")).split()
            words += [Word(text, open=False) for text in folded[:-1]]
            words += [Word(text, open=part.endswith("*")) for text in folded[-1:]]
        if not words or not words[0].text:
            raise ValueError(f"{written!r} has no word to begin with")
        abbreviation = len(written.split()) == 1 and written.isupper()
        return cls(tuple(words), unicodedata.normalize("NFC", written) if abbreviation else None)

    @property
    def head(self) -> tuple[str, int]:
        """What the automaton looks for, and how many words that is: up to the first open one, or all of them."""
        found = " "
        for count, word in enumerate(self.words, start=1):
            if word.open:
                return found + word.text, count
            found += word.text + " "
        return found, len(self.words)

    def fits(self, sequence: Sequence[str], first: int) -> bool:
        """Whether the words stand at `first`."""
        if first + len(self.words) > len(sequence):
            return False
        return all(word.fits(sequence[first + index]) for index, word in enumerate(self.words))


class Match(NamedTuple, Generic[T]):
    """Where a pattern was found: `first`/`last` (exclusive) count tokens, `start`/`end` code points of the text."""

    value: T
    first: int
    last: int
    start: int
    end: int


class FoldedText:
    """A text as the matcher reads it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = tokens(text)
        self.folded = [token.text for token in self.tokens]

    def written(self, first: int, last: int) -> str:
        """The text from token `first` to before `last` as it stands there, in NFC."""
        return unicodedata.normalize("NFC", self.text[self.tokens[first].start : self.tokens[last - 1].end])


class _Group(Generic[T]):
    """The patterns with one head. Many begin alike (`minister* of …`), so they are kept by the word that follows it."""

    def __init__(self, length: int) -> None:
        self.length = length
        self._complete: list[tuple[Pattern, T]] = []
        self._open: list[tuple[Pattern, T]] = []
        self._by_next: dict[str, list[tuple[Pattern, T]]] = {}

    def add(self, pattern: Pattern, value: T) -> None:
        if len(pattern.words) == self.length:
            self._complete.append((pattern, value))
        elif pattern.words[self.length].open:
            self._open.append((pattern, value))
        else:
            self._by_next.setdefault(pattern.words[self.length].text, []).append((pattern, value))

    def standing(self, folded: Sequence[str], first: int) -> Iterator[tuple[Pattern, T]]:
        """Those that stand at `first`, given that the head does."""
        yield from self._complete
        after = first + self.length
        if after < len(folded):
            for pattern, value in chain(self._by_next.get(folded[after], ()), self._open):
                if pattern.fits(folded, first):
                    yield pattern, value


class Matcher(Generic[T]):
    """Finds patterns; each carries a value for its owner."""

    def __init__(self, patterns: Iterable[tuple[Pattern, T]]) -> None:
        groups: dict[str, _Group[T]] = {}
        for pattern, value in patterns:
            head, length = pattern.head
            groups.setdefault(head, _Group(length)).add(pattern, value)
        self._groups = list(groups.values())
        self._automaton = AhoCorasick(list(groups), store_patterns=False)

    def find(self, text: FoldedText) -> list[Match[T]]:
        """All matches, by position; several patterns may match the same words."""
        folded = text.folded
        haystack = f" {' '.join(folded)} "
        starts = list(accumulate((len(word) + 1 for word in folded), initial=0))
        found: list[Match[T]] = []
        for index, start, _ in self._automaton.find_matches_as_indexes(haystack, overlapping=True):
            first = bisect_left(starts, start)
            for pattern, value in self._groups[index].standing(folded, first):
                last = first + len(pattern.words)
                if pattern.exact is None or text.written(first, last) == pattern.exact:
                    found.append(Match(value, first, last, text.tokens[first].start, text.tokens[last - 1].end))
        found.sort(key=lambda match: (match.first, match.last))
        return found
