"""The pages of stories and their JSON: the list, one story, and where other pages lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient

from otswatch.index.quote_projection import project_quotes
from otswatch.records import Quote, Story
from otswatch.settings import Settings
from otswatch.stores import open_stores
from otswatch.web.app import create_app
from tests import retelling, web
from tests.browser import chromium

NEWSROOM = retelling.newsroom()
OTS = "Organization of Turkic States (Secretariat)"
SUMMIT, MANY, HOSTILE = (NEWSROOM.ids[name] for name in ("summit", "many", "hostile"))


def fill(folder: Path) -> Settings:
    """Stores in `folder`/data with all of the newsroom, and a quote of the article `tr`."""
    settings = Settings(data=folder / "data", config=folder / "otswatch.d")
    with open_stores(settings) as stores:
        stores.index.put(NEWSROOM.documents)
        speaking = next(article for article in NEWSROOM.articles if article.id == "tr")
        quote = Quote(id="q1", speaker=None, text="Bişkek'te toplandı", start=49, end=67, direct=True, rule="test/1")
        stores.index.put(project_quotes(speaking.replace(quotes=(quote,))))
    return settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = fill(tmp_path_factory.mktemp("stories"))
    with open_stores(settings) as stores:
        app = create_app(settings, stores)
        yield TestClient(app, base_url="http://localhost:8484", follow_redirects=False)


def page(client: TestClient, address: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def said(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


# ---------------------------------------------------------------------------------------------------------------- list


def test_the_list_has_each_story_once_with_who_told_it(client: TestClient) -> None:
    shown = page(client, "/stories?at_least=5&area=security")
    [card] = shown.cssselect("main article")
    assert said(card.cssselect(".from")[0]).startswith("6 articles kz, Report Information Agency, ")
    assert said(card.cssselect("h3")[0]) == "Interior ministers of the OTS met in Bishkek"
    facts = said(card.cssselect(".facts")[0])
    for words in (
        f"official {OTS}",
        "first seen at TRT Avaz",
        "reports differ in figures, day, place",
        "Security",
    ):
        assert words in facts, facts
    chips = {said(chip) for chip in shown.cssselect(".chosen a")}
    assert chips == {
        "Area Security and defence ×, take this filter out",
        "5 articles or more ×, take this filter out",
    }


def test_filters_are_counted_and_kept_in_the_form(client: TestClient) -> None:
    shown = page(client, "/stories?language=tr")
    facets = {said(facet.cssselect("legend")[0]): said(facet) for facet in shown.cssselect("fieldset.facet")}
    assert "English 4" in facets["Told in"]  # alternatives of the one that is chosen
    assert "Security and defence 1" in facets["Area"]
    assert "figures 1" in facets["Reports differ in"]
    [checked] = shown.cssselect("input[type=checkbox][checked]")
    assert (checked.get("name"), checked.get("value")) == ("language", "tr")


def test_what_was_typed_wrongly_is_still_there(client: TestClient) -> None:
    shown = page(client, '/stories?q="zirve&differs=place', 400)
    assert "never closed" in said(shown.cssselect("[role=alert]")[0])
    assert shown.cssselect("#stories input[name=q]")[0].get("value") == '"zirve'
    assert shown.cssselect("input[type=hidden][name=differs]")[0].get("value") == "place"
    assert "differs: one of place, day, figure" in said(page(client, "/stories?differs=colour", 400))
    assert "no parameter is called 'state'" in said(page(client, "/stories?state=tr", 400))


def test_pages_follow_each_other(client: TestClient) -> None:
    address, seen = "/stories?size=3", []
    while address:
        shown = page(client, address)
        seen += [link.get("href") for link in shown.cssselect("main article h3 a")]
        address = next((link.get("href") for link in shown.cssselect("a[rel=next]")), "")
    assert seen == [f"/stories/{NEWSROOM.ids[name]}" for name in ("many", "hostile", "alone", "summit")]


# ----------------------------------------------------------------------------------------------------------- one story


def test_reports_stand_in_the_order_of_first_sight_with_their_reasons(client: TestClient) -> None:
    shown = page(client, f"/stories/{SUMMIT}")
    rows = [[said(cell) for cell in row] for row in shown.cssselect("#reports tbody tr")]
    sources = ["TRT Avaz", "Report Information Agency", "kz", OTS, "steppe-wire", "by-hand.example"]
    assert [row[2].removeprefix("official ") for row in rows] == sources
    assert rows[3][2].startswith("official ")
    assert [row[3] for row in rows] == ["Turkish", "Azerbaijani", "Kazakh", "English", "English", "Turkish"]
    assert rows[0][5] == "began the story alone/1"
    assert rows[1][5].startswith("tells in another language the same as TRT Avaz: Bişkek, 2026-05-14, Aylin Demirel")
    assert rows[4][5].endswith("the same text, the same title exact/1")
    # A reason leads to the report that it names.
    [like] = shown.cssselect("#report-az .why a")
    assert shown.cssselect(str(like.get("href")))


def test_the_first_and_the_official_report_lead(client: TestClient) -> None:
    leading = said(page(client, f"/stories/{SUMMIT}").cssselect(".leading")[0])
    assert leading.startswith("First report TRT Avaz, first seen ")
    assert f"İçişleri bakanları Bişkek'te toplandı Official report official {OTS}, first seen " in leading
    alone = said(page(client, f"/stories/{NEWSROOM.ids['alone']}").cssselect(".leading")[0])
    assert alone.endswith("Official report no official source has told it yet")


def test_where_reports_differ_each_value_has_its_sayers_and_their_words(client: TestClient) -> None:
    shown = page(client, f"/stories/{SUMMIT}")
    bodies = [said(body) for body in shown.cssselect("#differ tbody")]
    assert bodies[0].startswith("Figure: experts 120 experts 3 TRT Avaz 120 uzman ")
    assert bodies[0].endswith("150 experts 1 Report Information Agency 150 ekspert")
    assert "15 May 2026 1 by-hand.example 15 Mayıs <script>alert(1)</script>" in bodies[1]
    assert "Bishkek 2" in bodies[2]
    assert "Cholpon-Ata resort 1" in bodies[2]
    assert shown.cssselect("#differ q[lang=az]")


def test_the_block_of_differences_is_quiet_where_there_are_none(client: TestClient) -> None:
    shown = page(client, f"/stories/{MANY}")
    assert not shown.cssselect("#differ")
    assert "They do not differ in place, day or figures." in said(shown)
    assert "do not differ" not in said(page(client, f"/stories/{NEWSROOM.ids['alone']}"))


def test_a_story_of_more_than_it_lists_leads_to_the_rest(client: TestClient) -> None:
    shown = page(client, f"/stories/{MANY}")
    assert said(shown.cssselect("h1")[0]) == f"Trade grew, says outlet {retelling.MANY - 1}"
    assert f"Trade grew, says outlet {retelling.MANY - 1}" in said(shown.cssselect(".leading")[0])
    assert len(shown.cssselect("#reports tbody tr")) == 200
    [more] = shown.cssselect("#reports .more a")
    assert said(more) == "30 more articles in the search"
    assert f"{retelling.MANY} articles" in said(page(client, str(more.get("href"))))


def test_titles_of_pages_are_text(client: TestClient) -> None:
    answer = client.get(f"/stories/{HOSTILE}").text
    assert retelling.SCRIPT not in answer
    assert "put here by &lt;script&gt;" in answer
    shown = html.fromstring(answer)
    titles = [said(title) for title in shown.cssselect("#reports .headline")]
    assert titles[1] == "https://by-hand.example/untitled"
    assert titles[2] == retelling.ARABIC
    assert all(title.get("dir") == "auto" for title in shown.cssselect("#reports .headline"))


def test_what_was_merged_leads_to_the_story_that_it_is_now(client: TestClient) -> None:
    for before in ("/stories", "/api/stories"):
        answer = client.get(f"{before}/{NEWSROOM.ids['merged']}")
        assert (answer.status_code, answer.headers["location"]) == (307, f"{before}/{SUMMIT}")


@pytest.mark.parametrize(("name", "status", "message"), [("nobody", 404, "no story nobody"), ("gone", 410, "kept any")])
def test_what_is_not_there_is_said(client: TestClient, name: str, status: int, message: str) -> None:
    id_ = NEWSROOM.ids.get(name, name)
    assert message in said(page(client, f"/stories/{id_}", status))
    answer = client.get(f"/api/stories/{id_}")
    assert (answer.status_code, message in answer.json()["error"]) == (status, True)


# ---------------------------------------------------------------------------------------------------------------- JSON


def test_json_is_what_the_command_line_gives(client: TestClient) -> None:
    found = client.get("/api/stories?size=2&at_least=2").json()
    assert set(found) == {"total", "undated", "most", "after", "expanded", "stories"}
    assert [story["id"] for story in found["stories"]] == [MANY, HOSTILE]
    assert all(Story.model_validate(story).to_dict() == story for story in found["stories"])
    one = client.get(f"/api/stories/{SUMMIT}").json()
    assert [(told["of"], len(told["values"])) for told in one["differences"]] == [
        ("figure", 2),
        ("day", 2),
        ("place", 2),
    ]
    assert client.get("/api/stories?at_least=none").status_code == 400


def test_the_description_has_both(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]
    names = {parameter["name"] for parameter in described["/api/stories"]["get"]["parameters"]}
    assert {"q", "differs", "at_least", "country"} <= names
    assert set(described["/api/stories/{id}"]["get"]["responses"]) >= {"200", "307", "404", "410"}


# ------------------------------------------------------------------------------------------------------ from elsewhere


def test_an_article_leads_to_its_story(client: TestClient) -> None:
    copies = page(client, "/articles/az").cssselect(".copies")[0]
    assert said(copies).startswith("the same story also in: ")
    assert said(copies).endswith("story of 6 articles, which differ in figures, day, place")
    assert copies.cssselect(f"a[href='/stories/{SUMMIT}']")
    assert not page(client, "/articles/energy").cssselect(".copies")


def test_cards_lead_to_their_story_with_the_count(client: TestClient) -> None:
    for address in ("/", "/search?q=bakanları"):
        links = [said(link) for link in page(client, address).cssselect(f"article a[href='/stories/{SUMMIT}']")]
        assert links == ["story of 6 articles"], address
    assert not page(client, "/search?q=pipeline").cssselect("article .copies")


def test_a_story_leads_to_its_quotes_and_articles(client: TestClient) -> None:
    links = {said(link): str(link.get("href")) for link in page(client, f"/stories/{SUMMIT}").cssselect(".links a")}
    quotes = page(client, links["who said what in it"])
    assert "Bişkek'te toplandı" in said(quotes.cssselect("main")[0])
    assert f"Story {SUMMIT}" in said(quotes.cssselect(".chosen")[0])
    assert not page(client, f"/quotes?story={MANY}").cssselect("main figure")
    assert "6 articles" in said(page(client, links["its articles in the search"]).cssselect(".total")[0])


# ------------------------------------------------------------------------------------------------------------- browser


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    fill(folder)
    with web.served(folder) as (_, address):
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


PAGES = ("/stories", "/stories?q=%22", *(f"/stories/{id_}" for id_ in (SUMMIT, HOSTILE, MANY)), "/articles/az", "/")


@pytest.mark.slow
def test_find_a_story_and_see_where_its_reports_differ(browser: Browser, url: str) -> None:
    context = browser.new_context(base_url=url, java_script_enabled=False)
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto("/")
    opened.get_by_role("link", name="Stories", exact=True).click()
    opened.get_by_label("figures").check()
    opened.get_by_role("button", name="Apply filters").click()
    assert "differs=figure" in opened.url
    expect(opened.locator("main article")).to_have_count(1)
    opened.locator("main article a.differs").click()
    expect(opened.locator("#differ")).to_be_in_viewport()
    opened.locator("#differ .sayers a").first.click()
    assert opened.url.endswith("#report-tr")
    expect(opened.locator("#report-tr")).to_be_in_viewport()
    context.close()
    assert {urlsplit(address).netloc for address in asked} == {urlsplit(url).netloc}


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window(browser: Browser, url: str, width: int) -> None:
    context = browser.new_context(base_url=url, java_script_enabled=False, viewport={"width": width, "height": 844})
    opened = context.new_page()
    for address in PAGES:
        opened.goto(address)
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, address
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, url: str, scheme: Literal["light", "dark"]) -> None:
    context = browser.new_context(base_url=url, color_scheme=scheme, bypass_csp=True)
    opened = context.new_page()
    for address in PAGES:
        opened.goto(address)
        result = Axe().run(opened)
        assert result.violations_count == 0, f"{address}: {result.generate_report()}"
    context.close()
