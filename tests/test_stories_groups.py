"""Groups of articles: the same links give the same stories in any order, killed anywhere; people part and join them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from otswatch import versions
from otswatch.records import Membership
from otswatch.state.sqlite import SqliteState
from otswatch.stories.groups import ALONE, MERGED, Card, Group, Groups, Like
from otswatch.stories.ids import story_id
from tests.memory import MemoryState

BEGAN = datetime(2026, 5, 14, 9, tzinfo=UTC)
SAID = BEGAN + timedelta(hours=1)


def card(article: str, minute: int = 0, *, official: bool = False, language: str = "en", version: int = 0) -> Card:
    seen = BEGAN + timedelta(minutes=minute)
    return Card(
        article=article,
        url=None,
        source="a-paper",
        title=f"Headline of {article}",
        language=language,
        first_seen=seen,
        published=None,
        official=official,
        reason=ALONE,
        own=story_id(seen, article),
        day="2026-05-14",
        version=version,
    )


def like(article: str, rule: str = "syndicated/1") -> Like:
    return Like(article=article, rule=rule, why=("80% of the text",))


@pytest.fixture
def groups(tmp_path: Path) -> Iterator[Groups]:
    state = SqliteState(tmp_path / "state.sqlite")
    yield Groups(state)
    state.close()


def of(groups: Groups, *articles: str) -> list[Membership]:
    found = groups.of(articles)
    return [found[article] for article in articles]


def test_an_article_that_is_like_no_other_is_a_story_of_its_own(groups: Groups) -> None:
    [group] = groups.take(card("a"), [])
    [membership] = of(groups, "a")
    assert membership == Membership(id=card("a").own, role="first", reason=ALONE)
    assert (group.id, list(group.members)) == (membership.id, ["a"])


def test_a_copy_says_what_it_is_like_and_by_which_rule(groups: Groups) -> None:
    groups.take(card("a"), [])
    [group] = groups.take(card("b", 1), [like("a")])
    assert of(groups, "b") == [
        Membership(id=card("a").own, role="member", reason="syndicated/1", like="a", why=("80% of the text",))
    ]
    assert set(group.members) == {"a", "b"}


def test_an_article_joins_two_stories_and_the_elder_id_stands(groups: Groups) -> None:
    groups.take(card("a"), [])
    groups.take(card("b", 1), [])
    touched = {group.id: group for group in groups.take(card("c", 2), [like("b"), like("a", "retold/1")])}
    left, gone = touched[card("a").own], touched[card("b", 1).own]
    assert (left.into, gone.into) == (None, left.id)
    assert [each.id for each in of(groups, "a", "b", "c")] == [card("a").own] * 3
    assert set(left.moved) == {"b", "c"}


def test_the_one_that_began_a_story_has_a_reason_once_it_is_not_the_first(groups: Groups) -> None:
    groups.take(card("b", 1), [])
    groups.take(card("c", 2), [like("b")])
    groups.take(card("a"), [like("c")])
    first, second, third = of(groups, "a", "b", "c")
    assert (first.role, second.role) == ("first", "member")
    assert (second.reason, second.like) == (MERGED, "a")
    assert (third.reason, third.like) == ("syndicated/1", "b")


def test_the_first_by_a_state_or_body_is_named(groups: Groups) -> None:
    groups.take(card("a"), [])
    groups.take(card("c", 2, official=True), [like("a")])
    groups.take(card("b", 1, official=True), [like("a")])
    assert [each.role for each in of(groups, "a", "b", "c")] == ["first", "official", "member"]


def test_an_article_that_changes_stays_in_its_story(groups: Groups) -> None:
    groups.take(card("a"), [])
    groups.take(card("b", 1), [like("a")])
    before = of(groups, "b")
    [group] = groups.take(card("b", 1, language="tr"), [])
    assert of(groups, "b") == before
    assert group.members["b"].language == "tr"


def test_what_is_no_longer_kept_is_not_shown_and_comes_back(groups: Groups) -> None:
    groups.take(card("a"), [])
    groups.take(card("b", 1), [like("a")])
    [group] = groups.drop("a", 0)
    assert [each.article for each in group.shown] == ["b"]
    assert of(groups, "b")[0].role == "first"
    [group] = groups.take(card("a"), [])
    assert [each.article for each in group.shown] == ["a", "b"]
    assert groups.drop("never-seen", 0) == []


def test_a_message_that_is_late_does_not_overrule_a_later_fetch(groups: Groups) -> None:
    groups.take(card("a"), [])
    groups.take(card("b", 1, language="tr", version=2), [])
    [group] = groups.drop("b", 1)
    assert [each.article for each in group.shown] == ["b"]
    touched = groups.take(card("b", 1, version=1), [like("a")])
    assert touched[0].members["b"].language == "tr"
    assert [each.id for each in of(groups, "a", "b")] == [card("a").own] * 2, "what was alike once is one story"
    groups.drop("b", 3)
    [group, *_] = groups.take(card("b", 1, version=2), [])
    assert [each.article for each in group.shown] == ["a"]
    [group, *_] = groups.take(card("b", 1, version=4), [])
    assert [each.article for each in group.shown] == ["a", "b"]


def test_stories_that_were_absorbed_are_told_for_a_day(groups: Groups, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, minute in (("a", 0), ("b", 1)):
        groups.take(card(name, minute), [])
    groups.take(card("c", 2), [like("a"), like("b")])
    assert len(groups.take(card("d", 3), [like("a")])) == 2
    later = versions.time.time_ns() + 2 * 86_400 * 10**9
    monkeypatch.setattr(versions, "time", SimpleNamespace(time_ns=lambda: later))
    assert [each.into for each in groups.take(card("e", 4), [like("a")])] == [None]


def test_a_person_parts_an_article_and_no_link_joins_it_again(groups: Groups) -> None:
    for name, minute in (("a", 0), ("b", 1)):
        groups.take(card(name, minute), [like("a")] if name == "b" else [])
    mine, rest = groups.part("b", "word-1", SAID, "human/ayse")
    assert ([*mine.members], [*rest.members]) == (["b"], ["a"])
    assert groups.part("b", "word-1", SAID, "human/ayse")[0].id == mine.id
    groups.take(card("b", 1), [like("a", "exact/1")])
    groups.take(card("c", 2), [like("b", "exact/1"), like("a")])
    parted, home, copy = (each.id for each in of(groups, "b", "a", "c"))
    assert parted == copy != home
    assert of(groups, "b")[0].reason == "human/ayse"


def test_a_person_joins_two_stories_also_those_that_were_parted(groups: Groups) -> None:
    groups.take(card("a"), [])
    groups.take(card("b", 1), [like("a")])
    groups.part("b", "word-1", SAID, "human/ayse")
    left, gone = groups.join("b", card("a").own, "human/ayse")
    assert (left.id, gone.into) == (card("a").own, card("a").own)
    assert [(each.id, each.reason) for each in of(groups, "a", "b")] == [
        (card("a").own, ALONE),
        (card("a").own, "human/ayse"),
    ]
    assert groups.join("b", "no-such-story", "human/ayse") == []


def test_one_that_lags_behind_does_not_bring_back_a_story_that_is_no_more(groups: Groups, tmp_path: Path) -> None:
    """A frozen worker wakes up beside its successor, and writes what it had worked out before."""
    groups.take(card("a"), [])
    groups.take(card("b", 1), [])
    zombie = Groups(SqliteState(tmp_path / "state.sqlite"))
    worked_out = zombie.group(card("b", 1).own)
    assert worked_out is not None
    groups.take(card("c", 2), [like("a"), like("b")])
    zombie._settle(worked_out, ["b"])
    zombie.take(card("b", 1), [])
    assert [each.id for each in of(groups, "a", "b")] == [card("a").own] * 2


def parted() -> Mortal:
    """A state in which Ayse has parted `b` from `a`."""
    state = Mortal()
    groups = Groups(state)
    groups.take(card("a"), [])
    groups.take(card("b", 1), [like("a")])
    groups.part("b", "word-1", SAID, "human/ayse")
    return state


def test_a_parting_is_done_once_and_by_its_own_word() -> None:
    groups = Groups(parted())
    groups.take(card("c", 2), [like("b")])
    assert [sorted(each.members) for each in groups.part("b", "word-1", SAID, "human/ayse")] == [["b", "c"], ["a"]]
    mine, _ = groups.part("b", "word-2", SAID + timedelta(minutes=1), "human/ayse")
    assert [*mine.members] == ["b"]


def test_what_was_joined_after_a_parting_is_not_parted_by_reading_its_word_again() -> None:
    groups = Groups(parted())
    groups.join("b", card("a").own, "human/emre")
    together, *_ = groups.part("b", "word-1", SAID, "human/ayse")
    assert sorted(together.members) == ["a", "b"]


def test_taking_back_a_parting_joins_only_what_it_parted() -> None:
    groups = Groups(parted())
    assert groups.rejoin("a", "word-of-emre", SAID, "human/emre") == []
    for name, minute, home in (("x", 3, "x"), ("y", 4, "x"), ("c", 5, "b")):
        groups.take(card(name, minute), [like(home)] if name != home else [])
    groups.part("y", "word-2", SAID + timedelta(minutes=1), "human/emre")
    groups.take(card("d", 6), [like("y"), like("b")])
    groups.rejoin("b", "word-1", SAID, "human/ayse")
    a, b, c, y, x = (each.id for each in of(groups, "a", "b", "c", "y", "x"))
    assert a == b == c == y != x


def test_a_parting_from_before_its_story_was_written_down_can_be_taken_back() -> None:
    state = parted()
    for entry in list(state.scan("stories/story/")):
        state.put(entry.key, {name: value for name, value in entry.value.items() if name != "out_of"})
    groups = Groups(state)
    groups.rejoin("b", "word-1", SAID, "human/ayse")
    assert [each.id for each in of(groups, "a", "b")] == [card("a").own] * 2


@pytest.mark.parametrize("writes", range(1, 8))
def test_a_word_that_died_halfway_is_done_when_it_is_read_again(writes: int) -> None:
    state = Mortal()
    groups = Groups(state)
    groups.take(card("a"), [])
    groups.take(card("b", 1), [like("a")])

    def killed(act: Callable[[], list[Group]]) -> list[Group]:
        state.left = writes
        with suppress(KilledError):
            act()
        state.left = 10**9
        return act()

    mine, rest = killed(lambda: groups.part("b", "word-1", SAID, "human/ayse"))
    assert ([*mine.members], [*rest.members]) == (["b"], ["a"])
    assert [each.id for each in of(groups, "a", "b")] == [rest.id, mine.id]
    groups.take(card("a"), [like("b")])
    assert [each.id for each in of(groups, "a", "b")] == [rest.id, mine.id]
    left, gone = killed(lambda: groups.rejoin("b", "word-1", SAID, "human/ayse"))
    assert (sorted(left.members), gone.into) == (["a", "b"], left.id)
    assert [each.id for each in of(groups, "a", "b")] == [left.id] * 2


def test_a_frozen_worker_that_parts_what_is_parted_takes_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    state = Mortal()
    groups, zombie = Groups(state), Groups(state)
    groups.take(card("a"), [])
    groups.take(card("b", 1), [like("a")])

    def meanwhile(id_: str) -> Group | None:
        monkeypatch.undo()
        groups.part("b", "word-1", SAID, "human/ayse")
        groups.take(card("c", 2), [like("b")])
        return None

    monkeypatch.setattr(zombie, "group", meanwhile)
    zombie.part("b", "word-1", SAID, "human/ayse")
    b, c = of(groups, "b", "c")
    group = groups.group(b.id)
    assert group is not None
    assert (sorted(group.members), c.id) == (["b", "c"], b.id)


# ------------------------------------------------------------------------------------------------- any order, kills


class KilledError(Exception):
    """The process is gone."""


class Mortal(MemoryState):
    """A state whose user dies before its n-th write from now."""

    left = 10**9

    def _write(self, key: str, value: Any) -> None:
        self.left -= 1
        if self.left == 0:
            raise KilledError
        super()._write(key, value)


def components(count: int, edges: Sequence[tuple[int, int]]) -> dict[int, int]:
    """By article the first of those that it is connected with: what the stories shall be."""
    first = list(range(count))

    def root(one: int) -> int:
        while first[one] != one:
            one = first[one]
        return one

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        first[high] = low
    return {one: root(one) for one in range(count)}


@st.composite
def worlds(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]], list[int], list[int]]:
    count = draw(st.integers(1, 9))
    pairs = [(one, other) for one in range(count) for other in range(one)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12)) if pairs else []
    order = draw(st.permutations(range(count)))
    again = draw(st.lists(st.sampled_from(range(count)), max_size=4))
    kills = draw(st.lists(st.integers(1, 6), max_size=6))
    return count, edges, [*order, *again], kills


@given(worlds())
@example((2, [(1, 0)], [1, 0], [3, 2, 6, 2]))
@example((6, [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (5, 0)], [5, 1, 0, 3, 4, 2], [3, 3, 3, 6]))
def test_any_order_replays_and_kills_give_the_same_stories(world: tuple[int, Any, list[int], list[int]]) -> None:
    count, edges, order, kills = world
    near: Mapping[int, set[int]] = defaultdict(set)
    for one, other in edges:
        near[one].add(other)
        near[other].add(one)
    cards = [card(f"a{place}", place) for place in range(count)]
    state, seen, told = Mortal(), set[int](), dict[str, Group]()
    deaths = iter(kills)
    for place in order:
        seen.add(place)
        likes = [like(f"a{other}") for other in sorted(near[place] & seen)]
        while True:
            state.left = next(deaths, 10**9)
            try:
                for group in Groups(state).take(cards[place], likes):
                    stands = told.get(group.id)
                    assert stands is None or stands.version <= group.version
                    told[group.id] = group
                break
            except KilledError:
                continue
    state.left = 10**9
    groups = Groups(state)
    expected = components(count, edges)
    for place in range(count):
        membership = groups.of([f"a{place}"])[f"a{place}"]
        assert membership.id == cards[expected[place]].own
        group = groups.group(membership.id)
        assert group is not None
        assert set(group.members) == {f"a{other}" for other in range(count) if expected[other] == expected[place]}
        assert membership.role == ("first" if expected[place] == place else "member")
    shown = {id_: set(group.members) for id_, group in told.items() if group.into is None}
    assert set(shown) == {cards[first].own for first in expected.values()}, "no reader is shown a story that was merged"
    assert all(set(groups.of(members)) == members for members in shown.values())
