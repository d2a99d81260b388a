"""The consumer `extract`: pages in; articles (kept and discarded) and aliases out. Worker processes do the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from otswatch import dossiers, taxonomy
from otswatch.bus import Message, Outgoing
from otswatch.consumers.background import NOTHING, Snapshot, snapshot
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Outcome, Quarantined, Result, passed_on
from otswatch.consumers.pool import Given, Made, Pool
from otswatch.errors import Quarantine, UsageError
from otswatch.records import Alias, Article, Page
from otswatch.settings import Settings
from otswatch.urls import URL_RULES, normalise, page_id


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page message on its way into a worker process: bytes, so that only the worker pays for reading them."""

    value: bytes
    address: str
    background: Snapshot = NOTHING


def warm() -> None:
    """Import what a page needs, and build its automata, before the first page's time counts."""
    from otswatch.consumers.chain import extract_given  # heavy, for worker processes only

    extract_given(html="<html><body><p>OTS</p></body></html>")


def work_on_page(task: PageTask) -> Result | Quarantined:
    """A page message to what is published of it."""
    from otswatch.consumers.chain import extract_page  # as above

    try:
        page = Page.from_json(task.value)
        article = extract_page(page, task.address, task.background)
    except Quarantine as outcome:
        return Quarantined(outcome.reason, outcome.detail)
    if takes_away(article):
        return Result((), article.status, article.reason or "")
    made = (Outgoing("articles", article.id, article.to_json()), *canonical_alias(article, page))
    return Result(made, article.status, article.reason or "")


def takes_away(article: Article) -> bool:
    """Whether this would take an article away that was kept when it was fetched first.

    A site that answers a later fetch with a consent wall or a challenge does so with status 200. So what stands stays,
    and the page is in the archive.
    """
    return article.trace.again is not None and article.status == "discarded"


def canonical_alias(article: Article, page: Page) -> tuple[Outgoing, ...]:
    """The page's own word on its address, where it names another one on its own host. The id stays.

    On another host it says whose text this is a copy of, which is no address of this page, and anybody can write it.
    """
    canonical = article.content.canonical_url if article.content else None
    try:
        other = page_id(canonical) if canonical and same_host(canonical, page.url) else article.id
    except UsageError:
        return ()  # what the page wrote there is no address
    if canonical is None or other == article.id:
        return ()
    alias = Alias(alias=other, url=canonical, id=article.id, reason="canonical", rules=URL_RULES, at=page.fetched_at)
    return (Outgoing("aliases", alias.alias, alias.to_json()),)


def same_host(url: str, other: str) -> bool:
    """Whether two addresses are on one host, `www.` and mobile variants of it included."""
    return urlsplit(normalise(url)).netloc == urlsplit(normalise(other)).netloc


def workers(function: Callable[[Given], Made], settings: Settings) -> Pool[Given, Made]:
    """Worker processes for `function`, as the settings say; each calls `warm` first.

    Raises:
        ConfigError: a word list or dossier of the user's cannot be used. Said here once; in the workers it would cost
            every page.
    """
    taxonomy.load(settings.config)
    dossiers.load(settings.config)
    return Pool(function, warm, workers=settings.workers, seconds=settings.page_timeout)


class ExtractWork:
    """A batch of pages through the pool, in order."""

    def __init__(self, context: Context) -> None:
        self._state = context.state
        self._pool = workers(work_on_page, context.settings)

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        known = snapshot(self._state)
        outcomes = self._pool.map(PageTask(message.value, message.address, known) for message in messages)
        return [passed_on(message, outcome) for message, outcome in zip(messages, outcomes, strict=True)]

    def close(self) -> None:
        self._pool.close()
