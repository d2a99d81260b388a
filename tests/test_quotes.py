"""Quotes: whose words stand between the marks, in every convention; nobody is made up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.consumers.document import Document
from otswatch.consumers.quotes import quotes, spans
from otswatch.records import Article, Content, Quote

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def said(text: str, article: str = "1") -> tuple[Quote, ...]:
    content = Content(title=None, text=text, language="en", extractor="test/1")
    found = quotes(Document(html=None, text=text), Article(id=article, url=None, source=None, content=content)).quotes
    for quote in found:
        assert text[quote.start : quote.end] == quote.text
        for evidence in quote.speaker.evidence if quote.speaker else ():
            assert text[evidence.start : evidence.end] == evidence.text
    return found


def speakers(text: str) -> list[tuple[str | None, str]]:
    return [(quote.speaker.name if quote.speaker else None, quote.text) for quote in said(text)]


WORDS = "we shall open the new corridor before the winter comes"


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("en", "“We shall open the corridor before winter,” Minister Marat Karabayev said.", "Marat Karabayev"),
        ("en", 'Speaking in Baku, Elena Petrova said: "We shall open the corridor before winter."', "Elena Petrova"),
        ("en", "“We shall open the corridor before winter,” said Petrova. Elena Petrova left.", "Petrova"),
        ("tr", "Bakan Mehmet Aksoy, “Koridoru kıştan önce hep birlikte açacağız.” dedi.", "Mehmet Aksoy"),
        ("tr", 'Konuşan Ali Aksoy, "Koridoru kıştan önce hep açacağız" ifadelerini kullandı.', "Ali Aksoy"),
        ("az", "“Dəhlizi qışdan əvvəl birlikdə açacağıq, söz”, - deyə Elçin Məmmədov bildirib.", "Elçin Məmmədov"),
        ("kk", "«Дәлізді қысқа дейін бірге міндетті түрде ашамыз», – деді министр Марат Қарабаев.", "Марат Қарабаев"),
        ("ky", "«Коридорду кышка чейин сөзсүз ачабыз», – деди министр Айбек Токтогулов.", "Айбек Токтогулов"),
        ("uz", "“Yoʻlakni qishgacha birga albatta ochamiz”, — dedi vazir Ilhom Mahkamov.", "Ilhom Mahkamov"),
        ("uz", "«Йўлакни қишгача албатта бирга очамиз», — деди вазир Илҳом Маҳкамов.", "Илҳом Маҳкамов"),
        ("ru", "«Мы откроем этот коридор ещё до зимы», — заявил министр Талант Солтобаев.", "Талант Солтобаев"),
        ("hu", "„Még a tél előtt közösen megnyitjuk a folyosót” – mondta Kovács Péter.", "Kovács Péter"),
        ("tk", "«Biz geçelgäni gyşdan öň hökman bile açarys» diýip, Maksat Orazow belledi.", "Maksat Orazow"),
    ],
)  # fmt: skip
def test_direct_speech_in_nine_languages(language: str, text: str, speaker: str) -> None:
    found = speakers(text)
    assert [name for name, _ in found] == [speaker], language


def test_an_office_in_capitals_is_nobodys_name() -> None:
    text = "«Дәлізді қысқа дейін бірге міндетті түрде ашамыз», – деді Ұйым Бас хатшысының орынбасары Айгүл Сәрсенова."
    [(name, _)] = speakers(text)
    assert name in {None, "Айгүл Сәрсенова"}


@pytest.mark.parametrize(
    "text",
    [
        "“We shall open the corridor before the winter,” he said.",
        "“We shall open the corridor before the winter,” the minister said.",
        "“We shall open the corridor before the winter,” reads the statement.",
        "The ministers met. “We shall open the corridor before the winter,” the declaration says.",
        "Türkiye said: “We shall open the corridor before the winter.”",
        "He stated that all had agreed in Almaty: “We shall open the corridor before the winter.”",
    ],
)
def test_nobody_is_made_up(text: str) -> None:
    assert [name for name, _ in speakers(text)] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “brotherly” states met in Baku.",
        "Marat Karabayev said the “new order” would last.",
        "He spoke on the topic “Strengthening Trade Among Neighbours: The Role of Small Ports in Winter.”",
        "A film called “the long road that nobody has ever walked before” was shown.",
        'The ruler is 5" long and 7" wide and the other is longer still, she said.',
    ],
)
def test_scare_quotes_and_titles_are_not_speech(text: str) -> None:
    assert said(text) == ()


def test_few_words_are_speech_where_a_verb_follows() -> None:
    assert speakers("“It works,” Elena Petrova said.") == [("Elena Petrova", "It works")]


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        (f"“{WORDS}”", WORDS),
        (f"„{WORDS}“", WORDS),
        (f"„{WORDS}”", WORDS),
        (f"«{WORDS}»", WORDS),
        (f"« {WORDS} »", WORDS),
        (f'"{WORDS},"', WORDS),
        (f"‘{WORDS}’", WORDS),
        ("“they told us ‘come’ and we came at once”", "they told us ‘come’ and we came at once"),
        ("«газета «Заря» пишет об этом каждый день»", "газета «Заря» пишет об этом каждый день"),
        ("‘it’s the ministers’ own word’", "it’s the ministers"),
    ],
)
def test_marks_of_every_convention(text: str, inner: str) -> None:
    assert [text[start:end] for start, end in spans(text)] == [inner]


def test_a_mark_that_is_not_closed_ends_with_its_paragraph() -> None:
    text = f"“{WORDS}\n\nand then “{WORDS}” again"
    assert [text[start:end] for start, end in spans(text)] == [WORDS]


def test_ids_are_those_of_the_article_and_the_words() -> None:
    text = "“We shall open the corridor before winter,” Elena Petrova said."
    (first,), (moved,), (other,) = said(text), said("News. " + text), said(text, article="2")
    assert first.id == moved.id != other.id


@given(st.text(st.sampled_from('“”„«»"‘’ .,:\nabcXY said dedi Яя') | st.characters()))
def test_every_span_is_in_the_text(text: str) -> None:
    said(text)
    end = 0
    for start, stop in spans(text):
        assert end <= start < stop
        end = stop


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.exists(), reason="../shared/seeds is not here")
@pytest.mark.parametrize(
    ("seed", "names"),
    [
        ("000", ["Yerlikaya", "Yerlikaya", None, "Yerlikaya"]),
        ("001", ["Mehmet Süreyya Er", None, "Mehmet Süreyya Er"]),
        ("003", [None, None]),
    ],
)
def test_the_seeds_speakers(seed: str, names: list[str | None]) -> None:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    text = re.sub(r"\n+", "\n\n", path.read_text(encoding="utf-8")).strip()
    assert [name for name, _ in speakers(text)] == names
