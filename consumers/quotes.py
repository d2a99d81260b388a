"""Stage `quotes`: what was said, direct or reported, and by whom, in nine languages.

`content.text[quote.start:quote.end] == quote.text` always, and no two quotes overlap. A speaker whom the article does
not name, or who could be two, is unknown. docs/reference/quotes.md says what a quote is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from otswatch.consumers.classify import areas_of
from otswatch.consumers.document import Document
from otswatch.consumers.stage import Stage
from otswatch.records import Article, Evidence, Mention, Quote, Speaker
from otswatch.speech import setting
from otswatch.speech.clauses import Clauses
from otswatch.speech.frames import Frames
from otswatch.speech.holders import Holders
from otswatch.speech.people import People
from otswatch.speech.speakers import Speakers, Voice
from otswatch.speech.subjects import Subject, Subjects
from otswatch.speech.words import Sentence, Words
from otswatch.taxonomy.process import taxonomy
from otswatch.text.folding import fold

#: Goes up with every change of what the stage makes of the same words; the word lists have the taxonomy's version.
_RULES = 8
RULE = f"quotes/{_RULES}"


@dataclass(frozen=True, slots=True)
class _Said:
    """Words that were said, before it is known by whom. `again`, `unknown`: as `Framed` has them."""

    start: int
    end: int
    why: str
    subject: Subject | None
    direct: bool = False
    again: bool = False
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class _Heard:
    """Words, whose they are, and the places of the text that say where and when."""

    said: _Said
    voice: Voice
    where: setting.Part | None
    when: setting.Part | None


def quotes(_document: Document, article: Article) -> Article:
    """The article with what was said in it."""
    if article.content is None:
        return article
    speech = taxonomy().speech.get(article.content.language)
    if speech is None:
        return article
    words = Words(article.content.foreground, speech, taxonomy())
    people = [mention for mention in article.mentions if mention.type == "person"]
    found: dict[str, Quote] = {}
    for heard in _heard(words):
        quote = _quote(article.id, words, heard, people)
        found.setdefault(quote.id, quote)
    return article.replace(quotes=tuple(found.values()))


# ------------------------------------------------------------------------------------------------------ who said what


def _heard(words: Words) -> Iterator[_Heard]:
    people = People(words)
    subjects = Subjects(words, people.names, people.offices)
    speakers = Speakers(words, people, Holders(words, people), subjects)
    frames, clauses = Frames(words, subjects), Clauses(words, subjects)
    before: Sentence | None = None
    last, spoken = -1, False
    for sentence, after in zip(words.sentences, [*words.sentences[1:], None], strict=False):
        found = list(_in_order(_of(sentence, before, after, frames, clauses, spoken=spoken), last))
        parts = [(said.start, said.end) for said in found]
        where = setting.where(words, sentence, parts) if found else None
        when = setting.when(words, sentence, parts) if found else None
        for said in found:
            last = said.end
            yield _Heard(said, _voice(speakers, said, words.at(said.start)), where, when)
        before, spoken = sentence, bool(found)


def _of(
    sentence: Sentence,
    before: Sentence | None,
    after: Sentence | None,
    frames: Frames,
    clauses: Clauses,
    *,
    spoken: bool,
) -> Iterator[_Said]:
    """What a sentence holds. `before`, `after`: those beside it; `spoken`: whether the one before holds anything."""
    direct = list(frames.of(sentence, before, after, spoken=spoken))
    for framed in direct:
        span = framed.span
        yield _Said(
            span.start, span.end, framed.why, framed.subject, direct=True, again=framed.again, unknown=framed.unknown
        )
    for report in clauses.of(sentence, before, [framed.span for framed in direct]):
        yield _Said(report.start, report.end, report.why, report.subject, unknown=report.unknown)


def _in_order(found: Iterator[_Said], last: int) -> Iterator[_Said]:
    """By place, without what overlaps with the one before; `last`: where the one before these ended."""
    for said in sorted(found, key=lambda said: said.start):
        if said.start >= last:
            last = said.end
            yield said


def _voice(speakers: Speakers, said: _Said, at: int) -> Voice:
    if said.unknown:
        return speakers.unknown(at)
    return speakers.again(at) if said.again else speakers.voice(said.subject, at)


# ------------------------------------------------------------------------------------------------------------ records


def _quote(article: str, words: Words, heard: _Heard, people: Sequence[Mention]) -> Quote:
    said = heard.said
    text = words.text[said.start : said.end]
    identity = hashlib.blake2b(f"{article}\n{text}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    where, when = _evidence(words, heard.where, "where"), _evidence(words, heard.when, "when")
    return Quote(
        id=identity,
        speaker=_speaker(words, heard.voice, people),
        text=text,
        start=said.start,
        end=said.end,
        direct=said.direct,
        areas=tuple(area.id for area in areas_of(text, words.speech.id)),
        where=where.text if where else None,
        when=when.text if when else None,
        evidence=tuple(evidence for evidence in (where, when) if evidence),
        rule=f"{RULE}:{said.why}",
    )


def _evidence(words: Words, part: tuple[int, int] | None, why: str) -> Evidence | None:
    if part is None:
        return None
    start, end = part
    return Evidence(frame="text", start=start, end=end, text=words.text[start:end], rule=f"{RULE}:{why}")


def _speaker(words: Words, voice: Voice, people: Sequence[Mention]) -> Speaker | None:
    if voice.name is None:
        return None
    places = [(part, voice.form) for part in voice.words] + [(part, "title") for part in (voice.office,) if part]
    evidence = [_evidence(words, words.part(first, last), why) for (first, last), why in places]
    mention = _mention(voice.name, people) if voice.form not in {"body", "document"} else None
    return Speaker(
        name=voice.name,
        form=voice.form,
        title=words.written(*voice.office) if voice.office else None,
        person=mention.id if mention else None,
        office=mention.office if mention else None,
        of=mention.of if mention and mention.of else _of_title(words, voice),
        evidence=tuple(found for found in evidence if found),
    )


def _mention(name: str, people: Sequence[Mention]) -> Mention | None:
    """The one person of the article's mentions whose name has these words, or whose words are all in it."""
    wanted = set(fold(name).split())
    found = [mention for mention in people if (own := set(fold(mention.name).split())) <= wanted or wanted <= own]
    known = {mention.id for mention in found}
    return found[0] if len(known) == 1 else None


def _of_title(words: Words, voice: Voice) -> str | None:
    """The state or body that stands in the title, where it is one."""
    if voice.office is None:
        return None
    named = {
        place.id for place in words.places.values() if voice.office[0] <= place.first < voice.office[1] and place.of
    }
    return named.pop() if len(named) == 1 else None


STAGE = Stage(name="quotes", version=f"{_RULES}+{taxonomy().version}", owns=("quotes",), run=quotes, needs_page=False)
