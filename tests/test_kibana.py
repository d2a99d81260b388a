"""What is made for Kibana: stable, whole, and judged without a server; each planted fault found as what it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from otswatch.kibana.bundle import OBJECTS, RULES, bundle
from otswatch.kibana.model import COLUMNS, Panel, Row, Rule, load
from otswatch.kibana.verify import Fault, verify_files
from otswatch.kibana.verify.files import texts_of
from tests.clone import ROOT
from tests.kibana_draft import Draft
from tests.kibana_faults import SERVER, STATIC, TEXTS, break_somewhere

COMMITTED = ROOT / "deploy" / "kibana"


def objects(texts: dict[str, str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in texts[OBJECTS].splitlines()]


def test_what_is_committed_is_what_the_source_says():
    assert texts_of(COMMITTED) == bundle(), "run `make kibana`"


def test_nothing_is_wrong_that_can_be_seen_without_a_server():
    assert verify_files(bundle()) == []


def test_the_draft_of_the_tests_is_what_is_made():
    assert Draft().texts()[OBJECTS] == bundle()[OBJECTS]


def test_there_are_the_dashboards_that_were_asked_for():
    titles = [saved["attributes"]["title"] for saved in objects(bundle()) if saved["type"] == "dashboard"]
    assert titles == [f"[OTS Watch] {name}" for name in ("Overview", "Areas", "Who said what", "Sources", "Pipeline")]


def test_each_installation_has_ids_names_and_indices_of_its_own():
    ours, theirs = bundle(), bundle("desk")
    assert {saved["id"] for saved in objects(ours)}.isdisjoint(saved["id"] for saved in objects(theirs))
    assert json.loads(ours[RULES]).keys().isdisjoint(json.loads(theirs[RULES]))
    assert '"title":"otswatch-articles"' in ours[OBJECTS]
    assert '"title":"desk-otswatch-articles"' in theirs[OBJECTS]
    assert "[OTS Watch desk] Overview" in theirs[OBJECTS]


def test_lists_and_rules_run_on_first_sight():
    times = {kind: view.time for kind, view in load().views.items()}
    assert times["articles"] == times["quotes"] == times["documents"] == "first_seen"
    assert {body["params"]["timeField"] for body in json.loads(bundle()[RULES]).values()} == {"first_seen", "at"}


def test_no_rule_holds_a_secret():
    assert 'secrets": {}' in bundle()["connectors.json"]


@pytest.mark.parametrize("name", STATIC)
def test_a_planted_fault_is_found_as_what_it_is(name: str):
    fault, where, edit = STATIC[name]
    draft = Draft()
    edit(draft)
    found = verify_files(draft.texts())
    assert {finding.fault for finding in found} == {fault}, found
    assert any(where in finding.where for finding in found), found


@pytest.mark.parametrize("name", TEXTS)
def test_what_differs_with_each_export_is_found(name: str):
    texts = bundle()
    spoiled = TEXTS[name](texts[OBJECTS])
    assert spoiled != texts[OBJECTS]
    assert {finding.fault for finding in verify_files({**texts, OBJECTS: spoiled})} == {Fault.UNSTABLE}


@pytest.mark.parametrize("text", ["", "{", "[]\n", '{"type": "dashboard"}\n', "null\n"])
def test_what_is_no_such_file_is_said_and_no_crash(text: str):
    assert {finding.fault for finding in verify_files({OBJECTS: text})} == {Fault.UNREADABLE}


def test_at_least_three_faults_of_each_sort():
    sorts = [fault for faults in (STATIC, SERVER) for fault, _, _ in faults.values()] + [Fault.UNSTABLE] * len(TEXTS)
    assert all(sorts.count(fault) >= 3 for fault in Fault)


@given(data=st.data())
def test_whatever_is_broken_is_judged_and_no_crash(data: st.DataObject):
    draft = Draft()
    break_somewhere(draft, lambda things: data.draw(st.sampled_from(things)))
    assert verify_files(draft.texts()) is not None


@pytest.mark.parametrize(
    "row",
    [
        [{"title": "a", "chart": "metric", "width": COLUMNS - 1, "view": "articles", "measures": {"n": "count"}}],
        [{"title": "a", "chart": "search", "width": COLUMNS}],
        [{"title": "a", "chart": "metric", "width": COLUMNS, "view": "articles"}],
        [{"title": "a", "chart": "bagel", "width": COLUMNS, "view": "articles", "measures": {"n": "count"}}],
    ],
)
def test_a_row_that_cannot_be_is_refused(row: list[dict[str, Any]]):
    with pytest.raises(ValidationError):
        Row(height=3, panels=tuple(Panel(**panel) for panel in row))


def test_a_rule_that_looks_away_is_refused():
    with pytest.raises(ValidationError, match="longer than that"):
        Rule(title="a", view="quotes", every=5, window=5, shown=("speaker",))


@pytest.mark.parametrize("name", {**STATIC, **SERVER})
def test_each_fault_changes_something(name: str):
    """Else its test would prove nothing."""
    draft = Draft()
    {**STATIC, **SERVER}[name][2](draft)
    assert draft.texts() != Draft().texts()
