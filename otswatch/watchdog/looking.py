"""One look at all that can go wrong. What cannot be read is no trouble and no mending: its kinds stay as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

from otswatch import health
from otswatch.alerts.channels import shown
from otswatch.alerts.ledger import Ledger
from otswatch.alerts.outlets import outlets
from otswatch.consumers import quarantine
from otswatch.consumers.topology import CONSUMERS
from otswatch.crawlers import agenda, history, registry
from otswatch.errors import OTSWatchError
from otswatch.logs import get_logger
from otswatch.settings import Settings
from otswatch.state import State
from otswatch.state.lease import held_until
from otswatch.stores import Stores
from otswatch.subscriptions.kept import Subscriptions
from otswatch.watchdog.consumers import Progress, dead_trouble, lag_trouble, progressed, quarantine_trouble
from otswatch.watchdog.sources import crawl_trouble, source_troubles, watched
from otswatch.watchdog.trouble import Kind, Seen, Trouble, iso

log = get_logger(__name__)

_PROGRESS: Final = "operator/progress/"


def look(settings: Settings, stores: Stores, now: datetime) -> Seen:
    """All troubles of this moment. Remembers in `State` how far each consumer is, to see at the next look who moves."""
    found: list[Trouble] = []
    unknown: set[Kind] = set()
    for kinds, find in _PARTS.items():
        try:
            found += list(find(settings, stores, now))
        except OTSWatchError as error:
            log.warning("watchdog.cannot-look", kinds=kinds, reason=str(error))
            unknown.update(kinds)
    return Seen(tuple(found), frozenset(unknown))


def progress(state: State) -> dict[str, Progress]:
    """How far each consumer was at the last look, by name."""
    return {entry.key.removeprefix(_PROGRESS): Progress.model_validate(entry.value) for entry in state.scan(_PROGRESS)}


def down(name: str, setting: str, ask: Callable[[], object], now: datetime) -> Trouble | None:
    """Where a store does not do what it is asked. `setting`: the variable that says where it is."""
    try:
        ask()
    except OTSWatchError as error:
        return Trouble(
            id=f"store-down/{name}",
            title=f"The {name} cannot be used",
            said=f"The {name} cannot be used: {error}",
            next=f"Look at its server or disk ({setting}, OTSWATCH_DATA). What needs it waits, and goes on by itself"
            " once it is back.",
            since=now,
            evidence={"error": str(error)},
        )
    return None


# ------------------------------------------------------------------------------------------------------------ the parts


def _stores(settings: Settings, stores: Stores, now: datetime) -> Iterator[Trouble]:
    first = next(iter(CONSUMERS.values()))
    asked = (
        down("bus", "OTSWATCH_BUS", lambda: stores.bus.lag(first.name, first.topics), now),
        down("index", "OTSWATCH_INDEX", lambda: stores.index.get_many("articles", {"-"}), now),
    )
    yield from filter(None, asked)


def _crawl(settings: Settings, stores: Stores, now: datetime) -> Iterator[Trouble]:
    found = crawl_trouble(agenda.dues(stores.state), held_until(stores.state, "crawl"), now)
    if found:
        yield found


def _sources(settings: Settings, stores: Stores, now: datetime) -> Iterator[Trouble]:
    dues = {due.source: due.at for due in agenda.dues(stores.state)}
    visits = {visit.source: visit for visit in history.visits(stores.state)}
    yield from source_troubles(watched(registry.load(settings.config), dues), visits)


def _consumers(settings: Settings, stores: Stores, now: datetime) -> Iterator[Trouble]:
    beats = {beat.name: beat for beat in health.read_all(settings.data)}
    for consumer in CONSUMERS.values():
        entry = stores.state.get(_PROGRESS + consumer.name)
        before = Progress.model_validate(entry.value) if entry else None
        after = progressed(before, stores.bus.lag(consumer.name, consumer.topics), now)
        stores.state.put(_PROGRESS + consumer.name, after.to_dict())
        for judge in (dead_trouble, lag_trouble):
            if found := judge(consumer.name, after, beats.get(consumer.name), now):
                yield found


def _quarantine(settings: Settings, stores: Stores, now: datetime) -> Iterator[Trouble]:
    for consumer, (ever, given_back) in quarantine.counts(stores.bus, stores.state).items():
        if found := quarantine_trouble(consumer, ever, given_back, now):
            yield found


def _channels(settings: Settings, stores: Stores, now: datetime) -> Iterator[Trouble]:
    """Those of subscriptions that stand. A letter to one that was ended is nobody's any more."""
    dead = {outlet: letter for outlet, letter in Ledger(stores.state).unresolved() if letter.dead}
    active = Subscriptions(stores.state, settings.config).active() if dead else []
    for subscription in active:
        for outlet in outlets([subscription]).values():
            if letter := dead.get(outlet.id):
                place = subscription.channels.index(outlet.channel) + 1
                yield channel_trouble(f"{subscription.id}/{place}", outlet.channel, letter.error, letter.made)


def channel_trouble(
    name: str,
    channel: str,
    error: str | None,
    since: datetime,
    next_: str = "Ask whoever reads it for another address. Letters to this one are kept, and no more are sent.",
) -> Trouble:
    """A channel that refuses letters for good. `name`: whose it is, and the how many."""
    owner = name.rpartition("/")[0]
    return Trouble(
        id=f"channel-dead/{name}",
        title=f"A channel of {owner} is dead",
        said=f"{shown(channel)}, a channel of {owner}, refuses letters for good: {error}",
        next=next_,
        since=since,
        evidence={"channel": shown(channel), "error": error, "letter_of": iso(since)},
    )


_Find = Callable[[Settings, Stores, datetime], Iterator[Trouble]]
_PARTS: Final[Mapping[tuple[Kind, ...], _Find]] = {
    ("store-down",): _stores,
    ("crawl-dead",): _crawl,
    ("source-failing", "source-silent"): _sources,
    ("consumer-dead", "lag"): _consumers,
    ("quarantine",): _quarantine,
    ("channel-dead",): _channels,
}
