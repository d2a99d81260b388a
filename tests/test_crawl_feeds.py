"""Feeds of every kind, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request

from otswatch.crawlers.registry import Feed
from otswatch.crawlers.routes import Entry, UnreadableListError
from otswatch.crawlers.routes.reader import read
from otswatch.errors import UsageError
from otswatch.urls import page_id
from tests.crawling import Crawls, source
from tests.site import Answer, Listed, Site, rss
from tests.test_urls import HOSTILE, NORMAL, addresses

FEED = "https://example.com/feeds/all.xml"

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/tr/">
<entry><title type="html">A &amp;amp; B</title><link href="haber/1"/><published>2026-05-04T09:00:00+03:00</published>
<updated>2026-05-05T09:00:00+03:00</updated></entry>
<entry><title>Only updated</title><link href="/haber/2"/><updated>2026-05-05T09:00:00+03:00</updated></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="https://example.com/1"><title>T</title>
<link>https://example.com/1</link><dc:date>2026-05-04</dc:date></item></rdf:RDF>"""

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lol [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + ']><rss version="2.0"><channel><item><title>&a11;</title><link>https://example.com/1</link></item></channel></rss>'
)


def entries(body: str | bytes, content_type: str = "application/rss+xml") -> list[Entry]:
    raw = body.encode() if isinstance(body, str) else body
    return list(read(Feed(url=FEED), raw, FEED, content_type).entries)


def test_rss_with_relative_links_and_words_as_they_stand():
    body = rss(Listed("/1", "  Türk\n devletleri ", "4 Mayıs 2026 Pazartesi"), Listed("2", None, None)).body
    assert entries(body) == [
        Entry("https://example.com/1", "Türk devletleri", "4 Mayıs 2026 Pazartesi"),
        Entry("https://example.com/feeds/2", None, None),
    ]


def test_atom_with_a_base_and_no_update_taken_for_a_publication():
    assert entries(ATOM, "application/atom+xml") == [
        Entry("https://example.org/tr/haber/1", "A &amp; B", "2026-05-04T09:00:00+03:00"),
        Entry("https://example.org/haber/2", "Only updated", None),
    ]


def test_rdf_with_dublin_core_dates():
    assert entries(RDF) == [Entry("https://example.com/1", "T", "2026-05-04")]


def test_a_guid_that_is_a_permalink_stands_for_the_link():
    items = "<item><guid>https://example.com/7</guid></item><item><title>no link</title></item>"
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'
    assert [entry.url for entry in entries(body)] == ["https://example.com/7"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1254", "iso-8859-9"])
def test_encodings_that_are_declared(encoding):
    body = f'<?xml version="1.0" encoding="{encoding}"?>' + str(rss(Listed("/1", "İğne ışığı")).body).partition("?>")[2]
    assert entries(body.encode(encoding), "application/xml")[0].title == "İğne ışığı"


@pytest.mark.parametrize(("declared", "real"), [("utf-8", "windows-1251"), ("utf-16", "utf-8"), ("nonsense", "utf-8")])
def test_encodings_that_are_wrong_still_give_the_addresses(declared, real):
    body = f'<?xml version="1.0" encoding="{declared}"?>' + str(rss(Listed("/1", "Саммит")).body).partition("?>")[2]
    assert [entry.url for entry in entries(body.encode(real), "text/xml")] == ["https://example.com/1"]


def test_a_feed_that_was_cut_off_gives_what_came():
    body = str(rss(Listed("/1"), Listed("/2"), Listed("/3")).body)
    assert [entry.url[-1] for entry in entries(body[: body.index("/3")])][:2] == ["1", "2"]


def test_a_feed_without_entries_is_a_feed():
    assert entries(rss().body) == []


def test_an_xml_bomb_does_not_explode():
    (entry,) = entries(BOMB)
    assert len(entry.title or "") < 1000


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   \n",
        "<!DOCTYPE html><html><body><a href='/1'>News</a></body></html>",
        "Too many requests",
        '{"items": []}',
        "\n" * 2_000_000 + "<rss/>",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"\x00" * 1000,
    ],
    ids=["empty", "blank", "html", "text", "json", "blank-head", "png", "zeros"],
)
def test_what_is_no_feed_is_said_so(body):
    with pytest.raises(UnreadableListError):
        entries(body, "text/html")


@settings(deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: f"<rss version='2.0'>{text}".encode()))
def test_no_bytes_raise_anything_else(body):
    try:
        entries(body)
    except UnreadableListError:
        return


@given(addresses)
def test_every_address_that_has_an_id_can_be_requested(url):
    try:
        id_ = page_id(url)
    except UsageError:
        return
    assert page_id(Request(url).url) == id_


@pytest.mark.parametrize("url", [url for url, _ in NORMAL])
def test_scrapy_does_not_change_which_page_an_address_is(url):
    assert page_id(Request(url).url) == page_id(url)


@pytest.mark.slow
def test_hostile_feeds_are_counted_and_the_others_go_on(tmp_path):
    with Site() as site:
        hostile = {
            "html": Answer("<html><body>Not a feed</body></html>"),
            "empty": Answer("", content_type="application/rss+xml"),
            "garbage": Answer(bytes(range(256)) * 100, content_type="application/rss+xml"),
            "large": Answer(b"<rss version='2.0'>" + b" " * 20_000_000, content_type="application/rss+xml"),
            "slow": Answer(b"<rss version='2.0'>" + b"<a " * 3_000_000, content_type="application/rss+xml"),
            "gone": Answer("gone", status=410),
        }
        for name, answer in hostile.items():
            site[f"/{name}.xml"] = answer
        site["/feed.xml"] = rss(Listed("/news/1"), *(Listed(url) for url in HOSTILE if url.isprintable()))
        site["/news/1"] = Answer("text")
        sources = [source(site.url(), name, feeds=[site.url(f"/{name}.xml")]) for name in hostile]
        crawls = Crawls(tmp_path)
        report = crawls.run(*sources, source(site.url()), allowed_hosts=[site.host], page_timeout=2.0)
    assert {name: report["sources"][name]["counts"] for name in hostile} == {
        "html": {"feed-unreadable": 1},
        "empty": {"feed-unreadable": 1},
        "garbage": {"feed-unreadable": 1},
        "large": {"too-large": 1},
        "slow": {"feed-unreadable": 1},
        "gone": {"http-error": 1},
    }
    assert [report["sources"][name]["answered"] for name in hostile] == [0] * len(hostile)
    assert report["sources"]["local"]["counts"]["published"] == 1
    assert report["sources"]["local"]["answered"] == 1
    assert report["finished"] == "finished"
    assert "Traceback" not in report["log"]
