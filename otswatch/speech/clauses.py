"""What is reported without marks: the clause that says what somebody stated, cut out of its sentence.

Five frames are known, and which of them a language uses is in its lists: a verb and a conjunction (`said that …`), a
verb right before the clause (`said …`), an attribution before or behind its speaker (`according to X, …`, `X szerint
…`), a frame after the words or in the midst of them (`…, said X`), and a clause that is made a noun (`…dığını
söyledi`). What somebody did not say, what was asked, and what `if` makes doubtful is no statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from otswatch.speech.edges import Edges
from otswatch.speech.marks import Span
from otswatch.speech.nominal import Nominal
from otswatch.speech.reported import LEAST, Reported, Reports
from otswatch.speech.subjects import Subject, Subjects, foremost
from otswatch.speech.verbs import Verbs
from otswatch.speech.words import Sentence, Use, Words

#: A frame inside a clause or behind one has at most so many words.
_INSIDE, _BEHIND = 7, 24
#: How far a conjunction stands behind its verb, and a verb behind `deb`.
_THAT, _VERB = 9, 5
#: A source that is no known office or body has so many words.
_SOURCE = 3
#: `BAKU –`, `Baku (APA) –`, `Budapest, október 3. –`.
_DATELINE = re.compile(
    r"(?:[^\W\d_a-zа-яё]{3}[^–—\n]{0,60}?|[^–—()\n]{2,60}\([^()\n]{2,30}\)|[^–—.!?\n]{2,40}\d\.?)\s[–—-]\s"
)
#: What stands between a colon and the sentence that it opens.
_OPENERS = ' \u00a0\n«“„"‘»'


class Clauses:
    """The reported speech of a text."""

    def __init__(self, words: Words, subjects: Subjects) -> None:
        self._words = words
        self._subjects = subjects
        self._verbs = Verbs(words)
        self._edges = Edges(words)
        self._reports = Reports(words)
        self._nominal = Nominal(words, subjects, self._verbs, self._edges, self._reports)

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
            or self._nominal.of(part)
        )
        for index, report in enumerate(found):
            following = found[index + 1].start if index + 1 < len(found) else None
            if whole := self._reports.cut(report, taken, following):
                yield whole

    def _beginning(self, sentence: Sentence) -> int:
        """Where a sentence begins behind its dateline."""
        dateline = _DATELINE.match(self._words.text, sentence.start, sentence.end)
        return dateline.end() if dateline else sentence.start

    # ------------------------------------------------------------------------------------------------- the frames

    def _above(self, part: range, before: Sentence | None) -> list[Reported]:
        """`This was said by X`: the sentence before it is what was said."""
        about = next(self._verbs.outside(part[:1], "about"), None)
        if about is None or before is None or before.spans:
            return []
        subject = next(iter(self._subjects.subjects(about.last, part.stop)), None)
        verb = next(self._words.of(part, "verbs"), None)
        if verb is None or subject is None:
            return []
        return self._reports.of(self._words.within(self._beginning(before), before.end), "above", subject)

    def _attributed(self, part: range) -> list[Reported]:
        """`According to X, …` and `X szerint …`."""
        words = self._words
        for use in self._verbs.outside(part, "by"):
            if own := self._with_pronoun(use):
                return self._reports.of(range(use.last, part.stop), "attributed", own)
            comma = self._edges.comma(use.last, part.stop)
            subjects = self._subjects.subjects(use.last, comma or part.stop, any_case=True)
            if not subjects and comma and (noun := self._subjects.noun(use.last, comma)):
                subjects = [noun]
            if use.first - part.start <= 1 and comma:
                start = self._behind_apposition(comma, part.stop)
                return self._reports.of(range(start, part.stop), "attributed", foremost(subjects))
            if comma is None and "," in words.gap(use.first):
                return self._reports.of(range(part.start, use.first), "attributed", foremost(subjects))
        for use in self._verbs.outside(part, "after"):
            head = part.start
            subjects = self._subjects.subjects(head, use.first, any_case=True)
            beside = [subject for subject in subjects if subject.last == use.first]
            if beside or use.first == head:
                return self._reports.of(range(use.last, part.stop), "attributed", foremost(beside))
            if use.first - head <= _SOURCE and use.last < part.stop and "," in words.gap(use.last):
                return self._reports.of(range(use.last, part.stop), "attributed", Subject("office", head, use.first))
        return []

    def _behind_apposition(self, start: int, end: int) -> int:
        """Behind what says of a source who or what it is (`…, published in May, …`, `…, head of the port, …`)."""
        words = self._words
        article = words.use(start, "articles") is not None
        done = words.folded(start).endswith(words.speech.adjuncts or ("\0",))
        tells = done or words.use(start + article, "offices", "anyone")
        comma = self._edges.comma(start, end)
        return comma if tells and comma and end - comma >= LEAST else start

    def _with_pronoun(self, by: Use) -> Subject | None:
        """The speaker of `in her view`, which has its pronoun in itself."""
        words = self._words
        inside = any(words.use(index, "pronouns", "articles") for index in range(by.first + 1, by.last))
        return Subject("pronoun", by.first, by.last) if inside and not words.use(by.last - 1, "links", "by") else None

    def _conjoined(self, part: range, taken: Sequence[Span]) -> list[Reported]:
        """`said that …`."""
        found: list[Reported] = []
        begun = part.start
        for that in self._verbs.outside(part, "that"):
            verbs = [*self._verbs.outside(range(max(begun, that.first - _THAT), that.first), "verbs", "reads", "plain")]
            clause = range(that.last, part.stop)
            passive = self._verbs.passive(verbs[-1], part.start) if verbs else None
            if not verbs or (self._verbs.unsaid(part.start, verbs[-1]) and (passive is None or passive == verbs[-1])):
                continue
            if taken and next(self._words.of(clause, "by"), None) is not None:
                continue  # “…”, X reports that these words were said by Y
            if passive and self._thing(passive, begun) is None:
                return found + self._reports.of_nobody(clause, "that")
            subject = self._thing(verbs[-1], begun) or self._beside(verbs[-1], begun, that.first)
            if subject is None and verbs[-1].first == part.start:
                clause, subject = self._participle(clause)
            if subject is None and begun != part.start:
                subject = self._beside(verbs[-1], part.start, that.first)  # `X said that … and added that …`
            found += self._parted(clause, "that", subject)
            begun = that.last
        return found

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
        for index in clause[LEAST:]:
            if index < start + LEAST or words.folded(index - 1) not in words.joints:
                continue
            if words.use(index, "that"):
                found += self._reports.of(range(start, index - 1), why, subject)
                start = index + 1
            elif "," in words.gap(index - 1) and words.use(index, "verbs", "tones", "calls", "unsaid"):
                return found + self._reports.of(range(start, index - 1), why, subject)
        return found + self._reports.of(range(start, clause.stop), why, subject)

    def _quoted(self, part: range, taken: Sequence[Span]) -> list[Reported]:
        """`… deb bildirdi`, `… деп есептейді`: a whole clause before a word that else follows marks."""
        words = self._words
        if taken:
            return []
        for use in self._verbs.outside(part, "quotatives"):
            if words.folded(use.last - 1).endswith(words.speech.relatives) or words.use(use.first, "titles"):
                continue
            verb = use if words.folded(use.last - 1).endswith(words.speech.finite) else self._saying(use, part)
            if verb is None or use.first - part.start < LEAST or self._verbs.unsaid(use.first, verb):
                continue
            start = self._behind_colon(part.start, use.first)
            leading = (s for s in self._subjects.subjects(start, use.first) if self._edges.leads(s, start))
            subject = next(leading, None)
            start = self._edges.behind_adjuncts(subject.last if subject else start, use.first)
            later = foremost(self._subjects.subjects(use.last, part.stop))
            least = LEAST - 1 if subject and not words.use(use.first - 1, "occasions") else LEAST
            return self._reports.of(range(start, use.first), "quotative", later or subject, least)
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
        for verb in self._verbs.outside(part, "verbs", "reads"):
            near = range(verb.last, min(part.stop, verb.last + _INSIDE))
            colon = next((index for index in near if ":" in words.gap(index)), None)
            if colon is None or self._verbs.unsaid(part.start, verb) or self._marked(sentence, colon):
                continue
            subject = self._beside(verb, part.start, colon)
            if verb.role == "reads" and (subject is None or subject.kind not in {"body", "document"}):
                continue
            if self._joined(verb.last, colon) or (subject is not None and subject.first == verb.last):
                return self._reports.of(range(colon, part.stop), "colon", subject)
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
        for index in clause[LEAST:]:
            if "," in words.gap(index):
                for subject in self._subjects.subjects(index, clause.stop)[:1]:
                    if subject.first <= index + 1 and words.use(subject.last, "verbs"):
                        return range(clause.start, index), subject
        return clause, None

    def _plain(self, part: range, taken: Sequence[Span]) -> list[Reported]:
        """`said the corridor would open`."""
        words, found = self._words, []
        for verb in self._verbs.outside(part, "plain"):
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
                day = self._edges.behind_day(following + prepared, part.stop)
                following = day if day > following + prepared else following
            if following > verb.last and words.use(following, "occasions", "inside", "that", "particles"):
                continue
            if joint not in ({",", ""} if words.speech.order == "free" else {""}) or self._verbs.unsaid(
                part.start, verb
            ):
                continue
            if joint == "," and words.speech.id == "en":
                continue
            subject = self._beside(verb, part.start, verb.last)
            found += self._parted(range(following, part.stop), "said", subject)
        return found

    def _occasion(self, index: int, part: range) -> bool:
        """Whether an occasion begins at a word, no day (`on Monday`)."""
        occasion = self._words.use(index, "occasions")
        return occasion is not None and self._edges.behind_day(index + 1, part.stop) == index + 1

    def _tagged(self, part: range, taken: Sequence[Span]) -> list[Reported]:
        """`…, said X.` and `…, he says, …`."""
        words = self._words
        end = words.tokens[part.stop].start if part.stop < len(words) else None
        if taken or words.text[:end].rstrip(_OPENERS).endswith(":"):
            return []
        for first, last in self._inserted(part):
            verb = next(words.of(range(first, last), "verbs", "tones"), None)
            if verb is None or self._verbs.unsaid(part.start, verb) or not self._is_frame(verb, first, last):
                continue
            subject = self._beside(verb, first, last, behind=True)
            if subject is None:
                continue
            left, right = range(part.start, self._apposed(first, part)), range(last, part.stop)
            clause = right if len(right) > len(left) else left
            return self._reports.of(clause, "tag", subject)
        return []

    def _apposed(self, first: int, part: range) -> int:
        """Where a frame begins with the office before it (`…, its trade minister, Ali Kaya, said`)."""
        words = self._words
        for index in reversed(range(max(part.start + LEAST, first - _INSIDE), first)):
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

    # ------------------------------------------------------------------------------------------------------ parts

    def _beside(self, verb: Use, low: int, high: int, *, behind: bool = False) -> Subject | None:
        """The subject of a verb: the nearest before it, else the first behind it; `behind`: the other way round."""
        earlier = self._subjects.subjects(low, verb.first)
        later = self._subjects.subjects(verb.last, high)
        if self._words.speech.order == "verb-last":
            return earlier[0] if earlier else foremost(later) or self._subjects.source(low, verb.first)
        if behind and verb.first == low:
            return foremost(later) or (earlier[-1] if earlier else None)
        return self._subjects.subject_of(verb, earlier, later)
