"""Articles with quotes, for tests of who said what: several languages, spellings, copies, undated ones."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from otswatch.index import Document
from otswatch.index.projection import project_article
from otswatch.index.quote_projection import project_quotes
from otswatch.records import Article, Claim, Content, Dated, Evidence, Membership, Quote, Relevance, Speaker, Trace

SEEN = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
#: In the order of `speaker` below: name, id of the register, office, state or body.
ERDOGAN_RU = ("Реджеп Тайип Эрдоган", "recep_tayyip_erdogan", "president", "tr")
ERDOGAN_AZ = ("Rəcəb Tayyib Ərdoğan", "recep_tayyip_erdogan", "president", "tr")
FIDAN = ("Hakan Fidan", "hakan_fidan", "foreign_minister", "tr")
OMURALIEV = ("Kubanychbek Omuraliev", "kubanychbek_omuraliev", "secretary_general", "ots")
AKSOY = ("Selim Aksoy", None, None, None)
SERIKBAYEV = ("Данияр Серикбаев", None, "interior_minister", "kz")

Who = tuple[str, str | None, str | None, str | None]


def quote_id(article: str, words: str) -> str:
    """As the stage `quotes` makes it."""
    return hashlib.blake2b(f"{article}\n{words}".encode(), digest_size=16).hexdigest()


def quote(article: str, words: str, who: Who | None = None, **changes: Any) -> Quote:
    """A quote with which the text of its article begins."""
    evidence = Evidence(frame="text", start=0, end=len(words), text=words, rule="quotes/3:full")
    speaker = None
    if who:
        name, person, office, of = who
        speaker = Speaker(name=name, form="full", person=person, office=office, of=of, evidence=(evidence,))
    made = Quote(
        id=quote_id(article, words),
        speaker=speaker,
        text=words,
        start=0,
        end=len(words),
        direct=True,
        rule="quotes/3:verb-behind",
    )
    return made.replace(**changes)


def dated(day: str) -> Dated:
    """A day of UTC."""
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    words = Evidence(frame="meta", text=day, rule="meta/1")
    return Dated(
        at=day,
        precision="day",
        start=start,
        end=start + timedelta(days=1),
        source="meta",
        confidence=1,
        evidence=(words,),
    )


def article(
    id_: str,
    words: str,
    who: Who | None = None,
    *,
    day: str | None = None,
    story: str | None = None,
    source: str = "steppe-wire",
    language: str = "en",
    level: Any = "about",
    dossier: str | None = None,
    **changes: Any,
) -> Article:
    """An article that holds one quote; `changes` are those of the quote."""
    claims = (Claim(id=dossier, evidence=()),) if dossier else ()
    return Article(
        id=id_,
        url=f"https://{source}.example/{id_}",
        source=source,
        content=Content(title=f"Title of {id_}", text=f"{words}, and more.", language=language, extractor="test/1"),
        published=dated(day) if day else None,
        relevance=Relevance(level=level, score=1),
        quotes=(quote(id_, words, who, **changes),),
        dossiers=claims,
        story=Membership(id=story, role="member", reason="exact/1") if story else None,
        trace=Trace(fetched_at=SEEN, first_seen=SEEN),
    )


BORDER = "We shall guard one border together"
SINIR = "Sınırı birlikte koruyacağız"


def newsroom() -> list[Article]:
    """One communiqué in four copies, and others: see the days."""
    return [
        article("copy-1", BORDER, None, day="2026-03-01", story="s1", areas=("security",)),
        article("copy-2", BORDER.upper(), FIDAN, day="2026-03-02", story="s1", source="report-az", areas=("security",)),
        article(
            "copy-3", "We shall guard oneborder together!", FIDAN, day="2026-03-04", story="s1", areas=("security",)
        ),
        article("copy-4", BORDER, FIDAN, story="s1", source="mfa-tr", areas=("security",)),
        article("other-story", BORDER, FIDAN, day="2026-01-15", story="s2", areas=("security", "political")),
        article("ru", "Коридор откроется весной", ERDOGAN_RU, day="2026-03-03", language="ru", areas=("transport",)),
        article("az", "Dəhliz yazda açılacaq", ERDOGAN_AZ, day="2025-11-20", language="az", areas=("transport",)),
        article("tr", SINIR, AKSOY, day="2026-02-10", language="tr", direct=False, where="Bakü'de", when="9 Şubat"),
        article("kz", "Границы под замком", SERIKBAYEV, day="2026-02-11", language="ru", areas=("security",)),
        article("ots", "The secretariat will open an office", OMURALIEV, day="2026-02-12", source="turkicstates-org"),
        article("undated", "Nobody knows when I said this", OMURALIEV),
        article("aside", "Seçimler sona erdi", FIDAN, day="2026-03-05", level="none", dossier="cyprus"),
    ]


def documents(articles: list[Article] | None = None) -> list[Document]:
    """The articles and their quotes."""
    made = newsroom() if articles is None else articles
    return [*map(project_article, made), *(each for one in made for each in project_quotes(one))]
