"""Background: paragraphs that stand under many stories over days ("The Organization was founded in 2009 …").

They are the newsroom's memory and not the story's news: a stage that is given a `Snapshot` marks them, and they count
for no label, quote or story. The consumer `background` learns them from the articles that pass, and keeps the snapshot
in `State`; a page that is worked on alone, without the pipeline, knows none.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Final

from otswatch.bus import Message
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Outcome, Result, one
from otswatch.index import Index, Search
from otswatch.records import Article, Evidence
from otswatch.state import State
from otswatch.text.folding import fold

RULE: Final = "background/1"
#: Fewer words recur by chance ("The meeting ended with a signing ceremony").
LEAST_WORDS: Final = 8
#: A declaration is cut into many stories too, but within days of its adoption; background lasts.
STORIES, DAYS, SPAN = 4, 3, timedelta(days=5)
#: Two articles that share so much of the shorter one are one story in two copies.
COPY: Final = 0.6
#: How many articles are looked back on, and how many paragraphs are known: bounds of memory and of a task's size.
WINDOW, KNOWN = 20_000, 5_000

_KEY = "background/snapshot"
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The paragraphs known to be background, by `key`, and the version that stands in an article's trace."""

    version: int = 0
    keys: frozenset[str] = frozenset()

    def of(self, text: str) -> tuple[Evidence, ...]:
        """The paragraphs of a text that are background, in order; never all of them: a text is about something."""
        if not self.keys:
            return ()
        paragraphs = list(_paragraphs(text))
        found = [(start, words) for start, words in paragraphs if key(words) in self.keys]
        if len(found) == len(paragraphs):
            return ()
        return tuple(
            Evidence(frame="text", start=start, end=start + len(words), text=words, rule=RULE) for start, words in found
        )


#: What is known where nobody has looked.
NOTHING: Final = Snapshot()


def key(paragraph: str) -> str | None:
    """The same for a paragraph however it is spelled or spaced; null for one that is too short to tell."""
    folded = fold(paragraph)
    if folded.count(" ") + 1 < LEAST_WORDS:
        return None
    return hashlib.blake2b(folded.encode(), digest_size=8).hexdigest()


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for words in text.split("\n\n"):
        yield start, words
        start += len(words) + 2


# ------------------------------------------------------------------------------------------------------------- learning


@dataclass(frozen=True, slots=True)
class _Seen:
    day: date
    opening: str | None
    keys: frozenset[str]


class Window:
    """The paragraphs of the last articles. An article that comes again takes its own place."""

    def __init__(self, newest_first: Iterable[Article] = ()) -> None:
        self._articles: dict[str, _Seen] = {}
        self._holders: defaultdict[str, set[str]] = defaultdict(set)
        for id_, seen in reversed([(article.id, _seen(article)) for article in islice(newest_first, WINDOW)]):
            self._put(id_, seen)

    def add(self, article: Article) -> frozenset[str]:
        """Take an article in. Returns the keys of its paragraphs; none for one that is not kept or has no day."""
        return self._put(article.id, _seen(article))

    def _put(self, id_: str, seen: _Seen | None) -> frozenset[str]:
        self._forget(id_)
        if seen is None:
            return frozenset()
        self._articles[id_] = seen
        for each in seen.keys:
            self._holders[each].add(id_)
        if len(self._articles) > WINDOW:
            self._forget(next(iter(self._articles)))
        return seen.keys

    def recurring(self, keys: Iterable[str], known: Iterable[str] = ()) -> frozenset[str]:
        """Those that stand under enough stories over enough days. `known` ones make no two articles alike."""
        known = frozenset(known)
        return frozenset(each for each in keys if each not in known and self._recurs(each, known))

    def _recurs(self, each: str, known: frozenset[str]) -> bool:
        holders = [self._articles[id_] for id_ in self._holders.get(each, ())]
        days = {one.day for one in holders}
        if len(holders) < STORIES or len(days) < DAYS or max(days) - min(days) < SPAN:
            return False
        stories: list[_Seen] = []
        for holder in sorted(holders, key=lambda one: one.day):
            rest = _Seen(holder.day, holder.opening, holder.keys - known - {each})
            if rest.keys and not any(_copies(rest, other) for other in stories):
                stories.append(rest)
            if len(stories) >= STORIES and rest.day - stories[0].day >= SPAN:
                return len({one.day for one in stories}) >= DAYS
        return False

    def _forget(self, id_: str) -> None:
        seen = self._articles.pop(id_, None)
        for each in seen.keys if seen else ():
            self._holders[each].discard(id_)
            if not self._holders[each]:
                del self._holders[each]


def _seen(article: Article) -> _Seen | None:
    moment = article.published.start if article.published else article.trace.first_seen
    if article.status != "ok" or article.content is None or moment is None:
        return None
    keys = [key(words) for _, words in _paragraphs(article.content.text)]
    return _Seen(moment.date(), keys[0], frozenset(each for each in keys if each))


def _copies(one: _Seen, other: _Seen) -> bool:
    """Whether two articles are copies: the same beginning, or most of the shorter one."""
    if one.opening is not None and one.opening == other.opening:
        return True
    return len(one.keys & other.keys) >= COPY * min(len(one.keys), len(other.keys))


# ------------------------------------------------------------------------------------------------------------- pipeline


def snapshot(state: State) -> Snapshot:
    """The one that the pipeline has now."""
    entry = state.get(_KEY)
    return Snapshot(entry.value["version"], frozenset(entry.value["keys"])) if entry else NOTHING


class BackgroundWork:
    """Learns from each article, and writes a new snapshot when a paragraph turns out to be background.

    What it remembers is not stored: it begins with the newest articles of the index.
    """

    def __init__(self, context: Context) -> None:
        self._index: Index = context.index
        self._state: State = context.state
        self._window: Window | None = None

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        if self._window is None:
            self._window = Window(_newest(self._index))
        fresh: set[str] = set()
        outcomes = [one(partial(self._take, self._window, fresh), message) for message in messages]
        self._learn(self._window, fresh)
        return outcomes

    @staticmethod
    def _take(window: Window, fresh: set[str], message: Message) -> Result:
        article = Article.from_json(message.value)
        fresh |= window.add(article)
        return Result((), article.status, article.reason or "")

    def _learn(self, window: Window, fresh: set[str]) -> None:
        entry = self._state.get(_KEY)
        known: list[str] = entry.value["keys"] if entry else []
        if not (found := window.recurring(fresh, known)):
            return
        value = {"version": entry.value["version"] + 1 if entry else 1, "keys": [*known, *sorted(found)][-KNOWN:]}
        # Where another worker was faster, its snapshot stands; what it lacks is found again with the next article.
        if entry:
            self._state.compare_and_set(_KEY, value, entry.version)
        else:
            self._state.create(_KEY, value)

    def close(self) -> None:
        """Nothing is held."""


def _newest(index: Index) -> Iterator[Article]:
    after: str | None = None
    while True:
        hits = index.search(Search(filters={"status": ("ok",)}, sort="first_seen", size=_PAGE, after=after))
        yield from map(Article.model_validate, hits.documents)
        after = hits.after
        if after is None:
            return
