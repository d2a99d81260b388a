"""What stands in the register: people and their offices, the places and meetings of the OTS.

docs/reference/register.md says how to write the files.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from otswatch.dates.interval import interval
from otswatch.records import Precision
from otswatch.taxonomy.schema import Entry, Id, Language, Names, Partial, Words
from otswatch.text.folding import fold

_PRECISION: dict[int, Precision] = {4: "year", 7: "month", 10: "day"}


def _bounds(partial: str) -> tuple[date, date]:
    """The first day that a partial date can mean, and the first that it cannot."""
    start, end = interval(partial, _PRECISION[len(partial)])
    return start.date(), end.date()


class Tenure(BaseModel):
    """An office that a person held: at a state, the OTS or one of its bodies.

    `from` is null where it is not known. `to` is left out for an office that was held when the entry was written
    (`as_of`), and null where it ended on a day that is not known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    office: Id
    of: Id
    since: Partial | None = Field(alias="from")
    to: Partial | Literal["open"] | None = "open"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for partial in (self.since, self.to):
            if partial and partial != "open":
                _bounds(partial)
        if self.since and self.to and self.to != "open" and _bounds(self.to)[1] <= _bounds(self.since)[0]:
            raise ValueError(f"ends ({self.to}) before it begins ({self.since})")
        return self

    @property
    def key(self) -> tuple[str, str, str | None]:
        """What makes two entries one: a user's with the same office, state and beginning replaces the shipped one."""
        return self.office, self.of, self.since

    def held(self, day: date) -> bool | None:
        """Whether the office was held on a day; null where the dates that are known do not say."""
        began = None if self.since is None else _within(_bounds(self.since), day)
        if self.to == "open":
            return began
        ended = None if self.to is None else _within(_bounds(self.to), day)
        if began is False or ended is True:
            return False
        return True if began and ended is False else None


def _within(bounds: tuple[date, date], day: date) -> bool | None:
    """Whether a moment that lies within bounds was there by a day. On the very day of a change: yes."""
    first, end = bounds
    if day < first:
        return False
    return True if day >= end or (end - first).days == 1 else None


class Person(Entry):
    """Somebody who holds or held offices. `names` are written as they stand in a text, without endings.

    `as_of`: when the entry was last looked over. `short`: what the person is called beside an office or after the full
    name; the last word of the names unless given (in Hungarian the family name, which comes first). `namesake`: who
    else has the name; then it counts only beside an office of the person's, or where the body or state is named too.
    """

    as_of: Partial
    names: dict[Language, tuple[Words, ...]] = Field(default={})
    short: dict[Language, tuple[Words, ...]] | None = None
    offices: tuple[Tenure, ...] = ()
    namesake: str = ""

    def at(self, day: date | None) -> Tenure | None:
        """The office that was held on a day, the later one of two; without a day only where there was only one ever."""
        if day is None:
            return self.offices[0] if len(self.offices) == 1 else None
        held = [tenure for tenure in self.offices if tenure.held(day)]
        return max(held, key=lambda tenure: tenure.since or "", default=None)

    def full_patterns(self) -> dict[Language, list[str]]:
        """The names as words to be found: the last word with endings, in Russian every word."""
        return {language: [_inflected(name, language) for name in names] for language, names in self.names.items()}

    def short_patterns(self) -> dict[Language, list[str]]:
        """The family name as words to be found, with endings."""
        given = self.short if self.short is not None else self.families()
        return {
            language: [_inflected(name, language) for name in dict.fromkeys(names)] for language, names in given.items()
        }

    def families(self) -> dict[Language, tuple[str, ...]]:
        """The family names as they end, or in Hungarian begin, the full ones."""
        last = {language: tuple(name.split()[-1] for name in names) for language, names in self.names.items()}
        elsewhere = {fold(word) for language, words in last.items() if language != "hu" for word in words}
        hungarian = (name.split() for name in self.names.get("hu", ()))
        first = tuple(words[0] if fold(words[0]) in elsewhere else words[-1] for words in hungarian)
        return {**last, "hu": first} if first else last


_RUSSIAN_END = re.compile(r"[аяйь]$")


def _inflected(name: str, language: Language) -> str:
    if language == "en":
        return name
    words = name.split()
    if language == "ru":
        return " ".join(_RUSSIAN_END.sub("", word) + "~" for word in words)
    return " ".join([*words[:-1], words[-1] + "~"])


class Office(Entry):
    """A sort of office, as it stands beside a name. `names` are for readers, `terms` are searched for.

    `holder` offices are somebody's; a `qualifier` (deputy, former) makes another office of the one beside it; an
    `honorific` (Mr) may stand between office and name; `memorial` words say that a person's name is that of a place.
    `together`: the series of meetings of the holders.
    """

    sort: Literal["holder", "qualifier", "honorific", "memorial"] = "holder"
    names: Names = Field(default={})
    terms: dict[Language, tuple[Words, ...]] = Field(default={})
    together: Id | None = None


class Place(Entry):
    """A town. `names` are in any language."""

    country: str
    names: tuple[Words, ...] = ()


class Held(BaseModel):
    """A meeting that is known: its number, its first and last day, its place."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    number: int
    since: date = Field(alias="from")
    to: date
    place: Id


class Series(Entry):
    """Meetings of the same people under one count. `terms` name those who meet, `of` whose meeting it is.

    `event`: the terms name the meeting itself (`plenary session`).
    """

    body: Id
    event: bool = False
    of: Id = "ots"
    names: Names = Field(default={})
    terms: dict[Language, tuple[Words, ...]] = Field(default={})
    held: tuple[Held, ...] = ()


#: The fields of `MeetingWords` that are searched for, by the name of what a match says.
MEETING_WORDS = (
    *("summits", "informal", "extraordinary", "meetings", "next"),
    *("held", "planned", "held_attributes", "planned_attributes", "held_hosting", "planned_hosting"),
    *("postponed", "cancelled", "occasions"),
)


class MeetingWords(Entry):
    """How a language speaks of meetings: see meeting_words.yaml."""

    id: Language
    summits: tuple[Words, ...] = ()
    informal: tuple[Words, ...] = ()
    extraordinary: tuple[Words, ...] = ()
    next: tuple[Words, ...] = ()
    meetings: tuple[Words, ...] = ()
    ministers: tuple[str, ...] = ()
    plurals: tuple[str, ...] = ()
    held: tuple[Words, ...] = ()
    planned: tuple[Words, ...] = ()
    held_attributes: tuple[Words, ...] = ()
    planned_attributes: tuple[Words, ...] = ()
    held_hosting: tuple[Words, ...] = ()
    planned_hosting: tuple[Words, ...] = ()
    postponed: tuple[Words, ...] = ()
    cancelled: tuple[Words, ...] = ()
    occasions: tuple[Words, ...] = ()
    ordinals: tuple[Words, ...] = ()
    anniversaries: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    at_endings: tuple[str, ...] = ()
    at_words: tuple[str, ...] = ()
    adjective_endings: tuple[str, ...] = ()
    month_words: tuple[str, ...] = ()
    year_words: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    since: tuple[str, ...] = ()
    verb_last: bool = False
