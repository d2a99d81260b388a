"""What stands in the taxonomy's files. docs/reference/taxonomy.md says how to write them.

A user's file holds the same entries and may leave out all but `id`: what it says replaces or adds to what is shipped.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from otswatch.taxonomy.matcher import Pattern
from otswatch.text.folding import fold
from otswatch.text.spellings import spellings

#: The languages that the taxonomy is written in.
Language = Literal["en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk"]
LANGUAGES: tuple[Language, ...] = ("en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk")

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _searchable(written: str) -> str:
    # To read all of it takes a hundred times as long, and a command that starts has forty thousand words before it.
    if not (written[:1].isalpha() and fold(written[0])):
        Pattern.parse(written)
    return written


#: Words to be found, written as `otswatch.taxonomy.matcher` says.
Words = Annotated[str, AfterValidator(_searchable)]
#: The end of a word, written as it is printed and kept as it is folded.
Ending = Annotated[str, AfterValidator(fold)]
Names = dict[Language, str]


def _as_text(value: object) -> object:
    # YAML reads a day as a date and a year as a number.
    return str(value) if isinstance(value, (date, int)) else value


#: A day, month or year: as much of a date as is known.
Partial = Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


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

    @property
    def key(self) -> tuple[str, str]:
        """What makes two entries one: a user's term replaces the shipped one."""
        return self.term, self.lang


class Area(Entry):
    """A cooperation area."""

    names: Names = {}
    official: bool = False
    covers: str = ""
    terms: tuple[Term, ...] = ()


class Name(BaseModel):
    """One way to write an organisation.

    `home`: an abbreviation that its own language knows, so it counts in a text of that language. `short` stands for
    other things too, `loose` ("Turkic states") is not quite the name: both count only where something else supports
    them, and `loose` is no mention. `until`: when the organisation gave the name up; texts go on using it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Words
    lang: Language
    kind: Literal["name", "home", "short", "loose"] = "name"
    until: Partial | None = None
    note: str = ""


class Organisation(Entry):
    """`ots` itself (with its old names), a body or programme of it, or an organisation that stands beside it in lists.

    `organ`: a council or office that other organisations have too; it counts in a sentence that names the OTS.
    `areas`: what a body's name says about the subject of a text. `context`: words beside which an abbreviation is
    believed. `rivals`: words in whose sentence an abbreviation means something else.
    """

    role: Literal["ots", "body", "organ", "programme", "other"] = "other"
    areas: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    context: tuple[Words, ...] = ()
    rivals: tuple[Words, ...] = ()


class FalseFriend(Entry):
    """Words that hide every shorter match inside them: they look like a term and are something else."""

    term: Words
    lang: Language
    why: str


class Country(Entry):
    """A state. `names` are its own; `places` only make an abbreviation of the OTS beside them believable.

    `as_written`: the state is disputed, and how a text calls it is news: every name is a mention of its own.
    `doubtful`: what others are called too; it counts only beside another name or a place of the state. `display`: what
    readers are shown, where that is not the first English name. `code`: ISO 3166 code, as the registry of sources has
    it, where that is not the id in capitals.
    """

    role: Literal["member", "observer", "other"] = "other"
    code: str | None = None
    display: str | None = None
    as_written: bool = False
    names: dict[Language, tuple[Words, ...]] = {}
    doubtful: dict[Language, tuple[Words, ...]] = {}
    places: tuple[Words, ...] = ()


class Cue(BaseModel):
    """Words that speak for a kind of text.

    `where`: in the title; at its beginning or end (`heading`); anywhere (`text`); in the first paragraphs (`lead`); in
    the last one (`end`); in the line above the text that says whose it is (`byline`); at the head or end of clauses, of
    which a document is a chain (`clause`); or all through the author's own words (`voice`), where their weights are
    added up.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: Words
    lang: Language
    where: Literal["title", "heading", "text", "lead", "end", "byline", "clause", "voice"] = "title"
    weight: float = Field(default=1, gt=0, le=5)


class Tense(BaseModel):
    """What the verbs of a kind's sentences look like in one language: whole words, or what words end in.

    `last`: only the last word of a sentence is asked, where a language's verb stands. `never`: words that end so and
    are something else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lang: Language
    last: bool = False
    words: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class Kind(Entry):
    """A sort of text."""

    names: Names = {}
    cues: tuple[Cue, ...] = ()
    tenses: tuple[Tense, ...] = ()


class Speech(Entry):
    """The words around speech in one language: see quotes/*.yaml, which say what each list is for."""

    id: Language
    verbs: tuple[Words, ...] = ()
    tones: tuple[Words, ...] = ()
    calls: tuple[Words, ...] = ()
    plain: tuple[Words, ...] = ()
    reads: tuple[Words, ...] = ()
    quotatives: tuple[Words, ...] = ()
    that: tuple[Words, ...] = ()
    by: tuple[Words, ...] = ()
    after: tuple[Words, ...] = ()
    about: tuple[Words, ...] = ()
    rumours: tuple[Words, ...] = ()
    documents: tuple[Words, ...] = ()
    bodies: tuple[Words, ...] = ()
    offices: tuple[Words, ...] = ()
    anyone: tuple[Words, ...] = ()
    honorifics: tuple[Words, ...] = ()
    pronouns: tuple[Words, ...] = ()
    somebody: tuple[Words, ...] = ()
    inside: tuple[Words, ...] = ()
    articles: tuple[Words, ...] = ()
    indefinite: tuple[Words, ...] = ()
    links: tuple[Words, ...] = ()
    particles: tuple[Words, ...] = ()
    occasions: tuple[Words, ...] = ()
    titles: tuple[Words, ...] = ()
    unsaid: tuple[Words, ...] = ()
    joins: tuple[Ending, ...] = ()
    clauses: tuple[Ending, ...] = ()
    adjuncts: tuple[Ending, ...] = ()
    oblique: tuple[Ending, ...] = ()
    cases: tuple[Ending, ...] = ()
    inflections: tuple[Ending, ...] = ()
    relatives: tuple[Ending, ...] = ()
    finite: tuple[Ending, ...] = ()
    datives: tuple[Ending, ...] = ()
    plurals: tuple[Ending, ...] = ()
    masculine: tuple[Ending, ...] = ()
    feminine: tuple[Ending, ...] = ()
    neuter: tuple[Ending, ...] = ()
    several: tuple[Ending, ...] = ()
    contrasts: tuple[Ending, ...] = ()
    origins: tuple[Ending, ...] = ()
    leaders: tuple[Words, ...] = ()
    heads: tuple[Words, ...] = ()
    deputies: tuple[Ending, ...] = ()
    nominative: dict[str, str] = Field(default={}, description="Endings of a body or document and those of a subject.")
    locatives: tuple[str, ...] = ()
    unnamed: bool = False

    @cached_property
    def nominatives(self) -> frozenset[str]:
        """The last words of offices, bodies and people as they are listed: without a case."""
        return self._bases(*self.offices, *self.anyone, *self.bodies)

    @cached_property
    def papers(self) -> frozenset[str]:
        """The last words of documents as they are listed: without a case."""
        return self._bases(*self.documents)

    @cached_property
    def at_the_head(self) -> tuple[frozenset[str], frozenset[str]]:
        """Words for whoever leads a body, whatever it is, and words for who leads a certain one."""
        return self._bases(*self.leaders), self._bases(*self.heads)

    def _bases(self, *listed: str) -> frozenset[str]:
        """The last words of what is listed, folded, in all spellings of the language."""
        lasts = (words.rstrip("*~").split()[-1] for words in listed)
        return frozenset(fold(spelt) for last in lasts for spelt in spellings(last, self.id))

    order: Literal["verb-last", "free"] = "free"
    behind: Literal["nothing", "linked", "anything"] = "nothing"
    ordinals: bool = False


class Aside(Entry):
    """The words that make an aside of an organisation's name, by language: see asides.yaml."""

    id: Language
    former: tuple[Words, ...] = ()
    once: tuple[Words, ...] = ()
    work: tuple[Words, ...] = ()
    kin: tuple[Words, ...] = ()
    works: tuple[Words, ...] = ()
    before: tuple[Words, ...] = ()
    behind: tuple[Words, ...] = ()
    sites: tuple[Words, ...] = ()
    hosts: tuple[Words, ...] = ()
    like: tuple[Words, ...] = ()
    member: tuple[Words, ...] = ()
    within: tuple[Words, ...] = ()
    margins: tuple[Words, ...] = ()
    matters: tuple[Words, ...] = ()
    talks: tuple[Words, ...] = ()
    regions: tuple[Words, ...] = ()
    joins: tuple[Words, ...] = ()
