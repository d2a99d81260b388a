"""Which quotes of an article are new words, and not what another report of the story said before.

The words of a story are kept under it with the article, in the version, that had them first; so the answer for one
version of an article stays the same however often it is asked. Not new are the same words with a letter or two mended,
a part of what was quoted before, and what a speaker says in a language in which another article tells it, where that
speaker was quoted in a further language already: a translation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

from otswatch.records import Article, Part, Quote
from otswatch.state import State, replace
from otswatch.stories.names import same
from otswatch.text.folding import fold

_HEARD: Final = "alerts/heard/"
#: Words that are alike to this degree are the same words, with a slip of the pen mended (`difflib`'s ratio). Another
#: figure is no slip.
_ALIKE: Final = 0.9
_FIGURES: Final = re.compile(r"\d+")
#: Shorter pieces stand in longer quotes by chance.
_PIECE: Final = 20
#: So many of a story are kept, the latest.
_KEPT: Final = 500


class Words(Part):
    """A quote as it is remembered: by its letters without spaces, which copies lose. `silent`: nobody is told of it."""

    id: str
    article: str
    version: int
    letters: str
    language: str
    speaker: str | None
    silent: bool = False


def listen(state: State, article: Article, *, silent: bool) -> tuple[str, ...]:
    """Remember the quotes of an article.

    Args:
        silent: none of them is news, now or later.

    Returns:
        Ids of those that nobody was quoted with before this version of the article.
    """
    if not article.quotes:
        return ()
    key = _HEARD + (article.story.id if article.story else article.id)
    while True:
        entry = state.get(key)
        heard = [Words.model_validate(each) for each in entry.value] if entry else []
        said, new = _with(heard, article, silent=silent)
        if len(said) == len(heard) or replace(state, key, [each.to_dict() for each in said[-_KEPT:]], entry):
            return new


def _with(heard: Sequence[Words], article: Article, *, silent: bool) -> tuple[list[Words], tuple[str, ...]]:
    language = article.content.language if article.content else "und"
    said, new = list(heard), []
    for quote in article.quotes:
        words = Words(
            id=quote.id,
            article=article.id,
            version=article.version,
            letters="".join(fold(quote.text).split()),
            language=language,
            speaker=_speaker(quote),
            silent=silent,
        )
        first = next((each for each in said if _alike(each.letters, words.letters)), None)
        if first is None:
            translated = _is_translation(words, heard)
            said.append(words.replace(silent=silent or translated))
            first = said[-1]
        if (first.article, first.version, first.silent) == (article.id, article.version, False):
            new.append(quote.id)
    return said, tuple(dict.fromkeys(new))


def _speaker(quote: Quote) -> str | None:
    return (quote.speaker.person or fold(quote.speaker.name)) if quote.speaker else None


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if short in long and (len(short) >= _PIECE or short == long):
        return True
    if _FIGURES.findall(one) != _FIGURES.findall(other):
        return False
    compared = SequenceMatcher(None, long, short, autojunk=False)
    return min(compared.real_quick_ratio(), compared.quick_ratio()) >= _ALIKE and compared.ratio() >= _ALIKE


def _is_translation(words: Words, heard: Iterable[Words]) -> bool:
    others = [each for each in heard if each.article != words.article and _one_speaker(each, words)]
    return bool(others) and all(each.language != words.language for each in others)


def _one_speaker(one: Words, other: Words) -> bool:
    if one.speaker is None or other.speaker is None or one.speaker == other.speaker:
        return one.speaker == other.speaker
    names, others = one.speaker.split(), other.speaker.split()
    # The family name stands last in most of the nine languages, first in Hungarian and in formal Russian.
    return any(same(a, b, one.language, other.language) for a in names for b in others if min(len(a), len(b)) > 3)
