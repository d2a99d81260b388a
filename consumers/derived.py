"""What is made of an article beside itself: its quotes as documents of their own, and what it reports of things that
many articles report of (meetings, official documents).

`derived/<article>` in `State` says what was made of an article last, so that what it no longer says is taken back.
`gathered/<kind>/<id>` holds the reports of one meeting or document by article; whoever changes them folds them anew,
so the order of arrival does not matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from otswatch import versions
from otswatch.index import Document
from otswatch.index.quote_projection import gone_quote, project_quotes
from otswatch.records import Article, Part
from otswatch.state import State, replace

_DERIVED: Final = "derived/"
_GATHERED: Final = "gathered/"
_QUOTES: Final = "quotes"
#: So many reports of one thing are kept: `Gathering.rank` says which.
KEPT: Final = 200


class Gathering(Protocol):
    """One kind of document that is made of what many articles report. Reports are kept as JSON."""

    kind: str

    def reports(self, article: Article, *, official: bool) -> Mapping[str, Part]:
        """What an article says of each thing, by the id of the document that it goes into.

        Args:
            official: a state or body posted it.
        """
        ...

    def rank(self, report: Mapping[str, Any]) -> Any:
        """What sorts reports so that those come first which are kept where there are many."""
        ...

    def document(self, id_: str, reports: Mapping[str, Mapping[str, Any]], version: int) -> Document:
        """What the reports of one thing, by article, come to: the same in whatever order they came."""
        ...

    def again(self, article: Article, reports: Mapping[str, Part]) -> Collection[str]:
        """Articles that say something else now that these reports are kept."""
        ...


class Gathered(Part):
    """The reports of one thing by article, as JSON. `version` grows with every change (`otswatch.versions`)."""

    version: int = 0
    reports: Mapping[str, Mapping[str, Any]] = {}


class Made(Part):
    """What was made of an article when it had this version: ids by kind."""

    version: int
    ids: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Derived:
    """The documents to be put, tombstones among them, and what is to be remembered then (null: nothing new).

    `again`: other articles to be looked at once more.
    """

    article: str
    documents: tuple[Document, ...] = ()
    made: Made | None = None
    again: frozenset[str] = frozenset()


class Derivation:
    """Makes the documents that derive from articles. Any step may be done again, by several workers at once."""

    def __init__(self, state: State, official: Collection[str], gatherings: Sequence[Gathering]) -> None:
        self._state = state
        self._official = official
        self._gatherings = gatherings

    def of(self, articles: Sequence[Article]) -> list[Derived]:
        """What derives from each article; nothing where a later version of it was here already.

        The documents are put first, then the articles, and `remember` comes last: killed in between, the same
        articles make the same documents again, and take back the same ones.
        """
        found = self._state.get_many([_DERIVED + article.id for article in articles])
        before = {key.removeprefix(_DERIVED): Made.model_validate(entry.value) for key, entry in found.items()}
        derived: list[Derived] = []
        for article in articles:
            derived.append(self._of(article, before.get(article.id)))
            if (made := derived[-1].made) is not None:
                before[article.id] = made
        return derived

    def remember(self, derived: Iterable[Derived]) -> None:
        """To be called when the documents are in the index."""
        for each in derived:
            if each.made is not None:
                self._state.put(_DERIVED + each.article, each.made.to_dict())

    def _of(self, article: Article, before: Made | None) -> Derived:
        if before is not None and before.version > article.version:
            return Derived(article.id)
        known = before.ids if before else {}
        quotes = project_quotes(article)
        ids = {_QUOTES: tuple(document.id for document in quotes)}
        gone = [
            gone_quote(id_, article.version, datetime.now(UTC))
            for id_ in known.get(_QUOTES, ())
            if id_ not in ids[_QUOTES]
        ]
        documents, again = [*gone, *quotes], set[str]()
        for gathering in self._gatherings:
            reports = self._reports(gathering, article)
            ids[gathering.kind] = tuple(sorted(reports))
            touched = sorted({*known.get(gathering.kind, ()), *reports})
            documents += [self._gathered(gathering, id_, article.id, reports.get(id_)) for id_ in touched]
            again.update(gathering.again(article, reports))
        made = Made(version=article.version, ids={kind: each for kind, each in ids.items() if each})
        nothing_new = made == before or not (made.ids or known)
        return Derived(article.id, tuple(documents), None if nothing_new else made, frozenset(again - {article.id}))

    def _reports(self, gathering: Gathering, article: Article) -> Mapping[str, Part]:
        return gathering.reports(article, official=article.source in self._official) if article.status == "ok" else {}

    def _gathered(self, gathering: Gathering, id_: str, article: str, report: Part | None) -> Document:
        """The document of one thing, with what an article says of it now."""
        key = f"{_GATHERED}{gathering.kind}/{id_}"
        while True:
            entry = self._state.get(key)
            before = Gathered.model_validate(entry.value) if entry else Gathered()
            reports = _best({**before.reports, article: report.to_dict() if report else {}}, gathering)
            if reports == before.reports and entry:
                return gathering.document(id_, reports, before.version)
            after = Gathered(version=versions.following(before.version), reports=reports)
            if replace(self._state, key, after.to_dict(), entry):
                return gathering.document(id_, reports, after.version)


def _best(reports: Mapping[str, Mapping[str, Any]], gathering: Gathering) -> dict[str, Mapping[str, Any]]:
    """Those that say something, and are kept."""
    said = ((article, report) for article, report in reports.items() if report)
    return dict(sorted(said, key=lambda each: (gathering.rank(each[1]), each[0]))[:KEPT])
