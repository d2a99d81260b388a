"""Letters as mail: RFC 5322 with the headers of a list that one click ends (RFC 2369, RFC 2919, RFC 8058)."""

from __future__ import annotations

from datetime import datetime
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import quote

from otswatch.alerts.letter import Letter
from otswatch.alerts.rendering import clean, web_address

_LOCAL: Final = "localhost"
#: So many keys stand in the header.
_KEYS: Final = 500
#: What stands in an address as it is.
_ADDRESS: Final = ":/?#[]@!$&'()*+,;=%~"


class _Words(UnstructuredHeader, BaseHeader):
    """A header of words as they are written.

    `email` decodes what looks like an encoded word, with line ends in it, and loses spaces where it folds other
    than ASCII (python/cpython#89714).
    """

    @classmethod
    def parse(cls, string: str, kwds: dict[str, Any]) -> None:
        kwds["parse_tree"], kwds["decoded"] = None, string

    def fold(self, *, policy: Policy) -> str:
        plain = self.isascii() and "=?" not in self
        words = Header(str(self), "us-ascii" if plain else "utf-8", policy.max_line_length, self.name)
        return f"{self.name}: {words.encode(linesep=policy.linesep)}{policy.linesep}"


class _Whole(_Words):
    """A header of one long word. `email` would encode it, and nobody decodes an address."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry(default_class=_Words)
    registry.map_to_type("subject", _Words)
    for name in ("message-id", "list-id", "list-unsubscribe"):
        registry.map_to_type(name, _Whole)
    return registry


#: 76: what a line of quoted-printable text may have (RFC 2045).
_POLICY: Final = SMTP.clone(header_factory=_headers(), max_line_length=76)


def message(letter: Letter, sender: str, to: str, now: datetime) -> EmailMessage:
    """The mail of a letter to one reader. Of one letter to one reader, every mail has the same `Message-ID`.

    Args:
        sender: as in a From header. `to`: an address alone.
    """
    made = EmailMessage(policy=_POLICY)
    domain = parseaddr(sender)[1].rpartition("@")[2].encode("idna").decode() or _LOCAL
    made["From"] = clean(sender)
    made["To"] = clean(to)
    made["Subject"] = clean(letter.subject)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{letter.id}.{_digest(to)}@{domain}>"
    made["List-Id"] = f"<{letter.subscription}.otswatch.{domain}>"
    if address := web_address(letter.unsubscribe):
        made["List-Unsubscribe"] = f"<{quote(address, safe=_ADDRESS)}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made["Auto-Submitted"] = "auto-generated"
    made["Precedence"] = "bulk"
    made["X-OTSWatch-Keys"] = " ".join("".join(key.split()) for key in letter.keys[:_KEYS])
    made.set_content(letter.text, cte="quoted-printable")
    made.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return made


def _digest(to: str) -> str:
    return blake2b(to.casefold().encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
