"""Copies of articles as other outlets make them: twelve kinds (`labelled/stories/copies.md`), nine languages, by seed.

A copy is the same story as its original. Two originals put through one kind stay two stories, although what an outlet
adds may be the same in both. What is added is data, `copies.yaml`; dates in other languages' words are CLDR's, by
Babel. Uzbek in Cyrillic is left out: what would be added to it is in Latin letters.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from itertools import chain, zip_longest
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml
from babel.dates import format_date

from benchmarks.corpus import OTS
from otswatch.consumers.chain import extract_given
from otswatch.dates import find
from otswatch.records import Article
from otswatch.text.folding import fold, tokens

LABELLED: Final = Path(__file__).parent / "labelled"
#: Where originals are from. Every other one is from the first, whose texts are near to one another.
_NEAR: Final = "stories/articles.jsonl"
_OTHERS: Final = ("topics_kept/texts.jsonl", "quotes/articles.jsonl", "topics/texts.jsonl")
#: Language → what its outlets add to a text.
ADDED: Final[dict[str, dict[str, Any]]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
LANGUAGES: Final = tuple(ADDED)
#: Originals without a day of their own get one of so many, beginning with this.
_FIRST_DAY, _DAYS = datetime(2026, 5, 4, 6, tzinfo=UTC), 10
_LATEST_HOUR: Final = 48
_FETCHED_AFTER: Final = timedelta(minutes=40)

_CYRILLIC = re.compile("[\u0400-\u052f]")
_SENTENCE = re.compile(r"""\S.*?(?:[.!?…]+["“”»']*(?=\s+["„“«–—-]*\s*[^\W_a-zа-я]|\s*$)|$)""", re.MULTILINE)
_NAME = re.compile(r"[^\w]*(?P<name>[^\W\d_]{3,})")
_SMALL_WORD = re.compile(r"(?<![\w-])[^\W\d_]{6,}(?![\w-])")
_QUOTE_MARK, _QUOTE_STYLES = re.compile('["“”„«»]'), ("„“", "„”", "«»", '""', "“”")
_OTHER_MARKS = str.maketrans({"–": "-", "—": "-", "…": "...", "'": "’", "‘": "’", "ʻ": "’", "ʼ": "’"})
#: What has no mark of its own to lose, and й, which old systems have.
_PLAIN = str.maketrans("ıəәғқңөұүһіҳҗƏӘҒҚҢӨҰҮҺІҲҖ", "ieагкноуухихжEАГКНОУУХИХЖ")
_KEEPS_ITS_MARK: Final = "йЙ"


@dataclass(frozen=True, slots=True)
class Telling:
    """An article as an outlet gives it. `story` is the label: tellings that share it are one story."""

    id: str
    story: str
    kind: str
    language: str
    source: str
    published: datetime
    title: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        return self.text.split("\n\n")

    def with_paragraphs(self, paragraphs: Sequence[str]) -> Telling:
        """The same with another text."""
        return replace(self, text="\n\n".join(paragraphs))


def article(telling: Telling, *, dated: bool = True) -> Article:
    """What the pipeline makes of its page, with no background known.

    Args:
        dated: whether the page says when it was published, and the pipeline when it was fetched.
    """
    return extract_given(
        html=_page(telling, dated=dated),
        url=f"https://{telling.source}.example/{telling.id}",
        source=telling.source,
        fetched_at=telling.published + _FETCHED_AFTER if dated else None,
    )


def _page(telling: Telling, *, dated: bool) -> str:
    title, body = escape(telling.title), "".join(f"<p>{escape(each)}</p>\n" for each in telling.paragraphs)
    meta = f'<meta property="article:published_time" content="{telling.published.isoformat()}">' if dated else ""
    head = f'<meta charset="utf-8"><title>{title}</title>{meta}'
    article = f"<article><h1>{title}</h1>\n{body}</article>"
    return f'<!doctype html><html lang="{telling.language}"><head>{head}</head><body>{article}</body></html>'


# ------------------------------------------------------------------------------------------------------------ originals


def written(name: str = _NEAR) -> list[Telling]:
    """The articles of a labelled set, in its order. Where it labels events, these are the stories."""
    lines = (LABELLED / name).read_text(encoding="utf-8").splitlines()
    return [_original(f"{Path(name).parent}-{record['id']}", record) for record in map(json.loads, lines)]


def _original(id_: str, record: dict[str, Any]) -> Telling:
    day = record.get("published")
    return Telling(
        id=id_,
        story=record.get("event", id_),
        kind="original",
        language=record["language"],
        source=record.get("source", f"{record['language']}-daily"),
        published=datetime.fromisoformat(f"{day}T09:00:00+00:00") if day else _some_day(id_),
        title=record["title"],
        text=record["text"],
    )


def _some_day(id_: str) -> datetime:
    return _FIRST_DAY + timedelta(days=_dice(id_).randrange(_DAYS), hours=_dice(id_, "hour").randrange(12))


@cache
def originals(language: str, seed: int = 1) -> tuple[Telling, ...]:
    """All originals of a language, no two of one story; the order is drawn."""
    near, *others = (_drawn(name, language, seed) for name in (_NEAR, *_OTHERS))
    mixed = chain.from_iterable(zip_longest(*others))
    return tuple(each for each in chain.from_iterable(zip_longest(near, mixed)) if each)


def _drawn(name: str, language: str, seed: int) -> list[Telling]:
    found = [each for each in written(name) if each.language == language and _is_in_our_letters(each)]
    _dice(name, language, seed).shuffle(found)
    return list({each.story: each for each in found}.values())


def _is_in_our_letters(telling: Telling) -> bool:
    return telling.language != "uz" or not _CYRILLIC.search(telling.title)


# --------------------------------------------------------------------------------------------------------------- copies

Change = Callable[[Telling, Random], Telling]
#: What each kind does to an article; of the same article and dice it makes the same copy.
KINDS: Final[dict[str, Change]] = {}


def _kind(name: str) -> Callable[[Change], Change]:
    def add(change: Change) -> Change:
        KINDS[name] = change
        return change

    return add


def copies(original: Telling, seed: int = 1) -> Iterator[Telling]:
    """One copy of each kind, each by another outlet within two days."""
    return (copy(original, kind, seed) for kind in KINDS)


def copy(original: Telling, kind: str, seed: int = 1) -> Telling:
    """The copy of this kind."""
    dice = _dice(kind, original.id, seed)
    taken = replace(
        original,
        id=f"{original.id}-{kind.replace(' ', '-')}",
        kind=kind,
        source=f"{original.language}-outlet-{dice.randrange(40)}",
        published=original.published + timedelta(hours=dice.randrange(_LATEST_HOUR)),
    )
    return KINDS[kind](taken, dice)


def _dice(*names: object) -> Random:
    return Random("/".join(map(str, names)))  # noqa: S311 - the same in every run


@_kind("exact")
def _exact(telling: Telling, _: Random) -> Telling:
    return telling


@_kind("lost spaces")
def _lost_spaces(telling: Telling, dice: Random) -> Telling:
    text = "".join(telling.paragraphs)
    return replace(telling, title=_glued(telling.title, dice), text=_glued(text, dice))


def _glued(text: str, dice: Random, one_in: int = 40) -> str:
    words = text.split(" ")
    lost = set(dice.sample(range(1, len(words)), max(1, len(words) // one_in))) if len(words) > 1 else set()
    return words[0] + "".join(("" if at in lost else " ") + words[at] for at in range(1, len(words)))


@_kind("shortened at the end")
def _shortened(telling: Telling, dice: Random) -> Telling:
    ends = [match.end() for match in _SENTENCE.finditer(telling.text)]
    cut = min(ends[:-1] or ends, key=lambda end: abs(end - len(telling.text) * 2 / 3))
    more = dice.choice(("", *ADDED[telling.language]["more"]))
    gap = "" if not more or not more[0].isalpha() else "\n\n"
    return replace(telling, text=telling.text[:cut] + gap + more)


@_kind("other headline")
def _other_headline(telling: Telling, dice: Random) -> Telling:
    name = main_name(telling)
    old, shared = _words(telling.title), _words(name)
    headlines = [each.format(name=name) for each in ADDED[telling.language]["headlines"]]
    return replace(telling, title=dice.choice([each for each in headlines if _words(each) & old <= shared]))


def main_name(telling: Telling) -> str:
    """The name of the title, behind its first word, that the text has most often; else the organisation's."""
    words = (_NAME.match(word) for word in telling.title.split()[1:])
    names = [word["name"] for word in words if word]
    names = [name for name in names if name[0].isupper()]
    counts = Counter(fold(word) for word in telling.text.split())
    return max(names, key=lambda name: counts[fold(name)], default=OTS[telling.language])


def _words(text: str) -> set[str]:
    return {token.text for token in tokens(text)}


@_kind("added background")
def _added_background(telling: Telling, dice: Random) -> Telling:
    blocks = dice.sample(ADDED[telling.language]["background"], dice.choice((1, 2)))
    at = dice.choice((1, len(telling.paragraphs)))
    return telling.with_paragraphs([*telling.paragraphs[:at], *blocks, *telling.paragraphs[at:]])


@_kind("agency prefix")
def _agency_prefix(telling: Telling, dice: Random) -> Telling:
    words = ADDED[telling.language]
    agency = dice.choice(words["agencies"])
    if dice.random() < 0.25:
        return telling.with_paragraphs([*telling.paragraphs, dice.choice(words["authors"]).format(agency=agency)])
    day = format_date(telling.published, words["day"], locale=telling.language)
    prefix = dice.choice(words["prefixes"]).format(town=dice.choice(words["towns"]), day=day, agency=agency)
    return replace(telling, text=prefix + telling.text)


@_kind("changed punctuation")
def _changed_punctuation(telling: Telling, dice: Random) -> Telling:
    first = _QUOTE_MARK.search(telling.text)
    style = dice.choice([style for style in _QUOTE_STYLES if not first or first[0] not in style])
    return replace(telling, title=_marked(telling.title, style, dice), text=_marked(telling.text, style, dice))


def _marked(text: str, style: str, dice: Random) -> str:
    def mark(match: re.Match[str]) -> str:
        before = match.string[match.start() - 1 : match.start()]
        return style[0] if not before or before.isspace() or before in "(–—-" else style[1]

    text = _QUOTE_MARK.sub(mark, text).translate(_OTHER_MARKS)
    return re.sub(r"(?<=\d) (?=\S)| ", lambda gap: "\u00a0" if dice.random() < 0.1 else gap[0], text)


@_kind("no diacritics")
def _no_diacritics(telling: Telling, _: Random) -> Telling:
    return replace(telling, title=without_marks(telling.title), text=without_marks(telling.text))


def without_marks(text: str) -> str:
    """The text in the letters that old systems had."""
    return "".join(letter if letter in _KEEPS_ITS_MARK else _without_mark(letter) for letter in text)


def _without_mark(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part)).translate(
        _PLAIN
    )


@_kind("reordered paragraphs")
def _reordered(telling: Telling, dice: Random) -> Telling:
    lead, *rest = telling.paragraphs
    if len(rest) == 1:
        return telling.with_paragraphs([*rest, lead])
    before = list(rest)
    while rest == before:
        dice.shuffle(rest)
    return telling.with_paragraphs([lead, *rest] if dice.random() < 0.6 else [rest[0], lead, *rest[1:]])


@_kind("one sentence edited")
def _edited(telling: Telling, dice: Random) -> Telling:
    sentences = [match.span() for match in _SENTENCE.finditer(telling.text)]
    dice.shuffle(sentences)
    edits = [_reworded, _respelled, _opened]
    dice.shuffle(edits)
    for edit in edits:
        for start, end in sentences:
            old = telling.text[start:end]
            if (new := edit(old, telling.language, dice)) != old:
                return replace(telling, text=telling.text[:start] + new + telling.text[end:])
    return telling


def _reworded(sentence: str, language: str, _: Random) -> str:
    for word, other in ADDED[language]["synonyms"].items():
        if (new := re.sub(rf"(?<![\w-]){word}(?![\w-])", other, sentence, count=1)) != sentence:
            return new
    return sentence


def _respelled(sentence: str, language: str, dice: Random) -> str:
    """Two letters inside a long word that is neither of a name nor of a date have changed places."""
    dates = [(reading.start, reading.end) for reading in find(sentence, language)]
    words = [match for match in _SMALL_WORD.finditer(sentence) if match[0].islower()]
    words = [match for match in words if not any(start < match.end() and match.start() < end for start, end in dates)]
    if not words:
        return sentence
    word = dice.choice(words)
    at = word.start() + 2
    return sentence[:at] + sentence[at + 1] + sentence[at] + sentence[at + 2 :]


def _opened(sentence: str, language: str, dice: Random) -> str:
    opening: str = dice.choice(ADDED[language]["openings"])
    return opening + sentence if sentence[0].isalpha() else sentence


@_kind("first paragraph only")
def _first_paragraph(telling: Telling, _: Random) -> Telling:
    return telling.with_paragraphs(telling.paragraphs[:1])


@_kind("boilerplate added")
def _boilerplate(telling: Telling, dice: Random) -> Telling:
    words = ADDED[telling.language]
    also = dice.choice(words["also"])
    paragraphs = telling.paragraphs
    between = dice.choice(words["between"]).format(also=also)
    paragraphs.insert(dice.randint(1, len(paragraphs)), between)
    before = dice.sample(words["before"], dice.choice((1, 2)))
    after = [each.format(also=also) for each in dice.sample(words["after"], dice.choice((2, 3)))]
    return telling.with_paragraphs([*before, *paragraphs, *after])
