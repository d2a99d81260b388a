"""The pages of official documents and their JSON: what is shown, where it leads, and that nothing breaks them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html
from starlette.testclient import TestClient

from otswatch.stores import open_stores
from otswatch.taxonomy import LANGUAGES
from otswatch.web.app import create_app
from tests import web
from tests.browser import chromium
from tests.documents import DECLARATION, SISTER, fill, said, texts
from tests.web import SCRIPT, TURNING

HOSTILE = said(
    f"The Organization of Turkic States recalled the Karabakh Declaration {SCRIPT} {TURNING}.",
    "2026-01-05",
    title=f"{SCRIPT} {TURNING}",
    id_="hostile",
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = fill(tmp_path_factory.mktemp("documents"), HOSTILE)
    with open_stores(settings) as stores:
        yield TestClient(create_app(settings, stores), base_url="http://localhost:8484", follow_redirects=False)


def shown(client: TestClient, address: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:500]
    return html.fromstring(answer.text)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def headlines(page: html.HtmlElement) -> list[str]:
    return [words(link) for link in page.xpath("//main//h3/a")]


class TestTheList:
    def test_has_one_entry_for_nine_texts_and_five_articles(self, client: TestClient):
        page = shown(client, "/documents?since=2027-01-01&until=2028-01-01")
        [card] = page.xpath("//main//article")
        for part in (
            "14 June 2027",
            "Trabzon",
            "Declaration",
            "text in Azerbaijani",
            "cited by 6 articles",
            "Transport",
        ):
            assert part in words(card), part
        assert card.xpath(".//h3/a/@href") == [f"/documents/{DECLARATION}"]
        assert len(card.xpath(".//a[@hreflang]")) == len(LANGUAGES)

    def test_has_what_is_known_and_was_not_seen_yet(self, client: TestClient):
        page = shown(client, "/documents?type=charter")
        assert headlines(page) == ["Charter of the Turkic World"]
        assert "no full text yet · not cited yet".replace(" · ", " ") in words(page.xpath("//main")[0])

    def test_finds_words_of_a_full_text(self, client: TestClient):
        assert headlines(shown(client, "/documents?q=%22green+hydrogen%22&exact=1")) == [
            texts()["sister"]["title"],
        ]

    def test_filters_are_alternatives_that_can_be_taken_out(self, client: TestClient):
        page = shown(client, "/documents?type=vision&type=charter")
        assert len(headlines(page)) == 2
        chips = page.xpath("//ul[@class='chosen']//a/@href")
        assert chips == ["/documents?type=charter", "/documents?type=vision"]
        values = page.xpath("//input[@name='type']/@value")
        assert set(values) >= {"declaration", "vision", "charter"}

    def test_what_cannot_be_asked_is_said_beside_it(self, client: TestClient):
        page = shown(client, "/documents?q=%28transit&type=vision", 400)
        assert "ends too early" in words(page.xpath("//*[@id='refused']")[0])
        assert page.xpath("//input[@name='q']/@value") == ["(transit"]
        assert page.xpath("//input[@name='type']/@value") == ["vision"]
        assert "since: a day such as" in words(shown(client, "/documents?since=soon", 400))


class TestOneDocument:
    def test_has_its_texts_by_language_side_by_side(self, client: TestClient):
        page = shown(client, f"/documents/{DECLARATION}")
        sections = page.xpath("//*[@class='witnesses']/section")
        assert len(sections) == len(LANGUAGES)
        assert sections[0].xpath("./h3/text()") == ["English"]
        links = {href for section in sections for href in section.xpath(".//a[@class='headline']/@href")}
        assert links == {f"/articles/declaration-{language}" for language in LANGUAGES}

    def test_says_who_cites_it_and_by_which_words(self, client: TestClient):
        page = shown(client, f"/documents/{DECLARATION}")
        cards = {card.xpath(".//h3/a/@href")[0]: words(card) for card in page.xpath("//*[@id='cited']//article")}
        assert len(cards) == 6
        assert "has clauses of it" in cards["/articles/slices-ru"]
        assert "Мы приветствуем введение единого транзитного разрешения" in cards["/articles/slices-ru"]

    def test_says_where_its_values_are_from(self, client: TestClient):
        why = words(shown(client, f"/documents/{DECLARATION}").xpath("//aside[@id='evidence']")[0])
        for part in ("Signed by", "Azerbaijan", "Kyrgyz Republic", "this article", "Titles"):
            assert part in why, part
        registered = words(
            shown(client, "/documents/declaration-bishkek-2024-11-06").xpath("//aside[@id='evidence']")[0]
        )
        assert "the register has it" in registered
        assert "Бишкекская декларация" in registered

    def test_an_article_leads_to_the_documents_that_it_has_and_cites(self, client: TestClient):
        page = shown(client, "/articles/sister")
        lines = [
            words(line) for line in page.xpath("//article//p[@class='copies'][a[starts-with(@href, '/documents/')]]")
        ]
        assert lines[0].startswith("text of Bursa Declaration")
        assert any(line.startswith("cites Trabzon Declaration") for line in lines)

    @pytest.mark.parametrize("address", ["/documents/nothing", "/api/documents/nothing"])
    def test_one_that_is_not_there_is_not_found(self, client: TestClient, address: str):
        assert client.get(address).status_code == 404


class TestJson:
    def test_the_same_as_on_the_page(self, client: TestClient):
        found = client.get("/api/documents?since=2027-01-01").json()
        assert [record["id"] for record in found["documents"]] == [SISTER, DECLARATION]
        assert client.get(f"/api/documents/{DECLARATION}").json() == found["documents"][1]

    def test_a_wrong_parameter_is_named_with_those_that_there_are(self, client: TestClient):
        answer = client.get("/api/documents?kind=vision")
        assert answer.status_code == 400
        assert "there are: q, exact, type, body" in answer.json()["error"]

    def test_is_described(self, client: TestClient):
        paths = client.get("/openapi.json").json()["paths"]
        assert {"/api/documents", "/api/documents/{id}"} <= set(paths)


def test_hostile_words_do_nothing(client: TestClient):
    for address in ("/documents/declaration-shusha-2024-07-06", "/documents?q=%3Cscript%3Ealert%281%29%3C%2Fscript%3E"):
        page = client.get(address).text
        assert SCRIPT not in page
        assert "<script" not in page


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/documents", "/documents?type=vision", f"/documents/{DECLARATION}"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_are_accessible_and_no_wider_than_the_screen(tmp_path: Path, address: str, width: int):
    fill(tmp_path, HOSTILE)
    with web.served(tmp_path) as (_, url), chromium() as browser:
        page = browser.new_page(base_url=url, viewport={"width": width, "height": 900})
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
