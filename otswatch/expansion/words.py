"""Words that are no name: their spellings in both scripts, and the endings that stand behind them in a text.

A query does not say of which language a word is, so every ending of its script may follow; Hungarian ones, of which
many are a single letter, only behind what looks Hungarian. A short word is left alone: in another script, or with an
ending, it is another word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice, zip_longest
from typing import Final, Literal

from otswatch.expansion.result import Expanded, Note, once
from otswatch.query import DEFAULT_FIELDS, Choice, Forms, Inflected, Phrase, Word, words
from otswatch.text.endings import slots, softened
from otswatch.text.folding import fold
from otswatch.text.spellings import rewritten

Script = Literal["latin", "cyrillic"]

#: Letters of a word that is expanded; a longer one is data.
_SHORTEST, _LONGEST = 4, 30
#: Letters of the stems of one expression: with the endings it stays below 1,000 (Elasticsearch's `max_regex_length`).
_MOST_LETTERS = 300
#: Spellings of a phrase, the likelier ones first.
_MOST_PHRASES = 16

_LETTERS: Final[dict[Script, re.Pattern[str]]] = {
    "latin": re.compile("[a-z]+"),
    "cyrillic": re.compile("[\u0400-\u052f]+"),
}
_TURKIC = ("tr", "az", "tk", "kk", "ky", "uz")
#: What only Hungarian has among the Latin alphabets here, but for acutes of Kazakh's.
_LOOKS_HUNGARIAN = re.compile("[őűéíáóú]|sz|zs", re.IGNORECASE)
#: What a Russian word has in a dictionary, and a case puts something else for.
_RUSSIAN_ENDING = re.compile("[аеиоуыэюяь]$")


def spelt_word(word: Word) -> Expanded:
    """A word in its spellings; with endings, unless it is quoted or belongs to a field of people's names."""
    own, written = word.text, word.written or word.text
    if not _SHORTEST <= len(own) <= _LONGEST or _script(own) is None:
        return Expanded(word)
    spelt = list(dict.fromkeys([own, *(form for form in map(fold, rewritten(written)) if _script(form))]))
    if word.quoted or word.field not in (None, *DEFAULT_FIELDS):
        made = Forms((Choice(tuple(spelt)),), word.field)
        return Expanded(made, (Note(written, None, tuple(spelt[1:])),) if spelt[1:] else ())
    hungarian = _LOOKS_HUNGARIAN.search(written) is not None
    inflected = (
        Forms((Inflected(tuple(stems), _slots(script, hungarian=hungarian)),), word.field)
        for script, stems in _stems(spelt).items()
    )
    return Expanded(once(inflected) or word, (Note(written, None, tuple(f"{form}~" for form in spelt)),))


def spelt_phrase(phrase: Phrase) -> Expanded:
    """A phrase in its spellings."""
    written = phrase.written or " ".join(phrase.words)
    spelt = dict.fromkeys(tuple(words(form)) for form in rewritten(written))
    others = [form for form in islice(spelt, _MOST_PHRASES) if form and form != phrase.words]
    if not others:
        return Expanded(phrase)
    forms = (Forms(tuple(Choice((word,)) for word in form), phrase.field) for form in (phrase.words, *others))
    note = Note(written, None, tuple(" ".join(form) for form in others))
    return Expanded(once(forms) or phrase, (note,))


def _script(word: str) -> Script | None:
    """The script of a folded word; None of one that has another, or figures."""
    return next((script for script, letters in _LETTERS.items() if letters.fullmatch(word)), None)


def _stems(spelt: Sequence[str]) -> dict[Script, list[str]]:
    """What endings may stand behind, by script; no more than an expression can hold, the likelier ones first."""
    found: dict[Script, list[str]] = {}
    for form in spelt:
        if script := _script(form):
            stems = found.setdefault(script, [])
            stems += [stem for stem in dict.fromkeys(_stems_of(form, as_typed=form == spelt[0])) if stem not in stems]
            if sum(map(len, stems)) > _MOST_LETTERS:
                break
    return found


def _stems_of(form: str, *, as_typed: bool) -> Iterator[str]:
    yield form
    for language in _TURKIC:
        if changed := softened(form, language):
            yield changed[0]
    # Of what was only written down in Cyrillic a cut stem is that of another word (state, стате, статья).
    if as_typed and _RUSSIAN_ENDING.search(form):
        yield form[:-1]
    if as_typed and form.endswith("y"):
        yield form[:-1] + "ie"


@cache
def _slots(script: Script, *, hungarian: bool) -> tuple[tuple[str, ...], ...]:
    """The endings of all languages of a script: number, person, case and what may follow them."""
    languages = (*_TURKIC, "ru", "en", *(["hu"] if hungarian else []))
    letters = _LETTERS[script]
    places = zip_longest(*map(_places, languages), fillvalue=frozenset[str]())
    merged = (sorted(filter(letters.fullmatch, frozenset().union(*place))) for place in places)
    return tuple(tuple(place) for place in merged if place)


def _places(language: str) -> list[frozenset[str]]:
    """The slots of a language, case in the third place."""
    found = list(slots(language))
    return [frozenset()] * (3 - len(found)) + found
