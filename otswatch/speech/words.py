"""A text as the search for speech reads it: its words, what each does beside speech, its sentences, and its names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from otswatch.speech.marks import Paragraph, Span, paragraphs
from otswatch.taxonomy.loader import Role, SpeechRole, Taxonomy
from otswatch.taxonomy.matcher import FoldedText
from otswatch.taxonomy.schema import Speech

#: Words of speech stand so near to the beginning of a frame that nothing else marks.
_NEAR = 10
#: What names a state, a place or a body.
_NAMES: tuple[Role, ...] = ("country", "foreign", "place", "organisation")
_PEOPLE: tuple[SpeechRole, ...] = ("offices", "anyone")
_VERBS = frozenset({"verbs", "tones", "calls", "reads", "plain"})
#: A name has at most so many words.
_LONGEST_NAME = 4
#: A name in full has so many words, given name and surname.
NAMED = 2
#: How the surnames end that end a name in Turkic languages; shorter words may be given names (`Eva`).
_SURNAMES = ("ov", "ova", "ev", "eva", "ow", "owa", "ew", "ewa", "zade", "ов", "ова", "ев", "ева", "заде")
_SHORT_NAME = 4
#: A word has so many letters without its case at least; an ending of two letters is a case at the end of a long word.
_LEFT, _LONG_WORD, _LONG_CASE = 3, 9, 3
#: How a long word ends that is an object in the languages where no given name of that length ends so, folded.
_OBJECTS, _LONG_OBJECT = ("sini", "ny", "ны", "ни", "ды", "ди", "ду", "ты", "ти", "ту"), 7
#: How a Russian second name ends, folded.
_PATRONYMICS = ("ович", "евич", "овна", "евна", "улы", "уулу", "кызы", "оглы", "оглу", "заде")
#: How a Hungarian name of a place ends that says where something was, folded.
_WHERE, _LONG_PLACE = ("on", "en", "ban", "ben"), 5
#: How nouns for kinds of places begin, folded: the name before one is that place's (`Mary şäheriniň`).
_TOWNS = (
    *(
        "seher",
        "sehir",
        "sehr",
        "shahr",
        "shahar",
        "welayat",
        "viloyat",
        "vilayet",
        "oblys",
        "oblus",
        "oblast",
        "rayon",
    ),
    *("etrab", "etrap", "tuman", "kent", "koy", "qesebe", "oba", "qishloq", "qala", "шаар", "шахар", "шахр", "кала"),
    *("облыс", "облус", "район", "аудан", "аил", "ауыл", "вилоят", "туман", "кишлок", "ил", "ilce"),
)
_CLOSERS = '»”“"’›)'
_STOP = re.compile(rf"[.!?…]+[{_CLOSERS}]*\s+(?=[«“„\"‘»(—–-]*\s?\w)|[;]\s+")
_LETTERS_BEHIND = re.compile(r"(?:ʻ|(?<=[gG])‘)[^\W\d_]+")
_INITIALS = re.compile(r"(?:^|[\s(«“\"])[^\W\d_](?:\.[^\W\d_])*$")
_SHORTENED = re.compile(
    r"(?:^|\s)(?:prof|dr|doç|doc|mr|mrs|ms|st|gen|col|vs|no|им|ул|проф|тов|akad|акад|öğr|yrd|av|min|sayg)$", re.I
)
_ORDINAL = re.compile(r"(?:^|\s)\d{1,4}$")


@dataclass(frozen=True, slots=True)
class Use:
    """What words `first` to `last` (exclusive) do."""

    role: SpeechRole
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Run:
    """Capitalised words `first` to `last` (exclusive): something's or somebody's name."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Place:
    """Words `first` to `last` (exclusive) that name a state or place, or a body; `id`: whose name it is.

    `of`: whether an office can be of it (of a state or body, not of a town).
    """

    first: int
    last: int
    body: bool
    id: str
    of: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph: `text[start:end]`, and the spans that begin in it."""

    start: int
    end: int
    paragraph: int
    spans: tuple[Span, ...]


class Words:
    """The words of a text in one language."""

    def __init__(self, text: str, speech: Speech, known: Taxonomy) -> None:
        self.text = text
        self.speech = speech
        self._folded = FoldedText(text)
        self.tokens = self._folded.tokens
        self._starts = [token.start for token in self.tokens]
        self.joints = frozenset(speech.joins)
        self.genitives = tuple(case for case in speech.cases if len(case) > 2)
        self._oblique = tuple(ending for ending in speech.oblique if len(ending) > 2)
        self.uses: dict[int, list[Use]] = {}
        for match in known.speech_words(speech.id).find(self._folded):
            self.uses.setdefault(match.first, []).append(Use(match.value, match.first, match.last))
        self._forget_capitals()
        self._named = known.finder(*_NAMES).find(self._folded)
        self._forget_names()

    def _forget_capitals(self) -> None:
        """A verb has no capital inside a sentence (`Member States`)."""
        for index, uses in self.uses.items():
            if index and self.capital(index) and self.gap(index) in {" ", "-"}:
                uses[:] = [use for use in uses if use.role not in _VERBS]

    def _forget_names(self) -> None:
        """Words inside a name do nothing by themselves (`Organization of Turkic States`)."""
        for place in self.places.values():
            for index in range(place.first + 1, place.last):
                self.uses.pop(index, None)

    # ------------------------------------------------------------------------------------------- words and roles

    def __len__(self) -> int:
        return len(self.tokens)

    def at(self, place: int) -> int:
        """The first word that begins at a place of the text or behind it."""
        return bisect_left(self._starts, place)

    def within(self, start: int, end: int) -> range:
        """The words that begin between two places of the text."""
        return range(self.at(start), self.at(end))

    def around(self, index: int) -> range:
        """The words of the sentence of a word."""
        return self.parts[self.sentence_at(index)]

    def sentence_at(self, index: int) -> int:
        """The number of the sentence of a word."""
        return bisect_right(self._stops, index)

    @cached_property
    def _stops(self) -> list[int]:
        return [part.stop for part in self.parts]

    def span_at(self, place: int) -> Span | None:
        """The words in marks that a place of the text is among."""
        spans = (span for paragraph in self.paragraphs if paragraph.end > place for span in paragraph.spans)
        return next((span for span in spans if span.start <= place < span.end), None)

    def inside_marks(self, index: int) -> bool:
        """Whether a word begins in marks or behind a dash."""
        place = self.tokens[index].start
        before = bisect_right(self._openings, place) - 1
        return before >= 0 and place < self._spans[before].right

    @cached_property
    def _spans(self) -> list[Span]:
        return [span for paragraph in self.paragraphs for span in paragraph.spans]

    @cached_property
    def _openings(self) -> list[int]:
        return [span.left for span in self._spans]

    def use(self, index: int, *roles: SpeechRole) -> Use | None:
        """The longest use of the words at `index` in one of the roles, or in any."""
        longest: Use | None = None
        for use in self.uses.get(index, ()):
            if (not roles or use.role in roles) and (longest is None or use.last > longest.last):
                longest = use
        return longest

    def of(self, places: Sequence[int] | range, *roles: SpeechRole) -> Iterator[Use]:
        """The uses in these roles, or in any, that begin at the given words, in order."""
        uses = self.uses
        return (use for index in places if index in uses for use in uses[index] if not roles or use.role in roles)

    def folded(self, index: int) -> str:
        """A word without case and accents, with the letters behind a mark that is a letter itself (`boshlig‘i`)."""
        return self._letters.get(index, self.tokens[index].text)

    @cached_property
    def _letters(self) -> dict[int, str]:
        behind = {match.start(): match[0][1:].casefold() for match in _LETTERS_BEHIND.finditer(self.text)}
        if not behind:
            return {}
        return {index: token.text + behind[token.end] for index, token in enumerate(self.tokens) if token.end in behind}

    def written(self, first: int, last: int) -> str:
        """The text from word `first` to before `last`, without a case ending that an apostrophe sets off."""
        return self.text[self.tokens[first].start : self.end(last)]

    def part(self, first: int, last: int) -> tuple[int, int]:
        """The place in the text of what `written` gives."""
        return self.tokens[first].start, self.end(last)

    def end(self, last: int) -> int:
        """Where the word before `last` ends. The mark of Uzbek oʻ and gʻ is a letter, whatever stands behind it."""
        end = self.tokens[last - 1].end
        letters = _LETTERS_BEHIND.match(self.text, end)
        return letters.end() if letters else end

    def gap(self, index: int) -> str:
        """What stands between a word and the one before it, an ending behind an apostrophe included."""
        if not 0 < index < len(self.tokens):
            return ""
        end = self.end(index) if index - 1 in self._letters else self.tokens[index - 1].end
        return self.text[end : self.tokens[index].start]

    def genitive(self, index: int) -> bool:
        """Whether a word has the ending of one whose something is (`Aydın` has none: too little is left of it)."""
        folded = self.folded(index)
        return any(folded.endswith(case) and len(folded) - len(case) >= _LEFT for case in self.genitives)

    def capital(self, index: int) -> bool:
        return self.text[self.tokens[index].start].isupper()

    def speaks(self, start: int, end: int) -> bool:
        """Whether words of speech stand near the beginning of the text between two places."""
        near = self.within(start, end)[:_NEAR]
        return any(True for _ in self.of(near, "verbs", "tones", "quotatives", "calls", "reads"))

    def says(self, start: int, end: int) -> int | None:
        """Where the last word that only follows speech stands between two places of the text."""
        found = [use.first for use in self.of(self.within(start, end), "quotatives")]
        return self.tokens[found[-1]].start if found else None

    @cached_property
    def places(self) -> dict[int, Place]:
        """What names a state, a place or an organisation, by its first word; the longest where several begin there."""
        found: dict[int, Place] = {}
        for match in self._named:
            role, whose = match.value.role, match.value.id
            if self._given(match.first, match.last):
                continue
            known = found.get(match.first)
            if known is None or match.last > known.last:
                found[match.first] = Place(match.first, match.last, role == "organisation", whose, role != "place")
        return found

    def _given(self, first: int, last: int) -> bool:
        """Whether what looks like a place is a given name: a surname follows, and no ending says `in` or `from`."""
        if not self.speech.oblique or last - first > 1 or last >= len(self.tokens):
            return False
        if self.speech.order != "free" and not any(use.last == first for use in self.of((first - 1,), *_PEOPLE)):
            return False
        follows = self.gap(last) == " " and self.capital(last) and self.folded(last).endswith(_SURNAMES)
        return follows and not self.folded(first).endswith(self.speech.oblique)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the text, folded."""
        return frozenset(token.text for token in self.tokens)

    # ------------------------------------------------------------------------------------------------- sentences

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        return paragraphs(self.text, self)

    @cached_property
    def sentences(self) -> list[Sentence]:
        """All sentences in order. Speech ends one only where it ends with a stop itself."""
        return [
            Sentence(start, end, index, tuple(span for span in paragraph.spans if start <= span.left < end))
            for index, paragraph in enumerate(self.paragraphs)
            for start, end in self._split(paragraph)
        ]

    def begins_sentence(self, index: int) -> bool:
        """Whether a word may have its capital from the sentence alone, be it behind a dash or a colon."""
        start = self.tokens[index].start
        before = self.text[max(0, start - 6) : start].rstrip('«“„"‘» \u00a0—–-')
        return not before or before[-1] in ".!?…:\n"

    @cached_property
    def parts(self) -> list[range]:
        """The words of each sentence."""
        return [self.within(sentence.start, sentence.end) for sentence in self.sentences]

    def _split(self, paragraph: Paragraph) -> Iterator[tuple[int, int]]:
        start = paragraph.start
        for match in _STOP.finditer(self.text, paragraph.start, paragraph.end):
            if self._ends(paragraph, match):
                yield start, match.end()
                start = match.end()
        if start < paragraph.end:
            yield start, paragraph.end

    def _ends(self, paragraph: Paragraph, match: re.Match[str]) -> bool:
        place, behind = match.start(), match.end()
        inside = next((span for span in paragraph.spans if span.left <= place < span.right), None)
        if inside and behind < inside.right:
            return False
        following = self.text[behind : behind + 3].lstrip("—–- ")
        opened = following[:1] in tuple('«“„"‘»')
        if following != self.text[behind : behind + 3] and any(
            behind <= span.left <= behind + 3 for span in paragraph.spans
        ):
            return False  # `“A,” she said. — “B.”`
        if not (following[:1].isupper() or following[:1].isdigit() or opened):
            return False
        if inside:
            # `"Who knows?" Petrova asked.` is one sentence; `“We came.” She left.` is two.
            return opened or match[0].strip(_CLOSERS + " \n\u00a0")[-1:] in {".", "…"}
        before = self.text[max(paragraph.start, place - 12) : place]
        return not (
            match[0][0] == "." and (self._initials(before) or _SHORTENED.search(before) or self._ordinal(before))
        )

    def _initials(self, before: str) -> bool:
        """Whether a stop belongs to an initial; a pronoun of one letter ends its sentence (`…, dedi u.`)."""
        return bool(_INITIALS.search(before)) and before[-1] not in self.speech.pronouns

    def _ordinal(self, before: str) -> bool:
        return self.speech.ordinals and bool(_ORDINAL.search(before))

    # ------------------------------------------------------------------------------------------------------ names

    @cached_property
    def runs(self) -> dict[int, Run]:
        """Runs of capitalised words that are no state, place, organisation, office or function word, by first word."""
        found = [*self._runs()]
        alone = {self.folded(run.first) for run in found if run.last - run.first == 1}
        pairs = {self._two(run) for run in found if run.last - run.first == NAMED}
        found = [Run(run.last - NAMED, run.last) if self._two(run) in pairs else run for run in found]
        return {run.first: run for run in (self._without_neighbours(run, alone) for run in found)}

    def _two(self, run: Run) -> tuple[str, ...]:
        """The last two words of a run: of a longer one the name, where they are a run of their own elsewhere."""
        return tuple(self.folded(index) for index in range(run.first, run.last)[-NAMED:])

    def _without_neighbours(self, run: Run, alone: Set[str]) -> Run:
        """A long run without the word of a sentence before it, and without the noun's behind it.

        The text itself shows them: the first is also written small, or the last word but one is a surname `alone`.
        """
        if run.last - run.first <= NAMED:
            return run
        if self.speech.order == "free":
            if self.speech.behind == "anything" and run.last - run.first == NAMED + 1:
                noun = self._begins(run.first) or self.use(run.first - 1, *_PEOPLE) is not None
                known = not noun or self.folded(run.first + 1).endswith(_PATRONYMICS)
                return run if known else Run(run.first + 1, run.last)  # `Бригадир Иван Петров`, `Глава Совета …`
            where = len(self.folded(run.first)) > _LONG_PLACE and self.folded(run.first).endswith(_WHERE)
            return Run(run.first + 1, run.last) if where and self.speech.behind == "nothing" else run
        if self._is_place(run.last - 1):
            return Run(run.first, run.last - 1)
        if self._begins(run.first) and self.folded(run.first) in self._small:
            return Run(run.first + 1, run.last)
        behind = run.last < len(self.tokens) and self.gap(run.last) == " " and not self.capital(run.last)
        surname, last = self.folded(run.last - 2), self.folded(run.last - 1)
        return Run(run.first, run.last - 1) if behind and surname in alone and last not in alone else run

    def _is_place(self, index: int) -> bool:
        """Whether a noun for a kind of place stands behind a word, whose name it is."""
        behind = index + 1
        return behind < len(self.tokens) and self.gap(behind) == " " and self.folded(behind).startswith(_TOWNS)

    @cached_property
    def _small(self) -> frozenset[str]:
        """Every word that the text writes without a capital, folded."""
        return frozenset(token.text for index, token in enumerate(self.tokens) if not self.capital(index))

    def _runs(self) -> Iterator[Run]:
        stop = self._no_names
        index, count, portfolio = 0, len(self.tokens), -1
        while index < count:
            if index in stop or not self._name(index):
                index += 1
                continue
            last = index + 1
            if self._is_origin(index) or self._is_setting(index):
                index += 1
                continue
            while last < count and last not in stop and self._joined(last) and last - index < _LONGEST_NAME:
                if self._is_next(index, last):
                    break
                last += 1
            if self._is_portfolio(index, portfolio):
                portfolio = last
                if not self._is_surname_of(index, last):
                    index = last if last - index <= NAMED else last - NAMED
                    continue
            honorific = self._honorific(last) if last < count and self.gap(last) in {" ", "-"} else None
            yield Run(index, honorific.last if honorific else last)
            index = last

    def _is_next(self, first: int, index: int) -> bool:
        """Whether a capitalised word is no part of the name before it: that has its surname, or this has a case."""
        if self.speech.order == "free":
            return index - first > 1 and self.folded(index).endswith(self._oblique)
        before = self.folded(index - 1)
        ended = len(before) > _SHORT_NAME and before.endswith(_SURNAMES) and self.use(index, "honorifics") is None
        return ended or (index - first > 1 and self.folded(index).endswith(self.speech.oblique))

    def _honorific(self, index: int) -> Use | None:
        """The form of address behind a name; where it is also a pronoun (`ага`), behind no surname."""
        use = self.use(index, "honorifics")
        ends = self.folded(index - 1).endswith(_SURNAMES)
        return None if use and ends and self.use(index, "particles", "pronouns") else use

    def _is_origin(self, index: int) -> bool:
        """Whether a word before a name says where its bearer comes from (`Marg‘ilonlik atlaschi`)."""
        word = self.folded(index)
        return (
            len(word) > _SHORT_NAME
            and word.endswith(self.speech.origins)
            and index + 2 < len(self.tokens)
            and self._joined(index + 1)
            and index + 1 not in self._no_names
            and not self.folded(index + 1).endswith(_SURNAMES)
            and (self._joined(index + 2) or self.use(index + 2, "honorifics") is not None)
        )

    def _is_setting(self, index: int) -> bool:
        """Whether a word with a case begins a sentence before a name (`Görüşmede Ali Kaya`)."""
        if self.speech.order == "free" or index + 1 >= len(self.tokens) or not self._joined(index + 1):
            return False
        if not self._begins(index):
            return False
        word = self.folded(index)
        if word.endswith(_OBJECTS) and len(word) >= _LONG_OBJECT:
            return True
        case = longest(self.speech.oblique, word)
        return bool(case) and (len(case) >= _LONG_CASE or len(word) >= _LONG_WORD) and len(word) - len(case) >= _LEFT

    def _begins(self, index: int) -> bool:
        """Whether a word is the first of a sentence, with nothing but an opening mark before it."""
        start = self.tokens[index].start
        return self.text[max(0, start - 3) : start].strip(' \u00a0«“„"')[-1:] in {"", ".", "!", "?", "…", "\n"}

    def _is_portfolio(self, index: int, last: int) -> bool:
        """Whether a run begins with what somebody is minister of; `last`: where the one before that was this ended."""
        if self.speech.behind != "linked" or index < 2:
            return False
        listed = last == index and self.gap(index) == ", "
        if last >= 0 and (listed or (last == index - 1 and self.folded(last) in self.joints)):
            return True
        if self.use(index - 1, "links") is None or self.gap(index) != " ":
            return False
        before = range(max(0, index - _NEAR), index)
        return any(use.last in {index - 1, index} for use in self.of(before, "offices", "bodies"))

    def _is_surname_of(self, first: int, last: int) -> bool:
        """Whether a run of two words behind `of` is somebody whose surname stands alone elsewhere in the text."""
        surname, alone = self.folded(last - 1), range(1, len(self.tokens))
        return last - first == NAMED and any(
            self.folded(index) == surname and self.capital(index) and not self.capital(index - 1) for index in alone
        )

    @cached_property
    def _no_names(self) -> frozenset[int]:
        roles: tuple[SpeechRole, ...] = (
            "offices", "anyone", "pronouns", "particles", "verbs", "tones", "that", "by", "documents", "bodies",
            "occasions",
        )  # fmt: skip
        spoken = {
            index
            for use in self.of(range(len(self.tokens)), *roles)
            if not self._is_surname(use)
            for index in range(use.first, use.last)
        }
        named = {index for place in self.places.values() for index in range(place.first, place.last)}
        return frozenset(spoken | named)

    def _is_surname(self, use: Use) -> bool:
        """Whether a noun for somebody has a capital that only a name gives it (`Timur Aqsaqal`, `Bíró Kálmán`)."""
        index = use.first
        if use.last - index > 1 or not self.capital(index):
            return False
        if self.speech.order == "free" and self.speech.behind == "nothing":
            return use.role in _PEOPLE and self.gap(index + 1) == " " and self.capital(index + 1)
        return use.role == "anyone" and self.gap(index) == " " and self.text[self.tokens[index].start - 2].isalpha()

    def _name(self, index: int) -> bool:
        written = self.text[self.tokens[index].start : self.tokens[index].end]
        return written[:1].isupper() and not (len(written) > 1 and written.isupper())

    def _joined(self, index: int) -> bool:
        gap = self.gap(index)
        if gap == "-":
            return self.capital(index)
        initial = gap in {". ", "."} and self.tokens[index - 1].end - self.tokens[index - 1].start <= 2
        if not self._name(index) or not (gap in {" ", "\u00a0"} or initial):
            return False
        return not self.genitive(index - 1) and self._script(index) == self._script(index - 1)

    def _script(self, index: int) -> bool:
        """Whether a word is written in Latin letters: no name is written in two alphabets."""
        return (
            self.text[self.tokens[index].start] < "\u0370" or "\u1e00" <= self.text[self.tokens[index].start] < "\u1f00"
        )


def longest(endings: Iterable[str], word: str) -> str:
    """The longest of some endings that a folded word has, else nothing."""
    return max((ending for ending in endings if word.endswith(ending)), key=len, default="")
