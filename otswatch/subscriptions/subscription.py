"""A saved search, where its news goes to, and how often. docs/reference/subscriptions.md says how to write one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_serializer,
    model_validator,
)

from otswatch.errors import QuerySyntaxError
from otswatch.index import Search
from otswatch.query import parse
from otswatch.search_request import SearchRequest, complaint

#: What of a search is about its page and about days, and not about what is followed.
_NOT_FOLLOWED: Final = frozenset(("status", "since", "until", "seen_since", "undated", "sort", "size", "after"))
#: No source is called so: a search that no source answers.
_NO_SOURCE: Final = "-"

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def _clock(value: object) -> object:
    if not isinstance(value, int | float):
        return value
    # YAML reads 8:30 as a whole number in base 60, from 1:00 on. Any other number is not what somebody meant by it.
    if isinstance(value, float) or not 60 <= value < 24 * 60:
        raise ValueError(f'a time of day is written as "08:00", in quotes, not {value!r}')
    return f"{value // 60:02}:{value % 60:02}"


def _of_a_wall(clock: time) -> time:
    if clock.tzinfo or clock.second or clock.microsecond:
        raise ValueError(f"hours and minutes such as 08:30 are expected, not {clock}; whose clock it is says `zone`")
    return clock


#: A time of day on the reader's clock, as `08:30`.
Clock = Annotated[time, BeforeValidator(_clock), AfterValidator(_of_a_wall)]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"a time zone such as Europe/Istanbul is expected, not {name!r}") from None
    return name


def _followed(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    if unfit := sorted(_NOT_FOLLOWED & value.keys()):
        raise ValueError(f"{', '.join(unfit)}: is not something that can be followed; leave it out")
    try:
        request = SearchRequest.model_validate(value)
    except ValidationError as error:
        raise ValueError(complaint(error.errors())) from None
    try:
        parse(request.q)
    except QuerySyntaxError as error:
        raise ValueError(str(error)) from None
    return request


class Rhythm(BaseModel):
    """When what is new is sent. `at`: the time of day of a daily or weekly digest, `on` the day of a weekly one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    every: Literal["at-once", "hour", "day", "week"] = "at-once"
    at: Clock = time(8)
    on: Weekday = "monday"


class Quiet(BaseModel):
    """Hours of the reader's clock in which nothing is sent: what falls into them waits for their end.

    `start` after `end` is over midnight.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")


class Subscription(BaseModel):
    """One reader's wish. `id` never changes: what was told to it is remembered under it.

    `channels` are addresses: `mailto:ayse@example.org`, or those of Apprise (`slack://…`, `json://host/path`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
    title: str = Field(default="", max_length=200, description="What it is called; blank: what it looks for.")
    sends: Literal["news", "morning"] = Field(
        default="news", description="What matches the search, or the morning page of all that matches."
    )
    search: Annotated[SearchRequest, BeforeValidator(_followed)] = Field(
        default=SearchRequest(),
        description="As on the search page: words, area, source, language, kind, country, dossier.",
    )
    official: bool = Field(default=False, description="Only what a state or a body posted itself.")
    channels: tuple[Annotated[str, Field(min_length=1, max_length=2000)], ...] = Field(min_length=1, max_length=20)
    rhythm: Rhythm = Rhythm()
    quiet: Quiet | None = None
    zone: Annotated[str, AfterValidator(_zone)] = Field(default="UTC", description="Whose clock, as Europe/Istanbul.")
    paused: bool = False
    no_news: bool = Field(default=False, description="Send a digest also when there is nothing in it.")

    @field_serializer("search")
    def _search_as_written(self, search: SearchRequest) -> dict[str, Any]:
        return search.model_dump(mode="json", exclude_defaults=True)

    @model_validator(mode="after")
    def _morning_has_a_time(self) -> Self:
        if self.sends == "morning" and self.rhythm.every not in {"day", "week"}:
            raise ValueError("a morning page comes every day or week: rhythm: {every: day, at: 07:30}")
        return self

    @property
    def name(self) -> str:
        """What it is called, else what it looks for."""
        looked_for = [self.search.q, *(value for name, value in self.search.parameters() if name != "q")]
        return self.title or " ".join(part for part in looked_for if part) or "everything"

    def to_search(self, official: frozenset[str], config: Path | None = None) -> Search:
        """What it looks for, exactly as the search page would. `official`: ids of sources of states and bodies.

        Raises:
            QuerySyntaxError: as `SearchRequest.read`.
        """
        asked = self.search
        if self.official:
            asked = asked.with_changes(
                source=tuple(sorted(official & (set(asked.source) or official))) or (_NO_SOURCE,)
            )
        return asked.to_search(config)
