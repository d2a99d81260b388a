"""Stage date: the decision, and every candidate with why it was taken or not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from otswatch.consumers import clean, date
from otswatch.consumers.document import Document
from otswatch.records import Article, Discovery

FETCHED = datetime(2025, 10, 9, 12, 0, tzinfo=UTC)
#: It is the 10th in Tashkent, and the 9th in Istanbul.
LATE = datetime(2025, 10, 9, 20, 30, tzinfo=UTC)
PARAGRAPHS = "<p>Ministers of transport met in Astana and agreed on one electronic permit for lorries.</p>" * 4


def dated(
    head: str = "",
    above: str = "",
    below: str = "",
    url: str | None = None,
    fetched_at: datetime | None = FETCHED,
    discovery: Discovery | None = None,
    lang: str = "en",
) -> Article:
    html = f"""<html lang="{lang}"><head>{head}</head><body><article><h1>One permit for lorries</h1>{above}{PARAGRAPHS}
        </article>{below}</body></html>"""
    return run(Document(html=html, text=None, url=url, fetched_at=fetched_at, discovery=discovery))


def run(document: Document) -> Article:
    return date.STAGE.run(document, clean.STAGE.run(document, Article(id="0" * 32, url=document.url, source=None)))


def at(article: Article) -> str | None:
    return article.published.at if article.published else None


def verdicts(article: Article) -> dict[str | None, str]:
    return {candidate.at: candidate.verdict for candidate in article.date_candidates}


def published(value: str) -> str:
    return f'<meta property="article:published_time" content="{value}">'


def test_a_moment_is_kept_with_its_zone_and_its_interval() -> None:
    article = dated(published("2025-10-08T09:05:30+05:00"))
    assert article.published
    assert (article.published.at, article.published.precision) == ("2025-10-08T09:05:30+05:00", "second")
    assert article.published.start == datetime(2025, 10, 8, 4, 5, 30, tzinfo=UTC)
    assert article.published.evidence[0].path == "meta[property=article:published_time]"


def test_places_that_agree_outweigh_one_that_does_not() -> None:
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2025-10-01"}</script>'
    article = dated(
        script + published("2025-10-08"),
        '<time datetime="2025-10-08">8 October</time>',
        url="https://x.example/2025/10/08/permit",
    )
    assert at(article) == "2025-10-08"
    assert verdicts(article)["2025-10-01"] == "rejected"


def test_published_is_told_from_modified() -> None:
    article = dated(
        published("2025-10-07T10:00:00Z") + '<meta property="article:modified_time" content="2025-10-08T10:00:00Z">'
    )
    assert at(article) == "2025-10-07T10:00:00+00:00"
    assert article.modified
    assert article.modified.at == "2025-10-08T10:00:00+00:00"


def test_a_change_before_the_publication_is_none() -> None:
    article = dated(published("2025-10-07") + '<meta property="article:modified_time" content="2024-10-08">')
    assert article.modified is None


def test_nothing_is_published_after_it_was_fetched() -> None:
    article = dated(published("2025-12-24T10:00:00Z"), '<span class="date">8 October 2025</span>')
    assert at(article) == "2025-10-08"
    candidate = article.date_candidates[0]
    assert (candidate.verdict, candidate.why) == ("rejected", "after the fetch")


def test_a_bare_year_is_a_year() -> None:
    article = dated(published("2025"))
    assert article.published
    assert (article.published.at, article.published.precision) == ("2025", "year")
    assert article.published.end == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_clock_without_a_zone_is_kept_and_means_its_printed_day() -> None:
    article = dated(published("2025-10-08T23:30:00"))
    assert article.published
    assert (article.published.at, article.published.precision) == ("2025-10-08T23:30:00", "second")
    assert article.published.start == datetime(2025, 10, 8, tzinfo=UTC)
    assert article.published.end == datetime(2025, 10, 9, tzinfo=UTC)


class TestAfterTheFetch:
    """Nothing that begins after the fetch is taken, by the page's own clock where its zone is known."""

    @pytest.mark.parametrize(
        ("printed", "fetched_at"),
        [
            ("2025-10-09T12:00:05Z", FETCHED),
            ("2025-10-11", FETCHED),
            ("2025-11", FETCHED),
            ("2025-10-10", datetime(2025, 10, 9, 9, 30, tzinfo=UTC)),  # nowhere has it begun
            ("2025-10-09T18:00:00+05:00", FETCHED),
            ("2025-10-09T23:00", datetime(2025, 10, 9, 8, 0, tzinfo=UTC)),  # nowhere is it that late yet
        ],
    )
    def test_later_is_out(self, printed: str, fetched_at: datetime) -> None:
        article = dated(published(printed), fetched_at=fetched_at)
        assert at(article) is None
        assert article.date_candidates[0].why == "after the fetch"

    def test_the_next_day_has_begun_where_the_zone_says_so(self) -> None:
        assert at(dated(published("2025-10-10"), fetched_at=LATE, url="https://x.tr/permit")) is None
        assert at(dated(published("2025-10-10"), fetched_at=LATE, url="https://x.uz/permit")) == "2025-10-10"

    @pytest.mark.parametrize(
        ("printed", "expected"),
        [
            ("10 October 2025", "2025-10-10"),
            ("10 October", "2025-10-10"),
            ("10 October 2025, 00:15", "2025-10-10T00:15:00"),
            ("10 October 2025, 11:00", None),
        ],
    )
    def test_where_the_zone_is_not_known_it_may_have_begun(self, printed: str, expected: str | None) -> None:
        assert at(dated(above=f'<p class="date">{printed}</p>', fetched_at=LATE)) == expected

    def test_a_machine_date_of_the_rendering_gives_way_to_a_printed_day(self) -> None:
        article = dated(published("2025-10-09T11:59:50+00:00"), '<span class="date">3 October 2025</span>')
        assert at(article) == "2025-10-03"
        assert "moment of the fetch" in article.date_candidates[0].why
        assert at(dated(published("2025-10-09T11:59:50+00:00"))) == "2025-10-09T11:59:50+00:00"


def test_one_moment_in_utc_and_on_the_pages_clock_is_shown_as_a_reader_saw_it() -> None:
    article = dated(published("2025-10-07T21:05:30Z"), '<p class="date">8 October 2025, 02:05</p>')
    assert article.published
    assert (article.published.at, article.published.precision) == ("2025-10-08T02:05:30+05:00", "second")
    assert article.published.start == datetime(2025, 10, 7, 21, 5, 30, tzinfo=UTC)


def test_a_name_with_several_days_is_doubted() -> None:
    several = "".join(f'<meta itemprop="datePublished" content="2025-0{month}-01">' for month in (3, 4))
    assert at(dated(several + '<meta property="article:published_time" content="2025-10-08">')) == "2025-10-08"


def test_the_templates_meta_tag_gives_way_to_the_day_by_the_title() -> None:
    fixed = published("2019-11-11T09:00:00+05:00")
    assert at(dated(fixed, '<div class="day">8 October 2025</div>')) == "2025-10-08"
    changed = '<meta property="article:modified_time" content="2025-10-08T09:00:00+05:00">'
    assert at(dated(fixed + changed, '<div class="day">8 October 2025</div>')) == "2019-11-11T09:00:00+05:00"


def test_the_month_in_the_address_speaks_for_a_day_in_a_doubtful_place() -> None:
    below = '<aside class="sidebar"><p>8 October 2025</p></aside>'
    assert at(dated(below=below)) is None
    assert at(dated(below=below, url="https://x.example/2025/10/permit")) == "2025-10-08"


def test_a_script_is_read_where_nothing_else_says_a_day() -> None:
    script = '<script>var page = {"title": "Permit", "datePublished": "2025-10-08T09:05:00+05:00"};</script>'
    article = dated(script)
    assert article.published
    assert (article.published.at, article.published.source) == ("2025-10-08T09:05:00+05:00", "script")
    assert at(dated(script + published("2025-10-07"))) == "2025-10-07"
    assert at(dated(script + script.replace("10-08", "10-02"))) is None


class TestModified:
    def test_the_same_minute_is_no_change(self) -> None:
        same = '<meta property="article:modified_time" content="2025-10-07T10:00:20Z">'
        assert dated(published("2025-10-07T10:00:00Z") + same).modified is None

    def test_each_of_two_labelled_times_is_what_its_label_says(self) -> None:
        line = "<p>Published: 7 October 2025, 10:00 <i>Updated: 7 October 2025, 18:30</i></p>"
        article = dated(above=line)
        assert at(article) == "2025-10-07T10:00:00"
        assert article.modified
        assert article.modified.at == "2025-10-07T18:30:00"

    def test_where_only_a_change_is_printed_its_day_is_taken_with_less_confidence(self) -> None:
        article = dated(above="<p>Last updated: 7 October 2025, 18:30</p>")
        assert article.published
        assert (article.published.at, article.published.precision) == ("2025-10-07", "day")
        assert article.published.confidence < 0.5


@pytest.mark.parametrize(
    ("lang", "line", "expected"),
    [
        ("tr", '<div class="tarih">Giriş: 08.10.2025 09:05</div>', "2025-10-08T09:05:00"),
        ("az", "<p>2025-ci il 8 oktyabr</p>", "2025-10-08"),
        ("de", '<span class="date">8. Oktober 2025</span>', "2025-10-08"),
    ],
)
def test_a_date_that_only_readers_see(lang: str, line: str, expected: str) -> None:
    bodies = {
        "tr": "Ulaştırma bakanları Astana'da bir araya geldi ve kamyonlar için tek bir izin belgesi üzerinde anlaştı.",
        "az": "Nəqliyyat nazirləri Astanada görüşüb və yük maşınları üçün vahid icazə barədə razılığa gəliblər.",
        "de": "Die Verkehrsminister trafen sich in Astana und einigten sich auf eine Genehmigung für Lastwagen.",
    }
    paragraphs = f"<p>{bodies[lang]}</p>" * 4
    html = f'<html lang="{lang}"><body><article><h1>Astana</h1>{line}{paragraphs}</article></body></html>'
    assert at(run(Document(html=html, text=None, fetched_at=FETCHED))) == expected


def test_the_dates_of_other_news_and_of_the_masthead_are_not_the_articles() -> None:
    items = "<li>Wheat <time>1 May 2024</time></li><li>Bridge <time>3 May 2024</time></li>"
    article = dated(below=f'<aside class="related"><ul>{items}</ul></aside><footer>© 2019 X</footer>')
    assert at(article) is None
    assert set(verdicts(article).values()) == {"rejected"}


def test_the_feeds_word_counts() -> None:
    feed = Discovery(by="feed", via="https://x.example/rss", published="Wed, 08 Oct 2025 09:05:00 +0500")
    article = dated(discovery=feed)
    assert article.published
    assert (article.published.at, article.published.source) == ("2025-10-08T09:05:00+05:00", "feed")
    assert article.published.evidence[0].frame == "feed"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/2025/10/08/permit", "2025-10-08"),
        ("https://x.example/2025/oct/08/permit", "2025-10-08"),
        ("https://x.example/news-20251008-1.html", "2025-10-08"),
        ("https://x.example/2025/10/permit", "2025-10"),
        ("https://x.example/2025/99/99/permit", None),
        ("https://x.example/news/20251008090527301-permit", "2025-10-08T09:05:00"),
        ("https://archive.example/web/20250901120000/https://x.example/2025/08/07/permit", "2025-08-07"),
    ],
)
def test_dates_in_addresses(url: str, expected: str | None) -> None:
    assert at(dated(url=url)) == expected


def test_a_printed_day_next_to_a_machines_moment_is_that_moment() -> None:
    script = """<script type="application/ld+json">
        {"@type": "NewsArticle", "datePublished": "2025-10-07T22:30:00Z"}</script>
        <meta name="date" content="2025-10-08">"""
    printed = '<span class="date">8 October 2025</span>'
    assert at(dated(script, printed)) == "2025-10-07T22:30:00+00:00"
    assert at(dated(script, printed, url="https://x.example/2025/10/08/permit")) == "2025-10-08"


class TestText:
    def test_the_dateline_of_a_pasted_text(self) -> None:
        given = "date 2025-10-08 8 October 2025 09:05 (UTC+05:00)\n\nDana Orazova\n\nThe ministers met in Astana."
        article = run(Document(html=None, text=given))
        assert article.published
        assert (article.published.at, article.published.precision) == ("2025-10-08T09:05:00+05:00", "minute")
        assert article.published.source == "dateline"
        for evidence in article.published.evidence:
            assert given[evidence.start : evidence.end] == evidence.text

    def test_a_weekday_stays_unresolved(self) -> None:
        article = run(
            Document(html=None, text="The ministers met in Astana Friday to agree on one permit for lorries.")
        )
        assert article.published is None
        (candidate,) = article.date_candidates
        assert (candidate.at, candidate.verdict, candidate.evidence.text) == (None, "unresolved", "Friday")

    def test_an_events_date_is_not_the_publications(self) -> None:
        article = run(
            Document(html=None, text="As was said in the capital on 14 February 2024, the lorries need one permit.")
        )
        assert article.published is None
        assert verdicts(article) == {"2024-02-14": "rejected"}

    def test_relative_words_resolve_only_against_a_fetch(self) -> None:
        text = "Yesterday, 14:05\n\nThe ministers met in Astana and agreed on one permit for lorries."
        known = run(Document(html=None, text=text, fetched_at=datetime(2025, 10, 9, 9, 30, tzinfo=UTC)))
        assert at(known) == "2025-10-08T14:05:00"
        assert "relative to the fetch" in known.date_candidates[0].why
        unknown = run(Document(html=None, text=text))
        assert at(unknown) is None
        assert unknown.date_candidates[0].verdict == "unresolved"

    @pytest.mark.parametrize("line", ["Today", "Yesterday, 14:05"])
    def test_where_today_may_be_over_on_the_pages_clock_its_words_say_no_day(self, line: str) -> None:
        text = f"{line}\n\nThe ministers met in Astana and agreed on one permit for lorries."
        article = run(Document(html=None, text=text, fetched_at=LATE))
        assert article.published is None
        candidate = article.date_candidates[0]
        assert (candidate.at, candidate.precision, candidate.verdict) == (None, None, "unresolved")
        assert "zone" in candidate.why
        known = run(Document(html=None, text=text, url="https://x.uz/permit", fetched_at=LATE))
        assert at(known) == {"Today": "2025-10-10", "Yesterday, 14:05": "2025-10-09T14:05:00"}[line]

    def test_every_offset_in_the_text_holds_its_words(self) -> None:
        article = run(
            Document(html=None, text="Ministers met on Monday and on 3 May 2024 in Astana to agree on a permit.")
        )
        assert article.content
        for candidate in article.date_candidates:
            evidence = candidate.evidence
            assert article.content.text[evidence.start : evidence.end] == evidence.text


SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.exists(), reason="../shared/seeds is not here")
@pytest.mark.parametrize(
    ("number", "expected", "precision"),
    [
        ("000", None, None),
        ("001", "2025-04-15T16:15:00+04:00", "minute"),
        ("002", None, None),
        ("003", "2026-03-10", "day"),
    ],
)
def test_the_seeds_are_dated_by_their_dateline_or_not_at_all(
    number: str, expected: str | None, precision: str | None
) -> None:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    article = run(Document(html=None, text=path.read_text(encoding="utf-8")))
    assert at(article) == expected
    assert (article.published.precision if article.published else None) == precision
    assert article.content
    assert (article.content.authors != ()) == (number == "001")
    assert not article.content.text.startswith(("date", "20"))
    assert ("unresolved" in verdicts(article).values()) == (number in ("000", "003"))
