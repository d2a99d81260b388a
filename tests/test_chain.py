"""The stages together: each fills in what it owns and nothing else, and every evidence matches its words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.pagesets import pages
from otswatch.consumers.chain import STAGES, extract_given
from otswatch.consumers.document import Document
from otswatch.dossiers import load
from otswatch.records import Article
from tests.factory import ABOUT

OWN = sorted((Path(__file__).parent.parent / "benchmarks" / "labelled" / "html").glob("*.html"))
FETCHED = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def evidence(value: Any) -> Iterator[dict[str, Any]]:
    """Everything in a record that says where it came from."""
    if isinstance(value, dict):
        if {"in", "text", "rule"} <= value.keys():
            yield value
        for child in value.values():
            yield from evidence(child)
    elif isinstance(value, list):
        for child in value:
            yield from evidence(child)


def require_evidence_to_match(article: Article, given_text: str | None = None) -> None:
    content = article.content
    frames = {
        "title": content.title if content else None,
        "text": content.text if content else None,
        "input": given_text,
    }
    for item in evidence(article.to_dict()):
        if "start" in item:
            frame = frames[item["in"]]
            assert frame is not None
            assert frame[item["start"] : item["end"]] == item["text"], item
    for quote in article.quotes:
        assert content is not None
        assert content.text[quote.start : quote.end] == quote.text


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_every_evidence_matches_its_words(path: Path) -> None:
    article = extract_given(html=path.read_bytes(), fetched_at=FETCHED)
    require_evidence_to_match(article)
    assert article.published is None or article.published.evidence


@pytest.mark.shared
@pytest.mark.slow
def test_every_evidence_matches_its_words_on_real_pages() -> None:
    sample = pages()[::12]
    if not sample:
        pytest.skip("the labelled pages are not there (../shared/eval/pages)")
    for page in sample:
        require_evidence_to_match(extract_given(html=page.html, url=page.url, fetched_at=FETCHED))


words = st.sampled_from(
    ["OTS", "Türk Devletleri Teşkilatı’nın", "ТМУга", "“we will meet”", "said", "İSTANBUL –", "3 March 2026", "Friday"]
)


@given(st.lists(words | st.text(max_size=12), max_size=30).map(" ".join))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_evidence_matches_its_words_in_any_text(text: str) -> None:
    require_evidence_to_match(extract_given(text=text), text)


def test_a_stage_fills_in_what_it_owns_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dossiers").mkdir()
    (tmp_path / "dossiers" / "crime.yaml").write_text("id: crime\nquery: crime\n", encoding="utf-8")
    monkeypatch.setattr("otswatch.consumers.dossiers.dossiers", lambda: load(tmp_path))
    document = Document(html=ABOUT.format(title="Ministers meet", more=""), text=None, fetched_at=FETCHED)
    article = Article(id="a", url=None, source=None)
    for stage in STAGES:
        after = stage.run(document, article)
        changed = {name for name in Article.model_fields if getattr(after, name) != getattr(article, name)}
        assert changed <= {*stage.owns, "status", "reason"}, stage.name
        assert changed, f"{stage.name} found nothing on a page about everything"
        article = after
