"""The JSON API with its description, the headers of every answer, and whom we answer at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.openapi.models import OpenAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from otswatch.errors import DependencyDownError, StorageDamagedError
from otswatch.records import Article
from tests import web


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with web.reader(tmp_path_factory.mktemp("newsroom")) as client:
        yield client


# ---------------------------------------------------------------------------------------------------------------- JSON


def test_articles_are_what_the_command_line_gives(client: TestClient):
    first = client.get("/api/articles?size=4&q=ministers+OR+министры").json()
    assert set(first) == {"total", "undated", "after", "expanded", "articles"}
    rest = client.get(f"/api/articles?size=4&q=ministers+OR+министры&after={first['after'] or ''}").json()
    assert first["total"] == rest["total"]
    assert all(Article.model_validate(article).to_dict() == article for article in first["articles"])


def test_one_name_finds_all_spellings_unless_it_is_exact(client: TestClient):
    found = client.get("/api/articles?q=Түркі+мемлекеттері+ұйымы").json()
    assert {"official", "ministers", "undated"} <= {article["id"] for article in found["articles"]}
    [note] = found["expanded"]
    assert (note["typed"], note["keyword"]) == ("Түркі мемлекеттері ұйымы", "body:ots")
    assert "Организаци* тюркских государств*" in note["also"]
    exact = client.get("/api/articles?q=Түркі+мемлекеттері+ұйымы&exact=1").json()
    assert (exact["total"], exact["expanded"]) == (0, [])
    facets = client.get("/api/facets?field=language&q=Turkic+Council").json()["language"]
    assert {bucket["key"] for bucket in facets} >= {"tr", "ru", "en"}


def test_one_article_is_its_whole_record(client: TestClient):
    article = client.get("/api/articles/ministers").json()
    assert article["areas"][0]["evidence"]
    assert article["date_candidates"]


def test_a_tombstone_is_gone(client: TestClient):
    answer = client.get("/api/articles/gone")
    assert (answer.status_code, answer.json()["gone"]["reason"][:10]) == (410, "http-error")


def test_facets_and_timeline_count_what_a_search_finds(client: TestClient):
    facets = client.get("/api/facets?field=source&field=undated&language=en").json()
    assert {"key": "dailysabah", "count": 1} in facets["source"]
    assert {"key": "true", "count": 2} in facets["undated"]
    timeline = client.get("/api/timeline?interval=month&zone=Asia/Baku").json()
    assert timeline["buckets"] == [{"key": "2026-03-01T00:00:00+04:00", "count": 3}]


def test_sources_and_status_are_there(client: TestClient):
    sources = {source["id"]: source for source in client.get("/api/sources").json()}
    assert (sources["mfa-tr"]["kind"], sources["mfa-tr"]["tried"]) == ("official", None)
    assert "Consumers" in {section["title"] for section in client.get("/api/status").json()}


@pytest.mark.parametrize(
    ("address", "status", "error"),
    [
        ('/api/articles?q="', 400, "never closed"),
        ("/api/articles?size=0", 400, "size: "),
        ("/api/articles?since=tomorrow", 400, "2026-03-01"),
        ("/api/articles?after=%F0%28", 400, "after"),
        ("/api/articles?aera=x", 400, "no parameter is called 'aera'"),
        ("/api/facets?field=text", 400, "there are: "),
        ("/api/timeline?field=area", 400, "there are: "),
        ("/api/timeline?zone=Mars/Base", 400, "unknown time zone"),
        ("/api/timeline?intervall=day", 400, "interval, zone"),
        ("/api/timeline?interval=hour", 400, "interval: should be 'day', 'week' or 'month'"),
        ("/api/articles/nobody", 404, "no article nobody"),
        ("/api/nothing", 404, "no page /api/nothing"),
    ],
)
def test_errors_are_json_that_says_what_to_do(client: TestClient, address: str, status: int, error: str):
    answer = client.get(address)
    assert answer.status_code == status
    assert error in answer.json()["error"]


@pytest.mark.parametrize(
    ("fault", "status"), [(DependencyDownError("the index rests"), 503), (StorageDamagedError("it is damaged"), 500)]
)
def test_a_store_that_fails_is_said_and_503_where_waiting_helps(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
):
    def down(*_: object) -> None:
        raise fault

    monkeypatch.setattr(client.app.state.desk.stores.index, "search", down)
    for address in ("/", "/search", "/search.atom", "/api/articles"):
        answer = client.get(address)
        assert answer.status_code == status
        assert str(fault) in answer.text
        assert answer.headers.get("retry-after") == ("5" if status == 503 else None)


def test_how_things_stand_is_said_also_where_a_store_is_down(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    def down(*_: object) -> None:
        raise DependencyDownError("the index rests")

    for method in ("search", "facets"):
        monkeypatch.setattr(client.app.state.desk.stores.index, method, down)
    for address in ("/status", "/api/status"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "cannot be read: the index rests" in answer.text
        assert "never ran here" in answer.text


def test_a_fault_of_ours_is_a_page_without_its_inside(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client.app.state.desk.stores.index, "search", lambda _: 1 / 0)
    quiet = TestClient(client.app, base_url="http://localhost", raise_server_exceptions=False)
    for address in ("/search", "/api/articles"):
        answer = quiet.get(address)
        assert answer.status_code == 500
        assert "division" not in answer.text
        assert answer.headers["content-security-policy"]


# ------------------------------------------------------------------------------------------------------------- OpenAPI


def test_the_description_is_sound_and_has_every_route(client: TestClient):
    described = client.get("/openapi.json").json()
    OpenAPI.model_validate(described)
    routes = {route.path for route in client.app.routes if isinstance(route, APIRoute)}
    assert routes <= set(described["paths"]), "a route that nobody can find"
    assert {path for path in described["paths"] if path.startswith("/api/")} >= {"/api/articles", "/api/timeline"}
    for operation in (operation for path in described["paths"].values() for operation in path.values()):
        assert operation["summary"]
        assert operation["description"]
    for name in json.dumps(described).split('"#/components/schemas/')[1:]:
        assert name.split('"')[0] in described["components"]["schemas"]


def test_parameters_are_described(client: TestClient):
    parameters = client.get("/openapi.json").json()["paths"]["/api/timeline"]["get"]["parameters"]
    assert {"q", "area", "since", "after", "field", "interval", "zone"} <= {each["name"] for each in parameters}
    assert all(each.get("description") for each in parameters)


# ---------------------------------------------------------------------------------------------------- every answer


EVERYWHERE = ("/", "/search?q=%22", "/articles/hostile", "/search.atom", "/api/articles", "/openapi.json", "/nothing")


@pytest.mark.parametrize("address", [*EVERYWHERE, "/static/page.css"])
def test_every_answer_protects_its_reader(client: TestClient, address: str):
    headers = client.get(address).headers
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert "script" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == ("no-cache" if address.startswith("/static/") else "no-store")


def test_the_style_sheet_is_not_sent_twice(client: TestClient):
    first = client.get("/static/page.css")
    again = client.get("/static/page.css", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert "url(" not in first.text
    assert "@import" not in first.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8484", "[::1]:8484", "LOCALHOST:1", "[::1]"])
def test_names_of_this_machine_are_answered(client: TestClient, host: str):
    assert client.get("/sources", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8484", "[::1", "", "a b"]
)
def test_another_name_that_leads_here_is_refused(client: TestClient, host: str):
    answer = client.get("/api/articles", headers={"host": host})
    assert answer.status_code == 400
    assert "--listen" in answer.text
    assert "Turkic" not in answer.text


@pytest.mark.parametrize("address", EVERYWHERE)
def test_head_is_get_without_a_body(client: TestClient, address: str):
    got, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(client: TestClient, method: str):
    for address in ("/", "/search", "/articles/ministers", "/api/articles", "/static/page.css", "/openapi.json"):
        assert client.request(method, address).status_code == 405


def test_files_beside_the_style_sheet_are_not_served(client: TestClient):
    for path in ("../app.py", "%2e%2e/app.py", "..%2f..%2fsettings.py", ""):
        assert client.get(f"/static/{path}").status_code in (404, 405)


def test_what_is_served_under_a_name_answers_to_it(tmp_path: Path):
    from otswatch.web.app import create_app

    with web.filled(tmp_path) as (settings, stores):
        named = TestClient(create_app(settings, stores, hosts=["watch.ministry.example"]))
        assert named.get("/sources", headers={"host": "watch.ministry.example:8484"}).status_code == 200
        assert named.get("/sources", headers={"host": "ministry.example"}).status_code == 400
