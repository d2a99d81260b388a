"""Letters by e-mail, through the operator's own mail server, over one connection for as long as it lasts."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Final, cast
from urllib.parse import unquote, urlsplit

from otswatch.alerts.channels.wire import Deadline, Timeouts
from otswatch.alerts.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError
from otswatch.alerts.letter import Letter
from otswatch.alerts.mime import message
from otswatch.errors import ConfigError, UsageError
from otswatch.settings import without_password
from otswatch.subscriptions.addresses import address_of, mailbox

_OK, _CLOSING, _REFUSED = 250, 421, 500

_PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}

#: Replies to a recipient that say of themselves that there is no such mailbox (RFC 5321), where no finer code is given.
_NO_MAILBOX: Final = frozenset((501, 550, 551, 553))
#: Finer codes (RFC 3463) of the mailbox and its address. All others are about us, the server or the way, or pass:
#: 5.7.1, which refuses whoever sends, would let one wrong setting of a relay end every subscription.
_ABOUT_MAILBOX: Final = re.compile(r"5\.(1\.(?!7\b|8\b)\d+|2\.1)\b")
_FINER_CODE: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `way`: `smtp` as it is, `smtps` within TLS, `smtp+starttls` with TLS or not at all."""

    way: str
    host: str
    port: int
    user: str | None
    password: str

    @classmethod
    def read(cls, address: str) -> MailServer:
        """`smtp://USER:PASSWORD@HOST:PORT`; user, password and port may be left out.

        Raises:
            ConfigError: it is not such an address.
        """
        try:
            parts = urlsplit(address)
            port = parts.port or _PORTS[parts.scheme]
            user = None if parts.username is None else _ascii(unquote(parts.username))
            password = _ascii(unquote(parts.password or ""))
            host = (parts.hostname or "").encode("idna").decode("ascii")
        except (ValueError, KeyError):
            host = ""
        if not host or parts.path.strip("/") or parts.query or parts.fragment:
            raise ConfigError(
                f"mail server {without_password(address)!r}: write smtp://, smtps:// or smtp+starttls:// and"
                " USER:PASSWORD@HOST:PORT, with %40 for an @ in the password, and nothing but ASCII in either"
            )
        return cls(parts.scheme, host, port, user, password)


def _ascii(text: str) -> str:
    """The same text, which is all that `smtplib` sends as user or password."""
    return text.encode("ascii").decode("ascii")


class Mail:
    """Hands letters in, one recipient each. `server` null: there is no mail server, and letters wait for one."""

    def __init__(self, server: MailServer | None, sender: str, ca_file: Path | None, timeouts: Timeouts) -> None:
        self._server = server
        self._sender = sender
        self._ca_file = ca_file
        self._timeouts = timeouts
        self._connection: smtplib.SMTP | None = None
        self._lock = threading.Lock()

    def check(self, channel: str) -> None:
        """Return if it may be written to. Where there is no mail server yet, letters wait for one.

        Raises:
            UsageError: it is no address.
        """
        recipient(channel)

    def send(self, letter: Letter, channel: str) -> None:
        """Return when the mail server has it.

        Raises:
            TemporaryDeliveryError, PermanentDeliveryError: it has not.
        """
        if self._server is None:
            raise TemporaryDeliveryError("there is no mail server; set OTSWATCH_MAIL")
        try:
            to = recipient(channel)
        except UsageError as error:
            raise PermanentDeliveryError(str(error)) from None
        with self._lock:
            try:
                self._hand_in(letter, to)
            except (smtplib.SMTPException, OSError) as error:
                raise _judged(error, to, self._server) from None

    def close(self) -> None:
        """End the connection, if there is one."""
        with self._lock:
            self._drop()

    def _hand_in(self, letter: Letter, to: str) -> None:
        mail = message(letter, self._sender, to, datetime.now(UTC))
        with Deadline(self._timeouts.whole) as deadline:
            kept = self._kept(deadline)
            try:
                self._send(kept or self._connect(deadline), mail, to)
            except smtplib.SMTPSenderRefused as error:
                # A server that has had enough letters over one connection says so here, before it takes anything.
                if not kept or error.smtp_code != _CLOSING:
                    raise
                self._send(self._connect(deadline), mail, to)

    def _send(self, connection: smtplib.SMTP, mail: EmailMessage, to: str) -> None:
        try:
            connection.send_message(mail, parseaddr(self._sender)[1], [to])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError):
            raise  # an answer like any other: the connection is as good as before
        except BaseException:
            self._drop()
            raise

    def _kept(self, deadline: Deadline) -> smtplib.SMTP | None:
        """The connection of an earlier letter, if it is there still."""
        connection = self._connection
        if connection is None or connection.sock is None:
            return None
        deadline.watch(connection.sock)
        with contextlib.suppress(smtplib.SMTPException, OSError):
            if connection.noop()[0] == _OK:
                return connection
        self._drop()
        return None

    def _connect(self, deadline: Deadline) -> smtplib.SMTP:
        self._drop()
        server = cast("MailServer", self._server)
        tls = ssl.create_default_context()
        if self._ca_file:
            tls.load_verify_locations(self._ca_file)
        where = (server.host, server.port)
        self._connection = connection = (
            smtplib.SMTP_SSL(*where, timeout=self._timeouts.connect, context=tls)
            if server.way == "smtps"
            else smtplib.SMTP(*where, timeout=self._timeouts.connect)
        )
        try:
            self._prepare(connection, server, tls, deadline)
        except BaseException:
            self._drop()
            raise
        return connection

    def _prepare(self, connection: smtplib.SMTP, server: MailServer, tls: ssl.SSLContext, deadline: Deadline) -> None:
        sock = cast("socket.socket", connection.sock)
        deadline.watch(sock)
        sock.settimeout(self._timeouts.read)
        if server.way == "smtp+starttls":
            connection.starttls(context=tls)
        if server.user is not None:
            connection.login(server.user, server.password)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def recipient(channel: str) -> str:
    """The address of `mailto:name@host`, its host in punycode.

    Raises:
        UsageError: it is not one.
    """
    given = mailbox(address_of(channel) or "")
    if given is None:
        raise UsageError(f"{channel!r} is not mailto:name@host, with one address, its name in ASCII, and nothing else")
    return given


def _judged(error: Exception, to: str, server: MailServer) -> DeliveryError:
    """What the trouble means for the channel."""
    where = f"mail server {server.host}:{server.port}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        text = _words(said)
        kind = PermanentDeliveryError if _is_dead(code, text) else TemporaryDeliveryError
        return kind(f"{where} refuses {to}: {code} {text}")
    if isinstance(error, smtplib.SMTPSenderRefused):
        return TemporaryDeliveryError(f"{where} refuses our sender: {error.smtp_code} {_words(error.smtp_error)}")
    if isinstance(error, smtplib.SMTPResponseException):
        return TemporaryDeliveryError(f"{where}, for {to}: {error.smtp_code} {_words(error.smtp_error)}")
    if isinstance(error, TimeoutError):
        return TemporaryDeliveryError(f"{where} gives no answer in time")
    return TemporaryDeliveryError(f"{where}: {error}")


def _is_dead(code: int, text: str) -> bool:
    if _FINER_CODE.match(text):
        return code >= _REFUSED and _ABOUT_MAILBOX.match(text) is not None
    return code in _NO_MAILBOX


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:300]
