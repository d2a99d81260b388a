"""What is read of a report: figures in digits and words, days, sessions, names in other scripts."""

from __future__ import annotations

from datetime import date
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.stories import sketch
from otswatch.stories.figures import figures
from otswatch.stories.names import key, same
from otswatch.stories.retold import is_rounded
from otswatch.taxonomy.matcher import FoldedText
from otswatch.text.folding import fold
from tests.reports import AGENCY, AGENCY_TITLE, ANNOUNCEMENT, ANNOUNCEMENT_TITLE, DAY, FEATURE, FEATURE_TITLE, seen


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "4.58 million tonnes", [(4_580_000, "tonn")]),
        ("en", "four and a half million tonnes", [(4_500_000, "tonn")]),
        ("en", "1,195 kilometres", [(1_195, "kilo")]),
        ("en", "twenty-five percent", [(25, "perc")]),
        ("en", "12% of it", [(12, "%")]),
        ("tr", "yüz yirmi öğrenci", [(120, "ogre")]),
        ("tr", "750'den fazla", [(750, "")]),
        ("tr", "dört buçuk milyar dolar", [(4_500_000_000, "dola")]),
        ("az", "8,1 milyard dollar", [(8_100_000_000, "doll")]),
        ("kk", "3 200 электронды пломба", [(3_200, "элек")]),
        ("kk", "үш мыңнан астам", [(3_000, "аста")]),
        ("ky", "сексен беш миллион куб", [(85_000_000, "куб")]),
        ("uz", "oʻn ikki soat", [(12, "soat")]),
        ("uz", "олтмиш киши", [(60, "киши")]),
        ("ru", "с девяти часов до четырёх", [(9, "часо"), (4, "")]),
        ("ru", "три с половиной тысячи тонн", [(3_500, "тонн")]),
        ("hu", "három és fél milliárd euró", [(3_500_000_000, "euro")]),
        ("hu", "1.195 kilométer", [(1_195, "kilo")]),
        ("tk", "ýigrimi bäş talyp", [(25, "taly")]),
        ("en", "1,234.5 million dollars", [(1_234_500_000, "doll")]),
        ("en", "1,234,567.89 tonnes", [(1_234_567.89, "tonn")]),
        ("en", "1,234.567 tonnes", [(1_234.567, "tonn")]),
        ("en", "12 345.6 tonnes", [(12_345.6, "tonn")]),
        ("en", "0.125 tonnes", [(0.125, "tonn")]),
        ("tr", "1.234,5 milyon dolar", [(1_234_500_000, "dola")]),
        ("tr", "1.234,567 ton", [(1_234.567, "ton")]),
        ("tr", "1,234.567 ton", [(1_234.567, "ton")]),
        ("ru", "1 234,5 млн долларов", [(1_234_500_000, "долл")]),
        ("hu", "1 234,567 tonna", [(1_234.567, "tonn")]),
        ("en", "in 2025, 1 200 people", [(2_025, ""), (1_200, "peop")]),
        ("en", "nothing is counted", []),
    ],
)
def test_figures_are_read_in_digits_and_words(language: str, text: str, found: list[tuple[float, str]]) -> None:
    assert [(figure.value, figure.unit) for figure in figures(FoldedText(text), language)] == found


@given(st.integers(3, 10**9), st.sampled_from(["", " ", "\u00a0"]))
def test_a_number_is_read_however_it_is_grouped(number: int, mark: str) -> None:
    written = f"{number:,}".replace(",", mark)
    text = f"{written} tonna"
    assert [(figure.value, figure.unit) for figure in figures(FoldedText(text), "hu")] == [(number, "tonn")]


@given(st.integers(1_000, 10**9), st.integers(1, 999), st.sampled_from([",.", ".,", " .", " ,", "\u00a0,"]))
def test_a_number_is_read_however_its_groups_and_decimals_are_marked(number: int, thousandths: int, marks: str) -> None:
    group, point = marks
    whole, decimals = f"{number:,}".replace(",", group), f"{thousandths:03}"
    [figure] = figures(FoldedText(f"{whole}{point}{decimals} tonna"), "hu")
    assert (figure.value, figure.unit) == (float(f"{number}.{decimals}"), "tonn")


@pytest.mark.parametrize("text", ["7" * 400, "5 million " + "million " * 52, "7" * 5000])
def test_what_no_number_can_hold_is_no_figure(text: str) -> None:
    assert figures(FoldedText(text), "en") == []


@given(st.text(max_size=200), st.sampled_from(["en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk", "de", "und"]))
def test_figures_stand_where_they_say(text: str, language: str) -> None:
    for figure in figures(FoldedText(text), language):
        assert 0 <= figure.start < figure.end <= len(text)
        assert figure.value >= 0


@given(st.text("0123456789., \u202f", max_size=30), st.sampled_from(["en", "tr"]))
def test_any_digits_and_marks_can_be_read(text: str, language: str) -> None:
    assert all(isfinite(figure.value) for figure in figures(FoldedText(text), language))


def test_a_date_is_no_figure() -> None:
    assert [
        amount.value for amount in seen("Dates", "It was signed on 16 September 2026 by 27 states.").facts.figures
    ] == [27]


@pytest.mark.parametrize(
    ("one", "other", "rounded"),
    [
        *((4.58, 4.58, False), (4_580_000, 4_500_000, True), (4_580_000, 4_600_000, True), (3_200, 3_000, True)),
        *((52, 50, True), (412, 400, True), (412, 750, False), (36, 52, False), (1_195, 1_200, True), (18, 24, False)),
    ],
)
def test_a_rounder_word_is_the_same_figure(one: float, other: float, rounded: bool) -> None:
    assert is_rounded(one, other) is is_rounded(other, one) is rounded


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("The ministers met on Wednesday.", "en", [DAY]),
        ("The ministers met on Monday.", "en", [date(2026, 9, 14)]),
        ("Nazirlər çərşənbə günü görüşüblər.", "az", [DAY]),
        ("Министрлер бейсенбіде кездеседі.", "kk", [date(2026, 9, 17)]),
        ("Министры встретились 15 сентября.", "ru", [date(2026, 9, 15)]),
        ("A miniszterek tegnap tanácskoztak.", "hu", [date(2026, 9, 15)]),
        ("Bakanlar dün bir araya geldi.", "tr", [date(2026, 9, 15)]),
        ("The tariff applies from 1 January 2028.", "en", []),
        ("Nobody says when.", "en", []),
    ],
)
def test_the_day_of_the_event_is_read_against_the_day_of_the_article(
    text: str, language: str, days: list[date]
) -> None:
    facts = seen("A meeting", f"{text} " + "It was about roads and about what they cost. " * 2, language=language).facts
    assert [said.day for said in facts.days] == days


def test_an_announcement_is_ahead_also_on_the_day_itself() -> None:
    for day in (date(2026, 9, 14), DAY):
        assert seen(ANNOUNCEMENT_TITLE, ANNOUNCEMENT, day=day).facts.ahead
    assert not seen(AGENCY_TITLE, AGENCY).facts.ahead
    assert not seen(FEATURE_TITLE, FEATURE, day=date(2026, 9, 17)).facts.ahead


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("the 8th meeting of ministers", "en", 8),
        ("nazirlərin IX iclası keçirilib", "az", 9),
        ("министрлердің 8-отырысы өтті", "kk", 8),
        ("он бірінші отырыс аяқталды", "kk", 11),
        ("11-е заседание прошло", "ru", 11),
        ("az ötödik tanácskozáson", "hu", 5),
        ("the ninth of May", "en", None),
    ],
)
def test_the_number_of_a_meeting_stands_before_its_word(text: str, language: str, number: int | None) -> None:
    assert seen("Meeting", f"{text}. Much was said about roads.", language=language).facts.session == number


@pytest.mark.parametrize(
    ("one", "ones", "other", "others"),
    [
        ("Сейтбеков", "ru", "Seitbekov", "en"),
        ("Сейтбековым", "ru", "Seýtbekow", "tk"),
        ("Szejtbekov", "hu", "Сейтбеков", "kk"),
        ("Каримжанов", "ky", "Karimjonov", "uz"),
        ("Чўлпонота", "uz", "Choʻlponota", "uz"),
        ("Qaraxanoğlu", "az", "Karahanoğlu", "tr"),
        ("Бишкек", "ky", "Бишкектеги", "ky"),
    ],
)
def test_a_name_is_known_in_other_cases_languages_and_scripts(one: str, ones: str, other: str, others: str) -> None:
    first, second = fold(one), fold(other)
    assert same(first, second, ones, others)
    assert same(second, first, others, ones)
    assert ones == others or key(first, ones) == key(second, others) or {ones, others} == {"az", "tr"}


@pytest.mark.parametrize(("one", "other"), [("Астана", "Алматы"), ("Назиров", "Усманов"), ("Баку", "Бишкек")])
def test_two_names_are_two(one: str, other: str) -> None:
    assert not same(fold(one), fold(other), "ru", "ru")


@given(
    st.text(st.characters(categories=["L", "N"]), max_size=600), st.text(st.characters(categories=["L"]), max_size=300)
)
def test_a_sketch_knows_a_part_of_its_text(text: str, more: str) -> None:
    letters, longer = sketch.letters(text), sketch.letters(text) + sketch.letters(more)
    part, whole = (sketch.packed(sketch.hashes(each)) for each in (letters, longer))
    assert list(sketch.unpacked(part)) == sorted(set(sketch.unpacked(part)))
    assert sketch.share(part, whole) in {0.0, 1.0} or len(longer) < len(letters) + 18
    assert not part or len(letters) < 18 or sketch.share(part, whole) == 1.0
