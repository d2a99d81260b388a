"""Stage `date`: when it was published and last changed. Owns `published`, `modified`, `date_candidates`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from math import prod
from typing import Literal

from otswatch.consumers.date_clues import Clue, address, dateline, listed, mentioned, second_opinion, structured
from otswatch.consumers.date_visible import ELSEWHERE, visible
from otswatch.consumers.document import Document
from otswatch.consumers.stage import Stage
from otswatch.dates import interval
from otswatch.records import Article, Content, DateCandidate, Dated, Precision

VERSION = "1"
_TOLERANCE = timedelta(days=1)  # a local day without its zone may have begun before the fetch's
_SURE = 0.75
_REFINES, _EXACT = 0.6, 0.85
_FINENESS: dict[Precision, int] = {"year": 0, "month": 1, "day": 2, "hour": 3, "minute": 4, "second": 5}

Verdict = Literal["taken", "agrees", "rejected", "unresolved"]


def date(document: Document, article: Article) -> Article:
    """The article with its dates, and every date that was seen with why it was taken or not."""
    content = article.content
    if content is None:
        return article
    clues = [_whole(clue) for clue in _gather(document, content)]
    barred = {index: why for index, clue in enumerate(clues) if (why := _barred(clue, document.fetched_at))}
    usable = [clue for index, clue in enumerate(clues) if index not in barred]
    published = _decide([clue for clue in usable if clue.role != "modified"])
    if (published is None or published.confidence < _SURE) and (opinion := second_opinion(document)):
        clues.append(opinion)
        if why := _barred(opinion, document.fetched_at) or _borrowed(opinion, clues[:-1], barred):
            barred[len(clues) - 1] = why
        else:
            published = _decide([*(clue for clue in usable if clue.role != "modified"), opinion])
    modified = _decide([clue for clue in usable if clue.role == "modified"])
    if modified and published and modified.end <= published.start:
        modified = None
    return article.replace(
        published=published,
        modified=modified,
        date_candidates=tuple(
            _candidate(clue, barred.get(index), published, modified) for index, clue in enumerate(clues)
        ),
    )


STAGE = Stage("date", VERSION, ("published", "modified", "date_candidates"), date)


def _gather(document: Document, content: Content) -> Iterable[Clue]:
    yield from structured(document)
    yield from listed(document)
    yield from dateline(document, content)
    yield from address(document, content)
    yield from visible(document, content)
    yield from mentioned(content)


def _whole(clue: Clue) -> Clue:
    """A moment, written in full; a time without an offset is none, and only its day is kept."""
    if clue.at is None or "T" not in clue.at:
        return clue
    moment = datetime.fromisoformat(clue.at)
    return replace(clue, at=moment.isoformat()) if moment.tzinfo else replace(clue, at=_day(clue), precision="day")


def _barred(clue: Clue, fetched_at: datetime | None) -> str:
    """Why a clue can never be taken; empty where it can."""
    if clue.at is None or clue.precision is None:
        return clue.why or "does not say which day"
    if fetched_at and interval(clue.at, clue.precision)[0] > fetched_at + _TOLERANCE:
        return "after the fetch"
    return (clue.why or "its place is not a date's") if clue.weight == 0 else ""


def _borrowed(opinion: Clue, clues: list[Clue], barred: dict[int, str]) -> str:
    """Why a second opinion is none: it is a date that was seen in a place that is not the article's."""
    reasons = [barred.get(index, "") for index, clue in enumerate(clues) if clue.at and _day(clue) == _day(opinion)]
    return reasons[0] if reasons and all(reason.startswith(ELSEWHERE) for reason in reasons) else ""


def _day(clue: Clue) -> str:
    return (clue.at or "")[:10]


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
    best = _same_moment(max(trust, key=lambda day: (trust[day], len(day))), clues)
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


def _same_moment(day: str, clues: list[Clue]) -> str:
    """The day of a machine's moment, where the best day is only printed and next to it.

    A day without a zone and a moment that is written in another zone can be the same; the moment is the exact one. A
    day in the address is the site's own.
    """
    moments = [clue for clue in clues if clue.at and "T" in clue.at and clue.weight >= _EXACT]
    local = any(_day(clue) == day and (clue.source == "url" or "T" in (clue.at or "")) for clue in clues)
    if len(day) < len("2025-04-15") or local:
        return day
    printed = datetime.fromisoformat(day)
    near = (_day(clue) for clue in moments if abs(datetime.fromisoformat(_day(clue)) - printed) <= _TOLERANCE)
    return next(near, day)


def _fitness(clue: Clue) -> tuple[bool, int, float]:
    good = clue.weight >= _REFINES
    return good, _FINENESS[clue.precision] if good and clue.precision else 0, clue.weight


def _trust(day: str, group: list[Clue], by_day: dict[str, list[Clue]]) -> float:
    """How likely it is that not all of a day's places are wrong. A coarser date, a month, speaks for its days too."""
    supporters = [
        *group,
        *(clue for other, clues in by_day.items() if other != day and day.startswith(other) for clue in clues),
    ]
    strongest: dict[str, float] = defaultdict(float)
    for clue in supporters:
        strongest[clue.source] = max(strongest[clue.source], clue.weight)
    return 1 - prod(1 - weight for weight in strongest.values())


def _candidate(clue: Clue, barred: str | None, published: Dated | None, modified: Dated | None) -> DateCandidate:
    verdict, why = _verdict(clue, barred, modified if clue.role == "modified" else published)
    return DateCandidate(
        at=clue.at,
        precision=clue.precision,
        source=clue.source,
        role=clue.role,
        verdict=verdict,
        why=why,
        evidence=clue.evidence,
    )


def _verdict(clue: Clue, barred: str | None, decided: Dated | None) -> tuple[Verdict, str]:
    if clue.at is None:
        return "unresolved", barred or clue.why or "does not say which day"
    if barred:
        return "rejected", barred
    if decided is None:
        return "rejected", "before the publication"
    if clue.evidence is decided.evidence[0]:
        return "taken", clue.why or "the best place of the day that most places agree on"
    if decided.at.startswith(_day(clue)) or _day(clue).startswith(decided.at[:10]):
        return "agrees", "another place says the same"
    return "rejected", f"{decided.at[:10]} has better places"
