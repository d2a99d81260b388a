"""Hosts that somebody else named: which may be connected to, and for how long one asks to be left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from otswatch.errors import ConfigError

_NAT64: Final = IPv6Network("64:ff9b::/96")
#: A network's own NAT64 (RFC 8215), and the site-local addresses before `fc00::`; not every Python knows them.
_OWN: Final = (IPv6Network("64:ff9b:1::/48"), IPv6Network("fec0::/10"))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also inside an IPv6 address that carries an IPv4 one."""
    ip = ip_address(address.partition("%")[0])
    if ip.is_multicast or any(ip in network for network in _OWN):
        return False
    return ip.is_global and all(inner.is_global for inner in _carried(ip))


def _carried(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    if isinstance(ip, IPv4Address):
        return []
    nat64 = IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
    return [inner for inner in (ip.ipv4_mapped, ip.sixtofour, nat64) if inner is not None]


def allowed_hosts(pairs: Sequence[str]) -> frozenset[tuple[str, int]]:
    """`host:port` pairs, IPv6 in brackets, as the resolver is asked for them.

    Raises:
        ConfigError: not such a pair.
    """
    return frozenset(_pair(text) for text in pairs)


def _pair(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or (":" in host and not host.startswith("[")):
        raise ConfigError(f"OTSWATCH_ALLOWED_HOSTS: {text!r} is not host:port")
    return resolvable(host.strip("[]")), int(port)


def resolvable(host: str) -> str:
    """A host as names are compared: punycode, no case (of ASCII bytes only), no trailing dot."""
    try:
        return host.rstrip(".").encode("idna").lower().decode("ascii")
    except UnicodeError:
        return host


def retry_after(value: str, now: datetime) -> float:
    """Seconds that a `Retry-After` asks for: a number, or a date (RFC 9110). What cannot be read asks for none."""
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return 0.0
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
