"""`otswatch stories`: the list in three formats, one story with its reasons and differences, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from otswatch.index.sqlite import SqliteIndex
from otswatch.records import Story
from tests import retelling
from tests.commandline import Said, otswatch

#: Each starts the program.
pytestmark = pytest.mark.slow

NEWSROOM = retelling.newsroom()
SUMMIT = NEWSROOM.ids["summit"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("stories")
    (made / "data").mkdir()
    index = SqliteIndex(made / "data" / "index.sqlite")
    index.put(NEWSROOM.documents)
    index.close()
    return made


def stories(folder: Path, *arguments: str) -> Said:
    return otswatch("stories", *arguments, folder=folder)


def test_the_list_names_the_first_and_the_official_source(folder: Path) -> None:
    said = stories(folder, "bakanları", "--at-least", "2")
    assert said.code == 0, said.err
    [head, row, ids, differ] = [line.split() for line in said.out.splitlines() if line.strip(" ─")]
    assert " ".join(head) == "first seen headline articles languages first source official source main area"
    assert row[:2] == ["2026-05-14", "09:00"]
    assert row[-8:] == ["6", "en", "tr", "az", "kk", "trtavaz", "turkicstates", "security"]
    assert ids[0] == SUMMIT
    assert " ".join(differ) == "reports differ: figure, day, place"
    assert "1 of 1 stories" in said.err
    assert "looked for bakanları" in said.err


def test_nothing_that_matches_is_no_error(folder: Path) -> None:
    said = stories(folder, "--source", "nobody")
    assert (said.code, said.out, said.err) == (0, "", "0 of 0 stories\n")


def test_json_gives_the_records_and_goes_on_behind_them(folder: Path) -> None:
    page = json.loads(stories(folder, "--size", "3", "--format", "json").out)
    assert (page["total"], page["undated"], page["most"], page["expanded"]) == (4, 0, False, [])
    assert [Story.model_validate(record).to_dict() for record in page["stories"]] == page["stories"]
    rest = json.loads(stories(folder, "--size", "3", "--after", page["after"], "--format", "json").out)
    assert [record["id"] for record in rest["stories"]] == [SUMMIT]
    assert rest["after"] is None


def test_csv_has_a_line_for_each_story(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(stories(folder, "--format", "csv").out)))
    assert [row["articles"] for row in rows] == ["230", "4", "1", "6"]
    summit = rows[-1]
    assert (summit["first source"], summit["official source"]) == ("trtavaz", "turkicstates")
    assert (summit["differs"], summit["url"]) == ("figure day place", "https://turkicstates.example/official")
    assert rows[0]["official source"] == "outlet-29"  # the last of all is listed, because it is the official one


def test_one_story_says_why_each_belongs_and_where_they_differ(folder: Path) -> None:
    said = stories(folder, "show", SUMMIT)
    assert said.code == 0, said.err
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "Interior ministers of the OTS met in Bishkek" in lines[0]
    for words in (
        "began the story",
        "tells in another language the same as trtavaz: Bişkek, 2026-05-14, Aylin Demirel",
        "is a copy of turkicstates: the same text, the same title",
        "translated/1",
        "Figure: experts 120 experts 120 uzman trtavaz",
        "150 experts 150 ekspert report-az",
        "Day 14 May 2026 on 14 May turkicstates",
        "Place Bishkek Bişkek'te trtavaz",
    ):
        assert any(words in line for line in lines), words
    assert [line for line in lines if line == "120 experts turkicstates"]


def test_reports_that_agree_are_said_to(folder: Path) -> None:
    said = stories(folder, "show", NEWSROOM.ids["many"])
    assert "Reports do not differ in place, day or figures." in said.out
    assert f"30 more: otswatch search story:{NEWSROOM.ids['many']}" in said.out
    found = otswatch("search", f"story:{NEWSROOM.ids['many']}", "--format", "json", folder=folder)
    assert json.loads(found.out)["total"] == retelling.MANY


def test_what_was_merged_shows_the_story_that_it_is_now(folder: Path) -> None:
    said = stories(folder, "show", NEWSROOM.ids["merged"], "--format", "json")
    assert json.loads(said.out)["id"] == SUMMIT
    assert said.err == f"{NEWSROOM.ids['merged']} is a part of {SUMMIT} now, which is shown\n"


def test_titles_of_pages_are_text_and_no_control(folder: Path) -> None:
    said = stories(folder, "show", NEWSROOM.ids["hostile"])
    assert said.code == 0, said.err
    assert retelling.SCRIPT in said.out
    assert "untitled" in said.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "2026"), "there is no story '2026'; `otswatch stories` shows all"),
        (("show", SUMMIT, "--format", "csv"), "one story has no table to put into CSV; --format json has all of it"),
        (("show", NEWSROOM.ids["gone"]), "no article of this story is kept any more"),
        (("--differs", "colour"), "differs: one of place, day, figure is expected, not 'colour'"),
        (('"open',), "never closed"),
        (("--after", "x"), "after"),
    ],
)
def test_what_cannot_be_answered_is_one_line_and_exit_2(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    said = stories(folder, *arguments)
    assert (said.code, said.out) == (2, "")
    assert message in said.error
