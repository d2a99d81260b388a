"""Stage `date`: when it was published and last changed. Owns `published`, `modified`, `date_candidates`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from math import prod
from typing import Literal

from otswatch.consumers.date_clues import Clue, address, dateline, listed, mentioned, scripts, structured
from otswatch.consumers.date_visible import visible
from otswatch.consumers.date_zone import Zone, zone_of
from otswatch.consumers.document import Document
from otswatch.consumers.stage import Stage
from otswatch.dates import MOST_AHEAD, interval, latest_day
from otswatch.records import Article, Content, DateCandidate, Dated, Precision

VERSION = "3"
_REFINES, _EXACT = 0.6, 0.85
_FINENESS: dict[Precision, int] = {"year": 0, "month": 1, "day": 2, "hour": 3, "minute": 4, "second": 5}
_A_DAY = timedelta(days=1)
#: The rule of `today` and `yesterday`.
_TODAY = "relative-day/"

Verdict = Literal["taken", "agrees", "rejected", "unresolved"]


@dataclass(frozen=True, slots=True)
class Source:
    """A place where dates are looked for; one that is slow to read is left for pages that say nothing elsewhere."""

    name: str
    read: Callable[[Document, Content], Iterable[Clue]]
    slow: bool = False


SOURCES: tuple[Source, ...] = (
    Source("structured", lambda document, content: structured(document)),
    Source("listed", lambda document, content: listed(document)),
    Source("dateline", dateline),
    Source("address", address),
    Source("visible", visible),
    Source("mentioned", lambda document, content: mentioned(content)),
    Source("scripts", lambda document, content: scripts(document), slow=True),
)


def date(document: Document, article: Article) -> Article:
    """The article with its dates, and every date that was seen with why it was taken or not."""
    content = article.content
    if content is None:
        return article
    clues = _read(document, content, slow=False)
    found = _weighed(clues, document, content)
    if found.published is None:
        clues += _read(document, content, slow=True)
        found = _weighed(clues, document, content)
    return article.replace(
        published=found.published,
        modified=found.modified,
        date_candidates=tuple(
            _candidate(clue, found.barred.get(index), found.published, found.modified)
            for index, clue in enumerate(found.clues)
        ),
    )


STAGE = Stage("date", VERSION, ("published", "modified", "date_candidates"), date)


@dataclass(frozen=True, slots=True)
class _Found:
    clues: list[Clue]
    barred: dict[int, str]
    published: Dated | None
    modified: Dated | None


def _read(document: Document, content: Content, *, slow: bool) -> list[Clue]:
    clues = [_whole(clue) for source in SOURCES if source.slow is slow for clue in source.read(document, content)]
    if document.fetched_at is None or len(_days(document.fetched_at, zone_of(document, content))) == 1:
        return clues
    why = "which day that is depends on the page's zone, which is not known"
    return [
        replace(clue, at=None, precision=None, why=why) if clue.evidence.rule.startswith(_TODAY) else clue
        for clue in clues
    ]


def _weighed(clues: list[Clue], document: Document, content: Content) -> _Found:
    """What the clues make together."""
    for rule in RULES:
        clues = rule.amend(clues)
    zone = zone_of(document, content, (clue.at for clue in clues if clue.at))
    visit = Visit(document.fetched_at, zone, document.known_since)
    barred = {index: why for index, clue in enumerate(clues) if (why := _barred(clue, clues, visit))}
    usable = [clue for index, clue in enumerate(clues) if index not in barred]
    unchanged = [clue for clue in usable if clue.role != "modified"]
    published = _decide(unchanged) or _only_changed(usable)
    modified = _decide([clue for clue in usable if clue.role == "modified"])
    if modified and published and not _later(modified.at, published.at):
        modified = None
    return _Found(clues, barred, published, modified)


def _whole(clue: Clue) -> Clue:
    """A moment, written in full."""
    if clue.at is None or "T" not in clue.at:
        return clue
    return replace(clue, at=datetime.fromisoformat(clue.at).isoformat())


# ----------------------------------------------------------------------------------------- what clues say of each other


@dataclass(frozen=True, slots=True)
class Rule:
    """What is understood of clues when they are seen together. They stay as many, in the same order."""

    name: str
    amend: Callable[[list[Clue]], list[Clue]]


_MACHINES = ("json-ld", "meta")
_SEVERAL = 0.5
_PRINTED = 0.7


def _several_values(clues: list[Clue]) -> list[Clue]:
    """One name with several days is a list of others' dates, too."""
    days: dict[str | None, set[str]] = defaultdict(set)
    for clue in clues:
        if clue.at and clue.source in (*_MACHINES, "time") and clue.evidence.rule == "machine-date/1":
            days[clue.evidence.path].add(_day(clue))
    many = {path for path, some in days.items() if len(some) > 1}
    return [
        replace(clue, weight=clue.weight * _SEVERAL)
        if clue.evidence.path in many and clue.source in _MACHINES
        else clue
        for clue in clues
    ]


def _same_moment(clues: list[Clue]) -> list[Clue]:
    """A moment in UTC, and the same in the page's own zone or on its clock: it is shown as a reader there saw it."""
    offsets = {}
    for moment in {_moment(clue) for clue in clues if _is_moment(clue) and clue.weight}:
        found = {offset for clue in clues if clue.weight and (offset := _ahead(clue, moment)) is not None}
        if moment.utcoffset() == timedelta(0) and len(found) == 1:
            offsets[moment] = found.pop()
    return [
        replace(
            clue,
            at=_moment(clue).astimezone(timezone(offsets[_moment(clue)])).isoformat(),
            why="in the zone in which the page prints the same moment",
        )
        if _is_moment(clue) and _moment(clue) in offsets
        else clue
        for clue in clues
    ]


def _moment(clue: Clue) -> datetime:
    return datetime.fromisoformat(clue.at or "")


#: The zones that are not a whole number of hours from UTC.
_PART_HOURS = frozenset(
    timedelta(hours=hours) for hours in (-9.5, -3.5, -2.5, 3.5, 4.5, 5.5, 5.75, 6.5, 8.75, 9.5, 10.5, 12.75)
)


def _ahead(clue: Clue, moment: datetime) -> timedelta | None:
    """The offset at which a clue says a moment: written, or that of a clock that shows the same minute there."""
    if clue.at is None or "T" not in clue.at:
        return None
    written = _moment(clue)
    if written.tzinfo:
        return written.utcoffset() if written == moment and written.utcoffset() else None
    clock = moment.astimezone(UTC).replace(tzinfo=None)
    if clue.precision == "minute":
        clock = clock.replace(second=0, microsecond=0)
    ahead = written - clock
    whole = ahead % timedelta(hours=1) == timedelta(0) and abs(ahead) <= MOST_AHEAD
    return ahead if ahead and (whole or ahead in _PART_HOURS) else None


def _contradicted(clues: list[Clue]) -> list[Clue]:
    """A meta tag that nothing else agrees with, against the one day printed by the title: often it is the template's.

    Where the page says that it was changed, the printed day may be the change's, and nothing is concluded.
    """
    meta = {_day(clue) for clue in clues if clue.source == "meta" and clue.role == "published" and clue.weight}
    printed = {
        _day(clue)
        for clue in clues
        if clue.at and clue.source in ("text", "time") and clue.role != "modified" and clue.weight >= _PRINTED
    }
    others = {_day(clue) for clue in clues if clue.at and clue.source not in ("meta", "text", "time") and clue.weight}
    changed = any(clue.role == "modified" and clue.at and clue.weight for clue in clues)
    if changed or len(printed) != 1 or printed & meta or others & meta:
        return clues
    return [replace(clue, weight=clue.weight * _SEVERAL) if clue.source == "meta" else clue for clue in clues]


_PINNED = 0.5


def _pinned_by_the_address(clues: list[Clue]) -> list[Clue]:
    """A day that only doubtful places print, all the same one, in the month that the page's address names."""
    months = {clue.at for clue in clues if clue.source == "url" and clue.precision == "month"}
    usable = any(clue.at and clue.weight and clue.precision not in ("month", "year") for clue in clues)
    printed = [clue for clue in clues if clue.at and clue.source in ("text", "time") and clue.at[:7] in months]
    if usable or len({_day(clue) for clue in printed}) != 1:
        return clues
    why = "the address names its month"
    return [replace(clue, weight=_PINNED, why=why) if clue in printed else clue for clue in clues]


RULES: tuple[Rule, ...] = (
    Rule("same-moment", _same_moment),
    Rule("several-values", _several_values),
    Rule("contradicted", _contradicted),
    Rule("pinned-by-the-address", _pinned_by_the_address),
)


# --------------------------------------------------------------------------------------------------------------- vetoes


@dataclass(frozen=True, slots=True)
class Visit:
    """When the page was fetched, and how far its clocks are ahead of UTC, where that is known.

    `known_since`: when a page that was fetched again was first seen; what it was published later than is no date of it.
    """

    at: datetime | None
    zone: Zone | None
    known_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Veto:
    """A reason never to take a clue: what it says of one among all, empty where it says nothing."""

    name: str
    says: Callable[[Clue, list[Clue], Visit], str]


def _after_the_fetch(clue: Clue, clues: list[Clue], visit: Visit) -> str:
    """What begins later than the fetch, by the page's own clock where its zone is known."""
    if visit.at is None or clue.at is None or clue.precision is None:
        return ""
    begins = _begins(clue.at, clue.precision, visit.zone)
    if begins > visit.at:
        return "after the fetch"
    too_late = visit.known_since is not None and clue.role != "modified" and begins > visit.known_since
    return "after the page was first seen" if too_late else ""


def _begins(at: str, precision: Precision, zone: Zone | None) -> datetime:
    """The first moment that a date can mean: the printed one less the zone's offset, or the greatest that it can be."""
    start = datetime.fromisoformat(at) if "T" in at else interval(at, precision)[0].replace(tzinfo=None)
    return start if start.tzinfo else start.replace(tzinfo=UTC) - (zone.ahead if zone else MOST_AHEAD)


def _days(moment: datetime, zone: Zone | None) -> set[str]:
    """The day that it is on the page's clock; also the next, where the zone is not known and it may have begun."""
    days = {moment.astimezone(timezone(zone.ahead)).date()} if zone else {moment.date(), latest_day(moment)}
    return {day.isoformat() for day in days}


_RENDERING = timedelta(minutes=3)


def _made_by_the_visit(clue: Clue, clues: list[Clue], visit: Visit) -> str:
    """A machine's moment that is the fetch's, where the page says another day."""
    if visit.at is None or clue.source not in ("json-ld", "meta", "time") or clue.at is None or "T" not in clue.at:
        return ""
    moment = datetime.fromisoformat(clue.at)
    if moment.tzinfo is None or abs(moment - visit.at) > _RENDERING:
        return ""
    others = any(
        other.at and other.weight >= _REFINES and other.source not in ("json-ld", "meta") and _day(other) < _day(clue)
        for other in clues
    )
    return "the moment of the fetch, and the page says another day" if others else ""


_CLOCK = timedelta(minutes=10)


def _masthead_clock(clue: Clue, clues: list[Clue], visit: Visit) -> str:
    """The moment of the fetch above the title; or its day, where the page prints another day."""
    if visit.at is None or not clue.above or clue.at is None or clue.source != "text":
        return ""
    ahead = visit.zone.ahead if visit.zone else timedelta(0)
    there = (visit.at + ahead).replace(tzinfo=None)
    if "T" in clue.at and abs(_moment(clue).replace(tzinfo=None) - there) <= _CLOCK:
        return "a clock: the moment of the fetch, above the title"
    if _day(clue) not in _days(visit.at, visit.zone):
        return ""
    another = any(other.at and other.weight and not other.above and _day(other) < _day(clue) for other in clues)
    return "the day of the fetch, above the title, and the page says another day" if another else ""


VETOES: tuple[Veto, ...] = (
    Veto("masthead-clock", _masthead_clock),
    Veto("after-the-fetch", _after_the_fetch),
    Veto("made-by-the-visit", _made_by_the_visit),
)


def _barred(clue: Clue, clues: list[Clue], visit: Visit) -> str:
    """Why a clue can never be taken; empty where it can."""
    if clue.at is None or clue.precision is None:
        return clue.why or "does not say which day"
    for veto in VETOES:
        if why := veto.says(clue, clues, visit):
            return why
    return (clue.why or "its place is not a date's") if clue.weight == 0 else ""


# ------------------------------------------------------------------------------------------------------------- decision


def _day(clue: Clue) -> str:
    return (clue.at or "")[:10]


def _later(modified: str, published: str) -> bool:
    """Whether a change is later than the publication by a minute or more, as far as they can be compared."""
    if "T" in modified and "T" in published:
        one, other = datetime.fromisoformat(modified), datetime.fromisoformat(published)
        if (one.tzinfo is None) != (other.tzinfo is None):
            one, other = one.replace(tzinfo=None), other.replace(tzinfo=None)
        return one - other >= timedelta(minutes=1)
    return modified[:10] > published[:10] or ("T" in modified and modified[:10] == published)


def _decide(clues: list[Clue]) -> Dated | None:
    """The date that the clues agree on.

    Clues of one day support each other, each place once: the day whose places are together the least likely to be all
    wrong is taken. Of its clues the finest is shown, if its place is a good one.
    """
    by_day: dict[str, list[Clue]] = defaultdict(list)
    for clue in clues:
        by_day[_day(clue)].append(clue)
    if not by_day:
        return None
    trust = {day: _trust(day, group, by_day) for day, group in by_day.items()}
    best = _of_moment(max(trust, key=lambda day: (trust[day], len(day))), clues)
    rival = max((trust[day] for day in trust if not best.startswith(day) and not day.startswith(best)), default=0.0)
    group = by_day[best]
    shown = max(group, key=_fitness)
    if shown.at is None or shown.precision is None:
        return None
    start, end = interval(shown.at, shown.precision)
    return Dated(
        at=shown.at,
        precision=shown.precision,
        start=start,
        end=end,
        source=shown.source,
        confidence=round(trust[best] * (1 - rival / 2), 2),
        evidence=tuple(clue.evidence for clue in sorted(group, key=lambda clue: clue is not shown)),
    )


_CHANGED = 0.45


def _only_changed(clues: list[Clue]) -> Dated | None:
    """The day of a printed change, where the page says nothing else: most are made on the day of the publication."""
    printed = [clue for clue in clues if clue.role == "modified" and clue.source in ("text", "time")]
    return _decide([replace(clue, at=_day(clue), precision="day", weight=_CHANGED) for clue in printed])


def _of_moment(day: str, clues: list[Clue]) -> str:
    """The day of a machine's moment, where the best day is only printed and next to it.

    A day without a zone and a moment that is written in another zone can be the same; the moment is the exact one. A
    day in the address is the site's own.
    """
    moments = [clue for clue in clues if _is_moment(clue) and clue.weight >= _EXACT]
    local = any(_day(clue) == day and (clue.source == "url" or "T" in (clue.at or "")) for clue in clues)
    if len(day) < len("2025-04-15") or local:
        return day
    printed = datetime.fromisoformat(day)
    near = (_day(clue) for clue in moments if abs(datetime.fromisoformat(_day(clue)) - printed) <= _A_DAY)
    return next(near, day)


def _is_moment(clue: Clue) -> bool:
    return clue.at is not None and "T" in clue.at and datetime.fromisoformat(clue.at).tzinfo is not None


def _fitness(clue: Clue) -> tuple[bool, int, float]:
    """What makes a clue worth showing: a good place, then a moment, then a clock, then the day."""
    good = clue.weight >= _REFINES
    fineness = _FINENESS[clue.precision] if good and clue.precision else 0
    return good, fineness + (10 if good and _is_moment(clue) else 0), clue.weight


def _trust(day: str, group: list[Clue], by_day: dict[str, list[Clue]]) -> float:
    """How likely it is that not all of a day's places are wrong. A coarser date, a month, speaks for its days too."""
    supporters = [
        *group,
        *(clue for other, clues in by_day.items() if other != day and day.startswith(other) for clue in clues),
    ]
    strongest: dict[str, float] = defaultdict(float)
    for clue in supporters:
        place = "text" if clue.source == "dateline" else clue.source  # a dateline is printed in one place, too
        strongest[place] = max(strongest[place], clue.weight)
    return 1 - prod(1 - weight for weight in strongest.values())


def _candidate(clue: Clue, barred: str | None, published: Dated | None, modified: Dated | None) -> DateCandidate:
    verdict, why = _verdict(clue, barred, published, modified)
    return DateCandidate(
        at=clue.at,
        precision=clue.precision,
        source=clue.source,
        role=clue.role,
        verdict=verdict,
        why=why,
        evidence=clue.evidence,
    )


def _verdict(clue: Clue, barred: str | None, published: Dated | None, modified: Dated | None) -> tuple[Verdict, str]:
    if clue.at is None:
        return "unresolved", barred or clue.why or "does not say which day"
    if barred:
        return "rejected", barred
    if any(decided and clue.evidence is decided.evidence[0] for decided in (published, modified)):
        return "taken", clue.why or "the best place of the day that most places agree on"
    decided = modified if clue.role == "modified" else published
    if decided is None:
        return "rejected", "not later than the publication"
    if decided.at.startswith(_day(clue)) or _day(clue).startswith(decided.at[:10]):
        return "agrees", "another place says the same"
    return "rejected", f"{decided.at[:10]} has better places"
