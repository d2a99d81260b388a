"""Who stands in a sentence as one who speaks, and who that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from otswatch.speech.people import People, Person, alike, possessed
from otswatch.speech.words import Run, Use, Words
from otswatch.taxonomy.loader import SpeechRole

#: How the speaker is written: by a full name, a part of it, a word for it, an office, as a body or document.
Form = Literal["full", "surname", "pronoun", "office", "body", "document", "none"]

#: What ends a stretch of words that is one noun with all that belongs to it.
_BOUNDS: tuple[SpeechRole, ...] = (
    "verbs", "tones", "calls", "reads", "plain", "quotatives", "that", "by", "particles", "pronouns", "occasions",
)  # fmt: skip
_BESIDE = {" ", "-", "\u00a0"}
#: Words of an office that stands for somebody named elsewhere; what is longer introduces somebody.
_SHORT = 2
_LONGEST = 14
#: So many words may stand between an office and its name; so far does a word look for the office that it is a part of.
_APART, _AHEAD = 3, 6


@dataclass(frozen=True, slots=True)
class Subject:
    """Words `first` to `last` (exclusive) that may be who speaks; `run` is the name among them.

    `core`: where the noun itself ends, without what is linked to it.
    """

    kind: Literal["name", "pronoun", "office", "body", "document"]
    first: int
    last: int
    run: Run | None = None
    core: int | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: the name as a subject, how it is written at the words, and the words that say so, nearest first.

    `words` are pairs of first and last (exclusive) word. `office`: such a pair, too. Somebody unknown has no name.
    """

    name: str | None
    form: Form
    words: tuple[tuple[int, int], ...] = ()
    office: tuple[int, int] | None = None
    person: Person | None = None


class Speakers:
    """Finds subjects, and keeps who was heard so far; to be asked in the order of the text."""

    def __init__(self, words: Words, people: People) -> None:
        self._words = words
        self._people = people
        self._heard: list[tuple[int, Voice]] = []
        self._paragraph_starts = [words.at(paragraph.start) for paragraph in words.paragraphs]

    # -------------------------------------------------------------------------------------------------- subjects

    def subjects(self, first: int, last: int, *, any_case: bool = False) -> list[Subject]:
        """Who may be speaking in words `first` to `last` (exclusive), in order. `any_case`: inflected ones, too."""
        found: list[Subject] = []
        index = first
        while index < last:
            low = found[-1].last if found else first
            subject = None if self.inside(index) else self._subject(index, low, last, any_case=any_case)
            if subject is None:
                index += 1
                continue
            if found and self._apposed(found[-1], subject):
                subject = Subject("name", found[-1].first, subject.last, found.pop().run)
            while found and self._one(found[-1], subject):
                subject = Subject(subject.kind, found.pop().first, subject.last, subject.run, subject.core)
            found.append(subject)
            index = max(subject.last, index + 1)
        return found

    def _compound(self, first: Subject, second: Subject) -> bool:
        """Whether two words of office are one office (`deputy` and `minister`, `direktor` and `oʻrinbosari`)."""
        if first.last != second.first or self._words.speech.order == "free":
            return first.last == second.first
        return possessed(self._words.folded(second.last - 1)) and not possessed(self._words.folded(first.last - 1))

    def _apposed(self, name: Subject, office: Subject) -> bool:
        """Whether an office right behind a name is that person's (`Harsányi Bálint államtitkár`)."""
        if name.kind != "name" or office.kind not in {"office", "body"} or office.first != name.last:
            return False
        return self._words.gap(office.first) in {" ", ", "}

    def subject_of(self, verb: Use, earlier: Sequence[Subject], later: Sequence[Subject]) -> Subject | None:
        """The subject of a verb: the nearest before it, else the first behind it.

        Behind a comma before the verb an insertion ends (`X, who runs the port, said`): then the first before it.
        """
        if earlier and "," in self._words.gap(verb.first):
            return next((subject for subject in earlier if subject.kind == "name"), earlier[0])
        if earlier and earlier[-1].kind == "pronoun":
            return next((subject for subject in earlier if subject.kind == "name"), earlier[-1])
        return earlier[-1] if earlier else later[0] if later else None

    def inside(self, index: int) -> bool:
        """Whether a word stands in marks or behind a dash."""
        return self._people.inside_marks(self._words.tokens[index].start)

    def _one(self, office: Subject, name: Subject) -> bool:
        """Whether a body, its office and the name behind it are one (`the ministry's head, Ulan Tashtanbekov`)."""
        if office.kind not in {"office", "body"} or not (name.run or name.kind in {"office", office.kind}):
            return False
        if office.kind == name.kind == "body" and office.core is not None:
            return False
        if office.kind == name.kind == "office" and not self._compound(office, name):
            return False
        head = name.run.first if name.run else name.first
        between = {self._words.gap(index).strip(" .-\u00a0'’") for index in range(office.last, head + 1)}
        return head - office.last <= _APART and between <= ({"", ","} if name.run else {""})

    def _subject(self, index: int, low: int, high: int, *, any_case: bool) -> Subject | None:
        words = self._words
        run = words.runs.get(index)
        if run and run.first >= low and run.last <= high:
            return Subject("name", run.first, run.last, run) if self._names_somebody(run, any_case=any_case) else None
        if use := words.use(index, "pronouns", "somebody"):
            return Subject("pronoun", use.first, use.last)
        use = words.use(index, "documents", "bodies", "offices", "anyone")
        if use and use.last <= high and (any_case or use.role == "documents" or self._nominative(use)):
            kind: Literal["office", "body", "document"] = (
                "document" if use.role == "documents" else "body" if use.role == "bodies" else "office"
            )
            start, end = self._stretch(use.first, use.last, low, high)
            if kind == "office" and (inner := self._name_within(use.last, end)):
                return Subject("name", start, inner.last, inner)
            return Subject(kind, start, end, core=use.last)
        place = words.places.get(index)
        if place and place.body and place.last <= high and (any_case or not self._oblique(place.last - 1)):
            return Subject("body", *self._stretch(place.first, place.last, low, high))
        return None

    def _nominative(self, use: Use) -> bool:
        """Whether a noun may be a subject: it has no ending of a case, or it is listed with it (`төрага`)."""
        return not self._oblique(use.last - 1) or self._words.folded(use.last - 1) in self._words.speech.nominatives

    def _has_article(self, run: Run) -> bool:
        return run.first > 0 and self._words.use(run.first - 1, "articles") is not None

    def _name_within(self, first: int, last: int) -> Run | None:
        runs = [run for index in range(first, last) if (run := self._words.runs.get(index)) and run.last <= last]
        return runs[-1] if runs and runs[-1].last == last else None

    def _names_somebody(self, run: Run, *, any_case: bool) -> bool:
        person = self._people.called(run)
        if person is None and not any_case and (self._people.modifies(run) or self._has_article(run)):
            return False
        if run.last - run.first > 1:
            return any_case or not self._oblique(run.last - 1) or (person is not None and self._exact(run, person))
        if person is not None:
            return any_case or self._exact(run, person)
        return self._stands_alone(run) and self._inside_sentence(run) and (any_case or not self._oblique(run.last - 1))

    def _stands_alone(self, run: Run) -> bool:
        """Whether a single word is beside a verb, a comma or an office, not the beginning of a longer noun."""
        words = self._words
        behind = words.gap(run.last) if run.last < len(words) else "."
        if behind.strip() or run.last >= len(words):
            return True
        if words.use(run.last, "verbs", "tones", "calls", "quotatives", "after", "that"):
            return True
        return (
            words.speech.order == "free"
            and run.first > 0
            and any(
                use.last == run.first
                for use in words.of(
                    range(max(0, run.first - 3), run.first), "verbs", "tones", "quotatives", "offices", "anyone"
                )
            )
        )

    def _exact(self, run: Run, person: Person) -> bool:
        last = self._words.folded(run.last - 1)
        return any(part.startswith(last) for part in person.parts) or not self._words.speech.cases

    def _inside_sentence(self, run: Run) -> bool:
        """Whether a single word has its capital for another reason than to begin a sentence."""
        start = self._words.tokens[run.first].start
        before = self._words.text[max(0, start - 3) : start].rstrip('«“„"‘» \u00a0—–-')
        return bool(before) and before[-1] not in ".!?…:\n"

    def _oblique(self, index: int) -> bool:
        return (
            self._words.folded(index).endswith(self._words.speech.oblique)
            or self._words.gap(index + 1)[:1] in {"'", "’"}
            if index + 1 < len(self._words)
            else False
        )

    def _stretch(self, first: int, last: int, low: int, high: int) -> tuple[int, int]:
        """The noun at `first` with the words before it that belong to it, and those behind it."""
        words = self._words
        while first > low and last - first < _LONGEST and self._joins(first):
            joined = (
                words.folded(first - 1) in words.joints
                and first - 1 > low
                and words.capital(first - 2)
                and words.capital(first)
            )
            if words.use(first - 1, *_BOUNDS) and not joined:
                break
            first -= 1
        linked = words.speech.behind == "anything"
        while last < high and last - first < _LONGEST and words.gap(last) in _BESIDE:
            link = words.use(last, "links") is not None
            follows = words.use(last, "articles") is not None and words.use(last - 1, "links") is not None
            if not (link or follows or (linked and not words.use(last, *_BOUNDS))):
                break
            linked = linked or (link and words.speech.behind == "linked")
            last += 1
        while last - 1 > first and words.use(last - 1, "links", "particles", "articles"):
            last -= 1
        article = first > low and words.use(first - 1, "articles") and words.gap(first) == " "
        return first - bool(article), last

    def _joins(self, index: int) -> bool:
        gap = self._words.gap(index)
        return gap in _BESIDE or (gap[:1] in {"'", "’"} and gap.endswith(" ")) or gap in {"» ", "” ", '" '}

    # ---------------------------------------------------------------------------------------------------- voices

    def voice(self, subject: Subject | None, at: int) -> Voice:
        """Whose the words at word `at` are; `subject` null: only a verb says that somebody spoke."""
        voice = self._voice(subject, at)
        self._heard.append((max(at, subject.last - 1) if subject else at, voice))
        return voice

    def unknown(self, at: int) -> Voice:
        """Somebody spoke of whom nothing is known."""
        voice = Voice(None, "none")
        self._heard.append((at, voice))
        return voice

    def again(self, at: int) -> Voice:
        """Whoever was heard last, where it was in this paragraph."""
        start = self._paragraph(at)
        if self._heard and self._heard[-1][0] >= start:
            voice = self._heard[-1][1]
        else:
            voice = self._stands_for(self._meant(at, back=1), "none", ())
        self._heard.append((at, voice))
        return voice

    def _voice(self, subject: Subject | None, at: int) -> Voice:
        if subject is None:
            return self._stands_for(self._meant(at) if self._words.speech.unnamed else self._heard_in(at), "none", ())
        written = ((subject.first, subject.last),)
        if subject.kind == "name" and subject.run:
            return self._named(subject.run)
        if subject.kind == "pronoun" and self._words.use(subject.first, "somebody"):
            return Voice(None, "pronoun", written)
        if subject.kind == "pronoun":
            return self._stands_for(self._meant(subject.first), "pronoun", written)
        if subject.kind == "office":
            return self._holder(subject)
        return self._institution(subject)

    def _heard_in(self, at: int) -> Voice | None:
        """Whoever was heard last, in this paragraph."""
        place, heard = self._heard[-1] if self._heard else (-1, None)
        return heard if place >= self._paragraph(at) else None

    def _institution(self, subject: Subject) -> Voice:
        """A body or document as it is written; a ministry that was heard by its full name before keeps that."""
        words = self._words
        telling = [i for i in range(subject.first, subject.last) if not words.use(i, "particles", "articles")]
        form: Form = "document" if subject.kind == "document" else "body"
        written = ((subject.first, subject.last),)
        for _, voice in reversed(self._heard):
            if (
                len(telling) == 1
                and voice.form == form == "body"
                and voice.words
                and self._same_noun(telling[0], voice)
            ):
                return Voice(voice.name, form, (*written, voice.words[-1]))
        return Voice(self._without_case(subject), form, written)

    def _same_noun(self, index: int, voice: Voice) -> bool:
        first, last = voice.words[-1]
        return any(alike(self._words.folded(index), self._words.folded(other)) for other in range(first, last))

    def _without_case(self, subject: Subject) -> str:
        """The written words without the ending that `in the statement` or `according to` asks for."""
        words = self._words
        written, last = words.written(subject.first, subject.last), words.folded(subject.last - 1)
        found = [ending for ending in words.speech.inflections if last.endswith(ending) and len(last) > len(ending) + 2]
        known = [ending for ending in found if last[: -len(ending)] in words.vocabulary]
        ending = max(known or found, key=len, default="")
        return written[: len(written) - len(ending)] if ending else written

    def _named(self, run: Run) -> Voice:
        person = self._people.called(run)
        form: Form = "full" if run.last - run.first > 1 and len(self._words.folded(run.first)) > 1 else "surname"
        places = [(run.first, run.last)]
        if person:
            places += [(full.first, full.last) for full in person.runs[:1] if full != run]
        office = self._people.office_beside(run) or (person.offices[0] if person and person.offices else None)
        return Voice(self._people.name_of(run), form, tuple(places), office, person)

    def _holder(self, subject: Subject) -> Voice:
        written, core = ((subject.first, subject.last),), subject.core or subject.last
        if self._is_new(subject):
            return Voice(None, "office", written)
        person: Person | Voice | None = self._people.holder(subject.first, core)
        if person is None and self._is_short(subject) and not self._people.introduced(subject.first, core):
            person = self._meant(subject.first)
        return self._stands_for(person, "office", written)

    def _is_new(self, subject: Subject) -> bool:
        """Whether an indefinite word says that somebody is met here for the first time (`a driver`)."""
        words = self._words
        return any(words.use(index, "indefinite") for index in range(max(0, subject.first - 1), subject.last))

    def _is_short(self, subject: Subject) -> bool:
        """Whether an office may stand for somebody named: one word, or words such as `the young expert`."""
        words = self._words
        telling = [i for i in range(subject.first, subject.last) if not words.use(i, "particles", "articles")]
        return len(telling) == 1 or (0 < len(telling) <= _SHORT and words.use(telling[-1], "anyone") is not None)

    def _stands_for(self, who: Person | Voice | None, form: Form, written: tuple[tuple[int, int], ...]) -> Voice:
        if isinstance(who, Voice):
            return Voice(who.name, form, written + who.words[-1:], who.office, who.person)
        if who is None:
            return Voice(None, form, written)
        run = who.runs[0]
        return Voice(
            self._people.name_of(run),
            form,
            (*written, (run.first, run.last)),
            who.offices[0] if who.offices else None,
            who,
        )

    # --------------------------------------------------------------------------------------------------- meaning

    def _meant(self, at: int, back: int = 2) -> Person | Voice | None:
        """Who a pronoun means: whoever was heard or named last, in this paragraph or so many before it."""
        start = self._paragraph(at, back)
        place, heard = self._heard[-1] if self._heard else (-1, None)
        anybody, named = self._people.last_named(at, max(start, place + 1))
        if anybody:
            return named
        return heard if heard is not None and place >= start and heard.form not in {"document"} else None

    def _paragraph(self, index: int, back: int = 0) -> int:
        """The first word of the paragraph of a word, or of one so many before it."""
        starts = [start for start in self._paragraph_starts if start <= index]
        return starts[max(0, len(starts) - 1 - back)] if starts else 0
