"""Dates printed for readers, and how far their place on the page is to be trusted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from otswatch.consumers.date_clues import Clue
from otswatch.consumers.date_layout import STAMPED, Chunk, Layout, holds, layout
from otswatch.consumers.date_zone import local_fetch
from otswatch.consumers.document import Document
from otswatch.dates import ANY, Reading, find, machine, might_be, outside, role_of
from otswatch.dates.parse import Role
from otswatch.records import Content, DateSource, Evidence, Precision
from otswatch.text.folding import fold

_MOST, _MOST_TRIED, _MOST_PIECES = 150, 500, 30
_LONGEST = 120
_AROUND = 40  # pieces before and behind the title
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLIMB = 4
_NEAR_ABOVE, _NEAR_BELOW, _FAR = 150, 250, 1200  # characters of text
_SENTENCE, _FEW_WORDS, _MOST_WORDS, _FEW_LINKS = 15, 2, 8, 3
_PARTS = frozenset(("li", "article", "div", "section", "td", "tr"))
_INLINE = frozenset(["a", "abbr", "b", "em", "font", "i", "mark", "small", "span", "strong", "time", "u"])
_HEADER = re.compile(r"(?<![a-z])(?:header|hdr|head|top|mast|menu|nav\w*|toolbar|bar|clock)(?![a-z])", re.IGNORECASE)
_MORE = 60
_CARD, _CARD_LEVELS = 600, 2  # characters of a teaser with its heading; elements around the date
#: `updated` alone is no statement: the microformat hAtom calls every date of an entry so.
_MODIFIED = re.compile(r"modif|updat(?!ed(?![\w-]))|(?<=[\w-])updated|guncel|edited|changed", re.IGNORECASE)
_PUBLISHED = re.compile(r"publi|entry-date|created|posted", re.IGNORECASE)
_OTHERS = (
    r"related|feed|recommend\w*|popular|most|trending|ticker|masthead|clock|weather|carousel"
    r"|newsletter|seealso|readmore"
)
_ELSEWHERE = re.compile(
    rf"(?<![a-z])(?:{_OTHERS}|sidebar|comments?|latest|widget|breaking|copyright|calendar|teasers?|promo|archive|events?)"
    r"(?![a-z])",
    re.IGNORECASE,
)
#: What is meant also where a name stands between the title and the text.
_PLAINLY_ELSEWHERE = re.compile(rf"(?<![a-z])(?:{_OTHERS})(?![a-z])", re.IGNORECASE)
_OF_THE_ARTICLE = re.compile(r"entry|post|article|author|byline|meta", re.IGNORECASE)
_CAPTION = re.compile(r"caption|photo|credit|(?<![a-z])(?:image|img|picture)(?![a-z])", re.IGNORECASE)
_SAYS_SO = re.compile(r"publi\w*[-_ ]?(?:date|time|at|on)|pub[-_]?date|date[-_ ]?publi", re.IGNORECASE)
_ELSEWHERE_TAGS = {"nav", "aside", "footer"}
#: Why a clue from the related news, a sidebar or the footer is never taken.
ELSEWHERE = "stands in a part that is not the article's"
_BLOCKS = ("body", "html")


@dataclass(frozen=True, slots=True)
class Line:
    """A short line with a date in it: a half-open range of the layout's chunks, and the smallest element around it."""

    first: int
    last: int
    element: HtmlElement
    text: str
    readings: tuple[Reading, ...]
    stamps: Mapping[int, str]
    """Where a reading was taken from an attribute: what is written there, by the reading's number."""


def visible(document: Document, content: Content) -> Iterator[Clue]:
    """The dates of a page as a reader sees them, in order."""
    if document.tree is None:
        return
    page = layout(document.tree, content)
    lines = list(islice(_lines(page, content.language, local_fetch(document, content)), _MOST))
    shapes = Counter(_shape(line.element) for line in lines)
    seen: set[tuple[str | None, str]] = set()
    places = [Place(page, line, shapes) for line in lines]
    for clues in _only_one([list(_clues(place.line, place)) for place in places], places):
        for clue in clues:
            key = clue.at, f"{clue.role} {clue.why}"
            if key not in seen:
                seen.add(key)
                yield clue


_FAR_AWAY = "stands far from the title"
_NAMED = re.compile(r"date|time|datum|tarih|tarix|sana|sene|submit|publi|posted|дата", re.IGNORECASE)


def _only_one(clues: list[list[Clue]], places: list[Place]) -> list[list[Clue]]:
    """Far from the title, a date in a date's place is believed where it is the only one that nothing speaks against."""
    free = [
        clue
        for place, some in zip(places, clues, strict=True)
        for clue in some
        if clue.at and (clue.weight or (clue.why == _FAR_AWAY and _is_named(place)))
    ]
    if len({(clue.at or "")[:10] for clue in free}) != 1 or any(clue.weight for clue in free):
        return clues
    return [[replace(clue, weight=0.5, why="") if clue in free else clue for clue in some] for some in clues]


def _is_named(place: Place) -> bool:
    return place.line.element.tag == "time" or any(_NAMED.search(_marks(one)) for one in _inner(place, 0))


# ---------------------------------------------------------------------------------------------------------------- lines


def _lines(page: Layout, language: str, base: datetime | None) -> Iterator[Line]:
    low = tried = 0
    around = range(page.title.start - _AROUND, page.title.stop + _AROUND)
    for index, chunk in enumerate(page.chunks):
        if tried == _MOST_TRIED:
            return
        if index >= low and _is_worth_reading(chunk, language, near=index in around):
            tried += 1
            line = _grown(page, index, low, language, base)
            if line:
                yield line
                low = line.last


def _is_worth_reading(chunk: Chunk, language: str, *, near: bool) -> bool:
    """Whether there may be a date: a word without a number (`yesterday`) is one near the title only."""
    if not chunk.text:
        return _stamp(chunk.element) is not None
    worded = near or any(map(str.isdecimal, chunk.text))
    return worded and len(chunk.text) <= _LONGEST and might_be(chunk.text, language)


def _stamp(element: HtmlElement) -> tuple[str, tuple[str, Precision]] | None:
    """A moment in an attribute of an element."""
    names = ("datetime",) if element.tag == "time" else ("title",) if element.tag == "abbr" else STAMPED
    for name in names:
        written = (element.get(name) or "").strip()
        if written and (read := machine(written)):
            return written, read
    return None


def _grown(page: Layout, index: int, low: int, language: str, base: datetime | None) -> Line | None:
    """The line around a chunk: what stands beside it in the smallest elements, as long as it says one date."""
    best: Line | None = None
    element = page.chunks[index].element
    known = (-1, -1)
    for _ in range(_CLIMB):
        first, last = _extent(page, index, low, element)
        if first < 0 or element.tag in _BLOCKS:
            break
        if (first, last) != known:
            known = first, last
            line = _line(page, first, last, element, language, base)
            if line and best and sum(one.role == "unknown" for one in line.readings) > 1:
                break
            best = line or best
        if element.getparent() is None:
            break
        element = element.getparent()
    return best


def _extent(page: Layout, index: int, low: int, element: HtmlElement) -> tuple[int, int]:
    """The chunks of an element around one of them; negative where it holds too much, the title or earlier lines."""
    first, last, size = index, index + 1, len(page.chunks[index].text)
    while first > 0 and holds(element, page.chunks[first - 1].element):
        first -= 1
        size += len(page.chunks[first].text)
        if first < low or size > _LONGEST or index - first > _MOST_PIECES:
            return -1, -1
    while last < len(page.chunks) and holds(element, page.chunks[last].element):
        size += len(page.chunks[last].text)
        last += 1
        if size > _LONGEST or last - index > _MOST_PIECES:
            return -1, -1
    crossed = page.title and first < page.title.stop and page.title.start < last
    return (-1, -1) if crossed and last - first > len(page.title) else (first, last)


def _line(
    page: Layout, first: int, last: int, element: HtmlElement, language: str, base: datetime | None
) -> Line | None:
    chunks = page.chunks[first:last]
    text = " ".join(chunk.text for chunk in chunks if chunk.text)
    readings = find(text, language, base) or _foreign(text)
    stamps = {}
    for start, end, written, read in _stamps(chunks):
        inside = next((one for one in readings if one.start < end and start < one.end), None)
        role = inside.role if inside else role_of(text[:start], language)
        span = (inside.start, inside.end) if inside else (start, start)
        stamped = Reading(*read, *span, "machine-date/1", role)
        readings = [one for one in readings if one is not inside] + [stamped]
        stamps[stamped] = written
    readings.sort(key=lambda reading: reading.start)
    if not readings:
        return None
    return Line(
        first,
        last,
        element,
        text,
        tuple(readings),
        {index: stamps[one] for index, one in enumerate(readings) if one in stamps},
    )


def _stamps(chunks: Sequence[Chunk]) -> Iterator[tuple[int, int, str, tuple[str, Precision]]]:
    """The moments in attributes of a line, each with the characters of the line that its element holds."""
    position = 0
    for index, chunk in enumerate(chunks):
        if chunk.text:
            position += len(chunk.text) + 1
        elif found := _stamp(chunk.element):
            size = 0
            for one in chunks[index + 1 :]:
                if not holds(chunk.element, one.element):
                    break
                size += len(one.text) + 1 if one.text else 0
            yield position, max(position, position + size - 1), *found


def _foreign(text: str) -> list[Reading]:
    """A day and year with the month in another of the nine languages than the page's."""
    return [one for one in find(text, ANY) if one.at] if _YEAR.search(text) else []


# --------------------------------------------------------------------------------------------------------------- places


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands on its page."""

    page: Layout
    line: Line
    shapes: Counter[tuple[tuple[str, str], ...]]

    @property
    def outer(self) -> Iterator[HtmlElement]:
        """The elements around the line that hold neither the title nor the text, inner ones first."""
        for one in (self.line.element, *self.line.element.iterancestors()):
            if one in self.page.around or one.tag in _BLOCKS:
                return
            yield one

    @property
    def after_title(self) -> int | None:
        """How many characters stand between the title and the line; null where it is not behind the title."""
        title = self.page.title
        if not title or self.line.first < title.stop:
            return None
        return self.page.chunks[self.line.first].start - self.page.chunks[title.stop - 1].end

    @property
    def before_title(self) -> int | None:
        """How many characters stand between the line and the title; null where it is not in front of the title."""
        title = self.page.title
        if not title or self.line.last > title.start:
            return None
        return self.page.chunks[title.start].start - self.page.chunks[self.line.last - 1].end

    @property
    def before_body(self) -> int | None:
        """The same for the first of the text."""
        body = self.page.body
        if not body or self.line.last > body.start:
            return None
        return self.page.chunks[body.start].start - self.page.chunks[self.line.last - 1].end

    @property
    def after_body(self) -> int | None:
        """How many characters stand between the last paragraph and the line."""
        body = self.page.body
        if not body or self.line.first < body.stop:
            return None
        return self.page.chunks[self.line.first].start - self.page.chunks[body.stop - 1].end

    @property
    def near(self) -> bool:
        """Whether the line stands between the title and the text, or below the title beside the first of the text."""
        after = self.after_title
        return after is not None and (self.before_body is not None or (after <= _FAR and self.after_body is None))


def _shape(element: HtmlElement) -> tuple[tuple[str, str], ...]:
    return tuple((str(one.tag), one.get("class") or "") for one in (element, *islice(element.iterancestors(), 2)))


@dataclass(frozen=True, slots=True)
class Bar:
    """A reason why a place is not that of the article's date: what it says of one, empty where it is none."""

    name: str
    says: Callable[[Place], str]


def _named_elsewhere(place: Place) -> str:
    names = _PLAINLY_ELSEWHERE if place.near else _ELSEWHERE
    for one in place.outer:
        named = names.search(_words(one)) if one is not place.line.element else None
        tagged = one.tag in _ELSEWHERE_TAGS and not place.near and not _OF_THE_ARTICLE.search(_words(one))
        if named or tagged:
            return f"{ELSEWHERE}: {_path(one)}" + (f" ({named[0]})" if named else "")
    return ""


def _caption(place: Place) -> str:
    """A photograph was taken on another day. A time of day is the article's."""
    clock = any("T" in (reading.at or "") for reading in place.line.readings)
    if clock or len(fold(" ".join(outside(place.line.text, place.line.readings))).split()) < _FEW_WORDS:
        return ""
    for one in (place.line.element, *islice(place.outer, 4)):
        if one.tag in ("figure", "figcaption") or _CAPTION.search(_words(one)):
            return f"stands in a caption: {_path(one)}"
    return ""


def _in_prose(place: Place) -> str:
    """What a sentence says is an event's date: its words go on beside the line, or in it."""
    element = place.line.element
    if element.tag in _INLINE and any(len(text.strip()) >= _SENTENCE for text in _beside(element)):
        return "a date in the text is an event's"
    in_text = place.page.paragraph_at(place.page.chunks[place.line.first].start)
    words = len(fold(" ".join(outside(place.line.text, place.line.readings))).split())
    behind = place.line.text[max(reading.end for reading in place.line.readings) :]
    ends = any(map(str.isalpha, behind)) and behind.endswith((".", "!", "?", "…"))
    return "a date in the text is an event's" if words > _MOST_WORDS and (in_text or ends) else ""


def _beside(element: HtmlElement) -> Iterator[str]:
    """The text that goes on before and behind an inline element."""
    before, outer = element.getprevious(), element.getparent()
    yield element.tail or ""
    if before is not None:
        yield before.tail or ""
    elif outer is not None:
        yield outer.text or ""


def _in_a_header(place: Place) -> str:
    """Above the title, in a part that is not the article's own heading."""
    if place.before_title is None:
        return ""
    for one in place.outer:
        named = one.tag == "header" or _HEADER.search(_words(one))
        if named and sum(1 for _ in islice(one.iter("a"), _FEW_LINKS)) == _FEW_LINKS:
            return f"stands in the page's header: {_path(one)}"
    return ""


def _in_a_card(place: Place) -> str:
    """With a heading or in a link of its own: another article's."""
    for level, one in enumerate(place.outer):
        if one.tag == "a" and one.get("href") and len(one.text_content()) > _said(place.line) + _MORE:
            return "stands in a link to something else"
        if level < _CARD_LEVELS and not place.near and one.tag in _PARTS and _has_heading(one):
            return f"stands with another heading: {_path(one)}"
    return ""


def _said(line: Line) -> int:
    """How many characters of a line are dates."""
    return sum(reading.end - reading.start for reading in line.readings)


def _has_heading(element: HtmlElement) -> bool:
    return len(element.text_content()) <= _CARD and any(True for _ in element.iter("h1", "h2", "h3", "h4", "h5", "h6"))


def _repeated(place: Place) -> str:
    many = place.shapes[_shape(place.line.element)]
    return f"one of {many} that look alike" if many > 2 and not place.near else ""


BARS: tuple[Bar, ...] = (
    Bar("prose", _in_prose),
    Bar("header", _in_a_header),
    Bar("elsewhere", _named_elsewhere),
    Bar("caption", _caption),
    Bar("card", _in_a_card),
    Bar("repeated", _repeated),
)


def _weight(place: Place, role: Role) -> tuple[float, str]:
    """How far a place is to be trusted, and why not where it is not at all."""
    for bar in BARS:
        if why := bar.says(place):
            return 0, why
    labelled = 0.1 if role != "unknown" else 0.0
    above, below = place.before_title, place.after_body
    if place.near:
        return (0.75 if place.before_body is not None else 0.65) + labelled, ""
    if above is not None and above <= _NEAR_ABOVE:
        return 0.6 + labelled, ""
    if below is not None and below <= _NEAR_BELOW:
        return 0.5 + labelled, ""
    if not place.page.title and place.before_body is not None and place.before_body <= _NEAR_BELOW:
        return 0.55 + labelled, ""
    if role != "unknown" or _SAYS_SO.search(" ".join(map(_marks, (place.line.element, *islice(place.outer, 1))))):
        return 0.5, ""
    return 0, _FAR_AWAY


def _clues(line: Line, place: Place) -> Iterator[Clue]:
    roles = [reading.role if reading.role != "unknown" else _marked(place, reading) for reading in line.readings]
    for index, (reading, said) in enumerate(zip(line.readings, roles, strict=True)):
        weight, why = _weight(place, said)
        if reading.precision == "month" and said == "unknown" and fold(_rest(line, reading)):
            weight, why = 0, why or "a month in a longer line"
        stamped = line.stamps.get(index)
        source: DateSource = "text" if stamped is None else "time"
        words = line.text[reading.start : reading.end] if stamped is None else stamped
        evidence = Evidence(frame="html", path=_path(line.element), text=words, rule=reading.rule)
        weight += 0.1 if weight and stamped is not None else 0
        above = place.before_title is not None
        yield Clue(reading.at, reading.precision, source, said, weight, evidence, why or reading.inferred, above)


def _rest(line: Line, reading: Reading) -> str:
    return f"{line.text[: reading.start]} {line.text[reading.end :]}"


def _marked(place: Place, reading: Reading) -> Role:
    """What the markup around a date calls it; WordPress calls an article that was never changed both."""
    marks = " ".join(_marks(one) for one in _inner(place, reading.start))
    return "modified" if _MODIFIED.search(marks) and not _PUBLISHED.search(marks) else "unknown"


def _inner(place: Place, offset: int) -> Iterator[HtmlElement]:
    """The elements that a character of the line stands in, up to the one that holds the whole line."""
    position = -1
    for chunk in place.page.chunks[place.line.first : place.line.last]:
        position += len(chunk.text) + 1 if chunk.text else 0
        if offset < position:
            for one in (chunk.element, *islice(chunk.element.iterancestors(), _CLIMB)):
                yield one
                if one is place.line.element:
                    return
            return


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _marks(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')} {element.get('itemprop', '')}"


def _words(element: HtmlElement) -> str:
    return _CAMEL.sub(" ", _marks(element))


def _path(element: HtmlElement) -> str:
    """`div#main span.date`: enough to find it by eye."""
    name = str(element.tag)
    if identity := element.get("id"):
        return f"{name}#{identity[:60]}"
    classes = (element.get("class") or "").split()
    return f"{name}.{'.'.join(classes[:2])[:60]}" if classes else name
