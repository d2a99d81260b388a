"""The calendar: the page of meetings, one meeting with who says what of it, and the feed for calendars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from otswatch import taxonomy
from otswatch.calendar import Difference, Entry, Labels, Listing, MeetingRequest, Said, find, ics, labels, read
from otswatch.web import moments
from otswatch.web.desk import AtDesk, Desk, page
from otswatch.web.facets import Chip, Facet, Typed, chips_of, chips_of_days, facet

router = APIRouter(tags=["pages"], default_response_class=HTMLResponse)

FACETS: Final = {"body": "Whose, and who meets", "place": "Country or town", "status": "Status"}
_DAYS: Final = {"since": "not over before", "until": "begins before"}
#: Models of the addresses that take a request.
REQUESTS: Final = {"/meetings": MeetingRequest, "/meetings.ics": MeetingRequest}
#: What is told of a meeting, in the order of its page.
_FIELDS: Final = {"when": "Day", "place": "Place", "number": "Number", "status": "Status"}


@dataclass(frozen=True, slots=True)
class Source:
    """An article that says something of a meeting, and its words."""

    article: str
    title: str
    language: str
    publisher: str
    official: bool
    published: str
    words: tuple[str, ...]
    inferred: str


@dataclass(frozen=True, slots=True)
class Told:
    """A value, and who says it."""

    name: str
    value: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What a reader sees of a meeting."""

    id: str
    title: str
    whose: str
    when: str
    starts: str
    weekday: str
    moved_from: str
    place: str
    status: str
    certainty: str
    passed: bool
    differences: tuple[tuple[str, tuple[Told, ...]], ...]
    sources: tuple[Source, ...]
    articles: int


@dataclass(frozen=True, slots=True)
class Month:
    """The meetings that begin in a month."""

    name: str
    cards: tuple[Card, ...]


@router.get("/meetings", summary="Coming meetings")
def meetings(request: Request, asked: Annotated[MeetingRequest, Query()], desk: AtDesk) -> HTMLResponse:
    """The soonest first; those of which no day is known apart."""
    named = _labels(desk)
    known = read(desk.stores.index, asked.with_changes(body=(), place=(), status=()), _today())
    found = known.only(asked)
    return _page(
        request,
        asked,
        found=found,
        months=list(_months(found.dated, desk, named)),
        open=[_card(one, desk, named) for one in found.open],
        facets=list(_facets(asked, known, named)),
        chips=list(_chips(asked, named)),
    )


def refused(request: Request, message: str) -> HTMLResponse:
    """The page with what was typed, and why it cannot be looked for."""
    return _page(request, None, 400, error=message, found=None, months=(), open=(), facets=(), chips=())


def _page(request: Request, asked: MeetingRequest | None, status: int = 200, **values: Any) -> HTMLResponse:
    typed = Typed.of(request.query_params.multi_items())
    return page("meetings.html", status, asked=asked, typed=typed, filters=tuple(FACETS), **{"error": "", **values})


@router.get("/meetings.ics", summary="Coming meetings as iCalendar", response_class=Response, tags=["feeds"])
def meetings_ics(request: Request, asked: Annotated[MeetingRequest, Query()], desk: AtDesk) -> Response:
    """The same parameters as the page; for the calendar of a reader to subscribe to."""
    found = read(desk.stores.index, asked, _today())
    text = ics.calendar(found.all, _labels(desk), str(request.base_url).rstrip("/"))
    return Response(text, media_type=ics.MEDIA_TYPE, headers={"Content-Disposition": 'inline; filename="meetings.ics"'})


@router.get("/meetings/{id}", summary="One meeting, and who says what of it")
def meeting(id: str, desk: AtDesk) -> HTMLResponse:  # noqa: A002 - the name of the thing
    """Each value with its articles and their words; where they differ, and what became of it."""
    found = find(desk.stores.index, id, _today())
    if found is None:
        raise HTTPException(404, f"there is no meeting {id[:80]}")
    named = _labels(desk)
    return page(
        "meeting.html",
        card=_card(found, desk, named),
        entry=found,
        told=list(_told(found, desk, named)),
        history=[
            (step.status, labels.days(step.when) if step.when else "", _source(step.said, desk))
            for step in found.history
        ],
    )


def _today() -> date:
    return datetime.now(UTC).date()


def _labels(desk: Desk) -> Labels:
    return Labels(taxonomy.load(desk.settings.config))


# -------------------------------------------------------------------------------------------------------------- cards


def _months(dated: Sequence[Entry], desk: Desk, named: Labels) -> Iterator[Month]:
    months: dict[str, list[Card]] = {}
    for one in dated:
        if one.days:
            months.setdefault(f"{one.days[0]:%B %Y}", []).append(_card(one, desk, named))
    yield from (Month(name, tuple(cards)) for name, cards in months.items())


def _card(one: Entry, desk: Desk, named: Labels) -> Card:
    return Card(
        id=one.id,
        title=named.title(one),
        whose=named.body(one.of),
        when=labels.days(one.when),
        starts=one.when.starts if one.has_day and one.when else "",
        weekday=f"{one.days[0]:%A}" if one.has_day and one.days and one.days[0] == one.days[1] else "",
        moved_from=labels.days(one.moved_from) if one.moved_from else "",
        place=named.place(one.place) if one.place else "",
        status=one.status or "status unknown",
        certainty=one.certainty,
        passed=one.passed,
        differences=tuple((each.of, tuple(_differing(each, desk, named))) for each in one.differences),
        sources=_sources(_best(one), desk),
        articles=one.articles,
    )


def _best(one: Entry) -> tuple[Said, ...]:
    """Who says the day, or else what there is."""
    return one.evidence.get("when") or one.evidence.get("status") or one.evidence.get("place") or ()


def _told(one: Entry, desk: Desk, named: Labels) -> Iterator[Told]:
    values = {
        "when": labels.days(one.when),
        "place": named.place(one.place) if one.place else "",
        "number": labels.ordinal(one.number) if one.number else "",
        "status": one.status or "",
    }
    for field, name in _FIELDS.items():
        if field in one.evidence:
            yield Told(name, values[field], _sources(one.evidence[field], desk))


def _differing(each: Difference, desk: Desk, named: Labels) -> Iterator[Told]:
    for value in each.values:
        yield Told("", _value(each.of, value.value, named), _sources(value.said, desk))


def _value(of: str, value: str, named: Labels) -> str:
    match of:
        case "place":
            return named.town(value)
        case "day":
            return labels.days_of(value)
    return value


def _sources(said: Sequence[Said], desk: Desk) -> tuple[Source, ...]:
    return tuple(_source(one, desk) for one in said)


def _source(one: Said, desk: Desk) -> Source:
    return Source(
        article=one.article,
        title=one.title or one.url or "untitled",
        language=one.language,
        publisher=desk.names.publisher(one.source, one.url),
        official=one.official,
        published=moments.at(one.published) if one.published else "undated",
        words=tuple(dict.fromkeys(evidence.text for evidence in one.evidence)),
        inferred=one.inferred or "",
    )


# ------------------------------------------------------------------------------------------------------------- filters


def _facets(asked: MeetingRequest, known: Listing, named: Labels) -> Iterator[Facet]:
    """The values of each filter among what the rest of the request finds: they are alternatives of each other."""
    for field, title in FACETS.items():
        among = known.only(asked.with_changes(**{field: ()})).all
        counts = Counter(value for one in among for value in _VALUES[field](one))
        yield facet(field, title, getattr(asked, field), dict(counts.most_common()), partial(_name, named, field))


def _places(one: Entry) -> set[str]:
    return {value for value in (one.place.country, one.place.id) if value} if one.place else set()


#: What a meeting can be found by.
_VALUES: dict[str, Callable[[Entry], set[str]]] = {
    "body": lambda one: {one.of, one.series},
    "place": _places,
    "status": lambda one: {one.status} if one.status else set(),
}


def _name(named: Labels, field: str, value: str) -> str:
    match field:
        case "body":
            return named.body(value)
        case "place":
            return named.town(value)
    return value


def _chips(asked: MeetingRequest, named: Labels) -> Iterator[Chip]:
    for field, title in FACETS.items():
        yield from chips_of(asked, field, title, partial(_name, named, field))
    yield from chips_of_days(asked, _DAYS)
