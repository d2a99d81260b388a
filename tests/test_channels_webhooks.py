"""Letters over real HTTP: what arrives, what each answer is told as, and what is never connected to."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from otswatch.alerts.channels import Channels, shown
from otswatch.alerts.channels.wire import Deadline, Reach, Visit
from otswatch.alerts.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError
from otswatch.errors import UsageError
from tests.letters import EXAMPLES, HASTY, PUBLIC, certificate, knows, letter, refused, to
from tests.webhooks import Webhooks


@pytest.fixture
def webhooks(tmp_path: Path) -> Iterator[Webhooks]:
    with Webhooks(tmp_path / "posts.jsonl") as webhooks:
        yield webhooks


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


# ------------------------------------------------------------------------------------------------------------- webhooks


@pytest.mark.parametrize("scheme", ["http", "json"])
def test_what_a_webhook_gets(webhooks: Webhooks, scheme: str) -> None:
    channel = webhooks.url("/news?room=1", scheme).replace("//", "//ots:geheim@")
    with to(webhooks) as channels:
        channels.check(channel)
        channels.send(letter(), channel)
    path, headers, body = webhooks.asked[0]
    assert path == "/news?room=1"
    assert headers["Idempotency-Key"] == "a1"
    assert headers["Authorization"] == requests.auth._basic_auth_str("ots", "geheim")
    assert json.loads(body) == {
        "id": "a1",
        "subscription": "morning",
        "subject": letter().subject,
        "text": "Okundu.",
        "keys": list(letter().keys),
        "items": [item.model_dump(mode="json") for item in letter().facts],
    }
    assert webhooks.taken()[0]["keys"] == ["art-1"]
    assert shown(channel) == f"{scheme}://{webhooks.host}/…"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, PermanentDeliveryError), (410, PermanentDeliveryError)]
    + [(status, TemporaryDeliveryError) for status in (400, 401, 403, 408, 413, 429, 500, 502, 503)],
)
def test_what_a_webhook_says(webhooks: Webhooks, status: int, kind: type[DeliveryError]) -> None:
    webhooks.fault(status)
    error = refused(to(webhooks), webhooks.url("/hook/token"), kind)
    assert f"HTTP {status}" in str(error)
    assert "token" not in str(error)


@pytest.mark.parametrize(("asked", "seconds"), [("120", 120.0), ("nonsense", None), ("9" * 400, 86400.0)])
def test_a_webhook_that_wants_to_be_left_alone(webhooks: Webhooks, asked: str, seconds: float | None) -> None:
    webhooks.fault(429, headers={"Retry-After": asked})
    error = refused(to(webhooks), webhooks.url())
    assert isinstance(error, TemporaryDeliveryError)
    assert error.retry_after == seconds


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(webhooks: Webhooks, status: int) -> None:
    webhooks.fault(status, headers={"Location": webhooks.url("/inside")})
    assert "redirect" in str(refused(to(webhooks), webhooks.url("/outside")))
    assert [path for path, _, _ in webhooks.asked] == ["/outside"]


def test_a_huge_answer_is_not_read_to_its_end(webhooks: Webhooks) -> None:
    webhooks.fault(200, body=b"x" * 65536, repeat=16384)
    to(webhooks).send(letter(), webhooks.url())
    assert webhooks.sent < 64 * 1024 * 1024


def test_a_slow_answer_is_not_waited_for(webhooks: Webhooks) -> None:
    webhooks.fault(200, seconds=5)
    assert "no answer in time" in str(refused(to(webhooks, timeouts=HASTY), webhooks.url()))


def test_an_answer_that_comes_byte_by_byte_is_cut_short(webhooks: Webhooks) -> None:
    webhooks.fault(500, body=b"x", repeat=1000, seconds=0.1, drips=True)
    began = time.monotonic()
    assert "HTTP 500" in str(refused(to(webhooks, timeouts=HASTY), webhooks.url()))
    assert time.monotonic() - began < 5


def test_headers_that_come_byte_by_byte_are_cut_short() -> None:
    here, there = socket.socketpair()
    with here, there, Deadline(0.1) as deadline:
        here.settimeout(5)
        deadline.watch(here)
        there.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        answer = here.makefile("rb")
        assert answer.readline() == b"HTTP/1.1 200 OK\r\n"
        assert answer.readline() == b"X-Slow: "  # it ended, and no time ran out


def test_a_connection_lost_after_it_was_taken(webhooks: Webhooks) -> None:
    webhooks.fault(200, lost=True)
    refused(to(webhooks), webhooks.url())
    assert len(webhooks.taken()) == 1


def test_a_webhook_that_went_down_and_came_back(webhooks: Webhooks) -> None:
    webhooks.down()
    assert "refused" in str(refused(to(webhooks), webhooks.url()))
    webhooks.up()
    to(webhooks).send(letter(), webhooks.url())


def test_no_password_or_proxy_of_the_environment_is_used(
    webhooks: Webhooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login operator password geheim\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    to(webhooks).send(letter(), webhooks.url())
    assert "Authorization" not in webhooks.asked[0][1]


@pytest.mark.parametrize(
    "channel", ["https://", "https:///x", "https://a b/", "http://x:99999/", "http://x/\n", "http://["]
)
def test_what_is_no_webhook(channel: str) -> None:
    with pytest.raises(UsageError):
        Channels(resolve=knows(PUBLIC)).check(channel)
    refused(Channels(resolve=knows(PUBLIC)), channel, PermanentDeliveryError)


# ---------------------------------------------------------------------------------------------------- internal services


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fd00::1",  # noqa: S104
     "fe80::1%1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "224.0.0.1"],
)  # fmt: skip
@pytest.mark.parametrize("channel", ["https://hook.example/x", EXAMPLES["mmosts"]])
def test_internal_hosts_are_refused(address: str, channel: str) -> None:
    channels = Channels(resolve=knows(address))
    with pytest.raises(UsageError, match="private network"):
        channels.check(channel)
    assert "private network" in str(refused(channels, channel, PermanentDeliveryError))


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "LOCALHOST", "0"]
)
def test_spellings_of_this_machine(webhooks: Webhooks, host: str) -> None:
    port = webhooks.host.rpartition(":")[2]
    for channel in (f"http://{host}:{port}/", f"http://user@{host}:{port}/", f"http://x.example@{host}:{port}/"):
        with pytest.raises(UsageError):
            Channels().check(channel)
        refused(Channels(), channel, PermanentDeliveryError)
    assert not webhooks.asked


@pytest.mark.parametrize("scheme", ["http", "mmost"])
def test_a_name_that_leads_elsewhere_the_second_time(webhooks: Webhooks, scheme: str) -> None:
    port = webhooks.host.rpartition(":")[2]
    channel = f"{scheme}://rebind.example:{port}/3ccdd113474722377935511fc85d3dd4"
    channels = Channels(resolve=knows(PUBLIC, "127.0.0.1"))
    channels.check(channel)
    refused(channels, channel, PermanentDeliveryError)
    assert not webhooks.asked


@pytest.mark.parametrize("scheme", ["http", "mmost"])
def test_what_was_judged_is_what_is_connected_to(
    webhooks: Webhooks, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One look-up for a letter: there is no second one that could be answered differently."""
    port = webhooks.host.rpartition(":")[2]
    asked: list[str] = []
    known = knows("127.0.0.1")

    def resolve(host: str, port: int, **more: Any) -> list[tuple[Any, ...]]:
        asked.append(host)
        return known(host, port, **more)

    def look_up(host: str, *more: Any, **named: Any) -> Any:
        assert host == "127.0.0.1", "a name is looked up behind our back"
        return known(host, more[0])

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    channels = Channels(allowed_hosts=[f"hook.example:{port}"], resolve=resolve)
    channels.send(letter(), f"{scheme}://hook.example:{port}/3ccdd113474722377935511fc85d3dd4")
    assert asked == ["hook.example"]
    assert webhooks.asked[0][1]["Host"] == f"hook.example:{port}"


def test_one_internal_address_among_others_is_enough() -> None:
    def resolve(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in (PUBLIC, "10.0.0.1")]

    with pytest.raises(UsageError):
        Channels(resolve=resolve).check("https://hook.example/")


def test_another_port_of_an_allowed_host_is_not_allowed(webhooks: Webhooks) -> None:
    with pytest.raises(UsageError):
        to(webhooks).check("http://127.0.0.1:1/")


def test_a_name_that_is_not_known_now_may_be_later() -> None:
    def resolve(*_: Any, **__: Any) -> list[tuple[Any, ...]]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    channels = Channels(resolve=resolve)
    for channel in ("https://hook.example/x", EXAMPLES["mmosts"]):
        channels.check(channel)
        refused(channels, channel)


def test_tls_is_for_the_name_and_not_for_the_address() -> None:
    """A connection to the address that was judged still asks for the certificate of the name."""
    seen: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda _socket, name, _context: seen.append(name)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        reach = Reach([f"hook.example:{port}"], knows("127.0.0.1"))
        visit = Visit(reach, HASTY)

        def shake_hands() -> None:
            there = server.accept()[0]
            with pytest.raises(OSError):  # noqa: PT011 - it has no certificate to show
                context.wrap_socket(there, server_side=True)

        server.settimeout(5)
        thread = threading.Thread(target=shake_hands, daemon=True)
        thread.start()
        with pytest.raises(requests.RequestException):
            visit.request("POST", f"https://hook.example:{port}/")
        thread.join()
    assert seen == ["hook.example"]
