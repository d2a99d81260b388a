"""Quotes as documents of the index: each quote of an article that is kept, with what is known of that article.

A quote's document is made whenever its article is put, with its version, so it is never older or newer than the
article. What the article no longer says gets a tombstone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Annotated, Final

from pydantic import Field

from otswatch import dates
from otswatch.corrections.values import part_of_speaker
from otswatch.index import Document, Value
from otswatch.index.tombstones import tombstone
from otswatch.records import Article, Corrected, Dated, Moment, Part, Quote
from otswatch.taxonomy.process import taxonomy
from otswatch.text.folding import fold


def _is_none(value: object) -> bool:
    return value is None


#: Why a quote is gone.
UNSAID: Final = "not-in-article"


class Within(Part):
    """The article that a quote stands in."""

    id: str
    url: str | None
    source: str | None
    title: str | None
    language: str
    kind: str | None
    published: Dated | None
    first_seen: Moment | None
    story: str | None


class Utterance(Quote):
    """A quote by itself, as it is searched for.

    `saying` is the same for the same words, letter for letter after folding, in all articles of one story. `corrected`
    is there where a person named the speaker.
    """

    said: Annotated[
        str | None,
        Field(
            description="The day that `when` means, counted from the day of publication; null where nothing says it."
        ),
    ] = None
    saying: str
    article: Within
    corrected: Annotated[Corrected | None, Field(exclude_if=_is_none)] = None


def project_quotes(article: Article) -> list[Document]:
    """A document for each quote of an article; none where it is not kept."""
    if article.status != "ok":
        return []
    return [_document(article, utterance(article, quote)) for quote in article.quotes]


def utterance(article: Article, quote: Quote) -> Utterance:
    """A quote of an article, by itself."""
    content, story = article.content, article.story.id if article.story else None
    said = _said(article.published, quote.when, content.language if content else None)
    within = Within(
        id=article.id,
        url=article.url,
        source=article.source,
        title=content.title if content else None,
        language=content.language if content else "und",
        kind=article.kind.id if article.kind else None,
        published=article.published,
        first_seen=article.trace.first_seen,
        story=story,
    )
    own = {name: getattr(quote, name) for name in Quote.model_fields}
    return Utterance(
        **own,
        said=said,
        saying=_saying(story or article.id, quote.text),
        article=within,
        corrected=article.corrected.get(part_of_speaker(quote.id)),
    )


def _saying(story: str, text: str) -> str:
    # Copies lose spaces between words.
    letters = "".join(fold(text).split())
    return hashlib.blake2b(f"{story}\n{letters}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _said(published: Dated | None, when: str | None, language: str | None) -> str | None:
    """The day that printed words mean; a day without a year is the latest that is not after the publication."""
    if when is None:
        return None
    read = dates.parse(when, language, _clock(published))
    return read.at[:10] if read and read.at and read.precision not in {"month", "year"} else None


def _clock(published: Dated | None) -> datetime | None:
    """The publication on the page's own clock; null where not even its day is known, midnight where its zone is not."""
    read = dates.machine(published.at) if published else None
    if read is None or read[1] in {"month", "year"}:
        return None
    at = datetime.fromisoformat(read[0])
    return at if at.tzinfo else datetime(at.year, at.month, at.day, tzinfo=UTC)


def _document(article: Article, one: Utterance) -> Document:
    speaker, within = one.speaker, one.article
    fields: dict[str, Value] = {
        "id": one.id,
        "article": within.id,
        "url": within.url,
        "source": within.source,
        "story": within.story,
        "saying": one.saying,
        "language": within.language,
        "kind": within.kind,
        "relevance": article.relevance.level if article.relevance else None,
        "dossier": [claim.id for claim in article.dossiers],
        "headline": within.title,
        "text": one.text,
        "direct": one.direct,
        "speaker": (speaker.person or speaker.name) if speaker else None,
        "speaker_names": [name for name in (speaker.name, speaker.person) if name] if speaker else (),
        "office": speaker.office if speaker else None,
        **_spoken_for(speaker.of if speaker else None),
        "area": one.areas,
        "place": one.where,
        "said": datetime.combine(datetime.fromisoformat(one.said), time(), UTC) if one.said else None,
        "first_seen": within.first_seen,
        "published": within.published.start if within.published else None,
        "undated": within.published is None,
    }
    return Document("quotes", one.id, article.version, fields, one.to_dict())


def _spoken_for(of: str | None) -> Mapping[str, Value]:
    """The field that a state or a body stands in."""
    if of is None:
        return {}
    return {"country" if of in taxonomy().countries else "body": of}


def gone_quote(id_: str, version: int, at: datetime) -> Document:
    """What takes the place of a quote that its article has no more."""
    return tombstone("quotes", id_, version, at, UNSAID)
