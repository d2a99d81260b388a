"""The consumer `index`: articles, what derives from them, aliases, stories and corrections into the index.

Documents are put whole, with an external version. An article is put with what stands of it in `State`, whenever it is
put: what people said of it (`corrections.kept`) and the story that it is in now (`stories.groups`). A word on an
article, or its moving to another story, has it taken from the index and put again.

Two workers may have an article and a word on it at the same time. Whoever says something writes it to `State` first
and publishes it then; here what stands is read before an article is put and once more after that, and where it is
something else by then the article is put again. So either the reading after the put sees the words, or they were
written later, and then their message is read later still, by a worker that finds the article in the index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from otswatch import again, documents, taxonomy
from otswatch.bus import Message, Outgoing
from otswatch.calendar import Meetings
from otswatch.consumers.context import Context
from otswatch.consumers.derived import Derivation, Derived
from otswatch.consumers.outcome import Outcome, Quarantined, Result, origin
from otswatch.consumers.versions import versions
from otswatch.corrections import kept
from otswatch.corrections.fold import fold, status, unfold, version
from otswatch.corrections.kept import Said
from otswatch.corrections.values import checked
from otswatch.crawlers import registry
from otswatch.documents.gathering import DocumentGathering
from otswatch.errors import Quarantine, UsageError
from otswatch.index import Document, Index, Put
from otswatch.index.projection import project_alias, project_article, project_correction, project_story
from otswatch.index.version_projection import gone_version
from otswatch.records import Alias, Article, Correction, Gone, Indexed, Membership, Moved, Story
from otswatch.state import State
from otswatch.status import Reason
from otswatch.stories.groups import Groups

Stored = tuple[Document, Put]
Record = Article | Alias | Correction | Story | Moved | Gone


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of an article beside what the machine made of its page."""

    said: Said
    story: Membership | None

    def over(self, article: Article) -> Article:
        """The article as readers see it."""
        return fold(article.replace(story=self.story), self.said)


class IndexWork:
    """Articles and aliases in one bulk request each; a document that is refused does not fail its neighbours."""

    def __init__(self, context: Context) -> None:
        self._index: Index = context.index
        self._state: State = context.state
        self._groups = Groups(context.state)
        config = context.settings.config
        register = documents.load(config)
        self._known = documents.registered(register)
        gatherings = (Meetings(taxonomy.load(config)), DocumentGathering(context.state, register))
        official = registry.official(registry.load(config))
        self._derivation = Derivation(context.state, official, gatherings)

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        if self._known:  # the official documents of the register, before an article names one
            self._put(self._known)
            self._known = []
        read = [_read(message) for message in messages]
        articles = iter(self._put_articles([record for record in read if isinstance(record, Article)]))
        others = iter(self._put([_project(record) for record in read if isinstance(record, (Alias, Story, Gone))]))
        outcomes: list[Outcome] = []
        # Words on articles come last: what they are said of may have come in the same batch.
        for message, record in zip(messages, read, strict=True):
            match record:
                case Quarantined():
                    outcomes.append(record)
                case Correction():
                    outcomes.append(_outcome(self._correct(record), {"origin": "correction"}))
                case Moved():
                    outcomes.append(_outcome(self._move(record), {"origin": "moved"}))
                case Alias() | Story() | Gone():
                    outcomes.append(_outcome([next(others)], origin(message)))
                case Article():
                    outcomes.append(_outcome(next(articles), origin(message)))
        return outcomes

    def close(self) -> None:
        """The stores belong to whoever opened them."""

    def _put(self, documents: Sequence[Document]) -> list[Stored]:
        return list(zip(documents, self._index.put(documents), strict=True)) if documents else []

    def _put_articles(self, articles: Sequence[Article]) -> list[list[Stored]]:
        """Put articles, given as the machine made them, with what stands of them when they are in the index.

        Returns:
            For each article its document, then those that derive from it.

        What they were before is put first, and last it is noted which are to be fetched again.
        """
        standing = self._standing(articles)
        seen = [standing[article.id].over(article) for article in articles]
        self._put(versions(self._index, seen))
        derived = self._derivation.of(seen)
        beside = iter(self._put(list(chain.from_iterable(each.documents for each in derived))))
        stored = [[each] for each in self._put([project_article(article) for article in seen])]
        for place, made in enumerate(derived):
            stored[place] += [next(beside) for _ in made.documents]
        self._derivation.remember(derived)
        self._derive_again(derived)
        again.note(self._state, seen, datetime.now(UTC))
        now = self._standing(articles)
        late = [place for place, article in enumerate(articles) if now[article.id] != standing[article.id]]
        if late:
            once_more = self._put_articles([articles[place] for place in late])
            for place, each in zip(late, once_more, strict=True):
                stored[place] = each
        return stored

    def _standing(self, articles: Sequence[Article]) -> dict[str, Standing]:
        ids = [article.id for article in articles]
        said, stories = kept.of_many(self._state, ids), self._groups.of(ids)
        return {id_: Standing(said.get(id_, ()), stories.get(id_)) for id_ in ids}

    def _derive_again(self, derived: Iterable[Derived]) -> None:
        """What other articles say changes where these tell what they are slices of."""
        ids = frozenset().union(*(each.again for each in derived))
        if ids:
            others = self._derivation.of(self._articles(ids))
            self._put([document for each in others for document in each.documents])
            self._derivation.remember(others)

    def _correct(self, correction: Correction) -> list[Stored]:
        """Put all corrections of an article, for a new one replaces another; and the article, where there is one."""
        said = kept.remember(self._state, correction)
        words = self._put([project_correction(each, status(each, said), version(said)) for each in said])
        articles = [unfold(article) for article in self._articles([correction.article])]
        return [*words, *chain.from_iterable(self._put_articles(articles))]

    def _move(self, moved: Moved) -> list[Stored]:
        """Put an article again where the index has it otherwise."""
        now = self._groups.of([moved.article]).get(moved.article)
        articles = [unfold(each) for each in self._articles([moved.article]) if each.story != now]
        return list(chain.from_iterable(self._put_articles(articles)))

    def _articles(self, ids: Collection[str]) -> list[Article]:
        """Those that the index has, as readers see them; without those that are gone."""
        records = self._index.get_many("articles", ids) if ids else {}
        return [Article.model_validate(record) for _, record in sorted(records.items()) if "gone" not in record]


def _project(record: Alias | Story | Gone) -> Document:
    match record:
        case Alias():
            return project_alias(record)
        case Story():
            return project_story(record)
        case Gone():
            return gone_version(record)


def _read(message: Message) -> Record | Quarantined:
    try:
        match message.topic:
            case "aliases":
                return Alias.from_json(message.value)
            case "stories":
                return Story.from_json(message.value)
            case "gone":
                return Gone.from_json(message.value)
            case "moves":
                return Moved.from_json(message.value)
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


def _outcome(stored: Sequence[Stored], headers: Mapping[str, str]) -> Outcome:
    """What became of the message that these documents are made of; readers' marks say what it was sent for."""
    marks: list[Outgoing] = []
    for document, put in stored:
        if put.result == "refused":
            return Quarantined(Reason.REFUSED_BY_INDEX, put.reason)
        if put.result == "stored":
            mark = Indexed(kind=document.kind, id=document.id, version=document.version, at=datetime.now(UTC))
            marks.append(Outgoing("indexed", document.id, mark.to_json(), headers))
    return Result(tuple(marks), status="ok" if marks else "stale")
