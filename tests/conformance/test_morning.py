"""The morning page, on every index: of one full morning the same page, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from otswatch import documents
from otswatch.alerts.morning import Morning
from otswatch.documents.fold import project as project_document
from otswatch.documents.records import Adoption, OfficialDocument
from otswatch.index import Index
from otswatch.index.mapping import kinds
from otswatch.index.projection import project_correction
from otswatch.index.sqlite import SqliteIndex
from otswatch.records import Corrected, Correction
from tests.alerting import dated
from tests.conformance.conftest import INDEXES, opened_index
from tests.mornings import END, SETTINGS, START, Desk, quote


@pytest.fixture(params=INDEXES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    yield from opened_index(request, tmp_path, kinds())


def fill(desk: Desk) -> None:
    """Something for every part of the page, and something beside it that does not belong there."""
    for day in range(1, 11):
        desk.tell(desk.publish(f"d{day}", "Energy", hours=24 * day + 2))
    for number in range(12):
        own = desk.publish(f"n{number}", f"Enerji {number}", source="turkicstates", language="tr", hours=1 + number)
        desk.tell(own, official=own if number == 3 else None)
    said = [quote(f"q{number}", f"Word number {number}") for number in range(7)]
    told = [
        desk.publish("a", "Talks", *said, quote("u", "Nobody knows who", None), story="s"),
        desk.publish("b", "Görüşmeler", quote("q7", "Word number 1"), story="s", hours=1, language="tr"),
    ]
    desk.tell(*told)
    for number in range(25):
        source = "turkicstates" if number == 7 else "wire"
        desk.publish(f"u{number}", "Undated", published=None, source=source, hours=1 + number / 100)
    _correct(desk)
    _adopt(desk)
    desk.plan("2026-05-20", "2026-05-28", "2026-05-13")


def _correct(desk: Desk) -> None:
    at = END - timedelta(hours=1)
    right = Corrected(id="c1", value="2026-05-12", by="ayse", at=at, machine={"at": "2025-05-12"})
    desk.publish("old", "Gas agreed", hours=80, corrected={"published": right})
    desk.publish("turned", "Page changed", hours=90, modified=dated("2026-05-14"))
    for id_, made in (("c1", at), ("c0", START - timedelta(seconds=1))):
        word = Correction(id=id_, article="old", field="published", value="2026-05-12", by="ayse", at=made)
        desk.index.put([project_correction(word, "stands", 1)])


def _adopt(desk: Desk) -> None:
    day = date(2026, 5, 13)
    for id_, hours in (("new", 3), ("before", 40)):
        one = OfficialDocument(
            id=id_, type="declaration", of="ots", title=f"Declaration {id_}", titles={}, citations=0,
            adopted=Adoption(starts=day, ends=day), signatories=("tr",), told={},
            first_seen=END - timedelta(hours=hours),
        )  # fmt: skip
        desk.index.put([project_document(documents.load(SETTINGS.config), one, 1)])


def has_every_part(page: Morning) -> bool:
    parts = (page.changes.corrections, page.changes.articles, page.documents, page.stories, page.voices.states)
    return all(parts) and all((page.undated, page.meetings, page.usual.areas))


def test_a_full_morning_is_the_same_page(index: Index, tmp_path: Path) -> None:
    reference = Desk(SqliteIndex(tmp_path / "reference.sqlite"))
    desk = Desk(index)
    for each in (reference, desk):
        fill(each)
    assert has_every_part(reference.page())
    assert desk.page() == reference.page()
    for search in ({"language": "tr"}, {"area": "energy"}, {"q": "talks OR enerji"}):
        expected = reference.page(search=search)
        assert expected.stories
        assert desk.page(search=search) == expected
    reference.index.close()
