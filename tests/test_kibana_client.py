"""Importing into Kibana, against a server that records what it is asked: there is no Kibana to be had here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from otswatch.errors import ConfigError, DependencyDownError
from otswatch.kibana.bundle import CONNECTORS, OBJECTS, RULES, bundle
from otswatch.kibana.client import install
from tests.commandline import otswatch
from tests.serving import serving


@dataclass
class Recorder:
    """Answers as the API's documentation says; `says` what is answered to a path's beginning instead."""

    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    says: dict[str, tuple[int, Any]] = field(default_factory=dict)
    url: str = ""

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        for start, said in self.says.items():
            if path.startswith(start):
                return said
        if "_import" in path:
            return 200, {"success": True, "successCount": body.count(b'"coreMigrationVersion"')}
        if method == "GET":
            return (200, self.kept[path]) if path in self.kept else (404, {"message": "Not found"})
        self.kept[path] = {**self.kept.get(path, {}), **json.loads(body)}
        return 200, self.kept[path]


@pytest.fixture
def kibana() -> Iterator[Recorder]:
    recorder = Recorder()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            recorder.asked.append((self.command, self.path, dict(self.headers), body))
            status, said = recorder.answer(self.command, self.path, body)
            sent = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_POST = do_PUT = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    recorder.url = f"http://127.0.0.1:{server.server_port}"
    with serving(server):
        yield recorder


def test_imports_one_file_over_what_stands_there(kibana: Recorder):
    install(kibana.url, "")
    method, path, headers, body = kibana.asked[0]
    assert (method, path) == ("POST", "/api/saved_objects/_import?overwrite=true")
    assert headers["kbn-xsrf"] == "true"
    [part] = message_from_bytes(
        f"Content-Type: {headers['Content-Type']}\n\n".encode() + body, policy=HTTP
    ).iter_parts()
    assert part.get_filename() == "otswatch.ndjson"
    assert part.get_param("name", header="content-disposition") == "file"
    assert part.get_content().decode() == bundle()[OBJECTS]


def test_makes_connector_and_rules_with_ids_of_ours_and_puts_them_right_the_second_time(kibana: Recorder):
    first = install(kibana.url, "")
    made = [(method, path) for method, path, _, _ in kibana.asked if method == "POST"][1:]
    connectors, rules = json.loads(bundle()[CONNECTORS]), json.loads(bundle()[RULES])
    assert made == [("POST", f"/api/actions/connector/{id_}") for id_ in connectors] + [
        ("POST", f"/api/alerting/rule/{id_}") for id_ in rules
    ]
    assert len(first) == 1 + len(connectors) + len(rules)

    kibana.asked.clear()
    kibana.kept[made[-1][1]]["params"] = {}
    second = install(kibana.url, "")
    put = {path: json.loads(body) for method, path, _, body in kibana.asked if method == "PUT"}
    assert put.keys() == {path for _, path in made}
    assert not any(key in body for body in put.values() for key in ("rule_type_id", "consumer", "connector_type_id"))
    assert kibana.kept[made[-1][1]]["params"] == list(rules.values())[-1]["params"]
    assert sum("put right" in line for line in second) == len(made)


def test_every_request_names_itself_to_kibana(kibana: Recorder):
    install(kibana.url, "")
    assert {headers["kbn-xsrf"] for _, _, headers, _ in kibana.asked} == {"true"}


def test_user_and_password_of_the_address_are_sent_and_never_shown(kibana: Recorder):
    done = install(kibana.url.replace("//", "//ana:geheim@"), "")
    assert all(headers["Authorization"].startswith("Basic ") for _, _, headers, _ in kibana.asked)
    assert not any("geheim" in line for line in done)


def test_a_space_is_part_of_the_address(kibana: Recorder):
    install(f"{kibana.url}/s/desk/", "")
    assert all(path.startswith("/s/desk/api/") for _, path, _, _ in kibana.asked)


def test_says_which_objects_were_not_taken(kibana: Recorder):
    errors = [{"type": "dashboard", "id": f"d{number}", "error": {"type": "missing_references"}} for number in range(5)]
    kibana.says["/api/saved_objects"] = 200, {"success": False, "errors": errors}
    with pytest.raises(ConfigError, match=r"dashboard d0: missing_references; .* d2: missing_references; and 2 more"):
        install(kibana.url, "")


@pytest.mark.parametrize(
    ("status", "said", "error", "message"),
    [
        (401, {"message": "no"}, DependencyDownError, "answers 401: no"),
        (403, {"message": "not yours"}, DependencyDownError, "answers 403: not yours"),
        (503, b"Kibana server is not ready yet", DependencyDownError, "answers 503: Kibana server is not ready yet"),
        (400, {"message": "[request body]: bad"}, ConfigError, r"refuses \(400\): \[request body\]: bad"),
        (302, b"", ConfigError, r"refuses \(302\): nothing more"),
        (200, b"<html>", ConfigError, "does not answer as Kibana does"),
        (200, [], ConfigError, "did not take|does not answer"),
    ],
)
def test_says_what_kibana_said(kibana: Recorder, status: int, said: Any, error: type[Exception], message: str):
    kibana.says["/api"] = status, said
    with pytest.raises(error, match=message):
        install(kibana.url, "")


def test_a_rule_of_another_type_under_our_id_is_left_alone(kibana: Recorder):
    [rule, *_] = json.loads(bundle()[RULES])
    kibana.kept[f"/api/alerting/rule/{rule}"] = {"rule_type_id": ".index-threshold"}
    with pytest.raises(ConfigError, match=r"is of type \.index-threshold: delete it"):
        install(kibana.url, "")


def test_nobody_there_is_said(kibana: Recorder):
    with pytest.raises(DependencyDownError, match="does not answer"):
        install("http://127.0.0.1:9", "")
    with pytest.raises(ConfigError, match="no address of a Kibana"):
        install("kibana.example", "")


@pytest.mark.slow
def test_the_command_imports_and_says_what_it_did(kibana: Recorder, tmp_path: Path):
    said = otswatch("provision", "--kibana", kibana.url, folder=tmp_path, namespace="desk")
    assert said.code == 0, said.err
    assert f"{kibana.url}: {bundle('desk')[OBJECTS].count(chr(10))} objects imported" in said.out
    assert "rule made: [OTS Watch desk] New quotes" in said.out


@pytest.mark.slow
def test_the_command_says_in_one_line_that_nobody_is_there(tmp_path: Path):
    said = otswatch("provision", "--kibana", "http://127.0.0.1:9", folder=tmp_path)
    assert said.code != 0
    assert "Kibana at http://127.0.0.1:9 does not answer" in said.error
