"""The channels that letters go through: e-mail, webhooks, chats. docs/reference/channels.md says how to write one.

Trying again, and when, is the sender's business: here a letter is tried once.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol, Self

from otswatch.alerts.channels import services, webhook
from otswatch.alerts.channels.mail import Mail, MailServer
from otswatch.alerts.channels.services import Services
from otswatch.alerts.channels.webhook import Webhook
from otswatch.alerts.channels.wire import Reach, Resolve, Timeouts
from otswatch.alerts.errors import PermanentDeliveryError
from otswatch.alerts.letter import Letter
from otswatch.errors import UsageError
from otswatch.settings import Settings

__all__ = ["SCHEMES", "Channels", "Timeouts", "shown"]

#: What a channel may begin with.
SCHEMES: Final = ("mailto", *webhook.SCHEMES, *services.SCHEMES)


class _Way(Protocol):
    def check(self, channel: str) -> None: ...
    def send(self, letter: Letter, channel: str) -> None: ...


class Channels:
    """Hands letters over. Use as a context, or call `close`.

    `mail`: `smtp://USER:PASSWORD@HOST:PORT`, also `smtps://` and `smtp+starttls://`; null: e-mail waits. `sender`: whom
    it is from. `allowed_hosts`: host:port pairs in private networks that may be written to. `ca_file`: of an
    authority that is trusted as well as the usual ones. `resolve` stands for `socket.getaddrinfo`.

    May be used by several threads; letters by mail then go one after another.

    Raises:
        ConfigError: `mail` or `allowed_hosts` cannot be read.
    """

    def __init__(
        self,
        *,
        mail: str | None = None,
        sender: str = "",
        allowed_hosts: Sequence[str] = (),
        ca_file: Path | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - it is immutable
        resolve: Resolve = socket.getaddrinfo,
    ) -> None:
        reach = Reach(allowed_hosts, resolve, ca_file)
        self._mail = Mail(MailServer.read(mail) if mail else None, sender, ca_file, timeouts)
        self._webhook = Webhook(reach, timeouts)
        self._services = Services(reach, timeouts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those that the settings allow.

        Raises:
            ConfigError: as above.
        """
        return cls(
            mail=settings.mail,
            sender=settings.mail_from,
            allowed_hosts=settings.allowed_hosts,
            ca_file=settings.ca_file,
        )

    def check_all(self, channels: Iterable[str]) -> None:
        """As `check`, of several."""
        for channel in channels:
            self.check(channel)

    def check(self, channel: str) -> None:
        """Return if letters can go there, as far as can be known without sending one.

        Raises:
            UsageError: they never can.
        """
        self._way(channel).check(channel)

    def send(self, letter: Letter, channel: str) -> None:
        """Return when the other side has taken it.

        Raises:
            TemporaryDeliveryError: it may be taken later. It also may have been, when the connection broke at the end.
            PermanentDeliveryError: the channel is dead.
        """
        try:
            way = self._way(channel)
        except UsageError as error:
            raise PermanentDeliveryError(str(error)) from None
        way.send(letter, channel)

    def close(self) -> None:
        """End the connection to the mail server, if there is one."""
        self._mail.close()

    def _way(self, channel: str) -> _Way:
        scheme = _scheme(channel)
        if scheme == "mailto":
            return self._mail
        if self._services.knows(channel):
            return self._services
        if scheme in webhook.SCHEMES:
            return self._webhook
        raise UsageError(
            f"{scheme or channel[:20]!r} is no kind of channel; write mailto:name@host, https://host/path, or one of"
            f" {', '.join(name + '://' for name in services.SCHEMES)}"
        )


def shown(channel: str) -> str:
    """A channel as the operator may see it: mail addresses whole, all others without what is secret in them."""
    scheme = _scheme(channel)
    if scheme == "mailto":
        return channel
    return webhook.shown(channel) if scheme in webhook.SCHEMES else services.shown(channel)


def _scheme(channel: str) -> str:
    return channel.partition(":")[0].lower()
