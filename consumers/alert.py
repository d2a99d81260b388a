"""The consumer `alert`: what became findable waits for those who asked for it, and is sent when it is due.

The batch is looked at by `otswatch.alerts.watching`. `otswatch.alerts.sending`, a thread of the same process, sends: a
channel that hangs keeps nobody from reading on.
"""

from __future__ import annotations

from collections.abc import Sequence

from otswatch.alerts.sending import Sending
from otswatch.alerts.watching import SILENT, Watching
from otswatch.bus import Message
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Outcome, Quarantined, Result, origin
from otswatch.crawlers import registry
from otswatch.errors import Quarantine
from otswatch.records import Indexed
from otswatch.subscriptions.kept import Subscriptions


class AlertWork:
    """Has outlets wait for what became findable; beside it, a thread sends."""

    def __init__(self, context: Context) -> None:
        config = context.settings.config
        subscriptions, official = Subscriptions(context.state, config), registry.official(registry.load(config))
        self._watching = Watching(context.state, context.index, subscriptions.active, official, config)
        self._sending = Sending(context.settings, context.state, context.index)
        self._sending.start()

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        read = [_read(message) for message in messages]
        latest: dict[str, tuple[Indexed, str | None]] = {}
        for message, mark in zip(messages, read, strict=True):
            if isinstance(mark, Indexed) and mark.kind == "articles":
                why = origin(message).get("origin")
                _, before = latest.get(mark.id, (mark, why))
                # What moved to another story in the moment when it came is news all the same.
                latest[mark.id] = mark, why if before in SILENT else before
        self._watching.look(latest)
        return [mark if isinstance(mark, Quarantined) else Result() for mark in read]

    def close(self) -> None:
        """Send what is due by now, and end. The stores belong to whoever opened them."""
        self._sending.stop()


def _read(message: Message) -> Indexed | Quarantined:
    try:
        return Indexed.from_json(message.value)
    except Quarantine as outcome:
        return Quarantined(outcome.reason, outcome.detail)
