"""Brings a morning page together from an index and a state. docs/reference/morning.md says how each number is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from otswatch import calendar
from otswatch.alerts.morning import page
from otswatch.alerts.morning.changes import changes
from otswatch.alerts.morning.scope import Scope
from otswatch.alerts.morning.telling import new_documents, stories, voices
from otswatch.alerts.morning.usual import usual
from otswatch.calendar import MeetingRequest
from otswatch.crawlers import history
from otswatch.index import Index
from otswatch.records import Article
from otswatch.state import State
from otswatch.subscriptions import Subscription
from otswatch.web.names import Names
from otswatch.web.trust import answered, is_watched

#: So many undated articles are listed; meetings of so many days.
UNDATED: Final = 20
AHEAD: Final = 14


def gather(
    index: Index,
    state: State,
    names: Names,
    config: Path,
    *,
    subscription: Subscription,
    start: datetime,
    end: datetime,
    zone: str,
    now: datetime,
    waiting: int | None = None,
    quarantined: int | None = None,
) -> page.Morning:
    """What stands on the page of a window. The index is asked through its protocol only, whichever engine it is.

    Args:
        names: what ids are called. `config`: folder of the user's own taxonomy and register.
        subscription: whose search restricts it. `zone`: of the reader's clock.
        waiting, quarantined: messages not worked on yet, and held, as the bus has them; null: nobody asked it.

    Raises:
        QuerySyntaxError: a search that cannot be read.
        ConfigError: a file of the user's that cannot be used.
        DependencyDownError: the index or the state does not answer.
    """
    scope = Scope(index, names, config, subscription, start, end, ZoneInfo(zone))
    undated, undated_total = _undated(scope)
    found_documents, more_documents = new_documents(scope)
    found_stories, more_stories = stories(scope)
    coming, without_day = _meetings(scope, now)
    return page.Morning(
        window=page.Window(start=start, end=end, zone=zone),
        made=now,
        restricted=None if scope.is_everything else _restriction(scope),
        trust=_trust(scope, state, undated_total, waiting, quarantined),
        changes=changes(scope),
        documents=tuple(found_documents),
        more_documents=more_documents,
        stories=tuple(found_stories),
        more_stories=more_stories,
        voices=voices(scope),
        undated=tuple(undated),
        more_undated=undated_total - len(undated),
        meetings=coming,
        meetings_without_day=without_day,
        usual=usual(scope),
    )


def _restriction(scope: Scope) -> str:
    """What is looked for, in the words of the search page."""
    parts = [
        value if name == "q" else "words as typed only" if name == "exact" else f"{name} {scope.names.of(name, value)}"
        for name, value in scope.subscription.search.parameters()
    ]
    return "; ".join([*parts, "official sources only"] if scope.subscription.official else parts)


def _trust(scope: Scope, state: State, undated: int, waiting: int | None, quarantined: int | None) -> page.Trust:
    visits = {visit.source: visit for visit in history.visits(state)}
    watched = [source for source in scope.names.sources.values() if is_watched(source)]
    silent = [source for source in watched if not answered(visits.get(source.id))]
    return page.Trust(
        watched=len(watched),
        answered=len(watched) - len(silent),
        silent=tuple(
            page.Silent(
                source=source.name,
                tried=visit.tried if (visit := visits.get(source.id)) else None,
                answered=visit.answered if visit else None,
            )
            for source in silent
        ),
        articles=scope.index.search(replace(scope.window, size=0)).total,
        undated=undated,
        waiting=waiting,
        quarantined=quarantined,
    )


def _undated(scope: Scope) -> tuple[list[page.Told], int]:
    """Those without a date of publication, official ones first, then the latest."""
    search = replace(scope.window, missing=(*scope.window.missing, "published"), size=UNDATED)
    found = scope.index.search(search)
    records = list(found.documents)
    if found.total > len(records) and scope.official:
        own = set(scope.window.filters.get("source", scope.official)) & scope.official
        theirs = replace(search, filters={**search.filters, "source": tuple(sorted(own))}) if own else None
        records = [*(scope.index.search(theirs).documents if theirs else ()), *records]
    told = {record["id"]: scope.told(Article.model_validate(record)) for record in records}
    return sorted(told.values(), key=lambda one: not one.official)[:UNDATED], found.total


def _meetings(scope: Scope, now: datetime) -> tuple[tuple[page.Coming, ...], int]:
    """Meetings from the reader's today on; of the countries that are followed, where some are."""
    today = now.astimezone(scope.zone).date()
    asked = MeetingRequest(since=today, until=today + timedelta(days=AHEAD), place=scope.subscription.search.country)
    found = calendar.read(scope.index, asked, today)
    labels = calendar.Labels(scope.taxonomy)
    coming = tuple(
        page.Coming(
            id=one.id,
            title=labels.title(one),
            days=calendar.labels.days(one.when),
            place=labels.place(one.place) if one.place else None,
            status=one.status or "unknown",
            certainty=one.certainty,
        )
        for one in found.dated
    )
    return coming, sum(one.days is not None for one in found.open)
