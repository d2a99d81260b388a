"""What every `State` does, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otswatch.state import State

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def test_what_is_not_there_is_null(state: State) -> None:
    assert state.get("seen/unknown") is None


def test_create_stores_once(state: State) -> None:
    assert state.create("seen/a", {"at": "2026-01-02"})
    assert not state.create("seen/a", {"at": "later"})
    entry = state.get("seen/a")
    assert entry
    assert (entry.key, entry.value) == ("seen/a", {"at": "2026-01-02"})


def test_of_many_who_create_at_once_exactly_one_wins(connect_state: Callable[[], State], unique: str) -> None:
    clients = [connect_state() for _ in range(8)]

    def claim(owner: int) -> list[bool]:
        return [clients[owner].create(f"claim/{unique}/{number}", owner) for number in range(20)]

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(claim, range(8)))
    for number, wins in enumerate(zip(*results, strict=True)):
        assert wins.count(True) == 1
        winner = clients[0].get(f"claim/{unique}/{number}")
        assert winner
        assert winner.value == wins.index(True)
    for client in clients:
        client.close()


def test_compare_and_set_refuses_what_moved_on(state: State) -> None:
    assert not state.compare_and_set("schedule/x", 1, 1), "there is none"
    state.create("schedule/x", 1)
    first = state.get("schedule/x")
    assert first
    assert state.compare_and_set("schedule/x", 2, first.version)
    assert not state.compare_and_set("schedule/x", 3, first.version)
    second = state.get("schedule/x")
    assert second
    assert second.value == 2
    assert second.version != first.version


def test_counting_with_compare_and_set_loses_no_step(connect_state: Callable[[], State], unique: str) -> None:
    key = f"count/{unique}"
    clients = [connect_state() for _ in range(4)]
    clients[0].create(key, 0)

    def count(client: State) -> None:
        done = 0
        while done < 10:
            entry = client.get(key)
            assert entry
            done += client.compare_and_set(key, entry.value + 1, entry.version)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, clients))
    final = clients[0].get(key)
    assert final
    assert final.value == 40
    for client in clients:
        client.close()


def test_put_replaces_and_makes_older_versions_stale(state: State) -> None:
    state.put("mark/a", 1)
    first = state.get("mark/a")
    assert first
    state.put("mark/a", 2)
    assert not state.compare_and_set("mark/a", 3, first.version)
    second = state.get("mark/a")
    assert second
    assert second.value == 2


def test_delete_takes_only_the_version_that_was_seen(state: State) -> None:
    state.create("subscription/a", 1)
    first = state.get("subscription/a")
    assert first
    state.put("subscription/a", 2)
    assert not state.delete("subscription/a", first.version)
    second = state.get("subscription/a")
    assert second
    assert state.delete("subscription/a", second.version)
    assert not state.delete("subscription/a", second.version)
    assert state.get("subscription/a") is None


def test_a_key_made_again_has_a_version_of_its_own(state: State) -> None:
    state.create("seen/a", 1)
    first = state.get("seen/a")
    assert first
    state.delete("seen/a", first.version)
    state.create("seen/a", 2)
    assert not state.compare_and_set("seen/a", 3, first.version)


def test_scan_gives_what_has_the_prefix_in_order_of_code_points(state: State, unique: str) -> None:
    names = ["", "A", "Z", "a", "a/b", "ab", "é", "ı", "Ә", "％", "\U0001f1e6", "%", "_"]
    for name in names:
        state.create(f"{unique}/{name}", name)
    state.create(f"{unique}0", "behind the prefix")
    assert [entry.value for entry in state.scan(f"{unique}/")] == sorted(names)
    assert [entry.value for entry in state.scan(f"{unique}/a")] == ["a", "a/b", "ab"]
    assert list(state.scan(f"{unique}/none")) == []


def test_scan_walks_a_large_state_while_it_is_written(state: State, unique: str) -> None:
    for number in range(600):
        state.put(f"{unique}/{number:05}", number)
    found = []
    for entry in state.scan(f"{unique}/"):
        found.append(entry.value)
        if entry.value % 500 == 0:
            state.put(f"{unique}/{entry.value:05}", entry.value)
    assert found == list(range(600))


def test_a_lease_is_held_renewed_expires_and_is_given_up(state: State) -> None:
    assert state.lease("stories", "one", 10, NOW)
    assert not state.lease("stories", "other", 10, NOW + timedelta(seconds=9))
    assert state.lease("stories", "one", 10, NOW + timedelta(seconds=9)), "renewed"
    assert not state.lease("stories", "other", 10, NOW + timedelta(seconds=18))
    assert state.lease("stories", "other", 10, NOW + timedelta(seconds=19)), "expired"
    assert not state.lease("stories", "one", 10, NOW + timedelta(seconds=20))
    state.release("stories", "one")
    assert not state.lease("stories", "one", 10, NOW + timedelta(seconds=20)), "released by another than its owner"
    state.release("stories", "other")
    assert state.lease("stories", "one", 10, NOW + timedelta(seconds=20))
    state.release("never-taken", "one")


def test_a_lease_without_a_given_time_runs_by_the_clock(state: State) -> None:
    assert state.lease("stories", "one", 60)
    assert not state.lease("stories", "other", 60)
    assert state.lease("stories", "other", 60, datetime.now(UTC) + timedelta(seconds=61))


def test_of_many_who_lease_at_once_exactly_one_holds(connect_state: Callable[[], State], unique: str) -> None:
    clients = [connect_state() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for round_ in range(5):
            now = NOW + timedelta(minutes=round_)
            held = list(pool.map(lambda owner, now=now: clients[owner].lease(unique, str(owner), 10, now), range(8)))
            assert held.count(True) == 1
    for client in clients:
        client.close()


def test_a_write_is_seen_at_once_by_everybody(connect_state: Callable[[], State], unique: str) -> None:
    one, other = connect_state(), connect_state()
    for number in range(20):
        one.put(f"mark/{unique}", number)
        entry = other.get(f"mark/{unique}")
        assert entry
        assert entry.value == number
    one.close()
    other.close()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.text(st.characters(codec="utf-8"), max_size=30), values=st.lists(json_values, min_size=1, max_size=3))
def test_any_json_under_any_key_comes_back(state: State, key: str, values: list[object]) -> None:
    versions = []
    for value in values:
        state.put(f"any/{key}", value)
        entry = state.get(f"any/{key}")
        assert entry
        assert (entry.key, entry.value) == (f"any/{key}", value)
        versions.append(entry.version)
    assert all(one != other for one, other in pairwise(versions))


def test_many_are_read_in_one_request(state: State, unique: str) -> None:
    keys = [f"many/{unique}/{name}" for name in ("a", "ğ", "c d")]
    for place, key in enumerate(keys[:2]):
        state.put(key, {"place": place})
    found = state.get_many([*keys, keys[0]])
    assert {key: entry.value["place"] for key, entry in found.items()} == {keys[0]: 0, keys[1]: 1}
    assert found[keys[0]] == state.get(keys[0])
    assert state.get_many([]) == {}
