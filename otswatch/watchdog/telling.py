"""What each of the operator's channels is told, and that it is told once.

A channel knows a trouble as standing or not, by what arrived there last (`operator/told/<channel>/<id>`). Where that is
not so, it is told: at once, and that it stands again and again until it is over. All that is to be told at one moment
is one message, written down (`operator/open/<channel>`) before it is sent; what it told is written down once it has
arrived, and then it is closed. So nothing is missed, and nothing told twice but under the same id.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from otswatch import metrics
from otswatch.alerts.delivery import attempt
from otswatch.alerts.outlets import digest
from otswatch.alerts.sender import Post
from otswatch.logs import get_logger
from otswatch.state import State
from otswatch.watchdog.book import Book
from otswatch.watchdog.due import Told, due
from otswatch.watchdog.letters import Message, letter

log = get_logger(__name__)

_OPEN: Final = "operator/open/"
_TOLD: Final = "operator/told/"
#: A channel that refused for good is tried again after so long: it is the operator's own, and may be mended.
DEAD_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells `channels`. `again`: how long until it is told once more that a trouble stands.

    `hold`: whether we are still the one that tells; asked before each message.
    """

    state: State
    post: Post
    channels: Sequence[str]
    again: timedelta
    clock: Callable[[], datetime]
    hold: Callable[[], bool]
    page: str | None = None

    def round(self) -> None:
        """Send what is due."""
        outlets = {digest(channel): channel for channel in self.channels}
        for outlet, channel in outlets.items():
            for next_one in (self._open, self._next):
                message = next_one(outlet)
                if message is not None and not (self.hold() and self._deliver(outlet, channel, message)):
                    break
        self._forget(outlets, self.clock())

    def refused(self) -> Iterator[tuple[int, str, Message]]:
        """Channels that refused for good, each with its place from 1 on and the message that waits for it."""
        for place, channel in enumerate(self.channels, start=1):
            message = self._open(digest(channel))
            if message is not None and message.dead:
                yield place, channel, message

    # ------------------------------------------------------------------------------------------------------- deciding

    def _open(self, outlet: str) -> Message | None:
        entry = self.state.get(_OPEN + outlet)
        return Message.model_validate(entry.value) if entry else None

    def _next(self, outlet: str) -> Message | None:
        """All that is to be told now, written down; null where nothing is.

        What would be told again soon anyway goes along with what is, so that troubles of one day become one message a
        day.
        """
        now, told, standings = self.clock(), self._told(outlet), list(Book(self.state).all())
        tellings = due(standings, told, now, self.again)
        if any(telling.state == "again" for telling in tellings):
            tellings = due(standings, told, now, self.again / 2)
        if not tellings:
            return None
        message = Message(letter=uuid.uuid4().hex, made=now, tellings=tellings)
        self.state.put(_OPEN + outlet, message.to_dict())
        return message

    def _told(self, outlet: str) -> dict[str, Told]:
        prefix = f"{_TOLD}{outlet}/"
        return {entry.key.removeprefix(prefix): Told.model_validate(entry.value) for entry in self.state.scan(prefix)}

    # ------------------------------------------------------------------------------------------------------ delivering

    def _deliver(self, outlet: str, channel: str, message: Message) -> bool:
        """Try once, if it is time. Whether it arrived."""
        now = self.clock()
        if message.after and message.after > now:
            return False
        tried, arrived = attempt(
            message,
            f"operator.{outlet}",
            make=lambda counted: letter(counted, self.page),
            write=lambda written: self._write(outlet, written, now),
            send=lambda made: self.post.send(made, channel),
            clock=self.clock,
            count=lambda result: metrics.WATCHDOG_LETTERS.labels(result).inc(),
        )
        if arrived:
            self._arrived(outlet, tried)
        return arrived

    def _write(self, outlet: str, message: Message, now: datetime) -> None:
        after = now + DEAD_FOR if message.dead else message.after
        self.state.put(_OPEN + outlet, message.replace(after=after).to_dict())

    def _arrived(self, outlet: str, message: Message) -> None:
        at = self.clock()
        for each in message.tellings:
            told = Told(state=each.state, at=at, times=each.times + 1, size=each.size)
            self.state.put(f"{_TOLD}{outlet}/{each.id}", told.to_dict())
        metrics.WATCHDOG_LETTERS.labels("sent").inc()
        if entry := self.state.get(_OPEN + outlet):
            self.state.delete(entry.key, entry.version)
        log.debug("alert.arrived", outlet=f"operator.{outlet}", letter=message.letter, keys=len(message.tellings))

    # ------------------------------------------------------------------------------------------------------ forgetting

    def _forget(self, outlets: Collection[str], now: datetime) -> None:
        """What has been over for long and told to all, and what channels knew that are the operator's no more."""
        book, keep = Book(self.state), set[str]()
        for outlet in outlets:
            message = self._open(outlet)
            keep.update(each.id for each in (message.tellings if message else ()))
            keep.update(id_ for id_, told in self._told(outlet).items() if told.stands)
        book.tidy(keep, now)
        known = {standing.trouble.id for standing in book.all()}
        for prefix in (_OPEN, _TOLD):
            for entry in list(self.state.scan(prefix)):
                outlet, _, id_ = entry.key.removeprefix(prefix).partition("/")
                if outlet not in outlets or (id_ and id_ not in known):
                    self.state.delete(entry.key, entry.version)
