"""The evaluation of stories counts as it says, and sees mistakes that are planted."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import eval_stories
from benchmarks.copies import KINDS, Telling, copies
from benchmarks.eval_stories import (
    BASELINES,
    RULES,
    Item,
    Judge,
    Written,
    b_cubed,
    by_cluster,
    components,
    counts,
    item,
    judged,
    precision,
    recall,
    within,
)
from benchmarks.measures import Counts, interval, total

IDS = "abcdef"
GROUPING = st.fixed_dictionaries({id_: st.sampled_from("123") for id_ in IDS})


def telling(id_: str, story: str, title: str, text: str) -> Telling:
    return Telling(id_, story, "original", "en", f"{id_}-daily", datetime(2026, 5, 5, 9, tzinfo=UTC), title, text)


BRIDGE = telling(
    "bridge",
    "bridge",
    "Turkic states to build a bridge of libraries",
    "Librarians of the Organization of Turkic States agreed in Bukhara on Tuesday to lend each other manuscripts "
    "without fees.\n\nForty volumes will travel from Kazan to Konya in August, Farida Yusupova, the host, said. "
    "Digital copies are to follow by 2030, and restorers from Budapest will train colleagues from all member states.",
)
WOLVES = telling(
    "wolves",
    "wolves",
    "Herders of five countries ask for one fund against wolves",
    "Herders who met in Naryn on Wednesday asked the Organization of Turkic States for a common fund that pays for "
    "sheep killed by wolves.\n\nLast winter 3,100 animals were lost, Bakyt Imanaliev, who spoke for them, said.",
)


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return [item(each) for original in (BRIDGE, WOLVES) for each in (original, *copies(original))]


# ------------------------------------------------------------------------------------------------------------ measures


def test_what_is_linked_through_others_is_one_story() -> None:
    assert components("abcde", [("a", "b"), ("c", "b"), ("d", "e")]) == {
        "a": "a",
        "b": "a",
        "c": "a",
        "d": "d",
        "e": "d",
    }


@given(st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS))), st.randoms())
def test_stories_do_not_depend_on_the_order_of_links(links: list[tuple[str, str]], dice: Random) -> None:
    made = components(IDS, links)
    dice.shuffle(links)
    assert components(IDS, links) == made
    assert all(made[one] == made[other] for one, other in links)
    assert all(made[story] == story for story in made.values())


@given(GROUPING)
def test_a_grouping_is_right_about_itself(grouping: dict[str, str]) -> None:
    pairs = within(grouping)
    found = counts(pairs, pairs)
    assert (precision(found), recall(found)) == (1, 1)
    assert b_cubed(grouping, grouping) == (1, 1)


@given(GROUPING, GROUPING)
def test_parts_add_up_to_the_whole_and_sides_change_roles(gold: dict[str, str], found: dict[str, str]) -> None:
    sides = within(gold), within(found)
    both = counts(*sides)
    assert total(by_cluster(*sides, gold)) == both
    assert b_cubed(gold, found) == pytest.approx(b_cubed(found, gold)[::-1])
    assert (precision(both), recall(both)) == (recall(counts(*sides[::-1])), precision(counts(*sides[::-1])))


def test_b_cubed_of_the_textbook() -> None:
    gold = dict(zip("abcde", "11122", strict=True))
    found = dict(zip("abcde", "11222", strict=True))
    purity, wholeness = b_cubed(gold, found)
    assert purity == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5)
    assert wholeness == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)


def test_an_interval_of_clusters_that_are_alike_is_a_point() -> None:
    alike, mixed = [Counts(3, 1, 0)] * 20, [Counts(3, 0, 0), Counts(0, 3, 0)] * 10
    assert interval(alike, precision) == "0.750–0.750"
    low, high = map(float, interval(mixed, precision).split("–"))
    assert 0.2 < low < 0.4
    assert 0.6 < high < 0.8


# -------------------------------------------------------------------------------------------------------------- judges


def test_the_baselines_link_what_they_say(items: list[Item]) -> None:
    kinds = {judge.name: kinds_linked(judge, items) for judge in BASELINES}
    assert kinds["same text"] >= {"exact", "other headline", "no diacritics", "changed punctuation"}
    assert not kinds["same text"] & {"added background", "first paragraph only", "one sentence edited"}
    assert kinds["half of the runs"] >= {"one sentence edited", "agency prefix"}
    assert "first paragraph only" not in kinds["half of the runs"]
    assert "first paragraph only" in kinds["same title"]
    assert not kinds["same title"] & {"other headline"}


def kinds_linked(judge: Judge, items: list[Item]) -> set[str]:
    """The kinds of the copies that are linked with the first original."""
    links = judge.linked(items)
    by_id = {each.id: each for each in items}
    others = {one if other == BRIDGE.id else other for one, other in links if BRIDGE.id in (one, other)}
    assert all(by_id[id_].telling.story == BRIDGE.story for id_ in others)
    return {by_id[id_].telling.kind for id_ in others}


def test_the_window_offers_every_pair_that_the_rules_link(items: list[Item]) -> None:
    linked = RULES.linked(items)
    assert linked == {
        eval_stories.pair(one, other)
        for number, one in enumerate(items)
        for other in items[number + 1 :]
        if RULES.same(one, other)
    }


def test_the_rules_link_copies_and_not_what_only_the_outlet_adds(items: list[Item]) -> None:
    assert kinds_linked(RULES, items) >= set(KINDS) - {"first paragraph only", "shortened at the end"}


def test_a_judge_that_links_everything_is_found_out(items: list[Item]) -> None:
    everything = Judge("everything", lambda *_: True, lambda all_: within(dict.fromkeys((x.id for x in all_), "1")))
    gold = within({each.id: each.telling.story for each in items})
    found = counts(gold, within(everything.stories(items)))
    assert recall(found) == 1
    assert precision(found) == pytest.approx(len(gold) / (len(items) * (len(items) - 1) / 2))
    one, other = items[0], items[len(items) // 2]
    rows = [Written(one, items[1], same=True, why="retold"), Written(one, other, same=False, why="session")]
    assert [(each.right, each.wrong, each.missed) for each in judged(everything, rows)] == [(1, 1, 0)]
    assert rows[1].language == "en"


# ------------------------------------------------------------------------------------------------------------- printed


@pytest.mark.slow
def test_all_scores_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    eval_stories.main(["--originals", "1"])
    printed = capsys.readouterr().out
    for text in (
        "12 kinds of 1 originals in 9 languages, 594 pairs",
        "within a language, 70 same and 274 hard ones",
        "across languages, day hidden, 30 same and 26 hard ones",
        "180 articles of 73 events",
        "nothing in common but a block",
    ):
        assert text in printed


@pytest.mark.slow
def test_mistakes_are_listed_with_titles(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Judge("rules", lambda *_: False, lambda _: set())
    monkeypatch.setattr(eval_stories, "RULES", nothing)
    eval_stories.main(["--originals", "1", "--show"])
    printed = capsys.readouterr().out
    assert printed.count("missed: ") == 100 + 594
    assert "Turkic states settle on one through tariff for the Middle Corridor" in printed
