"""When a trouble stands, when it is over, and that each channel is told of both once, whenever processes die."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otswatch.alerts.delivery import BACKOFF, Pending, attempt
from otswatch.alerts.errors import TemporaryDeliveryError
from otswatch.alerts.letter import Letter
from otswatch.state import State
from otswatch.watchdog.book import MEMORY, Book
from otswatch.watchdog.letters import Message, Telling, What, letter
from otswatch.watchdog.telling import Teller
from otswatch.watchdog.trouble import Seen
from tests.alerting import Post
from tests.memory import MemoryState
from tests.test_alerts import Dying, KilledError, Mortal
from tests.watching import BEGAN, HOOK, states, trouble

DAY = timedelta(days=1)
#: An id of each of three kinds.
IDS = ("lag/index", "quarantine/extract", "source-silent/altai")


class Watch:
    """Looks that find what a test says."""

    def __init__(self, state: State | None = None, post: Post | None = None, *channels: str) -> None:
        self.state = state or MemoryState()
        self.post = post or Post()
        self.channels = channels or (HOOK,)
        self.now = BEGAN

    def look(self, *ids: str, unknown: Collection[Any] = (), size: int | None = None) -> None:
        found = tuple(trouble(id_, since=self.now, size=size) for id_ in ids)
        Book(self.state).look(Seen(found, frozenset(unknown)), self.now)
        Teller(self.state, self.post, self.channels, DAY, lambda: self.now, lambda: True).round()

    def told(self, *ids: str, minutes: float = 1, **more: Any) -> list[tuple[str, str]]:
        """What is told at one look, after a while."""
        before = len(self.post.taken)
        self.now += timedelta(minutes=minutes)
        self.look(*ids, **more)
        return states([letter for _, letter in self.post.taken[before:]])


def test_one_failed_look_is_no_trouble() -> None:
    watch = Watch()
    assert [watch.told("lag/index"), watch.told(), watch.told("lag/index"), watch.told()] == [[]] * 4


def test_all_that_is_new_comes_in_one_message() -> None:
    watch = Watch()
    watch.told(*IDS)
    assert watch.told(*IDS) == [("open", id_) for id_ in IDS], "the worst first"
    assert len(watch.post.taken) == 1
    assert watch.post.taken[0][1].subject == "OTS Watch: Something is wrong with lag/index (+2)"


def test_what_cannot_be_seen_stays_as_it_was() -> None:
    watch = Watch()
    watch.told("lag/index")
    watch.told("lag/index")
    assert [watch.told(unknown=("lag",)) for _ in range(5)] == [[]] * 5
    assert watch.told() == []
    assert watch.told() == [("resolved", "lag/index")]


def test_troubles_of_one_day_become_one_message_a_day() -> None:
    watch = Watch()
    for number in range(1, 4):
        watch.told(*IDS[:number], minutes=120)
        watch.told(*IDS[:number])
    watch.told(*IDS, minutes=24 * 60)
    before = len(watch.post.taken)
    for _ in range(3 * 24):
        watch.told(*IDS, minutes=60)
    told = [states([letter]) for _, letter in watch.post.taken[before - 1 :]]
    assert told == [[("again", id_) for id_ in IDS]] * 4


def test_what_only_grows_is_told_again_when_it_has() -> None:
    watch = Watch()
    watch.told("quarantine/extract", size=3)
    assert watch.told("quarantine/extract", size=3) == [("open", "quarantine/extract")]
    assert watch.told("quarantine/extract", size=3, minutes=3 * 24 * 60) == []
    assert watch.told("quarantine/extract", size=4) == [("again", "quarantine/extract")]
    assert watch.told("quarantine/extract", size=5) == [], "not before another day"


def test_one_that_comes_and_goes_is_told_a_few_times_a_day() -> None:
    watch = Watch()
    for _ in range(3 * 24 * 10):  # three minutes there, three minutes gone
        for there in (True, True, True, False, False, False):
            watch.told(*(("lag/index",) if there else ()))
    assert watch.now - BEGAN == 3 * DAY
    told = [state for _, letter in watch.post.taken for state, _ in states([letter])]
    assert told[:4] == ["open", "resolved", "open", "again"]
    assert len(told) <= 6, "it is told of once a day, for it never stays away"


def test_of_one_that_stays_away_longer_each_time_little_more_is_told() -> None:
    watch = Watch()
    for _ in range(3 * 24):
        for minute in range(60):
            watch.told(*(("lag/index",) if minute < 20 else ()))
    per_day = Counter((letter.facts[0].since - BEGAN).days for _, letter in watch.post.taken)
    assert max(per_day.values()) <= 10
    assert per_day[2] <= 3


def test_a_channel_that_is_new_is_told_of_what_stands_and_one_that_is_gone_is_forgotten() -> None:
    watch = Watch()
    watch.told("lag/index")
    watch.told("lag/index")
    watch.channels = ("https://other.example/",)
    assert watch.told("lag/index") == [("open", "lag/index")]
    assert len(list(watch.state.scan("operator/told/"))) == 1


def test_one_failed_look_brings_nothing_back() -> None:
    watch = Watch()
    for _ in range(2):
        watch.told("lag/index")
    watch.told()
    assert watch.told() == [("resolved", "lag/index")]
    assert [watch.told("lag/index", minutes=60), watch.told(), watch.told("lag/index")] == [[]] * 3
    assert watch.told("lag/index") == [("open", "lag/index")]


def test_what_is_over_while_a_channel_is_down_is_told_when_it_is_back() -> None:
    watch = Watch()
    watch.told("lag/index")
    watch.told("lag/index")
    watch.post.faults = [TemporaryDeliveryError("down")] * 1000
    watch.told("lag/index", "source-silent/altai")
    watch.told("lag/index", "source-silent/altai")
    for _ in range(3 * 24):
        watch.told(minutes=60)
    watch.post.faults = []
    told = [each for _ in range(3) for each in watch.told(minutes=60)]
    assert sorted(told) == [
        ("open", "source-silent/altai"),  # was on its way when it ended
        ("resolved", "lag/index"),
        ("resolved", "source-silent/altai"),
    ]
    watch.told(minutes=2 * 24 * 60)
    assert [entry.key for entry in watch.state.scan("operator/t")] == []


def test_a_letter_is_tried_for_as_long_as_it_takes() -> None:
    def refuse(_: Letter) -> None:
        raise TemporaryDeliveryError("down")

    counted: list[str] = []
    tried, arrived = attempt(
        Pending(letter="1", made=BEGAN, attempts=5000),
        "operator.1",
        make=lambda _: Letter("1", "operator", "", "", "", ()),
        write=lambda _: None,
        send=refuse,
        clock=lambda: BEGAN,
        count=counted.append,
    )
    assert not arrived
    assert tried.after == BEGAN + timedelta(seconds=BACKOFF[1])
    assert counted == ["put-off"]


# ------------------------------------------------------------------------------------------------------ the letters


def test_a_letter_says_what_since_when_and_what_to_do() -> None:
    watch = Watch()
    watch.told("lag/index")
    watch.told("lag/index", "quarantine/extract")
    watch.told("quarantine/extract")
    watch.told("quarantine/extract", minutes=20 * 60)
    [(_, first), (_, second), (_, third)] = watch.post.taken
    assert [first.subject, second.subject, third.subject] == [
        "OTS Watch: Something is wrong with lag/index",
        "OTS Watch: Something is wrong with quarantine/extract",
        "OTS Watch: Resolved: Something is wrong with lag/index",
    ]
    for part in (first.text, " ".join(lxml.html.fromstring(first.html).text_content().split())):
        for said in (
            "with lag/index, 7 times.",
            "What to do: Mend",
            "4 May 2026, 09:01 UTC",
            "times",
            "lag/index",
        ):
            assert said in part
    assert "It is over since 4 May 2026, 09:03 UTC, after 2 min." in third.text
    assert "Mend it" not in third.text
    assert first.unsubscribe is None
    assert max(map(len, first.text.splitlines())) <= 78


def test_what_is_said_together_is_counted_in_the_subject() -> None:
    def told(what: What, id_: str) -> Telling:
        made = trouble(id_, title="A title that is longer than a subject may be " * 5)
        return Telling(key=id_, state=what, until=None, **made.to_dict())

    message = Message(
        letter="1",
        made=BEGAN,
        tellings=(told("resolved", "lag/a"), told("open", "lag/b"), told("open", "lag/c"), told("again", "lag/d")),
    )
    subject = letter(message).subject
    assert len(subject) <= 150
    assert subject.startswith("OTS Watch: A title")
    assert subject.endswith("… (+1), 1 resolved, 1 still there")


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\u202egnp", "a\r\nBcc: all@evil.example", "`<b>`"])
def test_what_servers_say_is_words(hostile: str) -> None:
    made = trouble(title=hostile, said=hostile, next=hostile, evidence={"error": hostile})
    telling = Telling(key="1", state="open", **made.to_dict())
    sent = letter(Message(letter="1", made=BEGAN, tellings=(telling,)), "https://ots.example/")
    page = lxml.html.fromstring(sent.html)
    assert not page.xpath("//script | //b | //img")
    assert page.xpath("//a/@href") == ["https://ots.example/status"]
    assert not any(line.startswith("Bcc:") for line in sent.text.splitlines())
    assert "\u202e" not in sent.subject + sent.text + sent.html
    assert "\n" not in sent.subject


# ------------------------------------------------------------------------------------------------ deaths at any write


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    looks=st.lists(
        st.tuples(st.sets(st.sampled_from(IDS)), st.sampled_from((1, 1, 20, 700, 1500))), min_size=1, max_size=14
    ),
    deaths=st.lists(st.tuples(st.integers(1, 15), st.booleans(), st.booleans()), max_size=4),
)
def test_whenever_processes_die_nothing_is_missed_and_only_they_repeat(
    looks: list[tuple[set[str], int]], deaths: list[tuple[int, bool, bool]]
) -> None:
    state, post, left = Mortal(), Dying(), list(deaths)
    watch = Watch(state, post, "https://one.example/", "https://two.example/")
    last = looks[-1][0]
    for ids, minutes in [*looks, *[(last, 1)] * 3, (last, 30 * 60), (last, 1)]:
        watch.now += timedelta(minutes=minutes)
        _survive(watch, left, ids)
    wanted = {id_ for (one, _), (two, _) in pairwise([*looks, (last, 1)]) for id_ in one & two}

    repeated = 0
    for channel in watch.channels:
        taken = [letter for to, letter in post.taken if to == channel]
        letters = {letter.id: letter for letter in taken}
        repeated += len(taken) - len(letters)
        keys = Counter(key for letter in letters.values() for key in letter.keys)
        assert all(count == 1 for count in keys.values()), "told twice under two names"
        told: dict[str, list[str]] = defaultdict(list)
        for one in letters.values():
            for what, id_ in states([one]):
                told[id_].append(what)
        assert wanted <= told.keys(), "missed"
        for id_, states_ in told.items():
            assert states_[0] == "open"
            assert all((before == "resolved") == (after == "open") for before, after in pairwise(states_)), states_
            assert (states_[-1] != "resolved") == (id_ in last), "the channel knows how it stands"
    assert repeated <= len(deaths) - len(left)
    assert not list(state.scan("operator/open/"))
    watch.channels = ()
    watch.now += MEMORY
    for _ in range(3):
        watch.told(minutes=24 * 60)
    assert not list(state.scan("operator/told/"))
    assert not list(state.scan("operator/trouble/"))


def _survive(watch: Watch, deaths: list[tuple[int, bool, bool]], ids: Collection[str]) -> None:
    """Look; where the process dies, another one looks a moment later."""
    state, post = watch.state, watch.post
    assert isinstance(state, Mortal)
    assert isinstance(post, Dying)
    while True:
        if deaths:
            writes, before, at_post = deaths[0]
            state.budget, state.before = (1 << 30, before) if at_post else (writes, before)
            post.budget = 1 if at_post else 1 << 30
        try:
            watch.look(*sorted(ids))
        except KilledError:
            deaths.pop(0)
            watch.now += timedelta(seconds=20)
            continue
        finally:
            state.budget = post.budget = 1 << 30
        return


@pytest.mark.parametrize("moment", [BEGAN, BEGAN + timedelta(days=400)])
def test_a_look_is_remembered(moment: datetime) -> None:
    watch = Watch()
    watch.now = moment
    watch.look()
    assert Book(watch.state).looked() == moment
