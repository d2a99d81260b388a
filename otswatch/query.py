"""What readers type into a search box, read into a tree that every index compiles for itself.

    summit baku                 both words, in title or text (also: summit AND baku)
    "turkic states"             a phrase; “ ” „ ” « » are quotes as well
    summit OR zirve             either; AND, OR and NOT are operators in capitals only
    -draft, NOT draft           without it; a query may be nothing but that
    (a OR b) c                  grouping
    teşkilat*                   words that start so
    title:zirve title:(a OR b)  in one text field: title, text, author, person, speaker
    area:security               exact value of a keyword field: area, body, country, dossier, id, kind, lang, meeting,
                                relevance, source, status, story

Words are folded as the indexed text is (`otswatch.text.folding`), so the tree holds what the index holds: `TÜRKİYE` and
`Türkiye'nin` are `turkiye`; `e-mail` is the phrase `e mail`. What holds no letter or digit (a lone dash in a pasted
headline) is left out. `str(node)` is a query that reads into the same tree; but nobody types `Forms`, which
`otswatch.expansion` puts in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as declared
from functools import cache
from typing import Final, NoReturn

from lark import Lark, Token, Tree, UnexpectedCharacters, UnexpectedToken

from otswatch.errors import QuerySyntaxError
from otswatch.text.folding import fold

#: Where a word without a field is looked for: fields of the index.
DEFAULT_FIELDS: Final = ("title", "text")
#: Name in a query → text field of the index. People's names are searched as words: they are spelt in many ways.
TEXT_FIELDS: Final = {
    "title": "title",
    "text": "text",
    "author": "author_names",
    "person": "person_names",
    "speaker": "speaker_names",
}
#: Name in a query → keyword field of the index. Their values are ids, compared as they are.
KEYWORD_FIELDS: Final = {
    "area": "area",
    "body": "body",
    "country": "country",
    "dossier": "dossier",
    "id": "id",
    "kind": "kind",
    "lang": "language",
    "meeting": "meeting",
    "relevance": "relevance",
    "source": "source",
    "status": "status",
    "story": "story",
}
_NAME = {field: name for name, field in (TEXT_FIELDS | KEYWORD_FIELDS).items()}

MAX_LENGTH: Final = 10_000
MAX_TERMS: Final = 400
#: Below Elasticsearch's 30 (`indices.query.bool.max_nested_depth`) and FTS5's parser stack of 100.
MAX_DEPTH: Final = 20
#: Letters of a word that count. Elasticsearch's whitespace tokenizer splits at 255 UTF-16 units.
MAX_WORD: Final = 127


# -------------------------------------------------------------------------------------------------------------- tree


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word, in `field` or in one of `DEFAULT_FIELDS`.

    `written`: as it was typed, with its capitals; blank where it was not. `quoted`: typed in quotes. Neither makes a
    difference to an index.
    """

    text: str
    field: str | None = None
    written: str = declared(default="", compare=False)
    quoted: bool = declared(default=False, compare=False)

    def __str__(self) -> str:
        return _prefixed(self.field, f'"{self.text}"' if self.quoted else self.text)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words, next to each other in this order. `written` and `quoted` as a word's; `e-mail` is a bare phrase."""

    words: tuple[str, ...]
    field: str | None = None
    written: str = declared(default="", compare=False)
    quoted: bool = declared(default=False, compare=False)

    def __str__(self) -> str:
        return _prefixed(self.field, f'"{" ".join(self.words)}"')


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word that starts with `text` (folded). In a tree made by hand `text` may be a phrase, whose last word does."""

    text: str
    field: str | None = None

    def __str__(self) -> str:
        return _prefixed(self.field, f"{self.text}*")


@dataclass(frozen=True, slots=True)
class Beginning:
    """Any word that starts with `text` (folded)."""

    text: str

    @property
    def expression(self) -> str:
        """As a regular expression over words with spaces between them."""
        return f"{self.text}[^ ]*"

    def __str__(self) -> str:
        return f"{self.text}*"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these words (folded)."""

    words: tuple[str, ...]

    @property
    def expression(self) -> str:
        """As a regular expression."""
        return f"({'|'.join(self.words)})"

    def __str__(self) -> str:
        return "|".join(self.words)


@dataclass(frozen=True, slots=True)
class Inflected:
    """One of `stems`, and behind it, in their order, at most one of the endings of each of `slots` (folded)."""

    stems: tuple[str, ...]
    slots: tuple[tuple[str, ...], ...]

    @property
    def expression(self) -> str:
        """As a regular expression, which reads the same in Python and in Lucene."""
        return f"({'|'.join(self.stems)})" + "".join(f"({'|'.join(slot)})?" for slot in self.slots)

    def __str__(self) -> str:
        return "|".join(f"{stem}~" for stem in self.stems)


#: A word in one of several forms.
Form = Beginning | Choice | Inflected


@dataclass(frozen=True, slots=True)
class Forms:
    """A word or words next to each other in this order, each in one of several forms. Never empty."""

    words: tuple[Form, ...]
    field: str | None = None

    @property
    def expression(self) -> str:
        """As a regular expression over words with spaces between them."""
        return " ".join(form.expression for form in self.words)

    def __str__(self) -> str:
        text = " ".join(map(str, self.words))
        return _prefixed(self.field, f'"{text}"' if len(self.words) > 1 else text)


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword field of the index has exactly this value, or has it among its values."""

    field: str
    value: str

    def __str__(self) -> str:
        return _prefixed(self.field, f'"{self.value}"')


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class Not:
    part: Node

    def __str__(self) -> str:
        return f"-{self.part}" if isinstance(self.part, Leaf) else f"-({self.part})"


TextLeaf = Word | Phrase | Prefix | Forms
Leaf = TextLeaf | Keyword
Node = Leaf | And | Or | Not


def _prefixed(field: str | None, term: str) -> str:
    return f"{_NAME[field]}:{term}" if field else term


def leaves(node: Node, *, negated: bool = True) -> Iterator[Leaf]:
    """The terms of a tree in their order; those that stand under a `Not` only where `negated` is true."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part, negated=negated)
    elif isinstance(node, Not):
        if negated:
            yield from leaves(node.part, negated=negated)
    else:
        yield node


def words(text: str) -> list[str]:
    """The words of a text as both sides of a search see them: folded, over-long runs of letters cut."""
    return [word[:MAX_WORD] for word in fold(text).split()]


def utf8(text: str) -> str:
    """The text with what cannot be encoded (half a surrogate pair, from a broken command line or JSON) replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# ----------------------------------------------------------------------------------------------------------- reading

_GRAMMAR = rf"""
start: any
?any: all (_OR all)*
?all: one (_AND? one)*
?one: term | (_NOT | _MINUS) term -> without
?term: value | FIELD value -> within
?value: WORD | QUOTED | UNKNOWN | "(" any ")"

_OR.3: /OR(?=[\s()"“”„«»]|$)/
_AND.3: /AND(?=[\s()"“”„«»]|$)/
_NOT.3: /NOT(?=[\s()"“”„«»]|$)/
_MINUS.3: /-(?=[\w("“„«])/
FIELD.3: /({"|".join(sorted(TEXT_FIELDS | KEYWORD_FIELDS))}):\s*/
UNKNOWN.2: /[^\W\d]\w*:(?=[^\s)])/
WORD.1: /[^\s()"“”„«»]+/
QUOTED: /"[^"]*"|[“„][^“”]*[“”]|«[^»]*»/
%ignore /\s+/
"""


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", maybe_placeholders=False)


def parse(query: str) -> Node | None:
    """The tree of a query; null for a blank one, which everything matches.

    Raises:
        QuerySyntaxError: says where it cannot be read, and what to do.
    """
    query = utf8(query)
    if not query.strip():
        return None
    if len(query) > MAX_LENGTH:
        raise QuerySyntaxError(f"the query is longer than {MAX_LENGTH:,} characters: shorten it or split it in two")
    try:
        tree = _parser().parse(query)
    except UnexpectedCharacters as error:
        _fail(error.pos_in_stream or 0, f"{query[error.pos_in_stream or 0]!r} is never closed; close it or take it out")
    except UnexpectedToken as error:
        _explain(error.token, query)
    node = _build(tree.children[0], None, 0)
    if node is None:
        raise QuerySyntaxError("nothing to search for: the query holds no letters or digits")
    if sum(1 for _ in leaves(node)) > MAX_TERMS:
        raise QuerySyntaxError(f"the query has more than {MAX_TERMS} words: shorten it or put phrases in quotes")
    return node


def _fail(position: int, message: str) -> NoReturn:
    raise QuerySyntaxError(f"character {position + 1} of the query: {message}")


def _explain(token: Token, query: str) -> NoReturn:
    """What to do about a token that cannot stand where it stands."""
    position = token.start_pos or 0
    if token.type == "$END":
        raise QuerySyntaxError("the query ends too early: a word or a closing parenthesis is missing")
    if token.type in {"_AND", "_OR"}:
        _fail(position, f"{token} needs a word on both sides; in small letters it is a word itself")
    _fail(position, f"{query[position : position + 12]!r} cannot stand here; put it in quotes to search for it")


Raw = Token | Tree[Token]


def _build(raw: Raw, name: str | None, depth: int) -> Node | None:
    """The node of a parsed piece inside the field `name`; null where it holds nothing that could be searched."""
    if depth > MAX_DEPTH:
        raise QuerySyntaxError(f"the query is nested more than {MAX_DEPTH} deep: take some parentheses out")
    if isinstance(raw, Token):
        return _leaf(raw, name)
    parts = raw.children
    if raw.data == "within":
        field = parts[0]
        assert isinstance(field, Token)  # noqa: S101 - by the grammar
        if name:
            _fail(field.start_pos or 0, f"{field.strip()} stands inside {name}: already; close that parenthesis first")
        return _build(parts[1], field.strip().removesuffix(":"), depth)
    built = (_build(part, name, depth + 1) for part in parts)
    if raw.data == "without":
        return _negated(next(built))
    return joined(And if raw.data == "all" else Or, built)


def _negated(node: Node | None) -> Node | None:
    if isinstance(node, Not):
        return node.part
    return Not(node) if node else None


def joined(kind: type[And | Or], nodes: Iterable[Node | None]) -> Node | None:
    """One flat node; a single part stands for itself. Null where there is none."""
    parts: list[Node] = []
    for node in nodes:
        if isinstance(node, kind):
            parts += node.parts
        elif node:
            parts.append(node)
    return kind(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _leaf(token: Token, name: str | None) -> Leaf | None:
    if token.type == "UNKNOWN":
        known = ", ".join(sorted(TEXT_FIELDS | KEYWORD_FIELDS))
        _fail(token.start_pos or 0, f"no field is called {token} (there are {known}); quote it to search for the words")
    quoted = token.type == "QUOTED"
    text = token[1:-1] if quoted else str(token)
    if name in KEYWORD_FIELDS:
        return _keyword(token, KEYWORD_FIELDS[name], text)
    field = TEXT_FIELDS[name] if name else None
    if not quoted and "*" in text:
        return _prefix(token, field)
    found = tuple(words(text))
    if len(found) > 1:
        return Phrase(found, field, written=text, quoted=quoted)
    return Word(found[0], field, written=text, quoted=quoted) if found else None


def _keyword(token: Token, field: str, value: str) -> Keyword | None:
    if '"' in value or value.endswith("*"):
        _fail(token.start_pos or 0, f"{_NAME[field]}: takes one whole value, without quotes in it or * behind it")
    return Keyword(field, value.strip()) if value.strip() else None


def _prefix(token: Token, field: str | None) -> Prefix | None:
    stem = token.rstrip("*")
    found = words(stem)
    if "*" in stem:
        _fail(token.start_pos or 0, "* can only stand at the end of a word")
    if len(found) > 1:
        _fail(token.start_pos or 0, f"* can follow one word only; write {' '.join(found)}*")
    return Prefix(found[0], field) if found else None
