"""Kazakh in Arabic letters (töte jazu: written in China, and by agencies for readers there) in Cyrillic ones.

The alphabet (Baitursynuly's of 1924, as reformed in 1954) writes each sound with one letter, but marks front vowels
once for a word: by ء in front of it, or by a ك, گ or ە in it. Folding makes nothing of that difference but for ى,
which is both ы and і; loans have syllables of both sorts, so there the vowel before it decides. Words of other
languages come out as they may: what counts is that the same word always comes out the same.
"""

from __future__ import annotations

import re
import unicodedata

#: What is written for each letter, with the letters of other keyboards and of neighbouring alphabets.
_LETTERS = {
    "а": "اة", "б": "ب", "в": "ۆ", "г": "گعغ", "д": "د", "е": "ەې", "ж": "جژ", "з": "زذضظ", "и": "يی",
    "к": "كکق", "л": "ل", "м": "م", "н": "نڭ", "о": "وۅ", "п": "پ", "р": "ر", "с": "سثص", "т": "تط",
    "у": "ۋۇۈۉ", "ф": "ف", "х": "حخھه", "ч": "چ", "ш": "ش", "": "ءٴـ",
}  # fmt: skip
_TABLE = str.maketrans({letter: written for written, letters in _LETTERS.items() for letter in letters})
#: The letters, and their forms at the beginning, in the middle and at the end of a word.
_ARABIC = re.compile("[\u0621-\u064a\u066e-\u06d5\ufb50-\ufdff\ufe70-\ufefc]")

_FRONT, _FRONT_LETTERS = re.compile("[ءٴ]"), re.compile("[كکگە]")
_VOWEL = re.compile("[اەوۇۋى]")
#: ي behind a vowel is й. Else it is и, mostly of loans, which are front (министрі), but before these (жиын, тарихы).
_BACK_FOLLOW = tuple("ىحقع")
#: Two letters that Cyrillic writes as one or otherwise, and the loans that begin with э.
_PAIRS = [
    (re.compile("^ە(?=كونوم|كولوگ|نەرگ|لەكتر|كسپ|پيدەم)"), "э"),
    (re.compile("تس(?=ي)"), "ц"),
    (re.compile("(?<=[اەوۇىۋ])يا"), "я"),
    (re.compile("(?<=[اەوۇىۋ])يۋ"), "ю"),
    (re.compile("يا"), "ия"),
]


def is_arabic(word: str) -> bool:
    """Whether a word has Arabic letters."""
    return _ARABIC.search(word) is not None


def cyrillic(word: str) -> str:
    """One word with its Arabic letters written as Cyrillic ones, without the marks that folding takes away."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
    spelt = _with_short_vowels(plain)
    for pair, written in _PAIRS:
        spelt = pair.sub(written, spelt)
    return spelt.translate(_TABLE)


def _with_short_vowels(word: str) -> str:
    """ى as ы or и: by the mark for the whole word, by the vowel before it, or by the word's consonants."""
    if _FRONT.search(word):
        return word.replace("ى", "и")
    otherwise = "и" if _FRONT_LETTERS.search(word) else "ы"
    read, written = otherwise, []
    for place, letter in enumerate(word):
        if letter == "ى":
            written.append(read)
            continue
        if letter == "ي":
            if not _VOWEL.match(word[place - 1 : place]):
                read = otherwise if word[place + 1 : place + 2] in _BACK_FOLLOW else "и"
        elif _VOWEL.match(letter):
            read = {"ا": "ы", "ە": "и"}.get(letter, otherwise)
        written.append(letter)
    return "".join(written)
