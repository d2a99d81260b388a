"""Stage `quotes`: direct speech between quotation marks, with the speaker as written where the text says who spoke.

`content.text[quote.start:quote.end] == quote.text` always. A person is never made up: a pronoun, an office without a
name and a document leave the speaker unknown.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from otswatch.consumers.classify import taxonomy
from otswatch.consumers.document import Document
from otswatch.consumers.stage import Stage
from otswatch.records import Article, Evidence, Quote, Speaker
from otswatch.taxonomy.loader import SpeechRole, Taxonomy
from otswatch.taxonomy.matcher import FoldedText, Match

RULE = "quotes/1"

#: Opening mark → the marks that close it.
_PAIRS = {"“": "”", "„": "”“", "«": "»", "»": "«", '"': '"', "‘": "’", "‟": "”", "‹": "›"}
#: So many marks after an opening one without its own to close it, and it never closes.
_INNER = 40
#: Only what stands beside these tells which way they face.
_BOTH_WAYS = '"‘’'
_MARK = re.compile('[“”„«»"‘’‟‹›]')
_PARAGRAPH = re.compile(r"[^\n]+")
#: An end of a sentence: a stop and a capital behind it. Initials (`H.E.`) end one too, which only narrows the search.
_SENTENCE_END = re.compile(r"[.!?…][\"”»’)]*\s+(?=[\"“„«(]*[^\W\d_a-zа-яё])|\n")
#: Words that are speech by themselves; fewer need a verb of speech right behind them.
_LONG, _SHORT, _NEAR = 6, 2, 4
#: How far the words around a quote are read, in characters, and how far from the verb a name may stand, in words.
_REACH, _BESIDE = 500, 8
#: What a name may follow, but not hold.
_NO_PART: tuple[SpeechRole, ...] = ("offices", "pronouns", "particles")
#: Where so many words begin with a capital it is a title.
_TITLE_SHARE = 0.6
_TITLE_WORD = 4


@dataclass(frozen=True, slots=True)
class _Side:
    """The rest of the sentence on one side of a quote. `start` is its place in the text."""

    text: str
    start: int
    words: FoldedText
    found: list[Match[SpeechRole]]

    def of(self, role: SpeechRole) -> list[Match[SpeechRole]]:
        return [match for match in self.found if match.value == role]


@dataclass(frozen=True, slots=True)
class _Name:
    """A run of capitalised words: tokens `first` to `last` (exclusive) of its side."""

    first: int
    last: int
    start: int
    end: int


def quotes(_document: Document, article: Article) -> Article:
    """The article with what was said in it."""
    if article.content is None:
        return article
    text = article.content.foreground
    found: dict[str, Quote] = {}
    for start, end in spans(text):
        quote = _quote(taxonomy(), article.id, text, start, end)
        if quote:
            found.setdefault(quote.id, quote)
    return article.replace(quotes=tuple(found.values()))


def spans(text: str) -> Iterator[tuple[int, int]]:
    """What stands between quotation marks, without them, outermost pairs only, each within its paragraph."""
    for paragraph in _PARAGRAPH.finditer(text):
        marks = [match.start() for match in _MARK.finditer(text, *paragraph.span())]
        index = 0
        while index < len(marks):
            close = _closing(text, marks, index)
            if close is None:
                index += 1
                continue
            inner = text[marks[index] + 1 : marks[close]]
            start = marks[index] + 1 + len(inner) - len(inner.lstrip())
            if words := inner.strip().rstrip(" ,"):
                yield start, start + len(words)
            index = close + 1


def _closing(text: str, marks: list[int], index: int) -> int | None:
    """The mark that closes the one at `index`, if that one opens."""
    opener = text[marks[index]]
    closers = _PAIRS.get(opener)
    if closers is None or not _opens(text, marks[index]):
        return None
    depth = 0
    for later in range(index + 1, min(index + 1 + _INNER, len(marks))):
        place = marks[later]
        if text[place] == opener and opener not in closers and _opens(text, place):
            depth += 1
        elif text[place] in closers and _closes(text, place):
            if not depth:
                return later
            depth -= 1
    return None


def _opens(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return not before.isalnum() and (text[place] not in _BOTH_WAYS or (bool(after) and not after.isspace()))


def _closes(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return text[place] not in _BOTH_WAYS or not (before.isspace() or after.isalnum())


def _quote(known: Taxonomy, article: str, text: str, start: int, end: int) -> Quote | None:
    words = text[start:end]
    before, after = _before(known, text, start), _after(known, text, end)
    length = len(FoldedText(words).tokens)
    why = _speech(before, after)
    if why is None or length < (_SHORT if _said_right_behind(after) else _LONG) or _is_title(words):
        return None
    speaker = None if why == "document" else _speaker(known, text, before, after)
    identity = hashlib.blake2b(f"{article}\n{words}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return Quote(id=identity, speaker=speaker, text=words, start=start, end=end, direct=True, rule=f"{RULE}:{why}")


def _before(known: Taxonomy, text: str, start: int) -> _Side:
    least = max(0, start - _REACH)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, least, start - 1)] if start else []
    return _side(known, text, ends[-1] if ends else least, max(0, start - 1))


def _after(known: Taxonomy, text: str, end: int) -> _Side:
    most = min(len(text), end + _REACH)
    stop = _SENTENCE_END.search(text, min(end + 2, most), most)
    return _side(known, text, end, stop.start() + 1 if stop else most)


def _side(known: Taxonomy, text: str, start: int, end: int) -> _Side:
    words = FoldedText(text[start:end])
    return _Side(words.text, start, words, known.speech_matcher.find(words))


def _speech(before: _Side, after: _Side) -> str | None:
    """Why the words are speech: a verb on either side, a colon, or a document that is quoted. Null: they are not."""
    if after.of("verbs"):
        return "verb-after"
    if any(match.first < _NEAR for match in after.of("documents")):
        return "document"
    if before.of("verbs"):
        return "verb-before"
    return "colon" if before.text.rstrip().endswith(":") else None


def _said_right_behind(after: _Side) -> bool:
    return any(match.first < _NEAR for match in after.of("verbs"))


def _is_title(words: str) -> bool:
    long = [word for word in re.findall(r"[^\W\d_]+", words) if len(word) >= _TITLE_WORD]
    return bool(long) and sum(word[0].isupper() for word in long) >= _TITLE_SHARE * len(long)


def _speaker(known: Taxonomy, text: str, before: _Side, after: _Side) -> Speaker | None:
    """Who stands beside the verb of speech; where that follows the quote its subject may precede it (`X, "…" dedi`)."""
    for side, verbs in ((after, after.of("verbs")), (before, before.of("verbs")[::-1])):
        names = list(_names(known, text, side))
        for verb in verbs:
            if _pronoun_beside(side, verb):
                return None
            if name := _beside(names, verb):
                return _named(text, side, name)
    if after.of("verbs"):
        name = next(_names(known, text, before), None)
        return _named(text, before, name) if name else None
    return None


def _beside(names: list[_Name], verb: Match[SpeechRole]) -> _Name | None:
    """The nearest name before the verb, else one right behind it."""
    ahead = [name for name in names if name.last <= verb.first and verb.first - name.last < _BESIDE]
    behind = [name for name in names if name.first >= verb.last and name.first - verb.last < _NEAR]
    return ahead[-1] if ahead else behind[0] if behind else None


def _pronoun_beside(side: _Side, verb: Match[SpeechRole]) -> bool:
    return any(match.last == verb.first or match.first == verb.last for match in side.of("pronouns"))


def _names(known: Taxonomy, text: str, side: _Side) -> Iterator[_Name]:
    """Runs of capitalised words that can be a person: without offices, and neither a state nor an organisation."""
    no_part = {match.first for role in _NO_PART for match in side.of(role)}
    tokens = side.words.tokens
    index = 0
    while index < len(tokens):
        last = index
        while last < len(tokens) and _capital(side, last) and (last == index or _joined(side, last)):
            last += 1
        inside = [place for place in range(index, last) if place in no_part]
        first = inside[-1] + 1 if inside else index
        if first < last and _person(known, text, side, first, last):
            yield _Name(first, last, tokens[first].start, tokens[last - 1].end)
        index = max(last, index + 1)


def _capital(side: _Side, index: int) -> bool:
    token = side.words.tokens[index]
    return side.text[token.start].isupper()


def _joined(side: _Side, index: int) -> bool:
    tokens = side.words.tokens
    gap = side.text[tokens[index - 1].end : tokens[index].start]
    return gap in {" ", "-", ". ", "\u00a0"}


def _person(known: Taxonomy, text: str, side: _Side, first: int, last: int) -> bool:
    tokens = side.words.tokens
    written = side.text[tokens[first].start : tokens[last - 1].end]
    roles = {match.value.role for match in known.matcher.find(FoldedText(written))}
    if written.isupper() or roles & {"country", "organisation"}:
        return False
    if last - first > 1:
        return True
    # A single word with a capital may only begin its sentence: a name is met with one elsewhere too.
    here = side.start + tokens[first].start
    return any(start != here for start in _inside(text, written))


_BEFORE_WORD, _BEHIND_WORD = re.compile(r"(?<=[\w,] )"), re.compile(r"\b")


@lru_cache(maxsize=256)
def _inside(text: str, word: str) -> tuple[int, ...]:
    """The first two places where a word stands inside a sentence. Kept: a text asks for the same ones again."""
    return tuple(islice((at for at in _places(text, word) if _BEFORE_WORD.match(text, at)), 2))


def _places(text: str, word: str) -> Iterator[int]:
    # Not by one expression: a search for plain words is a hundred times as fast.
    at = text.find(word)
    while at >= 0:
        if _BEHIND_WORD.match(text, at + len(word)):
            yield at
        at = text.find(word, at + 1)


def _named(text: str, side: _Side, name: _Name) -> Speaker:
    start, end = side.start + name.start, side.start + name.end
    evidence = Evidence(frame="text", start=start, end=end, text=text[start:end], rule=f"{RULE}:speaker")
    return Speaker(name=text[start:end], evidence=(evidence,))


STAGE = Stage(name="quotes", version="2", owns=("quotes",), run=quotes)
