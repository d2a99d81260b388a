"""What the reports of many articles come to: one meeting each, in whatever order they came."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otswatch.calendar import Entry, Gathered, fold
from otswatch.calendar.entry import independent
from otswatch.calendar.joining import joined
from otswatch.records import Article
from tests.calendar_reports import article, copy_of, gathered, told

OTS = "the Organization of Turkic States"
PLAN = f"The Council of Foreign Ministers of {OTS} will meet in {{place}} on {{day}}."
TODAY = date(2027, 2, 1)


def plan(
    id_: str, day: str = "24 February", place: str = "Bishkek", source: str = "one", on: str = "2027-01-18"
) -> Article:
    return article(id_, PLAN.format(place=place, day=day), on, source)


def entries(*articles: Article, official: tuple[str, ...] = (), today: date = TODAY) -> list[Entry]:
    return sorted(joined(gathered(told(*articles, official=official)), today), key=lambda one: one.id)


def only(*articles: Article, official: tuple[str, ...] = (), today: date = TODAY) -> Entry:
    (one,) = entries(*articles, official=official, today=today)
    return one


def values(one: Entry, of: str) -> list[str]:
    return [value.value for difference in one.differences if difference.of == of for value in difference.values]


# ---------------------------------------------------------------------------------------------------------- certainty


def test_one_source_is_expected_an_official_one_confirms() -> None:
    assert only(plan("a")).certainty == "expected"
    assert only(plan("a", source="mfa"), official=("mfa",)).certainty == "confirmed"


def test_two_sources_confirm_but_not_two_copies_or_two_texts_of_one_source() -> None:
    first = plan("a")
    assert only(first, plan("b", source="two")).certainty == "confirmed"
    assert only(first, copy_of(first, "b", "two")).certainty == "expected"
    assert only(first, plan("b", on="2027-01-20")).certainty == "expected"


def test_independent_sources_are_counted_by_texts_and_by_sources() -> None:
    first = plan("a")
    reports = told(first, copy_of(first, "b", "two"), plan("c", source="three"))["foreign_ministers-2027-02-24"]
    assert independent(reports.values()) == 2


@pytest.mark.parametrize("day", ["in March 2027", "in 2027", ""])
def test_without_a_day_it_is_vague(day: str) -> None:
    text = f"The summit of {OTS} will be held in Turkistan {day}.".replace(" .", ".")
    one = only(article("a", text, "2027-01-18"))
    assert (one.certainty, one.has_day) == ("vague", False)


def test_reports_that_differ_are_shown_with_who_says_so() -> None:
    one = only(plan("a"), plan("b", "25 February", source="two"), plan("c", place="Osh", source="three"))
    assert one.certainty == "disputed"
    assert values(one, "day") == ["2027-02-24", "2027-02-25"]
    assert values(one, "place") == ["bishkek", "osh"]
    (day, _) = one.differences
    assert [said.article for said in day.values[1].said] == ["b"]
    assert day.values[1].said[0].evidence[0].text == "25 February"
    # What most say stands.
    assert (one.when and one.when.starts, one.place and one.place.id) == ("2027-02-24", "bishkek")


def test_what_is_official_stands_against_more_of_others() -> None:
    one = only(plan("a"), plan("b", source="two"), plan("c", "25 February", source="mfa"), official=("mfa",))
    assert one.when
    assert (one.when.starts, one.certainty) == ("2027-02-25", "disputed")


def test_a_month_says_nothing_against_its_day_nor_a_country_against_its_town() -> None:
    month = article(
        "b", f"Kyrgyzstan will host the Council of Foreign Ministers of {OTS} in February 2027.", "2027-01-02", "two"
    )
    one = only(plan("a"), month)
    assert (one.differences, one.certainty, one.articles) == ((), "expected", 2)
    assert one.when
    assert one.when.starts == "2027-02-24"


# ------------------------------------------------------------------------------------------------------------- status


def test_a_meeting_that_was_held() -> None:
    held = article(
        "b", f"The Council of Foreign Ministers of {OTS} met in Bishkek on 24 February.", "2027-02-25", "two"
    )
    one = only(plan("a", source="mfa"), held, official=("mfa",), today=date(2027, 3, 1))
    assert (one.status, one.passed) == ("held", False)
    assert [(step.status, step.said.article) for step in one.history] == [("planned", "a"), ("held", "b")]


def test_a_day_that_is_over_without_a_report_is_marked() -> None:
    assert not only(plan("a"), today=date(2027, 2, 24)).passed
    assert only(plan("a"), today=date(2027, 2, 25)).passed


POSTPONED = f"The Council of Foreign Ministers of {OTS} that had been scheduled for 24 February has been postponed"


def test_a_new_day_takes_the_place_of_the_old_one() -> None:
    moved = article("b", f"{POSTPONED} to 10 March.", "2027-02-20", "two")
    one = only(plan("a"), moved)
    assert one.when
    assert one.moved_from
    assert (one.when.starts, one.moved_from.starts) == ("2027-03-10", "2027-02-24")
    assert (one.status, one.differences, one.sequence) == ("postponed", (), 1)
    assert one.id == "foreign_ministers-2027-02-24"


def test_the_new_day_alone_is_the_same_meeting() -> None:
    moved = article("b", f"{POSTPONED} to 10 March.", "2027-02-20", "two")
    later = plan("c", "10 March", source="three", on="2027-02-28")
    one = only(plan("a"), moved, later)
    assert one.when
    assert (one.when.starts, one.certainty) == ("2027-03-10", "confirmed")
    assert one.ids == ("foreign_ministers-2027-02-24", "foreign_ministers-2027-03-10")


def test_without_a_new_day_none_is_known() -> None:
    one = only(plan("a"), article("b", f"{POSTPONED}.", "2027-02-20", "two"))
    assert (one.status, one.when, one.certainty) == ("postponed", None, "vague")
    assert one.moved_from


CANCELLED = f"The Council of Foreign Ministers of {OTS} scheduled for 24 February has been cancelled."


def test_the_latest_official_word_counts() -> None:
    off = article("b", CANCELLED, "2027-02-20", "mfa")
    assert only(plan("a", source="mfa"), off, official=("mfa",)).status == "cancelled"
    assert only(plan("a", source="mfa", on="2027-02-22"), off, official=("mfa",)).status == "planned"


def test_who_denies_an_official_plan_is_heard() -> None:
    one = only(plan("a", source="mfa"), article("b", CANCELLED, "2027-02-20", "two"), official=("mfa",))
    assert (one.status, one.certainty) == ("planned", "disputed")
    assert values(one, "status") == ["cancelled", "planned"]


# ------------------------------------------------------------------------------------------------------- which are one


def test_a_number_and_a_day_are_one_where_an_article_has_both() -> None:
    number = article("a", f"The 14th summit of {OTS} will be held in Turkistan.", "2027-01-18")
    day = article("b", f"The summit of {OTS} will be held in Turkistan on 8 October 2027.", "2027-01-19", "two")
    both = article("c", f"The 14th summit of {OTS} will be held on 8 October 2027.", "2027-01-20", "three")
    one = only(number, day, both)
    assert one.ids == ("summit-14", "summit-2027-10-08")
    assert (one.number, one.place and one.place.id, one.articles, one.id) == (14, "turkistan", 3, "summit-14")


def test_what_could_be_either_of_two_stays_alone() -> None:
    spring = article("a", f"The summit of {OTS} will be held on 8 April 2027.", "2027-01-18")
    autumn = article("b", f"The summit of {OTS} will be held on 8 October 2027.", "2027-01-19")
    year = article("c", f"The summit of {OTS} will be held in 2027.", "2027-01-20")
    assert len(entries(spring, autumn, year)) == 3
    assert len(entries(spring, year)) == 1


def test_other_bodies_and_other_places_are_other_meetings() -> None:
    elders = article("a", f"The Council of Elders of {OTS} will meet in Bishkek on 24 February.", "2027-01-18")
    assert len(entries(plan("b"), elders)) == 2
    assert len(entries(plan("a"), plan("b", "3 June", "Baku"))) == 2
    assert len(entries(plan("a"), plan("b", "25 February", "Baku"))) == 2


def test_the_id_stays_when_more_is_learnt() -> None:
    first = plan("a", on="2027-01-10")
    more = article(
        "b",
        f"The 30th meeting of the Council of Foreign Ministers of {OTS} will be held in Bishkek on 24 February.",
        "2027-01-18",
    )
    assert only(first).id == only(first, more).id == "foreign_ministers-2027-02-24"


# --------------------------------------------------------------------------------------------------------- any order

TEXTS = [
    plan("p1"),
    plan("p2", "25 February", source="two"),
    plan("p3", place="Osh", source="mfa", on="2027-01-20"),
    plan("p4", "24–25 February 2027", source="three", on="2027-01-21"),
    article("p5", f"{POSTPONED} to 10 March.", "2027-02-20", "two"),
    article("p6", f"{POSTPONED}.", "2027-02-21", "three"),
    article("p7", CANCELLED, "2027-02-22", "four"),
    article("p8", f"The Council of Foreign Ministers of {OTS} met in Bishkek on 10 March.", "2027-03-11", "mfa"),
    article("p9", f"Kyrgyzstan will host the Council of Foreign Ministers of {OTS} in 2027.", "2027-01-02", "five"),
    article("s1", f"The 14th summit of {OTS} will be held in Turkistan.", "2027-01-18"),
    article("s2", f"The summit of {OTS} will be held in Turkistan on 8 October 2027.", "2027-01-19", "two"),
    article("s3", f"The 14th summit of {OTS} will be held on 8 October 2027.", "2027-01-20", "three"),
    article("s4", f"The summit of {OTS} will be held in 2027.", "2027-01-20", "four"),
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(range(len(TEXTS))), min_size=1), st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(chosen: set[int], order: random.Random) -> None:
    articles = [TEXTS[index] for index in sorted(chosen)]
    shuffled = list(articles)
    order.shuffle(shuffled)
    assert _made(articles) == _made(shuffled)
    by_id = told(*articles, official=("mfa",))
    for id_, reports in by_id.items():
        turned = dict(reversed(reports.items()))
        assert fold(id_, reports) == fold(id_, turned)
        assert Gathered.model_validate(fold(id_, reports).to_dict()) == fold(id_, reports)


def _made(articles: Sequence[Article]) -> list[Entry]:
    folded = gathered(told(*articles, official=("mfa",)))
    return sorted(joined(folded, TODAY), key=lambda one: one.id)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(range(len(TEXTS))), min_size=1))
def test_every_report_is_in_one_meeting_and_every_value_has_its_words(chosen: set[int]) -> None:
    articles = [TEXTS[index] for index in sorted(chosen)]
    by_id = told(*articles, official=("mfa",))
    made = _made(articles)
    assert sorted(id_ for one in made for id_ in one.ids) == sorted(by_id)
    for one in made:
        for field in ("when", "place", "number", "status"):
            if getattr(one, field) is not None:
                assert one.evidence[field]
                assert all(said.evidence for said in one.evidence[field])
        assert Entry.model_validate(one.to_dict()) == one
