"""Channels of all kinds: services through Apprise, what is no channel, and the servers of the drill."""

from __future__ import annotations

import ast
import inspect
import io
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from otswatch.alerts.channels import SCHEMES, Channels, Timeouts, services, shown
from otswatch.alerts.channels.wire import Answer, Reach, Visit
from otswatch.alerts.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError
from otswatch.errors import UsageError
from tests.letters import EXAMPLES, HASTY, PUBLIC, READER, SENDER, knows, letter, refused, to
from tests.webhooks import Webhooks


@pytest.fixture
def webhooks(tmp_path: Path) -> Iterator[Webhooks]:
    with Webhooks(tmp_path / "posts.jsonl") as webhooks:
        yield webhooks


class Recorder(Visit):
    """Answers that all is well, or what is in `STATUSES` first, with `HEADERS`, and keeps what was asked."""

    def __init__(self, reach: Reach, timeouts: Timeouts) -> None:
        super().__init__(reach, timeouts)
        self.sent = SENT

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        self.sent.append((url, kwargs.get("data") or kwargs.get("json")))
        status = STATUSES.pop(0) if STATUSES else 200
        self.answers.append(Answer(status, None))
        response = requests.Response()
        response.status_code = status
        response.headers.update(HEADERS)
        response.raw = io.BytesIO(b"ok")
        return response


SENT: list[tuple[str, Any]] = []
STATUSES: list[int] = []
HEADERS: dict[str, str] = {}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What services ask for; no socket is to be had."""

    def no_socket(*_: Any, **__: Any) -> Any:
        raise AssertionError("a socket of its own")

    for kept in (SENT, STATUSES, HEADERS):
        kept.clear()
    monkeypatch.setattr(services, "Visit", Recorder)
    monkeypatch.setattr(socket, "socket", no_socket)
    monkeypatch.setattr(socket, "getaddrinfo", no_socket)
    return SENT


def test_every_service_has_an_example() -> None:
    assert set(EXAMPLES) == set(services.SCHEMES)


@pytest.mark.parametrize("channel", EXAMPLES.values(), ids=EXAMPLES)
def test_every_service_asks_through_us(channel: str, sent: list[tuple[str, Any]]) -> None:
    channels = Channels(resolve=knows(PUBLIC))
    channels.check(channel)
    assert not sent
    channels.send(letter(), channel)
    assert len(sent) == 1
    told = str(json.loads(sent[0][1]) if isinstance(sent[0][1], str) else sent[0][1])
    assert letter().subject in told.replace("\\\\", "")
    assert "Okundu" in told


@pytest.mark.parametrize("scheme", services.SCHEMES)
def test_services_speak_http_and_nothing_else(scheme: str) -> None:
    """What is not in this list when Apprise is renewed is to be looked at before it is allowed."""
    module = sys.modules[services.type_of(scheme).__module__]
    tree = ast.parse(inspect.getsource(module))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported <= {"requests", "re", "json", "contextlib", "os", "io", "hmac", "secrets", "logging"}
    asked = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "requests"
    }
    assert asked <= {"get", "post", "put", "request", "codes", "RequestException"}
    froms = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any((name or "").partition(".")[0] in ("requests", "urllib3", "socket", "subprocess") for name in froms)


def test_hostile_titles_call_nobody_and_make_no_link(sent: list[tuple[str, Any]]) -> None:
    title = "@everyone @here <!channel> <@U1> @**all** [click](https://evil.example/) ![i](https://evil.example/i.png)"
    text = f"{title}\nhttps://news.example/a_b*c?e=@all&f=[x](y)"
    channels = Channels(resolve=knows(PUBLIC))
    for scheme, channel in EXAMPLES.items():
        sent.clear()
        channels.send(letter(subject=title, text=text), channel)
        told = json.dumps(sent[0][1], ensure_ascii=False)
        for call in ("@everyone", "@here", "@all", "@**", "@\\\\*", "<@U1>"):
            assert call not in told, (scheme, call)
        assert scheme != "slack" or "<!" not in told
        if scheme not in ("gotify", "gotifys", "ntfy", "ntfys", "signal", "signals", "slack", "tgram", "gchat"):
            assert "\\[click" in told, scheme
        assert "news.example/a_b*c?e=%40all" in told, scheme


@pytest.mark.parametrize(
    "native",
    ["https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
     "https://discord.com/api/webhooks/1234567890123456/abcdefghijklmnopqrstuvwxyz",
     "https://prod-12.logic.azure.com:443/workflows/643e69f83c8944438d68119179a10a64/triggers/manual/paths/invoke?sig=KODu"],
)  # fmt: skip
def test_addresses_as_services_give_them_out(native: str, sent: list[tuple[str, Any]]) -> None:
    channels = Channels(resolve=knows(PUBLIC))
    channels.check(native)
    channels.send(letter(), native)
    assert "Idempotency-Key" not in str(sent)
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("status", "kind"), [(500, TemporaryDeliveryError), (429, TemporaryDeliveryError), (404, PermanentDeliveryError)]
)
def test_what_a_service_says(webhooks: Webhooks, status: int, kind: type[DeliveryError]) -> None:
    webhooks.fault(status, headers={"Retry-After": "7"})
    error = refused(to(webhooks), f"gotify://{webhooks.host}/abcdefghijklmno", kind)
    assert str(status) in str(error)
    assert "abcdefghijklmno" not in str(error)
    assert getattr(error, "retry_after", 7.0) == 7.0


def test_a_service_that_leads_elsewhere_is_not_followed(webhooks: Webhooks) -> None:
    channel = f"gotify://{webhooks.host}/abcdefghijklmno"
    webhooks.fault(307, headers={"Location": webhooks.url("/inside")})
    refused(to(webhooks), channel)
    with pytest.raises(UsageError, match="redirect may not stand"):
        to(webhooks).check(channel + "?redirect=yes")
    assert [path for path, _, _ in webhooks.asked] == ["/message"]


def test_a_service_is_not_waited_for_for_ever(webhooks: Webhooks) -> None:
    webhooks.fault(200, body=b"x", repeat=1000, seconds=0.1, drips=True)
    began = time.monotonic()
    to(webhooks, timeouts=HASTY).send(letter(), f"gotify://{webhooks.host}/abcdefghijklmno")
    assert time.monotonic() - began < 5


def long(paragraphs: int) -> str:
    """A text of so many paragraphs of 400 letters, with signs that some services read, and a foot."""
    lines = "\n".join(["  Ministers *meet* in [Baku], and the corridor_of_the_middle is opened: yes."] * 5)
    told = "\n\n".join(f"Headline {number}\n{lines}" for number in range(paragraphs))
    return f"{told}\n\n--\nAll that it finds: https://ots.example/search?q=corridor\n{{}}\n"


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that Apprise would have waited, each time."""
    kept: list[float] = []
    monkeypatch.setattr("apprise.url.time.sleep", kept.append)
    return kept


@pytest.mark.parametrize("channel", EXAMPLES.values(), ids=EXAMPLES)
def test_a_long_letter_arrives_within_its_time(channel: str, sent: list[tuple[str, Any]], slept: list[float]) -> None:
    Channels(resolve=knows(PUBLIC)).send(letter(text=long(400)), channel)
    told = "".join(str(json.loads(body) if isinstance(body, str) else body) for _, body in sent)
    assert len(sent) <= 48
    assert sum(slept) <= 48, "the rest of the minute is for the answers"
    assert "Headline 0" in told
    assert "https://ots.example/search?q=corridor" in told
    left_out = re.search(r"left out for its length: (\d+) of 400 paragraphs", told)
    assert told.count("Headline") + (int(left_out[1]) if left_out else 0) == 400


def test_what_is_not_too_long_is_not_cut(sent: list[tuple[str, Any]], slept: list[float]) -> None:
    Channels(resolve=knows(PUBLIC)).send(letter(text=long(12)), EXAMPLES["rocket"])
    told = "".join(str(body) for _, body in sent)
    assert told.count("Headline") == 12
    assert "left out" not in told


@pytest.mark.parametrize("taken", [0, 2])
def test_the_parts_after_one_that_is_not_taken_are_not_sent(
    taken: int, sent: list[tuple[str, Any]], slept: list[float]
) -> None:
    STATUSES.extend([*[200] * taken, 503])
    with pytest.raises(TemporaryDeliveryError, match="503"):
        Channels(resolve=knows(PUBLIC)).send(letter(text=long(12)), EXAMPLES["rocket"])
    assert (len(sent), len(slept)) == (taken + 1, taken)


def test_a_service_that_wants_a_long_pause_gets_no_longer_one_than_the_letter_has(
    sent: list[tuple[str, Any]], slept: list[float]
) -> None:
    HEADERS.update({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 3600)})
    Channels(resolve=knows(PUBLIC)).send(letter(text=long(12)), EXAMPLES["discord"])
    assert len(sent) > 1
    assert max(slept) <= Timeouts().whole


@pytest.mark.parametrize(
    "channel",
    ["file:///etc/passwd", "syslog://", "dbus://", "gnome://", "windows://", "macosx://", "xml://hook.example",
     "form://hook.example", "apprise://hook.example/key", "apprises://hook.example/key", "mailtos://u:p@gmail.com",
     "rsyslog://hook.example", "mqtt://hook.example", "irc://hook.example", "memory://", "ftp://hook.example",
     "nonsense", "javascript:alert(1)", "//hook.example/", ""],
)  # fmt: skip
def test_what_is_no_channel(channel: str, sent: list[tuple[str, Any]]) -> None:
    channels = Channels(mail="smtp://localhost", sender=SENDER, resolve=knows(PUBLIC))
    with pytest.raises(UsageError):
        channels.check(channel)
    refused(channels, channel, PermanentDeliveryError)
    assert not sent


@pytest.mark.parametrize("scheme", services.SCHEMES)
def test_what_may_not_stand_in_an_address(scheme: str, sent: list[tuple[str, Any]]) -> None:
    options = (
        *("template=/etc/passwd", "template=https://hook.example/", "attach=file:///etc/passwd", "optional=yes"),
        *("retry=9", "rto=99999", "cto=99999", "redirect=yes", "%74emplate=/etc/passwd", "Template=/etc/passwd"),
        *("+Host=inside", ":text=x", "avatar_url=http://10.0.0.1/", "overflow=truncate", "tags=a&optional=yes"),
    )
    channels = Channels(resolve=knows(PUBLIC))
    for option in options:
        channel = f"{EXAMPLES[scheme]}?{option}"
        with pytest.raises(UsageError):
            channels.check(channel)
        refused(channels, channel, PermanentDeliveryError)
    assert not sent


def test_one_receiver_a_channel(sent: list[tuple[str, Any]]) -> None:
    with pytest.raises(UsageError, match="2 receivers"):
        Channels(resolve=knows(PUBLIC)).check("tgram://123456789:abcdefg_hijklmnop/12315544/12315545")
    assert not sent


def test_secrets_are_not_shown() -> None:
    for scheme, channel in EXAMPLES.items():
        told = shown(channel)
        assert told.partition("://")[0].rstrip("s") in (scheme.rstrip("s"), "wxteam")
        for secret in ("TIiajkdnlazkcOXrIdevi7FQ", "abcdefg", "3ccdd1134747", "a1b2c3d4", "KODuebWb", "word", "token"):
            assert secret not in told, told
    assert shown("https://me:geheim@hook.example:8443/token?key=1") == "https://hook.example:8443/…"
    assert shown("http://[") == "http://…"


@pytest.mark.parametrize("server", ["mailbox", "webhooks"])
def test_the_servers_of_the_drill_obey(server: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", f"tests.{server}", "--log", str(tmp_path / "log")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        address = process.stdout.readline().strip()

        def say(words: str) -> None:
            print(words, file=process.stdin, flush=True)
            assert process.stdout
            assert process.stdout.readline() == "done\n"

        if server == "mailbox":
            channels, channel, fault = Channels(mail=address, sender=SENDER), READER, "fault rcpt 2 450 4.2.0 Later"
        else:
            channels, channel, fault = Channels(allowed_hosts=[urlsplit(address).netloc]), address, "fault 503 2"
        say(fault)
        refused(channels, channel)
        refused(channels, channel)
        channels.send(letter("a1"), channel)
        say("down")
        refused(channels, channel)
        say("up")
        channels.send(letter("a2"), channel)
        channels.close()
        process.stdin.close()
    assert process.returncode == 0
    assert len((tmp_path / "log").read_text().splitlines()) == 2


def test_schemes_are_all_told_of() -> None:
    told = (Path(__file__).parent.parent / "docs" / "reference" / "channels.md").read_text(encoding="utf-8")
    assert all(f"`{scheme}:" in told for scheme in SCHEMES)
