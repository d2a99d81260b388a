"""One new statement, one alert: what is news, what is not, and that nothing is missed or told twice unnoticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otswatch.alerts import watching
from otswatch.alerts.errors import PermanentDeliveryError, TemporaryDeliveryError
from otswatch.alerts.ledger import Arrived, Ledger, Open
from otswatch.alerts.letter import Letter
from otswatch.alerts.outlets import outlets
from otswatch.alerts.preview import preview
from otswatch.alerts.sender import LEASE, Sender
from otswatch.alerts.watching import Watching
from otswatch.errors import DependencyDownError, UsageError
from otswatch.index import Document
from otswatch.records import Speaker
from otswatch.search_request import SearchRequest
from otswatch.subscriptions import Subscription
from otswatch.subscriptions.kept import Subscriptions
from otswatch.subscriptions.subscription import Quiet, Rhythm
from tests.alerting import BEGAN, Newsroom, Post, archived, article, dated, plain, quote, subscription
from tests.memory import MemoryState

CORRIDOR = quote("q1", "We will build one transit corridor for all of our countries")
FUND = quote("q2", "The fund opens its doors in June")
SUMMIT = article("a", "Leaders meet at the summit in Baku", CORRIDOR)
#: What a letter that tells of it first says.
TOLD = ("story/story-a", "quote/q1")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = Newsroom(tmp_path, [subscription()])
    yield made
    made.index.close()


def test_a_new_story_is_told_once(room: Newsroom) -> None:
    room.publish(SUMMIT, article("b", "A football match"))
    assert room.letters() == [TOLD]
    assert room.letters(hours=1) == []


def test_a_message_that_is_read_again_tells_nothing_again(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.letters()
    room.look(SUMMIT)
    room.restart()
    room.look(SUMMIT)
    assert room.letters(hours=1) == []


def test_a_copy_is_no_news(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.letters()
    room.publish(article("b", "Summit opens in Baku", quote("q9", CORRIDOR.text), story="story-a"))
    assert room.letters(minutes=5) == []


def test_copies_that_come_together_are_one_item(room: Newsroom) -> None:
    room.publish(SUMMIT, article("b", "Summit opens in Baku", story="story-a"))
    assert room.letters() == [TOLD]


def test_new_words_in_a_story_that_was_told_are_told(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.letters()
    room.publish(article("b", "Summit: more words", FUND, story="story-a"))
    assert room.letters(minutes=5) == [("quote/q2",)]
    room.publish(article("c", "Summit: a copy of those", quote("q7", FUND.text), story="story-a"))
    assert room.letters(minutes=5) == []


def test_an_edited_typo_is_not_told(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.letters()
    mended = quote("q8", CORRIDOR.text.replace("corridor", "coridor"))
    room.publish(article("a", "Leaders meet at the summit in Baku!", mended, version=1))
    assert room.letters(hours=1) == []


def test_new_words_in_an_article_that_was_told_are_told(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.letters()
    room.publish(article("a", "Leaders meet at the summit in Baku", CORRIDOR, FUND, version=1))
    assert room.letters(hours=1) == [("quote/q2",)]


def test_an_article_that_comes_to_match_by_an_edit_is_told(room: Newsroom) -> None:
    room.publish(article("a", "Leaders meet in Baku"))
    assert room.letters() == []
    room.publish(article("a", "Leaders meet at the summit in Baku", version=1))
    assert room.letters(hours=1) == [("story/story-a",)]


@pytest.mark.parametrize(
    "changes", [{"published": dated("2026-05-03")}, {"quotes": (quote("q1", CORRIDOR.text, "Aida Omarova"),)}]
)
def test_a_correction_is_told_once(room: Newsroom, changes: dict[str, Any]) -> None:
    room.publish(SUMMIT)
    room.letters()
    corrected = SUMMIT.replace(**changes)
    room.publish(corrected, origin="correction")
    [[key]] = room.letters(hours=1)
    assert key.startswith("correction/a/")
    room.look(corrected, origin="correction")
    assert room.letters(hours=1) == []


def test_a_correction_is_told_to_those_alone_who_were_told_what_it_corrects(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.subscriptions = [subscription("late")]
    room.restart()
    room.publish(SUMMIT.replace(published=dated("2026-05-03")), origin="correction")
    assert [letter[0] for letter in room.letters(hours=1)] == ["story/story-a"]


@pytest.mark.parametrize("origin", ["reprocess", "moved"])
def test_nothing_is_told_for_what_is_only_made_again(room: Newsroom, origin: str) -> None:
    room.publish(SUMMIT, origin=origin)
    room.publish(archived(article("b", "An old summit", FUND)))
    assert room.letters(hours=1) == []
    room.publish(article("c", "Summit: a copy", quote("q5", CORRIDOR.text), story="story-a"))
    assert room.letters(hours=1) == [("story/story-a", "quote/q5")], "the story itself was never told"


def test_a_story_that_was_merged_into_another_is_not_told_again(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.letters()
    room.publish(SUMMIT.replace(story=SUMMIT.story.replace(id="elder") if SUMMIT.story else None), origin="moved")
    room.publish(article("a", "Leaders meet at the summit in Baku, again", CORRIDOR, story="elder", version=1))
    assert room.letters(hours=1) == []


def test_a_declaration_is_an_official_document(room: Newsroom) -> None:
    room.publish(article("a", "Declaration of the Baku summit", kind="declaration"))
    room.letters()
    [[_, letter]] = room.post.taken
    assert letter.keys == ("story/story-a",)


def test_the_text_of_a_declaration_is_told_though_a_report_of_it_was(room: Newsroom) -> None:
    room.publish(SUMMIT)
    assert room.letters() == [TOLD]
    text = article("b", "Declaration of the Baku summit", kind="declaration", story="story-a")
    room.publish(text, article("c", "A report on the summit declaration", story="story-a"))
    assert room.letters() == [("document/story-a",)]
    [*_, (_, letter)] = room.post.taken
    assert letter.keys == ("document/story-a",)
    room.publish(text.replace(id="d", source="mirror"), text.replace(trace=text.trace.replace(fetched_at=room.now)))
    assert room.letters(hours=1) == []


def test_the_text_of_a_declaration_stands_for_the_report_that_came_with_it(room: Newsroom) -> None:
    text = article("b", "Declaration of the Baku summit", kind="declaration", story="story-a")
    room.publish(SUMMIT, text, text.replace(id="c"))
    assert room.letters() == [TOLD]
    [opened] = Ledger(room.state).arrived()
    assert opened.keys == TOLD
    room.publish(text.replace(id="d"))
    assert room.letters(hours=1) == []


def test_a_digest_waits_for_its_hour_and_has_all_in_it(room: Newsroom) -> None:
    room.subscriptions = [subscription(rhythm={"every": "day", "at": "08:00"}, zone="Europe/Istanbul")]
    room.restart()
    room.publish(SUMMIT)
    room.publish(article("b", "Another summit"))
    assert room.letters(hours=19) == []
    assert room.letters(hours=1) == [(*TOLD, "story/story-b")]
    assert room.now == BEGAN + timedelta(hours=20)


def test_what_comes_in_quiet_hours_waits_for_their_end(room: Newsroom) -> None:
    room.subscriptions = [subscription(quiet={"from": "08:00", "to": "11:30"})]
    room.restart()
    room.publish(SUMMIT)
    assert room.letters(hours=2) == []
    assert room.letters(minutes=30) == [TOLD]


def test_a_digest_that_also_says_that_nothing_is_new_says_so_once_a_day(room: Newsroom) -> None:
    room.subscriptions = [subscription(rhythm={"every": "day", "at": "10:00"}, no_news=True)]
    room.restart()
    assert room.letters() == []
    assert room.letters(hours=2) == [()]
    assert room.letters(hours=12) == []
    room.restart()
    assert room.letters(hours=1) == []
    assert room.letters(hours=11) == [()]


def test_each_channel_is_told_by_itself(room: Newsroom) -> None:
    room.subscriptions = [subscription(channels=["json://one.example", "json://two.example"])]
    room.restart()
    room.post.faults = [TemporaryDeliveryError("down"), None]
    room.publish(SUMMIT)
    room.letters()
    assert len(room.post.taken) == 1
    room.letters(minutes=1)
    assert sorted(channel for channel, _ in room.post.taken) == ["json://one.example", "json://two.example"]


def test_a_channel_that_is_down_is_tried_again_with_the_same_letter(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.post.faults = [TemporaryDeliveryError("down")] * 3
    assert room.letters() == room.letters(seconds=5) == []
    [[_, waits]] = Ledger(room.state).unresolved()
    assert (waits.attempts, waits.error, waits.trying) == (1, "down", False)
    room.publish(article("b", "Another summit"))
    assert room.letters(hours=1) == room.letters(hours=1) == []
    assert room.letters(hours=2) == [TOLD, ("story/story-b",)]
    assert room.post.taken[0][1].id == waits.letter
    assert [each.attempts for each in Ledger(room.state).arrived() if each.letter == waits.letter] == [4]


def test_a_service_that_asks_for_a_pause_gets_it(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.post.faults = [TemporaryDeliveryError("slow down", retry_after=600)]
    assert room.letters() == room.letters(minutes=9) == []
    assert room.letters(minutes=2) == [TOLD]


def test_a_dead_channel_gets_no_more_and_what_waits_for_it_is_kept(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.post.faults = [PermanentDeliveryError("no such mailbox")]
    assert room.letters() == room.letters(days=2) == []
    [[_, waits]] = Ledger(room.state).unresolved()
    assert waits.dead
    assert waits.error == "no such mailbox"


@pytest.mark.parametrize(
    ("fault", "status", "reason", "attempts"),
    [
        (None, "sent", None, 1),
        (TemporaryDeliveryError("down"), "sent", None, 2),
        (PermanentDeliveryError("550 5.1.1 no ayse@ministry.example here"), "dead", "550", 1),
        (PermanentDeliveryError("HTTP 410"), "dead", "410", 1),
        (PermanentDeliveryError("it leads nowhere"), "dead", None, 1),
    ],
)
def test_what_is_finished_is_shown_without_its_address(
    room: Newsroom, fault: Exception | None, status: str, reason: str | None, attempts: int
) -> None:
    shown: list[Document] = []
    room.subscriptions = [subscription(channels=["mailto:ayse@ministry.example"])]
    room.restart()
    room.sender.show = shown.extend
    room.post.faults = [fault]
    room.publish(SUMMIT)
    room.letters()
    room.letters(minutes=1)
    [document] = shown
    fields = document.fields
    assert (fields["status"], fields["reason"], fields["attempts"]) == (status, reason, attempts)
    assert (fields["channel"], fields["event"], fields["story"]) == ("email", ("story",), ("story-a",))
    assert fields["seconds"] == (60 if attempts > 1 else 0)
    assert "ministry" not in str(document)


def test_a_letter_that_arrived_has_arrived_though_it_cannot_be_shown(room: Newsroom) -> None:
    def down(documents: object) -> None:
        raise DependencyDownError("the index is down")

    room.sender.show = down
    room.publish(SUMMIT)
    assert room.letters() == [TOLD]
    assert room.letters(hours=1) == []


def test_a_letter_that_cannot_be_made_keeps_no_other(room: Newsroom) -> None:
    room.subscriptions = [subscription(channels=["json://one.example", "json://two.example"])]
    room.restart()
    room.post.faults = [ValueError("a fault of ours")]
    room.publish(SUMMIT)
    room.letters()
    assert len(room.post.taken) == 1
    room.letters(minutes=1)
    assert len(room.post.taken) == 2


def test_a_letter_that_cannot_be_made_now_counts_as_no_attempt(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.post.faults = [TemporaryDeliveryError("HTTP 503")]
    room.publish(SUMMIT)
    room.letters()

    def down(*_: object) -> None:
        raise DependencyDownError("the index is down")

    with monkeypatch.context() as patch:
        patch.setattr(room.index, "get_many", down)
        for _ in range(3):
            with pytest.raises(DependencyDownError):
                room.letters(minutes=1)
    assert room.letters(minutes=1) == [TOLD]
    [arrived] = Ledger(room.state).arrived()
    assert (arrived.attempts, arrived.interrupted) == (2, 0)


def test_no_second_sender_takes_a_letter_while_the_first_sends_one_after_another(room: Newsroom) -> None:
    taken: list[tuple[str, str]] = []

    class Slow:
        def __init__(self, name: str) -> None:
            self.name = name

        def send(self, letter: Letter, channel: str) -> None:
            taken.append((self.name, letter.id))
            room.later(seconds=LEASE * 0.7)
            if self.name == "one":
                two.round()

    def sender(name: str) -> Sender:
        return Sender(room.state, room.index, Slow(name), plain, name, lambda: room.now, outlets(room.subscriptions))

    room.post.faults = [TemporaryDeliveryError("down")]
    room.publish(SUMMIT)
    room.letters()
    room.publish(article("b", "Another summit"))
    room.later(minutes=1)
    one, two = sender("one"), sender("two")
    assert one.round() == 2
    assert [name for name, _ in taken] == ["one", "one"]


# ------------------------------------------------------------------------------------------- taken out, added again


class Kept:
    """Subscriptions that are added and taken out; the room hears of it when a test says so."""

    def __init__(self, room: Newsroom) -> None:
        self.room, self._kept = room, Subscriptions(room.state, None)
        room.subscriptions = []

    def add(self, made: Subscription) -> None:
        self._kept.add(made)
        self.hear()

    def remove(self, id_: str = "summits") -> None:
        self._kept.remove(id_)

    def hear(self) -> None:
        """What happens every few seconds."""
        self.room.subscriptions = self._kept.active()
        self.room.sender.outlets = outlets(self.room.subscriptions)
        self.room.watching = Watching(self.room.state, self.room.index, lambda: self.room.subscriptions, frozenset())


@pytest.fixture
def kept(room: Newsroom) -> Kept:
    return Kept(room)


DAILY: dict[str, Any] = {"every": "day", "at": "08:00"}


def test_what_waits_for_one_that_is_taken_out_does_not_go_to_the_next_of_its_id(room: Newsroom, kept: Kept) -> None:
    kept.add(subscription(rhythm={"every": "week"}))
    room.publish(SUMMIT)
    kept.remove()
    kept.hear()
    assert room.letters(days=20) == []
    kept.add(subscription(q="pipeline", rhythm=DAILY))
    assert room.letters(days=20) == []
    assert not list(room.state.scan("alerts/due/"))


def test_a_channel_that_was_dead_is_tried_when_its_subscription_is_added_again(room: Newsroom, kept: Kept) -> None:
    kept.add(subscription())
    room.post.faults = [PermanentDeliveryError("HTTP 404")]
    room.publish(SUMMIT)
    assert room.letters() == []
    kept.remove()
    kept.hear()
    kept.add(subscription())
    room.publish(article("b", "Another summit"))
    assert room.letters(hours=1) == [("story/story-b",)]


@pytest.mark.parametrize(
    ("fault", "told"), [(TemporaryDeliveryError("down"), 0), (PermanentDeliveryError("HTTP 404"), 0), (None, 1)]
)
def test_a_letter_that_is_on_its_way_when_its_subscription_is_taken_out_is_not_kept(
    room: Newsroom, kept: Kept, monkeypatch: pytest.MonkeyPatch, fault: Exception | None, told: int
) -> None:
    def send(letter: Letter, channel: str) -> None:
        kept.remove()
        if fault:
            raise fault

    kept.add(subscription())
    monkeypatch.setattr(room.post, "send", send)
    room.publish(SUMMIT)
    room.letters()
    assert not list(Ledger(room.state).unresolved())
    assert not list(room.state.scan("alerts/waiting/"))
    assert not list(room.state.scan("alerts/due/"))
    assert len(list(Ledger(room.state).arrived())) == told


def test_a_letter_of_the_next_one_is_not_written_over_by_what_came_of_the_last(room: Newsroom) -> None:
    first, second = Ledger(room.state), Ledger(room.state)
    [outlet] = outlets(room.subscriptions)
    old = Open(letter="1", due=BEGAN, made=BEGAN, news=())
    first.write(outlet, old)
    for entry in list(room.state.scan("alerts/open/")):
        room.state.delete(entry.key, entry.version)
    second.write(outlet, old.replace(letter="2"))
    first.write(outlet, old.replace(attempts=1))
    first.close(arrived(outlet, old))
    assert [letter.letter for _, letter in first.unresolved()] == ["2"]
    second.close(arrived(outlet, old.replace(letter="2")))
    assert not list(first.unresolved())


def arrived(outlet: str, letter: Open) -> Arrived:
    return Arrived(
        letter=letter.letter,
        outlet=outlet,
        keys=(),
        indexed=(),
        due=letter.due,
        made=letter.made,
        sent=BEGAN,
        attempts=1,
        interrupted=0,
    )


def test_a_digest_that_is_added_again_begins_with_the_next_one(room: Newsroom, kept: Kept) -> None:
    """Of those that also say that nothing is new: 09:00, removed on the next day, and added again at 09:00."""
    kept.add(subscription(rhythm=DAILY, no_news=True))
    assert room.letters() == []
    assert room.letters(days=1) == [()]
    kept.remove()
    kept.hear()
    assert room.letters(days=30) == []
    kept.add(subscription(rhythm=DAILY, no_news=True))
    assert room.letters() == []
    assert room.letters(hours=22) == []
    assert room.letters(hours=1) == [()]


@pytest.mark.parametrize("rhythm", [DAILY, {"every": "day", "at": "07:00"}])
@pytest.mark.parametrize("heard", [True, False])
def test_a_digest_that_is_changed_by_adding_it_again_leaves_none_out(
    room: Newsroom, kept: Kept, rhythm: dict[str, Any], heard: bool
) -> None:
    kept.add(subscription(rhythm={**DAILY, "every": "week"} if rhythm != DAILY else DAILY, no_news=True))
    assert room.letters(hours=1) == []
    kept.remove()
    if heard:
        kept.hear()
        assert room.letters() == []
    kept.add(subscription(rhythm=rhythm, no_news=True))
    assert [room.letters(hours=1) for _ in range(23)].count([()]) == 1


def test_a_dead_channel_is_tried_again_when_it_is_told_to_go_on(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.post.faults = [PermanentDeliveryError("HTTP 404")]
    assert room.letters() == room.letters(days=2) == []
    room.publish(article("b", "Another summit"))
    assert Ledger(room.state).revive("summit") == 0, "another subscription"
    assert Ledger(room.state).revive("summits") == 1
    assert Ledger(room.state).revive("summits") == 0
    assert room.letters(hours=1) == [TOLD, ("story/story-b",)]


@pytest.mark.parametrize("fails", ["subscriptions", "matcher"])
def test_what_comes_when_subscriptions_cannot_be_read_is_told_once_they_can(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    def down(*_: object) -> Any:
        raise DependencyDownError("the state is down")

    with monkeypatch.context() as patch:
        if fails == "subscriptions":
            patch.setattr(room.watching, "_subscriptions", down)
        else:
            patch.setattr(watching, "Matcher", down)
        with pytest.raises(DependencyDownError):
            room.publish(SUMMIT)
    room.look(SUMMIT)
    assert room.letters() == [TOLD]


def test_what_waits_for_a_paused_subscription_is_sent_when_it_goes_on(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.sender.outlets = {}
    assert room.letters() == []
    room.sender.outlets = outlets(room.subscriptions)
    assert room.letters(minutes=1) == [TOLD]


# ------------------------------------------------------------------------------------------------ deaths at any write


class KilledError(BaseException):
    """The process is gone."""


class Mortal(MemoryState):
    """A state of a process that dies at the `budget`-th write, before or after it is done."""

    def __init__(self) -> None:
        super().__init__()
        self.budget, self.before = 1 << 30, True

    def _write(self, key: str, value: Any) -> None:
        self.budget -= 1
        if self.budget == 0 and self.before:
            raise KilledError
        super()._write(key, value)
        if self.budget == 0:
            raise KilledError


class Dying(Post):
    """A post whose server may take a letter from a process that dies before it hears so."""

    def __init__(self) -> None:
        super().__init__()
        self.budget = 1 << 30

    def send(self, letter: Any, channel: str) -> None:
        super().send(letter, channel)
        self.budget -= 1
        if self.budget == 0:
            raise KilledError


STORIES = ("s1", "s2")
WORDS = (
    "We open the corridor to all of the region's trade",
    "Our fund begins in June",
    "Night trains",
)


@st.composite
def events(draw: st.DrawFn) -> list[tuple[str, str, tuple[int, ...], int]]:
    """Articles of two stories in versions that only ever say more: id, story, which words, version."""
    made, said = [], dict[str, tuple[int, ...]]()
    for version in range(draw(st.integers(1, 5))):
        id_ = draw(st.sampled_from("abc"))
        story = STORIES[ord(id_) % 2]
        said[id_] = tuple(sorted({*said.get(id_, ()), *draw(st.sets(st.integers(0, 2), max_size=2))}))
        made.append((id_, story, said[id_], version))
    return made


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    events=events(),
    deaths=st.lists(st.tuples(st.integers(1, 25), st.booleans(), st.booleans()), max_size=4),
    digest=st.booleans(),
)
def test_whenever_processes_die_nothing_is_missed_and_only_they_repeat(
    tmp_path_factory: pytest.TempPathFactory,
    events: list[tuple[str, str, tuple[int, ...], int]],
    deaths: list[tuple[int, bool, bool]],
    digest: bool,
) -> None:
    rhythm: dict[str, Any] = {"rhythm": {"every": "hour"}} if digest else {}
    state, post = Mortal(), Dying()
    room = Newsroom(tmp_path_factory.mktemp("room"), [subscription(**rhythm)], state, post)
    left = list(deaths)
    for id_, story, said, version in events:
        quotes = [quote(f"{id_}{number}", WORDS[number], who=None) for number in said]
        made = article(id_, f"Summit {id_}", *quotes, story=story, version=version)
        _survive(room, left, lambda made=made, at=room.now: room.publish(made, at=at))
        _survive(room, left, lambda: room.letters(minutes=21))
    _survive(room, left, lambda: room.letters(hours=3))
    room.index.close()

    letters = {letter.id: letter for _, letter in post.taken}
    told = Counter(key for letter in letters.values() for key in letter.keys)
    stories = {f"story/{story}" for _, story, _, _ in events}
    assert stories <= told.keys(), "missed"
    assert all(count == 1 for count in told.values()), "told twice under two names"
    assert len(post.taken) - len(letters) <= len(deaths) - len(left)
    assert not list(Ledger(state).unresolved())
    assert not list(state.scan("alerts/waiting/"))
    assert not list(state.scan("alerts/due/"))


def _survive(room: Newsroom, deaths: list[tuple[int, bool, bool]], work: Any) -> None:
    """Do the work; where the process dies, another one does it over."""
    state, post = room.state, room.post
    assert isinstance(state, Mortal)
    assert isinstance(post, Dying)
    while True:
        if deaths:
            writes, before, at_post = deaths[0]
            state.budget, state.before = (1 << 30, before) if at_post else (writes, before)
            post.budget = 1 if at_post else 1 << 30
        try:
            work()
        except KilledError:
            deaths.pop(0)
            state.budget = post.budget = 1 << 30
            room.restart()
            room.later(minutes=3)  # the dead one's lease runs out
            continue
        state.budget = post.budget = 1 << 30
        return


def test_speakers_are_compared_by_name(room: Newsroom) -> None:
    room.publish(SUMMIT)
    room.letters()
    titled = CORRIDOR.replace(speaker=Speaker(name="Daniyar Serikbayev", office="minister", evidence=()))
    room.publish(SUMMIT.replace(quotes=(titled,)), origin="correction")
    assert room.letters(hours=1) == []


def test_a_search_that_cannot_be_asked_any_more_keeps_no_others(tmp_path: Path) -> None:
    broken = subscription("a-broken").model_copy(update={"search": SearchRequest.model_construct(q='"open')})
    room = Newsroom(tmp_path, [broken, subscription()])
    room.publish(article("a", "Leaders meet at the summit"))
    assert room.letters() == [("story/story-a",)]


@pytest.mark.parametrize("quiet", [None, Quiet.model_construct(start=time(22, tzinfo=UTC), end=time(7))])
def test_one_whose_times_cannot_be_worked_out_keeps_no_others(tmp_path: Path, quiet: Quiet | None) -> None:
    rhythm = Rhythm.model_construct(every="day", at=time(8, tzinfo=UTC))
    broken = subscription("a-broken").model_copy(update={"rhythm": rhythm, "quiet": quiet, "no_news": True})
    room = Newsroom(tmp_path, [broken, subscription()])
    room.publish(SUMMIT)
    assert room.letters() == [TOLD, TOLD]


def test_no_two_outlets_are_one() -> None:
    one, two = subscription("a", channels=["json://x.example"]), subscription("b", channels=["json://x.example"])
    assert len(outlets([one, two])) == 2


def test_subscriptions_are_written_and_read() -> None:
    made = subscription(rhythm={"every": "week", "on": "friday"}, quiet={"from": "22:00", "to": "06:00"})
    assert Subscription.model_validate_json(made.model_dump_json(by_alias=True)) == made


def test_a_preview_sends_what_would_have_been_sent(room: Newsroom) -> None:
    seen = [BEGAN + timedelta(hours=hours) for hours in (0, 1, 30)]
    made = [
        SUMMIT,
        article("b", "Summit: a copy", story="story-a"),
        article("c", "The summit ends", FUND),
    ]
    room.publish(*(each.replace(trace=each.trace.replace(first_seen=at)) for each, at in zip(made, seen, strict=True)))
    daily = subscription(rhythm={"every": "day", "at": "08:00"})
    end = BEGAN + timedelta(days=3)
    found = preview(daily, room.index, frozenset(), BEGAN - timedelta(days=1), end)
    assert [(each.at.day, each.keys) for each in found] == [(5, TOLD), (6, ("story/story-c", "quote/q2"))]
    found = preview(subscription(), room.index, frozenset(), BEGAN - timedelta(days=1), end)
    assert [each.at for each in found] == [seen[0], seen[2]]
    assert found[0].titles == ("Leaders meet at the summit in Baku",)


def test_a_preview_has_the_letters_that_say_that_nothing_is_new(room: Newsroom) -> None:
    untitled = SUMMIT.replace(content=SUMMIT.content.replace(title=" \n ") if SUMMIT.content else None)
    seen = BEGAN + timedelta(days=2, hours=1)
    room.publish(untitled.replace(trace=untitled.trace.replace(first_seen=seen)))
    daily = subscription(rhythm=DAILY, no_news=True)
    found = preview(daily, room.index, frozenset(), BEGAN, BEGAN + timedelta(days=4, hours=1))
    assert [(each.at - BEGAN, each.titles) for each in found] == [
        (timedelta(hours=23), ()),
        (timedelta(days=1, hours=23), ()),
        (timedelta(days=2, hours=23), ("no title",)),
        (timedelta(days=3, hours=23), ()),
    ]


def test_a_morning_page_has_no_preview_and_what_it_is_made_of_has(room: Newsroom) -> None:
    morning = subscription(sends="morning", rhythm=DAILY)
    with pytest.raises(UsageError, match=r"'summits' is a morning page.*otswatch search --seen-since 2026-05-04` with"):
        preview(morning, room.index, frozenset(), BEGAN, BEGAN + timedelta(days=4))
