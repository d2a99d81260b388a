"""Folding: what must match does, offsets point into the text as given, and folding twice changes nothing."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.text.folding import fold, tokens

ALPHABETS = {
    "tr": "abcçdefgğhıijklmnoöprsştuüvyzâîû",
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
    "tk": "abçdeäfghijžklmnňoöprsştuüwyýz",
    "uz": "abdefghijklmnopqrstuvxyz",
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "ky": "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя",
    "kk_Latn": "aäbcdefgğhıijklmnñoöpqrsştuūüvyz",
    "uz_Cyrl": "абвгдеёжзийклмнопрстуфхцчшъьэюяўқғҳ",
    "kk_Arab": "ابۆگعدەجزيكقلمنڭوپرستۋۇفحھچشىءٴئؤأ",
}
#: Text such as the web has it: Turkic letters, marks, apostrophes, hyphens, invisible characters, anything else.
TEXTS = st.text(
    st.one_of(st.sampled_from("".join(ALPHABETS.values()) + "'’ʻʼ`-‑ _.\u0301\u00ad\u200b"), st.characters())
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("TÜRK DEVLETLERİ TEŞKİLATI ZİRVESİ BAKIRKÖY'DE YAPILDI", "turk devletleri teskilati zirvesi bakirkoy yapildi"),
        ("Türk Devletleri Teşkilatı zirvesi", "turk devletleri teskilati zirvesi"),
        ("Azərbaycan'ın, Türkiye’nin, Kazakistanʼa", "azerbaycan turkiye kazakistan"),
        ("2025'te 15'inci zirve", "2025 15 zirve"),
        ("Türkiye's and the OTS' summit; they're late", "turkiye and the ots summit they late"),
        ("oʻzbek o'zbek o‘zbek san'at e'lon Gʻulom toʻgʻri", "ozbek ozbek ozbek sanat elon gulom togri"),
        ("yig'in to'la Tokyo'da Hamburg'da", "yigin tola tokyo hamburg"),
        ("O'zbekiston'ning NATO'ya", "ozbekiston nato"),
        ("Öz'de ve Kur'an'ın", "oz ve kuran"),
        ("TDT-nin TDT'nin TDTning TDT-da", "tdt tdt tdt tdt"),
        ("ТМУ-га ТМУнун ТМҰ-ның ТДТнинг", "тму тму тму тдт"),
        ("az ENSZ-ben és az EBESZ-nek", "az ensz es az ebesz"),
        ("Trans-Caspian, Kim Jong-un, NGOs", "trans caspian kim jong un ngos"),
        ("Түркі мемлекеттері ұйымы, Қырғызстан, Өзбекстан", "турки мемлекеттери уиымы кыргызстан озбекстан"),
        ("Ўзбекистон ҳукумати, ёшлар", "узбекистон хукумати ешлар"),
        ("Türkmenistanyň ýygnagy, täze żmudź", "turkmenistanyn yygnagy taze zmudz"),
        ("Türk Şûrası: teş\u00adkilat", "turk surasi teskilat"),
        ("стран OТГ и TMҰ-ның, Cовет, Аstana, дzж", "стран отг и тму совет astana дzж"),
        ("تۇركى مەملەكەتتەرى ۇيىمى، قىرعىزستان", "турки мемлекеттери уиымы кыргызстан"),
        ("straße ﬁnal ① ٣", "strasse final 1 ٣"),
        ("snake_case ''' - ’", "snake case"),
        ("", ""),
    ],
)
def test_what_is_folded_and_cut(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("arabic", "cyrillic"),
    [
        ("قازاقستان رەسپۋبليكاسى", "Қазақстан Республикасы"),
        ("تۇركيانىڭ پرەزيدەنتى", "Түркияның президенті"),
        ("ءازىربايجان، وزبەكستان", "Әзірбайжан, Өзбекстан"),
        ("سىرتقى ىستەر مينيسترلىگى", "Сыртқы істер министрлігі"),
        ("كولىك، ەنەرگەتيكا جانە ەلشى", "Көлік, энергетика және елші"),
        ("ساياسات، دەكلاراتسيا، ينۆەستيتسيا", "Саясат, декларация, инвестиция"),
        ("ىنتىماقتاستىق كەڭەسى", "Ынтымақтастық кеңесі"),
        ("ءسوز سويلەدى، قول قويدى", "Сөз сөйледі, қол қойды"),
        ("تمۇ ۇيىمىنىڭ سامميتى", "ТМҰ ұйымының саммиті"),
        ("جيىن، تاريحى", "Жиын, тарихы"),
        ("تـــۇركى", "Түркі"),
    ],
)
def test_kazakh_in_arabic_letters_is_what_it_is_in_cyrillic(arabic: str, cyrillic: str) -> None:
    assert fold(arabic) == fold(cyrillic)


def test_offsets_are_those_of_the_text_as_given() -> None:
    text = unicodedata.normalize("NFD", "«TDT’nin» Şuşa zirvəsi—ТМУ-га")
    assert [text[token.start : token.end] for token in tokens(text)] == [
        "TDT",
        unicodedata.normalize("NFD", "Şuşa"),
        unicodedata.normalize("NFD", "zirvəsi"),
        "ТМУ",
    ]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_form_of_the_text_does_not_matter(form: str) -> None:
    text = "Türk Devletleri Teşkilatı'nın İstanbul bildirisi: ўзбек, қазақ, ёшлар"
    assert fold(unicodedata.normalize(form, text)) == fold(text)  # type: ignore[arg-type]  # a form by name


@pytest.mark.parametrize("language", ALPHABETS)
def test_capitals_fold_as_small_letters(language: str) -> None:
    letters = ALPHABETS[language]
    turkish = language in {"tr", "az", "kk_Latn"}
    capitals = (letters.replace("i", "İ").replace("ı", "I") if turkish else letters).upper()
    assert fold(capitals) == fold(letters)


@given(TEXTS | st.text(st.sampled_from("abcioxAXçرميىتءٴـاавсх'-")))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_tokens_are_words_in_order_inside_the_text(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert token.text.isalnum()
        assert end <= token.start < token.end <= len(text)
        end = token.end
    assert " ".join(token.text for token in tokens(text)) == fold(text)


@given(st.lists(st.text(st.sampled_from("".join(ALPHABETS.values()) + "'’ʻ"), min_size=1)))
def test_capitals_of_any_words_fold_alike(words: list[str]) -> None:
    text = " ".join(words)
    assert fold(text.upper()) == fold(text)


def test_an_article_takes_under_a_millisecond() -> None:
    text = (
        "Türk Devletleri Teşkilatı'nın Bakırköy'de yapılan zirvesinde 12 karar alındı; ТМУ-га мүчө өлкөлөр катышты. "
        * 30
    )
    tokens(text)
    started = time.perf_counter()
    for _ in range(100):
        tokens(text)
    assert (time.perf_counter() - started) / 100 < 0.005, "five times what it takes, for a busy machine"
