"""What a page says of itself for machines: people and bodies, references, and whose microdata it is."""

from __future__ import annotations

import json

import pytest
from lxml.html import document_fromstring

from otswatch.consumers.structured import Found, read


def found(html: str, field: str) -> list[Found]:
    return [one for one in read(document_fromstring(html)).found if one.field == field]


def ld(**article: object) -> str:
    data = {"@type": "NewsArticle", "headline": "One permit"} | article
    return f'<html><head><script type="application/ld+json">{json.dumps(data)}</script></head><body></body></html>'


@pytest.mark.parametrize(
    ("author", "value", "kind"),
    [
        ({"@type": "Person", "name": "Dana Orazova"}, "Dana Orazova", "person"),
        ({"@type": "http://schema.org/Person", "name": "Dana Orazova"}, "Dana Orazova", "person"),
        ({"@type": ["Organization", "Person"], "name": "Dana Orazova"}, "Dana Orazova", "person"),
        ({"@type": "NewsMediaOrganization", "name": "Steppe Wire"}, "Steppe Wire", "organization"),
        ({"name": "Dana Orazova"}, "Dana Orazova", None),
        ("Dana Orazova", "Dana Orazova", None),
        ({"@type": "Person", "name": ["Dana Orazova"]}, "Dana Orazova", "person"),
    ],
)
def test_what_an_author_is(author: object, value: str, kind: str | None) -> None:
    one = Found("authors", value, "json-ld", "NewsArticle.author", kind)
    assert found(ld(author=author), "authors") == [one]
    assert found(ld(author=[author]), "authors") == [one]


def test_an_author_named_by_its_id_is_looked_up() -> None:
    graph = [
        {"@type": "NewsArticle", "headline": "One permit", "author": {"@type": "Person", "@id": "#dana"}},
        {"@type": "Person", "@id": "#dana", "name": "Dana Orazova"},
    ]
    html = f'<script type="application/ld+json">{json.dumps({"@graph": graph})}</script><p>x'
    assert [(one.value, one.kind) for one in found(html, "authors")] == [("Dana Orazova", "person")]


def test_a_picture_is_its_address_not_its_caption() -> None:
    image = {"@type": "ImageObject", "name": "Ministers in Astana", "url": "https://steppe-wire.example/p.jpg"}
    assert [one.value for one in found(ld(image=[image, "/q.jpg"]), "image")] == [image["url"], "/q.jpg"]


def test_character_references_are_read_in_words_and_left_in_the_body() -> None:
    html = ld(headline="&quot;Bir&quot; izin", articleBody="a &lt; b", author={"name": "Ali O&#039;Veli"})
    assert found(html, "title")[0].value == '"Bir" izin'
    assert found(html, "authors")[0].value == "Ali O'Veli"
    assert found(html, "body")[0].value == "a &lt; b"


def test_microdata_of_a_picture_or_far_from_the_first_is_of_others() -> None:
    html = """<figure><b itemprop="author">Photo Grapher</b></figure>
        <div><p><b itemprop="author" content="Dana Orazova">D. O.</b></p><p><b itemprop="author">Ali Veli</b></p></div>
        <div><div><div><div><b itemprop="author">Other Person</b></div></div></div></div>"""
    assert [one.value for one in found(f"<html><body><main>{html}</main></body></html>", "authors")] == [
        "Dana Orazova",
        "Ali Veli",
    ]


@pytest.mark.parametrize("script", ["", "null", "[]", '{"@type": 3}', '{"@type": {"a": []}}', "{" * 5000, "[" * 5000])
def test_what_is_no_json_ld_is_passed_over(script: str) -> None:
    assert found(f'<script type="application/ld+json">{script}</script><p>x', "title") == []
