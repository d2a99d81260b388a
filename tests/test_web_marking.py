"""Marked texts: whatever is marked, and however it overlaps, taking the tags away gives the text back."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from otswatch import taxonomy
from otswatch.expansion import expand
from otswatch.query import parse
from otswatch.records import Area, Article, Content, Evidence, Kind, Quote
from otswatch.text.folding import Token
from otswatch.web import evidence, marking
from otswatch.web.names import Names

NAMES = Names(sources={}, areas={}, kinds={}, countries={})
texts = st.text(st.sampled_from("ab <>&\"'\n🙂İşə\u202e"), max_size=60)
spans = st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=8)


def plain(marked: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", marked))


@given(texts, spans)
def test_pieces_are_the_text_and_each_knows_who_covers_it(text: str, given_: list[tuple[int, int]]):
    places = [Token("", *span) for span in given_]
    pieces = list(marking.pieces(text, places))
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        for offset in range(piece.start, piece.start + len(piece.text)):
            assert set(piece.places) == {place for place in places if place.start <= offset < place.end}


def _article(title: str, text: str, given_: list[tuple[int, int]]) -> Article:
    def words(frame: str, number: int, start: int, end: int) -> Evidence:
        return Evidence(frame=frame, start=start, end=end, text=str(number), rule="r/1")  # type: ignore[arg-type]

    frames = ("title", "text")
    found = [words(frames[number % 2], number, *span) for number, span in enumerate(given_)]
    return Article(
        id="a",
        url=None,
        source=None,
        content=Content(title=title, text=text, language="en", extractor="x/1"),
        areas=(Area(id="energy", score=1, evidence=tuple(found[::2])),),
        kind=Kind(id="news", evidence=tuple(found[1::2])),
        quotes=tuple(
            Quote(id="q", speaker=None, text="", start=s, end=e, direct=True, rule="q/1") for s, e in given_[:2]
        ),
    )


@given(texts.filter(str.strip), texts, spans)
def test_highlights_give_title_and_text_back_and_anchor_each_place_once(
    title: str, text: str, given_: list[tuple[int, int]]
):
    article = _article(title, text, given_)
    parts = evidence.parts(article, NAMES)
    highlights = evidence.Highlights(article, parts)
    marked = [str(highlights.title), *map(str, highlights.paragraphs)]
    assert plain(marked[0]) == title
    assert [plain(paragraph) for paragraph in marked[1:]] == [one for one in text.split("\n\n") if one.strip()]
    etree.fromstring(f"<r>{''.join(marked)}</r>".replace("\x0b", " "))  # every tag is closed in its paragraph
    anchors = re.findall(r'id="(e\d+)"', "".join(marked))
    assert len(anchors) == len(set(anchors))


def test_marks_wrap_exactly_the_words_behind_letters_beyond_16_bits():
    text = "🙂🙂 energy & gas"
    words = Evidence(frame="text", start=3, end=9, text="energy", rule="term/1")
    wider = Evidence(frame="text", start=3, end=15, text="energy & gas", rule="term/1")
    article = _article("t", text, []).replace(areas=(Area(id="energy", score=1, evidence=(words, wider)),))
    [paragraph] = evidence.Highlights(article, evidence.parts(article, NAMES)).paragraphs
    assert paragraph == (
        '🙂🙂 <mark class="areas"><span id="e1"></span><span id="e2"></span><a href="#w1">energy</a></mark>'
        '<mark class="areas"><a href="#w2"> &amp; gas</a></mark>'
    )


def test_each_value_is_listed_with_its_words_and_quotes_without_a_speaker_say_so():
    article = _article("t", "abc", [(0, 1), (0, 2)])
    shown = {part.id: part for part in evidence.parts(article, NAMES)}
    assert list(shown) == ["areas", "kind", "quotes"]
    assert {value.name for value in shown["quotes"].values} == {"unknown speaker"}
    numbers = [words.number for part in shown.values() for value in part.values for words in value.words]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("teskilat*", "Teşkilatı’nın kararı", "<mark>Teşkilatı</mark>’nın kararı"),
        ("TDT", "TDT’nin, tdt", "<mark>TDT</mark>’nin, <mark>tdt</mark>"),
        ('"turkic states"', "Turkic States, not states Turkic", "<mark>Turkic States</mark>, not states Turkic"),
        ("istanbul", "İSTANBUL <b>", "<mark>İSTANBUL</mark> &lt;b&gt;"),
        ("-energy gas", "energy gas", "energy <mark>gas</mark>"),
        ("title:energy", "energy", "energy"),
        ("text:energy", "energy", "<mark>energy</mark>"),
        ("speaker:energy area:energy", "energy", "energy"),
        ("gas OR gas*", "gas gases", "<mark>gas</mark> <mark>gases</mark>"),
        ("", "energy", "energy"),
    ],
)
def test_the_words_of_a_query_are_marked_as_the_index_matches_them(query: str, text: str, marked: str):
    assert marking.marked(text, parse(query), "text") == marked


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("Turkic Council", "Түркі мемлекеттері ұйымының саммиті", "<mark>Түркі мемлекеттері ұйымының</mark> саммиті"),
        ("Turkic Council", "TDT’nin zirvesi", "<mark>TDT</mark>’nin zirvesi"),
        ("zirve", "Zirvede, zirveler", "<mark>Zirvede</mark>, <mark>zirveler</mark>"),
        ("-zirve baku", "zirvede Bakü’de", "zirvede <mark>Bakü</mark>’de"),
    ],
)
def test_other_spellings_are_marked_too(query: str, text: str, marked: str):
    node = parse(query)
    assert node is not None
    assert marking.marked(text, expand(node, taxonomy.load()).node, "text") == marked


def test_a_snippet_shows_the_first_words_that_were_looked_for():
    text = "word " * 200 + "the energy ministers met. " + "more " * 200
    snippet = marking.snippet(text, parse("energy"))
    assert "the <mark>energy</mark> ministers" in snippet
    assert snippet.startswith("… word")
    assert snippet.endswith(" …")
    assert len(plain(snippet)) < 300


@given(texts, st.sampled_from(["", "a*", "b OR ab", '"a b"']))
def test_a_snippet_is_a_part_of_the_text(text: str, query: str):
    assert plain(marking.snippet(text, parse(query))).removeprefix("… ").removesuffix(" …") in text


def test_a_beginning_is_whole_words_on_one_line():
    assert marking.beginning("one\ntwo three", 9) == "one two …"
    assert marking.beginning("one") == "one"
    assert marking.beginning("x" * 200, 10) == "x" * 10 + " …"
