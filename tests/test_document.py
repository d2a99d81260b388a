"""Pages decoded and parsed: encodings, what is no page, and markup that is meant to hurt."""

from __future__ import annotations

import gzip
import time
import zlib

import pytest
from lxml import etree

from otswatch.consumers.document import Document, from_page
from otswatch.consumers.structured import read
from otswatch.errors import Discard, Quarantine
from otswatch.records import Page
from tests.factory import page

URL = "https://steppe-wire.example/a"
RUSSIAN = "Тюркские государства создадут общий фонд переводов"


def fetched(body: bytes, content_type: str = "text/html") -> Page:
    return page(URL, body, headers={"content-type": content_type})


@pytest.mark.parametrize(
    ("encoding", "content_type", "head"),
    [
        ("windows-1251", "text/html; charset=windows-1251", ""),
        ("windows-1251", "text/html", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
        ("windows-1251", "text/html; charset=utf-8", '<meta charset="windows-1251">'),
        ("koi8-r", "text/html; charset=koi8-r", ""),
        ("utf-8", "text/html; charset=utf-8", ""),
        ("utf-8", "text/html", ""),
        ("utf-8-sig", "text/html; charset=windows-1251", ""),
        ("utf-16", "text/html", ""),
    ],
)
def test_letters_survive_the_encodings_that_sites_declare(encoding: str, content_type: str, head: str) -> None:
    html = f"<html><head>{head}<title>{RUSSIAN}</title></head><body><p>{RUSSIAN}</p></body></html>"
    document = from_page(fetched(html.encode(encoding), content_type))
    assert document.tree is not None
    assert document.tree.findtext(".//p") == RUSSIAN


def test_an_encoding_that_nobody_declared_is_found() -> None:
    html = "<html><body>" + "<p>Министры договорились создать общий фонд и собрать совет издателей.</p>" * 20
    document = from_page(fetched(html.encode("windows-1251")))
    assert "Министры договорились" in (document.html or "")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF"),
        (b"\n\n%PDF-1.4 ...", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive or office document"),
        (gzip.compress(b"<html>", mtime=0), "gzip data"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "a feed or sitemap (rss)"),
        (b'{"articles": []}', "JSON"),
        (b' [\n {"title": "OTS"}]', "JSON"),
        (b'["OTS"]', "JSON"),
        (b"[[1, 2]]", "JSON"),
        (b"[]", "JSON"),
        (zlib.compress(b"x")[:1] + b"\x00\x01" * 400, "binary data"),
    ],
)
def test_what_is_no_page_is_quarantined_whatever_the_server_says(body: bytes, what: str) -> None:
    with pytest.raises(Quarantine) as caught:
        from_page(fetched(body, "text/html; charset=utf-8"))
    assert (caught.value.reason, caught.value.detail) == ("not-html", what)


@pytest.mark.parametrize("body", [b"", b" \n\t ", b"\xef\xbb\xbf"])
def test_an_empty_page_is_discarded(body: bytes) -> None:
    with pytest.raises(Discard) as caught:
        from_page(fetched(body))
    assert caught.value.reason == "no-text"


def test_plain_text_is_text_and_html_called_text_is_html() -> None:
    assert from_page(fetched(b"Ministers met.", "text/plain")).text == "Ministers met."
    assert from_page(fetched(b"<!doctype html><p>Ministers met.</p>", "text/plain")).text is None


@pytest.mark.parametrize("text", ["[Updated] Ministers met.", "[1] Ministers met.", "[ANKARA] Ministers met."])
def test_plain_text_may_begin_with_a_bracket(text: str) -> None:
    assert from_page(fetched(text.encode(), "text/plain")).text == text


def test_control_characters_do_not_reach_the_tree() -> None:
    tree = Document(html="<p>one\x00 two\x0b</p><p>\ud800three</p>", text=None).tree
    assert tree is not None
    assert tree.text_content() == "one twothree"


def test_the_page_is_parsed_once_and_left_as_it_was() -> None:
    document = Document(html="<html><body><h1>A</h1><p>b</p></body></html>", text=None)
    before = etree.tostring(document.tree)
    read(document.tree)
    assert document.tree is document.tree
    assert etree.tostring(document.tree) == before


@pytest.mark.parametrize("html", ["<div>" * 4_000_000, "<div>" * 300 + "x", "<p>" + "<b>" * 3000])
def test_markup_nested_without_end_is_quarantined_at_once(html: str) -> None:
    started = time.perf_counter()
    with pytest.raises(Quarantine) as caught:
        _ = Document(html=html, text=None).tree
    assert caught.value.reason == "too-deep"
    assert time.perf_counter() - started < 5


def test_an_xml_bomb_is_just_a_short_page() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{entities}]><html><body><p>&l9;</p></body></html>'
    tree = Document(html=bomb, text=None).tree
    assert tree is not None
    assert len(tree.text_content()) < 2000


class TestStructured:
    def found(self, html: str, field: str) -> list[tuple[str, str]]:
        tree = Document(html=f"<html><body>{html}</body></html>", text=None).tree
        return [(one.value, one.path) for one in read(tree).found if one.field == field]

    def test_the_article_of_a_graph_is_read_and_what_it_refers_to(self) -> None:
        script = """<script type="application/ld+json">{"@graph": [
            {"@type": "WebPage", "datePublished": "2020-01-01"},
            {"@id": "#p", "@type": "Person", "name": "Dana Orazova"},
            {"@type": ["NewsArticle"], "headline": "H", "author": {"@id": "#p"},
             "datePublished": "2025-04-15T16:15:00+04:00"},
        ]}</script>"""
        assert self.found(script, "published") == [("2025-04-15T16:15:00+04:00", "NewsArticle.datePublished")]
        assert self.found(script, "authors") == [("Dana Orazova", "NewsArticle.author")]

    def test_related_articles_are_not_the_article(self) -> None:
        script = """<script type="application/ld+json">{"@type": "WebPage", "datePublished": "2025-04-15",
            "hasPart": [{"@type": "NewsArticle", "datePublished": "2019-01-01"}],
            "itemListElement": [{"@type": "NewsArticle", "datePublished": "2018-01-01"}]}</script>"""
        assert self.found(script, "published") == [("2025-04-15", "WebPage.datePublished")]

    @pytest.mark.parametrize(
        "broken",
        [
            '{"@type": "Article", "headline": "H",}',
            '<!-- {"@type": "Article", "headline": "H"} -->',
            '//<![CDATA[\n{"@type": "Article", "headline": "H"}\n//]]>',
            '{"@type": "Article", "headline": "H", "description": "two\nlines"}',
            '{"@type": "Article", "headline": "H"};{"@type": "Organization"}',
        ],
    )
    def test_json_as_sites_break_it(self, broken: str) -> None:
        script = f'<script type="application/ld+json">{broken}</script>'
        assert self.found(script, "title") == [("H", "Article.headline")]

    @pytest.mark.parametrize("hopeless", ["", "{", "[" * 100_000, "null", '"text"', '{"@type": 5}', "{{ json }}"])
    def test_json_that_says_nothing_is_passed_over(self, hopeless: str) -> None:
        assert self.found(f'<script type="application/ld+json">{hopeless}</script>', "title") == []

    def test_meta_tags_and_microdata(self) -> None:
        html = """<meta name="date" content="2025-04-14"><meta property="article:published_time" content="2025-04-15">
            <time itemprop="dateModified" datetime="2025-04-16">yesterday</time><a rel="author">Dana Orazova</a>"""
        assert self.found(html, "published") == [
            ("2025-04-15", "meta[property=article:published_time]"),
            ("2025-04-14", "meta[name=date]"),
        ]
        assert self.found(html, "modified") == [("2025-04-16", "time[itemprop=datemodified]")]
        assert self.found(html, "authors") == [("Dana Orazova", "a[rel=author]")]
