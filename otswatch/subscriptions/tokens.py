"""Tokens in the links of letters: who holds one may confirm, or end, one subscription for one address.

    tokens = Tokens(state)
    link = f"{public}/subscriptions/unsubscribe?token={tokens.make('unsubscribe', 'energy', 'ayse@example.org')}"

A token carries the subscription, the address and its last second, signed with a secret that is made once for each
`State`. It can be read by its holder, who knows all of that, and made by nobody else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from otswatch.errors import UsageError
from otswatch.state import State

Purpose = Literal["confirm", "unsubscribe"]

#: How long a link that confirms works. One that ends a subscription works for ever: old letters are kept.
CONFIRM_WITHIN: Final = timedelta(days=7)
_LIFE: Final[dict[Purpose, timedelta | None]] = {"confirm": CONFIRM_WITHIN, "unsubscribe": None}
_KEY: Final = "subscriptions/secret"
_SECRET_BYTES: Final = 32
#: Longer than any that is made: an id has 64 characters, an address 2,000 bytes at most.
_MAX_LENGTH: Final = 4096


class TokenError(UsageError):
    """A token that was not made here, or for something else, or that is too old."""


class Tokens:
    """Makes and reads them."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._secret: bytes | None = None

    def make(self, purpose: Purpose, subscription: str, address: str, now: datetime | None = None) -> str:
        """A token for one purpose: letters, digits, `-`, `_` and one dot."""
        life = _LIFE[purpose]
        until = int(((now or datetime.now(UTC)) + life).timestamp()) if life else None
        payload = _base64(json.dumps([subscription, address, until], separators=(",", ":")).encode())
        return f"{payload}.{self._signature(purpose, payload)}"

    def read(self, token: str, purpose: Purpose, now: datetime | None = None) -> tuple[str, str]:
        """The subscription and the address that a token was made for.

        Raises:
            TokenError: not ours, for another purpose, or too old.
        """
        payload, _, signature = token.partition(".")
        # Compared as text and before anything is decoded: one token has one spelling.
        right = self._signature(purpose, payload) if len(token) <= _MAX_LENGTH else ""
        if not right or not hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace")):
            raise TokenError("this link is not whole: open it from the letter, or copy all of it")
        subscription, address, until = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        if until is not None and (now or datetime.now(UTC)).timestamp() > until:
            raise TokenError("this link is too old: ask for the subscription again")
        return subscription, address

    def _signature(self, purpose: Purpose, payload: str) -> str:
        signed = f"{purpose}:{payload}".encode("utf-8", "replace")
        return _base64(hmac.digest(self._key(), signed, hashlib.sha256))

    def _key(self) -> bytes:
        if self._secret is None:
            entry = self._state.get(_KEY)
            if entry is None:
                self._state.create(_KEY, _base64(secrets.token_bytes(_SECRET_BYTES)))
                entry = self._state.get(_KEY)  # of two that made one at once, both take the first
            assert entry is not None  # noqa: S101 - nobody takes it out
            self._secret = base64.urlsafe_b64decode(entry.value + "=")
        return self._secret


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
