"""Whom a text names: the runs of capitalised words that are somebody's name, and who was named last."""

from __future__ import annotations

from otswatch.speech.names import Names, Person
from otswatch.speech.offices import Offices
from otswatch.speech.words import Run, Words


class People:
    """The people of a text.

    `names`: by which they are known; `offices`: beside these; `mentions`: where each is named, in order.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self.names = Names(words)
        self.offices = Offices(words, self.names)
        self._gather()
        self.mentions = self._mentioned()

    def _gather(self) -> None:
        """Meet the persons of the text: the certain names first, which say what the doubtful ones are."""
        names, words = self.names, self._words
        full = [run for run in names.outside if names.is_full(run) and words.use(run.first - 1, "articles") is None]
        parts = {run for run in full if self.offices.modifies(run)}
        owners = [run for run in full if run in parts and self._is_owner(run)]
        full = [run for run in full if run not in parts]
        names.ends = {run.last for run in (*full, *owners)}
        certain = [run for run in full if not names.doubtful(run)]
        for run in (*certain, *owners, *(run for run in full if names.doubtful(run))):
            if person := names.meet(run):
                person.offices += [office for office in (self.offices.before(run), self.offices.behind(run)) if office]
        for person in names.persons:
            person.runs.sort(key=lambda run: run.first)

    def _is_owner(self, run: Run) -> bool:
        """Whether a name in a genitive is a person's, no body's: an office stands before it, or its surname says so."""
        last = self._words.folded(run.last - 1)
        case = self.names.case(last)
        if not case or not self._words.genitive(run.last - 1):
            return False
        return self.names.is_surname(last.removesuffix(case)) or self.offices.before(run) is not None

    def _mentioned(self) -> list[tuple[int, Person]]:
        """Where persons are named, in full or by a part of the name."""
        found: list[tuple[int, Person]] = []
        for run in self.names.outside:
            if not self.names.is_full(run) and (person := self.names.called(run)):
                person.alone = True
                found.append((run.first, person))
        found += [(run.first, person) for person in self.names.persons for run in person.runs]
        return sorted(found, key=lambda mention: mention[0])

    def last_named(self, index: int, start: int) -> tuple[bool, Person | None]:
        """Whether anybody is named between word `start` and word `index`, and who last; null where two are."""
        words = self._words
        near = [(place, person) for place, person in self.mentions if start <= place < index]
        near = [(place, person) for place, person in near if person.believed] or near
        if not near:
            return False, None
        place, person = near[-1]
        sentence = words.around(place)
        others = {id(other) for at, other in near if at >= sentence.start}
        return True, person if len(others) == 1 else None
