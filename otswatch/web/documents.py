"""The pages of official documents: all of them, and one with its texts by language and who cites it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from otswatch.documents import OfficialDocument, load
from otswatch.documents.records import Cited, Told, Witness
from otswatch.documents.search import DocumentRequest, Labels, find
from otswatch.index import Search
from otswatch.web import moments
from otswatch.web.cards import Moment, moment
from otswatch.web.desk import AtDesk, Desk, page
from otswatch.web.facets import Chip, Facet, Typed, chips_of, chips_of_days, counts_beside, facet

router = APIRouter(tags=["pages"], default_response_class=HTMLResponse)

#: Filters by parameter: the field of the index, and what it is called, in the order that they are offered.
FACETS: Mapping[str, tuple[str, str]] = {
    "type": ("kind", "Type"),
    "area": ("area", "Area of the text"),
    "language": ("language", "Text known in"),
    "body": ("body", "Body"),
}
_DAYS = {"since": "adopted from", "until": "adopted before"}
#: What an evidence's rule says, in a reader's words. What is no such word is shown as it is.
_RULES = {
    "name": "by its name",
    "day": "by place and day",
    "year": "by place and year",
    "meeting": "by its meeting",
    "published-soon-after": "by its place; published soon after",
    "only-one-of-this-name": "by its place; no other has the name",
    "clauses": "has clauses of it",
}
#: So many documents that an article cites are named on its page.
_MOST = 20


@dataclass(frozen=True, slots=True)
class Card:
    """What a reader sees of a document in a list. `languages`: code, name and a text in it."""

    id: str
    title: str
    language: str
    type: str
    place: str
    adopted: str
    day: str
    meeting: str
    areas: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str, str], ...]
    citations: int
    registered: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A document on the page of an article that has its text, a part of it, or cites it."""

    id: str
    title: str
    language: str
    type: str
    adopted: str
    has_text: bool


@dataclass(frozen=True, slots=True)
class Text:
    """One full text."""

    article: str
    publisher: str
    official: bool
    title: str
    language: str
    language_name: str
    url: str | None
    seen: Moment | None
    note: str


@dataclass(frozen=True, slots=True)
class Citing:
    """One article that cites a document, and its words."""

    article: str
    headline: str
    language: str
    publisher: str
    official: bool
    seen: Moment | None
    words: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of a document, and where it is from: an article and its words, or the register."""

    name: str
    value: str
    article: str | None
    words: tuple[str, ...]


@router.get("/documents", summary="Official documents")
def documents(request: Request, asked: Annotated[DocumentRequest, Query()], desk: AtDesk) -> HTMLResponse:
    """All that are known, the latest first; one entry each, however many articles slice it."""
    found = find(desk.stores.index, asked, desk.settings.config)
    labels = Labels(load(desk.settings.config))
    return _page(
        request,
        asked,
        hits=found.hits,
        cards=[_card(OfficialDocument.model_validate(record), desk, labels) for record in found.hits.documents],
        notes=found.read.notes if found.read else (),
        facets=list(_facets(desk, asked, found.search, labels)),
        chips=list(_chips(desk, asked, labels)),
    )


def refused(request: Request, message: str) -> HTMLResponse:
    """The page with what was typed, and why it cannot be looked for."""
    return _page(request, None, 400, error=message, hits=None, cards=(), notes=(), facets=(), chips=())


def _page(request: Request, asked: DocumentRequest | None, status: int = 200, **values: Any) -> HTMLResponse:
    typed = Typed.of(request.query_params.multi_items())
    return page("documents.html", status, asked=asked, typed=typed, filters=tuple(FACETS), **{"error": "", **values})


@router.get("/documents/{id}", summary="One official document")
def document(id: str, desk: AtDesk) -> HTMLResponse:  # noqa: A002 - the name of the thing
    """Its texts by language side by side, who cites it, and where each value is from."""
    found = one(desk, id)
    labels, now = Labels(load(desk.settings.config)), datetime.now(UTC)
    languages = sorted(found.languages, key=lambda language: (language != "en", desk.names.of("language", language)))
    return page(
        "document.html",
        card=_card(found, desk, labels),
        titles=sorted(
            (desk.names.of("language", language), language, title) for language, title in found.titles.items()
        ),
        texts=[
            (desk.names.of("language", language), [_text(text, desk, now) for text in found.in_language(language)])
            for language in languages
        ],
        citing=[_citing(each, desk, now) for each in found.cited_by],
        facts=list(_facts(found, desk, labels)),
        found=found,
    )


def one(desk: Desk, id_: str) -> OfficialDocument:
    """A document of the index.

    Raises:
        HTTPException: 404 there is none, 410 nothing reports it any more.
    """
    record = desk.stores.index.get("documents", id_)
    if record is None:
        raise HTTPException(404, f"there is no official document {id_[:80]}")
    if "gone" in record:
        raise HTTPException(410, f"no article reports this document any more since {record['gone']['at']}")
    return OfficialDocument.model_validate(record)


def of_article(desk: Desk, article: str) -> list[Link]:
    """The documents that an article has, slices or cites; the one whose text it is first."""
    hits = find(desk.stores.index, DocumentRequest(cites=(article,), size=_MOST)).hits
    labels = Labels(load(desk.settings.config))
    found = [_link(OfficialDocument.model_validate(record), article, labels) for record in hits.documents]
    return sorted(found, key=lambda link: not link.has_text)


# -------------------------------------------------------------------------------------------------------------- values


def _link(found: OfficialDocument, article: str, labels: Labels) -> Link:
    has_text = any(text.article == article for text in found.witnesses)
    return Link(found.id, found.title, _language(found), labels.type(found.type), _days(found), has_text)


def _language(found: OfficialDocument) -> str:
    """Of its title."""
    return next((language for language, title in found.titles.items() if title == found.title), "en")


def _card(found: OfficialDocument, desk: Desk, labels: Labels) -> Card:
    first = {language: next(iter(found.in_language(language))).article for language in found.languages}
    return Card(
        id=found.id,
        title=found.title,
        language=_language(found),
        type=labels.type(found.type),
        place=labels.place(found.adopted.place),
        adopted=_days(found),
        day=found.adopted.ends.isoformat(),
        meeting=labels.meeting(found.meeting),
        areas=tuple((area, desk.names.of("area", area)) for area in found.areas),
        languages=tuple((code, desk.names.of("language", code), article) for code, article in sorted(first.items())),
        citations=found.citations,
        registered=found.registered is not None,
    )


def _days(found: OfficialDocument) -> str:
    return moments.day(found.adopted.ends)


def _text(text: Witness, desk: Desk, now: datetime) -> Text:
    parts = [] if text.whole else ["a part of it"]
    if text.differs:
        parts.append(f"{text.differs.more} clauses that the first text lacks, {text.differs.fewer} of it missing")
    return Text(
        article=text.article,
        publisher=desk.names.publisher(text.source, text.url),
        official=text.official,
        title=text.title or text.url or "untitled",
        language=text.language,
        language_name=desk.names.of("language", text.language),
        url=text.url,
        seen=moment(text.first_seen, now),
        note="; ".join(parts),
    )


def _citing(each: Cited, desk: Desk, now: datetime) -> Citing:
    rule = each.rule.partition(":")[2]
    return Citing(
        article=each.article,
        headline=each.headline or "untitled",
        language=each.language,
        publisher=desk.names.publisher(each.source, None),
        official=each.official,
        seen=moment(each.first_seen, now),
        words=tuple(piece.text for piece in each.evidence),
        why=_RULES.get(rule, rule),
    )


def _facts(found: OfficialDocument, desk: Desk, labels: Labels) -> Iterator[Fact]:
    values = {
        "adopted": ("Adopted", ", ".join(filter(None, (labels.place(found.adopted.place), _days(found))))),
        "meeting": ("Meeting", labels.meeting(found.meeting)),
        "signatories": ("Signed by", ", ".join(map(labels.of, found.signatories))),
        "areas": ("Areas", ", ".join(desk.names.of("area", area) for area in found.areas)),
    }
    for name, (shown, value) in values.items():
        told = found.told.get(name, Told())
        words = tuple(dict.fromkeys(piece.text for piece in told.evidence))
        yield Fact(shown, value or "unknown", told.article if value else None, words)


# ------------------------------------------------------------------------------------------------------------- filters


def _facets(desk: Desk, asked: DocumentRequest, search: Search, labels: Labels) -> Iterator[Facet]:
    """The values of each filter among what the rest of the search finds: they are alternatives of each other."""
    for name, (field, title) in FACETS.items():
        counts = counts_beside(desk.stores.index, search, field)
        yield facet(name, title, getattr(asked, name), counts, partial(_name, desk, labels, name))


def _name(desk: Desk, labels: Labels, parameter: str, value: str) -> str:
    match parameter:
        case "type":
            return labels.type(value)
        case "body":
            return labels.of(value)
    return desk.names.of(parameter, value)


def _chips(desk: Desk, asked: DocumentRequest, labels: Labels) -> Iterator[Chip]:
    """Everything that narrows the search down but its words."""
    for name, (_, title) in FACETS.items():
        yield from chips_of(asked, name, title, partial(_name, desk, labels, name))
    yield from chips_of_days(asked, _DAYS)
    for article in asked.cites:
        yield Chip("cited by article", article, asked.with_changes(cites=()))
    if asked.exact:
        yield Chip("", "exactly as written", asked.with_changes(exact=False))
