"""Stage clean: what a reader reads, from a page and from a pasted text."""

from __future__ import annotations

import unicodedata

import pytest
from lxml import etree

from otswatch.consumers.chain import extract_given
from otswatch.consumers.clean import STAGE
from otswatch.consumers.document import Document
from otswatch.consumers.opening import names
from otswatch.records import Article, Content

BODY = [
    "Ministers of transport met in Astana and agreed on one electronic permit for lorries, their hosts said.",
    "Drivers now carry a paper for each border. The new permit costs the same in every member state.",
    "Hungary will send two engineers to the group that writes the rules of the register next spring.",
]


def cleaned(document: Document) -> Content:
    article = STAGE.run(document, Article(id="0" * 32, url=document.url, source=None))
    assert article.content
    return article.content


def from_html(head: str = "", above: str = "", title: str = "One permit for lorries", below: str = "") -> Content:
    paragraphs = "".join(f"<p>{one}</p>" for one in BODY)
    html = f"""<html lang="en"><head>{head}</head><body><nav><a href="/">Home</a></nav><article><h1>{title}</h1>
        {above}{paragraphs}</article>{below}<footer>© 2020 Steppe Wire</footer></body></html>"""
    return cleaned(Document(html=html, text=None, url="https://steppe-wire.example/world/permit"))


def from_text(text: str) -> Content:
    return cleaned(Document(html=None, text=text))


class TestPage:
    def test_the_body_is_its_paragraphs(self) -> None:
        content = from_html(below="<aside><h2>Related</h2><p><a href='/x'>Wheat prices rise again</a></p></aside>")
        assert content.text == "\n\n".join(BODY)
        assert (content.title, content.language) == ("One permit for lorries", "en")

    def test_the_tree_is_left_as_it_was(self) -> None:
        document = Document(html="<html><body><h1>A</h1>" + "<p>Some text of a page.</p>" * 30, text=None)
        before = etree.tostring(document.tree)
        cleaned(document)
        assert etree.tostring(document.tree) == before

    def test_letters_are_composed(self) -> None:
        decomposed = unicodedata.normalize("NFD", "Kırgızistan'da görüşme yapıldı, İçişleri bakanları konuştu. " * 5)
        content = cleaned(Document(html=f"<html><body><article><p>{decomposed}</p></article></body></html>", text=None))
        assert unicodedata.is_normalized("NFC", content.text)

    @pytest.mark.parametrize(
        "html", ["<html></html>", "<html><body><script>x()</script></body></html>", " <!-- x --> "]
    )
    def test_a_page_without_text_is_discarded(self, html: str) -> None:
        article = extract_given(html=html)
        assert (article.status, article.reason) == ("discarded", "no-text")

    def test_a_page_without_text_still_has_its_title_and_its_date(self) -> None:
        head = """<title>OTS: the summit in pictures</title>
            <meta property="article:published_time" content="2025-04-15T16:15:00+04:00">"""
        article = extract_given(html=f"<html><head>{head}</head><body><div id=app></div></body></html>")
        assert (article.status, article.reason) == ("discarded", "no-text")
        assert article.content is not None
        assert (article.content.title, article.content.text) == ("OTS: the summit in pictures", "")
        assert article.published is not None
        assert article.published.at == "2025-04-15T16:15:00+04:00"

    def test_a_page_that_a_script_fills_in_is_read_from_its_data(self) -> None:
        body = " ".join(BODY)
        script = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{body}"}}</script>'
        content = cleaned(
            Document(html=f"<html><head>{script}</head><body><div id=app></div></body></html>", text=None)
        )
        assert content.text == body

    def test_dateline_and_byline_are_lifted_out(self) -> None:
        content = from_html(above="<p>ASTANA, 15 April 2025 (SW)</p><p>By Dana Orazova</p>")
        assert (content.dateline, content.authors) == ("ASTANA, 15 April 2025 (SW)", ("Dana Orazova",))
        assert content.text == "\n\n".join(BODY)
        assert content.evidence["dateline"].text == "ASTANA, 15 April 2025 (SW)"

    def test_a_dateline_in_front_of_the_first_sentence_is_lifted_out(self) -> None:
        content = from_html(above="<p>Budapest, 15 April 2025 (SW) – The talks lasted two days and three nights.</p>")
        assert content.dateline == "Budapest, 15 April 2025 (SW)"
        assert content.text.startswith("The talks lasted two days")

    def test_a_city_alone_and_a_date_in_a_sentence_stay(self) -> None:
        assert from_html(above="<p>ASTANA – The talks lasted two days.</p>").text.startswith("ASTANA – The talks")
        assert from_html(above="<p>On 15 April 2025 the talks began in the city.</p>").text.startswith("On 15 April")

    def test_authors_image_and_address(self) -> None:
        head = """<meta name="author" content="Dana Orazova and Ali Veli"><meta property="og:image" content="/p.jpg">
            <link rel="canonical" href="https://steppe-wire.example/permit">"""
        content = from_html(head)
        assert content.authors == ("Dana Orazova", "Ali Veli")
        assert content.image == "https://steppe-wire.example/p.jpg"
        assert content.canonical_url == "https://steppe-wire.example/permit"
        assert content.evidence["authors"].path == "meta[name=author]"

    @pytest.mark.parametrize(
        "author", ["Steppe Wire", "admin", "https://steppe-wire.example/a", "x@y.example", "News Agency"]
    )
    def test_what_is_no_person_is_no_author(self, author: str) -> None:
        head = f'<meta property="og:site_name" content="Steppe Wire"><meta name="author" content="{author}">'
        assert from_html(head).authors == ()

    def test_the_canonical_link_goes_before_the_address_for_sharing_and_is_no_front_page(self) -> None:
        shared = '<meta property="og:url" content="https://steppe-wire.example/p/1">'
        linked = '<link rel="canonical" href="https://steppe-wire.example/world/permit-2">'
        assert from_html(shared + linked).canonical_url == "https://steppe-wire.example/world/permit-2"
        assert from_html(shared + '<link rel="canonical" href="/">').canonical_url == "https://steppe-wire.example/p/1"

    def test_an_address_that_is_none_is_passed_over(self) -> None:
        assert from_html('<link rel="canonical" href="javascript:void(0)">').canonical_url is None
        assert from_html('<link rel="canonical" href="http://[broken">').canonical_url is None


class TestTitle:
    def test_the_heading_that_the_page_agrees_with(self) -> None:
        head = "<title>One permit for lorries | Steppe Wire</title>"
        content = from_html(head, below="<h1>Steppe Wire</h1><h1>Most read</h1>")
        assert content.title == "One permit for lorries"
        assert content.evidence["title"].path == "h1"

    def test_two_places_outvote_a_heading_with_its_section(self) -> None:
        head = """<meta property="og:title" content="One permit for lorries"><meta property="og:site_name"
            content="Steppe Wire"><title>One permit for lorries - Steppe Wire</title>"""
        assert from_html(head, title="Transport One permit for lorries").title == "One permit for lorries"


class TestText:
    def test_label_date_byline_and_blank_lines(self) -> None:
        given = f" date 2025-10-08 8 October 2025 09:05 (UTC+05:00)\n\nDana Orazova\n\n{BODY[0]}\n\n{BODY[1]}"
        content = from_text(given)
        assert content.dateline == "date 2025-10-08 8 October 2025 09:05 (UTC+05:00)"
        assert content.authors == ("Dana Orazova",)
        assert content.text == f"{BODY[0]}\n\n{BODY[1]}"
        for field in ("dateline", "authors"):
            evidence = content.evidence[field]
            assert evidence.frame == "input"
            assert given[evidence.start : evidence.end] == evidence.text

    def test_a_date_and_a_city_in_front_of_the_first_sentence(self) -> None:
        content = from_text(f"Date: 2025-10-08 TASHKENT – {BODY[0]}\n{BODY[1]}")
        assert content.text == f"{BODY[0]}\n\n{BODY[1]}"
        assert content.dateline == "Date: 2025-10-08 TASHKENT"

    def test_a_full_stop_behind_the_day_and_a_dash_end_a_dateline(self) -> None:
        first = "A közlekedési miniszterek közös menetlevélről állapodtak meg, közölte a titkárság hétfőn."
        second = "A határátkelőkön így feleannyi ideig tart majd az ellenőrzés, és a sofőröknek egy űrlap is elég lesz."
        content = from_text(f"Budapest, 2026. május 11. – {first}\n{second}")
        assert (content.language, content.dateline) == ("hu", "Budapest, 2026. május 11.")
        assert content.text.startswith(first)

    def test_a_full_stop_ends_a_dateline_behind_a_city_in_capitals(self) -> None:
        content = from_text(f"BAKU, 3 March 2026. {BODY[0]}\n{BODY[1]}")
        assert content.text == f"{BODY[0]}\n\n{BODY[1]}"
        assert content.dateline == "BAKU, 3 March 2026."
        assert from_text(f"Said on 3 March 2026. {BODY[0]}\n{BODY[1]}").dateline is None

    def test_lines_are_paragraphs(self) -> None:
        assert from_text("\r\n".join(BODY)).text == "\n\n".join(BODY)

    def test_lines_cut_to_a_width_are_one_paragraph(self) -> None:
        wrapped = (
            "Ministers of transport met in Astana and agreed on one\nelectronic permit for lorries, and the hosts of\n"
            "talks said that drivers would carry one paper only\nfrom next spring."
        )
        assert "\n" not in from_text(wrapped).text

    def test_a_headline_above_the_text_is_the_title(self) -> None:
        content = from_text(f"One permit for lorries\n\n8 October 2025\n\n{BODY[0]}\n\n{BODY[1]}")
        assert (content.title, content.dateline) == ("One permit for lorries", "8 October 2025")
        assert content.text == f"{BODY[0]}\n\n{BODY[1]}"

    def test_a_first_sentence_is_no_title_and_a_signature_no_byline(self) -> None:
        text = "\n".join([*BODY, "Dana Orazova is a Representative of the Ministry."])
        content = from_text(text)
        assert (content.title, content.authors) == (None, ())

    @pytest.mark.parametrize("text", ["", " \n \n", "\x00\x01"])
    def test_nothing_is_discarded(self, text: str) -> None:
        article = extract_given(text=text)
        assert (article.status, article.reason) == ("discarded", "no-text")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Dana Orazova", ("Dana Orazova",)),
        ("Dana Orazova, Ali Veli", ("Dana Orazova", "Ali Veli")),
        ("Автор: Данияр Сериков", ("Данияр Сериков",)),
        ("Vilayət Məmmədov və Aysel Əliyeva", ("Vilayət Məmmədov", "Aysel Əliyeva")),
        ("Joint Statement", ()),
        ("Turkic Summit", ()),
        ("Dana", ()),
        ("the ministers met", ()),
    ],
)
def test_names(line: str, expected: tuple[str, ...]) -> None:
    assert names(line) == expected
