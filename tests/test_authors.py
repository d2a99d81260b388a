"""The people that a page names as its authors: fields, bylines, links, signatures, and who is no person."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.consumers import authors
from otswatch.consumers.document import Document

TEXT = "Вазирлар юк машиналари учун ягона рухсатнома жорий этишга келишиб олди ва уни куздан бошлаб синаб кўради. "
PARAGRAPHS = f"<p>{TEXT * 2}</p><p>{TEXT * 2}</p>"


def named(body: str, head: str = "", url: str = "https://steppe-wire.example/permit") -> tuple[str, ...]:
    return authors.read(Document(html=f"<html><head>{head}</head><body>{body}</body></html>", text=None, url=url))[0]


def page(above: str = "", below: str = "", beside: str = "") -> str:
    """An article with something between heading and text, under the text, and after the article."""
    return f"<article><h1>Bir izin belgesi</h1>{above}<div class=text>{PARAGRAPHS}</div>{below}</article>{beside}"


def ld(author: object) -> str:
    data = {"@type": "NewsArticle", "headline": "Bir izin", "author": author, "publisher": {"name": "Steppe Wire"}}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


class TestFields:
    @pytest.mark.parametrize(
        ("author", "expected"),
        [
            ({"@type": "Person", "name": "Dana Orazova"}, ("Dana Orazova",)),
            ([{"@type": "Person", "name": ["Dana Orazova", "Ali Veli"]}], ("Dana Orazova", "Ali Veli")),
            ({"@type": "Person", "name": "dana orazova"}, ("dana orazova",)),
            ({"@type": ["Person", "Organization"], "name": "Dana Orazova"}, ("Dana Orazova",)),
            ({"@type": "Organization", "name": "Dana Orazova"}, ()),
            ({"@type": "NewsMediaOrganization", "name": "Bozkır Haberleri"}, ()),
            ({"@type": "Person", "name": "Steppe Wire"}, ()),
            ({"@type": "Person", "name": "admin"}, ()),
            ({"@type": "Person", "name": "Super User"}, ()),
            ({"@type": "Person", "name": "Azərbaycan Xəbər Agentliyi"}, ()),
            ({"@type": "Person", "name": "Бас редактор"}, ()),
            ("Dana Orazova &amp; Ali Veli", ("Dana Orazova", "Ali Veli")),
            ("https://steppe-wire.example/author/dana", ()),
        ],
    )
    def test_json_ld(self, author: object, expected: tuple[str, ...]) -> None:
        assert named(page(), ld(author)) == expected

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("Dana Orazova, Steppe Wire correspondent", ("Dana Orazova",)),
            ("Dana Orazova | d.orazova@steppe-wire.example", ("Dana Orazova",)),
            ("Dana Orazova and Ali Veli, Daily Post", ("Dana Orazova", "Ali Veli")),
            ("Aysel Əliyeva və Vilayət Məmmədov", ("Aysel Əliyeva", "Vilayət Məmmədov")),
            ("Айзада КУДАЙБЕРГЕНОВА жана Эрлан Абдыкалыков", ("Айзада КУДАЙБЕРГЕНОВА", "Эрлан Абдыкалыков")),
            ("Kovács Anna és Nagy Péter", ("Kovács Anna", "Nagy Péter")),
            ("Bahar Annagulyýewa we Aman Meredow", ("Bahar Annagulyýewa", "Aman Meredow")),
            ("https://facebook.example/steppe", ()),
            ("dana.orazova", ()),
            ("Редакция", ()),
            ("Tahririyat", ()),
        ],
    )
    def test_meta(self, value: str, expected: tuple[str, ...]) -> None:
        assert named(page(), f'<meta property="article:author" content="{value}">') == expected

    def test_a_field_without_a_person_gives_way_to_a_byline(self) -> None:
        assert named(page("<div class=author>Dana Orazova</div>"), ld({"name": "admin"})) == ("Dana Orazova",)

    def test_microdata_of_other_articles_and_pictures_is_not_read(self) -> None:
        card = "<div><div><div><span itemprop=author>Other Person</span></div></div></div>"
        picture = "<figure><span itemprop=author>Photo Grapher</span></figure>"
        own = "<p><span itemprop=author>Dana Orazova</span> <span itemprop=author>Ali Veli</span></p>"
        assert named(page(f"<div>{picture}</div><div>{own}</div>", beside=f"<section>{card}</section>")) == (
            "Dana Orazova",
            "Ali Veli",
        )


class TestBylines:
    @pytest.mark.parametrize(
        ("byline", "expected"),
        [
            ("<div class=articleAuthor><a href='#'>Kamola Rasulova</a></div>", ("Kamola Rasulova",)),
            ("<span class='muallif'>Muallif: Kamola Rasulova</span>", ("Kamola Rasulova",)),
            ("<div class=meta-author><span>By</span><a href='#'>Dana Orazova</a></div>", ("Dana Orazova",)),
            ("<div class=byline>By Dana Orazova and Ali Veli, editors</div>", ("Dana Orazova", "Ali Veli")),
            ("<div class=author>Редакция</div>", ()),
            ("<div class=author>Steppe Wire</div>", ()),
            ("<p>Yazan: Defne Yılmaz</p>", ("Defne Yılmaz",)),
            ("<p>Müəllif: Aysel Əliyeva</p>", ("Aysel Əliyeva",)),
            ("<p>Автор: Данияр Сериков</p>", ("Данияр Сериков",)),
            ("<p>Szerző: Kovács Anna</p>", ("Kovács Anna",)),
            ("<p>Awtor: Aman Meredow</p>", ("Aman Meredow",)),
            ("<a href='/authors/dana-orazova'>Dana Orazova</a>", ("Dana Orazova",)),
            ("<a href='/world/'>Dana Orazova</a>", ()),
            ("<p>Middle East</p>", ()),
        ],
    )
    def test_near_the_heading_or_under_the_text(self, byline: str, expected: tuple[str, ...]) -> None:
        assert named(page(above=f"<div>{byline}</div>")) == expected
        assert named(page(below=f"<div>{byline}</div>")) == expected

    @pytest.mark.parametrize(
        "other",
        [
            "<section><div><div><div class=author>Other Person</div></div></div></section>",
            "<div class=related><div class=author>Other Person</div></div>",
            "<a href='/x'><span class=author>Other Person</span> Wheat is dear again</a>",
            "<footer><div class=author>Other Person</div></footer>",
        ],
    )
    def test_those_of_other_articles_are_not_read(self, other: str) -> None:
        assert named(page(beside=other)) == ()

    def test_the_evidence_says_place_text_and_rule(self) -> None:
        html = f"<body>{page('<div class=author>By Dana Orazova</div>')}</body>"
        people, evidence = authors.read(Document(html=html, text=None, url="https://steppe-wire.example/"))
        assert evidence
        assert (people, evidence.path, evidence.text) == (("Dana Orazova",), "div.author", "By Dana Orazova")
        assert evidence.rule == "author-byline/2"


class TestSignatures:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("<p><strong>Бауыржан Оспанов,</strong></p><p><strong>«Дала үні»</strong></p>", ("Бауыржан Оспанов",)),
            ("<p style='text-align:right'>Janar Tölegen</p>", ("Janar Tölegen",)),
            ("<div align=right><b>Акмал НАЗАРОВ,<br>«Дала» мухбири</b></div>", ("Акмал НАЗАРОВ",)),
            ("<p>Janar Tölegen</p>", ()),
            ("<p><b>Астана, 15 сәуір</b></p>", ()),
        ],
    )
    def test_a_name_set_apart_under_the_text(self, line: str, expected: tuple[str, ...]) -> None:
        assert named(f"<h1>Бір рұқсат</h1><div>{PARAGRAPHS}{line}</div>") == expected

    def test_a_heading_within_the_text_is_none(self) -> None:
        assert named(f"<div>{PARAGRAPHS}<p><b>Silk Road</b></p><p>{TEXT * 2}</p></div>") == ()


@pytest.mark.parametrize("place", authors.PLACES, ids=lambda place: place.name)
def test_a_place_can_be_left_out(place: authors.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authors, "PLACES", tuple(one for one in authors.PLACES if one is not place))
    html = page("<div class=author>Ali Veli</div><div><a href='/authors/ali-veli'>Ali Veli</a></div>")
    assert named(html, ld({"@type": "Person", "name": "Ali Veli"})) == ("Ali Veli",)
    monkeypatch.setattr(authors, "PLACES", ())
    assert named(html) == ()


@given(st.text(max_size=200))
def test_any_field_is_survived(value: str) -> None:
    people = named(page(), ld({"@type": "Person", "name": value}))
    assert all(name and len(name) <= len(value) + 1 for name in people)


def test_a_page_without_heading_or_text_is_survived() -> None:
    assert named("<div class=author>Dana Orazova</div>") == ("Dana Orazova",)
    assert named("<div class=author>" * 30 + "Dana Orazova") == ("Dana Orazova",)
    assert named("<div class=author>" * 200 + "Dana Orazova") == ()
    assert named(page(), url="http://[broken") == ()
    assert authors.read(Document(html=None, text="Dana Orazova")) == ((), None)


def test_a_field_of_a_million_letters_takes_no_time() -> None:
    head = f'<meta name="author" content="{"a" * 1_000_000}">'
    document = Document(html=f"<html><head>{head}</head><body><p>Text.</p></body></html>", text=None)
    assert authors.read(document) == ((), None)
