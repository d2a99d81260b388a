"""compose.yaml and the image: what they name is there, and only what should be can be reached. Needs no Docker."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
import typer.main
import yaml
from prometheus_client import CollectorRegistry, Gauge, start_http_server

from deploy import healthy
from deploy.stack import Kafka
from deploy.stack.server import free_port
from otswatch import metrics
from otswatch.cli import app
from otswatch.consumers.topology import CONSUMERS
from otswatch.settings import Settings
from tests.clone import ROOT

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SECURE = yaml.safe_load((ROOT / "deploy" / "compose.secure.yaml").read_text(encoding="utf-8"))["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]
DOCKERFILE = re.sub(r"\\\n", " ", (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8"))
#: What Kafka's image makes no property of: `kafka.docker.KafkaDockerWrapper`.
NO_PROPERTIES = frozenset({"KAFKA_HEAP_OPTS"})

every_service = pytest.mark.parametrize("name", SERVICES)
each_of_ours = pytest.mark.parametrize("name", OURS)


def instructions(word: str) -> list[list[str]]:
    """The arguments of each instruction of this kind in the Dockerfile."""
    return [shlex.split(line) for line in re.findall(rf"^{word} (.+)$", DOCKERFILE, re.M)]


def awaited(condition: str) -> set[str]:
    """The services that others wait for in this way."""
    waits = [service.get("depends_on", {}) for service in SERVICES.values()]
    return {name for wait in waits for name, how in wait.items() if how["condition"] == condition}


def test_the_services() -> None:
    assert OURS == ["provision", "crawl", "consume", "alert", "watchdog", "serve"]
    assert set(SERVICES) - set(OURS) == {"kafka", "elasticsearch", "kibana"}


@each_of_ours
def test_our_settings_and_commands_are_there(name: str) -> None:
    both = {*SERVICES[name]["environment"], *SECURE[name]["environment"]}
    given = {variable for variable in both if variable.startswith("OTSWATCH_")}
    assert given <= {f"OTSWATCH_{field.upper()}" for field in Settings.model_fields}
    word, *options = SERVICES[name]["command"]
    command = typer.main.get_command(app).commands[word]
    known = {option for param in command.params for option in param.opts}
    assert {option for option in options if option.startswith("-")} <= known


@each_of_ours
def test_our_settings_are_ones_that_the_program_takes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in SERVICES[name]["environment"].items():
        monkeypatch.setenv(variable, value)
    settings = Settings.load()
    assert settings.listen.endswith(":8484")
    assert settings.bus == "kafka://kafka:9092"


def test_every_consumer_runs_in_one_service_and_letters_can_go_out() -> None:
    apart = [SERVICES[name]["command"][1:] for name in ("consume", "alert")]
    assert apart[1] == ["alert"]
    assert sorted(name for names in apart for name in names) == sorted(CONSUMERS)
    assert "outside" in SERVICES["alert"]["networks"]


def test_the_versions_are_those_that_the_tests_run_against() -> None:
    space = {"m": "http://maven.apache.org/POM/4.0.0"}
    pom = ElementTree.parse(ROOT / "deploy" / "stack" / "pom.xml")  # noqa: S314 - our own file
    pinned = {name: pom.findtext(f"m:properties/m:{name}.version", None, space) for name in ("kafka", "elasticsearch")}
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{pinned['kafka']}"
    assert SERVICES["elasticsearch"]["image"] == f"elasticsearch:{pinned['elasticsearch']}"
    assert SERVICES["kibana"]["image"] == f"kibana:{pinned['elasticsearch']}"


@pytest.mark.parametrize("image", [*(s["image"] for s in SERVICES.values()), *(i[0] for i in instructions("FROM"))])
def test_images_have_a_version_and_no_registry_of_their_own(image: str) -> None:
    place, colon, tag = image.partition(":")
    assert colon
    assert tag != "latest"
    assert "." not in place.partition("/")[0], "a registry's host"


@every_service
def test_ports_are_those_of_this_machine_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", ["kafka", "elasticsearch", "provision", "consume"])
def test_what_asks_for_no_password_or_reads_pages_has_no_way_out(name: str) -> None:
    assert SERVICES[name]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert "ports" not in SERVICES[name]


@every_service
def test_each_service_is_bounded_and_confined(name: str) -> None:
    service = SERVICES[name]
    assert {"mem_limit", "logging"} <= set(service)
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_what_is_kept_is_kept_in_a_volume() -> None:
    used = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
        if ":" in volume
    }
    assert used == set(COMPOSE["volumes"])


@every_service
def test_each_service_has_a_health_check_or_ends_by_itself(name: str) -> None:
    service = SERVICES[name]
    if name in awaited("service_completed_successfully"):
        assert service["restart"] == "no"
        assert service["healthcheck"] == {"disable": True}
        return
    assert service["restart"] == "unless-stopped"
    if name in OURS:
        assert instructions("HEALTHCHECK")
        assert "OTSWATCH_METRICS" in service["environment"]
    else:
        assert service["healthcheck"]["test"]


def test_nobody_waits_for_what_is_not_there() -> None:
    assert awaited("service_healthy") == {"kafka", "elasticsearch"}
    assert awaited("service_completed_successfully") == {"provision"}
    assert all("depends_on" in SERVICES[name] for name in OURS)


def test_kafka_is_set_up_as_the_one_of_the_tests() -> None:
    tested = Kafka._properties(SimpleNamespace(port=9092, folder=Path("/")))
    given = {
        variable.removeprefix("KAFKA_").lower().replace("_", "."): str(value)
        for variable, value in SERVICES["kafka"]["environment"].items()
        if variable.startswith("KAFKA_") and variable not in NO_PROPERTIES
    }
    own = {name for name in given if "listener" in name} | {"controller.quorum.voters", "log.dirs"}
    # Few partitions of its own topics are for the quick start of a test.
    quick = {"offsets.topic.num.partitions", "transaction.state.log.num.partitions"}
    assert {name: value for name, value in given.items() if name not in own} == {
        name: value for name, value in tested.items() if name not in own | quick
    }


def test_with_passwords_everybody_is_told_and_no_password_stands_in_the_file() -> None:
    assert set(SECURE) == set(SERVICES)
    for name in OURS:
        assert SECURE[name]["environment"]["OTSWATCH_BUS"] == "kafka+ssl://otswatch:${KAFKA_PASSWORD:?}@kafka:9092"
        assert SECURE[name]["environment"]["OTSWATCH_INDEX"].startswith("https://otswatch:${ELASTICSEARCH_PASSWORD:?}@")
    opened = {"ports", "networks"} & {key for service in SECURE.values() for key in service}
    assert opened == set()


# ------------------------------------------------------------------------------------------------------------ the image


def test_what_the_image_is_made_of_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored, "everything else stays out: a clone may hold data and keys"
    shown = {line[1:] for line in ignored if line.startswith("!")}
    sources = {
        source.rstrip("/") for copy in instructions("COPY") if not copy[0].startswith("--") for source in copy[:-1]
    }
    assert {source for source in sources if not (ROOT / source).exists()} == set()
    assert {source for source in sources if not {source, f"{source}/*.lock"} & shown} == set()
    assert {line for line in shown if not list(ROOT.glob(line))} == set()


def test_the_image_runs_as_nobody_with_rights() -> None:
    assert instructions("USER") == [["10001:10001"]]
    assert DOCKERFILE.index("\nUSER") > DOCKERFILE.rindex("\nCOPY")


def test_what_builds_the_image_is_pinned() -> None:
    [names] = re.findall(r"\^\(([\w|-]+)\)==", DOCKERFILE)
    lock = (ROOT / "requirements" / "dev.lock").read_text(encoding="utf-8")
    assert "hatchling" in names.split("|")
    assert {name for name in names.split("|") if not re.search(rf"^{name}==", lock, re.M)} == set()


@pytest.fixture
def workers() -> Iterator[tuple[Gauge, str]]:
    """When the workers of a process gave their last sign of life, and the address where it shows that."""
    registry = CollectorRegistry()
    alive = Gauge(healthy.ALIVE, "As in otswatch.metrics.", ["worker"], registry=registry)
    server, thread = start_http_server(0, "127.0.0.1", registry)
    yield alive, f"0.0.0.0:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_process_is_well_while_all_of_its_workers_give_signs_of_life(workers: tuple[Gauge, str]) -> None:
    alive, address = workers
    assert healthy.problem(address, 0) == "no sign of life yet"
    alive.labels("archive").set(1_000)
    alive.labels("extract").set(2_000)
    assert healthy.problem(address, 1_900) is None
    assert healthy.problem(address, 1_901) == "no sign of life for 900 s from archive"


def test_a_process_that_shows_no_metrics_is_not_well() -> None:
    assert str(healthy.problem(f"0.0.0.0:{free_port()}", 0)).startswith("no metrics: ")


def test_every_process_shows_signs_of_life() -> None:
    [row] = [metric for metric in metrics.TABLE if metric.name == healthy.ALIVE]
    assert row.labels == ("worker",)
    assert set(row.processes) == {SERVICES[name]["command"][0] for name in OURS} - {"provision"}
