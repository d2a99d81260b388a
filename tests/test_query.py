"""The query language: what is read into which tree, what is refused and in which words."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from otswatch.errors import QuerySyntaxError
from otswatch.query import (
    KEYWORD_FIELDS,
    MAX_LENGTH,
    MAX_TERMS,
    TEXT_FIELDS,
    And,
    Keyword,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Word,
    leaves,
    parse,
)

A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a b AND c", And((A, B, C))),
        ("a OR b", Or((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a OR (b OR c)", Or((A, B, C))),
        ("a and b or c", And((A, Word("and"), B, Word("or"), C))),
        ("-a", Not(A)),
        ("NOT a", Not(A)),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a -b", And((A, Not(B)))),
        ("-(a OR b)", Not(Or((A, B)))),
        ("-(-a)", A),
        ('-"a b"', Not(Phrase(("a", "b")))),
        ("-title:a", Not(Word("a", "title"))),
        ('"a b"', Phrase(("a", "b"))),
        ('"a"', A),
        ("“a b” «a b» „a b“ „a b”", And((Phrase(("a", "b")),) * 4)),
        ('"AND"', Word("and")),
        ("teşkilat*", Prefix("teskilat")),
        ("a b*", And((A, Prefix("b")))),
        ("title:a", Word("a", "title")),
        ("title: a", Word("a", "title")),
        ('title:"a b"', Phrase(("a", "b"), "title")),
        ("title:(a OR b*)", Or((Word("a", "title"), Prefix("b", "title")))),
        ("speaker:a person:b", And((Word("a", "speaker_names"), Word("b", "person_names")))),
        ("author:a", Word("a", "author_names")),
        ("area:security", Keyword("area", "security")),
        ("area:human_resources", Keyword("area", "human_resources")),
        ('source:"Steppe Wire"', Keyword("source", "Steppe Wire")),
        ("lang:tr", Keyword("language", "tr")),
        ("area:(security OR -energy)", Or((Keyword("area", "security"), Not(Keyword("area", "energy"))))),
        ("area:security a", And((Keyword("area", "security"), A))),
        ("ANDROID ORTA NOTA", And((Word("android"), Word("orta"), Word("nota")))),
        ("TÜRKİYE'nin", Word("turkiye")),
        ("ISTANBUL", Word("istanbul")),
        ("e-mail", Phrase(("e", "mail"))),
        ("2025-04-15", Phrase(("2025", "04", "15"))),
        ("10:30", Phrase(("10", "30"))),
        ("Summit: what next?", And((Word("summit"), Word("what"), Word("next")))),
        ("Türkiye – Azerbaycan", And((Word("turkiye"), Word("azerbaycan")))),
        ("a - b", And((A, B))),
        ("a … b", And((A, B))),
        ('a OR ""', A),
        ("a OR (… OR -…)", A),
        ("area:… a", And((Keyword("area", "…"), A))),
        ('area:"" a', A),
        ("\ta\n\nb\u00a0c ", And((A, B, C))),
        ("(" * 4_000 + "a" + ")" * 4_000, A),
        ("a\ud800", A),
    ],
)  # fmt: skip
def test_a_query_reads_as(query: str, tree: Node) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize("query", ["", " ", "\n\t ", "\u3000"])
def test_a_blank_query_is_no_query(query: str) -> None:
    assert parse(query) is None


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('a "b', r"character 3 .*never closed"),
        ("a «b", r"character 3 .*never closed"),
        ("a OR", "ends too early"),
        ("(a", "ends too early"),
        ("title:", "ends too early"),
        ("a NOT", "ends too early"),
        ("OR a", r"character 1 .*OR needs a word on both sides"),
        ("a AND OR b", r"character 7 .*OR needs"),
        ("a)", r"character 2 .*cannot stand here"),
        ("()", r"character 2 .*cannot stand here"),
        ("NOT NOT a", r"character 5 .*cannot stand here"),
        ("title:area:a", r"character 7 .*cannot stand here"),
        ("title:(a area:b)", r"character 10 .*area: stands inside title:"),
        ("titel:a", r"character 1 .*titel: .*title"),
        ("Title:a", r"no field is called Title:"),
        ("https://steppe-wire.example/1", r"no field is called https:.*quote it"),
        ("te*st", r"\* can only stand at the end"),
        ("*st", r"\* can only stand at the end"),
        ("a e-mai*", r"character 3 .*write e mai\*"),
        ("area:secur*", r"area: takes one whole value"),
        ("area:“a\"b”", "cannot stand here|takes one whole value|never closed"),
        ("…", "no letters or digits"),
        ("-…", "no letters or digits"),
        ('""', "no letters or digits"),
        ("*", "no letters or digits"),
        ("(" * 10_000 + "a" + ")" * 10_000, "longer than"),
        ("a" * (MAX_LENGTH + 1), "longer than"),
        ("(a (b OR " * 30 + "c" + "))" * 30, "nested more than"),
        ("-(a " * 50 + "c" + ")" * 50, "nested more than"),
        (" ".join(["a"] * (MAX_TERMS + 1)), "more than 400 words"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_explained_in_one_line(query: str, message: str) -> None:
    with pytest.raises(QuerySyntaxError, match=message) as caught:
        parse(query)
    assert "\n" not in str(caught.value)


def test_the_terms_of_a_tree_in_order() -> None:
    tree = parse('a -(b area:energy) OR "c d"')
    assert tree is not None
    assert list(leaves(tree)) == [A, B, Keyword("area", "energy"), Phrase(("c", "d"))]
    assert list(leaves(tree, negated=False)) == [A, Phrase(("c", "d"))]


# Text in general, and text that is made of what the language is made of.
_SIGNS = [*"()-*:\"“”«»…' \n", "AND", "OR", "NOT", "x:"]
_PIECES = st.sampled_from([*_SIGNS, "a", "Zirve", "TDT'nin", "e-mail", "ı", *TEXT_FIELDS, *KEYWORD_FIELDS])
_QUERIES = st.text(max_size=60) | st.lists(_PIECES | st.characters(), max_size=25).map("".join)


@given(_QUERIES)
@example("\x00")
@example("ﬀ:ß")
@example("OR" * 10)
def test_any_text_is_a_tree_or_a_syntax_error(query: str) -> None:
    tree = read(query)
    if isinstance(tree, str):
        assert len(tree.splitlines()) == 1
        return
    assert (tree is None) == (not query.strip())
    if tree is not None:
        assert parse(str(tree)) == tree
        assert str(parse(str(tree))) == str(tree)


def read(query: str) -> Node | str | None:
    """The tree, or what is wrong."""
    try:
        return parse(query)
    except QuerySyntaxError as error:
        return str(error)


_FOLDED = st.sampled_from(["zirve", "and", "or", "not", "title", "tdt", "турки", "2025", "e"])
_FIELDS = st.sampled_from([None, *TEXT_FIELDS.values()])
_LEAVES = st.one_of(
    st.builds(Word, _FOLDED, _FIELDS),
    st.builds(Prefix, _FOLDED, _FIELDS),
    st.builds(Phrase, st.lists(_FOLDED, min_size=2, max_size=4).map(tuple), _FIELDS),
    st.builds(Keyword, st.sampled_from([*KEYWORD_FIELDS.values()]), st.sampled_from(["a", "a b", "AND", "(", "-x:"])),
)


def _ands(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = nodes.filter(lambda node: not isinstance(node, And))
    return st.lists(parts, min_size=2, max_size=3).map(lambda found: And(tuple(found)))


def _ors(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = nodes.filter(lambda node: not isinstance(node, Or))
    return st.lists(parts, min_size=2, max_size=3).map(lambda found: Or(tuple(found)))


def _nots(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return nodes.filter(lambda node: not isinstance(node, Not)).map(Not)


@given(st.recursive(_LEAVES, lambda nodes: _ands(nodes) | _ors(nodes) | _nots(nodes), max_leaves=10))
def test_a_tree_is_written_so_that_it_reads_back(tree: Node) -> None:
    assert parse(str(tree)) == tree
