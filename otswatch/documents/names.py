"""Where a text names an official document, and what the words beside the name say of it.

A document is named by its place (`Bishkek Declaration`), by the meeting that adopted it (`declaration of the eleventh
summit`), or by words of its own that the register has (`Turkic World Vision 2040`). Days and years belong to it where
they stand right beside the name or where the sentence says that it was adopted then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, TypeVar

from otswatch.documents.register import Register, Word
from otswatch.documents.scene import Day, Scene, Year, gap
from otswatch.records import Article, Evidence, Meeting, Mention
from otswatch.taxonomy.matcher import Match

D = TypeVar("D", Day, Year)

#: So many words at most stand between a place and the name, and between the name and the meeting or a day beside it.
_BETWEEN, _BESIDE = 3, 3
#: A sentence that says that a document was adopted names its meeting and day within so many words.
_TOLD = 25
#: Another organisation so near to a name is whose document it is, and a verb or those who adopted it are its own.
_NEAR = 8
#: A day without a year is the last one before the publication, so many days back at most.
_BACK = 200
#: The languages that set the place before the name and give the name an ending (`Bişkek Bildirisi`).
_TURKIC = frozenset(("tr", "az", "kk", "ky", "uz", "tk"))
#: In these a place stands in a form of its own (`Бишкекская`).
_ADJECTIVES = frozenset(("ru", "hu"))


@dataclass(frozen=True, slots=True)
class Clue:
    """What is said of a document: null and false is what is not said.

    `exact`: the words name this document of the register. `met`: the words that name the meeting. `starts`, `ends`:
    first and last day of its adoption or its meeting. `fresh`: it is told that it was adopted; `high`: that it is the
    leaders'.
    """

    stem: str
    type: str
    evidence: tuple[Evidence, ...]
    exact: str | None = None
    place: str | None = None
    meeting: str | None = None
    met: tuple[Evidence, ...] = ()
    starts: date | None = None
    ends: date | None = None
    year: int | None = None
    fresh: bool = False
    high: bool = False


@dataclass(frozen=True, slots=True)
class ToldMeeting:
    """A meeting that an article tells of, its days with their year where that is sure."""

    id: str | None
    meeting: Meeting
    starts: date | None
    ends: date | None
    evidence: tuple[Evidence, ...]

    @property
    def place(self) -> str | None:
        return self.meeting.place.id if self.meeting.place else None


@dataclass(frozen=True, slots=True)
class _Name:
    """A name at one place of a text, by its tokens. `place`: the town; `told`: the meeting; `exact`: the document."""

    first: int
    last: int
    type: str
    place: str | None = None
    told: ToldMeeting | None = None
    exact: str | None = None

    @property
    def span(self) -> tuple[int, int]:
        return self.first, self.last


def meetings(article: Article) -> list[ToldMeeting]:
    """The meetings that an article tells of. A day without a year is the last such day before the publication."""
    return [_told(mention, mention.meeting, article) for mention in article.mentions if mention.meeting]


def clues(register: Register, scene: Scene, told: Sequence[ToldMeeting], rule: str) -> list[Clue]:
    """The documents that a text names, in order; those of other organisations are left out."""
    names = _names(register, scene, told)
    return [
        _clue(register, scene, name, names, told, rule) for name in names if name.exact or not _is_others(scene, name)
    ]


def spans(register: Register, scene: Scene, told: Sequence[ToldMeeting]) -> list[tuple[int, int]]:
    """The words that name documents, with the days beside them."""
    names = _names(register, scene, told)
    found: list[tuple[int, int]] = []
    for name in names:
        dated = _beside(name, _days(scene, name), names)
        found += [name.span, *([(dated.first, dated.last)] if dated else [])]
    return found


# ------------------------------------------------------------------------------------------------------------- meetings


def _told(mention: Mention, meeting: Meeting, article: Article) -> ToldMeeting:
    when = meeting.when
    starts = ends = None
    if when and when.precision == "day":
        starts, ends = (_day(written, meeting, article) for written in (when.starts, when.ends))
    return ToldMeeting(mention.id, meeting, starts, ends, mention.evidence)


def _day(written: str, meeting: Meeting, article: Article) -> date | None:
    if not written.startswith("--"):
        return date.fromisoformat(written)
    if article.published is None or meeting.status not in (None, "held"):
        return None
    last = (article.published.end - timedelta(microseconds=1)).date()
    for year in (last.year, last.year - 1):
        try:
            day = date.fromisoformat(f"{year}-{written.removeprefix('--')}")
        except ValueError:
            continue
        if day <= last:
            return day if (last - day).days <= _BACK else None
    return None


# ---------------------------------------------------------------------------------------------------------------- names


def _names(register: Register, scene: Scene, told: Sequence[ToldMeeting]) -> list[_Name]:
    """All names of a text; of two that share words the one that the register has."""
    own = [_Name(match.first, match.last, _type(register, match), exact=match.value.id) for match in scene.of("name")]
    found: list[_Name] = []
    for match in scene.of("type"):
        if any(name.first <= match.first < name.last for name in own):
            continue
        if name := _named(register, scene, match, told):
            found.append(name)
    return sorted([*own, *found], key=lambda name: name.span)


def _type(register: Register, match: Match[Word]) -> str:
    return register.known[match.value.id].type or ""


def _named(register: Register, scene: Scene, noun: Match[Word], told: Sequence[ToldMeeting]) -> _Name | None:
    """The document that a noun names by a place before it or a meeting beside it."""
    place = _place_before(scene, noun)
    meeting = _meeting_beside(scene, noun, told)
    if place is None and meeting is None:
        return None
    first = place.first if place else noun.first
    return _Name(first, noun.last, noun.value.id, place.value.id if place else None, meeting)


def _place_before(scene: Scene, noun: Match[Word]) -> Match[Word] | None:
    """The place in `Bishkek Declaration`, `Bişkek Zirve Bildirisi`, `Бишкекская декларация`."""
    if scene.language in _TURKIC and scene.is_bare(noun):
        return None
    bare = [] if scene.language in _ADJECTIVES else list(filter(scene.is_bare, scene.of("place")))
    places = [*scene.of("attribute"), *bare]
    near = [
        match
        for match in places
        if 0 <= noun.first - match.last <= _BETWEEN
        and (scene.text[match.start].isupper() or scene.language in _ADJECTIVES)
        and not _parted(scene, match.last, noun.first)
        and _bridged(scene, match.last, noun.first)
    ]
    return max(near, key=lambda match: (match.last, -match.first), default=None)


def _parted(scene: Scene, last: int, first: int) -> bool:
    return "," in scene.between(last, first) or not scene.joined(last, first)


def _bridged(scene: Scene, last: int, first: int) -> bool:
    """Whether all words between a place and a document's noun are such as `summit`, or the name of whose it is."""
    covered = {
        index for role in ("between", "body") for match in scene.of(role) for index in range(match.first, match.last)
    }
    return all(index in covered or scene.folded(index).isdigit() for index in range(last, first))


def _meeting_beside(scene: Scene, noun: Match[Word], told: Sequence[ToldMeeting]) -> ToldMeeting | None:
    """The meeting in `declaration of the eleventh summit`; where it was adopted, the one that its sentence tells of."""
    start, end = scene.sentence(noun.start)
    near: list[tuple[int, ToldMeeting]] = []
    for meeting in told:
        if meeting.meeting.status == "planned":
            continue
        for piece in meeting.evidence:
            if ":meeting:" not in piece.rule or piece.frame != scene.frame or piece.start is None or piece.end is None:
                continue
            if start <= piece.start < end:
                near.append((gap((noun.first, noun.last), scene.tokens(piece.start, piece.end)), meeting))
    if not near:
        return None
    distance, nearest = min(near, key=lambda pair: pair[0])
    if distance <= _BESIDE:
        return nearest
    alone = len({meeting.id for _, meeting in near}) == 1
    adopted = alone and nearest.ends is not None and distance <= _TOLD and _is_adopted(scene, noun)
    return nearest if adopted else None


def _is_adopted(scene: Scene, noun: Match[Word]) -> bool:
    start, end = scene.sentence(noun.start)
    return any(start <= match.start < end for match in scene.of("adopts"))


def _is_others(scene: Scene, name: _Name) -> bool:
    """Whether another organisation is nearer to a name than the OTS or one of its bodies."""
    start, end = scene.sentence(scene.words.tokens[name.first].start)

    def nearest(role: Literal["other", "body"]) -> int:
        here = [match for match in scene.of(role) if start <= match.start < end and _in_one_clause(scene, name, match)]
        return min((gap(name.span, (match.first, match.last)) for match in here), default=_NEAR + 1)

    return nearest("other") < nearest("body")


def _in_one_clause(scene: Scene, name: _Name, match: Match[Word]) -> bool:
    return scene.joined(*((match.last, name.first) if match.first < name.first else (name.last, match.first)))


# ---------------------------------------------------------------------------------------------------------------- clues


def _clue(
    register: Register,
    scene: Scene,
    name: _Name,
    names: Sequence[_Name],
    meetings_: Sequence[ToldMeeting],
    rule: str,
) -> Clue:
    days = _days(scene, name)
    beside = _beside(name, days, names)
    fresh = _is_told(scene, name, "adopts")
    if beside is None and fresh:
        beside = _nearest(name, days, _TOLD)
    years = [year for year in scene.years(*_around(scene, name), days) if not name.first <= year.first < name.last]
    year = None if beside else _nearest(name, years, _BESIDE) or (_nearest(name, years, _TOLD) if fresh else None)
    told = name.told or (None if beside or year else _only_meeting(name, meetings_, fresh=fresh))
    words = [scene.evidence(name.first, name.last, f"{rule}:name")]
    words += [scene.evidence(part.first, part.last, f"{rule}:date") for part in (beside, year) if part]
    words += told.evidence[:1] if told and told != name.told else ()
    clue = Clue(
        stem=register.stem(name.type),
        type=name.type,
        evidence=tuple(words),
        exact=name.exact,
        place=name.place or (told.place if told else None),
        meeting=told.id if told else None,
        met=told.evidence[:1] if told else (),
        starts=beside.day if beside else told.starts if told else None,
        ends=beside.day if beside else told.ends if told else None,
        year=year.year if year else None,
        fresh=fresh,
        high=_is_told(scene, name, "leaders"),
    )
    if name.exact:
        return replace(clue, place=register.known[name.exact].place)
    return clue


def _only_meeting(name: _Name, told: Sequence[ToldMeeting], *, fresh: bool) -> ToldMeeting | None:
    """The meeting at a document's place, where the text tells of one there and that the document was adopted."""
    held = [each for each in told if each.ends and each.meeting.status != "planned"]
    there = {each.id: each for each in held if name.place and each.place == name.place}
    return next(iter(there.values())) if fresh and len(there) == 1 else None


def _around(scene: Scene, name: _Name) -> tuple[int, int]:
    return scene.sentence(scene.words.tokens[name.first].start)


def _days(scene: Scene, name: _Name) -> list[Day]:
    return scene.days(*_around(scene, name))


def _is_told(scene: Scene, name: _Name, role: Literal["adopts", "leaders"]) -> bool:
    """Whether words of a role stand near a name, in its sentence."""
    start, end = _around(scene, name)
    here = [match for match in scene.of(role) if start <= match.start < end]
    return any(gap(name.span, (match.first, match.last)) <= _NEAR for match in here)


def _beside(name: _Name, days: Sequence[Day], names: Sequence[_Name]) -> Day | None:
    """The day right beside a name that is beside no other one."""
    found = _nearest(name, days, _BESIDE)
    if found is None:
        return None
    mine = gap(name.span, (found.first, found.last))
    others = (gap(other.span, (found.first, found.last)) for other in names if other != name)
    return found if all(mine < other for other in others) else None


def _nearest(name: _Name, parts: Sequence[D], most: int) -> D | None:
    near = [(gap(name.span, (part.first, part.last)), part.first, part) for part in parts]
    return min((one for one in near if one[0] <= most), key=lambda one: one[:2], default=(0, 0, None))[2]
