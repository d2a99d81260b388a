"""Quotes as documents: whose they are, when they were said, which of them are the same, and when they are gone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otswatch.corrections.fold import fold
from otswatch.index import Search
from otswatch.index.mapping import Fit, mapping_of, prepared
from otswatch.index.quote_projection import Utterance, gone_quote, project_quotes, utterance
from otswatch.index.sqlite import SqliteIndex
from otswatch.records import Article, Correction
from otswatch.status import Reason
from tests import strategies
from tests.quoting import AKSOY, BORDER, FIDAN, OMURALIEV, SEEN, article, quote, quote_id

ONE = article(
    "a1",
    BORDER,
    FIDAN,
    day="2026-03-05",
    story="s1",
    areas=("security", "political"),
    where="in Baku",
    when="3 March",
    dossier="cyprus",
)


def utterances(made: Article) -> list[Utterance]:
    return [Utterance.model_validate(document.record) for document in project_quotes(made)]


def test_a_quote_has_what_it_can_be_found_by():
    [document] = project_quotes(ONE)
    assert (document.kind, document.id, document.version) == ("quotes", quote_id("a1", BORDER), ONE.version)
    saying = document.fields["saying"]
    assert document.fields == {
        "id": quote_id("a1", BORDER),
        "article": "a1",
        "url": "https://steppe-wire.example/a1",
        "source": "steppe-wire",
        "story": "s1",
        "saying": saying,
        "language": "en",
        "kind": None,
        "relevance": "about",
        "dossier": ["cyprus"],
        "headline": "Title of a1",
        "text": BORDER,
        "direct": True,
        "speaker": "hakan_fidan",
        "speaker_names": ["Hakan Fidan", "hakan_fidan"],
        "office": "foreign_minister",
        "country": "tr",
        "area": ("security", "political"),
        "place": "in Baku",
        "said": datetime(2026, 3, 3, tzinfo=UTC),
        "first_seen": SEEN,
        "published": datetime(2026, 3, 5, tzinfo=UTC),
        "undated": False,
    }


def test_its_record_is_the_quote_with_what_is_known_of_its_article():
    [said] = utterances(ONE)
    [given_] = ONE.quotes
    assert {name: getattr(said, name) for name in type(given_).model_fields} == dict(given_)
    assert (said.said, said.article.title, said.article.story) == ("2026-03-03", "Title of a1", "s1")
    assert said.article.published == ONE.published
    assert "corrected" not in said.to_dict()


def test_who_speaks_for_a_body_is_found_by_the_body_and_who_is_unknown_by_nobody():
    [of_body] = project_quotes(article("a", "words", OMURALIEV))
    assert (of_body.fields["body"], "country" in of_body.fields) == ("ots", False)
    [unregistered] = project_quotes(article("a", "words", AKSOY))
    assert (unregistered.fields["speaker"], unregistered.fields["speaker_names"]) == ("Selim Aksoy", ["Selim Aksoy"])
    [unknown] = project_quotes(article("a", "words"))
    assert (unknown.fields["speaker"], unknown.fields["speaker_names"], unknown.fields["undated"]) == (None, (), True)


@pytest.mark.parametrize(
    "words", [BORDER.upper(), "“We shall guard oneborder together!”", "We  shall—guard one border, together"]
)
def test_the_same_words_in_one_story_are_one_saying(words: str):
    [said], [other] = utterances(ONE), utterances(article("a2", words, AKSOY, story="s1", day="2026-01-01"))
    assert said.saying == other.saying
    assert said.id != other.id


@pytest.mark.parametrize(
    "other",
    [
        article("a2", "We shall guard one order together", story="s1"),
        article("a2", BORDER, story="s2"),
        article("a2", BORDER),
    ],
    ids=["words", "story", "no story"],
)
def test_other_words_or_another_story_are_another_saying(other: Article):
    assert utterances(ONE)[0].saying != utterances(other)[0].saying


@pytest.mark.parametrize(
    ("language", "when", "day", "said"),
    [
        ("en", "3 March", "2026-03-05", "2026-03-03"),
        ("en", "28 December", "2026-01-02", "2025-12-28"),
        ("en", "yesterday", "2026-03-05", "2026-03-04"),
        ("tr", "4 Mart 2026", None, "2026-03-04"),
        ("ru", "3 марта", "2026-03-05", "2026-03-03"),
        ("en", "3 March", None, None),
        ("en", "Tuesday", "2026-03-05", None),
        ("en", "3 March", "2026", None),
        ("en", None, "2026-03-05", None),
    ],
)
def test_the_day_that_it_was_said_is_counted_from_the_publication_or_unknown(
    language: str, when: str | None, day: str | None, said: str | None
):
    made = article("a1", BORDER, day=day and f"{day}-01-01"[:10], when=when, language=language)
    if made.published and day == "2026":
        made = made.replace(published=made.published.replace(at="2026", precision="year"))
    assert utterances(made)[0].said == said


def test_an_article_that_is_not_kept_has_none():
    assert project_quotes(ONE.discarded(Reason.RULED_OUT)) == []
    assert project_quotes(ONE.replace(quotes=())) == []


def test_a_person_who_named_the_speaker_is_named():
    value = {"quote": ONE.quotes[0].id, "speaker": "Selim Aksoy"}
    said = {"id": "c1", "article": "a1", "field": "speaker", "value": value, "by": "ayse", "at": SEEN}
    [document] = project_quotes(fold(ONE, [Correction.model_validate(said)]))
    one = Utterance.model_validate(document.record)
    assert one.corrected
    assert (one.corrected.by, one.speaker and one.speaker.name) == ("ayse", "Selim Aksoy")
    assert (document.fields["speaker"], document.fields.get("country")) == ("Selim Aksoy", None)


def test_words_that_are_gone_are_found_no_more_until_they_come_back(tmp_path: Path):
    index = SqliteIndex(tmp_path / "index.sqlite")
    [document] = project_quotes(ONE)
    search = Search(kind="quotes", sort="published")
    index.put([document])
    assert index.search(search).total == 1
    [put] = index.put([gone_quote(document.id, ONE.version, SEEN)])
    assert put.result == "stored"
    assert index.search(search).total == 0
    record = index.get("quotes", document.id)
    assert record is not None
    assert record["gone"] == {"at": "2026-03-03T09:30:00Z", "reason": "not-in-article"}
    assert index.put([gone_quote(document.id, ONE.version - 1, SEEN)])[0].result == "stale"
    index.put([document])
    assert index.search(search).total == 1
    index.close()


@settings(deadline=None)
@given(strategies.model(Article))
def test_the_quotes_of_any_article_fit_the_mapping(made: Article):
    kept = made.replace(status="ok", quotes=tuple(each.replace(id=f"q{n}") for n, each in enumerate(made.quotes)))
    for document in project_quotes(kept):
        assert isinstance(prepared(document), Fit), prepared(document)
        assert set(document.fields) <= set(mapping_of("quotes").fields)
        assert Utterance.model_validate(document.record).to_dict() == document.record


@given(st.text(max_size=30), st.text(max_size=10))
def test_a_saying_is_there_for_any_words(words: str, story: str):
    one = utterance(ONE, quote("a1", "x").replace(text=words))
    assert len(one.saying) == len(utterance(ONE.replace(id=story), one).saying)
