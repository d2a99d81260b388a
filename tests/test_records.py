"""Records: round trips, old messages, unknown and newer ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otswatch.errors import NewerDataError, Quarantine
from otswatch.records import RECORDS, SCHEMA_VERSION, Article, Discovery, Evidence, Page, Record, Trace
from tests.strategies import model

MESSAGES = Path(__file__).parent / "messages"


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.record)
@given(data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_record_survives_the_wire(kind: type[Record], data: st.DataObject) -> None:
    record = data.draw(model(kind))
    assert isinstance(record, Record)
    assert kind.from_json(record.to_json()) == record


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.record)
def test_a_message_of_every_schema_version_stays_readable(kind: type[Record]) -> None:
    """An example of each released version is kept in tests/messages and never edited: nothing that it says is lost.

    Parts that were added since, with a default, may stand beside it.
    """
    for version in range(1, SCHEMA_VERSION + 1):
        example = (MESSAGES / f"{kind.record}.v{version}.json").read_bytes()
        record = kind.from_json(example)
        assert record.schema_version == version
        if version == SCHEMA_VERSION:
            assert says(json.loads(record.to_json()), json.loads(example))


def says(written: object, example: object) -> bool:
    """Whether `written` holds all that `example` holds, in the same places."""
    if isinstance(example, dict) and isinstance(written, dict):
        return all(name in written and says(written[name], value) for name, value in example.items())
    if isinstance(example, list) and isinstance(written, list):
        return len(written) == len(example) and all(map(says, written, example))
    return written == example


@given(st.binary() | st.text().map(str.encode) | st.from_type(dict).map(lambda value: json.dumps(str(value)).encode()))
def test_what_is_no_record_is_quarantined(garbage: bytes) -> None:
    with pytest.raises(Quarantine) as caught:
        Article.from_json(garbage)
    assert caught.value.reason == "unreadable-message"


def test_a_truncated_message_is_quarantined_with_the_place() -> None:
    example = (MESSAGES / "article.v1.json").read_bytes()
    with pytest.raises(Quarantine, match="not JSON"):
        Article.from_json(example[: len(example) // 2])
    without_id = json.loads(example)
    del without_id["id"]
    with pytest.raises(Quarantine, match=r"article\.id"):
        Article.from_json(json.dumps(without_id))


def test_a_newer_message_waits_for_the_upgrade() -> None:
    newer = {**json.loads((MESSAGES / "article.v1.json").read_text(encoding="utf-8")), "schema": SCHEMA_VERSION + 1}
    with pytest.raises(NewerDataError, match="upgrade"):
        Article.from_json(json.dumps(newer))


def test_unknown_fields_of_this_version_are_ignored() -> None:
    example = json.loads((MESSAGES / "article.v1.json").read_text(encoding="utf-8"))
    assert Article.from_json(json.dumps({**example, "mood": "hopeful"})) == Article.from_json(json.dumps(example))


def test_moments_are_written_in_utc_and_need_an_offset() -> None:
    baku = datetime(2026, 4, 15, 16, 15, tzinfo=timezone(timedelta(hours=4)))
    assert Trace(fetched_at=baku).to_dict()["fetched_at"] == "2026-04-15T12:15:00Z"
    with pytest.raises(ValueError, match="timezone"):
        Trace.model_validate({"fetched_at": "2026-04-15T16:15:00"})


def test_evidence_uses_the_wire_names_and_leaves_out_what_it_has_not() -> None:
    evidence = Evidence(frame="title", start=0, end=3, text="OTS", rule="relevance/1")
    assert evidence.to_dict() == {"in": "title", "start": 0, "end": 3, "text": "OTS", "rule": "relevance/1"}


def test_the_version_orders_fetches_first_and_revisions_second() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)

    def version(at: datetime, revision: int) -> int:
        return Article(id="a", url=None, source=None, trace=Trace(fetched_at=at, revision=revision)).version

    assert version(early, 1) < version(early, 2) < version(late, 1)


def test_a_page_unpacks_to_its_bytes_but_not_beyond_the_limit() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    bomb = Page.compress(b"\0" * 10_000_000)
    page = Page(
        id="0" * 32,
        url="https://example.org/a",
        url_rules=1,
        requested_url="https://example.org/a",
        source="example",
        http_status=200,
        headers={},
        body=bomb,
        fetched_at=now,
        first_seen=now,
        discovery=Discovery(by="manual"),
    )
    assert len(bomb) < 2_000
    assert len(page.content()) == 10_000_000
    with pytest.raises(Quarantine, match="undecodable"):
        page.content(limit=1_000_000)
    with pytest.raises(Quarantine, match="undecodable"):
        page.replace(body=b"not zstd").content()
