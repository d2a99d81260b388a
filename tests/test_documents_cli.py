"""`otswatch documents`: what a reader sees of official documents, and what programs read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from otswatch.documents import OfficialDocument
from otswatch.documents.search import DocumentRequest, find
from otswatch.settings import Settings
from otswatch.stores import open_stores
from otswatch.taxonomy import LANGUAGES
from tests.commandline import Said, otswatch
from tests.documents import DECLARATION, SISTER, fill

TITLE = "Trabzon Declaration of the Informal Summit of the Organization of Turkic States"


#: Each starts the program.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("documents")
    fill(made)
    return made


def documents(folder: Path, *arguments: str) -> Said:
    return otswatch("documents", *arguments, folder=folder)


def ids(folder: Path, **asked: object) -> list[str]:
    """What a search finds, without a process of its own."""
    with open_stores(Settings(data=folder / "data")) as stores:
        return [str(record["id"]) for record in find(stores.index, DocumentRequest.of(**asked)).hits.documents]


def test_the_table_says_when_where_what_and_in_which_languages(folder: Path):
    done = documents(folder, "--since", "2027-01-01", "--until", "2028-01-01")
    [row] = [line for line in done.out.splitlines() if "2027" in line and "Trabzon" in line and "Declaration" in line][
        :1
    ]
    for part in ("2027-06-14", "Trabzon", "Declaration", TITLE, "en az hu kk ky ru tk tr uz", "6"):
        assert part in row
    assert DECLARATION in done.out
    assert done.err == "1 of 1 documents\n"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "transit permit", "exact": True}, [SISTER, DECLARATION]),
        ({"q": '"green hydrogen"', "exact": True}, [SISTER]),
        ({"q": "бірыңғай транзиттік"}, [DECLARATION]),
        ({"q": "Karabağ Bildirisi"}, ["declaration-shusha-2024-07-06"]),
        ({"language": "kk"}, [DECLARATION]),
        ({"area": "transport"}, [SISTER, DECLARATION]),
        ({"type": "vision"}, ["vision-istanbul-2021-11-12"]),
        ({"body": "tr", "until": "2010-01-01"}, ["agreement-nakhchivan-2009-10-03"]),
        ({"cites": "slices-ru"}, [DECLARATION]),
        ({"cites": "sister", "since": "2023-01-01"}, [SISTER, DECLARATION]),
        ({"q": "no such words"}, []),
    ],
)
def test_filters_and_words_of_titles_and_texts(folder: Path, asked: dict[str, object], found: list[str]):
    assert ids(folder, **asked) == found


def test_pages_follow_each_other(folder: Path):
    with open_stores(Settings(data=folder / "data")) as stores:
        first = find(stores.index, DocumentRequest(size=3)).hits
        second = find(stores.index, DocumentRequest(size=3, after=first.after)).hits
    assert first.documents[0]["id"] == SISTER
    assert len({record["id"] for record in (*first.documents, *second.documents)}) == 6


def test_csv_has_a_line_for_each(folder: Path):
    rows = list(csv.DictReader(io.StringIO(documents(folder, "--since", "2027-01-01", "--format", "csv").out)))
    assert [row["id"] for row in rows] == [SISTER, DECLARATION]
    assert (rows[1]["languages"], rows[1]["cited"], rows[1]["registered"]) == ("en az hu kk ky ru tk tr uz", "6", "no")


def test_show_has_texts_citations_and_where_they_are_from(folder: Path):
    done = documents(folder, "show", DECLARATION)
    for part in ("Full texts", "Cited by 6", "declaration-hu", "slices-ru", "documents/1:clauses", "Azerbaijan"):
        assert part in done.out, part


def test_show_as_json_is_the_record(folder: Path):
    record = json.loads(documents(folder, "show", DECLARATION, "--format", "json").out)
    found = OfficialDocument.model_validate(record)
    assert found.to_dict() == record
    assert set(found.languages) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "nothing"), "there is no document 'nothing'; `otswatch documents` shows all"),
        (("show", DECLARATION, "--format", "csv"), "one document has no table to put into CSV; --format json has all"),
        (("(transit",), "the query ends too early"),
    ],
)
def test_bad_input_says_what_to_do(folder: Path, arguments: tuple[str, ...], told: str):
    done = documents(folder, *arguments)
    assert done.code == 2
    assert told in done.error


def test_help_has_an_example(folder: Path):
    assert "Example: otswatch documents" in " ".join(documents(folder, "list", "--help").out.split())
    assert "show" in documents(folder, "--help").out
