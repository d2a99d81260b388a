"""The page of meetings, one meeting, the feed and the JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from lxml import html
from starlette.testclient import TestClient

from otswatch.index.projection import project_article
from otswatch.settings import Settings
from otswatch.stores import open_stores
from otswatch.web.app import create_app
from tests.calendar_reports import article
from tests.test_calendar_listing import ARTICLES, OTS, TODAY, documents, on
from tests.web import SCRIPT

DISPUTED = [
    article("one", f"Transport ministers of {OTS} will meet in Aktau on {on(40)}.", str(TODAY), "one"),
    article("two", f"Transport ministers of {OTS} will meet in Baku on {on(40)}.", str(TODAY), SCRIPT),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("meetings")
    settings = Settings(data=folder / "data", config=folder / "otswatch.d")
    hostile = DISPUTED[1]
    assert hostile.content
    hostile = hostile.replace(content=hostile.content.replace(title=SCRIPT))
    articles = [*ARTICLES, DISPUTED[0], hostile]
    with open_stores(settings) as stores:
        puts = stores.index.put([*documents(articles), *map(project_article, articles)])
        assert {put.result for put in puts} == {"stored"}
        yield TestClient(create_app(settings, stores), base_url="http://localhost:8484", follow_redirects=False)


def page(client: TestClient, path: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:500]
    assert SCRIPT not in answer.text
    return html.fromstring(answer.text)


def texts(tree: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(node.text_content().split()) for node in tree.xpath(path)]


def test_the_list_has_months_and_what_has_no_day(client: TestClient) -> None:
    tree = page(client, "/meetings")
    assert texts(tree, "//h3") == [
        "OTS Ministers of Energy",
        "OTS Council of Elders",
        "TURKPA Plenary Session",
        "OTS Ministers of Transport",
        "OTS 14th Summit",
        "OTS Informal Summit",
    ]
    assert texts(tree, "//section[@id='open']/h2") == ["No day is known"]
    assert texts(tree, "//*[contains(@class,'passed')]") == ["passed, no report yet"]
    assert f"{TODAY + timedelta(days=10):%B %Y}" in texts(tree, "//section/h2")
    assert tree.xpath("//link[@type='text/calendar']/@href") == ["/meetings.ics"]


def test_where_reports_differ_all_is_shown(client: TestClient) -> None:
    (told,) = texts(page(client, "/meetings?body=transport_ministers"), "//*[@class='differ']")
    assert told == f"Reports differ in place: Aktau oneBaku {SCRIPT}"


def test_filters_are_offered_and_can_be_taken_out(client: TestClient) -> None:
    tree = page(client, "/meetings?body=elders&since=2020-01-01")
    assert texts(tree, "//h3") == ["OTS Council of Elders"]
    assert tree.xpath("//ul[@class='chosen']//a/@href") == ["/meetings?since=2020-01-01", "/meetings?body=elders"]
    assert tree.xpath("//input[@name='body' and @checked]/@value") == ["elders"]
    assert "turkpa" in tree.xpath("//input[@name='body']/@value")
    assert tree.xpath("//a[@type='text/calendar']/@href") == ["/meetings.ics?since=2020-01-01&body=elders"]


def test_what_cannot_be_read_is_told_and_kept(client: TestClient) -> None:
    tree = page(client, "/meetings?status=maybe&body=ots", 400)
    assert "one of held, planned, postponed, cancelled" in texts(tree, "//*[@role='alert']")[0]
    assert tree.xpath("//input[@name='body']/@value") == ["ots"]
    assert client.get("/meetings.ics?status=maybe").status_code == 400


def test_one_meeting_with_who_says_what(client: TestClient) -> None:
    tree = page(client, "/meetings/summit-14")
    assert texts(tree, "//h1") == ["OTS 14th Summit"]
    assert texts(tree, "//main//section/h2") == ["Day", "Place", "Number", "Status", "What became of it", "Ids"]
    assert on(200) in texts(tree, "//section[1]//q")
    assert tree.xpath("//section[1]//a/@href") == ["/articles/later"]
    assert page(client, f"/meetings/{SCRIPT}", 404) is not None


def test_the_feed_is_a_calendar(client: TestClient) -> None:
    answer = client.get("/meetings.ics?status=planned")
    assert answer.headers["content-type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == [
        "OTS Ministers of Energy",
        "OTS Council of Elders",
        "OTS Ministers of Transport",
        "OTS 14th Summit",
    ]
    assert str(events[-1]["URL"]) == "http://localhost:8484/meetings/summit-14"
    assert [str(event["STATUS"]) for event in events] == ["TENTATIVE", "TENTATIVE", "TENTATIVE", "CONFIRMED"]


def test_as_json(client: TestClient) -> None:
    found = client.get("/api/meetings?body=elders").json()
    assert [one["certainty"] for one in found["dated"]] == ["expected"]
    assert client.get("/api/meetings/summit-14").json()["number"] == 14
    assert client.get("/api/meetings/summit-99").status_code == 404
    assert "one of held" in client.get("/api/meetings?status=x").json()["error"]
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/api/meetings", "/api/meetings/{id}"} <= set(paths)
    assert json.dumps(found, ensure_ascii=True)


@pytest.mark.slow
def test_in_a_browser_nothing_is_in_the_way(client: TestClient, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    from tests.browser import chromium

    with chromium() as browser:
        for path in ("/meetings", "/meetings/summit-14"):
            for width in (1280, 360):
                shown = browser.new_page(viewport={"width": width, "height": 900})
                shown.route("**/*", lambda route: _answer(route, client))
                shown.goto(f"http://localhost:8484{path}")
                assert shown.evaluate("document.documentElement.scrollWidth") <= width
                assert Axe().run(shown).response["violations"] == []
                shown.close()


def _answer(route: object, client: TestClient) -> None:
    request = route.request  # type: ignore[attr-defined]
    answer = client.get(request.url.removeprefix("http://localhost:8484"))
    route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)  # type: ignore[attr-defined]
