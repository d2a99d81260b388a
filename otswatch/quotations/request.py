"""A search for quotes, as every surface takes it, and whom a name means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from otswatch import taxonomy
from otswatch.expansion import Expanded, Note, expand
from otswatch.index import Search, for_readers
from otswatch.index.mapping import mapping_of
from otswatch.query import And, Keyword, Node, Not, Or, Phrase, Prefix, Word, joined, leaves, parse, words
from otswatch.search_request import Day, Request, Text, Values, blank_is_none, days
from otswatch.taxonomy import Taxonomy
from otswatch.taxonomy.called import in_short

_NAMES: Final = "speaker_names"


class QuoteRequest(Request):
    """Who said what, where and when: a search for quotes. Days are of UTC."""

    q: Text = Field(default="", description='In the words that were said: words, "phrases", AND OR NOT, prefix*.')
    exact: bool = Field(default=False, description="Words and names as typed only: no other spellings or endings.")
    area: Values = Field(default=(), description="Ids of cooperation areas of the words themselves.")
    speaker: Values = Field(default=(), description="Names in any spelling, or ids of the register.")
    state: Values = Field(default=(), description="Ids of states or bodies that the speaker spoke for.")
    source: Values = Field(default=(), description="Ids of sources.")
    language: Values = Field(default=(), description="BCP 47 primary subtags.")
    kind: Values = Field(default=(), description="Ids of kinds of text that the quote stands in.")
    dossier: Values = Field(default=(), description="Ids of your dossiers.")
    story: Values = Field(default=(), description="Ids of stories.")
    article: Values = Field(default=(), description="Ids of articles.")
    direct: Annotated[bool | None, BeforeValidator(blank_is_none)] = Field(
        default=None, description="Verbatim only, or reported speech only (`0`)."
    )
    since: Day = Field(default=None, description="Published on or after this day.")
    until: Day = Field(default=None, description="Published before this day.")
    undated: bool = Field(default=False, description="Only those without a publication date.")
    copies: bool = Field(default=False, description="Each copy by itself, not the same words of a story once.")
    size: int = Field(default=20, ge=1, le=1000, description="At most so many quotes.")
    after: Annotated[Text | None, BeforeValidator(blank_is_none)] = Field(
        default=None, description="Continue behind an earlier page: its `after`."
    )

    def read(self, config: Path | None = None) -> Expanded | None:
        """What words and names ask for; null where there are none. Names are those of the taxonomy, `config`'s over it.

        Raises:
            QuerySyntaxError: `q` cannot be read, or has too many names to search for all their spellings.
            UsageError: `q` names a field that quotes do not have.
        """
        known = None if self.exact else taxonomy.load(config)
        query = parse(self.q)
        asked = [_read(_checked(_in_words(query)), known)] if query else []
        if self.speaker:
            spoken = [_spoken_by(name, known) for name in self.speaker]
            notes = tuple(note for each in spoken for note in each.notes)
            asked.append(Expanded(_any(each.node for each in spoken), notes))
        node = joined(And, (each.node for each in asked))
        return Expanded(node, tuple(note for each in asked for note in each.notes)) if node else None

    def to_search(self, config: Path | None = None) -> Search:
        """The search of an index that this is for readers (`for_readers`). Raises as `read`."""
        asked = self.read(config)
        states = [Keyword(field, id_) for id_ in self.state for field in ("country", "body")]
        names = ("area", "source", "language", "kind", "dossier", "story", "article")
        filters: dict[str, Sequence[str]] = {name: getattr(self, name) for name in names if getattr(self, name)}
        if self.direct is not None:
            filters["direct"] = ("true" if self.direct else "false",)
        span = days(self.since, self.until)
        return for_readers(
            Search(
                kind="quotes",
                query=joined(And, (asked.node if asked else None, joined(Or, states))),
                filters=filters,
                ranges={"published": span} if span else {},
                missing=("published",) if self.undated else (),
                sort="published",
                size=self.size,
                after=self.after,
            )
        )


def _checked(node: Node) -> Node:
    """
    Raises:
        UsageError: a field that quotes do not have, with those that they have.
    """
    for leaf in leaves(node):
        if leaf.field:
            mapping_of("quotes").named(leaf.field, "keyword" if isinstance(leaf, Keyword) else "text")
    return node


def _read(node: Node, known: Taxonomy | None) -> Expanded:
    return expand(node, known) if known else Expanded(node)


def _any(nodes: Iterable[Node]) -> Node:
    found = joined(Or, dict.fromkeys(nodes))
    assert found is not None  # noqa: S101 - of one node or more
    return found


def _in_words(node: Node) -> Node:
    """The tree with words that name no field looked for in what was said.

    A name without a field means a label of articles, too; here the labels of that name are those of the speaker.
    """
    match node:
        case And(parts):
            return And(tuple(map(_in_words, parts)))
        case Or(parts):
            return Or(tuple(map(_in_words, parts)))
        case Not(part):
            return Not(_in_words(part))
        case Word() | Phrase() | Prefix() if node.field is None:
            return replace(node, field="text")
    return node


# ----------------------------------------------------------------------------------------------------------- speakers


def _spoken_by(name: str, known: Taxonomy | None) -> Expanded:
    """Quotes of whoever is called so: of a person in the register those under every name; else by the words."""
    written = And(tuple(leaf for piece in name.split() if (leaf := _leaf(piece))))
    if not written.parts:
        return Expanded(Keyword("speaker", name))
    if known is None:
        return Expanded(_any([Keyword("speaker", name), written]))
    read = expand(written, known)
    people = in_short(known, name) if name not in known.people else [name]
    notes = (Note(name, f"speaker:{id_}", _names(known, id_)) for id_ in people)
    nodes = [Keyword("speaker", name), *(Keyword("speaker", id_) for id_ in people), read.node]
    return Expanded(_any(nodes), tuple(dict.fromkeys([*notes, *read.notes])))


def _leaf(piece: str) -> Word | Phrase | None:
    found = tuple(words(piece))
    if len(found) > 1:
        return Phrase(found, _NAMES, written=piece)
    return Word(found[0], _NAMES, written=piece) if found else None


def _names(known: Taxonomy, id_: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in known.people[id_].names.values() for name in names))
