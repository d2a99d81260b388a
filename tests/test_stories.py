"""Stories: copies are grouped, once, and stay where they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from otswatch.bus import Message
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Result
from otswatch.consumers.stories import StoriesWork, fingerprint
from otswatch.index.sqlite import SqliteIndex
from otswatch.records import Article, Story
from otswatch.settings import Settings
from otswatch.state.sqlite import SqliteState
from tests.factory import article

WORDS = "Türk Devletleri Teşkilatı’nın içişleri bakanları Semerkant’ta toplandı ve ortak bir plan üzerinde anlaştı."


@pytest.fixture
def work(tmp_path: Path) -> Iterator[StoriesWork]:
    state, index = SqliteState(tmp_path / "state.sqlite"), SqliteIndex(tmp_path / "index.sqlite")
    yield StoriesWork(Context(Settings(), index, state))
    state.close()
    index.close()


def grouped(work: StoriesWork, *articles: Article) -> list[Story | None]:
    messages = [Message("articles", 0, i, a.id, a.to_json(), {}, datetime.now(UTC)) for i, a in enumerate(articles)]
    outcomes = work(messages)
    assert all(isinstance(outcome, Result) for outcome in outcomes)
    return [Article.from_json(outcome.outgoing[0].value).story for outcome in outcomes if isinstance(outcome, Result)]


def test_the_same_words_in_other_case_spacing_and_quotes_are_one_story(work: StoriesWork) -> None:
    copy = WORDS.upper().replace("’", "'").replace(" ", "  ")
    first, second, other = grouped(
        work, article("a", WORDS), article("b", copy), article("c", WORDS + " Toplantı sürüyor.")
    )
    assert first is not None
    assert second is not None
    assert other is not None
    assert first.id == second.id != other.id
    assert second.reason == "exact-text/1"


def test_neither_a_replay_nor_another_order_changes_the_answer(work: StoriesWork) -> None:
    once = grouped(work, article("a", WORDS), article("b", WORDS))
    assert grouped(work, article("b", WORDS), article("a", WORDS)) == once[::-1]


def test_an_edited_article_stays_in_its_story(work: StoriesWork) -> None:
    [before] = grouped(work, article("a", WORDS))
    [after] = grouped(work, article("a", WORDS + " Düzeltme: toplantı iki gün sürdü."))
    assert after == before


def test_a_discarded_article_passes_through_without_a_story(work: StoriesWork) -> None:
    assert grouped(work, article("a", WORDS, status="discarded", reason="passing")) == [None]


def test_texts_without_words_in_common_differ() -> None:
    assert fingerprint("Baku") != fingerprint("Astana")
