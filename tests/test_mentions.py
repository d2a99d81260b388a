"""Countries and bodies as they are written; and every mention of the labelled texts with its words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.eval_mentions import SENTENCES, article, expected, found
from otswatch.records import Article, Mention
from otswatch.settings import Settings
from otswatch.taxonomy import LANGUAGES, Taxonomy, load
from otswatch.taxonomy.mentions import mentions
from otswatch.taxonomy.reading import readings_of
from otswatch.taxonomy.relevance import named
from otswatch.web.names import Names

LABELLED = Path(__file__).parents[1] / "benchmarks" / "labelled"
TAXONOMY = load()


def named_in(text: str, language: str = "en", title: str | None = None, taxonomy: Taxonomy = TAXONOMY) -> list[Mention]:
    readings = readings_of(taxonomy, title, text)
    made = mentions(taxonomy, readings, named(taxonomy, readings, language), language, None)
    frames = {"title": title or "", "text": text}
    for mention in made:
        assert mention.name
        assert mention.evidence
        for evidence in mention.evidence:
            assert frames[evidence.frame][evidence.start : evidence.end] == evidence.text
            assert evidence.rule.startswith(f"mentions/{taxonomy.version}:")
    return list(made)


def countries(text: str, language: str = "en") -> list[tuple[str | None, str]]:
    return [(mention.id, mention.name) for mention in named_in(text, language) if mention.type == "country"]


# ------------------------------------------------------------------------------------------------------------ countries


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Kazakhstan's ports", [("kz", "Kazakhstan")]),
        ("tr", "Kazakistan'ın limanları", [("kz", "Kazakistan")]),
        ("az", "Qazaxıstandan gələn qonaqlar", [("kz", "Qazaxıstandan")]),
        ("kk", "Қазақстандағы кездесу", [("kz", "Қазақстандағы")]),
        ("kk", "Qazaqstannyń", [("kz", "Qazaqstannyń")]),
        ("ky", "Казакстандын элчиси", [("kz", "Казакстандын")]),
        ("uz", "Qozog‘istonga tashrif", [("kz", "Qozog‘istonga")]),
        ("uz", "Қозоғистондан", [("kz", "Қозоғистондан")]),
        ("ru", "о Казахстане", [("kz", "Казахстане")]),
        ("hu", "Kazahsztánban járt", [("kz", "Kazahsztánban")]),
        ("tk", "Gazagystana bardy", [("kz", "Gazagystana")]),
        ("tr", "KAZAKİSTAN'DA", [("kz", "KAZAKİSTAN")]),
    ],
)
def test_a_state_in_nine_languages(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert countries(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Kazakh, Azerbaijani and Kazakhstani teams ate turkey"),
        ("tr", "Azerbaycanlı öğrenciler, Özbek halkı, Macar salamı"),
        ("az", "azərbaycanlı tələbələr"),
        ("kk", "қазақстандық кәсіпкерлер"),
        ("uz", "o‘zbekistonlik talaba"),
        ("ru", "казахстанский, турецкий и венгерский послы, туркмены"),
        ("hu", "a kazahsztáni és a magyarországi partnerek"),
        ("tk", "türkmenistanly myhmanlar"),
    ],
)
def test_peoples_languages_and_adjectives_are_no_states(language: str, text: str) -> None:
    assert countries(text, language) == []


def test_every_name_of_a_disputed_state_is_kept_as_written() -> None:
    text = "Northern Cyprus, which Ankara calls the TRNC and Nicosia a pseudostate, is not the Republic of Cyprus."
    assert countries(text) == [
        ("trnc", "Northern Cyprus"),
        ("trnc", "TRNC"),
        ("trnc", "pseudostate"),
        ("cy", "Republic of Cyprus"),
    ]
    assert countries("KKTC Cumhurbaşkanı, Kuzey Kıbrıs'a döndü.", "tr") == [("trnc", "KKTC"), ("trnc", "Kuzey Kıbrıs")]
    assert countries("«Псевдогосударство» и ТРСК", "ru") == [("trnc", "Псевдогосударство"), ("trnc", "ТРСК")]
    assert countries("Το ψευδοκράτος (TRNC)") == [("trnc", "ψευδοκράτος"), ("trnc", "TRNC")]


def test_what_others_call_it_needs_the_state_beside_it() -> None:
    assert countries("Псевдогосударство в Карабахе исчезло.", "ru") == []
    assert countries("The pseudostate collapsed.") == []


def test_other_states_are_named_too_and_support_no_abbreviation() -> None:
    found = named_in("Росія та Україна: в ОТГ на Донеччині. Ukraine and Russia: OTS.", "en")
    assert [(mention.type, mention.id) for mention in found] == [("country", "ua"), ("country", "ru")]


def test_a_name_in_title_and_text_is_one_mention() -> None:
    (mention,) = named_in("Hungary hosts. Hungary waits.", title="Hungary to host")
    assert [evidence.frame for evidence in mention.evidence] == ["title", "text", "text"]


def test_states_have_ids_and_members_and_observers_are_known() -> None:
    roles = {country.id: country.role for country in TAXONOMY.countries.values() if country.role != "other"}
    assert roles == dict.fromkeys(("az", "kz", "kg", "tr", "uz"), "member") | dict.fromkeys(
        ("hu", "tm", "trnc"), "observer"
    )
    for country in TAXONOMY.countries.values():
        assert set(country.names) == set(LANGUAGES), country.id


def test_a_reader_is_shown_the_configured_name(tmp_path: Path) -> None:
    assert Names.load(Settings(config=tmp_path)).of("country", "trnc") == "Turkish Republic of Northern Cyprus"
    assert Names.load(Settings(config=tmp_path)).of("country", "kz") == "Kazakhstan"
    (tmp_path / "taxonomy").mkdir()
    (tmp_path / "taxonomy" / "countries.yaml").write_text('- {id: trnc, display: "“TRNC”"}\n', encoding="utf-8")
    load.cache_clear()
    assert Names.load(Settings(config=tmp_path)).of("country", "trnc") == "“TRNC”"
    (mention,) = named_in("Guests from North Cyprus", taxonomy=load(tmp_path))
    assert mention.name == "North Cyprus"


# --------------------------------------------------------------------------------------------------------------- bodies


def test_bodies_are_named_and_loose_names_and_programmes_are_not() -> None:
    found = named_in("TURKPA and the Turkic States met in the youth capital of the Turkic World, the UN said.")
    assert [(mention.type, mention.id, mention.name) for mention in found] == [
        ("body", "turkpa", "TURKPA"),
        ("body", "un", "UN"),
    ]


# -------------------------------------------------------------------------------------------------------------- records


def test_an_old_mention_stays_readable_and_writes_nothing_new() -> None:
    old = {"type": "person", "id": None, "name": "Aylin Demir", "evidence": []}
    assert Mention.model_validate(old).to_dict() == old


def test_all_sorts_of_mentions_survive_the_wire() -> None:
    text = (
        "President Ilham Aliyev opened the 12th Summit of the Organization of Turkic States in Gabala on "
        "7 October 2025; the TRNC was represented by Minister of Transport Aylin Demir."
    )
    made = named_in(text)
    assert {mention.type for mention in made} == {"country", "body", "person", "meeting"}
    before = Article(id="1", url=None, source=None, mentions=tuple(made))
    assert Article.from_json(before.to_json()) == before


# ----------------------------------------------------------------------------------------------------- labelled, random


def test_the_labelled_sentences_are_read_right() -> None:
    cases = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))
    assert len(cases) >= 60
    labels = {(case["id"], *pair) for case in cases for pair in expected(case)}
    answers = {(case["id"], *pair) for case in cases for pair in found(article(case).mentions)}
    assert len(answers - labels) <= 0.02 * len(answers), answers - labels
    assert len(labels - answers) <= 0.05 * len(labels), labels - answers


@pytest.mark.slow
@pytest.mark.parametrize("name", ["topics/texts.jsonl", "quotes/articles.jsonl"])
def test_every_span_matches_its_text_in_the_labelled_sets(name: str) -> None:
    for line in (LABELLED / name).read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        named_in(case["text"], case["language"], case.get("title"))


PIECES = st.sampled_from(
    ["Türkiye'nin", "KKTC", "Kıbrıs", "pseudostate", "ОТГ", "Қазақстан", "OTS", "İ", "ı", "President", "Aliyev", "\n\n"]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=20), st.sampled_from([*LANGUAGES, "und", "de"]))
def test_every_span_matches_its_text(words: list[str], language: str) -> None:
    named_in(" ".join(words), language, title=" ".join(words[:4]))
