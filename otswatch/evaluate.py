"""A query on one document, without an index: whether it holds, and which of the document's words say so.

Answers as the indexes do (tests/test_evaluate.py asks both): text is folded words, a phrase stands in one field, a word
without a field stands in title or text, a keyword is one whole value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from otswatch.index import Document
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
    leaves,
)


class Hit(NamedTuple):
    """Words of a text field that a query asks for: from word `first` to before `last`, counted from 0."""

    leaf: TextLeaf
    field: str
    first: int
    last: int


def holds(node: Node, leaf_holds: Callable[[Leaf], bool]) -> bool:
    """Whether a query holds where it is known of each of its leaves."""
    match node:
        case And(parts):
            return all(holds(part, leaf_holds) for part in parts)
        case Or(parts):
            return any(holds(part, leaf_holds) for part in parts)
        case Not(part):
            return not holds(part, leaf_holds)
    return leaf_holds(node)


def places(leaf: TextLeaf, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where a leaf stands in folded words: first, and behind the last."""
    match leaf:
        case Word(text):
            yield from ((at, at + 1) for at, word in enumerate(words) if word == text)
        case Prefix(text):
            yield from ((at, at + 1) for at, word in enumerate(words) if word.startswith(text))
        case Phrase(phrase):
            count = len(phrase)
            yield from (
                (at, at + count)
                for at, word in enumerate(words)
                if word == phrase[0] and tuple(words[at : at + count]) == phrase
            )
        case Forms(forms):
            different = frozenset(words)
            fit = [frozenset(fitting(form, different)) for form in forms]
            for at in range(len(words) - len(fit) + 1):
                if all(words[at + place] in these for place, these in enumerate(fit)):
                    yield at, at + len(fit)


def fitting(form: Form, words: frozenset[str]) -> list[str]:
    """Those of the folded words that are one of a form."""
    match form:
        case Beginning(text):
            return [word for word in words if word.startswith(text)]
        case Choice(choices):
            return [word for word in choices if word in words]
        case Inflected(stems):
            begun = [word for word in words if word.startswith(stems)]
            return [word for word in begun if re.fullmatch(form.expression, word)]


class Fields:
    """The fields of one document, as an index has them. Its record does not matter.

    `texts`: the folded words of each text field, in order. `terms`: the values of each field that is filtered.
    """

    def __init__(self, document: Document) -> None:
        """Raises `RefusedError` where an index would refuse the document."""
        self._mapping = mapping_of(document.kind)
        fitted = self._mapping.fit(document)
        indexed = {name: value for name, value in fitted.items() if self._mapping.fields[name].indexed}
        self.texts = {name: value.split(" ") for name, value in indexed.items() if isinstance(value, str)}
        self.terms = {name: _terms(value) for name, value in indexed.items() if not isinstance(value, str | datetime)}

    def match(self, node: Node) -> bool:
        """Whether the document is among what a search for `node` finds.

        Raises:
            UsageError: a field that the mapping does not have.
        """
        return holds(node, self._holds)

    def hits(self, node: Node) -> Iterator[Hit]:
        """Where the words stand that `node` asks for (not those that it asks to be absent), leaf by leaf."""
        for leaf in leaves(node, negated=False):
            if not isinstance(leaf, Keyword):
                for field in self._mapping.searched(leaf.field):
                    for first, last in places(leaf, self.texts.get(field, ())):
                        yield Hit(leaf, field, first, last)

    def has(self, keyword: Keyword) -> bool:
        """Whether the value is among those of its field."""
        return keyword.value in self.terms.get(self._mapping.named(keyword.field, *TERM_TYPES).name, ())

    def _holds(self, leaf: Leaf) -> bool:
        match leaf:
            case Keyword():
                return self.has(leaf)
            case Word(text):
                return any(text in self._words[field] for field in self._fields(leaf))
            case Prefix(text):
                return any(word.startswith(text) for field in self._fields(leaf) for word in self._words[field])
            case Forms(forms):
                # Most are not there with their first word, and a text has few different ones.
                fields = [field for field in self._fields(leaf) if fitting(forms[0], self._words[field])]
                return any(True for field in fields for _ in places(leaf, self.texts[field]))
        return any(True for field in self._fields(leaf) for _ in places(leaf, self.texts[field]))

    def _fields(self, leaf: TextLeaf) -> list[str]:
        return [field for field in self._mapping.searched(leaf.field) if field in self.texts]

    @cached_property
    def _words(self) -> Mapping[str, frozenset[str]]:
        return {field: frozenset(words) for field, words in self.texts.items()}


def _terms(value: object) -> frozenset[str]:
    return frozenset(value) if isinstance(value, list) else frozenset((json.dumps(value),))
