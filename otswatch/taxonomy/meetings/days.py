"""The days and spans of days that a text names, and the months and years that stand for one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from otswatch import dates
from otswatch.dates.words import lexicon
from otswatch.records import When
from otswatch.taxonomy.register import MeetingWords
from otswatch.text.folding import fold

_JOINERS = r"(?:\s*[-–—]\s*|\s+(?:and|to|ve|və|и|по|мен|пен|және|менен|жана|va|ва|és|we)\s+)"
_RANGE = re.compile(rf"(?<![\d.])(\d{{1,2}})(?:-[^\W\d_]{{1,4}}(?=\s))?{_JOINERS}(?=\d{{1,2}}(?!\d))")
_JOINED = re.compile(_JOINERS)
#: Any year with a 29 February, at its end: what is said without a year is before it.
_NO_YEAR = datetime(2024, 12, 31, tzinfo=UTC)
_YEAR = re.compile(r"(?<![\w.,/-])(?:19|20)\d\d(?!\d|[.,/]\d)")
_OF_A_MONTH = re.compile(
    r"(?P<month>[^\W\d_]+) (?:ayının|айының|айынын|oyining|ойининг|aýynyň) "
    r"(?P<first>\d{1,2})(?:\s?[-–]\s?(?P<last>\d{1,2}))?(?!\d)"
)
_DIGIT = re.compile(r"\d")
_NEVER = r"(?!)"
_MONTH = re.compile(r"(?<![\w.,/-])[^\W\d_]+")

#: Start, end, and what the words say.
Found = tuple[int, int, When]


def days(text: str, language: str) -> list[Found]:
    """The days and spans of days, and months of a year; a day without year has none."""
    if not _DIGIT.search(text):
        return []  # without a number there are but relative words, which say nothing here
    single = [
        (reading.start, reading.end, when)
        for reading in dates.find(text, language, _NO_YEAR)
        if (when := _when(reading)) is not None
    ]
    spans = [span for match in _RANGE.finditer(text) if (span := _span(text, match, language))]
    spans += [found for match in _OF_A_MONTH.finditer(text) if (found := _of_a_month(match, language))]
    joined = _joined([*spans, *(one for one in single if not any(_overlap(one, span) for span in spans))], text)
    return sorted(joined, key=lambda one: one[0])


def vague(text: str, words: MeetingWords, exact: Sequence[Found]) -> Iterator[Found]:
    """Months and years alone, where the words say that something is then: `in June`, `2027-ci ildə`, `májusban`.

    Args:
        exact: the days, whose months and years these are not.
    """
    for found in (*_years(text, words), *_months(text, words)):
        if not any(_overlap(found, one) for one in exact):
            yield found


def _years(text: str, words: MeetingWords) -> Iterator[Found]:
    for match in _YEAR.finditer(text):
        if place := _then(text, match, _around(words, words.year_words)):
            yield *place, When(starts=match[0], ends=match[0], precision="year")


def _months(text: str, words: MeetingWords) -> Iterator[Found]:
    for match in _MONTH.finditer(text):
        if (number := _month(match[0], words.id)) is None:
            continue
        place = _then(text, match, _around(words, words.month_words))
        if place is None and _ends_so(match[0], words):
            place = match.span()
        if place:
            yield *place, When(starts=f"--{number:02}", ends=f"--{number:02}", precision="month")


@lru_cache(maxsize=1 << 14)
def _month(written: str, language: str) -> int | None:
    known = lexicon(language)
    word = known.words.get(fold(written)) if known else None
    return int(word.value) if word and word.letter == "M" else None


def _ends_so(written: str, words: MeetingWords) -> bool:
    """Whether an ending of the month says that something is then: `mayısta`."""
    endings = (ending for ending in words.at_endings if written.endswith(ending))
    return any(_month(written[: -len(ending)], words.id) is not None for ending in endings)


def _then(text: str, match: re.Match[str], around: tuple[re.Pattern[str], re.Pattern[str]]) -> tuple[int, int] | None:
    """Where the words stand that say that something is in a month or year; null where none do."""
    before, behind = around
    if follows := behind.match(text, match.end()):
        return match.start(), follows.end()
    return match.span() if before.search(text, 0, match.start()) else None


@lru_cache
def _around(words: MeetingWords, behind: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What says so in front of a month or year, and behind it: words, or an ending that is cut off."""
    at, apart, glued = ("|".join(map(re.escape, all_)) or _NEVER for all_ in (words.at, behind, words.at_endings))
    return (
        re.compile(rf"(?<!\w)(?:{at})\s+$", re.IGNORECASE),
        re.compile(rf"(?:[\s'’‑-]{{1,2}}(?:{apart})|['’‑-](?:{glued}))(?!\w)", re.IGNORECASE),
    )


def _when(reading: dates.Reading) -> When | None:
    """What a reading says; null for relative words and for what is no day."""
    if reading.at is None or reading.inferred.startswith("relative"):
        return None
    if reading.precision == "month":
        return When(starts=reading.at, ends=reading.at, precision="month")
    day = f"--{reading.at[5:10]}" if reading.inferred else reading.at[:10]
    return When(starts=day, ends=day, precision="day") if len(day) > len("2025-05") - 1 else None


def _span(text: str, match: re.Match[str], language: str) -> tuple[int, int, When] | None:
    """`20–21 May`: the date is read without its first number, which then is the first day."""
    cut = len(match[0])
    for reading in dates.find(text[: match.start()] + text[match.end() :], language, _NO_YEAR):
        when = _when(reading)
        if when and when.precision == "day" and reading.start <= match.start() < reading.end:
            first, last = int(match[1]), int(when.ends[-2:])
            if 0 < first < last:
                starts = f"{when.starts[:-2]}{first:02}"
                return min(reading.start, match.start()), reading.end + cut, when.replace(starts=starts)
    return None


def _of_a_month(match: re.Match[str], language: str) -> Found | None:
    """`mart ayının 18-19-da`: the month's own word stands between it and the day."""
    month = _month(match["month"], language)
    days = [int(day) for day in (match["first"], match["last"] or match["first"])]
    if month is None or not 0 < days[0] <= days[1] <= 31:
        return None
    starts, ends = (f"--{month:02}-{day:02}" for day in days)
    return match.start(), match.end(), When(starts=starts, ends=ends, precision="day")


def _joined(found: Sequence[tuple[int, int, When]], text: str) -> list[tuple[int, int, When]]:
    """`30 September – 1 October 2025` is one span; the year of its end is that of its beginning."""
    kept: list[tuple[int, int, When]] = []
    for start, end, when in sorted(found, key=lambda one: one[0]):
        before = kept[-1] if kept else None
        days_only = before and before[2].precision == when.precision == "day"
        if before and days_only and _JOINED.fullmatch(text, before[1], start):
            first = before[2].starts
            if first.startswith("--") and not when.ends.startswith("--"):
                first = when.ends[:4] + first[1:]
            if (first.startswith("--") == when.ends.startswith("--")) and first < when.ends:
                kept[-1] = (before[0], end, When(starts=first, ends=when.ends, precision="day"))
                continue
        kept.append((start, end, when))
    return kept


def _overlap(one: tuple[int, int, When], other: tuple[int, int, When]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
