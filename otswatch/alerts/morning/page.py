"""What stands on a morning page, as JSON-able values. Names are as readers see them, titles and words as printed.

`more` and `rest` count what is found and not listed.
"""

from __future__ import annotations

from typing import Literal

from otswatch.records import Moment, Part


class Window(Part):
    """First sight in it is what makes something new. Half-open; shown on the clock of `zone`."""

    start: Moment
    end: Moment
    zone: str


class Silent(Part):
    """A source that is watched and did not answer its last visit. `tried`: null where it was never visited."""

    source: str
    tried: Moment | None
    answered: Moment | None


class Trust(Part):
    """What the page rests on. `waiting`, `quarantined`: null where nobody said."""

    watched: int
    answered: int
    silent: tuple[Silent, ...]
    articles: int
    undated: int
    waiting: int | None
    quarantined: int | None


class Told(Part):
    """An article. `published`: as printed, a moment on the reader's clock; null for undated."""

    id: str
    title: str
    url: str | None
    source: str
    official: bool
    language: str
    published: str | None
    first_seen: Moment | None


class Correction(Part):
    """A person's word on an article. `machine`: what stood there before, where it is known (`known`)."""

    article: Told | None
    field: str
    machine: str
    known: bool
    value: str
    by: str
    at: Moment
    note: str
    status: str


class Changed(Part):
    """An article from before the window whose page says that it was changed in it."""

    article: Told
    modified: str


class Changes(Part):
    """What is no longer as it was."""

    corrections: tuple[Correction, ...]
    more_corrections: int
    articles: tuple[Changed, ...]
    more_articles: int


class OfficialText(Part):
    """An official document. `known`: the register had it before an article named it. `url`: of its best text."""

    id: str
    type: str
    title: str
    place: str
    adopted: str
    signatories: tuple[str, ...]
    languages: tuple[str, ...]
    url: str | None
    source: str | None
    known: bool


class Quoted(Part):
    """Words that were said. `speaker`: null for unknown."""

    speaker: str | None
    office: str | None
    state: str | None
    text: str
    direct: bool
    source: str
    url: str | None
    article: str


class Story(Part):
    """A story. `new`: first seen in the window. `first`, `official`: the sources that had it first."""

    id: str
    title: str
    url: str | None
    new: bool
    reports: int
    sources: int
    languages: tuple[str, ...]
    first: str
    official: str | None
    areas: tuple[str, ...]
    quote: Quoted | None


class Speakers(Part):
    """What those who speak for one state or body said. `name`: null where it is not known for whom they spoke."""

    name: str | None
    quotes: tuple[Quoted, ...]
    more: int


class Voices(Part):
    """Quotes of the window, each once for a story. `repeated`: those that were seen before the window already."""

    states: tuple[Speakers, ...]
    unknown: int
    repeated: int


class Coming(Part):
    """A meeting. `certainty`: confirmed, expected or disputed; see `otswatch.calendar.Entry`."""

    id: str
    title: str
    days: str
    place: str | None
    status: str
    certainty: str


class AreaCount(Part):
    """Stories of one area. `usual`: the median of the windows before; null where there are too few days."""

    area: str
    count: int
    usual: float | None
    trend: Literal["up", "down", "usual", "unknown"]


class Usual(Part):
    """Areas against their usual. `windows`: so many of the same length were looked at; `days`: of so many there are."""

    areas: tuple[AreaCount, ...]
    windows: int
    days: int


class Morning(Part):
    """The page, in the order in which it is read. `restricted`: what is looked for; null for everything."""

    window: Window
    made: Moment
    restricted: str | None
    trust: Trust
    changes: Changes
    documents: tuple[OfficialText, ...]
    more_documents: int
    stories: tuple[Story, ...]
    more_stories: int
    voices: Voices
    undated: tuple[Told, ...]
    more_undated: int
    meetings: tuple[Coming, ...]
    meetings_without_day: int
    usual: Usual
