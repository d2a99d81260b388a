"""Patterns: endings that leave a word the same word, both scripts of a language, and the automaton over all of them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.taxonomy import load
from otswatch.taxonomy.matcher import FoldedText, Matcher, Pattern
from otswatch.text.endings import endings


def found(written: str, text: str, language: str | None = None) -> list[str]:
    matcher = Matcher([(pattern, None) for pattern in Pattern.spelt(written, language)])
    return [text[match.start : match.end] for match in matcher.find(FoldedText(text))]


@pytest.mark.parametrize(
    ("language", "written", "same", "other"),
    [
        ("tr", "sel~", "sel selin seli sele selde selden seller sellerin sellerde selleri SELİN", "selam selim selçuk"),
        ("tr", "kitap~", "kitap kitabı kitabın kitaplar kitaplarında kitaptaki", "kitapçı"),
        ("tr", "su~", "su suyu suya suda sudan sular sularını", "suç suçlu Suriye sunum"),
        ("az", "qaz~", "qaz qazın qazı qaza qazda qazdan qazlar", "Qazaxıstan qazanc"),
        ("az", "uşaq~", "uşaq uşağı uşağın uşaqlar uşaqlara uşaqlarımız", "uşaqlıq"),
        ("tk", "gaz~", "gaz gazyň gazy gaza gazda gazlar", "gazanmak gazet"),
        ("kk", "газ~", "газ газды газдың газға газда газдан газдар газбен", "газет газел"),
        ("kk", "мектеп~", "мектеп мектебі мектепте мектептер mektepter mektebi", "мектепші"),
        ("ky", "газ~", "газ газды газдын газга газдан газы", "газета"),
        ("ky", "мектеп~", "мектеби мектептин мектептерде", "мектепчи"),
        ("uz", "gaz~", "gaz gazni gazning gazga gazlar газ газни газнинг", "gazeta газета"),
        ("hu", "nő~", "nő nők nőket nőnek nővel nőkkel nőkről nőt nője", "november nógrádi noha"),
        ("hu", "gáz~", "gáz gázt gázzal gázról gázok gázból gázának", "gazda gazdaság"),
        ("ru", "газ~", "газ газа газом газу газе газы газов газами", "газета газовый Газпром"),
        ("ru", "земл~", "земля земли землю землёй землям", "земляк земледелие"),
        ("ru", "тюркск~", "тюркский тюркская тюркские тюркского тюркскими", "тюрксой"),
        ("en", "tax~", "tax taxes", "taxi taxonomy"),
    ],
)
def test_a_word_with_its_endings_and_nothing_else(language: str, written: str, same: str, other: str) -> None:
    assert found(written, same, language) == same.split()
    assert found(written, other, language) == []


def test_an_ending_inside_a_term_and_of_no_known_language() -> None:
    assert found("nő~ jog*", "a nők jogai, a november joga", "hu") == ["nők jogai"]
    assert found("iş~ forum*", "işin forumu, işçi forumu", "tr") == ["işin forumu"]
    assert found("sel~", "sellerde газда selam") == ["sellerde"]


@pytest.mark.parametrize(
    ("language", "written", "text"),
    [
        ("kk", "Түркі мемлекеттер* ұйым*", "Túrki memleketteri uıymy"),
        ("kk", "Түркі мемлекеттер* ұйым*", "Türki memleketteriniñ ūiymy"),
        ("kk", "Túrki keńes*", "Түркі кеңесі"),
        ("kk", "сауда министр*", "saýda mınıstrliginiń"),
        ("uz", "Turkiy davlatlar tashkilot*", "Туркий давлатлар ташкилотининг"),
        ("uz", "Turkiy davlatlar tashkilot*", "Turkiy davlatlar taşkiloti"),
        ("uz", "қишлоқ хўжалиг*", "qishloq xoʻjaligi"),
        ("az", "Şuşa bəyannamə*", "Shusha Beyannamesi"),
    ],
)
def test_words_of_one_script_are_found_in_the_other(language: str, written: str, text: str) -> None:
    assert found(written, text, language) == [text]


def test_any_word_is_one_word() -> None:
    """A pattern that ended in `*` was found at the end of a text, where no word follows, and the search failed."""
    assert found("заявление *", "совместное заявление", "ru") == []
    assert found("заявление *", "заявление министров", "ru") == ["заявление министров"]


def test_an_abbreviation_keeps_its_letters() -> None:
    assert found("ТМҰ", "ТМҰ ТМУ TMU tmu", "kk") == ["ТМҰ"]
    assert found("ТМҰ", "TMҰ", "kk") == ["TMҰ"], "with a Latin T and M"
    assert found("ТМУ", "ТМУНУН КЕҢЕШИ, ТМУга, ТМУУ, тмунун", "ky") == ["ТМУНУН", "ТМУ"]
    assert found("TDT", "TDTU TDTNING", "uz") == ["TDTNING"]
    assert found("UN", "UNDER", "en") == []


def test_no_spelling_of_a_pattern_finds_what_another_of_it_does() -> None:
    for term in (term for area in load().areas.values() for term in area.terms):
        forms = Pattern.spelt(term.term, term.lang)
        assert not any(a is not b and a.covers(b) for a in forms for b in forms), term.term


WORDS = st.sampled_from(
    ["sel", "seller", "selam", "selin", "мектебі", "мектеп", "mektebi", "gaz", "газда", "a", "—", "'"]
)


PATTERNS = st.sampled_from(["sel~", "sel* a", "мектеп~", "gaz~ a", "gaz ~ a", "a* sel~", "sel *", "a * *"])


@given(
    st.lists(st.tuples(PATTERNS, st.sampled_from(["tr", "kk", "uz"])), min_size=1, max_size=4),
    st.lists(WORDS, max_size=10),
)
def test_the_automaton_finds_what_a_search_word_by_word_finds(written: list[tuple[str, str]], words: list[str]) -> None:
    patterns = [pattern for words_, language in written for pattern in Pattern.spelt(words_, language)]
    text = FoldedText(" ".join(words))
    expected = sorted(
        (first, first + len(pattern.words), index)
        for index, pattern in enumerate(patterns)
        for first in range(len(text.tokens))
        if pattern.fits(text.folded, first)
    )
    matches = Matcher(zip(patterns, range(len(patterns)), strict=True)).find(text)
    assert sorted((match.first, match.last, match.value) for match in matches) == expected


@given(
    st.text(st.sampled_from("TDT'nin Türk Dövlətləri Teşkilatı ТМУга мектебі газда\u0301\u00ad—\n") | st.characters())
)
def test_offsets_are_those_of_the_text_as_given(text: str) -> None:
    read = FoldedText(text)
    for match in load().found(read):
        assert 0 <= match.start < match.end <= len(text)
        assert [token.text for token in read.tokens[match.first : match.last]] == [
            token.text for token in FoldedText(text[match.start : match.end]).tokens
        ] or unicodedata.normalize("NFC", text) != text


@given(
    st.sampled_from(["tr", "az", "tk", "kk", "ky", "uz", "hu", "ru", "en"]), st.text("abcgкдеk", min_size=1, max_size=6)
)
def test_no_ending_is_empty(language: str, stem: str) -> None:
    assert "" not in endings(stem, language)


@pytest.mark.parametrize("written", ["заявление *", "declaration of *", "ministers of * *"])
def test_any_word_is_a_word_and_not_the_end_of_the_text(written: str) -> None:
    head = written.replace(" *", "")
    assert found(written, head) == []
    assert found(written, f"{head} мира и") == ([f"{head} мира и"] if written.count("*") == 2 else [f"{head} мира"])
