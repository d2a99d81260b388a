"""`otswatch quotes`: what a reader sees of who said what, and what programs read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from otswatch.settings import Settings
from otswatch.stores import Stores, open_stores
from tests import quoting
from tests.test_cli import Command, command  # noqa: F401 - a fixture


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with open_stores(Settings(data=tmp_path / "data")) as opened:
        assert {put.result for put in opened.index.put(quoting.documents())} == {"stored"}
        yield opened


def as_json(command: Command, *arguments: str) -> dict[str, Any]:  # noqa: F811
    done = command("quotes", *arguments, "--format", "json")
    assert done.code == 0, done.err
    return dict(json.loads(done.out))


@pytest.mark.usefixtures("stores")
def test_the_table_says_when_who_what_and_where_it_stands(command: Command):  # noqa: F811
    done = command("quotes", "--speaker", "Fidan", "--since", "2026-02-01")
    assert done.code == 0, done.err
    said = " ".join(done.out.split())
    for part in (
        "2026-03-02",
        "Hakan Fidan",
        "Minister of Foreign Affairs",
        "Türkiye",
        f"“{quoting.BORDER.upper()}”",
        "Title of copy-2 – report-az, and 1 more",
        "https://report-az.example/copy-2",
        "security",
    ):
        assert part in said, part
    assert "1 of 1 quotes, in 2 places; 1 more match but have no date (--undated)" in done.err
    assert "looked for Fidan: Hakan Fidan" in done.err


@pytest.mark.usefixtures("stores")
def test_what_is_unknown_is_said(command: Command):  # noqa: F811
    assert "undated" in command("quotes", "--undated").out
    assert "unknown" in command("quotes", "--article", "copy-1").out
    out = " ".join(command("quotes", "--reported").out.split())
    assert "said 2026-02-09" in out
    assert "Bakü'de" in out
    assert "0 of 0 quotes" in command("quotes", "--speaker", "nobody at all").err


@pytest.mark.usefixtures("stores")
def test_json_holds_the_record_with_its_copies(command: Command):  # noqa: F811
    found = as_json(command, "--area", "security", "--state", "tr")
    assert set(found) == {"total", "places", "undated", "after", "expanded", "quotes"}
    first = found["quotes"][0]
    assert (first["speaker"]["person"], first["text"]) == ("hakan_fidan", quoting.BORDER.upper())
    assert [copy["article"]["id"] for copy in first["copies"]] == ["copy-3", "copy-4"]
    assert set(first["copies"][0]) == {"id", "start", "end", "article"}


@pytest.mark.usefixtures("stores")
def test_csv_has_a_line_for_each_row(command: Command):  # noqa: F811
    lines = list(csv.DictReader(io.StringIO(command("quotes", "--format", "csv").out)))
    assert len(lines) == 8
    by_article = {line["url"].rsplit("/", 1)[1]: line for line in lines}
    assert by_article["copy-2"] | {"id": ""} == {
        "id": "",
        "article": "copy-2",
        "published": "2026-03-02",
        "said": "",
        "where": "",
        "speaker": "Hakan Fidan",
        "person": "hakan_fidan",
        "title": "",
        "office": "foreign_minister",
        "of": "tr",
        "direct": "direct",
        "areas": "security",
        "text": quoting.BORDER.upper(),
        "language": "en",
        "source": "report-az",
        "headline": "Title of copy-2",
        "url": "https://report-az.example/copy-2",
        "copies": "3",
    }
    assert (by_article["tr"]["said"], by_article["tr"]["direct"]) == ("2026-02-09", "reported")
    assert by_article["undated"]["published"] == ""


@pytest.mark.usefixtures("stores")
def test_pages_follow_each_other(command: Command):  # noqa: F811
    first = command("quotes", "--size", "3")
    [token] = [line.split()[-1] for line in first.err.splitlines() if line.startswith("more: --after")]
    rest = as_json(command, "--after", token)
    assert [quote["article"]["id"] for quote in rest["quotes"]] == ["kz", "tr", "other-story", "az", "undated"]
    assert len(as_json(command, "--all")["quotes"]) == 11


@pytest.mark.usefixtures("stores")
def test_they_are_counted_by_what_is_asked(command: Command):  # noqa: F811
    table = " ".join(command("quotes", "--by", "area").out.split())
    assert "Security and defence 3" in table
    assert "no area 3" in table
    assert as_json(command, "--by", "speaker", "--area", "transport") == {
        "by": "speaker",
        "counts": [{"key": "recep_tayyip_erdogan", "name": "Recep Tayyip Erdoğan", "count": 2}],
    }
    lines = list(csv.reader(io.StringIO(command("quotes", "--by", "state", "--format", "csv").out)))
    assert lines == [
        ["state", "name", "quotes"],
        ["tr", "Türkiye", "4"],
        ["ots", "Organization of Turkic States", "2"],
        ["kz", "Kazakhstan", "1"],
        ["", "", "1"],
    ]
    months = as_json(command, "--by", "month", "--speaker", "Erdoğan")["counts"]
    assert [(month["key"], month["count"]) for month in months][::4] == [("2025-11", 1), ("2026-03", 1)]
    assert "nobody said anything that matches" in command("quotes", "--by", "month", "--area", "space").out


@pytest.mark.usefixtures("stores")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["title:zirve"], "quotes have no text field 'title'"),
        (['"open'], "never closed"),
        (["--by", "weekday"], "'area', 'speaker', 'state', 'month', 'language', 'source'"),
        (["--after", "nonsense"], "does not continue this search"),
        (["--since", "tomorrow"], "--since"),
        (["--size", "0"], "--size"),
    ],
)
def test_what_cannot_be_asked_is_said(command: Command, arguments: list[str], says: str):  # noqa: F811
    done = command("quotes", *arguments)
    assert done.code == 2
    assert says in done.error
