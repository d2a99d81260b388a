"""What is reported without marks: the clause that says what somebody stated, cut out of its sentence.

Five frames are known, and which of them a language uses is in its lists: a verb and a conjunction (`said that …`), a
verb right before the clause (`said …`), an attribution before or behind its speaker (`according to X, …`, `X szerint
…`), a frame after the words or in the midst of them (`…, said X`), and a clause that is made a noun (`…dığını
söyledi`). What somebody did not say, what was asked, and what `if` makes doubtful is no statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from otswatch import dates
from otswatch.speech.marks import Span
from otswatch.speech.subjects import Subject, Subjects
from otswatch.speech.words import Sentence, Use, Words
from otswatch.taxonomy.loader import SpeechRole

#: A clause has so many words; a frame inside or behind one at most so many.
_LEAST, _INSIDE, _BEHIND = 3, 7, 24
#: How far a conjunction stands behind its verb, a verb behind its clause, and a `not` before what is denied.
_THAT, _VERB, _NOT = 9, 5, 4
#: A source that is no known office or body has so many words.
_SOURCE = 3
#: How an object ends in Turkic languages, folded: a clause that became a noun has it or not (`-digi`, `-digini`).
_OBJECTS = ("n", "ni", "ny", "н", "ни")
#: `BAKU –`, `Baku (APA) –`, `Budapest, október 3. –`.
_DATELINE = re.compile(
    r"(?:[^\W\d_a-zа-яё]{3}[^–—\n]{0,60}?|[^–—()\n]{2,60}\([^()\n]{2,30}\)|[^–—.!?\n]{2,40}\d\.?)\s[–—-]\s"
)
_OPENERS = ' \u00a0\n«“„"‘»'
_EDGE = " \u00a0\t\n,;:–—-"


@dataclass(frozen=True, slots=True)
class Reported:
    """A clause, `text[start:end]`, why it is one, and who stands in its frame; `unknown`: nobody (`it was said`)."""

    start: int
    end: int
    why: str
    subject: Subject | None
    unknown: bool = False


class Clauses:
    """The reported speech of a text."""

    def __init__(self, words: Words, subjects: Subjects) -> None:
        self._words = words
        self._subjects = subjects

    def of(self, sentence: Sentence, before: Sentence | None, taken: Sequence[Span]) -> Iterator[Reported]:
        """What a sentence reports. `taken`: what in it is direct speech; `before`: the sentence before it."""
        part = self._words.within(self._beginning(sentence), sentence.end)
        if next(self._words.of(part, "verbs", "plain", "tones", "reads", "by", "after"), None) is None:
            return
        if any(span.kind == "dash" for span in sentence.spans):
            return
        found = (
            self._above(part, before)
            or self._attributed(part)
            or self._conjoined(part, taken)
            or self._quoted(part, taken)
            or self._after_colon(part, sentence)
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
        about = next(self._outside(part[:1], "about"), None)
        if about is None or before is None or before.spans:
            return []
        subject = next(iter(self._subjects.subjects(about.last, part.stop)), None)
        verb = next(self._words.of(part, "verbs"), None)
        if verb is None or subject is None:
            return []
        return self._report(self._words.within(self._beginning(before), before.end), "above", subject)

    def _attributed(self, part: range) -> list[Reported]:
        """`According to X, …` and `X szerint …`."""
        words = self._words
        for use in self._outside(part, "by"):
            if own := self._with_pronoun(use):
                return self._report(range(use.last, part.stop), "attributed", own)
            comma = self._comma(use.last, part.stop)
            subjects = self._subjects.subjects(use.last, comma or part.stop, any_case=True)
            if not subjects and comma and (noun := self._subjects.noun(use.last, comma)):
                subjects = [noun]
            if use.first - part.start <= 1 and comma:
                start = self._behind_apposition(comma, part.stop)
                return self._report(range(start, part.stop), "attributed", self._best(subjects))
            if comma is None and "," in words.gap(use.first):
                return self._report(range(part.start, use.first), "attributed", self._best(subjects))
        for use in self._outside(part, "after"):
            head = part.start
            subjects = self._subjects.subjects(head, use.first, any_case=True)
            beside = [subject for subject in subjects if subject.last == use.first]
            if beside or use.first == head:
                return self._report(range(use.last, part.stop), "attributed", self._best(beside))
            if use.first - head <= _SOURCE and use.last < part.stop and "," in words.gap(use.last):
                return self._report(range(use.last, part.stop), "attributed", Subject("office", head, use.first))
        return []

    def _behind_apposition(self, start: int, end: int) -> int:
        """Behind what says of a source who or what it is (`…, published in May, …`, `…, head of the port, …`)."""
        words = self._words
        article = words.use(start, "articles") is not None
        done = words.folded(start).endswith(words.speech.adjuncts or ("\0",))
        tells = done or words.use(start + article, "offices", "anyone")
        comma = self._comma(start, end)
        return comma if tells and comma and end - comma >= _LEAST else start

    def _with_pronoun(self, by: Use) -> Subject | None:
        """The speaker of `in her view`, which has its pronoun in itself."""
        words = self._words
        inside = any(words.use(index, "pronouns", "articles") for index in range(by.first + 1, by.last))
        return Subject("pronoun", by.first, by.last) if inside and not words.use(by.last - 1, "links", "by") else None

    def _conjoined(self, part: range, taken: Sequence[Span]) -> list[Reported]:
        """`said that …`."""
        found: list[Reported] = []
        begun = part.start
        for that in self._outside(part, "that"):
            verbs = [*self._outside(range(max(begun, that.first - _THAT), that.first), "verbs", "reads", "plain")]
            clause = range(that.last, part.stop)
            passive = self._passive(verbs[-1], part.start) if verbs else None
            if not verbs or (self._unsaid(part.start, verbs[-1]) and (passive is None or passive == verbs[-1])):
                continue
            if taken and next(self._words.of(clause, "by"), None) is not None:
                continue  # “…”, X reports that these words were said by Y
            if passive and self._thing(passive, begun) is None:
                return found + self._of_nobody(clause, "that")
            subject = self._thing(verbs[-1], begun) or self._beside(verbs[-1], begun, that.first)
            if subject is None and verbs[-1].first == part.start:
                clause, subject = self._participle(clause)
            if subject is None and begun != part.start:
                subject = self._beside(verbs[-1], part.start, that.first)  # `X said that … and added that …`
            found += self._parted(clause, "that", subject)
            begun = that.last
        return found

    def _passive(self, verb: Use, start: int) -> Use | None:
        """The words that say with a verb that something was said, by a document or by nobody (`it was stressed`)."""
        words = self._words
        if words.speech.order == "free":
            near = words.of(range(max(start, verb.last - _VERB), verb.last), "somebody")
            return next((use for use in near if use.last == verb.last and use.first <= verb.first), None)
        alone = verb.role == "reads" and verb.first > start and words.use(verb.first, "verbs") is None
        return verb if alone else None

    def _of_nobody(self, clause: range, why: str) -> list[Reported]:
        return [replace(report, unknown=True) for report in self._report(clause, why, None)]

    def _thing(self, verb: Use, low: int) -> Subject | None:
        """The document or body that a passive verb has before it, whatever its case (`Nazirliyindən bildirilib`)."""
        if verb.role != ("somebody" if self._words.speech.order == "free" else "reads"):
            return None
        found = self._subjects.subjects(low, verb.first, any_case=True)
        things = [subject for subject in found if subject.kind in {"document", "body"}]
        return next((thing for thing in things if thing.kind == "document"), things[0] if things else None)

    def _parted(self, clause: range, why: str, subject: Subject | None) -> list[Reported]:
        """What one verb reports: `that … and that …` is two, and what `but asked …` adds is none of it."""
        words, found, start = self._words, [], clause.start
        for index in clause[_LEAST:]:
            if index < start + _LEAST or words.folded(index - 1) not in words.joints:
                continue
            if words.use(index, "that"):
                found += self._report(range(start, index - 1), why, subject)
                start = index + 1
            elif "," in words.gap(index - 1) and words.use(index, "verbs", "tones", "calls", "unsaid"):
                return found + self._report(range(start, index - 1), why, subject)
        return found + self._report(range(start, clause.stop), why, subject)

    def _quoted(self, part: range, taken: Sequence[Span]) -> list[Reported]:
        """`… deb bildirdi`, `… деп есептейді`: a whole clause before a word that else follows marks."""
        words = self._words
        if taken:
            return []
        for use in self._outside(part, "quotatives"):
            if words.folded(use.last - 1).endswith(words.speech.relatives) or words.use(use.first, "titles"):
                continue
            verb = use if words.folded(use.last - 1).endswith(words.speech.finite) else self._saying(use, part)
            if verb is None or use.first - part.start < _LEAST or self._unsaid(use.first, verb):
                continue
            start = self._behind_colon(part.start, use.first)
            leading = (s for s in self._subjects.subjects(start, use.first) if self._leads(s, start))
            subject = next(leading, None)
            start = self._behind_adjuncts(subject.last if subject else start, use.first)
            later = self._best(self._subjects.subjects(use.last, part.stop))
            least = _LEAST - 1 if subject and not words.use(use.first - 1, "occasions") else _LEAST
            return self._report(range(start, use.first), "quotative", later or subject, least)
        return []

    def _saying(self, use: Use, part: range) -> Use | None:
        """The verb of speech right behind `deb`, or behind its subject."""
        words = self._words
        following = range(use.last, min(part.stop, use.last + _VERB))
        verb = next(words.of(following, "verbs", "tones", "reads", "calls"), None)
        if verb is None or words.use(verb.first, "calls"):
            return None
        between = self._subjects.subjects(use.last, verb.first)
        return verb if verb.first <= use.last + 1 or (between and between[0].first == use.last) else None

    def _behind_colon(self, start: int, end: int) -> int:
        return next((index for index in reversed(range(start + 1, end)) if ":" in self._words.gap(index)), start)

    def _after_colon(self, part: range, sentence: Sentence) -> list[Reported]:
        """`The minister added: the port opens in May.`"""
        words = self._words
        for verb in self._outside(part, "verbs", "reads"):
            near = range(verb.last, min(part.stop, verb.last + _INSIDE))
            colon = next((index for index in near if ":" in words.gap(index)), None)
            if colon is None or self._unsaid(part.start, verb) or self._marked(sentence, colon):
                continue
            subject = self._beside(verb, part.start, colon)
            if verb.role == "reads" and (subject is None or subject.kind not in {"body", "document"}):
                continue
            if self._joined(verb.last, colon) or (subject is not None and subject.first == verb.last):
                return self._report(range(colon, part.stop), "colon", subject)
        return []

    def _marked(self, sentence: Sentence, index: int) -> bool:
        """Whether marks open in a sentence behind a word: what they hold is direct speech or a name."""
        start = self._words.end(index)
        return any(span.right > start for span in sentence.spans)

    def _joined(self, first: int, last: int) -> bool:
        """Whether nothing stands between a verb and its colon but particles (`promises one thing:`)."""
        return all(self._words.use(index, "particles") for index in range(first, last))

    def _participle(self, clause: range) -> tuple[range, Subject | None]:
        """`Noting that …, the secretary said …`: the clause ends where its sentence gets a subject and a verb."""
        words = self._words
        for index in clause[_LEAST:]:
            if "," in words.gap(index):
                for subject in self._subjects.subjects(index, clause.stop)[:1]:
                    if subject.first <= index + 1 and words.use(subject.last, "verbs"):
                        return range(clause.start, index), subject
        return clause, None

    def _outside(self, part: range, *roles: SpeechRole) -> Iterator[Use]:
        """Uses of words that are not spoken themselves."""
        return (use for use in self._words.of(part, *roles) if not self._subjects.inside(use.first))

    def _plain(self, part: range, taken: Sequence[Span]) -> list[Reported]:
        """`said the corridor would open`."""
        words, found = self._words, []
        for verb in self._outside(part, "plain"):
            following = verb.last
            if any(words.at(span.right) == verb.first for span in taken):
                continue
            if following >= part.stop or words.use(following, "that", "titles") or self._occasion(following, part):
                continue
            if "," in words.gap(verb.first) and words.runs.get(following):
                continue  # `…, said X`: what is said stands before it
            joint = words.gap(following).strip()
            if not joint:
                prepared = words.use(following, "inside", "occasions") is not None  # `said on Monday`
                day = self._behind_day(following + prepared, part.stop)
                following = day if day > following + prepared else following
            if following > verb.last and words.use(following, "occasions", "inside", "that", "particles"):
                continue
            if joint not in ({",", ""} if words.speech.order == "free" else {""}) or self._unsaid(part.start, verb):
                continue
            if joint == "," and words.speech.id == "en":
                continue
            subject = self._beside(verb, part.start, verb.last)
            found += self._parted(range(following, part.stop), "said", subject)
        return found

    def _occasion(self, index: int, part: range) -> bool:
        """Whether an occasion begins at a word, no day (`on Monday`)."""
        return self._words.use(index, "occasions") is not None and self._behind_day(index + 1, part.stop) == index + 1

    def _tagged(self, part: range, taken: Sequence[Span]) -> list[Reported]:
        """`…, said X.` and `…, he says, …`."""
        if taken or self._words.text[
            : self._words.tokens[part.stop].start if part.stop < len(self._words) else None
        ].rstrip(_OPENERS).endswith(":"):
            return []
        for first, last in self._inserted(part):
            verb = next(self._words.of(range(first, last), "verbs", "tones"), None)
            if verb is None or self._unsaid(part.start, verb) or not self._is_frame(verb, first, last):
                continue
            subject = self._beside(verb, first, last, behind=True)
            if subject is None:
                continue
            left, right = range(part.start, self._apposed(first, part)), range(last, part.stop)
            clause = right if len(right) > len(left) else left
            return self._report(clause, "tag", subject)
        return []

    def _apposed(self, first: int, part: range) -> int:
        """Where a frame begins with the office before it (`…, its trade minister, Ali Kaya, said`)."""
        words = self._words
        for index in reversed(range(max(part.start + _LEAST, first - _INSIDE), first)):
            if "," in words.gap(index):
                offices = self._subjects.subjects(index, first)
                whole = "," in words.gap(first) and len(offices) == 1 and offices[0].kind == "office"
                return index if whole and offices[0].last == first and offices[0].first <= index + 1 else first
        return first

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
        return any(s.first <= first + 1 and s.last == verb.first for s in self._subjects.subjects(first, verb.first))

    def _nominal(self, part: range) -> list[Reported]:
        """`… olduğunu söyledi`: a clause whose verb has become a noun before a verb of speech."""
        words = self._words
        if not words.speech.clauses:
            return []
        for verb in self._outside(part, "verbs", "reads"):
            end = self._noun_before(verb, part.start)
            if end is None or self._unsaid(end, verb) or self._is_attribute(verb):
                continue
            found = self._nominal_of(verb, end, part)
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
        word = self._words.folded(index)
        if self._subjects.inside(index) or self._words.use(index, "titles", "unsaid", "quotatives"):
            return False
        if verb.role == "reads" and index == verb.first - 1:
            return True
        return word.endswith(self._words.speech.clauses) and len(word) >= _NOT + 1

    def _nominal_of(self, verb: Use, end: int, part: range) -> list[Reported]:
        subjects = self._subjects.subjects(part.start, end)
        if verb.role == "reads":
            things = (subject for subject in subjects if subject.kind in {"document", "body"})
            subjects = [thing for thing in things if not self._is_spoken_of(thing, part.start)][:1]
            if not subjects and self._passive(verb, part.start) and self._is_clause(end - 1):
                return self._of_nobody(range(self._behind_setting(part.start, end), end), "noun")
            if not subjects or not (subjects[0].first <= part.start + 2 or self._issued(subjects[0])):
                return []
        else:
            subjects = [subject for subject in subjects if self._leads(subject, part.start)]
            later = [
                s
                for s in self._subjects.subjects(end, part.stop)
                if s.kind != "document" and self._framing(s, verb, end)
            ]
            if later:
                start = self._behind_adjuncts(part.start, end)
                return self._report(range(start, end), "noun", self._best(later))
        papers = [s for s in subjects if s.kind == "document" and s.last < end and "," in self._words.gap(s.last)]
        subject = next(iter(papers or subjects), None)
        start = self._behind_adjuncts(subject.last if subject else part.start, end)
        start = self._behind_addressee(self._behind_day(start, end), end)
        return self._report(range(start, end), "noun", subject)

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
        comma = self._comma(start, min(start + _VERB, end))
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

    def _leads(self, subject: Subject, start: int) -> bool:
        """Whether a subject stands before its clause, not in it: at the head, or behind what is no clause itself."""
        words = self._words
        if subject.kind == "document":
            return subject.last < len(words) and "," in words.gap(subject.last)
        if subject.kind in {"name", "pronoun"} or subject.first == start:
            return True
        return not any(words.folded(index).endswith(words.speech.clauses) for index in range(start, subject.first))

    def _behind_adjuncts(self, start: int, end: int) -> int:
        """Behind what a speaker did before speaking: up to an occasion, or a comma behind a converb or the speaker."""
        words = self._words
        for index in range(start, end - _LEAST + 1):
            use = words.use(index, "occasions") if index - start <= _VERB else None
            converb = (
                index + 1 < end and "," in words.gap(index + 1) and words.folded(index).endswith(words.speech.adjuncts)
            )
            if use or converb:
                start = max(start, use.last if use else index + 1)
        return start

    def _behind_day(self, start: int, end: int) -> int:
        """Behind a day between the speaker and the clause (`Sattorov on Thursday`): it is that of the speech."""
        words = self._words
        if start >= end:
            return start
        written = words.written(start, start + 1)
        cases = [case for case in ("", *words.speech.locatives) if written.endswith(case)]
        is_day = any(dates.weekdays(written.removesuffix(case), words.speech.id) for case in cases)
        return start + 1 if is_day else start

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

    # ------------------------------------------------------------------------------------------------------ parts

    def _unsaid(self, low: int, verb: Use) -> bool:
        """Whether a word before the verb denies it or makes it doubtful."""
        words = self._words
        near = range(max(low, verb.first - _NOT), verb.first)
        doubtful = words.use(low, "unsaid") or words.use(verb.last, "unsaid")
        return doubtful is not None or self._denies(verb) or any(True for _ in words.of(near, "unsaid"))

    def _denies(self, verb: Use) -> bool:
        """Whether a longer form with the verb in it is a denial (`айткан эмес`)."""
        use = self._words.use(verb.first, "unsaid")
        return use is not None and use.last > verb.last

    def _comma(self, first: int, last: int) -> int | None:
        """The first word behind a comma."""
        return next((index for index in range(first + 1, last) if "," in self._words.gap(index)), None)

    def _beside(self, verb: Use, low: int, high: int, *, behind: bool = False) -> Subject | None:
        """The subject of a verb: the nearest before it, else the first behind it; `behind`: the other way round."""
        earlier = self._subjects.subjects(low, verb.first)
        later = self._subjects.subjects(verb.last, high)
        if self._words.speech.order == "verb-last":
            return earlier[0] if earlier else self._best(later) or self._subjects.source(low, verb.first)
        if behind and verb.first == low:
            return self._best(later) or (earlier[-1] if earlier else None)
        return self._subjects.subject_of(verb, earlier, later)

    def _best(self, found: Sequence[Subject]) -> Subject | None:
        return next((subject for subject in found if subject.kind == "name"), found[0] if found else None)

    def _report(self, clause: range, why: str, subject: Subject | None, least: int = _LEAST) -> list[Reported]:
        words = self._words
        clause = self._inner(clause)
        if len(clause) < least:
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
        if len(words.within(report.start, end)) < (_LEAST - 1 if report.why == "quotative" else _LEAST):
            return None
        cut = words.text[report.start : end].rstrip(_EDGE)
        return replace(report, end=report.start + len(cut))

    def _last_joint(self, start: int, end: int) -> int:
        """The last comma or `and` with a verb of speech between it and `end`; `start` where there is none."""
        words = self._words
        inside = words.within(start, end)
        if inside and words.folded(inside[-1]) in words.joints:
            return words.tokens[inside[-1] - 1].end
        for index in reversed(inside):
            joint = "," in words.gap(index) or words.folded(index) in words.joints
            if joint and any(True for _ in words.of(range(index, inside.stop), "verbs", "calls", "reads")):
                return words.tokens[index - 1].end if index > inside.start else start
        return start
