"""Addresses of servers as they are given, and the names that workers bear on them. Needs no server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch import slots
from otswatch.bus import kafka_topics
from otswatch.bus.kafka_client import address
from otswatch.bus.kafka_topics import KEPT_AT_MOST, KafkaTopic
from otswatch.consumers.topology import TOPICS
from otswatch.errors import ConfigError
from otswatch.provision import clear
from otswatch.settings import Settings, without_password
from otswatch.stores import open_stores


@pytest.mark.parametrize(
    ("url", "servers", "protocol"),
    [
        ("kafka://broker:9092", ["broker:9092"], "PLAINTEXT"),
        ("kafka://one,two:9093", ["one:9092", "two:9093"], "PLAINTEXT"),
        ("kafka://[::1]:9092,[::2]", ["[::1]:9092", "[::2]:9092"], "PLAINTEXT"),
        ("kafka+ssl://one:9093/", ["one:9093"], "SSL"),
        ("kafka://reader:secret@one:9092", ["one:9092"], "SASL_PLAINTEXT"),
        ("kafka+ssl://reader:secret@one:9092,two:9092", ["one:9092", "two:9092"], "SASL_SSL"),
    ],
)
def test_an_address_of_kafka_is_read(url: str, servers: list[str], protocol: str) -> None:
    read = address(url)
    assert (read.config["bootstrap_servers"], read.config["security_protocol"]) == (servers, protocol)
    assert "secret" not in read.shown


def test_a_password_may_hold_any_letter() -> None:
    read = address("kafka+ssl://us%40er:p%40ss%3Aw%2Ford@one:9092", Path("ca.pem"))
    assert (read.config["sasl_plain_username"], read.config["sasl_plain_password"]) == ("us@er", "p@ss:w/ord")
    assert (read.config["sasl_mechanism"], read.config["ssl_cafile"]) == ("SCRAM-SHA-512", "ca.pem")


@pytest.mark.parametrize(
    "url",
    ["kafka://", "kafka://:9092", "kafka://one:0", "kafka://one:x", "kafka://one:99999", "kafka://user@one:9092",
     "kafka://one,,two", "http://one:9092", "one:9092"],
)  # fmt: skip
def test_what_is_no_address_of_kafka_says_what_one_is(url: str) -> None:
    with pytest.raises(ConfigError, match="write kafka://HOST:PORT"):
        address(url)


@given(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=12, max_size=20), st.text(max_size=10))
def test_no_message_shows_a_password(secret: str, rest: str) -> None:
    url = f"kafka://u:{secret}@{rest.replace(secret, '')}"
    try:
        said = address(url).shown
    except ConfigError as error:
        said = str(error)
    assert secret not in said + without_password(url)


@pytest.mark.parametrize(("name", "value"), [("bus", "amqp://u:secret@x"), ("index", "ftp://u:secret@x")])
def test_an_unknown_kind_of_server_is_refused_without_its_password(tmp_path: Path, name: str, value: str) -> None:
    settings = Settings(data=tmp_path, **{name: value})
    with (
        pytest.raises(ConfigError, match=f"OTSWATCH_{name.upper()}=.*://x: write `sqlite`") as caught,
        open_stores(settings),
    ):
        pass
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "rest",
    ["u:sec#ret@es:9200", "u:sec/ret@es:9200", "u:sec?ret@es:9200", "u:1#ret@es:9200", "u:1/ret@es:9200",
     "u:1?ret@es:9200", "u:secret@es:99999", "u:secret@es:x", "u:secret@[::1:9200"],
)  # fmt: skip
def test_what_is_no_address_of_elasticsearch_is_refused_without_its_password(tmp_path: Path, rest: str) -> None:
    with (
        pytest.raises(ConfigError, match=r"OTSWATCH_INDEX=https://\S+: not an address; write .*%23 %2F %3F") as caught,
        open_stores(Settings(data=tmp_path, index=f"https://{rest}")),
    ):
        pass
    said = str(caught.value)
    assert "sec" not in said
    assert "ret" not in said


def test_a_password_for_elasticsearch_may_hold_any_letter(tmp_path: Path) -> None:
    with open_stores(Settings(data=tmp_path, index="https://u:p%40%23%2F%3Fss@es:9200")):
        pass


@pytest.mark.parametrize("namespace", ["Demo", "a_b", "-a", "a.b", "x" * 41])
def test_a_namespace_is_what_names_on_both_servers_may_start_with(namespace: str) -> None:
    with pytest.raises(ConfigError, match="OTSWATCH_NAMESPACE"):
        Settings.load(namespace=namespace)


def test_workers_of_a_folder_have_names_of_their_own_and_the_same_ones_again(tmp_path: Path) -> None:
    first, second = slots.take(tmp_path, "extract"), slots.take(tmp_path, "extract")
    other = slots.take(tmp_path, "index")
    elsewhere = slots.take(tmp_path / "elsewhere", "extract")
    names = {slot.name for slot in (first, second, other, elsewhere)}
    assert len(names) == 4
    first.release()
    again = slots.take(tmp_path, "extract")
    assert again.name == first.name
    for slot in (again, second, other, elsewhere):
        slot.release()


def test_the_name_of_a_killed_worker_is_free(tmp_path: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from otswatch import slots
slot = slots.take(Path({str(tmp_path)!r}), "extract")
print(slot.name, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    slot = slots.take(tmp_path, "extract")
    assert slot.name == killed.stdout.strip()
    slot.release()


def test_the_broker_keeps_longer_than_the_table_says_and_quarantine_for_ever() -> None:
    assert all(topic.retention < KEPT_AT_MOST for topic in TOPICS.values())
    assert KafkaTopic("quarantine.index", 1, for_ever=True).configs["retention.ms"] == "-1"
    assert TOPICS["articles"].partitions == 1, "stories has one active worker"


def test_a_demo_takes_away_what_is_its_own_and_nothing_else_whose_name_begins_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = {"demo.pages", "demo.quarantine.extract"}
    deleted: list[str] = []

    class Admin:
        def __init__(self, **_: Any) -> None: ...

        def close(self) -> None: ...

        def list_topics(self) -> list[str]:
            return [*ours, "pages", "demo.payments", "demo.pages.copy"]

        def list_groups(self) -> list[dict[str, str]]:
            return [{"group_id": name} for name in ("demo.extract", "extract", "demo.billing", "demo.extract.test")]

        def delete_topics(self, names: list[str], **_: Any) -> None:
            deleted.extend(names)

        def delete_groups(self, names: list[str]) -> None:
            deleted.extend(names)

    monkeypatch.setattr(kafka_topics, "KafkaAdminClient", Admin)
    clear(Settings.load(bus="kafka://shared:9092", namespace="demo"))
    assert sorted(deleted) == sorted({*ours, "demo.extract"})
