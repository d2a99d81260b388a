"""What readers ask of an index: two hundred searches over the articles of `benchmarks.corpus`, always the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any, Final

from benchmarks import corpus
from benchmarks.corpus import Corpus
from otswatch.index import SCORE, Index, Search
from otswatch.query import words
from otswatch.search_request import SearchRequest
from otswatch.web.facets import NAMES

#: How far down a deep page is, in hits.
_DEEP: Final = 500


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is asked of an index."""

    group: str
    search: Search
    ask: Callable[[Index, Search], int]

    def ready(self, index: Index) -> Callable[[], int]:
        """What asks it and says how many documents were found; to page down to it is not part of that."""
        search = self.search
        if self.group == _DEEP_PAGE:
            search = replace(search, after=index.search(replace(search, size=_DEEP)).after)
        return lambda: self.ask(index, search)


def _hits(index: Index, search: Search) -> int:
    return index.search(search).total


def _facets(index: Index, search: Search) -> int:
    """As the search page does where no filter is set."""
    return sum(bucket.count for buckets in index.facets(search, tuple(NAMES)).values() for bucket in buckets)


def _weeks(index: Index, search: Search) -> int:
    return sum(bucket.count for bucket in index.timeline(search, "first_seen", "week"))


class _Reader:
    """Makes up what is asked for."""

    def __init__(self, articles: Corpus, seed: int) -> None:
        self._articles = articles
        self._dice = Random(f"searches/{seed}")  # noqa: S311 - the same in every run

    def one_word(self) -> dict[str, Any]:
        return {"q": self._word(self._language())}

    def two_words(self) -> dict[str, Any]:
        language = self._language()
        return {"q": f"{self._word(language, rarest=400)} {self._word(language, rarest=400)}"}

    def phrase(self) -> dict[str, Any]:
        """The name of the OTS, or words that stand side by side in an article that is kept."""
        text = corpus.OTS[self._language()] if self._dice.random() < 0.4 else self._text()
        found = words(text)
        start = self._dice.randrange(len(found) - 1)
        return {"q": f'"{" ".join(found[start : start + self._dice.choice((2, 2, 3))])}"'}

    def prefix(self) -> dict[str, Any]:
        word = self._word(self._language())
        return {"q": f"{word[: self._dice.randint(3, 6)]}*"}

    def filtered(self) -> dict[str, Any]:
        """A word, a language, now and then a source, and some weeks or months."""
        language = self._language()
        since = corpus.START.date() + self._dice.random() * corpus.SPAN
        source = corpus.drawn(self._dice, corpus.sources(language), 1) if self._dice.random() < 0.5 else []
        until = since + timedelta(days=self._dice.choice((14, 60, 365)))
        return {
            "q": self._word(language),
            "language": [language],
            "source": source,
            "since": str(since),
            "until": str(until),
        }

    def labelled(self) -> dict[str, Any]:
        """An area and a country, and no words."""
        return {
            "area": corpus.drawn(self._dice, corpus.areas(), 1),
            "country": corpus.drawn(self._dice, corpus.countries(), 1),
        }

    def best_match(self) -> dict[str, Any]:
        language = self._language()
        return {"q": " OR ".join(self._word(language) for _ in range(self._dice.choice((1, 2, 3)))), "sort": SCORE}

    def broad(self) -> dict[str, Any]:
        """Everything, or what has one of the more frequent words."""
        return self._dice.choice(
            ({}, {"q": self._word(self._language(), rarest=300)}, {"language": [self._language()]})
        )

    def deep(self) -> dict[str, Any]:
        return {**self.broad(), "sort": self._dice.choice(("first_seen", "published", SCORE))}

    def _text(self) -> str:
        while True:
            article = self._articles.article(self._dice.randrange(self._articles.number))
            if article.content and (article.status == "ok" or self._articles.discarded == 1):
                return article.content.text

    def _language(self) -> str:
        return self._dice.choices(list(corpus.SHARES), list(corpus.SHARES.values()))[0]

    def _word(self, language: str, rarest: int = 10_000) -> str:
        """Seldom one of the most frequent ones, and as often from 100 to 1,000 as from 1,000 to 10,000."""
        rank = int(15 * (rarest / 15) ** self._dice.random())
        return corpus.vocabulary(language)[rank]


_DEEP_PAGE: Final = f"page behind {_DEEP} hits"
#: Group → how many, how they are made up, and how they are asked.
_GROUPS: Final[Mapping[str, tuple[int, Callable[[_Reader], dict[str, Any]], Callable[[Index, Search], int]]]] = {
    "one word": (30, _Reader.one_word, _hits),
    "two words": (25, _Reader.two_words, _hits),
    "phrase": (20, _Reader.phrase, _hits),
    "prefix": (20, _Reader.prefix, _hits),
    "word, filters and range": (25, _Reader.filtered, _hits),
    "area and country, no words": (20, _Reader.labelled, _hits),
    "best match first": (20, _Reader.best_match, _hits),
    "facets of the search page": (20, _Reader.broad, _facets),
    "timeline by week": (15, _Reader.broad, _weeks),
    _DEEP_PAGE: (15, _Reader.deep, _hits),
}


def questions(articles: Corpus, seed: int = 1) -> Iterator[Question]:
    """All of them, group by group; of another seed others like them."""
    reader = _Reader(articles, seed)
    for group, (number, made_up, ask) in _GROUPS.items():
        for _ in range(number):
            yield Question(group, SearchRequest.of(**made_up(reader)).to_search(), ask)
