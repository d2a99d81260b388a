"""What the reports of one meeting come to: one value each, who says so, what is certain, and where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Literal
from urllib.parse import urlsplit

from otswatch.calendar import days
from otswatch.calendar.report import Report, Status
from otswatch.records import Evidence, Moment, Part, Venue, When
from otswatch.taxonomy.meetings.identity import same_place

Certainty = Literal["confirmed", "expected", "vague", "disputed"]


class Said(Part):
    """An article that says something of a meeting, and the words. `inferred`: what was added to them."""

    article: str
    url: str | None
    source: str | None
    title: str | None
    language: str
    official: bool
    published: str | None
    inferred: str | None = None
    evidence: tuple[Evidence, ...]


class Value(Part):
    """One value of a meeting, as text, and who says so: official ones first, then by age."""

    value: str
    said: tuple[Said, ...]


class Difference(Part):
    """What the reports say differently."""

    of: Literal["place", "day", "number", "status"]
    values: tuple[Value, ...]


class Step(Part):
    """A change of what is known: the status, and the days that held from then on."""

    status: Status
    when: When | None
    said: Said


class Entry(Part):
    """A meeting in the calendar. What nobody says is null.

    `id` is the oldest of `ids`, those under which it was reported. `certainty`: `confirmed` (an official source, or two
    that are independent, say the day), `expected` (one says it), `vague` (a month, a year or nothing is said),
    `disputed` (they differ in place, day or status). `passed`: the day is over and nobody has reported that the meeting
    was held. `sequence`: how often place, days or status have changed; `updated`: when it was last reported of.
    """

    id: str
    ids: tuple[str, ...]
    series: str
    body: str
    of: str
    number: int | None
    place: Venue | None
    when: When | None
    moved_from: When | None
    status: Status | None
    certainty: Certainty
    passed: bool
    evidence: dict[str, tuple[Said, ...]]
    differences: tuple[Difference, ...]
    history: tuple[Step, ...]
    sequence: int
    articles: int
    sources: tuple[str, ...]
    first_seen: Moment | None
    updated: Moment | None

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day that it can be on; null where no year is known."""
        return days.span(self.when) if self.when and days.has_year(self.when) else None

    @property
    def has_day(self) -> bool:
        """Whether the day itself is known."""
        return self.when is not None and self.when.precision == "day" and days.has_year(self.when)


@dataclass(frozen=True)
class _State:
    """What is known by some reports, oldest first."""

    told: Sequence[Report]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return tuple(_steps(self.told))

    @cached_property
    def status(self) -> Status | None:
        return _status(self.steps)

    @cached_property
    def valid(self) -> list[Report]:
        """The reports whose day still holds."""
        postponed = [report for report in self.told if report.status == "postponed"]
        return [report for report in self.told if not any(_overtakes(later, report) for later in postponed)]

    @cached_property
    def when(self) -> Report | None:
        return _when(self.valid, self.status)

    @cached_property
    def place(self) -> Report | None:
        return _place(self.valid)

    @cached_property
    def number(self) -> Report | None:
        return _most([report for report in self.told if report.number], lambda report: str(report.number))

    def shown(self) -> tuple[object, ...]:
        """What a calendar shows of it."""
        return self.status, self.when and self.when.when, self.place and self.place.place


def entry(id_: str, ids: Iterable[str], reports: Iterable[Report], today: date, more: int = 0) -> Entry:
    """The entry of some reports, whatever their order.

    Args:
        id_: what it is called; `ids`: all that it was reported under.
        today: the day that `passed` is asked for.
        more: so many articles say so beside these.
    """
    told = sorted(reports, key=lambda report: report.age)
    state = _State(told)
    when = state.when.when if state.when else None
    differences = tuple(_differences(state))
    seen = [report.first_seen for report in told if report.first_seen]
    over = when is not None and days.has_year(when) and days.span(when)[1] < today
    return Entry(
        id=id_,
        ids=tuple(sorted(set(ids))),
        series=told[0].series,
        body=told[0].body,
        of=told[0].of,
        number=state.number.number if state.number else None,
        place=state.place.place if state.place else None,
        when=when,
        moved_from=next((report.moved_from for report in reversed(told) if report.moved_from), None),
        status=state.status,
        certainty=_certainty(state.valid, when, differences),
        passed=over and state.status not in ("held", "cancelled"),
        evidence=_evidence(state),
        differences=differences,
        history=state.steps,
        sequence=_sequence(told),
        articles=len({report.article for report in told}) + more,
        sources=tuple(sorted({report.source for report in told if report.source})),
        first_seen=min(seen, default=None),
        updated=max(seen, default=None),
    )


# --------------------------------------------------------------------------------------------------------------- status


def _steps(told: Sequence[Report]) -> Iterator[Step]:
    """Every report that changes the status or the day of a plan, by age."""
    before: Step | None = None
    for report in told:
        if report.status is None or (before and before.status == report.status and _adds_nothing(report, before)):
            continue
        before = Step(status=report.status, when=report.when, said=_said(report, "meeting-status"))
        yield before


def _adds_nothing(report: Report, before: Step) -> bool:
    return report.when is None or (before.when is not None and _agree(before.when, report.when))


def _status(steps: Sequence[Step]) -> Status | None:
    """The latest official word, or where there is none the latest; but what was held is held.

    An official plan is no word against a later report that the meeting took place.
    """
    official = [step for step in steps if step.said.official]
    latest = (official or steps)[-1:]
    if not latest:
        return None
    later = steps[steps.index(latest[0]) + 1 :]
    if latest[0].status in ("planned", "postponed") and any(step.status == "held" for step in later):
        return "held"
    return latest[0].status


def _overtakes(later: Report, report: Report) -> bool:
    """Whether the day of a report no longer holds, because a later one says that the meeting was postponed."""
    if report.when is None or later.age <= report.age:
        return False
    if report.official and not later.official:
        return False
    if later.moved_from:
        return _agree(later.moved_from, report.when)
    return later.when is None or not _agree(later.when, report.when)


# --------------------------------------------------------------------------------------------------------------- values


def _agree(one: When, other: When) -> bool:
    return days.has_year(one) and days.has_year(other) and days.overlap(one, other)


def _when(valid: Sequence[Report], status: Status | None) -> Report | None:
    """The report whose days stand: days rather than months, official rather than not, what most say, the whole span."""
    dated = [report for report in valid if report.when and days.has_year(report.when)]
    exact = [report for report in dated if report.when and report.when.precision == "day"]
    months = [report for report in dated if report.when and report.when.precision == "month"]
    if status == "postponed" and not any(report.status == "postponed" for report in dated):
        return None  # nobody has said the new day
    among = exact or months or dated or [report for report in valid if report.when]
    return _most(among, lambda report: _text(report.when), lambda report: _length(report.when))


def _length(when: When | None) -> int:
    if when is None or not days.has_year(when) or when.precision != "day":
        return 0
    first, last = days.span(when)
    return (last - first).days


def _place(valid: Sequence[Report]) -> Report | None:
    """The report whose place stands: towns rather than countries."""
    towns = [report for report in valid if report.place and report.place.id]
    among = towns or [report for report in valid if report.place]
    return _most(among, lambda report: _place_text(report.place))


def _most(
    reports: Sequence[Report], value: Callable[[Report], str], size: Callable[[Report], int] = lambda _: 0
) -> Report | None:
    """The report with the value that counts: the latest official one, else what most independent sources say."""
    official = [report for report in reports if report.official]
    if official:
        return official[-1]
    votes = {text: independent([one for one in reports if value(one) == text]) for text in map(value, reports)}
    return min(reports, key=lambda report: (-votes[value(report)], -size(report), report.age), default=None)


def independent(reports: Iterable[Report]) -> int:
    """How many sources say so by themselves: copies of a text, and texts of one source, are one."""
    told = list(reports)
    texts = {report.copy_of or report.article for report in told}
    sources = {report.source or (urlsplit(report.url).hostname if report.url else report.article) for report in told}
    return min(len(texts), len(sources))


def _certainty(valid: Sequence[Report], stands: When | None, differences: Sequence[Difference]) -> Certainty:
    if any(difference.of != "number" for difference in differences):
        return "disputed"
    if stands is None or stands.precision != "day" or not days.has_year(stands):
        return "vague"
    agreed = [one for one in valid if one.when and one.when.precision == "day" and _agree(one.when, stands)]
    sure = any(report.official for report in agreed) or independent(agreed) > 1
    return "confirmed" if sure else "expected"


# ---------------------------------------------------------------------------------------------------------- differences


def _differences(state: _State) -> Iterator[Difference]:
    """Values that cannot all be true. A month says nothing against its days, nor a country against its town."""
    dated = [(report, report.when) for report in state.valid if report.when and days.has_year(report.when)]
    placed = [report for report in state.valid if report.place]
    numbered = [report for report in state.told if report.number]
    if not all(_agree(one, other) for _, one in dated for _, other in dated):
        yield Difference(of="day", values=_values([report for report, _ in dated], "when", "meeting-days"))
    if not all(same_place(one.place, other.place) for one in placed for other in placed):
        yield Difference(of="place", values=_values(placed, "place", "meeting-place"))
    if len({report.number for report in numbered}) > 1:
        yield Difference(of="number", values=_values(numbered, "number", "meeting"))
    if denied := [step for step in state.steps if step.status != state.status and _denies(step, state)]:
        told = [report for report in state.told if report.status in (state.status, *(step.status for step in denied))]
        yield Difference(of="status", values=_values(told, "status", "meeting-status"))


def _denies(step: Step, state: _State) -> bool:
    """Whether somebody says that a plan was taken back after the last official word for it."""
    latest = max((index for index, one in enumerate(state.steps) if one.status == state.status), default=0)
    return step.status in ("postponed", "cancelled") and state.steps.index(step) > latest


def _values(reports: Sequence[Report], field: str, rule: str) -> tuple[Value, ...]:
    by_value: dict[str, list[Report]] = {}
    for report in reports:
        by_value.setdefault(_as_text(getattr(report, field)), []).append(report)
    return tuple(Value(value=value, said=_all_said(by_value[value], rule)) for value in sorted(by_value))


def _as_text(value: object) -> str:
    return _text(value) if isinstance(value, When) else _place_text(value) if isinstance(value, Venue) else str(value)


def _text(when: When | None) -> str:
    """`2027-05-12`, `2027-05-12/2027-05-13`; nothing of null."""
    if when is None:
        return ""
    return when.starts if when.starts == when.ends else f"{when.starts}/{when.ends}"


def _place_text(place: Venue | None) -> str:
    return (place.id or place.country) if place else ""


# ------------------------------------------------------------------------------------------------------------- evidence


def _evidence(state: _State) -> dict[str, tuple[Said, ...]]:
    """Who says each value that stands, by the field."""
    number, place, when = state.number, state.place, state.when
    placed = [one for one in state.valid if place and one.place and same_place(one.place, place.place)]
    agreed = {
        "number": ("meeting", [one for one in state.told if number and one.number == number.number]),
        "place": ("meeting-place", placed),
        "when": ("meeting-days", [one for one in state.valid if when and (one is when or _same(one, when))]),
        "status": ("meeting-status", [one for one in state.told if state.status and one.status == state.status]),
    }
    return {field: _all_said(reports, rule) for field, (rule, reports) in agreed.items() if reports}


def _same(one: Report, other: Report) -> bool:
    return bool(one.when and other.when and _agree(one.when, other.when))


def _all_said(reports: Sequence[Report], rule: str) -> tuple[Said, ...]:
    first = sorted(reports, key=lambda report: (not report.official, report.age))
    return tuple(_said(report, rule) for report in first)


def _said(report: Report, rule: str) -> Said:
    return Said(
        article=report.article,
        url=report.url,
        source=report.source,
        title=report.title,
        language=report.language,
        official=report.official,
        published=report.published,
        inferred=report.inferred if rule == "meeting-days" else None,
        evidence=report.words(rule),
    )


# --------------------------------------------------------------------------------------------------------------- counts


def _sequence(told: Sequence[Report]) -> int:
    """How often what a calendar shows has changed, as the reports came in."""
    came = sorted(told, key=lambda report: (report.first_seen or report.age[1], report.article))
    shown = [_State(sorted(came[: count + 1], key=lambda report: report.age)).shown() for count in range(len(came))]
    return sum(before != after for before, after in pairwise(shown))
