"""Stage `classify`: about the OTS or not and how centrally, cooperation areas, kind of text, who is mentioned."""

from __future__ import annotations

from otswatch.consumers.document import Document
from otswatch.consumers.stage import Stage
from otswatch.records import Area, Article
from otswatch.status import Reason
from otswatch.taxonomy import areas, kinds, mentions, relevance
from otswatch.taxonomy.process import taxonomy
from otswatch.taxonomy.reading import Reading, languages, readings_of
from otswatch.text.language import detect

#: Goes up with every change of what the stage makes of the same words; the taxonomy has a version of its own.
_RULES = 4

_DISCARDED = {"passing": Reason.PASSING, "none": Reason.NOT_ABOUT_OTS}


def classify(_document: Document, article: Article) -> Article:
    """The article with relevance, areas, kind and mentions; discarded where it is not about the OTS."""
    content = article.content
    if content is None:
        return article
    known = taxonomy()
    readings = readings_of(known, content.title, content.foreground, content.language)
    spoken = languages(readings, content.language)
    names = relevance.named(known, readings, content.language)
    news = len(content.text) - sum(len(paragraph.text) for paragraph in content.background)
    judged = relevance.judge(known, names, news)
    article = article.replace(
        relevance=judged,
        areas=areas.label(known, readings, spoken),
        kind=kinds.kind(known, readings, spoken),
        mentions=mentions.mentions(known, readings, names, content.language, article.published),
    )
    reason = _DISCARDED.get(judged.level)
    return article.discarded(reason) if reason and article.status == "ok" else article


def areas_of(text: str, language: str | None = None) -> tuple[Area, ...]:
    """Cooperation areas of any text, main one first; offsets count in `text` as given."""
    known = taxonomy()
    spoken = language or detect(text)
    readings = [Reading(known, text, "input", spoken)]
    return areas.label(known, readings, languages(readings, spoken))


STAGE = Stage(
    name="classify",
    version=f"{_RULES}+{taxonomy().version}",
    owns=("relevance", "areas", "kind", "mentions"),
    run=classify,
    needs_page=False,
)
