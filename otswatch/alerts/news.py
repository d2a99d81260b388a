"""What of all that waits for an outlet is news to it, and how it is put together: one item for a story."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from otswatch.alerts import edits
from otswatch.alerts.known import Change
from otswatch.alerts.queue import Waiting
from otswatch.alerts.told import DOCUMENT, Told
from otswatch.records import Article, Moment, Part

What = Literal["article", "quote", "document", "correction"]
_BEGINNINGS: Final = frozenset[What](("article", "document"))
#: Kinds of text that are official documents themselves.
_DOCUMENTS: Final = frozenset(("communique", "declaration"))


class News(Part):
    """One item of a letter, as it is kept until it has arrived. `others`: further articles that tell the same.

    `at`: when the first of them was indexed. `units`: of each article, what its outlet has been told of afterwards.
    `later`: a document of a story that was told before.
    """

    what: What
    at: Moment
    story: str
    article: str
    quotes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    others: tuple[str, ...] = ()
    units: Mapping[str, tuple[str, ...]]
    later: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """What the ledger counts it by: the story once, its document once, each of the new words, each change."""
        begins = (f"{'document' if self.later else 'story'}/{self.story}",) if self.what in _BEGINNINGS else ()
        corrected = (f"correction/{self.article}/{change.digest}" for change in self.changes)
        return (*begins, *(f"quote/{quote}" for quote in self.quotes), *corrected)


def story_of(article: Article) -> str:
    return article.story.id if article.story else article.id


@dataclass
class Sorting:
    """Sorts out what waits for one outlet.

    Args:
        articles: those that the index still has, by id.
        members: of each story, the articles that are in it now; what was told of one is told of all.
    """

    told: Told
    articles: Mapping[str, Article]
    members: Mapping[str, Collection[str]]
    found: dict[str, News] = field(default_factory=dict)

    def of(self, waiting: Sequence[Waiting]) -> list[News]:
        """What is news, in the order in which it came."""
        kept = [each for each in waiting if each.article in self.articles]
        ids = {each.article for each in kept}
        stories = {story_of(self.articles[id_]) for id_ in ids}
        asked = ids.union(*(self.members.get(story, ()) for story in stories))
        units, told = self.told.articles(asked), self.told.stories(stories)
        for each in kept:
            article = self.articles[each.article]
            story = story_of(article)
            reports = [units[id_] for id_ in (article.id, *self.members.get(story, ())) if id_ in units]
            new_to_it = story not in told and not reports
            had_document = told.get(story, False) or any(DOCUMENT in report for report in reports)
            if _is_document(article) and not had_document:
                self._take_document(each, article, units.get(article.id), new_to_it=new_to_it)
            else:
                self._take(each, article, units.get(article.id), new_to_it=new_to_it)
        return list(self.found.values())

    def _take_document(
        self, waiting: Waiting, article: Article, units: frozenset[str] | None, *, new_to_it: bool
    ) -> None:
        """An official text is told of though other reports of its story were; not so its copies."""
        story = story_of(article)
        place = story if new_to_it else f"{story}/document"
        quotes = _new_quotes(waiting, article, units)
        news = self.found.get(place)
        if news is None:
            said = tuple(quote.id for quote in article.quotes) if new_to_it else quotes
            news = _again("document", story, waiting, said, ()).replace(later=not new_to_it)
        elif news.what == "document":
            news = _with(news, waiting, quotes, ())
        else:  # it stands for the reports of it that came with it
            news = _with(news, waiting, quotes, ())
            others = tuple(id_ for id_ in (news.article, *news.others) if id_ != article.id)
            news = news.replace(what="document", article=article.id, others=others)
        marked = (*news.units[article.id], DOCUMENT)
        self.found[place] = news.replace(units={**news.units, article.id: marked})

    def _take(self, waiting: Waiting, article: Article, units: frozenset[str] | None, *, new_to_it: bool) -> None:
        story, told = story_of(article), units or frozenset()
        quotes = _new_quotes(waiting, article, units)
        changes = _standing(waiting.changes, article, told) if units is not None else ()
        news = self.found.get(story)
        if news and changes and news.article != article.id:  # each article has its own corrections
            place = f"{story}/{article.id}"
            corrected = self.found.get(place) or _again("correction", story, waiting, (), ())
            self.found[place] = _with(corrected, waiting, (), changes)
            changes = ()
        if news:
            if quotes or changes or news.what in _BEGINNINGS:
                self.found[story] = _with(news, waiting, quotes, changes)
        elif new_to_it:
            self.found[story] = News(
                what="article",
                at=waiting.at,
                story=story,
                article=article.id,
                quotes=tuple(quote.id for quote in article.quotes),
                units={article.id: waiting.units},
            )
        elif changes:
            self.found[story] = _again("quote" if quotes else "correction", story, waiting, quotes, changes)
        elif quotes:
            self.found[story] = _again("quote", story, waiting, quotes, ())


def _is_document(article: Article) -> bool:
    return article.kind is not None and article.kind.id in _DOCUMENTS


def _new_quotes(waiting: Waiting, article: Article, told: frozenset[str] | None) -> tuple[str, ...]:
    """Those that are new to all and to it, and are still there."""
    said = {quote.id for quote in article.quotes}
    return tuple(id_ for id_ in waiting.quotes if id_ in said and id_ not in (told or ()))


def _again(what: What, story: str, waiting: Waiting, quotes: tuple[str, ...], changes: tuple[Change, ...]) -> News:
    return News(
        what=what,
        at=waiting.at,
        story=story,
        article=waiting.article,
        quotes=quotes,
        changes=changes,
        units={waiting.article: waiting.units},
    )


def _with(news: News, waiting: Waiting, quotes: tuple[str, ...], changes: tuple[Change, ...]) -> News:
    """With another article of the story, or with more of the same."""
    if waiting.article == news.article:
        return news.replace(
            quotes=tuple(dict.fromkeys((*news.quotes, *quotes))),
            changes=tuple(dict.fromkeys((*news.changes, *changes))),
            units={**news.units, news.article: tuple(dict.fromkeys((*news.units[news.article], *waiting.units)))},
        )
    return news.replace(
        quotes=(*news.quotes, *quotes),
        others=tuple(dict.fromkeys((*news.others, waiting.article))),
        units={**news.units, waiting.article: waiting.units},
    )


def _standing(changes: Iterable[Change], article: Article, told: frozenset[str]) -> tuple[Change, ...]:
    """Those changes that still hold, and that it was not told of."""
    return tuple(change for change in changes if change.digest not in told and _stands(change, article))


def _stands(change: Change, article: Article) -> bool:
    match change.of:
        case "published":
            return change.after == (article.published.at if article.published else None)
        case "speaker":
            speakers = {quote.id: quote.speaker.name if quote.speaker else None for quote in article.quotes}
            return change.after == speakers.get(change.quote or "")
        case "text":
            return edits.stands(change, article)
