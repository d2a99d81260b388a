"""The calendar as iCalendar: what is read back is what the meetings say, and nothing that a title smuggles in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from otswatch.calendar import Entry, Labels, Said, Step, ics
from otswatch.records import Venue, When
from tests.calendar_reports import TAXONOMY

LABELS = Labels(TAXONOMY)
SEEN = datetime(2027, 1, 18, 9, 30, tzinfo=UTC)
DAY = When(starts="2027-02-24", ends="2027-02-25", precision="day")


def entry(**changes: object) -> Entry:
    one = Entry(
        id="foreign_ministers-2027-02-24",
        ids=("foreign_ministers-2027-02-24",),
        series="foreign_ministers",
        body="council_of_foreign_ministers",
        of="ots",
        number=None,
        place=Venue(name="Bishkek", id="bishkek", country="kg"),
        when=DAY,
        moved_from=None,
        status="planned",
        certainty="confirmed",
        passed=False,
        evidence={},
        differences=(),
        history=(),
        sequence=0,
        articles=1,
        sources=("one",),
        first_seen=SEEN,
        updated=SEEN,
    )
    return one.replace(**changes)


def said(title: str, url: str | None = None) -> Said:
    return Said(
        article="a", url=url, source="one", title=title, language="en", official=False, published=None, evidence=()
    )


def events(*entries: Entry, home: str | None = None) -> list[Event]:
    """What a calendar program reads."""
    read = Calendar.from_ical(ics.calendar(entries, LABELS, home))
    assert not read.errors
    found = read.walk("VEVENT")
    assert all(not event.errors for event in found)
    return found


def test_an_event_is_whole_days_with_an_end_that_is_not_in_it() -> None:
    (event,) = events(entry(), home="http://localhost:8484")
    assert event["DTSTART"].dt == date(2027, 2, 24)
    assert event["DTEND"].dt == date(2027, 2, 26)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["DTSTAMP"].dt == SEEN
    assert str(event["UID"]) == "foreign_ministers-2027-02-24@otswatch"
    assert str(event["SUMMARY"]) == "OTS Council of Foreign Ministers"
    assert str(event["LOCATION"]) == "Bishkek, Kyrgyzstan"
    assert str(event["URL"]) == "http://localhost:8484/meetings/foreign_ministers-2027-02-24"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "CONFIRMED"),
        ({"certainty": "expected"}, "TENTATIVE"),
        ({"certainty": "disputed"}, "TENTATIVE"),
        ({"certainty": "expected", "status": "held"}, "CONFIRMED"),
        ({"status": "postponed"}, "CONFIRMED"),
        ({"status": "cancelled"}, "CANCELLED"),
        ({"status": "postponed", "when": None, "moved_from": DAY}, "CANCELLED"),
    ],
)
def test_what_is_certain(changes: dict[str, object], status: str) -> None:
    (event,) = events(entry(**changes))
    assert str(event["STATUS"]) == status


@pytest.mark.parametrize("moved_from", [None, When(starts="2027-02", ends="2027-02", precision="month")])
def test_what_is_put_off_without_a_word_of_its_old_day_is_cancelled_on_it(moved_from: When | None) -> None:
    planned = Step(status="planned", when=DAY, said=said("a summit in February"))
    put_off = Step(status="postponed", when=None, said=said("the summit is put off"))
    (event,) = events(entry(status="postponed", when=None, moved_from=moved_from, history=(planned, put_off)))
    assert (event["DTSTART"].dt, event["STATUS"]) == (date(2027, 2, 24), "CANCELLED")
    assert events(entry(status="planned", when=None, history=(planned,))) == []


@pytest.mark.parametrize("when", [None, When(starts="2027-02", ends="2027-02", precision="month"),
                                  When(starts="--02-24", ends="--02-24", precision="day")])  # fmt: skip
def test_what_has_no_day_is_not_in_it(when: When | None) -> None:
    assert events(entry(when=when)) == []


def test_a_change_has_a_higher_sequence_and_the_same_uid() -> None:
    before, after = events(entry()), events(entry(sequence=1, updated=SEEN + timedelta(days=1)))
    assert before[0]["UID"] == after[0]["UID"]
    assert (before[0]["SEQUENCE"], after[0]["SEQUENCE"]) == (0, 1)


HOSTILE = "x\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:AUDIO;,\\n \u202e\u2028\x00\ud800"


def test_a_title_stays_text() -> None:
    one = entry(evidence={"when": (said(HOSTILE, "javascript:alert(1)"),)})
    text = ics.calendar([one], LABELS)
    assert [line for line in text.splitlines() if line.startswith(b"BEGIN:")] == [b"BEGIN:VCALENDAR", b"BEGIN:VEVENT"]
    assert b"javascript" not in text
    (event,) = events(one)
    assert "END:VEVENT BEGIN:VALARM ACTION:AUDIO;,\\n" in str(event["DESCRIPTION"])
    assert not {"\u202e", "\u2028", "\x00", "\r"} & set(str(event["DESCRIPTION"]))


def test_lines_are_folded() -> None:
    text = ics.calendar([entry(evidence={"when": (said("Түркі мемлекеттері ұйымы " * 20),)})], LABELS)
    assert max(map(len, text.split(b"\r\n"))) <= 75
    assert text.endswith(b"END:VCALENDAR\r\n")


TITLES = st.text(max_size=200)
DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))


@given(
    st.lists(
        st.builds(
            lambda start, length, title, sequence, status, place, number: entry(
                when=When(starts=f"{start}", ends=f"{start + timedelta(days=length)}", precision="day"),
                evidence={"when": (said(title),), "status": (said(title),)},
                sequence=sequence,
                status=status,
                place=Venue(name=place, id=None, country=place),
                number=number,
            ),
            DAYS,
            st.integers(0, 40),
            TITLES,
            st.integers(0, 99),
            st.sampled_from(("planned", "held", "postponed", "cancelled", None)),
            TITLES,
            st.none() | st.integers(1, 99),
        ),
        max_size=4,
    )
)
def test_what_is_written_is_read_back(entries: list[Entry]) -> None:
    read = events(*entries)
    assert len(read) == len(entries)
    for one, event in zip(entries, read, strict=True):
        assert one.days
        first, last = one.days
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (first, last + timedelta(days=1))
        assert event["SEQUENCE"] == one.sequence
        assert str(event["SUMMARY"]) == LABELS.title(one)
        assert str(event["DESCRIPTION"]).startswith(f"{one.status or 'no status'}, {one.certainty}")
        assert Event.from_ical(event.to_ical())["UID"] == event["UID"]
