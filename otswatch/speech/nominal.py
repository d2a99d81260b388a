"""What is reported by a clause that has become a noun before a verb of speech (`… olduğunu söyledi`)."""

from __future__ import annotations

from otswatch.speech.edges import Edges
from otswatch.speech.reported import Reported, Reports
from otswatch.speech.subjects import Subject, Subjects, foremost
from otswatch.speech.verbs import Verbs
from otswatch.speech.words import Use, Words

#: So far behind its clause a verb stands, and so far behind the head of its sentence what says where that was.
_VERB, _SETTING = 5, 5
#: A clause's verb that became a noun has so many letters.
_NOUN = 5
#: How an object ends in Turkic languages, folded: a clause that became a noun has it or not (`-digi`, `-digini`).
_OBJECTS = ("n", "ni", "ny", "н", "ни")


class Nominal:
    """The clauses of a text that became nouns."""

    def __init__(self, words: Words, subjects: Subjects, verbs: Verbs, edges: Edges, reports: Reports) -> None:
        self._words = words
        self._subjects = subjects
        self._verbs = verbs
        self._edges = edges
        self._reports = reports

    def of(self, part: range) -> list[Reported]:
        """`… olduğunu söyledi`: a clause whose verb has become a noun before a verb of speech."""
        words = self._words
        if not words.speech.clauses:
            return []
        for verb in self._verbs.outside(part, "verbs", "reads"):
            end = self._noun_before(verb, part.start)
            if end is None or self._verbs.unsaid(end, verb) or self._is_attribute(verb):
                continue
            found = self._report(verb, end, part)
            if found:
                return found
        return []

    def _is_attribute(self, verb: Use) -> bool:
        """Whether a word says of the document behind it what that is (`a written statement`)."""
        words = self._words
        titled = verb.role == "reads" and words.use(verb.first, "titles") is not None
        return titled and words.use(verb.last, "documents") is not None

    def _noun_before(self, verb: Use, low: int) -> int | None:
        """Behind the clause that a verb of speech has before it: after its last word, or before `the reports of`."""
        words = self._words
        reach = range(max(low, verb.first - _VERB), verb.first)
        rumour = next(words.of(reach, "rumours"), None)
        if rumour and rumour.last <= verb.first:
            return rumour.first
        if rumour:
            return None  # `gave information about`: no clause
        for index in reversed(reach):
            if self._is_noun(index, verb):
                return index + 1
            if words.gap(index + 1).strip() not in {"", ",", "-"}:
                return None
        return None

    def _is_noun(self, index: int, verb: Use) -> bool:
        """Whether a word before a verb of speech is the last of a clause that became a noun."""
        word = self._words.folded(index)
        if self._words.inside_marks(index) or self._words.use(index, "titles", "unsaid", "quotatives"):
            return False
        if verb.role == "reads" and index == verb.first - 1:
            return True
        return word.endswith(self._words.speech.clauses) and len(word) >= _NOUN

    def _report(self, verb: Use, end: int, part: range) -> list[Reported]:
        """The clause before word `end`, behind whoever stands before it and says it."""
        subjects = self._subjects.subjects(part.start, end)
        if verb.role == "reads":
            things = (subject for subject in subjects if subject.kind in {"document", "body"})
            subjects = [thing for thing in things if not self._is_spoken_of(thing, part.start)][:1]
            if not subjects and self._verbs.passive(verb, part.start) and self._is_clause(end - 1):
                return self._reports.of_nobody(range(self._behind_setting(part.start, end), end), "noun")
            if not subjects or not (subjects[0].first <= part.start + 2 or self._issued(subjects[0])):
                return []
        else:
            subjects = [subject for subject in subjects if self._edges.leads(subject, part.start)]
            later = (subject for subject in self._subjects.subjects(end, part.stop) if subject.kind != "document")
            if framing := [subject for subject in later if self._framing(subject, verb, end)]:
                start = self._edges.behind_adjuncts(part.start, end)
                return self._reports.of(range(start, end), "noun", foremost(framing))
        papers = [s for s in subjects if s.kind == "document" and s.last < end and "," in self._words.gap(s.last)]
        subject = next(iter(papers or subjects), None)
        start = self._edges.behind_adjuncts(subject.last if subject else part.start, end)
        start = self._behind_addressee(self._edges.behind_day(start, end), end)
        return self._reports.of(range(start, end), "noun", subject)

    def _is_spoken_of(self, paper: Subject, start: int) -> bool:
        """Whether a document without a case stands behind where something was said: it begins what was said."""
        if paper.kind != "document" or self._subjects.oblique(paper.last - 1):
            return False
        ahead = range(max(start, paper.first - 1), paper.last - 1)[:2]
        return any(self._is_setting(index) for index in ahead)

    def _is_setting(self, index: int) -> bool:
        """Whether a word has the ending that says where or when."""
        return self._words.written(index, index + 1).casefold().endswith(self._words.speech.locatives)

    def _is_clause(self, index: int) -> bool:
        """Whether a word is the verb of a clause that became a noun, as a subject or as an object."""
        word, clauses = self._words.folded(index), self._words.speech.clauses
        return word.endswith(clauses) or any((word + case).endswith(clauses) for case in _OBJECTS)

    def _behind_setting(self, start: int, end: int) -> int:
        """Behind what says at the head of a sentence where and when it was said (`at the meeting, too`)."""
        words = self._words
        comma = self._edges.comma(start, min(start + _SETTING, end))
        if comma is not None:
            return comma
        while start < end - 1:
            use = words.use(start, "occasions", "particles")
            if use is None and not self._is_setting(start):
                break
            start = use.last if use else start + 1
        return start

    def _issued(self, subject: Subject) -> bool:
        """Whether the words right before a document say how it came to be (`kabul edilen bildiride`)."""
        if subject.kind != "document":
            return False
        return any(self._subjects.participle(subject.first - back) for back in (1, 2)) or any(
            use.last == subject.first for use in self._words.of(range(subject.first - 2, subject.first), "particles")
        )

    def _framing(self, subject: Subject, verb: Use, end: int) -> bool:
        """Whether a subject stands right behind the clause, or right before or behind its verb."""
        return subject.first in {end, verb.last} or end <= subject.first < subject.last == verb.first

    def _behind_addressee(self, start: int, end: int) -> int:
        """Behind those who were spoken to (`the guests`), in languages that put them before the clause."""
        words = self._words
        for index in range(start, min(start + 2, end)):
            to = words.use(index, "offices", "anyone", "occasions")
            if self._subjects.participle(index + 1):
                return start  # `support that is given to farmers`
            if to and to.last == index + 1 and words.folded(index).endswith(words.speech.datives):
                return index + 1
        return start
