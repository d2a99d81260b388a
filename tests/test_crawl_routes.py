"""Crawling by sitemap and by listing, against a real site on the loopback interface."""

from __future__ import annotations

from typing import Any

import pytest

from tests.crawling import Crawls, source
from tests.site import Answer, Asked, Listed, Site, rss
from tests.test_routes import index, news, url, urlset

pytestmark = pytest.mark.slow


@pytest.fixture
def site():
    with Site() as running:
        running["/robots.txt"] = Answer("User-agent: *\nDisallow: /private/\n", content_type="text/plain")
        yield running


@pytest.fixture
def crawls(tmp_path):
    return Crawls(tmp_path)


def run(crawls: Crawls, site: Site, **routes: Any) -> dict[str, Any]:
    """What a visit counted and met; `routes` are paths or fields of the registry."""
    report = crawls.run(source(site.url(), **{"feeds": [], **routes}), allowed_hosts=[site.host])
    return report["sources"]["local"]


def articles(site: Site, *paths: str) -> None:
    for path in paths:
        site[path] = Answer(f"<p>text of {path}")


def page(*paths: str, more: str = "") -> Answer:
    """A page of a listing."""
    cards = "".join(f'<article><a href="{path}">Title of {path}</a></article>' for path in paths)
    return Answer(f'<html><body><a href="/">Home</a>{cards}{more}</body></html>')


def paths(crawls: Crawls) -> list[str]:
    return sorted(each.url.partition("/news/")[2] for each in crawls.pages())


# ------------------------------------------------------------------------------------------------------------ sitemaps


def test_a_news_sitemap_behind_an_index(site, crawls):
    articles(site, "/news/1", "/news/2")
    site["/sitemap.xml"] = Answer(index((site.url("/news.xml"), "2026-05-04"), (site.url("/old.xml"), "2001-01-01")))
    listed = [url(site.url("/news/1"), news=news("Zirve", "2026-05-03T09:00:00+03:00")), url(site.url("/contact"))]
    site["/news.xml"] = Answer(urlset(*listed))
    site["/old.xml"] = Answer(urlset(url(site.url("/news/2"), "2001-01-01")))
    visit = run(crawls, site, sitemaps=[{"url": site.url("/sitemap.xml"), "follow": "news"}])
    assert (visit["counts"], visit["answered"]) == ({"published": 1, "not-article": 1}, 2)
    (found,) = crawls.pages()
    assert found.discovery.to_dict() == {
        "by": "sitemap",
        "via": site.url("/news.xml"),
        "title": "Zirve",
        "published": "2026-05-03T09:00:00+03:00",
    }
    assert site.asked("/old.xml") == 0
    assert run(crawls, site, sitemaps=[site.url("/sitemap.xml")])["counts"] == {
        "already-seen": 1,
        "not-article": 1,
        "published": 1,
    }


def test_an_index_whose_validators_never_change_does_not_hide_its_sitemaps(site, crawls):
    def conditional(request: Asked) -> Answer:
        if request.headers.get("If-None-Match"):
            return Answer(status=304)
        return Answer(index((site.url("/news.xml"), "2026-05-04")), headers={"ETag": '"same"'})

    articles(site, "/news/1", "/news/2")
    site["/sitemap.xml"] = conditional
    site["/news.xml"] = Answer(urlset(url(site.url("/news/1"))))
    run(crawls, site, sitemaps=[site.url("/sitemap.xml")])
    site["/news.xml"] = Answer(urlset(url(site.url("/news/2")), url(site.url("/news/1"))))
    run(crawls, site, sitemaps=[site.url("/sitemap.xml")])
    assert paths(crawls) == ["1", "2"]


def test_sitemaps_that_lead_to_each_other_end(site, crawls):
    articles(site, "/news/1")
    site["/a.xml"] = Answer(index((site.url("/b.xml"), "2026-05-04"), (site.url("/a.xml"), "2026-05-04")))
    site["/b.xml"] = Answer(index((site.url("/a.xml"), "2026-05-04"), (site.url("/c.xml"), "2026-05-04")))
    site["/c.xml"] = Answer(urlset(url(site.url("/news/1"))))
    assert run(crawls, site, sitemaps=[site.url("/a.xml")])["counts"] == {"published": 1}
    assert [site.asked(path) for path in ("/a.xml", "/b.xml", "/c.xml")] == [1, 1, 1]


def test_addresses_that_cannot_be_asked_for_do_not_end_the_visit(site, crawls):
    articles(site, "/news/1")
    odd = ("mailto:desk@example.com", "http://[broken", "http://host:port/map.xml", "javascript:void(0)")
    site["/map.xml"] = Answer(index(*((each, "2026-05-05") for each in odd), (site.url("/good.xml"), "2026-05-04")))
    site["/good.xml"] = Answer(urlset(*(url(each) for each in odd), url(site.url("/news/1"))))
    site["/list"] = page("/news/1", more="".join(f'<a href="{each}?page=2">2</a>' for each in odd))
    routes = {"sitemaps": [site.url("/map.xml")], "listings": [{"url": site.url("/list"), "next": "page"}]}
    visit = run(crawls, site, **routes)
    assert visit["counts"]["published"] == 1
    assert visit["answered"] == 3


# ------------------------------------------------------------------------------------------------------------ listings


def test_a_listing_is_read_to_its_last_page_and_then_only_as_far_as_something_is_new(site, crawls):
    articles(site, *(f"/news/{number}" for number in range(1, 9)))
    more = '<a href="/list?page=1">1</a><a href="/list?page=2">2</a><a href="/list?page=3">3</a>'
    first = page("/news/8", "/news/7", "/news/6", "/contact", more=more)
    site["/list"] = site["/list?page=1"] = first
    site["/list?page=2"] = page("/news/5", "/news/4", more=more)
    site["/list?page=3"] = page("/news/3", "/news/2", more=more)
    route = {"url": site.url("/list"), "next": r"\?page=\d+$", "pages": 5}
    assert run(crawls, site, listings=[route])["counts"] == {"published": 7}
    assert crawls.pages()[0].discovery.to_dict() == {
        "by": "listing",
        "via": site.url("/list"),
        "title": "Title of /news/8",
        "published": None,
    }
    site.log.clear()
    assert run(crawls, site, listings=[route])["counts"] == {"already-seen": 3}
    assert site.paths() == ["/robots.txt", "/list"]
    site["/list"] = page("/news/1", "/news/8", "/news/7", more=more)
    run(crawls, site, listings=[route])
    assert paths(crawls) == [str(number) for number in range(1, 9)]


def test_a_listing_without_an_article_is_broken_and_not_ok(site, crawls):
    site["/list"] = page("/about", "/contact")
    visit = run(crawls, site, listings=[site.url("/list")])
    assert (visit["counts"], visit["answered"]) == ({"listing-unreadable": 1}, 0)
    assert visit["problems"][0]["detail"] == "none of its 3 links is an article's address"


def test_a_listing_that_did_not_change_is_not_sent_again(site, crawls):
    articles(site, "/news/1")

    def conditional(request: Asked) -> Answer:
        if request.headers.get("If-None-Match") == '"v1"':
            return Answer(status=304)
        return Answer(page("/news/1").body, headers={"ETag": '"v1"'})

    site["/list"] = conditional
    assert run(crawls, site, listings=[site.url("/list")])["counts"] == {"published": 1}
    again = run(crawls, site, listings=[site.url("/list")])
    assert (again["counts"], again["answered"]) == ({"listing-unchanged": 1}, 1)


def test_one_article_by_three_routes_is_fetched_once(site, crawls):
    articles(site, "/news/1", "/news/2", "/news/3")
    site["/feed.xml"] = rss(Listed("/news/1"), Listed("/news/2"))
    site["/map.xml"] = Answer(urlset(url(site.url("/news/1")), url(site.url("/news/3"))))
    site["/list"] = page("/news/2", "/news/3")
    routes = {"feeds": [site.url("/feed.xml")], "sitemaps": [site.url("/map.xml")], "listings": [site.url("/list")]}
    visit = run(crawls, site, **routes)
    assert (visit["counts"], visit["answered"]) == ({"published": 3}, 3)
    assert [site.asked(f"/news/{number}") for number in (1, 2, 3)] == [1, 1, 1]
    assert run(crawls, site, **routes)["counts"] == {"already-seen": 3}


def test_what_robots_disallow_is_not_asked_for_by_any_route(site, crawls):
    site["/private/list"] = page("/news/1")
    site["/map.xml"] = Answer(index((site.url("/private/map.xml"), "2026-05-04")))
    visit = run(crawls, site, listings=[site.url("/private/list")], sitemaps=[site.url("/map.xml")])
    assert visit["counts"] == {"robots-disallowed": 2}
    assert sorted(site.paths()) == ["/map.xml", "/robots.txt"]
