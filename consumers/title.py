"""The title of a page: what its heading, JSON-LD, its meta tags and `<title>` agree on, without the site's name.

Each place makes one claim. `HEADINGS` find the headline that a reader sees, `MENDS` take off the other claims what is
not of the headline, and `CHOICES` decide between them; all three are read with each page: a rule can be left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from otswatch.consumers.document import Document
from otswatch.consumers.markup import class_words, is_running_text, path, shown
from otswatch.consumers.structured import Structured
from otswatch.records import Evidence, Frame
from otswatch.text.folding import fold
from otswatch.wordings import wordings

_SEPARATOR = re.compile(r"\s+[|–—\-:·•»>/~]+\s+|\s*(?:\||｜|ㅣ|::|»|•)\s*")
_COLON = re.compile(r":\s+")
_CUT_OFF = re.compile(r"\s*(?:…|\.{3,})$")
_LONGEST = 400
#: The share of a heading's words that a claim must have for the two to speak of one thing.
_AGREES = 0.6
#: The share of the shorter one's words that two headlines of one story have in common.
_KINDRED = 0.2
_FEWEST_WORDS = 3
_MOST_SITE_WORDS = 8
_MARKS = 20  # that folding takes from a headline, at most
_MOST_PIECES = 20
_BOLD = frozenset(("b", "strong", "font", "big"))
_ASIDE = frozenset(("nav", "aside", "footer", "form"))
_CLASSES = wordings("otswatch.consumers", "metadata.yaml")["classes"]
_TITLE_CLASSES, _LOGO_CLASSES = frozenset(_CLASSES["title"]), frozenset(_CLASSES["logo"])
#: The address of a front page: `/`, `/az/`, `/index.php`, `https://example.org/kz/index.html`.
_FRONT = re.compile(
    r"\s*(?:(?:https?:)?//(?P<host>[^/?#\s]+)/?|(?=[./a-z])\.?/?)"
    r"(?:[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?/?)?(?:(?:index|default|home)(?:\.\w{2,5})?/?)?\s*"
)
_LONGEST_FRONT = 30  # besides the host


@dataclass(frozen=True, slots=True)
class Claim:
    """What one place says the title is: as it is printed there, and without what is not of the headline."""

    printed: str
    bare: str
    frame: Frame
    path: str
    rule: str = "title-agreement/2"

    @property
    def key(self) -> str:
        """What two claims that say the same have in common."""
        return fold(self.bare)


@dataclass(frozen=True)
class _Page:
    """What the rules look at, each part worked out when a rule first asks."""

    document: Document
    tree: HtmlElement
    claims: tuple[Claim, ...]

    @cached_property
    def host(self) -> str:
        try:
            return (urlsplit(self.document.url or "").hostname or "").removeprefix("www.")
        except ValueError:
            return ""

    @cached_property
    def sites(self) -> frozenset[str]:
        """The site's names, folded and without blanks: what it calls itself, what its logo says, and its host."""
        names = [found.value for found in self.document.structured.of("site")]
        for link in self.tree.iter("a"):
            if _is_home(link.get("href"), self.host):
                names += (shown(link), *(image.get("alt") or "" for image in link.iter("img")))
        folded = {fold(name) for name in (*names, self.host, self.host.split(".")[0]) if len(name) <= _LONGEST}
        return frozenset(name.replace(" ", "") for name in folded if name and len(name.split()) <= _MOST_SITE_WORDS)

    def is_site(self, text: str) -> bool:
        """Whether a text is nothing but a name of the site."""
        return fold(text).replace(" ", "") in self.sites

    @cached_property
    def h1(self) -> tuple[tuple[HtmlElement, str], ...]:
        """The first-level headings that are neither the site's name nor its logo."""
        found = ((element, shown(element)) for element in self.tree.iter("h1"))
        return tuple(
            (element, text)
            for element, text in found
            if len(text) <= _LONGEST and fold(text) and not self.is_site(text) and not _is_logo(element, self.host)
        )


Function = TypeVar("Function", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Rule(Generic[Function]):
    """A rule by its name."""

    name: str
    function: Function


def choose(document: Document) -> tuple[str, Evidence] | None:
    """The title and where it stands; null where the page has none."""
    if document.tree is None:
        return None
    page = _Page(document, document.tree, tuple(_claims(document.tree, document.structured)))
    heading = next((found for rule in HEADINGS if (found := rule.function(page))), None)
    known = frozenset(fold(one.printed) for one in (*page.claims, *((heading,) if heading else ())))
    claims = [_mended(claim, page, known) for claim in _one_per_place(page.claims)]
    votes = [claim for claim in ((heading, *claims) if heading else claims) if claim.key]
    if not votes:
        return None
    winners = next((some for rule in CHOICES if (some := rule.function(votes))), votes)
    best = _best_written(winners)
    return best.bare, Evidence(frame=best.frame, path=best.path, text=best.printed, rule=best.rule)


# --------------------------------------------------------------------------------------------------------------- claims


def _claims(tree: HtmlElement, structured: Structured) -> Iterator[Claim]:
    """What the page says its title is, the most trustworthy place first, and `<title>` before microdata."""
    found = structured.of("title")
    for one in (each for each in found if each.frame != "html"):
        yield from _claim(one.value, one.frame, one.path)
    if (element := next(tree.iter("title"), None)) is not None and next(element.iterancestors("svg"), None) is None:
        yield from _claim(element.text_content(), "html", "title")
    for one in (each for each in found if each.frame == "html"):
        yield from _claim(one.value, one.frame, one.path)


def _claim(text: str, frame: Frame, path: str, rule: str | None = None) -> Iterator[Claim]:
    text = " ".join(text.split())[:_LONGEST]
    if text:
        yield Claim(text, text, frame, path, rule) if rule else Claim(text, text, frame, path)


def _one_per_place(claims: Iterable[Claim]) -> list[Claim]:
    """The first claim of JSON-LD, of the meta tags and of `<title>`; microdata only where there is none of these."""
    first: dict[tuple[str, bool], Claim] = {}
    for claim in claims:
        first.setdefault((claim.frame, claim.path == "title"), claim)
    microdata = first.pop(("html", False), None)
    return list(first.values()) or ([microdata] if microdata else [])


# ------------------------------------------------------------------------------------------------------------- headings


def _agreeing_h1(page: _Page) -> Claim | None:
    """The `h1` that most agrees with a claim."""
    said = [(fold(claim.printed), set(fold(claim.printed).split())) for claim in page.claims]
    best, chosen = (0.0, 0), None
    for element, text in page.h1:
        words = set(fold(text).split())
        shares = [2 * len(words & other) / (len(words) + len(other)) for _, other in said]
        covered = max((len(words & other) / len(words) for _, other in said), default=1.0)
        score = (max(shares, default=1.0), len(words))
        if covered >= _AGREES and score > best:
            best, chosen = score, element
    return next(_claim(shown(chosen), "html", "h1")) if chosen is not None else None


def _h1_around_a_claim(page: _Page) -> Claim | None:
    """An `h1` that is a claim's words and one more piece of markup, before or behind them: a kicker, a subtitle."""
    said = {fold(part) for claim in page.claims for part in _parts(claim.printed)}
    for element, text in page.h1:
        if fold(text) not in said:
            for piece in _pieces(element):
                if fold(piece) in said and _is_long(piece) and not page.is_site(piece):
                    return next(_claim(piece, "html", "h1", "title-in-heading/1"))
    return None


def _shown_part(page: _Page) -> Claim | None:
    """What stands between the separators of a claim and, longest of all such, as a block of its own on the page."""
    parts = {fold(part) for claim in page.claims for part in _parts(claim.printed)}
    headings = {fold(text) for _, text in page.h1}
    if len(parts) <= 1 or headings & {fold(claim.printed) for claim in page.claims}:
        return None
    longest_part = max(map(len, parts)) + _MARKS
    short = [(element, text) for element, text in reversed(page.document.blocks) if len(text) <= longest_part]
    shown = {fold(text): (element, text) for element, text in short if fold(text) in parts}
    good = [key for key, (element, text) in shown.items() if not page.is_site(text) and not _leads_elsewhere(element)]
    longest = max(good, key=lambda key: len(key.split()), default="")
    if not _is_long(longest) or any(longest.endswith(key) for key in headings):
        return None
    element, text = shown[longest]
    return next(_claim(text, "html", path(element), "title-shown/1"))


def _only_h1(page: _Page) -> Claim | None:
    """The one `h1` of a page whose fields are all written otherwise, for search engines."""
    texts = {fold(text): text for _, text in page.h1}
    if len(texts) != 1 or not _is_long(next(iter(texts))):
        return None
    return next(_claim(next(iter(texts.values())), "html", "h1", "title-only-heading/1"))


def _above_the_text(page: _Page) -> Claim | None:
    """Of the blocks before the running text the last that is marked as a headline, where no field is one."""
    best: tuple[int, Claim] | None = None
    for element, text in page.document.blocks:
        if is_running_text(element, text):
            break
        level = _level(element)
        clear = level and level >= (best[0] if best else 0)
        if clear and _is_long(text) and not page.is_site(text) and not _leads_elsewhere(element):
            best = level, next(_claim(text, "html", path(element), "title-above-text/1"))
    return best[1] if best else None


HEADINGS: tuple[Rule[Callable[[_Page], Claim | None]], ...] = (
    Rule("h1 around a claim", _h1_around_a_claim),
    Rule("shown part of a claim", _shown_part),
    Rule("agreeing h1", _agreeing_h1),
    Rule("only h1", _only_h1),
    Rule("above the text", _above_the_text),
)


def _is_long(text: str) -> bool:
    """Whether a text has words enough to be a headline: menus, labels and names of sections have one or two."""
    return len(fold(text).split()) >= _FEWEST_WORDS


def _pieces(element: HtmlElement) -> Iterator[str]:
    """The text of an element without its first or its last piece of markup, and those alone."""
    children = list(element)[:_MOST_PIECES]
    for child in children:
        yield shown(child)
        yield " ".join((child.tail or "").split())
    yield " ".join((element.text or "").split())
    if len(children) == 1 and children[0].tag not in ("br", "img"):
        yield from _pieces(children[0])


def _is_home(address: str | None, host: str) -> bool:
    """Whether a link leads to the front page of the site, that of a language included."""
    if not address or len(address) > _LONGEST_FRONT + len(host):
        return False
    match = _FRONT.fullmatch(address)
    return match is not None and (match["host"] or host).removeprefix("www.") == host


def _is_logo(element: HtmlElement, host: str) -> bool:
    """Whether a heading leads to the front page, or stands in what is named a logo."""
    links = next(element.iterancestors("a"), None), next(element.iter("a"), None)
    if any(link is not None and _is_home(link.get("href"), host) for link in links):
        return True
    return any(_LOGO_CLASSES & class_words(one) for one in (element, *list(element.iterancestors())[:2]))


def _leads_elsewhere(element: HtmlElement) -> bool:
    """Whether a block is a link as a whole, or stands in a menu, a side column or a footer."""
    text = shown(element)
    linked = any(shown(link) == text for link in element.iter("a"))
    return linked or any(one.tag == "a" or one.tag in _ASIDE for one in element.iterancestors())


def _level(element: HtmlElement) -> int:
    """How clearly a block is marked as a headline; 0 where it is not."""
    if element.tag in ("h1", "h2", "h3", "h4"):
        return 2
    around = (element, element.getparent(), *list(element)[:1])
    if any(one is not None and _TITLE_CLASSES & class_words(one) for one in around):
        return 2
    inner = element[0] if len(element) == 1 else None
    return int(inner is not None and inner.tag in _BOLD and shown(inner) == shown(element))


# ---------------------------------------------------------------------------------------------------------------- mends


def _parts(text: str) -> Iterator[str]:
    """A claim, and what is left of it before and behind each separator."""
    yield text
    for separator in (_SEPARATOR, _COLON):
        for match in separator.finditer(text):
            yield text[: match.start()].strip()
            yield text[match.end() :].strip()


def _mended(claim: Claim, page: _Page, known: frozenset[str]) -> Claim:
    text = claim.printed
    for rule in MENDS:
        text = rule.function(text, page, known)
    return replace(claim, bare=text)


def _what_others_say(text: str, page: _Page, known: frozenset[str]) -> str:
    """The part of a claim that another place has as its whole."""
    if not any(fold(part) in known for part in list(_parts(text))[1:]):
        return text
    parts = [part for part in list(_parts(text))[1:] if fold(part) in known and not page.is_site(part)]
    return max(parts, key=len, default=text)


def _without_site(text: str, page: _Page, known: frozenset[str]) -> str:
    return without_site(text, page.sites)


MENDS: tuple[Rule[Callable[[str, _Page, frozenset[str]], str]], ...] = (
    Rule("part that another place has", _what_others_say),
    Rule("name of the site", _without_site),
)


def without_site(text: str, sites: frozenset[str]) -> str:
    """A title without a name of the site at either end. The names are folded and without blanks."""
    for match in _SEPARATOR.finditer(text):
        head, tail = text[: match.start()].strip(), text[match.end() :].strip()
        if head and fold(tail).replace(" ", "") in sites:
            return head
        if tail and fold(head).replace(" ", "") in sites:
            return without_site(tail, sites)
    return text


# -------------------------------------------------------------------------------------------------------------- choices


def _heading_of(votes: list[Claim]) -> Claim | None:
    return next((claim for claim in votes if claim.frame == "html" and claim.path != "title"), None)


def _heading_alone(votes: list[Claim]) -> list[Claim] | None:
    """The only heading of a page, whatever the fields say."""
    return [claim for claim in votes if claim.rule == "title-only-heading/1"] or None


def _written_to_be_shared(votes: list[Claim]) -> list[Claim] | None:
    """`og:title` where it differs from a heading and a `<title>` that are one: written for readers outside of the page.

    A monitor shows headlines outside of their page too. It is no rule of agreement, and sets of labels differ over it.
    """
    heading = _heading_of(votes)
    shared = next((claim for claim in votes if claim.path == "meta[property=og:title]"), None)
    if heading is None or shared is None or shared.key == heading.key:
        return None
    others = {claim.key for claim in votes if claim.path != shared.path}
    same = all(claim.key == heading.key for claim in votes if claim.path == "title")
    own, said = set(heading.key.split()), set(shared.key.split())
    kindred = len(own & said) >= _KINDRED * min(len(own), len(said))
    if not (same and others <= {heading.key, shared.key} and kindred) or _CUT_OFF.search(shared.bare):
        return None
    return [claim for claim in votes if claim.key == shared.key]


def _majority(votes: list[Claim]) -> list[Claim]:
    """What most places say; of equals what comes first, which is the heading."""
    groups: dict[str, list[Claim]] = {}
    for claim in votes:
        groups.setdefault(claim.key, []).append(claim)
    return max(groups.values(), key=len)


CHOICES: tuple[Rule[Callable[[list[Claim]], list[Claim] | None]], ...] = (
    Rule("only h1", _heading_alone),
    Rule("written to be shared", _written_to_be_shared),
    Rule("majority", _majority),
)


def _best_written(claims: list[Claim]) -> Claim:
    """Of claims that say the same the first in normal letters, with the blanks between them that most places have."""
    first = next((claim for claim in claims if not claim.bare.isupper()), claims[0])
    same = [claim.bare for claim in claims if claim.bare.replace(" ", "") == first.bare.replace(" ", "")]
    usual = max(same, key=same.count)
    return next(claim for claim in claims if claim.bare == usual)
