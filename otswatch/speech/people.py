"""Whom a text names, and who is meant by a surname, an office or a pronoun: within the text, or nobody.

Two who could both be meant are nobody. A name is given in its fullest form, without endings, as the text or its
language would print it as a subject.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from otswatch.speech.words import Run, Use, Words
from otswatch.taxonomy.loader import SpeechRole
from otswatch.text.endings import TURKIC, endings
from otswatch.text.folding import fold

#: How far an office may stand from its name, in words.
_OFFICE = 16
#: So many words may stand between an office and its name, and so many titles (`Mr.`) behind a comma.
_APART, _TITLES = 4, 2
#: So far ahead a run looks for the body that it is a part of.
_BODY = 4
_BESIDE = {" ", "-", "\u00a0"}
#: What ends a stretch of words that is one noun with all that belongs to it.
BOUNDS: tuple[SpeechRole, ...] = (
    "verbs", "tones", "calls", "reads", "plain", "quotatives", "that", "by", "particles", "pronouns", "occasions",
)  # fmt: skip
#: A list of what somebody is minister of has so many words.
_LISTED = 10
#: How family names end that are made of others' names, from Budapest to Osh, folded.
#: How a noun ends that another noun modifies, and the consonants that end it without that ending.
_POSSESSED = "iuyыиу"
_POSSESSIVES = ("i", "u", "y", "si", "su", "sy", "и", "у", "ы", "си", "су", "сы")
_HARD = {"g": "k", "y": "k", "г": "к", "b": "p", "б": "п", "d": "t"}
_SURNAMES = (
    *("ov", "ova", "ev", "eva", "yev", "yeva", "ow", "owa", "ew", "ewa", "zade", "ogli", "oglu", "bek", "bay", "uly"),
    *("uulu", "kyzy", "qizi", "skiy", "skaya", "enko", "dze", "shvili", "ов", "ова", "ев", "ева", "ин", "ина", "заде"),
    *("оглу", "бек", "бай", "улы", "уулу", "кызы", "ский", "ская", "енко", "ян", "дзе", "швили"),
)
#: How a noun ends that tells where or under whom something is (`başkanlığındaki`).
_RELATIVES = ("aki", "eki", "agi", "аги", "еги", "агы")
_WOMEN = ("ova", "eva", "owa", "ewa", "skaya", "qizi", "kyzy", "gyzy", "ова", "ева", "ина", "ская", "кызы")
_MEN = ("ov", "ev", "ow", "ew", "skiy", "ogli", "oglu", "uulu", "uly", "ов", "ев", "ский", "оглу", "уулу", "улы")
#: How words for a state and for what is of it begin, folded.
_STATES = {
    "az": ("azerba", "ezerba", "azeri", "ozarba", "азерба", "азери", "озарба"),
    "hu": ("hungar", "macar", "magyar", "wengr", "wenger", "vengr", "венг", "венгр", "мажар"),
    "kg": ("kyrgyz", "kirgiz", "qirgiz", "gyrgyz", "кыргыз", "киргиз"),
    "kz": ("kazak", "kazah", "qazaq", "qozog", "qozoq", "qazax", "gazak", "gazag", "казах", "казак", "козог", "козок"),
    "tm": ("turkmen", "туркмен"),
    "tr": ("turkiye", "turkish", "turkey", "turkiya", "torokorsz", "турция", "турции", "турец", "туркия"),
    "uz": ("uzbek", "ozbek", "ozbeg", "uzbeg", "узбек", "озбек"),
}
#: `Türk` is of Türkiye, but not all that begins like it.
_TURKISH = frozenset({"turk", "torok", "турк", "турик"})
#: Beginnings of words this long are enough to see that they are one word with two endings.
_STEM, _ENDING = 4, 5
_SHORTEST = 3
#: A genitive behind a surname that it makes look like another has so many letters.
_GENITIVE = 3


@cache
def _representatives(anyone: tuple[str, ...], bodies: tuple[str, ...]) -> frozenset[str]:
    """The words of nouns for anyone for who speaks for a body (of `nazirlik nümayəndəsi` the second), folded."""
    known = {fold(words.rstrip("*~")) for words in bodies}
    nouns = [fold(words.rstrip("*~")).split() for words in anyone]
    return frozenset(noun[1] for noun in nouns if len(noun) == 2 and noun[0] in known)


@dataclass(slots=True)
class Person:
    """Somebody with a name of two words or more, and where it stands."""

    name: str
    parts: tuple[str, ...]
    runs: list[Run]
    offices: list[tuple[int, int]] = field(default_factory=list)
    alone: bool = False

    @property
    def believed(self) -> bool:
        """Whether anything but capitals says that this is a person."""
        return self.alone or bool(self.offices) or self.parts[-1].endswith(_SURNAMES)


class People:
    """The people of a text."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._spoken = [(span.left, span.right) for paragraph in words.paragraphs for span in paragraph.spans]
        self._spoken_starts = [start for start, _ in self._spoken]
        self.persons: list[Person] = []
        self._mentions: list[tuple[int, Person]] = []
        self._called: dict[Run, Person | None] = {}
        self._gather()

    # ------------------------------------------------------------------------------------------------ gathering

    def _gather(self) -> None:
        self._ends: set[int] = set()
        full = [run for run in self._named_outside if self._is_full(run) and not self._has_article(run)]
        owners = [run for run in full if self.modifies(run) and self._is_owner(run)]
        full = [run for run in full if not self.modifies(run)]
        self._ends = {run.last for run in (*full, *owners)}
        certain = [run for run in full if not self._doubtful(run)]
        for run in (*certain, *owners, *(run for run in full if self._doubtful(run))):
            self._meet(run)
        for run in self._named_outside:
            if not self._is_full(run) and (person := self.called(run)):
                person.alone = True
                self._mentions.append((run.first, person))
        self._mentions += [(run.first, person) for person in self.persons for run in person.runs]
        self._mentions.sort(key=lambda mention: mention[0])
        for person in self.persons:
            person.runs.sort(key=lambda run: run.first)

    def _meet(self, run: Run) -> None:
        """Take the name of a run as that of a person, who may be known by it."""
        name, parts = self._bare(run)
        if self._doubtful(run) and (person := self.called(run)) and not self._same(person.parts, parts):
            return
        known = next((person for person in self.persons if self._same(person.parts, parts)), None)
        if known is None:
            known = Person(name, parts, [])
            self.persons.append(known)
        elif len(parts[-1]) < len(known.parts[-1]):
            known.name, known.parts = name, parts
        known.runs.append(run)
        self._called.clear()
        known.offices += [office for office in (self._office_before(run), self._office_behind(run)) if office]

    def _bare(self, run: Run) -> tuple[str, tuple[str, ...]]:
        """A name and its words without the ending that a Turkic surname shows to be one."""
        words = self._words
        *first, last = (words.folded(index) for index in range(run.first, run.last))
        written, case = words.written(run.first, run.last), self._case(last)
        return (
            (written[: len(written) - len(case)], (*first, last.removesuffix(case)))
            if case
            else (written, (*first, last))
        )

    def _case(self, last: str) -> str:
        """The ending of a surname: any behind -ov, -bek and the like, else a genitive of three letters."""
        language = self._words.speech.id
        if language not in TURKIC:
            return ""
        ends = [end for known in _SURNAMES if (end := last.rfind(known) + len(known)) > len(known) + _STEM - 2]
        found = [last[end:] for end in ends if end < len(last) and last[end:] in endings(last[:end], language)]
        if last.endswith(_SURNAMES):
            found = [case for case in found if len(case) >= _GENITIVE]  # `Қожабергенов-тің`, no `Алиев-а`
        else:
            found += [case for case in self._words.genitives if last.endswith(case) and len(last) - len(case) >= _STEM]
        return min(found, key=len, default="")

    def _is_owner(self, run: Run) -> bool:
        """Whether a name in a genitive is a person's, no body's: an office stands before it, or its surname says so."""
        words, last = self._words, self._words.folded(run.last - 1)
        case = self._case(last)
        stem = last.removesuffix(case)
        if not case or not words.genitive(run.last - 1):
            return False
        return stem.endswith(_SURNAMES) or stem in self._single_parts or self._office_before(run) is not None

    @cached_property
    def _named_outside(self) -> list[Run]:
        words = self._words
        return [run for run in words.runs.values() if not self.inside_marks(words.tokens[run.first].start)]

    def inside_marks(self, place: int) -> bool:
        """Whether a place of the text is inside marks or behind a dash."""
        index = bisect_left(self._spoken_starts, place + 1) - 1
        return index >= 0 and place < self._spoken[index][1]

    def _has_article(self, run: Run) -> bool:
        return run.first > 0 and self._words.use(run.first - 1, "articles") is not None

    def _doubtful(self, run: Run) -> bool:
        """Whether a run may be less than a name in full: a word of a sentence before it, or a form of address in it."""
        return self.begins_sentence(run) or self._words.use(run.last - 1, "honorifics") is not None

    def begins_sentence(self, run: Run) -> bool:
        """Whether the first word of a run may have its capital from the sentence alone."""
        start = self._words.tokens[run.first].start
        before = self._words.text[max(0, start - 6) : start].rstrip('«“„"‘» \u00a0—–-')
        return not before or before[-1] in ".!?…:\n"

    def modifies(self, run: Run) -> bool:
        """Whether a run is a part of the body or office behind it."""
        words = self._words
        if run.last >= len(words) or words.gap(run.last) != " ":
            return False
        if words.speech.behind == "linked":
            return words.capital(run.last) and words.use(run.last, "offices") is not None  # `Kyrgyz Energy Minister`
        if words.speech.behind != "nothing":
            return False
        if words.genitive(run.last - 1):
            return words.use(run.last, "after") is None  # `X-ning so‘zlariga ko‘ra`: who says it
        if self._body_ahead(run.last):
            return True
        noun = words.use(run.last, "offices")
        return noun is not None and possessed(words.folded(noun.last - 1)) and not self._oblique(noun.last - 1)

    def _body_ahead(self, index: int) -> bool:
        """A body whose name began before word `index` (`Szociális Védelem és Munka Minisztériuma`)."""
        words = self._words
        for place in range(index, min(index + _BODY, len(words))):
            if words.gap(place) not in {" ", "- "} or not (words.capital(place) or words.folded(place) in words.joints):
                return place == index and self._is_body(place)
            if words.use(place, "bodies"):
                return self._is_body(place)
        return False

    def _is_body(self, index: int) -> bool:
        """Whether a word is a body that what stands before it may name: where offices stand last, it is possessed."""
        words = self._words
        folded = words.folded(index)
        if words.use(index, "bodies") is None or folded.endswith(_RELATIVES):
            return False
        return words.speech.order == "free" or self.is_possessed(index)

    def is_possessed(self, index: int) -> bool:
        """Whether a word may have the ending of one that another noun modifies, before that of its case, too."""
        folded, speech = self._words.folded(index), self._words.speech
        cases = (case for case in ("", *speech.oblique, *speech.inflections) if folded.endswith(case))
        return any(possessed(stem) and not self._is_plain(stem) for stem in map(folded.removesuffix, cases))

    def _is_plain(self, stem: str) -> bool:
        """Whether a word is listed with an ending, too, and not as another with one (`мұражай`, `мұражайы`)."""
        listed = self._words.speech.nominatives
        if stem not in listed or not any(stem + ending in listed for ending in _POSSESSIVES):
            return False
        bases = (stem.removesuffix(ending) for ending in _POSSESSIVES if stem.endswith(ending))
        return not any(base in listed or base[:-1] + _HARD.get(base[-1:], "-") in listed for base in bases)

    def _oblique(self, index: int) -> bool:
        return self._words.folded(index).endswith(self._words.speech.oblique)

    def _is_full(self, run: Run) -> bool:
        words = self._words
        apart = any(words.gap(index) != "-" for index in range(run.first + 1, run.last))
        return apart and len(words.folded(run.first)) > 1

    def _same(self, known: Sequence[str], parts: Sequence[str]) -> bool:
        """Whether two names are one with other endings."""
        if len(known) != len(parts):
            return False
        return all(self._inflected(one, other) for one, other in zip(known, parts, strict=True))

    def _inflected(self, one: str, other: str) -> bool:
        short, long = sorted((one, other), key=len)
        if short == long:
            return True
        language = self._words.speech.id
        if len(short) >= 3 and long.startswith(short):
            return long[len(short) :] in endings(short, language)
        stem = short[:-1]
        return (
            language == "ru"
            and len(stem) >= _STEM
            and long.startswith(stem)
            and short[-1] in "аяьи"
            and len(long) - len(stem) <= 2
        )

    # ---------------------------------------------------------------------------------------------------- who is

    def called(self, run: Run) -> Person | None:
        """The only person whose name holds all the words of a run; the surname counts before a given name."""
        if run not in self._called:
            self._called[run] = self._fitting(run)
        return self._called[run]

    def _fitting(self, run: Run) -> Person | None:
        last = run.last - 1 if run.last - run.first > 1 and self._words.use(run.last - 1, "honorifics") else run.last
        parts = [self._words.folded(index) for index in range(run.first, last)]
        initial = parts[0] if len(parts) > 1 and len(parts[0]) == 1 else None
        wanted = parts[1:] if initial else parts
        found = [
            person
            for person in self.persons
            if all(any(self._inflected(own, part) for own in person.parts) for part in wanted)
            and (initial is None or any(own.startswith(initial) for own in person.parts))
        ]
        if len(found) > 1:
            found = [person for person in found if self._inflected(person.parts[-1], wanted[-1])]
        if not found and run.last - run.first > 1 and self.begins_sentence(run):
            return self.called(Run(run.first + 1, run.last))
        return found[0] if len(found) == 1 else None

    def name_of(self, run: Run) -> str:
        """The name of a run as a subject, in full where the text has it in full."""
        person = self.called(run)
        if person is None:
            return self._subject(run)
        return self._as_subject(person)

    def _as_subject(self, person: Person) -> str:
        """Where the surname stands alone in a shorter form, the full name has endings that come off."""
        known = person.parts[-1]
        for single in self._single_parts:
            if len(single) < len(known) and known.startswith(single) and self._inflected(single, known):
                cut = len(known) - len(single)
                return self._without(person.name, cut)
        return (
            self._subject(person.runs[0])
            if len(person.runs) == 1 and not self._nominative(person.runs[0])
            else person.name
        )

    @cached_property
    def _single_parts(self) -> set[str]:
        words = self._words
        return {words.folded(run.last - 1) for run in self._named_outside if not self._is_full(run)}

    def _without(self, name: str, cut: int) -> str:
        ending = name[-cut:]
        if self._words.speech.id != "ru":
            return self._printed(name[:-cut])
        return " ".join(part.removesuffix(ending) for part in name.split())

    def _printed(self, name: str) -> str:
        """A name without its ending, as its last word stands alone in the text (of `Nurgalijevával`, `Nurgalijeva`)."""
        words, (*first, last) = self._words, name.split(" ")
        alone = (words.written(run.last - 1, run.last) for run in self._named_outside if not self._is_full(run))
        return " ".join([*first, next((each for each in alone if fold(each) == fold(last)), last)])

    def _subject(self, run: Run) -> str:
        """A name without the ending that its place gives it (`X-in sözlərinə görə`)."""
        written = self._words.written(run.first, run.last)
        if self._nominative(run):
            return written
        last = self._words.folded(run.last - 1)
        ending = max((case for case in self._words.speech.cases if last.endswith(case)), key=len, default="")
        return self._without(written, len(ending)) if ending and len(last) - len(ending) >= 3 else written

    def _nominative(self, run: Run) -> bool:
        """Whether no word that asks for a genitive stands behind a name."""
        words = self._words
        if words.speech.order == "free":
            return not any(use.last == run.first for use in self._uses_before(run.first))
        return run.last >= len(words) or words.use(run.last, "after") is None

    def _uses_before(self, index: int) -> Iterator[Use]:
        words = self._words
        return (
            use for place in range(max(0, index - 6), index) for use in words.of((place,), "by") if use.last <= index
        )

    # ---------------------------------------------------------------------------------------------------- office

    def office_beside(self, run: Run) -> tuple[int, int] | None:
        """The words of an office before a name or behind it: first and last (exclusive) word."""
        return self._office_before(run) or self._office_behind(run)

    def _office_before(self, run: Run) -> tuple[int, int] | None:
        words, first, end = self._words, run.first, run.first
        seen, apart = None, 0
        while first > 0 and end - first < _OFFICE and first not in self._ends and self._goes_on(first, run):
            listed = self.list_start(first, 0) if seen is not None else first
            if listed == first and self._bounds(first - 1):
                break
            first = min(listed, first - 1)
            if words.use(first, "offices", "anyone"):
                seen = first
            elif seen is None and not self._links(first):
                apart += 1
                if apart > _APART:
                    break
        while end - 1 > first and self._is_title(end - 1):
            end -= 1
        return (first, end) if seen is not None and first < end else None

    def _goes_on(self, index: int, run: Run) -> bool:
        """Whether an office may go on before a word: nothing parts them, or a comma right before the name."""
        gap = self._words.gap(index)
        return (gap.strip() == "," and run.first - index <= _TITLES) or self._beside(index, gap)

    def list_start(self, first: int, low: int) -> int:
        """Where the name of what has several things begins, of which only the first has a capital.

        `first`: where it seems to begin, behind an `and` (`Маданият, спорт жана жаштар саясаты министрлиги`).
        """
        words = self._words
        joint = first > low and words.folded(first - 1) in words.joints and words.gap(first) == " "
        if not joint or words.speech.order == "free":
            return first
        for index in reversed(range(max(low, first - _LISTED), first - 1)):
            if words.gap(index + 1) not in {" ", ", "} or words.use(index, *BOUNDS):
                return first
            if words.capital(index):
                return first if self._in_name(index) else index
        return first

    def _in_name(self, index: int) -> bool:
        """Whether a word belongs to somebody's name."""
        runs = (self._words.runs.get(place) for place in range(max(0, index - 2), index + 1))
        return any(run.first <= index < run.last and self.called(run) for run in runs if run)

    def heads_list(self, run: Run) -> bool:
        """Whether a word is the first of the several things that a body or minister is for."""
        words = self._words
        if run.last - run.first > 1 or run.last >= len(words) or words.gap(run.last) not in {" ", ", "}:
            return False
        for index in range(run.last + 1, min(run.last + _LISTED, len(words) - 1)):
            if words.folded(index - 1) in words.joints and self.list_start(index, run.first) == run.first:
                near = words.of(range(index, min(index + _BODY, len(words))), "offices", "bodies")
                return any(self.is_possessed(use.last - 1) for use in near)
        return False

    def _is_title(self, index: int) -> bool:
        """Whether a word between an office and its name is a form of address (`H.E.`, `Ms.`)."""
        words = self._words
        return words.gap(index + 1).startswith(".") or words.use(index, "honorifics") is not None

    def _bounds(self, index: int) -> bool:
        """Whether a word is no part of an office: a verb, particle or occasion, and no longer office begins there."""
        words = self._words
        bound = words.use(index, "verbs", "tones", "quotatives", "that", "occasions", "particles")
        office = words.use(index, "offices") if bound else None
        if bound is None or (office and office.last > bound.last):
            return False
        if words.speech.order == "free" and words.folded(index) in words.joints:
            return any(use.last == index for use in words.of(range(max(0, index - 2), index), "offices", "anyone"))
        return not self._chained(index) and not self._situated(index)

    def _chained(self, index: int) -> bool:
        """Whether a word links an office to its body: `of`, or the article behind it."""
        words = self._words
        article = words.use(index, "articles") is not None and words.use(index - 1, "links") is not None
        return article or words.use(index, "links") is not None

    def _links(self, index: int) -> bool:
        """Whether a word may stand between an office and its name in any number: of which body and state it is."""
        words = self._words
        if self._situated(index) or (index and self._situated(index - 1)):
            return True
        if words.speech.behind == "anything" and (index in self._in_places or words.use(index, "bodies")):
            return True
        return words.speech.behind == "linked" and (
            words.capital(index) or words.use(index, "links", "articles") is not None
        )

    @cached_property
    def _in_places(self) -> frozenset[int]:
        """The words of all names of states, places and organisations."""
        places = self._words.places.values()
        return frozenset(index for place in places for index in range(place.first, place.last))

    def _situated(self, index: int) -> bool:
        """Whether a word says with the place behind it where a body is (`института в Бишкеке`)."""
        words = self._words
        inside = words.speech.behind == "anything" and words.use(index, "inside") is not None
        return inside and index + 1 in words.places

    def _beside(self, index: int, gap: str) -> bool:
        """Whether only a blank, a hyphen, an ending, a stop or a bracket of an abbreviation stands before a word."""
        if gap in {" (", ") "}:
            token = self._words.tokens[index - (gap == ") ")]
            return self._words.text[token.start : token.end].isupper()
        if gap in {".", ". "}:
            before = self._words.folded(index - 1)
            return len(before) == 1 or (len(before) <= _STEM and self._words.use(index - 1, "offices") is not None)
        return gap in _BESIDE or (gap.startswith(("'", "’")) and gap.endswith(" "))

    def _office_behind(self, run: Run) -> tuple[int, int] | None:
        words = self._words
        index, start = run.last, run.last
        follows = words.speech.order == "free" and words.speech.behind == "nothing"
        beside = {" ", ", ", " ("} if follows else {", ", " ("}
        if index >= len(words) or words.gap(index) not in beside:
            return None
        limit = min(len(words), run.last + (_OFFICE if words.gap(index) != " " else 4))
        found = None
        while index < limit and (index == start or words.gap(index) in {" ", "-"}):
            if words.use(index, "verbs", "tones", "calls", "quotatives", "that"):
                break
            if words.use(index, "offices", "anyone"):
                found = index + 1
            index += 1
        if found is None or words.gap(start) == " ":
            return (start, found) if found else None
        whole = words.speech.order == "free" or found == index  # an office is the last word of its noun
        return (start, index) if whole else None

    def holder(self, first: int, last: int) -> Person | None:
        """Who holds the office that words `first` to `last` name: the one named nearest before, else the only one."""
        wanted = [self._words.folded(index) for index in range(first, last) if self._tells(index)]
        fitting = [person for person in self.persons if person.offices and self._holds(person, wanted)]
        fitting = [person for person in fitting if self._is_all(person, wanted)] or fitting
        if (
            not fitting
            and last - first > 1
            and self._words.use(first, "anyone")
            and self._words.use(first + 1, "offices")
        ):
            return self.holder(first + 1, last)  # `the guest minister`
        if not fitting:
            fitting = self._of_state(wanted)  # `the Uzbek diplomat`: the ambassador of Uzbekistan
        if not fitting and any(map(state_of, wanted)):
            fitting = self._stateless(wanted)
        if not fitting and wanted:
            fitting = self._led(wanted)
        if not wanted or len(fitting) < 2:
            return fitting[0] if wanted and fitting else None
        before = [(place, person) for place, person in self._mentions if person in fitting and place < first]
        return before[-1][1] if before else None

    def _led(self, wanted: Sequence[str]) -> list[Person]:
        """Who leads the body of which words name the head (`the head of the agency` for its director)."""
        leaders, heads = self._words.speech.at_the_head
        body = [word for word in wanted if not self._any(word, leaders)]
        if len(body) == len(wanted):
            return []
        every = leaders | heads
        found = [person for person in self.persons if any(self._is_head(office, every) for office in person.offices)]
        own = [person for person in found if body and self._holds(person, body)]
        generic = len(body) == 1 and self._any(body[0], self._words.speech.nominatives)
        return own or (found if generic else [])

    def _is_head(self, office: tuple[int, int], heads: frozenset[str]) -> bool:
        """Whether an office leads a body: a head's, and no deputy's."""
        words = [self._words.folded(index) for index in range(*office)]
        deputies = self._words.speech.deputies
        deputy = any(part in word for word in words for part in deputies)
        return not deputy and any(self._any(word, heads) for word in words)

    def _any(self, word: str, known: frozenset[str]) -> bool:
        return any(alike(word, other) for other in known)

    def represents(self, index: int) -> bool:
        """Whether a noun is for who speaks for a body or state (`representative`)."""
        nouns = _representatives(self._words.speech.anyone, self._words.speech.bodies)
        return any(alike(self._words.folded(index), noun) for noun in nouns)

    def _stateless(self, wanted: Sequence[str]) -> list[Person]:
        """Who has the office of a state that words name, though the text gave the office alone (`the Hungarian …`)."""
        office = [word for word in wanted if state_of(word) is None]
        found = [person for person in self.persons if person.offices and not self._states(person)]
        return [person for person in found if office and self._holds(person, office)]

    def _of_state(self, wanted: Sequence[str]) -> list[Person]:
        """Who has an office of the one state that words name: the only one there is."""
        states = {state for word in wanted if (state := state_of(word))}
        return [person for person in self.persons if len(states) == 1 and states <= self._states(person)]

    def _states(self, person: Person) -> set[str]:
        """The states in somebody's office; where it has none, those between the name and the one before it."""
        offices = {state for office in person.offices for state in self._states_in(*office)}
        return offices or self._states_in(self._behind_others(person.runs[0]), person.runs[0].first)

    def _states_in(self, first: int, last: int) -> set[str]:
        return {state for index in range(first, last) if (state := state_of(self._words.folded(index)))}

    def _behind_others(self, run: Run) -> int:
        """The first word of a name's sentence, or the one behind the last name before it there."""
        start = self._words.around(run.first).start
        return max((end for end in self._ends if start < end <= run.first), default=start)

    def _tells(self, index: int) -> bool:
        return (
            self._words.use(index, "particles", "pronouns", "honorifics") is None and len(self._words.folded(index)) > 2
        )

    def _holds(self, person: Person, wanted: Sequence[str]) -> bool:
        own = [self._words.folded(index) for first, last in person.offices for index in range(first, last)]
        return all(any(self.alike(word, part) for part in own) for word in wanted)

    def alike(self, one: str, other: str) -> bool:
        """Whether two words of an office are one, with any ending or without a genitive's (`әкімнің`, `әкімінің`)."""
        genitives = self._words.genitives
        if (state := state_of(one)) is not None and state == state_of(other):
            return True
        return alike(one, other) or alike(_without(one, genitives), _without(other, genitives))

    def _is_all(self, person: Person, wanted: Sequence[str]) -> bool:
        """Whether the office has no more to it: a deputy minister is no minister."""
        words = self._words
        for first, last in person.offices:
            named = {
                index
                for use in words.of(range(first, last), "offices")
                for index in range(use.first, min(use.last, last))
            }
            if named and all(any(alike(words.folded(index), word) for word in wanted) for index in named):
                return True
        return False

    def _named_just_before(self, noun: Use) -> bool:
        """Whether a noun stands for somebody named before it in its sentence or the one before.

        It does where nobody speaks there, or where it has a case: who is greeted or thanked was met before.
        """
        parts = self._words.parts
        at = self._words.sentence_at(noun.first)
        if not self._is_object(noun) and next(self._words.of(parts[at], "verbs", "tones"), None):
            return False
        return any(parts[max(0, at - 1)].start <= place < noun.first for place, _ in self._mentions)

    def _is_object(self, noun: Use) -> bool:
        """Whether a noun for anyone has a case that no subject has, or stands behind a name with an ending."""
        words, folded = self._words, self._words.folded(noun.last - 1)
        if noun.role != "anyone" or folded in words.speech.nominatives:
            return False
        return folded.endswith(words.speech.oblique) or noun.first in self._ends

    def introduced(self, first: int, last: int) -> bool:
        """Whether the office in words `first` to `last` was named before without a person."""
        words = self._words
        wanted = [words.folded(index) for index in range(first, last) if words.use(index, "offices", "anyone")]
        taken = {index for person in self.persons for office in person.offices for index in range(*office)}
        return any(
            index not in taken
            and (index + 1 >= first or words.gap(index + 1) != "-")
            and any(alike(words.folded(index), word) for word in wanted)
            for use in words.of(range(first), "offices", "anyone")
            if not self.inside_marks(words.tokens[use.first].start) and not self._named_just_before(use)
            if not words.gap(use.last).startswith(".")  # `Prof. X`
            for index in range(use.first, use.last)
            if not any(plural in words.folded(index)[_STEM - 1 :] for plural in words.speech.plurals)
        )

    # --------------------------------------------------------------------------------------------------- pronoun

    def gender(self, name: str) -> str | None:
        """Whether a name ends as a man's or a woman's; most do not say it."""
        last = fold(name).split()[-1]
        if last.endswith(_WOMEN):
            return "feminine"
        return "masculine" if last.endswith(_MEN) else None

    def last_named(self, index: int, start: int) -> tuple[bool, Person | None]:
        """Whether anybody is named between word `start` and word `index`, and who last; null where two are."""
        words = self._words
        near = [(place, person) for place, person in self._mentions if start <= place < index and person.believed]
        near = near or [(place, person) for place, person in self._mentions if start <= place < index]
        if not near:
            return False, None
        place, person = near[-1]
        sentence = next(s for s in words.sentences if words.tokens[place].start < s.end)
        others = {id(other) for at, other in near if words.tokens[at].start >= sentence.start}
        return True, person if len(others) == 1 else None


def state_of(folded: str) -> str | None:
    """Which state a word names or is of, as it looks folded (`Türkiye`, `турецкий`)."""
    if folded in _TURKISH:
        return "tr"
    return next((state for state, stems in _STATES.items() if folded.startswith(stems)), None)


def possessed(folded: str) -> bool:
    """Whether a noun may have the ending of one that another noun modifies."""
    return folded[-1:] in _POSSESSED


def _without(word: str, endings: Sequence[str]) -> str:
    """A folded word without the longest of the endings that it has."""
    return word.removesuffix(max((ending for ending in endings if word.endswith(ending)), key=len, default=""))


def alike(one: str, other: str) -> bool:
    """Whether two folded words are one with other endings."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    common = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    if common == shorter == _SHORTEST:
        return abs(len(one) - len(other)) < _SHORTEST  # `мэр`, `мэри`
    return common >= _STEM and common >= 0.7 * shorter and abs(len(one) - len(other)) <= _ENDING
