"""Classification: about the OTS or not, which areas, what kind; each with the words that say so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.consumers.classify import STAGE, areas_of, classify
from otswatch.consumers.document import Document
from otswatch.records import Article, Content, Evidence

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def article(text: str, title: str | None = None, language: str = "en") -> Article:
    content = Content(title=title, text=text, language=language, extractor="test/1")
    before = Article(id="1", url=None, source=None, content=content)
    after = classify(Document(html=None, text=text), before)
    for evidence in evidences(after):
        frame = (title or "") if evidence.frame == "title" else text
        assert evidence.start is not None
        assert frame[evidence.start : evidence.end] == evidence.text
    return after


def evidences(found: Article) -> list[Evidence]:
    parts = [found.relevance, found.kind, *found.areas, *found.mentions]
    return [evidence for part in parts if part for evidence in part.evidence]


def level(text: str, title: str | None = None, language: str = "en") -> str:
    relevance = article(text, title, language).relevance
    assert relevance is not None
    return relevance.level


def labels(text: str, language: str | None = None) -> list[str]:
    return [area.id for area in areas_of(text, language)]


# ----------------------------------------------------------------------------------------------------------- relevance


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Organisation of Turkic States met."),
        ("en", "The Turkic Council met in 2019."),
        ("tr", "TÜRK DEVLETLERİ TEŞKİLATI ZİRVESİ BAKIRKÖY'DE YAPILDI"),
        ("tr", "TDT'nin yeni yol haritası Taşkent'te kabul edildi."),
        ("az", "Türk Dövlətləri Təşkilatının katibliyi bildirib."),
        ("az", "TDT-nin iclası Bakıda keçirilib."),
        ("kk", "Түркі мемлекеттері ұйымының жиыны өтті."),
        ("kk", "Túrki memleketteri uıymynyń jıyny ótti."),
        ("ky", "Түрк мамлекеттер уюмунун жыйыны өттү."),
        ("ky", "Кыргызстан ТМУга төрагалык кылат."),
        ("uz", "Turkiy davlatlar tashkilotining yigʻilishi boʻlib oʻtdi."),
        ("uz", "Туркий давлатлар ташкилотининг йиғилиши бўлиб ўтди."),
        ("ru", "Прошло заседание Организации тюркских государств."),
        ("ru", "Казахстан принял председательство в ОТГ."),
        ("hu", "A Türk Államok Szervezetének ülése Budapesten."),
        ("hu", "Magyarország a TÁSZ ülésén."),
        ("tk", "Türki döwletleriň guramasynyň mejlisi geçirildi."),
        ("en", "TURKPA elected a new chair."),
        ("ru", "ТЮРКСОЙ провёл концерт."),
    ],
)
def test_the_ots_and_its_bodies_by_every_name(language: str, text: str) -> None:
    assert level(text, language=language) == "about"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "OTS stands for off the shelf, and also for Officer Training School."),
        ("es", "La TDT llega a todos los pueblos de la provincia."),
        ("uk", "Ніжинська ОТГ отримала шкільний автобус."),
        ("ru", "Студенты ТМУ сдали экзамен."),
        ("hu", "A TASZ pert nyert Budapesten."),
        ("tr", "Türk Telekom ve Türk Hava Yolları anlaştı."),
        ("en", "All times are UTC+04:00 in Baku."),
        ("en", "Turkish football clubs drew in Ankara."),
    ],
)
def test_false_friends_are_not_the_ots(language: str, text: str) -> None:
    found = article(text, language=language)
    assert (found.relevance and found.relevance.level, found.status, found.reason) == (
        "none",
        "discarded",
        "not-about-ots",
    )


FILLER = "\n\n".join(
    f"Paragraph {number} tells at some length of a harvest, a road and a market town." * 3 for number in range(12)
)


def test_levels_by_place_and_number() -> None:
    named = "The Organization of Turkic States was named."
    assert level(FILLER, title="Organization of Turkic States meets") == "about"
    assert level(f"{FILLER}\n\n{named}\n\n{named}") == "part"
    assert level(f"{FILLER}\n\n{named}") == "passing"
    assert level(FILLER) == "none"


def test_in_a_list_of_organisations_nothing_is_said_about_any() -> None:
    text = f"{FILLER}\n\nEnvoys of the United Nations, the OIC, the ECO and the Organization of Turkic States came."
    found = article(text)
    assert (found.status, found.reason) == ("discarded", "passing")
    assert found.areas == () or found.areas[0].evidence  # what was found stays filled in


def test_an_abbreviation_that_explains_a_name_is_not_a_second_mention() -> None:
    text = f"{FILLER}\n\nThe Organization of Turkic States (OTS) was named."
    assert level(text) == "passing"


# --------------------------------------------------------------------------------------------------------------- areas


@pytest.mark.parametrize(
    ("language", "text", "area"),
    [
        ("en", "Customs chiefs agreed on a simplified customs corridor.", "customs"),
        ("tr", "İçişleri bakanları terörle mücadele için bir araya geldi.", "security"),
        ("az", "Nəqliyyat nazirləri Orta Dəhliz üzrə danışıblar.", "transport"),
        ("kk", "Денсаулық сақтау министрлері вакцина туралы келісті.", "health"),
        ("ky", "Бажы органдары бирдиктүү терезе түзөт.", "customs"),
        ("uz", "Qishloq xoʻjaligi vazirlari urugʻchilikni muhokama qildi.", "agriculture"),
        ("uz", "Таълим вазирлари дарслик яратади.", "education"),
        ("ru", "Министры энергетики обсудили природный газ.", "energy"),
        ("hu", "Az igazságügyi miniszterek tárgyaltak.", "justice"),
        ("tk", "Saglygy goraýyş ministrleri duşuşdy.", "health"),
    ],
)
def test_areas_in_nine_languages(language: str, text: str, area: str) -> None:
    assert labels(text, language)[0] == area
    assert labels(text)[0] == area


@pytest.mark.parametrize(
    ("language", "text", "not_area"),
    [
        ("en", "The UN Security Council met.", "security"),
        ("en", "A former tourism minister gave a lecture.", "tourism"),
        ("en", "Those who asked were told no.", "health"),
        ("ru", "Совет Безопасности ООН провёл заседание.", "security"),
        ("hu", "A TÁSZ ülésezett.", "intl_orgs"),
        ("ky", "Шанхай кызматташтык уюмунун жыйыны өттү.", "intl_orgs"),
    ],
)
def test_what_only_looks_like_an_area(language: str, text: str, not_area: str) -> None:
    assert not_area not in labels(text, language)


def test_a_short_stem_counts_only_beside_another_term() -> None:
    assert labels("Ein Imam kam.", "en") == []
    assert labels("The imam came.", "en") == []
    assert labels("The imam and the mufti came.", "en") == ["religious"]


def test_words_of_one_language_are_not_sought_in_another() -> None:
    assert labels("Now nobody in November knows north from noon.", "en") == []


def test_the_title_says_more_than_the_text() -> None:
    found = article("The ministers spoke of railways.", title="Organization of Turkic States: energy ministers meet")
    assert found.areas[0].id == "energy"
    assert {evidence.frame for evidence in found.areas[0].evidence} == {"title"}
    assert re.fullmatch(r"areas/[0-9a-f]{8}:.+", found.areas[0].evidence[0].rule)


def test_no_words_no_label() -> None:
    assert labels("") == labels("   ") == labels("It rained.") == labels("123 !?") == []


# --------------------------------------------------------------------------------------------------- kind and mentions


def kind(text: str, title: str | None = None, language: str = "en") -> str | None:
    found = article(text, title, language).kind
    return found.id if found else None


def test_kinds() -> None:
    assert kind("Ministers met in Baku on Friday, the secretariat said.") == "news"
    assert kind("", title="Next meeting of health ministers to be held in Shusha") == "announcement"
    assert kind("", title="Министры соберутся в Бишкеке", language="ru") == "announcement"
    assert kind("", title="Interview with the Secretary General") == "interview"
    assert kind("", title="Türk Devletleri Teşkilatı Zirve Bildirisi", language="tr") == "declaration"
    assert kind("", title="Ministers adopt declaration of the summit") == "news"
    assert kind("It is what it is.") is None


def test_the_full_text_of_a_declaration() -> None:
    text = (
        "The Heads of State of the Organization of Turkic States,\n\nRecalling the agreement of 2009;\n\n"
        "Noting the work of the ministers;\n\nReaffirming the unity of the members;\n\nhave agreed as follows."
    )
    assert kind(text) == "declaration"


def test_questions_and_answers_are_an_interview() -> None:
    text = "What comes next?\n\nA meeting.\n\nWho will come?\n\nAll of them.\n\nAnd then?\n\nWe shall see."
    assert kind(text) == "interview"


def test_an_essay_with_a_note_on_its_author_is_an_opinion() -> None:
    text = "\n\n".join(["We owe our neighbours an answer, and our answer must be ours." * 2] * 6)
    assert kind(f"{text}\n\nElena Petrova is a lecturer in Almaty.") == "opinion"


def test_countries_and_bodies_are_mentioned_as_written() -> None:
    found = article("TURKPA met in North Cyprus with guests from Hungary and the Organization of Turkic States.")
    assert {(mention.type, mention.id, mention.name) for mention in found.mentions} == {
        ("body", "turkpa", "TURKPA"),
        ("body", "ots", "Organization of Turkic States"),
        ("country", "trnc", "North Cyprus"),
        ("country", "hu", "Hungary"),
    }


# ----------------------------------------------------------------------------------------------------------------- all


@given(
    st.text(st.sampled_from("OTS Türk Dövlətləri summit, İI’ʻ\n\n?“”«» ") | st.characters(), max_size=300),
    st.text(max_size=40),
)
def test_every_span_matches_its_text(text: str, title: str) -> None:
    article(text, title)
    for area in areas_of(text):
        for evidence in area.evidence:
            assert text[evidence.start : evidence.end] == evidence.text


def test_an_article_without_content_passes_through() -> None:
    empty = Article(id="1", url=None, source=None)
    assert classify(Document(html=None, text=""), empty) == empty


def test_the_stage_names_the_taxonomy_it_read() -> None:
    assert re.fullmatch(r"\d+\+[0-9a-f]{8}", STAGE.version)


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.exists(), reason="../shared/seeds is not here")
@pytest.mark.parametrize(("seed", "area"), [("000", "security"), ("001", "security"), ("003", "political")])
def test_the_seeds_main_areas(seed: str, area: str) -> None:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    found = article(re.sub(r"\n+", "\n\n", path.read_text(encoding="utf-8")).strip())
    assert found.relevance is not None
    assert (found.areas[0].id, found.relevance.level) == (area, "about")


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.exists(), reason="../shared/seeds is not here")
def test_the_seed_that_is_an_essay() -> None:
    (path,) = SEEDS.glob("002_*.txt")
    found = article(re.sub(r"\n+", "\n\n", path.read_text(encoding="utf-8")).strip())
    assert found.relevance is not None
    assert found.kind is not None
    assert (found.kind.id, found.relevance.level) == ("opinion", "about")
