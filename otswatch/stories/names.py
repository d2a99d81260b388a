"""Whether two words are one name, in different cases, languages and scripts.

`Сейтбеков`, `Seitbekov`, `Seýtbekow` and `Szejtbekov` have the consonants `stbkv`; a case ending adds some behind them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

#: Folded letters by what they sound like; what is not here (vowels, half-vowels) is left out.
_SOUNDS: Final = {
    **dict(zip("бвгдзклмнпрстфхцчшщж", "bvgdzklmnprstfhscssc", strict=True)),
    **dict(zip("bvwgdzklmnprstfhxqcj", "bvvgdzklmnprstfhhkcc", strict=True)),
}
_LETTERS = str.maketrans(_SOUNDS)
#: Two or three letters for one sound, before single letters are looked at.
_LATIN: Final = (
    ("shch", "s"),
    ("sch", "s"),
    ("sh", "s"),
    ("ch", "c"),
    ("zh", "c"),
    ("kh", "h"),
    ("gh", "g"),
    ("ts", "s"),
)
_HUNGARIAN: Final = (("sz", "s"), ("zs", "c"), ("cs", "c"), ("gy", "d"), ("ny", "n"), ("ly", ""), ("j", ""), ("c", "s"))
_VOWEL = re.compile("[aeiouyаеиоуыэюя]")
_SOUNDLESS = re.compile("[^bcdfghklmnprstvz]")
_DOUBLED = re.compile(r"(.)\1+")
#: Of so many consonants a longer name may have so many more behind them.
_TELLING: Final = 3
_ENDING: Final = 3
#: Within a script so many letters, and so much of the shorter word, are the same.
_STEM: Final = 4
_SHARE: Final = 0.7
_LONGER: Final = 6


@lru_cache(maxsize=1 << 15)
def sounds(word: str, language: str) -> str:
    """The consonants of a folded word as a listener would write them; `a` for a vowel that it begins with."""
    for letters, sound in _HUNGARIAN if language == "hu" else _LATIN:
        word = word.replace(letters, sound)
    begins = "a" if _VOWEL.match(word) else ""
    return begins + _DOUBLED.sub(r"\1", _SOUNDLESS.sub("", word.translate(_LETTERS)))


def same(one: str, other: str, ones: str, others: str) -> bool:
    """Whether two folded words can be one name. `ones`, `others`: the languages that they are written in."""
    if one == other:
        return True
    if ones == others and one[0].isascii() == other[0].isascii():
        return _inflected(*sorted((one, other), key=len))
    short, long = sorted((sounds(one, ones), sounds(other, others)), key=len)
    return long.startswith(short) and len(short.lstrip("a")) >= _TELLING and len(long) - len(short) <= _ENDING


def _inflected(short: str, long: str) -> bool:
    common = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    if common == len(short):
        return len(long) - common <= (_LONGER if common >= _STEM else _ENDING)
    return common >= _STEM and common >= _SHARE * len(short) and len(long) - len(short) <= _LONGER


def key(word: str, language: str) -> str:
    """The same for all forms of a name in other languages and scripts; empty where it has too few consonants."""
    found = sounds(word, language)
    consonants = found.lstrip("a")
    return found[: len(found) - len(consonants) + _TELLING] if len(consonants) >= _TELLING else ""
