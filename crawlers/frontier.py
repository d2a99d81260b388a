"""What the crawler knows of every address that it was shown. The only code of the crawler that touches bus and state.

Every method blocks (a disk, later a network) and is therefore called off the reactor. Keys in `State`:

    waiting/<page id>       listed, not delivered yet: where it was listed, when it was first met, how often it failed
    seen/<page id>          delivered to the bus, or given up: never fetched again because of a list
    feed/<hash of address>  the validators of a list's last answer that was read to the end, and what was taken of it

An address is written to `waiting` before the list's validators are, and leaves it after its page was delivered. So a
crawl that is killed anywhere loses nothing, and failed pages are tried again though their list says "unchanged".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from otswatch.bus import Bus, Outgoing
from otswatch.crawlers.routes import Entry
from otswatch.records import Alias, Discovery, Page, Route
from otswatch.state import State
from otswatch.status import Reason
from otswatch.urls import URL_RULES, page_id

Clock = Callable[[], datetime]

#: How long a page rests after its 1st, 2nd, … failure: tried at the next crawl at first, later once a day.
RESTS = (timedelta(0), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(days=1))
#: A page that has failed ever since it was met is given up after this.
GIVE_UP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Item:
    """An address that a list showed, until its page is delivered. `first_seen` is when it was met, by any list.

    `place` is where it stood in that list: what is left of an interrupted crawl is fetched in the same order.
    """

    id: str
    url: str
    source: str
    first_seen: datetime
    via: str
    by: Route = "feed"
    title: str | None = None
    published: str | None = None
    place: int = 0
    failures: int = 0
    failed_at: datetime | None = None
    reason: str | None = None

    def rests(self, now: datetime) -> bool:
        """Whether it failed too lately to be tried again."""
        if self.failed_at is None:
            return False
        return now < self.failed_at + RESTS[min(self.failures, len(RESTS)) - 1]

    def to_value(self) -> dict[str, Any]:
        """As JSON for `State`, without the id, which is the key."""
        fields = asdict(self)
        del fields["id"]
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}

    @classmethod
    def from_value(cls, id_: str, value: dict[str, Any]) -> Self:
        """The reverse of `to_value`."""
        moments = {name: datetime.fromisoformat(value[name]) for name in ("first_seen", "failed_at") if value[name]}
        return cls(id=id_, **{**value, **moments})


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: where it came from in the end, and its bytes, unpacked."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    at: datetime


@dataclass(slots=True)
class Met:
    """Addresses sorted: to be fetched now, resting after a failure, and how many were delivered before.

    `new` counts those that no list had shown before.
    """

    due: list[Item] = field(default_factory=list)
    resting: list[Item] = field(default_factory=list)
    seen: int = 0
    new: int = 0


class Frontier:
    """The seen-set and what is waiting. One thread at a time; several crawls at once only repeat each other's work.

    Raises (by every method):
        DependencyDownError: state or bus is not ready; nothing that was not delivered is marked as seen.
    """

    def __init__(self, bus: Bus, state: State, clock: Clock) -> None:
        self._bus = bus
        self._state = state
        self._clock = clock

    def waiting(self, sources: Collection[str]) -> Met:
        """What earlier crawls of these sources left undone."""
        met = Met()
        entries = self._state.scan("waiting/")
        items = (Item.from_value(entry.key.removeprefix("waiting/"), entry.value) for entry in entries)
        for item in sorted(items, key=lambda item: (-item.first_seen.timestamp(), item.source, item.via, item.place)):
            if item.source in sources:
                self._sort(item, met)
        return met

    def forget_delivered(self) -> None:
        """Finish what a crawl that was killed between the two steps of `_close` had begun."""
        for entry in list(self._state.scan("waiting/")):
            if self._state.get(f"seen/{entry.key.removeprefix('waiting/')}"):
                self._state.delete(entry.key, entry.version)

    def meet(self, source: str, by: Route, via: str, entries: Iterable[tuple[str, Entry]]) -> Met:
        """Remember the entries (by page id) of the list `via` that are new; sort out all of them.

        Lists show the newest first, so they are met from the end: by first sight the newest is then the last to come.
        """
        met = Met()
        for place, (id_, entry) in reversed(list(enumerate(entries))):
            if self._state.get(f"seen/{id_}"):
                met.seen += 1
                continue
            item = Item(id_, entry.url, source, self._clock(), via, by, entry.title, entry.published, place)
            if self._state.create(f"waiting/{id_}", item.to_value()):
                met.new += 1
            else:
                known = self._state.get(f"waiting/{id_}")
                item = Item.from_value(id_, known.value) if known else item
            self._sort(item, met)
        met.due.reverse()
        met.resting.reverse()
        return met

    def deliver(self, item: Item, fetched: Fetched) -> Reason:
        """Publish the page of `item` and, only when that is delivered, mark it as seen.

        A page that was moved gets the id of where it was found; the listed address becomes an alias of it. A page that
        was delivered before, by another address or while it was asked for, is not published again; its alias is.

        Raises:
            MessageTooLargeError: no bus takes it; nothing was published.
        """
        final = page_id(fetched.url)
        known = self._state.get(f"seen/{final}") is not None
        outgoing = [] if known else [Outgoing("pages", final, _page(final, item, fetched).to_json())]
        if final != item.id:
            alias = Alias(alias=item.id, url=item.url, id=final, reason="redirect", rules=URL_RULES, at=fetched.at)
            outgoing.append(Outgoing("aliases", final, alias.to_json()))
        self._bus.publish(outgoing)
        self._close(final, item, Reason.PUBLISHED, fetched.url)
        if final != item.id:
            self._close(item.id, item, Reason.PUBLISHED, item.url)
        return Reason.ALREADY_SEEN if known else Reason.PUBLISHED

    def failed(self, item: Item, reason: Reason) -> None:
        """Remember that `item` could not be had, so that a later crawl tries again; give up in the end."""
        now = self._clock()
        later = replace(item, failures=item.failures + 1, failed_at=now, reason=str(reason))
        if later.failures >= len(RESTS) and now - item.first_seen > GIVE_UP:
            self._close(item.id, item, reason, item.url)
        else:
            self._state.put(f"waiting/{item.id}", later.to_value())

    def validators(self, address: str, takes: Mapping[str, Any]) -> dict[str, str]:
        """The headers that ask for a list only if it changed; none where something else was taken of it then."""
        entry = self._state.get(_list_key(address))
        return dict(entry.value["headers"]) if entry and entry.value.get("takes") == takes else {}

    def list_was_read(self, address: str, headers: dict[str, str], takes: Mapping[str, Any]) -> None:
        """Remember the validators of an answer whose entries were all met, and what was taken of it.

        Args:
            takes: see `otswatch.crawlers.registry.Source.takes`.
        """
        value = {"url": address, "headers": headers, "takes": dict(takes), "at": self._clock().isoformat()}
        self._state.put(_list_key(address), value)

    def _sort(self, item: Item, met: Met) -> None:
        (met.resting if item.rests(self._clock()) else met.due).append(item)

    def _close(self, id_: str, item: Item, reason: Reason, url: str) -> None:
        value = {"first_seen": item.first_seen.isoformat(), "url": url, "source": item.source, "status": str(reason)}
        self._state.create(f"seen/{id_}", value)
        if waiting := self._state.get(f"waiting/{id_}"):
            self._state.delete(waiting.key, waiting.version)


def _list_key(address: str) -> str:
    return f"feed/{hashlib.blake2b(address.encode(), digest_size=16).hexdigest()}"


def _page(id_: str, item: Item, fetched: Fetched) -> Page:
    return Page(
        id=id_,
        url=fetched.url,
        url_rules=URL_RULES,
        requested_url=item.url,
        source=item.source,
        http_status=fetched.status,
        headers=fetched.headers,
        body=Page.compress(fetched.body),
        fetched_at=fetched.at,
        first_seen=item.first_seen,
        first_listed=item.first_seen,
        discovery=Discovery(by=item.by, via=item.via, title=item.title, published=item.published),
    )
