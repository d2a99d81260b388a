"""The official documents that are known, and the words that documents are named by.

docs/reference/documents.md says how to write the files. An id is made of what does not depend on which article comes
first: what sort of document it is, where and when it was adopted. So a document that was found in articles keeps its id
when somebody writes it into the register.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from otswatch import taxonomy
from otswatch.entries import EntryFile
from otswatch.errors import ConfigError
from otswatch.taxonomy.loader import Taxonomy, merged
from otswatch.taxonomy.matcher import Matcher, Pattern
from otswatch.taxonomy.schema import Entry, Id, Language, Names, Partial, Words
from otswatch.text.folding import fold

SHIPPED = Path(__file__).parent / "data"
_CYRILLIC = re.compile("[\u0400-\u052f]")


class DocumentType(Entry):
    """A sort of document. `stem` stands in ids; `terms` are what it is called, the nouns without endings."""

    stem: Id
    names: Names
    terms: dict[Language, tuple[Words, ...]] = Field(default={})


class PlaceForms(Entry):
    """How a place of the taxonomy stands before a document's name where it has another form there."""

    attributes: dict[Language, tuple[Words, ...]]


class DocumentWords(Entry):
    """The words around documents in one language: see words.yaml."""

    id: Language
    adopts: tuple[Words, ...] = ()
    leaders: tuple[Words, ...] = ()
    between: tuple[Words, ...] = ()
    extracts: tuple[Words, ...] = ()


class Adopted(BaseModel):
    """Where and when: a town of the taxonomy, or null, and the day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: Id | None = None
    day: date


class Known(Entry):
    """A document that is known. A user's entry may leave out what is shipped.

    `titles`: for readers and for the search. `names`: words to be found that stand for this document alone; what it is
    called by its place (`Bishkek Declaration`) needs none. `meeting`: the id of the one that adopted it. `of`: whose
    document it is, null for one that is not the OTS's. `source`: where it can be looked up.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    as_of: Partial
    type: Id | None = None
    adopted: Adopted | None = None
    meeting: str | None = None
    of: Id | None = "ots"
    signatories: tuple[Id, ...] = ()
    titles: Names = Field(default={})
    names: dict[Language, tuple[Words, ...]] = Field(default={})
    source: str = ""

    @property
    def place(self) -> str | None:
        return self.adopted.place if self.adopted else None

    @property
    def day(self) -> date:
        assert self.adopted is not None  # noqa: S101 - `load` has seen to it
        return self.adopted.day


Role = Literal[
    "type", "place", "attribute", "name", "body", "other", "office", "adopts", "leaders", "between", "extracts"
]


@dataclass(frozen=True, slots=True)
class Word:
    """What stands behind a pattern. `id`: the type, place, document or organisation; `stem`: its last word, folded."""

    role: Role
    id: str
    lang: str | None
    stem: str


def document_id(stem: str, where: str, day: date) -> str:
    """The id of a document: `where` is the place, or the series of meetings where no place is known."""
    return f"{stem}-{where}-{day.isoformat()}"


def day_of(id_: str) -> date:
    """The day that an id was made of."""
    return date.fromisoformat(id_[-len("2024-11-06") :])


@dataclass(frozen=True, eq=False)
class Register:
    """Known documents and words, with the taxonomy that they were read with."""

    taxonomy: Taxonomy
    types: dict[str, DocumentType]
    places: dict[str, PlaceForms]
    words: dict[str, DocumentWords]
    known: dict[str, Known]

    def stem(self, type_: str) -> str:
        return self.types[type_].stem

    def series(self, meeting: str) -> str:
        """The series of a meeting's id: `summit` of `summit-11`, `informal_summit` of `informal_summit-2024-07-06`."""
        return next((part for part in meeting.split("-") if part in self.taxonomy.series), meeting.split("-")[0])

    @cached_property
    def matcher(self) -> Matcher[Word]:
        """Finds everything that documents are named by, in one pass."""
        return Matcher(
            (pattern, word) for written, word in self._words() for pattern in Pattern.spelt(written, word.lang)
        )

    def _words(self) -> Iterator[tuple[str, Word]]:
        for kind in self.types.values():
            yield from _by_language("type", kind.id, kind.terms.items())
        for place in self.taxonomy.places.values():
            yield from _spelt("place", place.id, None, place.names)
            yield from _made_attributes(place.id, place.names)
        for forms in self.places.values():
            yield from _by_language("attribute", forms.id, forms.attributes.items())
        for document in self.known.values():
            yield from _by_language("name", document.id, document.names.items())
        for body in self.taxonomy.organisations.values():
            role: Role = "other" if body.role == "other" else "body"
            written = [name for name in body.names if name.kind in ("name", "home")]
            yield from ((name.name, _word(role, body.id, name.lang, name.name)) for name in written)
        for office in self.taxonomy.offices.values():
            if office.together:
                yield from _by_language("office", office.together, office.terms.items())
        for words in self.words.values():
            yield from _spelt("adopts", "", words.id, words.adopts)
            yield from _spelt("leaders", "", words.id, words.leaders)
            yield from _spelt("between", "", words.id, words.between)
            yield from _spelt("extracts", "", words.id, words.extracts)


def _word(role: Role, id_: str, language: str | None, written: str) -> Word:
    return Word(role, id_, language, fold(written.rstrip("*~")).split()[-1])


def _spelt(role: Role, id_: str, language: str | None, words: Iterable[str]) -> Iterator[tuple[str, Word]]:
    yield from ((written, _word(role, id_, language, written)) for written in words)


def _by_language(role: Role, id_: str, words: Iterable[tuple[Language, tuple[str, ...]]]) -> Iterator[tuple[str, Word]]:
    for language, all_ in words:
        yield from _spelt(role, id_, language, all_)


def _made_attributes(id_: str, names: Iterable[str]) -> Iterator[tuple[str, Word]]:
    """`бишкекск*` of `Бишкек~`, `trabzoni` of `Trabzon~`."""
    for name in names:
        bare = name.rstrip("*~")
        made, language = (f"{bare}ск*", "ru") if _CYRILLIC.search(bare) else (f"{bare}i", "hu")
        yield made, _word("attribute", id_, language, made)


@lru_cache(maxsize=8)
def load(config: Path | None = None) -> Register:
    """The register, with the documents of `config`/documents over those that are shipped. Read once per folder.

    Raises:
        ConfigError: a file that cannot be used, with its line and field.
    """
    words = taxonomy.load(config)
    types = merged([_shipped("types")], DocumentType)
    own = sorted((config / "documents").glob("*.yaml")) if config else []
    files = [_shipped("known"), *map(EntryFile.open, own)]
    known = merged(files, Known)
    for document in known.values():
        if complaint := _complaint(document, types, words):
            raise _located(files, document.id, *complaint)
    return Register(
        words, types, merged([_shipped("places")], PlaceForms), merged([_shipped("words")], DocumentWords), known
    )


def _shipped(name: str) -> EntryFile:
    return EntryFile.open(SHIPPED / f"{name}.yaml")


def _complaint(document: Known, types: dict[str, DocumentType], words: Taxonomy) -> tuple[str, str] | None:
    """The field of an entry that keeps it out of the register, and why; null where it is complete."""
    if document.type not in types:
        return "type", f"{document.type!r} is not one of {', '.join(types)}"
    if document.adopted is None or not document.titles or not document.source:
        return "id", "adopted, titles and source are needed"
    if document.place is not None and document.place not in words.places:
        return "adopted", f"{document.place!r} is not in places.yaml; put the town there, or leave it out"
    where = document.place or (document.meeting or "").rsplit("-", 3)[0]
    if document.id != (right := document_id(types[document.type].stem, where, document.day)):
        return "id", f"of its type, place and day the id is {right}"
    return None


def _located(files: Iterable[EntryFile], id_: str, field: str, message: str) -> ConfigError:
    """The complaint with the place of the last entry that says something of a document."""
    found = [(file, number) for file in files for number, entry in enumerate(file.entries(Known)) if entry.id == id_]
    file, number = found[-1]
    return file.complaint(file.place(number, field), message)
