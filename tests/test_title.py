"""The title of a page: where it stands, what is cut off it, and whom the places agree on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring, tostring

from otswatch.consumers import title
from otswatch.consumers.document import Document
from otswatch.text.folding import fold

TEXT = (
    "<p>"
    + "Nazirlər qatarlar üçün vahid cədvəl barədə razılığa gəldilər və onu payızda tətbiq edəcəklər. " * 3
    + "</p>"
)


def chosen(html: str, url: str | None = "https://steppe-wire.example/az/qatar") -> tuple[str | None, str | None]:
    """The title and where it stands."""
    found = title.choose(Document(html=html, text=None, url=url))
    return (found[0], found[1].path) if found else (None, None)


def page(body: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body>{body}{TEXT}</body></html>"


def og(text: str) -> str:
    return f'<meta property="og:title" content="{text}">'


class TestHeadings:
    @pytest.mark.parametrize(
        "heading",
        [
            "<h1><div class=kicker>Nəqliyyat</div>Qatarlar üçün vahid cədvəl</h1>",
            "<h1>Qatarlar üçün vahid cədvəl<br><small>Nazirlər razılaşıblar</small></h1>",
            "<h1><span>Qatarlar üçün vahid cədvəl</span><span>12</span></h1>",
        ],
    )
    def test_a_kicker_or_subtitle_in_the_heading_is_left_out(self, heading: str) -> None:
        expected = ("Qatarlar üçün vahid cədvəl", "h1")
        assert chosen(page(heading, "<title>Qatarlar üçün vahid cədvəl</title>")) == expected

    @pytest.mark.parametrize(
        ("said", "shown"),
        [
            ("Türki döwletleriň guramasy - Demirýol nazirleri duşuşdylar", "Demirýol nazirleri duşuşdylar"),
            ("Сахыпа: Темир жол министрлери жолугушту", "Темир жол министрлери жолугушту"),
            ("Temir yoʻl vazirlari uchrashdi » Dala xabarlari", "Temir yoʻl vazirlari uchrashdi"),
        ],
    )
    def test_the_part_of_a_claim_that_the_page_shows(self, said: str, shown: str) -> None:
        site = said.replace(shown, "").strip(" -:»")
        html = page(f"<h1>{site}</h1><div class=ttl><b>{shown}</b></div>", f"<title>{said}</title>")
        assert chosen(html) == (shown, "div.ttl")

    def test_a_logo_is_no_headline(self) -> None:
        logo = "<div class=head><h1><a href='/az/'>Çöl xəbərləri agentliyi</a></h1></div><h3>Qatarlar üçün cədvəl</h3>"
        assert chosen(page(logo, "<title>Qatarlar üçün cədvəl » Çöl xəbərləri agentliyi</title>"))[0] == (
            "Qatarlar üçün cədvəl"
        )
        named = "<div class=logo_block><h1>Çöl xəbərləri agentliyi</h1></div><h3>Qatarlar üçün cədvəl</h3>"
        assert chosen(page(named, "<title>Çöl xəbərləri agentliyi</title>")) == ("Qatarlar üçün cədvəl", "h3")

    def test_the_only_heading_is_believed_against_fields_for_search_engines(self) -> None:
        head = og("Buy a lorry permit now") + "<title>Buy a lorry permit now</title>"
        assert chosen(page("<h1>Ministers agree on one form</h1>", head)) == ("Ministers agree on one form", "h1")
        two = "<h1>Ministers agree on one form</h1><h1>Wheat is dear again</h1>"
        assert chosen(page(two, head))[0] == "Buy a lorry permit now"
        assert chosen(page("<h1>World news</h1>", head))[0] == "Buy a lorry permit now"

    @pytest.mark.parametrize(
        ("headline", "path"),
        [
            ("<div class=content_title>Tren bakanları Ankara'da buluştu</div>", "div.content_title"),
            ("<table><tr><td><font size=3><b>Tren bakanları Ankara'da buluştu</b></font></td></tr></table>", "td"),
            ("<h2>Tren bakanları Ankara'da buluştu</h2><h3>Paylaş</h3>", "h2"),
        ],
    )
    def test_what_is_marked_above_the_text(self, headline: str, path: str) -> None:
        menu = "<ul><li><a href='/x'>Bütün haberler burada</a></li></ul>"
        assert chosen(page(menu + headline, "<title>Bozkır</title>")) == ("Tren bakanları Ankara'da buluştu", path)

    def test_headings_in_menus_and_links_are_not_the_headline(self) -> None:
        html = page("<nav><h2>All the latest news</h2></nav><h3><a href='/other'>Wheat is dear again</a></h3>")
        assert chosen(html) == (None, None)


class TestMends:
    def test_the_rest_is_cut_where_another_place_has_the_part_alone(self) -> None:
        head = og("Egy engedély minden kamionra") + "<title>Egy engedély minden kamionra - Külföld - Sztyeppe</title>"
        found = title.choose(Document(html=page("", head), text=None))
        assert found
        assert found[0] == "Egy engedély minden kamionra"

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("One permit for all – Steppe Wire", "One permit for all"),
            ("Steppe Wire: One permit for all", "Steppe Wire: One permit for all"),
            ("Steppe Wire | One permit for all", "One permit for all"),
            ("One permit for all | World | Steppe Wire", "One permit for all | World"),
            ("Ministers: one permit - at last", "Ministers: one permit - at last"),
            ("One permit for all｜Steppe Wire", "One permit for all"),
        ],
    )
    def test_the_name_of_the_site_is_cut(self, said: str, expected: str) -> None:
        assert title.without_site(said, frozenset(("steppewire",))) == expected

    @pytest.mark.parametrize(
        "says_so",
        [
            '<meta property="og:site_name" content="Дала хабары">',
            "<a href='/'><img src=l.png alt='Дала хабары'></a>",
            "<a href='https://steppe-wire.example/kk/'>Дала хабары</a>",
        ],
    )
    def test_the_site_says_its_name_in_a_field_or_its_logo(self, says_so: str) -> None:
        html = page(says_so, "<title>Бір рұқсат барлық көлікке – Дала хабары</title>")
        assert chosen(html)[0] == "Бір рұқсат барлық көлікке"

    def test_a_host_is_a_name_too(self) -> None:
        assert chosen(page("", "<title>One permit for all | steppe-wire.example</title>"))[0] == "One permit for all"


class TestChoices:
    def test_most_places_are_believed_and_of_equals_the_heading(self) -> None:
        script = (
            '<script type="application/ld+json">{"@type": "Article", "headline": "One permit for lorries"}</script>'
        )
        most = page("<h1>One permit for lorries agreed</h1>", f"{og('One permit for lorries')}{script}")
        assert chosen(most)[0] == "One permit for lorries"
        equal = page("<h1>One permit for lorries agreed</h1>", "<title>One permit for lorries</title>")
        assert chosen(equal) == ("One permit for lorries agreed", "h1")

    def test_a_headline_written_to_be_shared(self) -> None:
        heading = "<h1>Transport: ministers agree on permits in Astana</h1>"
        same = "<title>Transport: ministers agree on permits in Astana</title>"
        assert chosen(page(heading, og("Ministers agree on one permit") + same))[1] == "meta[property=og:title]"
        assert chosen(page(heading, og("Министры договорились в Астане") + same))[1] == "h1"  # another language
        assert chosen(page(heading, og("Transport: ministers agree on…") + same))[1] == "h1"  # cut short

    def test_capitals_give_way_to_normal_letters(self) -> None:
        html = page("<h1>ҚАЗАҚСТАН МЕН ӨЗБЕКСТАН КЕЛІСТІ</h1>", "<title>Қазақстан мен Өзбекстан келісті</title>")
        assert chosen(html)[0] == "Қазақстан мен Өзбекстан келісті"
        assert chosen(page("<h1>ONE PERMIT FOR ALL</h1>"))[0] == "ONE PERMIT FOR ALL"

    def test_a_blank_that_the_markup_took_is_given_back(self) -> None:
        head = og("Rail: one timetable for all") + "<title>Rail: one timetable for all</title>"
        html = page("<h1><span>Rail:</span>one timetable for all</h1>", head)
        assert chosen(html)[0] == "Rail: one timetable for all"

    def test_references_in_json_ld_are_read(self) -> None:
        script = (
            '<script type="application/ld+json">{"@type": "Article", "headline": "Q&#8217;s &amp; permits"}</script>'
        )
        assert chosen(page("", script))[0] == "Q’s & permits"


@pytest.mark.parametrize("rules", ["HEADINGS", "MENDS", "CHOICES"])
def test_a_rule_can_be_left_out(rules: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for rule in getattr(title, rules):
        with monkeypatch.context() as patch:
            patch.setattr(title, rules, tuple(one for one in getattr(title, rules) if one is not rule))
            assert chosen(page("<h1>One permit for lorries</h1>", "<title>One permit for lorries</title>"))[0]
    monkeypatch.setattr(title, rules, ())
    assert chosen(page("<h1>One permit for lorries</h1>", "<title>One permit for lorries</title>"))[0]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/", True),
        ("/az/", True),
        ("./", True),
        ("index.php", True),
        ("https://www.steppe.example", True),
        ("//steppe.example/kk/index.html", True),
        ("/world/", False),
        ("/index.php?id=3", False),
        ("#", False),
        ("", False),
        (None, False),
        ("https://other.example/", False),
        ("javascript:void(0)", False),
    ],
)
def test_links_to_the_front_page(address: str | None, *, expected: bool) -> None:
    assert title._is_home(address, "steppe.example") is expected


def test_an_address_that_is_none_does_no_harm() -> None:
    assert chosen(page("<h1>One permit for lorries</h1>"), url="http://[broken")[0] == "One permit for lorries"


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_survived_and_the_title_stands_on_the_page(heading: str, said: str, shared: str) -> None:
    tree = document_fromstring(
        "<html><head><title></title><meta property='og:title'></head><body><h1></h1></body></html>"
    )
    clean = ["".join(c for c in text if c.isprintable() or c == " ") for text in (heading, said, shared)]
    tree.find(".//h1").text, tree.find(".//title").text = clean[:2]
    tree.find(".//meta").set("content", clean[2])
    document = Document(html=tostring(tree, encoding="unicode"), text=None, url="https://steppe-wire.example/")
    if found := title.choose(document):
        assert fold(found[0])
        assert any(fold(found[0]) in fold(text) for text in clean)
        assert any(found[1].text in " ".join(text.split()) for text in clean)


def test_a_page_of_many_headings_and_links_takes_no_time() -> None:
    html = "<html><body>" + "<h1>A | B <b>C</b></h1><a href='/'>x</a>" * 5000 + "</body></html>"
    assert chosen(html)[0]
