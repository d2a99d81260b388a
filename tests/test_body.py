"""The main text of a page: which blocks are kept, which rule takes the others away, and that no page breaks it."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from otswatch.consumers import body, body_rules
from otswatch.consumers.body import Body
from otswatch.consumers.document import Document

TITLE = "One permit for lorries"
TEXT = (
    "Ministers of transport met in Astana and agreed on one electronic permit for lorries, their hosts said on Friday.",
    "Drivers now carry a paper for each border, and wait two days on average before the last of them is stamped.",
    "Hungary will send two engineers to the group that writes the rules of the register, which opens next spring.",
    "The permit costs the same in every member state, and the money goes to the roads that the lorries wear out.",
)
#: An article of another subject, for what stands around.
OTHER = (
    "The harvest of apricots in the valley was the largest for eleven years, growers told the fair on Sunday morning.",
    "Most of the fruit is dried on the roofs and sold abroad, where a kilogram now costs twice what it did last year.",
    "A new cold store beside the railway will take in three thousand tonnes from the coming season, they hope.",
)


def page(
    inside: str = "", above: str = "", below: str = "", head: str = "", text: tuple[str, ...] = TEXT, title: str = TITLE
) -> str:
    """An article with something above its text, amid it (behind the second paragraph) and below it."""
    paragraphs = [f"<p>{one}</p>" for one in text]
    paragraphs.insert(2, inside)
    return f"""<html><head><title>{title}</title>{head}</head><body>
        <nav><a href="/">Home</a> <a href="/world">World</a></nav>
        <div class="page"><h1>{title}</h1>{above}<div class="story-text">{"".join(paragraphs)}</div>{below}</div>
        <footer>Steppe Wire, 12 Lake Street</footer></body></html>"""


def read(html: str, title: str | None = TITLE) -> Body:
    return body.read(Document(html=html, text=None, url="https://steppe-wire.example/world/permit"), title)


def taken_by(found: Body, text: str) -> str | None:
    return next((each.rule for each in found.dropped if text in each.text), None)


def without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Leaves rules out."""
    monkeypatch.setattr(body_rules, "RULES", tuple(rule for rule in body_rules.RULES if rule.name not in names))


class TestParagraphs:
    def test_a_plain_page(self) -> None:
        assert read(page()).paragraphs == TEXT

    def test_without_any_rule_it_is_trafilaturas_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(body_rules, "RULES", ())
        assert read(page()).paragraphs == TEXT

    def test_the_tree_is_left_as_it_was(self) -> None:
        document = Document(html=page("<table><tr><td>1<td>2</table>"), text=None)
        before = etree.tostring(document.tree)
        body.read(document, TITLE)
        assert etree.tostring(document.tree) == before

    def test_headings_list_items_and_quotations_are_paragraphs(self) -> None:
        items = "<ul><li>one form for all</li><li>one fee</li></ul>"
        found = read(page(f"<h2>What changes</h2>{items}<blockquote>{OTHER[0]}</blockquote>")).paragraphs
        assert found == (*TEXT[:2], "What changes", "one form for all", "one fee", OTHER[0], *TEXT[2:])

    @pytest.mark.parametrize("between", ["<br><br>", "<br/>\n<br/>", "<br>", "<br>&nbsp;&nbsp;&nbsp;"])
    def test_line_breaks_part_sentences(self, between: str) -> None:
        html = f"<html><body><h1>{TITLE}</h1><div class='story-text'>{between.join(TEXT)}</div></body></html>"
        assert read(html).paragraphs == TEXT

    def test_a_break_within_a_sentence_parts_nothing(self) -> None:
        broken = TEXT[0].replace("and agreed", "<br>and agreed")
        assert read(page(text=(broken, *TEXT[1:]))).paragraphs == TEXT

    def test_a_drop_cap_belongs_to_its_word(self) -> None:
        text = (f'<span class="dropcap">{TEXT[0][0]}</span>{TEXT[0][1:]}', *TEXT[1:])
        assert read(page(text=text)).paragraphs == TEXT

    def test_emphasis_and_links_stay_as_text(self) -> None:
        text = (TEXT[0].replace("Astana", '<b>As</b>tana <a href="/x">').replace(", their", "</a>, their"), *TEXT[1:])
        assert read(page(text=text)).paragraphs == TEXT

    def test_soft_hyphens_and_control_characters_are_gone(self) -> None:
        text = (TEXT[0].replace("transport", "trans\u00adport").replace(" met ", " met\x0b\x07 "), *TEXT[1:])
        assert read(page(text=text)).paragraphs == TEXT

    def test_a_page_laid_out_in_tables(self) -> None:
        menu = '<td><a href="/a">Politics</a><br><a href="/b">Sport</a></td>'
        story = f"<td><h1>{TITLE}</h1>{''.join(f'<p>{one}</p>' for one in TEXT)}</td>"
        rows = f"<tr><td colspan=2>© 2025 Steppe Wire</td></tr><tr>{menu}{story}</tr>"
        assert read(f"<html><body><table>{rows}</table></body></html>").paragraphs == TEXT

    def test_a_row_of_figures_is_one_paragraph(self) -> None:
        rows = "<tr><td>Khorgos</td><td>41</td></tr><tr><td>Dostyk</td><td>37</td></tr>"
        found = read(page(f"<table><tr><th>Border</th><th>Hours</th></tr>{rows}</table>")).paragraphs
        assert found == (*TEXT[:2], "Border Hours", "Khorgos 41", "Dostyk 37", *TEXT[2:])


class TestStatedByThePage:
    """JSON-LD's `articleBody`."""

    @staticmethod
    def script(text: str) -> str:
        data = {"@type": "NewsArticle", "headline": TITLE, "articleBody": text}
        return f'<script type="application/ld+json">{json.dumps(data)}</script>'

    @pytest.mark.parametrize(
        "text",
        [
            "\n\n".join(TEXT),
            "\r\n".join(TEXT),
            "".join(f"<p>{one}</p>" for one in TEXT),
            "<br><br>".join(TEXT),
            "".join(f"&lt;p&gt;{one}&lt;/p&gt;" for one in TEXT),
        ],
    )
    def test_a_page_that_a_script_fills_in(self, text: str) -> None:
        html = f"<html><head>{self.script(text)}</head><body><div id=app></div></body></html>"
        assert read(html).paragraphs == TEXT

    def test_a_shown_text_is_held_against_it(self) -> None:
        inside = f"<p>{OTHER[0]}</p>"
        whole = read(page(inside, head=self.script(" ".join(TEXT * 3)), text=TEXT * 3))
        assert OTHER[0] not in whole.paragraphs
        assert set(TEXT) == set(whole.paragraphs)

    def test_a_text_that_is_cut_short_says_nothing(self) -> None:
        assert read(page(head=self.script(f"{TEXT[0]} Drivers now carry a…"))).paragraphs == TEXT


class TestFurniture:
    @pytest.mark.parametrize(
        ("markup", "rule"),
        [
            ("<div class='relatedNews'>{}</div>", "related-box/1"),
            ("<div class='b-read-more'>{}</div>", "related-box/1"),
            ("<div class='newsletter-form__body'>{}</div>", "appeal/1"),
            ("<div role='dialog'>{}</div>", "appeal/1"),
            ("<div id='comments'>{}</div>", "comments/1"),
            ("<figure><img src=/x.jpg><figcaption>{}</figcaption></figure>", "caption/1"),
            ("<div class='photo-credit'>{}</div>", "caption/1"),
            ("<div class='author-bio'>{}</div>", "page-part/1"),
            ("<div style='display: none'>{}</div>", "hidden/1"),
            ("<div class='print d-none'>{}</div>", "hidden/1"),
            ("<blockquote class='twitter-tweet'>{}</blockquote>", "embedded-post/1"),
        ],
    )
    def test_what_names_itself_otherwise_is_left_out(self, markup: str, rule: str) -> None:
        found = read(page(markup.format(f"<p>{OTHER[0]}</p>")))
        assert found.paragraphs == TEXT
        assert taken_by(found, OTHER[0]) in (rule, None)  # the extractor may not have found it either

    def test_a_rule_can_be_left_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        without(monkeypatch, "related-box/1")
        assert OTHER[0] in read(page(f"<div class='related'><p>{OTHER[0]}</p></div>")).paragraphs

    @pytest.mark.parametrize(
        "name",
        ["page--with-sidebar", "has-comments", "hidden md:block", "contented", "no-share-bar", "headline-recipe"],
    )
    def test_words_that_only_look_alike(self, name: str) -> None:
        assert OTHER[0] in read(page(f"<div class='{name}'><p>{OTHER[0]}</p></div>")).paragraphs

    def test_a_name_that_holds_all_of_the_text_misleads(self) -> None:
        html = page().replace("story-text", "story-text social-section")
        assert read(html).paragraphs == TEXT

    def test_comments_are_never_the_text(self) -> None:
        comments = "".join(f"<p>{one}</p>" for one in OTHER * 4)
        html = page(below=f"<div class='comments'>{comments}</div>", text=TEXT)
        assert read(html).paragraphs == TEXT

    def test_where_only_a_consent_note_was_found_the_longest_text_is_taken(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        note = "".join(f"<p>{one}</p>" for one in OTHER)
        monkeypatch.setattr(body, "_trafilatura", lambda tree, url, fast: "\n".join(OTHER))
        assert read(page(below=f"<div class='cookie-consent'>{note}</div>")).paragraphs == TEXT

    def test_a_text_within_an_unclosed_navigation(self) -> None:
        assert set(TEXT) <= set(read(page().replace("</nav>", "").replace("</body>", "</nav></body>")).paragraphs)


class TestMoreOfTheText:
    @pytest.mark.parametrize(
        "lead",
        [
            '<p class="story-lead">Two days of waiting at every border are to end</p>',
            "<p>Two days of waiting at every border are to end, if all of them sign by spring.</p>",
            '<h2 class="subtitle">Two days of waiting at every border are to end</h2>',
        ],
    )
    def test_a_standfirst_between_title_and_text(self, lead: str) -> None:
        found = read(page(above=f"<header>{lead}</header>")).paragraphs
        assert found[0].startswith("Two days of waiting")
        assert found[1:] == TEXT

    def test_a_standfirst_under_a_title_that_the_page_words_otherwise(self) -> None:
        lead = "Two days of waiting at every border are to end, if all of them sign by spring."
        html = page(above=f"<header><p>{lead}</p></header>", title="Lorries to need a single permit")
        assert read(html, title=TITLE).paragraphs == (lead, *TEXT)
        assert read(html.replace("h1>", "h2>"), title=None).paragraphs == (lead, *TEXT)

    def test_what_stands_there_too_is_no_standfirst(self) -> None:
        above = "<div><span>World</span></div><div>15 April 2025, 10:20</div>"
        items = "<ul><li>Send this page to all of your friends who drive a lorry.</li></ul>"
        assert read(page(above=above + items)).paragraphs == TEXT

    def test_short_lines_above_the_first_long_paragraph_stay_for_the_dateline(self) -> None:
        assert read(page(text=("ASTANA, 15 April 2025", *TEXT))).paragraphs == ("ASTANA, 15 April 2025", *TEXT)

    def test_what_the_extractor_left_out_amid_the_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(body, "_trafilatura", lambda tree, url, fast: "\n".join((*TEXT[:1], *TEXT[2:])))
        assert read(page()).paragraphs == TEXT
        without(monkeypatch, "gap/1")
        assert read(page()).paragraphs == (*TEXT[:1], *TEXT[2:])

    def test_an_article_that_the_extractor_cut(self, monkeypatch: pytest.MonkeyPatch) -> None:
        chunks = "<div class='ad'>Advertisement</div>".join(f"<div class='chunk'><p>{one}</p></div>" for one in TEXT)
        html = f"<html><body><h1>{TITLE}</h1><div class='story'>{chunks}</div></body></html>"
        monkeypatch.setattr(body, "_trafilatura", lambda tree, url, fast: "\n".join(TEXT[:2]))
        assert read(html).paragraphs == TEXT
        without(monkeypatch, "continued/1")
        assert read(html).paragraphs == TEXT[:2]

    def test_a_subheading_outside_of_the_paragraphs_element(self) -> None:
        assert "What it costs" in read(page("<div class='part'><h3>What it costs</h3></div>")).paragraphs


class TestLessOfTheText:
    SECOND = "".join(f"<p>{one}</p>" for one in OTHER)

    @pytest.mark.parametrize(
        "second",
        [
            "<div class='page'><h1>Apricots from the valley</h1><div class='story-text'>{}</div></div>",
            "<div class='page'><h2><a href='/a'>Apricots from all of the valley</a></h2><div>{}</div></div>",
            "</article><article><div class='story-text'>{}</div></article>",
        ],
    )
    def test_a_second_article_below(self, second: str) -> None:
        html = page(above="<article>", below=second.format(self.SECOND))
        assert read(html).paragraphs == TEXT

    def test_a_card_amid_the_text(self) -> None:
        headline = "<a href='/apricots'><h3>Apricots from the whole of the valley</h3></a>"
        text = (*TEXT, *NINE["ru"], *NINE["hu"])
        found = read(page(f"<div class='x1'>{headline}<p>{OTHER[0]}</p></div>", text=text))
        assert found.paragraphs == text
        assert taken_by(found, OTHER[0]) in ("card/1", None)

    def test_a_picture_with_its_line(self) -> None:
        inside = (
            "<div class='x2'><img src='/lorry.jpg'><small>Lorries wait before the barrier at Khorgos.</small></div>"
        )
        assert read(page(inside)).paragraphs == TEXT

    def test_a_paragraph_that_is_one_link(self) -> None:
        found = read(page('<p><a href="/apricots">The harvest of apricots was the largest for years</a></p>'))
        assert found.paragraphs == TEXT

    def test_the_title_once_more(self) -> None:
        assert read(page(text=(f"<b>{TITLE}</b>", *TEXT))).paragraphs == TEXT

    def test_a_lead_that_the_body_repeats_stands_once(self) -> None:
        assert read(page(above=f"<div class='lead'>{TEXT[0]}</div>")).paragraphs == TEXT

    def test_a_cut_teaser_that_the_body_gives_in_full(self) -> None:
        assert read(page(above=f"<div class='lead'>{TEXT[0][:70]}…</div>")).paragraphs == TEXT

    def test_a_copy_for_printing(self) -> None:
        copy = "".join(f"<div>{one}</div>" for one in TEXT)
        assert read(page(below=f"<div id='copy'>{copy}</div>")).paragraphs == TEXT

    def test_a_heading_over_links_goes_with_them(self) -> None:
        links = "".join(f"<li><a href='/{at}'>{one}</a></li>" for at, one in enumerate(OTHER))
        assert read(page(f"<h3>From our pages</h3><ul>{links}</ul>")).paragraphs == TEXT

    def test_the_text_ends_with_a_sentence(self) -> None:
        text = (*TEXT, "<b>Dana Orazova,</b>", "<b>Astana</b>")
        found = read(page(text=text))
        assert found.paragraphs == TEXT
        assert taken_by(found, "Dana Orazova") == "tail/1"

    def test_a_list_at_the_end_stays(self) -> None:
        names = ("the Republic of Kazakhstan", "the Kyrgyz Republic", "Hungary")
        html = page(below="", text=(*TEXT, f"<ul>{''.join(f'<li>{one}</li>' for one in names)}</ul>"))
        assert read(html).paragraphs == (*TEXT, *names)


class TestWording:
    """Notes that are none of the text, in nine languages."""

    @pytest.mark.parametrize(
        ("note", "rule"),
        [
            ("Read also: Apricots from the valley", "read-also/1"),
            ("Bunu da okuyun: Vadide kayısı hasadı bitti", "read-also/1"),
            ("Həmçinin oxuyun: Vadidə ərik yığımı başa çatıb", "read-also/1"),
            ("Тағы оқыңыз: Алқапта өрік жиналып бітті", "read-also/1"),
            ("Дагы окуңуз: Өрөөндө өрүк жыйналып бүттү", "read-also/1"),
            ("Shuningdek o‘qing: Vodiyda o‘rik yig‘ib olindi", "read-also/1"),
            ("Читайте также: В долине собрали абрикосы", "read-also/1"),
            ("Ez is érdekelheti: Leszüretelték a kajszit a völgyben", "read-also/1"),
            ("Şeýle hem okaň: Jülgede erik ýygnaldy", "read-also/1"),
            ("Mətndə səhv varsa, onu seçib Ctrl+Enter düyməsini basın.", "correction-note/1"),
            ("Нашли ошибку? Выделите её и нажмите Ctrl+Enter.", "correction-note/1"),
            ("Hata bildir: metni seçin.", "correction-note/1"),
            ("Құжатқа қол қою рәсімі. Сурет: Дана Оразова", "caption-credit/1"),
            ("İmza töreninden. Fotoğraf: Ali Veli", "caption-credit/1"),
            ("Фото: пресс-служба министерства", "caption-credit/1"),
            ("Aláírás Asztanában. Fotó: MTI", "caption-credit/1"),
            ("рет қаралды: 512", "view-count/1"),
            ("310 gezek görüldi", "view-count/1"),
            ("1204 marta ko‘rilgan", "view-count/1"),
            ("Xəbərləri Telegram kanalımızdan izləyin: @steppewire", "follow/1"),
            ("Подписывайтесь на наш канал в Telegram!", "follow/1"),
            ("Haberler için WhatsApp kanalımızı takip edin.", "follow/1"),
            ("Kövess minket a Facebookon!", "follow/1"),
            ("© Steppe Wire. A link to the source is required.", "rights-line/1"),
            ("Бардык укуктар корголгон. Шилтеме милдеттүү.", "rights-line/1"),
            ("Ähli hukuklar goralan, salgylanmak hökman.", "rights-line/1"),
        ],
    )
    def test_a_note_goes(self, note: str, rule: str) -> None:
        found = read(page(f"<p>{note}</p>"))
        assert found.paragraphs == TEXT
        assert taken_by(found, note) in (rule, None)
        assert any(each.name == rule for each in body_rules.RULES)

    @pytest.mark.parametrize(
        "sentence",
        [
            "По теме перевозок выступили представители шести государств и трёх союзов перевозчиков.",
            "Отырыста көлік саласына қатысты 5 мәселе қаралды.",
            "Mövzu ilə bağlı nazirlik öz rəyini aprel ayının 15-də bildirəcək.",
            "Drivers follow the queue in a group on Telegram; two thousand write there of the hours that they wait.",
            "See also how the register of the union works, the minister told those who doubt that it opens in time.",
            "Photographers from six countries will show the roads of the union in a hall beside the station.",
            "The rights of drivers are reserved for a law of their own, which the parliaments will hear.",
            "Bir hata yapılmaması için belgeler iki kez okunuyor, dedi bakan.",
        ],
    )
    def test_a_sentence_stays(self, sentence: str) -> None:
        assert sentence in read(page(f"<p>{sentence}</p>")).paragraphs


NINE = {
    "en": TEXT,
    "tr": (
        "Ulaştırma bakanları Astana'da bir araya gelerek kamyonlar için tek bir elektronik izin belgesinde anlaştı.",
        "Sürücüler şimdi her sınır için ayrı kâğıt taşıyor ve son damga vurulana kadar ortalama iki gün bekliyor.",
        "Macaristan, gelecek bahar açılacak kayıt sisteminin kurallarını yazan gruba iki mühendis gönderecek.",
    ),
    "az": (
        "Nəqliyyat nazirləri Astanada görüşərək yük maşınları üçün vahid elektron icazə barədə razılığa gəliblər.",
        "Sürücülər hazırda hər sərhəd üçün ayrıca kağız daşıyır və orta hesabla iki gün növbə gözləyirlər.",
        "Macarıstan gələn yaz açılacaq reyestrin qaydalarını yazan qrupa iki mühəndis göndərəcək.",
    ),
    "kk": (
        "Көлік министрлері Астанада бас қосып, жүк көліктеріне арналған бірыңғай электрондық рұқсатқа келісті.",
        "Жүргізушілер қазір әр шекараға бөлек қағаз алып жүреді және орта есеппен екі күн кезек күтеді.",
        "Венгрия келер көктемде ашылатын тізілімнің ережесін жазатын топқа екі инженер жібереді.",
    ),
    "ky": (
        "Транспорт министрлери Астанада чогулуп, жүк ташуучу унаалар үчүн электрондук уруксатка макул болушту.",
        "Айдоочулар азыр ар бир чек арага өзүнчө кагаз алып жүрүп, орто эсеп менен эки күн кезек күтүшөт.",
        "Венгрия келерки жазда ачыла турган реестрдин эрежелерин жазган топко эки инженер жиберет.",
    ),
    "uz": (
        "Transport vazirlari Ostonada uchrashib, yuk mashinalari uchun elektron ruxsatnoma haqida kelishib oldi.",
        "Haydovchilar hozir har bir chegara uchun alohida qog‘oz olib yuradi va o‘rtacha ikki kun navbat kutadi.",
        "Vengriya kelgusi bahorda ochiladigan reyestr qoidalarini yozadigan guruhga ikki muhandis yuboradi.",
    ),
    "ru": (
        "Министры транспорта собрались в Астане и договорились о едином электронном разрешении для грузовиков.",
        "Сейчас водители возят отдельную бумагу для каждой границы и в среднем два дня ждут последней печати.",
        "Венгрия направит двух инженеров в группу, которая пишет правила реестра; он откроется следующей весной.",
    ),
    "hu": (
        "A közlekedési miniszterek Asztanában találkoztak, és megállapodtak a teherautók elektronikus engedélyéről.",
        "A sofőrök ma minden határhoz külön papírt visznek magukkal, és átlagosan két napot várnak az utolsó pecsétre.",
        "Magyarország két mérnököt küld a csoportba, amely a jövő tavasszal megnyíló nyilvántartás szabályait írja.",
    ),
    "tk": (
        "Ulag ministrleri Astanada duşuşyp, ýük awtoulaglary üçin ýeke-täk elektron rugsatnama barada ylalaşdylar.",
        "Sürüjiler häzir her serhet üçin aýratyn kagyz göterýärler we ortaça iki gün nobata garaşýarlar.",
        "Wengriýa geljek ýazda açyljak sanawyň düzgünlerini ýazýan topara iki sany inžener iberer.",
    ),
}


@pytest.mark.parametrize("language", NINE)
def test_every_language_reads_the_same(language: str) -> None:
    text = NINE[language] + tuple(one for other in ("en", "ru") if other != language for one in NINE[other])[:2]
    aside = "<div class='related'><a href='/x'>…</a></div>"
    assert read(page(aside, text=text)).paragraphs == text


_TAGS = (
    "div",
    "p",
    "h1",
    "h2",
    "a",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "article",
    "section",
    "figure",
    "blockquote",
    "nav",
)


class TestBadInput:
    @pytest.mark.parametrize(
        "html",
        [
            "<p>x",
            "<html><body></body></html>",
            "<html><frameset><frame src=x></frameset></html>",
            "<html><body><p>…</p><p>!!!</p></body></html>",
            "<html><body>" + "<div class=related>" * 240 + f"<p>{TEXT[0]}</p>" * 20,
            "<html><body>" + "<table><tr><td>" * 80 + f"<p>{TEXT[0]}</p>",
            f"<html><body><h1>{TITLE}</h1><h1>{TITLE}</h1><h2><a href=/x>{TEXT[0]}</a></h2></body></html>",
        ],
    )
    def test_odd_pages_are_read(self, html: str) -> None:
        assert isinstance(read(html), Body)

    def test_plain_text_has_no_blocks(self) -> None:
        assert body.read(Document(html=None, text="A text.")) == Body(())

    @pytest.mark.parametrize(
        "pieces",
        [
            [f"<p>{TEXT[0]} ({at})</p>" for at in range(10_000)],
            [f"<h2><a href='/{at}'>A heading that links to another article, {at}</a></h2>" for at in range(5_000)],
            [f"<article><h1>Title {at}</h1><p>{TEXT[0]} ({at})</p></article>" for at in range(3_300)],
            ["some words of a text. <br>"] * 20_000,
        ],
    )
    @pytest.mark.slow
    def test_a_page_of_twenty_thousand_tags_takes_seconds(self, pieces: list[str]) -> None:
        started = time.process_time()
        read(f"<html><body><div>{''.join(pieces)}</div></body></html>")
        assert time.process_time() - started < 10

    @settings(max_examples=60, deadline=None)
    @given(
        st.recursive(
            st.sampled_from([*TEXT, *OTHER, "12", "—", "", "<br>", "<img src=x>", "<hr>"]),
            lambda inner: st.builds(
                lambda tag, name, parts: f"<{tag} class='{name}' id={name}>{''.join(parts)}</{tag}>",
                st.sampled_from(_TAGS),
                st.sampled_from(["", "related", "lead", "story text", "hidden", "comments", "with-share", "éà"]),
                st.lists(inner, max_size=5),
            ),
            max_leaves=40,
        )
    )
    def test_any_page_is_read_and_nothing_is_made_up(self, html: str) -> None:
        document = Document(html=f"<html><body>{html}</body></html>", text=None)
        shown = "".join("".join(document.tree.itertext()).split()) if document.tree is not None else ""
        found = body.read(document, TITLE)
        assert all("".join(line.split()) in shown for line in found.paragraphs)
        assert len(found.paragraphs) + len(found.dropped) <= len(html)


def test_rules_are_named_once() -> None:
    names = [rule.name for rule in body_rules.RULES]
    assert len(names) == len(set(names))
