"""What is reported without marks: the clause that says what somebody stated, cut out of its sentence.

Five frames are known, and which of them a language uses is in its lists: a verb and a conjunction (`said that …`), a
verb right before the clause (`said …`), an attribution before or behind its speaker (`according to X, …`, `X szerint
…`), a frame after the words or in the midst of them (`…, said X`), and a clause that is made a noun (`…dığını
söyledi`). What somebody did not say, what was asked, and what `if` makes doubtful is no statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from otswatch.speech.marks import Span
from otswatch.speech.speakers import Speakers, Subject
from otswatch.speech.words import Sentence, Use, Words
from otswatch.taxonomy.loader import SpeechRole

#: A clause has so many words; a frame inside or behind one at most so many.
_LEAST, _INSIDE, _BEHIND = 3, 7, 24
#: How far a conjunction stands behind its verb, a verb behind its clause, and a `not` before what is denied.
_THAT, _VERB, _NOT = 9, 5, 4
#: A source that is no known office or body has so many words.
_SOURCE = 3
_DATELINE = re.compile(r"(?:[^\W\d_a-zа-яё]{3}[^–—\n]{0,60}?|[^–—()\n]{2,60}\([^()\n]{2,30}\))\s[–—-]\s")
_EDGE = " \u00a0\t\n,;:–—-"


@dataclass(frozen=True, slots=True)
class Reported:
    """A clause, `text[start:end]`, why it is one, and who stands in its frame."""

    start: int
    end: int
    why: str
    subject: Subject | None


class Clauses:
    """The reported speech of a text."""

    def __init__(self, words: Words, speakers: Speakers) -> None:
        self._words = words
        self._speakers = speakers

    def of(self, sentence: Sentence, before: Sentence | None, taken: Sequence[Span]) -> Iterator[Reported]:
        """What a sentence reports. `taken`: what in it is direct speech; `before`: the sentence before it."""
        part = self._words.within(self._beginning(sentence), sentence.end)
        if next(self._words.of(part, "verbs", "tones", "reads", "by", "after"), None) is None:
            return
        if any(span.kind == "dash" for span in sentence.spans):
            return
        found = (
            self._above(part, before)
            or self._attributed(part)
            or self._conjoined(part)
            or self._plain(part, taken)
            or self._tagged(part, taken)
            or self._nominal(part)
        )
        for index, report in enumerate(found):
            following = found[index + 1].start if index + 1 < len(found) else None
            if whole := self._cut(report, taken, following):
                yield whole

    def _beginning(self, sentence: Sentence) -> int:
        """Where a sentence begins behind its dateline."""
        dateline = _DATELINE.match(self._words.text, sentence.start, sentence.end)
        return dateline.end() if dateline else sentence.start

    # ------------------------------------------------------------------------------------------------- the frames

    def _above(self, part: range, before: Sentence | None) -> list[Reported]:
        """`This was said by X`: the sentence before it is what was said."""
        about = self._words.use(part.start, "about") if part else None
        if about is None or before is None or before.spans:
            return []
        subject = next(iter(self._speakers.subjects(about.last, part.stop)), None)
        verb = next(self._words.of(part, "verbs"), None)
        if verb is None or subject is None:
            return []
        return self._report(self._words.within(self._beginning(before), before.end), "above", subject)

    def _attributed(self, part: range) -> list[Reported]:
        """`According to X, …` and `X szerint …`."""
        words = self._words
        for use in self._outside(part, "by"):
            comma = self._comma(use.last, part.stop)
            subjects = self._speakers.subjects(use.last, comma or part.stop, any_case=True)
            if use.first - part.start <= 1 and comma:
                return self._report(range(comma, part.stop), "attributed", self._best(subjects))
            if comma is None and "," in words.gap(use.first):
                return self._report(range(part.start, use.first), "attributed", self._best(subjects))
        for use in self._outside(part, "after"):
            head = part.start
            subjects = self._speakers.subjects(head, use.first, any_case=True)
            beside = [subject for subject in subjects if subject.last == use.first]
            if beside or use.first == head:
                return self._report(range(use.last, part.stop), "attributed", self._best(beside))
            if use.first - head <= _SOURCE and use.last < part.stop and "," in words.gap(use.last):
                return self._report(range(use.last, part.stop), "attributed", Subject("office", head, use.first))
        return []

    def _conjoined(self, part: range) -> list[Reported]:
        """`said that …`."""
        found: list[Reported] = []
        begun = part.start
        for that in self._outside(part, "that"):
            verbs = [*self._outside(range(max(begun, that.first - _THAT), that.first), "verbs", "reads")]
            if not verbs or self._unsaid(part.start, verbs[-1]):
                continue
            clause = range(that.last, part.stop)
            subject = self._beside(verbs[-1], begun, that.first)
            if subject is None and verbs[-1].first == part.start:
                clause, subject = self._participle(clause)
            found += self._report(clause, "that", subject)
            begun = that.last
        return found

    def _participle(self, clause: range) -> tuple[range, Subject | None]:
        """`Noting that …, the secretary said …`: the clause ends where its sentence gets a subject and a verb."""
        words = self._words
        for index in clause[_LEAST:]:
            if "," in words.gap(index):
                for subject in self._speakers.subjects(index, clause.stop)[:1]:
                    if subject.first <= index + 1 and words.use(subject.last, "verbs"):
                        return range(clause.start, index), subject
        return clause, None

    def _outside(self, part: range, *roles: SpeechRole) -> Iterator[Use]:
        """Uses of words that are not spoken themselves."""
        return (use for use in self._words.of(part, *roles) if not self._speakers.inside(use.first))

    def _plain(self, part: range, taken: Sequence[Span]) -> list[Reported]:
        """`said the corridor would open`."""
        words, found = self._words, []
        for verb in self._outside(part, "plain"):
            following = verb.last
            if any(words.at(span.right) == verb.first for span in taken):
                continue
            if following >= part.stop or words.use(following, "occasions", "that", "titles"):
                continue
            joint = words.gap(following).strip()
            if joint not in ({",", ""} if words.speech.order == "free" else {""}) or self._unsaid(part.start, verb):
                continue
            if joint == "," and words.speech.id == "en":
                continue
            subject = self._beside(verb, part.start, verb.last)
            found += self._report(range(following, part.stop), "said", subject)
        return found

    def _tagged(self, part: range, taken: Sequence[Span]) -> list[Reported]:
        """`…, said X.` and `…, he says, …`."""
        if taken or self._words.text[
            : self._words.tokens[part.stop].start if part.stop < len(self._words) else None
        ].rstrip().endswith(":"):
            return []
        for first, last in self._inserted(part):
            verb = next(self._words.of(range(first, last), "verbs", "tones"), None)
            if verb is None or self._unsaid(part.start, verb) or not self._is_frame(verb, first, last):
                continue
            subject = self._beside(verb, first, last, behind=True)
            if subject is None:
                continue
            left, right = range(part.start, first), range(last, part.stop)
            clause = right if len(right) > len(left) else left
            return self._report(clause, "tag", subject)
        return []

    def _inserted(self, part: range) -> Iterator[tuple[int, int]]:
        """The stretches between commas or dashes that may be a frame: short ones, and the last."""
        words = self._words
        joints = [
            index
            for index in part[1:]
            if words.gap(index).strip(" \u00a0") in {",", "–", "—", "-", ", –", ", —", ", -"}
        ]
        yield from ((first, last) for first, last in pairwise(joints) if last - first <= _INSIDE)
        for first in reversed(joints):
            if part.stop - first <= _BEHIND:
                yield first, part.stop

    def _is_frame(self, verb: Use, first: int, last: int) -> bool:
        """Whether a stretch is a frame: the verb first, or its subject and then the verb, or behind a dash."""
        words = self._words
        if words.speech.order == "verb-last":
            return "–" in words.gap(first) or "—" in words.gap(first)
        if verb.first == first:
            return True
        return any(s.first <= first + 1 and s.last == verb.first for s in self._speakers.subjects(first, verb.first))

    def _nominal(self, part: range) -> list[Reported]:
        """`… olduğunu söyledi`: a clause whose verb has become a noun before a verb of speech."""
        words = self._words
        if not words.speech.clauses:
            return []
        for verb in self._outside(part, "verbs", "reads"):
            end = self._noun_before(verb, part.start)
            if end is None or self._unsaid(end, verb):
                continue
            found = self._nominal_of(verb, end, part)
            if found:
                return found
        return []

    def _noun_before(self, verb: Use, low: int) -> int | None:
        """Behind the clause that a verb of speech has before it: after its last word, or before `the reports of`."""
        words = self._words
        reach = range(max(low, verb.first - _VERB), verb.first)
        if rumour := next(words.of(reach, "rumours"), None):
            return rumour.first
        for index in reversed(reach):
            if self._is_noun(index, verb):
                return index + 1
            if words.gap(index + 1).strip() not in {"", ",", "-"}:
                return None
        return None

    def _is_noun(self, index: int, verb: Use) -> bool:
        word = self._words.folded(index)
        if verb.role == "reads" and index == verb.first - 1:
            return True
        return word.endswith(self._words.speech.clauses) and len(word) >= _NOT + 1

    def _nominal_of(self, verb: Use, end: int, part: range) -> list[Reported]:
        subjects = self._speakers.subjects(part.start, end)
        if verb.role == "reads":
            subjects = [subject for subject in subjects if subject.kind in {"document", "body"}][:1]
            if not subjects or subjects[0].first > part.start + 2:
                return []
        else:
            subjects = [subject for subject in subjects if self._leads(subject, part.start)]
            later = [
                s
                for s in self._speakers.subjects(end, part.stop)
                if s.kind != "document" and self._framing(s, verb, end)
            ]
            if later:
                start = self._behind_adjuncts(part.start, end)
                return self._report(range(start, end), "noun", self._best(later))
        subject = subjects[0] if subjects else None
        start = self._behind_adjuncts(subject.last if subject else part.start, end)
        return self._report(range(start, end), "noun", subject)

    def _framing(self, subject: Subject, verb: Use, end: int) -> bool:
        """Whether a subject stands right behind the clause, or right before or behind its verb."""
        return subject.first in {end, verb.last} or end <= subject.first < subject.last == verb.first

    def _leads(self, subject: Subject, start: int) -> bool:
        """Whether a subject stands before its clause, not in it: at the head, or behind what is no clause itself."""
        words = self._words
        if subject.kind == "document":
            return subject.first == start and subject.last < len(words) and "," in words.gap(subject.last)
        if subject.kind in {"name", "pronoun"} or subject.first == start:
            return True
        return not any(words.folded(index).endswith(words.speech.clauses) for index in range(start, subject.first))

    def _behind_adjuncts(self, start: int, end: int) -> int:
        """Behind what a speaker did before speaking: up to an occasion, or a comma behind a converb or the speaker."""
        words = self._words
        for index in range(start, end - _LEAST + 1):
            use = words.use(index, "occasions")
            converb = (
                index + 1 < end and "," in words.gap(index + 1) and words.folded(index).endswith(words.speech.adjuncts)
            )
            if use or converb:
                start = max(start, use.last if use else index + 1)
        return start

    # ------------------------------------------------------------------------------------------------------ parts

    def _unsaid(self, low: int, verb: Use) -> bool:
        """Whether a word before the verb denies it or makes it doubtful."""
        words = self._words
        near = range(max(low, verb.first - _NOT), verb.first)
        doubtful = words.use(low, "unsaid") or words.use(verb.last, "unsaid")
        return doubtful is not None or any(True for _ in words.of(near, "unsaid"))

    def _comma(self, first: int, last: int) -> int | None:
        """The first word behind a comma."""
        return next((index for index in range(first + 1, last) if "," in self._words.gap(index)), None)

    def _beside(self, verb: Use, low: int, high: int, *, behind: bool = False) -> Subject | None:
        """The subject of a verb: the nearest before it, else the first behind it; `behind`: the other way round."""
        earlier = self._speakers.subjects(low, verb.first)
        later = self._speakers.subjects(verb.last, high)
        if self._words.speech.order == "verb-last":
            return earlier[0] if earlier else self._best(later)
        if behind and verb.first == low:
            return self._best(later) or (earlier[-1] if earlier else None)
        return self._speakers.subject_of(verb, earlier, later)

    def _best(self, found: Sequence[Subject]) -> Subject | None:
        return next((subject for subject in found if subject.kind == "name"), found[0] if found else None)

    def _report(self, clause: range, why: str, subject: Subject | None) -> list[Reported]:
        words = self._words
        clause = self._inner(clause)
        if len(clause) < _LEAST:
            return []
        start = self._opened(words.tokens[clause.start].start)
        stop = words.tokens[clause.stop].start if clause.stop < len(words) else len(words.text)
        end = self._closed(words.tokens[clause.stop - 1].end, stop)
        return [Reported(start, end, why, subject)]

    def _inner(self, clause: range) -> range:
        """Without the particles at its head that tie it to what stands before."""
        words, start = self._words, clause.start
        while start < clause.stop and words.use(start, "that"):
            start += 1
        return range(start, clause.stop)

    def _opened(self, start: int) -> int:
        return start - 1 if self._words.text[start - 1 : start] in tuple('«“„"‘»') and start else start

    def _closed(self, end: int, stop: int) -> int:
        """With the ending behind an apostrophe and the mark of a title, without the stop of the sentence."""
        tail = re.match(r"['’][^\W\d_]+|[»”“\"’]+[^\W\d_]*|%", self._words.text[end:stop])
        return end + (tail.end() if tail else 0)

    def _cut(self, report: Reported, taken: Sequence[Span], following: int | None) -> Reported | None:
        """The clause up to a colon, the next frame, or the frame of direct speech; none where speech is in it."""
        words = self._words
        end = report.end
        colon = re.search(r":\s", words.text[report.start : end])
        if colon:
            end = report.start + colon.start()
        if following is not None and following < end:
            end = self._last_joint(report.start, following)
        for span in taken:
            if report.start < span.right and span.left < end:
                end = self._last_joint(report.start, span.left) if span.left > report.start else report.start
        if len(words.within(report.start, end)) < _LEAST:
            return None
        cut = words.text[report.start : end].rstrip(_EDGE)
        return Reported(report.start, report.start + len(cut), report.why, report.subject)

    def _last_joint(self, start: int, end: int) -> int:
        """The last comma or `and` with a verb of speech between it and `end`; `start` where there is none."""
        words = self._words
        inside = words.within(start, end)
        for index in reversed(inside):
            joint = "," in words.gap(index) or words.folded(index) in words.joints
            if joint and any(True for _ in words.of(range(index, inside.stop), "verbs", "calls", "reads")):
                return words.tokens[index - 1].end if index > inside.start else start
        return start
