"""Consumers that are behind, stand still or are gone, and what they put into quarantine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from otswatch.bus import Lag
from otswatch.health import Beat
from otswatch.records import Moment, Part
from otswatch.watchdog.trouble import Trouble, counted, iso, moment, span

#: A consumer stands still when messages wait and none was finished for so long, and is gone when it gave no sign of
#: life for so long: the slowest batch takes a few minutes.
STILL_AFTER: Final = timedelta(minutes=15)
#: More messages than this are a heap. One that has come down within the last hour is being worked off.
HEAP: Final = 1000
HEAP_FOR: Final = timedelta(hours=1)


class Place(Part):
    """A partition. `since`: when messages began to wait of which none was finished since; null where none wait."""

    committed: int
    since: Moment | None = None


class Progress(Part):
    """How far a consumer came from look to look. `places` by `topic/partition`.

    `lowest`, `lowest_at`: the fewest messages that waited since there is a heap, and when; null where there is none.
    """

    places: Mapping[str, Place]
    waiting: int
    lowest: int | None = None
    lowest_at: Moment | None = None

    @property
    def still_since(self) -> datetime | None:
        """Since when a partition has stood still."""
        return min((place.since for place in self.places.values() if place.since), default=None)


def progressed(before: Progress | None, lags: Iterable[Lag], now: datetime) -> Progress:
    """What this look adds to the one before."""
    places, waiting = {}, 0
    for lag in lags:
        name, waiting = f"{lag.topic}/{lag.partition}", waiting + lag.messages
        known = before.places.get(name) if before else None
        same = known is not None and known.since is not None and known.committed == lag.committed
        since = (known.since if known and same else now) if lag.messages else None
        places[name] = Place(committed=lag.committed, since=since)
    if waiting <= HEAP:
        return Progress(places=places, waiting=waiting)
    if before is None or before.lowest is None or waiting < before.lowest:
        return Progress(places=places, waiting=waiting, lowest=waiting, lowest_at=now)
    return Progress(places=places, waiting=waiting, lowest=before.lowest, lowest_at=before.lowest_at)


def lag_trouble(consumer: str, progress: Progress, beat: Beat | None, now: datetime) -> Trouble | None:
    """Where messages wait and none are finished, or where a heap does not come down."""
    still, low = progress.still_since, progress.lowest_at
    if still and now - still >= STILL_AFTER:
        since, how = still, f"none was finished for {span(now - still)}"
    elif low and now - low >= HEAP_FOR:
        since, how = low, f"they did not become fewer for {span(now - low)}"
    else:
        return None
    why = beat.facts.get("waiting") if beat else None
    return Trouble(
        id=f"lag/{consumer}",
        title=f"Messages wait for {consumer}",
        said=f"{counted(progress.waiting, 'message')} for the consumer {consumer} to work on: {how}."
        + (f" It waits itself: {why}" if why else ""),
        next="`otswatch status` shows what it does, logs/consume.log of the data folder why. Where it only is slow,"
        f" start `otswatch consume {consumer}` once more, or give it more OTSWATCH_WORKERS.",
        since=since,
        evidence={
            "waiting": progress.waiting,
            "still_since": iso(still),
            "sign_of_life": iso(beat.at) if beat else None,
            "says": str(why) if why else None,
        },
    )


def dead_trouble(consumer: str, progress: Progress, beat: Beat | None, now: datetime) -> Trouble | None:
    """Where one that ran on this machine gives no sign of life, and nobody else does its work.

    One that was never seen here may run elsewhere; there it is `lag_trouble` that says so if it does not.
    """
    still = progress.still_since
    if beat is None or now - beat.at < STILL_AFTER or still is None or still >= now:
        return None
    how = "has been stopped" if beat.facts.get("stopped") else "has given no sign of life"
    return Trouble(
        id=f"consumer-dead/{consumer}",
        title=f"The consumer {consumer} {how}",
        said=f"The consumer {consumer} {how} since {moment(beat.at)}, {span(now - beat.at)} ago, with"
        f" {counted(progress.waiting, 'message')} to work on.",
        next="See logs/consume.log of the data folder for what ended it, mend that, and start `otswatch run` or"
        f" `otswatch consume {consumer}`.",
        since=beat.at,
        evidence={"sign_of_life": iso(beat.at), "pid": beat.pid, "waiting": progress.waiting},
    )


def quarantine_trouble(consumer: str, ever: int, given_back: int, now: datetime) -> Trouble | None:
    """Where messages are held. Those are kept for ever, so it is told again only when more have come."""
    held = ever - given_back
    if held <= 0:
        return None
    return Trouble(
        id=f"quarantine/{consumer}",
        title=f"Messages of {consumer} are in quarantine",
        said=f"Held in quarantine: {counted(held, 'message')} that {consumer} could not work on.",
        next=f"`otswatch quarantine list {consumer}` says why; after a fix, `otswatch quarantine replay --consumer"
        f" {consumer}` gives them back.",
        since=now,
        evidence={"held": held, "ever": ever, "given_back": given_back},
        size=ever,
    )
