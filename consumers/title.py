"""The title of a page: what its heading, its meta tags and its `<title>` agree on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from otswatch.consumers.structured import Structured
from otswatch.records import Evidence, Frame
from otswatch.text.folding import fold

_RULE = "title-agreement/1"
_SEPARATOR = re.compile(r"\s+[|–—\-:·•»>/~]+\s+|\s*(?:\||::|»|•)\s*")
_LONGEST = 400
_AGREES = 0.6


def choose(tree: HtmlElement, structured: Structured, url: str | None) -> tuple[str, Evidence] | None:
    """The title and where it stands.

    Each place has one vote: the heading that shares most of its words with what the page says elsewhere, and JSON-LD's
    headline, the meta title and `<title>` without the site's name. Of equals the heading wins, which a reader sees.
    """
    claims = [(text, frame, path) for text, frame, path in _claims(tree, structured) if text]
    texts = [text for text, _, _ in claims]
    sites = _sites(structured, url)
    votes: dict[str, list[tuple[str, Evidence]]] = {}
    if heading := _heading(tree, texts, sites):
        votes[fold(heading)] = [(heading, _evidence(heading, "html", "h1"))]
    for text, frame, path in _one_per_place(claims):
        bare = without_site(text, sites, texts)
        votes.setdefault(fold(bare), []).append((bare, _evidence(text, frame, path)))
    return max(votes.values(), key=len)[0] if votes else None


def _one_per_place(claims: list[tuple[str, Frame, str]]) -> Iterator[tuple[str, Frame, str]]:
    """The first claim of JSON-LD, of the meta tags and of `<title>`; microdata only where there is none of these."""
    places = {(frame, frame == "html" and path): (text, frame, path) for text, frame, path in reversed(claims)}
    chosen = sorted(places.values(), key=claims.index)
    yield from [claim for claim in chosen if claim[1] != "html" or claim[2] == "title"] or chosen


def _evidence(text: str, frame: Frame, path: str) -> Evidence:
    return Evidence(frame=frame, path=path, text=text[:_LONGEST], rule=_RULE)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _claims(tree: HtmlElement, structured: Structured) -> Iterator[tuple[str, Frame, str]]:
    for frame in ("json-ld", "meta"):
        for found in structured.of("title", frame):
            yield _flat(found.value)[:_LONGEST], frame, found.path
    for element in tree.iterfind(".//head/title"):
        yield _flat(element.text_content())[:_LONGEST], "html", "title"
    for found in structured.of("title", "html"):
        yield _flat(found.value)[:_LONGEST], "html", found.path


def _sites(structured: Structured, url: str | None) -> frozenset[str]:
    """The site's names, folded: what it calls itself, and its host."""
    names = {fold(found.value) for found in structured.of("site")}
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    return frozenset(name for name in (*names, fold(host), fold(host.split(".")[0])) if name)


def _heading(tree: HtmlElement, claims: list[str], sites: frozenset[str]) -> str | None:
    """The `h1` that most agrees with a claim; null where there are claims and it shares most of its words with none."""
    best: tuple[float, int] = (0.0, 0)
    chosen = None
    references = [set(fold(claim).split()) for claim in claims]
    for element in tree.iter("h1"):
        text = _flat(element.text_content())
        words = set(fold(text).split())
        if not words or len(text) > _LONGEST or fold(text) in sites:
            continue
        shares = [2 * len(words & other) / (len(words) + len(other)) for other in references]
        covered = [len(words & other) / len(words) for other in references]
        score = max(shares, default=_AGREES)
        if max(covered, default=1.0) >= _AGREES and (score, len(words)) > best:
            best, chosen = (score, len(words)), text
    return chosen


def without_site(text: str, sites: frozenset[str], others: list[str]) -> str:
    """A title without the site's or section's name at either end.

    A part is cut where it is the site's name, or where another claim is exactly the rest.
    """
    known = {fold(other) for other in others if other != text}
    pieces = [(match.start(), match.end()) for match in _SEPARATOR.finditer(text)]
    for start, end in pieces:
        head, tail = text[:start].strip(), text[end:].strip()
        if _is_site(tail, sites) or (head and fold(head) in known):
            return head
        if _is_site(head, sites) or (tail and fold(tail) in known):
            return without_site(tail, sites, others)
    return text


def _is_site(part: str, sites: frozenset[str]) -> bool:
    folded = fold(part)
    return bool(folded) and (folded in sites or folded.replace(" ", "") in {site.replace(" ", "") for site in sites})
