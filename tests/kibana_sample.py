"""Documents of every kind that dashboards are made of, invented, so that no panel is empty on the real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.corpus import Corpus
from otswatch.index import Document, Value
from otswatch.index.projection import project_article
from otswatch.index.quote_projection import project_quotes
from tests.kibana_operation import operation

#: Far enough that meetings are to come.
LATER = datetime(2099, 5, 4, 9, tzinfo=UTC)
SEEN = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def sample(folder: Path) -> Iterator[Document]:
    """Articles and their quotes as the pipeline projects them, operation as it is measured, and some of the others.

    Args:
        folder: an empty one, for the stores of what is measured.
    """
    for article in Corpus(200, discarded=0.2):
        yield project_article(article)
        yield from project_quotes(article)
    yield from _read()
    yield from operation(folder)


def _made(index: str, id_: str, /, **fields: Value) -> Document:
    return Document(index, id_, 1, {"id": id_, **fields}, {"id": id_})


def _read() -> Iterator[Document]:
    labels: dict[str, Value] = {"country": ["kz"], "body": ["ots"], "main_area": "transport", "area": ["transport"]}
    story: dict[str, Value] = {"headline": "Ferry line across the Caspian", "articles": 7, "sources": 4}
    yield _made("stories", "story-1", **labels, **story, first_seen=SEEN, last_seen=SEEN, differs=["figure"])
    said: dict[str, Value] = {"speaker": "daniyar-serikbayev", "direct": True, "article": "article-1", "country": "kz"}
    for number in range(20):
        words: dict[str, Value] = {"saying": f"words-{number}", "area": ["transport", "customs"][: 1 + number % 2]}
        yield _made("quotes", f"quote-{number}", first_seen=SEEN, office="Minister of Ports", **words, **said)
    text: dict[str, Value] = {"headline": "Samarkand Plan on Ferries", "kind": "agreement", "articles": 3}
    yield _made("documents", "document-1", **labels, **text, first_seen=SEEN, adopted=SEEN, signatory=["kz", "ots"])
    meeting: dict[str, Value] = {"headline": "Ministers of ports meet", "status": "planned", "certainty": "confirmed"}
    days: dict[str, Value] = {"starts": LATER, "ends": LATER + timedelta(days=1), "first_seen": SEEN}
    yield _made("meetings", "meeting-1", **meeting, **days, country="kz", body=["ots"], place="aktau")
