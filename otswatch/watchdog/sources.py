"""Sources that do not answer or bring nothing, and a crawl that visits nobody: from what visits left in `State`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from otswatch.crawlers.agenda import Due
from otswatch.crawlers.history import Visit
from otswatch.crawlers.registry import Source
from otswatch.watchdog.trouble import Trouble, counted, iso, moment, span

#: A source fails when so many visits in a row had no answer, and its last answer is so many of its intervals and so
#: many hours old: sites are down for an evening, and one that is visited daily is not given up after one bad day.
FAILED_VISITS: Final = 3
FAILING_AFTER: Final = timedelta(hours=6)
#: A source is silent when it brought nothing for so many times its usual gap, and for so long: weekends pass.
SILENT_GAPS: Final = 3
SILENT_AFTER: Final = timedelta(days=3)
#: So many gaps have to be known; the usual one is that which so large a part of them does not exceed.
KNOWN_GAPS: Final = 5
USUAL: Final = 0.9
#: Nobody crawls when a source is overdue for so long and nobody has the lease: each of two restarts takes a minute.
CRAWL_LATE: Final = timedelta(minutes=30)


def watched(sources: Iterable[Source], dues: Mapping[str, datetime]) -> Iterator[Source]:
    """Those that a crawl on schedule visits; where none ran ever, those that the registry says."""
    for source in sources:
        if source.status == "ready" and (source.id in dues if dues else source.watch):
            yield source


def source_troubles(sources: Iterable[Source], visits: Mapping[str, Visit]) -> Iterator[Trouble]:
    """Of watched sources. One that was never visited is unknown, and no trouble."""
    for source in sources:
        if visit := visits.get(source.id):
            found = _failing(source, visit) or _silent(source, visit)
            if found:
                yield found


def crawl_trouble(dues: Iterable[Due], lease_until: datetime | None, now: datetime) -> Trouble | None:
    """Where sources are due and nobody crawls. `lease_until`: of whoever crawls on schedule; null: nobody does."""
    late = sorted((due.at, due.source) for due in dues if now - due.at >= CRAWL_LATE)
    if not late or (lease_until is not None and lease_until > now):
        return None
    since = late[0][0]
    return Trouble(
        id="crawl-dead",
        title="Nobody crawls",
        said=f"{counted(len(late), 'source')} should have been visited, the first one {span(now - since)} ago, and no"
        " crawl on schedule runs.",
        next="See its log (logs/crawl.log in the data folder), and start `otswatch run` or `otswatch crawl"
        " --schedule`.",
        since=since,
        evidence={"first_due": late[0][1], "overdue": len(late), "crawled_until": iso(lease_until)},
    )


def _failing(source: Source, visit: Visit) -> Trouble | None:
    last = visit.answered or visit.first
    patience = max(FAILED_VISITS * timedelta(minutes=source.every), FAILING_AFTER)
    if visit.failed < FAILED_VISITS or visit.tried - last < patience:
        return None
    known = f"its last answer came {moment(last)}" if visit.answered else "it never answered"
    return Trouble(
        id=f"source-failing/{source.id}",
        title=f"{source.name} does not answer",
        said=f"{source.name} ({source.id}) has not answered {counted(visit.failed, 'visit')} in"
        f" {span(visit.tried - last)}; {known}.",
        next=f"Open {source.homepage or 'its site'}; `otswatch crawl {source.id}` says what comes back. Mend its lists"
        " in your sources/, or set `watch: false` there.",
        since=last,
        evidence=_evidence(visit),
    )


def _silent(source: Source, visit: Visit) -> Trouble | None:
    usual = usual_gap(visit.brought)
    if usual is None or visit.answered is None:
        return None
    last, gap = visit.brought[-1], visit.answered - visit.brought[-1]
    if gap < max(SILENT_GAPS * usual, SILENT_AFTER):
        return None
    return Trouble(
        id=f"source-silent/{source.id}",
        title=f"{source.name} brings nothing new",
        said=f"{source.name} ({source.id}) answers, and has brought no new page for {span(gap)}, since {moment(last)}."
        f" Between two that did there were hardly ever more than {span(usual)}.",
        next=f"Open {source.homepage or 'its site'}: has it moved its news, or is there none? `otswatch sources list`"
        " shows its lists.",
        since=last,
        evidence={**_evidence(visit), "usual_gap_minutes": int(usual.total_seconds() // 60)},
    )


def usual_gap(brought: tuple[datetime, ...]) -> timedelta | None:
    """How long it takes from one visit with new pages to the next, hardly ever longer; null while too few are known."""
    gaps = sorted(later - earlier for earlier, later in pairwise(brought))
    return gaps[int(USUAL * (len(gaps) - 1))] if len(gaps) >= KNOWN_GAPS else None


def _evidence(visit: Visit) -> dict[str, str | int | None]:
    return {
        "last_success": iso(visit.answered),
        "last_visit": iso(visit.tried),
        "last_page": iso(visit.brought[-1]) if visit.brought else None,
        "failed_visits": visit.failed,
        "pages": visit.published,
        "last_visit_met": ", ".join(f"{count} {reason}" for reason, count in sorted(visit.counts.items())),
    }
