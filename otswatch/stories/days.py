"""The days that a report names, and on which of them its event is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Final, NamedTuple

from otswatch import dates
from otswatch.dates.words import lexicon
from otswatch.stories.report import Report
from otswatch.stories.wordlist import words
from otswatch.taxonomy.process import taxonomy
from otswatch.text.endings import endings

#: A report is out so long after its event at most, an announcement so long before.
LATE: Final = timedelta(days=3)
_AHEAD: Final = timedelta(days=21)
_WEEK: Final = timedelta(days=7)
#: The longest name of a day ("cümə axşamı") in words, and the shortest stem that takes endings.
_DAY_WORDS: Final = 2
_DAY_STEM: Final = 4
#: A weekday so near to a date is the date's.
_BESIDE: Final = 12
#: What a day without a year is read against where nobody knows when it was written: a year with a 29 February.
_SOME_DAY: Final = date(2024, 12, 31)


class Day(NamedTuple):
    """A day that is said, and in which words."""

    day: date
    words: str


class Days:
    """The days of a report; none where its own day is not known."""

    def __init__(self, report: Report) -> None:
        self._report = report

    @cached_property
    def dates(self) -> list[dates.Reading]:
        """What is written as a date, with or without a year."""
        text, language = self._report.text, self._report.language
        if not dates.might_be(text, language):
            return []
        return dates.find(text, language, datetime.combine(self._report.published or _SOME_DAY, time(23), UTC))

    def just_past(self) -> int:
        """How many days of the week before publication the text tells of."""
        published = self._report.published
        return len({said.day for _, said in self._all if published and published - _WEEK <= said.day < published})

    def of_event(self) -> tuple[tuple[Day, ...], bool]:
        """The days of title and lead, or else of the next paragraph, and whether the event is yet to come.

        It is where only days to come are said, and also where a verb to come stands with the day: an announcement that
        another outlet brings on the day itself.
        """
        report, published = self._report, self._report.published
        told = [(start, said) for start, said in self._all if published and -LATE <= said.day - published <= _AHEAD]
        leading = [(start, said) for start, said in told if report.part(start) <= report.lead]
        leading = leading or [(start, said) for start, said in told if report.part(start) == report.lead + 1]
        past = tuple(
            said for start, said in leading if published and said.day <= published and not self._is_planned(start)
        )
        return past or tuple(said for _, said in leading), bool(leading) and not past

    def _is_planned(self, place: int) -> bool:
        """Whether the sentence at a place has a verb of what is to come, at its end where the language puts verbs."""
        report = self._report
        start, end = report.sentence(place)
        sentence = report.words.part(start, end)
        known, meetings = words(report.language), taxonomy().meeting_words.get(report.language)
        if known and known.visits.find(sentence):
            return True
        last = sentence.tokens[-1].start if meetings and meetings.verb_last and sentence.tokens else start
        planned = (match for match in report.own if match.value.id.startswith("planned"))
        return any(start <= match.start < end and last < match.end for match in planned)

    @cached_property
    def _all(self) -> list[tuple[int, Day]]:
        """Every day of the text that can be told, with its place."""
        published = self._report.published
        if published is None:
            return []
        found = (*self._dated(published), *self._spoken(published))
        return sorted((start, Day(day, self._report.text[start:end])) for start, end, day in found)

    def _dated(self, published: date) -> Iterator[tuple[int, int, date]]:
        for reading in self.dates:
            if reading.at is not None and reading.precision not in {"month", "year"}:
                day = date.fromisoformat(reading.at[: len("2025-04-15")])
                yield reading.start, reading.end, _nearest(day, published) if "year" in reading.inferred else day

    def _spoken(self, published: date) -> Iterator[tuple[int, int, date]]:
        """`Thursday` is the last one that a report can be of, else the next; `yesterday` and `tomorrow` are said so."""
        dated = [(reading.start - _BESIDE, reading.end + _BESIDE) for reading in self.dates if reading.at]
        for start, end, number in self._weekdays():
            back = timedelta((published.isoweekday() - number) % 7)
            if not any(first < start < last for first, last in dated):
                yield start, end, published - back if back <= LATE else published + _WEEK - back
        for token in self._report.words.tokens:
            days = _from_now(token.text, self._report.language)
            if days is not None:
                yield token.start, token.end, published + timedelta(days)

    def _weekdays(self) -> Iterator[tuple[int, int, int]]:
        tokens, text, language = self._report.words.tokens, self._report.text, self._report.language
        for index, token in enumerate(tokens):
            if language == "en" and not text[token.start].isupper():
                continue
            for count in range(min(_DAY_WORDS, len(tokens) - index), 0, -1):
                number = _weekday(" ".join(each.text for each in tokens[index : index + count]), language)
                if number is not None:
                    yield token.start, tokens[index + count - 1].end, number
                    break


@cache
def _from_now(word: str, language: str) -> float | None:
    """How many days ahead a folded word says, behind where it is negative: `yesterday`, `bugün`, `завтра`."""
    past, ahead = lexicon(language), words(language)
    if ahead and word in ahead.ahead:
        return ahead.ahead[word]
    said = past.words.get(word) if past else None
    return said.value if said and said.letter == "T" else None


def _nearest(day: date, near: date) -> date:
    """The day in the year in which it is nearest to another one."""
    years = (near.year - 1, near.year, near.year + 1)
    return min(
        (each for year in years if (each := _in_year(day, year))), key=lambda each: abs(each - near), default=day
    )


def _in_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return None


@cache
def _weekday(word: str, language: str) -> int | None:
    """The day of the week that folded words say, with an ending or without."""
    known = lexicon(language)
    if known is None or word in known.weekdays:
        return known.weekdays[word] if known else None
    stems = (word[:cut] for cut in range(len(word) - 1, _DAY_STEM - 1, -1))
    found = (stem for stem in stems if stem in known.weekdays and word[len(stem) :] in endings(stem, language))
    return next((known.weekdays[stem] for stem in found), None)
