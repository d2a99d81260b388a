"""The consumer `index`: articles, aliases and corrections into the index, whole, with an external version.

An article is put with what people said of it (`corrections.kept`), whenever it is put: first, at a refetch, out of
`reprocess`, as a replay. A correction has its article taken from the index and put again.

Two workers may have an article and a correction of it at the same time. Whoever says something writes it to `State`
first and publishes it then; here an article's words are read before it is put and once more after that, and where they
are others by then it is put again. So either the reading after the put sees the words, or they were written later, and
then their message is read later still, by a worker that finds the article in the index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from otswatch.bus import Message, Outgoing
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Outcome, Quarantined, Result
from otswatch.corrections import kept
from otswatch.corrections.fold import fold, status, unfold, version
from otswatch.corrections.values import checked
from otswatch.errors import Quarantine, UsageError
from otswatch.index import Document, Index, Put
from otswatch.index.projection import project_alias, project_article, project_correction
from otswatch.records import Alias, Article, Correction, Indexed
from otswatch.state import State
from otswatch.status import Reason

#: Headers of the marks that a correction leaves in `indexed`: somebody put an article right, which is no news.
CORRECTED: Mapping[str, str] = {"origin": "correction"}

Stored = tuple[Document, Put]


class IndexWork:
    """Articles and aliases in one bulk request each; a document that is refused does not fail its neighbours."""

    def __init__(self, context: Context) -> None:
        self._index: Index = context.index
        self._state: State = context.state

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        read = [_read(message) for message in messages]
        articles = iter(self._put_articles([record for record in read if isinstance(record, Article)]))
        aliases = iter(self._put([project_alias(record) for record in read if isinstance(record, Alias)]))
        # Corrections come last: what they correct may have come in the same batch.
        outcomes: list[Outcome] = []
        for record in read:
            match record:
                case Quarantined():
                    outcomes.append(record)
                case Correction():
                    outcomes.append(self._correct(record))
                case _:
                    outcomes.append(_outcome([next(articles if isinstance(record, Article) else aliases)]))
        return outcomes

    def close(self) -> None:
        """The stores belong to whoever opened them."""

    def _put(self, documents: Sequence[Document]) -> list[Stored]:
        return list(zip(documents, self._index.put(documents), strict=True)) if documents else []

    def _put_articles(self, articles: Sequence[Article]) -> list[Stored]:
        """Put articles, given as the machine made them, with the words that stand when they are in the index."""
        said = [kept.of(self._state, article.id) for article in articles]
        stored = self._put([project_article(fold(*pair)) for pair in zip(articles, said, strict=True)])
        late = [place for place, article in enumerate(articles) if kept.of(self._state, article.id) != said[place]]
        if late:
            again = self._put_articles([articles[place] for place in late])
            for place, put in zip(late, again, strict=True):
                stored[place] = put
        return stored

    def _correct(self, correction: Correction) -> Outcome:
        """Put all corrections of an article, for a new one replaces another; and the article, where there is one."""
        said = kept.remember(self._state, correction)
        stored = self._put([project_correction(each, status(each, said), version(said)) for each in said])
        record = self._index.get("articles", correction.article)
        if record is not None and "gone" not in record:
            stored += self._put_articles([unfold(Article.model_validate(record))])
        return _outcome(stored, CORRECTED)


def _read(message: Message) -> Article | Alias | Correction | Quarantined:
    try:
        match message.topic:
            case "aliases":
                return Alias.from_json(message.value)
            case "corrections":
                return _correction(Correction.from_json(message.value))
            case _:
                return Article.from_json(message.value)
    except Quarantine as outcome:
        return Quarantined(outcome.reason, outcome.detail)


def _correction(correction: Correction) -> Correction:
    """
    Raises:
        Quarantine: its value is none of its field.
    """
    try:
        return correction.replace(value=checked(correction.field, correction.value))
    except UsageError as error:
        raise Quarantine(Reason.UNREADABLE_MESSAGE, str(error)) from None


def _outcome(stored: Sequence[Stored], headers: Mapping[str, str] = MappingProxyType({})) -> Outcome:
    """What became of the message that these documents are made of."""
    marks: list[Outgoing] = []
    for document, put in stored:
        if put.result == "refused":
            return Quarantined(Reason.REFUSED_BY_INDEX, put.reason)
        if put.result == "stored":
            mark = Indexed(kind=document.kind, id=document.id, version=document.version, at=datetime.now(UTC))
            marks.append(Outgoing("indexed", document.id, mark.to_json(), headers))
    return Result(tuple(marks), status="ok" if marks else "stale")
