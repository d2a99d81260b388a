"""What `index` makes beside an article: quotes, what many articles report of, and the story that it is in now."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from otswatch.bus import Message
from otswatch.consumers.context import Context
from otswatch.consumers.derived import KEPT, Derivation
from otswatch.consumers.index import IndexWork
from otswatch.consumers.outcome import Result
from otswatch.consumers.stories import StoriesWork
from otswatch.index import Document, Search
from otswatch.index.sqlite import SqliteIndex
from otswatch.records import Article, Evidence, Part, Quote
from otswatch.settings import Settings
from otswatch.state.sqlite import SqliteState
from tests.factory import FETCHED, article
from tests.memory import MemoryState

TEXT = "“We will build one network,” the minister said. “It will be ready in autumn,” he added."
NETWORK, AUTUMN = "We will build one network,", "It will be ready in autumn,"


def quoting(id_: str, *words: str, minutes: int = 0, **changes: Any) -> Article:
    """An article fetched so many minutes later, with these quotes."""
    made = article(id_, TEXT)
    quotes = tuple(
        Quote(
            id=f"{id_}-{word[:2]}",
            speaker=None,
            text=word,
            start=TEXT.index(word),
            end=TEXT.index(word) + len(word),
            direct=True,
            rule="quotes/1:marks",
        )
        for word in words
    )
    fetched = made.trace.replace(fetched_at=FETCHED + timedelta(minutes=minutes))
    return made.replace(quotes=quotes, trace=fetched, **changes)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    state, index = SqliteState(tmp_path / "state.sqlite"), SqliteIndex(tmp_path / "index.sqlite")
    yield Context(Settings(config=tmp_path / "otswatch.d"), index, state)
    state.close()
    index.close()


@pytest.fixture
def work(context: Context) -> IndexWork:
    return IndexWork(context)


def sent(*articles: Article) -> list[Message]:
    return [
        Message("grouped", 0, place, "k", each.to_json(), {}, datetime.now(UTC)) for place, each in enumerate(articles)
    ]


def shown(context: Context, kind: str = "quotes") -> set[str]:
    return {document["text"] for document in context.index.search(Search(kind=kind)).documents}


def test_each_quote_of_an_article_is_a_document(context: Context, work: IndexWork) -> None:
    [outcome] = work(sent(quoting("a", NETWORK, AUTUMN)))
    assert shown(context) == {NETWORK, AUTUMN}
    assert isinstance(outcome, Result)
    assert [mark.key for mark in outcome.outgoing] == ["a", "a-We", "a-It"]


@pytest.mark.parametrize("apart", [True, False])
def test_what_an_article_no_longer_says_is_gone(context: Context, work: IndexWork, *, apart: bool) -> None:
    before, after = quoting("a", NETWORK, AUTUMN), quoting("a", AUTUMN, minutes=5)
    for batch in [[before], [after]] if apart else [[before, after]]:
        work(sent(*batch))
    assert shown(context) == {AUTUMN}
    work(sent(before))
    assert shown(context) == {AUTUMN}, "a late copy changes nothing"
    work(sent(quoting("a", NETWORK, minutes=9)))
    assert shown(context) == {NETWORK}


def test_an_article_that_is_discarded_has_no_quotes(context: Context, work: IndexWork) -> None:
    work(sent(quoting("a", NETWORK)))
    work(sent(quoting("a", NETWORK, minutes=5, status="discarded", reason="passing")))
    assert shown(context) == set()


@pytest.mark.parametrize("attempt", range(12))
def test_an_article_is_shown_under_the_story_that_it_is_in(context: Context, work: IndexWork, attempt: int) -> None:
    """Its story is merged while it is on its way to the index, or after it came there; messages come in any order."""
    chance = random.Random(attempt)  # noqa: S311 - an order of messages
    stories = StoriesWork(context)
    long = "Transport ministers agreed in Aktau on one tariff for the corridor, which carried 4.58 million tonnes. " * 5

    def told(id_: str, second: int) -> list[Message]:
        made = article(id_, long)
        made = made.replace(trace=made.trace.replace(first_seen=FETCHED + timedelta(seconds=second)))
        [outcome] = stories([Message("articles", 0, 0, id_, made.to_json(), {}, datetime.now(UTC))])
        assert isinstance(outcome, Result)
        return [Message(out.topic, 0, 0, out.key, out.value, {}, datetime.now(UTC)) for out in outcome.outgoing]

    messages = told("later", 5)
    arrived = chance.randint(0, len(messages))
    for message in messages[:arrived]:
        work([message])
    rest = messages[arrived:] + told("first", 0)
    for message in chance.sample(rest, len(rest)):
        work([message])
    records = context.index.get_many("articles", ["first", "later"])
    [story] = context.index.search(Search(kind="stories")).documents
    assert {record["story"]["id"] for record in records.values()} == {story["id"]}
    assert [member["article"] for member in story["members"]] == ["first", "later"]


# ------------------------------------------------------------------------------------------------------------ gathered


class Said(Part):
    """What an article says of a place: how many came."""

    people: int
    evidence: Evidence


class Crowds:
    """A gathering of how many came to each place, by articles that say `<place> <number>`."""

    kind = "meetings"

    def reports(self, article: Article, *, official: bool) -> Mapping[str, Part]:
        content = article.content
        place, _, people = (content.title or "").partition(" ") if content else ("", "", "")
        words = Evidence(frame="title", text=people, rule="crowds/1")
        return {place: Said(people=int(people), evidence=words)} if people.isdigit() else {}

    def rank(self, report: Mapping[str, Any]) -> Any:
        return -report["people"]

    def document(self, id_: str, reports: Mapping[str, Mapping[str, Any]], version: int) -> Document:
        record = {"id": id_, "people": sorted(report["people"] for report in reports.values())}
        return Document("meetings", id_, version, {"id": id_, "articles": len(reports)}, record)

    def again(self, article: Article, reports: Mapping[str, Part]) -> Collection[str]:
        return ["elsewhere", article.id] if reports else []


def counted(id_: str, title: str, minutes: int = 0) -> Article:
    made = quoting(id_, minutes=minutes)
    assert made.content is not None
    return made.replace(content=made.content.replace(title=title))


def gathered(articles: list[Article]) -> dict[str, Document]:
    derivation, documents = Derivation(MemoryState(), (), [Crowds()]), {}
    for each in articles:
        derived = derivation.of([each])
        for document in (document for one in derived for document in one.documents):
            stands = documents.get(document.id)
            if stands is None or document.version >= stands.version:
                documents[document.id] = document
        derivation.remember(derived)
    return documents


def test_reports_come_to_the_same_in_any_order() -> None:
    articles = [counted("a", "Aktau 40"), counted("b", "Aktau 38"), counted("c", "Baku 7"), counted("d", "no figure")]
    expected = {"Aktau": [38, 40], "Baku": [7]}
    for order in permutations(articles):
        documents = gathered([*order, order[0]])
        assert {id_: document.record["people"] for id_, document in documents.items()} == expected


def test_a_report_is_taken_back_with_the_words() -> None:
    documents = gathered([counted("a", "Aktau 40"), counted("b", "Aktau 38"), counted("a", "Baku 40", minutes=5)])
    assert {id_: document.record["people"] for id_, document in documents.items()} == {"Aktau": [38], "Baku": [40]}


def test_of_many_reports_the_best_are_kept() -> None:
    documents = gathered([counted(f"a{number}", f"Aktau {number}") for number in range(KEPT + 50)])
    assert documents["Aktau"].record["people"] == list(range(50, KEPT + 50))


def test_other_articles_to_be_looked_at_again_are_named() -> None:
    [derived] = Derivation(MemoryState(), (), [Crowds()]).of([counted("a", "Aktau 40")])
    assert derived.again == {"elsewhere"}


def test_nothing_is_remembered_of_an_article_that_nothing_derives_from() -> None:
    state = MemoryState()
    derivation = Derivation(state, (), [Crowds()])
    derivation.remember(derivation.of([counted("a", "no figure")]))
    assert list(state.scan("")) == []
