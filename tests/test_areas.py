"""How words become areas: what counts more, what is enough, and that each label shows its words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import areas_table
from benchmarks.eval_classify import LABELLED, SHARED, Text, whole
from benchmarks.measures import Counts, bootstrap, compare, macro, share
from otswatch.consumers.classify import areas_of
from otswatch.records import Article, Evidence
from otswatch.taxonomy import areas, load
from otswatch.taxonomy.reading import Reading


def labels(text: str, title: str | None = None) -> list[str]:
    return [area.id for area in whole(title, text, "en").areas]


def test_the_main_area_is_that_of_the_title() -> None:
    text = "Transport ministers spoke of railways and freight. Energy ministers spoke of power grids and natural gas."
    assert labels(text, title="Railway tariffs fall")[0] == "transport"
    assert labels(text, title="Natural gas gets dearer")[0] == "energy"


def test_a_headlines_words_do_not_push_a_second_subject_out() -> None:
    text = "Energy ministers agreed on power grids. Transport ministers agreed on railways and ports."
    assert set(labels(text, title="Energy ministers agree on power grids and renewable energy")) >= {
        "energy",
        "transport",
    }


def test_an_area_with_one_word_beside_many_of_another_is_no_label() -> None:
    text = "Energy ministers spoke of oil, natural gas, power grids, wind power and hydropower. A film was shown."
    assert labels(text) == ["energy"]


ENERGY = "Energy ministers spoke of natural gas, power grids, wind power, hydropower and uranium."


def test_a_sentence_of_its_own_makes_a_second_subject() -> None:
    assert labels(f"{ENERGY} Doctors of the district hospital will vaccinate children.") == ["energy", "health"]
    assert labels(f"{ENERGY[:-1]}, with a doctor and a hospital near the pipeline.") == ["energy"]


def test_naming_organisations_is_not_about_relations_with_them() -> None:
    text = "The prime minister spoke of NATO on Monday. On Tuesday the NATO summit opened. On Friday he flew home."
    assert "intl_orgs" not in labels(text)
    signed = "The Organization of Turkic States and the OSCE signed a memorandum of understanding."
    assert labels(signed) == ["intl_orgs"]


@pytest.mark.parametrize(
    ("language", "main", "own"),
    [
        (
            "en",
            "Ministers of culture opened the opera, the museum and the film festival.",
            "Trucks wait at the seaport.",
        ),
        ("tr", "Kültür bakanları operayı, müzeyi ve film festivalini açtı.", "Yük trenleri limanda bekliyor."),
        ("az", "Mədəniyyət nazirləri operanı, muzeyi və film festivalını açıblar.", "Vaqonlar limanda gözləyir."),
        ("kk", "Мәдениет министрлері операны, мұражайды және кинофестивальді ашты.", "Вагондар портта тұр."),
        ("ky", "Маданият министрлери операны, музейди жана кинофестивалды ачты.", "Вагондор портто турат."),
        ("uz", "Madaniyat vazirlari opera, muzey va kinofestivalni ochdi.", "Vagonlar dengiz portida turibdi."),
        ("ru", "Министры культуры открыли оперу, музей и кинофестиваль.", "Вагоны стоят в морском порту."),
        ("hu", "A kulturális miniszterek megnyitották az operát és a filmfesztivált.", "A vagonok a kikötőben állnak."),
        ("tk", "Medeniýet ministrleri operany, muzeýi we kinofestiwaly açdylar.", "Wagonlar deňiz portunda dur."),
    ],
)
def test_a_sentence_of_its_own_in_nine_languages(language: str, main: str, own: str) -> None:
    found = [area.id for area in whole(None, f"{main} {own}", language).areas]
    assert found[0] == "culture"
    assert "transport" in found


def test_organisations_in_a_list_say_nothing_of_a_subject() -> None:
    assert labels("TURKSOY agreed on a programme.") == ["culture"]
    assert labels("Envoys of TURKSOY, TURKPA and the OIC took their seats.") == []


def test_a_common_word_of_the_headline_is_not_enough_beside_a_text() -> None:
    assert labels("", title="Declaration of the kennel clubs") == ["political"]
    assert labels("We, breeders of dogs, keep open stud books.", title="Declaration of the kennel clubs") == []


def test_weaker_areas_are_scored_all_the_same() -> None:
    known = load()
    text = "Energy ministers spoke of natural gas, power grids, wind power and hydropower. A museum was shown."
    scored = areas.score(known, [Reading(known, text, "text")], frozenset({"en"}))
    assert scored[0].area.id == "energy"
    assert {one.area.id for one in scored} > {area.id for area in areas.strong(scored)}
    assert all(one.bare <= one.area.score for one in scored)


# ----------------------------------------------------------------------------- every value shows the words it is from


def evidences(article: Article) -> Iterator[Evidence]:
    values: list[Any] = [article.relevance, article.kind, *article.areas, *article.mentions]
    for value in values:
        yield from value.evidence if value else ()


def stands(article: Article, title: str | None, text: str) -> bool:
    frames = {"title": title or "", "text": text}
    return all(
        piece.text and frames[piece.frame][piece.start : piece.end] == piece.text and "/" in piece.rule
        for piece in evidences(article)
    )


SETS = [
    *sorted(LABELLED.glob("topics*/texts.jsonl")),
    *sorted(LABELLED.glob("quotes*/articles.jsonl")),
    LABELLED / "sentences" / "sentences.jsonl",
    LABELLED / "paragraphs" / "paragraphs.jsonl",
    SHARED / "areas_dev.jsonl",
    SHARED / "labels_dev.jsonl",
]


@pytest.mark.slow
@pytest.mark.parametrize("path", SETS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_span_of_every_labelled_text_is_its_text(path: Path) -> None:
    if not path.exists():
        pytest.skip(f"../shared/eval/{path.name} is not here")
    seen = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        title, text, language = label.get("title"), label.get("text") or "", label.get("language", "en")
        article = whole(title, text, language)
        assert stands(article, title, text), label
        seen += sum(1 for _ in evidences(article))
    assert seen > 100


WORDS = "Organization of Turkic States|TDT'nin|ТМҰ-ның|OTG|enerji bakanları|саммит|İMAM|Baku| |\n\n|“|?|ı̇|met|өтті.|a"


@given(
    st.lists(st.sampled_from(WORDS.split("|")), max_size=30), st.lists(st.sampled_from(WORDS.split("|")), max_size=6)
)
def test_every_span_of_any_text_is_its_text(text: list[str], title: list[str]) -> None:
    joined, headline = " ".join(text), " ".join(title) or None
    for language in ("en", "tr", "kk", "und"):
        assert stands(whole(headline, joined, language), headline, joined)


@given(st.text(max_size=60))
def test_labels_of_any_text_are_known_once_and_best_first(text: str) -> None:
    found = areas_of(text)
    assert len({area.id for area in found}) == len(found)
    assert [area.score for area in found] == sorted((area.score for area in found), reverse=True)
    assert {area.id for area in found} <= set(load().areas)


# --------------------------------------------------------------------------------------------------- how it is measured


def test_measures() -> None:
    pairs = [(["a"], ["a"]), (["a", "b"], ["a"]), ([], ["b"]), (["b"], ["b"])]
    assert compare(pairs) == Counts(right=3, wrong=1, missed=1)
    assert compare(pairs).f1 == pytest.approx(0.75)
    assert macro(pairs, at_least=1) == (pytest.approx((1 + 0.5) / 2), 2)
    assert macro(pairs) == (0, 0)
    low, high = map(float, bootstrap(pairs).split("–"))
    assert 0 < low < 0.75 < high <= 1
    assert share(190, 200) == "0.950 (0.910–0.973, 190/200)"
    assert share(0, 0) == "– (0)"


def test_the_table_leaves_parts_out_and_puts_them_back() -> None:
    text = Text(
        {
            "text": "The imam came and another imam. A former tourism minister and a former minister of tourism spoke.",
            "language": "en",
            "areas": [],
        }
    )
    constants = ("SHARE", "TITLE", "BODY")
    before = [getattr(areas, name) for name in constants]
    with areas_table.without(areas_table.PARTS):
        assert set(areas_table.ours(None, text.label["text"], "en")) >= {"tourism"}
    assert areas_table.ours(None, text.label["text"], "en") == [area.id for area in text.article.areas]
    assert [getattr(areas, name) for name in constants] == before
