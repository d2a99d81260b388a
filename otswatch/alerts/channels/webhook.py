"""A letter as JSON to an address of the reader's own. docs/reference/channels.md says what is in it.

Not Apprise's `json://`: it cannot carry a list of items, and takes its headers from the address.
"""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

import requests

from otswatch import __version__
from otswatch.alerts.channels.wire import Answer, InternalHostError, Reach, Timeouts, Visit
from otswatch.alerts.errors import PermanentDeliveryError, TemporaryDeliveryError
from otswatch.alerts.letter import Letter
from otswatch.errors import UsageError

#: What an address may begin with, and how it is spoken to.
SCHEMES: Final = {"https": "https", "http": "http", "jsons": "https", "json": "http"}
#: There is nothing at the address any more.
GONE: Final = frozenset((404, 410))

_PORTS: Final = {"https": 443, "http": 80}


class Webhook:
    """Posts letters."""

    def __init__(self, reach: Reach, timeouts: Timeouts) -> None:
        self._reach = reach
        self._timeouts = timeouts

    def check(self, channel: str) -> None:
        """Return if it may be written to.

        Raises:
            UsageError: never.
        """
        parts = _parts(channel)
        refuse_internal(self._reach, parts.hostname or "", _port(parts), shown(channel))

    def send(self, letter: Letter, channel: str) -> None:
        """Return when it was taken (2xx).

        Raises:
            TemporaryDeliveryError, PermanentDeliveryError: it was not.
        """
        try:
            parts = _parts(channel)
        except UsageError as error:
            raise PermanentDeliveryError(str(error)) from None
        visit = Visit(self._reach, self._timeouts)
        try:
            visit.request("POST", _address(parts), data=body(letter), headers=headers(letter), auth=_auth(parts))
        except (requests.RequestException, ValueError) as error:
            if visit.internal:
                raise PermanentDeliveryError(f"{shown(channel)}: {visit.internal}") from None
            raise TemporaryDeliveryError(f"{shown(channel)}: {_cause(error)}") from None
        judge(visit.answers[-1], shown(channel))


def body(letter: Letter) -> bytes:
    """What is posted."""
    items = [item.model_dump(mode="json") for item in letter.facts]
    told = {"id": letter.id, "subscription": letter.subscription, "subject": letter.subject, "text": letter.text}
    return json.dumps({**told, "keys": letter.keys, "items": items}).encode("ascii")


def headers(letter: Letter) -> dict[str, str]:
    """What is said of it."""
    return {
        "Content-Type": "application/json",
        "Idempotency-Key": letter.id,
        "User-Agent": f"OTSWatch/{__version__}",
        "Accept-Encoding": "identity",
    }


def judge(answer: Answer, name: str, said: str = "") -> None:
    """Return if an answer takes a letter.

    Raises:
        PermanentDeliveryError: there is nothing at the address.
        TemporaryDeliveryError: anything else. Redirects too: whoever may redirect could lead us anywhere.
    """
    if 200 <= answer.status < 300:
        return
    told = f"{name} answers HTTP {answer.status}" + (f": {said}" if said else "")
    if answer.status in GONE:
        raise PermanentDeliveryError(told)
    if 300 <= answer.status < 400:
        raise TemporaryDeliveryError(f"{told}: redirects are not followed; write where it leads to", answer.retry_after)
    raise TemporaryDeliveryError(told, answer.retry_after)


def refuse_internal(reach: Reach, host: str, port: int, name: str) -> None:
    """Return unless a host leads into a private network. One that is not known now may be later.

    Raises:
        UsageError: it does.
    """
    try:
        reach.addresses(host, port)
    except InternalHostError as error:
        raise UsageError(f"{name}: {error}") from None
    except OSError:
        return


def port_of(url: str) -> tuple[str, int]:
    """Host and port that an http or https address leads to."""
    parts = urlsplit(url)
    return parts.hostname or "", _port(parts)


def shown(channel: str) -> str:
    """Without user, password, path and query: any of them may be the secret."""
    try:
        parts = urlsplit(channel)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return channel.partition(":")[0] + "://…"
    return f"{parts.scheme}://{parts.hostname or ''}{port}/…"


def _parts(channel: str) -> SplitResult:
    try:
        parts = urlsplit(channel)
        readable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        readable = False
    if not readable or not channel.isprintable() or any(letter.isspace() for letter in channel):
        raise UsageError(f"{shown(channel)} is not an address of a webhook; write https://host/path")
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[SCHEMES[parts.scheme.lower()]]


def _address(parts: SplitResult) -> str:
    # What comes before the last @ is sent as a header, never in the address.
    return parts._replace(scheme=SCHEMES[parts.scheme.lower()], netloc=parts.netloc.rpartition("@")[2]).geturl()


def _auth(parts: SplitResult) -> tuple[bytes, bytes] | None:
    if parts.username is None:
        return None
    return unquote(parts.username).encode(), unquote(parts.password or "").encode()


def _cause(error: Exception) -> str:
    """What went wrong, at the root of what the libraries made of it, without the address that they repeat."""
    root: BaseException = error
    while (deeper := root.__cause__ or root.__context__) is not None:
        root = deeper
    if isinstance(root, TimeoutError):
        return "no answer in time"
    return (root.strerror if isinstance(root, OSError) else None) or type(root).__name__
