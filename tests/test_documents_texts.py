"""Full texts, slices of them, and what all articles say of one document."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.documents import OfficialDocument, Report, fold, load, project, read, registered
from otswatch.index.mapping import Fit, prepared
from otswatch.taxonomy import LANGUAGES
from tests.documents import DECLARATION, SISTER, everything, said, texts, told

REGISTER = load()


@cache
def gathered() -> Mapping[str, Mapping[str, Report]]:
    """Document → article → report, once everybody knows of everybody."""
    articles = everything()
    readings = {
        id_: read(REGISTER, article, official=id_.startswith("declaration-en")) for id_, article in articles.items()
    }
    known: dict[str, frozenset[str]] = {}
    for _ in range(2):
        for reading in readings.values():
            for id_, report in reading.reports(known).items():
                known |= {mark: known.get(mark, frozenset()) | {id_} for mark in report.marks}
    found: dict[str, dict[str, Report]] = {}
    for article, reading in readings.items():
        for id_, report in reading.reports(known).items():
            found.setdefault(id_, {})[article] = report
    return found


def document(id_: str = DECLARATION) -> OfficialDocument:
    return fold(REGISTER, id_, gathered()[id_])


@pytest.mark.parametrize("language", LANGUAGES)
class TestAFullText:
    def report(self, language: str) -> Report:
        return read(REGISTER, told("declaration", language), official=True).reports()[DECLARATION]

    def test_says_which_document_it_is(self, language: str):
        report = self.report(language)
        assert (report.role, report.type) == ("witness", "declaration")
        assert report.adopted is not None
        assert (report.adopted.place, report.adopted.ends.isoformat()) == ("trabzon", "2027-06-14")

    def test_has_its_title_signatories_and_areas(self, language: str):
        report = self.report(language)
        assert report.title is not None
        assert report.title.text == texts()["declaration"][language]["title"]
        assert {"kg"} <= {signatory.id for signatory in report.signatories}
        assert "transport" in report.areas

    def test_every_word_stands_at_its_place(self, language: str):
        article, report = told("declaration", language), self.report(language)
        assert article.content is not None
        frames = {"title": article.content.title or "", "text": article.content.text}
        signed = [piece for signatory in report.signatories for piece in signatory.evidence]
        adopted = report.adopted.evidence if report.adopted else ()
        for piece in (*report.evidence, *adopted, *signed):
            assert frames[piece.frame][piece.start : piece.end] == piece.text

    def test_what_it_recalls_is_cited(self, language: str):
        reports = read(REGISTER, told("declaration", language), official=True).reports()
        others = {id_: report.role for id_, report in reports.items() if id_ != DECLARATION}
        assert others == {
            "agreement-nakhchivan-2009-10-03": "citation",
            "declaration-samarkand-2022-11-11": "citation",
        }


class TestOneDocument:
    def test_in_nine_languages(self):
        assert set(document().languages) == set(LANGUAGES)
        assert all(witness.whole and witness.differs is None for witness in document().witnesses)

    def test_is_cited_by_who_slices_it_and_who_tells_of_it(self):
        rules = {cited.article: cited.rule.partition(":")[2] for cited in document().cited_by}
        assert rules == {
            **{f"slices-{language}": "clauses" for language in ("en", "tr", "ru")},
            **{f"about-{language}": "published-soon-after" for language in ("en", "az")},
            "sister": "day",
        }
        assert document().citations == len(rules)

    def test_next_years_with_nearly_the_same_words_is_another(self):
        sister = document(SISTER)
        assert [witness.article for witness in sister.witnesses] == ["sister"]
        assert sister.citations == 0

    def test_values_say_where_they_are_from(self):
        found = document()
        assert found.title == texts()["declaration"]["en"]["title"]
        assert found.told["title"].article == "declaration-en"
        assert {"adopted", "signatories", "areas", "meeting"} <= found.told.keys()
        assert found.signatories[:5] == ("az", "kz", "kg", "tr", "uz")


class TestTextsThatDiffer:
    def witnesses(self, changed: str) -> OfficialDocument:
        original = told("declaration")
        entry = texts()["declaration"]["en"]
        other = said(changed, "2027-06-20", title=entry["title"], id_="amended")
        articles = {article.id: article for article in (original, other)}
        reports = {
            id_: read(REGISTER, article, official=True).reports()[DECLARATION] for id_, article in articles.items()
        }
        return fold(REGISTER, DECLARATION, reports)

    def test_an_amended_one_says_by_how_much(self):
        text = texts()["declaration"]["en"]["text"]
        found = self.witnesses(text.replace("green electricity", "electricity and gas"))
        differs = [witness.differs for witness in found.witnesses]
        assert differs[0] is None
        assert differs[1] is not None
        assert (differs[1].article, differs[1].more, differs[1].fewer) == ("declaration-en", 1, 1)

    def test_other_spaces_are_no_difference(self):
        text = texts()["declaration"]["en"]["text"]
        assert all(witness.differs is None for witness in self.witnesses(text.replace("trade in", "tradein")).witnesses)

    def test_half_of_it_is_a_part(self):
        text = texts()["declaration"]["en"]["text"].split("Have agreed")[0] + "Adopted in Trabzon on 14 June 2027."
        assert [witness.whole for witness in self.witnesses(text).witnesses] == [True, False]


class TestOtherSorts:
    @pytest.mark.parametrize("language", ["en", "tr", "ru"])
    def test_a_joint_statement_of_ministers_is_one_in_every_language(self, language: str):
        article = told("statement", language, "2026-03-08")
        ((id_, report),) = read(REGISTER, article, official=True).reports().items()
        assert id_ == "statement-istanbul-2026-03-07"
        assert (report.role, report.type) == ("witness", "joint_statement")
        assert [signatory.id for signatory in report.signatories] == ["council_of_foreign_ministers"]

    def test_a_resolution_of_the_parliamentary_assembly(self):
        reports = read(REGISTER, told("resolution", day="2025-11-20"), official=True).reports()
        report = reports["resolution-baku-2025-11-18"]
        assert (report.role, [signatory.id for signatory in report.signatories]) == ("witness", ["turkpa"])

    @pytest.mark.parametrize("name", texts()["others"])
    def test_one_persons_words_and_excerpts_are_no_full_text(self, name: str):
        reports = read(REGISTER, told("others", name), official=True).reports()
        assert "witness" not in {report.role for report in reports.values()}


class TestFold:
    @given(st.data())
    def test_no_order_of_any_articles_matters(self, data: st.DataObject):
        reports = gathered()[DECLARATION]
        some = data.draw(st.lists(st.sampled_from(sorted(reports)), min_size=1, unique=True))
        shuffled = data.draw(st.permutations(some))
        one, other = ({article: reports[article] for article in order} for order in (some, shuffled))
        assert fold(REGISTER, DECLARATION, one) == fold(REGISTER, DECLARATION, other)

    @given(st.sets(st.deferred(lambda: st.sampled_from(sorted(everything()))), min_size=1))
    def test_a_record_survives_the_wire_and_fits_the_mapping(self, articles: set[str]):
        for id_, reports in gathered().items():
            some = {article: report for article, report in reports.items() if article in articles}
            if not some:
                continue
            found = fold(REGISTER, id_, some)
            assert OfficialDocument.model_validate(found.to_dict()) == found
            assert isinstance(prepared(project(REGISTER, found, 1)), Fit)

    def test_reports_survive_the_state(self):
        for reports in gathered().values():
            for report in reports.values():
                assert Report.model_validate(report.to_dict()) == report

    def test_the_register_wins_over_articles(self):
        reports = gathered()["declaration-samarkand-2022-11-11"]
        found = fold(REGISTER, "declaration-samarkand-2022-11-11", reports)
        assert (found.title, found.meeting) == ("Samarkand Declaration", "summit-9")
        assert found.registered is not None
        assert found.citations == len(LANGUAGES)

    @pytest.mark.parametrize(
        ("adopted", "id_", "place"),
        [
            ("", "declaration-transport_ministers-2027-05-20", None),
            (" in Konya", "declaration-konya-2027-05-20", "konya"),
        ],
    )
    def test_only_a_town_is_a_place(self, adopted: str, id_: str, place: str | None):
        text = (
            "On 20 May 2027 the tenth meeting of the transport ministers of the Organization of Turkic States"
            f"{adopted} adopted the declaration of the tenth meeting of transport ministers of 20 May 2027."
        )
        ((found_id, report),) = read(REGISTER, said(text, "2027-05-21"), official=False).reports().items()
        found = fold(REGISTER, id_, {"said": report})
        assert (found_id, found.adopted.place, project(REGISTER, found, 1).fields["place"]) == (id_, place, place)

    def test_every_registered_document_is_one_nobody_cited_yet(self):
        documents = registered(REGISTER)
        assert {document.id for document in documents} == set(REGISTER.known)
        for document in documents:
            assert document.version == 0
            assert isinstance(prepared(document), Fit)
