"""Corrections over HTTP: who may say something and who may not, and what an article's page shows of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient

from otswatch.consumers.context import Context
from otswatch.consumers.index import IndexWork
from otswatch.consumers.outcome import Result
from otswatch.corrections import acts
from otswatch.settings import Settings
from otswatch.stores import Stores, open_stores
from otswatch.web.app import create_app
from otswatch.web.names import Names
from tests import web
from tests.web import SCRIPT

HERE = ("127.0.0.1", 50000)


class Newsroom:
    """The application over a filled index, and clients of it from wherever."""

    def __init__(self, settings: Settings, stores: Stores) -> None:
        self.settings, self.stores = settings, stores
        self.app: FastAPI = create_app(settings, stores, hosts=["news.example"])
        self.near = self.client()
        self.work = IndexWork(Context(settings, stores.index, stores.state))

    def client(self, peer: tuple[str, int] = HERE, host: str = "localhost:8484") -> TestClient:
        return TestClient(self.app, base_url=f"http://{host}", follow_redirects=False, client=peer)

    def fold(self) -> None:
        """Let `index` work on what waits."""
        messages = list(self.stores.bus.read("corrections"))
        assert all(isinstance(outcome, Result) for outcome in self.work(messages))

    def section(self, article: str, client: TestClient | None = None) -> html.HtmlElement | None:
        answer = (client or self.near).get(f"/articles/{article}")
        found = html.fromstring(answer.text).xpath("//section[@id='corrections']")
        return found[0] if found else None

    def token(self) -> str:
        section = self.section("ministers")
        assert section is not None
        return str(section.xpath(".//input[@name='token']/@value")[0])

    @property
    def said(self) -> list[tuple[str, Any, str]]:
        entries = acts.entries(self.stores)
        return [(entry.correction.field, entry.correction.value, entry.status) for entry in entries]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    with web.filled(folder):
        return folder


@pytest.fixture(scope="module")
def names() -> Names:
    return Names.load(Settings())


@pytest.fixture
def newsroom(filled: Path, names: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    """With stores of its own, filled once for all tests; the registry is read once, which takes a second."""
    monkeypatch.setattr(Names, "load", lambda _: names)
    shutil.copytree(filled / "data", tmp_path / "data")
    settings = Settings(data=tmp_path / "data", config=filled / "otswatch.d")  # one folder: its taxonomy is read once
    with open_stores(settings) as stores:
        yield Newsroom(settings, stores)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


# -------------------------------------------------------------------------------------------------------- as JSON


def test_what_is_posted_is_kept_and_listed(newsroom: Newsroom):
    body = {
        "article": "ministers",
        "areas": ["political", "security"],
        "published": None,
        "note": "a summit",
        "by": "ayse",
    }
    answer = newsroom.near.post("/api/corrections", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["text"] == "here"
    assert [(each["field"], each["value"], each["by"]) for each in answer.json()["corrections"]] == [
        ("areas", ["political", "security"], "ayse"),
        ("published", None, "ayse"),
    ]
    listed = newsroom.near.get("/api/corrections", params={"article": "ministers", "field": "areas"}).json()
    assert [(each["value"], each["status"]) for each in listed["corrections"]] == [
        (["political", "security"], "stands")
    ]
    newsroom.fold()
    article = newsroom.near.get("/api/articles/ministers").json()
    assert ([area["id"] for area in article["areas"]], article["published"]) == (["political", "security"], None)
    assert article["corrected"]["areas"]["machine"][0]["id"] == "security"


def test_what_is_left_out_is_not_said(newsroom: Newsroom):
    assert newsroom.near.post("/api/corrections", json={"article": "ministers", "kind": None}).status_code == 201
    assert newsroom.said == [("kind", None, "stands")]


def quote(newsroom: Newsroom) -> dict[str, Any]:
    """The verbatim quote of the ministers."""
    [found] = [quote for quote in newsroom.near.get("/api/articles/ministers").json()["quotes"] if quote["direct"]]
    return dict(found)


def test_the_speaker_of_a_quote_is_posted(newsroom: Newsroom):
    id_ = quote(newsroom)["id"]
    body = {"article": "ministers", "speaker": {"quote": id_[:10], "speaker": "Hakan Fidan"}, "by": "ayse"}
    answer = newsroom.near.post("/api/corrections", json=body)
    assert answer.status_code == 201, answer.text
    assert newsroom.said == [("speaker", {"quote": id_, "speaker": "hakan_fidan"}, "stands")]
    newsroom.fold()
    speaker = quote(newsroom)["speaker"]
    assert (speaker["person"], speaker["evidence"][0]["in"]) == ("hakan_fidan", "human")
    [found] = newsroom.near.get("/api/quotes", params={"speaker": "Фидан"}).json()["quotes"]
    assert (found["id"], found["corrected"]["by"]) == (id_, "ayse")


def test_who_is_not_named_is_the_user_of_the_server(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LOGNAME", "desk-user")
    newsroom.near.post("/api/corrections", json={"article": "ministers", "kind": None})
    assert [entry.correction.by for entry in acts.entries(newsroom.stores)] == ["desk-user"]


def test_what_was_said_can_be_taken_back(newsroom: Newsroom):
    posted = newsroom.near.post("/api/corrections", json={"article": "ministers", "kind": None})
    [word] = posted.json()["corrections"]
    gone = newsroom.near.post(f"/api/corrections/{word['id']}/withdraw", json={"by": "murat"})
    assert gone.status_code == 200
    assert gone.json()["withdrawn"]["by"] == "murat"
    assert newsroom.said == [("kind", None, "withdrawn")]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"article": "ministers"}, "say at least one of areas"),
        ({"areas": ["energy"]}, "article: Field required"),
        ({"article": "nobody", "kind": None}, "there is no article nobody"),
        ({"article": "gone", "kind": None}, "is gone since"),
        (
            {"article": "ministers", "area": ["energy"]},
            "no parameter is called 'area'; there are: article, areas, kind",
        ),
        ({"article": "ministers", "areas": ["energi"]}, "there are: agriculture"),
        ({"article": "ministers", "areas": "energy"}, "areas: "),
        ({"article": "ministers", "relevance": None}, "relevance: "),
        ({"article": "ministers", "published": "soon"}, "2025-04-15"),
        ({"article": "ministers", "speaker": None}, "speaker: "),
        ({"article": "ministers", "speaker": "hakan_fidan"}, "speaker: "),
        ({"article": "ministers", "speaker": {"quote": "q1"}}, "speaker: "),
        ({"article": "ministers", "speaker": {"quote": "q1", "speaker": None}}, "the article has no quote 'q1'"),
        ({"article": "ministers", "kind": "news", "by": " "}, "say who says so"),
        ({"article": "ministers", "kind": "news", "note": "\ud800"}, "note: "),
    ],
)
def test_what_cannot_be_said_is_400_with_what_can(newsroom: Newsroom, body: dict[str, Any], error: str):
    answer = newsroom.near.post(
        "/api/corrections", content=json.dumps(body), headers={"content-type": "application/json"}
    )
    assert (answer.status_code, error in answer.json()["error"]) == (400, True), answer.text
    assert newsroom.said == []


# ---------------------------------------------------------------------------------------------------- who may do so

BODY = {"article": "ministers", "kind": None}


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1"])
@pytest.mark.parametrize("host", ["localhost:8484", "127.0.0.1:8484", "[::1]:8484"])
def test_this_machine_may(newsroom: Newsroom, peer: str, host: str):
    client = newsroom.client((peer, 50000), host)
    assert client.post("/api/corrections", json=BODY).status_code == 201
    assert client.get("/api/corrections").status_code == 200


@pytest.mark.parametrize(
    ("peer", "host", "headers"),
    [
        ("192.0.2.7", "localhost:8484", {}),
        ("::ffff:192.0.2.7", "localhost:8484", {}),
        ("testclient", "localhost:8484", {}),
        ("127.0.0.1", "news.example", {}),
        ("127.0.0.1", "localhost:8484", {"x-forwarded-for": "192.0.2.7"}),
        ("127.0.0.1", "localhost:8484", {"forwarded": "for=192.0.2.7"}),
        ("127.0.0.1", "localhost:8484", {"x-real-ip": "127.0.0.1"}),
    ],
)
def test_nobody_else_may_and_nobody_else_is_offered_the_form(
    newsroom: Newsroom, peer: str, host: str, headers: dict[str, str]
):
    token = newsroom.token()
    far = newsroom.client((peer, 50000), host)
    far.headers.update(headers)
    for answer in (
        far.post("/api/corrections", json=BODY),
        far.get("/api/corrections"),
        far.post("/api/corrections/c1/withdraw", json={}),
        far.post("/articles/ministers/corrections", data={"token": token, "kind": "news", "by": "x"}),
        far.post("/articles/ministers/corrections/c1/withdraw", data={"token": token, "by": "x"}),
    ):
        assert answer.status_code == 403
        assert "on the machine that serves this" in answer.text
    assert newsroom.said == []
    assert newsroom.section("ministers", far) is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://localhost:3000"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"origin": "http://localhost:8484", "sec-fetch-site": "same-origin"}, 201),
        ({"content-type": "application/json; charset=utf-8"}, 201),
    ],
)
def test_a_page_of_another_site_cannot_make_a_browser_say_something(
    newsroom: Newsroom, headers: dict[str, str], status: int
):
    sent = {"content-type": "application/json", **headers}
    answer = newsroom.near.post("/api/corrections", content=json.dumps(BODY), headers=sent)
    assert answer.status_code == status, answer.text
    assert len(newsroom.said) == (status == 201)


def test_no_other_origin_is_allowed_to_ask(newsroom: Newsroom):
    asked = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    answer = newsroom.near.options("/api/corrections", headers=asked)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


# ------------------------------------------------------------------------------------------------------ on the page


def test_the_form_says_only_what_was_touched(newsroom: Newsroom):
    form = {
        "token": newsroom.token(),
        "area": "energy",
        "also": ["security", "energy"],
        "kind": "",
        "relevance": "",
        "published": " 2026-03-01 ",
        "note": "see the communiqué",
        "by": "Ayşe",
    }
    answer = newsroom.near.post("/articles/ministers/corrections", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/articles/ministers#corrections")
    assert sorted(newsroom.said) == [
        ("areas", ["energy", "security"], "stands"),
        ("published", "2026-03-01", "stands"),
    ]
    section = newsroom.section("ministers")
    assert section is not None
    assert "The page does not show it yet" in words(section)
    newsroom.fold()
    section = newsroom.section("ministers")
    assert section is not None
    said = words(section)
    assert "Areas: Energy, Security and defence, corrected by Ayşe on " in said
    assert "the machine said: Security and defence" in said
    assert "Date: 1 March 2026, corrected by Ayşe" in said
    assert "the machine said: 2 March 2026, 14:05 +05:00" in said
    assert "see the communiqué" in said
    assert "does not show it yet" not in said


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ({"area": "none"}, [("areas", [], "stands")]),
        ({"kind": "unknown"}, [("kind", None, "stands")]),
        ({"published": "unknown"}, [("published", None, "stands")]),
        ({"relevance": "none"}, [("relevance", "none", "stands")]),
    ],
)
def test_nothing_and_unknown_can_be_said(newsroom: Newsroom, form: dict[str, str], values: list[tuple[str, Any, str]]):
    sent = {"token": newsroom.token(), "by": "ayse", **form}
    assert newsroom.near.post("/articles/ministers/corrections", data=sent).status_code == 303
    assert newsroom.said == values


def test_the_speaker_of_a_quote_is_named_on_the_page(newsroom: Newsroom):
    section = newsroom.section("ministers")
    assert section is not None
    offered = section.xpath(".//select[@name='quote']/option[@value != '']/@value")
    id_ = quote(newsroom)["id"]
    assert id_ in offered
    form = {"token": newsroom.token(), "quote": id_, "speaker": "unknown", "by": "Ayşe"}
    assert newsroom.near.post("/articles/ministers/corrections", data=form).status_code == 303
    assert newsroom.said == [("speaker", {"quote": id_, "speaker": None}, "stands")]
    newsroom.fold()
    section = newsroom.section("ministers")
    assert section is not None
    said = words(section)
    assert "Speaker of “We will build one secure network for our border guards …”: unknown, corrected by Ayşe" in said
    assert "the machine said: Daniyar Serikbayev" in said
    assert "does not show it yet" not in said


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        ({"speaker": "Hakan Fidan"}, 400, "choose the quote"),
        ({"quote": "q1"}, 400, "choose the quote"),
        ({"token": "guessed", "kind": "news"}, 403, "load it again"),
        ({"token": "", "kind": "news"}, 403, "load it again"),
        ({"token": "ş", "kind": "news"}, 403, "load it again"),
        ({}, 400, "nothing to correct"),
        ({"also": ["energy"]}, 400, "choose the main one"),
        ({"area": "none", "also": ["energy"]}, 400, "choose the main one"),
        ({"published": "soon"}, 400, "2025-04-15"),
        ({"kind": "news", "by": ""}, 400, "say who says so"),
        ({"kind": "news", "note": "x" * 70_000}, 413, "at most"),
    ],
)
def test_a_form_that_is_not_ours_or_says_nothing_changes_nothing(
    newsroom: Newsroom, form: dict[str, Any], status: int, says: str
):
    sent = {"token": newsroom.token(), "by": "ayse", **form}
    answer = newsroom.near.post("/articles/ministers/corrections", data=sent)
    assert (answer.status_code, says in answer.text) == (status, True), answer.text
    assert newsroom.said == []


def test_a_form_without_a_body_is_refused(newsroom: Newsroom):
    assert newsroom.near.post("/articles/ministers/corrections").status_code == 403


def test_the_pages_own_origin_is_null_and_its_token_says_that_it_is_ours(newsroom: Newsroom):
    """Browsers send `Origin: null` with a form of a page whose referrer policy is `no-referrer`, which ours have."""
    form = {"token": newsroom.token(), "kind": "unknown", "by": "ayse"}
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert newsroom.near.post("/articles/ministers/corrections", data=form, headers=headers).status_code == 303


def test_a_correction_is_withdrawn_on_the_page(newsroom: Newsroom):
    acts.add(newsroom.settings, newsroom.stores, "ministers", {"areas": ["energy"]}, by="ayse")
    newsroom.fold()
    section = newsroom.section("ministers")
    assert section is not None
    [form] = section.xpath(".//form[contains(@action, '/withdraw')]")
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    assert newsroom.near.post(form.get("action"), data=fields).status_code == 303
    assert newsroom.said == [("areas", ["energy"], "withdrawn")]
    section = newsroom.section("ministers")
    assert section is not None
    assert "Areas: what a person said was withdrawn; the page does not show it yet." in words(section)
    newsroom.fold()
    section = newsroom.section("ministers")
    assert section is not None
    assert "was withdrawn" not in words(section)


def test_readers_elsewhere_see_what_was_said_and_cannot_change_it(newsroom: Newsroom):
    acts.add(newsroom.settings, newsroom.stores, "ministers", {"areas": ["energy"]}, by=SCRIPT, note=SCRIPT)
    newsroom.fold()
    section = newsroom.section("ministers", newsroom.client(("192.0.2.7", 50000), "news.example"))
    assert section is not None
    assert section.xpath(".//form") == []
    assert words(section).count(SCRIPT) == 2
    assert section.xpath(".//script") == []


def test_a_discarded_article_without_its_page_is_listed_and_its_page_says_what_is_missing(newsroom: Newsroom):
    acts.add(newsroom.settings, newsroom.stores, "discarded", {"relevance": "about"}, by="ayse")
    newsroom.fold()
    assert "/articles/discarded" in newsroom.near.get("/search").text
    shown = newsroom.near.get("/articles/discarded").text
    assert "Its text is not here." in shown
    assert "Discarded." not in shown


def test_what_a_person_ruled_out_says_so_and_keeps_its_text(newsroom: Newsroom):
    acts.add(newsroom.settings, newsroom.stores, "ministers", {"relevance": "none"}, by="ayse")
    newsroom.fold()
    shown = newsroom.near.get("/articles/ministers").text
    assert "ruled-out: A person says that it is not about OTS" in shown
    assert "Its text is not kept here" not in shown
    assert "share data on organised crime" in words(html.fromstring(shown))
    assert "/articles/ministers" not in newsroom.near.get("/search").text
