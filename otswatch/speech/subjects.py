"""Who stands in a sentence as one who may speak: names, pronouns, offices, bodies, documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from otswatch.speech.holders import is_among, state_of
from otswatch.speech.names import Names, Person
from otswatch.speech.offices import BESIDE, BOUNDS, Offices, has_possessive
from otswatch.speech.words import NAMED, Run, Use, Words, longest

#: A noun for anyone that is listed without its ending has so many words at most; with all that belongs to it, so many.
_SHORT, _LONGEST = 2, 14
#: So many words may stand between an office and its name.
_APART = 3
#: So far before a name alone stands the verb or office that it goes with.
_NEAR = 3
#: So many letters has a word before its case; so many a participle.
_STEM, _VERB = 3, 5
#: How a word ends that says what somebody does, before the noun for that person, folded.
_PARTICIPLES = (
    *("yan", "yen", "lan", "len", "ran", "ren", "tan", "ten", "pan", "pen", "den", "gan", "gen", "kan", "ken", "qan"),
    *("ган", "ген", "гон", "кан", "кен", "кон"),
)
#: How a word with a case ends that belongs to a noun all the same (`Bişkekteki elçi`).
_ATTRIBUTES = ("ki", "gi", "ги", "гы", "ку", "гу", "aky", "daky")
#: How a Turkic noun ends that says whence, folded.
_WHENCE = ("dan", "den", "tan", "ten", "dyn", "дан", "ден", "дон", "тан", "тен", "тон", "нан", "нен")
#: How a Hungarian noun ends that is somebody's; what stands in English between that and whose it is.
_OWNED, _OWNERS = ("a", "e", "i"), {"'s ", "’s "}
#: How a Turkic noun ends whose something is, folded.
_GENITIVES = ("in", "un", "yn", "nin", "nun", "nyn", "ning", "нын", "нин", "дын", "дин", "тын", "тин", "нинг", "нун")
#: How a Turkic noun ends that `according to` stands behind, the longer first.
_DATIVES = ("ye", "ya", "ge", "ga", "ke", "ka", "ге", "га", "го", "ке", "ка", "ко", "e", "a")
#: How an object ends that is a document; in Hungarian, too.
_ACCUSATIVES = (
    *("ny", "ni", "ны", "ни", "ну", "ты", "ти", "ду", "ды", "ди", "ын", "ин", "сын", "син"),
    *("t", "ot", "et", "at"),
)


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

    @property
    def head(self) -> int:
        """The last word of the noun itself."""
        return (self.core or self.last) - 1


class Subjects:
    """Finds subjects; the order in which it is asked does not matter."""

    def __init__(self, words: Words, names: Names, offices: Offices) -> None:
        self._words = words
        self._names = names
        self._offices = offices

    def subjects(self, first: int, last: int, *, any_case: bool = False) -> list[Subject]:
        """Who may be speaking in words `first` to `last` (exclusive), in order. `any_case`: inflected ones, too."""
        found: list[Subject] = []
        index = first
        while index < last:
            low = found[-1].last if found else first
            subject = None if self._words.inside_marks(index) else self._subject(index, low, last, any_case=any_case)
            if subject is None:
                index += 1
                continue
            if found and self._apposed(found[-1], subject):
                subject = Subject("name", found[-1].first, subject.last, found.pop().run)
            if found and self._modifies(found[-1], subject):
                subject = Subject("name", found.pop().first, subject.last, subject.run)
            if found and self._describes(found[-1], subject):
                subject = Subject("body", found.pop().first, subject.last, core=subject.core)
            while found and self._one(found[-1], subject):
                subject = Subject(subject.kind, found.pop().first, subject.last, subject.run, subject.core)
            if found and self._introduces(found[-1], subject):
                subject = Subject("name", found.pop().first, subject.last, subject.run)
            found.append(subject)
            index = max(subject.last, index + 1)
        return found

    def _introduces(self, somebody: Subject, name: Subject) -> bool:
        """Whether `one of the organisers` and the name behind a comma are one."""
        words = self._words
        one = somebody.kind == "pronoun" and words.use(somebody.first, "somebody") is not None
        return one and name.run is not None and somebody.last == name.first and words.gap(name.first) == ", "

    def _compound(self, first: Subject, second: Subject) -> bool:
        """Whether two words of office are one office (`deputy` and `minister`, `direktor` and `oʻrinbosari`)."""
        words = self._words
        if words.speech.order == "free":
            return first.last == second.first
        if first.last != second.first and not words.genitive(second.first - 1):
            return False
        several = self.is_plural(second) and not has_possessive(words.folded(second.head))
        return not several and not has_possessive(words.folded(first.last - 1))

    def _modifies(self, name: Subject, other: Subject) -> bool:
        """Whether what looks like a name is a part of the office of the name behind it (`Sea Port's director X`)."""
        if name.run is None or other.run is None or other.first != name.last or other.run.first == other.first:
            return False
        person = self._names.called(name.run)
        return self._words.speech.order == "verb-last" and (person is None or not person.believed)

    def _describes(self, office: Subject, body: Subject) -> bool:
        """Whether an office or body is the first part of a name for a body (`Foreign Ministry`, `mayor's office`)."""
        words = self._words
        if words.speech.behind != "linked" or body.kind != "body" or office.run or office.last != body.first:
            return False
        gap = words.gap(body.first)
        return (office.kind == "office" and gap == " ") or (office.kind in {"office", "body"} and gap in _OWNERS)

    def _belongs(self, office: Subject) -> bool:
        """Whether an office may be that of the body before it: it has the ending that says so, where there is one."""
        return self._words.speech.order == "free" or has_possessive(self._words.folded(office.head))

    def _department(self, body: Subject, part: Subject) -> bool:
        """Whether a body is a part of the one right before it (`a minisztérium főosztálya`)."""
        words = self._words
        if words.speech.behind != "nothing" or body.last != part.first:
            return False
        if words.speech.order == "verb-last":
            return words.genitive(body.last - 1) or self._offices.is_possessed(part.head)
        return words.folded(part.head).endswith(_OWNED)

    def _apposed(self, name: Subject, office: Subject) -> bool:
        """Whether an office right behind a name is that person's (`Harsányi Bálint államtitkár`)."""
        if name.kind != "name" or office.kind not in {"office", "body"} or office.first != name.last:
            return False
        return self._words.gap(office.first) in ({" ", ", "} if self._words.speech.order == "free" else {", "})

    def subject_of(self, verb: Use, earlier: Sequence[Subject], later: Sequence[Subject]) -> Subject | None:
        """The subject of a verb: the nearest before it, else the first behind it.

        Behind a comma before the verb an insertion ends (`X, who runs the port, said`): then the first before it.
        """
        if earlier and ("," in self._words.gap(verb.first) or self._explained(earlier[0])):
            return foremost(earlier)
        if earlier and self._words.folded(verb.first - 1) in self._words.joints:
            return earlier[0]  # `X thanked Y and said`
        says = self._words.use(verb.first, "verbs") is not None
        if len(earlier) > 1 and says and self._says_where(earlier[-1]):
            earlier = [each for each in earlier if each.kind != "document"] or earlier  # `the ministry in its answer`
        if earlier and earlier[-1].kind == "pronoun":
            return next((subject for subject in earlier if subject.kind == "name"), earlier[-1])
        return earlier[-1] if earlier else later[0] if later else None

    def _says_where(self, subject: Subject) -> bool:
        """Whether a document is only where something was said: a preposition says so, or in Hungarian its case."""
        words = self._words
        located = subject.kind == "document" and words.folded(subject.head).endswith(words.speech.locatives or ("\0",))
        return located or self.is_within(subject)

    def is_within(self, subject: Subject) -> bool:
        """Whether a preposition before a document says where something was said (`in its reply it said`)."""
        words = self._words
        first = subject.first - (words.use(subject.first - 1, "articles") is not None)
        return subject.kind == "document" and words.use(max(0, first - 1), "inside") is not None

    def _explained(self, subject: Subject) -> bool:
        """Whether a name begins its sentence and a comma follows: what comes before the verb says who it is."""
        words, run = self._words, subject.run
        if run is None or run.last >= len(words) or "," not in words.gap(run.last):
            return False
        return words.begins_sentence(run.first)

    def _one(self, office: Subject, name: Subject) -> bool:
        """Whether a body, its office and the name behind it are one (`the ministry's head, Ulan Tashtanbekov`)."""
        if name.kind == "document":
            beside = self._words.gap(name.first) in {*BESIDE, *_OWNERS}
            return office.kind == "body" and office.last == name.first and beside and not self._apart(office, name)
        if office.kind not in {"office", "body"} or not (name.run or name.kind in {"office", office.kind}):
            return False
        if office.kind == name.kind == "body" and office.core is not None and not self._department(office, name):
            return False
        if office.kind == name.kind == "office" and not self._compound(office, name):
            return False
        if name.kind == "office" and office.kind == "body" and not self._belongs(name):
            return False
        head = name.run.first if name.run else name.first
        if name.run is None and any(self._elsewhere(index) for index in range(office.last, head)):
            return False
        between = {self._words.gap(index).strip(" .-\u00a0'’") for index in range(office.last, head + 1)}
        return head - office.last <= _APART and between <= ({"", ","} if name.run else {""})

    def _apart(self, body: Subject, paper: Subject) -> bool:
        """Whether a document is not that of the body before it, where its own would have an ending that says so.

        Then the body is the subject: `Komitə … məlumatda bildirib`, but not `komitənin məlumatında`.
        """
        words, last = self._words, body.head
        if words.speech.order != "verb-last" or self._offices.is_possessed(paper.head):
            return False
        return self.is_base(Use("bodies", last, last + 1))

    def _subject(self, index: int, low: int, high: int, *, any_case: bool) -> Subject | None:
        words = self._words
        run = words.runs.get(index)
        if run and run.first >= low and run.last <= high:
            return Subject("name", run.first, run.last, run) if self._names_somebody(run, any_case=any_case) else None
        verb = words.use(index, "verbs", "tones", "reads")
        if verb is not None and verb.last > index + 1:
            return None
        if use := words.use(index, "pronouns", "somebody"):
            return Subject("pronoun", use.first, use.last) if any_case or self._nominative(use) else None
        use = self._noun(index)
        if use and words.speech.order == "verb-last" and words.use(use.last, "inside"):  # `for the judges`
            return None
        if use and use.role == "documents" and not any_case and self._is_owner(use):
            return None
        if use and use.role == "documents" and not any_case and self.object_case(words.folded(use.last - 1)):
            return None
        if use and use.last <= high and (any_case or use.role == "documents" or self._nominative(use)):
            kind: Literal["office", "body", "document"] = (
                "document" if use.role == "documents" else "body" if use.role == "bodies" else "office"
            )
            start, end = self.stretch(use.first, use.last, low, high, people=kind == "office")
            held = kind != "body" or next(words.of(range(start, use.first), "offices"), None)
            if held and (inner := self._name_within(use.last, end)):  # `the answer of Minister X`, too
                return Subject("name", start, inner.last, inner)
            return Subject(kind, start, end, core=use.last)
        place = words.places.get(index)
        if place and place.body and place.last <= high and (any_case or not self.oblique(place.last - 1)):
            return Subject("body", *self.stretch(place.first, place.last, low, high))
        return None

    def is_base(self, noun: Use) -> bool:
        """Whether a noun for a body or somebody has no ending of a case."""
        return self._words.folded(noun.last - 1) in self._words.speech.nominatives

    def _noun(self, index: int) -> Use | None:
        """The longest noun for a body, a document or somebody; a body rather than several people (`organisers`)."""
        thing, somebody = self._words.use(index, "documents", "bodies"), self._words.use(index, "offices", "anyone")
        return somebody if thing is None or (somebody and somebody.last > thing.last) else thing

    def _nominative(self, use: Use) -> bool:
        """Whether a noun may be a subject: it has no ending of a case, or it is listed with it (`төрага`)."""
        if use.last < len(self._words) and self._set_off(use.last):
            return False
        return not self.oblique(use.last - 1) or self.is_base(use)

    def _name_within(self, first: int, last: int) -> Run | None:
        runs = [run for index in range(first, last) if (run := self._words.runs.get(index)) and run.last <= last]
        return runs[-1] if runs and runs[-1].last == last else None

    def _names_somebody(self, run: Run, *, any_case: bool) -> bool:
        person = self._names.called(run)
        has_article = self._words.use(run.first - 1, "articles") is not None
        if not any_case and self._words.speech.id == "en" and self._owns(run):
            return False
        if person is None and (self._is_something(run) or (has_article and not any_case)):
            return False
        if run.last - run.first > 1:
            return any_case or not self.oblique(run.last - 1) or (person is not None and self._exact(run, person))
        if person is not None:
            return any_case or self._exact(run, person)
        if self._words.begins_sentence(run.first):
            return False  # the sentence gives it its capital
        return self._stands_alone(run) and (any_case or not self.oblique(run.last - 1))

    def _is_something(self, run: Run) -> bool:
        """Whether capitalised words are a state, stand in a bracket, or name a document, body or office with others."""
        state = run.last - run.first == 1 and state_of(self._words.folded(run.first)) is not None  # `said Turkish …`
        bracketed = self._words.gap(run.first).endswith("(")
        part = self._entitles(run) or self._offices.heads_list(run) or self._offices.modifies(run)
        return state or bracketed or part

    def _entitles(self, run: Run) -> bool:
        """Whether capitalised words are the first of a name for a document or body (`Caspian Freight Report`)."""
        words = self._words
        if words.speech.behind != "linked" or run.last >= len(words) or words.gap(run.last) != " ":
            return False
        return words.capital(run.last) and words.use(run.last, "documents", "bodies") is not None

    def _owns(self, run: Run) -> bool:
        """Whether a name has an English genitive (`Bekov's colleague`)."""
        return run.last < len(self._words) and self._words.gap(run.last)[:2] in {"'s", "’s"}

    def _stands_alone(self, run: Run) -> bool:
        """Whether a single word is beside a verb, a comma or an office, not the beginning of a longer noun."""
        words = self._words
        behind = words.gap(run.last) if run.last < len(words) else "."
        if behind.strip() or run.last >= len(words):
            return True
        if words.use(run.last, "verbs", "tones", "calls", "quotatives", "after", "that", "pronouns"):
            return True
        if run.first and any(use.last == run.first for use in words.of((run.first - 1,), "anyone")):
            return True  # `Kızı Leyla`
        return (
            words.speech.order == "free"
            and run.first > 0
            and any(
                use.last == run.first
                for use in words.of(
                    range(max(0, run.first - _NEAR), run.first), "verbs", "tones", "quotatives", "offices", "anyone"
                )
            )
        )

    def _exact(self, run: Run, person: Person) -> bool:
        last = self._words.folded(run.last - 1)
        return any(part.startswith(last) for part in person.parts) or not self._words.speech.cases

    def participle(self, index: int) -> bool:
        """Whether a word looks like what somebody does or what was done, before the noun for it (`paylaşılan`)."""
        return (
            index >= 0 and self._words.folded(index).endswith(_PARTICIPLES) and len(self._words.folded(index)) > _VERB
        )

    def oblique(self, index: int) -> bool:
        """Whether a word has the ending of a case that no subject has."""
        words = self._words
        cased = words.folded(index).endswith(words.speech.oblique)
        return cased or (index + 1 < len(words) and self._set_off(index + 1))

    def _set_off(self, index: int) -> bool:
        """Whether an ending that an apostrophe or a hyphen sets off stands before a word (`TÜRKSOÝ-nyň wekili`)."""
        gap = self._words.gap(index)
        return gap[:1] in {"'", "’"} or (gap[:1] == "-" and gap.strip("- ").isalpha())

    def stretch(self, first: int, last: int, low: int, high: int, *, people: bool = False) -> tuple[int, int]:
        """The noun at `first` with the words before and behind it that belong to it. `people`: it is for somebody."""
        words = self._words
        first = self._ahead(first, last, low, people=people)
        if words.use(last - 1, "bodies") and (listed := self._offices.list_start(first, low)) < first:
            first = self._ahead(listed, last, low, people=False)
        linked = words.speech.behind == "anything"
        while last < high and last - first < _LONGEST and words.gap(last) in BESIDE:
            belongs = self._offices.chained(last) or (
                linked and not words.use(last, *BOUNDS) and not self._is_beyond(last)
            )
            if not belongs or self._is_somebody(last):
                break
            if named := self._named_at(last):
                return first, min(named.last, high)
            linked = linked or (words.speech.behind == "linked" and words.use(last, "links") is not None)
            last += 1
        while last - 1 > first and words.use(last - 1, "links", "particles", "articles"):
            last -= 1
        article = first > low and words.use(first - 1, "articles") and words.gap(first) == " "
        return first - bool(article), last

    def _is_beyond(self, index: int) -> bool:
        """Whether an English word stands behind a name that ends with capitals (`ministers of the States met`)."""
        words = self._words
        if words.speech.behind != "linked" or words.capital(index) or index in self._offices.in_places:
            return False
        return all(words.capital(before) for before in range(max(0, index - _SHORT), index))

    def _ahead(self, first: int, last: int, low: int, *, people: bool) -> int:
        """Where the words before a noun begin that belong to it."""
        words = self._words
        while first > low and last - first < _LONGEST and self._joins(first):
            joined = (
                words.folded(first - 1) in words.joints
                and first - 1 > low
                and words.capital(first - 2)
                and words.capital(first)
            )
            state = words.capital(first) and words.capital(first - 1) and state_of(words.folded(first - 1)) is not None
            if (words.use(first - 1, *BOUNDS) and not joined and not state) or first - 1 in self._in_verbs:
                break
            if self._elsewhere(first - 1) if people else self._stands_for_itself(first - 1):
                break
            first -= 1
        return first

    def _is_somebody(self, index: int) -> bool:
        """Whether somebody is met behind a noun in languages where all that belongs to that has a case (`гость`)."""
        words, speech = self._words, self._words.speech
        listed = (
            speech.behind == "anything" and words.use(index, "offices", "anyone") and not words.use(index, "bodies")
        )
        return bool(listed) and words.folded(index) in speech.nominatives

    def source(self, first: int, last: int) -> Subject | None:
        """The body from which something was heard (`nazirlikdən bildirdilər`)."""
        found = self.subjects(first, last, any_case=True)
        return next((each for each in found if each.kind == "body" and self._stands_for_itself(each.last - 1)), None)

    def _stands_for_itself(self, index: int) -> bool:
        """Whether a body before another has a case that says whence (`from the press service to the paper`)."""
        words = self._words
        body = words.speech.order == "verb-last" and words.use(index, "bodies")
        return bool(body) and words.folded(index).endswith(_WHENCE)

    @cached_property
    def _in_verbs(self) -> frozenset[int]:
        """The words of verbs of several words but their first (`атап өтті`)."""
        uses = self._words.of(range(len(self._words)), "verbs", "tones", "calls", "reads")
        return frozenset(index for use in uses for index in range(use.first + 1, use.last))

    def _elsewhere(self, index: int) -> bool:
        """Whether a word before a noun is no part of it: it has a case (`salıya kadar`), or is a verb (`giren`)."""
        words = self._words
        if words.speech.order == "free" or words.capital(index) or words.genitive(index):
            return False
        if words.use(index, "offices", "anyone", "bodies"):
            return False
        if self.participle(index):
            return True
        word = words.folded(index)
        case = longest(words.speech.oblique, word)
        attributive = word.endswith(_ATTRIBUTES)
        return bool(case) and not attributive and len(word) - len(case) >= _STEM

    def _named_at(self, index: int) -> Run | None:
        """The name in full at a word, where it is no link's (`President of Kazakhstan X`, not `University of X`)."""
        words, run = self._words, self._words.runs.get(index)
        if run is None or run.last - run.first < NAMED or words.use(index - 1, "links", "articles"):
            return None
        return run if self._names.called(run) else None

    def _joins(self, index: int) -> bool:
        gap = self._words.gap(index)
        return gap in BESIDE or (gap.endswith(" ") and self._set_off(index)) or gap in {"» ", "” ", '" '}

    def _is_owner(self, paper: Use) -> bool:
        """Whether a document has a genitive: what is its is meant (`sənədin müəllifi`)."""
        speech, word = self._words.speech, self._words.folded(paper.last - 1)
        if speech.order == "free":
            return False
        return any(word.endswith(case) and word.removesuffix(case) in speech.papers for case in _GENITIVES)

    def object_case(self, word: str) -> str:
        """The ending of an object behind a listed noun for a document (`hasabaty-ny`), else nothing."""
        for case in _ACCUSATIVES:
            if word.endswith(case) and word.removesuffix(case) in self._words.speech.papers:
                return case
        return ""

    def dative(self, thing: Subject) -> str:
        """The ending of a listed body or document that `according to` asks for (`bildiri-ye göre`), else nothing."""
        speech, word = self._words.speech, self._words.folded(thing.last - 1)
        bases = speech.papers if thing.kind == "document" else speech.nominatives
        return next((case for case in _DATIVES if word.endswith(case) and word.removesuffix(case) in bases), "")

    def is_plural(self, subject: Subject) -> bool:
        """Whether several are meant, of whom nobody knows the names."""
        word = self._words.folded(subject.head)
        return word.endswith(self._words.speech.plurals) and word not in self._words.speech.nominatives

    def noun(self, first: int, last: int) -> Subject | None:
        """A noun for anyone with an ending as the last of a few words, where only the noun is listed (`дипломата`)."""
        words = self._words
        listed = is_among(words.folded(last - 1), words.speech.nominatives)
        return Subject("office", first, last, core=last) if last - first <= _SHORT and listed else None


def foremost(found: Sequence[Subject]) -> Subject | None:
    """The first name among subjects, else the first of all."""
    return next((subject for subject in found if subject.kind == "name"), found[0] if found else None)
