"""The opening of a text: the dateline and the byline taken off, in nine languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.consumers.opening import Paragraph, lift

FETCHED = datetime(2025, 10, 9, 12, 0, tzinfo=UTC)
SECOND = "The second paragraph goes on with what the ministers of transport said to each other in the capital."


def opened(first: str, language: str = "en", start: int = -1) -> tuple[str | None, str]:
    """The dateline of a text, and what is left of its first paragraph."""
    opening = lift([Paragraph(first, start), Paragraph(SECOND, start)], language, FETCHED)
    return opening.dateline.text if opening.dateline else None, opening.paragraphs[0].text


class TestPrefixes:
    @pytest.mark.parametrize(
        ("dateline", "mark", "rest", "language"),
        [
            ("BAKU, Azerbaijan, October 8", ". ", "Six ministers met.", "en"),
            ("ANKARA, 8 Ekim (AA)", " - ", "Altı bakan bir araya geldi.", "tr"),
            ("Bakı, 8 oktyabr, XƏBƏR", " – ", "Altı nazir görüşüb.", "az"),
            ("АСТАНА, 8 қазан /ХАБАР/", " — ", "Алты министр кездесті.", "kk"),
            ("Бишкек, 8-окт. /КАБАР/", ". ", "Алты министр жолугушту.", "ky"),
            ("Toshkent, 8-oktabr (XABAR)", ". ", "Olti vazir uchrashdi.", "uz"),
            ("МОСКВА, 8 окт — Новости.", " ", "Шесть министров встретились.", "ru"),
            ("Budapest, 2025. október 8., szerda (HÍR)", " – ", "Hat miniszter találkozott.", "hu"),
            ("Aşgabat, 8-nji oktýabr (HABAR)", ". ", "Alty ministr duşuşdy.", "tk"),
        ],
    )
    def test_with_a_date(self, dateline: str, mark: str, rest: str, language: str) -> None:
        found, left = opened(f"{dateline}{mark}{rest}", language)
        assert found is not None
        assert found.rstrip(".") == dateline.rstrip(".")
        assert left == rest

    @pytest.mark.parametrize(
        ("dateline", "mark"),
        [("ANKARA (XA)", " - "), ("АСТАНА. ХАБАР", " — "), ("BAKI. XƏBƏR", ". "), ("TASHKENT /UX/", ". ")],
    )
    def test_a_place_and_an_agency_without_a_date(self, dateline: str, mark: str) -> None:
        assert opened(f"{dateline}{mark}Six ministers met.") == (dateline, "Six ministers met.")

    def test_the_reporter_named_behind_it(self) -> None:
        line = "Bakı. Xəbər, Aygün Orucova: Altı nazir görüşüb."
        opening = lift([Paragraph(line), Paragraph(SECOND)], "az", FETCHED)
        assert opening.dateline
        assert (opening.dateline.text, opening.authors) == ("Bakı. Xəbər", ("Aygün Orucova",))
        assert opening.paragraphs[0].text == "Altı nazir görüşüb."

    @pytest.mark.parametrize(
        "line",
        [
            "Baku – the capital of Azerbaijan – saw six ministers.",
            "TDT (Türk Devletleri Teşkilatı) – altı bakan bir araya geldi.",
            "Six ministers met on 8 October 2025 – and agreed.",
            "Yesterday six ministers met: they agreed.",
            "TURKSOY. The organisation of culture met.",
            "Mr. Smith. Ministers met: they agreed.",
        ],
    )
    def test_a_sentence_keeps_its_beginning(self, line: str) -> None:
        assert opened(line) == (None, line)


class TestLines:
    def test_a_line_of_its_own(self) -> None:
        line = "Awaza, 2025-nji ýylyň 8-nji oktýabry (Altyn habar)"
        assert opened(line, "tk") == (line, SECOND)

    def test_a_pages_stamp_is_no_dateline_and_no_text(self) -> None:
        assert opened("08.10.2025 09:05:00", "kk") == (None, SECOND)
        assert opened("Published: 8 October 2025, 09:05") == (None, SECOND)

    def test_in_a_pasted_text_it_is_the_only_place_of_the_date(self) -> None:
        assert opened("08.10.2025 09:05:00", "kk", start=0) == ("08.10.2025 09:05:00", SECOND)


@given(st.text(max_size=120), st.sampled_from(["en", "az", "ru", "hu", None]))
def test_what_is_lifted_stands_where_it_says(first: str, language: str | None) -> None:
    opening = lift([Paragraph(first, 0), Paragraph(SECOND, len(first) + 2)], language, FETCHED)
    given_text = f"{first}\n\n{SECOND}"
    for lifted in filter(None, (opening.dateline, opening.byline)):
        assert given_text[lifted.start : lifted.start + len(lifted.text)] == lifted.text
    for paragraph in opening.paragraphs:
        assert given_text[paragraph.start : paragraph.start + len(paragraph.text)] == paragraph.text
