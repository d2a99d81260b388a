"""Chats and push services, through Apprise: a title and a text. docs/reference/channels.md lists them.

Apprise knows more than a hundred, some of which read local files, run programs or open sockets of their own. Those
below speak HTTP with `requests` and nothing else, so that all that they ask for goes through `wire`.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from enum import Enum, auto
from itertools import accumulate
from typing import Any, Final, cast

import apprise
import requests
from apprise.plugins import url_to_dict

from otswatch.alerts.channels.webhook import GONE, port_of, refuse_internal
from otswatch.alerts.channels.wire import Reach, Timeouts, Visit
from otswatch.alerts.errors import PermanentDeliveryError, TemporaryDeliveryError
from otswatch.alerts.letter import Letter
from otswatch.errors import UsageError


class _Reads(Enum):
    """What a service makes of a text."""

    TEXT = auto()  # Apprise sees to it that it is shown as it is
    MARKDOWN = auto()  # Apprise turns Markdown into the service's own
    TEXT_AS_MARKDOWN = auto()  # Apprise hands a text over as it is, and the service reads Markdown in it


#: What an address may begin with.
SCHEMES: Final = {
    "discord": _Reads.TEXT_AS_MARKDOWN,
    "gchat": _Reads.MARKDOWN,
    "gotify": _Reads.TEXT,
    "gotifys": _Reads.TEXT,
    "mmost": _Reads.TEXT_AS_MARKDOWN,
    "mmosts": _Reads.TEXT_AS_MARKDOWN,
    "nctalk": _Reads.TEXT_AS_MARKDOWN,
    "nctalks": _Reads.TEXT_AS_MARKDOWN,
    "ntfy": _Reads.TEXT,
    "ntfys": _Reads.TEXT,
    "rocket": _Reads.MARKDOWN,
    "rockets": _Reads.MARKDOWN,
    "signal": _Reads.TEXT,
    "signals": _Reads.TEXT,
    "slack": _Reads.TEXT,
    "tgram": _Reads.TEXT,
    "webex": _Reads.MARKDOWN,
    "workflow": _Reads.MARKDOWN,
    "workflows": _Reads.MARKDOWN,
    "wxteams": _Reads.MARKDOWN,
    "zulip": _Reads.TEXT_AS_MARKDOWN,
}
#: What may stand behind the `?` of an address: whom it is for, and how it looks there. Not among them are templates
#: (local files), attachments, pictures, redirects, timeouts, retries and `optional`, with which a failure is none.
OPTIONS: Final = frozenset(
    (
        "api-version",
        "auth",
        "avatar",
        "batch",
        "channel",
        "channels",
        "from",
        "id",
        "image",
        "key",
        "mode",
        "priority",
        "route",
        "routeid",
        "secret",
        "sig",
        "signature",
        "silent",
        "source",
        "sp",
        "sv",
        "tags",
        "team",
        "thread",
        "threadkey",
        "to",
        "token",
        "topic",
        "url_prefix",
        "ver",
        "version",
        "workflow",
        "workspace",
    )
)

_ASSET: Final = apprise.AppriseAsset(
    app_id="OTS Watch",
    app_desc="OTS Watch",
    app_url="",
    image_url_mask="",
    image_url_logo="",
    image_path_mask=False,
    async_mode=False,
    service_timeout=0,  # it would leave a thread behind; `wire` ends what takes too long
    http_redirects=False,
)

_URL: Final = re.compile(r"(https?://[^\s<>\"]+)")
#: «@» where it would call somebody; `@everyone` and its like also within a word.
_CALL: Final = re.compile(r"(?<![\w/])@(?=[\w*&!])|@(?=(?:everyone|here|channel|all)\b)", re.IGNORECASE)
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>~|#])")
#: Of the time that a letter has, so much may go by between its parts; the rest is for answers that are slow.
_BETWEEN: Final = 0.8
#: Seconds from one part to the next, where the service wants no longer pause.
_PACE: Final = 1.0
#: A text of which too many parts are made is cut to so much of its length, and again.
_SHORTER: Final = 0.8
#: What stands above the foot of a letter, which has its links.
_FOOT: Final = "\n--\n"

# All that it says is in the errors raised here.
logging.getLogger(apprise.LOGGER_NAME).propagate = False

_visit: ContextVar[Visit] = ContextVar("_visit")


class _Requests:
    """Stands in the services' modules for `requests`: what they ask for is asked for by the visit that is under way.

    Outside a visit, and for anything that it does not have, it fails.
    """

    codes = requests.codes
    exceptions = requests.exceptions
    RequestException = requests.RequestException
    TooManyRedirects = requests.TooManyRedirects

    def __getattr__(self, name: str) -> Callable[..., requests.Response]:
        if name not in ("get", "post", "put", "patch", "delete"):
            raise AttributeError(f"requests.{name} is not for services")
        return lambda url, **kwargs: _visit.get().request(name.upper(), url, **kwargs)

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        return _visit.get().request(method, url, **kwargs)


class _Rehearsal(Visit):
    """Makes no request, and remembers where the first would have gone."""

    where: str | None = None

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        self.where = self.where or url
        raise requests.ConnectionError("this is a rehearsal")


class Services:
    """Tells services of letters."""

    def __init__(self, reach: Reach, timeouts: Timeouts) -> None:
        self._reach = reach
        self._timeouts = timeouts

    def knows(self, channel: str) -> bool:
        """Whether it is the address of one of them, also as the service itself gives it out (`https://hooks.slack…`)."""
        scheme = channel.partition("://")[0].lower()
        return scheme in SCHEMES or (scheme in ("http", "https") and _native(channel) is not None)

    def check(self, channel: str) -> None:
        """Return if it may be written to.

        Raises:
            UsageError: never.
        """
        service = _service(channel)
        rehearsal = _Rehearsal(self._reach, self._timeouts)
        _tell(service, "-", "-", rehearsal)
        if rehearsal.where is None:
            raise UsageError(f"{shown(channel)}: nobody would be told; see {service.setup_url}")
        refuse_internal(self._reach, *port_of(rehearsal.where), shown(channel))

    def send(self, letter: Letter, channel: str) -> None:
        """Return when the service has it.

        Raises:
            TemporaryDeliveryError, PermanentDeliveryError: it has not.
        """
        try:
            service = _service(channel)
        except UsageError as error:
            raise PermanentDeliveryError(str(error)) from None
        title, text = _readable(letter.subject, _reads(service)), self._fitting(letter, channel)
        visit = Visit(self._reach, self._timeouts)
        _bind(service, visit)
        taken, said = _tell(service, title, text, visit)
        if taken and visit.answers:
            return
        name = shown(channel)
        if visit.internal:
            raise PermanentDeliveryError(f"{name}: {visit.internal}")
        if visit.answers and visit.answers[-1].status in GONE:
            raise PermanentDeliveryError(f"{name} answers HTTP {visit.answers[-1].status}: {said}")
        retry_after = visit.answers[-1].retry_after if visit.answers else None
        raise TemporaryDeliveryError(f"{name}: {said or 'not taken'}", retry_after)

    def _fitting(self, letter: Letter, channel: str) -> str:
        """The text, cut to what can be sent in the time that a letter has, in as many parts as Apprise makes of it."""
        service = _service(channel)
        most = max(1, self._timeouts.whole * _BETWEEN // max(service.request_rate_per_sec, _PACE))
        room = int(most * service.body_maxlen)
        text = _cut(letter.text, _reads(service), room)
        while self._parts(letter, channel, text) > most and room > service.body_maxlen:
            room = int(room * _SHORTER)
            text = _cut(letter.text, _reads(service), room)
        return text

    def _parts(self, letter: Letter, channel: str, text: str) -> int:
        service, parts = _service(channel), []

        def part(*_: object, **__: object) -> bool:
            parts.append(1)
            return True

        service.send = part  # type: ignore[method-assign]
        _tell(service, _readable(letter.subject, _reads(service)), text, _Rehearsal(self._reach, self._timeouts))
        return len(parts)


def shown(channel: str) -> str:
    """Without what is secret in it, as Apprise knows it."""
    try:
        return str(_service(channel).url(privacy=True)).partition("?")[0]  # type: ignore[no-untyped-call]
    except UsageError:
        return channel.partition(":")[0] + "://…"


def _tell(service: apprise.NotifyBase, title: str, text: str, visit: Visit) -> tuple[bool, str]:
    """Whether it was taken, and what Apprise says to that."""
    sender = apprise.Apprise(service, asset=_ASSET)
    is_markdown = _reads(service) is _Reads.MARKDOWN
    kind = apprise.NotifyFormat.MARKDOWN if is_markdown else apprise.NotifyFormat.TEXT
    token = _visit.set(visit)
    try:
        with sender.notify(body=text, title=title, body_format=kind) as result:
            return bool(result), " ".join(" ".join(str(entry.message) for entry in result.logs()).split())[:300]
    finally:
        _visit.reset(token)


def _bind(service: apprise.NotifyBase, visit: Visit) -> None:
    """End a letter with the first part that is not taken, and let no pause between two outlast the visit.

    Apprise sends all parts whatever became of those before, and pauses for as long as a service asks for.
    """
    send, throttle = service.send, service.throttle
    refused = False

    def part(*args: Any, **kwargs: Any) -> bool:
        nonlocal refused
        refused = refused or not send(*args, **kwargs)
        return not refused

    def pause(last_io: datetime | None = None, wait: float | None = None) -> None:
        throttle(last_io, None if wait is None else min(wait, visit.remaining))  # type: ignore[no-untyped-call]

    service.send, service.throttle = part, pause  # type: ignore[method-assign]


def _service(channel: str) -> apprise.NotifyBase:
    """What Apprise makes of an address.

    Raises:
        UsageError: nothing, or more than is allowed.
    """
    scheme = channel.partition("://")[0].lower()
    name = f"{scheme}://…"
    parsed = url_to_dict(channel) if scheme in SCHEMES else _native(channel)  # type: ignore[no-untyped-call]
    if not parsed or parsed.get("schema") not in SCHEMES:
        raise UsageError(f"{name} is not an address of a service; see docs/reference/channels.md")
    unfit = set(parsed.get("qsd", {})) - OPTIONS
    unfit |= {key for kind in ("qsd+", "qsd-", "qsd:") for key in parsed.get(kind, {})}
    if unfit:
        raise UsageError(f"{name}: {', '.join(sorted(unfit))} may not stand in it; see docs/reference/channels.md")
    _tie(type_of(parsed["schema"]))
    service = apprise.Apprise.instantiate(parsed, asset=_ASSET)
    if service is None:
        raise UsageError(f"{name} is not complete; see {type_of(parsed['schema']).setup_url}")
    if len(service) > 1:
        raise UsageError(f"{name} names {len(service)} receivers; write a channel for each, so that none is told twice")
    service.overflow_mode = apprise.OverflowMode.SPLIT
    return service


def type_of(scheme: str) -> type[apprise.NotifyBase]:
    """Apprise's class for a scheme."""
    return cast("type[apprise.NotifyBase]", apprise.NotificationManager()[scheme])  # type: ignore[no-untyped-call]


def _native(channel: str) -> dict[str, Any] | None:
    """What a service's own address (`https://hooks.slack.com/…`) says; null for any other."""
    for kind in {type_of(scheme) for scheme in SCHEMES}:
        if parsed := kind.parse_native_url(channel):
            return parsed
    return None


def _tie(kind: type[apprise.NotifyBase]) -> None:
    """Let a service ask for nothing but through us."""
    names = vars(sys.modules[kind.__module__])
    if names.get("requests") not in (requests, _STAND_IN):
        raise UsageError(f"{kind.service_name} does not speak HTTP as it did; use the version of Apprise that we name")
    names["requests"] = _STAND_IN


def _reads(service: apprise.NotifyBase) -> _Reads:
    return next(reads for scheme, reads in SCHEMES.items() if isinstance(service, type_of(scheme)))


def _readable(text: str, reads: _Reads) -> str:
    """Shown as it is, and calling nobody: an invisible blank stands behind an «@» that would.

    Addresses are left as they are but for what calls somebody, or would make a link with a name of its own.
    """
    parts = _URL.split(text)
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = _CALL.sub("%40", part).replace("[", "%5B").replace("]", "%5D")
        elif reads is _Reads.TEXT:
            parts[index] = _CALL.sub("@\u200b", part)
        else:
            parts[index] = _MARKUP.sub(r"\\\1", _CALL.sub("@\u200b", part))
    whole = "".join(parts)
    # Two blanks at a line's end keep its end in Markdown.
    return whole.replace("\n", "  \n") if reads is _Reads.MARKDOWN else whole


def _cut(text: str, reads: _Reads, room: int) -> str:
    """As `_readable`. Where that is too long: the paragraphs that there is room for, what is left out, and the foot."""
    whole = _readable(text, reads)
    if len(whole) <= room:
        return whole
    told, mark, foot = text.rpartition(_FOOT) if _FOOT in text else (text, "", "")
    paragraphs = told.split("\n\n")

    def ending(left_out: int) -> str:
        return f"… (left out for its length: {left_out} of {len(paragraphs)} paragraphs)\n{mark}{foot}"

    room -= len(_readable(ending(len(paragraphs)), reads))
    kept = sum(end <= room for end in accumulate(len(_readable(f"{each}\n\n", reads)) for each in paragraphs))
    return _readable("\n\n".join((*paragraphs[:kept], ending(len(paragraphs) - kept))), reads)


_STAND_IN: Final = _Requests()
