"""Which words of a story are new."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.alerts.heard import listen
from otswatch.records import Article, Content, Membership, Quote, Speaker, Trace
from tests.memory import MemoryState

CORRIDOR = "We will build one transit corridor for all of our countries"


def quote(id_: str, text: str, who: str | None = None, person: str | None = None) -> Quote:
    speaker = Speaker(name=who or person or "", person=person, evidence=()) if who or person else None
    return Quote(id=id_, speaker=speaker, text=text, start=0, end=len(text), direct=True, rule="test/1")


def article(id_: str, *quotes: Quote, story: str | None = "s", language: str = "en", hour: int = 9) -> Article:
    return Article(
        id=id_,
        url=None,
        source="a",
        content=Content(title=id_, text="…", language=language, extractor="test/1"),
        quotes=quotes,
        story=Membership(id=story, role="member", reason="alone/1") if story else None,
        trace=Trace(fetched_at=datetime(2026, 5, 4, hour, tzinfo=UTC)),
    )


def test_words_are_new_once_for_a_story() -> None:
    state = MemoryState()
    assert listen(state, article("a", quote("a1", CORRIDOR)), silent=False) == ("a1",)
    assert listen(state, article("b", quote("b1", CORRIDOR.upper() + "!")), silent=False) == ()
    assert listen(state, article("c", quote("c1", CORRIDOR), story="other"), silent=False) == ("c1",)


def test_the_answer_for_one_version_of_an_article_stays_the_same() -> None:
    state = MemoryState()
    first = article("a", quote("a1", CORRIDOR), quote("a2", "The fund opens in June"))
    assert listen(state, first, silent=False) == ("a1", "a2")
    listen(state, article("b", quote("b1", "Customs posts will work by night")), silent=False)
    assert listen(state, first, silent=False) == ("a1", "a2")


@pytest.mark.parametrize(
    "mended",
    [
        CORRIDOR.replace("transit", "transit,"),
        CORRIDOR.replace("countries", "countrys"),
        CORRIDOR.replace(" ", ""),
        "one transit corridor for all of our countries",
        f"{CORRIDOR}, he",
    ],
)
def test_a_slip_of_the_pen_that_is_mended_says_nothing_new(mended: str) -> None:
    state = MemoryState()
    listen(state, article("a", quote("a1", CORRIDOR)), silent=False)
    assert listen(state, article("a", quote("a9", mended), hour=11), silent=False) == ()


def test_another_figure_is_no_slip_of_the_pen() -> None:
    state = MemoryState()
    listen(state, article("a", quote("a1", "We will build 12 kilometres of new track before the winter")), silent=False)
    more = article("a", quote("a2", "We will build 15 kilometres of new track before the winter"), hour=11)
    assert listen(state, more, silent=False) == ("a2",)


def test_a_later_version_that_says_more_says_something_new() -> None:
    state = MemoryState()
    listen(state, article("a", quote("a1", CORRIDOR)), silent=False)
    more = article("a", quote("a1", CORRIDOR), quote("a2", "The fund opens in June"), hour=11)
    assert listen(state, more, silent=False) == ("a2",)


def test_what_was_taken_in_silently_is_no_news_later() -> None:
    state = MemoryState()
    filled = article("a", quote("a1", CORRIDOR))
    assert listen(state, filled, silent=True) == ()
    assert listen(state, filled, silent=False) == ()
    assert listen(state, article("b", quote("b1", CORRIDOR)), silent=False) == ()


def test_a_translation_is_no_news_but_another_speaker_is() -> None:
    state = MemoryState()
    listen(state, article("a", quote("a1", CORRIDOR, who="Daniyar Serikbayev")), silent=False)
    translated = quote("b1", "Мы построим единый транзитный коридор", who="Данияр Серикбаев")
    assert listen(state, article("b", translated, language="ru"), silent=False) == ()
    other = quote("c1", "Мы откроем границу ночью", who="Бакыт Токтогулов")
    assert listen(state, article("c", other, language="ru"), silent=False) == ("c1",)
    own = quote("d1", "Мы ждём первый поезд", who="Данияр Серикбаев")
    assert listen(state, article("d", own, language="ru"), silent=False) == ("d1",)


@given(st.lists(st.text(max_size=30), max_size=6), st.booleans())
def test_any_words(texts: list[str], silent: bool) -> None:
    state = MemoryState()
    made = article("a", *(quote(str(number), text) for number, text in enumerate(texts)))
    first = listen(state, made, silent=silent)
    assert listen(state, made, silent=False) == first
    assert not (silent and first)
    later = article("a", *(quote(f"{number}b", text) for number, text in enumerate(texts)), hour=12)
    assert listen(state, later, silent=False) == ()
