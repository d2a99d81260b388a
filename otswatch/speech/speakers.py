"""Who it is that a subject, or nobody but a verb, says to speak."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from typing import Literal

from otswatch.speech.holders import Holders, alike, state_of
from otswatch.speech.names import Person, gender
from otswatch.speech.offices import has_possessive
from otswatch.speech.people import People
from otswatch.speech.subjects import Subject, Subjects
from otswatch.speech.words import Place, Run, Use, Words
from otswatch.taxonomy.loader import SpeechRole

#: How the speaker is written: by a full name, a part of it, a word for it, an office, as a body or document.
Form = Literal["full", "surname", "pronoun", "office", "body", "document", "none"]
#: Words of an office that stands for somebody named elsewhere; what is longer introduces somebody.
_SHORT = 2
#: How nouns for any document begin, and verbs for making one valid, folded.
_PAPERS = (
    *("document", "belge", "sened", "hujjat", "resminama", "dokumentum", "metin", "matn"),
    *("документ", "кужат", "хужжат"),
)
_SIGNED = (
    *("sign", "adopt", "approv", "imza", "kabul", "qebul", "qabul", "onay", "gol", "elfogad", "alair", "tasdiq"),
    *("tesdiq", "tassyk", "подпис", "принят", "утвер", "кабыл", "кол", "имзо", "тасдик", "бекит"),
)
#: How a word ends that says where a document is, folded.
_RELATIVES = ("ndaki", "ndeki", "ndaky", "ndeky", "ндагы", "ндеги", "ндаги")
#: How a noun ends that is no man's: its adjectives have the first of two endings (`ое/ый`).
_SOFT = "аяоеёиыь"
#: What speaks and is nobody.
_THINGS = frozenset({"body", "document"})


def _agreeing(word: str, *, soft: bool) -> str:
    """Of the two forms of an adjective (`итоговое/ый`) the one that its noun asks for."""
    first, _, second = word.partition("/")
    return first if soft or not second else first[: -len(second)] + second


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
    """Keeps who was heard so far; to be asked in the order of the text."""

    def __init__(self, words: Words, people: People, holders: Holders, subjects: Subjects) -> None:
        self._words = words
        self._people = people
        self._names = people.names
        self._offices = people.offices
        self._holders = holders
        self._subjects = subjects
        self._heard: list[tuple[int, Voice]] = []
        self._bound: list[tuple[str, Person | Voice]] = []
        self._paragraph_starts = [words.at(paragraph.start) for paragraph in words.paragraphs]

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
            return self._stands_for(self._meant_by(subject), "pronoun", written)
        if subject.kind == "office":
            return self._holder(subject)
        return self._institution(subject)

    def _heard_in(self, at: int) -> Voice | None:
        """Whoever was heard last, in this paragraph."""
        place, heard = self._heard[-1] if self._heard else (-1, None)
        return heard if place >= self._paragraph(at) else None

    def _institution(self, subject: Subject) -> Voice:
        """A body or document as it is written; a ministry that was heard by its full name before keeps that."""
        words, subject = self._words, self._unsigned(subject)
        telling = self._telling(subject.first, subject.last)
        form: Form = "document" if subject.kind == "document" else "body"
        written = ((subject.first, subject.last),)
        for _, voice in reversed(self._heard):
            if len(telling) == 1 and voice.form == form and voice.words and self._same_noun(telling[0], voice):
                return Voice(voice.name, form, (*written, voice.words[-1]))
        if len(telling) == 1 and (full := self._in_full(subject, telling[0])):
            name = words.text[slice(*full)] if isinstance(full, tuple) else self._without_case(full)
            place = (words.at(full[0]), words.at(full[1])) if isinstance(full, tuple) else (full.first, full.last)
            return Voice(name, form, (*written, place))
        return Voice(self._without_case(subject), form, written)

    def _unsigned(self, subject: Subject) -> Subject:
        """A document without the words before it that say how it came to be (`принятое коммюнике`)."""
        if subject.kind != "document" or subject.core is None:
            return subject
        made = [i for i in range(subject.first, subject.core - 1) if self._is_made(i, subject.first)]
        return replace(subject, first=made[-1] + 1) if made else subject

    def _is_made(self, index: int, start: int) -> bool:
        """Whether a word before a document says where it stands or that it was signed (`sitesindeki`, `принятое`)."""
        words = self._words
        folded = words.folded(index)
        if folded.startswith(_SIGNED):
            return words.speech.id != "hu"
        if words.speech.order == "free" or index == start:
            return False  # `биргелешкен билдирүү`: a joint one
        made = self._subjects.participle(index) or folded.endswith(_RELATIVES)
        return made and not any(words.genitive(before) for before in range(start, index))

    def _in_full(self, subject: Subject, noun: int) -> Subject | tuple[int, int] | None:
        """What a bare noun for a body or document stands for: the nearest before it that has more words, or a title.

        A body that is only named in somebody's office (`the foreign ministry's spokesman X`) comes last.
        """
        words = self._words
        role: SpeechRole = "documents" if subject.kind == "document" else "bodies"
        named: list[Use | Place] = [
            use for use in words.of(range(subject.first), role) if self._same_word(use.last - 1, noun)
        ]
        named += [place for place in words.places.values() if self._is_body_named(place, subject, noun)]
        held = self._holders.held()
        for one in sorted(named, key=lambda one: (one.first in held, -one.first)):
            if isinstance(one, Place):
                return Subject(subject.kind, one.first, one.last, core=one.last)
            if full := self._fuller(one, subject, noun):
                return full
        papers = subject.kind == "document" and words.folded(noun).startswith(_PAPERS)
        return self._entitled(subject) if papers else None

    def _fuller(self, use: Use, subject: Subject, noun: int) -> Subject | tuple[int, int] | None:
        """The words of a noun that is named before the bare one, if they are more, or the title beside it."""
        words, papers = self._words, subject.kind == "document"
        if span := words.span_at(words.tokens[use.first].start):
            titled = papers and words.at(span.start) < use.first and use.last == words.at(span.end)
            return (span.start, span.end) if titled else None
        if use.first and (span := words.span_at(words.tokens[use.first - 1].start)):
            # `the document “Vision 2040”`
            return (span.start, span.end) if words.folded(noun).startswith(_PAPERS) else None
        low = self._behind_other(use, words.around(use.first).start)
        start, end = self._subjects.stretch(use.first, use.last, low, subject.first, people=papers)
        telling = self._telling(start, use.last)
        crossed = any(mark in words.text[slice(*words.part(start, use.last))] for mark in '“”„«»"')
        if crossed or not (len(telling) > use.last - use.first or end > use.last):
            return None
        core = use.last if words.speech.order == "verb-last" else end
        return Subject(subject.kind, start, core, core=use.last)

    def _behind_other(self, noun: Use, low: int) -> int:
        """Behind the last body before a noun that is no owner of it (`the press service, the committee`)."""
        words = self._words
        if words.speech.order != "verb-last" or noun.role != "bodies":
            return low
        others = (use for use in words.of(range(low, noun.first), "bodies") if use.last <= noun.first)
        return max((use.last for use in others if self._subjects.is_base(use)), default=low)

    def _is_body_named(self, place: Place, subject: Subject, noun: int) -> bool:
        """Whether an organisation that is named before a bare noun has it as the last word of its name, or first."""
        head = place.first if self._words.speech.behind != "nothing" else place.last - 1
        longer = place.body and place.last - place.first > 1 and place.last <= subject.first
        alone = subject.kind == "body" and not self._words.folded(noun).endswith(self._words.speech.plurals or ("\0",))
        return longer and alone and self._same_word(head, noun)

    def _entitled(self, subject: Subject) -> tuple[int, int] | None:
        """The title of what was signed or adopted in one of the two sentences before."""
        words = self._words
        at = words.sentence_at(subject.first)
        for sentence in reversed(words.sentences[max(0, at - 2) : at]):
            signed = any(words.folded(i).startswith(_SIGNED) for i in words.within(sentence.start, sentence.end))
            if signed and sentence.spans:
                return sentence.spans[-1].start, sentence.spans[-1].end
        return None

    def _same_noun(self, index: int, voice: Voice) -> bool:
        first, last = voice.words[-1]
        first = last - 1 if self._words.speech.order == "verb-last" else first
        return any(self._same_word(index, other) for other in range(first, last))

    def _same_word(self, index: int, other: int) -> bool:
        """Whether two words are one noun with any endings (`министрлік`, `министрлігінде`)."""
        return self._holders.same_word(self._words.folded(index), self._words.folded(other))

    def _without_case(self, subject: Subject) -> str:
        """The written words without the ending that `in the statement` or `according to` asks for."""
        words = self._words
        if words.speech.nominative and (not words.speech.inside or words.use(subject.first - 1, "inside")):
            return self._as_subject(subject)
        written, last = words.written(subject.first, subject.last), words.folded(subject.last - 1)
        if words.speech.order == "verb-last" and (case := self._subjects.object_case(last)):
            return written[: len(written) - len(case)]
        found = [ending for ending in words.speech.inflections if last.endswith(ending) and len(last) > len(ending) + 2]
        stems = {ending: last[: -len(ending)] for ending in found}
        cases = words.speech.cases or ("\0",)
        known = [each for each in found if stems[each] in words.vocabulary and not stems[each].endswith(cases)]
        ending = max(known or found, key=len, default="") or self._subjects.dative(subject)
        return written[: len(written) - len(ending)] if ending else written

    def _as_subject(self, subject: Subject) -> str:
        """The written words with the endings of a subject up to the noun itself (`итоговом коммюнике`)."""
        words, changed = self._words, []
        core, endings = subject.head + 1, words.speech.nominative
        for index in range(subject.first, core):
            written = words.written(index, index + 1)
            ending = max((e for e in endings if written.endswith(e)), key=len, default=None)
            changed.append(written.removesuffix(ending) + endings[ending] if ending else written)
        soft = changed[-1][-1].casefold() in _SOFT
        gaps = ["", *(words.gap(index) for index in range(subject.first + 1, core))]
        made = (gap + _agreeing(word, soft=soft) for gap, word in zip(gaps, changed, strict=True))
        return "".join(made) + words.text[words.end(core) : words.end(subject.last)]

    def _named(self, run: Run) -> Voice:
        person = self._names.called(run)
        form: Form = "full" if run.last - run.first > 1 and len(self._words.folded(run.first)) > 1 else "surname"
        places = [(run.first, run.last)]
        if person:
            places += [(full.first, full.last) for full in person.runs[:1] if full != run]
        office = self._offices.beside(run) or (person.offices[0] if person and person.offices else None)
        return Voice(self._names.name_of(run), form, tuple(places), office, person)

    def _holder(self, subject: Subject) -> Voice:
        written = ((subject.first, subject.last),)
        if self._is_new(subject) or self._subjects.is_plural(subject):
            return Voice(None, "office", written)
        return self._stands_for(self._bearer(subject), "office", written)

    def _bearer(self, subject: Subject) -> Person | Voice | None:
        """Whom an office stands for: who bears it in the text, whom it stood for before, or whoever is meant by it."""
        core = subject.head + 1
        noun = self._words.folded(core - 1)
        known = next((who for word, who in self._bound if alike(word, noun)), None)
        person: Person | Voice | None = self._holders.holder(subject.first, subject.last)
        if person is None and not any(state_of(self._words.folded(i)) for i in range(core, subject.last)):
            person = self._holders.holder(subject.first, core) or known
        if person is None and (body := self._body_spoken_for(subject)) is not None:
            return self._holders.holder(*body)
        if person is None and self._is_short(subject) and not self._holders.introduced(subject.first, core):
            person = self._meant(subject.first, known=True)
            if person is not None:
                self._bound.append((noun, person))
        return person or self._announced(subject)

    def _body_spoken_for(self, subject: Subject) -> tuple[int, int] | None:
        """The words for the body in a noun for anyone who speaks for one (`the ministry's representative`)."""
        words = self._words
        core = subject.head + 1
        if self._holders.represents(core - 1):
            for index in range(subject.first, core - 1):
                if (place := words.places.get(index)) and place.body:
                    return place.first, place.last
        for use in words.of(range(subject.first, subject.last), "anyone"):
            for index in range(use.first, use.last) if use.last - use.first > 1 else ():
                if words.use(index, "bodies"):
                    return index, index + 1
        return None

    def _announced(self, subject: Subject) -> Person | None:
        """Who is named only behind an office at the head of the text (`…, the mayor said. “…”, X told us.`)."""
        words, core = self._words, subject.head + 1
        if words.use(core - 1, "offices") is None or subject.first >= self._paragraph_end(1):
            return None
        for index in range(subject.last, self._paragraph_end(1)):
            run = words.runs.get(index)
            person = self._names.called(run) if run and not words.inside_marks(index) else None
            if run is None or person is None:
                continue
            if run != person.runs[0] or person.offices or not self._frames(index):
                return None
            person.offices.append((subject.first, core))
            return person
        return None

    def _paragraph_end(self, number: int) -> int:
        starts = self._paragraph_starts
        return starts[number + 1] if number + 1 < len(starts) else len(self._words)

    def _frames(self, index: int) -> bool:
        """Whether a verb of speech stands in the sentence of a word."""
        words = self._words
        return next(words.of(words.around(index), "verbs", "tones"), None) is not None

    def _is_new(self, subject: Subject) -> bool:
        """Whether an indefinite word says that somebody is met here for the first time (`a driver`)."""
        words = self._words
        return any(words.use(index, "indefinite") for index in range(max(0, subject.first - 1), subject.last))

    def _is_relative(self, subject: Subject) -> bool:
        """Whether a noun is somebody's (`her mother`, `uning buvisi`): not who was spoken of."""
        words, speech = self._words, self._words.speech
        owners = speech.masculine + speech.feminine + speech.neuter
        if words.folded(subject.first) in owners:
            return True
        return (
            subject.first > 0
            and words.use(subject.first - 1, "pronouns") is not None
            and has_possessive(words.folded(subject.head))
        )

    def _is_short(self, subject: Subject) -> bool:
        """Whether an office may stand for somebody named: one word, or words such as `the young expert`."""
        words = self._words
        if self._is_relative(subject):
            return False
        telling = self._telling(subject.first, subject.last)
        if len(telling) < _SHORT or Use("anyone", telling[0], telling[-1] + 1) in words.uses.get(telling[0], ()):
            return bool(telling)
        if len(telling) > _SHORT or words.use(telling[-1], "anyone") is None:
            return False
        return words.speech.order == "free" or not self._offices.is_possessed(telling[-1])

    def _telling(self, first: int, last: int) -> list[int]:
        """The words between two that say anything."""
        return [index for index in range(first, last) if not self._words.use(index, "particles", "articles")]

    def _stands_for(self, who: Person | Voice | None, form: Form, written: tuple[tuple[int, int], ...]) -> Voice:
        if isinstance(who, Voice):
            return Voice(who.name, form, written + who.words[-1:], who.office, who.person)
        if who is None:
            return Voice(None, form, written)
        run = who.runs[0]
        return Voice(
            self._names.name_of(run),
            form,
            (*written, (run.first, run.last)),
            who.offices[0] if who.offices else None,
            who,
        )

    def _meant_by(self, pronoun: Subject) -> Person | Voice | None:
        words = [self._words.folded(index) for index in range(pronoun.first, pronoun.last)]
        speech = self._words.speech
        if any(word in speech.neuter for word in words):
            return self._thing(pronoun.first, self._paragraph(pronoun.first, 1), _THINGS)
        if any(word in speech.several for word in words):
            return self._thing(pronoun.first, self._paragraph(pronoun.first, 2), {"body"})
        gender = next((g for g in ("feminine", "masculine") if any(word in getattr(speech, g) for word in words)), None)
        return self._meant(pronoun.first, gender=gender)

    def _meant(
        self, at: int, back: int = 2, *, known: bool = False, gender: str | None = None
    ) -> Person | Voice | None:
        """Who is meant at a word: the nearest before it who spoke or is the subject of a sentence.

        `back`: so many paragraphs before; `known`: somebody with a name; `gender`: who may be a man or a woman.
        """
        for who in self._before(at, self._paragraph(at, back), gender):
            name = who.name
            if (name is None and known) or (name and not self._may_be(name, gender)):
                continue
            return who
        return None

    def _before(self, at: int, start: int, gender: str | None = None) -> Iterator[Person | Voice]:
        """Those who may be meant before word `at`, the nearest first, back to word `start`."""
        for first, last in reversed(self._stretches(start, at)):
            heard = [voice for place, voice in self._heard if first <= place < last]
            topic = self._topic(first, last, gender) if not heard or heard[-1].form in _THINGS else heard[-1]
            somebody = isinstance(topic, Voice) and topic.name is None and topic.form == "pronoun"
            if topic is not None and not (somebody and last < self._paragraph(at)):
                yield topic

    def _stretches(self, start: int, at: int) -> list[tuple[int, int]]:
        """The sentences between two words, as first and last (exclusive) word."""
        return [
            (max(part.start, start), min(part.stop, at))
            for part in self._words.parts
            if part.start < at and part.stop > start
        ]

    def _may_be(self, name: str, wanted: str | None) -> bool:
        """Whether a pronoun of a gender, or of none, can mean who has this name."""
        return wanted is None or gender(name) in {None, wanted}

    def _topic(self, first: int, last: int, gender: str | None = None) -> Person | Voice | None:
        """Whom a sentence is about: the only subject with a name, else the only one named; several are nobody."""
        subjects = self._subjects.subjects(first, last)
        found: list[Person] = []
        for subject in subjects:
            person = self._names.called(subject.run) if subject.run else None
            if subject.kind == "office" and person is None:
                core = subject.head + 1
                person = self._holders.holder(subject.first, core) or self._holders.holder(core - 1, core)
            if person is not None and not person.believed and subject.kind == "name" and len(subjects) > 1:
                continue
            if person is not None and person not in found:
                found.append(person)
        if not found and subjects and subjects[0].kind == "office" and subjects[0].first == first:
            return (
                None if self._subjects.is_plural(subjects[0]) or self._is_known(subjects[0]) else Voice(None, "office")
            )
        if len(found) > 1:
            found = [person for person in found if self._may_be(person.name, gender)]
        if len(found) == 1:
            return found[0]
        anybody, named = self._people.last_named(last, first)
        return named or Voice(None, "none") if anybody else None

    def _is_known(self, office: Subject) -> bool:
        """Whether an office may stand for who was spoken of before it, so that it begins nothing new."""
        if self._is_new(office) or not self._is_short(office):
            return False
        return not self._holders.introduced(office.first, office.head + 1)

    def _thing(self, at: int, start: int, kinds: Set[str]) -> Voice | None:
        """What `it` or `they` stands for: the first body or else document of the nearest sentence that has any."""
        for first, last in reversed(self._stretches(start, at)):
            found = self._subjects.subjects(first, last)
            things = [
                thing for thing in found if thing.kind in kinds and not (last == at and self._subjects.is_within(thing))
            ]
            if things:
                return self._institution(next((thing for thing in things if thing.kind == "body"), things[0]))
        return None

    def _paragraph(self, index: int, back: int = 0) -> int:
        """The first word of the paragraph of a word, or of one so many before it."""
        starts = [start for start in self._paragraph_starts if start <= index]
        return starts[max(0, len(starts) - 1 - back)] if starts else 0
