"""The calendar on the command line: which meetings, in which order, in which form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from otswatch.calendar import MeetingRequest, Meetings, find, read
from otswatch.errors import UsageError
from otswatch.index import Document, Index
from otswatch.records import Article
from otswatch.settings import Settings
from otswatch.stores import open_stores
from tests.calendar_reports import TAXONOMY, article, gathered, told
from tests.commandline import otswatch

OTS = "the Organization of Turkic States"
TODAY = datetime.now(UTC).date()


def on(days: int) -> str:
    """A day from today on, as an article writes it."""
    day = TODAY + timedelta(days=days)
    return f"{day.day} {day:%B %Y}"


ARTICLES = [
    article("soon", f"The Council of Elders of {OTS} will meet in Khiva on {on(10)}.", str(TODAY)),
    article("later", f"The 14th summit of {OTS} will be held in Turkistan on {on(200)}.", str(TODAY), "mfa-tr"),
    article("passed", f"Energy ministers of {OTS} will meet in Budapest on {on(-5)}.", str(TODAY - timedelta(days=20))),
    article("was", f"Health ministers of {OTS} met in Bishkek on {on(-5)}.", str(TODAY - timedelta(days=4))),
    article("host", f"Uzbekistan will host the informal summit of {OTS}.", str(TODAY)),
    article(
        "off", f"The TURKPA plenary session that was to be held in Baku on {on(30)} has been cancelled.", str(TODAY)
    ),
]


def documents(articles: list[Article] = ARTICLES) -> list[Document]:
    gathering = Meetings(TAXONOMY)
    by_id = told(*articles, official=("mfa-tr",))
    return [
        gathering.document(id_, {name: report.to_dict() for name, report in each.items()}, 1)
        for id_, each in by_id.items()
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the meetings of `ARTICLES`."""
    folder = tmp_path_factory.mktemp("calendar")
    with open_stores(Settings(data=folder / "data", config=folder / "otswatch.d")) as stores:
        made = documents()
        assert [put.result for put in stores.index.put(made)] == ["stored"] * len(made)
    return folder


@pytest.fixture
def index(folder: Path) -> Iterator[Index]:
    with open_stores(Settings(data=folder / "data", config=folder / "otswatch.d")) as stores:
        yield stores.index


def ids(index: Index, **asked: object) -> tuple[list[str], list[str]]:
    found = read(index, MeetingRequest.of(**asked), TODAY)
    return [one.series for one in found.dated], [one.series for one in found.open]


def test_what_comes_soonest_first_with_what_has_passed_without_a_report(index: Index) -> None:
    assert ids(index) == (["energy_ministers", "elders", "turkpa_plenary", "summit"], ["informal_summit"])


def test_days_bodies_places_and_statuses_narrow_it_down(index: Index) -> None:
    assert ids(index, since=str(TODAY)) == (["elders", "turkpa_plenary", "summit"], ["informal_summit"])
    assert ids(index, since=str(TODAY - timedelta(days=6)), until=str(TODAY))[0] == [
        "energy_ministers",
        "health_ministers",
    ]
    assert ids(index, until=str(TODAY + timedelta(days=11)))[0] == ["energy_ministers", "elders"]
    assert ids(index, body=["turkpa"]) == (["turkpa_plenary"], [])
    assert ids(index, body=["council_of_elders", "summit"]) == (["elders", "summit"], [])
    assert ids(index, place=["uz"]) == (["elders"], ["informal_summit"])
    assert ids(index, place=["khiva"]) == (["elders"], [])
    assert ids(index, status=["cancelled"]) == (["turkpa_plenary"], [])
    assert ids(index, status=["planned"], body=["turkpa"]) == ([], [])


def test_a_meeting_is_found_by_every_id_however_old(index: Index) -> None:
    one = find(index, "summit-14", TODAY)
    assert one
    assert one.certainty == "confirmed"
    assert find(index, "summit-99", TODAY) is None


@pytest.mark.parametrize("since", ["0001-01-01", "0001-12-31"])
def test_from_the_first_day_on_there_is_everything(index: Index, since: str) -> None:
    dated, without_a_day = ids(index, since=since)
    assert (len(dated), without_a_day) == (5, ["informal_summit"])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"status": ["maybe"]}, "status: one of held, planned, postponed, cancelled is expected, not 'maybe'"),
        ({"since": "soon"}, "since: a day such as 2026-03-01 is expected, not 'soon'"),
    ],
)
def test_what_cannot_be_asked_for(asked: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        MeetingRequest.of(**asked)


def test_a_request_is_an_address_and_back() -> None:
    asked = MeetingRequest.of(since="2027-01-01", body=["ots", "turkpa"], status=["planned"])
    assert MeetingRequest.from_query_string(asked.to_query_string()) == asked


def test_what_no_article_says_any_more_is_gone(index: Index) -> None:
    gone = Meetings(TAXONOMY).document("elders-x", {}, 5)
    assert gone.record["gone"]["reason"] == "not-in-articles"
    assert [put.result for put in index.put([gone])] == ["stored"]
    assert ids(index, body=["council_of_elders"]) == (["elders"], [])


def test_more_reports_than_are_kept_are_counted() -> None:
    many = [
        article(f"a{count}", f"The 14th summit of {OTS} will be held in Turkistan.", str(TODAY), f"s{count}")
        for count in range(50)
    ]
    official = article("z", f"The 14th summit of {OTS} will be held in Turkistan.", str(TODAY), "mfa-tr")
    (one,) = gathered(told(*many, official, official=("mfa-tr",)))
    assert (len(one.reports), one.articles) == (40, 51)
    assert any(report.official for report in one.reports)


# ------------------------------------------------------------------------------------------------------- command line


@pytest.mark.slow
def test_as_a_table(folder: Path) -> None:
    done = otswatch("meetings", folder=folder)
    assert done.code == 0, done.err
    assert done.err.endswith("4 meetings with a day, 1 without\n")
    order = [
        done.out.index(name)
        for name in ("Ministers of Energy", "Council of Elders", "14th Summit", "no day is known", "Informal Summit")
    ]
    assert order == sorted(order)
    assert "passed, no report yet" in done.out
    assert "mfa-tr (official)" in done.out


@pytest.mark.slow
def test_as_json_csv_and_ics(folder: Path) -> None:
    found = json.loads(otswatch("meetings", "--format", "json", folder=folder).out)
    assert [one["series"] for one in found["dated"]] == ["energy_ministers", "elders", "turkpa_plenary", "summit"]
    assert found["dated"][1]["evidence"]["place"][0]["evidence"][0]["text"] == "Khiva"
    rows = list(csv.DictReader(io.StringIO(otswatch("meetings", "--format", "csv", folder=folder).out)))
    assert [(row["series"], row["passed"]) for row in rows][:2] == [("energy_ministers", "1"), ("elders", "")]
    calendar = Calendar.from_ical(otswatch("meetings", "--format", "ics", "--body", "elders", folder=folder).out)
    (event,) = calendar.walk("VEVENT")
    assert event["DTSTART"].dt == TODAY + timedelta(days=10)


@pytest.mark.slow
def test_what_cannot_be_read_is_told(folder: Path) -> None:
    done = otswatch("meetings", "--status", "maybe", folder=folder)
    assert (done.code, done.out) == (2, "")
    assert "one of held, planned, postponed, cancelled is expected" in done.err
