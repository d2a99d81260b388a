"""What sort of text it is: words in telling places, and form. Where nothing speaks the kind is unknown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from otswatch.records import Evidence, Kind
from otswatch.taxonomy.loader import Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.schema import Cue, Language

_DOCUMENTS = {"statement", "communique", "declaration"}
#: So many clauses in the manner of a document make one.
_CLAUSES = 3
_DOCUMENT = 5.0
#: Verbs of report are in every sort of text, so that many of them say no more than a few.
_NEWS = 3.0
#: An author who says "we" so often, and once in so many characters, argues.
_VOICE_TIMES, _VOICE_EVERY = 5, 1000
_VOICE = 3.0
#: An author's note is a short last paragraph that begins with a name.
_NOTE_LENGTH = 300
_NOTE = re.compile(r"(?:[^\W\d_a-zа-яё][\w'’.-]*\s+){2,4}(?=\w)|(?:The|Bu|Мнение|A)\b")
#: An interview has so many paragraphs that are questions.
_QUESTIONS, _QUESTION_LENGTH, _INTERVIEW = 3, 300, 4.0
_QUOTED = re.compile(r"“[^“”\n]*”|«[^«»\n]*»|\"[^\"\n]*\"|„[^„“”\n]*[“”]")
_CLAUSE_BEFORE = re.compile(r"(?:^|[\n.;:])[\s\d.)(•–—-]*$")
_CLAUSE_AFTER = re.compile(r"\s*[;,\n]")


@dataclass(frozen=True, slots=True)
class _Vote:
    kind: str
    weight: float
    evidence: tuple[Evidence, ...]


def kind(taxonomy: Taxonomy, readings: Sequence[Reading], spoken: frozenset[Language]) -> Kind | None:
    """The kind that most speaks for, with what speaks for it; null where nothing does."""
    votes = [vote for reading in readings for vote in _votes(taxonomy, reading, spoken)]
    told = any(vote.kind == "news" for vote in votes)
    sums: dict[str, float] = defaultdict(float)
    for vote in votes:
        # "adopts declaration of …" is an article about a document, unless the text has a document's form
        if not (told and vote.kind in _DOCUMENTS and vote.weight < _DOCUMENT):
            sums[vote.kind] += vote.weight
    if not sums:
        return None
    sums["news"] = min(sums["news"], _NEWS)
    best = max(sums, key=lambda name: (sums[name], name == "news"))
    return Kind(id=best, evidence=tuple(piece for vote in votes if vote.kind == best for piece in vote.evidence)[:8])


def _votes(taxonomy: Taxonomy, reading: Reading, spoken: frozenset[Language]) -> Iterator[_Vote]:
    voices: dict[str, list[Evidence]] = defaultdict(list)
    clauses: dict[str, list[Evidence]] = defaultdict(list)
    quoted = [match.span() for match in _QUOTED.finditer(reading.text)]
    opened = [start for start, _ in quoted]
    for match in reading.of("kind"):
        cue = match.value.item
        if not isinstance(cue, Cue) or cue.lang not in spoken:
            continue
        evidence = reading.evidence(match.start, match.end, f"kind/{taxonomy.version}:{cue.where}:{cue.term}")
        before = bisect_right(opened, match.start)
        if before and match.start < quoted[before - 1][1]:
            continue
        if cue.where == "voice":
            voices[match.value.id].append(evidence)
        elif cue.where == "clause":
            if _heads_or_ends_clause(reading.text, match):
                clauses[match.value.id].append(evidence)
        elif _in_place(reading, match, cue):
            yield _Vote(match.value.id, cue.weight, (evidence,))
    yield from _votes_of_form(taxonomy, reading, voices, clauses)


def _votes_of_form(
    taxonomy: Taxonomy, reading: Reading, voices: dict[str, list[Evidence]], clauses: dict[str, list[Evidence]]
) -> Iterator[_Vote]:
    for name, found in voices.items():
        if len(found) >= max(_VOICE_TIMES, len(reading.text) / _VOICE_EVERY):
            yield _Vote(name, _VOICE, tuple(found[:3]))
    for name, found in clauses.items():
        if len(found) >= _CLAUSES:
            yield _Vote(name, _DOCUMENT, tuple(found[:5]))
    questions = tuple(
        reading.evidence(start, end, f"kind/{taxonomy.version}:form:questions")
        for start, end in reading.paragraphs
        if 0 < end - start <= _QUESTION_LENGTH and reading.text[end - 1] == "?"
    )
    if len(questions) >= _QUESTIONS:
        yield _Vote("interview", _INTERVIEW, questions[:3])


def _in_place(reading: Reading, match: Match[Use], cue: Cue) -> bool:
    if reading.frame == "title" or cue.where == "title":
        return reading.frame == cue.where
    if cue.where == "lead":
        return match.start < reading.lead_end
    start, end = reading.paragraphs[-1]
    note = end - start <= _NOTE_LENGTH and _NOTE.match(reading.text, start) is not None
    return note and start <= match.start and start > 0


def _heads_or_ends_clause(text: str, match: Match[Use]) -> bool:
    before = text[max(0, match.start - 12) : match.start] if match.start > 12 else "\n" + text[: match.start]
    return bool(_CLAUSE_BEFORE.search(before) or _CLAUSE_AFTER.match(text, match.end))
