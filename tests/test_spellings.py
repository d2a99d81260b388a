"""Spellings: the words of one language in its other script, and a name in the alphabets of its neighbours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.text.folding import fold
from otswatch.text.spellings import MOST, rewritten, spellings

LETTERS = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюяўҳaäbcçdeəfgğhıijkqlmnñoöprsştuüūvyzáǵńóúýx'ʻ -"


@pytest.mark.parametrize(
    ("language", "written", "others"),
    [
        ("kk", "Түркі мемлекеттері ұйымы", ["Túrki memleketteri uıymy", "Türki memleketteri uiymy"]),
        ("kk", "сауда министрі", ["saýda mınıstri", "sauda ministri", "sawda ministri"]),
        ("kk", "қауіпсіздік кеңесі", ["qaýipsizdik keńesi", "qauipsizdik keñesi"]),
        ("kk", "көші-қон", ["kóshi-qon", "köşi-qon", "ko'shi-qon"]),
        ("kk", "Túrkııa", ["Түркия"]),
        ("kk", "Qazaqstan", ["Қазақстан"]),
        ("kk", "казакстан", ["qazaqstan"]),
        ("kk", "saýda", ["сауда"]),
        ("uz", "Oʻzbekiston", ["Ўзбекистон", "узбекистон", "Õzbekiston"]),
        ("uz", "қишлоқ хўжалиги вазири", ["qishloq xo'jaligi vaziri", "qişloq xõjaligi vaziri"]),
        ("uz", "toshkent", ["Тошкент", "toşkent"]),
        ("uz", "ishchi guruh", ["ишчи гуруҳ"]),
        ("uz", "хавфсизлик", ["xavfsizlik"]),
        ("uz", "san'at", ["санъат"]),
        ("uz", "узбекистон", ["ozbekiston"]),
        ("az", "Şuşa bəyannaməsi", ["Shusha beyannamesi", "susa beyannamesi"]),
    ],
)
def test_words_of_one_language(language: str, written: str, others: list[str]) -> None:
    assert {fold(other) for other in others} <= spellings(written, language)


@pytest.mark.parametrize("name", ["Тоқаев", "Токаев", "Tokayev", "Tokaýew", "Tokajev", "Toqaev"])
def test_a_name_from_any_alphabet_into_the_others(name: str) -> None:
    assert {"токаев", "tokayev", "tokayew", "tokajev", "tokaev"} <= spellings(name)


def test_names_with_the_letters_that_differ_most() -> None:
    assert {"mirziyoyev", "mirzijojev", "mirziyoyew"} <= spellings("Мирзиёев")
    assert "мирзиеев" in spellings("Mirziyoyev")
    assert {"japarov", "zhaparov", "zsaparov", "caparov"} <= spellings("Жапаров")
    assert {"omuraliev", "omuraliyev"} <= spellings("Өмүралиев")
    assert "gabala" in spellings("Qəbələ")
    assert "aliyev" in spellings("Əliyev")


@pytest.mark.parametrize("language", ["tr", "ky", "ru", "hu", "tk", "en"])
def test_a_language_with_one_way_to_write_has_one_spelling(language: str) -> None:
    assert spellings("Şûra ұйым", language) == {fold("Şûra ұйым")}


def test_a_style_holds_for_all_words_and_leaves_other_signs_alone() -> None:
    assert all(form.count("*") == 1 and " ~ " in form for form in rewritten("түркі* ~ қор", "kk"))


@given(st.text(st.sampled_from(LETTERS) | st.characters(), max_size=40), st.sampled_from([None, "kk", "uz", "az"]))
def test_spellings_are_folded_few_and_hold_the_word_itself(word: str, language: str | None) -> None:
    found = spellings(word, language)
    assert len(found) <= MOST
    assert not fold(word) or fold(word) in found
    assert all(fold(form) == form for form in found)


def syllables(consonants: str, vowels: str) -> st.SearchStrategy[str]:
    """Words without two consonants side by side: `тс` and `ц` are one in Latin letters."""
    syllable = st.tuples(st.sampled_from(consonants), st.sampled_from(vowels)).map("".join)
    return st.lists(syllable, min_size=1, max_size=5).map("".join)


@given(syllables("бвгдзклмнпрсштғқң", "аеоуүіұ"))
def test_kazakh_comes_back_from_every_latin_style(word: str) -> None:
    assert all(fold(word) in spellings(form, "kk") for form in rewritten(word, "kk"))


@given(syllables("бвгдзклмнпрсшчтғқҳх", "аеиоуў"))
def test_uzbek_comes_back_from_its_latin_letters(word: str) -> None:
    assert any(fold(word) in spellings(form, "uz") for form in rewritten(word, "uz"))
