"""How what articles say of official documents is kept: a gathering of the consumer `index`.

Articles and documents meet under marks: a clause, a place, a meeting. An article is noted under its marks before it
looks what is known there, and a document is noted before it looks which articles wait there; so of two that come at
the same time one at least sees the other, whichever is first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from otswatch import versions
from otswatch.documents.fold import fold, project
from otswatch.documents.read import Reading, read
from otswatch.documents.records import Report
from otswatch.documents.register import Register
from otswatch.documents.resolve import KnownBy
from otswatch.index import Document
from otswatch.index.tombstones import tombstone
from otswatch.records import Article, Part
from otswatch.state import Entry, State, replace

_MARKS: Final = "documents/mark/"
#: Why a document is gone: the articles that reported it say something else now.
_UNREPORTED: Final = "not-reported"
#: So many articles wait under one mark; what so many share tells no document from another.
_WAITING: Final = 100


class Marked(Part):
    """What is noted under a mark: documents that are known by it, articles that have it."""

    documents: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


class DocumentGathering:
    """Official documents as `otswatch.consumers.derived.Gathering` wants them."""

    kind: str = "documents"

    def __init__(self, state: State, register: Register) -> None:
        self._state = state
        self._register = register

    def reports(self, article: Article, *, official: bool) -> Mapping[str, Report]:
        """Document → what an article says of it, by what is known so far; notes the article under its marks."""
        reading = read(self._register, article, official=official)
        return reading.reports(self._known(reading, article.id))

    def rank(self, report: Mapping[str, Any]) -> Any:
        """Full texts, official and early ones first."""
        return Report.model_validate(report).rank

    def document(self, id_: str, reports: Mapping[str, Mapping[str, Any]], version: int) -> Document:
        """The document that all articles report; a tombstone where none does any more and the register has it not."""
        if not reports and id_ not in self._register.known:
            return tombstone("documents", id_, version, versions.moment(version), _UNREPORTED)
        typed = {article: Report.model_validate(report) for article, report in reports.items()}
        return project(self._register, fold(self._register, id_, typed), version)

    def again(self, article: Article, reports: Mapping[str, Part]) -> Collection[str]:
        """Notes what the documents are known by; the articles that have it and were there before."""
        waiting: set[str] = set()
        for id_, report in reports.items():
            assert isinstance(report, Report)  # noqa: S101 - they are ours
            for before in self._note(report.marks, document=id_):
                if id_ not in before.documents:
                    waiting.update(before.articles)
        return waiting - {article.id}

    def _known(self, reading: Reading, article: str) -> KnownBy:
        self._note(reading.marks, article=article)
        entries = self._entries(reading.marks)
        return {mark: frozenset(_marked(entry).documents) for mark, entry in entries.items()}

    def _entries(self, marks: Collection[str]) -> dict[str, Entry]:
        found = self._state.get_many([_MARKS + mark for mark in marks]) if marks else {}
        return {key.removeprefix(_MARKS): entry for key, entry in found.items()}

    def _note(self, marks: Collection[str], *, document: str = "", article: str = "") -> list[Marked]:
        """Write an article or a document down under marks; what was there before."""
        entries = self._entries(marks)
        return [self._note_one(mark, entries.get(mark), document, article) for mark in marks]

    def _note_one(self, mark: str, entry: Entry | None, document: str, article: str) -> Marked:
        while True:
            before = _marked(entry)
            after = Marked(
                documents=_with(before.documents, document), articles=_with(before.articles, article)[:_WAITING]
            )
            if after == before or replace(self._state, _MARKS + mark, after.to_dict(), entry):
                return before
            entry = self._state.get(_MARKS + mark)


def _marked(entry: Entry | None) -> Marked:
    return Marked.model_validate(entry.value) if entry else Marked()


def _with(ids: tuple[str, ...], id_: str) -> tuple[str, ...]:
    return tuple(sorted({*ids, id_})) if id_ else ids
