"""A mail server on the loopback interface for tests: real SMTP, a log of all that it took, and faults on command.

with Mailbox(log) as mailbox:
    mailbox.fault("rcpt", "450 4.2.0 Greylisted", times=2)
    … mailbox.address …
    assert [mail["to"] for mail in mailbox.taken()] == ["ayse@example.org"]

A letter counts as taken when its line is in the log, which is before the answer «250 OK» is sent. As a process of its
own, `python -m tests.mailbox --log FILE --port N` prints its address, then reads commands, a line each, and says «done»
to each: `fault`, a kind, how many times and what it says; `clear`; `down`; `up`. It ends with its input.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.faulty import Faulty, serve

#: `mail`, `rcpt`, `data`: says something else than 250, there. `hang`: is silent for so many seconds after the letter.
#: `drop`: ends the connection after the letter, which it did not take. `lost`: takes it, and ends the connection
#: instead of saying so. `noop`: ends the connection when asked whether it is there.
Kind = Literal["mail", "rcpt", "data", "hang", "drop", "lost", "noop"]


@dataclass
class Fault:
    """`says`: the whole reply, or seconds."""

    kind: Kind
    says: str
    times: int


class Mailbox(Faulty[Fault]):
    """Takes all letters for everybody. `connections`: how many greeted it; `mails`: the last letters themselves.

    `options` are those of aiosmtpd's `Controller` and `SMTP`.
    """

    def __init__(self, log: Path, port: int = 0, **options: Any) -> None:
        super().__init__(log, port)
        self.connections = 0
        self.mails: deque[EmailMessage] = deque(maxlen=1000)
        self.logins: list[tuple[str, str]] = []
        self._options = options
        self._controller: Controller | None = None

    @property
    def address(self) -> str:
        """As `Channels(mail=…)` wants it."""
        return f"smtp://127.0.0.1:{self._port}"

    def up(self) -> None:
        """Listen, on the same port as before."""
        self._controller = _Controller(_Handler(self), "127.0.0.1", self._port, **self._options)
        self._controller.start()
        self._port = self._controller.port

    def down(self) -> None:
        """Listen no more, and end all connections."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    def fault(self, kind: Kind, says: str = "", times: int = 1) -> None:
        """Do this the next so many times."""
        self._add(Fault(kind, says, times))

    def next_fault(self, *kinds: Kind) -> Fault | None:
        """The next fault of these kinds, which is counted."""
        return self._next(lambda fault: fault.kind in kinds)

    def take(self, envelope: Envelope) -> None:
        """Write a letter down: `time` (seconds since 1970), `message_id`, `to`, `keys` and `subject`."""
        mail = message_from_bytes(cast("bytes", envelope.content), policy=policy.default)
        line = {
            "time": time.time(),
            "message_id": mail["Message-ID"],
            "to": envelope.rcpt_tos[0],
            "keys": str(mail["X-OTSWatch-Keys"] or "").split(),
            "subject": mail["Subject"],
        }
        self.mails.append(mail)
        self._write(line)


class _Controller(Controller):
    def __init__(self, handler: object, host: str, port: int, **options: Any) -> None:
        super().__init__(handler, hostname=host, port=port, **options)

    def _trigger_server(self) -> None:
        # It looks whether it is there at the port that it was given, which is 0 for a free one.
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class _Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self._mailbox.connections += 1
        session.host_name = hostname
        return responses

    async def handle_NOOP(self, server: SMTP, session: Session, envelope: Envelope, arg: str) -> str:  # noqa: N802
        if self._mailbox.next_fault("noop"):
            _end(server)
        return "250 OK"

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if fault := self._mailbox.next_fault("mail"):
            return fault.says
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if fault := self._mailbox.next_fault("rcpt"):
            return fault.says
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self._mailbox.next_fault("data", "hang", "drop", "lost")
        if fault and fault.kind == "data":
            return fault.says
        if fault and fault.kind == "hang":
            await asyncio.sleep(float(fault.says))
        if not fault or fault.kind != "drop":
            self._mailbox.take(envelope)
        if fault and fault.kind in ("drop", "lost"):
            _end(server)
        return "250 OK"


def _end(server: SMTP) -> None:
    cast("asyncio.Transport", server.transport).abort()


def authenticator(mailbox: list[tuple[str, str]]) -> Callable[..., AuthResult]:
    """For `Mailbox(authenticator=…)`: takes everybody, and notes their names and passwords."""

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        mailbox.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=True)

    return authenticate


def _fault(mailbox: Mailbox, told: Sequence[str]) -> None:
    kind, times, *says = told
    mailbox.fault(cast("Kind", kind), " ".join(says), int(times))


if __name__ == "__main__":
    serve(Mailbox, lambda mailbox: mailbox.address, _fault)
