"""The consumer `index`: articles and aliases into the index, whole, with an external version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from otswatch.bus import Message, Outgoing
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Outcome, Quarantined, Result
from otswatch.errors import Quarantine
from otswatch.index import Document, Put
from otswatch.index.projection import project_alias, project_article
from otswatch.records import Alias, Article, Indexed
from otswatch.status import Reason


class IndexWork:
    """One bulk request per batch; a document that is refused does not fail its neighbours."""

    def __init__(self, context: Context) -> None:
        self._index = context.index

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        read = [_document(message) for message in messages]
        puts = iter(self._index.put([document for document in read if isinstance(document, Document)]))
        return [item if isinstance(item, Quarantined) else _outcome(item, next(puts)) for item in read]

    def close(self) -> None:
        """The index belongs to whoever opened it."""


def _document(message: Message) -> Document | Quarantined:
    try:
        if message.topic == "aliases":
            return project_alias(Alias.from_json(message.value))
        return project_article(Article.from_json(message.value))
    except Quarantine as outcome:
        return Quarantined(outcome.reason, outcome.detail)


def _outcome(document: Document, put: Put) -> Outcome:
    if put.result == "refused":
        return Quarantined(Reason.REFUSED_BY_INDEX, put.reason)
    if put.result == "stale":
        return Result(status="stale")
    mark = Indexed(kind=document.kind, id=document.id, version=document.version, at=datetime.now(UTC))
    return Result((Outgoing("indexed", document.id, mark.to_json()),))
