"""The pages as a reader gets them: what is new, search, one article, sources, and what is said of bad input."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import html
from starlette.testclient import TestClient

from otswatch import health
from otswatch.bus import Lag, Outgoing
from otswatch.consumers.topology import CONSUMERS
from otswatch.crawlers import registry
from otswatch.errors import DependencyDownError
from otswatch.index.projection import project_article
from otswatch.records import Dated
from otswatch.settings import Settings
from otswatch.stores import open_stores
from otswatch.web import moments
from otswatch.web.app import create_app
from otswatch.web.cards import cards
from otswatch.web.names import Names
from tests import web
from tests.factory import article
from tests.web import SCRIPT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("newsroom")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with web.reader(folder) as client:
        yield client


def tree(client: TestClient, address: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def titles(element: html.HtmlElement) -> list[str]:
    return [found.removeprefix("/articles/") for found in element.xpath(".//article//h3/a/@href")]


def said(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


# ------------------------------------------------------------------------------------------------------- what is new


def test_new_is_official_first_then_others_by_first_sight_undated_apart_each_once(client: TestClient):
    page = tree(client, "/")
    sections = {section.get("id"): titles(section) for section in page.xpath("//section[@id]")}
    assert sections == {
        "official": ["official"],
        "others": ["ministers"],
        "undated": ["hostile", "undated", "scripted"],
    }
    assert "discarded" not in client.get("/").text


def test_a_copy_that_comes_later_is_named_beside_the_first(client: TestClient):
    [card] = tree(client, "/").xpath("//article[.//a[@href='/articles/ministers']]")
    assert "also in: Report Information Agency" in said(card)
    assert "/articles/copy" in card.xpath(".//a/@href")


def test_a_card_says_who_where_when_and_what(client: TestClient):
    [card] = tree(client, "/").xpath("//article[.//a[@href='/articles/ministers']]")
    for shown in (
        "Daily Sabah",
        "Türkiye",
        "English",
        "published 2 March 2026, 14:05 +05:00",
        "Security and defence",
        "organisation's secretariat",
    ):
        assert shown in said(card)
    assert re.search(r"\b\d+ (?:min|h) ago\b", said(card))
    assert "/search?area=security" in card.xpath(".//a/@href")
    assert card.xpath(".//h3/@lang") == ["en"]
    assert card.xpath(".//time[contains(., 'March')]/@datetime") == ["2026-03-02T14:05:00+05:00"]


def test_only_the_day_is_shown_where_only_the_day_is_known(client: TestClient):
    [card] = tree(client, "/").xpath("//article[.//a[@href='/articles/official']]")
    assert card.xpath(".//time[contains(., 'March')]/text()") == ["2 March 2026"]
    assert "official" in said(card)


def test_areas_languages_and_sources_are_links_with_counts(client: TestClient):
    facets = tree(client, "/").xpath("//aside")[0]
    assert "/search?language=tr" in facets.xpath(".//a/@href")
    assert "/search?source=mfa-tr" in facets.xpath(".//a/@href")


def test_the_page_loads_itself_again_only_where_a_reader_asks_for_it(client: TestClient):
    assert "refresh" not in client.get("/").headers
    assert client.get("/?refresh=5").headers["refresh"] == "300"
    assert client.get("/?refresh=0").status_code == 400


def test_what_has_stopped_is_said_plainly(folder: Path, client: TestClient):
    shown = said(tree(client, "/"))
    assert "No source was visited yet" in shown
    for name in CONSUMERS:
        health.beat(folder / "data", name, stopped=True)
    assert "No consumer runs" in said(tree(client, "/"))
    for name in CONSUMERS:
        health.beat(folder / "data", name, stopped=name == "index")
    assert "Stopped: index" in said(tree(client, "/"))
    health.beat(folder / "data", "index", waiting="the disk is full")
    assert "index waits: the disk is full" in said(tree(client, "/"))


def test_consumers_that_never_ran_here_may_run_elsewhere_until_messages_wait_for_them(tmp_path: Path):
    settings = Settings(data=tmp_path, config=tmp_path)
    with open_stores(settings) as stores:
        client = TestClient(create_app(settings, stores), base_url="http://localhost")
        assert "onsumer" not in said(tree(client, "/").xpath("//section[@class='trust']")[0])
        stores.bus.publish([Outgoing("indexed", "a", b"{}")])
        shown = said(tree(client, "/"))
    assert "Messages wait for alert, never run here" in shown
    assert "No consumer runs" not in shown


@pytest.mark.parametrize(("address", "there"), [("/", "Official sources"), ("/status", "Articles")])
def test_while_the_bus_is_down_what_is_in_the_index_is_shown_all_the_same(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, address: str, there: str
):
    def down(*_: object) -> list[Lag]:
        raise DependencyDownError("Kafka at kafka:9092 does not answer")

    monkeypatch.setattr(client.app.state.desk.stores.bus, "lag", down)
    shown = said(tree(client, address))
    assert "How things stand cannot be read: Kafka at kafka:9092 does not answer" in shown
    assert there in shown


def test_an_empty_folder_says_what_to_do(tmp_path: Path):
    settings = Settings(data=tmp_path, config=tmp_path)
    with open_stores(settings) as stores:
        empty = TestClient(create_app(settings, stores), base_url="http://localhost")
        assert "No article yet" in empty.get("/").text
        for address in ("/search", "/sources", "/status", "/search.atom", "/api/articles", "/api/timeline"):
            assert empty.get(address).status_code == 200


# ------------------------------------------------------------------------------------------------------------- search


def test_search_marks_the_words_and_keeps_the_filters_in_the_address(client: TestClient):
    page = tree(client, "/search?q=teskilat*+OR+organization&language=tr")
    assert titles(page) == ["undated"]
    assert "Teşkilatı" in page.xpath("//article//mark/text()")
    assert page.xpath("//input[@name='q']/@value") == ["teskilat* OR organization"]
    assert page.xpath("//input[@name='language'][@checked]/@value") == ["tr"]
    assert "/search?q=teskilat%2A+OR+organization" in page.xpath("//ul[@class='chosen']//a/@href")


def test_what_was_looked_for_is_shown_marked_and_can_be_switched_off(client: TestClient):
    page = tree(client, "/search?q=Turkic+Council&language=tr")
    assert titles(page) == ["undated"]
    assert "Türk Devletleri Teşkilatı" in page.xpath("//article//mark/text()")
    [shown] = page.xpath("//*[@class='read']")
    assert "Turkic Council is body:ots, also: Organization of Turkic States, Türk Devletler* Teşkilat*" in said(shown)
    assert re.search(r"and \d+ more", said(shown))
    off = "/search?q=Turkic+Council&exact=1&language=tr"
    assert off in shown.xpath(".//a/@href")

    exact = tree(client, off)
    assert titles(exact) == []
    assert not exact.xpath("//*[@class='read']")
    assert exact.xpath("//input[@name='exact']/@checked")
    assert "/search?q=Turkic+Council&language=tr" in exact.xpath("//ul[@class='chosen']//a/@href")
    assert "/search.atom?q=Turkic+Council&exact=1&language=tr" in exact.xpath("//a/@href")


def test_a_search_without_words_of_ours_says_nothing_about_spellings(client: TestClient):
    assert not tree(client, "/search?q=area:energy").xpath("//*[@class='read']")


def test_the_same_search_is_one_click_away_as_atom_and_json(client: TestClient):
    found = tree(client, "/search?q=ministers&area=security").xpath("//a/@href | //link[@rel='alternate']/@href")
    assert found.count("/search.atom?q=ministers&area=security") == 2
    assert "/api/articles?q=ministers&area=security" in found


def test_a_range_says_what_has_no_date(client: TestClient):
    page = tree(client, "/search?since=2026-03-01&until=&seen_since=&status=")
    assert said(page.xpath("//*[@class='total']")[0]).startswith("3 articles; 3 more match but have no date")
    assert "/search?undated=1" in page.xpath("//*[@class='total']/a/@href")


def test_alternatives_of_a_chosen_filter_are_still_counted(client: TestClient):
    page = tree(client, "/search?source=mfa-tr")
    assert {"mfa-tr", "dailysabah", "report-az"} <= set(page.xpath("//input[@name='source']/@value"))


def test_rare_values_of_a_filter_can_be_chosen_and_are_counted(tmp_path: Path):
    settings = Settings(data=tmp_path, config=tmp_path)
    found = [
        project_article(article(f"{number}-{copy}", "The Organization of Turkic States met.", source=f"site-{number}"))
        for number in range(60)
        for copy in range(1 if number == 59 else 2)
    ]
    with open_stores(settings) as stores:
        stores.index.put(found)
        client = TestClient(create_app(settings, stores), base_url="http://localhost")
        for address in ("/search", "/search?source=site-59"):
            [count] = tree(client, address).xpath("//li[label/input[@value='site-59']]/span/text()")
            assert count == "1"


def test_pages_follow_each_other_without_gaps(client: TestClient):
    address, met = "/search?size=2", []
    while address:
        page = tree(client, address)
        met += titles(page)
        address = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    assert sorted(met) == ["copy", "hostile", "ministers", "official", "scripted", "undated"]


def test_what_was_discarded_is_found_with_its_reason(client: TestClient):
    page = tree(client, "/search?status=discarded")
    assert titles(page) == ["discarded"]
    assert "not-about-ots: Nothing about OTS or its bodies was found." in said(page)
    shown = said(tree(client, "/articles/discarded"))
    assert "Discarded. not-about-ots" in shown
    assert "in the archive" in shown


def test_nothing_found_offers_the_discarded(client: TestClient):
    assert "/search?q=harbour&status=discarded" in tree(client, "/search?q=harbour").xpath("//a/@href")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('q="zirve&language=tr', "is never closed"),
        ("q=a+AND&language=tr", "the query ends too early"),
        ("q=zirve&since=tomorrow&language=tr", "a day such as 2026-03-01"),
        ("q=zirve&size=-1&language=tr", "greater than or equal to 1"),
        ("q=zirve&after=zzz&language=tr", "does not continue this search"),
        ("q=zirve&aera=x&language=tr", "no parameter is called"),
        ("q=" + "x" * 20_000, "longer than 10,000 characters"),
        ("q=%00", "no letters or digits"),
    ],
)
def test_what_cannot_be_searched_for_is_said_beside_the_box_and_kept(client: TestClient, query: str, message: str):
    page = tree(client, f"/search?{query}", 400)
    assert message in said(page.xpath("//*[@id='refused']")[0])
    [typed] = page.xpath("//input[@name='q']/@value")
    assert typed in query.replace("%00", "\ufffd").replace("+", " ") or typed == "�"
    if "language=tr" in query:
        assert page.xpath("//input[@name='language']/@value") == ["tr"]


# --------------------------------------------------------------------------------------------------------- one article


def test_an_article_shows_its_words_in_the_text_and_beside_it(client: TestClient):
    page = tree(client, "/articles/ministers")
    marks = {said(mark) for mark in page.xpath("//div[@class='text']//mark[contains(@class, 'relevance')]")}
    assert "Organization of Turkic States" in marks
    places = set(page.xpath("//main//@id"))
    for link in page.xpath("//a[starts-with(@href, '#')]/@href"):
        assert link[1:] in places | {"main"}, link
    for shown in ("Security and defence", "Daniyar Serikbayev", "article:published_time", "taken"):
        assert shown in said(page)
    assert re.search(r"clean \d+, date \d+", said(page))


def test_evidence_stands_on_its_words_behind_emoji(client: TestClient):
    page = tree(client, "/articles/undated")
    for entry in page.xpath("//li[starts-with(@id, 'w')]/a[starts-with(@href, '#e')]"):
        [anchor] = page.xpath(f"//span[@id='{entry.get('href')[1:]}']")
        wanted = entry.text_content()
        shown = anchor.getparent().text_content()
        assert wanted.startswith(shown) or shown.startswith(wanted)


def test_an_article_links_to_the_original_to_its_copies_and_to_its_record(client: TestClient):
    found = tree(client, "/articles/ministers").xpath("//a/@href")
    assert {"https://dailysabah.example/ministers", "/articles/copy", "/api/articles/ministers"} <= set(found)


def test_another_address_leads_to_the_id_that_stands(client: TestClient):
    for prefix in ("", "/api"):
        answer = client.get(f"{prefix}/articles/other")
        assert (answer.status_code, answer.headers["location"]) == (307, f"{prefix}/articles/official")


def test_what_is_gone_says_since_when_and_why(client: TestClient):
    assert "This page is gone since" in said(tree(client, "/articles/gone", 410))


@pytest.mark.parametrize(
    "address",
    ["/articles/nobody", "/articles/%2e%2e%2fetc%2fpasswd", "/nothing", "/articles/%00", "/articles/ministers%00x"],
)
def test_what_is_not_there_is_404(client: TestClient, address: str):
    assert "Not here" in said(tree(client, address, 404))


def test_sources_and_status(client: TestClient):
    page = said(tree(client, "/sources"))
    assert "Ministry of Foreign Affairs of Türkiye" in page
    assert "not visited yet" in page
    assert "extract" in said(tree(client, "/status"))


# ----------------------------------------------------------------------------------------------------------- escaping


HOSTILE = (
    "/",
    "/search",
    f"/search?q={SCRIPT}&area={SCRIPT}",
    f"/search?after={SCRIPT}",
    f"/?refresh={SCRIPT}",
    "/articles/hostile",
    "/articles/scripted",
    "/articles/gone",
    f"/articles/{SCRIPT.replace('/', '')}",
    "/sources",
    "/status",
)


@pytest.mark.parametrize("address", HOSTILE)
def test_nothing_that_was_collected_or_typed_becomes_markup(client: TestClient, address: str):
    text = client.get(address).text
    page = html.fromstring(text)
    assert page.xpath("//script | //img | //iframe | //b[not(normalize-space())] | //@style | //@onerror") == []
    assert not [link for link in page.xpath("//@href") if not re.match(r"[/#]|https?://", link)]
    assert "<script" not in text
    assert "javascript:" not in "".join(page.xpath("//@href | //@src | //@action"))


def test_no_page_loads_anything_from_elsewhere(client: TestClient):
    for address in ("/", "/search", "/articles/hostile", "/sources", "/status"):
        page = tree(client, address)
        assert all(link.startswith("/") for link in page.xpath("//link/@href | //@src | //form/@action"))
        for link in page.xpath("//a[starts-with(@href, 'http')]"):
            assert link.get("rel") == "noopener noreferrer"


# ------------------------------------------------------------------------------------------------------------- moments


def _dated(at: str) -> Dated:
    return Dated(at=at, precision="day", start=web.NOW, end=web.NOW, source="meta", confidence=1, evidence=())


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("2025-04-15T16:15:00+04:00", "15 April 2025, 16:15 +04:00"),
        ("2025-04-15T16:15:00+00:00", "15 April 2025, 16:15 UTC"),
        ("2025-04-05", "5 April 2025"),
        ("2025-04", "April 2025"),
        ("2025", "2025"),
        ("spring", "spring"),
    ],
)
def test_a_date_is_shown_as_it_was_written_and_no_finer(at: str, shown: str):
    assert moments.written(_dated(at)) == shown


def test_days_are_named_by_how_long_ago_they_are():
    today = datetime(2026, 3, 3, tzinfo=UTC).date()
    assert moments.day_name(today, today) == "Today, Tuesday 3 March 2026"
    assert moments.day_name(today - timedelta(days=1), today) == "Yesterday, Monday 2 March 2026"
    assert moments.day_name(today - timedelta(days=2), today) == "Sunday 1 March 2026"


def test_copies_in_a_list_are_one_card_of_the_first():
    names = Names({source.id: source for source in registry.load()}, {}, {}, {})
    told = cards([one for one in web.articles() if one.id in ("copy", "ministers")], names, web.NOW)
    assert [(card.id, [copy.id for copy in card.copies]) for card in told] == [("ministers", ["copy"])]
