"""What stands above a text and is not of it: the dateline and the byline."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from otswatch.dates import find, outside
from otswatch.text.folding import fold
from otswatch.wordings import wordings

#: Written small inside a name.
_PARTICLE = "de|da|van|von|der|al|bin|el|oğlu|qızı|ogly|gyzy|uulu|kyzy|уулу|кызы|оглы|ұлы|қызы"
_NAME_WORD = rf"(?:[^\W\d_a-z][^\W\d_]*(?:[-'’ʻ‘][^\W\d_]+)*\.?|{_PARTICLE})"
_NAME = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{1,3}}")
_LONGEST_BY = 2  # words
_LONGEST_BYLINE = 80
_LONGEST_DATELINE = 160
_MOST_OTHER_WORDS = 5
_SOURCE_WORD = r"[/(\[]?[^\W\d_][\w’'.-]*[/)\]]?"
_SOURCE = rf"{_SOURCE_WORD}(?: {_SOURCE_WORD}){{0,3}}"
_CAPITAL = r"[^\W\d_a-zа-яёәғқңөұүһіўҳ]"
_AGENCY = rf"{_CAPITAL}[\w’'.-]{{1,20}}(?: {_CAPITAL}[\w’'-]{{1,20}}){{0,2}}"
#: Behind the date: perhaps a city or agency in capitals or brackets, perhaps the full stop that Hungarian writes behind
#: a day, then the mark that ends a dateline.
_ENDS = re.compile(
    rf"(?:[\s,.]*{_SOURCE})?(?:\.(?=\s*[–—|-]))?(?:\s*(?:[–—:|]|--|-(?=\s))(?:\s*{_AGENCY}\.(?=\s))?|\.?(?<=[/)\].])(?=\s))\s*"
)
#: Behind a city in capitals a full stop does too (`BAKU, Azerbaijan, September 26. …`).
_CITY = re.compile(r"[^\W\d_a-zа-я]{3,}\b")
_STOP = re.compile(r"\.\s+(?=[^\W\d_])")
_BEFORE = re.compile(rf"\s*|[\s(]*[^\W\d_][\w’'. -]{{0,40}}[,.:(/|–—-]\s*(?:{_CAPITAL}[\w’'. -]{{0,30}}[,(/]\s*)?")
#: Without a date: `ANKARA (AA) -`, `АСТАНА. QAZAGENT —`, and `Bakı. Trend:`, behind which a reporter may be named.
_IN_CAPITALS = rf"{_CAPITAL}{{4,}}(?:[ -]{_CAPITAL}{{2,}})?"
_NO_DATE = (
    re.compile(
        rf"(?P<dateline>{_IN_CAPITALS}[\s,.]*(?:\([^()\d]{{2,15}}\)|/[^/\d]{{2,15}}/))(?:\.|\s*[–—:-])\s+(?=\S)"
    ),
    re.compile(rf"(?P<dateline>{_IN_CAPITALS}\.\s+{_CAPITAL}{{3,20}})(?:\.|\s*[–—:-])\s+(?=\S)"),
    re.compile(
        rf"(?P<dateline>{_AGENCY}\.\s+{_AGENCY})(?:,\s(?P<author>{_NAME_WORD}(?: {_NAME_WORD}){{1,2}}))?:\s+(?=\S)"
    ),
)
_OPENING_LINES = 3
_MOST_LABEL_WORDS = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and where it stands in the input; -1 where it was read from a page."""

    text: str
    start: int = -1

    def cut(self, end: int) -> Paragraph:
        """What is left behind an opening of `end` characters."""
        rest = self.text[end:]
        lead = len(rest) - len(rest.lstrip())
        return Paragraph(rest[lead:], self.start + end + lead if self.start >= 0 else -1)


@dataclass(frozen=True, slots=True)
class Lifted:
    """Words taken out of the text: as printed, where they began, and the rule that knew them."""

    text: str
    start: int
    rule: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A text with its dateline and byline taken off."""

    paragraphs: tuple[Paragraph, ...]
    dateline: Lifted | None = None
    byline: Lifted | None = None
    authors: tuple[str, ...] = ()


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(fold(word) for word in wordings("otswatch.consumers", "bylines.yaml")[key])


def names(text: str) -> tuple[str, ...]:
    """The people that a byline or an author field names; empty where it is something else."""
    text = " ".join(text.split())
    stripped = without_by(text, _words("by"), _LONGEST_BY)
    parts = [part for part in re.split(r"\s*[,;&|/]\s*", stripped) if part]
    found: list[str] = []
    for part in parts:
        found += split_by_and(part, _words("and"))
    good = tuple(dict.fromkeys(name for name in found if is_name(name)))
    return good if len(good) == len(set(found)) else ()


def without_by(text: str, by: Container[str], longest: int) -> str:
    """A text without the words before it that say who wrote it: one of `by`, folded, of so many words at most."""
    words = text.split(maxsplit=longest)
    for count in range(len(words) - 1, 0, -1):
        if fold(" ".join(words[:count])) in by:
            return " ".join(words[count:]).lstrip(":–— ")
    return text


def split_by_and(text: str, joining: Container[str]) -> list[str]:
    """What a text joins by a word for "and", one of `joining`, folded."""
    found: list[list[str]] = [[]]
    for word in text.split():
        if fold(word) in joining and found[-1]:
            found.append([])
        else:
            found[-1].append(word)
    return [" ".join(words) for words in found if words]


def is_name(text: str) -> bool:
    """Whether a text is shaped like a person's name: two to four words in capitals, none of an office or a body."""
    return bool(_NAME.fullmatch(text)) and not _words("never") & set(fold(text).split())


def lift(
    paragraphs: Sequence[Paragraph], language: str | None, base: datetime | None, known: Sequence[str] = ()
) -> Opening:
    """Takes the dateline and the byline off the first paragraphs.

    Args:
        known: authors that the page names elsewhere; a line that is one of them is its byline.
    """
    kept = list(paragraphs)
    opening = Opening(())
    for _ in range(_OPENING_LINES):
        if len(kept) < 2:  # a text is never taken for its own opening
            break
        first = kept[0]
        if first.start < 0 and is_stamp(first.text, language, base):
            pass  # the page's own stamp: its date is read where it is printed
        elif opening.dateline is None and (end := dateline_line(first.text, language, base)):
            opening = replace(opening, dateline=Lifted(first.text[:end], first.start, "dateline-line/1"))
        elif opening.byline is None and (
            authors := _byline(first.text, known, after_dateline=opening.dateline is not None)
        ):
            opening = replace(opening, byline=Lifted(first.text, first.start, "byline-line/1"), authors=authors)
        else:
            break
        kept.pop(0)
    if opening.dateline is None and kept and (end := dateline_prefix(kept[0].text, language, base)):
        first = kept[0]
        printed = first.text[:end].rstrip(" –—-:|\t")
        opening = replace(opening, dateline=Lifted(printed, first.start, "dateline-prefix/1"))
        kept[0] = first.cut(end)
    elif opening.dateline is None and kept and (match := _without_date(kept[0].text)):
        first = kept[0]
        opening = replace(opening, dateline=Lifted(match["dateline"], first.start, "dateline-without-date/1"))
        if (author := match.groupdict().get("author")) and opening.byline is None and is_name(author):
            byline = Lifted(author, first.start + match.start("author") if first.start >= 0 else -1, "byline-prefix/1")
            opening = replace(opening, byline=byline, authors=(author,))
        kept[0] = first.cut(match.end())
    return replace(opening, paragraphs=tuple(kept))


def _byline(line: str, known: Sequence[str], *, after_dateline: bool) -> tuple[str, ...]:
    if len(line) > _LONGEST_BYLINE:
        return ()
    says_so = without_by(line, _words("by"), _LONGEST_BY) != line
    found = names(line)
    is_known = bool(found) and {fold(name) for name in found} <= {fold(name) for name in known}
    return found if says_so or after_dateline or is_known else ()


def _without_date(line: str) -> re.Match[str] | None:
    start = line[:_LONGEST_DATELINE]
    return next((match for pattern in _NO_DATE if (match := pattern.match(start)) and match.end() < len(line)), None)


def is_stamp(line: str, language: str | None, base: datetime | None) -> bool:
    """Whether a line is a date, perhaps with its time and label, and says nothing else."""
    if len(line) > _LONGEST_DATELINE:
        return False
    readings = find(line, language, base)
    rest = fold(" ".join(outside(line, readings))).split()
    labelled = any(reading.role != "unknown" for reading in readings)
    return bool(readings) and len(rest) <= (_MOST_LABEL_WORDS if labelled else 0)


def dateline_line(line: str, language: str | None, base: datetime | None) -> int:
    """The length of a line that is nothing but a dateline; 0 where it is more."""
    if len(line) > _LONGEST_DATELINE:
        return 0
    readings = find(line, language, base)
    if not readings or any(reading.rule.startswith("relative-day") and len(line) > 40 for reading in readings):
        return 0
    rest = " ".join(outside(line, readings))
    ends_as_sentence = line.rstrip().endswith((".", "!", "?", "…")) and len(fold(rest).split()) > 2
    other_number = any(c.isdigit() for c in rest)
    return 0 if other_number or ends_as_sentence or len(fold(rest).split()) > _MOST_OTHER_WORDS else len(line)


def dateline_prefix(line: str, language: str | None, base: datetime | None) -> int:
    """The length of a dateline in front of a first sentence, with the mark that ends it; 0 where there is none."""
    readings = find(line[:_LONGEST_DATELINE], language, base)
    if not readings or readings[0].rule.startswith(("relative", "ago")):
        return 0
    first = readings[0]
    if first.role == "unknown" and not _BEFORE.fullmatch(line[: first.start]):
        return 0
    last = max((reading for reading in readings if reading.start - first.end < 3), key=lambda reading: reading.end)
    match = _ENDS.match(line, last.end) or (_STOP.match(line, last.end) if _CITY.match(line) else None)
    return match.end() if match and match.end() < len(line) else 0
