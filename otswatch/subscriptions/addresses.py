"""Channels as they are written: which are addresses of e-mail, what is wrong with one, and what may be shown of it."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*", re.I | re.A)
#: One address, as it is typed: no names, comments, quoted parts or lists, which could hide a second one. Before the @
#: stands nothing but ASCII: not every mail server takes more.
_WORD: Final = r"[A-Za-z0-9!#$'*+=^_`{|}~-]+"
_LABEL: Final = r"""[^\s.@<>()\[\]\\,;:"?&%/]+"""
_ADDRESS: Final = re.compile(rf"(?=[^@]{{1,64}}@.{{1,190}}\Z){_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})*", re.DOTALL)
#: Apprise's own mail, which would go out without a confirmation and without a way to end it.
_OTHER_MAIL: Final = frozenset(("mailtos",))
#: Channels whose host is one. Elsewhere what stands there is often a secret: `tgram://TOKEN/…`, `slack://TOKEN/…`.
_WITH_HOST: Final = frozenset(("gotify", "gotifys", "http", "https", "json", "jsons"))
_HIDDEN: Final = "…"


def address_of(channel: str) -> str | None:
    """The address of a channel by e-mail (`mailto:ayse@example.org`); null for another channel."""
    scheme, _, rest = channel.partition(":")
    return rest if scheme.casefold() == "mailto" else None


def mailbox(address: str) -> str | None:
    """The address as mail servers take it, its host in punycode; null where it is none that can be sent to."""
    name, _, host = address.rpartition("@")
    try:
        given = f"{name}@{host.encode('idna').decode('ascii')}"
    except UnicodeError:
        return None
    # There are letters that punycode makes a comma or an @ of.
    return given if _ADDRESS.fullmatch(address) and _ADDRESS.fullmatch(given) else None


def folded(channel: str) -> str:
    """The same for two ways to write one address; other channels as they are."""
    address = address_of(channel)
    return channel if address is None else f"mailto:{address.casefold()}"


def fault(channel: str) -> str | None:
    """Why nothing can be sent to it, with what to write instead; null where there is nothing to say against it.

    Whether Apprise knows its scheme, and whether it may be reached, is for whoever sends.
    """
    scheme = channel.partition(":")[0].casefold()
    if not channel.isprintable() or channel != channel.strip():
        return "a channel has no blanks around it and no control characters"
    if not _SCHEME.fullmatch(scheme) or ":" not in channel:
        return "a channel is an address such as mailto:ayse@example.org, slack://… or json://host/path"
    address = address_of(channel)
    if scheme in _OTHER_MAIL or (address is not None and address.startswith("//")):
        return "e-mail is written mailto:ayse@example.org; the server that it goes through is a setting"
    if address is not None and mailbox(address) is None:
        return "one address is expected, with no letters but a to z before the @, as in mailto:ayse@example.org"
    if address is None and not channel.partition("://")[2]:
        return f"{scheme}:// is followed by what its service asks for"
    return None


def shown(channel: str) -> str:
    """What may be seen of it on a screen and in a log: no token, no password, and of an address what tells it apart."""
    if (address := address_of(channel)) is not None:
        name, _, domain = address.rpartition("@")
        return f"mailto:{name[:1]}{_HIDDEN}@{domain}" if _ADDRESS.fullmatch(address) else f"mailto:{_HIDDEN}"
    scheme, colon, _ = channel.partition(":")
    if not colon or not _SCHEME.fullmatch(scheme):
        return _HIDDEN
    host = _host(channel) if scheme.casefold() in _WITH_HOST else None
    return f"{scheme}://{host}/{_HIDDEN}" if host else f"{scheme}://{_HIDDEN}"


def _host(channel: str) -> str | None:
    try:
        return urlsplit(channel).hostname
    except ValueError:
        return None
