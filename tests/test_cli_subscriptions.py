"""Subscriptions on the command line: adding, looking, pausing, confirming, ending."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from otswatch.alerts.ledger import Ledger, Open
from otswatch.alerts.outlets import digest
from otswatch.cli.subscriptions import app
from otswatch.errors import ConfigError, UsageError
from otswatch.settings import Settings
from otswatch.stores import open_stores
from otswatch.subscriptions.kept import Subscriptions
from otswatch.subscriptions.tokens import Purpose, TokenError, Tokens

AYSE = "ayse@example.org"
TO = ("--to", f"mailto:{AYSE}")
HOOK = "json://user:s3cret@hooks.example/t0ken"
CANNOT_BE_ASKED = "mailto:a…@example.org: cannot be asked, and gets nothing before it is confirmed"
FILE = f"id: desk\nchannels: ['mailto:{AYSE}', '{HOOK}']\n"

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests."""
    folder = tmp_path_factory.mktemp("otswatch.d")
    (folder / "subscriptions").mkdir()
    (folder / "subscriptions" / "desk.yaml").write_text(FILE, encoding="utf-8")
    return folder


@pytest.fixture
def configured(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("OTSWATCH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("OTSWATCH_CONFIG", str(config))
    monkeypatch.setenv("OTSWATCH_LOG_LEVEL", "error")
    return Settings.load()


@pytest.fixture
def run(configured: Settings) -> Run:
    """A command; what it raises is raised, as `otswatch.cli.main` gets it."""

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, arguments, catch_exceptions=False, env={"COLUMNS": "200"})

    return invoke


def listed(run: Run) -> dict[str, Any]:
    found = json.loads(run("list", "--format", "json").stdout)["subscriptions"]
    return {each["id"]: each for each in found}


def token(configured: Settings, purpose: Purpose, id_: str, now: datetime | None = None) -> str:
    with open_stores(configured) as stores:
        return Tokens(stores.state).make(purpose, id_, AYSE, now)


def active(configured: Settings) -> dict[str, int]:
    """How many channels each has that something is sent to."""
    with open_stores(configured) as stores:
        return {each.id: len(each.channels) for each in Subscriptions(stores.state, configured.config).active()}


def test_everything_that_can_be_asked_for_is_kept(run: Run):
    said = run(
        *("add", "zirve* OR summit", "--id", "energy", *TO, "--to", HOOK, "--title", "Energy, officially"),
        *("--area", "energy", "--area", "transport", "--language", "tr", "--kind", "statement", "--country", "az"),
        *("--official", "--exact", "--every", "week", "--at", "08:30", "--on", "friday", "--zone", "Europe/Istanbul"),
        *("--quiet", "22:00-07:00", "--no-news", "--morning"),
    )
    assert said.exit_code == 0
    assert said.stdout == ("energy  Energy, officially: the morning page, every friday at 08:30 Europe/Istanbul\n")
    assert CANNOT_BE_ASKED in said.stderr
    found = listed(run)["energy"]
    assert found == {
        "id": "energy",
        "title": "Energy, officially",
        "sends": "morning",
        "search": {
            "q": "zirve* OR summit",
            "exact": True,
            "area": ["energy", "transport"],
            "language": ["tr"],
            "kind": ["statement"],
            "country": ["az"],
        },
        "official": True,
        "channels": [
            {"channel": "mailto:a…@example.org", "status": "unconfirmed"},
            {"channel": "json://hooks.example/…", "status": "ready"},
        ],
        "rhythm": {"every": "week", "at": "08:30:00", "on": "friday"},
        "quiet": {"from": "22:00:00", "to": "07:00:00"},
        "zone": "Europe/Istanbul",
        "paused": False,
        "no_news": True,
        "file": None,
    }


@pytest.mark.parametrize(
    ("options", "every"), [((), "at-once"), (("--morning",), "day"), (("--morning", "--every", "week"), "week")]
)
def test_a_morning_page_comes_every_day_unless_it_is_said_otherwise(run: Run, options: tuple[str, ...], every: str):
    run("add", "--id", "all", "--to", "json://h", *options)
    assert listed(run)["all"]["rhythm"]["every"] == every


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--id", "Energy", *TO), "--id: "),
        (("--id", "a", "--to", AYSE), "is no kind of channel; write mailto:"),
        (("--id", "a", "--to", ""), "--to: "),
        (("--id", "a", *TO, "(oil"), "the query ends too early"),
        (("--id", "a", *TO, "--area", "energi"), "search.area.0: no area 'energi'; there are: agriculture"),
        (("--id", "a", *TO, "--source", "nobody"), "search.source.0: no source 'nobody'; see `otswatch sources list"),
        (("--id", "a", *TO, "--dossier", "cyprus"), "search.dossier.0: no dossier 'cyprus'; there is none"),
        (("--id", "a", *TO, "--at", "25:00"), "--at: "),
        (("--id", "a", *TO, "--at", "08:30+03:00"), "--at: hours and minutes such as 08:30 are expected, not "),
        (("--id", "a", *TO, "--quiet", "22:00"), "--quiet takes hours such as 22:00-07:00"),
        (("--id", "a", *TO, "--quiet", "22-7h"), "--quiet: "),
        (("--id", "a", *TO, "--zone", "Baku"), "--zone: a time zone such as Europe/Istanbul is expected, not 'Baku'"),
        (("--id", "desk", *TO), "'desk' stands in "),
    ],
)
def test_what_cannot_be_is_said_with_what_can(run: Run, options: tuple[str, ...], complaint: str):
    with pytest.raises(UsageError) as error:
        run("add", *options)
    assert complaint in str(error.value)
    assert list(listed(run)) == ["desk"]


@pytest.mark.parametrize("options", [("--id", "a"), TO, ("--id", "a", *TO, "--every", "year"), ("--on", "Freitag")])
def test_what_is_missing_or_unknown_is_refused(run: Run, options: tuple[str, ...]):
    assert run("add", *options).exit_code == 2


def test_the_table_says_who_gets_what_and_shows_no_secret(run: Run):
    run("add", "--id", "energy", *TO, "--area", "energy", "--every", "hour", "--official")
    run("pause", "desk")
    shown = run("list").stdout
    assert "every hour" in shown
    assert "energy (official)" in shown
    assert "mailto:a…@example.org (unconfirmed)" in shown
    assert "mailto:a…@example.org (confirmed)" in shown
    assert "json://hooks.example/…" in shown
    assert "at once, paused" in shown
    assert "desk.yaml" in shown
    for secret in ("s3cret", "t0ken", AYSE):
        assert secret not in shown
        assert secret not in run("list", "--format", "json").stdout
        assert secret not in run("show", "desk").stdout


def test_show_is_yaml(run: Run, config: Path):
    found = yaml.safe_load(run("show", "desk").stdout)
    assert (found["id"], found["file"]) == ("desk", str(config / "subscriptions" / "desk.yaml"))
    with pytest.raises(UsageError, match="no subscription 'oil'"):
        run("show", "oil")


def test_an_empty_list_says_how_to_begin(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OTSWATCH_CONFIG", str(tmp_path))
    assert "otswatch subscriptions add --help" in run("list").stdout
    assert json.loads(run("list", "--format", "json").stdout) == {"subscriptions": []}


def test_a_life(run: Run, configured: Settings):
    run("add", "--id", "energy", *TO)
    assert active(configured) == {"desk": 2}
    assert run("confirm", token(configured, "confirm", "energy")).stdout == (
        "energy: confirmed for mailto:a…@example.org\n"
    )
    assert active(configured) == {"desk": 2, "energy": 1}
    run("pause", "energy")
    assert active(configured) == {"desk": 2}
    run("resume", "energy")
    assert active(configured) == {"desk": 2, "energy": 1}
    assert run("unsubscribe", token(configured, "unsubscribe", "energy")).stdout == (
        "energy: ended for mailto:a…@example.org\n"
    )
    run("unsubscribe", token(configured, "unsubscribe", "desk"))
    assert active(configured) == {"desk": 1}
    run("remove", "energy")
    assert list(listed(run)) == ["desk"]


@pytest.mark.parametrize(
    "pasted", ["{}\r", " {} \n", "https://ots.example/subscriptions/confirm?token={}", " /x?a=1&token={}\n"]
)
def test_what_is_pasted_is_the_link_or_its_token(run: Run, configured: Settings, pasted: str):
    run("add", "--id", "energy", *TO)
    run("confirm", pasted.format(token(configured, "confirm", "energy")))
    assert active(configured)["energy"] == 1


def test_what_stands_in_a_file_is_not_removed(run: Run):
    with pytest.raises(UsageError, match=r"'desk' stands in .*desk\.yaml: take it out there"):
        run("remove", "desk")


def test_tokens_are_for_what_they_are_for(run: Run, configured: Settings):
    run("add", "--id", "energy", *TO)
    late = datetime.now(UTC) - timedelta(days=8)
    for command, given in (
        ("confirm", token(configured, "unsubscribe", "energy")),
        ("confirm", token(configured, "confirm", "energy", late)),
        ("unsubscribe", token(configured, "confirm", "energy")),
        ("unsubscribe", "guessed"),
        ("unsubscribe", "https://ots.example/subscriptions/unsubscribe"),
    ):
        with pytest.raises(TokenError):
            run(command, given)
    assert active(configured) == {"desk": 2}


def test_a_file_that_cannot_be_used_is_named_and_ending_works_all_the_same(
    run: Run, configured: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "subscriptions").mkdir()
    (tmp_path / "subscriptions" / "broken.yaml").write_text("id: a\nchanels: [json://h]", encoding="utf-8")
    monkeypatch.setenv("OTSWATCH_CONFIG", str(tmp_path))
    with pytest.raises(ConfigError, match=r"broken\.yaml, line \d, "):
        run("list")
    assert run("unsubscribe", token(configured, "unsubscribe", "energy")).exit_code == 0


def test_a_preview_shows_letters_with_nothing_in_them(run: Run):
    run("add", "--id", "quiet", "--to", "json://h", "--every", "day", "--no-news")
    shown = run("preview", "quiet", "--days", "3").stdout
    assert shown.count("nothing new") == 3
    assert "3 letters with 0 items in the last 3 days" in shown


def test_whoever_goes_on_is_told_that_a_dead_channel_is_tried_again(run: Run, configured: Settings):
    run("add", "--id", "oil", "--to", "json://h", "--to", "json://i")
    assert run("resume", "oil").stdout == "oil: resumed\n"
    dead = Open(letter="1", due=datetime.now(UTC), made=datetime.now(UTC), news=(), dead=True, error="HTTP 404")
    with open_stores(configured) as stores:
        Ledger(stores.state).write(f"oil.{digest('json://i')}", dead)
    assert "refused for good: HTTP 404" in run("letters", "oil").stdout
    assert run("resume", "oil").stdout == (
        "oil: resumed; a letter that was refused for good is tried again within an hour\n"
    )
    assert "tried again: HTTP 404" in run("letters", "oil").stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "set OTSWATCH_PAGE and OTSWATCH_MAIL"),
        ({"OTSWATCH_PAGE": "https://ots.example"}, "set OTSWATCH_MAIL"),
        ({"OTSWATCH_MAIL": "smtp://mail.example"}, "set OTSWATCH_PAGE"),
        ({"OTSWATCH_PAGE": "https://ots.example", "OTSWATCH_MAIL": "smtp://mail.example"}, None),
    ],
)
def test_what_is_missing_to_ask_a_reader_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str | None
):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    told = run("add", "--id", "energy", *TO).stderr
    assert told.startswith("mailto:a…@example.org: asked by a letter first" if said is None else CANNOT_BE_ASKED)
    assert said is None or f": {said} where `otswatch run` is started" in told
    assert run("add", "--id", "hook", "--to", "json://h").stderr == ""


def test_every_command_has_an_example_of_itself(run: Run):
    commands = ("list", "show", "add", "remove", "pause", "resume", "confirm", "unsubscribe")
    for name in commands:
        said = run(name, "--help").stdout
        assert f"Example: otswatch subscriptions {name}" in said


def test_a_channel_into_the_own_network_is_refused_when_it_is_added(run: Run) -> None:
    with pytest.raises(UsageError, match="OTSWATCH_ALLOWED_HOSTS"):
        run("add", "--id", "inside", "--to", "http://127.0.0.1:9/hook", "oil")
