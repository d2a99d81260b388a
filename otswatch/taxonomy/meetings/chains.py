"""Which meeting words speak of: chains of whose it is, who meets, the word for it, its number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from otswatch.taxonomy.loader import Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.meetings.parts import Parts
from otswatch.taxonomy.meetings.sentence import BREAKS, Sentence, Span, folded, longest

#: So many words at most stand between the words of a chain, and beside its number.
_LINK, _NUMBER = 4, 1
#: Words of places, days and participles that may stand in a chain beside those (`TDT'nin Bakü'de yapılan zirvesi`).
_INSERTED = 9
#: An office that a body or an organisation belongs to stands so near.
_BESIDE = 2
_ROMAN = re.compile(r"(?=[IVX])X{0,2}(?:IX|IV|V?I{0,3})")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
#: `12th`, `12.`, `12-ci`, `10-саммит`: a number with what makes an ordinal of it behind.
_ORDINAL = re.compile(r"(\d{1,3})(?:st|nd|rd|th|(?=\.\s)|(?=['’]?[-‑]?[^\W\d_]))")
NOUNS = ("summits", "meetings", "informal", "extraordinary", "next")
#: A chain has one of these, or who meets.
_HEADS = ("summits", "meetings")
_SUMMITS = ("summit", "informal_summit", "extraordinary_summit")

_Word = Literal["whose", "who", "ministers", "summits", "meetings", "informal", "extraordinary", "next", "number"]


@dataclass(frozen=True, slots=True)
class Link:
    """One word of a chain, by its tokens. `value`: the body, the series or the number."""

    first: int
    last: int
    word: _Word
    value: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Words that speak of one meeting. `series`: which meetings, `of`: whose, `apart`: not the one told of before."""

    links: tuple[Link, ...]
    series: str = ""
    of: str = ""
    apart: bool = False

    @property
    def first(self) -> int:
        return self.links[0].first

    @property
    def last(self) -> int:
        return max(link.last for link in self.links)

    @property
    def number(self) -> int | None:
        numbers = {link.value for link in self.links if link.word == "number"}
        return int(numbers.pop()) if len(numbers) == 1 else None

    def has(self, *words: _Word) -> bool:
        return any(link.word in words for link in self.links)

    def is_occasion(self, sentence: Sentence) -> bool:
        """Whether the meeting is only named for what is before, after or beside it: `zirve öncesinde`."""
        behind = {match.first for match in sentence.spoken if match.value.id == "occasions"}
        return self.last in behind


class Chains:
    """The chains of a sentence. `before`: the last one of the sentence before, null where there is none."""

    def __init__(self, sentence: Sentence, parts: Parts, before: Chain | None) -> None:
        self._sentence = sentence
        self._parts = parts
        self._before = before

    def all(self) -> Iterator[Chain]:
        """Those of which it is known whose they are, in order: said there, or by the chain before."""
        if not self._who and all(noun.word not in _HEADS for noun in self._nouns):
            return
        heir, inherited = self._before, True
        for links in self._split():
            chain = self._owned(links) or (self._inherited(links, heir, near=not inherited) if heir else None)
            chain = chain or self._own(links)
            if chain:
                heir, inherited = chain, False
                yield self._numbered(chain)

    # ------------------------------------------------------------------------------------------------------------ links

    def _split(self) -> Iterator[list[Link]]:
        """Words that belong together: near each other, nothing but small words between them; one summit in each."""
        chain: list[Link] = []
        for link in self._links():
            if chain and not self._linked(chain[-1], link):
                yield chain
                chain = []
            if link.word == "summits" and any(known.word == "summits" for known in chain):
                cut = next((i for i, known in enumerate(chain) if known.word == "summits")) + 1
                yield chain[:cut]
                chain = chain[cut:]
            chain.append(link)
        if chain:
            yield chain

    def _linked(self, before: Link, after: Link) -> bool:
        gap = after.first - before.last
        if gap > _LINK + _INSERTED or self._parts.is_broken(before.last, after.first):
            return False
        return gap <= _LINK or gap - self._parts.inserted(before.last, after.first) <= _LINK

    def _links(self) -> list[Link]:
        taken = [(link.first, link.last) for link in self._who]
        words = [link for link in self._nouns if not _touches(link, taken)]
        return sorted([*self._whose(), *self._who, *words], key=lambda link: (link.first, link.last))

    def _whose(self) -> Iterator[Link]:
        for match in self._sentence.organisations:
            if not self._is_holders(match):
                yield Link(match.first, match.last, "whose", match.value.id)

    def _is_holders(self, body: Match[Use]) -> bool:
        """Whether it is only part of somebody's office: `TDT Genel Sekreteri`."""
        beside = (office for office in self._sentence.of("office") if office.first == body.last)
        return any(not self._many(office) and not self._named_who(office) for office in beside)

    @cached_property
    def _who(self) -> list[Link]:
        return [link for link in longest(self._meet()) if not self._is_in_a_title(link)]

    def _meet(self) -> Iterator[Link]:
        """Who meets, and the series: those that have words of their own, the organs, the ministers of a subject."""
        taxonomy = self._sentence.taxonomy
        named: list[tuple[Match[Use], str | None]] = [(match, match.value.id) for match in self._sentence.of("series")]
        named += [(match, taxonomy.organs.get(match.value.id)) for match in self._sentence.of("organ")]
        named += [
            (match, taxonomy.offices[match.value.id].together)
            for match in self._sentence.of("office")
            if self._many(match)
        ]
        yield from (Link(match.first, match.last, "who", series) for match, series in named if series)

    def _named_who(self, office: Match[Use]) -> bool:
        others = (*self._sentence.of("series"), *self._sentence.of("organ"))
        return any(match.first < office.last and office.first < match.last for match in others)

    def _is_in_a_title(self, who: Link) -> bool:
        """Whether it is only part of somebody's office: `chairman of the Council of Elders`."""
        sentence = self._sentence
        for match in sentence.of("office"):
            if match.first == who.last and not BREAKS.search(sentence.between(who.last, match.first)):
                return True
            near = 0 <= who.first - match.last <= _BESIDE
            if near and not sentence.words.verb_last and not BREAKS.search(sentence.between(match.last, who.first)):
                return True
        return False

    def _many(self, office: Match[Use]) -> bool:
        ministers = folded(self._sentence.words.ministers)
        words = self._sentence.reading.words.folded[office.first : office.last]
        return any(word.startswith(ministers) for word in words)

    @cached_property
    def _nouns(self) -> list[Link]:
        return [
            Link(match.first, match.last, match.value.id)  # type: ignore[arg-type]  # one of these
            for match in self._sentence.spoken
            if match.value.id in NOUNS and not self._is_plural(match)
        ]

    def _is_plural(self, match: Match[Use]) -> bool:
        tail, plurals = self._sentence.tail(match), folded(self._sentence.words.plurals)
        return any(tail == many or (tail.startswith(many) and len(many) > 1) for many in plurals)

    # ---------------------------------------------------------------------------------------------------------- numbers

    def _numbered(self, chain: Chain) -> Chain:
        """The chain with the numbers beside its words; what belongs to a date is none."""
        if not self._numbers:
            return chain
        known: tuple[Span, ...] = (*chain.links, *self._parts.days)
        spans = [(one.first, one.last) for one in known]
        numbers = (number for number in self._numbers if not _touches(number, spans))
        beside = [link for link in chain.links if link.word != "whose"]
        near = [number for number in numbers if any(self._counts(number, link) for link in beside)]
        return replace(chain, links=tuple(sorted([*chain.links, *near], key=lambda link: link.first)))

    def _counts(self, number: Link, link: Link) -> bool:
        """Whether a number is that of the meeting, not of what follows (`toplantıda sekizinci sınıf`) or of years."""
        anniversaries = folded(self._sentence.words.anniversaries)
        if self._sentence.words.verb_last and number.first > link.first:
            return False
        return _distance(number, link) <= _NUMBER and self._sentence.folded(number.last) not in anniversaries

    @cached_property
    def _numbers(self) -> list[Link]:
        return list(self._ordinals())

    def _ordinals(self) -> Iterator[Link]:
        reading = self._sentence.reading
        spoken = (match for match in self._sentence.of("ordinal") if match.value.lang == self._sentence.words.id)
        for match in longest(spoken):  # "fourth" stands in "fifty-fourth", and in "on dördüncü"
            yield Link(match.first, match.last, "number", match.value.id)
        for index in range(*self._sentence.span):
            _, start, end = reading.words.tokens[index]
            letter = reading.text[start]
            if letter.isdecimal():
                if digits := _ORDINAL.match(reading.text, start):
                    yield Link(index, index + 1, "number", digits[1])
            elif letter in _ROMAN_DIGITS and (roman := _ROMAN.fullmatch(reading.text, start, end)):
                yield Link(index, index + 1, "number", str(_from_roman(roman[0])))

    # ----------------------------------------------------------------------------------------------------------- series

    def _owned(self, links: Sequence[Link]) -> Chain | None:
        """The chain with its series; null where the meeting is somebody else's or cannot be told."""
        heads = [link for link in links if link.word in ("summits", "meetings", "who")]
        nearest = min(
            ((_distance(body, head), body.value) for body in links if body.word == "whose" for head in heads),
            default=None,
        )
        organisations = self._sentence.taxonomy.organisations
        if nearest is None or organisations[nearest[1]].role not in ("ots", "body"):
            return None
        body = nearest[1]
        series = self._who_meets(links, body) or _summit(links, body)
        if series is None:
            return None
        if series == "summit":
            series = _kind_of_summit(links) or series
        known = self._sentence.taxonomy.series.get(series)
        return Chain(tuple(links), series, known.of if known and body == known.body else body)

    def _who_meets(self, links: Sequence[Link], body: str) -> str | None:
        series = self._sentence.taxonomy.series
        who = [link for link in links if link.word == "who"]
        who = [link for link in who if link.value not in series or series[link.value].of in ("ots", body)]
        # The summit's own participants are named in the chains of other meetings, too.
        return next((link.value for link in sorted(who, key=lambda link: link.value == "summit")), None)

    def _own(self, links: Sequence[Link]) -> Chain | None:
        """`Its summit`, behind the name of the OTS and of nobody else."""
        if not self._sentence.words.own or not any(link.word == "summits" for link in links):
            return None
        before = self._sentence.folded(self._numbered(Chain(tuple(links))).first - 1)
        named = [match.value.id for match in self._sentence.organisations if match.last <= links[0].first]
        if before not in self._sentence.words.own or not self._sentence.is_ours or named[-1:] != ["ots"]:
            return None
        series = _kind_of_summit(links) or _summit(links, "ots")
        return Chain(tuple(links), series, "ots") if series else None

    def _inherited(self, links: Sequence[Link], heir: Chain, *, near: bool) -> Chain | None:
        """A chain that does not say whose it is, as one that goes on from the chain before.

        Args:
            near: they stand in one sentence. There only what is called the next, or has a number, is another meeting;
                the rest repeats the first, or is somebody else's.
        """
        chain = Chain(tuple(links), heir.series, heir.of)
        numbered = self._numbered(chain)
        another = chain.has("next") or (numbered.number is not None and numbered.first < chain.last)
        if not self._sentence.is_ours or chain.has("whose", "who") or chain.is_occasion(self._sentence):
            return None
        if near and not another:
            return None
        if chain.has("summits") and heir.series in _SUMMITS:
            otherwise = "summit" if another else heir.series
            return replace(chain, series=_kind_of_summit(links) or otherwise, apart=another)
        if chain.has("meetings") and not chain.has("summits") and heir.series not in _SUMMITS:
            return replace(chain, apart=another)
        return None


def _summit(links: Sequence[Link], body: str) -> str | None:
    return "summit" if body == "ots" and any(link.word == "summits" for link in links) else None


def _kind_of_summit(links: Sequence[Link]) -> str | None:
    return next((f"{link.word}_summit" for link in links if link.word in ("informal", "extraordinary")), None)


def _touches(link: Link, spans: Sequence[tuple[int, int]]) -> bool:
    return any(link.first < last and first < link.last for first, last in spans)


def _distance(one: Link, other: Link) -> int:
    return max(one.first - other.last, other.first - one.last, 0)


def _from_roman(written: str) -> int:
    digits = [_ROMAN_DIGITS[letter] for letter in written]
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    return sum(-digit if digit < following else digit for digit, following in pairs)
