"""One look at all that can go wrong. What cannot be read is no trouble and no mending: its kinds stay as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from otswatch import health
from otswatch.alerts.channels import shown
from otswatch.alerts.ledger import Ledger, Open
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
from otswatch.subscriptions.addresses import address_of
from otswatch.subscriptions.kept import Subscriptions
from otswatch.watchdog.consumers import Progress, dead_trouble, lag_trouble, progressed, quarantine_trouble
from otswatch.watchdog.sources import crawl_trouble, source_troubles, watched
from otswatch.watchdog.trouble import Kind, Seen, Trouble, counted, iso, span

log = get_logger(__name__)

_PROGRESS: Final = "operator/progress/"
#: A channel fails that was tried so often and has taken no letter for so long: servers are down for an evening.
FAILED_ATTEMPTS: Final = 3
FAILING_AFTER: Final = timedelta(hours=6)


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
    stuck = {outlet: letter for outlet, letter in Ledger(stores.state).unresolved() if _is_stuck(letter, now)}
    if not stuck:
        return
    subscriptions = Subscriptions(stores.state, settings.config)
    active = outlets(subscriptions.active())
    written = {each.id: each.channels for each in subscriptions.all()}  # also those that nobody confirmed yet
    mail = []
    for outlet, letter in ((active[id_], letter) for id_, letter in stuck.items() if id_ in active):
        name = f"{outlet.subscription.id}/{written[outlet.subscription.id].index(outlet.channel) + 1}"
        if letter.dead:
            yield channel_trouble(name, outlet.channel, letter.error, letter.made)
        elif address_of(outlet.channel):
            mail.append(letter)
        else:
            yield _failing_trouble(name, outlet.channel, letter, now)
    if mail:
        yield _mail_trouble(mail, now)


def _is_stuck(letter: Open, now: datetime) -> bool:
    return letter.dead or (letter.attempts >= FAILED_ATTEMPTS and now - letter.made >= FAILING_AFTER)


def channel_trouble(
    name: str,
    channel: str,
    error: str | None,
    since: datetime,
    next_: str = "Ask whoever reads it for another address. Letters to this one are kept, and no more are sent until"
    " `otswatch subscriptions resume ID`.",
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


def _failing_trouble(name: str, channel: str, letter: Open, now: datetime) -> Trouble:
    owner = name.rpartition("/")[0]
    return Trouble(
        id=f"channel-failing/{name}",
        title=f"A channel of {owner} takes no letters",
        said=f"{shown(channel)}, a channel of {owner}, has taken no letter for {span(now - letter.made)};"
        f" {_tried(letter)}",
        next="Look at what it answers, and whether its address still holds; letters wait, and go out by themselves once"
        " it takes them.",
        since=letter.made,
        evidence={"channel": shown(channel), **_evidence(letter)},
    )


def _mail_trouble(letters: Sequence[Open], now: datetime) -> Trouble:
    """One for all of them: they go through one server."""
    first = min(letters, key=lambda letter: letter.made)
    wait = "letter by e-mail waits" if len(letters) == 1 else "letters by e-mail wait"
    return Trouble(
        id="channel-failing/mail",
        title="Letters by e-mail are not taken",
        said=f"{len(letters):,} {wait}, the first for {span(now - first.made)}; {_tried(first)}",
        next="Look at the mail server and at OTSWATCH_MAIL and OTSWATCH_MAIL_FROM. Letters go out by themselves once"
        " they are taken; `otswatch subscriptions letters` shows them.",
        since=first.made,
        evidence={"letters": len(letters), **_evidence(first)},
    )


def _tried(letter: Open) -> str:
    came = letter.error or "nobody knows what came of it"
    return f"tried {counted(letter.attempts, 'time')}, the last time: {came}"


def _evidence(letter: Open) -> dict[str, str | int | None]:
    return {"error": letter.error, "attempts": letter.attempts, "letter_of": iso(letter.made)}


_Find = Callable[[Settings, Stores, datetime], Iterator[Trouble]]
_PARTS: Final[Mapping[tuple[Kind, ...], _Find]] = {
    ("store-down",): _stores,
    ("crawl-dead",): _crawl,
    ("source-failing", "source-silent"): _sources,
    ("consumer-dead", "lag"): _consumers,
    ("quarantine",): _quarantine,
    ("channel-failing", "channel-dead"): _channels,
}
