"""`make fuzz`: a number is always the same page, the checks find what is wrong, and a small run finds nothing."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import fuzz
from benchmarks.fuzz import Report, Task
from benchmarks.invariants import Seen, broken
from benchmarks.mutants import FETCHED, LARGEST, Draft, Mutant, sources
from benchmarks.mutations import MUTATIONS, Mutation, mutate
from otswatch.consumers.chain import extract_page
from otswatch.consumers.document import from_page
from otswatch.consumers.extract import work_on_page
from otswatch.records import Article, Evidence, Page
from otswatch.settings import Settings
from tests.factory import ABOUT, page

URL = "https://steppe-wire.example/2026/03/02/ministers"
OWN = sources(own_only=True)


def mutant(html: str, **changes: Any) -> Mutant:
    made = Mutant(0, "test", (), html.encode(), "text/html; charset=utf-8", URL, FETCHED, None)
    return replace(made, **changes)


# ------------------------------------------------------------------------------------------------------------ mutations


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation.name for mutation in MUTATIONS])
def test_each_mutation_changes_pages_and_never_fails(mutation: Mutation) -> None:
    changed = 0
    for number, source in enumerate(OWN.own[::7]):
        draft = Draft(random.Random(number), OWN, source.html, source.url, source.fetched_at)  # noqa: S311 - the same each time
        before = replace(draft, then=[])
        mutation.apply(draft)
        body = draft.bytes()
        assert len(body) <= LARGEST
        untouched = (before.bytes(), before.url, before.fetched_at, before.listed, before.content_type)
        changed += (body, draft.url, draft.fetched_at, draft.listed, draft.content_type) != untouched
    assert changed > 3


@given(st.integers(), st.integers(min_value=0))
def test_a_number_is_always_the_same_page(seed: int, number: int) -> None:
    once = mutate(seed, number, OWN)
    assert mutate(seed, number, OWN) == once
    assert once.mutations


def test_every_mutation_has_its_turn() -> None:
    made = [mutate(1, number, OWN) for number in range(len(MUTATIONS))]
    assert {name for each in made for name in each.mutations} == {mutation.name for mutation in MUTATIONS}
    assert len({each.body for each in made}) > len(made) * 0.9


# --------------------------------------------------------------------------------------------------------------- checks

MINISTERS = ABOUT.format(title="Interior ministers meet in Samarkand", more="")


@pytest.fixture(scope="module")
def seen() -> Seen:
    """What is made of a good page."""
    fetched = page(URL, MINISTERS)
    return Seen(extract_page(fetched), from_page(fetched))


def test_nothing_is_wrong_about_a_good_page(seen: Seen) -> None:
    assert seen.article.status == "ok"
    assert seen.article.areas
    assert seen.article.quotes
    assert broken(seen) == []


def _evidence(**changes: Any) -> Callable[[Article], Article]:
    def plant(article: Article) -> Article:
        area = article.areas[0]
        return article.replace(areas=(area.replace(evidence=(area.evidence[0].replace(**changes),)),))

    return plant


def _content(**changes: Any) -> Callable[[Article], Article]:
    def plant(article: Article) -> Article:
        assert article.content
        text = changes.get("text", "{}").format(article.content.text)
        return article.replace(content=article.content.replace(**{**changes, "text": text}))

    return plant


def _evidence_of(name: str, evidence: Evidence) -> Callable[[Article], Article]:
    def plant(article: Article) -> Article:
        assert article.content
        return article.replace(content=article.content.replace(evidence={**article.content.evidence, name: evidence}))

    return plant


def _published(**changes: Any) -> Callable[[Article], Article]:
    def plant(article: Article) -> Article:
        assert article.published
        return article.replace(published=article.published.replace(**changes))

    return plant


def _candidates(article: Article) -> Article:
    return article.replace(date_candidates=tuple(each.replace(verdict="agrees") for each in article.date_candidates))


def _quote(article: Article) -> Article:
    quote = article.quotes[0]
    return article.replace(quotes=(quote.replace(start=quote.start - 1, end=quote.end - 1),))


def _background(article: Article) -> Article:
    assert article.content
    text = article.content.text
    all_of_it = Evidence(frame="text", start=0, end=len(text), text=text, rule="test/1")
    return article.replace(content=article.content.replace(background=(all_of_it,)))


PLANTED: dict[str, tuple[Callable[[Article], Article], str]] = {
    "a wrong word": (_evidence(text="fishing"), "evidence matches its text: area"),
    "a wrong place": (_evidence(start=1, end=8), "evidence matches its text: area"),
    "past the end": (_evidence(start=10_000, end=10_007), "of "),
    "no place": (_evidence(start=None, end=None), "has no offsets"),
    "not in the address": (_evidence(frame="url", start=None, end=None, text="/2025/"), "is not in the address"),
    "never said by the feed": (_evidence(frame="feed", start=None, end=None), "is not what the feed said"),
    "not on the page": (
        _evidence_of("title", Evidence(frame="html", path="h1", text="Finance ministers meet", rule="test/1")),
        "evidence matches its text: title: is not on the page",
    ),
    "not in a script": (
        _evidence_of("title", Evidence(frame="json-ld", path="x", text="Interior ministers", rule="test/1")),
        "is not on the page",
    ),
    "a dateline of its own": (_content(dateline="SAMARKAND, March 2"), "dateline is found where it was lifted"),
    "a control character": (_content(text="\x01{}"), "text is clean: text holds '\\x01'"),
    "a C1 control character": (_content(title="Inter\x85ior"), "text is clean: title holds '\\x85'"),
    "two code points for one": (_content(text="{} Bu\u0308ro"), "text is clean: text is not NFC"),
    "a line in a paragraph": (_content(text="{}\nmore"), "has a line break"),
    "an empty paragraph": (_content(text="{}\n\n\n\nmore"), "has blanks around a paragraph"),
    "a date after the fetch": (
        _published(at="2026-03-05", precision="day", start=FETCHED + timedelta(1), end=FETCHED + timedelta(2)),
        "no date is after the fetch: published 2026-03-05",
    ),
    "a moment after the fetch": (
        _published(at="2026-03-03T14:30:01+05:00", start=FETCHED + timedelta(0, 1), end=FETCHED + timedelta(0, 2)),
        "no date is after the fetch: published 2026-03-03T14:30:01+05:00 (meta) begins 0:00:01 after",
    ),
    "another interval": (
        _published(start=FETCHED - timedelta(99), end=FETCHED - timedelta(98)),
        "interval is what the date says",
    ),
    "nothing taken": (_candidates, "one candidate is taken for each date: 0 taken for published"),
    "one taken for nothing": (
        lambda article: article.replace(published=None),
        "one candidate is taken for each date: 2026-03-02T14:05:00+05:00 (published) taken for nothing",
    ),
    "a moved quote": (_quote, "quotes stand in the text"),
    "labels on background": (_background, "background counts for no label: area"),
    "no status word": (lambda article: article.replace(status="discarded"), "status is a named one"),
}


@pytest.mark.parametrize(("plant", "finding"), PLANTED.values(), ids=PLANTED)
def test_what_is_planted_is_found(seen: Seen, plant: Callable[[Article], Article], finding: str) -> None:
    found = broken(replace(seen, article=plant(seen.article)))
    assert any(finding in each for each in found), found


# ------------------------------------------------------------------------------------------------------------- the runs


@pytest.mark.parametrize(
    ("made", "outcome"),
    [
        (mutant(MINISTERS), "ok"),
        (mutant("<html><body><p>A new bus line was opened in Little Hampton.</p></body></html>"), "discarded: "),
        (mutant("%PDF-1.7"), "quarantined: not-html"),
        (mutant(MINISTERS, listed="2031-02-30", content_type="text/html; charset=x"), "ok"),
        (mutant("Ministers of the Organization of Turkic States met in Baku.", content_type="text/plain"), "ok"),
    ],
    ids=["kept", "discarded", "a PDF", "a feed that lies", "plain text"],
)
def test_named_outcomes_are_no_findings(made: Mutant, outcome: str) -> None:
    report = fuzz.examine(made, twice=True)
    assert report.outcome.startswith(outcome)
    assert (report.findings, report.size) == ((), len(made.body))


def test_a_page_that_is_not_the_same_the_second_time_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = iter(range(9))
    monkeypatch.setattr(
        fuzz, "work_on_page", lambda task: work_on_page(replace(task, address=f"pages/0/{next(calls)}"))
    )
    assert fuzz.examine(mutant(MINISTERS), twice=True).findings == ("pure: another result the second time",)


def test_a_quarantine_for_no_fault_of_the_page_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "as_fetched", lambda _: Unreadable())
    report = fuzz.examine(mutant(MINISTERS))
    assert report.outcome == "quarantined: unreadable-message"
    assert report.findings[0].startswith("unreadable-message: not JSON")


class Unreadable(Page):
    """What nobody can read."""

    def __init__(self) -> None:
        pass

    def to_json(self) -> bytes:
        return b"?"


def ready() -> None:
    """Nothing to warm up."""


def misbehave(task: Task) -> Report:
    """In a worker process: hang, die, raise, or do well."""
    if task.number == 1:
        time.sleep(60)
    if task.number == 2:
        os._exit(1)
    if task.number == 3:
        raise ValueError("nobody expects this")
    seconds = 1.5 if task.number == 4 else 0.1
    return Report(task.number, "test", ("cut off",), "ok", seconds=seconds, size=1)


@pytest.mark.slow
def test_pages_that_hang_kill_or_raise_are_found_with_how_to_see_them_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fuzz, "warm", ready)
    settings = Settings(workers=1, page_timeout=1)
    reports = list(fuzz.run([Task(7, number, own_only=True) for number in range(5)], settings, misbehave))
    assert [report.number for report in reports] == [0, 1, 2, 3, 4]
    assert [report.findings for report in reports] == [
        (),
        ("hangs: more than 3 s",),
        ("dies: the worker process died with exit code 1",),
        ("raises: ValueError: nobody expects this",),
        ("hangs: 1.5 s of CPU, more than 1",),
    ]
    fuzz.show(reports, 7, 1.0)
    printed = capsys.readouterr().out
    assert "4 pages with findings" in printed
    assert "--only 7:3  raises: ValueError: nobody expects this" in printed


def test_one_page_can_be_seen_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(fuzz, "ROOT", tmp_path)
    monkeypatch.setattr(fuzz, "KEPT", tmp_path / "fuzz")
    monkeypatch.setattr("sys.argv", ["fuzz", "--own", "--only", "1:12"])
    with pytest.raises(SystemExit):
        fuzz.main()
    made = mutate(1, 12, OWN)
    assert (tmp_path / "fuzz" / "1-12.html").read_bytes() == made.body
    printed = capsys.readouterr().out
    assert made.source in printed
    assert all(name in printed for name in made.mutations)


@pytest.mark.slow
def test_a_small_run_finds_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("OTSWATCH_WORKERS", "1")
    monkeypatch.setattr("sys.argv", ["fuzz", "--own", "--pages", "150"])
    with pytest.raises(SystemExit) as ended:
        fuzz.main()
    printed = capsys.readouterr().out
    assert ended.value.code == 0, printed
    assert "150 pages, seed 1" in printed
