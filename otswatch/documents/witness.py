"""Whether an article is the text of a document, and what the text says of itself.

The title, the last lines and the opening say where and when it was adopted, at which meeting, and who speaks. What the
text recalls ("the Samarkand Declaration of 11 November 2022") says nothing of itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from otswatch.documents.clauses import clauses
from otswatch.documents.names import Clue, ToldMeeting, spans
from otswatch.documents.records import Adoption, Signatory, Title
from otswatch.documents.register import Register, Word
from otswatch.documents.scene import Scene, gap
from otswatch.records import Article, Evidence
from otswatch.taxonomy.matcher import Match
from otswatch.text.folding import fold

#: Kinds of article that are full texts, and what such a text is called where its title does not say.
TYPES = {"declaration": "declaration", "communique": "communique", "statement": "joint_statement"}
#: A text has so many clauses at least; where its kind does not say what it is, so many paragraphs end as clauses.
_CLAUSES, _CHAIN = 3, 2
#: A line at the end that says where and when it was adopted, and one that is the document's title, is no longer.
_LINE, _TITLE = 200, 200
#: So many lines at the end, and paragraphs at the beginning, speak of the document itself.
_ENDING, _OPENING = 3, 2
#: Organs that adopt nothing.
_NO_SPEAKERS = frozenset(("secretariat", "representation_office"))
#: A place and a day so many words apart belong together.
_PAIR = 8


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a document. `clue` says which; `clauses` are hashes, in order."""

    clue: Clue
    title: Title | None
    adopted: Adoption | None
    signatories: tuple[Signatory, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    place: str
    day: date
    evidence: tuple[Evidence, ...]


def text_of(
    register: Register,
    article: Article,
    scenes: Sequence[Scene],
    named_in: Sequence[Sequence[Clue]],
    told: Sequence[ToldMeeting],
    rule: str,
) -> Text | None:
    """The document whose text an article is; null where it is none, a part of one, or nobody speaks in it.

    Args:
        named_in: the documents that each scene names.
    """
    body = scenes[-1]
    by_kind = article.kind if article.kind and article.kind.id in TYPES else None
    noun = _noun(scenes)
    if not by_kind and not (noun and _is_a_chain(body)):
        return None
    hashes = tuple(dict.fromkeys(hash_ for hash_, _, _ in clauses(body.text)))
    signatories = tuple(_signatories(register, article, body, told))
    if len(hashes) < _CLAUSES or not signatories or _is_extract(scenes):
        return None
    title = _title(article, body)
    type_ = noun.value.id if noun else TYPES[by_kind.id] if by_kind else ""
    named = _named(scenes, named_in)
    pair = next(iter(_pairs(register, scenes, told, rule)), None)
    meeting = _meeting(body, told)
    clue = Clue(
        stem=register.stem(type_),
        type=type_,
        evidence=(*(named.evidence if named else ()), *(by_kind.evidence[:1] if by_kind else ())),
        exact=named.exact if named else None,
        place=named.place if named and named.place else pair.place if pair else None,
        meeting=named.meeting if named and named.meeting else meeting.id if meeting else None,
        met=named.met if named and named.meeting else meeting.evidence[:1] if meeting else (),
        starts=pair.day if pair else named.starts if named else None,
        ends=pair.day if pair else named.ends if named else None,
        year=named.year if named else None,
        fresh=True,
    )
    adopted = Adoption(place=clue.place, starts=pair.day, ends=pair.day, evidence=pair.evidence) if pair else None
    return Text(clue, title, adopted, signatories, hashes)


def _is_extract(scenes: Sequence[Scene]) -> bool:
    return any(scene.frame == "title" and scene.of("extracts") for scene in scenes)


def _title(article: Article, body: Scene) -> Title | None:
    """The document's own title: a first line of the text that names it, else that of the article."""
    content = article.content
    if content is None:
        return None
    if body.paragraphs:
        start, end = body.paragraphs[0]
        named = any(start <= match.start < end for match in body.of("type"))
        if named and end - start <= _TITLE and body.text[end - 1] not in ".,;:!?":
            shown = Evidence(frame="text", start=start, end=end, text=body.text[start:end], rule="title:first-line")
            return Title(text=body.text[start:end], language=content.language, evidence=(shown,))
    if content.title is None:
        return None
    shown = Evidence(frame="title", start=0, end=len(content.title), text=content.title, rule="title:headline")
    return Title(text=content.title, language=content.language, evidence=(shown,))


def _noun(scenes: Sequence[Scene]) -> Match[Word] | None:
    """What the title calls it, or the first paragraph."""
    for scene in scenes:
        for match in scene.of("type"):
            if scene.frame == "title" or match.start < scene.paragraphs[0][1]:
                return match
    return None


def _is_a_chain(body: Scene) -> bool:
    """Whether the text is a chain of clauses, which no article is."""
    return sum(body.text[end - 1] == ";" for _, end in body.paragraphs) >= _CHAIN


def _named(scenes: Sequence[Scene], named_in: Sequence[Sequence[Clue]]) -> Clue | None:
    """The name that stands in the title, or in the text's first line."""
    for scene, clues in zip(scenes, named_in, strict=True):
        end = len(scene.text) if scene.frame == "title" else _first_line(scene)
        for clue in clues:
            if (clue.evidence[0].start or 0) < end:
                return clue
    return None


def _first_line(scene: Scene) -> int:
    return scene.paragraphs[0][1] if scene.paragraphs and scene.paragraphs[0][1] <= _TITLE else 0


def _meeting(body: Scene, told: Sequence[ToldMeeting]) -> ToldMeeting | None:
    """The meeting that the opening tells of."""
    end = _opening(body)
    for meeting in told:
        if meeting.id and any(piece.frame == "title" or (piece.start or 0) < end for piece in meeting.evidence):
            return meeting
    return None


def _opening(body: Scene) -> int:
    long = [end for start, end in body.paragraphs if end - start >= _LINE // 2]
    return [*long, len(body.text)][:_OPENING][-1] if long else len(body.text)


# ------------------------------------------------------------------------------------------------------- where and when


def _pairs(register: Register, scenes: Sequence[Scene], told: Sequence[ToldMeeting], rule: str) -> Iterator[_Pair]:
    """Place and day of the adoption: by the last lines, else the title, else the opening; each only if it says one."""
    body = scenes[-1]
    endings = [span for span in body.paragraphs[-_ENDING:] if span[1] - span[0] <= _LINE]
    regions = [(body, endings)]
    regions += [(scene, [(0, len(scene.text))]) for scene in scenes if scene.frame == "title"]
    opening = [span for span in body.paragraphs if span[1] <= _opening(body)]
    regions += [(body, opening[:count]) for count in range(1, len(opening) + 1)]
    recalled = {scene: spans(register, scene, told) for scene in scenes}
    for scene, parts in regions:
        found = [pair for part in parts for pair in _in_part(scene, part, recalled[scene], rule)]
        if len({(pair.place, pair.day) for pair in found}) == 1:
            yield found[0]


def _in_part(scene: Scene, part: tuple[int, int], recalled: Sequence[tuple[int, int]], rule: str) -> Iterator[_Pair]:
    """The pairs of a place and a day in a part of a text, outside the names of other documents (`recalled`)."""
    first, last = scene.tokens(*part)

    def is_free(span: tuple[int, int]) -> bool:
        return first <= span[0] < last and not any(span[0] < end and start < span[1] for start, end in recalled)

    places = [match for match in scene.of("place") if is_free((match.first, match.last))]
    for day in scene.days(*part):
        if not is_free((day.first, day.last)):
            continue
        near = [(gap((match.first, match.last), (day.first, day.last)), match) for match in places]
        near = [(distance, match) for distance, match in near if distance <= _PAIR]
        if near:
            place = min(near, key=lambda pair: (pair[0], pair[1].first))[1]
            words = (
                scene.evidence(place.first, place.last, f"{rule}:place"),
                scene.evidence(day.first, day.last, f"{rule}:day"),
            )
            yield _Pair(place.value.id, day.day, words)


# ---------------------------------------------------------------------------------------------------------- signatories


def _signatories(register: Register, article: Article, body: Scene, told: Sequence[ToldMeeting]) -> Iterator[Signatory]:
    """Who speaks in the opening: the states that it lists, and the body that met."""
    end = _opening(body)
    states = _listed(article, body, end)
    if len(states) > 1:
        yield from states
    bodies: dict[str, Evidence] = {}
    for meeting in told:
        for piece in meeting.evidence:
            if ":meeting:" in piece.rule and (piece.frame == "title" or (piece.start or 0) < end):
                bodies.setdefault(meeting.meeting.body, piece)
    for match in (*body.of("body"), *body.of("office")):
        if match.start < end and (speaker := _speaker(register, body, match)):
            bodies.setdefault(speaker, body.evidence(match.first, match.last, "signatory:body"))
    yield from (Signatory(id=id_, evidence=(piece,)) for id_, piece in bodies.items())


def _listed(article: Article, body: Scene, end: int) -> list[Signatory]:
    """The states of the sentence that names most of them."""
    found: dict[tuple[int, int], list[Signatory]] = {}
    for mention in article.mentions:
        if mention.type != "country" or not mention.id:
            continue
        for piece in mention.evidence[:1]:
            if piece.frame == "text" and piece.start is not None and piece.start < end:
                signatory = Signatory(id=mention.id, evidence=(piece,))
                found.setdefault(body.sentence(piece.start), []).append(signatory)
    return max(found.values(), key=len, default=[])


def _speaker(register: Register, body: Scene, match: Match[Word]) -> str | None:
    """The body that a word names: an organ that decides, a body of the OTS, or ministers together."""
    id_ = match.value.id
    if match.value.role == "office":
        series = register.taxonomy.series.get(id_)
        return (series.body if series else id_) if _many(register, body, match) else None
    return id_ if id_ not in _NO_SPEAKERS and register.taxonomy.organisations[id_].role in ("organ", "body") else None


def _many(register: Register, body: Scene, match: Match[Word]) -> bool:
    """Whether it is the office of many (`Foreign Ministers`)."""
    words = register.taxonomy.meeting_words.get(match.value.lang or "")
    plurals = tuple(map(fold, words.ministers)) if words else ()
    return any(body.folded(index).startswith(plurals) for index in range(match.first, match.last))
