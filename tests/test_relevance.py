"""Relevance: the OTS by every name, what only looks like it, names that a text passes by, and the words that say so."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from otswatch.consumers.classify import classify
from otswatch.consumers.document import Document
from otswatch.records import Article, Content, Relevance
from otswatch.taxonomy import load

LABELLED = Path(__file__).parents[1] / "benchmarks" / "labelled"
SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
RULE = re.compile(
    r"relevance/[0-9a-f]{8}:[a-z_]+/(title|lead|body|list|former|kin|venue|member|formula|occasion|holder)|relevance/[0-9a-f]{8}:\w+(:.+)?"
)


def article(text: str, language: str = "en", title: str | None = None) -> Article:
    content = Content(title=title, text=text, language=language, extractor="test/1")
    return classify(Document(html=None, text=text), Article(id="1", url=None, source=None, content=content))


def judged(text: str, language: str = "en", title: str | None = None) -> Relevance:
    """The relevance of a text, of which every span holds its words."""
    relevance = article(text, language, title).relevance
    assert relevance is not None
    for evidence in relevance.evidence:
        frame = (title or "") if evidence.frame == "title" else text
        assert evidence.start is not None
        assert frame[evidence.start : evidence.end] == evidence.text
        assert RULE.fullmatch(evidence.rule), evidence.rule
    return relevance


def whys(relevance: Relevance) -> list[str]:
    """What the rules of the evidence end in, without the version."""
    return [evidence.rule.partition(":")[2] for evidence in relevance.evidence]


# --------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Envoys of the Organization of Turkic Countries met on Monday."),
        ("en", "The Union of Turkic States will pool its seed banks."),
        ("en", "Postal services of OTS member states agreed on one stamp."),
        ("tr", "Türk Ülkeleri Teşkilatı posta idareleri toplandı."),
        ("tr", "TDT posta idareleri toplandı."),
        ("az", "Türkdilli Dövlətlərin Təşkilatı poçt markası buraxıb."),
        ("az", "TDT-nin poçt idarələri görüşüb."),
        ("kk", "ТМҰ-ның пошта қызметтері кездесті."),
        ("kk", "TMҰ-ның пошта қызметтері кездесті."),
        ("kk", "Túrki memleketteri uıymynyń poshta qyzmetteri kezdesti."),
        ("kk", "Türki memleketterı ūiymynyñ poşta qyzmetterı kezdestı."),
        ("kk", "تۇركى مەملەكەتتەرى ۇيىمىنىڭ پوشتا قىزمەتتەرى كەزدەستى."),
        ("ky", "ТМУНУН ПОЧТА КЫЗМАТТАРЫ ЖОЛУГУШТУ"),
        ("ky", "Türk mamleketterinin uyumu pochta markasyn chygardy."),
        ("uz", "TDT pochta xizmatlari uchrashdi."),
        ("uz", "Туркий мамлакатлар ташкилоти почта маркасини чиқарди."),
        ("ru", "Почтовые службы стран ОТГ договорились о единой марке."),
        ("ru", "Организация тюркоязычных государств выпустит марку."),
        ("ru", "Организация турецких государств, как пишет сайт, выпустит марку."),
        ("hu", "A TÁSZ postai szolgálatai tanácskoztak."),
        ("tk", "TDG-niň poçta gulluklary duşuşdy."),
        ("tr", "TDT-2040 belgesi posta idarelerini de anıyor."),
    ],
)
def test_calques_mistranslations_and_abbreviations_at_home(language: str, text: str) -> None:
    assert judged(text, language).level == "about"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The OTS desk sells off the shelf software in Baku."),
        ("en", "Kazakhstan's Obstetric Training Service (OTS) opened a ward in Astana."),
        ("tr", "Trabzon Deniz Tiyatrosu (TDT) Ankara'da sahne aldı. TDT yarın Bursa'da."),
        ("tr", "İspanya'da TDT kanalları yeni frekansa geçti."),
        ("az", "Tərtər Dəmiryol Təmiri (TDT) müəssisəsi Bakıda işçi axtarır."),
        ("ky", "Талас медициналык университети (ТМУ) Бишкекте бөлүм ачты. ТМУ студент кабыл алат."),
        ("ru", "В Казахстане ОТГ (оперативно-тактическая группа) вышла на учения."),
        ("ru", "Громада под Киевом: ОТГ купила автобус в Турции."),
        ("ru", "В ОТГ Днепровской области отремонтировали школу, помогли турецкие строители из Анкары."),
        ("hu", "A TÁSZ jogvédői Budapesten pert nyertek."),
        ("tr", "İlk Türk devletleri teşkilatında töre esastı."),
        ("en", "Coins of medieval Turkic states were found near Samarkand."),
        ("en", "Trains run daily to Türkiye; the cuisine of the Turkic states was praised."),
        ("fr", "La TDT couvre la ville de Bakou."),
        ("kk", "Торғай музыка училищесі (TMU) Ақтөбеде концерт берді. TMU түлектері Түркиядан келді."),
        ("uz", "ТДТ-40 трактори Навоийда таъмирланди."),
        ("uz", "TDT-40 traktori Navoiyda ta'mirlandi."),
    ],
)
def test_what_only_looks_like_the_ots(language: str, text: str) -> None:
    found = article(text, language)
    assert (found.relevance and found.relevance.level, found.reason) == ("none", "not-about-ots")


def test_a_name_in_full_settles_what_the_abbreviation_means() -> None:
    text = "Türk Devletleri Teşkilatı heyeti geldi. TDT heyetini Tuzla Deniz Takımı (TDT) karşıladı."
    assert judged(text, "tr").level == "about"


def test_old_names_say_until_when_they_were_borne() -> None:
    names = {name.name: name for body in load().organisations.values() for name in body.names}
    assert names["Turkic Council"].until == "2021-11-12"
    assert names["Түрк кеңеш*"].until == "2021-11-12"
    assert names["Organization of Turkic States"].until is None
    assert not any("until" in name.note for name in names.values())


# -------------------------------------------------------------------------------------------------------------- asides

NOVEL = "A bakery in the old town won a prize for its bread on Sunday, and the queue reached the bridge."


@pytest.mark.parametrize(
    ("language", "text", "why"),
    [
        ("en", "The judge, a former legal adviser of the Organization of Turkic States, keeps bees.", "former"),
        ("en", "He previously worked as a driver at the Turkic Council and now bakes.", "former"),
        ("tr", "Fırıncı, daha önce Türk Devletleri Teşkilatı'nda tercümanlık yapmıştı.", "former"),
        ("tr", "Türk Konseyi'nin eski aşçısı fırın açtı.", "former"),
        ("az", "Çörəkçi əvvəllər Türk Dövlətləri Təşkilatında mühasib işləyib.", "former"),
        ("kk", "Ол бұрын Түркі кеңесінде аудармашы болып қызмет еткен.", "former"),
        ("ky", "Ал мурда Түрк мамлекеттер уюмунда айдоочу болуп иштеген.", "former"),
        ("uz", "U ilgari Turkiy davlatlar tashkilotida haydovchi boʻlib ishlagan.", "former"),
        ("ru", "Пекарь раньше работал переводчиком в Организации тюркских государств.", "former"),
        ("hu", "A pék korábban a Türk Államok Szervezeténél dolgozott.", "former"),
        ("tk", "Çörekçi öň Türki Döwletleriň Guramasynda terjimeçi bolup işledi.", "former"),
        ("en", "The bakery stands opposite the Secretariat of the Organization of Turkic States.", "venue"),
        ("tr", "Fırın, Türk Devletleri Teşkilatı Sekretaryası'nın karşısında açıldı.", "venue"),
        ("az", "Çörəkxana Türk Dövlətləri Təşkilatının yerləşdiyi küçədə açılıb.", "venue"),
        ("kk", "Наубайхана Түркі мемлекеттері ұйымының ғимаратында ашылды.", "venue"),
        ("ru", "Пекарня открылась напротив Секретариата Организации тюркских государств.", "venue"),
        ("hu", "A pékség a Türk Államok Szervezete székházával szemben nyílt meg.", "venue"),
        ("en", "Guests came from the UN, the OIC and the Organization of Turkic States.", "list"),
        ("en", "Buyers came from China, Japan, the members of the Organization of Turkic States and Europe.", "list"),
        ("tr", "Fuara Çin, Körfez ülkeleri, Türk Devletleri Teşkilatı ve Japonya'dan alıcılar geldi.", "list"),
        ("kk", "Қонақтар БҰҰ, ШЫҰ, Түркі мемлекеттері ұйымы және ЕҚЫҰ-дан келді.", "list"),
        ("ru", "Приехали гости из ООН, ШОС и Организации тюркских государств.", "list"),
        ("hu", "Követségek, a Türk Államok Szervezete és egyetemek küldtek süteményt.", "list"),
        ("en", "Greetings came from UNESCO, TURKSOY and the Turkic Academy.", "list"),
    ],
)
def test_names_that_a_text_passes_by(language: str, text: str, why: str) -> None:
    found = article(f"{NOVEL}\n\n{text}", language)
    assert found.relevance is not None
    assert (found.relevance.level, found.status, found.reason) == ("passing", "discarded", "passing")
    assert any(rule.endswith(f"/{why}") for rule in whys(found.relevance))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Organization of Turkic States, formerly the Turkic Council, was founded in Nakhchivan."),
        ("en", "Heads of TURKSOY, TURKPA and the Turkic Academy met."),
        ("en", "The secretary general of the Organization of Turkic States, and the mayor, opened a park."),
        ("en", "For two years the Organization of Turkic States has worked on a common stamp."),
        ("tr", "Türk Devletleri Teşkilatı aile ve sosyal politika bakanları toplandı."),
        ("tr", "Türk Devletleri Teşkilatı Sekretaryası yeni binasına taşındı."),
        ("kk", "Түркі мемлекеттері ұйымы бұрын да осындай жиын өткізген."),
        ("hu", "A Türk Államok Szervezete a Balaton közelében rendezett gyakorlatot."),
        ("tk", "Türki Döwletleriň Guramasynyň maşgala we durmuş syýasaty ministrleri duşuşdy."),
    ],
)
def test_names_that_say_something(language: str, text: str) -> None:
    assert judged(text, language).level == "about"


def test_the_words_that_make_an_aside_are_shown() -> None:
    text = "Ol öň Türki geňeşde terjimeçi bolup işledi."
    relevance = judged(text, "tk")
    assert [(evidence.text, evidence.rule.partition(":")[2]) for evidence in relevance.evidence] == [
        ("Türki geňeşde", "ots/former"),
        ("öň", "former:öň"),
        ("terjimeçi", "former:terjimeçi*"),
    ]
    assert "list" in whys(judged("From the UN, the OIC and the Organization of Turkic States."))


def test_in_a_title_a_list_is_what_the_text_is_about() -> None:
    title = "UN, OIC and Organization of Turkic States sign relief pact"
    assert judged(NOVEL, title=title).level == "about"


def test_one_name_that_says_something_is_enough_beside_asides() -> None:
    text = (
        "Guests came from the UN, the OIC and the Organization of Turkic States. "
        "The Organization of Turkic States gave the bakery an oven."
    )
    relevance = judged(text)
    assert relevance.level == "about"
    assert whys(relevance) == ["ots/lead"]


# -------------------------------------------------------------------------------------------------------------- levels


def test_levels_by_place_and_number() -> None:
    named = "The Organization of Turkic States gave the bakers an oven."
    long = "\n\n".join([NOVEL] * 40)
    assert judged(long, title="Organization of Turkic States gives an oven").level == "about"
    assert judged(f"{named} {NOVEL}\n\n{NOVEL}").level == "about"
    assert judged(f"{NOVEL}\n\n{named}").level == "part"
    assert judged(f"{long}\n\n{named}\n\n{named}").level == "part"
    assert judged(f"{long}\n\n{named}").level == "passing"
    assert judged(long).level == "none"


def test_the_score_rises_with_what_is_said() -> None:
    named = "The Organization of Turkic States gave the bakers an oven."
    aside = "Guests came from the UN, the OIC and the Organization of Turkic States."
    texts = [NOVEL, f"{NOVEL}\n\n{aside}", f"{NOVEL}\n\n{named}", f"{named} {NOVEL}", f"{named} {named} {NOVEL}"]
    scores = [judged(text).score for text in texts]
    assert scores == sorted(set(scores))


# ----------------------------------------------------------------------------------------------------------- all texts

PIECES = [
    "Organization of Turkic States", "OTS", "(OTS)", "TDT'nin", "ТМУнун", "OТГ", "Türk Konseyi", "TURKSOY", "the UN",
    "NATO", "China", ",", "and", "ve", "former", "adviser", "opposite", "previously", "worked as", ".", "\n\n", "Baku",
    "ü\u0308", "«", "’", "(Old Town Square)", "громада", "Turkic states", "summit",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=40).map(" ".join),
    st.sampled_from(["en", "tr", "ky", "ru", "und", "es"]),
    st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join),
)
def test_every_span_matches_its_text(text: str, language: str, title: str) -> None:
    relevance = judged(text, language, title)
    assert (relevance.level == "none") == (not relevance.evidence)
    assert 0 <= relevance.score <= 1


def labelled() -> list[tuple[str, str, str | None]]:
    """Text, language and title of every text in the labelled sets, and of the seeds where they are."""
    found: list[tuple[str, str, str | None]] = []
    for path in [LABELLED / "topics" / "texts.jsonl", LABELLED / "sentences" / "sentences.jsonl"]:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        found += [(row["text"], row["language"], row.get("title")) for row in rows]
    return found + [(path.read_text(encoding="utf-8"), "en", None) for path in sorted(SEEDS.glob("*.txt"))]


@pytest.mark.slow
def test_every_span_of_the_labelled_texts_matches_its_text() -> None:
    texts = labelled()
    assert len(texts) >= 720
    for text, language, title in texts:
        judged(text, language, title)


@pytest.mark.parametrize("piece", ["OTS (old town square) Turkic states, UN and ", "Turkic Council, UN and former "])
@pytest.mark.slow
def test_a_sentence_without_end_costs_what_its_length_does(piece: str) -> None:
    def seconds(times: int) -> float:
        started = time.process_time()
        judged(piece * times)
        return time.process_time() - started

    seconds(100)
    assert seconds(3000) < 40 * seconds(300) + 0.5, "ten times the text; a hundred times the cost if names met names"


# ------------------------------------------------------------- what passes the OTS by, and what speaks of it

WRITTEN = yaml.safe_load((Path(__file__).parent / "relevance.yaml").read_text(encoding="utf-8"))


def _written(group: str) -> list[tuple[str, str, str]]:
    return [(why, language, text) for why, texts in WRITTEN[group].items() for language, text in texts.items()]


@pytest.mark.parametrize(("why", "language", "text"), _written("discarded"))
def test_a_name_in_passing_is_not_kept(why: str, language: str, text: str) -> None:
    assert judged(text, language).level in {"passing", "none"}, why


@pytest.mark.parametrize(("why", "language", "text"), _written("kept"))
def test_one_sentence_that_speaks_of_the_ots_is_kept(why: str, language: str, text: str) -> None:
    assert judged(text, language).level in {"about", "part"}, why


def test_asides_name_their_reason() -> None:
    member = judged("Uzbekistan, a member of the Organization of Turkic States, exported melons.")
    assert whys(member) == ["ots/member", "member:a member of the"]
    kin = judged("Her husband works at the Organization of Turkic States; she breeds goats.")
    assert whys(kin) == ["ots/kin", "kin:husband", "kin:works at"]


def test_what_is_said_of_any_organisation_names_its_words() -> None:
    sides = "Hungary and Kazakhstan discussed cooperation within the Organization of Turkic States."
    formula = judged(sides)
    assert whys(formula) == ["ots/formula", "formula:within", "formula:cooperation", "formula:discuss*"]
    assert judged(sides.replace("Hungary", "Hungary, Uzbekistan")).level == "about"
    occasion = judged("The mayors met on the sidelines of a forum of the Organization of Turkic States.")
    assert whys(occasion) == ["ots/occasion", "occasion:on the sidelines of", "occasion:met"]
    others = "the President of Spain, the Prime Minister of Italy"
    guest = "Secretary General of the Organization of Turkic States Tomur Alban"
    assert whys(judged(f"Greetings came from {others}, {guest}, and a priest.")) == ["ots/holder", "holder"]
    assert judged(f"On Monday, {guest}, a lawyer, received the President of Spain.").level == "about"


def test_members_that_open_a_declaration_are_no_aside() -> None:
    text = (
        "Biz, Türk Devletleri Teşkilatına üye devletlerin bakanları, Kırgızistan'ın Karakol şehrinde bir araya geldik."
    )
    assert judged(text, "tr").level == "about"


def test_a_member_that_acts_for_the_ots_is_no_aside() -> None:
    text = "Hungary, a member of the Organization of Turkic States, opened the OTS film week; the OTS paid for it."
    assert judged(text).level == "about"
