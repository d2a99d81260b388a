"""Records as documents of the index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings

from otswatch.index import Search, for_readers
from otswatch.index.mapping import mapping_of
from otswatch.index.projection import gone_article, project_alias, project_article
from otswatch.index.sqlite import SqliteIndex
from otswatch.query import parse
from otswatch.records import (
    Alias,
    Area,
    Article,
    Claim,
    Content,
    Dated,
    Evidence,
    Kind,
    Membership,
    Mention,
    Quote,
    Relevance,
    Speaker,
    Trace,
)
from otswatch.status import Reason
from tests import strategies

SEEN = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
DAY = datetime(2026, 3, 1, 19, tzinfo=UTC)
WORDS = Evidence(frame="text", start=0, end=6, text="energy", rule="term/1")


def mention(kind: str, name: str, id_: str | None) -> Mention:
    return Mention(type=kind, id=id_, name=name, evidence=(WORDS,))  # type: ignore[arg-type]  # one of the literals


def quote(name: str, person: str | None) -> Quote:
    speaker = Speaker(name=name, person=person, evidence=(WORDS,))
    return Quote(id=f"q-{name}", speaker=speaker, text="energy", start=0, end=6, direct=True, rule="quote/1")


ARTICLE = Article(
    id="a1",
    url="https://steppe-wire.example/a1",
    source="steppe-wire",
    content=Content(
        title="Enerji Zirvesi", text="energy and more", language="tr", authors=("A. Yazar",), extractor="x/1"
    ),
    published=Dated(
        **{"from": DAY},
        at="2026-03-02",
        precision="day",
        end=DAY + timedelta(days=1),
        source="meta",
        confidence=1,
        evidence=(WORDS,),
    ),
    relevance=Relevance(level="about", score=2.0, evidence=(WORDS,)),
    areas=(Area(id="energy", score=3, evidence=(WORDS,)), Area(id="transport", score=1, evidence=(WORDS,))),
    kind=Kind(id="news"),
    mentions=(
        mention("country", "Kazakistan", "kz"),
        mention("country", "Qazaqstan", "kz"),
        mention("country", "Atlantis", None),
        mention("body", "OTS", "ots"),
        mention("person", "Ayla Ersoy", "p-ersoy"),
        mention("person", "Deniz Kaya", None),
    ),
    quotes=(quote("Ersoy", "p-ersoy"), quote("Deniz Kaya", None), quote("Deniz Kaya", None)),
    dossiers=(Claim(id="cyprus", evidence=(WORDS,)),),
    trace=Trace(fetched_at=SEEN, first_seen=SEEN - timedelta(hours=1), revision=7),
    story=Membership(id="s1", role="member", reason="exact/1"),
)


def test_a_kept_article_is_projected_whole() -> None:
    document = project_article(ARTICLE)
    assert (document.kind, document.id, document.version) == ("articles", "a1", ARTICLE.version)
    assert document.record == ARTICLE.to_dict()
    assert document.fields == {
        "id": "a1",
        "url": "https://steppe-wire.example/a1",
        "source": "steppe-wire",
        "status": "ok",
        "reason": None,
        "language": "tr",
        "headline": "Enerji Zirvesi",
        "title": "Enerji Zirvesi",
        "text": "energy and more",
        "author": ("A. Yazar",),
        "author_names": ("A. Yazar",),
        "first_seen": SEEN - timedelta(hours=1),
        "fetched_at": SEEN,
        "published": DAY,
        "published_precision": "day",
        "published_source": "meta",
        "modified": None,
        "undated": False,
        "relevance": "about",
        "kind": "news",
        "main_area": "energy",
        "area": ["energy", "transport"],
        "country": ["kz"],
        "body": ["ots"],
        "meeting": [],
        "dossier": ["cyprus"],
        "person": ["p-ersoy", "Deniz Kaya"],
        "person_names": ["Ayla Ersoy", "p-ersoy", "Deniz Kaya"],
        "speaker": ["p-ersoy", "Deniz Kaya"],
        "speaker_names": ["Ersoy", "p-ersoy", "Deniz Kaya"],
        "quotes": 3,
        "has_quotes": True,
        "story": "s1",
        "story_role": "member",
    }


def test_an_undated_article_says_so() -> None:
    fields = project_article(ARTICLE.replace(published=None)).fields
    assert (fields["undated"], fields["published"], fields["published_source"]) == (True, None, None)


def test_a_discarded_article_keeps_its_record_but_text_and_quotes_and_counts_for_nothing() -> None:
    document = project_article(ARTICLE.discarded(Reason.PASSING))
    record = Article.model_validate(document.record)
    assert record.content is not None
    assert (record.content.title, record.content.text, record.quotes) == ("Enerji Zirvesi", "", ())
    assert (record.areas, record.relevance, record.mentions) == (ARTICLE.areas, ARTICLE.relevance, ARTICLE.mentions)
    assert document.fields["reason"] == "passing"
    assert document.fields["text"] == getattr(ARTICLE.content, "text", None)
    assert document.fields.keys().isdisjoint({"area", "main_area", "country", "person", "speaker", "quotes"})


def test_an_article_without_content_is_projected() -> None:
    bare = Article(id="a2", url=None, source=None, status="discarded", reason="no-text")
    fields = {name: value for name, value in project_article(bare).fields.items() if value is not None}
    assert fields == {
        "id": "a2",
        "status": "discarded",
        "reason": "no-text",
        "undated": True,
        "author": (),
        "author_names": (),
    }


def test_an_alias_names_the_id_that_stands() -> None:
    alias = Alias(alias="x", url="https://steppe-wire.example/old", id="a1", reason="redirect", rules=1, at=SEEN)
    document = project_alias(alias)
    assert (document.kind, document.id, document.fields["article"]) == ("aliases", "x", "a1")
    assert document.version == int(SEEN.timestamp()) * 1_000_000
    assert mapping_of("aliases").fit(document)["reason"] == ["redirect"]


def test_a_discarded_article_is_found_by_those_who_ask(tmp_path: Path) -> None:
    index = SqliteIndex(tmp_path / "index.sqlite")
    index.put([project_article(ARTICLE.discarded(Reason.PASSING))])

    def total(query: str) -> int:
        return index.search(for_readers(Search(query=parse(query)))).total

    assert total("zirvesi") == 0
    assert total("status:discarded zirvesi source:steppe-wire") == 1
    assert total("status:discarded energy") == 1, "by a word of its text, which the record has not"
    assert total("status:discarded area:energy") == 0
    index.close()


def test_a_tombstone_takes_an_articles_place_until_it_is_fetched_again(tmp_path: Path) -> None:
    index = SqliteIndex(tmp_path / "index.sqlite")
    index.put([project_article(ARTICLE), gone_article(ARTICLE, SEEN + timedelta(days=1), "http-error")])
    record = index.get("articles", "a1")
    assert record is not None
    assert record["gone"] == {"at": "2026-03-04T09:30:00Z", "reason": "http-error"}
    assert (record["url"], record["content"]["text"], record["quotes"]) == (ARTICLE.url, "", [])
    assert index.search(Search()).total == 0
    later = ARTICLE.trace.replace(fetched_at=SEEN + timedelta(days=2))
    assert index.put([project_article(ARTICLE.replace(trace=later))])[0].result == "stored"
    assert index.search(Search()).total == 1
    index.close()


@settings(max_examples=50)
@given(strategies.model(Article))
def test_any_article_fits_its_mapping_and_reads_back(article: Article) -> None:
    document = project_article(article.replace(id="a1"))
    assert mapping_of("articles").fit(document)["id"] == ["a1"]
    read = Article.model_validate(document.record)
    assert (read == article.replace(id="a1")) or article.status != "ok"


@settings(max_examples=50)
@given(strategies.model(Alias))
def test_any_alias_fits_its_mapping(alias: Alias) -> None:
    assert mapping_of("aliases").fit(project_alias(alias.replace(alias="x")))["id"] == ["x"]
