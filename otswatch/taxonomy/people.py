"""People who are named: those of the register with the office they held on the day, and others beside an office.

A full name is enough, in any script and case. A family name alone is somebody only beside an office that one person of
that name held on the day, or where the full name stands in the same article. Whoever is not in the register is named
only where a name stands right beside an office, and has no id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from otswatch.records import Dated, Evidence, Mention
from otswatch.taxonomy.loader import Role, Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.register import Person, Tenure
from otswatch.text.folding import fold

#: So many places of one person are kept.
_SHOWN = 3
#: A namesake needs the body or state within so many words.
_NEAR = 15
#: A name of somebody unknown has so many words.
_SHORTEST, _LONGEST = 2, 3
#: A headline may write shorter words without a capital ("Visits Port with Guests").
_LONG = 5
#: What is a rank beside another office (`Secretary General Ambassador X`).
_RANK = "ambassador"
#: What may stand between an office and its state (`of the Republic of Kazakhstan`), folded.
_OF = frozenset(("of", "the", "republic", "республики", "республика"))
#: Languages in which a title may follow a name behind a comma (`X, minister of Y`).
_APPOSITION = frozenset(("en", "ru"))
#: Where the name comes first: `Orbán Viktor miniszterelnök`.
_NAME_FIRST = "hu"


@dataclass(frozen=True, slots=True)
class _Title:
    """An office as it stands in a text, with deputy or former; `other`: it is not the office itself.

    `of` is the state or body beside it; one that stands behind it ends at `end`, otherwise `end` is `last`.
    """

    first: int
    last: int
    end: int
    office: str
    other: bool = False
    of: str | None = None


@dataclass(frozen=True, slots=True)
class _Named:
    """A name at one place. `id` is null for somebody who is not in the register."""

    reading: Reading
    first: int
    last: int
    id: str | None
    title: _Title | None

    @property
    def written(self) -> str:
        return _written(self.reading, self.first, self.last)


@dataclass
class _Scene:
    """What one title or text has that speaks of people."""

    taxonomy: Taxonomy
    reading: Reading
    language: str

    @cached_property
    def titles(self) -> list[_Title]:
        return list(_titles(self))

    @cached_property
    def starts(self) -> set[int]:
        """Where words begin that are no name of a person."""
        return {
            match.first
            for match in self.reading.matches
            if match.value.role not in ("person", "short", "kind") and not _is_hint(match)
        }

    def of(self, role: Role) -> list[Match[Use]]:
        return self.reading.of(role)

    def offices(self, sort: str) -> list[Match[Use]]:
        known = self.taxonomy.offices
        return [match for match in self.of("office") if known[match.value.id].sort == sort]

    def capital(self, index: int) -> bool:
        tokens = self.reading.words.tokens
        return 0 <= index < len(tokens) and self.reading.text[tokens[index].start].isupper()

    def gap(self, index: int) -> str:
        """What stands between the word at `index` and the next; a line's end where there is none."""
        tokens = self.reading.words.tokens
        if not 0 <= index < len(tokens) - 1:
            return "\n"
        return self.reading.text[tokens[index].end : tokens[index + 1].start]

    def joined(self, index: int) -> bool:
        """Whether one phrase goes on behind the word at `index`; an ending behind an apostrophe ends a name."""
        return self.gap(index) in {" ", "\u00a0", "-", "‑"}


def _is_hint(match: Match[Use]) -> bool:
    """Whether it is one word of a subject or of a state's surroundings: families are called so too (`Yurt`)."""
    return match.value.role in ("area", "context") and match.last - match.first == 1


def people(
    taxonomy: Taxonomy, readings: Sequence[Reading], language: str, published: Dated | None
) -> tuple[Mention, ...]:
    """The people who are named, in the order of their first place.

    Args:
        published: when the article was published; offices are looked up on that day.
    """
    scenes = [_Scene(taxonomy, reading, language) for reading in readings]
    days = _days(published)
    full = [named for scene in scenes for named in _in_full(scene)]
    short = [named for scene in scenes for named in _in_short(scene, full, days)]
    known = [*full, *short]
    unknown = [named for scene in scenes for named in _unknown(scene, known)]
    return tuple(_mention(taxonomy, group, days) for group in _groups([*known, *unknown], readings))


def _days(published: Dated | None) -> tuple[date, ...]:
    """The first and the last day that an article can be of."""
    if published is None:
        return ()
    return published.start.date(), (published.end - timedelta(microseconds=1)).date()


def _tenure(person: Person, days: Sequence[date]) -> Tenure | None:
    """The office on all days that it can have been."""
    if not days:
        return person.at(None)
    first, last = (person.at(day) for day in (days[0], days[-1]))
    return first if first == last else None


# --------------------------------------------------------------------------------------------------------------- titles


def _titles(scene: _Scene) -> Iterator[_Title]:
    """Offices with what belongs to them, the longest at each place; those of a meeting of many are none."""
    crowds = [(match.first, match.last) for match in scene.of("series")]
    longest: list[Match[Use]] = []
    for match in sorted(scene.offices("holder"), key=lambda match: (match.first, -match.last)):
        inside = longest and match.last <= longest[-1].last
        if not inside and not any(match.first < last and first < match.last for first, last in crowds):
            longest.append(match)
    before: _Title | None = None
    for match in longest:
        if _plural(scene, match):
            continue
        title = _complete(scene, match)
        if title.office == _RANK and before and before.end == title.first and scene.joined(before.end - 1):
            title = replace(before, last=title.last, end=title.end)
        yield (before := title)


def _plural(scene: _Scene, match: Match[Use]) -> bool:
    """Whether the office is that of many: by the plural's own form, or by its ending behind the word."""
    words = scene.taxonomy.meeting_words.get(match.value.lang or "")
    if words is None:
        return False
    folded = scene.reading.words.folded[match.first : match.last]
    ending = folded[-1].removeprefix(fold(match.value.written).split()[-1])
    endings = tuple(fold(many) for many in words.plurals if len(many) > 1)
    return ending.startswith(endings) or any(word.startswith(fold(many)) for word in folded for many in words.ministers)


def _complete(scene: _Scene, match: Match[Use]) -> _Title:
    title = _Title(match.first, match.last, match.last, match.value.id)
    stated: tuple[Role, ...] = ("country", "foreign", "organisation")
    states = {state.first: state for role in stated for state in scene.of(role)}
    if state := _state_behind(scene, title.last, states):
        title = replace(title, end=state.last, of=state.value.id)
    else:
        before = [state for state in states.values() if state.last == title.first]
        if before:
            title = replace(title, of=max(before, key=lambda state: state.last - state.first).value.id)
    for other in scene.offices("qualifier"):
        if other.last == title.first:
            title = replace(title, first=other.first, other=True)
        elif other.first == title.end == title.last and scene.joined(title.last - 1):
            title = replace(title, last=other.last, end=other.last, other=True)
    return title


def _state_behind(scene: _Scene, index: int, states: dict[int, Match[Use]]) -> Match[Use] | None:
    """The state in `president of the Republic of Uzbekistan`, `министр транспорта Казахстана`."""
    if scene.language not in _APPOSITION:
        return None
    folded = scene.reading.words.folded
    while index < len(folded) and index not in states and folded[index] in _OF and scene.joined(index - 1):
        index += 1
    return states.get(index) if scene.joined(index - 1) else None


def _title_of(scene: _Scene, first: int, last: int) -> _Title | None:
    """The title that stands beside a name, with honorifics between them at most."""
    before = first
    for honorific in scene.offices("honorific"):
        if honorific.last == before:
            before = honorific.first
    for title in scene.titles:
        if title.end == before and "\n" not in scene.gap(title.end - 1):
            return title
        if title.first == last and scene.gap(last - 1) in _gaps_behind(scene.language):
            return title
    return None


def _gaps_behind(language: str) -> set[str]:
    """What may stand between a name and the title behind it."""
    return {" "} if language == _NAME_FIRST else {", "} if language in _APPOSITION else set()


# ------------------------------------------------------------------------------------------------------- full and short


def _in_full(scene: _Scene) -> Iterator[_Named]:
    for match in _alone(scene.of("person")):
        person = scene.taxonomy.people[match.value.id]
        if not (scene.capital(match.first) and scene.capital(match.last - 1)) or _memorial(scene, match):
            continue
        title = _title_of(scene, match.first, match.last)
        if not person.namesake or _confirmed(scene, match, person, title):
            yield _Named(scene.reading, match.first, match.last, person.id, title)


def _alone(matches: Iterable[Match[Use]]) -> Iterator[Match[Use]]:
    """The longest name at each place, where it is one person's."""
    by_place: dict[tuple[int, int], list[Match[Use]]] = {}
    for match in matches:
        by_place.setdefault((match.first, match.last), []).append(match)
    end = 0
    for first, last in sorted(by_place, key=lambda place: (place[0], -place[1])):
        if first >= end:
            end = last
            if len({match.value.id for match in by_place[first, last]}) == 1:
                yield by_place[first, last][0]


def _memorial(scene: _Scene, match: Match[Use]) -> bool:
    """Whether the name is that of a university or an airport."""
    for word in scene.offices("memorial"):
        behind = word.first == match.last and scene.joined(match.last - 1)
        if behind or (word.last == match.first and word.value.id == "named_in_honour_of"):
            return True
    return False


def _confirmed(scene: _Scene, match: Match[Use], person: Person, title: _Title | None) -> bool:
    """Whether the words beside a name that others have too say that it is this person's."""
    if title:
        return not title.other and any(tenure.office == title.office for tenure in person.offices)
    ofs = {tenure.of for tenure in person.offices}
    bodies = (*scene.of("organisation"), *scene.of("country"))
    return any(body.value.id in ofs and abs(body.first - match.first) <= _NEAR for body in bodies)


def _in_short(scene: _Scene, full: Sequence[_Named], days: Sequence[date]) -> Iterator[_Named]:
    covered = {index for named in full if named.reading is scene.reading for index in range(named.first, named.last)}
    by_place: dict[tuple[int, int], set[str]] = {}
    for match in scene.of("short"):
        if match.first not in covered and scene.capital(match.first):
            by_place.setdefault((match.first, match.last), set()).add(match.value.id)
    met = {named.id for named in full}
    for (first, last), ids in by_place.items():
        title = _title_of(scene, first, last)
        chosen = _by_title(scene, ids, title, days) if title else ids & met if _bare(scene, first, last) else set()
        if len(chosen) == 1:
            yield _Named(scene.reading, first, last, chosen.pop(), title)


def _by_title(scene: _Scene, ids: Iterable[str], title: _Title, days: Sequence[date]) -> set[str]:
    """Those who can have held the office on the day."""
    return {id_ for id_ in ids if not title.other and any(_fits(tenure, title, days) for tenure in _held(scene, id_))}


def _held(scene: _Scene, id_: str) -> tuple[Tenure, ...]:
    return scene.taxonomy.people[id_].offices


def _fits(tenure: Tenure, title: _Title, days: Sequence[date]) -> bool:
    right = tenure.office == title.office and title.of in (None, tenure.of)
    return right and (not days or any(tenure.held(day) is not False for day in days))


def _bare(scene: _Scene, first: int, last: int) -> bool:
    """Whether the word stands without another capital beside it, which would make it somebody else's name."""
    before = scene.capital(first - 1) and scene.joined(first - 1)
    return not before and not (scene.capital(last) and scene.joined(last - 1))


# -------------------------------------------------------------------------------------------------------------- unknown


def _unknown(scene: _Scene, known: Sequence[_Named]) -> Iterator[_Named]:
    """Names beside an office that nobody of the register has."""
    taken = {index for named in known if named.reading is scene.reading for index in range(named.first, named.last)}
    used = {named.title for named in known if named.reading is scene.reading}
    for title in scene.titles:
        if title in used or _shouts(scene, title):
            continue
        span = _name_before(scene, title, taken) or _name_behind(scene, title, taken)
        if span:
            yield _Named(scene.reading, *span, None, title)


def _shouts(scene: _Scene, title: _Title) -> bool:
    """Whether capitals tell nothing here, as in an English headline: no longer word is without one."""
    words = scene.reading.words
    start, end = scene.reading.sentence(words.tokens[title.first].start)
    return not any(
        len(token.text) >= _LONG and scene.reading.text[token.start].islower()
        for token in words.tokens[words.first(start) : words.first(end)]
    )


def _name_behind(scene: _Scene, title: _Title, taken: set[int]) -> tuple[int, int] | None:
    first = title.end
    for honorific in scene.offices("honorific"):
        if honorific.first == first:
            first = honorific.last
    gap = scene.gap(title.end - 1)
    if gap not in {" ", "\u00a0", *_gaps_behind(scene.language)} and first == title.end:
        return None
    last = first
    while scene.capital(last) and _name_word(scene, last, taken) and (last == first or scene.joined(last - 1)):
        last += 1
    closed = gap != ", " or scene.gap(last - 1).startswith((",", "\n"))  # `the minister of transport, X Y, said`
    return (first, last) if closed and _SHORTEST <= last - first <= _LONGEST else None


def _name_before(scene: _Scene, title: _Title, taken: set[int]) -> tuple[int, int] | None:
    """`Kiss Béla agrárminiszter`; `Marat Karabayev, minister of transport`: two words, no more."""
    if scene.gap(title.first - 1) not in _gaps_behind(scene.language):
        return None
    if scene.language == _NAME_FIRST and not scene.taxonomy.offices[title.office].together:
        return None  # `Biztonsági Szervezet főtitkára`: of ministers alone the word before is no body
    first, last = title.first - _SHORTEST, title.first
    words = range(first, last)
    if first < 0 or not all(scene.capital(index) and _name_word(scene, index, taken) for index in words):
        return None
    alone = not (scene.capital(first - 1) and scene.joined(first - 1))
    article = len(scene.reading.words.folded[first]) <= len("az")
    return (first, last) if scene.joined(first) and alone and not article else None


def _name_word(scene: _Scene, index: int, taken: set[int]) -> bool:
    token = scene.reading.words.tokens[index]
    written = scene.reading.text[token.start : token.end]
    return index not in taken and index not in scene.starts and len(written) > 1 and not written[1:2].isupper()


# ------------------------------------------------------------------------------------------------------------- mentions


def _groups(named: Sequence[_Named], readings: Sequence[Reading]) -> list[list[_Named]]:
    """The places of one person together; of somebody unknown those with the same words."""
    order = {id(reading): index for index, reading in enumerate(readings)}
    groups: dict[tuple[str, str], list[_Named]] = {}
    for one in sorted(named, key=lambda one: (order[id(one.reading)], one.first)):
        key = ("id", one.id) if one.id else ("name", fold(one.written))
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _mention(taxonomy: Taxonomy, group: Sequence[_Named], days: Sequence[date]) -> Mention:
    best = max(group, key=lambda named: (named.last - named.first, -group.index(named)))
    titled = next((named for named in group if named.title), None)
    title = titled.title if titled else None
    office, of = _office(taxonomy, best.id, title, days)
    return Mention(
        type="person",
        id=best.id,
        name=best.written,
        title=_written(titled.reading, title.first, title.last) if titled and title else None,
        office=office,
        of=of,
        evidence=tuple(_evidence(taxonomy, group, titled)),
    )


def _office(
    taxonomy: Taxonomy, id_: str | None, title: _Title | None, days: Sequence[date]
) -> tuple[str | None, str | None]:
    """Office and state: by the register on the day, else the one of the person's offices that the title says."""
    if id_ is None:
        return (None if title is None or title.other else title.office), (title.of if title else None)
    person = taxonomy.people[id_]
    tenure = _tenure(person, days)
    if tenure is None and title and not title.other:
        said = {(one.office, one.of) for one in person.offices if _fits(one, title, days)}
        return said.pop() if len(said) == 1 else (None, None)
    return (tenure.office, tenure.of) if tenure else (None, None)


def _evidence(taxonomy: Taxonomy, group: Sequence[_Named], titled: _Named | None) -> Iterator[Evidence]:
    rule: Literal["register", "beside-office"] = "register" if group[0].id else "beside-office"
    for named in group[:_SHOWN]:
        yield _span(taxonomy, named.reading, named.first, named.last, f"{rule}:{named.id}" if named.id else rule)
    if titled and titled.title:
        yield _span(taxonomy, titled.reading, titled.title.first, titled.title.last, f"office:{titled.title.office}")


def _span(taxonomy: Taxonomy, reading: Reading, first: int, last: int, rule: str) -> Evidence:
    tokens = reading.words.tokens
    return reading.evidence(tokens[first].start, tokens[last - 1].end, f"mentions/{taxonomy.version}:{rule}")


def _written(reading: Reading, first: int, last: int) -> str:
    tokens = reading.words.tokens
    return reading.text[tokens[first].start : tokens[last - 1].end]
