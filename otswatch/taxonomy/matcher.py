"""Every word list of the taxonomy in one automaton, so that the cost of a text does not grow with the lists.

How words are written (in areas, organisations, countries, kinds, speech alike):

- `foreign minist*`: `*` at the end of a word stands for any ending; letters are folded (`otswatch.text.folding`);
- `sel~`: `~` at the end of a word stands for its case, plural and possessive endings and for nothing else (`sel`,
  `selin`, `sellerde`, not `selam`), as the word's language has them (`otswatch.text.endings`); a last consonant that
  changes before a vowel is seen to (`kitap~` finds `kitabı`); of Russian write the stem (`газ~`, `земл~`: `земли`),
  of the other languages the whole word. For short words, which are the beginning of too many others;
- `former * minist*`: a `*` of its own stands for any one word;
- `WHO`: one word in capitals is an abbreviation and is found only as it is written there, accents included; in a Turkic
  language also where all is in capitals and an ending of three letters or more has grown on (`ТМУНУН`).

Kazakh and Uzbek words are found in both of their scripts, whichever they are written in here, and Azerbaijani ones also
as they are typed without ş and ç (`otswatch.text.spellings`): the spellings become patterns, so a text costs the same.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, repeat
from operator import add, itemgetter
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from otswatch.text.endings import TURKIC, endings, softened
from otswatch.text.folding import Token, fold, tokens, unmixed
from otswatch.text.spellings import RESPELT, rewritten

T = TypeVar("T")

#: An abbreviation and an ending of fewer letters might be another abbreviation (`TDTU`).
_GROWN = 3


class Word(NamedTuple):
    """One word of a pattern, folded. `open`: more may follow; `endings`: no more than one of these."""

    text: str
    open: bool = False
    endings: frozenset[str] | None = None

    def fits(self, token: str) -> bool:
        if not self.open:
            return token == self.text
        if not token.startswith(self.text):
            return False
        return self.endings is None or token == self.text or token[len(self.text) :] in self.endings

    def covers(self, other: Word) -> bool:
        """Whether it finds all that the other does."""
        return self == other or (self.open and self.endings is None and other.text.startswith(self.text))


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words to be found, as written in a file."""

    words: tuple[Word, ...]
    exact: str | None = None

    @classmethod
    def parse(cls, written: str, language: str | None = None) -> Pattern:
        """Read the words. `language`: whose endings `~` stands for; None for any.

        Raises:
            ValueError: nothing to search for: no letters, or a `*` in front.
        """
        return _parsed(written, language if "~" in written else None)

    @classmethod
    def spelt(cls, written: str, language: str | None) -> tuple[Pattern, ...]:
        """The words as written, in the other spellings of their language and with consonants that change; no doubles.

        Raises:
            ValueError: as `parse`.
        """
        return _spelt(written, language)

    def covers(self, other: Pattern) -> bool:
        """Whether it finds all that the other does."""
        same = len(self.words) == len(other.words) and self.exact == other.exact
        return same and all(mine.covers(its) for mine, its in zip(self.words, other.words, strict=True))

    def grown(self, language: str | None) -> Pattern:
        """An abbreviation with its endings, where a Turkic language has some that capitals may not set off."""
        text = self.words[0].text
        if language not in TURKIC or len(text) < _GROWN:
            return self
        grown = frozenset(ending for ending in endings(text, language) if len(ending) >= _GROWN)
        return Pattern((Word(text, open=True, endings=grown),), self.exact)

    def is_written(self, written: str) -> bool:
        """Whether the words are those of the pattern as they are written in a text."""
        if self.exact is None or written == self.exact:
            return True
        return self.words[0].open and written.isupper() and written.startswith(self.exact)

    def softened(self, language: str) -> Iterator[Pattern]:
        """For every word with endings the pattern in which its last consonant has changed."""
        for index, word in enumerate(self.words):
            changed = word.endings is not None and softened(word.text, language)
            if changed:
                words = (*self.words[:index], Word(changed[0], open=True, endings=changed[1]), *self.words[index + 1 :])
                yield Pattern(words)

    @property
    def head(self) -> tuple[str, int]:
        """What the automaton looks for, and how many words that is: up to the first open one, or all of them."""
        found = " "
        for count, word in enumerate(self.words, start=1):
            if not word.text:  # any word, but there must be one
                return found, count - 1
            if word.open:
                return found + word.text, count
            found += word.text + " "
        return found, len(self.words)

    def fits(self, sequence: Sequence[str], first: int, known: int = 0) -> bool:
        """Whether the words stand at `first`, given that the first `known` of them do."""
        if first + len(self.words) > len(sequence):
            return False
        for index in range(known, len(self.words)):  # noqa: SIM110 - asked hundreds of times a text, where all() costs double
            if not self.words[index].fits(sequence[first + index]):
                return False
        return True


@lru_cache(maxsize=1 << 17)
def _parsed(written: str, language: str | None) -> Pattern:
    """What `Pattern.parse` reads. Kept: one word stands in many places, and several taxonomies have most in common."""
    words: list[Word] = []
    for part in written.split():
        if part in {"*", "~"}:
            words.append(Word("", open=True))
            continue
        folded = fold(part.rstrip("*~")).split()
        words += [Word(text) for text in folded[:-1]]
        words += [_ended(text, part[-1], language) for text in folded[-1:]]
    if not words or not words[0].text:
        raise ValueError(f"{written!r} has no word to begin with")
    abbreviation = len(written.split()) == 1 and written.isupper() and written[-1] not in "*~"
    return Pattern(tuple(words), unicodedata.normalize("NFC", written) if abbreviation else None)


@lru_cache(maxsize=1 << 16)
def _spelt(written: str, language: str | None) -> tuple[Pattern, ...]:
    """What `Pattern.spelt` gives. Kept: a process that has several taxonomies has most of their words in common."""
    own = Pattern.parse(written, language)
    if own.exact is not None:
        return (own.grown(language),)
    if language is None or (language not in RESPELT and "~" not in written):
        return (own,)
    found: list[Pattern] = []
    for pattern in (own, *(Pattern.parse(other, language) for other in rewritten(written, language))):
        for form in (pattern, *pattern.softened(language)):
            if not any(known.covers(form) for known in found):
                found = [*(known for known in found if not form.covers(known)), form]
    return tuple(found)


def _ended(text: str, sign: str, language: str | None) -> Word:
    return Word(text, open=sign in "*~", endings=endings(text, language) if sign == "~" else None)


class Match(NamedTuple, Generic[T]):
    """Where a pattern was found: `first`/`last` (exclusive) count tokens, `start`/`end` code points of the text."""

    value: T
    first: int
    last: int
    start: int
    end: int


class FoldedText:
    """A text as the matcher reads it. `words`: those of it that are read, where not all are."""

    def __init__(self, text: str, words: Sequence[Token] | None = None) -> None:
        self.text = text
        self.tokens: Sequence[Token] = tokens(text) if words is None else words
        self.folded = [token.text for token in self.tokens]

    @cached_property
    def line(self) -> str:
        """The folded words in one line, with a space before and behind each."""
        return f" {' '.join(self.folded)} "

    @cached_property
    def places(self) -> dict[int, int]:
        """Which token stands behind which space of `line`."""
        starts = accumulate(map(add, map(len, self.folded), repeat(1)), initial=0)
        return dict(zip(starts, range(len(self.folded) + 1), strict=True))

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    def first(self, place: int) -> int:
        """The first word that begins at a place of the text or behind it; how many words there are if none does."""
        return bisect_left(self._starts, place)

    def part(self, start: int, end: int) -> FoldedText:
        """The words that begin between two places of the text; offsets still count in all of it."""
        return FoldedText(self.text, self.tokens[self.first(start) : self.first(end)])

    def written(self, first: int, last: int) -> str:
        """The text from token `first` to before `last` as it stands there, in NFC and without look-alikes."""
        return unmixed(unicodedata.normalize("NFC", self.text[self.tokens[first].start : self.tokens[last - 1].end]))


#: How many words a pattern has, itself where more must be asked of it than its words, and its value.
_Entry = tuple[int, Pattern | None, T]


class _Group(Generic[T]):
    """The patterns with one head. Many begin alike (`minister* of …`), so they are kept by the word that follows it.

    A text meets hundreds of them, far apart in memory: what stands wherever the head does is kept ready.
    """

    __slots__ = ("_by_next", "_complete", "_doubtful", "_ended", "length")

    def __init__(self, length: int) -> None:
        self.length = length
        self._complete: list[_Entry[T]] = []
        self._ended: list[tuple[Word, _Entry[T]]] = []
        self._doubtful: list[tuple[Pattern, _Entry[T]]] = []
        self._by_next: dict[str, list[tuple[Pattern, _Entry[T]]]] = {}

    def add(self, pattern: Pattern, value: T) -> None:
        entry = (len(pattern.words), None if pattern.exact is None else pattern, value)
        last, following = pattern.words[self.length - 1], pattern.words[self.length :]
        if not following and last.endings is None:
            self._complete.append(entry)
        elif not following:
            self._ended.append((last, entry))
        elif following[0].open:
            self._doubtful.append((pattern, entry))
        else:
            self._by_next.setdefault(following[0].text, []).append((pattern, entry))

    def standing(self, folded: Sequence[str], first: int) -> list[_Entry[T]]:
        """Those that stand at `first`, given that the head does."""
        found, after = self._complete, first + self.length
        if self._ended:
            found = [*found, *[entry for word, entry in self._ended if word.fits(folded[after - 1])]]
        doubtful: Sequence[tuple[Pattern, _Entry[T]]] = self._doubtful
        if self._by_next and after < len(folded) and folded[after] in self._by_next:
            doubtful = [*self._by_next[folded[after]], *doubtful]
        if doubtful:
            found = [*found, *[entry for pattern, entry in doubtful if pattern.fits(folded, first, self.length - 1)]]
        return found


_BY_PLACE = itemgetter(1, 2)


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
        folded, tokens, places, groups = text.folded, text.tokens, text.places, self._groups
        found: list[tuple[T, int, int, int, int]] = []
        for index, start, _ in self._automaton.find_matches_as_indexes(text.line, overlapping=True):
            first = places[start]
            for length, abbreviation, value in groups[index].standing(folded, first):
                last = first + length
                if abbreviation is None or abbreviation.is_written(text.written(first, last)):
                    found.append((value, first, last, tokens[first].start, tokens[last - 1].end))
        found.sort(key=_BY_PLACE)
        return list(map(Match._make, found))
