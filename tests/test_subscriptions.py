"""Subscriptions: where they are kept, what is wrong with one, and to whom may be sent."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch import dossiers
from otswatch.alerts import queue
from otswatch.alerts.ledger import Ledger, Open
from otswatch.alerts.queue import Waiting
from otswatch.alerts.told import Told
from otswatch.errors import ConfigError, NewerDataError, UsageError
from otswatch.state import State
from otswatch.subscriptions import Subscription
from otswatch.subscriptions.addresses import address_of, fault, folded, shown
from otswatch.subscriptions.confirmation import confirmation
from otswatch.subscriptions.kept import MAX_UNCONFIRMED, Subscriptions, TooManyUnconfirmedError
from tests.clone import ROOT
from tests.memory import MemoryState

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
AYSE, BORA = "ayse@example.org", "bora@example.org"
HOOK = "json://user:secret@hooks.example/t0ken"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests: reading the taxonomy that belongs to it takes a second."""
    return tmp_path_factory.mktemp("otswatch.d")


@pytest.fixture
def state() -> State:
    return MemoryState()


@pytest.fixture
def opened(folder: Path, state: State) -> Callable[..., Subscriptions]:
    """Subscriptions over these files and no others."""
    shutil.rmtree(folder / "subscriptions", ignore_errors=True)

    def open_(**files: str) -> Subscriptions:
        (folder / "subscriptions").mkdir(exist_ok=True)
        for name, content in files.items():
            (folder / "subscriptions" / f"{name}.yaml").write_text(content, encoding="utf-8")
        return Subscriptions(state, folder)

    return open_


def made(id_: str = "energy", *channels: str, **given: Any) -> Subscription:
    return Subscription.model_validate({"id": id_, "channels": channels or (f"mailto:{AYSE}",), **given})


def sent(subscriptions: Subscriptions) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.id, each.channels) for each in subscriptions.active()]


Opened = Callable[..., Subscriptions]

# ------------------------------------------------------------------------------------------------------------- files

FILE = f"""- id: energy
  title: Energy, officially
  search: {{q: 'zirve* OR summit', area: [energy], language: tr}}
  official: true
  channels: ['mailto:{AYSE}', '{HOOK}']
  rhythm: {{every: day, at: 08:30}}
  quiet: {{from: 22:00, to: 07:00}}
  zone: Europe/Istanbul
- {{id: everything, channels: ['{HOOK}']}}
"""


def test_files_are_read_and_their_addresses_count_as_confirmed(opened: Opened):
    subscriptions = opened(desk=FILE)
    energy, everything = subscriptions.all()
    assert (energy.name, energy.search.area, energy.search.language) == ("Energy, officially", ("energy",), ("tr",))
    assert (energy.rhythm.at.isoformat(), energy.zone) == ("08:30:00", "Europe/Istanbul")
    assert everything.name == "everything"
    assert sent(subscriptions) == [("energy", (f"mailto:{AYSE}", HOOK)), ("everything", (HOOK,))]
    assert subscriptions.to_ask(NOW) == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("id: a\nchannels: [x@example.org]", "line 2, channels.0: a channel is an address such as mailto:"),
        ("id: a\nchannels:\n- json://h\n- json://h", "line 4, channels.1: stands here twice"),
        (f"id: a\nchannels: ['mailto:{AYSE}', 'MAILTO:Ayse@Example.org']", "channels.1: stands here twice"),
        ("id: a\nchannels: ['mailto://u:p@mail.example?to=x']", "channels.0: e-mail is written mailto:ayse@example"),
        ("id: a\nchannels: []", "line 2, channels: Tuple should have at least 1 item"),
        ("id: a", "line 1, channels: Field required"),
        ("id: A\nchannels: [json://h]", "line 1, id: "),
        ("- id: a\n  channels: [json://h]\n- id: a\n  channels: [json://h]", "line 3, 1.id: 'a' stands in "),
        (
            "id: a\nchannels: [json://h]\nsearch:\n  area:\n  - energy\n  - energi",
            "line 6, search.area.1: no area 'energi'; there are: agriculture,",
        ),
        ("id: a\nchannels: [json://h]\nsearch: {area: energi}", "line 3, search.area.0: no area 'energi'"),
        ("id: a\nchannels: [json://h]\nsearch: {source: [trt-haber-9]}", "search.source.0: no source 'trt-haber-9'; s"),
        ("id: a\nchannels: [json://h]\nsearch: {dossier: [cyprus]}", "no dossier 'cyprus'; there is none; docs/howto"),
        ("id: a\nchannels: [json://h]\nsearch: {kind: [newz]}", "search.kind.0: no kind 'newz'; there are: "),
        ("id: a\nchannels: [json://h]\nsearch: {country: [az, tur]}", "search.country.1: no country 'tur'; there are"),
        ("id: a\nchannels: [json://h]\nsearch: {language: turkish}", "a code such as tr or en is expected"),
        ("id: a\nchannels: [json://h]\nsearch: {q: 'oil -area:energi'}", "line 3, search.q: no area 'energi'"),
        ("id: a\nchannels: [json://h]\nsearch: {q: '(oil'}", "line 3, search: "),
        ("id: a\nchannels: [json://h]\nsearch: {since: 2026-01-01}", "line 3, search: since: is not something that"),
        ("id: a\nchannels: [json://h]\nzone: Baku", "line 3, zone: a time zone such as Europe/Istanbul"),
        ("id: a\nchannels: [json://h]\nareas: [energy]", "line 3, areas: Extra inputs are not permitted"),
        ("id: [", "line 2: not YAML"),
        ("energy", "one entry or a list of them is expected"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line_and_field(opened: Opened, content: str, complaint: str):
    with pytest.raises(ConfigError) as error:
        opened(mine=content).all()
    assert complaint in str(error.value)
    assert "mine.yaml" in str(error.value)


@pytest.mark.parametrize(
    ("written", "read"), [("1:00", 1), ("8:00", 8), ("08:00", 8), ("'08:00'", 8), ("'08:00:00'", 8), ("22:00", 22)]
)
def test_a_time_of_day_is_read_as_it_was_meant(opened: Opened, written: str, read: int):
    [made] = opened(mine=f"id: a\nchannels: [json://h]\nquiet: {{from: {written}, to: 09:30}}").all()
    assert made.quiet is not None
    assert (made.quiet.start, made.quiet.end) == (time(read), time(9, 30))


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("08:30Z", "hours and minutes such as 08:30 are expected, not 08:30:00+00:00; whose clock it is says `zone`"),
        ("'08:30+03:00'", "hours and minutes such as 08:30 are expected, not 08:30:00+03:00"),
        ("08:30:15", "hours and minutes such as 08:30 are expected, not 08:30:15"),
        ("8", 'a time of day is written as "08:00", in quotes, not 8'),
        ("8.5", 'a time of day is written as "08:00", in quotes, not 8.5'),
        ("1800", 'a time of day is written as "08:00", in quotes, not 1800'),
    ],
)
def test_a_time_that_is_none_of_the_readers_clock_is_refused(opened: Opened, written: str, complaint: str):
    for field in (f"rhythm: {{every: day, at: {written}}}", f"quiet: {{from: 22:00, to: {written}}}"):
        with pytest.raises(ConfigError) as error:
            opened(mine=f"id: a\nchannels: [json://h]\n{field}").all()
        assert complaint in str(error.value)
        assert "line 3, " in str(error.value)


def test_an_id_stands_in_one_file_only(opened: Opened):
    with pytest.raises(ConfigError, match=r"two\.yaml, line 1, id: 'a' stands in .*one\.yaml already"):
        opened(one="{id: a, channels: [json://h]}", two="{id: a, channels: [json://h]}").all()


def test_a_dossier_of_the_users_can_be_followed(opened: Opened, folder: Path):
    (folder / "dossiers").mkdir()
    (folder / "dossiers" / "cyprus.yaml").write_text("id: cyprus\nquery: kıbrıs*", encoding="utf-8")
    dossiers.load.cache_clear()
    subscriptions = opened(mine="id: a\nchannels: [json://h]\nsearch: {dossier: cyprus}")
    assert [each.search.dossier for each in subscriptions.all()] == [("cyprus",)]
    shutil.rmtree(folder / "dossiers")
    dossiers.load.cache_clear()


def test_the_example_of_the_reference_is_one(opened: Opened):
    text = (ROOT / "docs" / "reference" / "subscriptions.md").read_text(encoding="utf-8")
    example = "".join(line for line in text.splitlines(keepends=True) if line.startswith("    "))
    [energy] = opened(example=textwrap.dedent(example)).active()
    assert (energy.name, len(energy.channels), energy.rhythm.every) == ("Energy, officially", 2, "day")
    fields = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert set(Subscription.model_fields) <= fields


# ------------------------------------------------------------------------------------------------------------- adding


def test_what_was_added_is_there_for_everybody_at_once(opened: Opened, state: State, folder: Path):
    others = Subscriptions(state, folder)
    assert others.all() == []
    wanted = made(search={"q": "zirve*", "area": "energy"}, quiet={"from": "22:00", "to": "07:00"}, official=True)
    opened().add(wanted)
    assert others.all() == [wanted]
    assert others.get("energy") == wanted
    others.remove("energy")
    assert opened().all() == []


def test_an_id_is_given_once(opened: Opened):
    subscriptions = opened(desk=FILE)
    subscriptions.add(made("oil"))
    with pytest.raises(UsageError, match="there is a subscription 'oil' already"):
        subscriptions.add(made("oil", HOOK))
    with pytest.raises(UsageError, match=r"'energy' stands in .*desk\.yaml"):
        subscriptions.add(made("energy"))
    assert [each.id for each in subscriptions.all()] == ["energy", "everything", "oil"]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"search": {"area": "energi"}}, r"search\.area\.0: no area 'energi'; there are: agriculture"),
        ({"search": {"q": "source:nobody"}}, r"search\.q: no source 'nobody'; see `otswatch sources list --all`"),
        ({"channels": ["ayse@example.org"]}, r"channels\.0: a channel is an address such as"),
    ],
)
def test_what_cannot_be_followed_is_not_added(opened: Opened, state: State, given: dict[str, Any], complaint: str):
    with pytest.raises(UsageError, match=complaint):
        opened().add(made(**given) if "channels" not in given else made("energy", *given["channels"]))
    assert list(state.scan("subscriptions/")) == []


def test_a_file_that_takes_the_id_of_one_that_was_added_is_refused_until_that_is_out(opened: Opened):
    opened().add(made("energy", HOOK))
    subscriptions = opened(desk=FILE)
    with pytest.raises(ConfigError, match=r"line 1, 0\.id: 'energy' was added already: .* subscriptions remove energy"):
        subscriptions.active()
    subscriptions.remove("energy")
    assert [each.id for each in subscriptions.all()] == ["energy", "everything"]


def test_what_stands_in_a_file_is_taken_out_there(opened: Opened):
    with pytest.raises(UsageError, match=r"'energy' stands in .*desk\.yaml: take it out there"):
        opened(desk=FILE).remove("energy")


def test_there_is_nothing_to_take_out_of_what_is_not_there(opened: Opened):
    subscriptions = opened()
    for act in (subscriptions.get, subscriptions.remove, subscriptions.pause, subscriptions.resume):
        with pytest.raises(UsageError, match="no subscription 'oil'; see `otswatch subscriptions list`"):
            act("oil")


def test_what_waits_for_one_that_was_taken_out_is_gone_and_what_it_was_told_stays(opened: Opened, state: State):
    subscriptions = opened()
    for id_ in ("oil", "oil-2"):
        subscriptions.add(made(id_, HOOK))
        leave_something(state, id_)
    subscriptions.remove("oil")
    left = [entry.key for entry in state.scan("alerts/")]
    assert [key for key in left if "oil." in key] == ["alerts/told/oil.1/until"]
    assert len([key for key in left if "oil-2." in key]) == 5


def test_what_was_left_meanwhile_is_nothing_to_the_next_one_of_that_id(opened: Opened, state: State):
    leave_something(state, "oil")
    opened().add(made("oil", HOOK))
    assert [entry.key for entry in state.scan("alerts/")] == ["alerts/told/oil.1/until"]


def leave_something(state: State, id_: str) -> None:
    """In each place where something stands for an outlet."""
    outlet = f"{id_}.1"
    queue.wait(state, outlet, NOW, [Waiting(article="a", at=NOW)])
    Ledger(state).write(outlet, Open(letter="1", due=NOW, made=NOW, news=()))
    state.put(f"alerts/last/{outlet}", NOW.isoformat())
    Told(state, outlet).remember_until(NOW)


def test_what_another_version_wrote_is_not_guessed_at(opened: Opened, state: State):
    state.put("subscriptions/kept/odd", {"id": "odd", "channels": ["json://h"], "colour": "red"})
    subscriptions = opened()
    with pytest.raises(NewerDataError, match=r"'odd' is of another version \(colour: .*remove odd"):
        subscriptions.all()
    subscriptions.remove("odd")
    assert subscriptions.all() == []


# ------------------------------------------------------------------------------------------------------------ pausing


def test_both_kinds_can_be_paused_and_go_on(opened: Opened):
    subscriptions = opened(desk=FILE)
    subscriptions.add(made("oil", HOOK))
    for id_ in ("energy", "oil"):
        subscriptions.pause(id_)
        subscriptions.pause(id_)
    assert [(each.id, each.paused) for each in subscriptions.all()] == [
        ("energy", True),
        ("everything", False),
        ("oil", True),
    ]
    assert [each.id for each in subscriptions.active()] == ["everything"]
    subscriptions.resume("energy")
    subscriptions.resume("oil")
    assert [each.id for each in subscriptions.active()] == ["energy", "everything", "oil"]


def test_one_that_was_added_paused_goes_on(opened: Opened):
    subscriptions = opened()
    subscriptions.add(made("oil", HOOK, paused=True))
    assert subscriptions.active() == []
    subscriptions.resume("oil")
    assert [each.paused for each in subscriptions.active()] == [False]


def test_one_that_its_file_pauses_goes_on_there(opened: Opened):
    subscriptions = opened(mine="id: a\nchannels: [json://h]\npaused: true")
    assert subscriptions.active() == []
    with pytest.raises(ConfigError, match=r"mine\.yaml, line 3, paused: paused here: take that out"):
        subscriptions.resume("a")


def test_whoever_takes_the_id_of_one_that_was_paused_is_not_paused(opened: Opened):
    subscriptions = opened()
    subscriptions.add(made("oil", HOOK))
    subscriptions.pause("oil")
    subscriptions.remove("oil")
    subscriptions.add(made("oil", HOOK))
    assert [each.id for each in subscriptions.active()] == ["oil"]


# ------------------------------------------------------------------------------------------------------------ consent


def test_an_address_gets_nothing_before_its_reader_confirmed_and_other_channels_do_not_wait(opened: Opened):
    subscriptions = opened()
    subscriptions.add(made("energy", f"mailto:{AYSE}", HOOK, f"mailto:{BORA}"))
    subscriptions.add(made("oil"))
    assert sent(subscriptions) == [("energy", (HOOK,))]
    assert [(each.id, address) for each, address in subscriptions.to_ask(NOW)] == [
        ("energy", AYSE),
        ("energy", BORA),
        ("oil", AYSE),
    ]
    assert subscriptions.ask("energy", BORA, NOW)
    assert sent(subscriptions) == [("energy", (HOOK,))]
    subscriptions.confirm("energy", BORA, NOW)
    assert sent(subscriptions) == [("energy", (HOOK, f"mailto:{BORA}"))]


def test_an_address_is_one_however_it_is_written(opened: Opened):
    subscriptions = opened()
    subscriptions.add(made("energy", "MailTo:Ayse@Example.org"))
    subscriptions.confirm("energy", AYSE, NOW)
    assert sent(subscriptions) == [("energy", ("MailTo:Ayse@Example.org",))]


def test_who_does_not_answer_is_asked_once_more_after_a_day_and_then_left_alone(opened: Opened):
    subscriptions = opened()
    subscriptions.add(made("energy"), NOW)
    asked = []
    for hours in range(0, 24 * 30, 6):
        moment = NOW + timedelta(hours=hours)
        asked += [
            hours for each, address in subscriptions.to_ask(moment) if subscriptions.ask(each.id, address, moment)
        ]
    assert asked == [0, 24]


def test_two_that_ask_at_once_send_one_letter(opened: Opened, state: State, folder: Path):
    first, second = opened(), Subscriptions(state, folder)
    first.add(made("energy"), NOW)
    assert len(first.to_ask(NOW)) == len(second.to_ask(NOW)) == 1
    assert (first.ask("energy", AYSE, NOW), second.ask("energy", AYSE, NOW)) == (True, False)


def test_a_reader_ends_it_for_their_own_address_only_and_for_good(opened: Opened):
    subscriptions = opened(desk=FILE)
    subscriptions.add(made("oil", f"mailto:{AYSE}", f"mailto:{BORA}"))
    for address in (AYSE, BORA):
        subscriptions.confirm("oil", address, NOW)
    subscriptions.end("oil", AYSE, NOW)
    subscriptions.end("oil", AYSE, NOW)
    subscriptions.end("energy", AYSE, NOW)
    assert sent(subscriptions) == [("energy", (HOOK,)), ("everything", (HOOK,)), ("oil", (f"mailto:{BORA}",))]
    for id_ in ("oil", "energy"):
        with pytest.raises(UsageError, match="was ended for this address; it has to be asked for again"):
            subscriptions.confirm(id_, AYSE, NOW)
    assert subscriptions.to_ask(NOW + 30 * DAY) == []


def test_one_that_all_readers_ended_is_not_active(opened: Opened):
    subscriptions = opened(mine=f"id: a\nchannels: ['mailto:{AYSE}']")
    assert len(subscriptions.active()) == 1
    subscriptions.end("a", AYSE, NOW)
    assert subscriptions.active() == []
    assert [each.channels for each in subscriptions.listed()] == [((f"mailto:{AYSE}", "ended"),)]


def test_ending_works_whatever_is_wrong_with_the_files_and_when_it_is_gone(opened: Opened):
    subscriptions = opened(broken="id: [")
    subscriptions.end("gone", AYSE, NOW)
    with pytest.raises(ConfigError):
        subscriptions.active()


def test_what_was_confirmed_or_ended_does_not_hold_for_another_subscription_of_the_same_id(opened: Opened):
    subscriptions = opened()
    for answer in (subscriptions.confirm, subscriptions.end):
        subscriptions.add(made("oil", search={"q": "oil"}), NOW)
        answer("oil", AYSE, NOW)
        subscriptions.remove("oil")
        subscriptions.add(made("oil", search={"q": "gas"}), NOW)
        assert subscriptions.active() == []
        assert subscriptions.to_ask(NOW + timedelta(hours=23)) == []
        assert len(subscriptions.to_ask(NOW + DAY)) == 1
        subscriptions.remove("oil")


def test_nobody_is_asked_more_often_because_it_was_taken_out_and_put_back(opened: Opened):
    subscriptions = opened()
    for minutes in range(5):
        moment = NOW + timedelta(minutes=minutes)
        subscriptions.add(made("oil"), moment)
        assert [subscriptions.ask("oil", AYSE, moment) for _ in subscriptions.to_ask(moment)] == [True][minutes:]
        subscriptions.remove("oil")


def test_only_whom_it_goes_to_can_confirm_it(opened: Opened):
    subscriptions = opened()
    subscriptions.add(made("energy"), NOW)
    with pytest.raises(UsageError, match=r"'energy' is not sent to mailto:b…@example\.org any more"):
        subscriptions.confirm("energy", BORA, NOW)
    with pytest.raises(UsageError, match="no subscription 'oil'"):
        subscriptions.confirm("oil", AYSE, NOW)


def test_an_address_that_does_not_answer_is_named_ten_times_and_no_more(opened: Opened):
    subscriptions = opened()
    for number in range(MAX_UNCONFIRMED):
        subscriptions.add(made(f"s{number}"), NOW)
    with pytest.raises(TooManyUnconfirmedError, match=r"mailto:A…@example\.org has not answered for 10 subscriptions"):
        subscriptions.add(made("more", f"mailto:{BORA}", "mailto:AYSE@example.org"), NOW)
    assert len(subscriptions.all()) == MAX_UNCONFIRMED
    subscriptions.add(made("bora", f"mailto:{BORA}"), NOW)
    subscriptions.confirm("s3", AYSE, NOW)
    subscriptions.add(made("more"), NOW)


def test_taking_those_out_that_were_asked_makes_no_room_for_a_week(opened: Opened):
    subscriptions = opened()
    for number in range(MAX_UNCONFIRMED):
        subscriptions.add(made(f"s{number}"), NOW)
        subscriptions.ask(f"s{number}", AYSE, NOW)
        subscriptions.remove(f"s{number}")
    with pytest.raises(TooManyUnconfirmedError):
        subscriptions.add(made("more"), NOW + 6 * DAY)
    subscriptions.add(made("more"), NOW + 7 * DAY)


# ------------------------------------------------------------------------------------------------------------ letter


def test_the_letter_that_asks_says_what_for_and_where_to():
    subscription = made(search={"q": "<b>oil</b> & gas"}, rhythm={"every": "day"})
    letter = confirmation(subscription, AYSE, "https://news.example/subscriptions/confirm?token=a.b&x=1")
    assert letter.subject == "Please confirm: news on “<b>oil</b> & gas”"
    assert "https://news.example/subscriptions/confirm?token=a.b&x=1\n" in letter.text
    assert f"news to {AYSE}, every day:" in letter.text
    assert 'href="https://news.example/subscriptions/confirm?token=a.b&amp;x=1"' in letter.html
    assert "&lt;b&gt;oil&lt;/b&gt; &amp; gas" in letter.html
    assert "<b>oil" not in letter.html
    assert (letter.subscription, letter.keys, letter.unsubscribe) == ("energy", (), None)


def test_a_name_breaks_no_line_of_the_letter():
    letter = confirmation(made(title="x\r\nBcc: all@example.org\n\n\u202egood" + "y" * 150), AYSE, "https://n.example/")
    assert letter.subject.isprintable()
    assert len(letter.subject) < 120
    assert "\n\n    x Bcc: all@example.org good" in letter.text


def test_the_same_link_is_the_same_letter_and_a_new_one_is_not():
    first, again, other = (confirmation(made(), AYSE, f"https://n.example/{name}") for name in ("a", "a", "b"))
    assert first == again
    assert first.id != other.id


# ---------------------------------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "channel",
    [
        "mailto:ayse@example.org",
        "mailto:o'neil+ots@mail.example.org",
        "mailto:ayse@örnek.example",
        "slack://TokenA/TokenB/TokenC/#news",
        "json://user:p%40ss@localhost:8080/hook?+X-Token=1",
        "tgram://123456:token/12315544/",
    ],
)
def test_channels_that_can_be(channel: str):
    assert fault(channel) is None


@pytest.mark.parametrize(
    "channel",
    [
        "ayse@example.org",
        "mailto:",
        "mailto:ayse",
        "mailto:@example.org",
        "mailto:ayse@",
        "mailto:a@example.org,b@example.org",
        "mailto:a@example.org?bcc=b@example.org",
        "mailto:a@example.org%0aBcc:b@example.org",
        "mailto:a@example.org\nBcc: b@example.org",
        "mailto:Ayse <a@example.org>",
        "mailto:ayşe@example.org",
        "mailto:a..b@example.org",
        "mailto:.a@example.org",
        "mailto:a@example.org.",
        "mailto:a@example..org",
        f"mailto:{'a' * 65}@example.org",
        f"mailto:a@{'x' * 70}.org",
        "mailto:a@x\uff0cb.example",
        "mailto://user:pass@mail.example?to=a@example.org",
        "MailTos://user:pass@mail.example?to=a@example.org",
        " mailto:a@example.org",
        "json://host/\u202egnp",
        "slack:",
        "slack://",
        "://host",
        "",
    ],
)
def test_channels_that_cannot_be(channel: str):
    assert fault(channel)


@pytest.mark.parametrize(
    ("channel", "seen"),
    [
        ("mailto:ayse@example.org", "mailto:a…@example.org"),
        (HOOK, "json://hooks.example/…"),
        ("https://hooks.example/services/T0/B0/xyz?key=1", "https://hooks.example/…"),
        ("slack://TokenA/TokenB/TokenC/#news", "slack://…"),
        ("tgram://123456:token/12315544/", "tgram://…"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "discord://…"),
        ("json://[bad/secret", "json://…"),
        ("secret", "…"),
        ("se cret://x", "…"),
    ],
)
def test_no_secret_of_a_channel_is_shown(channel: str, seen: str):
    assert shown(channel) == seen


@given(st.text(max_size=60), st.sampled_from(("slack", "json", "tgram", "mailto", "https", "")))
def test_whatever_stands_in_a_channel_is_shown_without_its_path_and_its_password(text: str, scheme: str):
    hidden = "s3cr3t-t0k3n"
    for channel in (f"{scheme}://u:{hidden}@host/{text}", f"{scheme}://host/{text}{hidden}", f"{scheme}:{text}"):
        assert hidden not in shown(channel)
        assert folded(channel) == channel or address_of(channel) is not None
