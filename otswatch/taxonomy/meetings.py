"""Meetings of the OTS and its bodies: which, the how-manieth, where, when, and whether it was or will be.

A meeting is a chain of words in one sentence: whose it is (`OTS`), who meets (`foreign ministers`), the word for it
(`summit`), its number. Place and days belong to it where they stand right beside the chain, or where a verb between
them says that it was or will be held there; in doubt they are left out. A day without a year stays without one. The
words are data: meetings.yaml, meeting_words.yaml, places.yaml, offices.yaml.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Literal

from otswatch import dates
from otswatch.records import Evidence, Meeting, Mention, Venue, When
from otswatch.taxonomy.loader import Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.register import MeetingWords
from otswatch.taxonomy.relevance import Named
from otswatch.text.folding import fold

#: So many words at most stand between the words of a chain, beside its number, and between a chain and its verb.
_LINK, _NUMBER, _VERB = 4, 1, 14
#: A verb may come first (`состоялся саммит`) within so many words.
_VERB_FIRST = 3
#: Place and day stand within so many words of the chain or its verb; without a verb, or behind a comma, within these.
_PART, _BESIDE = 8, 2
#: What parts two chains; the stop of an ordinal (`11. zirve`) does not.
_BREAKS = re.compile(r"[,;:!?\n«»“”\"—–]|(?<!\d)\.")
_STOPS = re.compile(r"[;:!?\n]")
_ROMAN = re.compile(r"(?=[IVX])X{0,2}(?:IX|IV|V?I{0,3})")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
#: `12th`, `12.`, `12-ci`, `10-саммит`: a number with what makes an ordinal of it behind.
_ORDINAL = re.compile(r"(\d{1,3})(?:st|nd|rd|th|(?=\.\s)|(?=['’]?[-‑]?[^\W\d_]))")
_YEAR_STOP = re.compile(r"\d{4}\.\s+$")
_JOINERS = r"(?:\s*[-–—]\s*|\s+(?:and|to|ve|və|и|по|мен|пен|және|менен|жана|va|ва|és|we)\s+)"
_RANGE = re.compile(rf"(?<![\d.])(\d{{1,2}}){_JOINERS}(?=\d{{1,2}}(?!\d))")
_JOINED = re.compile(_JOINERS)
#: Any year with a 29 February, at its end: what is said without a year is before it.
_NO_YEAR = datetime(2024, 12, 31, tzinfo=UTC)
_NOUNS = ("summits", "meetings", "informal", "extraordinary")

_Word = Literal["whose", "who", "summits", "meetings", "informal", "extraordinary", "number"]


@dataclass(frozen=True, slots=True)
class _Link:
    """One word of a chain, by its tokens. `value`: the body, the series or the number."""

    first: int
    last: int
    word: _Word
    value: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A place, or one or more days: where the words stand, and what they say."""

    first: int
    last: int
    value: Venue | When

    @property
    def is_place(self) -> bool:
        return isinstance(self.value, Venue)


@dataclass(frozen=True, slots=True)
class _Found:
    """A meeting at one place of a text."""

    meeting: Meeting
    name: str
    evidence: tuple[Evidence, ...]


def meetings(
    taxonomy: Taxonomy, readings: Sequence[Reading], names: Sequence[Named], language: str
) -> tuple[Mention, ...]:
    """The meetings of which a text says more than that there are such, in the order of their first place.

    Args:
        names: the organisations that are named (`otswatch.taxonomy.relevance.named`).
        language: whose verbs, months and endings to read; of a language that is none of ours there are none.
    """
    words = taxonomy.meeting_words.get(language)
    if words is None:
        return ()
    found: list[_Found] = []
    for reading in readings:
        bodies = [name.match for name in names if name.reading is reading]
        for start, end in _sentences(reading, [match.start for match in bodies if _meets(taxonomy, match)]):
            found += _Sentence(taxonomy, words, reading, start, end, bodies).meetings()
    return tuple(
        Mention(
            type="meeting",
            id=_id(taxonomy, one.meeting),
            name=one.name,
            meeting=one.meeting,
            evidence=tuple(dict.fromkeys(one.evidence)),
        )
        for one in _merged(found)
    )


def _meets(taxonomy: Taxonomy, match: Match[Use]) -> bool:
    return taxonomy.organisations[match.value.id].role in ("ots", "body")


def _sentences(reading: Reading, places: Sequence[int]) -> list[tuple[int, int]]:
    """The sentences around some places of a text."""
    found: dict[tuple[int, int], None] = {}
    for place in places:
        start, end = reading.sentence(place)
        while start and _goes_on(reading.text, start):
            start = reading.sentence(start - 1)[0]
        while end < len(reading.text) and _goes_on(reading.text, end):
            end = reading.sentence(end)[1]
        found[start, end] = None
    return list(found)


def _goes_on(text: str, place: int) -> bool:
    """Whether the stop before a place is that of a Hungarian year (`2025. május`)."""
    return text[place].islower() and _YEAR_STOP.search(text, max(0, place - 8), place) is not None


@dataclass
class _Sentence:
    """One sentence that names the OTS or a body. All places are tokens of the whole text."""

    taxonomy: Taxonomy
    words: MeetingWords
    reading: Reading
    start: int
    end: int
    bodies: Sequence[Match[Use]]
    by_role: dict[str, list[Match[Use]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        all_ = self.reading.matches
        first, last = (bisect_left(all_, place, key=lambda match: match.start) for place in (self.start, self.end))
        for match in all_[first:last]:
            self.by_role.setdefault(match.value.role, []).append(match)

    def meetings(self) -> Iterator[_Found]:
        free: list[_Part] | None = None
        for chain in self._chains():
            series = self._series(chain)
            if series is None:
                continue
            free = [*self._places, *self._days] if free is None else free
            if found := self._found(self._numbered(chain), *series, free):
                yield found

    # ----------------------------------------------------------------------------------------------------------- chains

    def _chains(self) -> Iterator[list[_Link]]:
        """Words that belong together: near each other, nothing but small words between them."""
        chain: list[_Link] = []
        for link in self._links():
            if chain and not self._linked(chain[-1], link):
                yield chain
                chain = []
            chain.append(link)
        if chain:
            yield chain

    def _linked(self, before: _Link, after: _Link) -> bool:
        return after.first - before.last <= _LINK and not _BREAKS.search(self._between(before.last, after.first))

    def _links(self) -> list[_Link]:
        whose = (_Link(match.first, match.last, "whose", match.value.id) for match in self._organisations)
        return sorted([*whose, *self._who(), *self._meeting_words()], key=lambda link: (link.first, link.last))

    def _numbered(self, chain: Sequence[_Link]) -> list[_Link]:
        """The chain with the numbers beside its words; what belongs to a date is none."""
        spans = [*((link.first, link.last) for link in chain), *((day.first, day.last) for day in self._days)]
        numbers = (number for number in self._numbers if not _touches(number, spans))
        beside = [link for link in chain if link.word != "whose"]
        near = [number for number in numbers if any(self._counts(number, link) for link in beside)]
        return sorted([*chain, *near], key=lambda link: link.first)

    def _counts(self, number: _Link, link: _Link) -> bool:
        """Whether a number is that of the meeting, and not of the years of an anniversary."""
        word = self.reading.words.folded[number.last : number.last + 1]
        return _distance(number, link) <= _NUMBER and not {*word} & set(map(fold, self.words.anniversaries))

    def _of(self, role: str) -> list[Match[Use]]:
        return self.by_role.get(role, [])

    @cached_property
    def _organisations(self) -> list[Match[Use]]:
        """Whoever can have meetings; an organ of the OTS is who meets."""
        roles = self.taxonomy.organisations
        here = (match for match in self.bodies if self.start <= match.start < self.end)
        return [match for match in here if roles[match.value.id].role != "organ"]

    def _who(self) -> Iterator[_Link]:
        organs = {series.body: series.id for series in reversed(self.taxonomy.series.values())}
        named = [(match, match.value.id) for match in self._of("series")]
        named += [(match, organs[match.value.id]) for match in self._of("organ") if match.value.id in organs]
        for match in self._of("office"):
            together = self.taxonomy.offices[match.value.id].together
            if together and self._many(match):
                named.append((match, together))
        for match, series in _longest(named):
            if not self._is_in_a_title(match):
                yield _Link(match.first, match.last, "who", series)

    def _is_in_a_title(self, who: Match[Use]) -> bool:
        """Whether it is only part of somebody's office: `chairman of the Council of Elders`."""
        for match in self._of("office"):
            if match.first == who.last and not _BREAKS.search(self._between(who.last, match.first)):
                return True
            near = 0 <= who.first - match.last <= _BESIDE
            if near and not self.words.verb_last and not _BREAKS.search(self._between(match.last, who.first)):
                return True
        return False

    def _many(self, office: Match[Use]) -> bool:
        folded = self.reading.words.folded[office.first : office.last]
        return any(word.startswith(fold(many)) for word in folded for many in self.words.ministers)

    def _meeting_words(self) -> Iterator[_Link]:
        taken = [(link.first, link.last) for link in self._who()]
        spoken = [(match, match.value.id) for match in self._of("meeting") if match.value.lang == self.words.id]
        for match, word in _longest(spoken):
            link = _Link(match.first, match.last, word)  # type: ignore[arg-type]  # one of these
            if word in _NOUNS and not self._is_plural(match) and not _touches(link, taken):
                yield link

    def _is_plural(self, match: Match[Use]) -> bool:
        tail = self._tail(match)
        return any(tail == many or (tail.startswith(many) and len(many) > 1) for many in map(fold, self.words.plurals))

    def _tail(self, match: Match[Use]) -> str:
        """What stands behind the stem of a match: an ending that is glued to it, or cut off at an apostrophe."""
        token = self.reading.words.tokens[match.last - 1]
        stem = fold(match.value.written).split()[-1]
        cut = re.compile(r"['’ʼ`]([^\W\d_]+)").match(self.reading.text, token.end)
        return fold(cut[1]) if cut else token.text[len(stem) :]

    @cached_property
    def _numbers(self) -> list[_Link]:
        return list(self._ordinals())

    def _ordinals(self) -> Iterator[_Link]:
        for match in self._of("ordinal"):
            if match.value.lang == self.words.id:
                yield _Link(match.first, match.last, "number", match.value.id)
        for index in range(*self._span):
            token = self.reading.words.tokens[index]
            if digits := _ORDINAL.match(self.reading.text, token.start):
                yield _Link(index, index + 1, "number", digits[1])
            elif roman := _ROMAN.fullmatch(self.reading.text, token.start, token.end):
                yield _Link(index, index + 1, "number", str(_from_roman(roman[0])))

    @cached_property
    def _span(self) -> tuple[int, int]:
        return self._token(self.start), self._token(self.end)

    def _token(self, place: int) -> int:
        """The first word that begins at a place or behind it."""
        return bisect_left(self.reading.words.tokens, place, key=lambda token: token.start)

    def _between(self, last: int, first: int) -> str:
        """The text between two words."""
        tokens = self.reading.words.tokens
        return self.reading.text[tokens[last - 1].end : tokens[first].start] if first > last - 1 else ""

    # ----------------------------------------------------------------------------------------------------------- series

    def _series(self, chain: Sequence[_Link]) -> tuple[str, str] | None:
        """Which meetings the chain speaks of, and whose; null where it is somebody else's or cannot be told."""
        whose = [link for link in chain if link.word == "whose"]
        heads = [link for link in chain if link.word in ("summits", "meetings", "who")]
        nearest = min(
            ((_distance(body, head), body.value) for body in whose for head in heads),
            default=None,
        )
        if nearest is None or self.taxonomy.organisations[nearest[1]].role not in ("ots", "body"):
            return None
        body = nearest[1]
        who = self._who_meets(chain, body)
        series = who or ("summit" if any(link.word == "summits" for link in chain) and body == "ots" else None)
        if series == "summit":
            series = next(
                (f"{link.word}_summit" for link in chain if link.word in ("informal", "extraordinary")), series
            )
        if series is None:
            return None
        known = self.taxonomy.series.get(series)
        return series, known.of if known and body == known.body else body

    def _who_meets(self, chain: Sequence[_Link], body: str) -> str | None:
        series = self.taxonomy.series
        who = [link for link in chain if link.word == "who"]
        who = [link for link in who if link.value not in series or series[link.value].of in ("ots", body)]
        # The summit's own participants are named in the chains of other meetings, too.
        return next((link.value for link in sorted(who, key=lambda link: link.value == "summit")), None)

    # ------------------------------------------------------------------------------------------------------------ parts

    def _found(self, chain: Sequence[_Link], series: str, of: str, free: list[_Part]) -> _Found | None:
        """The meeting of a chain; what of `free` belongs to it is taken away from there."""
        first, last = chain[0].first, max(link.last for link in chain)
        verb = self._verb(first, last)
        if not verb and not any(link.word in ("summits", "meetings") for link in chain):
            return None
        numbers = {link.value for link in chain if link.word == "number"}
        parts = self._parts(first, last, verb, free)
        known = self.taxonomy.series.get(series)
        meeting = Meeting(
            series=series,
            body=known.body if known else series,
            of=of,
            number=int(numbers.pop()) if len(numbers) == 1 else None,
            place=next((part.value for part in parts if isinstance(part.value, Venue)), None),
            when=next((part.value for part in parts if isinstance(part.value, When)), None),
            status=_status(verb),
        )
        if not (meeting.number or meeting.place or meeting.when or meeting.status):
            return None
        evidence = [self._evidence(first, last, f"meeting:{series}")]
        evidence += [self._evidence(part.first, part.last, _rule(part)) for part in parts]
        if verb:
            evidence.append(self._evidence(verb.first, verb.last, f"meeting-status:{_status(verb)}"))
        return _Found(meeting, evidence[0].text, tuple(evidence))

    def _verb(self, first: int, last: int) -> Match[Use] | None:
        """The verb that says whether the meeting was or will be: within the chain, in front of it, or behind."""
        verbs = list(self._verbs)
        inside = [verb for verb in verbs if first <= verb.first and verb.last <= last]
        before = [verb for verb in verbs if verb.last <= first and self._comes_before(verb, first)]
        behind = [verb for verb in verbs if verb.first >= last and self._comes_behind(verb, last)]
        attributes = [verb for verb in before if verb.value.id.endswith("_attributes")]
        return next(iter([*inside, *attributes[::-1], *behind, *before[::-1]]), None)

    @cached_property
    def _verbs(self) -> list[Match[Use]]:
        spoken = [(match, "") for match in self._of("meeting") if match.value.lang == self.words.id]
        return [match for match, _ in _longest(spoken) if match.value.id not in _NOUNS]

    def _comes_before(self, verb: Match[Use], first: int) -> bool:
        finite_last = self.words.verb_last and not verb.value.id.endswith("_attributes")
        near = first - verb.last <= _VERB_FIRST and not _BREAKS.search(self._between(verb.last, first))
        return near and not finite_last

    def _comes_behind(self, verb: Match[Use], last: int) -> bool:
        near = verb.first - last <= _VERB and self._reaches(last, verb.first)
        return near and not verb.value.id.endswith("_attributes")

    def _reaches(self, last: int, first: int) -> bool:
        """Whether a verb at `first` can be the chain's: behind a comma only at once, or where verbs come last."""
        gap = self._between(last, first)
        if _STOPS.search(gap):
            return False
        return self.words.verb_last or "," not in gap or (gap.rindex(",") <= 1 and first - last <= 1)

    def _parts(self, first: int, last: int, verb: Match[Use] | None, free: list[_Part]) -> list[_Part]:
        """Place and days, the nearest first, rather behind than before; each brings the next one nearer."""
        core = [(first, last), *([(verb.first, verb.last)] if verb else ())]
        taken: list[_Part] = []
        while True:
            near = [
                ((gap, part.first < first), part)
                for part in free
                if all(part.is_place != other.is_place for other in taken)
                and (gap := self._gap(part, core, verb)) is not None
            ]
            if not near:
                return taken
            part = min(near, key=lambda pair: pair[0])[1]
            taken.append(part)
            free.remove(part)
            core.append((part.first, part.last))

    def _gap(self, part: _Part, core: Sequence[tuple[int, int]], verb: Match[Use] | None) -> int | None:
        """How many words a part stands off; null where it does not belong to the meeting."""
        if self.words.verb_last and verb and core[0][1] <= verb.first and part.first >= verb.last:
            return None
        gaps: list[int] = []
        for first, last in core:
            if first <= part.first and part.last <= last:
                return 0
            behind = part.first >= last
            gap = part.first - last if behind else first - part.last
            between = self._between(last, part.first) if behind else self._between(part.last, first)
            if gap < 0 or _STOPS.search(between) or self._another_body(part, first, last):
                continue
            enclosed = self.words.verb_last and verb is not None and behind and part.last <= verb.first
            beside = _BESIDE if behind or "," not in between else 1
            if gap <= (_VERB if enclosed else _PART if verb and "," not in between else beside):
                gaps.append(gap)
        return min(gaps, default=None)

    def _another_body(self, part: _Part, first: int, last: int) -> bool:
        """Whether another organisation stands between the part and the chain."""
        low, high = sorted((part.first, first))
        return any(low < match.first < high for match in self._organisations if not first <= match.first < last)

    @cached_property
    def _places(self) -> list[_Part]:
        towns = [
            _Part(match.first, match.last, self._venue(match, town.id, town.country))
            for match in self._of("place")
            if (town := self.taxonomy.places[match.value.id]) and self._is_there(match)
        ]
        if towns:
            return towns
        return [
            _Part(match.first, match.last, self._venue(match, None, match.value.id))
            for match in (*self._of("country"), *self._of("foreign"))
            if self._is_there(match)
        ]

    def _venue(self, match: Match[Use], id_: str | None, country: str) -> Venue:
        return Venue(name=self.reading.text[match.start : match.end], id=id_, country=country)

    def _is_there(self, match: Match[Use]) -> bool:
        """Whether the words say that something is there: `in Baku`, `Bakıda`, `Bakı şəhərində`, `Baku summit`."""
        folded = self.reading.words.folded
        if not self.reading.text[match.start].isupper():
            return False
        if (match.first and folded[match.first - 1] in self.words.at) or self.reading.text[: match.start].endswith("("):
            return True
        if self._tail(match) in map(fold, self.words.at_endings):
            return True
        if match.last < len(folded) and folded[match.last] in map(fold, self.words.at_words):
            return True
        return any(link.first == match.last for link in self._attributes)

    @cached_property
    def _attributes(self) -> list[_Link]:
        """The words that a place may stand right before: `Gabala summit`, `Samarkand OTS summit`."""
        return [link for link in self._meeting_words() if link.word != "extraordinary"]

    @cached_property
    def _days(self) -> list[_Part]:
        text = self.reading.text[self.start : self.end]
        return [
            _Part(self._token(self.start + start), self._token(self.start + end), when)
            for start, end, when in days(text, self.words.id)
        ]

    def _evidence(self, first: int, last: int, rule: str) -> Evidence:
        tokens = self.reading.words.tokens
        return self.reading.evidence(
            tokens[first].start, tokens[last - 1].end, f"mentions/{self.taxonomy.version}:{rule}"
        )


def _status(verb: Match[Use] | None) -> Literal["held", "planned"] | None:
    if verb is None:
        return None
    return "held" if verb.value.id.startswith("held") else "planned"


def _rule(part: _Part) -> str:
    return "meeting-place" if part.is_place else "meeting-days"


def _longest(matches: Sequence[tuple[Match[Use], str]]) -> Iterator[tuple[Match[Use], str]]:
    """The matches that stand inside no longer one, by place."""
    end = -1
    for match, value in sorted(matches, key=lambda pair: (pair[0].first, -pair[0].last)):
        if match.last > end:
            end = match.last
            yield match, value


def _touches(link: _Link, spans: Sequence[tuple[int, int]]) -> bool:
    return any(link.first < last and first < link.last for first, last in spans)


def _distance(one: _Link, other: _Link) -> int:
    return max(one.first - other.last, other.first - one.last, 0)


def _from_roman(written: str) -> int:
    digits = [_ROMAN_DIGITS[letter] for letter in written]
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    return sum(-digit if digit < following else digit for digit, following in pairs)


# ----------------------------------------------------------------------------------------------------------------- days


def days(text: str, language: str) -> list[tuple[int, int, When]]:
    """The days and spans of days that a text names: start, end, and what they say; a day without year has none."""
    single = [
        (reading.start, reading.end, when)
        for reading in dates.find(text, language, _NO_YEAR)
        if (when := _when(reading)) is not None
    ]
    spans = [span for match in _RANGE.finditer(text) if (span := _span(text, match, language))]
    joined = _joined([*spans, *(one for one in single if not any(_overlap(one, span) for span in spans))], text)
    return sorted(joined, key=lambda one: one[0])


def _when(reading: dates.Reading) -> When | None:
    """What a reading says; null for relative words and for what is no day."""
    if reading.at is None or reading.inferred.startswith("relative"):
        return None
    if reading.precision == "month":
        return When(starts=reading.at, ends=reading.at, precision="month")
    day = f"--{reading.at[5:10]}" if reading.inferred else reading.at[:10]
    return When(starts=day, ends=day, precision="day") if len(day) > len("2025-05") - 1 else None


def _span(text: str, match: re.Match[str], language: str) -> tuple[int, int, When] | None:
    """`20–21 May`: the date is read without its first number, which then is the first day."""
    cut = len(match[0])
    for reading in dates.find(text[: match.start()] + text[match.end() :], language, _NO_YEAR):
        when = _when(reading)
        if when and when.precision == "day" and reading.start <= match.start() < reading.end:
            first, last = int(match[1]), int(when.ends[-2:])
            if 0 < first < last:
                starts = f"{when.starts[:-2]}{first:02}"
                return min(reading.start, match.start()), reading.end + cut, when.replace(starts=starts)
    return None


def _joined(found: Sequence[tuple[int, int, When]], text: str) -> list[tuple[int, int, When]]:
    """`30 September – 1 October 2025` is one span; the year of its end is that of its beginning."""
    kept: list[tuple[int, int, When]] = []
    for start, end, when in sorted(found, key=lambda one: one[0]):
        before = kept[-1] if kept else None
        days_only = before and before[2].precision == when.precision == "day"
        if before and days_only and _JOINED.fullmatch(text, before[1], start):
            first = before[2].starts
            if first.startswith("--") and not when.ends.startswith("--"):
                first = when.ends[:4] + first[1:]
            if (first.startswith("--") == when.ends.startswith("--")) and first < when.ends:
                kept[-1] = (before[0], end, When(starts=first, ends=when.ends, precision="day"))
                continue
        kept.append((start, end, when))
    return kept


def _overlap(one: tuple[int, int, When], other: tuple[int, int, When]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


# ------------------------------------------------------------------------------------------------- one meeting, one id


def _merged(found: Sequence[_Found]) -> list[_Found]:
    """What is said of one meeting at several places, together; places that contradict each other are two meetings."""
    kept: list[_Found] = []
    for one in found:
        for index, other in enumerate(kept):
            if meeting := _both(other.meeting, one.meeting):
                kept[index] = replace(other, meeting=meeting, evidence=(*other.evidence, *one.evidence))
                break
        else:
            kept.append(one)
    return kept


def _both(one: Meeting, other: Meeting) -> Meeting | None:
    """What two say together; null where they are two meetings."""
    if (one.series, one.of) != (other.series, other.of):
        return None
    if one.number and other.number and one.number != other.number:
        return None
    if one.place and other.place and one.place.country != other.place.country:
        return None
    if one.place and other.place and one.place.id and other.place.id and one.place.id != other.place.id:
        return None
    if one.when and other.when and not _same_days(one.when, other.when):
        return None
    if one.status and other.status and one.status != other.status:
        return None
    return one.replace(
        number=one.number or other.number,
        place=one.place if one.place and (one.place.id or not other.place) else other.place,
        when=max(filter(None, (one.when, other.when)), key=_certainty, default=None),
        status=one.status or other.status,
    )


def _certainty(when: When) -> tuple[bool, bool, bool]:
    return not when.starts.startswith("--"), when.precision == "day", when.starts != when.ends


def _same_days(one: When, other: When) -> bool:
    """Whether two can be the same days: one may have no year, no day, or be only the first of them."""
    for mine, its in ((one, other), (other, one)):
        if mine.precision == "month":
            return its.starts.startswith(mine.starts) or its.starts[2:4] == mine.starts[5:7]
    start, end = max(one.starts[-5:], other.starts[-5:]), min(one.ends[-5:], other.ends[-5:])
    years = {when.starts[:4] for when in (one, other) if not when.starts.startswith("--")}
    return start <= end and len(years) < 2


def _id(taxonomy: Taxonomy, meeting: Meeting) -> str | None:
    """The same for the same meeting in every article: by its number, or else its days; null where neither is sure."""
    # "The first summit under the new name" is the ninth: days are surer than numbers.
    number = _known(taxonomy, meeting) or meeting.number
    when = meeting.when
    day = when.starts if when and when.precision == "day" and not when.starts.startswith("--") else None
    if number is None and day is None:
        return None
    known = taxonomy.series.get(meeting.series)
    prefix = "" if meeting.of == (known.of if known else "ots") else f"{meeting.of}-"
    return f"{prefix}{meeting.series}-{number or day}"


def _known(taxonomy: Taxonomy, meeting: Meeting) -> int | None:
    """The number of a meeting of which only the days are said."""
    when, series = meeting.when, taxonomy.series.get(meeting.series)
    if series is None or when is None or when.precision != "day" or when.starts.startswith("--"):
        return None
    first, last = date.fromisoformat(when.starts), date.fromisoformat(when.ends)
    numbers = [held.number for held in series.held if held.since <= last and first <= held.to]
    return numbers[0] if len(numbers) == 1 else None
