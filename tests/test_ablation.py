"""`python -m benchmarks.ablation`: a run without a rule is one with a tuple that lacks it, and nothing else."""

from __future__ import annotations

import pytest

from benchmarks import ablation
from otswatch.consumers import body_rules
from otswatch.consumers.body import read
from otswatch.consumers.document import Document

LONG = "Transport ministers agreed on one electronic permit for lorries, and drivers will carry it from spring on. " * 3
READ_ALSO = "<p>Read also: Wheat prices rise again</p>"
PAGE = f"<html><body><h1>One permit</h1><p>{LONG}</p>{READ_ALSO}<p>{LONG[:200]}</p></body></html>"


def test_without_a_rule_its_paragraph_stays_and_then_the_rule_is_back() -> None:
    def kept() -> bool:
        return any("Wheat" in one for one in read(Document(html=PAGE, text=None), "One permit").paragraphs)

    before = body_rules.RULES
    assert not kept()
    with ablation.without(body_rules, "RULES", "read-also/1"):
        assert kept()
    assert before is body_rules.RULES
    assert not kept()


@pytest.mark.parametrize("group", ablation.GROUPS)
def test_every_rule_has_a_run_of_its_own_after_the_one_with_all(group: str) -> None:
    first, *others = ablation.runs(group)
    assert not first.name
    assert len({(run.tuple, run.name) for run in others}) == len(others)
    rules = sum(len(getattr(module, attribute)) for module, attribute in ablation.GROUPS[group].tuples)
    assert len(others) == rules > 2


def test_the_own_set_is_scored_where_no_other_is(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(ablation.evaluation, "SHARED", tmp_path / "no-such-folder")
    ablation._pages.cache_clear()
    monkeypatch.setattr(ablation, "_own", lambda: list(ablation.eval_cms.read())[:3])
    scores = ablation.scored(ablation.Without("title"), every=1)
    ablation._pages.cache_clear()
    assert scores == {"own": 1.0}
