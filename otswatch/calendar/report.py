"""What one article says of a meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Literal

from otswatch.calendar import days
from otswatch.records import Article, Evidence, Meeting, Mention, Moment, Part, Venue, When
from otswatch.taxonomy import Taxonomy
from otswatch.taxonomy.meetings.identity import meeting_id, prefix

Status = Literal["held", "planned", "postponed", "cancelled"]

#: Stories in which one text is a copy of another (`Membership.reason`).
_COPIES = ("exact/", "syndicated/")
#: So much of a headline, and so many words as evidence, are kept.
_TITLE, _EVIDENCE = 300, 8


class Report(Part):
    """What one article says of a meeting; null is what it does not say.

    `when` has its year, as the article says it or as `inferred` says; without one it is as in the article (`--05-21`).
    `published` is as `Dated.at`; `told`: its beginning, in UTC. `copy_of`: the article that this is a copy of.
    `official`: a state or body posted it. `evidence`: the words, for the rules `meeting`, `meeting-place`,
    `meeting-days`, `meeting-status`.
    """

    article: str
    url: str | None
    source: str | None
    title: str | None
    language: str
    official: bool
    copy_of: str | None
    published: str | None
    told: Moment | None
    first_seen: Moment | None
    series: str
    body: str
    of: str
    number: int | None
    place: Venue | None
    when: When | None
    inferred: str | None
    moved_from: When | None
    status: Status | None
    evidence: tuple[Evidence, ...]

    @property
    def age(self) -> tuple[datetime, datetime, str]:
        """What reports are sorted by, oldest first: publication, first sight."""
        seen = self.first_seen or _NEVER
        return self.told or seen, seen, self.article

    def words(self, rule: str) -> tuple[Evidence, ...]:
        """The evidence of a rule, such as `meeting-days`."""
        return tuple(one for one in self.evidence if one.rule.partition(":")[2].partition(":")[0] == rule)


_NEVER = datetime.max.replace(tzinfo=UTC)


def reports(article: Article, taxonomy: Taxonomy, *, official: bool) -> Mapping[str, Report]:
    """What an article says of each meeting, by the meeting's id; a meeting without day, number and status is left out.

    The id is made of what the article says alone, so that it does not depend on what came before: series and number, or
    else series and day, month or year, or else series, place and the year of publication. That two ids are one meeting
    is seen when they are read (`otswatch.calendar.joining`).
    """
    made = [
        report
        for mention in article.mentions
        if mention.meeting and (report := _report(article, mention, mention.meeting, official=official))
    ]
    found: dict[str, Report] = {}
    for report in made:
        if not _is_shorthand(report, made) and (id_ := _id(report, taxonomy, days.day_of(article.published))):
            found.setdefault(id_, report)
    return found


def _is_shorthand(report: Report, made: Sequence[Report]) -> bool:
    """Whether it is a headline's word ("OTS summit postponed") for the meeting that the text tells more of."""
    bare = not (report.number or report.place or report.when)
    kin = (other for other in made if other.of == report.of and other.status == report.status and other is not report)
    return bare and any(other.series.endswith(report.series) for other in kin)


def _report(article: Article, mention: Mention, meeting: Meeting, *, official: bool) -> Report | None:
    when, inferred = _dated(meeting.when, meeting.status, days.day_of(article.published))
    moved_from, _ = _dated(meeting.moved_from, meeting.status, days.day_of(article.published))
    if not (meeting.number or when or meeting.status):
        return None
    story, content = article.story, article.content
    return Report(
        article=article.id,
        url=article.url,
        source=article.source,
        title=content.title[:_TITLE] if content and content.title else None,
        language=content.language if content else "und",
        official=official,
        copy_of=story.like if story and story.reason.startswith(_COPIES) else None,
        published=article.published.at if article.published else None,
        told=article.published.start if article.published else None,
        first_seen=article.trace.first_seen,
        series=meeting.series,
        body=meeting.body,
        of=meeting.of,
        number=meeting.number,
        place=meeting.place,
        when=when,
        inferred=inferred,
        moved_from=moved_from,
        status=meeting.status,
        evidence=mention.evidence[:_EVIDENCE],
    )


def _dated(when: When | None, status: Status | None, published: date | None) -> tuple[When | None, str | None]:
    """The days with their year, and how it was inferred.

    What will be is the next such day from the publication on, what was the last one up to it; of anything else nobody
    knows the year.
    """
    if when is None or days.has_year(when) or published is None or status is None:
        return when, None
    if status == "held":
        return days.past(when, published) or when, f"year: the last such day up to the publication, {published}"
    return days.coming(when, published) or when, f"year: the next such day, counted from the publication, {published}"


def _id(report: Report, taxonomy: Taxonomy, published: date | None) -> str | None:
    """The id; of a meeting that was moved the one that it had before. Null of one that nothing tells from others."""
    meeting = Meeting(series=report.series, body=report.body, of=report.of, number=report.number, when=report.when)
    first = meeting.replace(when=report.moved_from) if report.moved_from else meeting
    if id_ := meeting_id(taxonomy, first):
        return id_
    series, year = prefix(taxonomy, meeting), published.year if published else "undated"
    if when := first.when:
        return f"{series}-{when.starts.lstrip('-')}"
    if report.place:
        return f"{series}-{report.place.id or report.place.country}-{year}"
    return f"{series}-{report.status}-{year}" if report.status in ("planned", "postponed", "cancelled") else None
