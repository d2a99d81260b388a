"""What a change of a term does to the articles that were collected: before a `reprocess`, and without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from otswatch.index import Index, Range, Search
from otswatch.query import And, Node, Or, Prefix, Word
from otswatch.records import Article, Content
from otswatch.taxonomy import areas
from otswatch.taxonomy.loader import Taxonomy
from otswatch.taxonomy.matcher import Pattern
from otswatch.taxonomy.reading import languages, readings_of
from otswatch.taxonomy.schema import Term

#: More articles say no more of a term.
_MOST = 500


@dataclass(frozen=True, slots=True)
class Effect:
    """Of `articles` that have the words, how many get the area by the change, and how many lose it."""

    articles: int
    gained: int
    lost: int


def effect(index: Index, since: datetime, before: Taxonomy, after: Taxonomy, area: str, term: Term) -> Effect:
    """What becomes of kept articles in the language of a term and with its words, first seen at `since` or later.

    The newest 500 at most.
    """
    hits = index.search(
        Search(
            query=_query(term),
            filters={"status": ("ok",), "language": (term.lang,)},
            ranges={"first_seen": Range(since)},
            size=_MOST,
        )
    )
    contents = [content for record in hits.documents if (content := Article.model_validate(record).content)]
    changes = [(_has(before, area, content), _has(after, area, content)) for content in contents]
    return Effect(len(contents), changes.count((False, True)), changes.count((True, False)))


def _query(term: Term) -> Node:
    patterns = [_all_words(pattern) for pattern in Pattern.spelt(term.term, term.lang)]
    return Or(tuple(patterns)) if len(patterns) > 1 else patterns[0]


def _all_words(pattern: Pattern) -> Node:
    """The articles that can have a pattern: that its words are side by side is for the matcher to say."""
    words: list[Node] = [Prefix(word.text) if word.open else Word(word.text) for word in pattern.words if word.text]
    return And(tuple(words)) if len(words) > 1 else words[0]


def _has(taxonomy: Taxonomy, area: str, content: Content) -> bool:
    readings = readings_of(taxonomy, content.title, content.foreground, content.language)
    return area in {label.id for label in areas.label(taxonomy, readings, languages(readings, content.language))}
