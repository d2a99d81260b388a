"""What stands for many words, written out as those words that an FTS5 table holds.

FTS5 looks a phrase up by its words and knows a beginning at its end only. So `Forms` become words and phrases of the
table's own list of words (`fts5vocab`): all but a beginning that stands last.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import product

from otswatch.query import And, Beginning, Choice, Form, Forms, Inflected, Node, Not, Or, Phrase, Prefix, joined

#: Behind every word that begins so.
_LAST = chr(0x10FFFF)


def written_out(node: Node, connection: sqlite3.Connection, table: str) -> Node:
    """The tree without `Forms`: phrases and prefixes that match the same texts of `table`."""
    return _written_out(node, _Words(connection, table))


def _written_out(node: Node, words: _Words) -> Node:
    match node:
        case And(parts):
            return And(tuple(_written_out(part, words) for part in parts))
        case Or(parts):
            # Flat and without what nothing fits: with a condition that is never true SQLite would look at every row.
            return _any_of(_written_out(part, words) for part in parts)
        case Not(part):
            return Not(_written_out(part, words))
        case Forms():
            return _phrases(node, words)
    return node


def _phrases(forms: Forms, words: _Words) -> Node:
    *before, last = forms.words
    if isinstance(last, Beginning):
        begun = product(*map(words.fitting, before), (last.text,))
        return _any_of(Prefix(" ".join(found), forms.field) for found in begun)
    return _any_of(Phrase(found, forms.field) for found in product(*map(words.fitting, forms.words)))


def _any_of(nodes: Iterable[Node]) -> Node:
    found = joined(Or, nodes)
    return Or(tuple(dict.fromkeys(found.parts))) if isinstance(found, Or) else found or Or(())


class _Words:
    """The words of a table."""

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        self._connection = connection
        self._table = table

    @cached_property
    def _list(self) -> str:
        """The name of the list, which is made when first asked for."""
        name = f"temp.words_of_{self._table}"
        made = f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5vocab('main', '{self._table}', 'row')"
        self._connection.execute(made)
        return name

    def fitting(self, form: Form) -> list[str]:
        """Those that a form means."""
        match form:
            case Beginning(text):
                return list(self._beginning(text))
            case Choice(chosen):
                return list(chosen) if len(chosen) == 1 else self._among(chosen)
            case Inflected(stems):
                fits = re.compile(form.expression).fullmatch
                return list(dict.fromkeys(word for stem in stems for word in self._beginning(stem) if fits(word)))

    def _beginning(self, text: str) -> Iterator[str]:
        sql = f"SELECT term FROM {self._list} WHERE term >= ? AND term < ?"  # noqa: S608 - our own name
        for (word,) in self._connection.execute(sql, (text, text + _LAST)):
            yield word

    def _among(self, words: tuple[str, ...]) -> list[str]:
        sql = f"SELECT term FROM {self._list} WHERE term IN (SELECT value FROM json_each(?))"  # noqa: S608 - as above
        return [word for (word,) in self._connection.execute(sql, (json.dumps(words),))]
