"""What travels on the bus and stands in the index: immutable records, JSON with a schema version.

Reading is tolerant (unknown fields of the same schema version are ignored), writing is exact. A record of a newer
schema version raises `NewerDataError`: the reader waits for its upgrade, the message is not touched.

Offsets are code points (Python `str` indices), start inclusive, end exclusive.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, Self

import zstandard
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from otswatch.errors import NewerDataError, Quarantine
from otswatch.status import ArticleStatus, Reason

SCHEMA_VERSION = 1


def _to_utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


#: A moment. Always with an offset when read, always UTC when written.
Moment = Annotated[AwareDatetime, PlainSerializer(_to_utc, return_type=str, when_used="json")]


def _is_none(value: object) -> bool:
    return value is None


def _is_empty(value: Collection[object]) -> bool:
    return not value


class Part(BaseModel):
    """A piece of a record: immutable, written with the names of the wire (`in`, `from`)."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        ser_json_bytes="base64",
        val_json_bytes="base64",
    )

    def replace(self, **changes: Any) -> Self:
        """A copy with these fields changed; the changes are validated by the type checker, not at run time."""
        return self.model_copy(update=changes)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return self.model_dump(mode="json")


class Record(Part):
    """A message of its own: `record` names its kind, and it carries the schema version it was written with."""

    record: ClassVar[str]
    schema_version: int = Field(default=SCHEMA_VERSION, alias="schema")

    def to_json(self) -> bytes:
        """One line of UTF-8 JSON."""
        return self.model_dump_json().encode()

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """Read a message written by this or an older version.

        Raises:
            NewerDataError: written by a newer version.
            Quarantine: not such a record at all (`unreadable-message`).
        """
        try:
            raw = json.loads(data)
        except ValueError as error:
            raise Quarantine(Reason.UNREADABLE_MESSAGE, f"not JSON: {error}") from None
        version = raw.get("schema") if isinstance(raw, dict) else None
        if isinstance(version, int) and version > SCHEMA_VERSION:
            raise NewerDataError(
                f"met a {cls.record} of schema {version}, this version reads up to {SCHEMA_VERSION}: upgrade otswatch"
            )
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise Quarantine(Reason.UNREADABLE_MESSAGE, f"{cls.record}.{where}: {first['msg']}") from None


# -------------------------------------------------------------------------------- evidence

#: What an evidence's offsets count in: the cleaned title or text, the text as given, the page, its address, …
Frame = Literal["title", "text", "input", "html", "url", "feed", "json-ld", "meta", "human"]


class Evidence(Part):
    """Why a value is believed: the words, where they stand, and the rule that read them.

    `start`/`end` are offsets in the frame `in` where it has offsets (title, text, input); `path` locates it elsewhere
    (`datePublished`, `meta[property=article:published_time]`). `rule` is `name/version`.
    """

    frame: Frame = Field(alias="in")
    path: Annotated[str | None, Field(exclude_if=_is_none)] = None
    start: Annotated[int | None, Field(exclude_if=_is_none)] = None
    end: Annotated[int | None, Field(exclude_if=_is_none)] = None
    text: str
    rule: str


# -------------------------------------------------------------------------------- page

#: The way that a page was found.
Route = Literal["feed", "sitemap", "listing", "manual", "warc"]


def _empty_to_none(value: object) -> object:
    return value or None


class Discovery(Part):
    """How the crawler learned of a page: the route, the list it stood in, and what the list said of it (raw)."""

    by: Route
    via: str | None = None
    title: Annotated[str | None, BeforeValidator(_empty_to_none)] = None
    published: Annotated[str | None, BeforeValidator(_empty_to_none)] = None


class Answer(Part):
    """What tells one answer of an address from the next: the server's validators, and a digest of the bytes."""

    etag: str | None = None
    last_modified: str | None = None
    digest: str

    @classmethod
    def of(cls, headers: Mapping[str, str], content: bytes) -> Self:
        """Of an answer with these headers (names in lower case) and bytes."""
        return cls(
            etag=headers.get("etag") or None,
            last_modified=headers.get("last-modified") or None,
            digest=hashlib.blake2b(content, digest_size=16).hexdigest(),
        )

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for the page only if it changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


class Page(Record):
    """What was fetched, before anything was understood. `body` is the answer's bytes, zstd-compressed.

    `url` is where the bytes came from (after redirects), `requested_url` what was asked for. `id` is
    `otswatch.urls.page_id(url)` under the rules `url_rules`, and never changes.
    """

    record: ClassVar[str] = "page"

    id: str
    url: str
    url_rules: int
    requested_url: str
    source: str
    http_status: int
    headers: Mapping[str, str] = Field(description="Names in lower case.")
    body: bytes
    fetched_at: Moment
    first_seen: Moment
    first_listed: Moment | None = None
    discovery: Discovery
    again: Annotated[int | None, Field(exclude_if=_is_none)] = Field(
        default=None, description="Which round of `otswatch.again` fetched it once more; null for the first fetch."
    )

    @staticmethod
    def compress(content: bytes) -> bytes:
        """The wire form of an answer's bytes."""
        return zstandard.ZstdCompressor(level=6).compress(content)  # one each: they are not safe to share

    def content(self, limit: int = 200_000_000) -> bytes:
        """The answer's bytes.

        Raises:
            Quarantine: not zstd, or larger than `limit` bytes when unpacked (`undecodable`).
        """
        # A frame may say its own size, and then `max_output_size` is not looked at: reading a stream cannot be fooled.
        try:
            with zstandard.ZstdDecompressor().stream_reader(self.body) as reader:
                content = reader.read(limit + 1)
        except zstandard.ZstdError as error:
            raise Quarantine(Reason.UNDECODABLE, f"page body: {error}") from None
        if len(content) > limit:
            raise Quarantine(Reason.UNDECODABLE, f"page body: more than {limit:,} bytes when unpacked")
        return content


# -------------------------------------------------------------------------------- article

Precision = Literal["second", "minute", "hour", "day", "month", "year"]
DateSource = Literal[
    "json-ld", "meta", "time", "feed", "sitemap", "url", "dateline", "text", "script", "htmldate", "human"
]


class Content(Part):
    """What a reader reads. `text` is NFC, paragraphs joined by one blank line."""

    title: str | None
    text: str
    language: str = Field(description="BCP 47 primary subtag, `und` when unsure.")
    authors: tuple[str, ...] = ()
    image: str | None = None
    canonical_url: str | None = None
    dateline: str | None = Field(default=None, description="The dateline as printed, lifted out of the text.")
    background: tuple[Evidence, ...] = Field(
        default=(), description="Paragraphs that stand under many stories; they count for no label, quote or story."
    )
    evidence: Mapping[str, Evidence] = Field(
        default_factory=dict, description="Where title, language, authors and so on came from, by field."
    )
    extractor: str = Field(description="name/version of what found the text")

    @property
    def foreground(self) -> str:
        """The text with its background blanked out, at the same offsets: what labels, quotes and stories stand on."""
        text = self.text
        for paragraph in self.background:
            if paragraph.start is not None and paragraph.end is not None:
                blank = " " * (paragraph.end - paragraph.start)
                text = text[: paragraph.start] + blank + text[paragraph.end :]
        return text


class Dated(Part):
    """A date that is believed: what was written (`at`), and the half-open interval in UTC that it can mean."""

    at: str = Field(
        description="ISO 8601: a moment with its offset, a clock without one where no zone is written, or the day, "
        "month or year alone."
    )
    precision: Precision
    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    source: DateSource
    confidence: float = Field(ge=0, le=1)
    evidence: tuple[Evidence, ...]


class DateCandidate(Part):
    """A date that was seen on the page, whether taken or not, and why."""

    at: str | None = Field(description="As in `Dated`; null where the words cannot be resolved ('Friday').")
    precision: Precision | None
    source: DateSource
    role: Literal["published", "modified", "unknown"]
    verdict: Literal["taken", "agrees", "rejected", "unresolved"]
    why: str
    evidence: Evidence


class Relevance(Part):
    """How centrally the text is about OTS."""

    level: Literal["about", "part", "passing", "none"]
    score: float
    evidence: tuple[Evidence, ...] = ()


class Area(Part):
    """A cooperation area, with the words that say so. `id` is one of `otswatch.taxonomy`."""

    id: str
    score: float
    evidence: tuple[Evidence, ...]


class Kind(Part):
    """What sort of text it is. `id` is one of `otswatch.taxonomy` (news, statement, …)."""

    id: str
    evidence: tuple[Evidence, ...] = ()


class When(Part):
    """First and last day of a meeting, as far as the words say them (ISO 8601); `--05-21` where no year is said.

    With the precision `month` both are that month (`2025-05`, `--05` without its year), with `year` that year (`2025`).
    """

    starts: str
    ends: str
    precision: Literal["day", "month", "year"]


class Venue(Part):
    """Where a meeting is: the place as written, its `id` in the register (null for a whole country), its country."""

    name: str
    id: str | None
    country: str


class Meeting(Part):
    """What a text says of a meeting; null is what it does not say.

    `series`: meetings under one count (`summit`, `foreign_ministers`), `body` who meets, `of` whose meeting it is
    (`ots` or one of its bodies): ids of the register. `moved_from`: when it was to be before it was postponed.
    """

    series: str
    body: str
    of: str
    number: int | None = None
    place: Venue | None = None
    when: When | None = None
    moved_from: Annotated[When | None, Field(exclude_if=_is_none)] = None
    status: Literal["held", "planned", "postponed", "cancelled"] | None = None


class Mention(Part):
    """A country, body, person or meeting that is named. `name` as written, `id` from the register or null.

    Of a person: `office` held on the day of publication by the register, or by the `title` that stands beside the name;
    `of` which state or body.
    """

    type: Literal["country", "body", "person", "meeting"]
    id: str | None
    name: str
    title: Annotated[str | None, Field(exclude_if=_is_none)] = None
    office: Annotated[str | None, Field(exclude_if=_is_none)] = None
    of: Annotated[str | None, Field(exclude_if=_is_none)] = None
    meeting: Annotated[Meeting | None, Field(exclude_if=_is_none)] = None
    evidence: tuple[Evidence, ...]


class Claim(Part):
    """A dossier of the user's that the article belongs to, and the words that say so. `id`: see `otswatch.dossiers`."""

    id: str
    evidence: tuple[Evidence, ...]


class Speaker(Part):
    """Who spoke: the name in full, as a subject, where the article has it; the rest is null where nothing says so.

    `form`: how the speaker is written there (by the full name, a part of it, a pronoun, an office, as a body, as a
    document; none: only a verb says it). `title`: the office as printed. `person`, `office` and `of` are ids of the
    register: the office held on the day of publication, and its state or body. `evidence`: the words at the quote, then
    where the name stands in full, then the title.
    """

    name: str
    form: Annotated[
        Literal["full", "surname", "pronoun", "office", "body", "document", "none"] | None, Field(exclude_if=_is_none)
    ] = None
    title: Annotated[str | None, Field(exclude_if=_is_none)] = None
    person: str | None = None
    office: str | None = None
    of: str | None = None
    evidence: tuple[Evidence, ...]


class Quote(Part):
    """What someone said: `content.text[start:end] == text`. `id` is derived from the article's id and the words.

    `direct`: in marks or behind a dash; otherwise reported. `where` and `when` are as printed, where the sentence
    around the words says them; `evidence` has their places. `areas`: cooperation areas of the words themselves.
    """

    id: str
    speaker: Speaker | None
    text: str
    start: int
    end: int
    direct: bool
    areas: tuple[str, ...] = ()
    where: Annotated[str | None, Field(exclude_if=_is_none)] = None
    when: Annotated[str | None, Field(exclude_if=_is_none)] = None
    evidence: Annotated[tuple[Evidence, ...], Field(exclude_if=_is_empty)] = ()
    rule: str


class Membership(Part):
    """The story that an article belongs to, and why. `id` is of `Story`; where stories were merged, of the one left.

    `role`: whether its report was the first of the story, the first official one, or neither. `reason`: the rule that
    found it like the article `like` (null where it began the story), and `why` in words that both have.
    """

    id: str
    role: Literal["first", "official", "member"]
    reason: str
    like: Annotated[str | None, Field(exclude_if=_is_none)] = None
    why: Annotated[tuple[str, ...], Field(exclude_if=_is_empty)] = ()


class Trace(Part):
    """Times and versions up to here. Not part of what an article says, so left out of digests."""

    fetched_at: Moment | None = None
    first_seen: Moment | None = None
    first_listed: Moment | None = None
    discovery: Discovery | None = None
    page: str | None = Field(default=None, description="The message it was made from: topic/partition/offset.")
    answer: Annotated[Answer | None, Field(exclude_if=_is_none)] = None
    again: Annotated[int | None, Field(exclude_if=_is_none)] = Field(default=None, description="As in `Page`.")
    revision: int = 0
    stages: Mapping[str, str] = Field(default_factory=dict, description="Version of each stage that had a part in it.")
    background: int = Field(default=0, description="Version of the snapshot of background paragraphs; 0 for none.")


class Corrected(Part):
    """A value that a person put right: the correction that stands (see `Correction`), and what the machine had made."""

    id: str
    value: Any
    by: str
    at: Moment
    note: str = ""
    machine: Any = Field(description="That part of the record as the machine made it; null for unknown.")
    discarded: Annotated[str | None, Field(exclude_if=_is_none)] = Field(
        default=None, description="With relevance: why the machine discarded the article; null where it kept it."
    )


class Article(Record):
    """One growing record; each stage owns one part (see `otswatch.consumers.stage`)."""

    record: ClassVar[str] = "article"

    id: str
    url: str | None
    source: str | None
    status: ArticleStatus = "ok"
    reason: str | None = Field(default=None, description="A word of `otswatch.status` where the status is not ok.")
    detail: Annotated[str | None, Field(exclude_if=_is_none)] = None
    content: Content | None = None
    published: Dated | None = None
    modified: Dated | None = None
    date_candidates: tuple[DateCandidate, ...] = ()
    relevance: Relevance | None = None
    areas: tuple[Area, ...] = ()
    kind: Kind | None = None
    mentions: tuple[Mention, ...] = ()
    quotes: tuple[Quote, ...] = ()
    dossiers: tuple[Claim, ...] = ()
    trace: Trace = Trace()
    story: Membership | None = None
    corrected: Annotated[Mapping[str, Corrected], Field(exclude_if=_is_empty)] = Field(
        default_factory=dict, description="What people put right, by the part of the record that now holds their word."
    )

    @property
    def version(self) -> int:
        """The external version: fetch time in ms × 1000 + pipeline revision. A later fetch or revision wins."""
        fetched = self.trace.fetched_at
        return (int(fetched.timestamp() * 1000) * 1000 if fetched else 0) + self.trace.revision

    def discarded(self, reason: Reason) -> Article:
        """This article, understood and not wanted."""
        return self.replace(status="discarded", reason=str(reason))

    def quarantined(self, reason: str, detail: str) -> Article:
        """This article, which can never work as it is; `detail` is for people."""
        return self.replace(status="quarantined", reason=str(reason), detail=detail)


# -------------------------------------------------------------------------------- aliases, corrections, stories, marks


class Alias(Record):
    """Another address of the same page. Ids never change, so a second address becomes this."""

    record: ClassVar[str] = "alias"

    alias: str = Field(description="The id of the other address.")
    url: str = Field(description="The other address.")
    id: str = Field(description="The id that stands.")
    reason: Literal["redirect", "canonical", "rules"]
    rules: int = Field(description="Version of the URL rules that `alias` was made under.")
    at: Moment


class Withdrawn(Part):
    """Who took a word back, and when."""

    by: str
    at: Moment


class Correction(Record):
    """An analyst's word about one article. Folded in as human evidence; the machine's value is kept beside it."""

    record: ClassVar[str] = "correction"

    id: str
    article: str
    field: Literal["published", "areas", "kind", "relevance", "speaker", "story"]
    value: Any = Field(description="The corrected value, in the field's own JSON form; null for 'unknown'.")
    note: str = ""
    by: str
    at: Moment
    withdrawn: Annotated[Withdrawn | None, Field(exclude_if=_is_none)] = None


class StoryMember(Part):
    """An article of a story, as the story shows it. `published`: as `Dated.at`; `official`: a state or body posted it.

    `reason`, `like`, `why`: as in `Membership`.
    """

    article: str
    url: str | None
    source: str | None
    title: str | None
    language: str
    first_seen: Moment | None
    published: str | None
    official: bool
    reason: str
    like: Annotated[str | None, Field(exclude_if=_is_none)] = None
    why: Annotated[tuple[str, ...], Field(exclude_if=_is_empty)] = ()


class Told(Part):
    """One of the values in which reports differ, and the words of each article that says it, by the article's id."""

    value: str
    words: Mapping[str, str]


class Difference(Part):
    """A matter that the reports of a story say differently. `what`: the unit or noun of a figure."""

    of: Literal["place", "day", "figure"]
    what: str
    values: tuple[Told, ...]


class Story(Record):
    """What several articles tell: one event, or one announcement. `id` never changes.

    `merged_into`: the story that it turned out to be a part of, which then has its articles. `first` and `official` are
    articles: the first report that was seen, and the first by a state or body; `title` is the headline of the official
    one, else of the first. `members` by age, at most `LISTED`; `articles` counts all. Counts of areas and so on are of
    articles, the commonest first.
    """

    record: ClassVar[str] = "story"
    LISTED: ClassVar[int] = 200

    id: str
    version: int
    merged_into: str | None = None
    title: str | None = None
    first: str | None = None
    official: str | None = None
    members: tuple[StoryMember, ...] = ()
    articles: int = 0
    relevance: str | None = Field(default=None, description="That of its most central article.")
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    meetings: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    first_seen: Moment | None = None
    last_seen: Moment | None = None
    published: Moment | None = Field(default=None, description="The earliest day that an article is of, at its start.")
    differences: tuple[Difference, ...] = ()


class Moved(Record):
    """An article that has another story, role or reason than it was last sent with; `story` is the one that it is in.

    What stands is in `State`: this says only that there is something to be put right.
    """

    record: ClassVar[str] = "moved"

    article: str
    story: str


class Gone(Record):
    """A page that was not there any more when it was fetched again. Its article stays as it was."""

    record: ClassVar[str] = "gone"

    id: str = Field(description="The article's.")
    url: str
    source: str
    status: int = Field(description="The HTTP status that says so: 404 or 410.")
    at: Moment


class Indexed(Record):
    """A document that readers can now find, and since when."""

    record: ClassVar[str] = "indexed"

    kind: str
    id: str
    version: int
    at: Moment


RECORDS: tuple[type[Record], ...] = (Page, Article, Alias, Correction, Story, Moved, Gone, Indexed)
