"""Why an article answers a query: the places of the words that were asked for, and what its labels stand on."""

from __future__ import annotations

from collections.abc import Iterator

from otswatch.evaluate import Fields, Hit, places
from otswatch.query import Keyword, Leaf, TextLeaf, words
from otswatch.records import Article, Evidence
from otswatch.text.folding import tokens


def grounds(leaf: Leaf, article: Article, fields: Fields) -> Iterator[Evidence]:
    """What says that a leaf of a query holds of an article; nothing where it does not hold.

    Args:
        fields: the article's, as the index has them.
    """
    if not isinstance(leaf, Keyword):
        yield from _written(leaf, article, fields)
    elif fields.has(leaf):
        yield from _labelled(leaf, article)


def _written(leaf: TextLeaf, article: Article, fields: Fields) -> Iterator[Evidence]:
    """The places of words in title and text, or of the people who are called so."""
    for hit in fields.hits(leaf):
        if hit.field in {"title", "text"}:
            yield _place(hit, article)
    if leaf.field == "author_names" and article.content:
        named = [article.content.evidence.get("authors")]
        yield from (piece for piece in named if piece and any(fields.hits(leaf)))
    people = [(mention.name, mention.evidence) for mention in article.mentions if leaf.field == "person_names"]
    people += [
        (quote.speaker.name, quote.speaker.evidence)
        for quote in article.quotes
        if quote.speaker and leaf.field == "speaker_names"
    ]
    for name, evidence in people:
        if any(places(leaf, words(name))):
            yield from evidence


def _place(hit: Hit, article: Article) -> Evidence:
    content = article.content
    assert content is not None  # noqa: S101 - there are words in it
    text = (content.title or "") if hit.field == "title" else content.text
    found = tokens(text)
    start, end = found[hit.first].start, found[hit.last - 1].end
    return Evidence(
        frame="title" if hit.field == "title" else "text", start=start, end=end, text=text[start:end], rule=""
    )


def _labelled(leaf: Keyword, article: Article) -> Iterator[Evidence]:
    """What a label of the article stands on."""
    for mention in article.mentions:
        if leaf.value in {mention.id, mention.name} and mention.type == leaf.field:
            yield from mention.evidence
    for area in article.areas:
        if (leaf.field, leaf.value) == ("area", area.id):
            yield from area.evidence
    if leaf.field == "kind" and article.kind:
        yield from article.kind.evidence
    if leaf.field == "relevance" and article.relevance:
        yield from article.relevance.evidence
    if leaf.field == "language" and article.content:
        yield from (piece for piece in (article.content.evidence.get("language"),) if piece)
    if leaf.field in {"source", "id"}:
        yield Evidence(frame="url", text=article.url or leaf.value, rule="")
