"""What sort of text it is: words in telling places, tense, and form. Where nothing speaks the kind is unknown.

Each reader below gives votes, each with the words that are its reason; the kind with most weight is taken. The full
text of a document is told from an article about it by its heading or its chain of clauses: an article tells what
happened, so what tells outvotes a document's bare name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from otswatch.records import Evidence, Kind
from otswatch.taxonomy.loader import Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.schema import Cue, Language, Tense
from otswatch.text.folding import Token, fold

_DOCUMENTS = {"statement", "communique", "declaration"}
#: So many clauses in the manner of a document make one, and so does its heading.
_CLAUSES = 3
_DOCUMENT = 5.0
_BARE = 1.0
#: Verbs of report are in every sort of text, so that many of them say no more than a few.
_NEWS = 3.0
#: Of the sentences so many are in a tense, where the first one is not in the past.
_PAST, _FUTURE = 1 / 3, 1 / 2
_TENSE = 1.5
#: An author's own words for "I", "we", "must" argue where they weigh this much, and as much in so many characters.
_VOICE_LEAST, _VOICE_EVERY, _VOICE = 1.5, 1000, 3.5
#: An author's note is a short last paragraph that begins with a name.
_NOTE_LENGTH = 300
_NOTE = re.compile(r"(?:[^\W\d_a-zа-яё][\w'’.-]*\s+){2,4}(?=\w)|(?:The|Bu|Мнение|A)\b")
#: An interview has so many paragraphs that are questions.
_QUESTIONS, _QUESTION_LENGTH, _INTERVIEW = 3, 300, 4.0
#: Words between marks, which may hold others, or behind a dialogue dash.
_QUOTED = re.compile(
    r"“(?:[^“”\n]|“[^“”\n]*”)*”|«(?:[^«»\n]|«[^«»\n]*»)*»|\"[^\"\n]*\"|„(?:[^„“”\n]|„[^„“”\n]*[“”])*[“”]|(?m:^[—–-]\s.*)"
)
_CLAUSE_BEFORE = re.compile(r"(?:^|[\n.;:])[\s\d.)(•–—-]*$")
_CLAUSE_AFTER = re.compile(r"\s*[;,\n]")
_SENTENCE_END = re.compile(r"[.!?…](?=[\s”»\"]|$)|\n|$")
_NOTHING = "(?!)"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Vote:
    kind: str
    weight: float
    evidence: tuple[Evidence, ...]


class _Text:
    """A title or text with what the readers below ask of it."""

    def __init__(self, taxonomy: Taxonomy, reading: Reading, spoken: frozenset[Language]) -> None:
        self.taxonomy = taxonomy
        self.reading = reading
        self.spoken = spoken
        self._quoted = [match.span() for match in _QUOTED.finditer(reading.text)]
        self._opened = [start for start, _ in self._quoted]

    def is_quoted(self, place: int) -> bool:
        """Whether somebody else's words stand there."""
        before = bisect_right(self._opened, place)
        return before > 0 and place < self._quoted[before - 1][1]

    @cached_property
    def cues(self) -> list[tuple[Match[Use], Cue]]:
        """The cues of the text's language in the author's own words."""
        found = ((match, match.value.item) for match in self.reading.of("kind"))
        return [
            (match, cue)
            for match, cue in found
            if isinstance(cue, Cue) and cue.lang in self.spoken and not self.is_quoted(match.start)
        ]

    @cached_property
    def sentences(self) -> list[list[Token]]:
        """The words of each sentence that ends outside quotation marks."""
        tokens, sentences, first = self.reading.words.tokens, [], 0
        ends = (match.start() for match in _SENTENCE_END.finditer(self.reading.text))
        for end in (end for end in ends if not self.is_quoted(end)):
            last = bisect_right(tokens, end, lo=first, key=lambda token: token.start)
            if last > first:
                sentences.append(tokens[first:last])
            first = last
        return sentences

    def evidence(self, start: int, end: int, rule: str) -> Evidence:
        return self.reading.evidence(start, end, f"kind/{self.taxonomy.version}:{rule}")

    def of_cue(self, match: Match[Use], cue: Cue) -> Evidence:
        return self.evidence(match.start, match.end, f"{cue.where}:{cue.term}")


def kind(taxonomy: Taxonomy, readings: Sequence[Reading], spoken: frozenset[Language]) -> Kind | None:
    """The kind that most speaks for, with what speaks for it; null where nothing does."""
    texts = [_Text(taxonomy, reading, spoken) for reading in readings]
    votes = [vote for text in texts for read in _READERS for vote in read(text)]
    told = any(vote.kind == "news" for vote in votes)
    sums: dict[str, float] = defaultdict(float)
    for vote in votes:
        if not (told and vote.kind in _DOCUMENTS and vote.weight < _DOCUMENT):
            sums[vote.kind] += vote.weight
    if not sums:
        return None
    sums["news"] = min(sums["news"], _NEWS)
    best = max(sums, key=lambda name: (sums[name], name == "news"))
    return Kind(id=best, evidence=tuple(piece for vote in votes if vote.kind == best for piece in vote.evidence)[:8])


def _words(text: _Text) -> Iterator[_Vote]:
    """Each cue in its place, once. A document's name heads no document where the title tells what was done with it."""
    placed: dict[str, tuple[Match[Use], Cue]] = {}
    for match, cue in text.cues:
        if _in_place(text.reading, match, cue):
            placed.setdefault(f"{cue.where}:{cue.term}", (match, cue))
    told = any(match.value.id == "news" for match, _ in placed.values())
    for match, cue in placed.values():
        weight = _BARE if told and cue.where == "heading" else cue.weight
        yield _Vote(match.value.id, weight, (text.of_cue(match, cue),))


def _in_place(reading: Reading, match: Match[Use], cue: Cue) -> bool:
    match cue.where:
        case "title":
            return reading.frame == "title"
        case "heading":
            whole = len(reading.words.tokens)
            return reading.frame == "title" and (match.first == 0 or match.last == whole)
        case "text":
            return True
        case "lead":
            return reading.frame != "title" and match.start < reading.lead_end
        case "end":
            return reading.frame != "title" and _in_the_authors_note(reading, match)
    return False


def _in_the_authors_note(reading: Reading, match: Match[Use]) -> bool:
    start, end = reading.paragraphs[-1]
    note = end - start <= _NOTE_LENGTH and _NOTE.match(reading.text, start) is not None
    return note and start <= match.start and start > 0


def _voice(text: _Text) -> Iterator[_Vote]:
    """An author who speaks in the first person, or of what must be done, all through the text."""
    found: dict[str, list[tuple[Match[Use], Cue]]] = defaultdict(list)
    for match, cue in text.cues:
        if cue.where == "voice":
            found[match.value.id].append((match, cue))
    for name, cues in found.items():
        if sum(cue.weight for _, cue in cues) >= max(_VOICE_LEAST, len(text.reading.text) / _VOICE_EVERY):
            yield _Vote(name, _VOICE, tuple(text.of_cue(*cue) for cue in cues[:_SHOWN]))


def _clauses(text: _Text) -> Iterator[_Vote]:
    """The chain of clauses that the full text of a document is."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for match, cue in text.cues:
        if cue.where == "clause" and _heads_or_ends_clause(text.reading.text, match):
            found[match.value.id].append(text.of_cue(match, cue))
    for name, clauses in found.items():
        if len(clauses) >= _CLAUSES:
            yield _Vote(name, _DOCUMENT, tuple(clauses[:_SHOWN]))


def _heads_or_ends_clause(text: str, match: Match[Use]) -> bool:
    before = text[max(0, match.start - 12) : match.start] if match.start > 12 else "\n" + text[: match.start]
    return bool(_CLAUSE_BEFORE.search(before) or _CLAUSE_AFTER.match(text, match.end))


def _questions(text: _Text) -> Iterator[_Vote]:
    """Short paragraphs that ask."""
    questions = tuple(
        text.evidence(start, end, "form:questions")
        for start, end in text.reading.paragraphs
        if 0 < end - start <= _QUESTION_LENGTH and text.reading.text[end - 1] == "?"
    )
    if len(questions) >= _QUESTIONS:
        yield _Vote("interview", _INTERVIEW, questions[:_SHOWN])


def _tenses(text: _Text) -> Iterator[_Vote]:
    """What the first sentence, or many, tell of: what happened; else what is to come."""
    past = _verbs(text, "news")
    if past and (past[0] or _share(past) >= _PAST):
        yield _Vote("news", _TENSE, _shown(text, past))
    elif _share(future := _verbs(text, "announcement")) >= _FUTURE:
        yield _Vote("announcement", _TENSE, _shown(text, future))


def _share(verbs: Sequence[Token | None]) -> float:
    return sum(verb is not None for verb in verbs) / max(1, len(verbs))


def _shown(text: _Text, verbs: Sequence[Token | None]) -> tuple[Evidence, ...]:
    return tuple(text.evidence(verb.start, verb.end, "form:tense") for verb in verbs if verb)[:_SHOWN]


def _verbs(text: _Text, name: str) -> list[Token | None]:
    """For each sentence its word in the tense of a kind."""
    tenses = [tense for tense in text.taxonomy.kinds[name].tenses if tense.lang in text.spoken]
    return [next((verb for tense in tenses if (verb := _verb(sentence, tense))), None) for sentence in text.sentences]


def _verb(sentence: Sequence[Token], tense: Tense) -> Token | None:
    """The word of a sentence that is in the tense, if any: a whole word before one that only ends so."""
    asked = sentence[-1:] if tense.last else sentence
    return next((token for forms in _forms(tense) for token in asked if forms.match(token.text)), None)


@lru_cache(maxsize=64)
def _forms(tense: Tense) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A tense's words, and its endings, over folded words."""
    words, endings, never = (
        "|".join(map(fold, some)) or _NOTHING for some in (tense.words, tense.endings, tense.never)
    )
    return re.compile(rf"(?:{words})$"), re.compile(rf"(?!(?:{never})$)\w+(?:{endings})$")


_READERS: tuple[Callable[[_Text], Iterator[_Vote]], ...] = (_words, _voice, _clauses, _questions, _tenses)
