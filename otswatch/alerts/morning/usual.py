"""Areas against their usual: stories of the window, and of windows of the same length before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Final, Literal

from otswatch.alerts.morning import page
from otswatch.alerts.morning.scope import Scope
from otswatch.index import MAX_SIZE, Range, Search, for_readers

#: Windows are taken from so many days before; fewer days than these say nothing of what is usual.
BEFORE: Final = 28
ENOUGH: Final = 7
_DAY: Final = timedelta(days=1)
#: How far from its usual, in stories, a count must be; and at least twice or at most half of it.
_FAR: Final = 2


def usual(scope: Scope) -> page.Usual:
    """New stories by area in the window, against the median of the windows before that anything is known of."""
    began = _began(scope)
    days = min((scope.start - began) // _DAY, BEFORE) if began else 0
    known = [(start, end) for start, end in _windows(scope) if began and start >= began]
    followed = _stories_since(scope, min((start for start, _ in known), default=scope.start))
    now = _counted(scope, scope.start, scope.end, followed)
    if days < ENOUGH or not known:
        areas = [_area(scope, id_, count, None) for id_, count in now.items()]
        return page.Usual(areas=_ordered(areas), windows=0, days=days)
    before = [_counted(scope, start, end, followed) for start, end in known]
    ids = set(now).union(*before)
    areas = [_area(scope, id_, now[id_], median(one[id_] for one in before)) for id_ in ids]
    shown = [one for one in areas if one.count or one.trend == "down"]
    return page.Usual(areas=_ordered(shown), windows=len(known), days=days)


def _ordered(areas: list[page.AreaCount]) -> tuple[page.AreaCount, ...]:
    return tuple(sorted(areas, key=lambda one: (one.trend in ("usual", "unknown"), -one.count, one.area)))


def _area(scope: Scope, id_: str, count: int, before: float | None) -> page.AreaCount:
    return page.AreaCount(area=scope.names.of("area", id_), count=count, usual=before, trend=_trend(count, before))


def _trend(count: int, before: float | None) -> Literal["up", "down", "usual", "unknown"]:
    if before is None:
        return "unknown"
    if abs(count - before) < _FAR:
        return "usual"
    if count >= 2 * before:
        return "up"
    return "down" if 2 * count <= before else "usual"


def _began(scope: Scope) -> datetime | None:
    """When the first article of the days before was seen, to the day, whatever is followed."""
    seen = Range(scope.start - BEFORE * _DAY, scope.start)
    found = scope.index.timeline(for_readers(Search(ranges={"first_seen": seen})), "first_seen", "day", scope.zone.key)
    first = next((bucket.key for bucket in found if bucket.count), None)
    # The first interval begins at midnight, maybe before the range does.
    return max(_moment(scope, first), scope.start - BEFORE * _DAY) if first else None


def _moment(scope: Scope, key: str) -> datetime:
    read = datetime.fromisoformat(key)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=scope.zone).astimezone(UTC)


def _windows(scope: Scope) -> Iterator[tuple[datetime, datetime]]:
    """Of the same length on the reader's clock, so that each begins at the same time of day when clocks change."""
    start, end = (moment.astimezone(scope.zone).replace(tzinfo=None) for moment in (scope.start, scope.end))
    length = max(end - start, timedelta(hours=1))
    for number in range(1, BEFORE * _DAY // length + 1):
        begins, ends = (
            (moment - number * length).replace(tzinfo=scope.zone).astimezone(UTC) for moment in (start, start + length)
        )
        yield begins, ends


def _stories_since(scope: Scope, start: datetime) -> tuple[str, ...] | None:
    """The stories that articles which are followed tell; null where all are."""
    if scope.is_everything:
        return None
    found = scope.index.facets(scope.seen(start, scope.end), ["story"], MAX_SIZE)
    return tuple(bucket.key for bucket in found["story"])


def _counted(scope: Scope, start: datetime, end: datetime, followed: tuple[str, ...] | None) -> Counter[str]:
    if followed is not None and not followed:
        return Counter()
    filters = {} if followed is None else {"id": followed}
    # `for_readers` shows all stories whose ids are asked for: they are those of articles that went through it.
    search = for_readers(Search("stories", filters=filters, ranges={"first_seen": Range(start, end)}))
    found = scope.index.facets(search, ["area"], MAX_SIZE)
    return Counter({bucket.key: bucket.count for bucket in found["area"]})
