"""Whether the reader behind an e-mail address wants what is sent to it: asked, confirmed or ended.

Kept in `State` under `subscriptions/mail/<subscription>/<digest of the address>`, also when the subscription is gone:
an address that was asked a moment ago is not asked again because somebody took the subscription out and put it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Literal

from otswatch.records import Moment, Part
from otswatch.state import State, replace

PREFIX: Final = "subscriptions/mail/"
#: Between two letters that ask the same.
PAUSE: Final = timedelta(days=1)
#: So many letters ask: the first, and one for those that missed it. No answer is an answer.
LETTERS: Final = 2


class Consent(Part):
    """`letters`: so many were sent to ask."""

    status: Literal["asked", "confirmed", "ended"]
    at: Moment
    letters: int = 0

    def may_be_asked(self, now: datetime) -> bool:
        """Whether a letter may ask (again)."""
        return self.status == "asked" and self.letters < LETTERS and now - self.at >= PAUSE


def digest(address: str) -> str:
    """What an address is known by."""
    return hashlib.blake2b(address.casefold().encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def update(
    state: State, subscription: str, address: str, change: Callable[[Consent | None], Consent | None]
) -> Consent | None:
    """Replace what is known of an address by what `change` makes of it; null leaves it. `change` may be asked again.

    Returns:
        What was written; null where nothing was.

    Raises:
        Whatever `change` raises; nothing is changed then.
    """
    key = f"{PREFIX}{subscription}/{digest(address)}"
    while True:
        entry = state.get(key)
        after = change(Consent.model_validate(entry.value) if entry else None)
        if after is None or replace(state, key, after.to_dict(), entry):
            return after
