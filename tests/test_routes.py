"""Sitemaps and listings of every kind, and what is none; how far a visit follows them."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otswatch.crawlers.registry import Feed, Listing, Sitemap
from otswatch.crawlers.routes import Entry, Listed, UnreadableListError, feed, listing, sitemap
from otswatch.crawlers.routes.reader import read
from otswatch.crawlers.visit import MOST_LISTS, Reading
from tests.site import Listed as Item
from tests.site import rss

SITE = "https://example.com"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS_SPACE = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def urlset(*urls: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACE} {NEWS_SPACE}>{"".join(urls)}</urlset>'.encode()


def url(loc: str, lastmod: str | None = None, news: str = "") -> str:
    touched = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>{loc}</loc>{touched}{news}</url>"


def news(title: str, date: str) -> str:
    publication = "<news:publication><news:name>Herald</news:name><news:language>tr</news:language></news:publication>"
    fields = f"<news:publication_date>{date}</news:publication_date><news:title>{title}</news:title>"
    return f"<news:news>{publication}{fields}</news:news>"


def index(*sitemaps: tuple[str, str]) -> bytes:
    items = "".join(f"<sitemap><loc>{loc}</loc><lastmod>{date}</lastmod></sitemap>" for loc, date in sitemaps)
    return f"<sitemapindex {SPACE}>{items}</sitemapindex>".encode()


# ------------------------------------------------------------------------------------------------------------ sitemaps


def test_a_news_sitemap_says_when_and_lastmod_does_not():
    body = urlset(
        url(f"{SITE}/old", "2026-05-01"),
        url(f"{SITE}/2", news=news("Zirve &amp; mesaj", "2026-05-03T09:00:00+03:00")),
        url("/relative", "2026-05-02T10:00:00Z"),
        url(f"{SITE}/undated"),
    )
    assert sitemap.read(body, f"{SITE}/sitemap.xml", "text/xml") == Listed(
        (
            Entry(f"{SITE}/2", "Zirve & mesaj", "2026-05-03T09:00:00+03:00"),
            Entry(f"{SITE}/relative"),
            Entry(f"{SITE}/old"),
            Entry(f"{SITE}/undated"),
        )
    )


def test_of_a_long_sitemap_the_newest_are_read_and_the_rest_is_counted(monkeypatch):
    monkeypatch.setattr(sitemap, "MOST_ENTRIES", 3)
    body = urlset(*(url(f"{SITE}/{day}", f"2026-05-{day:02}") for day in range(1, 11)))
    listed = sitemap.read(body, SITE, "text/xml")
    assert [entry.url for entry in listed.entries] == [f"{SITE}/10", f"{SITE}/9", f"{SITE}/8"]
    assert listed.beyond == 7


def test_an_index_leads_to_its_newest_sitemaps_and_only_to_those_that_are_followed():
    old, news_map, posts = (f"{SITE}/{name}.xml" for name in ("archive-2001", "news-1", "news-2"))
    body = index((old, "2001-01-01"), (news_map, "2026-05-01"), (posts, "2026-05-02"))
    assert sitemap.read(body, SITE, "").lists == (posts, news_map, old)
    assert sitemap.read(body, SITE, "", follow=r"/news-\d").lists == (posts, news_map)
    many = index(*((f"{SITE}/{number}.xml", "2026-01-01") for number in range(14)))
    assert (len(sitemap.read(many, SITE, "").lists), sitemap.read(many, SITE, "").beyond) == (10, 4)


def test_a_gzipped_sitemap_is_unpacked_and_a_bomb_is_refused(monkeypatch):
    body = urlset(url(f"{SITE}/1"))
    assert sitemap.read(gzip.compress(body), SITE, "application/gzip").entries == (Entry(f"{SITE}/1"),)
    monkeypatch.setattr(sitemap, "MOST_BYTES", 1000)
    with pytest.raises(UnreadableListError, match="more than 1,000 bytes"):
        sitemap.read(gzip.compress(b" " * 100_000), SITE, "")
    with pytest.raises(UnreadableListError, match="gzip"):
        sitemap.read(b"\x1f\x8b broken", SITE, "")


def test_a_sitemap_without_a_namespace_and_cut_off_gives_what_came():
    body = f"<urlset>{url(f'{SITE}/1')}{url(f'{SITE}/2')}<url><loc>{SITE}/3".encode()
    assert [entry.url for entry in sitemap.read(body, SITE, "").entries][:2] == [f"{SITE}/1", f"{SITE}/2"]


def test_a_gzipped_sitemap_of_several_members_is_read_to_its_end(monkeypatch):
    body = urlset(url(f"{SITE}/1"), url(f"{SITE}/2"))
    members = gzip.compress(body[:150]) + gzip.compress(body[150:])
    for rest in (b"", b"\n", bytes(512)):  # what a script or a tape leaves behind
        assert len(sitemap.read(members + rest, SITE, "").entries) == 2
    monkeypatch.setattr(sitemap, "MOST_BYTES", len(body) - 1)
    with pytest.raises(UnreadableListError, match="when unpacked"):
        sitemap.read(members, SITE, "")


def test_a_gzipped_sitemap_that_was_cut_off_is_said_so():
    whole = gzip.compress(urlset(*(url(f"{SITE}/{number}") for number in range(50))))
    for body in (whole[:-20], whole[:-1], whole + whole[:-20]):
        with pytest.raises(UnreadableListError, match="cut off"):
            sitemap.read(body, SITE, "")


def test_prefixes_that_a_sitemap_never_declares_are_passed_over():
    entry = url(f"{SITE}/1", news=news("Zirve", "2026-05-03"))
    assert sitemap.read(f"<urlset {SPACE}>{entry}</urlset>".encode(), SITE, "").entries == (
        Entry(f"{SITE}/1", "Zirve", "2026-05-03"),
    )
    body = f"<sm:urlset><sm:url><sm:loc>{SITE}/1</sm:loc></sm:url></sm:urlset>"
    assert sitemap.read(body.encode(), SITE, "").entries == (Entry(f"{SITE}/1"),)
    body = f"<sm:sitemapindex><sm:sitemap><sm:loc>{SITE}/1.xml</sm:loc></sm:sitemap></sm:sitemapindex>"
    assert sitemap.read(body.encode(), SITE, "").lists == (f"{SITE}/1.xml",)


def test_entities_of_a_sitemap_are_not_resolved():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = f"{bomb}<urlset>{url(f'{SITE}/1', news=news('&f;&a;', '2026-05-01'))}</urlset>".encode()
    (entry,) = sitemap.read(body, SITE, "").entries
    assert "root" not in (entry.title or "")


# ------------------------------------------------------------------------------------------------------------ listings

LISTING = f"""<html><body><nav><a href="/">Home</a><a href="/contact">Contact</a></nav>
<div class="card"><a href="/news/12"><img src="/12.jpg"></a><h2><a href="/news/12">  Ministers
 meet </a></h2><a href="/news/12#more">Read more</a></div>
<div class="card"><a href="{SITE}/news/11">Experts met</a></div>
<a href="javascript:void(0)">Share</a><a href="mailto:a@b.c">Mail</a><a href="https://[broken">?</a>
<a href="?page=2">2</a><a href="/news?page=3">3</a><a rel="next" href="?page=2">Next</a></body></html>""".encode()


def test_a_listing_gives_each_address_once_with_the_longest_of_its_links():
    listed = listing.read(LISTING, f"{SITE}/news", "text/html; charset=utf-8", next=r"\?page=\d+$")
    titles = {entry.url: entry.title for entry in listed.entries}
    assert titles[f"{SITE}/news/12"] == "Ministers meet"
    assert titles[f"{SITE}/news/11"] == "Experts met"
    assert not any(address.startswith(("javascript", "mailto")) for address in titles)
    assert listed.lists == (f"{SITE}/news?page=2", f"{SITE}/news?page=3")


def test_without_a_pattern_what_is_marked_as_next_is_next():
    assert listing.read(LISTING, f"{SITE}/news", "text/html").lists == (f"{SITE}/news?page=2",)


def test_a_next_page_whose_address_is_none_is_passed_over():
    body = b'<link rel="next" href="http://[broken"><a href="/news/1">One</a><a rel="next" href="/p/2">next</a>'
    assert listing.read(body, SITE, "text/html").lists == (f"{SITE}/p/2",)


def test_a_listing_in_an_old_encoding_keeps_its_words():
    body = '<a href="/news/1">Министры встретились</a>'.encode("windows-1251")
    assert listing.read(body, SITE, "text/html; charset=windows-1251").entries[0].title == "Министры встретились"


@pytest.mark.parametrize("body", [b"", b"  ", b"\x00\x01\x02", b"<p>no link", b"%PDF-1.7", b"<a>x</a>"])
@pytest.mark.parametrize("route", [Sitemap(url=SITE), Listing(url=SITE), Feed(url=SITE)])
def test_what_is_no_list_is_said_so(route, body):
    with pytest.raises(UnreadableListError):
        read(route, body, SITE, "text/html")


def test_whatever_a_reader_stumbles_over_is_an_unreadable_list(monkeypatch):
    def stumbles(*_: object) -> Listed:
        raise RecursionError("too deep")

    monkeypatch.setattr(sitemap, "read", stumbles)
    with pytest.raises(UnreadableListError, match="RecursionError: too deep"):
        read(Sitemap(url=SITE), b"<urlset/>", SITE, "")


#: How a title writes characters, and how it is read. Windows' scripts write an emoji as its two halves.
REFERENCES = {
    "&#55357;&#56832; Zirve": "\U0001f600 Zirve",
    "&#xD83D;&#xde00;&#x1F600; Zirve": "\U0001f600\U0001f600 Zirve",
    "A&#55357; &#56832;B": "A\ufffd \ufffdB",
    "A&#xD83D;&#66;&#38;#66;": "A\ufffdB&#66;",
    "A&#x110000;B": "A\ufffdB",
    f"A&#{'9' * 5000};B": "A\ufffdB",
    "A&#x0000000000000042;&#0066;": "ABB",
    "<![CDATA[A &#55357;&#56832;]]>": "A &#128512;",
}


@pytest.mark.parametrize(("written", "read_as"), REFERENCES.items(), ids=[name[:20] for name in REFERENCES])
def test_a_character_that_does_not_exist_loses_no_list(written, read_as):
    marked = "TITLE"
    of_feed = str(rss(Item(f"{SITE}/1", marked), Item(f"{SITE}/2")).body)
    of_map = urlset(url(f"{SITE}/1", news=news(marked, "2026-05-03")), url(f"{SITE}/2")).decode()
    for route, body in ((Feed(url=SITE), of_feed), (Sitemap(url=SITE), of_map)):
        entries = read(route, body.replace(marked, written).encode(), SITE, "application/xml").entries
        assert [(entry.url, entry.title) for entry in entries][:1] == [(f"{SITE}/1", read_as)]
        assert len(entries) == 2


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"<a href='{text}'><urlset>{text}".encode()))
def test_no_bytes_raise_anything_else(body):
    for route in (Sitemap(url=SITE), Listing(url=SITE, next="page")):
        try:
            read(route, body, SITE, "text/html; charset=utf-8")
        except UnreadableListError:
            continue


# --------------------------------------------------------------------------------------------------- feed's build time


@pytest.mark.parametrize(
    ("moments", "kept"),
    [
        (["Mon, 4 May 2026 08:00:07 GMT"] * 3, False),
        (["Mon, 4 May 2026 08:00:07 GMT"] * 2, True),
        (["Mon, 4 May 2026 00:00:00 GMT"] * 5, True),
        (["2026-05-04"] * 5, True),
        (["Mon, 4 May 2026 08:00:07 GMT"] * 3 + ["Mon, 4 May 2026 08:00:08 GMT"], True),
        ([None] * 3, False),
    ],
)
def test_a_moment_that_all_entries_share_is_the_feeds_own(moments, kept):
    body = rss(*(Item(f"/{number}", published=moment) for number, moment in enumerate(moments))).body
    entries = feed.read(str(body).encode(), SITE, "application/rss+xml").entries
    assert [entry.published for entry in entries] == (moments if kept else [None] * len(moments))


# ------------------------------------------------------------------------------------------------- how far a visit goes


def reading(**fields: object) -> Reading:
    made = Reading(Listing(url=SITE, **fields))
    made.found([f"{SITE}?page={number}" for number in range(2, 9)])
    return made


def test_a_listing_is_followed_page_by_page_while_something_is_new():
    pages = reading(pages=4)
    assert pages.further(new=10, known=0) == [f"{SITE}?page=2"]
    assert pages.further(new=1, known=9) == [f"{SITE}?page=3"]
    assert pages.further(new=0, known=10) == []


def test_a_listing_is_followed_no_further_than_the_registry_allows():
    pages = reading(pages=2)
    assert pages.further(new=10, known=0)
    assert pages.further(new=10, known=0) == []
    assert reading(pages=1).further(new=10, known=0) == []


def test_a_page_that_repeats_this_visits_own_is_passed_over():
    pages = reading(pages=2)
    assert pages.further(new=10, known=0) == [f"{SITE}?page=2"]
    assert pages.further(new=0, known=0) == [f"{SITE}?page=3"]


def test_an_index_is_followed_at_once_and_no_trap_is_followed_for_ever():
    route = Reading(Sitemap(url=SITE))
    route.found([f"{SITE}/1.xml", f"{SITE}/2.xml", f"{SITE}/1.xml"])
    assert route.further(new=0, known=0) == [f"{SITE}/1.xml", f"{SITE}/2.xml"]
    route.asked.update(map(str, range(MOST_LISTS)))
    route.found([f"{SITE}/3.xml"])
    assert route.further(new=0, known=0) == []
    endless = reading(pages=100)
    endless.asked.update(map(str, range(MOST_LISTS)))
    assert endless.further(new=5, known=0) == []
