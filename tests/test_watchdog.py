"""What the operator is told: which troubles there are, once each, again after a day, and when they are over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from otswatch import checkup, health, overview
from otswatch.alerts.errors import PermanentDeliveryError, TemporaryDeliveryError
from otswatch.alerts.ledger import Ledger, Open
from otswatch.alerts.outlets import outlets
from otswatch.bus import Lag, Outgoing
from otswatch.consumers import quarantine
from otswatch.errors import ConfigError, DependencyDownError, OTSWatchError, StorageFullError
from otswatch.settings import Settings
from otswatch.stores import open_stores
from otswatch.subscriptions.kept import Subscriptions
from otswatch.watchdog import looking
from otswatch.watchdog.book import Book
from otswatch.watchdog.channels import operators_channels
from otswatch.watchdog.numbers import Numbers, numbers
from tests.alerting import subscription
from tests.watching import BEGAN, HOOK, Desk, states, watched

DOWN = DependencyDownError("Kafka at broker1:9092 does not answer")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    watched(tmp_path / "own", "altai", "caspian")
    settings = Settings(data=tmp_path / "data", config=tmp_path / "own", operator=(HOOK,))
    with open_stores(settings) as stores:
        made = Desk(settings, stores)
        yield made
        made.dog.close()


def shown(desk: Desk) -> list[tuple[str, ...]]:
    """What `otswatch status` says of troubles."""
    return next(rows for title, _, rows in overview.sections(desk.settings, desk.stores) if title == "Troubles")


# -------------------------------------------------------------------------------------------------------------- sources


def test_a_source_that_does_not_answer_is_told_once_again_after_a_day_and_when_it_is_back(desk: Desk) -> None:
    desk.visit("altai", 3)
    for _ in range(23):
        desk.now += timedelta(minutes=15)
        desk.visit("altai", answers=False)
    assert desk.told() == [], "not yet six hours"
    desk.now = BEGAN + timedelta(hours=6)
    desk.visit("altai", answers=False)
    [letter] = desk.look()
    assert states([letter]) == [("open", "source-failing/altai")]
    [told] = letter.facts
    assert told.said == "altai (altai) has not answered 24 visits in 6 h; its last answer came 4 May 2026, 09:00 UTC."
    assert told.evidence["last_success"] == "2026-05-04T09:00:00Z"
    assert told.since == BEGAN
    assert desk.told(hours=23) == []
    assert desk.told(minutes=58) == [("again", "source-failing/altai")]
    assert desk.told(hours=1) == []
    desk.visit("altai")
    [letter] = desk.look()
    assert states([letter]) == [("resolved", "source-failing/altai")]
    assert letter.facts[0].said == "It is over since 5 May 2026, 16:06 UTC, after 31 h."
    assert desk.told(days=2) == []
    assert not list(desk.stores.state.scan("operator/trouble/"))
    assert not list(desk.stores.state.scan("operator/told/"))


def test_one_that_was_never_visited_or_is_not_watched_is_no_trouble(desk: Desk) -> None:
    for _ in range(5):
        desk.now += timedelta(hours=3)
        desk.visit("stranger", answers=False)
    assert desk.told() == []


def test_one_that_never_answered_fails_as_well(desk: Desk) -> None:
    for _ in range(5):
        desk.visit("altai", answers=False)
        desk.now += timedelta(hours=2)
    [letter] = desk.look()
    assert "it never answered" in letter.facts[0].said


def test_a_machine_that_was_off_makes_no_source_fail_by_one_visit(desk: Desk) -> None:
    desk.visit("altai")
    desk.now += timedelta(days=1)
    desk.visit("altai", answers=False)
    assert desk.told() == []


def test_a_source_is_silent_by_its_own_rhythm(desk: Desk) -> None:
    for _ in range(7):
        desk.visit("altai", 1)
        desk.visit("caspian", 1)
        desk.now += timedelta(days=2)
    desk.visit("altai")
    assert desk.told() == []
    desk.now += timedelta(days=4)
    desk.visit("altai")
    [letter] = desk.look()
    assert states([letter]) == [("open", "source-silent/altai")], "nobody asked the other one"
    assert "has brought no new page for 6 d, since 16 May 2026, 09:00 UTC" in letter.facts[0].said
    assert "hardly ever more than 2 d" in letter.facts[0].said
    desk.visit("altai", 1)
    assert desk.told() == [("resolved", "source-silent/altai")]


def test_of_few_visits_nobody_knows_a_rhythm(desk: Desk) -> None:
    for _ in range(4):
        desk.visit("altai", 1)
        desk.now += timedelta(hours=1)
    desk.now += timedelta(days=60)
    desk.visit("altai")
    assert desk.told() == []


def test_a_crawl_that_ended_is_told_but_not_one_that_is_slow(desk: Desk) -> None:
    state = desk.stores.state
    state.put("schedule/altai", {"due": BEGAN.isoformat()})
    state.lease("crawl", "me", 30, desk.now)
    assert desk.told() == []
    assert desk.told(minutes=28) == [("open", "crawl-dead")]
    state.lease("crawl", "me", 3600, desk.now)
    assert desk.told() == [("resolved", "crawl-dead")]


# ------------------------------------------------------------------------------------------------------------ consumers


def waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch, committed: int, messages: int) -> None:
    """So many messages wait for `index` from now on."""

    def lag(group: str, topics: Sequence[str]) -> list[Lag]:
        return [Lag(group, topic, 0, committed, committed + messages * (group == "index")) for topic in topics[:1]]

    monkeypatch.setattr(desk.stores.bus, "lag", lag)


def test_messages_that_nobody_works_on_are_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(desk, monkeypatch, 0, 7)
    assert desk.told() == []
    [letter] = desk.look(minutes=13)
    assert states([letter]) == [("open", "lag/index")]
    assert letter.facts[0].said == "7 messages for the consumer index to work on: none was finished for 16 min."
    waiting(desk, monkeypatch, 7, 0)
    assert desk.told() == [("resolved", "lag/index")]


def test_a_heap_is_told_where_it_does_not_come_down(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in range(20):  # worked off, for more than three hours
        waiting(desk, monkeypatch, step, 5000 - 100 * step)
        assert desk.told(minutes=10) == []
    found = []
    for step in range(6):  # as much comes as is finished
        waiting(desk, monkeypatch, 100 + step, 5000 + step)
        found += desk.told(minutes=10)
    assert found == [("open", "lag/index")]


def test_a_consumer_that_is_gone_is_told_only_where_its_work_is_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    health.beat(desk.settings.data, "index", stopped=True)
    [beat] = health.read_all(desk.settings.data)
    desk.now = beat.at + timedelta(minutes=20)
    waiting(desk, monkeypatch, 0, 0)
    assert desk.told() == []
    waiting(desk, monkeypatch, 0, 3)
    desk.dog.once()
    assert desk.told(minutes=1) == [("open", "consumer-dead/index")]
    for committed in range(1, 4):  # somebody elsewhere does it
        waiting(desk, monkeypatch, committed, 3)
        desk.dog.once()
        desk.now += timedelta(minutes=1)
    assert states([letter for _, letter in desk.post.taken])[-1] == ("resolved", "consumer-dead/index")


def test_quarantine_is_told_again_only_when_more_is_held(desk: Desk) -> None:
    bus, state = desk.stores.bus, desk.stores.state
    held = Outgoing("quarantine.extract", "a", b"1", {"stage": "extract", "topic": "pages", "attempt": "1"})
    bus.publish([held, held])
    [letter] = desk.look()
    assert states([letter]) == [("open", "quarantine/extract")]
    assert letter.facts[0].said == "Held in quarantine: 2 messages that extract could not work on."
    assert desk.told(days=3) == []
    bus.publish([held])
    assert desk.told() == [("again", "quarantine/extract")]
    quarantine.replay(list(quarantine.held(bus, state)), bus, state)
    assert ("resolved", "quarantine/extract") in desk.told()


def test_what_the_last_look_counted_is_known_for_ten_minutes(desk: Desk) -> None:
    state = desk.stores.state
    assert numbers(state, desk.now) == Numbers(None, None)
    pages = [Outgoing("pages", str(number), b"{}") for number in range(3)]
    held = Outgoing("quarantine.extract", "a", b"1", {"stage": "extract", "topic": "pages", "attempt": "1"})
    desk.stores.bus.publish([*pages, held, held])
    desk.look()
    # Three pages each for `extract` and `archive`.
    assert numbers(state, desk.now) == Numbers(waiting=6, quarantined=2)
    assert numbers(state, desk.now + timedelta(minutes=10)) == Numbers(None, None)
    quarantine.replay(list(quarantine.held(desk.stores.bus, state)), desk.stores.bus, state)
    desk.look()
    assert numbers(state, desk.now).quarantined == 0


# ------------------------------------------------------------------------------------------------------------- channels


def test_a_dead_channel_of_a_subscription_is_told_as_long_as_it_is_one(desk: Desk) -> None:
    reader = subscription(channels=["json://one.example/token", "json://two.example/token"])
    Subscriptions(desk.stores.state, None).add(reader)
    dead = list(outlets([reader]))[1]
    refused = Open(letter="1", due=BEGAN, made=BEGAN, news=(), dead=True, error="json://two.example/…: HTTP 410")
    Ledger(desk.stores.state).write(dead, refused)
    [letter] = desk.look()
    assert states([letter]) == [("open", "channel-dead/summits/2")]
    assert "HTTP 410" in letter.text
    assert "token" not in letter.text + letter.html
    Subscriptions(desk.stores.state, None).pause("summits")
    assert desk.told() == [("resolved", "channel-dead/summits/2")]


def test_a_channel_keeps_its_number_when_another_reader_confirms(desk: Desk) -> None:
    kept = Subscriptions(desk.stores.state, None)
    reader = subscription(channels=["mailto:first@x.example", "mailto:second@x.example"])
    kept.add(reader)
    kept.confirm(reader.id, "second@x.example")
    refused = Open(letter="1", due=BEGAN, made=BEGAN, news=(), dead=True, error="550 no such user")
    Ledger(desk.stores.state).write(list(outlets([reader]))[1], refused)
    assert desk.told() == [("open", "channel-dead/summits/2")]
    kept.confirm(reader.id, "first@x.example")
    assert desk.told() == []


def test_a_channel_that_never_takes_a_letter_is_told_of_and_all_mail_is_one_trouble(desk: Desk) -> None:
    reader = subscription(channels=["mailto:a@x.example", "mailto:b@x.example", "json://one.example/token"])
    Subscriptions(desk.stores.state, None).add(reader)
    for channel in ("a@x.example", "b@x.example"):
        Subscriptions(desk.stores.state, None).confirm(reader.id, channel)
    ledger, ids = Ledger(desk.stores.state), list(outlets([reader]))

    def waits(place: int, hours: int, **changes: object) -> None:
        tried = Open(letter="1", due=BEGAN, made=BEGAN - timedelta(hours=hours), news=(), attempts=3, error="HTTP 503")
        ledger.write(ids[place], tried.replace(**changes))

    waits(0, 5)
    waits(1, 5)
    waits(2, 7, attempts=2)
    assert desk.told() == [], "not for long enough, or not often enough"
    waits(0, 7, error="mail server mx.example:587 refuses our sender: 535 5.7.8")
    waits(1, 9, error="mail server mx.example:587 refuses our sender: 535 5.7.8")
    waits(2, 7)
    [letter] = desk.look()
    assert states([letter]) == [("open", "channel-failing/mail"), ("open", "channel-failing/summits/3")]
    mail, hook = letter.facts
    assert mail.said == (
        "2 letters by e-mail wait, the first for 9 h; tried 3 times, the last time: mail server mx.example:587"
        " refuses our sender: 535 5.7.8"
    )
    assert "OTSWATCH_MAIL" in mail.next
    assert "json://one.example/…, a channel of summits, has taken no letter for 7 h" in hook.said
    assert "token" not in letter.text + letter.html
    Subscriptions(desk.stores.state, None).pause("summits")
    assert sorted(desk.told()) == [("resolved", "channel-failing/mail"), ("resolved", "channel-failing/summits/3")]


def test_each_channel_is_told_by_itself_and_a_dead_one_is_told_to_the_other(desk: Desk) -> None:
    desk.settings = desk.settings.model_copy(update={"operator": ("https://dead.example/", HOOK)})
    desk.dog.close()
    desk.dog = desk.made()
    desk.post.faults = [PermanentDeliveryError("HTTP 410")]
    desk.stores.bus.publish([Outgoing("quarantine.index", "a", b"1")])
    assert desk.told() == [("open", "quarantine/index")]
    assert [channel for channel, _ in desk.post.taken] == [HOOK]
    assert desk.told() == [("open", "channel-dead/OTSWATCH_OPERATOR/1")]
    letters = desk.look(days=1)
    assert desk.post.taken[-len(letters)][0] == "https://dead.example/", "mended"
    assert ("open", "quarantine/index") in states(letters)


def test_a_channel_that_is_down_gets_the_same_letter_later(desk: Desk) -> None:
    desk.post.faults = [TemporaryDeliveryError("down")] * 2
    desk.stores.bus.publish([Outgoing("quarantine.index", "a", b"1")])
    assert desk.told() == []
    [entry] = desk.stores.state.scan("operator/open/")
    [letter] = desk.look(minutes=2)
    assert letter.id == entry.value["letter"]
    assert desk.told() == []


def test_without_a_channel_all_is_remembered_and_shown(desk: Desk) -> None:
    desk.settings = desk.settings.model_copy(update={"operator": ()})
    desk.dog.close()
    desk.dog = desk.made()
    assert shown(desk)[0][0] == "(not watched)"
    desk.stores.bus.publish([Outgoing("quarantine.index", "a", b"1")])
    assert desk.told() == []
    assert desk.standing() == ["quarantine/index"]
    [_, row] = shown(desk)
    assert row[2] == "Held in quarantine: 1 message that index could not work on."
    assert "set OTSWATCH_OPERATOR" in checkup._operator(desk.settings)


@pytest.mark.parametrize(
    ("channels", "says"),
    [
        (("nonsense",), "a channel is an address"),
        (("mailto:a@b.example", "mailto:a@b.example"), "is there twice"),
        (("http://127.0.0.1:9/token",), "leads into a private network"),
    ],
)
def test_a_channel_that_never_can_be_told_is_said_at_start(channels: tuple[str, ...], says: str) -> None:
    with pytest.raises(ConfigError, match=f"^OTSWATCH_OPERATOR: .*{says}") as caught:
        operators_channels(Settings(operator=channels))
    assert "token" not in str(caught.value)


def test_mail_without_a_server_is_found_by_the_doctor(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, operator=("mailto:ops@example.org", HOOK))
    with pytest.raises(OTSWatchError, match="set OTSWATCH_MAIL"):
        checkup._operator(settings)
    with_mail = settings.model_copy(update={"mail": "smtp://127.0.0.1"})
    assert checkup._operator(with_mail) == "told of what goes wrong: mailto:ops@example.org, https://ops.example/…"


# ------------------------------------------------------------------------------------------------------- stores and us


def test_a_store_that_is_down_is_told_and_what_needs_it_stays_as_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stores.bus.publish([Outgoing("quarantine.index", "a", b"1")])
    assert desk.told() == [("open", "quarantine/index")]

    def fail(*_: object) -> None:
        raise DOWN

    with monkeypatch.context() as patch:
        for method in ("lag", "count"):
            patch.setattr(desk.stores.bus, method, fail)
        [letter] = desk.look()
        assert states([letter]) == [("open", "store-down/bus")]
        assert "Kafka at broker1:9092 does not answer" in letter.facts[0].said
        assert set(desk.standing()) == {"store-down/bus", "quarantine/index"}
    assert desk.told() == [("resolved", "store-down/bus")]


def test_a_state_that_cannot_be_written_is_told_from_elsewhere(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def minute() -> list[tuple[str, str]]:
        before = len(desk.post.taken)
        desk.dog._patiently(look_too=True)
        desk.now += timedelta(minutes=1)
        return states([letter for _, letter in desk.post.taken[before:]])

    def fail(*_: object, **__: object) -> bool:
        raise StorageFullError("the disk is full")

    desk.stores.bus.publish([Outgoing("quarantine.index", "a", b"1")])
    with monkeypatch.context() as patch:
        patch.setattr(desk.stores.state, "lease", fail)
        assert [minute() for _ in range(4)] == [[], [("open", "store-down/state")], [], []]
        [beat] = health.read_all(desk.settings.data)
        assert "the disk is full" in beat.facts["waiting"]
    assert [minute() for _ in range(3)] == [
        [],
        [("resolved", "store-down/state"), ("open", "quarantine/index")],
        [],
    ]


def test_of_two_one_watches(desk: Desk) -> None:
    desk.stores.bus.publish([Outgoing("quarantine.index", "a", b"1")])
    other = desk.made()
    assert desk.dog.once()
    assert not other.once()
    assert desk.told() == [("open", "quarantine/index")]
    desk.dog.close()
    assert other.once()
    desk.dog = other


def test_a_fault_of_a_file_is_no_mending(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        desk.visit("altai", answers=False)
        desk.now += timedelta(hours=2)
    assert desk.told() == [("open", "source-failing/altai")]
    (desk.settings.config / "sources" / "test.yaml").write_text("- id: 7", encoding="utf-8")
    assert desk.told() == []
    assert desk.standing() == ["source-failing/altai"]


def test_every_kind_is_looked_for() -> None:
    kinds = [kind for kinds in looking._PARTS for kind in kinds]
    assert sorted(kinds) == sorted(looking.Kind.__args__)  # type: ignore[attr-defined]


def test_the_gauge_counts_what_stands(desk: Desk) -> None:
    from otswatch.metrics import REGISTRIES

    desk.stores.bus.publish([Outgoing("quarantine.index", "a", b"1")])
    desk.look()
    registry = REGISTRIES["watchdog"]
    assert registry.get_sample_value("otswatch_watchdog_troubles", {"kind": "quarantine"}) == 1
    assert registry.get_sample_value("otswatch_watchdog_troubles", {"kind": "lag"}) == 0
    assert Book(desk.stores.state).looked() is not None
