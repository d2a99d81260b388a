"""The taxonomy: what is shipped is whole, a user's files go over it, and a fault is named by file, line and field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from otswatch.errors import ConfigError
from otswatch.taxonomy import LANGUAGES, load
from otswatch.taxonomy.matcher import FoldedText, Matcher, Pattern
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.schema import Words
from otswatch.taxonomy.trial import try_text

AREAS = {
    "political", "security", "economic", "customs", "transport", "tourism", "education", "culture", "media",
    "youth_sports", "diaspora", "ict", "energy", "health", "migration", "agriculture", "justice", "humanitarian",
    "religious", "space", "human_resources", "intl_orgs", "family_social",
}  # fmt: skip


def found(pattern: str, text: str) -> list[str]:
    matcher = Matcher([(Pattern.parse(pattern), None)])
    return [text[match.start : match.end] for match in matcher.find(FoldedText(text))]


def own(folder: Path, name: str, content: str) -> Path:
    path = folder / "taxonomy" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return folder


# ----------------------------------------------------------------------------------------------------- what is shipped


def test_all_areas_are_there_with_names_and_terms_in_nine_languages() -> None:
    taxonomy = load()
    assert set(taxonomy.areas) == AREAS
    for area in taxonomy.areas.values():
        assert set(area.names) == set(LANGUAGES)
        assert {term.lang for term in area.terms} == set(LANGUAGES), area.id
        assert area.covers


def test_kinds_and_countries_have_names_in_nine_languages() -> None:
    taxonomy = load()
    assert list(taxonomy.kinds) == [
        "news", "statement", "communique", "declaration", "interview", "opinion", "announcement", "other",
    ]  # fmt: skip
    assert all(set(kind.names) == set(LANGUAGES) for kind in taxonomy.kinds.values())
    assert all(set(country.names) == set(LANGUAGES) for country in taxonomy.countries.values())
    members = {country.id for country in taxonomy.countries.values() if country.role == "member"}
    assert members == {"az", "kz", "kg", "tr", "uz"}


def test_no_term_stands_twice_in_an_area() -> None:
    for area in load().areas.values():
        seen = [(Pattern.parse(term.term), term.lang) for term in area.terms]
        assert len(seen) == len(set(seen)), area.id


def test_no_area_term_is_the_name_of_an_organisation() -> None:
    taxonomy = load()
    bodies = (body for body in taxonomy.organisations.values() if body.role != "organ")
    names = {Pattern.parse(name.name).words for body in bodies for name in body.names}
    clashes = [
        term.term for area in taxonomy.areas.values() for term in area.terms if Pattern.parse(term.term).words in names
    ]
    assert clashes == []


def test_bodies_point_at_areas_that_exist() -> None:
    taxonomy = load()
    assert {area for body in taxonomy.organisations.values() for area in body.areas} <= set(taxonomy.areas)


# --------------------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("foreign minist*", "Foreign Ministers and the FOREIGN MINISTRY", ["Foreign Ministers", "FOREIGN MINISTRY"]),
        ("foreign minister", "foreign ministers", []),
        ("генеральн* секретар*", "Генерального секретаря", ["Генерального секретаря"]),
        ("former * minist*", "the former tourism minister", ["former tourism minister"]),
        ("iş forum*", "İŞ FORUMU’nda, iş forumunda", ["İŞ FORUMU", "iş forumunda"]),
        ("ta'lim*", "taʼlim va ta‘limning", ["taʼlim", "ta‘limning"]),
        ("WHO", "those who asked the WHO", ["WHO"]),
        ("TÁSZ", "TÁSZ, TASZ, tász", ["TÁSZ"]),
        ("TDT", "TDT-nin, TDT'yə, TDTga", ["TDT", "TDT", "TDT"]),
        ("summit", "summits of a summit", ["summit"]),
    ],
)
def test_how_words_are_written(pattern: str, text: str, matches: list[str]) -> None:
    assert found(pattern, text) == matches


@given(
    st.lists(
        st.sampled_from(["türk", "devlet*", "* zirve", "forum", "forum* iş", "a * b", "a b*"]), min_size=1, max_size=5
    ),
    st.lists(
        st.sampled_from(["türk", "devletleri", "zirve", "forumu", "iş", "a", "b", "ab", "TÜRK'ün", "—"]), max_size=12
    ),
)
def test_the_automaton_finds_what_a_search_word_by_word_finds(patterns: list[str], words: list[str]) -> None:
    parsed = [Pattern.parse(pattern.lstrip("* ")) for pattern in patterns]
    text = FoldedText(" ".join(words))
    expected = sorted(
        (first, first + len(pattern.words), index)
        for index, pattern in enumerate(parsed)
        for first in range(len(text.tokens))
        if pattern.fits(text.folded, first)
    )
    matches = Matcher(zip(parsed, range(len(parsed)), strict=True)).find(text)
    assert sorted((match.first, match.last, match.value) for match in matches) == expected


@given(st.text(st.sampled_from("aİʻ'-*~ ТМУ9") | st.characters(), max_size=6))
def test_words_are_taken_exactly_where_they_can_be_read(written: str) -> None:
    try:
        Pattern.parse(written)
    except ValueError:
        with pytest.raises(ValidationError):
            TypeAdapter(Words).validate_python(written)
    else:
        assert TypeAdapter(Words).validate_python(written) == written


@given(
    st.text(st.sampled_from("Türk Dövlətləri Təşkilatının ТМУ-га health minister's, ") | st.characters(), max_size=200)
)
def test_every_match_lies_in_the_text(text: str) -> None:
    for match in Reading(load(), text, "input").matches:
        assert 0 <= match.start < match.end <= len(text)


def test_a_longer_match_hides_the_shorter_ones_inside() -> None:
    labels = {area.id for area in try_text("They talked about food security.", "en", load()).labels}
    assert labels == {"agriculture"}


# ---------------------------------------------------------------------------------------------------- the user's files


def test_own_terms_are_added_and_shipped_ones_taken_away(tmp_path: Path) -> None:
    config = own(
        tmp_path,
        "areas/security.yaml",
        "id: security\nterms:\n"
        '  - {term: "river patrol*", lang: en, weight: 2}\n  - {term: "terroris*", lang: en, weight: 0}\n',
    )
    taxonomy = load(config)
    terms = {term.term for term in taxonomy.areas["security"].terms}
    assert "river patrol*" in terms
    assert "terroris*" not in terms
    assert taxonomy.areas["security"].names == load().areas["security"].names
    assert taxonomy.version != load().version
    assert [area.id for area in try_text("A river patrol passed.", "en", taxonomy).labels] == ["security"]


def test_a_new_area_and_a_new_name_of_a_body(tmp_path: Path) -> None:
    ferry = '{term: "ferry", lang: en, weight: 3}'
    own(tmp_path, "areas/rivers.yaml", f"id: rivers\nnames: {{en: Rivers}}\nterms: [{ferry}]\n")
    own(tmp_path, "organisations.yaml", '- {id: turksoy, names: [{name: "House of Turkic Song", lang: en}]}\n')
    taxonomy = load(tmp_path)
    assert [area.id for area in try_text("The ferry sank.", "en", taxonomy).labels] == ["rivers"]
    assert taxonomy.organisations["turksoy"].areas == ("culture",)
    assert try_text("The House of Turkic Song opened.", "en", taxonomy).relevance.level == "about"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("id: security\nterms:\n  - {term: ok, lang: en}\n  - {term: x, lang: de}\n", r"line 4, terms\.1\.lang"),
        ("id: security\nterms:\n  - {term: '***', lang: en}\n", r"line 3, terms\.0\.term: .*no word"),
        ("id: security\nterms:\n  - {term: ok, lang: en, wieght: 2}\n", r"line 3, terms\.0\.wieght"),
        ("id: Güvenlik\n", r"line 1, id"),
        ("id: security\nterms: [\n", r"line \d, .*not YAML|line \d: not YAML"),
        ("just words\n", r"line 1"),
    ],
)
def test_a_fault_is_named_by_file_line_and_field(tmp_path: Path, content: str, complaint: str) -> None:
    config = own(tmp_path, "areas/security.yaml", content)
    with pytest.raises(ConfigError, match=r"security\.yaml") as caught:
        load(config)
    assert re.search(complaint, str(caught.value)), str(caught.value)


# ---------------------------------------------------------------------------------------------------------- trying out


def test_trying_a_text_shows_the_terms_and_what_is_too_weak() -> None:
    tried = try_text("Health ministers discussed vaccines, hospitals and a film.", "en", load())
    assert tried.languages == ("en",)
    assert [area.id for area in tried.labels] == ["health"]
    rules = [evidence.rule for area in tried.labels for evidence in area.evidence]
    assert f"areas/{tried.version}:hospitals" in rules
    assert tried.to_dict()["labels"][0]["evidence"][0]["in"] == "input"
