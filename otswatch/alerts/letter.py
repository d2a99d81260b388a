"""What is told to a reader: the items of a letter, and the letter as channels carry it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field

from otswatch.records import Moment, Part


class Reason(Part):
    """Why an item is in the letter. `label`: what speaks for it (`words`, an area's or a source's id); `before`,
    `words`, `after`: a piece of the title or text with the words in it, blank where there is none.
    """

    label: str
    before: str = ""
    words: str = ""
    after: str = ""


class Said(Part):
    """Words that are quoted in an item. `new`: its reader was not told of them before."""

    speaker: str | None = Field(description="As readers see it: name and office; null for unknown.")
    text: str
    direct: bool
    new: bool = True


class Item(Part):
    """One thing that is new to a reader. `key` is what the ledger knows it by.

    `what`: an article that begins a story for this reader, new words in a story that was told before, an official
    document, or a correction of what was told. `change`: what was corrected, in words. `late`: more than a day lies
    between its publication and its being seen. `unsaid`: so many further quotes are not shown. `others`: so many
    further articles tell the same. Titles, names and words are as printed: whoever renders them escapes them.
    """

    key: str
    what: Literal["article", "quote", "document", "correction"]
    article: str
    title: str
    url: str | None
    page: str | None = Field(default=None, description="Address of the article on our own page.")
    source: str
    language: str
    kind: str | None = None
    areas: tuple[str, ...] = ()
    published: Annotated[str | None, Field(description="As printed on the reader's clock; null for undated.")] = None
    first_seen: Moment | None = None
    late: bool = False
    why: tuple[Reason, ...] = ()
    said: tuple[Said, ...] = ()
    unsaid: int = 0
    change: str | None = None
    others: int = 0
    other_sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to a reader, or to the operator, made once and sent the same however often it takes.

    `subscription`: its id; of one to the operator, what stands in its place (`otswatch.watchdog.letters`).
    `id` names it everywhere: it is in `Message-ID`, and is the `Idempotency-Key`. `keys`: of the items in it.
    `unsubscribe`: address where one click ends the subscription (RFC 8058); null where this machine has no public one.
    `facts`: the same for programs, as JSON types.
    """

    id: str
    subscription: str
    subject: str
    text: str
    html: str
    keys: tuple[str, ...]
    unsubscribe: str | None = None
    facts: Sequence[Part] = ()

    def with_keys(self, keys: Iterable[str]) -> Letter:
        """The same, with the keys that the ledger counts."""
        return replace(self, keys=tuple(keys))
