"""What a reader means by the words of a query: a name in all its spellings, a word in both scripts and with endings.

    expanded = expand(parse('"Turkic Council" zirve -draft'), taxonomy.load())
    expanded.node                       # a tree for any index
    expanded.notes                      # what was read as what, for the reader to see

A pure step from tree to tree, made when a query is asked: what is indexed stays as it is, and whoever wants the words
exactly as typed leaves the step out.

- A name of an organisation or a state, with or without quotes, becomes its concept (`otswatch.expansion.concepts`).
- Another word becomes its spellings in both scripts, each with the endings that its language puts behind it; in quotes
  without endings, and a quoted phrase likewise (`otswatch.expansion.words`).
- Prefixes and keywords are what they are. A word that belongs to a field stays in its field.
- Parts that are not wanted are read in the same way: who does not want the OTS does not want it in Kazakh either.

What the words as typed find, what they become finds too; of a name without quotes: what the name finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import Final

from otswatch.errors import QuerySyntaxError
from otswatch.expansion.concepts import Concepts
from otswatch.expansion.result import Expanded, Note, once
from otswatch.expansion.words import spelt_phrase, spelt_word
from otswatch.query import And, Node, Not, Or, Phrase, Word, joined, leaves
from otswatch.taxonomy import Taxonomy

__all__ = ["MAX_LEAVES", "Expanded", "Note", "expand"]

#: Leaves of an expanded tree. A name of many spellings is some sixty. Elasticsearch counts each several times, and
#: stops at `indices.query.bool.max_clause_count`, which grows with its memory: 16,000 for 1 GiB and two cores.
MAX_LEAVES: Final = 1_000


def expand(node: Node, taxonomy: Taxonomy) -> Expanded:
    """The tree with names and words in all their spellings. Expanding twice changes nothing.

    Raises:
        QuerySyntaxError: the tree would grow beyond `MAX_LEAVES`.
    """
    expansion = _Expansion(taxonomy)
    expanded = expansion.of(node)
    if sum(1 for _ in leaves(expanded)) > MAX_LEAVES:
        raise QuerySyntaxError(
            "the query has so many names and words that all their spellings are too much for one search: "
            "shorten it, or search exactly as written"
        )
    return Expanded(expanded, tuple(expansion.notes))


class _Expansion:
    """One expansion, and what it has to say, each thing once."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._concepts = Concepts(taxonomy)
        self.notes: dict[Note, None] = {}

    def of(self, node: Node) -> Node:
        match node:
            case And(parts):
                return joined(And, self._beside(parts)) or node
            case Or(parts):
                return once(map(self.of, parts)) or node
            case Not(part):
                return Not(self.of(part))
            case Word() | Phrase():
                return joined(And, self._run((node,))) or node
        return node

    def _beside(self, parts: Sequence[Node]) -> Iterator[Node]:
        """The parts, with words that stand side by side in one field, and not in quotes, read together."""
        for bare, group in groupby(parts, _bare):
            if bare is None:
                yield from map(self.of, group)
            else:
                yield from self._run([part for part in group if isinstance(part, Word | Phrase)])

    def _run(self, leaves: Sequence[Word | Phrase]) -> Iterator[Node]:
        """Names among leaves of one field, and the leaves that are in no name."""
        starts = list(accumulate((len(_folded([leaf])) for leaf in leaves), initial=0))
        done = 0
        for name in self._concepts.among(_written(leaves), leaves[0].field):
            if name.first in starts and name.last in starts:
                first, last = starts.index(name.first), starts.index(name.last)
                yield from map(self._spelt, leaves[done:first])
                yield self._told(name.tree(_folded(leaves[first:last]), _written(leaves[first:last])))
                done = last
        yield from map(self._spelt, leaves[done:])

    def _spelt(self, leaf: Word | Phrase) -> Node:
        return self._told(spelt_word(leaf) if isinstance(leaf, Word) else spelt_phrase(leaf))

    def _told(self, expanded: Expanded) -> Node:
        self.notes |= dict.fromkeys(expanded.notes)
        return expanded.node


def _bare(node: Node) -> tuple[str | None] | None:
    """The field of what was typed without quotes; None of anything else."""
    return (node.field,) if isinstance(node, Word | Phrase) and not node.quoted else None


def _written(leaves: Sequence[Word | Phrase]) -> str:
    return " ".join(leaf.written or " ".join(_folded([leaf])) for leaf in leaves)


def _folded(leaves: Sequence[Word | Phrase]) -> list[str]:
    return [word for leaf in leaves for word in ((leaf.text,) if isinstance(leaf, Word) else leaf.words)]
