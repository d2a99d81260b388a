"""Corrections as labels: what is read, what is scored, and what counts as right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import eval_corrections
from benchmarks.eval_corrections import Label, agrees
from otswatch.consumers.archive import WarcArchive
from tests.factory import ABOUT, FETCHED, page

MINISTERS = page("https://steppe-wire.example/1", ABOUT.format(title="Interior ministers meet in Samarkand", more=""))
TEXT = "Interior ministers of the Organization of Turkic States met in Samarkand about organised crime and borders."


def line(field: str, value: Any, machine: Any, **changes: Any) -> dict[str, Any]:
    made = {"article": MINISTERS.id, "title": "Interior ministers meet", "text": TEXT, "language": "en"}
    return {**made, "field": field, "value": value, "machine": machine, **changes}


def written(folder: Path, *lines: object) -> Path:
    path = folder / "corrections.jsonl"
    path.write_text(
        "".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in lines), encoding="utf-8"
    )
    return path


@pytest.mark.parametrize(
    ("field", "human", "machine", "right"),
    [
        ("areas", ["security", "energy"], ["security", "energy"], True),
        ("areas", ["security", "energy", "trade"], ["security", "trade", "energy"], True),
        ("areas", ["security", "energy"], ["energy", "security"], False),
        ("areas", ["security"], ["security", "energy"], False),
        ("areas", [], [], True),
        ("areas", [], ["energy"], False),
        ("kind", None, None, True),
        ("kind", None, "news", False),
        ("published", "2026-03-02", "2026-03-02T14:05:00+05:00", True),
        ("published", "2026-03-02T09:05:00+00:00", "2026-03-02", True),
        ("published", "2026-03", "2026-03-02", True),
        ("published", "2026-03-02", "2026-03", False),
        ("published", "2026-03-02", "2026-03-03", False),
        ("published", None, "2026-03-03", False),
        ("published", "2026-03-03", None, False),
        ("published", None, None, True),
        ("speaker", {"quote": "q", "speaker": "Selim Aksoy"}, {"quote": "q", "speaker": "SELİM AKSOY"}, True),
        ("speaker", {"quote": "q", "speaker": "hakan_fidan"}, {"quote": "q", "speaker": "hakan_fidan"}, True),
        ("speaker", {"quote": "q", "speaker": "hakan_fidan"}, {"quote": "q", "speaker": None}, False),
        ("speaker", {"quote": "q", "speaker": None}, {"quote": "q", "speaker": "Selim Aksoy"}, False),
        ("speaker", {"quote": "q", "speaker": None}, {"quote": "q", "speaker": None}, True),
    ],
)
def test_what_counts_as_right(field: str, human: Any, machine: Any, right: bool):
    assert agrees(field, human, machine) is right


def test_what_the_rules_say_today_is_scored_beside_what_they_said_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = written(
        tmp_path,
        line("areas", ["security"], ["transport"]),
        line("relevance", "about", "passing"),
        line("relevance", "none", "about", article="2", title="Title"),
        line("published", "2026-03-02", "2026-03-01"),
        line("relevance", "about", "none", article="3", text=None),
    )
    eval_corrections.main([str(path)])
    said = capsys.readouterr().out
    assert "corrections (5 that stand; 2 not scored" in said
    assert "areas         1  then right 0.000  now right 1.000  F1 1.000" in said
    assert "relevance     2  then right 0.000  now right 0.500  kept or discarded rightly 0.500" in said
    assert "2 relevance: none; then about, now about  Title" in said
    assert "published" not in said


def test_a_speaker_is_scored_where_the_rules_still_find_the_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    words = "We will build one secure network for our border guards"
    text = f"{TEXT}\n\n“{words},” Minister Daniyar Serikbayev said at the end."
    made = {"text": text, "words": words}
    path = written(
        tmp_path,
        line("speaker", {"quote": "q1", "speaker": "Daniyar Serikbayev"}, {"quote": "q1", "speaker": None}, **made),
        line("speaker", {"quote": "q1", "speaker": None}, {"quote": "q1", "speaker": None}, **made),
        line("speaker", {"quote": "q2", "speaker": None}, {"quote": "q2", "speaker": None}, text=text, words="Other"),
    )
    eval_corrections.main([str(path)])
    said = capsys.readouterr().out
    assert "corrections (3 that stand; 1 not scored" in said
    assert "speaker       2  then right 0.500  now right 0.500" in said
    assert "speaker: unknown; then unknown, now Daniyar Serikbayev" in said


def test_a_date_is_made_from_the_newest_page_in_the_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    older = page(MINISTERS.url, "<p>nothing</p>", FETCHED.replace(hour=1))
    with WarcArchive(tmp_path / "archive") as archive:
        archive.write([MINISTERS, older])
    path = written(tmp_path, line("published", "2026-03-02", "2026-03-01", text=None))
    eval_corrections.main([str(path), "--archive", str(tmp_path / "archive")])
    said = capsys.readouterr().out
    assert "(1 that stand; 0 not scored" in said
    assert "published     1  then right 0.000  now right 1.000" in said


@pytest.mark.parametrize(
    "wrong", ["{", [], {"article": "a1"}, line("areas", "security", []), line("speaker", "p1", None)], ids=repr
)
def test_a_line_that_is_no_label_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: object):
    path = written(tmp_path, line("kind", "news", None), wrong)
    with pytest.raises(SystemExit) as ended:
        eval_corrections.main([str(path)])
    assert ended.value.code == 2
    assert f"{path}, line 2: no line of `otswatch corrections export`" in capsys.readouterr().err


def test_what_is_exported_can_be_read(tmp_path: Path):
    [label] = eval_corrections.read(written(tmp_path, line("kind", None, "news", note="x", by="ayse", url=None)))
    assert label == Label(MINISTERS.id, "Interior ministers meet", TEXT, "en", "kind", None, "news")
