"""The kind of a text: its words in their places, tense and form; and the words that say so."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from otswatch.consumers.classify import taxonomy
from otswatch.records import Kind
from otswatch.taxonomy.kinds import kind
from otswatch.taxonomy.reading import languages, readings_of
from otswatch.taxonomy.schema import LANGUAGES

TEXTS = yaml.safe_load((Path(__file__).parent / "kinds.yaml").read_text(encoding="utf-8"))


def of(text: str, title: str = "", language: str = "en") -> Kind | None:
    known = taxonomy()
    readings = readings_of(known, title, text)
    found = kind(known, readings, languages(readings, language))
    for piece in found.evidence if found else ():
        frame = title if piece.frame == "title" else text
        assert piece.text
        assert frame[piece.start : piece.end] == piece.text
        assert piece.rule.startswith(f"kind/{known.version}:")
    return found


def name(text: str, title: str = "", language: str = "en") -> str | None:
    found = of(text, title, language)
    return found.id if found else None


def test_words_in_telling_places() -> None:
    assert name("Ministers met in Baku on Friday, the secretariat said.") == "news"
    assert name("", "Next meeting of health ministers to be held in Shusha") == "announcement"
    assert name("", "Министры соберутся в Бишкеке", "ru") == "announcement"
    assert name("", "Interview with the Secretary General") == "interview"
    assert name("", "Türk Devletleri Teşkilatı Zirve Bildirisi", "tr") == "declaration"
    assert name("", "Ministers adopt declaration of the summit") == "news"


def test_what_nothing_speaks_for_is_unknown() -> None:
    assert name("It is what it is.") is None
    assert name("", "Baku") is None
    assert name("") is None


# ------------------------------------------------------------------- documents, and articles that tell of them


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chain_of_clauses_is_a_document_and_a_report_of_it_is_none(language: str) -> None:
    found = of(TEXTS["preambles"][language], language=language)
    assert found is not None
    assert found.id == "declaration"
    assert len(found.evidence) >= 3
    assert name(TEXTS["reports"][language], language=language) == "news"


@pytest.mark.parametrize(("language", "heading", "headline", "document"), TEXTS["headings"])
def test_a_heading_is_told_from_a_headline(language: str, heading: str, headline: str, document: str) -> None:
    assert name("", heading, language) == document
    assert name("", headline, language) in {"news", None}


# ------------------------------------------------------------------------------------------------- tense, voice, form


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_happened_is_news_and_what_is_called_for_an_announcement(language: str) -> None:
    assert name(TEXTS["past"][language], language=language) == "news"
    title, text = TEXTS["calls"][language]
    assert name(text, title, language) == "announcement"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_author_who_argues_is_an_opinion(language: str) -> None:
    assert name(TEXTS["essays"][language], language=language) == "opinion"


@pytest.mark.parametrize(
    "quoted",
    [
        "“I think that we must hurry, and my people know it. I said “now” to them,” he added.",
        "«Я думаю, что нам надо спешить, – мой народ это знает», – добавил он.",
        "— I think that we must hurry, my friends.",
    ],
)
def test_what_others_say_is_not_the_authors_voice(quoted: str) -> None:
    assert name(f"{TEXTS['past']['en']}\n\n{quoted}") == "news"


def test_the_ending_of_a_day_is_no_first_person() -> None:
    text = (
        "A miniszter május 7-én Budapestre érkezett. Június 11-én Bakuban tárgyalt, július 4-én Taskentben írt alá "
        "megállapodást. Szeptember 7-én a kikötőt nyitotta meg."
    )
    assert name(text, language="hu") == "news"


def test_questions_and_answers_are_an_interview() -> None:
    text = "What comes next?\n\nA meeting.\n\nWho will come?\n\nAll of them.\n\nAnd then?\n\nWe shall see."
    assert name(text) == "interview"


def test_an_essay_with_a_note_on_its_author_is_an_opinion() -> None:
    text = "\n\n".join(["We owe our neighbours an answer, and our answer must be ours." * 2] * 6)
    assert name(f"{text}\n\nElena Petrova is a lecturer in Almaty.") == "opinion"


def test_plans_told_in_passing_leave_news_news() -> None:
    text = (
        "Ministers met in Baku and agreed on a tariff. It will be paid in May. The ports will follow. Ships will wait."
    )
    assert name(text) == "news"


@given(st.text(alphabet=st.sampled_from('aды дi.?!\n“”«»"—I мы 2*İ'), max_size=200), st.sampled_from(LANGUAGES))
def test_any_text_is_read(text: str, language: str) -> None:
    of(text, text[:40].replace("\n", " "), language)


# ------------------------------------------------------------------------ questions, and what is none of these


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_with_their_answers_in_one_paragraph_are_an_interview(language: str) -> None:
    assert name("\n\n".join(TEXTS["answers"][language]), language=language) == "interview"


def test_questions_that_a_text_only_asks_itself_are_no_interview() -> None:
    asked = "Who pays? Ministers met in Baku on Friday and said that states will.\n\nThey signed the protocol."
    assert name(asked) == "news"


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_of_what_is_neither_news_nor_statement(language: str) -> None:
    for heading in TEXTS["others"][language]:
        assert name("", heading, language) == "other", heading


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_argues_without_a_word_of_report_gives_an_opinion(language: str) -> None:
    written = TEXTS["argued"][language]
    assert name(written["text"], written["title"], language) == "opinion"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_kept_to_look_things_up_is_no_news(language: str) -> None:
    written = TEXTS["reference"][language]
    assert name(written["text"], written["title"], language) == "other"


def test_those_who_sign_a_document_are_no_author_with_an_opinion() -> None:
    signed = "we must act, we shall keep our rivers, and our children need us. In our view we must hurry."
    assert name(f"For once {signed}") == "opinion"
    assert name(f"We, {signed}") != "opinion"


def test_a_byline_is_a_line_and_no_sentence() -> None:
    assert name("By a senior fellow at the Danube Institute\n\nThe gas may not flow.") == "opinion"
    assert name("By a narrow vote the chamber agreed.\n\nThe gas may not flow.") != "opinion"


def test_a_dateline_is_no_sentence() -> None:
    assert (
        name("БИШКЕК. Министрлер келишимди колдоду. Жыйын күзүндө өтөт. Келишим кийин бекитилет.", language="ky")
        == "news"
    )


def test_the_tense_of_a_text_counts_before_that_of_its_title() -> None:
    assert name("Ministers agreed on one tariff on Friday.", "Tariffs will fall") == "news"


def test_a_name_is_no_word_of_report() -> None:
    assert name("Organization of Turkic States") is None
