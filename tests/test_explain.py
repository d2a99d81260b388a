"""What `otswatch explain` shows: what was kept, dropped and dated, and why; at 80 columns, and in a pipe."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from rich.cells import cell_len

from otswatch.cli import explanation
from otswatch.cli.common import out
from otswatch.cli.explanation import Explained, explained, show
from otswatch.consumers import body
from otswatch.consumers.body import Body, Dropped
from otswatch.consumers.given import Given
from otswatch.records import Article, Content, DateCandidate, Dated, Evidence
from tests.commandline import otswatch
from tests.factory import ABOUT, FETCHED
from tests.factory import article as make

PARAGRAPHS = (
    "TDT-nin daxili işlər nazirləri Səmərqənddə toplaşdılar və məlumat mübadiləsi haqqında razılığa gəldilər.",
    "Uzun bir cümlə " * 20 + "sərhəd təhlükəsizliyi " + "və başqa məsələlər " * 20 + "haqqında danışıldı.",
    "Türk Dövlətləri Təşkilatı 2009-cu ildə Naxçıvanda yaradılıb və onun katibliyi İstanbulda yerləşir.",
)
TEXT = "\n\n".join(PARAGRAPHS)
Shown = Callable[..., str]


def words(text: str, rule: str = "test/1:term") -> Evidence:
    start = TEXT.index(text)
    return Evidence(frame="text", start=start, end=start + len(text), text=text, rule=rule)


def candidate(
    at: str | None,
    verdict: Literal["taken", "rejected", "unresolved"],
    text: str,
    why: str,
    path: str = "div.post-date",
) -> DateCandidate:
    return DateCandidate(
        at=at,
        precision="minute" if at else None,
        source="text",
        role="published",
        verdict=verdict,
        why=why,
        evidence=Evidence(frame="html", path=path, text=text, rule="numeric/1"),
    )


@pytest.fixture
def article() -> Article:
    evidence = {
        "title": Evidence(frame="meta", path="meta[property=og:title]", text="Nazirlər | Çöl Xəbər", rule="title/1"),
        "dateline": Evidence(frame="html", path="first paragraphs", text="SƏMƏRQƏND, 2 mart", rule="dateline-line/1"),
        "authors": Evidence(
            frame="html", path="first paragraphs", text="Müəllif: Aynur Məmmədova", rule="byline-line/1"
        ),
    }
    content = Content(
        title="Nazirlər",
        text=TEXT,
        language="az",
        authors=("Aynur Məmmədova",),
        dateline="SƏMƏRQƏND, 2 mart",
        evidence=evidence,
        extractor="clean/3",
    )
    start = datetime(2026, 3, 2, 10, 5, tzinfo=UTC)
    at = "2026-03-02T14:05:00+04:00"
    candidates = (
        candidate("2024-01-09T00:00:00", "rejected", "9 yanvar 2024", "stands in a part that is not the article's"),
        candidate(at, "taken", "2 mart 2026, 14:05", "the best place"),
        candidate(None, "unresolved", "bazar ertəsi", "does not say which day"),
    )
    published = Dated(
        at=at,
        precision="minute",
        start=start,
        end=start + timedelta(minutes=1),
        source="text",
        confidence=0.9,
        evidence=(candidates[1].evidence,),
    )
    return make("a1", TEXT, content=content, published=published, date_candidates=candidates)


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What is printed for an article, at a width."""

    def shown(article: Article, *dropped: tuple[str, str], width: int = 80, whole: bool = False) -> str:
        monkeypatch.setattr(out, "width", width)
        show(article, dropped, whole=whole)
        return capsys.readouterr().out

    return shown


def one_line(text: str) -> str:
    """The words of the cells, without the lines that they are broken into."""
    return " ".join(text.split())


# ---------------------------------------------------------------------------------------------------------------- dates


def test_the_decision_says_what_it_can_mean_and_how_sure_it_is(article: Article, shown: Shown):
    printed = one_line(shown(article))
    assert "published 2026-03-02T14:05:00+04:00 (minute, from text)" in printed
    assert "between 2026-03-02 10:05 and 2026-03-02 10:06 UTC" in printed
    assert "confidence 0.90, 1 place says so" in printed
    assert "modified unknown" in printed


def test_every_date_that_was_seen_is_a_row_the_taken_one_first(article: Article, shown: Shown):
    printed = shown(article, width=140)
    rows = printed[printed.index("Dates that were seen") :]
    for cell in ("div.post-date", "2 mart 2026, 14:05", "the best place", "9 yanvar 2024", "no day", "bazar ertəsi"):
        assert cell in rows
    assert re.findall(r"taken|rejected|unresolved", rows) == ["taken", "rejected", "unresolved"]


def test_dates_that_are_alike_are_one_row_and_what_is_too_much_is_counted(article: Article, shown: Shown):
    many = tuple(candidate(f"20{year:02}-01-01", "rejected", f"1.1.{year}", "too old") for year in range(90))
    again = (candidate("2025-01-01", "rejected", "1 yanvar", "a sidebar"),) * 7
    printed = one_line(shown(article.replace(date_candidates=again + many), width=140))
    assert "a sidebar (7 times)" in printed
    assert "and 61 more rejected" in printed


# ----------------------------------------------------------------------------------------------------------------- text


def test_fields_stand_beside_their_places_and_the_words_they_were_read_from(article: Article, shown: Shown):
    printed = shown(article, width=160)
    for shown_together in (
        r"title +Nazirlər +meta: meta\[property=og:title\] +title/1",
        r"“Nazirlər \| Çöl Xəbər”",
        r"dateline +SƏMƏRQƏND, 2 mart +html: first paragraphs +dateline-line/1",
        r"authors +Aynur Məmmədova +html: first paragraphs +byline-line/1",
        r"image +unknown",
    ):
        assert re.search(shown_together, printed), shown_together


def test_kept_paragraphs_are_shortened_but_not_the_words_that_count(article: Article, shown: Shown):
    area = {"id": "security", "score": 3, "evidence": (words("sərhəd təhlükəsizliyi"),)}
    article = Article.model_validate(
        {**article.model_dump(), "areas": (area,), "relevance": {"level": "about", "score": 1}}
    )
    printed = shown(article)
    assert PARAGRAPHS[0] in one_line(printed)
    assert "sərhəd təhlükəsizliyi" in one_line(printed[printed.index("what was kept") :])
    assert re.search(r"… \d+ characters more", printed)
    assert len(printed) < len(shown(article, whole=True))
    assert PARAGRAPHS[1] in one_line(shown(article, whole=True))


def test_background_is_marked(article: Article, shown: Shown):
    assert article.content
    content = article.content.replace(background=(words(PARAGRAPHS[2]),))
    assert f"background, counts for nothing: {PARAGRAPHS[2]}" in one_line(
        shown(article.replace(content=content), width=160)
    )


def test_what_was_dropped_stands_beside_its_rule(article: Article, shown: Shown):
    related = "Bunu da oxuyun: Astanada yeni körpü açıldı"
    printed = shown(article, (related, "read-more"), ("© Çöl Xəbər. " + "Bütün hüquqlar qorunur. " * 9, "copyright"))
    assert re.search(rf"read-more +{related}", printed)
    assert re.search(r"copyright +© Çöl Xəbər\.", printed)
    assert re.search(r"… \d+ characters more", printed[printed.index("Left out") :])
    assert "No paragraph was left out by a rule." in shown(article)


def test_at_most_forty_of_the_dropped_are_shown_unless_all_are_wanted(article: Article, shown: Shown):
    dropped = [(f"Kart {n}", "related") for n in range(100)]
    assert "and 60 more" in shown(article, *dropped)
    assert "Kart 99" in shown(article, *dropped, whole=True)


# --------------------------------------------------------------------------------------------------------------- layout


@pytest.mark.parametrize("width", [80, 200])
def test_no_line_is_wider_than_the_terminal_and_none_is_coloured_in_a_pipe(article: Article, shown: Shown, width: int):
    long = "https://cöl-xəbər.example/" + "a" * 500
    assert article.content
    hostile = candidate("2024-01-01", "rejected", long + "1" * 3000, "x" * 400, path="p" * 900)
    article = article.replace(url=long, date_candidates=(hostile,), content=article.content.replace(image=long))
    printed = shown(article, ("b" * 5000, "rule"), width=width)
    assert max(map(cell_len, printed.splitlines())) <= width
    assert "\x1b" not in printed


def test_words_of_a_page_do_not_steer_the_terminal(article: Article, shown: Shown):
    steering = "\x1b[2J\x9b31m\u202e\ud800[red]"
    assert article.content
    content = article.content.replace(
        title=steering,
        text=f"{steering} {TEXT}",
        evidence={"title": Evidence(frame="json-ld", path=steering, text=steering + "x", rule="title/1")},
    )
    dates = (candidate("2024-01-01", "rejected", steering, steering),)
    printed = shown(article.replace(content=content, date_candidates=dates, detail=steering), (steering, "rule"))
    assert not set(printed) & set("\x1b\x9b\u202e\ud800")
    assert "[red]" in printed


def test_without_a_text_there_is_only_what_is_known(shown: Shown):
    printed = shown(Article(id="0" * 32, url=None, source=None).quarantined("not-html", "a PDF"))
    assert re.search(r"status +quarantined – not-html – a PDF", printed)
    assert "Dates" not in printed


# ---------------------------------------------------------------------------------------------------------- the command


def test_what_the_stages_left_out_comes_with_the_article(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(body, "read", lambda *_: Body(("Kept.",), (Dropped("Left.", "related"),)))
    made = explained(Given(html=ABOUT.format(title="Ministers", more=""), fetched_at=FETCHED))
    assert isinstance(made, Explained)
    assert made.dropped == (("Left.", "related"),)
    text = explained(Given(text="Ministers of the Organization of Turkic States met in Baku."))
    assert isinstance(text, Explained)
    assert text.dropped == ()
    unreadable = explained(Given(html=b"%PDF-1.7"))
    assert isinstance(unreadable, Explained)
    assert Article.from_json(unreadable.article).reason == "not-html"


def test_a_book_of_a_page_is_not_printed_whole(article: Article, shown: Shown):
    text = "\n\n".join(f"Nazir {n} təhlükəsizlik haqqında danışdı." for n in range(20_000))
    places = [match.start() for match in re.finditer("təhlükəsizlik", text)]
    said = [
        Evidence(frame="text", start=at, end=at + 13, text=text[at : at + 13], rule=f"areas/1:{at % 50}")
        for at in places
    ]
    areas = ({"id": "security", "score": 3, "evidence": said},)
    assert article.content
    content = article.content.replace(text=text, evidence={})
    relevance = {"level": "about", "score": 1}
    book = Article.model_validate(
        {**article.replace(content=content).model_dump(), "areas": areas, "relevance": relevance}
    )
    printed = shown(book, width=120)
    assert "and 42 more" in printed
    assert "and 19,940 paragraphs more" in printed


@pytest.mark.slow
def test_a_json_line_says_when_and_where_a_page_was_fetched(tmp_path: Path):
    line = {
        "html": ABOUT.format(title="Ministers meet", more=""),
        "url": "https://x.example/1",
        "fetched_at": FETCHED.isoformat(),
    }
    (tmp_path / "page.jsonl").write_text(json.dumps(line), encoding="utf-8")
    said = otswatch("explain", "page.jsonl", "--whole", folder=tmp_path)
    assert (said.code, said.err) == (0, "")
    assert "https://x.example/1" in said.out
    assert "2026-03-03 09:30 UTC" in said.out
    assert "delegations of all member states." in one_line(said.out)


@pytest.mark.slow
def test_a_page_that_takes_too_long_is_said_in_one_line(tmp_path: Path):
    more = "".join(f"</p><p>Speaker {n} thanked the Organization of Turkic States for its work." for n in range(15_000))
    (tmp_path / "page.html").write_text(ABOUT.format(title="x", more=more), encoding="utf-8")
    said = otswatch("explain", "page.html", folder=tmp_path, page_timeout="0.01")
    assert said.out == "quarantined – timeout – more than 0.01 s\n"


def test_styles_name_parts_of_the_record():
    assert set(explanation.STYLES) <= set(Article.model_fields)
