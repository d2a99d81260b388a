"""What the newsroom's sites are and what they print, read from `sites/*.yaml`.

An offset is written `-2d3h`, `+40m` or `0m` and counts from the moment at which a piece comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from otswatch.errors import ConfigError

FOLDER = Path(__file__).parent

_OFFSET = re.compile(r"(?P<sign>[+-]?)(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?")
_ZONE = re.compile(r"(?P<sign>[+-])(?P<hours>\d\d):(?P<minutes>\d\d)")


def offset(text: object) -> timedelta:
    """`-2d3h` as a span of time.

    Raises:
        ValueError: it is written otherwise.
    """
    match = _OFFSET.fullmatch(str(text))
    if match is None or not any(match[unit] for unit in ("days", "hours", "minutes")):
        raise ValueError(f"not an offset such as -2d3h: {text!r}")
    return _span(match, days=int(match["days"] or 0))


def _zone(text: object) -> timezone:
    match = _ZONE.fullmatch(str(text))
    if match is None:
        raise ValueError(f"not a zone such as +05:00 (in quotes): {text!r}")
    return timezone(_span(match, days=0))


def _span(match: re.Match[str], days: int) -> timedelta:
    span = timedelta(days=days, hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0))
    return -span if match["sign"] == "-" else span


Offset = Annotated[timedelta, BeforeValidator(offset)]
#: Where a piece's date is shown: to machines, to readers (in full, or as "2 hours ago"), in the site's lists.
Place = Literal["machine", "visible", "relative", "list"]
#: What the server says at a piece's address: its page, or for `consent` a note in place of its text. `to` names where
#: `moved` (301), `away` and `loop` (302) lead.
Reply = Literal["page", "moved", "away", "loop", "not-found", "server-error", "huge", "pdf", "consent"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Edit(_Record):
    """What a piece says from a later moment on."""

    moment: int = Field(ge=1)
    title: str
    text: str


class Piece(_Record):
    """One page of a site.

    `path` may hold `{year}` and `{month}`. `also` are further addresses under which lists show it. `same_as` takes the
    text of another site's piece (`site:path`), `background` adds the paragraph of its language that many pages share.
    `machine_shift` is the mistake in the dates for machines. `script` is for languages that are written in two.
    """

    path: str = Field(pattern=r"^/")
    language: str
    script: Literal["Latn", "Cyrl"] | None = None
    title: str
    text: str = ""
    same_as: str | None = None
    background: bool = False
    oddity: str = ""
    published: Offset
    dates: tuple[Place, ...] | None = None
    machine_shift: Offset = timedelta()
    moment: int = Field(default=0, ge=0)
    gone: int | None = Field(default=None, ge=1)
    edit: Edit | None = None
    listed: bool = True
    also: tuple[str, ...] = ()
    reply: Reply = "page"
    to: str | None = None
    by_script: bool = False
    section: str
    author: str | None = None
    tags: tuple[str, ...] = ()
    photo: str | None = None

    @property
    def written(self) -> str:
        """Language and script, as `dates.yaml` and `lang=` name them."""
        return f"{self.language}-{self.script}" if self.script else self.language

    @property
    def moments(self) -> tuple[int, ...]:
        """When something happens to it: it comes out, is corrected, is taken down."""
        return (self.moment, *([self.edit.moment] if self.edit else []), *([self.gone] if self.gone else []))


class FeedRoute(_Record):
    """`dates: built` gives every entry the moment at which the feed was made."""

    path: str
    format: Literal["rss", "atom"] = "rss"
    dates: Literal["own", "built"] = "own"


class SitemapRoute(_Record):
    """An index at `path`, which leads to a news sitemap and to one of pages that are no news."""

    path: str
    news: str
    pages: str


class ListingRoute(_Record):
    """Pages that list articles. `{number}` counts from `first`; the front page is the first of them."""

    path: str
    further: str
    next: str
    first: int
    size: int = Field(ge=1)


class Site(_Record):
    """A news site. `article` is the pattern of its addresses behind the host; `example` names a piece."""

    id: str
    name: str
    tagline: str
    country: str
    languages: tuple[str, ...]
    kind: str
    zone: Annotated[timezone, BeforeValidator(_zone)]
    template: str
    charset: str = "utf-8"
    written_dates: Literal["words", "numbers"] = "words"
    dates: tuple[Place, ...]
    article: str
    example: str
    feed: FeedRoute | None = None
    sitemap: SitemapRoute | None = None
    listing: ListingRoute | None = None
    disallowed: tuple[str, ...] = ()
    words: Mapping[str, Any]
    pieces: tuple[Piece, ...]

    @property
    def language(self) -> str:
        """The language of its menus."""
        return self.languages[0]

    def shows(self, piece: Piece, place: Place) -> bool:
        """Whether the piece's date is shown there."""
        return place in (self.dates if piece.dates is None else piece.dates)


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs, each on one line."""
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip()]


def load(folder: Path = FOLDER) -> tuple[Site, ...]:
    """Every site of `folder/sites`, with the texts that are taken from elsewhere filled in.

    Raises:
        ConfigError: names the file and the field that cannot be used.
    """
    shared: dict[str, str] = _yaml(folder / "background.yaml")
    sites = [_site(path) for path in sorted((folder / "sites").glob("*.yaml"))]
    texts = {f"{site.id}:{piece.path}": piece.text for site in sites for piece in site.pieces}
    return tuple(
        site.model_copy(update={"pieces": tuple(_filled(site, piece, texts, shared) for piece in site.pieces)})
        for site in sites
    )


@cache
def shipped() -> tuple[Site, ...]:
    """The sites that come with OTS Watch."""
    return load()


def _yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read: {' '.join(str(error).split())}") from None


def _site(path: Path) -> Site:
    try:
        site = Site.model_validate(_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    for problem in _problems(site):
        raise ConfigError(f"{path}: {problem}")
    return site


def _problems(site: Site) -> Iterator[str]:
    paths = [address for piece in site.pieces for address in (piece.path, *piece.also)]
    yield from (f"{path} stands there twice" for path in paths if paths.count(path) > 1)
    for piece in site.pieces:
        if (piece.to is not None) != (piece.reply in ("moved", "away", "loop")):
            yield f"{piece.path}: `to` and `reply: {piece.reply}` do not fit"
        if piece.reply in ("page", "moved", "pdf", "consent") and not (piece.text or piece.same_as):
            yield f"{piece.path}: no text"
    if site.example not in paths:
        yield f"example: no piece has the path {site.example}"


def _filled(site: Site, piece: Piece, texts: Mapping[str, str], shared: Mapping[str, str]) -> Piece:
    if piece.same_as and piece.same_as not in texts:
        raise ConfigError(f"{site.id}: {piece.path}: same_as: there is no {piece.same_as}")
    if piece.background and piece.written not in shared:
        raise ConfigError(f"{site.id}: {piece.path}: background: there is none in {piece.written}")
    text = texts[piece.same_as] if piece.same_as else piece.text
    more = f"\n\n{shared[piece.written]}" if piece.background else ""
    return piece.model_copy(update={"text": text + more})
