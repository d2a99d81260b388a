"""The mapping files: what Elasticsearch and Kibana need of them, and that code, queries and README say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from otswatch.errors import UsageError
from otswatch.index import MAX_SIZE, Document, Put
from otswatch.index.mapping import Fit, kinds, mapping_of, prepared, template
from otswatch.query import DEFAULT_FIELDS, KEYWORD_FIELDS, TEXT_FIELDS

README = Path(__file__).parent.parent / "mappings" / "README.md"


def properties(kind: str) -> dict[str, Any]:
    return dict(template(kind)["template"]["mappings"]["properties"])


@pytest.mark.parametrize("kind", kinds())
class TestEveryMapping:
    def test_is_strict_and_matches_its_own_indexes_only(self, kind: str) -> None:
        assert template(kind)["index_patterns"] == [f"otswatch-{kind}-*"]
        assert template(kind)["template"]["mappings"]["dynamic"] == "strict"

    def test_keeps_the_record_unread(self, kind: str) -> None:
        assert properties(kind)["record"] == {"type": "object", "enabled": False}

    def test_has_types_that_kibana_can_count_and_the_core_server_has(self, kind: str) -> None:
        for name, declared in properties(kind).items():
            if name == "record":
                continue
            assert declared["type"] in {"text", "keyword", "date", "boolean", "integer"}, name
            if declared["type"] == "text":
                assert declared == {"type": "text", "analyzer": "whitespace"}, name

    def test_can_be_put_in_order_by_id(self, kind: str) -> None:
        assert properties(kind)["id"] == {"type": "keyword"}

    def test_counts_exactly_and_gives_the_largest_page_with_a_look_at_the_next(self, kind: str) -> None:
        settings = template(kind)["template"]["settings"]["index"]
        assert (settings["number_of_shards"], settings["max_result_window"]) == (1, MAX_SIZE + 1)

    def test_has_tombstones_with_a_reason_or_none(self, kind: str) -> None:
        fields = mapping_of(kind).fields
        assert ("gone" in fields) == ("gone_reason" in fields)

    def test_is_described_field_by_field_in_the_readme(self, kind: str) -> None:
        section = README.read_text(encoding="utf-8").split(f"## {kind}\n")[1].split("\n## ")[0]
        described = dict(re.findall(r"^\| `(\w+)` \| (\w+) \| \S", section, re.MULTILINE))
        assert described == {name: f["type"] for name, f in properties(kind).items() if name != "record"}


def test_the_kinds_of_documents() -> None:
    assert kinds() == (
        "aliases",
        "articles",
        "corrections",
        "documents",
        "ledger",
        "meetings",
        "pipeline",
        "quotes",
        "sources",
        "stories",
        "versions",
    )
    with pytest.raises(UsageError, match="aliases, articles"):
        mapping_of("../articles")


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("articles", ["title", "text"]), ("quotes", ["text"]), ("stories", ["title"]), ("versions", ["title"])],
)
def test_a_word_is_looked_for_in_title_and_text_where_they_are(kind: str, fields: list[str]) -> None:
    assert mapping_of(kind).searched(None) == fields


def test_a_word_is_looked_for_in_the_field_that_it_names_or_nowhere() -> None:
    assert mapping_of("quotes").searched("speaker_names") == ["speaker_names"]
    with pytest.raises(UsageError, match="stories have no text field 'speaker_names'; there are: title"):
        mapping_of("stories").searched("speaker_names")
    with pytest.raises(UsageError, match="ledger have no text field 'title'; there are: none"):
        mapping_of("ledger").searched(None)


def test_the_field_id_is_the_documents() -> None:
    left_out = prepared(Document("sources", "a", 1, {}, {}))
    assert isinstance(left_out, Fit)
    assert left_out.fields == {"id": ["a"]}
    assert prepared(Document("sources", "a", 1, {"id": "b"}, {})) == Put(
        "a", "refused", "id: the field says another one than the document"
    )


@pytest.mark.parametrize("field", [*TEXT_FIELDS.values(), *DEFAULT_FIELDS])
def test_text_fields_of_queries_are_text_fields_of_articles(field: str) -> None:
    assert mapping_of("articles").named(field, "text").name == field


@pytest.mark.parametrize("field", KEYWORD_FIELDS.values())
def test_keyword_fields_of_queries_are_keyword_fields_of_articles(field: str) -> None:
    assert mapping_of("articles").named(field, "keyword").name == field


def test_every_text_field_of_articles_can_be_searched() -> None:
    texts = {field.name for field in mapping_of("articles").fields.values() if field.type == "text"}
    assert texts == set(TEXT_FIELDS.values())
