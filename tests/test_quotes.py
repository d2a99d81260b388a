"""Quotes: whose words stand between the marks, in every convention; nobody is made up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.consumers.document import Document
from otswatch.consumers.quotes import quotes
from otswatch.records import Article, Content, Evidence, Mention, Quote
from otswatch.speech.marks import spans
from otswatch.taxonomy.schema import LANGUAGES

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def said(text: str, language: str = "en", article: str = "1", mentions: tuple[Mention, ...] = ()) -> tuple[Quote, ...]:
    content = Content(title=None, text=text, language=language, extractor="test/1")
    given = Article(id=article, url=None, source=None, content=content, mentions=mentions)
    found = quotes(Document(html=None, text=text), given).quotes
    end = 0
    for quote in found:
        assert text[quote.start : quote.end] == quote.text
        assert "\n" not in quote.text
        assert end <= quote.start < quote.end
        end = quote.end
        for evidence in (*quote.evidence, *(quote.speaker.evidence if quote.speaker else ())):
            assert text[evidence.start : evidence.end] == evidence.text
    return found


def speakers(text: str, language: str = "en") -> list[tuple[str | None, str]]:
    return [(quote.speaker.name if quote.speaker else None, quote.text) for quote in said(text, language)]


WORDS = "we shall open the new corridor before the winter comes"


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("en", "“We shall open the corridor before winter,” Minister Marat Karabayev said.", "Marat Karabayev"),
        ("en", 'Speaking in Baku, Elena Petrova said: "We shall open the corridor before winter."', "Elena Petrova"),
        ("en", "“We shall open the corridor before winter,” said Petrova. Elena Petrova left.", "Elena Petrova"),
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
    found = speakers(text, language)
    assert [name for name, _ in found] == [speaker]


def test_an_office_in_capitals_is_nobodys_name() -> None:
    text = "«Дәлізді қысқа дейін бірге міндетті түрде ашамыз», – деді Ұйым Бас хатшысының орынбасары Айгүл Сәрсенова."
    assert [name for name, _ in speakers(text, "kk")] == ["Айгүл Сәрсенова"]


@pytest.mark.parametrize(
    "text",
    [
        "“We shall open the corridor before the winter,” he said.",
        "“We shall open the corridor before the winter,” the minister said.",
        "Türkiye said: “We shall open the corridor before the winter.”",
        "He stated: “We shall open the corridor before the winter.”",
        "Ali Kaya met Orhan Er. “We shall open the corridor before the winter,” he said.",
    ],
)
def test_nobody_is_made_up(text: str) -> None:
    assert [name for name, _ in speakers(text)] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “brotherly” states met in Baku.",
        "He spoke on the topic “Strengthening Trade Among Neighbours: The Role of Small Ports in Winter.”",
        "A film called “the long road that nobody has ever walked before” was shown.",
        'The ruler is 5" long and 7" wide and the other is longer still.',
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


def test_a_lost_mark_is_made_up_for() -> None:
    assert speakers("“The road is open, Elena Petrova told the hall. Everybody rose.") == [
        ("Elena Petrova", "The road is open")
    ]
    assert speakers("The road is open today,” Elena Petrova said.") == [("Elena Petrova", "The road is open today")]


def test_a_quotation_of_several_paragraphs_is_one_quote_each() -> None:
    text = "Elena Petrova said:\n\n“We built the road ourselves.\n\n“Nobody helped us with it.”"
    assert speakers(text) == [
        ("Elena Petrova", "We built the road ourselves."),
        ("Elena Petrova", "Nobody helped us with it."),
    ]


def test_a_dialogue_has_speech_on_both_sides_of_its_frame() -> None:
    text = "Вечером пришёл мастер Болот Асанов.\n\n— Мост готов, — сказал он. — Осталось его покрасить."
    assert speakers(text, "ru") == [("Болот Асанов", "Мост готов"), ("Болот Асанов", "Осталось его покрасить.")]


def test_points_of_a_list_are_no_dialogue() -> None:
    assert said("Elena Petrova named three aims:\n\n– more trains\n\n– fewer papers\n\n– one tariff") == ()


def test_where_and_when_are_those_of_the_sentence_around_the_words() -> None:
    [quote] = said("“The corridor of Baku opens in May,” Elena Petrova said in Astana on 14 March 2025.")
    assert (quote.where, quote.when) == ("Astana", "14 March 2025")
    [quote] = said("“The corridor opens,” Elena Petrova said.")
    assert (quote.where, quote.when, quote.evidence) == (None, None, ())


def test_a_speaker_is_linked_with_the_person_of_the_mentions() -> None:
    text = "Foreign Minister Elena Petrova came. “The corridor opens,” Petrova said."
    evidence = Evidence(frame="text", start=17, end=30, text="Elena Petrova", rule="people/1")
    known = Mention(
        type="person",
        id="elena_petrova",
        name="Elena Petrova",
        office="foreign_minister",
        of="kz",
        evidence=(evidence,),
    )
    [quote] = said(text, mentions=(known,))
    assert quote.speaker is not None
    assert (quote.speaker.person, quote.speaker.office, quote.speaker.of) == ("elena_petrova", "foreign_minister", "kz")
    assert (quote.speaker.form, quote.speaker.title) == ("surname", "Foreign Minister")
    assert [found.text for found in quote.speaker.evidence] == ["Petrova", "Elena Petrova", "Foreign Minister"]


def test_the_areas_are_those_of_the_words() -> None:
    [quote] = said("“Cybersecurity and counterterrorism come first,” Elena Petrova said at the tourism fair.")
    assert "security" in quote.areas
    assert "tourism" not in quote.areas


def test_two_who_could_be_meant_are_nobody() -> None:
    text = "Minister Ali Kaya and Minister Orhan Er met. “The corridor opens soon,” he said."
    assert [name for name, _ in speakers(text)] == [None]


def test_a_language_without_words_has_no_quotes() -> None:
    assert said("„Der Korridor wird vor dem Winter geöffnet“, sagte Elena Petrova.", "de") == ()


def test_ids_are_those_of_the_article_and_the_words() -> None:
    text = "“We shall open the corridor before winter,” Elena Petrova said."
    (first,), (moved,), (other,) = said(text), said("News. " + text), said(text, article="2")
    assert first.id == moved.id != other.id


_ALPHABET = st.sampled_from('“”„«»"‘’—–- .,:!?\nabcXY said dedi Яя сказал деди мондта that что') | st.characters()
_PIECES = st.sampled_from(
    [
        *(
            "“",
            "”",
            "„",
            "«",
            "»",
            '"',
            "‘",
            "’",
            "— ",
            " – ",
            ", ",
            ". ",
            ": ",
            "\n\n",
            "he said that ",
            "Elena Petrova ",
        ),
        *("dedi ", "деп айтты ", "the minister ", "сообщил, что ", "mondta ", "szerint ", "X'in verdiği bilgiye göre "),
        *("bildirib ki ", "diýip ", "A. B. ", "corridor ", "olduğunu "),
    ]
)


@given(st.text(_ALPHABET) | st.lists(_PIECES).map("".join), st.sampled_from([*LANGUAGES, "und", "de"]))
def test_every_span_is_in_the_text(text: str, language: str) -> None:
    said(text, language)
    end = 0
    for start, stop in spans(text):
        assert end <= start < stop
        end = stop


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.exists(), reason="../shared/seeds is not here")
@pytest.mark.parametrize(
    ("seed", "names"),
    [
        ("000", ["Ali Yerlikaya"] * 4),
        ("001", ["Mehmet Süreyya Er"] * 3),
        ("002", ["Ilham Aliyev"] * 2),
        ("003", ["a joint statement"] * 2),
    ],
)
def test_the_seeds_speakers(seed: str, names: list[str | None]) -> None:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    text = re.sub(r"\n+", "\n\n", path.read_text(encoding="utf-8")).strip()
    direct = [quote for quote in said(text) if quote.direct]
    assert [quote.speaker and quote.speaker.name for quote in direct] == names
