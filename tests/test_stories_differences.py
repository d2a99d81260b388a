"""Where reports of one story differ: like is compared with like, and a rounder word is no difference."""

from __future__ import annotations

from datetime import timedelta

from otswatch.stories import Profile, differences
from tests.reports import AGENCY, AGENCY_TITLE, DAY, FEATURE, FEATURE_TITLE, seen


def told(text: str, name: str, *, title: str = "Exercise on the lake") -> Profile:
    return seen(title, text, source=name, id_=name)


BASE = "On Wednesday {people} rescue workers from five states began an exercise in {town}. It cost {cost} dollars."
LAKE = told(BASE.format(people="420", town="Cholpon-Ata", cost="8 million"), "lake")


def test_reports_that_say_the_same_do_not_differ() -> None:
    assert differences([LAKE, told(BASE.format(people="420", town="Cholpon-Ata", cost="8 million"), "same")]) == ()


def test_figures_of_the_same_thing_differ_with_the_words_of_each() -> None:
    other = told(BASE.format(people="460", town="Cholpon-Ata", cost="8 million"), "other")
    (found,) = differences([other, LAKE])
    assert (found.of, found.what) == ("figure", "rescue")
    assert [(value.value, dict(value.words)) for value in found.values] == [
        ("420", {"lake": "420 rescue"}),
        ("460", {"other": "460 rescue"}),
    ]


def test_a_rounder_word_and_another_thing_are_no_difference() -> None:
    rounder = told(BASE.format(people="more than 400", town="Cholpon-Ata", cost="8 million"), "rounder")
    assert differences([LAKE, rounder]) == ()
    elsewhere = told(
        "In Cholpon-Ata on Wednesday a hotel for 460 guests was shown to rescue dogs and their owners.", "x"
    )
    assert differences([LAKE, elsewhere]) == ()


def test_places_differ_where_neither_names_the_others() -> None:
    (found,) = differences([LAKE, told(BASE.format(people="420", town="Bishkek", cost="8 million"), "town")])
    assert (found.of, found.what) == ("place", "")
    assert [(value.value, dict(value.words)) for value in found.values] == [
        ("bishkek", {"town": "Bishkek"}),
        ("cholpon_ata", {"lake": "Cholpon-Ata"}),
    ]


def test_days_differ_where_none_is_the_same() -> None:
    other = told(LAKE_TUESDAY, "other")
    (found,) = differences([LAKE, other])
    assert found.of == "day"
    assert [(value.value, dict(value.words)) for value in found.values] == [
        ((DAY - timedelta(days=1)).isoformat(), {"other": "Tuesday"}),
        (DAY.isoformat(), {"lake": "Wednesday"}),
    ]


LAKE_TUESDAY = BASE.format(people="420", town="Cholpon-Ata", cost="8 million").replace("Wednesday", "Tuesday")


def test_what_only_one_report_says_is_no_difference() -> None:
    reports = [seen(AGENCY_TITLE, AGENCY, id_="a"), seen(FEATURE_TITLE, FEATURE, day=DAY + timedelta(days=1), id_="f")]
    assert differences(reports) == ()
    assert differences(reversed(reports)) == ()
    assert differences(reports[:1]) == differences([]) == ()
