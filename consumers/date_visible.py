"""Dates printed for readers, in elements that look like a date's place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import dateparser
from lxml.html import HtmlElement

from otswatch.consumers.date_clues import Clue
from otswatch.consumers.document import Document
from otswatch.dates import LANGUAGES, Reading, find, machine
from otswatch.dates.parse import Role
from otswatch.records import Content, DateSource, Evidence
from otswatch.text.folding import fold

_MOST = 400
_LONGEST = 120
_SHORTEST_LINE, _SHORT_LINE = 6, 60
_NEAR_BEFORE, _NEAR_AFTER = 25, 60  # elements around the title; a masthead or a list of news is farther away
_PLACE = re.compile(
    r"date|time|publi|posted|byline|tarih|tarix|sana|sene|zaman|fecha|datum|дата|stamp|meta|info|author", re.IGNORECASE
)
_MODIFIED = re.compile(r"modif|updat|guncel|edited", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"(?<![a-z])(?:related|sidebar|comments?|popular|latest|recommend\w*|widget|most|trending|breaking|ticker|masthead|clock|"
    r"copyright|newsletter|weather|calendar|carousel|teasers?|promo|readmore|seealso|archive|events?)(?![a-z])",
    re.IGNORECASE,
)
_ELSEWHERE_TAGS = {"nav", "aside", "footer"}
#: Why a clue from the related news, a sidebar or the footer is never taken.
ELSEWHERE = "stands in a part that is not the article's"


@dataclass(frozen=True, slots=True)
class _Title:
    """Where the title stands among the page's elements, and what it stands in."""

    near: range
    around: frozenset[HtmlElement]


def visible(document: Document, content: Content) -> Iterator[Clue]:
    """The dates of a page as a reader sees them, in order."""
    if document.tree is None:
        return
    elements = list(document.tree.iter("*"))
    title = _title(elements, content.title)
    seen: set[tuple[str | None, str]] = set()
    places = ((index, one) for index, one in enumerate(elements) if _is_place(one, near=index in title.near))
    for index, element in islice(places, _MOST):
        for clue in _clues(element, content.language, document.fetched_at, title, near=index in title.near):
            key = clue.at, f"{clue.role} {clue.why}"
            if key not in seen:
                seen.add(key)
                yield clue


def _title(elements: list[HtmlElement], title: str | None) -> _Title:
    """Where the title stands; the first `h1` where it stands in none, the page's start where there is no `h1`."""
    headings = [index for index, element in enumerate(elements) if element.tag == "h1"]
    wanted = fold(title or "")
    exact = (index for index in headings if fold(elements[index].text_content()) == wanted)
    heading = next(exact, headings[0] if headings else None)
    if heading is None:
        return _Title(range(_NEAR_AFTER), frozenset())
    return _Title(
        range(heading - _NEAR_BEFORE, heading + _NEAR_AFTER + 1), frozenset(elements[heading].iterancestors())
    )


def _is_place(element: HtmlElement, *, near: bool) -> bool:
    """Whether a date is looked for here: where the markup says so, and in a short line near the title."""
    if element.tag == "time" or _PLACE.search(_marks(element)):
        return True
    return near and len(element) == 0 and _SHORTEST_LINE <= len((element.text or "").strip()) <= _SHORT_LINE


def _marks(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')} {element.get('itemprop', '')}"


def _clues(element: HtmlElement, language: str, base: datetime | None, title: _Title, *, near: bool) -> Iterator[Clue]:
    text = " ".join(element.text_content().split())
    if len(text) > _LONGEST:
        return
    role: Role = "modified" if _MODIFIED.search(_marks(element)) else "unknown"
    readings = _read(text, language, base)
    is_time = element.tag == "time"
    source: DateSource = "time" if is_time else "text"
    stamp = (element.get("datetime") or "").strip() if is_time else ""
    if stamped := machine(stamp):
        said = next((reading.role for reading in readings if reading.role != "unknown"), role)
        weight, why = _weigh(element, said, title, near=near)
        evidence = Evidence(frame="html", path=_path(element), text=stamp, rule="machine-date/1")
        yield Clue(*stamped, source, said, weight, evidence, why)
        return
    for reading in readings:
        said = reading.role if reading.role != "unknown" else role
        weight, why = _weigh(element, said, title, near=near)
        words = text[reading.start : reading.end]
        evidence = Evidence(frame="html", path=_path(element), text=words, rule=reading.rule)
        yield Clue(reading.at, reading.precision, source, said, weight, evidence, why or reading.inferred)


def _weigh(element: HtmlElement, role: Role, title: _Title, *, near: bool) -> tuple[float, str]:
    """How far a place is to be trusted. What also holds the title is the article's, whatever it is called."""
    for outer in (element, *element.iterancestors()):
        if outer in title.around or outer.tag in ("body", "html"):
            break
        named = outer is not element and _ELSEWHERE.search(_words(outer))
        if named or (outer.tag in _ELSEWHERE_TAGS and not near):
            return 0, f"{ELSEWHERE}: {_path(outer)}"
    if not near:
        return 0, "stands far from the title"
    if role != "unknown":
        return 0.75, ""
    return (0.7 if element.tag == "time" else 0.6), ""


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _words(element: HtmlElement) -> str:
    return _CAMEL.sub(" ", _marks(element))


def _path(element: HtmlElement) -> str:
    """`div#main span.date`: enough to find it by eye."""
    name = str(element.tag)
    if identity := element.get("id"):
        return f"{name}#{identity[:60]}"
    classes = (element.get("class") or "").split()
    return f"{name}.{'.'.join(classes[:2])[:60]}" if classes else name


_DAY_OF_OTHERS = re.compile(
    r"\d{1,2}\.?(?:er|º|°)?\s+(?:de\s+)?[^\W\d_]{3,}\.?\s+(?:de\s+|del\s+)?(?:19|20)\d\d"
    r"|[^\W\d_]{3,}\.?\s+\d{1,2},?\s+(?:19|20)\d\d"
)
_STRICT: dict[str, object] = {"STRICT_PARSING": True, "PARSERS": ["absolute-time"], "RETURN_AS_TIMEZONE_AWARE": False}


def _read(text: str, language: str, base: datetime | None) -> list[Reading]:
    readings = find(text, language, base)
    if readings or language in LANGUAGES:
        return readings
    return [reading for match in _DAY_OF_OTHERS.finditer(text) if (reading := _in_other_language(match, language))]


def _in_other_language(match: re.Match[str], language: str) -> Reading | None:
    """A day in a language that has no data here, read by dateparser with that language pinned."""
    try:
        moment = dateparser.parse(match[0], languages=[language], settings=_STRICT)
    except ValueError:  # a language that it does not know
        return None
    return Reading(moment.date().isoformat(), "day", match.start(), match.end(), "dateparser/1") if moment else None
