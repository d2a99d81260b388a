"""What expansion gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from otswatch.query import Node, Or, joined

#: What a line tells of a name, and of a word.
_NAMES, _WORDS = 9, 4


@dataclass(frozen=True, slots=True)
class Note:
    """What words of a query were read as, for a reader.

    `keyword`: a query for the label of a name (`body:ots`), null of a word. `also`: what is looked for, written as the
    taxonomy writes it (`Devletler*`: with anything behind it; `zirve~`: with the endings of a noun), one of each
    language before the others.
    """

    typed: str
    keyword: str | None
    also: tuple[str, ...]

    @property
    def first(self) -> tuple[str, ...]:
        """Those of `also` that a line has room for: of a name one of each language."""
        return self.also[: _NAMES if self.keyword else _WORDS]

    @property
    def more(self) -> tuple[str, ...]:
        """The others."""
        return self.also[len(self.first) :]

    def __str__(self) -> str:
        more = f" and {len(self.more)} more" if self.more else ""
        return f"{self.typed}: {', '.join(self.first)}{more}"


@dataclass(frozen=True, slots=True)
class Expanded:
    """A tree, and what in it was not typed. Without notes it is the tree that was given."""

    node: Node
    notes: tuple[Note, ...] = ()


def once(nodes: Iterable[Node]) -> Node | None:
    """Any of the nodes, each given once: two names of one organisation are the same tree. Null where there is none."""
    found = joined(Or, nodes)
    return joined(Or, dict.fromkeys(found.parts)) if isinstance(found, Or) else found
