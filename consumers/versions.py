"""What articles were before they were fetched again: the versions on either side of a text that changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from otswatch.index import Document, Index
from otswatch.index.version_projection import project_version, version_id, wording
from otswatch.records import Article

_PARTS = ("published", "modified", "relevance", "areas", "kind", "quotes")


def versions(index: Index, articles: Sequence[Article]) -> list[Document]:
    """What is to be put before these articles are: killed in between, the same articles make the same once more.

    Nothing where an article says the same as before. The earlier version has a document of its own from the first
    change on.
    """
    fetched_again = [article for article in articles if article.trace.again and article.status == "ok"]
    if not fetched_again:
        return []
    records = index.get_many("articles", {article.id for article in fetched_again})
    standing = {id_: Article.model_validate(record) for id_, record in records.items() if "gone" not in record}
    changed: list[tuple[Article, Article]] = []
    for article in fetched_again:
        before = standing.get(article.id)
        if before is not None and before.version < article.version:
            standing[article.id] = article
            another_fetch = before.trace.fetched_at != article.trace.fetched_at  # and not the same made again
            if another_fetch and before.status == "ok" and wording(before) != wording(article):
                changed.append((before, article))
    first = index.get_many("versions", {version_id(before.id, wording(before)) for before, _ in changed})
    documents: dict[str, Document] = {}
    for before, article in changed:
        earlier = project_version(before)
        if earlier.id not in first:
            documents.setdefault(earlier.id, earlier)
        later = project_version(article, list(_changed(before, article)))
        documents[later.id] = later
    return list(documents.values())


def _changed(before: Article, now: Article) -> Iterator[str]:
    """What a version says otherwise, in the names of the record."""
    for part in ("title", "text", "language"):
        if getattr(before.content, part, None) != getattr(now.content, part, None):
            yield part
    for part in _PARTS:
        if _value(before, part) != _value(now, part):
            yield part


def _value(article: Article, part: str) -> object:
    value = getattr(article, part)
    match part:
        case "published" | "modified":
            return value.at if value else None
        case "relevance":
            return value.level if value else None
        case "kind":
            return value.id if value else None
        case "areas":
            return [area.id for area in value]
    return [quote.text for quote in value]
