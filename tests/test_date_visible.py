"""Stage date: which of the dates printed on a page is the article's, by where it stands."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otswatch.consumers.date import date
from otswatch.consumers.date_layout import layout
from otswatch.consumers.document import Document
from otswatch.dates import MOST_AHEAD, find, interval, parse
from otswatch.records import Article, Content

FETCHED = datetime(2025, 10, 9, 12, 0, tzinfo=UTC)
TITLE = "One permit for lorries of six countries"
PARAGRAPHS = (
    "Ministers of transport met in Astana and agreed on one electronic permit for lorries that their offices give.",
    "The permit replaces six forms on paper; a driver shows it on the telephone, and the border post reads it.",
)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def dated(body: str, language: str = "en", fetched_at: datetime | None = FETCHED, url: str | None = None) -> Article:
    """The date of a page whose title and text are known."""
    content = Content(title=TITLE, text="\n\n".join(PARAGRAPHS), language=language, extractor="test/1")
    document = Document(html=f"<html><body>{body}</body></html>", text=None, url=url, fetched_at=fetched_at)
    return date(document, Article(id="0" * 32, url=url, source=None, content=content))


def at(body: str, language: str = "en", fetched_at: datetime | None = FETCHED) -> str | None:
    published = dated(body, language, fetched_at).published
    return published.at if published else None


def why(article: Article, text: str) -> str:
    return next(candidate.why for candidate in article.date_candidates if text in candidate.evidence.text)


class TestPlaces:
    @pytest.mark.parametrize(
        "body",
        [
            f"<h1>{TITLE}</h1><div>8 October 2025</div>{TEXT}",
            f"<div>8 October 2025</div><h1>{TITLE}</h1>{TEXT}",
            f"<h1>{TITLE}</h1>{TEXT}<div>8 October 2025</div>",
            f"<h3>{TITLE}</h3><p>{PARAGRAPHS[0]}</p><div>8 October 2025</div><p>{PARAGRAPHS[1]}</p>",
            f"<table><tr><td><b>{TITLE}</b><br><i>8 October 2025</i><br>{'<br>'.join(PARAGRAPHS)}</td></tr></table>",
            f'<h1>{TITLE}</h1><a href="/2025/10/08/">8 October 2025</a>{TEXT}',
        ],
    )
    def test_beside_the_title_and_the_text(self, body: str) -> None:
        assert at(body) == "2025-10-08"

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (
                f"<h1>{TITLE}</h1><p>As <b>8 October 2025</b> comes near, many drivers ask what it is for.</p>{TEXT}",
                "event's",
            ),
            (f'<h1>{TITLE}</h1>{TEXT}<aside class="other"><p>8 October 2025</p></aside>', "not the article's"),
            (f'<div class="weather"><p>8 October 2025</p></div><h1>{TITLE}</h1>{TEXT}', "not the article's"),
            (f"<h1>{TITLE}</h1>{TEXT}<div><h4>Wheat</h4><p>8 October 2025</p></div>", "another heading"),
            (
                f"<h1>{TITLE}</h1>{TEXT}<a href=x>{'Wheat comes by train. ' * 4}<i>8 October 2025</i></a>",
                "link to something else",
            ),
            (f"<h1>{TITLE}</h1>{TEXT}{'<p>Some words of the footer.</p>' * 20}<p>8 October 2025</p>", "far"),
            (
                f"<h1>{TITLE}</h1><figure><figcaption>At the border, 8 October 2025</figcaption></figure>{TEXT}",
                "caption",
            ),
            (
                f"<header>{'<a href=x>News</a>' * 3}<p>8 October 2025</p></header><h1>{TITLE}</h1>{TEXT}",
                "the page's header",
            ),
        ],
    )
    def test_places_of_other_dates(self, body: str, reason: str) -> None:
        article = dated(body)
        assert article.published is None
        assert reason in why(article, "8 October 2025")

    def test_dates_that_look_alike_are_a_lists(self) -> None:
        items = "".join(f'<li><span class="d">{day} October 2025</span> Item</li>' for day in (8, 7, 6))
        article = dated(f"<h1>{TITLE}</h1>{TEXT}<ul>{items}</ul>")
        assert article.published is None
        assert "look alike" in why(article, "7 October")

    def test_the_only_date_in_a_dates_place_is_believed_far_away(self) -> None:
        gap = "<p>Some words of the footer.</p>" * 20
        far = f'<h1>{TITLE}</h1>{TEXT}{gap}<p class="date">8 October 2025</p>'
        assert at(far) == "2025-10-08"
        assert at(f'{far}{gap}<div class="date">3 October 2025</div>') is None

    def test_a_label_says_it_anywhere(self) -> None:
        gap = "<p>Some words of the footer.</p>" * 20
        assert at(f"<h1>{TITLE}</h1>{TEXT}{gap}<p>Published: 8 October 2025</p>") == "2025-10-08"


class TestMasthead:
    def test_a_clock_above_the_title_is_the_visits(self) -> None:
        article = dated(f"<div>9 October 2025, 17:02</div><h1>{TITLE}</h1>{TEXT}", url="https://x.uz/1", language="uz")
        assert article.published is None
        assert "a clock" in why(dated(f"<p>9 October 2025, 12:01</p><h1>{TITLE}</h1>{TEXT}"), "9 October 2025")

    def test_the_day_of_the_visit_gives_way_to_another(self) -> None:
        page = f"<div>9 October 2025</div><h1>{TITLE}</h1>{TEXT}<div>3 October 2025</div>"
        assert at(page) == "2025-10-03"
        assert at(f"<div>9 October 2025</div><h1>{TITLE}</h1>{TEXT}") == "2025-10-09"

    def test_where_the_zone_is_not_known_the_visit_may_be_on_the_next_day(self) -> None:
        page = f"<div>10 October 2025</div><h1>{TITLE}</h1>{TEXT}<div>3 October 2025</div>"
        assert at(page, fetched_at=datetime(2025, 10, 9, 20, 30, tzinfo=UTC)) == "2025-10-03"


class TestLines:
    @pytest.mark.parametrize(
        ("line", "language", "expected"),
        [
            ("<span>8</span> <span>October</span> <span>2025</span>", "en", "2025-10-08"),
            ("<ul><li>8 oktyabr, 2025</li><li>09:05</li></ul>", "az", "2025-10-08T09:05:00"),
            ("<span>08.10.2025<b>09:05</b></span>", "tk", "2025-10-08T09:05:00"),
            ("<p>08.10.2025 | 09:05</p>", "kk", "2025-10-08T09:05:00"),
            ("<p>08.10.202509:05</p>", "ky", "2025-10-08T09:05:00"),
            ("<p>09:05, 8 Октябрь 2025 | GMT +5</p>", "uz", "2025-10-08T09:05:00+05:00"),
            ("<p>8 Ekim 2025</p>", "ky", "2025-10-08"),  # the template is in another language than its page
            ('<time datetime="2025-10-08T09:05:00+05:00">yesterday</time>', "en", "2025-10-08T09:05:00+05:00"),
            ('<span data-timestamp="1759896300">yesterday</span>', "en", "2025-10-08T04:05:00+00:00"),
            ("<p>Кечээ, 09:05</p>", "ky", "2025-10-08T09:05:00"),
            ("<p>Oktyabr 2025</p>", "az", "2025-10"),
            ("<p>8 қазан</p>", "kk", "2025-10-08"),
        ],
    )
    def test_a_date_in_pieces_is_one_line(self, line: str, language: str, expected: str) -> None:
        assert at(f"<h1>{TITLE}</h1><div>{line}</div>{TEXT}", language) == expected

    def test_each_of_two_stamps_has_its_label(self) -> None:
        line = (
            'Published <time datetime="2025-10-07T10:00:00Z">7 Oct 2025</time> '
            'Updated <time datetime="2025-10-08T11:30:00Z">8 Oct 2025</time>'
        )
        article = dated(f"<h1>{TITLE}</h1><div>{line}</div>{TEXT}")
        assert article.published
        assert article.modified
        assert (article.published.at, article.modified.at) == ("2025-10-07T10:00:00+00:00", "2025-10-08T11:30:00+00:00")

    def test_the_class_updated_alone_says_no_change(self) -> None:
        article = dated(f'<h1>{TITLE}</h1><time class="entry-date updated">8 October 2025</time>{TEXT}')
        assert article.published
        assert article.modified is None

    def test_a_month_among_other_words_is_no_date(self) -> None:
        assert at(f"<h1>{TITLE}</h1><p>Joined March 2017</p>{TEXT}") is None


_FRAGMENTS = st.sampled_from(
    [
        "<h1>",
        f"<h1>{TITLE}</h1>",
        TEXT,
        "<p>9 October 2025, 13:30</p>",
        "<p>10 October 2025</p>",
        "<p>10.10.2025 00:30</p>",
        "<div class='date'>8 October</div>",
        "<p>yesterday at 23:59</p>",
        "<p>2 hours ago</p>",
        "<time datetime='2025-10-09T15:00:00+02:00'>now</time>",
        "<time datetime='2025-12-24'></time>",
        "<span data-time='1760011300'>today</span>",
        '<meta property="article:published_time" content="2025-10-09T12:00:01Z">',
        '<meta name="date" content="2025-10-09T23:00:00">',
        "<i>15.04.25</i>",
        "</div>",
        "<p>Mart 2026</p>",
        "<li>12:01</li>",
    ]
)


@given(st.lists(_FRAGMENTS, max_size=12), st.sampled_from(["en", "tr", "kk", "und", "de"]))
@settings(deadline=None)
def test_no_decision_is_after_the_fetch_and_every_evidence_says_what_it_read(parts: list[str], language: str) -> None:
    article = dated("".join(parts), language)
    for decided in filter(None, (article.published, article.modified)):
        start, _ = interval(decided.at, decided.precision)
        assert start <= (FETCHED if "+" in decided.at else FETCHED + MOST_AHEAD)
        assert decided.evidence[0].text
    assert sum(candidate.verdict == "taken" for candidate in article.date_candidates) <= 2
    for candidate in article.date_candidates:
        assert candidate.why
        assert candidate.evidence.path or candidate.evidence.frame == "text"


@given(st.text(alphabet="0123456789.:/-–|, TZ+apr'ilnisan2025апрель15-i\n", max_size=200), st.booleans())
@settings(deadline=None)
def test_no_text_is_too_strange_to_read(text: str, known: bool) -> None:
    for language in ("en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk", "mul", "de", None):
        for reading in find(text, language, FETCHED if known else None):
            assert 0 <= reading.start < reading.end <= len(text)
            assert reading.at is None or interval(reading.at, reading.precision or "day")
        parse(text, language, FETCHED if known else None)


def test_the_layout_knows_where_the_title_and_the_text_stand() -> None:
    document = Document(html=f"<body><p>{TITLE}</p><h1>{TITLE}</h1><i>x</i>{TEXT}<p>y</p></body>", text=None)
    assert document.tree is not None
    page = layout(document.tree, Content(title=TITLE, text="\n\n".join(PARAGRAPHS), language="en", extractor="test/1"))
    assert [page.chunks[index].text for index in page.title] == [TITLE]
    assert page.title.start == 1
    assert [page.chunks[index].text for index in page.body] == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "body",
    [
        "<time datetime='2025-10-08'></time>" * 8000,
        "<b>1.1.20</b>" * 8000,
        "<p>" + "<i>8 October</i>" * 8000,
        f"<h1>{TITLE}</h1>" * 8000,
        "<li>12:05 <a href=x>8 October 2025</a></li>" * 8000,
    ],
)
def test_a_page_of_nothing_but_dates_takes_no_longer_than_a_page(body: str) -> None:
    begun = time.process_time()
    dated(body + TEXT)
    assert time.process_time() - begun < 5
