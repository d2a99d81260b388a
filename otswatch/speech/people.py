"""Whom a text names, and who is meant by a surname, an office or a pronoun: within the text, or nobody.

Two who could both be meant are nobody. A name is given in its fullest form, without endings, as the text or its
language would print it as a subject.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from otswatch.speech.words import Run, Use, Words
from otswatch.text.endings import endings

#: How far an office may stand from its name, in words.
_OFFICE = 12
#: So many words may stand between an office and its name, and so many titles (`Mr.`) behind a comma.
_APART, _TITLES = 4, 2
#: So far ahead a run looks for the body that it is a part of.
_BODY = 4
_BESIDE = {" ", "-", "\u00a0"}
#: How family names end that are made of others' names, from Budapest to Osh, folded.
#: How a noun ends that another noun modifies.
_POSSESSED = "iuyыиу"
_SURNAMES = (
    *("ov", "ova", "ev", "eva", "yev", "yeva", "ow", "owa", "ew", "ewa", "zade", "ogli", "oglu", "bek", "bay", "uly"),
    *("uulu", "kyzy", "qizi", "skiy", "skaya", "enko", "dze", "shvili", "ов", "ова", "ев", "ева", "ин", "ина", "заде"),
    *("оглу", "бек", "бай", "улы", "уулу", "кызы", "ский", "ская", "енко", "ян", "дзе", "швили"),
)
#: Beginnings of words this long are enough to see that they are one word with two endings.
_STEM, _ENDING = 4, 5


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


class People:
    """The people of a text."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._spoken = [(span.left, span.right) for paragraph in words.paragraphs for span in paragraph.spans]
        self._spoken_starts = [start for start, _ in self._spoken]
        self.persons: list[Person] = []
        self._mentions: list[tuple[int, Person]] = []
        self._called: dict[Run, Person | None] = {}
        self._gather()

    # ------------------------------------------------------------------------------------------------ gathering

    def _gather(self) -> None:
        self._ends: set[int] = set()
        full = [
            run
            for run in self._named_outside
            if self._is_full(run) and not self.modifies(run) and not self._has_article(run)
        ]
        self._ends = {run.last for run in full}
        for run in sorted(full, key=self._doubtful):
            if self._doubtful(run) and self.called(run):
                continue
            parts = tuple(self._words.folded(index) for index in range(run.first, run.last))
            known = next((person for person in self.persons if self._same(person.parts, parts)), None)
            if known is None:
                known = Person(self._words.written(run.first, run.last), parts, [])
                self.persons.append(known)
            elif len(parts[-1]) < len(known.parts[-1]):
                known.name, known.parts = self._words.written(run.first, run.last), parts
            known.runs.append(run)
            self._called.clear()
            known.offices += [office for office in (self._office_before(run), self._office_behind(run)) if office]
        for run in self._named_outside:
            if not self._is_full(run) and (person := self.called(run)):
                person.alone = True
                self._mentions.append((run.first, person))
        self._mentions += [(run.first, person) for person in self.persons for run in person.runs]
        self._mentions.sort(key=lambda mention: mention[0])

    @cached_property
    def _named_outside(self) -> list[Run]:
        words = self._words
        return [run for run in words.runs.values() if not self.inside_marks(words.tokens[run.first].start)]

    def inside_marks(self, place: int) -> bool:
        """Whether a place of the text is inside marks or behind a dash."""
        index = bisect_left(self._spoken_starts, place + 1) - 1
        return index >= 0 and place < self._spoken[index][1]

    def _has_article(self, run: Run) -> bool:
        return run.first > 0 and self._words.use(run.first - 1, "articles") is not None

    def _doubtful(self, run: Run) -> bool:
        """Whether a run may be less than a name in full: a word of a sentence before it, or a form of address in it."""
        return self._begins_sentence(run) or self._words.use(run.last - 1, "honorifics") is not None

    def _begins_sentence(self, run: Run) -> bool:
        """Whether the first word of a run may have its capital from the sentence alone."""
        start = self._words.tokens[run.first].start
        before = self._words.text[max(0, start - 3) : start].rstrip('«“„"‘» \u00a0—–-')
        return not before or before[-1] in ".!?…:\n"

    def modifies(self, run: Run) -> bool:
        """Whether a run is a part of the body or office behind it, in languages that put that last."""
        words = self._words
        if words.speech.behind != "nothing" or run.last >= len(words) or words.gap(run.last) != " ":
            return False
        if words.folded(run.last - 1).endswith(words.genitives):
            return True
        if self._body_ahead(run.last):
            return True
        noun = words.use(run.last, "offices")
        return noun is not None and possessed(words.folded(noun.last - 1)) and not self._oblique(noun.last - 1)

    def _body_ahead(self, index: int) -> bool:
        """A body whose name began before word `index` (`Szociális Védelem és Munka Minisztériuma`)."""
        words = self._words
        for place in range(index, min(index + _BODY, len(words))):
            if words.gap(place) not in {" ", "- "} or not (words.capital(place) or words.folded(place) in words.joints):
                return words.use(place, "bodies") is not None and place == index
            if words.use(place, "bodies"):
                return True
        return False

    def _oblique(self, index: int) -> bool:
        return self._words.folded(index).endswith(self._words.speech.oblique)

    def _is_full(self, run: Run) -> bool:
        words = self._words
        apart = any(words.gap(index) != "-" for index in range(run.first + 1, run.last))
        return apart and len(words.folded(run.first)) > 1

    def _same(self, known: Sequence[str], parts: Sequence[str]) -> bool:
        """Whether two names are one with other endings."""
        if len(known) != len(parts):
            return False
        return all(self._inflected(one, other) for one, other in zip(known, parts, strict=True))

    def _inflected(self, one: str, other: str) -> bool:
        short, long = sorted((one, other), key=len)
        if short == long:
            return True
        language = self._words.speech.id
        if len(short) >= 3 and long.startswith(short):
            return long[len(short) :] in endings(short, language)
        stem = short[:-1]
        return (
            language == "ru"
            and len(stem) >= _STEM
            and long.startswith(stem)
            and short[-1] in "аяьи"
            and len(long) - len(stem) <= 2
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
        if not found and run.last - run.first > 1 and self._begins_sentence(run):
            return self.called(Run(run.first + 1, run.last))
        return found[0] if len(found) == 1 else None

    def name_of(self, run: Run) -> str:
        """The name of a run as a subject, in full where the text has it in full."""
        person = self.called(run)
        if person is None:
            return self._subject(run)
        return self._as_subject(person)

    def _as_subject(self, person: Person) -> str:
        """Where the surname stands alone in a shorter form, the full name has endings that come off."""
        known = person.parts[-1]
        for single in self._single_parts:
            if len(single) < len(known) and known.startswith(single) and self._inflected(single, known):
                cut = len(known) - len(single)
                return self._without(person.name, cut)
        return (
            self._subject(person.runs[0])
            if len(person.runs) == 1 and not self._nominative(person.runs[0])
            else person.name
        )

    @cached_property
    def _single_parts(self) -> set[str]:
        words = self._words
        return {words.folded(run.last - 1) for run in self._named_outside if not self._is_full(run)}

    def _without(self, name: str, cut: int) -> str:
        ending = name[-cut:]
        if self._words.speech.id != "ru":
            return name[:-cut]
        return " ".join(part.removesuffix(ending) for part in name.split())

    def _subject(self, run: Run) -> str:
        """A name without the ending that its place gives it (`X-in sözlərinə görə`)."""
        written = self._words.written(run.first, run.last)
        if self._nominative(run):
            return written
        last = self._words.folded(run.last - 1)
        ending = max((case for case in self._words.speech.cases if last.endswith(case)), key=len, default="")
        return self._without(written, len(ending)) if ending and len(last) - len(ending) >= 3 else written

    def _nominative(self, run: Run) -> bool:
        """Whether no word that asks for a genitive stands behind a name."""
        words = self._words
        if words.speech.order == "free":
            return not any(use.last == run.first for use in self._uses_before(run.first))
        return run.last >= len(words) or words.use(run.last, "after") is None

    def _uses_before(self, index: int) -> Iterator[Use]:
        words = self._words
        return (
            use for place in range(max(0, index - 6), index) for use in words.of((place,), "by") if use.last <= index
        )

    # ---------------------------------------------------------------------------------------------------- office

    def office_beside(self, run: Run) -> tuple[int, int] | None:
        """The words of an office before a name or behind it: first and last (exclusive) word."""
        return self._office_before(run) or self._office_behind(run)

    def _office_before(self, run: Run) -> tuple[int, int] | None:
        words, first = self._words, run.first
        seen, end = None, run.first
        comma = False
        while first > 0 and end - first < _OFFICE:
            gap = words.gap(first)
            if gap.strip() == "," and not comma and run.first - first <= _TITLES:
                comma = True
            elif not self._beside(first, gap):
                break
            bound = words.use(first - 1, "verbs", "tones", "quotatives", "that", "occasions", "particles")
            if first in self._ends or (bound and not words.use(first - 1, "links")):
                break
            first -= 1
            if words.use(first, "offices", "anyone"):
                seen = first
            elif seen is None and run.first - first > _APART:
                break
        return (first, end) if seen is not None and first < end else None

    def _beside(self, index: int, gap: str) -> bool:
        """Whether only a blank, a hyphen, an ending or the stop of an abbreviation stands before a word."""
        if gap == ". ":
            return len(self._words.folded(index - 1)) <= _STEM and self._words.use(index - 1, "offices") is not None
        return gap in _BESIDE or (gap.startswith(("'", "’")) and gap.endswith(" "))

    def _office_behind(self, run: Run) -> tuple[int, int] | None:
        words = self._words
        index, start = run.last, run.last
        follows = words.speech.order == "free" and words.speech.behind == "nothing"
        beside = {" ", ", ", " ("} if follows else {", ", " ("}
        if index >= len(words) or words.gap(index) not in beside:
            return None
        limit = min(len(words), run.last + (_OFFICE if words.gap(index) != " " else 4))
        found = None
        while index < limit and (index == start or words.gap(index) in {" ", "-"}):
            if words.use(index, "verbs", "tones", "calls", "quotatives", "that"):
                break
            if words.use(index, "offices", "anyone"):
                found = index + 1
            index += 1
        return (start, index if words.gap(start) != " " else found) if found else None

    def holder(self, first: int, last: int) -> Person | None:
        """Who holds the office that words `first` to `last` name: the one named nearest before, else the only one."""
        wanted = [self._words.folded(index) for index in range(first, last) if self._tells(index)]
        fitting = [person for person in self.persons if person.offices and self._holds(person, wanted)]
        fitting = [person for person in fitting if self._is_all(person, wanted)] or fitting
        if not wanted or len(fitting) < 2:
            return fitting[0] if wanted and fitting else None
        before = [(place, person) for place, person in self._mentions if person in fitting and place < first]
        return before[-1][1] if before else None

    def _tells(self, index: int) -> bool:
        return self._words.use(index, "particles", "pronouns") is None and len(self._words.folded(index)) > 2

    def _holds(self, person: Person, wanted: Sequence[str]) -> bool:
        own = [self._words.folded(index) for first, last in person.offices for index in range(first, last)]
        return all(any(alike(word, part) for part in own) for word in wanted)

    def _is_all(self, person: Person, wanted: Sequence[str]) -> bool:
        """Whether the office has no more to it: a deputy minister is no minister."""
        words = self._words
        for first, last in person.offices:
            named = {
                index
                for use in words.of(range(first, last), "offices")
                for index in range(use.first, min(use.last, last))
            }
            if named and all(any(alike(words.folded(index), word) for word in wanted) for index in named):
                return True
        return False

    def introduced(self, first: int, last: int) -> bool:
        """Whether the office in words `first` to `last` was named before without a person."""
        words = self._words
        wanted = [words.folded(index) for index in range(first, last) if words.use(index, "offices", "anyone")]
        taken = {index for person in self.persons for office in person.offices for index in range(*office)}
        return any(
            index not in taken and any(alike(words.folded(index), word) for word in wanted)
            for use in words.of(range(first), "offices", "anyone")
            if not self.inside_marks(words.tokens[use.first].start)
            for index in range(use.first, use.last)
        )

    # --------------------------------------------------------------------------------------------------- pronoun

    def last_named(self, index: int, start: int) -> tuple[bool, Person | None]:
        """Whether anybody is named between word `start` and word `index`, and who last; null where two are."""
        words = self._words
        near = [(place, person) for place, person in self._mentions if start <= place < index and person.believed]
        near = near or [(place, person) for place, person in self._mentions if start <= place < index]
        if not near:
            return False, None
        place, person = near[-1]
        sentence = next(s for s in words.sentences if words.tokens[place].start < s.end)
        others = {id(other) for at, other in near if words.tokens[at].start >= sentence.start}
        return True, person if len(others) == 1 else None


def possessed(folded: str) -> bool:
    """Whether a noun may have the ending of one that another noun modifies."""
    return folded[-1:] in _POSSESSED


def alike(one: str, other: str) -> bool:
    """Whether two folded words are one with other endings."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    common = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    return common >= _STEM and common >= 0.7 * shorter and abs(len(one) - len(other)) <= _ENDING
