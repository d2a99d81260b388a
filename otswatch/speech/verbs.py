"""The words of speech in a sentence that nobody speaks, and what denies or doubts them."""

from __future__ import annotations

from collections.abc import Iterator

from otswatch.speech.words import Use, Words
from otswatch.taxonomy.loader import SpeechRole

#: So far before a verb stands what denies it, and what makes it a passive.
_NOT, _PASSIVE = 4, 5


class Verbs:
    """The verbs of speech of a text."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def outside(self, part: range, *roles: SpeechRole) -> Iterator[Use]:
        """Uses of words that are not spoken themselves."""
        return (use for use in self._words.of(part, *roles) if not self._words.inside_marks(use.first))

    def passive(self, verb: Use, start: int) -> Use | None:
        """The words that say with a verb that something was said, by a document or by nobody (`it was stressed`)."""
        words = self._words
        if words.speech.order == "free":
            near = words.of(range(max(start, verb.last - _PASSIVE), verb.last), "somebody")
            return next((use for use in near if use.last == verb.last and use.first <= verb.first), None)
        alone = verb.role == "reads" and verb.first > start and words.use(verb.first, "verbs") is None
        return verb if alone else None

    def unsaid(self, low: int, verb: Use) -> bool:
        """Whether a word before the verb denies it or makes it doubtful."""
        words = self._words
        near = range(max(low, verb.first - _NOT), verb.first)
        doubtful = words.use(low, "unsaid") or words.use(verb.last, "unsaid")
        return doubtful is not None or self._denies(verb) or any(True for _ in words.of(near, "unsaid"))

    def _denies(self, verb: Use) -> bool:
        """Whether a longer form with the verb in it is a denial (`айткан эмес`)."""
        use = self._words.use(verb.first, "unsaid")
        return use is not None and use.last > verb.last
