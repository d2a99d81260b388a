"""Which document a text names: by its place, its meeting, its own name; and when that stays unknown."""

from __future__ import annotations

import pytest

from otswatch.documents import Reading, load, read
from otswatch.documents.clauses import clauses
from tests.documents import said

REGISTER = load()
BISHKEK, KARABAKH, NAKHCHIVAN = (
    "declaration-bishkek-2024-11-06",
    "declaration-shusha-2024-07-06",
    "agreement-nakhchivan-2009-10-03",
)


def reading(text: str, day: str | None = None) -> Reading:
    return read(REGISTER, said(text, day), official=False)


def cited(text: str, day: str | None = None) -> dict[str, str]:
    """Document → by what it was told."""
    return {id_: report.rule.partition(":")[2] for id_, report in reading(text, day).reports().items()}


@pytest.mark.parametrize(
    "text",
    [
        "The leaders of the Organization of Turkic States recalled the Bishkek Declaration of 6 November 2024.",
        "Türk Devletleri Teşkilatı, 6 Kasım 2024 tarihli Bişkek Bildirisi'ni hatırlattı.",
        "Türk Dövlətləri Təşkilatı 6 noyabr 2024-cü il tarixli Bişkek Bəyannaməsini xatırladıb.",
        "Түркі мемлекеттері ұйымы 2024 жылғы 6 қарашадағы Бішкек декларациясын еске салды.",
        "Түрк мамлекеттер уюму 2024-жылдын 6-ноябрындагы Бишкек декларациясын эске салды.",
        "Turkiy davlatlar tashkiloti 2024-yil 6-noyabrdagi Bishkek deklaratsiyasini eslatdi.",
        "Туркий давлатлар ташкилоти 2024 йил 6 ноябрдаги Бишкек декларациясини эслатди.",
        "Организация тюркских государств напомнила о Бишкекской декларации от 6 ноября 2024 года.",
        "A Türk Államok Szervezete emlékeztetett a 2024. november 6-i Biskeki Nyilatkozatra.",
        "Türki Döwletler Guramasy 2024-nji ýylyň 6-njy noýabryndaky Bişkek Jarnamasyny ýatlatdy.",
    ],
)
def test_a_name_with_its_day_is_one_document_in_nine_languages(text: str):
    assert cited(text) == {BISHKEK: "day"}


@pytest.mark.parametrize(
    "text",
    [
        "The Organization of Turkic States acts on the basis of the Karabakh Declaration.",
        "Türk Devletleri Teşkilatı Karabağ Bildirisi'ne atıfta bulundu.",
        "Türk Dövlətləri Təşkilatı Qarabağ Bəyannaməsinə istinad edib.",
        "Түркі мемлекеттері ұйымы Қарабақ декларациясына сүйенді.",
        "Түрк мамлекеттер уюму Карабах декларациясына таянды.",
        "Turkiy davlatlar tashkiloti Qorabogʻ deklaratsiyasiga tayandi.",
        "Организация тюркских государств сослалась на Карабахскую декларацию.",
        "A Türk Államok Szervezete a Karabahi Nyilatkozatra hivatkozott.",
        "Türki Döwletler Guramasy Garabag Jarnamasyna salgylandy.",
    ],
)
def test_a_document_has_names_of_its_own_in_nine_languages(text: str):
    assert cited(text) == {KARABAKH: "name"}


class TestTwoDocumentsHaveTheName:
    """Bishkek adopted a declaration in 2012 and one in 2024."""

    def test_a_name_alone_stays_unknown(self):
        assert cited("The leaders of the Organization of Turkic States recalled the Bishkek Declaration.") == {}

    def test_a_year_tells_them_apart(self):
        text = "The leaders of the Organization of Turkic States recalled the {} Bishkek Declaration."
        assert list(cited(text.format("2012"))) == ["declaration-bishkek-2012-08-23"]
        assert list(cited(text.format("2024"))) == [BISHKEK]

    def test_a_number_of_the_meeting_tells_them_apart(self):
        text = "The declaration of the {} Summit of the Organization of Turkic States mentions water."
        assert cited(text.format("11th")) == {BISHKEK: "meeting"}
        assert cited(text.format("Second")) == {"declaration-bishkek-2012-08-23": "meeting"}

    def test_an_article_of_the_days_after_is_about_that_one(self):
        text = "The leaders of the Organization of Turkic States signed the Bishkek Declaration on Wednesday."
        assert cited(text, "2024-11-07") == {BISHKEK: "published-soon-after"}
        assert cited(text, "2012-08-24") == {"declaration-bishkek-2012-08-23": "published-soon-after"}

    def test_what_is_not_adopted_yet_cannot_be_meant(self):
        text = "The leaders of the Organization of Turkic States recalled the Bishkek Declaration."
        assert cited(text, "2020-01-01") == {"declaration-bishkek-2012-08-23": "only-one-of-this-name"}


class TestOfOthers:
    @pytest.mark.parametrize(
        "text",
        [
            "The Shanghai Cooperation Organisation adopted the Samarkand Declaration; the OTS sent an observer.",
            "The Astana Declaration of the OSCE was recalled by the Organization of Turkic States.",
            "Организация тюркских государств наблюдала, как ШОС приняла Самаркандскую декларацию.",
        ],
    )
    def test_the_nearer_organisation_is_whose_it_is(self, text: str):
        assert cited(text, "2022-11-20") == {}

    @pytest.mark.parametrize(
        "text",
        [
            "The Organization of Turkic States welcomed the Shusha Declaration of Türkiye and Azerbaijan.",
            "Türk Devletleri Teşkilatı, Şuşa Beyannamesi'ni memnuniyetle karşıladı.",
            "Türk Dövlətləri Təşkilatı Şuşa Bəyannaməsini alqışlayıb.",
            "Организация тюркских государств приветствовала Шушинскую декларацию.",
        ],
    )
    def test_two_members_declaration_in_the_town_of_a_summit_is_not_the_summits(self, text: str):
        assert list(cited(text, "2025-03-01")) == ["declaration-shusha-2021-06-15"]

    def test_with_the_summits_year_it_is_the_summits(self):
        text = "The Organization of Turkic States follows the Shusha Declaration of 6 July 2024."
        assert list(cited(text)) == [KARABAKH]

    def test_ministers_declaration_of_the_same_town_is_not_the_leaders(self):
        text = "The agencies of the Organization of Turkic States discussed how the Almaty Declaration is carried out."
        assert cited(text, "2025-11-20") == {}


class TestWhatIsNoAdoption:
    def test_a_day_to_come_makes_no_document(self):
        text = "The Organization of Turkic States will adopt the Turkistan Declaration on 15 May 2026 in Turkistan."
        assert cited(text, "2026-05-01") == {}

    def test_what_is_done_with_a_document_later_makes_no_second_one(self):
        text = "The parliament approved the Organization of Turkic States' Ankara Declaration on 5 May 2024."
        assert "declaration-ankara-2024-05-05" not in cited(text, "2024-05-06")

    def test_a_statement_in_a_place_is_no_named_document(self):
        assert cited("Türk Devletleri Teşkilatı liderleri Bakü'de bir bildiri kabul etti.", "2024-01-01") == {}

    def test_an_article_without_a_date_is_not_guessed_into_a_year(self):
        assert cited("The Organization of Turkic States signed the Gabala Declaration.") == {}


class TestNewDocuments:
    def test_the_day_beside_the_adoption_makes_one(self):
        text = "The Organization of Turkic States adopted the Turkistan Declaration on 15 May 2026 in Turkistan."
        assert cited(text, "2026-05-16") == {"declaration-turkistan-2026-05-15": "day"}

    def test_the_meeting_that_an_article_tells_of_dates_what_it_adopted(self):
        text = (
            "Foreign ministers of the Organization of Turkic States issued a joint statement following an informal "
            "meeting of the OTS Council of Foreign Ministers held in Istanbul on 7 March."
        )
        assert list(cited(text, "2026-03-10")) == ["statement-istanbul-2026-03-07"]
        assert cited(text) == {}

    def test_reports_in_two_languages_make_one(self):
        english = "The Organization of Turkic States adopted the Konya Declaration on 3 June 2027 in Konya."
        russian = "Организация тюркских государств приняла 3 июня 2027 года в Конье Конийскую декларацию."
        assert (
            list(cited(english, "2027-06-04")) == list(cited(russian, "2027-06-04")) == ["declaration-konya-2027-06-03"]
        )


def test_evidence_is_what_stands_at_its_place():
    text = "The leaders of the Organization of Turkic States recalled the Bishkek Declaration of 6 November 2024."
    article = said(text)
    assert article.content is not None
    (report,) = read(REGISTER, article, official=False).reports().values()
    assert [piece.text for piece in report.evidence] == ["Bishkek Declaration", "6 November 2024"]
    for piece in report.evidence:
        assert article.content.text[piece.start : piece.end] == piece.text
        assert piece.rule.startswith("documents/1:")


def test_an_article_that_names_nothing_has_no_marks():
    assert reading("Interior ministers of the Organization of Turkic States met in Samarkand on Friday.").marks == ()


def test_what_is_discarded_says_nothing():
    article = said("The Bishkek Declaration of 6 November 2024 was recalled.").replace(status="discarded")
    assert read(REGISTER, article, official=False).reports() == {}


class TestClauses:
    CLAUSE = "We welcome the introduction of a single transit permit for road carriers from 1 January 2028"

    def hashes(self, text: str) -> list[str]:
        return [hash_ for hash_, _, _ in clauses(text)]

    @pytest.mark.parametrize(
        "written",
        [
            "12. {};",
            "- {}.",
            "“{},” the document says",
            "(a) {};\n\nshort;\n\n",
        ],
    )
    def test_numbers_marks_and_neighbours_do_not_matter(self, written: str):
        assert self.hashes(self.CLAUSE)[0] in self.hashes(written.format(self.CLAUSE))

    def test_lost_spaces_and_capitals_do_not_matter(self):
        assert self.hashes(self.CLAUSE.upper().replace(" ", "")) == self.hashes(self.CLAUSE)

    def test_other_words_do(self):
        assert self.hashes(self.CLAUSE) != self.hashes(self.CLAUSE.replace("2028", "2029"))

    def test_short_ones_are_left_out(self):
        assert self.hashes("Have agreed on the following:") == []
