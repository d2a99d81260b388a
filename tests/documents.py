"""The invented declaration of documents.yaml as articles, as `extract` makes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from otswatch import process
from otswatch.consumers.derived import Derivation
from otswatch.documents import OfficialDocument, load, registered
from otswatch.documents.gathering import DocumentGathering
from otswatch.index import Document
from otswatch.index.projection import project_article
from otswatch.records import Article, Dated
from otswatch.settings import Settings
from otswatch.stores import open_stores
from tests.memory import MemoryState

#: The day after the declaration was adopted.
AFTER = "2027-06-15"
DECLARATION = "declaration-trabzon-2027-06-14"
SISTER = "declaration-bursa-2028-06-12"


@cache
def texts() -> dict[str, Any]:
    """What the file has."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "documents.yaml").read_text(encoding="utf-8"))
    return loaded


def said(text: str, day: str | None = None, *, title: str = "Turkic states", id_: str = "said") -> Article:
    """An article with these words, published on a day, or on none that is known."""
    fetched = datetime.fromisoformat(f"{day or AFTER}T10:00:00+00:00")
    made = process(text=f"{title}\n\n{text}", fetched_at=fetched)
    trace = made.trace.replace(fetched_at=fetched, first_seen=fetched)
    made = made.replace(id=id_, source="agency", url=f"https://agency.example/{id_}", trace=trace)
    return made.replace(published=_dated(day)) if day else made


def told(part: str, language: str = "en", day: str = AFTER) -> Article:
    """One of the texts of the file: `declaration`, `slices`, `about` in a language, or the `sister`."""
    entry = texts()[part] if part == "sister" else texts()[part][language]
    made = said(entry["text"], day, title=entry["title"], id_=part if part == "sister" else f"{part}-{language}")
    official = part == "sister" or (part, language) == ("declaration", "en")
    return made.replace(source="secretariat") if official else made


@cache
def everything() -> dict[str, Article]:
    """All of them by id: nine full texts, three slices, two articles about them, and next year's declaration."""
    made = [told(part, language) for part in ("declaration", "slices", "about") for language in texts()[part]]
    return {article.id: article for article in (*made, told("sister", day="2028-06-13"))}


def _dated(day: str) -> Dated:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return Dated(
        at=day, precision="day", start=start, end=start + timedelta(days=1), source="meta", confidence=1, evidence=()
    )


class Desk:
    """The derivation over a state of its own, and what it put last of each document."""

    def __init__(self) -> None:
        self.state = MemoryState()
        self.gathering = DocumentGathering(self.state, load())
        self.derivation = Derivation(self.state, ("secretariat",), [self.gathering])
        self.articles: dict[str, Article] = {}
        self.documents: dict[str, Document] = {}

    def put(self, *articles: Article) -> None:
        """As the consumer `index` does."""
        self.articles |= {article.id: article for article in articles}
        derived = self.derivation.of(articles)
        self._keep(document for each in derived for document in each.documents)
        self.derivation.remember(derived)
        again = sorted(frozenset[str]().union(*(each.again for each in derived)))
        second = self.derivation.of([self.articles[id_] for id_ in again if id_ in self.articles])
        self._keep(document for each in second for document in each.documents)
        self.derivation.remember(second)

    def _keep(self, documents: Iterable[Document]) -> None:
        for document in documents:
            before = self.documents.get(document.id)
            if document.kind == "documents" and (before is None or before.version <= document.version):
                self.documents[document.id] = document

    def found(self) -> Mapping[str, OfficialDocument]:
        standing = {id_: document for id_, document in self.documents.items() if "gone" not in document.fields}
        return {id_: OfficialDocument.model_validate(document.record) for id_, document in standing.items()}


def fill(folder: Path, *more: Article) -> Settings:
    """The register and everything of the file in an index under `folder`/data, as the consumer `index` puts it."""
    settings = Settings(data=folder / "data", config=folder / "otswatch.d")
    desk = Desk()
    with open_stores(settings) as stores:
        for article in (*everything().values(), *more):
            desk.put(article)
        documents = [*registered(load()), *desk.documents.values(), *map(project_article, desk.articles.values())]
        assert {put.result for put in stores.index.put(documents)} == {"stored"}
        stores.index.refresh()
    return settings
