"""The window: it finds every article that `link` can hold for, and forgets what is old."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otswatch.stories import Profile, Window, link
from otswatch.stories.days import Day
from otswatch.stories.report import Amount, Said
from tests.reports import AGENCY, AGENCY_TITLE, BLOCK, DAY, EXPERTS, EXPERTS_TITLE, FEATURE, FEATURE_TITLE, seen

#: Tellings of one event and of one near it, whole, cut, with a block, on several days, in two languages.
POOL: list[Profile] = [
    seen(title, text, day=DAY + timedelta(days=days), source=f"{name}-{days}", id_=f"{name}-{days}-{cut}")
    for name, title, text in (("a", AGENCY_TITLE, AGENCY), ("f", FEATURE_TITLE, FEATURE), ("e", EXPERTS_TITLE, EXPERTS))
    for cut, text in enumerate((text, text.split("\n\n")[0], f"{text}\n\n{BLOCK}"))
    for days in (0, 1, 9)
]


def near(window: Window, one: Profile) -> set[str]:
    return {other.article for other in window.near(one)}


@given(st.lists(st.sampled_from(POOL), unique_by=lambda one: one.article))
@settings(max_examples=40)
def test_every_article_that_can_be_linked_is_found(some: list[Profile]) -> None:
    window = Window()
    for one in some:
        window.add(one)
    for one, other in combinations(some, 2):
        if link(one, other):
            assert other.article in near(window, one)
            assert one.article in near(window, other)


NAMES = ["ali", "aliyev", "aliev", "abishev", "abishevten", "tashkent", "tokayev", "tokaev", "токаев", "токаева", "бмт"]
SAID = st.lists(
    st.builds(Said, st.lists(st.sampled_from(NAMES), min_size=1, max_size=2).map(" ".join), st.just("x"), st.just(2)),
    max_size=4,
    unique=True,
).map(tuple)
PLACES = st.lists(
    st.builds(Said, st.sampled_from(["baku", "astana", "ankara"]), st.just("x"), st.just(2)), max_size=3, unique=True
).map(tuple)
VALUES = [4.0, 12.0, 58.0, 60.0, 85_000.0, 85_300.0, 2028.0, 4_580_000.0, 4_500_000.0]
FIGURES = st.lists(
    st.builds(Amount, st.sampled_from(VALUES), st.sampled_from(["", "tonn"]), st.just("x"), st.just(2), st.just(())),
    max_size=4,
    unique=True,
).map(tuple)
REPORTS = st.builds(
    lambda language, ahead, session, days, people, names, openers, places, figures: POOL[0].replace(
        language=language,
        title="",
        text=f"{people}{names}",
        whole=b"",
        opening=b"",
        blocks=(0,),
        facts=POOL[0].facts._replace(
            people=people,
            names=names,
            openers=openers,
            places=places,
            figures=figures,
            leads=(),
            days=tuple(Day(DAY - timedelta(days=back), "x") for back in days),
            ahead=ahead,
            session=session,
        ),
    ),
    st.sampled_from(["en", "en", "tr", "uz", "ru", "hu"]),
    st.sampled_from([False, False, False, True]),
    st.sampled_from([None, None, 8, 9]),
    st.sets(st.integers(0, 1), max_size=2),
    *(SAID, SAID, SAID, PLACES, FIGURES),
)


@pytest.mark.slow
@given(st.lists(REPORTS, min_size=2, max_size=8))
@settings(max_examples=200)
def test_every_report_with_enough_in_common_is_found_in_either_order(made: list[Profile]) -> None:
    some = [one.replace(article=f"a{index}", source=f"s{index}") for index, one in enumerate(made)]
    for order in (some, some[::-1]):
        window = Window()
        for place, one in enumerate(order):
            linked = {other.article for other in order[:place] if link(one, other)}
            assert linked <= near(window, one)
            window.add(one)


def test_the_pool_has_links_of_every_kind() -> None:
    rules = {found.rule for one, other in combinations(POOL, 2) if (found := link(one, other))}
    assert {"exact/1", "syndicated/1", "retold/1"} <= rules


def test_unrelated_articles_are_not_compared() -> None:
    window = Window()
    window.add(
        seen("Rain", "Rain fell on the northern districts on Wednesday, and fields stood under water for hours.")
    )
    assert near(window, POOL[0]) == set()


def test_an_article_that_changed_takes_its_own_place_and_is_never_near_itself() -> None:
    window = Window()
    window.add(POOL[0])
    changed = POOL[3].replace(article=POOL[0].article)
    window.add(changed)
    assert len(window) == 1
    assert near(window, POOL[0]) == set()
    assert window.near(POOL[4]) == [changed]


def test_other_days_are_let_go() -> None:
    window = Window()
    for one in POOL:
        window.add(one)
    kept = {DAY + timedelta(days=days) for days in (1, 9)}
    window.keep(kept)
    assert len(window) == sum(one.day in kept for one in POOL)
    assert {other.day for one in POOL for other in window.near(one)} == kept
