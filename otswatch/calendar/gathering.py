"""The reports of one meeting id, from all articles, and the document that they become."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from otswatch import versions
from otswatch.calendar.entry import Entry, entry
from otswatch.calendar.report import Report, reports
from otswatch.index import Document, Value
from otswatch.index.tombstones import tombstone
from otswatch.records import Article, Part
from otswatch.taxonomy import Taxonomy

#: So many reports stand in the index; `rank` says which.
SHOWN: Final = 40
#: Why a meeting is gone.
UNSAID: Final = "not-in-articles"
#: No day is after this one: what has passed is asked for when an entry is read.
_NOT_PASSED: Final = date.min


class Gathered(Part):
    """What is said under one id: the reports, oldest first; `articles` counts also those that are not kept."""

    id: str
    reports: tuple[Report, ...]
    articles: int


def rank(report: Report) -> tuple[bool, datetime, datetime, str]:
    """What sorts reports so that those come first which are kept where there are many: official ones, then by age."""
    return (not report.official, *report.age)


def fold(id_: str, told: Mapping[str, Report]) -> Gathered:
    """The reports of one id by article, together: the same in whatever order they came."""
    kept = sorted(told.values(), key=rank)[:SHOWN]
    return Gathered(id=id_, reports=tuple(sorted(kept, key=lambda report: report.age)), articles=len(told))


def project(gathered: Gathered, version: int) -> Document:
    """The document that readers search; a tombstone where no article says anything any more."""
    if not gathered.reports:
        return tombstone("meetings", gathered.id, version, versions.moment(version), UNSAID)
    one = entry(gathered.id, [gathered.id], gathered.reports, _NOT_PASSED)
    return Document("meetings", gathered.id, version, _fields(gathered, one), gathered.to_dict())


def _fields(gathered: Gathered, one: Entry) -> dict[str, Value]:
    titles = dict.fromkeys(report.title for report in gathered.reports if report.title)
    return {
        "id": one.id,
        "series": one.series,
        "body": tuple(dict.fromkeys((one.of, one.body))),
        "status": one.status,
        "certainty": one.certainty,
        "headline": next(iter(titles), None),
        "title": tuple(titles),
        "starts": _midnight(one.days[0]) if one.days else None,
        "ends": _midnight(one.days[1]) + timedelta(days=1) if one.days else None,
        "precision": one.when.precision if one.when else None,
        "first_seen": one.first_seen,
        "last_seen": one.updated,
        "place": one.place.id if one.place else None,
        "country": one.place.country if one.place else None,
        "article": tuple(report.article for report in gathered.reports),
        "articles": gathered.articles,
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


class Meetings:
    """Gathers meetings from articles (`otswatch.consumers.derived`): reports as JSON, by article."""

    kind = "meetings"

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy

    def reports(self, article: Article, *, official: bool) -> Mapping[str, Report]:
        """What an article says of each meeting, by its id."""
        return reports(article, self._taxonomy, official=official)

    def rank(self, report: Mapping[str, Any]) -> object:
        """As `otswatch.calendar.gathering.rank`."""
        return rank(Report.model_validate(report))

    def document(self, id_: str, reports: Mapping[str, Mapping[str, Any]], version: int) -> Document:
        """The document of one meeting id."""
        return project(fold(id_, {article: Report.model_validate(one) for article, one in reports.items()}), version)

    def again(self, article: Article, reports: Mapping[str, Part]) -> tuple[str, ...]:
        """Nobody else: what an article says of a meeting depends on no other article."""
        return ()
