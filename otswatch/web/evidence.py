"""Why each value of an article is believed: the words, numbered, in a list beside the text and marked in it.

Each piece of evidence that stands in the title or the text has a number n: its place there is `#e<n>`, its entry in the
list `#w<n>`, and each links to the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from otswatch.records import Article, Evidence, Frame, Mention
from otswatch.web import moments
from otswatch.web.marking import Piece, paragraphs, pieces
from otswatch.web.names import Names

#: Parts of the record whose evidence is shown, in the order of the list, with what a reader calls them.
PARTS = {
    "date": "Date",
    "relevance": "Relevance",
    "areas": "Areas",
    "kind": "Kind",
    "mentions": "Mentions",
    "quotes": "Quotes",
    "dossiers": "Dossiers",
    "speakers": "Speakers",
    "background": "Background",
}
#: Levels of relevance, as a reader calls them.
LEVELS = {"about": "about OTS", "part": "partly about OTS", "passing": "names OTS in passing", "none": "not about OTS"}


@dataclass(frozen=True, slots=True)
class Words:
    """One piece of evidence. `start` is -1 where it does not stand in the title or the text."""

    number: int
    part: str
    frame: Frame
    start: int
    end: int
    text: str
    rule: str
    where: str

    @property
    def placed(self) -> bool:
        return self.start >= 0


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the article, how sure it is (empty where nothing says), the search that finds more, and its words."""

    name: str
    note: str
    search: tuple[str, str] | None
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the record."""

    id: str
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class _Raw:
    """A value before its words are numbered."""

    part: str
    name: str
    evidence: Sequence[Evidence]
    note: str = ""
    search: tuple[str, str] | None = None


def parts(article: Article, names: Names) -> tuple[Part, ...]:
    """Every value with its words; parts that are unknown are left out."""
    number = 0
    found: dict[str, list[Value]] = {}
    for raw in _values(article, names):
        words = tuple(_words(raw.part, item, number + place) for place, item in enumerate(_once(raw.evidence), 1))
        number += len(words)
        found.setdefault(raw.part, []).append(Value(raw.name, raw.note, raw.search, words))
    return tuple(Part(id_, name, tuple(found[id_])) for id_, name in PARTS.items() if id_ in found)


def _once(evidence: Iterable[Evidence]) -> Iterable[Evidence]:
    return dict.fromkeys(evidence)


def _words(part: str, item: Evidence, number: int) -> Words:
    placed = item.frame in ("title", "text") and item.start is not None and item.end is not None
    start, end = (item.start or 0, item.end or 0) if placed else (-1, -1)
    where = item.frame if item.path is None else f"{item.frame}: {item.path}"
    return Words(number, part, item.frame, start, end, item.text, item.rule, where)


def _values(article: Article, names: Names) -> Iterator[_Raw]:
    if dated := article.published:
        note = f"from {dated.source}, confidence {dated.confidence:.0%}"
        yield _Raw("date", moments.written(dated), dated.evidence, note)
    if relevance := article.relevance:
        yield _Raw("relevance", LEVELS[relevance.level], relevance.evidence, f"score {relevance.score:g}")
    for area in article.areas:
        yield _Raw("areas", names.of("area", area.id), area.evidence, f"score {area.score:g}", ("area", area.id))
    if kind := article.kind:
        yield _Raw("kind", names.of("kind", kind.id), kind.evidence, search=("kind", kind.id))
    for mention in article.mentions:
        country = ("country", mention.id) if mention.type == "country" and mention.id else None
        name = names.of(*country) if country else mention.name
        yield _Raw("mentions", name, mention.evidence, _said_of(mention, names), country)
    for claim in article.dossiers:
        yield _Raw("dossiers", names.of("dossier", claim.id), claim.evidence, search=("dossier", claim.id))
    yield from _spoken(article)
    if article.content and article.content.background:
        note = "under many stories over days; no label, quote or story stands on it"
        yield _Raw("background", "not the news of this story", article.content.background, note)


def _said_of(mention: Mention, names: Names) -> str:
    """`person, President, Kazakhstan`; `meeting, number 12, Gabala, 2025-10-07, held`."""
    parts: list[str] = [mention.type]
    if mention.office or mention.title:
        parts.append(names.of("office", mention.office) if mention.office else mention.title or "")
    if mention.of:
        parts.append(names.of("country", mention.of))
    if meeting := mention.meeting:
        parts += [f"number {meeting.number}"] if meeting.number else []
        parts += [meeting.place.name] if meeting.place else []
        parts += ["–".join(dict.fromkeys((meeting.when.starts, meeting.when.ends)))] if meeting.when else []
        parts += [meeting.status] if meeting.status else []
    return ", ".join(parts)


def _spoken(article: Article) -> Iterator[_Raw]:
    for quote in article.quotes:
        words = Evidence(frame="text", start=quote.start, end=quote.end, text=quote.text, rule=quote.rule)
        speaker = quote.speaker.name if quote.speaker else "unknown speaker"
        yield _Raw("quotes", speaker, (words,), "direct" if quote.direct else "reported")
    speakers: dict[str, list[Evidence]] = {}
    for quote in article.quotes:
        if quote.speaker:
            speakers.setdefault(quote.speaker.name, []).extend(quote.speaker.evidence)
    for name, evidence in speakers.items():
        yield _Raw("speakers", name, evidence)


# ------------------------------------------------------------------------------------------------------- in the text


class Highlights:
    """The title and the text of an article with the words of `shown` marked. Each number is an anchor once."""

    def __init__(self, article: Article, shown: Iterable[Part]) -> None:
        self._content = article.content
        self._words = [words for part in shown for value in part.values for words in value.words if words.placed]
        self._anchored: set[int] = set()

    @property
    def parts(self) -> frozenset[str]:
        """Parts that have words in the title or the text."""
        return frozenset(words.part for words in self._words)

    @property
    def title(self) -> Markup:
        title = self._content.title if self._content else None
        return self._shown("title", title, 0, len(title)) if title else Markup("")

    @property
    def paragraphs(self) -> Iterator[Markup]:
        text = self._content.text if self._content else ""
        yield from (self._shown("text", text, start, end) for start, end in paragraphs(text) if text[start:end].strip())

    def _shown(self, frame: Frame, text: str, start: int, end: int) -> Markup:
        words = [words for words in self._words if words.frame == frame]
        return Markup("").join(self._piece(piece) for piece in pieces(text, words, start, end))

    def _piece(self, piece: Piece[Words]) -> Markup:
        if not piece.places:
            return escape(piece.text)
        new = [words.number for words in piece.places if words.number not in self._anchored]
        self._anchored.update(new)
        kinds = " ".join(dict.fromkeys(words.part for words in piece.places))
        shortest = min(piece.places, key=lambda words: words.end - words.start)
        anchors = Markup("").join(Markup('<span id="e{}"></span>').format(number) for number in new)
        # The space between two words that are marked apart is no link: nobody could hear where it leads.
        link = Markup('<a href="#w{}">{}</a>').format(shortest.number, piece.text) if piece.text.strip() else piece.text
        return Markup('<mark class="{}">{}{}</mark>').format(kinds, anchors, link)
