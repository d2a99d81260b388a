"""What dossiers would have claimed of what was discarded, as far as the index knows: before a `reprocess`.

The index finds a discarded article by its words, and has its labels in the record; its text is in the archive. So text
is asked of the index and the rest of the record. Background paragraphs count here, where they do not in the pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from otswatch.corrections.fold import discarded_for_relevance, unfold
from otswatch.dossiers import Dossier, Dossiers
from otswatch.evaluate import Fields
from otswatch.index import Document, Index, Range, Search, every
from otswatch.index.projection import fields_of
from otswatch.query import And, Keyword, Node, Not, Or, leaves
from otswatch.records import Article


@dataclass(frozen=True, slots=True)
class Found:
    """A discarded article, and the dossier that would claim it."""

    dossier: str
    article: Article
    state: str

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        content, relevance = self.article.content, self.article.relevance
        return {
            "dossier": self.dossier,
            "id": self.article.id,
            "url": self.article.url,
            "source": self.article.source,
            "title": content.title if content else None,
            "relevance": relevance.level if relevance else None,
            "state": self.state,
        }


def would_claim(known: Dossiers, dossier: Dossier, node: Node, index: Index, since: datetime) -> Iterator[Found]:
    """The discarded articles first seen at `since` or later that a dossier would keep, newest first."""
    asked = _Asked(index, since)
    for record in asked.records(None):
        article = unfold(Article.model_validate(record))
        if not discarded_for_relevance(article):
            continue
        countries = frozenset(mention.id for mention in article.mentions if mention.type == "country" and mention.id)
        state = known.concerns(dossier, article.source, countries)
        if state and asked.holds(node, article):
            yield Found(dossier.id, article, state)


class _Asked:
    """The discarded articles of some days; each text is looked for once."""

    def __init__(self, index: Index, since: datetime) -> None:
        self._index = index
        self._since = since
        self._found: dict[Node, frozenset[str]] = {}

    def records(self, query: Node | None) -> Iterator[Mapping[str, Any]]:
        ranges = {"first_seen": Range(self._since)}
        yield from every(self._index, Search(query=query, filters={"status": ("discarded",)}, ranges=ranges))

    def holds(self, node: Node, article: Article) -> bool:
        if not any(isinstance(leaf, Keyword) for leaf in leaves(node)):
            if node not in self._found:
                self._found[node] = frozenset(record["id"] for record in self.records(node))
            return article.id in self._found[node]
        match node:
            case Not(part):
                return not self.holds(part, article)
            case And(parts):
                return all(self.holds(part, article) for part in _grouped(And, parts))
            case Or(parts):
                return any(self.holds(part, article) for part in _grouped(Or, parts))
        assert isinstance(node, Keyword)  # noqa: S101 - whatever else there is has no keyword in it
        return Fields(Document("articles", article.id, article.version, fields_of(article), {})).has(node)


def _grouped(kind: type[And | Or], parts: tuple[Node, ...]) -> Iterator[Node]:
    """The parts, with those that are text alone put together: the index answers them at once."""
    text = tuple(part for part in parts if not any(isinstance(leaf, Keyword) for leaf in leaves(part)))
    if text:
        yield kind(text) if len(text) > 1 else text[0]
    yield from (part for part in parts if part not in text)
