"""The pages in a real Chromium, as an analyst uses them: without JavaScript, in light and dark, with nothing loaded
from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests import web
from tests.browser import chromium

pytestmark = pytest.mark.slow

PAGES = (
    "/",
    "/search?q=samarkand&area=security",
    "/search?q=%22",
    "/search?q=turkic+council+energy",
    "/articles/ministers",
    "/articles/hostile",
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("newsroom")
    with web.filled(folder):
        pass
    with web.served(folder) as (_, address):
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """A page without JavaScript, which fails the test where it asks another host for anything."""
    asked: list[str] = []
    context = browser.new_context(base_url=url, java_script_enabled=False)
    opened = context.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    context.close()
    assert {urlsplit(address).netloc for address in asked} == {urlsplit(url).netloc}


def test_search_filter_open_and_see_the_evidence(page: Page):
    page.goto("/")
    page.get_by_label("Search all articles").fill("samarkand OR астане")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("main article")).to_have_count(2)

    page.get_by_label("English").check()
    page.get_by_role("button", name="Apply filters").click()
    assert "language=en" in page.url
    expect(page.locator("main article")).to_have_count(1)
    expect(page.locator("main article mark").first).to_have_text("Samarkand")

    page.locator("main article h3 a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Interior ministers meet in Samarkand")
    mark = page.locator(".text mark.areas").first
    expect(mark).to_be_visible()
    assert background(page, ".text mark.areas") != background(page, ".text p")


def background(page: Page, selector: str) -> str:
    return str(page.locator(selector).first.evaluate("element => getComputedStyle(element).backgroundColor"))


def test_a_word_leads_to_its_place_and_back(page: Page):
    page.goto("/articles/ministers")
    entry = page.locator("#evidence li a[href^='#e']").first
    place = str(entry.get_attribute("href"))
    entry.click()
    assert page.url.endswith(place)
    mark = page.locator(f"mark:has({place})")
    expect(mark).to_be_in_viewport()
    assert mark.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    mark.locator("a").click()
    assert "#w" in page.url


def test_what_was_typed_wrongly_is_still_there(page: Page):
    page.goto('/search?q="zirve&language=tr')
    expect(page.get_by_role("alert")).to_contain_text("never closed")
    box = page.get_by_label("Words to search for")
    expect(box).to_have_value('"zirve')
    box.fill("zirve OR elektrik")
    box.press("Enter")
    assert "language=tr" in page.url
    expect(page.locator("main article")).to_have_count(1)


def test_a_hostile_title_does_not_turn_what_stands_around_it(page: Page):
    page.goto("/")
    card = page.locator("article", has=page.locator("a[href='/articles/hostile']"))
    expect(card.locator("h3")).to_contain_text("<script>alert(1)</script>")
    expect(card.locator(".from")).to_contain_text("nobody-knows")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window(page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 844})
    for address in (*PAGES, "/sources", "/status"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, url: str, scheme: Literal["light", "dark"]):
    # axe is a script of its own: it needs scripts, and to be let past our policy.
    context = browser.new_context(base_url=url, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    for address in (*PAGES, "/articles/undated", "/articles/discarded", "/sources", "/status", "/nothing"):
        page.goto(address)
        for summary in page.locator("details > summary").all():
            summary.click()
        result = Axe().run(page)
        assert result.violations_count == 0, f"{address}: {result.generate_report()}"
    context.close()
