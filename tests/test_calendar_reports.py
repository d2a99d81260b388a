"""What one article says of a meeting: its id, its year, its words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.calendar import Report, days, reports
from otswatch.records import When
from tests.calendar_reports import TAXONOMY, article, copy_of, told

OTS = "the Organization of Turkic States"


def only(text: str, published: str | None = "2027-01-18", language: str = "en") -> tuple[str, Report]:
    ((id_, report),) = reports(article("a", text, published, language=language), TAXONOMY, official=False).items()
    return id_, report


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("The 14th summit of {} will be held in Turkistan.", "summit-14"),
        ("The summit of {} was held in Gabala on 7 October 2025.", "summit-12"),
        ("The Council of Foreign Ministers of {} will meet in Bishkek on 24 February.", "foreign_ministers-2027-02-24"),
        ("Energy ministers of {} will meet in Budapest in May 2027.", "energy_ministers-2027-05"),
        ("Energy ministers of {} will meet in Budapest in May.", "energy_ministers-2027-05"),
        ("The next informal summit of {} will be held in Shusha.", "informal_summit-shusha-2027"),
        ("Uzbekistan will host the informal summit of {} in 2028.", "informal_summit-2028"),
        ("The informal summit of {} has been postponed.", "informal_summit-postponed-2027"),
        (
            "The informal summit of {} scheduled for 17 April has been postponed to 22 May.",
            "informal_summit-2027-04-17",
        ),
        ("The TURKPA plenary session will be held in Baku on 3 March 2027.", "turkpa_plenary-2027-03-03"),
    ],
)
def test_the_id_is_of_what_the_article_says(text: str, id_: str) -> None:
    assert only(text.format(OTS))[0] == id_


def test_a_known_summit_has_its_number_whatever_year_was_left_out() -> None:
    id_, report = only(f"The summit of {OTS} was held in Gabala on 7 October.", "2025-10-09")
    assert (id_, report.when and report.when.starts) == ("summit-12", "2025-10-07")


@pytest.mark.parametrize(
    ("status", "published", "day"),
    [
        ("will meet", "2027-01-18", "2027-02-24"),
        ("will meet", "2027-02-24", "2027-02-24"),
        ("will meet", "2027-02-25", "2028-02-24"),
        ("met", "2027-02-24", "2027-02-24"),
        ("met", "2027-02-23", "2026-02-24"),
    ],
)
def test_a_day_without_year_is_the_next_one_to_come_or_the_last_one_that_was(
    status: str, published: str, day: str
) -> None:
    text = f"The Council of Foreign Ministers of {OTS} {status} in Bishkek on 24 February."
    _, report = only(text, published)
    assert report.when == When(starts=day, ends=day, precision="day")
    assert report.inferred
    assert published in report.inferred


@pytest.mark.parametrize("published", [None, "2027-01"])
def test_without_a_day_of_publication_there_is_no_year(published: str | None) -> None:
    id_, report = only(f"The Council of Foreign Ministers of {OTS} will meet in Bishkek on 24 February.", published)
    assert report.when == When(starts="--02-24", ends="--02-24", precision="day")
    assert (id_, report.inferred) == ("foreign_ministers-02-24", None)


def test_without_a_word_of_what_becomes_of_it_there_is_no_year() -> None:
    _, report = only(f"The summit of {OTS} in Turkistan on 8 October is on the agenda.")
    assert (report.status, report.when and report.when.starts, report.inferred) == (None, "--10-08", None)


def test_a_year_that_is_said_is_not_inferred() -> None:
    _, report = only(f"The Council of Foreign Ministers of {OTS} will meet in Bishkek on 24 February 2027.")
    assert (report.when and report.when.starts, report.inferred) == ("2027-02-24", None)


def test_words_stand_where_the_evidence_says() -> None:
    one = article("a", f"The Council of Foreign Ministers of {OTS} will meet in Bishkek on 24 February.", "2027-01-18")
    (report,) = reports(one, TAXONOMY, official=True).values()
    rules = {rule: [words.text for words in report.words(rule)] for rule in ("meeting-days", "meeting-place")}
    assert rules == {"meeting-days": ["24 February"], "meeting-place": ["Bishkek"]}
    assert one.content
    assert all(one.content.text[words.start : words.end] == words.text for words in report.evidence)
    assert (report.official, report.title, report.published) == (True, "About a", "2027-01-18")
    assert Report.model_validate(report.to_dict()) == report


def test_what_says_nothing_is_no_report() -> None:
    assert told(article("a", f"Ministers spoke of the summit of {OTS} in Turkistan.", "2027-01-18")) == {}
    assert told(article("a", f"The summit of {OTS} was held.", "2027-01-18")) == {}


def test_a_headline_is_no_second_meeting() -> None:
    text = f"The informal summit of {OTS} scheduled for 17 April was postponed to 22 May. The OTS summit was postponed."
    assert list(told(article("a", text, "2027-01-18"))) == ["informal_summit-2027-04-17"]


def test_a_copy_says_what_it_is_a_copy_of() -> None:
    one = article("a", f"The 14th summit of {OTS} will be held in Turkistan.", "2027-01-18")
    (first, second) = told(one, copy_of(one, "b", "two"))["summit-14"].values()
    assert (first.copy_of, second.copy_of) == (None, "a")


DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@given(DAYS, st.integers(0, 20), DAYS)
def test_the_year_is_the_nearest_on_the_right_side(start: date, length: int, published: date) -> None:
    end = start + timedelta(days=length)
    when = When(starts=f"--{start:%m-%d}", ends=f"--{end:%m-%d}", precision="day")
    coming, past = days.coming(when, published), days.past(when, published)
    assert coming
    assert past
    assert days.span(coming)[1] >= published
    assert days.span(past)[0] <= published
    # A 29 February comes every four years, around 2100 after eight.
    assert (days.span(coming)[1] - published).days <= 366 * 8
    assert (published - days.span(past)[0]).days <= 366 * 8
    if "--02-29" not in (when.starts, when.ends):
        assert (days.span(coming)[1] - published).days <= 366
        assert (published - days.span(past)[0]).days <= 366
    for made in (coming, past):
        assert (made.starts[5:], made.ends[5:]) == (when.starts[2:], when.ends[2:])
