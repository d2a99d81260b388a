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
from typing import NamedTuple

from otswatch.records import Evidence, Kind
from otswatch.taxonomy.loader import Taxonomy, Use
from otswatch.taxonomy.matcher import Match
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.schema import Cue, Language, Tense
from otswatch.text.folding import Token, fold

_DOCUMENTS = {"statement", "communique", "declaration"}
#: So many clauses in the manner of a document make one, and so does its heading.
_CLAUSES, _DOCUMENT, _BARE = 3, 5.0, 1.0
#: Verbs of report are in every sort of text, so that many of them say no more than a few.
_NEWS = 3.0
#: What has fewer words is a dateline or a label, where there are longer ones.
_SENTENCE = 3
#: Of the sentences so many are in a tense, where the first one is not in the past.
_PAST, _FUTURE, _TENSE = 1 / 3, 1 / 2, 1.5
#: An author's own words for "I", "we", "must" argue where they weigh this much, and as much in so many characters.
_VOICE_LEAST, _VOICE_EVERY, _VOICE = 1.5, 1000, 3.5
#: What a verb of "us" weighs, as the words for "we" do in kinds.yaml, and a question that the author asks.
_OF_US, _ASKED = 0.6, 0.5
#: An author's note is a short last paragraph that begins with a name.
_NOTE_LENGTH = 300
_NOTE = re.compile(r"(?:[^\W\d_a-zа-яё][\w'’.-]*\s+){2,4}(?=\w)|(?:The|Bu|Мнение|A)\b")
#: A line above the text that says whose it is has no full stop and at most so many characters.
_BYLINE_LENGTH = 150
#: An interview has so many paragraphs that begin with a question, which may have a dash, a letter or a name before it.
_QUESTIONS, _INTERVIEW, _LONGEST_QUESTION = 3, 4.0, 250
_QUESTION = re.compile(rf"[^.!?…\n]{{2,{_LONGEST_QUESTION}}}\?(?=[\s”»\"]|$)")
#: Words between marks, which may hold others, or behind a dialogue dash.
_QUOTED = re.compile(
    r"“(?:[^“”\n]|“[^“”\n]*”)*”|«(?:[^«»\n]|«[^«»\n]*»)*»|\"[^\"\n]*\"|„(?:[^„“”\n]|„[^„“”\n]*[“”])*[“”]|(?m:^[—–-]\s.*)"
)
_CLAUSE_BEFORE = re.compile(r"(?:^|[\n.;:])[\s\d.)(•–—-]*$")
_HYPHENED = re.compile(r"\w[-‑]\Z")
_CLAUSE_AFTER = re.compile(r"\s*[;,\n]")
_SENTENCE_END = re.compile(r"[.!?…\n](?:(?<=\n)|(?=[\s”»\"]|$))")
_SHOWN, _MOST = 3, 8


class _Reason(NamedTuple):
    """Words that speak for a kind. Evidence is made of them when the kind is taken."""

    reading: Reading
    start: int
    end: int
    rule: str

    def evidence(self, taxonomy: Taxonomy) -> Evidence:
        return self.reading.evidence(self.start, self.end, f"kind/{taxonomy.version}:{self.rule}")


@dataclass(frozen=True, slots=True)
class _Vote:
    kind: str
    weight: float
    reasons: tuple[_Reason, ...]


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
    def sentences(self) -> list[Sequence[Token]]:
        """The words of each sentence that ends outside quotation marks, without what is only a town or a label."""
        tokens, first = self.reading.words.tokens, 0
        sentences: list[Sequence[Token]] = []
        stops = (match.start() for match in _SENTENCE_END.finditer(self.reading.text))
        for end in (*(stop for stop in stops if not self.is_quoted(stop)), len(self.reading.text)):
            last = self.reading.words.first(end + 1)
            if last > first:
                sentences.append(tokens[first:last])
            first = last
        return [sentence for sentence in sentences if len(sentence) >= _SENTENCE] or sentences

    def reason(self, start: int, end: int, rule: str) -> _Reason:
        return _Reason(self.reading, start, end, rule)

    def of_cue(self, match: Match[Use], cue: Cue) -> _Reason:
        return self.reason(match.start, match.end, f"{cue.where}:{cue.term}")


def kind(taxonomy: Taxonomy, readings: Sequence[Reading], spoken: frozenset[Language]) -> Kind | None:
    """The kind that most speaks for, with what speaks for it; null where nothing does."""
    texts = [_Text(taxonomy, reading, spoken) for reading in readings]
    votes = [vote for text in texts for read in _READERS for vote in read(text)]
    votes += next((tenses for text in reversed(texts) if (tenses := list(_tenses(text)))), [])
    told = any(vote.kind == "news" for vote in votes)
    sums: dict[str, float] = defaultdict(float)
    for vote in votes:
        if not (told and vote.kind in _DOCUMENTS and vote.weight < _DOCUMENT):
            sums[vote.kind] += vote.weight
    if not sums:
        return None
    sums["news"] = min(sums["news"], _NEWS)
    best = max(sums, key=lambda name: (sums[name], name == "news"))
    reasons = [reason for vote in votes if vote.kind == best for reason in vote.reasons]
    return Kind(id=best, evidence=tuple(reason.evidence(taxonomy) for reason in reasons[:_MOST]))


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
        case "byline":
            return reading.frame != "title" and _in_the_byline(reading, match)
    return False


def _in_the_authors_note(reading: Reading, match: Match[Use]) -> bool:
    start, end = reading.paragraphs[-1]
    note = end - start <= _NOTE_LENGTH and _NOTE.match(reading.text, start) is not None
    return note and start <= match.start and start > 0


def _in_the_byline(reading: Reading, match: Match[Use]) -> bool:
    """Whether it begins or ends the first line, where that is no sentence."""
    start, end = reading.paragraphs[0]
    line = reading.text[start:end]
    alone = len(reading.paragraphs) > 1 and len(line) <= _BYLINE_LENGTH and line[-1:].isalnum()
    return alone and match.end <= end


def _voice(text: _Text) -> Iterator[_Vote]:
    """An author who speaks in the first person, or of what must be done, all through the text."""
    cues = [(match, cue) for match, cue in text.cues if cue.where == "voice" and not _is_ending(text, match)]
    if cues and _signs(text.reading, *cues[0]):
        return
    found = [(cue.weight, text.of_cue(match, cue)) for match, cue in cues]
    found += [(_OF_US, text.reason(verb.start, verb.end, "form:us")) for verb in _of_us(text)]
    if found and text.reading.frame != "title":
        found += [(_ASKED, text.reason(*question, "form:asked")) for question in _asked(text)]
    if sum(weight for weight, _ in found) >= max(_VOICE_LEAST, len(text.reading.text) / _VOICE_EVERY):
        yield _Vote("opinion", _VOICE, tuple(reason for _, reason in found[:_SHOWN]))


def _is_ending(text: _Text, match: Match[Use]) -> bool:
    """Whether it is the ending of a number or a name, as `én` of `7-én` is."""
    return _HYPHENED.search(text.reading.text, max(0, match.start - 2), match.start) is not None


def _signs(reading: Reading, first: Match[Use], cue: Cue) -> bool:
    """Whether the text is that of those who sign it: it begins "We, the ministers ..."."""
    return cue.weight == _OF_US and first.start == reading.paragraphs[0][0] and reading.text.startswith(",", first.end)


def _of_us(text: _Text) -> Iterator[Token]:
    """The author's own verbs of the first person."""
    for forms in _tensed(text, "opinion"):
        ends = (*forms.words, *forms.endings)
        for token in text.reading.words.tokens:
            # Nearly every word fails the first question, which costs a tenth of the second.
            if token.text.endswith(ends) and forms.verb((token,)) and not text.is_quoted(token.start):
                yield token


def _asked(text: _Text) -> Iterator[tuple[int, int]]:
    """Where the author asks something in the middle of a text."""
    written, start = text.reading.text, text.reading.paragraphs[0][0]
    while (mark := written.find("?", start)) >= 0:
        # Read from the mark: most sentences are none, and to read each to its end from every letter takes long.
        begins = max(start, mark - _LONGEST_QUESTION, *(written.rfind(stop, start, mark) + 1 for stop in ".!…\n"))
        if (asked := _QUESTION.match(written, begins)) and not text.is_quoted(mark):
            yield asked.span()
        start = mark + 1


def _clauses(text: _Text) -> Iterator[_Vote]:
    """The chain of clauses that the full text of a document is."""
    found: dict[str, list[_Reason]] = defaultdict(list)
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
    """Paragraphs that begin with what is asked; the answer may stand behind it."""
    asked = (_QUESTION.match(text.reading.text, start, end) for start, end in text.reading.paragraphs)
    questions = tuple(text.reason(match.start(), match.end(), "form:questions") for match in asked if match)
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


def _shown(text: _Text, verbs: Sequence[Token | None]) -> tuple[_Reason, ...]:
    return tuple(text.reason(verb.start, verb.end, "form:tense") for verb in verbs if verb)[:_SHOWN]


def _verbs(text: _Text, name: str) -> list[Token | None]:
    """For each sentence its word in the tense of a kind."""
    tenses = _tensed(text, name)
    return [next(filter(None, (forms.verb(sentence) for forms in tenses)), None) for sentence in text.sentences]


def _tensed(text: _Text, name: str) -> list[_Forms]:
    """How a kind's verbs look in the text's language."""
    return [_forms(tense) for tense in text.taxonomy.kinds[name].tenses if tense.lang in text.spoken]


@dataclass(frozen=True, slots=True)
class _Forms:
    """How a tense is written, folded: see `Tense`."""

    words: frozenset[str]
    endings: tuple[str, ...]
    never: frozenset[str]
    last: bool

    def _ends(self, word: str) -> bool:
        """Whether a word has one of the endings, and a stem before it."""
        return word.endswith(self.endings) and word[1:].endswith(self.endings) and word not in self.never

    def verb(self, sentence: Sequence[Token]) -> Token | None:
        """The word of a sentence that is in the tense, if any: a whole word before one that only ends so."""
        asked = sentence[-1:] if self.last else sentence
        whole = next((token for token in asked if token.text in self.words), None)
        return whole or next((token for token in asked if self._ends(token.text)), None)


@lru_cache(maxsize=64)
def _forms(tense: Tense) -> _Forms:
    words, endings, never = (map(fold, some) for some in (tense.words, tense.endings, tense.never))
    return _Forms(frozenset(words), tuple(endings), frozenset(never), tense.last)


_READERS: tuple[Callable[[_Text], Iterator[_Vote]], ...] = (_words, _voice, _clauses, _questions)
