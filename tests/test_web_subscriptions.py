"""Subscriptions over HTTP: links that mail scanners may follow, one click, and what only this machine may do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient

from otswatch.settings import Settings
from otswatch.state import State
from otswatch.stores import open_stores
from otswatch.subscriptions import Subscription
from otswatch.subscriptions.kept import Subscriptions
from otswatch.subscriptions.tokens import Purpose, Tokens
from otswatch.web import subscriptions as web
from otswatch.web.app import create_app
from otswatch.web.names import Names
from tests.web import SCRIPT

AYSE = "ayse@example.org"
HOOK = "json://user:s3cret@hooks.example/t0ken"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
NEAR, FAR = ("127.0.0.1", 50000), ("192.0.2.7", 50000)


class Desk:
    """The application, clients of it from wherever, and what is kept."""

    def __init__(self, app: FastAPI, state: State, config: Path) -> None:
        self.app, self.state, self.config = app, state, config
        self.near = self.client()
        #: A reader somewhere, or the mail provider of one.
        self.far = self.client(FAR, "news.example")

    def client(self, peer: tuple[str, int] = NEAR, host: str = "localhost:8484") -> TestClient:
        return TestClient(self.app, base_url=f"http://{host}", follow_redirects=False, client=peer)

    @property
    def kept(self) -> Subscriptions:
        return Subscriptions(self.state, self.config)

    def token(self, purpose: Purpose, id_: str = "energy", now: datetime | None = None) -> str:
        return Tokens(self.state).make(purpose, id_, AYSE, now)

    @property
    def sent(self) -> list[str]:
        return [each.id for each in self.kept.active()]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests: reading the taxonomy that belongs to it takes a second."""
    return tmp_path_factory.mktemp("otswatch.d")


@pytest.fixture(scope="module")
def names(config: Path) -> Names:
    return Names.load(Settings(config=config))


@pytest.fixture
def desk(tmp_path: Path, config: Path, names: Names, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """With one subscription that nobody confirmed yet."""
    monkeypatch.setattr(Names, "load", lambda _: names)
    settings = Settings(data=tmp_path / "data", config=config, page="https://ots.example/news/")
    with open_stores(settings) as stores:
        app = create_app(settings, stores, hosts=["news.example"])
        if not hasattr(app.state, "wrong_tokens"):  # until create_app includes it
            app.state.wrong_tokens = web.Limit()
            app.include_router(web.router)
        made = Desk(app, stores.state, config)
        made.kept.add(Subscription.model_validate({"id": "energy", "channels": [f"mailto:{AYSE}"], "title": SCRIPT}))
        yield made


def words(answer: Any) -> str:
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())


# --------------------------------------------------------------------------------------------- the links of letters


def test_a_link_confirms_by_its_button_and_not_by_being_followed(desk: Desk):
    link = f"/subscriptions/confirm?token={desk.token('confirm')}"
    for followed in (desk.far.get(link), desk.far.head(link), desk.far.get(link)):
        assert followed.status_code == 200
    assert desk.sent == []
    [form] = html.fromstring(desk.far.get(link).text).xpath("//main//form")
    answer = desk.far.post(form.get("action"))
    assert (answer.status_code, form.get("method")) == (200, "post")
    assert f"News on {SCRIPT} is sent to {AYSE}" in words(answer)
    assert desk.sent == ["energy"]
    assert desk.far.post(form.get("action")).status_code == 200
    assert desk.sent == ["energy"]


def test_a_link_ends_it_by_its_button_and_not_by_being_followed(desk: Desk):
    desk.kept.confirm("energy", AYSE)
    link = f"/subscriptions/unsubscribe?token={desk.token('unsubscribe')}"
    assert desk.far.head(link).status_code == desk.far.get(link).status_code == 200
    assert desk.sent == ["energy"]
    [form] = html.fromstring(desk.far.get(link).text).xpath("//main//form")
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    assert fields == ONE_CLICK
    answer = desk.far.post(form.get("action"), data=fields)
    assert answer.status_code == 200
    assert f"is not sent any more to {AYSE}" in words(answer)
    assert desk.sent == []


@pytest.mark.parametrize("sent", [{"data": ONE_CLICK}, {"files": {"List-Unsubscribe": (None, "One-Click")}}])
def test_one_click_of_a_mail_provider(desk: Desk, sent: dict[str, Any]):
    """RFC 8058: either encoding of forms, no cookies, no redirect; and it may come twice."""
    desk.kept.confirm("energy", AYSE)
    link = f"/subscriptions/unsubscribe?token={desk.token('unsubscribe')}"
    headers = {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}
    for _ in range(2):
        answer = desk.far.post(link, **sent, headers=headers)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert desk.sent == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 400),
        ({"data": {"List-Unsubscribe": "Two-Clicks"}}, 400),
        ({"json": ONE_CLICK}, 400),
        ({"content": b"--x", "headers": {"content-type": "multipart/form-data"}}, 400),
        ({"content": b"\xff\x00", "headers": {b"content-type": b"multipart/form-data; boundary=\xff"}}, 400),
        ({"data": {"List-Unsubscribe": "x" * 9_000}}, 413),
    ],
)
def test_what_is_not_one_click_ends_nothing(desk: Desk, sent: dict[str, Any], status: int):
    desk.kept.confirm("energy", AYSE)
    answer = desk.far.post(f"/subscriptions/unsubscribe?token={desk.token('unsubscribe')}", **sent)
    assert answer.status_code == status
    assert desk.sent == ["energy"]


def test_one_click_works_while_a_file_is_broken_and_when_the_subscription_is_gone(desk: Desk):
    desk.kept.remove("energy")
    (desk.config / "subscriptions").mkdir()
    broken = desk.config / "subscriptions" / "broken.yaml"
    broken.write_text("id: [", encoding="utf-8")
    link = f"/subscriptions/unsubscribe?token={desk.token('unsubscribe')}"
    answers = desk.far.get(link), desk.far.post(link, data=ONE_CLICK)
    broken.unlink()
    broken.parent.rmdir()
    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("purpose", ["confirm", "unsubscribe"])
def test_a_wrong_token_says_so_and_changes_nothing(desk: Desk, method: str, purpose: Purpose):
    other: Purpose = "unsubscribe" if purpose == "confirm" else "confirm"
    for token in ("", "guessed", desk.token(other), desk.token(purpose) + "x"):
        data = ONE_CLICK if method == "POST" else None
        answer = desk.far.request(method, f"/subscriptions/{purpose}", params={"token": token}, data=data)
        assert answer.status_code == 400
        assert "this link is not whole" in answer.text
    assert desk.sent == []


def test_a_link_that_is_too_old_says_what_to_do(desk: Desk):
    token = desk.token("confirm", now=datetime.now(UTC) - timedelta(days=8))
    answer = desk.far.post(f"/subscriptions/confirm?token={token}")
    assert (answer.status_code, "ask for the subscription again" in answer.text) == (400, True)
    assert desk.sent == []


def test_what_was_ended_or_is_gone_cannot_be_confirmed_by_an_old_link(desk: Desk):
    link = f"/subscriptions/confirm?token={desk.token('confirm')}"
    desk.kept.end("energy", AYSE)
    answer = desk.far.post(link)
    assert (answer.status_code, "was ended for this address" in answer.text) == (400, True)
    desk.kept.remove("energy")
    assert desk.far.get(link).status_code == 200
    assert desk.far.post(link).status_code == 400


def test_who_guesses_is_told_to_wait_and_who_knows_need_not(desk: Desk):
    guesses = [desk.far.get("/subscriptions/confirm", params={"token": str(number)}) for number in range(31)]
    assert [answer.status_code for answer in guesses] == [400] * 30 + [429]
    assert 0 < int(guesses[-1].headers["retry-after"]) <= 60
    assert desk.far.post("/subscriptions/unsubscribe?token=x", data=ONE_CLICK).status_code == 429
    assert desk.far.post(f"/subscriptions/confirm?token={desk.token('confirm')}").status_code == 200
    assert desk.sent == ["energy"]


def test_the_limit_is_of_a_sliding_minute():
    now = 0.0
    limit = web.Limit(3, 60.0, clock=lambda: now)
    waits = []
    for now in (0.0, 10.0, 20.0, 30.0, 59.0, 60.0, 61.0, 70.0, 200.0):  # noqa: B007 - read by the clock
        waits.append(limit.wait())
    assert waits == [0, 0, 0, 30, 1, 0, 9, 0, 0]


def test_names_are_text_wherever_they_are_shown(desk: Desk):
    for link in (f"/subscriptions/confirm?token={desk.token('confirm')}", "/subscriptions"):
        answer = desk.near.get(link)
        assert SCRIPT in words(answer)
        assert html.fromstring(answer.text).xpath("//script") == []


# ------------------------------------------------------------------------------------------------- on this machine

BODY = {
    "id": "oil",
    "search": {"q": "zirve*", "area": ["energy"]},
    "channels": [f"mailto:{AYSE}", HOOK],
    "rhythm": {"every": "week", "at": "08:30", "on": "friday"},
    "quiet": {"from": "22:00", "to": "07:00"},
    "zone": "Asia/Baku",
}


def test_what_is_posted_is_kept_and_shown_without_secrets(desk: Desk):
    answer = desk.near.post("/api/subscriptions", json=BODY)
    assert answer.status_code == 201, answer.text
    channels = [
        {"channel": "mailto:a…@example.org", "status": "unconfirmed"},
        {"channel": "json://hooks.example/…", "status": "ready"},
    ]
    assert (answer.json()["channels"], answer.json()["search"]) == (channels, BODY["search"])
    listed = desk.near.get("/api/subscriptions")
    assert [each["id"] for each in listed.json()["subscriptions"]] == ["energy", "oil"]
    assert listed.json()["subscriptions"][1] == answer.json()
    page = desk.near.get("/subscriptions")
    assert "every friday at 08:30 Asia/Baku; nothing from 22:00 to 07:00" in words(page)
    assert "/search?q=zirve%2A&area=energy" in html.fromstring(page.text).xpath("//main//th/a/@href")
    for shown in (answer.text, listed.text, page.text):
        assert not [secret for secret in ("s3cret", "t0ken", AYSE) if secret in shown]
    assert desk.sent == ["oil"]


def test_what_was_added_can_be_taken_out(desk: Desk):
    assert desk.near.delete("/api/subscriptions/energy").status_code == 204
    assert desk.kept.all() == []
    gone = desk.near.delete("/api/subscriptions/energy")
    assert (gone.status_code, "no subscription 'energy'" in gone.json()["error"]) == (400, True)


def test_an_empty_list_says_how_to_begin(desk: Desk):
    desk.kept.remove("energy")
    assert "otswatch subscriptions add --help" in words(desk.near.get("/subscriptions"))
    assert desk.near.get("/api/subscriptions").json() == {"subscriptions": []}


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"id": "energy"}, "there is a subscription 'energy' already"),
        ({"search": {"area": "energi"}}, "search.area.0: no area 'energi'; there are: agriculture"),
        ({"channels": [AYSE]}, "is no kind of channel; write mailto:"),
        ({"channels": []}, "channels"),
        ({"zone": "Baku"}, "a time zone such as Europe/Istanbul"),
        ({"search": {"q": "(oil"}}, ""),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_400_with_what_can(desk: Desk, changed: dict[str, Any], error: str):
    answer = desk.near.post("/api/subscriptions", json={**BODY, **changed})
    assert (answer.status_code, error in answer.json()["error"]) == (400, True), answer.text
    assert [each.id for each in desk.kept.all()] == ["energy"]


def test_the_name_of_the_public_page_is_answered_and_others_are_not(desk: Desk):
    address = f"/subscriptions/unsubscribe?token={desk.token('unsubscribe')}"
    assert desk.client(NEAR, "OTS.example").get(address).status_code == 200
    answer = desk.client(NEAR, "other.example").get(address)
    assert (answer.status_code, "OTSWATCH_PAGE" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("peer", "host", "headers"),
    [
        (FAR, "localhost:8484", {}),
        (NEAR, "news.example", {}),
        (NEAR, "ots.example", {}),
        (NEAR, "localhost:8484", {"x-forwarded-for": "192.0.2.7"}),
        (NEAR, "localhost:8484", {"x-forwarded-proto": "https"}),
        (NEAR, "localhost:8484", {"X-Forwarded-Host": "ots.example"}),
        (NEAR, "localhost:8484", {"forwarded": "proto=https"}),
    ],
)
def test_nobody_else_sees_or_changes_them(desk: Desk, peer: tuple[str, int], host: str, headers: dict[str, str]):
    client = desk.client(peer, host)
    client.headers.update(headers)
    for answer in (
        client.get("/subscriptions"),
        client.get("/api/subscriptions"),
        client.post("/api/subscriptions", json=BODY),
        client.delete("/api/subscriptions/energy"),
    ):
        assert (answer.status_code, "on the machine that serves this" in answer.text) == (403, True)
        assert "example.org" not in answer.text
    assert [each.id for each in desk.kept.all()] == ["energy"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"origin": "http://localhost:8484", "sec-fetch-site": "same-origin"}, 201),
    ],
)
def test_a_page_of_another_site_cannot_make_a_browser_change_anything(desk: Desk, headers: dict[str, str], status: int):
    sent = {"content-type": "application/json", **headers}
    assert desk.near.post("/api/subscriptions", content=json.dumps(BODY), headers=sent).status_code == status
    if status == 403:
        assert desk.near.delete("/api/subscriptions/energy", headers=headers).status_code == 403
    assert len(desk.kept.all()) == 1 + (status == 201)


def test_it_is_described_for_programs(desk: Desk):
    desk.app.openapi_schema = None
    described = desk.app.openapi()
    assert set(described["paths"]["/api/subscriptions"]) == {"get", "post"}
    assert set(described["paths"]["/subscriptions/unsubscribe"]) == {"get", "post"}
    posted = described["paths"]["/api/subscriptions"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert "Subscription" in json.dumps(posted)
