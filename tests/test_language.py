"""The language of a text, where the model is sure and where it has to be corrected."""

from __future__ import annotations

import pytest

from otswatch.text.language import detect, primary

TEXTS = {
    "en": "Ministers of the Turkic states agreed to accept one electronic permit for lorries from next spring.",
    "tr": "Türk devletlerinin bakanları, ortak ders kitaplarını hazırlayacak bir kurul oluşturmaya karar verdi.",
    "az": "Türk dövlətlərinin nazirləri toxum bankının yaradılması barədə razılığa gəliblər.",
    "kk": "Түркі мемлекеттерінің министрлері дәрі-дәрмек тізілімін біріктіру туралы келісімге қол қойды.",
    "ky": "Түрк мамлекеттеринин окумуштуулары мөңгүлөрдү биргелешип изилдөө боюнча макулдашууга келишти.",
    "ru": "Министры тюркских государств договорились создать общий фонд переводов художественных книг.",
    "hu": "A türk államok vízügyi intézetei megállapodtak arról, hogy közös térképet készítenek.",
    "tk": "Türki döwletleriň alymlary çöl ösümliklerini goramak barada maslahat geçirdiler we ylalaşdylar.",
    "uz": "Turkiy davlatlar vazirlari Buxoroda poyezdlar uchun bitta chipta joriy etish haqida kelishib oldi.",
}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_nine_languages(language: str) -> None:
    assert detect(TEXTS[language]) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Oʻzbekiston va Qirgʻiziston oʻrtasida yangi yoʻl ochildi, dedi vazir.", "uz"),
        ("O'zbekiston bilan Qirg'iziston o'rtasida yangi yo'l ochildi.", "uz"),
        ("Ўзбекистон ва Қирғизистон ўртасида янги йўл очилди, деди вазир.", "uz"),
        ("Вазирлар билан учрашув Тошкентда бўлиб ўтди.", "uz"),
        ("Qazaqstan men Özbekstan arasynda jaña jol aşyldy, dedı ministr osy aptada.", "kk"),
        ("Qazaqstan men Ózbekstan arasynda jańa jol ashyldy dep jazdy, jáne ol turaly aıtty.", "kk"),
        ("تۇركى مەملەكەتتەرى ۇيىمىنىڭ مينيسترلەرى استانادا باس قوسىپ، جوسپاردى بەكىتتى.", "kk"),
        ("تۈركىي دۆلەتلەر تەشكىلاتىنىڭ مىنىستىرلىرى ئەنقەرەدە يىغىن ئۆتكۈزدى.", "ug"),
        ("Темир йўл вазирлари норасмий учрашув ўтказди", "uz"),
        ("Хабарларнинг барчаси шу", "uz"),
        ("Темир жол министрлери Анкарада энергетика боюнча жыйын өткөрдү", "ky"),
        ("Temir yo'lchilar yangi vagonlarni sinovdan o'tkazdi", "uz"),
        ("Balyqşylar kölde toñnyñ qalyñdyğyn ölşep, qysqy mausymdy aşty", "kk"),
        ("Turk dovletlerinin nazirleri toxum bankinin yaradilmasi ile bagli qerar qebul edib, sened imzalanib.", "az"),
        ("Turki dowletlerin alymlary goramak barada maslahat gecirdiler we gaytdylar, hemmeler bilen.", "tk"),
        ("Турки мемлекеттеринин министрлери дари-дармек тизилими туралы жане сапа бойынша келисимге келди.", "kk"),
        ("Turk devletlerinin bakanlari ders kitaplari icin Xalq Bank ile bir kurul olusturmaya karar verdi.", "tr"),
        ("Bagbanlar agaçlary gyşdan goramagy maslahat berdiler, baglaryň köküni örtdüler", "tk"),
        ("Toplantyda täze ulag geçelgeleri barada gürrüň edildi, taraplar teklipleri goldadylar", "tk"),
    ],
)
def test_scripts_that_the_model_takes_for_another_language(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "Qatar and Iraq signed an agreement in Doha, QNA reported, and Iraqi officials welcomed it on Sunday.",
        "O'Brien and O'Reilly said it's the o'clock of the day that they'd met at McDonald's.",
        "Mehmet Şimşek said that the banking system is sound, and systems for payments are typical of it.",
    ],
)
def test_english_with_their_letters_stays_english(text: str) -> None:
    assert detect(text) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Bakan, Netflix şirketinin Meksika'da ve Xinjiang bölgesinde yatırım yapacağını söyledi, maç da izlendi.",
            "tr",
        ),
        ("Міністры ўнутраных спраў дамовіліся аб супрацоўніцтве і падпісалі пагадненне ў горадзе.", "be"),
        ("Вазирони корҳои дохилӣ дар шаҳри Душанбе оид ба ҳамкорӣ созишнома имзо карданд.", "tg"),
        ("Қазақстан мен Қырғызстан министрлері өңірлік ынтымақтастық туралы келісті.", "kk"),
        ("Jeshi la polisi limewakamata watu wanane kwa makosa mbalimbali katika mkoa huo.", "sw"),
    ],
)
def test_what_is_written_alike_stays_what_it_is(text: str, language: str) -> None:
    assert detect(text) == language


def test_a_page_is_not_believed_on_a_language_that_the_text_hardly_allows() -> None:
    assert detect("Guram, Tahir, Anna, Elşad, Peter, Maria, Olga, Ivan, Joanna", hint="ky") != "ky"


def test_little_text_is_unsure_and_then_the_page_is_believed() -> None:
    assert detect("TDT 2025") == "und"
    assert detect("TDT 2025", hint="az-Latn-AZ") == "az"
    assert detect(TEXTS["tr"], hint="en") == "tr"
    assert detect("") == "und"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("AZ", "az"), ("kk_KZ", "kk"), ("uz-Cyrl-UZ", "uz"), ("", None), (None, None), ("русский", None)],
)
def test_language_tags(tag: str | None, expected: str | None) -> None:
    assert primary(tag) == expected
