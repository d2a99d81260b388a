"""`otswatch serve` as a process: its one line, its port, its sign of life, and how it ends."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest

from otswatch import health
from otswatch.errors import UsageError
from otswatch.listening import listening
from tests.commandline import otswatch
from tests.processes import PATIENCE
from tests.web import served


def test_port_0_takes_a_free_one_and_says_which():
    with listening("127.0.0.1:0") as listener:
        assert listener.url == f"http://127.0.0.1:{listener.socket.getsockname()[1]}"


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("8484", "HOST:PORT is expected"),
        ("localhost:http", "HOST:PORT is expected"),
        (":8484", "HOST:PORT is expected"),
        ("127.0.0.1:99999", "HOST:PORT is expected"),
        ("nobody.invalid:8484", "cannot listen on nobody.invalid:8484"),
        ("192.0.2.1:8484", "cannot listen on 192.0.2.1:8484"),
    ],
)
def test_an_address_that_cannot_be_listened_on_is_refused(address: str, error: str):
    with pytest.raises(UsageError, match=error), listening(address):
        pass


def test_a_taken_port_says_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(UsageError, match=rf"127\.0\.0\.1:{port} is taken.*--listen 127\.0\.0\.1:0"),
            listening(f"127.0.0.1:{port}"),
        ):
            pass


@pytest.mark.slow
def test_a_taken_port_is_bad_input(tmp_path: Path):
    with served(tmp_path) as (_, url):
        said = otswatch("serve", folder=tmp_path, listen=urlsplit(url).netloc)
        assert (said.code, said.out) == (2, "")
        assert "--listen 127.0.0.1:0" in said.error


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_shows_that_it_lives_and_ends_at_once(tmp_path: Path, number: signal.Signals):
    with served(tmp_path) as (process, url):
        kept = http.client.HTTPConnection(urlsplit(url).netloc)  # a browser keeps its connection open
        kept.request("GET", "/api/sources")
        assert json.loads(kept.getresponse().read())
        assert httpx.get(url).status_code == 200
        [beat] = health.read_all(tmp_path / "data")
        assert (beat.name, beat.pid, beat.facts) == ("serve", process.pid, {"listen": url})

        started = time.monotonic()
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
        assert time.monotonic() - started < 5
        kept.close()
        [beat] = health.read_all(tmp_path / "data")
        assert beat.facts["stopped"] is True
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.slow
def test_bytes_that_are_no_request_do_not_disturb_it(tmp_path: Path):
    with served(tmp_path) as (process, url):
        place = urlsplit(url)
        climbing = b"GET /articles/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for garbage in (b"\0\xff\r\n\r\n", climbing, b"GET " + b"x" * 100_000):
            with socket.create_connection((place.hostname, place.port)) as connection:
                connection.sendall(garbage)
                connection.shutdown(socket.SHUT_WR)
                assert b"root:" not in connection.recv(10_000)
        assert httpx.get(f"{url}/articles/nobody").status_code == 404
        assert process.poll() is None
