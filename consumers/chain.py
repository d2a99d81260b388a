"""The stages of `extract` in their order, as one pure function. Adding a stage is adding its `STAGE` here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from otswatch.consumers import classify, clean, date, dossiers, quotes
from otswatch.consumers.background import NOTHING, Snapshot
from otswatch.consumers.document import Document, decoded, from_page
from otswatch.consumers.stage import Stage
from otswatch.errors import Discard, Quarantine, UsageError
from otswatch.records import Answer, Article, Page, Trace
from otswatch.status import Reason
from otswatch.urls import page_id

STAGES: tuple[Stage, ...] = (clean.STAGE, date.STAGE, classify.STAGE, quotes.STAGE, dossiers.STAGE)

#: Goes up when a reprocessed article must replace one of the same fetch. 0–999: see `Article.version`.
REVISION = 2


def extract(document: Document, article: Article) -> Article:
    """`article` with every part filled in that the stages can fill.

    Raises:
        Quarantine: a stage says that this page can never work as it is.
    """
    ran: dict[str, str] = {}
    for stage in STAGES:
        ran[stage.name] = stage.version
        try:
            article = stage.run(document, article)
        except Discard as outcome:
            article = article.discarded(Reason(outcome.reason))
            break
    return article.replace(
        trace=article.trace.replace(stages=ran, revision=REVISION, background=document.background.version)
    )


def stages_from(name: str) -> tuple[Stage, ...]:
    """The stage of this name and those behind it, which build on what it makes.

    Raises:
        UsageError: there is none.
    """
    names = [stage.name for stage in STAGES]
    if name not in names:
        raise UsageError(f"no stage {name!r}; there are: {', '.join(names)}")
    return STAGES[names.index(name) :]


def extract_again(article: Article, stages: Sequence[Stage]) -> Article:
    """An article with text, as the machine made it, with what these stages own made anew. None of them needs the page.

    Its story is left out: the consumer `stories` knows it.
    """
    owned = {name: Article.model_fields[name].get_default() for stage in stages for name in stage.owns}
    made = article.replace(**owned, status="ok", reason=None, detail=None, story=None)
    document = Document(None, None, article.url, article.source, article.trace.fetched_at)
    for stage in stages:
        made = stage.run(document, made)
    ran = {**article.trace.stages, **{stage.name: stage.version for stage in stages}}
    revision = max(REVISION, article.trace.revision)
    return made.replace(trace=article.trace.replace(stages=ran, revision=revision))


def extract_page(page: Page, message: str | None = None, known: Snapshot = NOTHING) -> Article:
    """The article of a fetched page; `message` is the address of the message that brought it.

    Args:
        known: the recurring paragraphs of the pipeline.
    """
    article = Article(
        id=page.id,
        url=page.url,
        source=page.source,
        trace=Trace(
            fetched_at=page.fetched_at,
            first_seen=page.first_seen,
            first_listed=page.first_listed,
            discovery=page.discovery,
            page=message,
            answer=Answer.of(page.headers, page.content()),
            again=page.again,
        ),
    )
    try:
        document = from_page(page, known)
    except Discard as outcome:
        return article.discarded(Reason(outcome.reason))
    return extract(document, article)


def extract_given(
    *,
    html: str | bytes | None = None,
    text: str | bytes | None = None,
    url: str | None = None,
    fetched_at: datetime | None = None,
    source: str | None = None,
    content_type: str | None = None,
) -> Article:
    """The article of a page or text that someone hands in; see `otswatch.process`. Bytes are decoded as if fetched.

    One that the pipeline would quarantine comes back with that status: whoever handed it in wants to know.

    Raises:
        UsageError: neither or both are given, `fetched_at` has no offset, or `url` is no address.
    """
    given = html if html is not None else text
    if given is None or (html is not None and text is not None):
        raise UsageError("give exactly one of html and text")
    if fetched_at is not None and fetched_at.tzinfo is None:
        raise UsageError("fetched_at needs an offset, for example 2025-04-15T12:00:00+00:00")
    trace = Trace(fetched_at=fetched_at, first_seen=fetched_at)
    article = Article(id=page_id(url) if url else _content_id(given), url=url, source=source, trace=trace)
    try:
        return extract(Document(*_decoded(html, text, content_type), url, source, fetched_at), article)
    except Discard as outcome:
        return article.discarded(Reason(outcome.reason))
    except Quarantine as outcome:
        return article.quarantined(outcome.reason, outcome.detail)


def _decoded(
    html: str | bytes | None, text: str | bytes | None, content_type: str | None
) -> tuple[str | None, str | None]:
    """What was given, with bytes read as the HTML or text that they are."""
    if isinstance(html, bytes):
        return decoded(html, content_type or "text/html")
    if isinstance(text, bytes):
        return decoded(text, content_type or "text/plain")
    return html, text


def _content_id(given: str | bytes) -> str:
    """For what has no address."""
    content = given if isinstance(given, bytes) else given.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16).hexdigest()
