"""What is reported: the text of the clause that says what somebody stated, and who stands in its frame."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from otswatch.speech.marks import Span
from otswatch.speech.subjects import Subject
from otswatch.speech.words import Words

#: A clause has so many words.
LEAST = 3
#: Marks that open a clause with a title, and what stands at the end of one that is no part of it.
_OPENERS = tuple('«“„"‘»')
_EDGE = " \u00a0\t\n,;:–—-"


@dataclass(frozen=True, slots=True)
class Reported:
    """A clause, `text[start:end]`, why it is one, and who stands in its frame; `unknown`: nobody (`it was said`)."""

    start: int
    end: int
    why: str
    subject: Subject | None
    unknown: bool = False


class Reports:
    """Makes of the words of a clause what is reported, in a list of one, or an empty one where they are too few."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def of(self, clause: range, why: str, subject: Subject | None, least: int = LEAST) -> list[Reported]:
        """What somebody reports, in `least` words or more."""
        words = self._words
        clause = self._inner(clause)
        if len(clause) < least:
            return []
        start = self._opened(words.tokens[clause.start].start)
        stop = words.tokens[clause.stop].start if clause.stop < len(words) else len(words.text)
        end = self._closed(words.tokens[clause.stop - 1].end, stop)
        return [Reported(start, end, why, subject)]

    def of_nobody(self, clause: range, why: str) -> list[Reported]:
        """What nobody is said to report."""
        return [replace(report, unknown=True) for report in self.of(clause, why, None)]

    def _inner(self, clause: range) -> range:
        """Without the particles at its head that tie it to what stands before."""
        words, start = self._words, clause.start
        while start < clause.stop and (words.use(start, "that") or words.folded(start) in words.speech.contrasts):
            start += 1
        return range(start, clause.stop)

    def _opened(self, start: int) -> int:
        """With the mark that opens a title at its head."""
        return start - 1 if self._words.text[start - 1 : start] in _OPENERS and start else start

    def _closed(self, end: int, stop: int) -> int:
        """With the ending behind an apostrophe and the mark of a title, without the stop of the sentence."""
        tail = re.match(r"['’][^\W\d_]+|[»”“\"’]+[^\W\d_]*|%", self._words.text[end:stop])
        return end + (tail.end() if tail else 0)

    def cut(self, report: Reported, taken: Sequence[Span], following: int | None) -> Reported | None:
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
        if len(words.within(report.start, end)) < (LEAST - 1 if report.why == "quotative" else LEAST):
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
