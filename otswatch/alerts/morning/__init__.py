"""The morning page: what an analyst reads first, in its order, of one window of time.

    morning = gather(index, state, names, config, subscription=one, start=start, end=end, zone=zone, now=now)
    morning_letter(one, morning, id="…", links=Links())

`page` says what stands on it, `gathering` and its neighbours find it, `rendering` writes it. docs/reference/morning.md
says how each number is made.
"""

from __future__ import annotations

from otswatch.alerts.morning.gathering import gather
from otswatch.alerts.morning.page import Morning
from otswatch.alerts.morning.rendering import morning_letter

__all__ = ["Morning", "gather", "morning_letter"]
