"""What an article says of an official document, and the document that they say together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from otswatch.records import Evidence, Moment, Part


def _is_none(value: object) -> bool:
    return value is None


def _is_empty(value: object) -> bool:
    return not value


class Title(Part):
    """A title as it is printed, and its place in the article."""

    text: str
    language: str
    evidence: tuple[Evidence, ...] = ()


class Adoption(Part):
    """Where and on which days a document was adopted. `place`: id of the register; null what the words do not say."""

    place: str | None = None
    starts: date
    ends: date
    evidence: tuple[Evidence, ...] = ()


class Meeting(Part):
    """The meeting that adopted a document: its id among mentions, and the words that name it."""

    id: str
    evidence: tuple[Evidence, ...] = ()


class Signatory(Part):
    """A state or body that a document is by: its id in the taxonomy, and the words that name it."""

    id: str
    evidence: tuple[Evidence, ...] = ()


class Report(Part):
    """What one article says of one document.

    A `witness` has its full text, or a part of it with its title; a `citation` names it or has clauses of it. `rule`
    and `evidence` say why it is this document. `clauses` are hashes of a witness's clauses in their order. `known_as`:
    what it may be called by place and meeting (`otswatch.documents.resolve.marks`), where the register does not know.
    """

    role: Literal["witness", "citation"]
    type: str
    rule: str
    evidence: tuple[Evidence, ...]
    official: bool = False
    source: str | None = None
    url: str | None = None
    language: str = "und"
    headline: str | None = None
    at: Annotated[Moment | None, Field(exclude_if=_is_none)] = None
    title: Annotated[Title | None, Field(exclude_if=_is_none)] = None
    adopted: Annotated[Adoption | None, Field(exclude_if=_is_none)] = None
    meeting: Annotated[Meeting | None, Field(exclude_if=_is_none)] = None
    signatories: Annotated[tuple[Signatory, ...], Field(exclude_if=_is_empty)] = ()
    areas: Annotated[tuple[str, ...], Field(exclude_if=_is_empty)] = ()
    clauses: Annotated[tuple[str, ...], Field(exclude_if=_is_empty)] = ()
    known_as: Annotated[tuple[str, ...], Field(exclude_if=_is_empty)] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """What the document is known by to other articles."""
        return (*self.known_as, *(f"clause/{clause}" for clause in self.clauses))

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """Which of several counts first: full texts, official ones, early ones."""
        return self.role != "witness", not self.official, self.at.timestamp() if self.at else float("inf")


class Told(Part):
    """Where a value of a document comes from: the words of an article; `article` null where the register has it."""

    article: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Difference(Part):
    """How a full text differs from another in its language: so many clauses that only it has, and that it lacks."""

    article: str
    more: int
    fewer: int


class Witness(Part):
    """An article that has the text. `whole` is false where another has much more of it."""

    article: str
    source: str | None
    language: str
    official: bool
    url: str | None
    title: str | None
    first_seen: Moment | None
    clauses: int
    whole: bool
    differs: Annotated[Difference | None, Field(exclude_if=_is_none)] = None


class Cited(Part):
    """An article that names the document or has clauses of it."""

    article: str
    source: str | None
    language: str
    official: bool
    headline: str | None
    first_seen: Moment | None
    rule: str
    evidence: tuple[Evidence, ...]


class Registered(Part):
    """What the register says of where it knows a document from."""

    source: str
    as_of: str


class OfficialDocument(Part):
    """One official document, however many articles have, slice or cite it.

    `title` and `titles` (by language): as the official text prints them, else as the register or others do. `of`: whose
    it is. `told` says, by the name of a value, where that value comes from.
    """

    id: str
    type: str
    of: str | None
    title: str
    titles: dict[str, str]
    adopted: Adoption
    meeting: str | None = None
    signatories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    citations: int = Field(description="How many articles cite it.")
    cited_by: tuple[Cited, ...] = Field(default=(), description="The official and the first of them.")
    first_seen: Moment | None = None
    registered: Registered | None = None
    told: dict[str, Told]

    @property
    def languages(self) -> tuple[str, ...]:
        """In which languages its text is known."""
        return tuple(dict.fromkeys(witness.language for witness in self.witnesses))

    def in_language(self, language: str) -> Iterator[Witness]:
        """The texts in one language, best first."""
        return (witness for witness in self.witnesses if witness.language == language)
