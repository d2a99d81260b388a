"""`make eval`: the project's own labelled pages, and the judges where they are."""

from __future__ import annotations

import subprocess
import sys

import pytest

from benchmarks import eval as evaluation
from benchmarks import extractors
from tests.processes import PATIENCE


def test_the_projects_own_pages_are_read_right() -> None:
    score = evaluation.own_set()
    assert score["pages"] >= 12
    assert [score[part] for part in ("title", "text", "language", "date")] == [score["pages"]] * 4
    assert score["false date"] == 0


@pytest.mark.slow
def test_without_the_shared_sets_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    monkeypatch.setattr(evaluation, "SHARED", evaluation.ROOT / "no-such-folder")
    monkeypatch.setattr(sys, "argv", ["eval"])
    monkeypatch.setattr(evaluation, "labels", lambda _: None)
    evaluation.main()
    printed = capsys.readouterr().out
    assert "small set" in printed
    assert "flairNLP/fundus 18da6e53" in printed


@pytest.mark.slow
def test_an_unknown_set_is_refused() -> None:
    command = [sys.executable, "-m", "benchmarks.eval", "--sets", "nosuch"]
    done = subprocess.run(command, cwd=evaluation.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such set: nosuch" in done.stderr


@pytest.mark.parametrize("tool", ["trafilatura_default", "trafilatura_precise", "htmldate"])
def test_the_rivals_run(tool: str) -> None:
    html = (evaluation.LABELLED / "html" / "en-1.html").read_text(encoding="utf-8")
    got = getattr(extractors, tool)(html, "https://steppe-courier.example/world/transport-ministers")
    assert got["date"] == "2025-04-15"


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.skipif(not evaluation.SHARED.exists(), reason="../shared/eval is not here")
def test_the_judges_run_on_the_shared_sets() -> None:
    command = [sys.executable, "-m", "benchmarks.eval", "--limit", "3", "--sets", "fundus"]
    done = subprocess.run(command, cwd=evaluation.ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert "ours" in done.stdout
    assert "dateparser_strict" in done.stdout
