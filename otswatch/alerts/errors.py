"""What becomes of a letter that did not arrive."""

from __future__ import annotations

from otswatch.errors import OTSWatchError


class DeliveryError(OTSWatchError):
    """A letter was not taken. The message says by whom and what they answered, and holds no secret of a channel."""


class TemporaryDeliveryError(DeliveryError):
    """It may be taken later. `retry_after`: seconds that the other side asked to be left alone; null if it did not."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentDeliveryError(DeliveryError):
    """The channel is dead: its mailbox or address does not exist, or leads where no letter may go."""
