"""A text as the search for speech reads it: its words, what each does beside speech, its sentences, and its names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
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
_VERBS = frozenset({"verbs", "tones", "calls", "reads", "plain"})
#: A name has at most so many words.
_LONGEST_NAME = 4
_CLOSERS = '»”“"’›)'
_STOP = re.compile(rf"[.!?…]+[{_CLOSERS}]*\s+(?=[«“„\"‘»(—–-]*\s?\w)|[;]\s+")
_LETTERS_BEHIND = re.compile(r"ʻ[^\W\d_]+")
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

    def use(self, index: int, *roles: SpeechRole) -> Use | None:
        """The longest use of the words at `index` in one of the roles."""
        longest: Use | None = None
        for use in self.uses.get(index, ()):
            if use.role in roles and (longest is None or use.last > longest.last):
                longest = use
        return longest

    def of(self, places: Sequence[int] | range, *roles: SpeechRole) -> Iterator[Use]:
        """The uses in these roles, or in any, that begin at the given words, in order."""
        uses = self.uses
        return (use for index in places if index in uses for use in uses[index] if not roles or use.role in roles)

    def folded(self, index: int) -> str:
        return self.tokens[index].text

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
        return self.text[self.tokens[index - 1].end : self.tokens[index].start] if index else ""

    def capital(self, index: int) -> bool:
        return self.text[self.tokens[index].start].isupper()

    def speaks(self, start: int, end: int) -> bool:
        """Whether words of speech stand near the beginning of the text between two places."""
        near = self.within(start, end)[:_NEAR]
        return any(True for _ in self.of(near, "verbs", "tones", "quotatives", "calls"))

    @cached_property
    def places(self) -> dict[int, Place]:
        """What names a state, a place or an organisation, by its first word; the longest where several begin there."""
        found: dict[int, Place] = {}
        for match in self._named:
            role, whose = match.value.role, match.value.id
            known = found.get(match.first)
            if known is None or match.last > known.last:
                found[match.first] = Place(match.first, match.last, role == "organisation", whose, role != "place")
        return found

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the text, folded."""
        return frozenset(token.text for token in self.tokens)

    # ------------------------------------------------------------------------------------------------- sentences

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        return paragraphs(self.text, self.speaks)

    @cached_property
    def sentences(self) -> list[Sentence]:
        """All sentences in order. Speech ends one only where it ends with a stop itself."""
        return [
            Sentence(start, end, index, tuple(span for span in paragraph.spans if start <= span.left < end))
            for index, paragraph in enumerate(self.paragraphs)
            for start, end in self._split(paragraph)
        ]

    def _split(self, paragraph: Paragraph) -> Iterator[tuple[int, int]]:
        if paragraph.dialogue:
            yield paragraph.start, paragraph.end
            return
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
        if not (following[:1].isupper() or following[:1].isdigit() or opened):
            return False
        if inside:
            # `"Who knows?" Petrova asked.` is one sentence; `“We came.” She left.` is two.
            return opened or match[0].strip(_CLOSERS + " \n\u00a0")[-1:] in {".", "…"}
        before = self.text[max(paragraph.start, place - 12) : place]
        return not (
            match[0][0] == "." and (_INITIALS.search(before) or _SHORTENED.search(before) or self._ordinal(before))
        )

    def _ordinal(self, before: str) -> bool:
        return self.speech.ordinals and bool(_ORDINAL.search(before))

    # ------------------------------------------------------------------------------------------------------ names

    @cached_property
    def runs(self) -> dict[int, Run]:
        """Runs of capitalised words that are no state, place, organisation, office or function word, by first word."""
        return {run.first: run for run in self._runs()}

    def _runs(self) -> Iterator[Run]:
        stop = self._no_names
        index, count = 0, len(self.tokens)
        while index < count:
            if index in stop or not self._name(index):
                index += 1
                continue
            last = index + 1
            while last < count and last not in stop and self._joined(last) and last - index < _LONGEST_NAME:
                if last - index > 1 and self.folded(last).endswith(self._oblique):
                    break
                last += 1
            honorific = self.use(last, "honorifics") if last < count and self.gap(last) in {" ", "-"} else None
            yield Run(index, honorific.last if honorific else last)
            index = last

    @cached_property
    def _no_names(self) -> frozenset[int]:
        roles: tuple[SpeechRole, ...] = (
            "offices", "anyone", "pronouns", "particles", "verbs", "tones", "that", "by", "documents", "bodies",
            "occasions",
        )  # fmt: skip
        spoken = {index for use in self.of(range(len(self.tokens)), *roles) for index in range(use.first, use.last)}
        named = {index for place in self.places.values() for index in range(place.first, place.last)}
        return frozenset(spoken | named)

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
        genitive = self.folded(index - 1).endswith(self.genitives)
        return not genitive and self._script(index) == self._script(index - 1)

    def _script(self, index: int) -> bool:
        """Whether a word is written in Latin letters: no name is written in two alphabets."""
        return (
            self.text[self.tokens[index].start] < "\u0370" or "\u1e00" <= self.text[self.tokens[index].start] < "\u1f00"
        )
