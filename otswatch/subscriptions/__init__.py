"""What readers asked to be told of: saved searches, each with where to and how often (`Subscription`)."""

from __future__ import annotations

from otswatch.subscriptions.subscription import Quiet, Rhythm, Subscription

__all__ = ["Quiet", "Rhythm", "Subscription"]
