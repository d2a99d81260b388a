"""By which name somebody is known: one person under inflected names and parts of them, and the name as a subject.

A name is given in its fullest form, without endings, as the text or its language would print it as a subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from otswatch.speech.words import Run, Use, Words, longest
from otswatch.text.endings import TURKIC, endings
from otswatch.text.folding import fold

#: How family names end that are made of others' names, from Budapest to Osh, folded.
_SURNAMES = (
    *("ov", "ova", "ev", "eva", "yev", "yeva", "ow", "owa", "ew", "ewa", "zade", "ogli", "oglu", "bek", "bay", "uly"),
    *("uulu", "kyzy", "qizi", "skiy", "skaya", "enko", "dze", "shvili", "ов", "ова", "ев", "ева", "ин", "ина", "заде"),
    *("оглу", "бек", "бай", "улы", "уулу", "кызы", "ский", "ская", "енко", "ян", "дзе", "швили"),
)
#: How the family names of women and of men end, folded.
_WOMEN = ("ova", "eva", "owa", "ewa", "skaya", "qizi", "kyzy", "gyzy", "ова", "ева", "ина", "ская", "кызы")
_MEN = ("ov", "ev", "ow", "ew", "skiy", "ogli", "oglu", "uulu", "uly", "ов", "ев", "ский", "оглу", "уулу", "улы")
#: A name has so many letters without its ending at least; a Russian one whose last letter changes, so many.
_LEFT, _STEM = 3, 4
#: How Russian names end that change their last letter, and how many letters an ending has there at most.
_CHANGING, _CHANGED = "аяьи", 2
#: A genitive behind a surname that it makes look like another has so many letters.
_GENITIVE = 3
#: So far before a name stands what asks for its genitive.
_BEFORE = 6


@dataclass(slots=True)
class Person:
    """Somebody with a name of two words or more, and where it stands."""

    name: str
    parts: tuple[str, ...]
    runs: list[Run]
    offices: list[tuple[int, int]] = field(default_factory=list)
    alone: bool = False

    @property
    def believed(self) -> bool:
        """Whether anything but capitals says that this is a person."""
        return self.alone or bool(self.offices) or self.parts[-1].endswith(_SURNAMES)


class Names:
    """The names of a text, and the persons who were met by them so far.

    `ends`: behind which words the names in full end.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self.persons: list[Person] = []
        self.ends: Set[int] = frozenset()
        self._called: dict[Run, Person | None] = {}

    # ----------------------------------------------------------------------------------------------------- meeting

    def meet(self, run: Run) -> Person | None:
        """Take a run as a person's name, who may be known by it; nobody's, where it is but a part of one."""
        name, parts = self._bare(run)
        if self.doubtful(run) and (person := self.called(run)) and not self._same(person.parts, parts):
            return None
        known = next((person for person in self.persons if self._same(person.parts, parts)), None)
        if known is None:
            known = Person(name, parts, [])
            self.persons.append(known)
        elif len(parts[-1]) < len(known.parts[-1]):
            known.name, known.parts = name, parts
        known.runs.append(run)
        self._called.clear()
        return known

    def doubtful(self, run: Run) -> bool:
        """Whether a run may be less than a name in full: a word of a sentence before it, or a form of address in it."""
        words = self._words
        return words.begins_sentence(run.first) or words.use(run.last - 1, "honorifics") is not None

    @cached_property
    def outside(self) -> list[Run]:
        """The runs that nobody speaks."""
        words = self._words
        return [run for run in words.runs.values() if not words.inside_marks(run.first)]

    def is_full(self, run: Run) -> bool:
        """Whether a run is a given name and a surname."""
        words = self._words
        apart = any(words.gap(index) != "-" for index in range(run.first + 1, run.last))
        return apart and len(words.folded(run.first)) > 1

    def is_surname(self, word: str) -> bool:
        """Whether a folded word ends as a surname does, or stands alone in the text as one."""
        return word.endswith(_SURNAMES) or word in self._single_parts

    @cached_property
    def _single_parts(self) -> set[str]:
        words = self._words
        return {words.folded(run.last - 1) for run in self.outside if not self.is_full(run)}

    def _bare(self, run: Run) -> tuple[str, tuple[str, ...]]:
        """A name and its words without the ending that a Turkic surname shows to be one."""
        words = self._words
        *first, last = (words.folded(index) for index in range(run.first, run.last))
        written, case = words.written(run.first, run.last), self.case(last)
        return written[: len(written) - len(case)], (*first, last.removesuffix(case))

    def case(self, last: str) -> str:
        """The ending of a Turkic surname: any behind -ov, -bek and the like, else a genitive of three letters."""
        language = self._words.speech.id
        if language not in TURKIC:
            return ""
        ends = [end for known in _SURNAMES if (end := last.rfind(known) + len(known)) > len(known) + _STEM - 2]
        found = [last[end:] for end in ends if end < len(last) and last[end:] in endings(last[:end], language)]
        if last.endswith(_SURNAMES):
            found = [case for case in found if len(case) >= _GENITIVE]  # `Қожабергенов-тің`, no `Алиев-а`
        else:
            found += [case for case in self._words.genitives if last.endswith(case) and len(last) - len(case) >= _STEM]
        return min(found, key=len, default="")

    def _same(self, known: Sequence[str], parts: Sequence[str]) -> bool:
        """Whether two names are one with other endings."""
        if len(known) != len(parts):
            return False
        return all(self._inflected(one, other) for one, other in zip(known, parts, strict=True))

    def _inflected(self, one: str, other: str) -> bool:
        """Whether two words of names are one with other endings."""
        short, long = sorted((one, other), key=len)
        if short == long:
            return True
        language = self._words.speech.id
        if len(short) >= _LEFT and long.startswith(short):
            return long[len(short) :] in endings(short, language)
        stem = short[:-1]
        return (
            language == "ru"
            and len(stem) >= _STEM
            and long.startswith(stem)
            and short[-1] in _CHANGING
            and len(long) - len(stem) <= _CHANGED
        )

    # ---------------------------------------------------------------------------------------------------- who is

    def called(self, run: Run) -> Person | None:
        """The only person whose name holds all the words of a run; the surname counts before a given name."""
        if run not in self._called:
            self._called[run] = self._fitting(run)
        return self._called[run]

    def _fitting(self, run: Run) -> Person | None:
        last = run.last - 1 if run.last - run.first > 1 and self._words.use(run.last - 1, "honorifics") else run.last
        parts = [self._words.folded(index) for index in range(run.first, last)]
        initial = parts[0] if len(parts) > 1 and len(parts[0]) == 1 else None
        wanted = parts[1:] if initial else parts
        found = [
            person
            for person in self.persons
            if all(any(self._inflected(own, part) for own in person.parts) for part in wanted)
            and (initial is None or any(own.startswith(initial) for own in person.parts))
        ]
        if len(found) > 1:
            found = [person for person in found if self._inflected(person.parts[-1], wanted[-1])]
        if not found and run.last - run.first > 1 and self._words.begins_sentence(run.first):
            return self.called(Run(run.first + 1, run.last))
        return found[0] if len(found) == 1 else None

    # ----------------------------------------------------------------------------------------------- as a subject

    def name_of(self, run: Run) -> str:
        """The name of a run as a subject, in full where the text has it in full."""
        person = self.called(run)
        return self._subject(run) if person is None else self._as_subject(person)

    def _as_subject(self, person: Person) -> str:
        """Where the surname stands alone in a shorter form, the full name has endings that come off."""
        known = person.parts[-1]
        for single in self._single_parts:
            if len(single) < len(known) and known.startswith(single) and self._inflected(single, known):
                cut = len(known) - len(single)
                return self._without(person.name, cut)
        once = len(person.runs) == 1 and not self._nominative(person.runs[0])
        return self._subject(person.runs[0]) if once else person.name

    def _without(self, name: str, cut: int) -> str:
        ending = name[-cut:]
        if self._words.speech.id != "ru":
            return self._printed(name[:-cut])
        return " ".join(part.removesuffix(ending) for part in name.split())

    def _printed(self, name: str) -> str:
        """A name without its ending, as its last word stands alone in the text (of `Nurgalijevával`, `Nurgalijeva`)."""
        words, (*first, last) = self._words, name.split(" ")
        alone = (words.written(run.last - 1, run.last) for run in self.outside if not self.is_full(run))
        return " ".join([*first, next((each for each in alone if fold(each) == fold(last)), last)])

    def _subject(self, run: Run) -> str:
        """A name without the ending that its place gives it (`X-in sözlərinə görə`)."""
        written = self._words.written(run.first, run.last)
        if self._nominative(run):
            return written
        last = self._words.folded(run.last - 1)
        ending = longest(self._words.speech.cases, last)
        return self._without(written, len(ending)) if ending and len(last) - len(ending) >= _LEFT else written

    def _nominative(self, run: Run) -> bool:
        """Whether no word that asks for a genitive stands behind a name."""
        words = self._words
        if words.speech.order == "free":
            return not any(use.last == run.first for use in self._uses_before(run.first))
        return run.last >= len(words) or words.use(run.last, "after") is None

    def _uses_before(self, index: int) -> Iterator[Use]:
        return (use for use in self._words.of(range(max(0, index - _BEFORE), index), "by") if use.last <= index)


def gender(name: str) -> Literal["feminine", "masculine"] | None:
    """Whether a name ends as a man's or a woman's; most do not say it."""
    last = fold(name).split()[-1]
    if last.endswith(_WOMEN):
        return "feminine"
    return "masculine" if last.endswith(_MEN) else None
