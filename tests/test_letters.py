"""What letters say, and what hostile pages cannot make them say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.alerts.letter import Item, Reason, Said
from otswatch.alerts.rendering import Links, clean, letter
from otswatch.subscriptions import Subscription

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
ASKED = Subscription.model_validate(
    {"id": "security", "title": "Security", "channels": ["mailto:a@b.example"], "zone": "Europe/Istanbul"}
)
TAGS = {"html", "head", "meta", "title", "style", "body", "main", "article", "h2", "a", "p", "bdi", "span", "br"}
TAGS |= {"blockquote", "mark", "footer"}


def item(key: str = "story/1", **changes: Any) -> Item:
    made = Item(
        key=key,
        what="article",
        article="1",
        title="İçişleri Bakanları Semerkant'ta toplandı",
        url="https://wire.example/1",
        source="Steppe Wire",
        language="tr",
        kind="news",
        areas=("Security",),
        published="4 May 2026, 11:00 +03:00",
        first_seen=NOW - timedelta(minutes=4),
        why=(Reason(label="area: Security", before="bakanlar ", words="sınır güvenliği", after="nde anlaştı"),),
        said=(Said(speaker="Daniyar Serikbayev, minister", text="We will build one network", direct=True),),
    )
    return made.replace(**changes)


def test_a_letter_says_what_when_who_and_why() -> None:
    made = letter(
        ASKED, [item()], id="1", now=NOW, links=Links(page="https://ots.example", unsubscribe="https://ots.example/u")
    )
    assert made.subject == "İçişleri Bakanları Semerkant'ta toplandı – Steppe Wire"
    for part in (made.text, lxml.html.fromstring(made.html).text_content()):
        for said in (
            "İçişleri Bakanları",
            "Steppe Wire",
            "4 May 2026, 11:00 +03:00",
            "seen 4 May 2026, 12:26",
            "We will build one network",
            "Daniyar Serikbayev, minister",
            "area: Security",
            "sınır güvenliği",
            "Europe/Istanbul",
        ):
            assert said in part
    assert "bakanlar »sınır güvenliği«nde anlaştı" in made.text
    assert "bakanlar <mark>sınır güvenliği</mark>nde anlaştı" in made.html
    assert "https://ots.example/u" in made.text
    assert 'href="https://ots.example/u"' in made.html
    assert max(map(len, made.text.splitlines())) <= 78


def test_what_is_not_known_is_said() -> None:
    undated = item(published=None, late=True, said=(Said(speaker=None, text="Words", direct=False),))
    made = letter(ASKED, [undated], id="1", now=NOW)
    assert "NO DATE" in made.text
    assert "LATE" in made.text
    assert "Unknown speaker" in made.text
    assert "no date" in made.html
    assert "unknown speaker" in made.html


def test_documents_come_first_and_a_correction_says_what_changed() -> None:
    items = [
        item("quote/1", what="quote"),
        item("correction/1", what="correction", change="published: unknown → 3 May 2026"),
        item("story/2", what="document", title="Declaration of Samarkand"),
    ]
    made = letter(ASKED, items, id="1", now=NOW)
    assert made.subject == "Official document: Declaration of Samarkand – Steppe Wire (+2)"
    assert made.text.index("Official document") < made.text.index("Correction:") < made.text.index("New words")
    assert "published: unknown → 3 May 2026" in made.html
    assert made.keys == ("quote/1", "correction/1", "story/2")


def test_a_digest_counts_areas_and_says_its_window() -> None:
    items = [item(str(number), areas=("Security",) if number % 3 else ("Transport",)) for number in range(7)]
    made = letter(ASKED, items, id="1", now=NOW, window=(NOW - timedelta(days=1), NOW))
    assert made.subject == "7 new: Security (4), Transport (3) – Security, 4 May, 12:30"
    for part in (made.text, lxml.html.fromstring(made.html).text_content()):
        assert "from 3 May 2026, 12:30 to 4 May 2026, 12:30" in " ".join(part.split())
        assert "ritten 4 May 2026, 12:30" in part
        assert "clock of Europe/Istanbul" in " ".join(part.split())


@pytest.mark.parametrize("window", [None, (NOW - timedelta(days=1), NOW)])
@pytest.mark.parametrize("count", [1, 2])
def test_a_subject_is_short_and_says_all_of_its_parts(window: tuple[datetime, datetime] | None, count: int) -> None:
    long = item(title="Toplantı " * 100, source="Kaynak " * 60, areas=("Güvenlik " * 40,))
    asked = ASKED.model_copy(update={"title": "Söz " * 50})
    subject = letter(asked, [long, long][:count], id="1", now=NOW, window=window).subject
    assert len(subject) <= 150
    assert subject.endswith(("Kaynak… (+1)", "Kaynak…", "4 May, 12:30"))


def test_what_is_neither_document_nor_correction_comes_by_area() -> None:
    items = [
        item("1", what="quote", areas=("Transport",), title="Third"),
        item("2", areas=(), title="Fourth"),
        item("3", areas=("Security",), title="First"),
        item("4", what="quote", areas=("Security",), title="Second"),
    ]
    made = letter(ASKED, items, id="1", now=NOW)
    places = [made.text.index(title) for title in ("First", "Second", "Third", "Fourth")]
    assert places == sorted(places)


def test_an_empty_digest_says_so() -> None:
    made = letter(ASKED, [], id="1", now=NOW, window=(NOW - timedelta(days=1), NOW))
    assert made.subject == "Nothing new – Security"
    assert "Nothing new between 3 May 2026, 12:30 and 4 May 2026, 12:30" in made.text


def test_of_very_many_the_rest_is_told_by_its_headlines() -> None:
    items = [item(str(number), title=f"Headline {number}") for number in range(119)]
    items.append(item("119", title="Headline 119", published=None, late=True, areas=()))
    made = letter(ASKED, items, id="1", now=NOW)
    assert "And 70 more" in made.text
    assert all(f"Headline {number}" in made.text and f"Headline {number}" in made.html for number in range(120))
    assert len(made.keys) == 120
    assert "NO DATE, LATE" in " ".join(made.text.split()), "what is told short is marked as well"
    last = lxml.html.fromstring(made.html).xpath("//li")[-1]
    assert [mark.text for mark in last.xpath(".//*[@class='mark']")] == ["no date", "late"]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=https://evil.example/x.png>",
        '"><a href="https://evil.example">win</a>',
        "\u202egnp.exe",
        "Subject\r\nBcc: all@evil.example",
        "{{ 7 * 7 }}{% raw %}",
    ],
)
def test_hostile_words_are_words(hostile: str) -> None:
    evil = item(
        title=hostile,
        source=hostile,
        url="javascript:alert(1)",
        areas=(hostile,),
        change=hostile,
        said=(Said(speaker=hostile, text=hostile, direct=True),),
        why=(Reason(label=hostile, words=hostile),),
        other_sources=(hostile,),
        others=1,
    )
    made = letter(ASKED, [evil], id="1", now=NOW)
    page = lxml.html.fromstring(made.html)
    assert not page.xpath("//script | //img | //iframe | //a | //form | //link | //*[@onclick]")
    assert "javascript:" not in made.html
    assert "javascript:" not in made.text
    assert not any(line.startswith("Bcc:") for line in made.text.splitlines())
    assert "\u202e" not in made.subject + made.text + made.html
    assert "\n" not in made.subject
    assert "49" not in made.subject


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_stay_words(title: str, said: str) -> None:
    made = letter(ASKED, [item(title=title, said=(Said(speaker=None, text=said, direct=True),))], id="1", now=NOW)
    page = lxml.html.fromstring(made.html)
    (headline,) = page.xpath("//h2")
    assert headline.text_content().strip() == (clean(title) or "(untitled)")
    assert {tag.tag for tag in page.iter() if isinstance(tag.tag, str)} <= TAGS
    assert clean(said) in page.xpath("string(//blockquote)")


@given(st.text())
def test_any_words_are_one_line(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.splitlines()) <= 1
    assert clean(cleaned) == cleaned
    cleaned.encode()
