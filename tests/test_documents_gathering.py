"""What articles say of documents is kept the same in whatever order they come, and however often."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otswatch.documents import OfficialDocument
from tests.documents import DECLARATION, SISTER, Desk, everything, said

SOME = ("declaration-en", "declaration-tr", "slices-en", "slices-tr", "about-en", "sister")


@cache
def undisturbed() -> Mapping[str, OfficialDocument]:
    desk = Desk()
    for id_ in SOME:
        desk.put(everything()[id_])
    return desk.found()


def test_slices_and_articles_cite_the_document():
    found = undisturbed()[DECLARATION]
    assert {witness.article for witness in found.witnesses} == {"declaration-en", "declaration-tr"}
    assert {cited.article for cited in found.cited_by} == {"slices-en", "slices-tr", "about-en", "sister"}
    assert {witness.article for witness in undisturbed()[SISTER].witnesses} == {"sister"}


@settings(max_examples=12, deadline=None)
@given(st.permutations(SOME), st.lists(st.sampled_from(SOME), max_size=4))
def test_neither_the_order_nor_replays_matter(order: list[str], replayed: list[str]):
    desk = Desk()
    for id_ in (*order, *replayed):
        desk.put(everything()[id_])
    assert desk.found() == undisturbed()


@pytest.mark.parametrize("order", list(permutations(("slices-en", "declaration-en", "about-en"))))
def test_in_one_batch_as_well(order: tuple[str, ...]):
    desk = Desk()
    desk.put(*(everything()[id_] for id_ in order))
    cited = desk.found()[DECLARATION].cited_by
    assert {each.article for each in cited} == {"slices-en", "about-en"}


@pytest.mark.parametrize("first", ["slices-en", "declaration-en"])
def test_two_workers_in_the_same_moment_see_each_other(first: str):
    """One looks what is known before the other has said anything; the other then hears of it."""
    desk = Desk()
    one, other = everything()[first], everything()[{"slices-en": "declaration-en"}.get(first, "slices-en")]
    desk.gathering.reports(one, official=False)
    desk.put(other)
    desk.put(one)
    assert [each.article for each in desk.found()[DECLARATION].cited_by] == ["slices-en"]


def test_what_an_article_does_not_say_any_more_is_taken_back():
    desk = Desk()
    told = said("The Organization of Turkic States recalled the Karabakh Declaration.", "2026-01-05")
    later = said("The Organization of Turkic States recalled an older text.", "2026-01-06")
    desk.put(told)
    assert desk.found()["declaration-shusha-2024-07-06"].citations == 1
    desk.put(later)
    assert desk.found()["declaration-shusha-2024-07-06"].citations == 0


def test_a_document_that_only_a_withdrawn_report_knew_is_gone():
    desk = Desk()
    told = said("The Organization of Turkic States adopted the Konya Declaration on 5 January 2026.", "2026-01-05")
    desk.put(told)
    assert set(desk.found()) == {"declaration-konya-2026-01-05"}
    desk.put(said("The Organization of Turkic States met in Konya.", "2026-01-06"))
    assert desk.found() == {}
    assert desk.documents["declaration-konya-2026-01-05"].record["gone"]["reason"] == "not-reported"


def test_a_name_that_becomes_ambiguous_loses_its_link():
    desk = Desk()
    first = said(
        "The Organization of Turkic States adopted the Konya Declaration on 5 January 2024 in Konya.",
        "2024-01-06",
        id_="first",
    )
    named = said(
        "The leaders of the Organization of Turkic States recalled the Konya Declaration.", "2026-06-01", id_="named"
    )
    second = said(
        "The Organization of Turkic States adopted the Konya Declaration on 7 May 2026 in Konya.",
        "2026-05-08",
        id_="second",
    )
    desk.put(first)
    desk.put(named)
    assert [each.article for each in desk.found()["declaration-konya-2024-01-05"].cited_by] == ["first", "named"]
    desk.put(second)
    cited = {id_: [each.article for each in found.cited_by] for id_, found in desk.found().items()}
    assert cited == {"declaration-konya-2024-01-05": ["first"], "declaration-konya-2026-05-07": ["second", "named"]}
