"""Crawling a real site on the loopback interface: what is fetched, published and remembered."""

from __future__ import annotations

import signal

import pytest

from otswatch.urls import page_id
from tests.crawling import Crawls, source
from tests.processes import eventually
from tests.site import Answer, Asked, Listed, Site, rss

pytestmark = pytest.mark.slow

MONDAY, TUESDAY = "2026-05-04T09:00:00+00:00", "2026-05-05T09:00:00+00:00"


@pytest.fixture
def site():
    with Site() as running:
        running["/robots.txt"] = Answer("User-agent: *\nDisallow: /private/\n", content_type="text/plain")
        yield running


@pytest.fixture
def crawls(tmp_path):
    return Crawls(tmp_path)


def publish(site: Site, *paths: str, body: str = "<p>text") -> None:
    """Let the site list these pages and have them."""
    for path in paths:
        site[path] = Answer(f"{body} of {path}")
    site["/feed.xml"] = rss(*(Listed(path) for path in paths))


def counts(report: dict, id_: str = "local") -> dict[str, int]:
    return report["sources"][id_]["counts"]


def urls(crawls: Crawls) -> list[str]:
    return [page.url.partition("/news/")[2] for page in crawls.pages()]


def test_a_listed_page_is_published_with_how_it_was_found(site, crawls):
    site["/feed.xml"] = rss(Listed("/news/1?utm_source=rss", "Görüş & more", "Mon, 4 May 2026 08:00:00 +0300"))
    site["/news/1?utm_source=rss"] = Answer("<p>Ministers met", headers={"ETag": '"a"', "Set-Cookie": "id=1"})
    report = crawls.run(source(site.url()), allowed_hosts=[site.host], now=MONDAY)
    assert counts(report) == {"published": 1}
    assert report["finished"] == "finished"
    assert report["progress"][-1] == [1, 1]
    (page,) = crawls.pages()
    assert page.id == page_id(site.url("/news/1"))
    assert page.url == page.requested_url == site.url("/news/1?utm_source=rss")
    assert page.content() == b"<p>Ministers met"
    assert (page.source, page.http_status, page.url_rules) == ("local", 200, 1)
    assert page.headers["etag"] == '"a"'
    assert "set-cookie" not in page.headers
    assert page.fetched_at.isoformat() == page.first_seen.isoformat() == page.first_listed.isoformat() == MONDAY
    assert page.discovery.to_dict() == {
        "by": "feed",
        "via": site.url("/feed.xml"),
        "title": "Görüş & more",
        "published": "Mon, 4 May 2026 08:00:00 +0300",
    }


def test_what_was_published_is_not_fetched_again(site, crawls):
    publish(site, "/news/1", "/news/2", "/about", "/news/2#comments")
    first = crawls.run(source(site.url()), allowed_hosts=[site.host])
    assert counts(first) == {"published": 2, "not-article": 1}
    publish(site, "/news/1", "/news/2/", "/news/3")
    second = crawls.run(source(site.url()), allowed_hosts=[site.host])
    assert counts(second) == {"already-seen": 2, "published": 1}
    assert [site.asked(path) for path in ("/news/1", "/news/2", "/news/2/", "/news/3", "/about")] == [1, 1, 0, 1, 0]


def test_dates_never_decide_what_is_new(site, crawls):
    same = "Mon, 4 May 2026 00:00:00 GMT"
    for number in range(6):
        site[f"/news/{number}"] = Answer("text")
    site["/feed.xml"] = rss(Listed("/news/1", published=same), Listed("/news/2", published=same), Listed("/news/3"))
    crawls.run(source(site.url()), allowed_hosts=[site.host])
    old = "Sat, 1 Jan 2000 00:00:00 GMT"
    site["/feed.xml"] = rss(
        Listed("/news/1", published=same), Listed("/news/4", published=same), Listed("/news/5", published=old)
    )
    crawls.run(source(site.url()), allowed_hosts=[site.host])
    assert sorted(urls(crawls)) == ["1", "2", "3", "4", "5"]


def tag_feed(site: Site) -> None:
    """Let the feed say that it is unchanged to whoever has it."""
    feed = site.answer(Asked("/feed.xml", {}, 0))

    def conditional(request: Asked) -> Answer:
        if request.headers.get("If-None-Match") == '"v1"':
            return Answer(status=304, headers={"ETag": '"v1"'})
        return Answer(feed.body, headers={"ETag": '"v1"'}, content_type=feed.content_type)

    site["/feed.xml"] = conditional


def test_an_unchanged_feed_is_not_sent_again_and_its_failed_pages_are_tried_again(site, crawls):
    publish(site, "/news/1", "/news/2")
    tag_feed(site)
    site["/news/2"] = Answer("busy", status=404)
    assert counts(crawls.run(source(site.url()), allowed_hosts=[site.host], now=MONDAY)) == {
        "published": 1,
        "http-error": 1,
    }
    site["/news/2"] = Answer("at last")
    assert counts(crawls.run(source(site.url()), allowed_hosts=[site.host], now=TUESDAY)) == {
        "feed-unchanged": 1,
        "published": 1,
    }
    late = crawls.pages()[1]
    assert (late.first_seen.isoformat(), late.fetched_at.isoformat()) == (MONDAY, TUESDAY)
    assert crawls.state("waiting/") == {}


def test_behind_a_mended_pattern_an_unchanged_feed_is_read_again(site, crawls):
    publish(site, "/haber/1", "/haber/2")
    tag_feed(site)
    assert counts(crawls.run(source(site.url()), allowed_hosts=[site.host])) == {"not-article": 2}
    mended = source(site.url(), article=r"https?://[^/]+/haber/.+", example=site.url("/haber/1"))
    assert counts(crawls.run(mended, allowed_hosts=[site.host])) == {"published": 2}
    assert counts(crawls.run(mended, allowed_hosts=[site.host])) == {"feed-unchanged": 1}


def test_a_page_that_keeps_failing_rests_ever_longer_and_keeps_its_status(site, crawls):
    publish(site, "/news/1")
    site["/news/1"] = Answer("no", status=403)
    asked = []
    for now in ("09:00", "09:01", "09:02", "09:20", "09:30", "10:25"):
        report = crawls.run(source(site.url()), allowed_hosts=[site.host], now=f"2026-05-04T{now}:00+00:00")
        assert counts(report) == {"http-error": 1}
        asked.append(site.asked("/news/1"))
    assert asked == [1, 2, 2, 3, 3, 4]


def test_a_moved_page_gets_the_id_of_where_it_is_and_an_alias(site, crawls):
    publish(site, "/news/old", "/news/older", "/news/gone")
    site["/news/old"] = Answer(status=301, headers={"Location": "/news/new"})
    site["/news/older"] = Answer(status=302, headers={"Location": "/news/new"})
    site["/news/gone"] = Answer(status=302, headers={"Location": "/"})
    site["/news/new"] = Answer("moved text")
    site["/"] = Answer("front page")
    report = crawls.run(source(site.url()), allowed_hosts=[site.host])
    assert counts(report) == {"published": 1, "already-seen": 1, "not-article": 1}
    (page,) = crawls.pages()
    new = page_id(site.url("/news/new"))
    assert (page.id, page.url) == (new, site.url("/news/new"))
    assert {(alias.alias, alias.id, alias.reason) for alias in crawls.aliases()} == {
        (page_id(site.url("/news/old")), new, "redirect"),
        (page_id(site.url("/news/older")), new, "redirect"),
    }
    publish(site, "/news/old", "/news/older", "/news/new")
    assert counts(crawls.run(source(site.url()), allowed_hosts=[site.host]))["already-seen"] == 3


def test_every_failure_has_its_word_and_its_line(site, crawls):
    endless = b"<p>" + b"x" * 300_000
    import gzip

    paths = ["/news/1", "/news/404", "/news/500", "/news/large", "/news/bomb", "/news/cut", "/private/news/1"]
    publish(site, *paths)
    site["/news/404"] = Answer("no", status=404)
    site["/news/500"] = Answer("no", status=500)
    site["/news/large"] = Answer(endless)
    site["/news/bomb"] = Answer(gzip.compress(bytes(3_000_000)), headers={"Content-Encoding": "gzip"})
    site["/news/cut"] = Answer("short", headers={"Content-Length": "5000", "Connection": "close"})
    report = crawls.run(
        source(site.url(), article="https?://[^/]+/.*news/.+"), allowed_hosts=[site.host], max_page_bytes=200_000
    )
    assert counts(report) == {
        "published": 1,
        "http-error": 2,
        "too-large": 2,
        "fetch-failed": 1,
        "robots-disallowed": 1,
    }
    reasons = {
        problem["url"].partition(site.host)[2]: problem["reason"] for problem in report["sources"]["local"]["problems"]
    }
    assert reasons == {
        "/news/404": "http-error",
        "/news/500": "http-error",
        "/news/large": "too-large",
        "/news/bomb": "too-large",
        "/news/cut": "fetch-failed",
        "/private/news/1": "robots-disallowed",
    }
    assert site.asked("/private/news/1") == 0
    assert site.asked("/news/404") == 1
    assert site.asked("/news/500") == 3
    assert "Traceback" not in report["log"]


def test_storage_that_is_full_ends_the_crawl_and_nothing_is_lost(site, crawls):
    publish(site, *(f"/news/{number}" for number in range(8)))
    report = crawls.run(source(site.url()), allowed_hosts=[site.host], bus={"fails": "StorageFullError", "good": 2})
    assert report["finished"] == "StorageFullError"
    assert report["error"] == "as the test wanted"
    assert counts(report) == {"published": 2}
    assert len(crawls.state("seen/")) == 2
    report = crawls.run(source(site.url()), allowed_hosts=[site.host])
    assert counts(report) == {"published": 6, "already-seen": 2}
    assert sorted(urls(crawls)) == [str(number) for number in range(8)]


def test_a_message_that_no_bus_takes_is_a_page_that_is_too_large(site, crawls):
    publish(site, "/news/1")
    report = crawls.run(source(site.url()), allowed_hosts=[site.host], bus={"fails": "MessageTooLargeError"})
    assert (counts(report), report["finished"]) == ({"too-large": 1}, "finished")


def test_publishing_does_not_hold_up_fetching(site, crawls):
    publish(site, *(f"/news/{number}" for number in range(4)))
    crawls.run(source(site.url()), allowed_hosts=[site.host], bus={"seconds": 2.0})
    moments = [request.at for request in site.log if request.path.startswith("/news/")]
    assert moments[-1] - moments[0] < 2.0
    assert len(crawls.pages()) == 4


def wait_for(site: Site, number: int) -> None:
    eventually(lambda: sum(path.startswith("/news/") for path in site.paths()) >= number)


@pytest.mark.parametrize("number", [1, 12])
def test_a_crawl_that_is_killed_loses_nothing_and_repeats_nothing(site, crawls, number):
    pages = [f"/news/{each}" for each in range(24)]
    publish(site, *pages)
    site["/feed.xml"] = rss(*(Listed(path) for path in pages), headers={"ETag": '"v1"'})
    for path in pages:
        site[path] = Answer("text", seconds=0.05)
    process = crawls.start(source(site.url()), allowed_hosts=[site.host])
    wait_for(site, number)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    done = {value["url"] for value in crawls.state("seen/").values()}
    asked_before = len(site.log)
    crawls.run(source(site.url()), allowed_hosts=[site.host])
    assert {f"/news/{path}" for path in urls(crawls)} == set(pages)
    assert len(crawls.state("seen/")) == 24
    asked_after = {site.url(path) for path in site.paths()[asked_before:]}
    assert not done & asked_after


def test_a_crawl_that_is_told_to_stop_ends_in_order(site, crawls):
    pages = [f"/news/{each}" for each in range(40)]
    publish(site, *pages)
    for path in pages:
        site[path] = Answer("text", seconds=0.1)
    process = crawls.start(source(site.url()), allowed_hosts=[site.host])
    wait_for(site, 3)
    process.send_signal(signal.SIGTERM)
    report = crawls.finish(process)
    assert report["finished"] == "shutdown"
    assert 0 < counts(report)["published"] < 40
    assert (
        counts(crawls.run(source(site.url()), allowed_hosts=[site.host]))["published"]
        == 40 - counts(report)["published"]
    )


def test_sources_without_a_route_are_never_reported_as_ok(site, crawls):
    publish(site, "/news/1")
    report = crawls.run(
        source(site.url()),
        source(site.url(), "bare", feeds=[]),
        source(site.url(), "off", enabled=False),
        allowed_hosts=[site.host],
    )
    assert counts(report, "bare") == {"not-set-up": 1}
    assert list(report["sources"]) == ["local", "bare"]


def test_nothing_to_crawl_is_a_report_too(crawls):
    report = crawls.run(source("http://127.0.0.1:9", "bare", feeds=[]))
    assert (counts(report, "bare"), report["finished"]) == ({"not-set-up": 1}, "finished")


def test_a_page_that_two_sources_list_is_fetched_once(site, crawls):
    publish(site, "/news/1")
    site["/other.xml"] = rss(Listed("/news/1"), Listed("/news/2"))
    site["/news/2"] = Answer("two")
    crawls.run(
        source(site.url()), source(site.url(), "other", feeds=[site.url("/other.xml")]), allowed_hosts=[site.host]
    )
    assert (site.asked("/news/1"), sorted(urls(crawls))) == (1, ["1", "2"])
