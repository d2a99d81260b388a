"""What `index` makes of a kept article that is fetched again, and of a page that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from otswatch.again import PREFIX
from otswatch.bus import Message
from otswatch.consumers.chain import extract_page
from otswatch.consumers.context import Context
from otswatch.consumers.extract import PageTask, work_on_page
from otswatch.consumers.index import IndexWork
from otswatch.consumers.outcome import Result
from otswatch.index import Search
from otswatch.index.sqlite import SqliteIndex
from otswatch.index.version_projection import version_id, wording
from otswatch.records import Article, Gone
from otswatch.settings import Settings
from otswatch.state.sqlite import SqliteState
from tests.factory import ABOUT, FETCHED, page

URL = "https://steppe-wire.example/ministers"
HOUR = timedelta(hours=1)


def fetched(more: str = "", again: int | None = None, title: str = "Ministers meet", **changes: Any) -> Article:
    """The article of the page as it was when it was fetched first, or in a later round."""
    at = FETCHED + HOUR * (again or 0)
    first = {"first_seen": FETCHED, "again": again, **changes}
    return extract_page(page(URL, ABOUT.format(title=title, more=more), at, **first))


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    state, index = SqliteState(tmp_path / "state.sqlite"), SqliteIndex(tmp_path / "index.sqlite")
    yield Context(Settings(config=tmp_path / "otswatch.d"), index, state)
    state.close()
    index.close()


@pytest.fixture
def work(context: Context) -> IndexWork:
    return IndexWork(context)


def sent(*records: Article | Gone) -> list[Message]:
    now = datetime.now(UTC)
    return [
        Message("gone" if isinstance(each, Gone) else "grouped", 0, place, each.id, each.to_json(), {}, now)
        for place, each in enumerate(records)
    ]


def told(context: Context, article: Article) -> tuple[list[str], str] | None:
    """Of the version that says what this one does: what it changed, and when it was fetched."""
    record = context.index.get("versions", version_id(article.id, wording(article)))
    found = context.index.search(Search(kind="versions", filters={"digest": [wording(article)]})).total
    assert found == (record is not None)
    return None if record is None else (record["content"]["title"], record["trace"]["fetched_at"])


FIRST, LATER = fetched(), fetched(" It will be in Baku.", 1)
LAST = fetched(" It will be in Astana.", 2, "Ministers met")


def versions(context: Context) -> int:
    return context.index.search(Search(kind="versions")).total


def changes(context: Context) -> dict[str, int]:
    facets = context.index.facets(Search(kind="versions"), ["changed"])
    return {bucket.key: bucket.count for bucket in facets["changed"]}


def test_both_texts_are_kept_when_one_follows_the_other(context: Context, work: IndexWork) -> None:
    work(sent(FIRST))
    assert versions(context) == 0
    work(sent(LATER))
    assert versions(context) == 2
    assert changes(context) == {"text": 1}
    work(sent(LAST))
    assert versions(context) == 3
    assert changes(context) == {"text": 2, "title": 1}
    assert told(context, FIRST) == ("Ministers meet", "2026-03-03T09:30:00Z")
    assert told(context, LAST) == ("Ministers met", "2026-03-03T11:30:00Z")
    shown = Article.model_validate(context.index.get("articles", FIRST.id))
    assert (shown.content, shown.trace.first_seen) == (LAST.content, FETCHED)


@pytest.mark.slow
@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (0, 0, 1, 1, 2, 2), (0, 1, 2, 1, 0)])
@pytest.mark.parametrize("together", [False, True])
def test_replays_in_any_order_make_no_other_versions(
    context: Context, work: IndexWork, order: tuple[int, ...], together: bool
) -> None:
    records = [(FIRST, LATER, LAST)[place] for place in order]
    work(sent(FIRST))
    for batch in [records] if together else [[record] for record in records]:
        work(sent(*batch))
    skipped = order == (0, 2, 1)
    assert versions(context) == (2 if skipped else 3)
    assert told(context, FIRST) == ("Ministers meet", "2026-03-03T09:30:00Z")


def test_the_same_text_is_no_new_version(context: Context, work: IndexWork) -> None:
    work(sent(FIRST))
    work(sent(fetched("", 1)))
    assert versions(context) == 0
    assert context.index.get("articles", FIRST.id) is not None


def test_a_text_that_was_made_again_by_other_rules_is_no_new_version(context: Context, work: IndexWork) -> None:
    work(sent(FIRST))
    work(sent(LATER))
    again = LATER.replace(content=LAST.content, trace=LATER.trace.replace(revision=LATER.trace.revision + 1))
    work(sent(again))
    assert versions(context) == 2


def test_a_page_that_is_gone_leaves_its_article_and_says_when(context: Context, work: IndexWork) -> None:
    work(sent(FIRST))
    [outcome] = work(sent(Gone(id=FIRST.id, url=URL, source="steppe-wire", status=404, at=FETCHED + HOUR)))
    assert isinstance(outcome, Result)
    gone = context.index.get("versions", f"{FIRST.id}-gone")
    assert gone is not None
    assert gone["gone"] == {"at": "2026-03-03T10:30:00Z", "reason": "gone"}
    shown = context.index.get("articles", FIRST.id)
    assert shown is not None
    assert (shown["status"], "gone" in shown) == ("ok", False)


def test_a_later_fetch_never_takes_an_article_away() -> None:
    wall = page(URL, "<html><body><p>Just a moment</p></body></html>", FETCHED + HOUR)
    outcome = work_on_page(PageTask(wall.replace(again=1, first_seen=FETCHED).to_json(), "pages/0/1"))
    assert isinstance(outcome, Result)
    assert (outcome.outgoing, outcome.status) == ((), "discarded")
    first = work_on_page(PageTask(wall.to_json(), "pages/0/0"))
    assert isinstance(first, Result)
    assert len(first.outgoing) == 1


def test_what_is_kept_now_is_fetched_again_and_what_is_not_is_not(context: Context, work: IndexWork) -> None:
    now = datetime.now(UTC)
    about = extract_page(page(URL, ABOUT.format(title="Ministers meet", more=""), now, headers={"etag": '"a"'}))
    dated = about.replace(published=None)
    work(sent(dated, dated.replace(id="b", status="discarded", reason="passing")))
    [entry] = context.state.scan(PREFIX)
    assert entry.key == PREFIX + about.id
    assert entry.value["answer"]["etag"] == '"a"'
    work(sent(dated.replace(status="discarded", reason="ruled-out")))
    [entry] = context.state.scan(PREFIX)
    assert entry.value["due"] is None


def test_a_page_that_was_seen_before_was_not_published_since() -> None:
    html = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"
    text = "Ministers of the Organization of Turkic States met in Samarkand and signed a plan on customs."
    later = FETCHED + timedelta(days=1)
    for again, expected in ((None, "2026-03-04"), (1, None)):
        made = page(URL, html.format("Ministers meet", f"SAMARKAND, 4 March 2026. {text}"), later, first_seen=FETCHED)
        published = extract_page(made.replace(again=again)).published
        assert (published and published.at) == expected
