"""The calendar: meetings of the OTS and its bodies, as many articles report of them.

    asked = MeetingRequest.of(body=["ots"], status=["planned"])
    found = read(index, asked, today)            # found.dated, found.open: entries, the soonest first
    ics.calendar(found, labels, home)            # the same as an iCalendar file

`report` says what one article says of a meeting, `gathering` brings the reports of one id together, `joining` finds the
ids that are one meeting, `entry` says what stands, who says so and how certain it is. docs/reference/meetings.md.
"""

from __future__ import annotations

from otswatch.calendar.entry import Difference, Entry, Said, Step, Value
from otswatch.calendar.gathering import Gathered, Meetings, fold, project
from otswatch.calendar.labels import Labels
from otswatch.calendar.listing import Listing, MeetingRequest, find, read
from otswatch.calendar.report import Report, reports

__all__ = [
    "Difference",
    "Entry",
    "Gathered",
    "Labels",
    "Listing",
    "MeetingRequest",
    "Meetings",
    "Report",
    "Said",
    "Step",
    "Value",
    "find",
    "fold",
    "project",
    "read",
    "reports",
]
