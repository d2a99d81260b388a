"""Where a clause that says what somebody stated begins: behind who speaks, when, and on what occasion."""

from __future__ import annotations

from otswatch import dates
from otswatch.speech.reported import LEAST
from otswatch.speech.subjects import Subject
from otswatch.speech.words import Words

#: So far behind its beginning an occasion belongs to who speaks.
_OCCASION = 5


class Edges:
    """The beginnings of the clauses of a text."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def comma(self, first: int, last: int) -> int | None:
        """The first word behind a comma."""
        return next((index for index in range(first + 1, last) if "," in self._words.gap(index)), None)

    def leads(self, subject: Subject, start: int) -> bool:
        """Whether a subject stands before its clause, not in it: at the head, or behind what is no clause itself."""
        words = self._words
        if subject.kind == "document":
            return subject.last < len(words) and "," in words.gap(subject.last)
        if subject.kind in {"name", "pronoun"} or subject.first == start:
            return True
        return not any(words.folded(index).endswith(words.speech.clauses) for index in range(start, subject.first))

    def behind_adjuncts(self, start: int, end: int) -> int:
        """Behind what a speaker did before speaking: up to an occasion, or a comma behind a converb or the speaker."""
        words = self._words
        for index in range(start, end - LEAST + 1):
            use = words.use(index, "occasions") if index - start <= _OCCASION else None
            converb = (
                index + 1 < end and "," in words.gap(index + 1) and words.folded(index).endswith(words.speech.adjuncts)
            )
            if use or converb:
                start = max(start, use.last if use else index + 1)
        return start

    def behind_day(self, start: int, end: int) -> int:
        """Behind a day between the speaker and the clause (`Sattorov on Thursday`): it is that of the speech."""
        words = self._words
        if start >= end:
            return start
        written = words.written(start, start + 1)
        cases = [case for case in ("", *words.speech.locatives) if written.endswith(case)]
        is_day = any(dates.weekdays(written.removesuffix(case), words.speech.id) for case in cases)
        return start + 1 if is_day else start
