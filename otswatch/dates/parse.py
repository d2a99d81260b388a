"""Dates in words and numbers, found in a line by named orders over the words of its language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from otswatch.dates.words import LANGUAGES, Lexicon, Word, lexicon, zones
from otswatch.records import Precision
from otswatch.text.folding import fold, tokens

Role = Literal["published", "modified", "unknown"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A date found in a line: `line[start:end]` are its words, with its time and zone.

    `at` is ISO 8601, with an offset only where the line has one, and null where the words do not say the day ('Friday',
    '15 April' without a fetch time, 04/05/2025 in English). `rule` is `name/version`; `inferred` says what was added to
    the words.
    """

    at: str | None
    precision: Precision | None
    start: int
    end: int
    rule: str
    role: Role = "unknown"
    inferred: str = ""


class _Piece(NamedTuple):
    """A word or number of the line with its letter in the orders. `value` is a number, month or offset in days."""

    letter: str
    value: float
    unit: str
    text: str
    start: int
    end: int


_SPLIT = re.compile(r"\d+|\D+")
#: Marks, perhaps behind a case ending that an apostrophe sets off (`2025'in 15 Nisan'ında`).
_GAP = re.compile(r"(?:['’ʼ`][^\W\d_]{1,4})?[\s,.'’`()/–—-]{0,5}")
_RANGE = re.compile(r"\s*[-–—]\s*")
_ROMAN = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
    "XI": 11,
    "XII": 12,
}
_AS_ROMAN = "|".join(sorted(_ROMAN, key=len, reverse=True))
#: Nothing of a longer number behind a date; a time that is glued to it is none of it (`15.04.202516:15`).
_DONE = r"(?![\d/-]|\.\d)|(?=[012]\d:[0-5]\d(?!\d))"
_NUMERIC = (
    (
        "numeric-year-first",
        re.compile(rf"(?<![\w.,/-])(?P<y>\d{{4}})([-./])\s?(?P<m>\d{{1,2}})\2\s?(?P<d>\d{{1,2}})(?:{_DONE})"),
    ),
    (
        "numeric-day-first",
        re.compile(rf"(?<![\w,/-])(?P<d>\d{{1,2}})([-./])\s?(?P<m>\d{{1,2}})\2\s?(?P<y>\d{{4}})(?:{_DONE})"),
    ),
    (
        "numeric-short-year",
        re.compile(r"(?<![\w.,:/-])(?P<d>\d{2})([./])(?P<m>\d{2})\2(?P<y>\d{2})(?:(?![\w./:-])|(?=\.(?:\s|$)))"),
    ),
    (
        "roman-year-first",
        re.compile(rf"(?<![\w.,/-])(?P<y>\d{{4}})([-./])\s?(?P<m>{_AS_ROMAN})\2\s?(?P<d>\d{{1,2}})(?!\w)"),
    ),
    (
        "roman-day-first",
        re.compile(rf"(?<![\w.,/-])(?P<d>\d{{1,2}})([-./]|\s)\s?(?P<m>{_AS_ROMAN})\2\s?(?P<y>\d{{4}})(?!\w)"),
    ),
)
_FIRST_WEB_YEAR, _LAST_WEB_YEAR = 1990, 2100
_CLOCK = r"(?P<hour>[01]?\d|2[0-3])[{separators}](?P<minute>[0-5][0-9])(?:[:.](?P<second>[0-5][0-9])(?:\.\d+)?)?(?!\d)"
_TIME = re.compile(r"(?<![\d:.])" + _CLOCK.format(separators=":"))
_GLUED = re.compile(_CLOCK.format(separators=":"))
_DOTTED_TIME = re.compile(_CLOCK.format(separators=":."))
#: Behind a date even without a word that announces it.
_DOTTED_ALONE = re.compile(r"[\s,|–—-]{1,3}(?P<hour>[01]\d|2[0-3])\.(?P<minute>[0-5][0-9])(?P<second>)(?![\w.%])")
_HALF = re.compile(r"\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
_ZONE = re.compile(
    r"[\s|,·]{0,3}\(?(?:(?P<name>[^\W\d_]{1,4})(?![^\W_]))?\s?(?:(?P<sign>[+−-])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-9]{2}))?(?!\d))?\)?"
)
#: Right behind a clock: another one where it is later, an offset where it is not.
_SECOND_CLOCK = re.compile(r"\s?[-−](\d\d):([0-5]\d)(?!\d)")
_LONGEST_LINE = 160
_NO_WORD = Word("x")
#: How far the clocks of the world are ahead of UTC at most.
MOST_AHEAD: Final = timedelta(hours=14)
_PREPOSITION = 2


def find(line: str, language: str | None, base: datetime | None = None) -> list[Reading]:
    """The dates of a line, in order.

    Args:
        language: whose words to read; numbers are read in any.
        base: when the page was fetched, on the page's own clock where that is known and in UTC where it is not.
            Relative words and days without a year need it and stay unresolved without it.
    """
    words = lexicon(language)
    pieces = _pieces(line, words)
    found = [*_numeric(line, words), *(_worded(line, pieces, words, base) if words else ())]
    found.sort(key=lambda reading: (reading.start, -reading.end))
    readings: list[Reading] = []
    for reading in found:
        if not readings or reading.start >= readings[-1].end:
            readings.append(reading)
    timed = _with_times(line, readings, words)
    return [
        replace(reading, role=_role(line, reading.start, timed[:index], words)) for index, reading in enumerate(timed)
    ]


def latest_day(base: datetime) -> date:
    """The day that it is on a page's clock at the fetch; of a `base` in UTC the latest that it can be, see `find`."""
    try:
        return (base if base.utcoffset() else base + MOST_AHEAD).date()
    except OverflowError:  # the end of time
        return base.date()


def parse(line: str, language: str | None, base: datetime | None = None) -> Reading | None:
    """The date of a dateline: a line that says one day, perhaps twice, and no other number."""
    if len(line) > _LONGEST_LINE:
        return None
    readings = [reading for reading in find(line, language, base) if reading.precision != "month"]
    if not readings or len({reading.at and reading.at[:10] for reading in readings}) > 1:
        return None
    if any(map(str.isdigit, "".join(outside(line, readings)))):
        return None
    return max(readings, key=lambda reading: (len(reading.at or ""), -reading.start))


def outside(line: str, readings: Sequence[Reading]) -> Iterator[str]:
    """What a line says beside its dates, piece by piece."""
    position = 0
    for reading in readings:
        yield line[position : reading.start]
        position = max(position, reading.end)
    yield line[position:]


#: A year, or a day and month in numbers, or a time: what a line with a date mostly has.
_LIKELY = re.compile(r"(?:19|20)\d\d|\d[./-]\d")
_SHORT = 40


def might_be(line: str, language: str | None) -> bool:
    """Whether a line is worth reading: a cheap look that lets every date through."""
    if _LIKELY.search(line):
        return True
    words = lexicon(language)
    digits = any(map(str.isdecimal, line))
    if words is None or not (digits or len(line) <= _SHORT):
        return False
    wanted = "MUBTA" if digits else "TA"
    parts = [part for piece in _SPLIT.findall(fold(line)) for part in piece.split()]
    pairs = (f"{one} {two}" for one, two in pairwise(parts))
    return any(words.words.get(part, _NO_WORD).letter in wanted for part in (*parts, *pairs))


def weekdays(line: str, language: str | None) -> list[Reading]:
    """The days of the week that a line names without a date: clues that nobody can resolve."""
    words = lexicon(language)
    if words is None or language not in LANGUAGES:  # short forms of other languages are words of theirs ("die", "mit")
        return []
    return [
        Reading(None, None, piece.start, piece.end, "weekday-alone/1")
        for piece in _pieces(line, words)
        if piece.text in words.weekdays and line[piece.start].isupper() >= (language == "en")
    ]


# --------------------------------------------------------------------------------------------------------------- pieces


def _pieces(line: str, words: Lexicon | None) -> list[_Piece]:
    """The words and numbers of a line; `15th` is two of them, `bu gün` one."""
    raw: list[tuple[str, int, int]] = []
    for token in tokens(line):
        if token.text.isalpha():
            raw.append(token)
            continue
        for match in _SPLIT.finditer(line, token.start, token.end):
            text = token.text if match.end() - match.start() == token.end - token.start else fold(match[0])
            raw.append((text, match.start(), match.end()))
    known = words.words if words else {}
    pieces: list[_Piece] = []
    index = 0
    while index < len(raw):
        text, start, end = raw[index]
        index += 1
        if index < len(raw) and f"{text} {raw[index][0]}" in known:
            text, end = f"{text} {raw[index][0]}", raw[index][2]
            index += 1
        word = _number(text) or known.get(text) or Word("x")
        pieces.append(_Piece(word.letter, word.value, word.unit, text, start, end))
    return pieces


def _number(text: str) -> Word | None:
    if not text.isdecimal():
        return None
    if len(text) <= 2:  # a day or an hour has at most two digits
        return Word("d", int(text))
    is_year = len(text) == 4 and _FIRST_WEB_YEAR <= int(text) <= _LAST_WEB_YEAR
    return Word("Y", int(text)) if is_year else Word("n")  # Python reads no number of thousands of digits


def _close(line: str, pieces: Sequence[_Piece]) -> bool:
    """Whether nothing but spaces and marks stands between the pieces."""
    return all(_GAP.fullmatch(line, before.end, after.start) for before, after in pairwise(pieces))


# ---------------------------------------------------------------------------------------------------------------- dates


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return datetime(year, month, day, tzinfo=UTC).date().isoformat()
    except ValueError:
        return None


def _numeric(line: str, words: Lexicon | None) -> Iterator[Reading]:
    for rule, pattern in _NUMERIC:
        for match in pattern.finditer(line):
            year, day = int(match["y"]), int(match["d"])
            month = _ROMAN.get(match["m"]) or int(match["m"])
            year += 0 if year > 99 else 1900 if year >= _FIRST_WEB_YEAR % 100 else 2000
            american = not rule.endswith("year-first") and match[2] == "/" and (words is None or words.day_first_unsure)
            if american and month > 12:  # no such month
                month, day = day, month
            unsure = american and month <= 12 and day <= 12 and month != day
            at = _day(year, month, day)
            if at and _FIRST_WEB_YEAR <= year <= _LAST_WEB_YEAR:
                yield Reading(None if unsure else at, "day", match.start(), match.end(), f"{rule}/1")


def _worded(line: str, pieces: list[_Piece], words: Lexicon, base: datetime | None) -> Iterator[Reading]:
    letters = "".join(piece.letter for piece in pieces)
    position = 0
    while position < len(pieces):
        if letters[position] == _NO_WORD.letter:  # no order begins with it
            position += 1
            continue
        reading, position = _worded_at(line, pieces, letters, position, words, base)
        if reading:
            yield reading


def _worded_at(
    line: str, pieces: list[_Piece], letters: str, position: int, words: Lexicon, base: datetime | None
) -> tuple[Reading | None, int]:
    """The reading that begins at a piece, and where to go on."""
    for name, order in words.orders.items():
        match = order.match(letters, position)
        if match is None:
            continue
        matched = pieces[position : match.end()]
        if not _close(line, matched) or _in_range(line, pieces, position):
            continue
        if "d" not in match[0] and "M" in match[0] and _beside_a_day(letters, match):
            continue
        resolved = _resolve(matched, base)
        if resolved:
            at, precision, inferred = resolved
            span = matched[0].start, matched[-1].end
            return Reading(at, precision, *span, f"{name}/1", inferred=inferred), match.end()
    return None, position + 1


def _in_range(line: str, pieces: list[_Piece], position: int) -> bool:
    """`15-17 April`: the second number of a range is no dateline, and neither is the first."""
    if position == 0 or pieces[position].letter != "d" or pieces[position - 1].letter != "d":
        return False
    before = pieces[position - 1]
    clock = line[: before.start].rstrip().endswith(":")
    return not clock and _RANGE.fullmatch(line, before.end, pieces[position].start) is not None


def _beside_a_day(letters: str, match: re.Match[str]) -> bool:
    """Whether a month and year are the rest of a range of days (`8-10 October 2025`)."""
    return "d" in (letters[match.start() - 1 : match.start()], letters[match.end() : match.end() + 1])


def _resolve(matched: Sequence[_Piece], base: datetime | None) -> tuple[str | None, Precision | None, str] | None:
    """The day that the pieces say, its precision and what was inferred; null where there is no such day."""
    value = {piece.letter: int(piece.value) for piece in matched}
    if "M" not in value:
        return _relative(matched, base)
    if "d" not in value:
        return f"{value['Y']}-{value['M']:02}", "month", ""
    if "Y" in value:
        at = _day(value["Y"], value["M"], value["d"])
        return (at, "day", "") if at else None
    if _day(2024, value["M"], value["d"]) is None:  # a leap year: any day that can be
        return None
    if base is None:
        return None, "day", ""
    latest = latest_day(base)
    years = (_day(year, value["M"], value["d"]) for year in range(latest.year, latest.year - 9, -1))
    at = next((at for at in years if at and at <= latest.isoformat()), None)
    return at, "day", "year: the latest not after the fetch"


def _relative(matched: Sequence[_Piece], base: datetime | None) -> tuple[str | None, Precision | None, str]:
    if base is None:
        return None, None, ""
    why = f"relative to the fetch at {base.isoformat(timespec='minutes')}"
    if matched[0].letter == "T":
        return (base + timedelta(days=matched[0].value)).date().isoformat(), "day", why
    then, number, unit = base, 0.0, "days"
    for piece in matched:
        if piece.letter in "d#":
            number = piece.value
        elif piece.unit:
            unit = piece.unit
            then -= timedelta(**{unit: number or piece.value or 1})
    if unit == "days":
        return then.date().isoformat(), "day", why
    return then.isoformat(timespec="minutes"), "hour" if unit == "hours" else "minute", why


# -------------------------------------------------------------------------------------------------- times, zones, roles


def _with_times(line: str, readings: list[Reading], words: Lexicon | None) -> list[Reading]:
    """Each reading with the time that stands beside it, between its neighbours."""
    timed: list[Reading] = []
    for index, reading in enumerate(readings):
        low = timed[-1].end if timed else 0
        high = readings[index + 1].start if index + 1 < len(readings) else len(line)
        timed.append(_with_time(line, reading, low, high, words))
    return timed


def _with_time(line: str, reading: Reading, low: int, high: int, words: Lexicon | None) -> Reading:
    if len(reading.at or "") > len("2025-04-15"):
        return reading
    after = _time_after(line, reading.end, high, words)
    before = None if after else _time_before(line, low, reading.start, words)
    match = after or before
    if match is None:
        return reading
    clock, end = _clock(line, match)
    start, end = (reading.start, end) if after else (match.start(), reading.end)
    if before and not _has_offset(clock) and (zone := _ZONE.match(line, end)) and zone["name"]:
        offset = _offset(zone)
        clock, end = clock + offset, zone.end() if offset else end  # `16:15, 15 April 2025 | GMT+5`
    if reading.at is None:
        return replace(reading, start=start, end=end)
    if reading.precision == "month":
        return reading
    precision: Precision = "second" if match["second"] else "minute"
    return replace(reading, at=f"{reading.at}T{clock}", precision=precision, start=start, end=end)


def _time_after(line: str, start: int, stop: int, words: Lexicon | None) -> re.Match[str] | None:
    if match := _GLUED.match(line, start, stop):
        return match
    match = _TIME.search(line, start, stop)
    if match and _only_time_words(line[start : match.start()], words):
        return match
    match = _DOTTED_ALONE.search(line, start, stop)
    if match and _only_time_words(line[start : match.start()], words):
        return match
    for piece in _pieces(line[start:stop], words):
        if words and piece.text in words.time_words:
            at = stop - len(line[start + piece.end : stop].lstrip())
            return _DOTTED_TIME.match(line, at, stop) if _only_time_words(line[start:at], words) else None
    return None


def _time_before(line: str, start: int, stop: int, words: Lexicon | None) -> re.Match[str] | None:
    matches = list(_TIME.finditer(line, start, stop))
    return matches[-1] if matches and _only_time_words(line[_clock(line, matches[-1])[1] : stop], words) else None


def _only_time_words(gap: str, words: Lexicon | None) -> bool:
    """Whether a gap between a date and a time has only marks, weekdays, `at` and endings of the year."""
    return all(
        piece.text == "t"
        or (
            words is not None
            and (piece.letter in "sW" or piece.text in words.weekdays or piece.text in words.time_words)
        )
        for piece in _pieces(gap, words)
    )


def _has_offset(clock: str) -> bool:
    return "+" in clock or "-" in clock


def _clock(line: str, match: re.Match[str]) -> tuple[str, int]:
    """`16:15+04:00`, and where its words end."""
    hour, end = int(match["hour"]), match.end()
    if half := _HALF.match(line, end):
        hour, end = hour % 12 + (12 if half[1] in "pP" else 0), half.end()
    offset = ""
    zone = _ZONE.match(line, end)
    if zone and not _is_span(line, match, hour, end) and (read := _offset(zone)):
        offset, end = read, zone.end()
    seconds = f":{match['second']}" if match["second"] else ""
    return f"{hour:02}:{match['minute']}{seconds}{offset}", end


def _is_span(line: str, clock: re.Match[str], hour: int, end: int) -> bool:
    """`10:00-12:00`: what is later than the clock in front of it is no offset. Seconds and a `T` are a machine's."""
    second = _SECOND_CLOCK.match(line, end)
    if second is None or clock["second"] or line.endswith("T", 0, clock.start()):
        return False
    return (int(second[1]), int(second[2])) > (hour, int(clock["minute"]))


def _offset(zone: re.Match[str]) -> str:
    """An offset from what stands behind a time; empty where it is none: `16:15 - 15 April` has none."""
    name, sign, hours, minutes = zone.group("name", "sign", "hours", "minutes")
    known = zones().get(fold(name)) if name else None
    if sign is None:
        return "" if known is None else f"{'-' if known < 0 else '+'}{abs(known):02}:00"
    if (name and known != 0) or (not name and (minutes is None or len(hours) == 1)) or int(hours) > 14:
        return ""
    return f"{'+' if sign == '+' else '-'}{int(hours):02}:{minutes or '00'}"


def _role(line: str, start: int, before: Sequence[Reading], words: Lexicon | None) -> Role:
    """What the label in front of a date says of it."""
    return _said(line[before[-1].end if before else 0 : start], words)


def role_of(label: str, language: str | None) -> Role:
    """What the words in front of a date say of it: `Güncelleme:`."""
    return _said(label, lexicon(language))


def _said(label: str, words: Lexicon | None) -> Role:
    if words is None:
        return "unknown"
    left = fold(label).split()
    while left and left[-1] not in words.roles and (left[-1] in words.time_words or _letter(left[-1], words) in "sW"):
        left.pop()
    if len(left) > 1 and left[-1] not in words.roles and len(left[-1]) <= _PREPOSITION:  # `erstellt am`, `published on`
        left.pop()
    for count in (3, 2, 1):
        if len(left) >= count and (role := words.roles.get(" ".join(left[-count:]))):
            return "modified" if role == "modified" else "published"
    return "unknown"


def _letter(word: str, words: Lexicon) -> str:
    return words.words.get(word, _NO_WORD).letter
