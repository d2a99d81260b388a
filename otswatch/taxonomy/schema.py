"""What stands in the taxonomy's files. docs/reference/taxonomy.md says how to write them.

A user's file holds the same entries and may leave out all but `id`: what it says replaces or adds to what is shipped.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from otswatch.taxonomy.matcher import Pattern

#: The languages that the taxonomy is written in.
Language = Literal["en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk"]
LANGUAGES: tuple[Language, ...] = ("en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk")

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _searchable(written: str) -> str:
    Pattern.parse(written)
    return written


#: Words to be found, written as `otswatch.taxonomy.matcher` says.
Words = Annotated[str, AfterValidator(_searchable)]
Names = dict[Language, str]


class Entry(BaseModel):
    """One entry of a file. Unknown fields are refused: they are spelling mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id


class Term(BaseModel):
    """Words that speak for an area. `needs: any`: a short stem, which counts only beside another term of the area."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: Words
    lang: Language
    weight: float = Field(default=1, ge=0, le=5, description="0 in a user's file takes the shipped term away.")
    needs: Literal["any"] | None = None


class Area(Entry):
    """A cooperation area."""

    names: Names = {}
    official: bool = False
    covers: str = ""
    terms: tuple[Term, ...] = ()


class Name(BaseModel):
    """One way to write an organisation.

    `short` stands for other things too, `loose` ("Turkic states") is not quite the name: both count only where
    something else supports them, and `loose` is no mention.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Words
    lang: Language
    kind: Literal["name", "short", "loose"] = "name"
    note: str = ""


class Organisation(Entry):
    """`ots` itself (with its old names), a body or programme of it, or an organisation that stands beside it in lists.

    `areas`: what a body's name says about the subject of a text. `context`: words beside which an abbreviation is
    believed.
    """

    role: Literal["ots", "body", "programme", "other"] = "other"
    areas: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    context: tuple[Words, ...] = ()


class FalseFriend(Entry):
    """Words that hide every shorter match inside them: they look like a term and are something else."""

    term: Words
    lang: Language
    why: str


class Country(Entry):
    """A state of the OTS. `names` are searched for, `places` only make an abbreviation beside them believable."""

    role: Literal["member", "observer"] = "observer"
    names: dict[Language, tuple[Words, ...]] = {}
    places: tuple[Words, ...] = ()


class Cue(BaseModel):
    """Words that speak for a kind of text.

    `where`: in the title, in the first paragraphs (`lead`), in the last one (`end`), at the head or end of clauses, of
    which a document is a chain (`clause`), or all through the author's own words (`voice`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: Words
    lang: Language
    where: Literal["title", "lead", "end", "clause", "voice"] = "title"
    weight: float = Field(default=1, gt=0, le=5)


class Kind(Entry):
    """A sort of text."""

    names: Names = {}
    cues: tuple[Cue, ...] = ()


class Speech(Entry):
    """The words around direct speech, by language: see quotes.yaml."""

    id: Language
    verbs: tuple[Words, ...] = ()
    documents: tuple[Words, ...] = ()
    offices: tuple[Words, ...] = ()
    pronouns: tuple[Words, ...] = ()
    particles: tuple[Words, ...] = ()
