"""Versions of what is gathered from many articles: microseconds since 1970, so that any later writer's is greater."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def following(version: int) -> int:
    """The version after this one: now, or one more where a clock is behind."""
    return max(time.time_ns() // 1000, version + 1)


def moment(version: int) -> datetime:
    """When a version was made."""
    return datetime.fromtimestamp(version / 1_000_000, UTC)
