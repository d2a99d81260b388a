"""The people that a page names as its authors: in the fields that are meant for them, in a byline, under the text.

`PLACES` are asked in order, and the first that names somebody is believed; they are read with each page, so that one
can be left out. Agencies, newsrooms and the site itself are no people.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, takewhile
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from otswatch.consumers.document import Document
from otswatch.consumers.markup import class_words, is_running_text, path, shown
from otswatch.consumers.opening import is_name, split_by_and, without_by
from otswatch.consumers.structured import Found
from otswatch.records import Evidence, Frame
from otswatch.text.folding import fold
from otswatch.text.plain import plain
from otswatch.wordings import wordings

_WORDS, _BYLINE_WORDS = (wordings("otswatch.consumers", name) for name in ("authors.yaml", "bylines.yaml"))
_NEVER, _AND, _BY = (frozenset(map(fold, (*_WORDS[key], *_BYLINE_WORDS[key]))) for key in ("never", "and", "by"))
_BY_BEGINS = frozenset(phrase.split()[0] for phrase in _BY)
_LONGEST_BY = max(len(phrase.split()) for phrase in _BY)
_OTHERS = frozenset(_WORDS["others"])
_LONGEST = 200  # longer is a biography
_LONGEST_FIELD = 2000  # with addresses in it
_LONGEST_BYLINE = 120
_DIVIDES = re.compile(r"\s*(?:[,;&|/•·]|\s[–—-]\s)\s*")
_ADDRESS = re.compile(r"\S+@\S+")
#: A name in a script without capitals, as one word.
_UNCASED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{2,6}")
_ANY_CASE = re.compile(r"[^\W\d_][^\W\d_'’ʻ.-]*(?: [^\W\d_][^\W\d_'’ʻ.-]*){1,3}")
_PERSON, _BODY = "person", "organization"
_SIGNED = frozenset(("b", "strong", "em", "i"))
_SIGNATURE = 3  # blocks
_MOST_CANDIDATES, _MOST_INSIDE = 100, 40
_NEAR = 2  # levels of markup

_FAR = 5
_ELSEWHERE = frozenset(("nav", "footer", "form", "figure", "figcaption"))

_HINT = re.compile("|".join(map(re.escape, _WORDS["classes"])))
_PERSONS_PAGE = re.compile(rf"/(?:{'|'.join(_WORDS['paths'])})/[^/?#]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """What a place says: the people, where, and in which words."""

    people: tuple[str, ...]
    frame: Frame
    path: str
    text: str


@dataclass(frozen=True)
class _Page:
    """What the places look at."""

    document: Document
    tree: HtmlElement

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """What the site calls itself, folded."""
        try:
            host = (urlsplit(self.document.url or "").hostname or "").removeprefix("www.")
        except ValueError:
            host = ""
        said = (found.value for found in self.document.structured.of("site"))
        return tuple(folded for name in (*said, host, host.split(".")[0]) if (folded := fold(name)))

    @cached_property
    def order(self) -> dict[HtmlElement, int]:
        """Where each element stands in reading order.

        Held by it, the elements are not made anew by lxml with every walk over the tree.
        """
        return {element: index for index, element in enumerate(self.tree.iter("*"))}

    @cached_property
    def running(self) -> list[HtmlElement]:
        """The blocks of the text: those of the element that has most of the running text in it."""
        long = [(element, len(text)) for element, text in self.document.blocks if is_running_text(element, text)]
        letters: Counter[HtmlElement] = Counter()
        for element, length in long:
            letters[element.getparent()] += length
        parents = letters.most_common(1)
        return [element for element, _ in long if element.getparent() is parents[0][0]]

    @cached_property
    def heading(self) -> HtmlElement | None:
        """The last first-level heading before the text."""
        end = self.order[self.running[0]] if self.running else len(self.order)
        above = [element for element in self.tree.iter("h1") if self.order[element] < end]
        return above[-1] if above else None

    def is_near_text(self, element: HtmlElement) -> bool:
        """Whether an element stands between the heading and the end of the text, or right beside one of the two."""
        around = list(element.iterancestors())[:_NEAR]
        last = self.running[-1] if self.running else None
        start = self.order[self.heading] if self.heading is not None else 0
        end = self.order[last] if last is not None else len(self.order)
        if start <= self.order[element] <= end:
            return True
        beside = [one for one in (self.heading, last) if one is not None]
        return any(ancestor in list(one.iterancestors())[:_NEAR] for one in beside for ancestor in around)

    def fields(self, *frames: Frame) -> list[Found]:
        return [found for found in self.document.structured.of("authors") if found.frame in frames]

    def people(self, value: str, *, kind: str | None = None) -> tuple[str, ...]:
        """The people that a text names.

        Args:
            kind: what the page says they are (`@type`).
        """
        if len(value) > _LONGEST_FIELD:
            return ()
        value = _ADDRESS.sub(" ", plain(value))
        if len(value) > _LONGEST or "://" in value:
            return ()
        parts = [part for part in _DIVIDES.split(_without_by(value)) if part]
        first = _by_and(parts[0], self._is_person) if parts else ()
        others = [name for part in parts[1:] for name in _by_and(part, self._is_person)]
        found = (*first, *others) if first else ()
        if not found and kind == _PERSON and self._is_free(value) and (_ANY_CASE.fullmatch(value)):
            found = (value,)
        return tuple(dict.fromkeys(found))

    def _is_person(self, text: str) -> bool:
        return (is_name(text) or bool(_UNCASED.fullmatch(text))) and self._is_free(text)

    def _is_free(self, text: str) -> bool:
        """Whether no word of a text is one of an office or a newsroom, and it is no name of the site."""
        folded = fold(text)
        return bool(folded) and not _NEVER & set(folded.split()) and not any(folded in site for site in self.sites)


def _without_by(text: str) -> str:
    """A text without the words that say who wrote it. Asked of every block, so the first word is looked at alone."""
    words = text.split(maxsplit=1)
    if not words or _BY_BEGINS.isdisjoint(fold(words[0]).split()):
        return text
    return without_by(text, _BY, _LONGEST_BY)


def _by_and(text: str, is_person: Callable[[str], bool]) -> tuple[str, ...]:
    """The names in a text that are joined by a word for "and"; empty where one of them is none."""
    said = split_by_and(text, _AND)
    return tuple(said) if said and all(is_person(name) for name in said) else ()


def read(document: Document) -> tuple[tuple[str, ...], Evidence | None]:
    """The people that the first place with names in it names."""
    if document.tree is None:
        return (), None
    page = _Page(document, document.tree)
    for place in PLACES:
        if named := place.function(page):
            rule = f"author-{place.name.replace(' ', '-')}/2"
            return named.people, Evidence(frame=named.frame, path=named.path, text=named.text, rule=rule)
    return (), None


# --------------------------------------------------------------------------------------------------------------- fields


def _json_ld(page: _Page) -> Named | None:
    return _first_field(page, page.fields("json-ld"))


def _meta(page: _Page) -> Named | None:
    return _first_field(page, page.fields("meta"))


def _markup(page: _Page) -> Named | None:
    return _first_field(page, page.fields("html"))


def _first_field(page: _Page, found: Iterable[Found]) -> Named | None:
    """The first field that names somebody, with all its values."""
    by_path: dict[str, list[Found]] = {}
    for one in found:
        by_path.setdefault(one.path, []).append(one)
    for where, values in by_path.items():
        said = [(one.value, page.people(one.value, kind=one.kind)) for one in values if one.kind != _BODY]
        if people := tuple(dict.fromkeys(name for _, some in said for name in some)):
            text = ", ".join(value for value, some in said if some)
            return Named(people, values[0].frame, where, text)
    return None


# -------------------------------------------------------------------------------------------------------------- bylines


def _bylines(page: _Page) -> Named | None:
    """Elements that are named for what they hold: `author`, `byline`, `muallif`."""
    return _first_group(page, (one for one in page.order if _is_hint(one.get("class") or "")))


@lru_cache(maxsize=1 << 12)
def _is_hint(classes: str) -> bool:
    return _HINT.search(classes) is not None


def _author_links(page: _Page) -> Named | None:
    """Links to a person's page."""
    links = page.tree.iter("a")
    return _first_group(page, (link for link in links if _PERSONS_PAGE.search(link.get("href") or "")))


def _first_group(page: _Page, elements: Iterable[HtmlElement]) -> Named | None:
    """The first near the text that names somebody, with those that stand beside it."""
    found: list[tuple[HtmlElement, str, tuple[str, ...]]] = []
    for element in islice(elements, _MOST_CANDIDATES):
        if not found or _are_close(found[0][0], element):
            text, people = _named_by(page, element)
            if people:
                found.append((element, text, people))
    if not found:
        return None
    text = ", ".join(dict.fromkeys(text for _, text, _ in found))
    return Named(tuple(dict.fromkeys(name for *_, some in found for name in some)), "html", path(found[0][0]), text)


def _are_close(element: HtmlElement, other: HtmlElement) -> bool:
    return bool(set(list(element.iterancestors())[:_NEAR]) & set(list(other.iterancestors())[:_NEAR]))


def _named_by(page: _Page, element: HtmlElement) -> tuple[str, tuple[str, ...]]:
    """What an element shows and whom it names; its links are asked first, for there may be more in it than names."""
    if len(list(islice(element.iter(), _MOST_INSIDE))) == _MOST_INSIDE:
        return "", ()
    text = shown(element)
    if not 0 < len(text) <= _LONGEST_BYLINE:
        return "", ()
    linked = [(said, page.people(said)) for said in map(shown, element.iter("a"))]
    people = tuple(dict.fromkeys(name for _, some in linked for name in some))
    said = ", ".join(said for said, some in linked if some) if people else text
    people = people or page.people(text)
    if not people or _is_of_others(element, text) or not page.is_near_text(element):
        return "", ()
    return said, people


def _is_of_others(element: HtmlElement, text: str) -> bool:
    """Whether an element stands in a link with more words, in a menu, or in what is named for other articles."""
    for one in (element, *list(element.iterancestors())[:_FAR]):
        if one.tag in _ELSEWHERE or _OTHERS & class_words(one):
            return True
        if one.tag == "a" and len(shown(one)) > len(text):
            return True
    return False


# ----------------------------------------------------------------------------------------------------------------- text


def _said_by(page: _Page) -> Named | None:
    """A block that says so: "By Dana Orazova", "Müəllif: Dana Orazova"."""
    for element, text in page.document.blocks:
        bare = _without_by(text) if len(text) <= _LONGEST_BYLINE else text
        people = page.people(bare) if bare != text else ()
        if people and not _is_of_others(element, text) and page.is_near_text(element):
            return Named(people, "html", path(element), text)
    return None


def _signed(page: _Page) -> Named | None:
    """A name in bold, in italics or at the right, directly above the running text or below it."""
    if not page.running:
        return None
    parent, long = page.running[0].getparent(), set(page.running)
    beside = [(element, text) for element, text in page.document.blocks if element.getparent() is parent]
    above = takewhile(lambda one: one[0] not in long, beside[:_SIGNATURE])
    below = takewhile(lambda one: one[0] not in long, beside[: -_SIGNATURE - 1 : -1])
    for element, text in (*above, *below):
        short = len(text) <= _LONGEST_BYLINE and not any(map(str.isdigit, text))
        people = page.people(text) if short and _is_set_apart(element, text) else ()
        if people:
            return Named(people, "html", path(element), text)
    return None


def _is_set_apart(element: HtmlElement, text: str) -> bool:
    emphasised = any(one.tag in _SIGNED and shown(one) == text for one in element.iter())
    return emphasised or "right" in f"{element.get('style') or ''} {element.get('align') or ''}".casefold()


@dataclass(frozen=True, slots=True)
class Place:
    """A place where authors are named, by its name."""

    name: str
    function: Callable[[_Page], Named | None]


PLACES: tuple[Place, ...] = (
    Place("json-ld", _json_ld),
    Place("meta", _meta),
    Place("markup", _markup),
    Place("byline", _bylines),
    Place("link", _author_links),
    Place("said", _said_by),
    Place("signed", _signed),
)
