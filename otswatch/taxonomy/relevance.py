"""How centrally a text is about the OTS: its names and its bodies' names, where they stand, and how often.

An abbreviation counts only in its own language and where something supports it (a state, a place or a person of the
OTS, or two other organisations in the sentence), unless that language knows it; where a name stands in full it always
counts, and where the text gives it to something else it does not. Asides (`otswatch.taxonomy.asides`) say nothing about
the OTS: a text with nothing but those passes it by.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from otswatch.records import Evidence, Relevance
from otswatch.taxonomy.asides import Aside, Sentence
from otswatch.taxonomy.loader import Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.schema import Name
from otswatch.text.spellings import spellings

#: What one mention is worth by its place or as an aside, and the sum that is as much as a text can say.
_WORTH = {"title": 3.0, "lead": 2.0, "body": 1.0}
_ASIDE = 0.25
_FULL = 8.0
#: A text about the OTS names it once in so many characters, a text with a part about it once in the second number.
_ABOUT_EVERY, _PART_EVERY = 3000, 2500
#: Up to this length one mention in the first paragraph is enough.
_SHORT_TEXT = 1500
_SHOWN = 8
#: An abbreviation is spelt out in at most so many words.
_SPELT_OUT = 6
#: Words around an abbreviation among which the text may say what it stands for.
_NEAR = 12
_MODEL = re.compile(r"-\d{1,3}(?!\w)")
_TURKIC = ("turk", "torok", "турк", "турик", "тюрк")


@dataclass(frozen=True, slots=True)
class Named:
    """The OTS, a body, or another organisation, named at one place."""

    reading: Reading
    match: Match[Use]

    @property
    def sentence(self) -> tuple[int, int]:
        """Start and end of the sentence that the name stands in."""
        return self.reading.sentence(self.match.start)

    @property
    def place(self) -> Literal["title", "lead", "body"]:
        if self.reading.frame == "title":
            return "title"
        return "lead" if self.match.start < self.reading.opening_end else "body"


def named(taxonomy: Taxonomy, readings: Sequence[Reading], language: str) -> list[Named]:
    """Every organisation that is named, without the abbreviations that nothing supports."""
    found = [Named(reading, match) for reading in readings for match in _by_place(reading)]
    support = _Support(taxonomy, readings, found)
    names = _once(name for name in found if support.is_enough(name, language))
    at_work = {(id(name.reading), name.sentence) for name in names if taxonomy.organisations[_body(name)].role == "ots"}
    organs = (Named(reading, match) for reading in readings for match in reading.of("organ"))
    return [*names, *_once(organ for organ in organs if (id(organ.reading), organ.sentence) in at_work)]


#: A sentence of a reading.
_Place = tuple[int, tuple[int, int]]


class _Support:
    """What in a text supports its abbreviations, and what speaks against them."""

    def __init__(self, taxonomy: Taxonomy, readings: Sequence[Reading], found: Sequence[Named]) -> None:
        self._taxonomy = taxonomy
        self._readings = readings
        self._found = found

    @cached_property
    def _in_full(self) -> bool:
        return any(_own(self._taxonomy, name) and _kind(name) == "name" for name in self._found)

    @cached_property
    def _at_home(self) -> bool:
        return any(reading.of("country", "context") for reading in self._readings)

    @cached_property
    def _taken(self) -> set[str]:
        rivals = {match.value.id for reading in self._readings for match in reading.of("rival")}
        return rivals | {_body(name) for name in self._found if _is_spelt_out(name)}

    @cached_property
    def _contexts(self) -> set[tuple[str, int, tuple[int, int]]]:
        return {
            (match.value.id, id(reading), reading.sentence(match.start))
            for reading in self._readings
            for match in reading.of("context")
        }

    @cached_property
    def _others(self) -> dict[_Place, set[str]]:
        others: dict[_Place, set[str]] = defaultdict(set)
        for name in self._found:
            if not _own(self._taxonomy, name):
                others[id(name.reading), name.sentence].add(_body(name))
        return others

    def is_enough(self, name: Named, language: str) -> bool:
        """Whether the name counts in a text of that language."""
        kind, body, sentence = _kind(name), _body(name), (id(name.reading), name.sentence)
        if kind == "name":
            return True
        if _is_a_model(name):
            return False
        if self._in_full:
            return True
        if language not in {name.match.value.lang, "und"} or body in self._taken:
            return False
        if kind == "short":
            return self._at_home or len(self._others.get(sentence, ())) > 1
        in_title = self._at_home and name.place == "title"
        return kind == "home" or in_title or (body, *sentence) in self._contexts


def _by_place(reading: Reading) -> list[Match[Use]]:
    return sorted(reading.of("organisation"), key=lambda match: (match.start, -match.end))


def _body(name: Named) -> str:
    return name.match.value.id


def _own(taxonomy: Taxonomy, name: Named) -> bool:
    """Whether it speaks for relevance; an organ stands beside a name that does."""
    return taxonomy.organisations[_body(name)].role not in {"other", "organ"}


def _kind(name: Named) -> str:
    item = name.match.value.item
    return item.kind if isinstance(item, Name) else "name"


def _is_a_model(name: Named) -> bool:
    """Whether the letters are those of a machine ("ТДТ-55"); behind a year ("TDT-2040") they are not."""
    return _MODEL.match(name.reading.text, name.match.end) is not None


def _is_spelt_out(name: Named) -> bool:
    """Whether the text says what the letters of an abbreviation stand for, and it is something else.

    In brackets ("Tovuz Dram Teatrı (TDT)") a word may be missing; near by ("TDT – tungi dala tozalash") none may.
    """
    if _kind(name) not in {"home", "short"}:
        return False
    written = name.reading.words.folded[name.match.first]
    return any(_explains(name, letters) for letters in spellings(written, name.match.value.lang))


def _explains(name: Named, letters: str) -> bool:
    """Whether the words around an abbreviation begin with its letters, which may be those of the other script."""
    text, words, match = name.reading.text, name.reading.words.folded, name.match
    ahead, after = words[max(0, match.first - _NEAR) : match.first], words[match.last : match.last + _NEAR]
    if _begin(ahead, letters) or _begin(after, letters):
        return True
    before, behind = text[max(0, match.start - 2) : match.start].rstrip(), text[match.end : match.end + 2].lstrip()
    if before.endswith("(") and behind.startswith(")"):
        return _spells(ahead[-_SPELT_OUT:], letters)
    return behind.startswith("(") and _spells(after[:_SPELT_OUT], letters)


def _begin(words: Sequence[str], letters: str) -> bool:
    """Whether words next to each other begin with the letters, and none of them is Turkic."""
    count = len(letters)
    starts = (place for place in range(len(words) - count + 1) if words[place].startswith(letters[0]))
    return count > 2 and any(
        all(word.startswith(letter) and len(word) > 1 for word, letter in zip(run, letters, strict=True))
        and not any(word.startswith(_TURKIC) for word in run)
        for run in (words[place : place + count] for place in starts)
    )


def _spells(words: Sequence[str], letters: str) -> bool:
    """Whether all letters but one begin words, in order, and none of these is Turkic: that may be an unknown name."""
    found: list[str] = []
    for letter in letters:
        rest = words[words.index(found[-1]) + 1 :] if found else words
        found += [word for word in rest if word.startswith(letter)][:1]
    return 2 <= len(found) >= len(letters) - 1 and not any(word.startswith(_TURKIC) for word in words)


def _once(names: Iterator[Named]) -> list[Named]:
    """One per place: the same letters are an abbreviation in several languages."""
    places: dict[tuple[int, int], Named] = {}
    for name in names:
        places.setdefault((id(name.reading), name.match.start), name)
    return list(places.values())


def judge(taxonomy: Taxonomy, names: Sequence[Named], length: int) -> Relevance:
    """The level; `length` is that of the text in characters.

    The evidence is what the level rests on: the names that are no asides, or where there are none the asides, each with
    the words that make it one. Its rule ends in whose name it is and where it stands, or in what sort of aside it is.
    """
    own = _apart([name for name in names if _own(taxonomy, name)])
    asides = _asides(taxonomy, own)
    free = [name for name, aside in zip(own, asides, strict=True) if aside is None]
    total = sum(_WORTH[name.place] for name in free) + _ASIDE * (len(own) - len(free))
    level = _level(free, length) if own else "none"
    shown = [_shown(taxonomy, name, name.place) for name in free[:_SHOWN]]
    for name, aside in zip(own, asides, strict=True):
        if aside and not free:
            shown += [_shown(taxonomy, name, aside.kind), *aside.evidence]
    return Relevance(level=level, score=round(min(1.0, total / _FULL), 3), evidence=tuple(dict.fromkeys(shown)))


def _shown(taxonomy: Taxonomy, name: Named, why: str) -> Evidence:
    rule = f"relevance/{taxonomy.version}:{_body(name)}/{why}"
    return name.reading.evidence(name.match.start, name.match.end, rule)


def _asides(taxonomy: Taxonomy, own: Sequence[Named]) -> list[Aside | None]:
    """For each name why it is an aside, if it is one."""
    sentences: dict[_Place, Sentence] = {}
    found: list[Aside | None] = []
    for name in own:
        place = (id(name.reading), name.sentence)
        if place not in sentences:
            sentences[place] = Sentence(taxonomy, name.reading, *name.sentence)
        found.append(sentences[place].aside(name.match))
    return found


def _level(free: Sequence[Named], length: int) -> Literal["about", "part", "passing"]:
    places = {name.place for name in free}
    often = len(free)
    if "title" in places or ("lead" in places and (length <= _SHORT_TEXT or often >= max(2, length / _ABOUT_EVERY))):
        return "about"
    if "lead" in places or (free and often >= length / _PART_EVERY):
        return "part"
    return "passing"


def _apart(names: list[Named]) -> list[Named]:
    """Without an abbreviation that only explains the name before it: "Organization of Turkic States (OTS)"."""
    kept: list[Named] = []
    for name in names:
        before = kept[-1] if kept else None
        explains = before is not None and before.reading is name.reading and name.match.first == before.match.last
        if not (explains and _kind(name) in {"home", "short"}):
            kept.append(name)
    return kept
