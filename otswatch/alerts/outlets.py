"""Outlets: one for each channel of each subscription.

Each is told everything once, by itself, so that a channel that is down keeps nothing from the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from otswatch.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Outlet:
    """`id` holds no address: it stands in keys and logs."""

    subscription: Subscription
    channel: str

    @property
    def id(self) -> str:
        return f"{self.subscription.id}.{digest(self.channel)}"


def digest(channel: str) -> str:
    """Stands for a channel where its address must not."""
    return hashlib.blake2b(channel.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def outlets(subscriptions: Iterable[Subscription]) -> dict[str, Outlet]:
    """All of these subscriptions, by id."""
    found = (Outlet(each, channel) for each in subscriptions for channel in each.channels)
    return {outlet.id: outlet for outlet in found}
