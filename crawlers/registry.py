"""The registry of sources: who is watched and by which route. YAML only; adding a source takes no code.

The format is docs/reference/sources.md. Shipped files stand in `sources/`, one per country (`INT` for international
bodies); the user's own in `<config>/sources/` are merged over them by id, field by field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from otswatch import records, yaml_text
from otswatch.errors import ConfigError, UsageError
from otswatch.urls import normalise, without_tracking

SHIPPED = Path(__file__).parent / "sources"

Kind = Literal["official", "agency", "newspaper", "broadcaster", "think-tank", "aggregator"]
SourceStatus = Literal["ready", "not-set-up", "disabled"]


def _address(url: str) -> str:
    try:
        normalise(url)
    except UsageError as error:
        raise ValueError(str(error)) from None
    return url


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return text


Url = Annotated[str, AfterValidator(_address)]
Pattern = Annotated[str, AfterValidator(_pattern)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Route(_Entry):
    """A list that shows what a source publishes. `verified` says who saw it answer, and when."""

    by: ClassVar[records.Route]

    url: Url
    verified: str | None = None


class Feed(Route):
    """An RSS, Atom or RDF feed."""

    by = "feed"


class Sitemap(Route):
    """A sitemap, or an index of sitemaps, of which those are read whose address `follow` is found in; null: all."""

    by = "sitemap"

    follow: Pattern | None = None


class Listing(Route):
    """A web page that lists articles, newest first, and the pages behind it.

    Their addresses are those in which `next` is found; null: what the page itself marks as its next one (`rel=next`).
    """

    by = "listing"

    next: Pattern | None = None
    pages: int = Field(default=3, ge=1, le=100, description="How many pages are read at most in one visit.")


def _route(value: object) -> object:
    return {"url": value} if isinstance(value, str) else value


_AsRoute = BeforeValidator(_route)


class Source(_Entry):
    """Somebody who publishes news about OTS."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Never changes; it stands in every article.")
    name: str = Field(min_length=1, description="As a reader knows it.")
    homepage: Url | None = Field(default=None, description="Where a person would look.")
    country: str = Field(
        pattern=r"^(INT|[A-Z]{2}(-[A-Z]{1,3})?)$",
        description="ISO 3166 code of who publishes; `INT` for bodies of several.",
    )
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], ...] = Field(
        min_length=1, description="BCP 47 primary subtags, main one first. A hint: pages are read for themselves."
    )
    kind: Kind | None = Field(default=None, description="Null where nobody has said.")
    feeds: tuple[Annotated[Feed, _AsRoute], ...] = Field(
        default=(), description="Addresses of RSS, Atom or RDF feeds; `{url, verified}` where somebody saw it answer."
    )
    sitemaps: tuple[Annotated[Sitemap, _AsRoute], ...] = Field(
        default=(), description="Addresses of sitemaps or sitemap indexes; `{url, follow, verified}`."
    )
    listings: tuple[Annotated[Listing, _AsRoute], ...] = Field(
        default=(), description="Addresses of pages that list articles; `{url, next, pages, verified}`."
    )
    article: Pattern | None = Field(
        default=None,
        description="Regular expression that an article's whole address matches (tracking parameters taken off).",
    )
    example: Url | None = Field(
        default=None, description="An article's address; `article` is tried on it at every start."
    )
    delay: float = Field(default=2.0, ge=0, le=600, description="Seconds between two requests to one of its hosts.")
    every: float = Field(default=15.0, gt=0, le=10_080, description="Minutes from one visit to the next.")
    watch: bool = Field(default=True, description="`false`: visited only where it is named, or with `--all`.")
    enabled: bool = Field(default=True, description="`false`: kept, not crawled.")
    note: str | None = Field(default=None, description="What a maintainer should know.")

    @model_validator(mode="after")
    def _pattern_fits_example(self) -> Self:
        if self.article is not None and self.example is None:
            raise ValueError("`article` needs an `example` that it matches")
        if self.example is not None and self.article is not None and not self.is_article(self.example):
            raise ValueError(f"`article` does not match the example {self.example}")
        return self

    def is_article(self, url: str) -> bool:
        """Whether `url` is an article's. False for what is no http address."""
        try:
            return self.article is not None and re.fullmatch(self.article, without_tracking(url)) is not None
        except UsageError:
            return False

    def takes(self, route: Route) -> dict[str, Any]:
        """What decides which addresses of a list are taken: where it was changed, an unchanged list has others."""
        return {"article": self.article, **route.model_dump(exclude={"url", "verified"})}

    @property
    def routes(self) -> tuple[Route, ...]:
        """Every list that is read at a visit, in the order in which they are asked for."""
        return (*self.feeds, *self.sitemaps, *self.listings)

    @property
    def status(self) -> SourceStatus:
        """`ready` with a working route: a list, and a pattern that tells articles from the rest."""
        if not self.enabled:
            return "disabled"
        return "ready" if self.routes and self.article else "not-set-up"


def load(config: Path | None = None) -> tuple[Source, ...]:
    """All sources, shipped and the user's, by id.

    Args:
        config: the user's folder (`otswatch.d`); its `sources/*.yaml` are merged over what is shipped. May be absent.

    Raises:
        ConfigError: names the file and the field that cannot be used.
    """
    own = _read(config / "sources") if config else {}
    theirs = {id_: _source(file, {**_shipped_fields(id_), **fields}) for id_, (file, fields) in own.items()}
    return tuple(source for _, source in sorted((_shipped() | theirs).items()))


def select(sources: Iterable[Source], ids: Iterable[str], *, every: bool = False) -> tuple[Source, ...]:
    """The sources named by `ids`; where none is named, those that are watched, or every one.

    Raises:
        UsageError: there is no such source.
    """
    known = {source.id: source for source in sources}
    wanted = list(ids)
    for id_ in wanted:
        if id_ not in known:
            raise UsageError(f"no source {id_!r}; there are: {', '.join(known)}")
    if wanted:
        return tuple(known[id_] for id_ in wanted)
    return tuple(source for source in known.values() if source.watch or every)


def official(sources: Iterable[Source]) -> frozenset[str]:
    """Ids of the sources that are themselves what the news is about: a ministry, a body, a president's office."""
    return frozenset(source.id for source in sources if source.kind == "official")


#: File name and fields of each source, by id.
_Raw = dict[str, tuple[str, Mapping[str, Any]]]


@cache
def _shipped_raw() -> _Raw:
    """Read once: what is shipped does not change while a process runs, and the watchdog asks at every look."""
    return _read(SHIPPED)


def _shipped_fields(id_: str) -> Mapping[str, Any]:
    return _shipped_raw().get(id_, ("", {}))[1]


@cache
def _shipped() -> dict[str, Source]:
    return {id_: _source(file, fields) for id_, (file, fields) in _shipped_raw().items()}


def _read(folder: Path) -> _Raw:
    found: _Raw = {}
    for path in sorted(folder.glob("*.yaml")):
        for place, fields in enumerate(_entries(path), start=1):
            id_ = fields.get("id") if isinstance(fields, dict) else None
            if not isinstance(id_, str):
                raise ConfigError(f"{path}: entry {place}: `id` is missing or not text")
            if id_ in found:
                raise ConfigError(f"{path}: id: {id_!r} stands in {found[id_][0]} already")
            found[id_] = (str(path), fields)
    return found


def _entries(path: Path) -> list[Any]:
    try:
        data = yaml_text.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read: {' '.join(str(error).split())}") from None
    except ValueError as error:  # PyYAML's, of `2025-02-30`; it knows no line
        what_to_do = "correct it, or put it into quotation marks if it is a text"
        raise ConfigError(f"{path}: a day or a number that does not exist: {error}; {what_to_do}") from None
    if data is None:
        return []
    if not isinstance(data, list):
        raise ConfigError(f"{path}: a list of sources is expected, each beginning with `- id:`")
    return data


def _source(file: str, fields: Mapping[str, Any]) -> Source:
    try:
        return Source.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "article"
        message = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{file}: {fields['id']}: {field}: {message}; see docs/reference/sources.md") from None
