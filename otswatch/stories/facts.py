"""What a report says of its event: who, where, when, how many, and what sort of event it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from otswatch.records import Article, Content
from otswatch.stories.days import Day, Days
from otswatch.stories.figures import Figure, figures
from otswatch.stories.named import Named
from otswatch.stories.report import YEARS, Amount, Report, Said
from otswatch.stories.session import session
from otswatch.stories.wordlist import words

#: Of one and two there is something in every text, and an article says its own year for any reason.
_LEAST: Final = 3
#: So many words on each side tell what a figure is about, if they have so many letters; so much of them is kept.
_AROUND: Final = 4
_LETTERS: Final = 5


class Facts(NamedTuple):
    """The facts of one report.

    `people`, `names`: folded; `openers`: what is a name only if another report has it as one, as the first word of a
    sentence or in the title. `places`: ids of the register. `leads`: the places of title and lead. `days`: those that
    the event can be on. `ahead`: it is yet to come. `past`: how many days just past the whole text tells of. `lead`:
    the number of the paragraph that is the lead. `occasions`, `headed`: what sort of event, anywhere and in title and
    lead; `phases`: that it begins or ends, by title and lead (`words.yaml`). `session`: the how-manieth meeting.
    """

    people: tuple[Said, ...]
    names: tuple[Said, ...]
    openers: tuple[Said, ...]
    places: tuple[Said, ...]
    figures: tuple[Amount, ...]
    leads: tuple[str, ...]
    days: tuple[Day, ...]
    ahead: bool
    past: int
    lead: int
    occasions: tuple[str, ...]
    headed: tuple[str, ...]
    phases: tuple[str, ...]
    session: int | None


def facts(article: Article, content: Content, published: date | None) -> Facts:
    """The facts of an article that was published on a day of its own clock (null: not known)."""
    report = Report(article, content, published)
    named, days, known = Named(report), Days(report), words(content.language)
    places = named.places()
    told, ahead = days.of_event()
    return Facts(
        people=named.people(),
        names=named.names(sure=True),
        openers=named.names(sure=False),
        places=places,
        figures=report.together(_amounts(report, days)),
        leads=_sorted(place.value for place in places if place.parts & ((2 << report.lead) - 1)),
        days=told,
        ahead=ahead,
        past=days.just_past(),
        lead=report.lead,
        occasions=_sorted(match.value for match in report.occasions),
        headed=_sorted(match.value for match in report.occasions if report.part(match.start) <= report.lead),
        phases=_sorted(match.value for match in known.phases.find(report.head)) if known else (),
        session=session(report),
    )


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _amounts(report: Report, days: Days) -> Iterable[Amount]:
    own_year = report.published.year if report.published else 0
    dated = [(reading.start, reading.end) for reading in days.dates]
    for figure in figures(report.words, report.language, dated):
        if figure.value >= _LEAST and not (figure.value in YEARS and abs(figure.value - own_year) <= 1):
            written = report.text[figure.start : figure.end]
            yield Amount(figure.value, figure.unit, written, 1 << report.part(figure.start), _around(report, figure))


def _around(report: Report, figure: Figure) -> tuple[str, ...]:
    """How the longer words around a figure begin."""
    start, end = report.sentence(figure.start)
    before = report.words.part(start, figure.start).folded[-_AROUND:]
    behind = report.words.part(figure.end, end).folded[:_AROUND]
    return tuple(dict.fromkeys(word[:_LETTERS] for word in (*before, *behind) if len(word) >= _LETTERS))
