"""`deploy/stack`: both real servers start, answer, and are gone afterwards, however their starter ended."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from deploy.stack import ChecksumError, Downloads, Kafka, java, kafka
from deploy.stack.downloads import HERE, SUMS, digest
from deploy.stack.keeper import Keeper
from deploy.stack.server import Server
from otswatch.errors import DependencyDownError, UsageError
from tests.processes import PATIENCE, alive, eventually, family
from tests.stack import MARKS, require

pytestmark = MARKS
CLONE = HERE.parent.parent
#: Starts both, says what a test needs to know about them, and then does nothing for ever.
STARTER = """
import json, time
from deploy.stack import running
with running() as stack:
    print(json.dumps({server.name: [server.url, str(server.folder)] for server in stack.servers}), flush=True)
    time.sleep(3600)
"""


class Sleeper(Server):
    """A server that needs no Java."""

    name = "sleeper"

    def _command(self) -> list[str]:
        return ["/bin/sh", "-c", "echo started; sleep 3600 & wait"]

    def _ready(self) -> bool:
        return "started" in self.log.read_text()


def stack(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """A command of `python -m deploy.stack`, with a state file of its own."""
    words = [sys.executable, "-m", "deploy.stack", "--state", str(folder), command]
    return subprocess.run(words, cwd=CLONE, capture_output=True, text=True, check=False)


def ask(url: str, document: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(  # noqa: S310 - http, a server of our own
        url, data, {"Content-Type": "application/json"}, method="GET" if data is None else "PUT"
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - as above
        return dict(json.load(answer))


def port(url: str) -> int:
    return int(url.rpartition(":")[2])


def make_topic(at: int, name: str) -> str:
    """With Kafka's own tool. The broker is the one at this port."""
    tools = Kafka(Downloads().kafka())
    try:
        words = ("--bootstrap-server", f"127.0.0.1:{at}", "--create", "--topic", name)
        return tools.tool("org.apache.kafka.tools.TopicCommand", *words)
    finally:
        tools.remove()


def test_start_answer_stop(tmp_path: Path) -> None:
    require()
    try:
        started = stack(tmp_path, "start")
        assert started.returncode == 0, started.stderr
        urls = dict(line.split("=", 1) for line in started.stdout.splitlines())
        bus, index = urls["OTSWATCH_BUS"], urls["OTSWATCH_INDEX"]
        assert bus.startswith("kafka://127.0.0.1:")
        assert index.startswith("http://127.0.0.1:")

        assert kafka.brokers(port(bus)) == 1
        assert "Created topic pages" in make_topic(port(bus), "pages")
        ask(f"{index}/articles", {"settings": {"number_of_replicas": 0}})
        ask(f"{index}/articles/_doc/1", {"title": "İstanbul"})
        assert ask(f"{index}/articles/_doc/1")["_source"] == {"title": "İstanbul"}  # realtime: no refresh came between

        assert stack(tmp_path, "start").stdout == stack(tmp_path, "status").stdout == started.stdout
        state = Keeper(tmp_path).state()
        assert state is not None
        processes = [state.pid, *family(state.pid)]
    finally:
        stopped = stack(tmp_path, "stop")
    assert stopped.returncode == 0, stopped.stderr
    assert not [pid for pid in processes if alive(pid)]
    assert len(processes) >= 6  # the keeper, two leashes, and what they hold
    assert stack(tmp_path, "status").returncode == 1
    assert "nothing was running" in stack(tmp_path, "stop").stderr


def test_both_end_with_a_starter_that_was_killed() -> None:
    require()
    with subprocess.Popen([sys.executable, "-c", STARTER], cwd=CLONE, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        said = json.loads(starter.stdout.readline())
        processes = family(starter.pid)
        assert len(processes) >= 5
        starter.kill()
    eventually(lambda: not [pid for pid in processes if alive(pid)])
    eventually(lambda: not [folder for _, folder in said.values() if Path(folder).exists()])
    assert kafka.brokers(port(said["kafka"][0])) == 0


def test_a_server_is_killed_and_started_again_where_it_was() -> None:
    server = Sleeper()
    try:
        server.start()
        processes = processes_of(server)
        assert len(processes) >= 3
        server.kill()
        eventually(lambda: not [pid for pid in processes if alive(pid)])
        (server.folder / "data").touch()
        server.start()
        assert processes_of(server)
        server.stop()
        assert not processes_of(server)
        assert (server.folder / "data").exists()
    finally:
        server.remove()
    assert not server.folder.exists()


def test_a_server_that_ends_while_starting_says_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Sleeper()
    monkeypatch.setattr(server, "_command", lambda: ["/bin/sh", "-c", "echo no room"])
    try:
        with pytest.raises(DependencyDownError, match=r"(?s)sleeper ended while it was starting.*no room"):
            server.start()
    finally:
        server.remove()


def test_a_stale_state_file_is_no_error_and_nobody_elses_process_is_ended(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        try:
            written = {"pid": other.pid, "environment": {"OTSWATCH_BUS": "kafka://127.0.0.1:1"}}
            (tmp_path / "state.json").write_text(json.dumps(written))
            assert Keeper(tmp_path).state() is None
            assert Keeper(tmp_path).stop() is False
            assert other.poll() is None
        finally:
            other.send_signal(signal.SIGTERM)


def test_a_java_that_is_too_old_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "_candidates", lambda: [Path("/opt/old")])
    monkeypatch.setattr(java, "version", lambda _: 8)
    with pytest.raises(UsageError, match=r"Java 99 or newer is needed, found: /opt/old \(8\)\. Install one"):
        java.home(99)


def processes_of(server: Server) -> list[int]:
    return [] if server.pid is None else [server.pid, *family(server.pid)]


def downloaded(folder: Path) -> Downloads:
    """Two small files, and the checksums that they have now."""
    sums = folder / "SHA256SUMS"
    names = ("elasticsearch/elasticsearch-1.zip", "kafka/kafka-1.jar")
    for name in names:
        path = folder / "cache" / "downloads" / name
        path.parent.mkdir(parents=True)
        path.write_text(name)
    lines = [f"{digest(folder / 'cache' / 'downloads' / name)}  {name}\n" for name in names]
    sums.write_text("".join(lines))
    return Downloads(folder / "cache", sums)


def test_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    downloads = downloaded(tmp_path)
    jar = downloads.folder / "kafka" / "kafka-1.jar"
    (jar.parent / "unknown.jar").touch()
    assert downloads.kafka() == [jar]  # what is not listed is not used

    jar.write_text("kafka/kafka-2.jar")  # of the same length, after it was verified
    with pytest.raises(
        ChecksumError, match=r"kafka-1\.jar: SHA-256 is \w{64}, SHA256SUMS says \w{64}\. Remove .*cache "
    ):
        downloads.kafka()
    with pytest.raises(ChecksumError):  # nor the next time
        downloads.elasticsearch()


def test_a_download_that_is_not_what_was_pinned_is_never_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = downloaded(tmp_path)
    jar = downloads.folder / "kafka" / "kafka-1.jar"
    jar.unlink()

    def bring(target: Path, _cache: Path) -> None:
        (target / "kafka").mkdir(parents=True)
        (target / "kafka" / "kafka-1.jar").write_text("something else")

    monkeypatch.setattr("deploy.stack.downloads.bring", bring)
    with pytest.raises(ChecksumError, match="this is not what was pinned"):
        downloads.kafka()
    assert not jar.exists()


def test_the_checksums_are_those_of_the_versions_in_the_pom() -> None:
    pom, sums = (HERE / "pom.xml").read_text(), SUMS.read_text()
    version = dict(re.findall(r"<(\w+)\.version>([^<]+)", pom))
    assert f"kafka/kafka_2.13-{version['kafka']}.jar" in sums
    assert f"kafka/log4j-slf4j-impl-{version['log4j']}.jar" in sums
    assert f"kafka/log4j-core-{version['log4j']}.jar" in sums
    assert f"elasticsearch/elasticsearch-{version['elasticsearch']}.zip" in sums
