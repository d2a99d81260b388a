"""The one place where letters are folded: for matching, at index and at query time, in nine languages and two scripts.

What is folded: case (`İ I ı i` are one letter), marks (`ğ`, `ş`, `ç`, `ñ`, `ý`, `ё`, `ў`), the letters that Turkic
alphabets add (`ə`, `қ`, `ң`, `ү`, …), letters of the other script that only look right (`OТГ` with a Latin O), Arabic
letters (`تۇركى` is `Түркі`), soft hyphens and other invisible characters. Both sides of a comparison go through here,
so a letter may lose its distinction (`й` is `и`) but never its match.

What is cut: a case ending set off by an apostrophe (`TDT'nin`, `Türkiye’nin`, `2025'te`), an English `'s`, and after
an acronym also one set off by a hyphen (`TDT-nin`, `ТМУ-га`, `ENSZ-ben`) or by nothing (`TDTning`, `ТМУнун`). An
apostrophe that is a letter of its word vanishes and the word stays one token (`oʻzbek`, `san'at`). Any other hyphen
divides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from otswatch.text.arabic import cyrillic, is_arabic
from otswatch.text.endings import after_hyphens, after_names


class Token(NamedTuple):
    """A folded word, letters and digits only. `start`/`end` are code points in the text as given, without a cut ending.

    A tuple, because an article has hundreds and a frozen dataclass takes three times as long to make.
    """

    text: str
    start: int
    end: int


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


#: Letters that neither case folding nor decomposition brings together: the first becomes the rest.
_PAIRS = _words(
    "ıi əe ǝe ɵo øo łl đd ħh ŋn ƣg æae œoe þth",
    "әа ғг қк ҝк ҡк ңн ҥн өо үу ұу һх ҳх іи єе ґг ҫс ҙз җж ҷч ҹч",
)
_LETTERS = str.maketrans({pair[0]: pair[1:] for pair in _PAIRS})

#: What is written for an apostrophe; Unicode calls some of them letters.
APOSTROPHES = "'`´ʹʻʼʽʾʿ‘’‛′＇"
_HYPHENS = "-‐‑"
#: Combining marks, soft hyphen, joiners, directions, what stretches Arabic words: inside a word, not of it.
_IGNORED = (
    "\u0640\u00ad\u0300-\u036f\u0483-\u0489\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u200b-\u200f\u2060\u20d0-\u20ff\ufe20-\ufe2f\ufeff"
)

#: What stands between spaces. A text mostly has the same ones as those before it, so what each is read as is kept.
_RUN = re.compile(r"\S+")
_CHUNK = re.compile(rf"[^\W_{APOSTROPHES}][\w{_IGNORED}{APOSTROPHES}{re.escape(_HYPHENS)}]*")
_LETTER = rf"(?:[^\W_{APOSTROPHES}]|[{_IGNORED}])"
_WORD = re.compile(rf"[^\W_{APOSTROPHES}]{_LETTER}*(?:[{APOSTROPHES}]+{_LETTER}+)*")
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]+")
#: Longer runs are data, not words: worked out each time rather than kept.
_LONGEST_KEPT, _LONGEST_FOLD_KEPT = 64, 256

_AFTER_NAMES, _AFTER_HYPHENS = after_names(), after_hyphens()
_CONTRACTIONS = frozenset(("s", "re", "ve", "ll"))


_CYRILLIC, _LATIN = re.compile("[\u0400-\u052f]"), re.compile("[A-Za-z\u00c0-\u024f]")
#: The capitals that look alike, and their small letters as they fold.
_LATIN_LOOKS, _CYRILLIC_LOOKS = "ABCEHIKMOPTXYabcehikmoptxy", "АВСЕНІКМОРТХУавсеникмортху"
_LOOKS_CYRILLIC = str.maketrans(_LATIN_LOOKS, _CYRILLIC_LOOKS)
_LOOKS_LATIN = str.maketrans(_CYRILLIC_LOOKS, _LATIN_LOOKS)


class _Table(dict[int, str]):
    """Code point → what it folds to, worked out when first met."""

    def __missing__(self, code: int) -> str:
        before, folded = "", chr(code)
        while folded != before:
            before = folded
            plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", folded).casefold())
            folded = "".join(c for c in plain.translate(_LETTERS) if c.isalnum() and c not in APOSTROPHES)
        self[code] = folded
        return folded


_TABLE = _Table()


def _ends_with_case(stem: str, rest: str) -> bool:
    """Whether what stands behind an apostrophe is an ending. Both are folded.

    Uzbek writes the letters oʻ and gʻ with the same mark, so behind a short word that ends so it is part of the word
    (`yig'in`, `to'la`, against `Tokyo'da`, `Hamburg'da`).
    """
    if rest in _CONTRACTIONS:
        return True
    if rest not in _AFTER_NAMES:
        return False
    shortest = {"o": 4, "g": 5}.get(stem[-1:], 2)
    return len(stem) >= shortest


def unmixed(word: str) -> str:
    """A word of two scripts (`OТГ` with a Latin O) in the script of the letters that look like no other's.

    As long as before. A word that has such letters of both scripts stays as it is.
    """
    if not (_CYRILLIC.search(word) and _LATIN.search(word)):
        return word
    cyrillic, latin = word.translate(_LOOKS_CYRILLIC), word.translate(_LOOKS_LATIN)
    if not _LATIN.search(cyrillic):
        return cyrillic
    return word if _CYRILLIC.search(latin) else latin


def _word(raw: str) -> tuple[str, int]:
    """A word folded, and the length of what of it was kept."""
    if is_arabic(raw):
        return unmixed(cyrillic(raw).translate(_TABLE)), len(raw)
    folded, kept = _cut(raw)
    return unmixed(folded), kept


def _cut(raw: str) -> tuple[str, int]:
    """A word without its ending, its letters folded one by one, and the length of what of it was kept."""
    pieces = _APOSTROPHE.split(raw)
    if len(pieces) > 1:
        stem = "".join(pieces[:-1]).translate(_TABLE)
        if _ends_with_case(stem, pieces[-1].translate(_TABLE)):
            return stem, len(_APOSTROPHE.sub(" ", raw).rsplit(" ", 1)[0].rstrip())
    elif kept := _acronym(raw):
        return raw[:kept].translate(_TABLE), kept
    return raw.translate(_TABLE), len(raw)


def _acronym(raw: str) -> int:
    """The length of the acronym in `TDTning`, 0 where there is none."""
    kept = next((index for index, letter in enumerate(raw) if letter.islower()), 0)
    stem, rest = raw[:kept], raw[kept:]
    ending = kept > 2 and len(rest) > 1 and stem.isupper() and rest.islower()
    return kept if ending and rest.translate(_TABLE) in _AFTER_NAMES else 0


def _is_hyphen_ending(stem: str, gap: str, raw: str) -> bool:
    acronym = gap in _HYPHENS and len(stem) > 1 and stem.isupper() and raw.islower()
    return acronym and raw.translate(_TABLE) in _AFTER_HYPHENS


#: What a `Token` has, as a bare tuple, which is taken apart in a third of the time.
_Piece = tuple[str, int, int]


def _pieces(run: str) -> tuple[_Piece, ...]:
    """The tokens of what has no space in it; offsets count from its start."""
    return tuple(token for match in _CHUNK.finditer(run) for token in _of_chunk(match[0], match.start()))


def _of_chunk(chunk: str, base: int) -> Iterator[_Piece]:
    """The tokens of letters, apostrophes and hyphens that begin at `base`."""
    before = ("", 0)
    for match in _WORD.finditer(chunk):
        raw, start = match[0], match.start()
        stem, end = before
        before = (raw, match.end())
        if end and start == end + 1 and _is_hyphen_ending(stem, chunk[end], raw):
            continue
        text, kept = _word(raw)
        if text:
            yield text, base + start, base + start + kept


_kept_pieces = lru_cache(maxsize=1 << 16)(_pieces)


def _read(run: str) -> tuple[_Piece, ...]:
    return _kept_pieces(run) if len(run) <= _LONGEST_KEPT else _pieces(run)


def _runs(text: str) -> Iterator[tuple[_Piece, ...]]:
    """The tokens of each run of what is no space."""
    runs = text.split()
    # Asked of each run, this would cost as much as the reading itself.
    return map(_kept_pieces if max(map(len, runs), default=0) <= _LONGEST_KEPT else _read, runs)


_token = partial(tuple.__new__, Token)


def tokens(text: str) -> list[Token]:
    """The words of a text, folded, in order."""
    bases = [match.start() for match in _RUN.finditer(text)]
    runs = zip(bases, _runs(text), strict=True)
    return list(map(_token, [(word, base + start, base + end) for base, run in runs for word, start, end in run]))


def _fold(text: str) -> str:
    return " ".join([word for run in _runs(text) for word, _, _ in run])


_kept_fold = lru_cache(maxsize=1 << 14)(_fold)


def fold(text: str) -> str:
    """The folded words of a text, with one space between them. Folding twice changes nothing."""
    return _kept_fold(text) if len(text) <= _LONGEST_FOLD_KEPT else _fold(text)
