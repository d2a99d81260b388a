"""Identity of a page: its address, normalised by versioned, named rules, then hashed.

Ids are for ever. A rule is therefore never changed: a better rule set becomes version 2, and pages whose id would
differ under it get an `Alias` (reason `rules`), not a new id. Sources: RFC 3986 section 6 (normalisation), the AMP
project's documentation of cache and `/amp` addresses, and the tracking parameters' vendors.

Addresses are taken apart here and not by `urllib.parse.urlsplit`, whose handling of odd input has changed between patch
releases of Python. The normal form is an identity, not an address to fetch.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from ipaddress import IPv6Address
from urllib.parse import quote

from otswatch.errors import UsageError

#: The version of the rules that ids are made under; stands in every `Page`.
URL_RULES = 1

#: Characters in a normal form. Longer ones are not addresses of articles, and each rule costs time per character.
MAX_LENGTH = 4096

_MAX_PASSES = 50
_SPLIT = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.ASCII | re.IGNORECASE)
_AUTHORITY = re.compile(r"(?:[^@\\\[\]]*@)?(\[[0-9a-fA-F:.]+\]|[^:@\[\]\\]+)(?::([0-9]{0,5}))?", re.ASCII)
_BREAKS = str.maketrans("", "", "\t\r\n")
_BLANK = "".join(map(chr, range(0x21)))
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

#: Hosts and parameter names are ASCII when they are compared; no other letters are touched.
_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address in its parts. `path` begins with a slash; `query` keeps the order of its parameters."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        query = "&".join(f"{name}={value}" if value else name for name, value in self.query)
        return f"{self.scheme}://{self.host}{port}{self.path}" + (f"?{query}" if query else "")


Rule = Callable[[Address], Address]


def parse(url: str) -> Address:
    """An address in its parts, as written but without fragment, credentials and blanks around it.

    Raises:
        UsageError: not an http or https address that could be fetched.
    """
    if len(url) > MAX_LENGTH * 2:
        raise UsageError(f"address of {len(url)} characters; at most {MAX_LENGTH} are read")
    text = url.strip(_BLANK).translate(_BREAKS)
    match = _SPLIT.fullmatch(text)
    authority = match and _AUTHORITY.fullmatch(match[2])
    if not match or not authority or _CONTROL.search(text):
        raise UsageError(f"not an http or https address: {url[:200]!r}")
    port = int(authority[2]) if authority[2] else None
    if port is not None and not 0 < port < 65536:
        raise UsageError(f"no such port: {url[:200]!r}")
    items = (item.partition("=") for item in (match[4] or "").split("&") if item)
    query = tuple((name, value) for name, _, value in items if name or value)
    path = match[3].replace("\\", "/") or "/"  # as browsers read it
    return Address(match[1].translate(_ASCII_LOWER), authority[1], port, path, query)


def normalise(url: str) -> str:
    """The normal form of an http or https address: equal for all addresses that lead to the same article.

    Rules are applied until none changes anything, so that `normalise(normalise(url)) == normalise(url)`.

    Raises:
        UsageError: not such an address, or one nested or longer than any article's.
    """
    address = parse(url)
    for _ in range(_MAX_PASSES):
        simpler = reduce(lambda so_far, rule: rule(so_far), RULES, address)
        if simpler == address:
            break
        address = simpler
    else:
        raise UsageError(f"address nested too deeply: {url[:200]!r}")
    form = str(address)
    if len(form) > MAX_LENGTH:
        raise UsageError(f"address of {len(form)} characters; at most {MAX_LENGTH} are read")
    return form


def page_id(url: str) -> str:
    """The id of the page at `url`: 32 hexadecimal digits (BLAKE2b-128 of the normal form).

    Raises:
        UsageError: as `normalise`.
    """
    return hashlib.blake2b(normalise(url).encode("ascii"), digest_size=16).hexdigest()


def without_tracking(url: str) -> str:
    """`url` as its site would write it: no tracking parameters, no fragment. Article patterns are held against this.

    Raises:
        UsageError: as `parse`.
    """
    return str(tracking(parse(url)))


def rules() -> tuple[tuple[str, str], ...]:
    """Name and reason of each rule of the current version, in the order that they are applied."""
    return tuple((rule.__name__.replace("_", "-"), (rule.__doc__ or "").strip()) for rule in RULES)


# ------------------------------------------------------------------------------------------------------- rules: address


def scheme(address: Address) -> Address:
    """Both http and https lead to the same article."""
    return replace(address, scheme="https")


def host(address: Address) -> Address:
    """Hosts have no case and no trailing dot; IDN is written in punycode, IPv6 in its short form."""
    name = address.host
    try:
        if name.startswith("["):
            return replace(address, host=f"[{IPv6Address(name[1:-1]).compressed}]")
        # The codec's tables are Unicode 3.2 for ever, as ids need it; ASCII passes through.
        ascii_name = name.rstrip(".").encode("idna").decode("ascii").translate(_ASCII_LOWER)
    except ValueError:
        ascii_name = ""
    labels = ascii_name.split(".")
    if len(ascii_name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise UsageError(f"not a host name: {name[:200]!r}")
    return replace(address, host=ascii_name)


def port(address: Address) -> Address:
    """80 and 443 are what http and https mean without a port."""
    return replace(address, port=None) if address.port in (80, 443) else address


def percent_encoding(address: Address) -> Address:
    """RFC 3986: escapes in upper case, unreserved characters bare, all else escaped; a blank in the query is a plus."""
    try:
        path = _escaped(address.path, _PATH_BARE, _PATH_BARE + "/;=&+", "%20")
        query = tuple(
            (
                _escaped(name, _QUERY_BARE, _QUERY_BARE + ";+", "+"),
                _escaped(value, _QUERY_BARE, _QUERY_BARE + ";+=", "+"),
            )
            for name, value in address.query
        )
    except UnicodeEncodeError:
        raise UsageError("an address with half a character (a lone surrogate)") from None
    return replace(address, path=path, query=query)


def segments(address: Address) -> Address:
    """RFC 3986: `.` and `..` are resolved; an empty segment means nothing."""
    kept: list[str] = []
    parts = address.path.split("/")
    for part in parts:
        if part == "..":
            kept = kept[:-1]
        elif part not in ("", "."):
            kept.append(part)
    tail = "/" if kept and parts[-1] in ("", ".", "..") else ""
    return replace(address, path="/" + "/".join(kept) + tail)


# ------------------------------------------------------------------------------------------------------ rules: variants


def amp_cache(address: Address) -> Address:
    """AMP caches and Google's viewer carry the publisher's address in their path."""
    if address.host.endswith(_AMP_CACHES):
        match = _AMP_CACHE_PATH.fullmatch(address.path)
    elif _GOOGLE.fullmatch(address.host):
        match = _AMP_VIEWER_PATH.fullmatch(address.path)
    else:
        return address
    if not match:
        return address
    inner = parse(f"https://{match[1]}")
    return replace(inner, query=address.query)


def host_variant(address: Address) -> Address:
    """`www.`, mobile (`m.`, `mobile.`, `mobil.`) and `amp.` hosts show the same article."""
    first, _, rest = address.host.partition(".")
    return replace(address, host=rest) if first in _HOST_VARIANTS and "." in rest and _NAME.search(rest) else address


def amp_path(address: Address) -> Address:
    """The AMP variant: `/amp` behind the article, before it, or behind the language; `.amp`."""
    parts = address.path.strip("/").split("/")
    if len(parts) > 1:
        if parts[-1] in ("amp", "amphtml"):
            parts = parts[:-1]
        elif parts[0] == "amp":
            parts = parts[1:]
        elif len(parts) > 2 and parts[1] == "amp" and len(parts[0]) == 2:
            parts = [parts[0], *parts[2:]]
    return replace(address, path=_AMP_SUFFIX.sub(r"\1", "/" + "/".join(parts)))


def print_path(address: Address) -> Address:
    """The print variant: `/print` behind the article."""
    folder, _, last = address.path.rstrip("/").rpartition("/")
    return replace(address, path=folder) if folder and last == "print" else address


def variant_parameters(address: Address) -> Address:
    """The AMP, print and mobile variants by parameter: `amp=1`, `outputType=amp`, `print=1`, `view=mobile`, `m=1`."""
    return _without(address, _is_variant)


def tracking(address: Address) -> Address:
    """Parameters that tell the site where a reader came from. Only known ones: any other may choose the article."""
    return _without(address, _is_tracking)


def session(address: Address) -> Address:
    """Session ids, in the query (PHPSESSID, `sid` where it looks like one) or the path (`;jsessionid=…`, `(S(…))`)."""
    return _without(replace(address, path=_SESSION_PATH.sub("", address.path)), _is_session)


def index_file(address: Address) -> Address:
    """`index.html` and its like are what a folder shows by itself."""
    return replace(address, path=_INDEX_FILE.sub("/", address.path))


def trailing_slash(address: Address) -> Address:
    """Sites answer with and without the last slash alike."""
    return replace(address, path=address.path.rstrip("/") or "/")


def parameter_order(address: Address) -> Address:
    """The order of different parameters means nothing; that of equal ones is kept."""
    return replace(address, query=tuple(sorted(address.query, key=lambda item: item[0])))


#: Version 1. Never changed.
RULES: tuple[Rule, ...] = (
    scheme,
    host,
    port,
    percent_encoding,
    segments,
    amp_cache,
    host_variant,
    tracking,
    session,
    amp_path,
    print_path,
    variant_parameters,
    index_file,
    trailing_slash,
    parameter_order,
)


# ------------------------------------------------------------------------------------------------------- what they know

_LABEL = re.compile(r"[a-z0-9_-]{1,63}", re.ASCII)
#: A host that is not an IPv4 address.
_NAME = re.compile(r"[a-z]", re.ASCII)
_HOST_VARIANTS = frozenset({"www", "m", "mobile", "mobil", "amp"})

_UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
#: Characters that mean the same bare and escaped. `/ ; = & + ? # %` may separate, so an escaped one stays escaped.
_PATH_BARE = _UNRESERVED + "!$'()*,:@"
_QUERY_BARE = _PATH_BARE + "/?"
_PIECE = re.compile(r"%([0-9A-Fa-f]{2})|(.)", re.ASCII | re.DOTALL)


def _escaped(text: str, bare: str, literal: str, blank: str) -> str:
    """`text` with escapes of `bare` characters undone, and every character escaped that is not `literal`."""

    def piece(match: re.Match[str]) -> str:
        escape, char = match[1], match[2] or chr(int(match[1], 16))
        if char == " ":
            return blank
        if escape:
            return char if char in bare else f"%{escape.upper()}"
        return char if char in literal else quote(char, safe="")

    return _PIECE.sub(piece, text)


_AMP_CACHES = (".cdn.ampproject.org", ".ampproject.net", ".bing-amp.com")
_AMP_CACHE_PATH = re.compile(r"/[a-z]/(?:s/)?([^/]+\.[^/]+(?:/.*)?)", re.ASCII)
_AMP_VIEWER_PATH = re.compile(r"/amp/(?:s/)?([^/]+\.[^/]+(?:/.*)?)", re.ASCII)
_GOOGLE = re.compile(r"(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?", re.ASCII)
_AMP_SUFFIX = re.compile(r"\.amp(\.html?)?$", re.ASCII)
_SESSION_PATH = re.compile(
    r";(?:jsessionid|phpsessid|sessionid|sid)=[^/;]*|/\([AFSX]\([\w-]{10,}\)\)(?=/)", re.ASCII | re.IGNORECASE
)
_INDEX_FILE = re.compile(r"/(?:index\.(?:x?html?|shtml|php|aspx?|jsp)|default\.aspx?)$", re.ASCII | re.IGNORECASE)

_KNOWN = re.ASCII | re.IGNORECASE | re.VERBOSE
#: Names that only ever carry where a reader came from.
_TRACKING = re.compile(
    r"""
    utm_.* | gclid | gclsrc | dclid | gbraid | wbraid | _ga | _gl           # Google
    | fbclid | fb_(action_ids|action_types|source|ref|comment_id) | mibextid | igsh | igshid
    | yclid | ysclid | ymclid | _openstat                                   # Yandex
    | msclkid | twclid | ref_src | ref_url | __twitter_impression | ttclid | li_fat_id
    | mc_[ce]id | _hsenc | _hsmi | __hs(sc|tc|fp) | hsctatracking | hsa_.* | mkt_tok | vero_(id|conv)  # mail
    | oly_(enc|anon)_id | rb_clickid | s_cid | wickedid | wt_?mc | _branch_match_id
    | (pk|mtm|matomo)_(campaign|cid|content|group|keyword|kwd|medium|placement|source)
    | xtor | at_(campaign|custom\d|medium) | ncid | ocid | cmpid | cmp | smid   # publishers' own
    | amp_(js_v|gsa|kit) | usqp | noamp                                     # AMP viewers
    | replytocom                                                            # a comment form on WordPress
    """,
    _KNOWN,
)
#: These name the origin only with such a value; any other may choose the article.
_ORIGIN_NAME = re.compile("from|ref|source|src|share", _KNOWN)
_ORIGIN = re.compile(
    "rss|feed|twitter|facebook|fb|telegram|tg|whatsapp|vk|instagram|linkedin|newsletter|email|googlenews", _KNOWN
)

_SESSION = re.compile(r"phpsessid|jsessionid|aspsessionid.*|asp\.net_sessionid|cfid|cftoken", _KNOWN)
_MAYBE_SESSION = re.compile("s|sid|sess|session|session_?id", _KNOWN)
#: A token, not the number of a story (`sid=123`) or a word: 16 or more letters and digits with both among them.
_TOKEN = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9]{16,}", re.ASCII)


_VARIANT_NAME = re.compile("amp|amphtml|print|printable|mobile", _KNOWN)
_CHOOSER = re.compile("output|outputtype|format|view|mode|type|layout|version", _KNOWN)
_VARIANT = re.compile("amp|print|mobile", _KNOWN)
_YES = re.compile("|1|true|yes|y", _KNOWN)


def _without(address: Address, unwanted: Callable[[str, str], object]) -> Address:
    """`address` without the parameters whose name and value are `unwanted`."""
    return replace(address, query=tuple(item for item in address.query if not unwanted(*item)))


def _is_tracking(name: str, value: str) -> object:
    return _TRACKING.fullmatch(name) or (_ORIGIN_NAME.fullmatch(name) and _ORIGIN.fullmatch(value))


def _is_session(name: str, value: str) -> object:
    return _SESSION.fullmatch(name) or (_MAYBE_SESSION.fullmatch(name) and _TOKEN.fullmatch(value))


def _is_variant(name: str, value: str) -> object:
    if _CHOOSER.fullmatch(name):
        return _VARIANT.fullmatch(value)
    return (_VARIANT_NAME.fullmatch(name) and _YES.fullmatch(value)) or (name == "m" and value in ("0", "1"))
