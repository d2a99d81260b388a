"""The page of quotes and its JSON: what is shown, where it leads, and that nothing breaks it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html
from playwright.sync_api import expect
from starlette.testclient import TestClient

from otswatch.index.quote_projection import Utterance, gone_quote
from otswatch.settings import Settings
from otswatch.stores import open_stores
from otswatch.web import quotes as page_of_quotes
from otswatch.web.app import create_app
from tests import quoting, web
from tests.browser import chromium
from tests.web import SCRIPT, TURNING

HOSTILE = quoting.article("hostile", f"{SCRIPT} we said {TURNING}", (SCRIPT, None, None, None), day="2026-01-02")


def fill(folder: Path) -> Settings:
    settings = Settings(data=folder / "data", config=folder / "otswatch.d")
    with open_stores(settings) as stores:
        documents = [*quoting.documents(), *quoting.documents([HOSTILE]), gone_quote("gone", 1, quoting.SEEN)]
        assert {put.result for put in stores.index.put(documents)} == {"stored"}
    return settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = fill(tmp_path_factory.mktemp("newsroom"))
    with open_stores(settings) as stores:
        yield TestClient(create_app(settings, stores), base_url="http://localhost:8484", follow_redirects=False)


def shown(client: TestClient, address: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:500]
    return html.fromstring(answer.text)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_each_quote_says_who_when_and_where_it_stands(client: TestClient):
    page = shown(client, "/quotes?speaker=Fidan&since=2026-02-01")
    [card] = page.xpath("//figure")
    said = words(card)
    for part in ("2 March 2026", "Hakan Fidan", "Minister of Foreign Affairs", "Türkiye", "Security and defence"):
        assert part in said, part
    assert words(card.xpath(".//blockquote")[0]) == f"“{quoting.BORDER.upper()}”"
    assert "the same words also in: steppe-wire" in said
    assert "1 quote, in 2 places; 2 more match but have no date" not in words(page)
    assert "1 quote, in 2 places; 1 more match but have no date" in words(page)


def test_a_quote_leads_to_its_words_in_the_text(client: TestClient):
    [link] = shown(client, "/quotes?article=az").xpath("//blockquote/a/@href")
    answer = client.get(link)
    assert answer.status_code == 307
    assert answer.headers["location"].startswith("/articles/az#e")
    anchor = answer.headers["location"].partition("#")[2]
    [mark] = shown(client, "/articles/az").xpath(f"//mark[span[@id='{anchor}']]")
    assert words(mark) == "Dəhliz yazda açılacaq"


@pytest.mark.parametrize(
    ("id_", "status", "says"), [("nobody", 404, "no quote nobody"), ("gone", 410, "since 2026-03-03")]
)
def test_a_quote_that_is_not_there_says_so(client: TestClient, id_: str, status: int, says: str):
    assert says in words(shown(client, f"/quotes/{id_}", status))


def test_filters_count_rows_and_are_alternatives_of_each_other(client: TestClient):
    page = shown(client, "/quotes?area=transport")
    facets = {words(facet.xpath("legend")[0]): facet for facet in page.xpath("//fieldset[@class='facet']")}
    areas = {words(item) for item in facets["Area of the words"].xpath(".//li")}
    assert {"Transport 2", "Security and defence 3"} <= areas
    assert [words(item) for item in facets["Person"].xpath(".//li")] == ["Recep Tayyip Erdoğan 2"]
    assert facets["Area of the words"].xpath(".//input[@checked]/@value") == ["transport"]
    [chip] = page.xpath("//ul[@class='chosen']/li/a")
    assert chip.get("href") == "/quotes"


def test_a_name_as_it_was_typed_is_a_filter_that_can_be_taken_out(client: TestClient):
    page = shown(client, "/quotes?speaker=erdogan&direct=1&undated=0")
    assert [words(chip) for chip in page.xpath("//ul[@class='chosen']/li/a")] == [
        "Person erdogan ×, take this filter out",
        "verbatim or reported only ×, take this filter out",
    ]
    chosen = page.xpath("//fieldset[legend='Person']//li[label/input/@checked]")
    assert [words(item) for item in chosen] == ["erdogan 2"]
    assert "Recep Tayyip Erdoğan" in words(page.xpath("//div[@role='note']")[0])


def test_months_are_drawn_and_lead_to_their_quotes(client: TestClient):
    page = shown(client, "/quotes")
    bars = page.xpath("//svg//a")
    assert [bar.get("aria-label") for bar in bars][::4] == ["November 2025: 1", "March 2026: 2"]
    assert bars[0].get("href") == "/quotes?since=2025-11-01&until=2025-12-01"
    assert "1 without a date" in words(page.xpath("//div[@class='timeline']")[0])
    assert not shown(client, "/quotes?article=az").xpath("//svg")


def test_words_that_were_looked_for_are_marked(client: TestClient):
    page = shown(client, "/quotes?q=коридора")
    assert page.xpath("//blockquote//mark/text()") == ["Коридор"]


def test_pages_follow_each_other(client: TestClient):
    first = shown(client, "/quotes?size=4")
    [following] = first.xpath("//a[@rel='next']/@href")
    second = shown(client, following)
    seen = [each for page in (first, second) for each in page.xpath("//figure//a[@class='headline']/@href")]
    assert len(seen) == len(set(seen)) == 8
    assert "/quotes?size=4" in second.xpath("//p[@class='more']/a/@href")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ('/quotes?q="open&speaker=Fidan&area=security', "never closed"),
        ("/quotes?q=title:zirve", "quotes have no text field 'title'"),
        ("/quotes?since=tomorrow", "a day such as 2026-03-01"),
        ("/quotes?aera=x", "no parameter is called 'aera'; there are: q, exact, area, speaker, state"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_what_was_typed(client: TestClient, address: str, says: str):
    page = shown(client, address, 400)
    assert says in words(page.xpath("//*[@role='alert']")[0])
    if "speaker=" in address:
        assert page.xpath("//input[@name='speaker']/@value") == ["Fidan"]
        assert page.xpath("//input[@name='area']/@value") == ["security"]


def test_what_people_write_stays_text(client: TestClient):
    page = shown(client, "/quotes?article=hostile")
    assert page.xpath("//script") == []
    assert SCRIPT in words(page.xpath("//figcaption")[0])
    assert SCRIPT in words(page.xpath("//blockquote")[0])
    assert client.get(f"/quotes?speaker={SCRIPT}&q={SCRIPT}").status_code == 200


def test_counts_of_very_many_say_of_how_many_they_are(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(page_of_quotes, "MAX_SIZE", 3)
    assert "Counts are of the newest 3 that match." in words(shown(client, "/quotes"))


# ------------------------------------------------------------------------------------------------------------ as JSON


def test_json_is_what_the_command_line_gives(client: TestClient):
    found = client.get("/api/quotes?state=tr&size=2").json()
    assert set(found) == {"total", "places", "undated", "after", "expanded", "quotes"}
    assert [quote["article"]["id"] for quote in found["quotes"]] == ["ru", "copy-2"]
    for quote in found["quotes"]:
        assert Utterance.model_validate(quote).to_dict() | {"copies": quote["copies"]} == quote
    rest = client.get(f"/api/quotes?state=tr&after={found['after']}").json()
    assert [quote["article"]["id"] for quote in rest["quotes"]] == ["other-story", "az"]
    assert client.get("/api/quotes?copies=1").json()["total"] == 12


@pytest.mark.parametrize(
    ("by", "first"),
    [
        ("area", {"key": "security", "name": "Security and defence", "count": 3}),
        ("speaker", {"key": "hakan_fidan", "name": "Hakan Fidan", "count": 2}),
        ("state", {"key": "tr", "name": "Türkiye", "count": 4}),
        ("month", {"key": "2025-11", "name": "2025-11", "count": 1}),
    ],
)
def test_counts_have_names(client: TestClient, by: str, first: dict[str, object]):
    answer = client.get(f"/api/quotes/counts?by={by}").json()
    assert (answer["by"], answer["counts"][0]) == (by, first)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/api/quotes/counts?by=weekday", "by: should be 'area', 'speaker', 'state'"),
        ("/api/quotes?by=area", "no parameter is called 'by'; there are: q, exact, area"),
        ("/api/quotes?direct=perhaps", "direct: "),
        ("/api/quotes?after=x", "does not continue this search"),
    ],
)
def test_errors_are_json_that_says_what_to_do(client: TestClient, address: str, says: str):
    answer = client.get(address)
    assert answer.status_code == 400
    assert says in answer.json()["error"]


# ---------------------------------------------------------------------------------------------------------- a browser


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    fill(folder)
    with web.served(folder) as (_, address):
        yield address


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_its_window_and_axe_finds_nothing(url: str, scheme: Literal["light", "dark"]):
    with chromium() as browser:
        context = browser.new_context(base_url=url, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        for address in (
            "/quotes",
            "/quotes?speaker=erdogan&since=2025-01-01",
            "/quotes?article=hostile",
            '/quotes?q="',
        ):
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 844})
                page.goto(address)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            for summary in page.locator("details > summary").all():
                summary.click()
            result = Axe().run(page)
            assert result.violations_count == 0, f"{address}: {result.generate_report()}"
        context.close()


@pytest.mark.slow
def test_a_reader_narrows_down_and_opens_the_words(url: str):
    with chromium() as browser:
        page = browser.new_context(base_url=url, java_script_enabled=False).new_page()
        page.goto("/quotes")
        page.get_by_label("Name of who spoke").fill("Эрдоган")
        page.get_by_role("button", name="Search").last.click()
        expect(page.locator("figure")).to_have_count(2)
        page.get_by_label("Azerbaijani").check()
        page.get_by_role("button", name="Apply filters").click()
        expect(page.locator("figure")).to_have_count(1)
        assert "language=az" in page.url
        page.locator("blockquote a").click()
        page.wait_for_url(re.compile(r"/articles/az#e\d+$"))
