"""Which words in marks are speech, and what in the sentence says so: its frame.

Titles, slogans, scare quotes and words as words stand in marks, too. Speech is what a frame gives to somebody: a verb
of speech behind it or before it, a colon, a few words inside a sentence about what was said, or a sentence of its own
beside one with a frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from otswatch.speech.marks import Span
from otswatch.speech.subjects import Subject, Subjects, foremost
from otswatch.speech.words import Sentence, Use, Words

#: A frame's verb stands so near to the words, unless a comma or dash joins them; a title's noun so near to its marks.
_NEAR, _TITLE_NEAR = 3, 4
#: Fewer words are speech only where the frame is plain; a part of a sentence has no fewer than `_PART`.
_FEW, _PART, _WHOLE = 2, 3, 4
#: A name in marks has so many words at most.
_NAME = 4
#: Behind `diye` the verb of speaking stands so near.
_REACH = 9
#: Where so many of the long words begin with a capital it is a title.
_TITLE_SHARE = 0.6
#: So many words that no list has hide somebody.
_SOMEBODY = 3
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Framed:
    """Speech: its span, why it is speech, and who stands in the frame.

    `again`: whoever spoke before; `unknown`: somebody stands there whom no list knows.
    """

    span: Span
    why: str
    subject: Subject | None = None
    again: bool = False
    unknown: bool = False


class Frames:
    """The direct speech of a text."""

    def __init__(self, words: Words, subjects: Subjects) -> None:
        self._words = words
        self._subjects = subjects

    def of(
        self, sentence: Sentence, before: Sentence | None, after: Sentence | None, *, spoken: bool
    ) -> Iterator[Framed]:
        """The speech in a sentence. `before`, `after`: those beside it; `spoken`: whether the one before has any."""
        if not sentence.spans:
            return
        gaps = self._gaps(sentence, sentence.spans)
        spans = [s for i, s in enumerate(sentence.spans) if not self._is_name(s, gaps[i], gaps[i + 1])]
        gaps = self._gaps(sentence, spans)
        for index, span in enumerate(spans):
            framed = self._framed(span, gaps[index], gaps[index + 1], before, spoken=spoken or index > 0)
            if not gaps[index] and not gaps[index + 1] and not self._after_colon(span):
                framed = self._above(span, after) or framed
            if framed:
                spoken = True
                yield framed

    def _is_name(self, span: Span, ahead: range, behind: range) -> bool:
        return span.kind == "marks" and (self._glued(span) or self._named(span, ahead, behind))

    def _gaps(self, sentence: Sentence, spans: Sequence[Span]) -> list[range]:
        """The words between spans: before the first, between each two, behind the last."""
        starts = [sentence.start, *(span.right for span in spans)]
        ends = [*(span.left for span in spans), sentence.end]
        return [self._words.within(start, max(start, end)) for start, end in zip(starts, ends, strict=True)]

    def _framed(
        self, span: Span, ahead: range, behind: range, before: Sentence | None, *, spoken: bool
    ) -> Framed | None:
        why, verb = self._behind(span, behind)
        if why and verb and (span.kind == "dash" or self._long_enough(span, verb, behind)):
            lead = self._lead(span, ahead, before)
            subject = self._subject_behind(verb, behind, lead)
            return Framed(span, why, subject, unknown=subject is None and self._somebody(lead))
        if span.kind == "dash":
            return self._turn(span, ahead, before)
        if self._after_colon(span):
            return self._introduced(span, ahead, before)
        if span.lost or self._is_title(span):
            return None
        if spoken and ahead and self._goes_on(span, ahead):
            return Framed(span, "goes-on", again=True)
        return self._part(span, ahead, behind) or self._alone(span, ahead, behind, before, spoken=spoken)

    # ------------------------------------------------------------------------------------------------ no speech

    def _glued(self, span: Span) -> bool:
        """Whether an ending is tied to the marks: a name or word, `“Manas”ı`."""
        behind = self._words.text[span.right : span.right + 2].lstrip("'’-")
        return span.lost is None and behind[:1].isalnum()

    def _relates(self, span: Span, behind: range) -> bool:
        """Whether `that says` ties the marks to a thing, not to a speaker or a verb (`“…” degan yozuv`)."""
        words = self._words
        use = words.use(behind[0], "quotatives", "verbs")
        if use is None or use.last >= behind.stop or not words.folded(use.last - 1).endswith(words.speech.relatives):
            return False
        if any(True for _ in words.of(range(use.last, min(use.last + _NEAR, behind.stop)), "verbs", "tones")):
            return False
        return not any(s.first == use.last for s in self._subjects.subjects(use.last, behind.stop))

    def _named(self, span: Span, ahead: range, behind: range) -> bool:
        """Whether a noun beside the marks says that they hold a name, title, slogan or word."""
        words = self._words
        if behind and self._joined(span, behind) and self._named_behind(span, behind):
            return True
        titles = [*words.of(ahead[-_TITLE_NEAR:], "titles")]
        if not titles or (
            words.speech.order == "verb-last" and titles[-1].last < ahead.stop and not self._after_colon(span)
        ):
            return False
        if behind and words.speech.order == "verb-last" and self._called(behind):
            return False  # `layihəni “…” adlandırıb`: the noun is what is called so
        said = [*words.of(ahead, "verbs", "tones", "calls")]
        if said and said[-1].role == "calls" and said[-1].last == ahead.stop and titles[-1].last == said[-1].first:
            return True  # a film called “…”
        return not said or (titles[-1].last == ahead.stop and not self._after_colon(span))

    def _named_behind(self, span: Span, behind: range) -> bool:
        titled = self._words.use(behind[0], "titles") is not None
        return titled or self._relates(span, behind) or self._belongs(span, behind[0])

    def _belongs(self, span: Span, index: int) -> bool:
        """Whether a title stands before a noun with a case, whose name it is (`“Deniz Yolu” podcastinde`)."""
        words = self._words
        if words.speech.order == "free" or self._count(span) > _NAME or not self._is_title(span):
            return False
        return words.use(index) is None and not words.capital(index) and self._subjects.oblique(index)

    def _called(self, behind: range) -> bool:
        return next(self._words.of(behind[:_NEAR], "calls"), None) is not None

    def _joined(self, span: Span, behind: range) -> bool:
        return self._words.text[span.right : self._words.tokens[behind[0]].start].strip() == ""

    def _is_title(self, span: Span) -> bool:
        long = _LONG_WORD.findall(self._words.text[span.start : span.end])
        return bool(long) and sum(word[0].isupper() for word in long) >= _TITLE_SHARE * len(long)

    # --------------------------------------------------------------------------------------------- verb behind

    def _behind(self, span: Span, behind: range) -> tuple[str | None, Use | None]:
        words = self._words
        if not behind:
            return None, None
        between = words.text[span.right : words.tokens[behind[0]].start]
        joined = bool(between.strip()) or words.text[span.end - 1 : span.right].strip('»”“"’‘›')[-1:] in tuple(",.!?…")
        if use := words.use(behind[0], "quotatives"):
            return self._quoted(span, use, behind, joined=joined)
        reach = behind if joined or span.kind == "dash" else self._beside(behind)
        use = next(words.of(reach, "verbs", "tones", "reads", "by", "after"), None)
        if use is None and (call := next(words.of(behind[:_NEAR], "calls"), None)) and self._count(span) >= _PART:
            return "called", call
        return ("verb-behind", use) if use else (None, None)

    def _quoted(self, span: Span, use: Use, behind: range, *, joined: bool) -> tuple[str | None, Use | None]:
        """Words before `diye`, `деп`: speech, unless what follows names a thing by them or is no speaking."""
        words = self._words
        following = words.of(range(use.last, self._clause(behind)), "verbs", "tones", "calls")
        verb = next((later for later in following if later.first - use.last < _REACH), None)
        longest = words.use(verb.first, "verbs", "tones", "calls") if verb else None
        if longest and longest.role == "calls":
            return ("called", use) if self._count(span) >= _PART else (None, None)
        least = 1 if joined or self._is_finite(use) else _FEW if verb else _WHOLE
        return ("quotative", use) if self._count(span) >= least else (None, None)

    def _is_finite(self, use: Use) -> bool:
        """Whether a word behind speech is itself the verb of its sentence (`dedi`), no `saying`."""
        word = self._words.folded(use.last - 1)
        return word.endswith(self._words.speech.finite)

    def _beside(self, behind: range) -> range:
        """The few words behind marks that a verb may stand in without a comma: none behind `and` or another clause."""
        words = self._words
        for index in behind[:_NEAR]:
            if words.use(index, "verbs", "tones", "reads"):
                break
            if words.folded(index) in words.joints or words.folded(index).endswith(words.speech.clauses or ("\0",)):
                return range(behind.start, index)
        return behind[:_NEAR]

    def _long_enough(self, span: Span, verb: Use, behind: range) -> bool:
        near = verb.first == behind[0] or (self._count(span) > 1 and verb.first - behind[0] < _NEAR)
        return not (self._is_title(span) and not near) and (self._count(span) >= _FEW or near)

    def _count(self, span: Span) -> int:
        return len(self._words.within(span.start, span.end))

    def _somebody(self, lead: range) -> bool:
        """Whether words before speech hold more than a verb and what goes with it: somebody whom no list knows."""
        used = {index for use in self._words.of(lead) for index in range(use.first, use.last)}
        free = [index for index in lead if index not in used and not self._subjects.oblique(index)]
        return len(free) >= _SOMEBODY or any(map(self._met, self._words.of(lead, "indefinite")))

    def _met(self, indefinite: Use) -> bool:
        """Whether a word such as `a` stands before a noun that may be a subject (not in `to a question`)."""
        words, noun = self._words, indefinite.last
        return noun >= len(words) or not (self._subjects.oblique(noun) or words.use(noun, "particles"))

    def _lead(self, span: Span, ahead: range, before: Sentence | None) -> range:
        """The words before a span; those of the paragraph before it where they end with a colon."""
        if ahead or before is None or not self._after_colon(span):
            return ahead
        return self._gaps(before, before.spans)[-1]

    def _subject_behind(self, verb: Use, behind: range, ahead: range) -> Subject | None:
        by = next(self._words.of(behind, "by"), None)
        if by is not None:
            return foremost(self._subjects.subjects(by.last, behind.stop, any_case=True))
        found = self._subjects.subjects(behind.start, self._clause(behind))
        if self._words.speech.order == "verb-last":
            return (
                foremost(found)
                or self._nearest(self._subjects.subjects(ahead.start, ahead.stop))
                or foremost(self._subjects.subjects(behind.start, self._clause(behind), any_case=True))
                or self._nearest(self._subjects.subjects(ahead.start, ahead.stop, any_case=True))
            )
        between = [subject for subject in found if subject.last <= verb.first]
        follow = [subject for subject in found if subject.first >= verb.last]
        return next(iter(between[::-1] or follow), None) or self._nearest(
            self._subjects.subjects(ahead.start, ahead.stop)
        )

    def _clause(self, behind: range) -> int:
        """Where the clause of a frame ends: with a full stop inside a dialogue, before `, and`, else with the words."""
        words = self._words
        for index in behind[1:]:
            if "," in words.gap(index) and words.folded(index) in words.joints:
                return index
            gap = words.gap(index)
            if any(stop in gap for stop in ".;:!?…") and gap != "." and not gap.startswith(". "):
                return index
        return behind.stop

    def _nearest(self, found: list[Subject]) -> Subject | None:
        """The last name; else, where the verb is last, the first of the others, which is the subject."""
        other = (found[0] if self._words.speech.order == "verb-last" else found[-1]) if found else None
        return next((subject for subject in reversed(found) if subject.kind == "name"), other)

    # ---------------------------------------------------------------------------------------------- colon before

    def _after_colon(self, span: Span) -> bool:
        return self._words.text[: span.left].rstrip('«“„"‘» \n\u00a0—–-').endswith(":")

    def _introduced(self, span: Span, ahead: range, before: Sentence | None) -> Framed | None:
        """`X said: “…”`; the words before the colon may be those of the paragraph before."""
        ahead = self._lead(span, ahead, before)
        verb = next(iter([*self._words.of(ahead, "verbs", "tones", "reads")][::-1]), None)
        subject = self._subject_ahead(verb, ahead)
        if verb is None and (subject is None or self._is_title(span)):
            return None
        return Framed(span, "colon", subject, unknown=subject is None and self._somebody(ahead))

    def _subject_ahead(self, verb: Use | None, ahead: range) -> Subject | None:
        found = self._subjects.subjects(ahead.start, ahead.stop)
        if verb is None or self._words.speech.order == "verb-last":
            return self._nearest(found)
        earlier = [subject for subject in found if subject.last <= verb.first]
        later = [subject for subject in found if subject.first >= verb.last]
        return self._subjects.subject_of(verb, earlier, later)

    def _goes_on(self, span: Span, ahead: range) -> bool:
        """`“A”, she said, “B”`: a frame between two halves, which a comma or a full stop and a dash end."""
        words = self._words
        joint = words.text[words.tokens[ahead[-1]].end : span.left]
        comma = joint.strip(" —–-") == "," or (joint.strip(" —–-") == "." and joint.strip(" ") != ".")
        return comma and any(True for _ in words.of(ahead, "verbs", "tones", "quotatives"))

    # --------------------------------------------------------------------------------------- parts and sentences

    def _part(self, span: Span, ahead: range, behind: range) -> Framed | None:
        """A few words inside a sentence about what somebody said, `called it “a relic of another age”`."""
        words = self._words
        lower = words.text[span.start].islower()
        verbs = [*words.of(ahead, "verbs", "calls", "reads", "plain")]
        later = [*words.of(behind, "verbs", "calls", "reads")]
        if self._count(span) < _PART or (verbs and self._denied(verbs[-1], ahead)):
            return None
        if not (verbs or later):
            return self._attributed(span, ahead) if lower else None
        if not lower and not (verbs and ahead.stop - verbs[-1].last <= _NEAR):
            return None
        verb = verbs[-1] if verbs else later[0]
        subject = self._subject_ahead(verb, ahead) if verbs else self._subject_behind(verb, behind, ahead)
        return Framed(span, "part", subject)

    def _attributed(self, span: Span, ahead: range) -> Framed | None:
        """`According to X it is “a relic of another age”`, `X szerint ez „…”`."""
        for use in self._words.of(ahead, "by", "after"):
            stretch = (use.last, ahead.stop) if use.role == "by" else (ahead.start, use.first)
            found = self._subjects.subjects(*stretch, any_case=True)
            beside = [s for s in found if (s.first - use.last <= 1 if use.role == "by" else s.last == use.first)]
            own = use.role == "after" and use.first == ahead.start
            if beside or own:
                return Framed(span, "part", foremost(beside))
        return None

    def _denied(self, verb: Use, ahead: range) -> bool:
        return any(True for _ in self._words.of(range(max(ahead.start, verb.first - _NEAR), verb.first), "unsaid"))

    def _above(self, span: Span, after: Sentence | None) -> Framed | None:
        """Speech alone before `These words were said by X`."""
        words = self._words
        part = words.within(after.start, after.end) if after and self._holds_names(after) else range(0)
        about = words.use(part.start, "about") if part else None
        if about is None or next(words.of(part, "verbs", "tones"), None) is None:
            return None
        found = self._subjects.subjects(about.last, part.stop)
        return Framed(span, "above", foremost(found)) if found else None

    def _holds_names(self, sentence: Sentence) -> bool:
        """Whether nothing that stands in marks in a sentence is speech."""
        gaps = self._gaps(sentence, sentence.spans)
        return all(
            self._is_name(span, gaps[i], gaps[i + 1]) or self._is_title(span) for i, span in enumerate(sentence.spans)
        )

    def _alone(
        self, span: Span, ahead: range, behind: range, before: Sentence | None, *, spoken: bool
    ) -> Framed | None:
        """A sentence of nothing but speech, beside one that has a speaker."""
        if ahead or behind or before is None or self._count(span) < _WHOLE:
            return None
        if spoken:
            return Framed(span, "alone", again=True)
        lead = self._gaps(before, before.spans)[-1]
        subject = self._nearest(self._subjects.subjects(lead.start, lead.stop))
        return Framed(span, "alone", subject, again=subject is None)

    def _turn(self, span: Span, ahead: range, before: Sentence | None) -> Framed:
        """What is said behind a dash without a frame of its own."""
        if ahead:
            return Framed(span, "dash", None, again=True)
        if before is not None and self._after_colon(span):
            return Framed(span, "dash", self._subject_ahead(None, self._lead(span, ahead, before)))
        return Framed(span, "dash", None, again=True)
