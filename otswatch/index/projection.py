"""Records as documents of the index: which of their values become fields of `mappings/*.json`.

An article that was discarded can be found by its words, by those who ask for `status: discarded`: what was thrown away
wrongly is found again by what it says. Its record is kept without text and quotes, which are in the archive with its
raw page; that of an article that a person ruled out is kept whole, so that it can be taken back at once. Its labels are
in the record with the words that say so, but not in fields, so that no count of areas, countries or people is moved by
it, not even on a dashboard that forgets to ask for `status: ok`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from otswatch import versions
from otswatch.index import Document, Value
from otswatch.index.tombstones import tombstone
from otswatch.records import Alias, Article, Correction, Dated, Story
from otswatch.status import Reason


def project_article(article: Article) -> Document:
    """The document of an article; of one that was discarded without its labels, and with a light record."""
    if article.status == "ok":
        return _document(article, fields_of(article))
    found_by = {**_identity(article), **_content(article)}
    return _document(article if article.reason == Reason.RULED_OUT else _light(article), found_by)


def fields_of(article: Article) -> dict[str, Value]:
    """Everything that an article can be found by once it is kept."""
    return {**_identity(article), **_content(article), **_labels(article)}


def project_alias(alias: Alias) -> Document:
    """The document of another address. `article` is the id that stands."""
    fields: dict[str, Value] = {
        "id": alias.alias,
        "url": alias.url,
        "article": alias.id,
        "reason": alias.reason,
        "at": alias.at,
    }
    return Document("aliases", alias.alias, int(alias.at.timestamp() * 1000) * 1000, fields, alias.to_dict())


def project_correction(correction: Correction, status: str, version: int) -> Document:
    """The document of a correction. `status`: as `otswatch.corrections.fold.status`; its record has it too."""
    value = correction.value
    fields: dict[str, Value] = {
        "id": correction.id,
        "article": correction.article,
        "field": correction.field,
        "value": value if value is None or isinstance(value, (str, list)) else json.dumps(value),
        "by": correction.by,
        "at": correction.at,
        "status": status,
    }
    return Document("corrections", correction.id, version, fields, {**correction.to_dict(), "status": status})


def project_story(story: Story) -> Document:
    """The document of a story; of one that was merged, or that nobody is shown an article of, its tombstone."""
    if story.merged_into is not None or not story.articles:
        return _gone_story(story)
    fields: dict[str, Value] = {
        "id": story.id,
        "headline": story.title,
        "title": _unique(member.title for member in story.members if member.title),
        "language": story.languages,
        "first_seen": story.first_seen,
        "last_seen": story.last_seen,
        "published": story.published,
        "undated": story.published is None,
        "article": [member.article for member in story.members],
        "first_article": story.first,
        "official_article": story.official,
        "source": story.sources,
        "articles": story.articles,
        "relevance": story.relevance,
        "sources": len(story.sources),
        "differs": _unique(difference.of for difference in story.differences),
        "main_area": story.areas[0] if story.areas else None,
        "area": story.areas,
        "country": story.countries,
        "body": story.bodies,
        "meeting": story.meetings,
        "person": story.people,
    }
    return Document("stories", story.id, story.version, fields, story.to_dict())


def _gone_story(story: Story) -> Document:
    reason = "merged" if story.merged_into else "no-article"
    fields: dict[str, Value] = {"merged_into": story.merged_into}
    at = versions.moment(story.version)
    return tombstone("stories", story.id, story.version, at, reason, fields=fields, record=story.to_dict())


def gone_article(article: Article, at: datetime, reason: str) -> Document:
    """What takes the place of an article that is gone: where it was, since when it is not, and why.

    Its record is the article's without text and quotes. Its version is made from `at` as an article's from its fetch,
    so a later fetch that succeeds brings the article back.
    """
    light = _light(article)
    version = int(at.timestamp() * 1000) * 1000 + article.trace.revision
    return tombstone("articles", article.id, version, at, reason, fields=_identity(light), record=light.to_dict())


def _document(article: Article, fields: dict[str, Value]) -> Document:
    return Document("articles", article.id, article.version, fields, article.to_dict())


def _light(article: Article) -> Article:
    content = article.content.replace(text="") if article.content else None
    return article.replace(content=content, quotes=())


def _identity(article: Article) -> dict[str, Value]:
    """What any article can be found by."""
    content, trace, published = article.content, article.trace, article.published
    return {
        "id": article.id,
        "url": article.url,
        "source": article.source,
        "status": article.status,
        "reason": article.reason,
        "language": content.language if content else None,
        "headline": content.title if content else None,
        "title": content.title if content else None,
        "first_seen": trace.first_seen,
        "fetched_at": trace.fetched_at,
        "published": _start(published),
        "published_precision": published.precision if published else None,
        "published_source": published.source if published else None,
        "modified": _start(article.modified),
        "undated": published is None,
        "relevance": article.relevance.level if article.relevance else None,
    }


def _content(article: Article) -> dict[str, Value]:
    content = article.content
    authors = content.authors if content else ()
    return {"text": content.text if content else None, "author": authors, "author_names": authors}


def _labels(article: Article) -> dict[str, Value]:
    """What is counted."""
    areas = [area.id for area in article.areas]
    people = [mention for mention in article.mentions if mention.type == "person"]
    speakers = [quote.speaker for quote in article.quotes if quote.speaker]
    return {
        "main_area": areas[0] if areas else None,
        "area": areas,
        "kind": article.kind.id if article.kind else None,
        "country": _ids(article, "country"),
        "body": _ids(article, "body"),
        "meeting": _ids(article, "meeting"),
        "dossier": [claim.id for claim in article.dossiers],
        "person": _unique(mention.id or mention.name for mention in people),
        "person_names": _unique(name for mention in people for name in (mention.name, mention.id) if name),
        "speaker": _unique(speaker.person or speaker.name for speaker in speakers),
        "speaker_names": _unique(name for speaker in speakers for name in (speaker.name, speaker.person) if name),
        "quotes": len(article.quotes),
        "has_quotes": bool(article.quotes),
        "story": article.story.id if article.story else None,
        "story_role": article.story.role if article.story else None,
    }


def _ids(article: Article, kind: str) -> list[str]:
    """The registered ones only: an id means the same in every language, a name as written does not."""
    return _unique(mention.id for mention in article.mentions if mention.type == kind and mention.id)


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _start(dated: Dated | None) -> datetime | None:
    return dated.start if dated else None
