"""Which subscriptions new documents belong to, as `Index.search` would answer, for thousands of them at once.

All searches are one graph: parts that several have in common (a name in nine languages) are one node of it. A batch of
documents is read into lists of words; then each node is worked out once for the whole batch, as a number whose n-th bit
says whether the n-th document is among its answers, so that `And`, `Or` and `Not` are single operations. What a leaf
means is what `otswatch.evaluate` says, which is held against both indexes (tests/test_alert_matching.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, or_

from otswatch.errors import UsageError
from otswatch.evaluate import Fields, places
from otswatch.index import Document, Search
from otswatch.index.mapping import TERM_TYPES, mapping_of
from otswatch.query import (
    And,
    Beginning,
    Choice,
    Form,
    Forms,
    Inflected,
    Keyword,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    TextLeaf,
    Word,
)

#: Behind every word that begins so.
_LAST = chr(0x10FFFF)
_MAPPING = mapping_of("articles")
Bits = int
#: Works a node out: given the batch and the answers of the nodes before it.
Step = Callable[["Batch", Sequence[Bits]], Bits]


class Matcher:
    """Searches over articles, by the name that each is asked for under.

    Raises:
        UsageError: a search with a range or an empty field, which are not about words and labels.
    """

    def __init__(self, searches: Mapping[str, Search]) -> None:
        self._steps: list[Step] = []
        self._numbers: dict[Node, int] = {}
        self._asked = {name: self._number(_node(search)) for name, search in searches.items()}

    def matches(self, documents: Sequence[Document]) -> dict[str, list[str]]:
        """For each document that is asked for, by its id: the names of the searches that find it."""
        batch = Batch(documents)
        answers: list[Bits] = []
        for step in self._steps:
            answers.append(step(batch, answers))
        found: dict[str, list[str]] = defaultdict(list)
        for name, number in self._asked.items():
            for place in _ones(answers[number]):
                found[documents[place].id].append(name)
        return dict(found)

    def _number(self, node: Node) -> int:
        known = self._numbers.get(node)
        if known is not None:
            return known
        self._steps.append(self._step(node))
        self._numbers[node] = len(self._steps) - 1
        return self._numbers[node]

    def _step(self, node: Node) -> Step:
        match node:
            case And(parts):
                all_of = [self._number(part) for part in parts]
                return lambda batch, answers: reduce(and_, [answers[number] for number in all_of], batch.all)
            case Or(parts):
                any_of = [self._number(part) for part in parts]
                return lambda _batch, answers: reduce(or_, [answers[number] for number in any_of], 0)
            case Not(part):
                number = self._number(part)
                return lambda batch, answers: batch.all & ~answers[number]
        return lambda batch, _answers: batch.answer(node)


def _node(search: Search) -> Node:
    """A search as one tree."""
    if search.ranges or search.missing or search.kind != "articles":
        raise UsageError("only words and labels of articles can be followed, not days")
    filters = [Or(tuple(Keyword(name, value) for value in values)) for name, values in search.filters.items() if values]
    parts = (*([search.query] if search.query else []), *filters)
    return parts[0] if len(parts) == 1 else And(parts)


def _ones(bits: Bits) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


class Batch:
    """Documents by their words. Answers are bits by the documents' places."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.all: Bits = (1 << len(documents)) - 1
        self._read = [Fields(document) for document in documents]
        #: By field and word, or by field and label.
        self._words: dict[str, dict[str, Bits]] = defaultdict(lambda: defaultdict(int))
        self._labels: dict[tuple[str, str], Bits] = defaultdict(int)
        for place, fields in enumerate(self._read):
            for name, text in fields.texts.items():
                words = self._words[name]
                for word in set(text):
                    words[word] |= 1 << place
            for name, values in fields.terms.items():
                for value in values:
                    self._labels[name, value] |= 1 << place
        self._sorted = {name: sorted(words) for name, words in self._words.items()}

    def answer(self, leaf: Leaf) -> Bits:
        """The documents in which a leaf holds."""
        if isinstance(leaf, Keyword):
            return self._labels.get((_MAPPING.named(leaf.field, *TERM_TYPES).name, leaf.value), 0)
        return _any(self._in(leaf, field) for field in _MAPPING.searched(leaf.field) if field in self._words)

    def _in(self, leaf: TextLeaf, field: str) -> Bits:
        words = self._words[field]
        match leaf:
            case Word(text):
                return words.get(text, 0)
            case Prefix(text):
                return _any(words[word] for word in self._beginning(text, field))
            case Phrase(phrase):
                return self._together(leaf, field, (words.get(word, 0) for word in phrase))
            case Forms(forms):
                fit = (_any(words[word] for word in self._fitting(form, field)) for form in forms)
                return self._together(leaf, field, fit) if len(forms) > 1 else _any(fit)

    def _together(self, leaf: TextLeaf, field: str, each: Iterable[Bits]) -> Bits:
        """The documents that have each of the words, where they also stand one behind the other."""
        bits = self.all
        for answer in each:
            bits &= answer
            if not bits:
                return 0
        adjacent = (
            1 << place for place in _ones(bits) if any(True for _ in places(leaf, self._read[place].texts[field]))
        )
        return _any(adjacent)

    def _fitting(self, form: Form, field: str) -> Iterator[str]:
        match form:
            case Beginning(text):
                yield from self._beginning(text, field)
            case Choice(choices):
                yield from (word for word in choices if word in self._words[field])
            case Inflected(stems):
                fits = re.compile(form.expression).fullmatch
                yield from (word for stem in stems for word in self._beginning(stem, field) if fits(word))

    def _beginning(self, text: str, field: str) -> list[str]:
        words = self._sorted[field]
        return words[bisect_left(words, text) : bisect_left(words, text + _LAST)]


def _any(answers: Iterable[Bits]) -> Bits:
    return reduce(or_, answers, 0)
