"""The demo newsroom: everything it promises is there, and it behaves like the web."""

from __future__ import annotations

import http.client
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from otswatch.crawlers.registry import Feed, Listing, Sitemap, Source
from otswatch.crawlers.routes import Listed
from otswatch.crawlers.routes import feed as feeds
from otswatch.crawlers.routes import listing as listings
from otswatch.crawlers.routes import sitemap as sitemaps
from otswatch.demo.content import load
from otswatch.demo.newsroom import Item, Newsroom
from otswatch.errors import ConfigError
from tests.processes import PATIENCE

NOW = datetime(2026, 5, 14, 9, 40, tzinfo=UTC)
ODDITIES = {
    "undated": 3,
    "relative-time": 1,
    "dateline-only": 4,
    "windows-1251": 1,
    "capitals": 1,
    "syndicated": 3,
    "syndicated-lost-spaces": 2,
    "edited": 1,
    "deleted": 1,
    "moved": 1,
    "background": 6,
    "other-body": 3,
    "passing": 3,
    "pdf": 1,
    "robots-disallowed": 1,
    "not-found": 1,
    "server-error": 1,
    "redirect-loop": 1,
    "consent-wall": 1,
    "consent-page": 1,
    "huge": 1,
    "one-pubdate": 4,
    "script-rendered": 1,
    "not-listed-menu": 1,
    "masthead-clock": 1,
    "two-addresses": 1,
    "future": 1,
}

pytestmark = pytest.mark.slow


class Answered:
    """One answer, redirects not followed."""

    def __init__(self, url: str, method: str = "GET", **headers: str) -> None:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        self.status, self.headers, self.body = response.status, response.headers, response.read()
        connection.close()

    @property
    def text(self) -> str:
        return self.body.decode(self.headers.get_content_charset() or "utf-8")


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    """A newsroom in which time does not move."""
    with Newsroom(NOW) as opened:
        yield opened


def source(newsroom: Newsroom, id_: str) -> Source:
    return next(Source.model_validate(fields) for fields in newsroom.sources() if fields["id"] == id_)


def oddity(newsroom: Newsroom, name: str) -> Item:
    return next(item for item in newsroom.items if item.oddity == name)


def entries(one: Source) -> list[tuple[str, str | None]]:
    """Every address that a source's lists show, with its date, in their order."""
    found: list[tuple[str, str | None]] = []
    waiting = [(route, route.url) for route in one.routes]
    asked: set[str] = set()
    while waiting:
        route, url = waiting.pop(0)
        asked.add(url)
        answer = Answered(url)
        assert answer.status == 200, url
        kind = answer.headers["Content-Type"]
        match route:
            case Feed():
                listed = feeds.read(answer.body, url, kind)
            case Sitemap():
                listed = sitemaps.read(answer.body, url, kind)
            case Listing():
                listed = listings.read(answer.body, url, kind, route.next)
            case _:
                listed = Listed()
        found += [(entry.url, entry.published) for entry in listed.entries]
        waiting += [(route, further) for further in listed.lists if further not in asked]
    return found


# -------------------------------------------------------------------------------------------------------- what there is


def test_the_registry_takes_the_sources(newsroom: Newsroom) -> None:
    sources = [Source.model_validate(fields) for fields in newsroom.sources()]
    assert {one.status for one in sources} == {"ready"}
    assert sum(bool(one.feeds) for one in sources) >= 3
    assert sum(bool(one.sitemaps) for one in sources) >= 1
    assert sum(bool(one.listings) for one in sources) >= 2
    assert len(newsroom.hosts) == len(sources)
    assert urlsplit(newsroom.url).netloc not in newsroom.hosts


def test_nine_languages_with_four_pages_each(newsroom: Newsroom) -> None:
    pages = Counter(item.language for item in newsroom.items if item.moment == 0)
    assert set(pages) == {"en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk"}
    assert min(pages.values()) >= 4
    assert sum(pages.values()) >= 60


def test_every_oddity_is_there(newsroom: Newsroom) -> None:
    counted = Counter(item.oddity for item in newsroom.items)
    assert {name: counted[name] for name, least in ODDITIES.items() if counted[name] < least} == {}


def test_pages_that_share_a_paragraph_stand_on_several_sites(newsroom: Newsroom) -> None:
    shared = [item for item in newsroom.items if item.oddity == "background" and item.language == "en"]
    words = "cooperate in more than twenty fields"
    assert all(words in " ".join(Answered(newsroom.address(item)).text.split()) for item in shared)
    assert len(shared) >= 6
    assert len({item.site for item in shared}) >= 4


# ---------------------------------------------------------------------------------------------------------------- lists


def test_lists_show_what_is_listed_and_nothing_else_but_menus(newsroom: Newsroom) -> None:
    for fields in newsroom.sources():
        one = Source.model_validate(fields)
        shown = {url.partition("?utm_")[0] for url, _ in entries(one) if one.is_article(url)}
        here = [item for item in newsroom.items if item.site == one.id and item.moment == 0 and item.listed]
        assert shown == {newsroom.address(item) for item in here if item.oddity != "not-listed-menu"}


def test_feeds_show_the_newest_first(newsroom: Newsroom) -> None:
    dates = [date for _, date in entries(source(newsroom, "sharq-axborot")) if date]
    assert len(dates) > 3
    assert dates == sorted(dates, reverse=True)


def test_a_menu_entry_is_no_article(newsroom: Newsroom) -> None:
    item = oddity(newsroom, "not-listed-menu")
    one = source(newsroom, item.site)
    assert newsroom.address(item) in {url for url, _ in entries(one)}
    assert not one.is_article(newsroom.address(item))


def test_one_article_is_listed_under_two_addresses(newsroom: Newsroom) -> None:
    item = oddity(newsroom, "two-addresses")
    address = newsroom.address(item)
    listed = [url for url, _ in entries(source(newsroom, item.site)) if url.startswith(address)]
    assert len(listed) == 2
    assert "utm_source=" in listed[1]
    assert Answered(listed[0]).body == Answered(listed[1]).body


def test_the_undated_pages_have_no_date_in_lists_either(newsroom: Newsroom) -> None:
    for item in newsroom.items:
        if item.oddity == "undated" and item.moment == 0:
            listed = dict(entries(source(newsroom, item.site)))
            assert listed[newsroom.address(item)] is None
            assert not re.search(r"\b14\b|May|datePublished|published_time", Answered(newsroom.address(item)).text)


def test_a_feed_with_one_date_for_all(newsroom: Newsroom) -> None:
    item = oddity(newsroom, "one-pubdate")
    body = Answered(source(newsroom, item.site).feeds[0].url).text
    stamps = re.findall("<pubDate>(.*?)</pubDate>", body)
    assert len(stamps) >= 4
    assert len(set(stamps)) == 1


def test_an_unchanged_list_says_so(newsroom: Newsroom) -> None:
    for fields in newsroom.sources():
        for route in Source.model_validate(fields).routes:
            first = Answered(route.url)
            assert Answered(route.url, If_None_Match=first.headers["ETag"]).status == 304
            assert Answered(route.url, If_Modified_Since=first.headers["Last-Modified"]).status == 304
            assert Answered(route.url, If_None_Match='"other"').status == 200


# ---------------------------------------------------------------------------------------------------------------- pages


def test_plain_pages_answer_with_their_title(newsroom: Newsroom) -> None:
    for item in newsroom.items:
        if item.moment == 0 and item.oddity in ("", "background", "undated", "capitals", "passing", "other-body"):
            answer = Answered(newsroom.address(item))
            assert answer.status == 200
            assert "<h1" in answer.text


@pytest.mark.parametrize(
    ("name", "status"),
    [("not-found", 404), ("server-error", 500), ("consent-wall", 302), ("redirect-loop", 302), ("moved", 301)],
)
def test_pages_that_do_not_answer_as_they_should(newsroom: Newsroom, name: str, status: int) -> None:
    assert Answered(newsroom.address(oddity(newsroom, name))).status == status


def test_a_moved_page_is_an_article_where_it_is_now(newsroom: Newsroom) -> None:
    item = oddity(newsroom, "moved")
    now = Answered(newsroom.address(item)).headers["Location"]
    assert Answered(now).status == 200
    assert source(newsroom, item.site).is_article(now)


def test_a_loop_leads_back(newsroom: Newsroom) -> None:
    address = newsroom.address(oddity(newsroom, "redirect-loop"))
    there = Answered(address).headers["Location"]
    assert there != address
    assert Answered(there).headers["Location"] == address


def test_a_consent_wall_is_no_article(newsroom: Newsroom) -> None:
    item = oddity(newsroom, "consent-wall")
    wall = Answered(newsroom.address(item)).headers["Location"]
    assert Answered(wall).status == 200
    assert not source(newsroom, item.site).is_article(wall)


def test_windows_1251_bytes(newsroom: Newsroom) -> None:
    item = oddity(newsroom, "windows-1251")
    answer = Answered(newsroom.address(item))
    assert "windows-1251" in answer.headers["Content-Type"]
    assert "министрлери".encode("windows-1251") in answer.body
    assert "Ө".encode() not in answer.body


def test_robots_are_asked_to_leave_a_listed_page_alone(newsroom: Newsroom) -> None:
    item = oddity(newsroom, "robots-disallowed")
    one = source(newsroom, item.site)
    rules = re.findall("Disallow: (.*)", Answered(newsroom.address(item).partition("/ozel/")[0] + "/robots.txt").text)
    assert any(item.path.startswith(rule) for rule in rules)
    assert newsroom.address(item) in {url for url, _ in entries(one)}
    assert newsroom.asked(item.site, item.path) == 0
    assert newsroom.asked(item.site, "/robots.txt") == 1


def test_a_pdf_of_which_every_object_is_where_its_table_says(newsroom: Newsroom) -> None:
    answer = Answered(newsroom.address(oddity(newsroom, "pdf")))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.body.startswith(b"%PDF-")
    table = int(re.findall(rb"startxref\n(\d+)", answer.body)[0])
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", answer.body[table:])]
    assert [answer.body[place:].split(b" ")[0] for place in places] == [b"%d" % n for n in range(1, len(places) + 1)]
    assert b"Hereby declare" in answer.body


def test_a_page_of_more_than_30_megabytes_without_its_length(newsroom: Newsroom) -> None:
    answer = Answered(newsroom.address(oddity(newsroom, "huge")))
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.headers["Content-Length"] is None
    assert len(answer.body) > 30 * 1024 * 1024


def test_a_page_that_a_script_fills_in(newsroom: Newsroom) -> None:
    text = Answered(newsroom.address(oddity(newsroom, "script-rendered"))).text
    assert '"articleBody"' in text
    assert "<p>Six hundred doctors" not in text


def test_the_clock_in_the_masthead_shows_today(newsroom: Newsroom) -> None:
    assert "14-май" in Answered(newsroom.address(oddity(newsroom, "masthead-clock"))).text


def test_a_date_in_the_future(newsroom: Newsroom) -> None:
    item = oddity(newsroom, "future")
    assert f'content="{NOW.year + 1}-' in Answered(newsroom.address(item)).text
    assert str(NOW.year + 1) in (dict(entries(source(newsroom, item.site)))[newsroom.address(item)] or "")


def test_the_same_now_gives_the_same_bytes(newsroom: Newsroom) -> None:
    with Newsroom(NOW) as other:
        for item, twin in zip(newsroom.items, other.items, strict=True):
            if item.oddity != "huge":
                first, second = Answered(newsroom.address(item)), Answered(other.address(twin))
                ports = zip(newsroom.hosts, other.hosts, strict=True)
                body = second.body
                for here, there in ports:
                    body = body.replace(there.encode(), here.encode())
                assert (first.status, first.body) == (second.status, body)


def test_the_log_has_every_request(newsroom: Newsroom) -> None:
    item = oddity(newsroom, "capitals")
    before = newsroom.asked(item.site, item.path)
    Answered(newsroom.address(item), "HEAD")
    assert newsroom.asked(item.site, item.path) == before + 1
    last = newsroom.log[-1]
    assert (last.site, last.method, last.path, last.status) == (item.site, "HEAD", item.path, 200)
    assert last.at.tzinfo is not None


def test_head_has_no_body_and_post_is_refused(newsroom: Newsroom) -> None:
    address = newsroom.address(oddity(newsroom, "capitals"))
    assert Answered(address, "HEAD").body == b""
    assert Answered(address, "POST").status == 405


# ----------------------------------------------------------------------------------------------------------- time moves


def test_each_moment_lists_what_is_new_at_the_top() -> None:
    with Newsroom(NOW) as newsroom:
        seen = 0
        while line := newsroom.publish_next():
            seen += 1
            assert newsroom.moment == seen
            for item in newsroom.items:
                if item.moment == seen:
                    assert item.title in line
                    assert Answered(newsroom.address(item)).status == 200
                    one = source(newsroom, item.site)
                    assert newsroom.address(item) in [url for url, _ in entries(one) if one.is_article(url)][:3]
        assert seen == 5
        assert newsroom.moment == 5


def test_what_comes_later_is_not_there_before(newsroom: Newsroom) -> None:
    later = [item for item in newsroom.items if item.moment > 0]
    assert later
    assert {Answered(newsroom.address(item)).status for item in later} == {404}


def test_what_time_does_to_pages() -> None:
    with Newsroom(NOW) as newsroom:
        edited, deleted = oddity(newsroom, "edited"), oddity(newsroom, "deleted")
        feed = source(newsroom, edited.site).feeds[0].url
        before, tag = Answered(newsroom.address(edited)).text, Answered(feed).headers["ETag"]
        assert Answered(newsroom.address(deleted)).status == 200
        for _ in range(3):
            newsroom.publish_next()
        after = Answered(newsroom.address(edited)).text
        assert "3 bin" in after
        assert "3 bin" not in before
        assert Answered(feed, If_None_Match=tag).status == 200
        assert Answered(newsroom.address(deleted)).status == 200
        newsroom.publish_next()
        assert Answered(newsroom.address(deleted)).status == 410


def test_three_sites_carry_one_story_in_the_same_moment(newsroom: Newsroom) -> None:
    carried = {item.site for item in newsroom.items if item.moment == 2 and item.oddity.startswith("syndicated")}
    assert len(carried) == 3


def test_a_site_on_which_nothing_happened_stays_as_it_was() -> None:
    with Newsroom(NOW) as newsroom:
        feed = source(newsroom, "sharq-axborot").feeds[0].url
        tag = Answered(feed).headers["ETag"]
        newsroom.publish_next()
        assert Answered(feed, If_None_Match=tag).status == 304


def test_without_a_clock_of_its_own_it_is_now() -> None:
    with Newsroom() as newsroom:
        Answered(newsroom.address(newsroom.items[0]))
        assert abs(newsroom.log[0].at - datetime.now(UTC)) < timedelta(minutes=1)


# ----------------------------------------------------------------------------------------------------------- front page


def test_the_front_page_shows_the_sites_and_moves_time() -> None:
    with Newsroom(NOW) as newsroom:
        item = newsroom.items[0]
        Answered(newsroom.address(item) + "?<b>")
        page = Answered(newsroom.url)
        assert all(f"http://{host}/" in page.text for host in newsroom.hosts)
        assert "&lt;b&gt;" in page.text
        assert "<script" not in page.text
        assert Answered(newsroom.url + "next", "POST").headers["Location"] == "/"
        assert newsroom.moment == 1
        assert "Communiqué of the Ministers of Justice" in Answered(newsroom.url).text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Host": "rebound.example"},
    ],
)
def test_nobody_else_moves_time(newsroom: Newsroom, headers: dict[str, str]) -> None:
    assert Answered(newsroom.url + "next", "POST", **headers).status == 403
    assert newsroom.moment == 0


def test_the_own_page_moves_time() -> None:
    with Newsroom(NOW) as newsroom:
        own = newsroom.url.removesuffix("/")
        assert Answered(own + "/next", "POST", Origin=own, Sec_Fetch_Site="same-origin").status == 303
        assert Answered(own + "/next").status == 405
        assert newsroom.moment == 1


# -------------------------------------------------------------------------------------------------------------- content


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("published: -8h", "published: yesterday", "not an offset such as -2d3h"),
        ("moment: 0", "momentum: 0", "Extra inputs are not permitted"),
        ("text: Words.", "", "no text"),
        ("example: /a", "example: /b", "no piece has the path /b"),
        ("text: Words.", "same_as: nobody:/c", "there is no nobody:/c"),
    ],
)
def test_a_slip_in_a_file_is_named(tmp_path: Path, before: str, after: str, problem: str) -> None:
    good = """{id: one, name: One, tagline: T, country: KZ, languages: [en], kind: agency, zone: "+05:00",
template: blog.html, dates: [], article: /a, example: /a, words: {}, pieces: [{path: /a, language: en,
title: T, section: S, published: -8h, moment: 0, text: Words.}]}"""
    (tmp_path / "sites").mkdir()
    (tmp_path / "background.yaml").write_text("en: Words")
    (tmp_path / "sites" / "one.yaml").write_text(good)
    assert len(load(tmp_path)) == 1
    (tmp_path / "sites" / "one.yaml").write_text(good.replace(before, after))
    with pytest.raises(ConfigError, match=re.escape(problem)):
        load(tmp_path)


def test_no_text_holds_a_date_that_was_not_filled_in(newsroom: Newsroom) -> None:
    for item in newsroom.items:
        if item.moment == 0 and item.oddity not in ("huge", "pdf"):
            assert not re.search(r"\{(day|short|year|month)", Answered(newsroom.address(item)).text)
