"""What came back, or did not, in the words of `otswatch.status`."""

from __future__ import annotations

from collections.abc import Mapping

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from otswatch.crawlers.network import (
    HostPausedError,
    PrivateAddressError,
    RobotsDisallowedError,
    RobotsStatusError,
    RobotsUnreachableError,
)
from otswatch.status import Reason

_VALIDATORS: Mapping[str, str] = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
#: Says nothing of the page, but much of the visit.
_LEFT_OUT = frozenset({b"set-cookie"})


def why(error: BaseException | None) -> tuple[Reason, str]:
    """The status word for what went wrong, and the same in words for people."""
    if isinstance(error, RobotsUnreachableError):
        return why(error.cause)[0], str(error)
    detail = f"{type(error).__name__}: {error}"[:300]
    if isinstance(error, HttpError):
        return Reason.HTTP_ERROR, f"HTTP {error.response.status}"
    if isinstance(error, IgnoreRequest) and "DOWNLOAD_MAXSIZE" in str(error):
        return Reason.TOO_LARGE, detail
    for kind, reason in _REASONS.items():
        if isinstance(error, kind):
            return reason, detail
    return Reason.FETCH_FAILED, detail


_REASONS: Mapping[type[BaseException], Reason] = {
    PrivateAddressError: Reason.PRIVATE_ADDRESS,
    RobotsDisallowedError: Reason.ROBOTS_DISALLOWED,
    RobotsStatusError: Reason.HTTP_ERROR,
    HostPausedError: Reason.HTTP_ERROR,
    # The handler cancels a request only when its answer grows beyond DOWNLOAD_MAXSIZE.
    DownloadCancelledError: Reason.TOO_LARGE,
}


def header(response: Response, name: str) -> str:
    """The first value of a header, empty where there is none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""


def conditions(response: Response) -> dict[str, str]:
    """The headers that ask for the same address only if it changed."""
    given = {condition: header(response, name) for name, condition in _VALIDATORS.items()}
    return {condition: value for condition, value in given.items() if value}


def headers(response: Response) -> dict[str, str]:
    """All headers that say something of the page, names in lower case."""
    joined = {name.lower(): b", ".join(response.headers.getlist(name)) for name in response.headers}
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in joined.items() if name not in _LEFT_OUT}
