"""Letters over real SMTP: what arrives, and what each reply and each broken connection is told as."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.alerts.channels import Channels, Timeouts, shown
from otswatch.alerts.channels.mail import MailServer, recipient
from otswatch.alerts.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError
from otswatch.errors import ConfigError, UsageError
from otswatch.subscriptions.addresses import fault
from tests.letters import HASTY, READER, SENDER, certificate, letter, refused
from tests.mailbox import Mailbox, authenticator


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with Mailbox(tmp_path / "mails.jsonl") as mailbox:
        yield mailbox


def by_mail(mailbox: Mailbox, **more: Any) -> Channels:
    return Channels(mail=mailbox.address, sender=SENDER, **more)


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


def ids(mailbox: Mailbox) -> list[str]:
    """Of the letters that it took."""
    return [mail["message_id"].lstrip("<").partition(".")[0] for mail in mailbox.taken()]


def test_letters_share_a_connection(mailbox: Mailbox) -> None:
    with by_mail(mailbox) as channels:
        for number in range(20):
            channels.send(letter(f"a{number}"), f"mailto:reader{number}@example.org")
    assert mailbox.connections == 1
    assert ids(mailbox) == [f"a{number}" for number in range(20)]
    assert [mail["to"] for mail in mailbox.taken()] == [f"reader{number}@example.org" for number in range(20)]
    assert mailbox.taken()[0]["keys"] == ["art-1"]
    assert mailbox.mails[0]["Subject"] == letter().subject
    body = mailbox.mails[0].get_body(("plain",))
    assert body
    assert body.get_content().strip() == letter().text


@pytest.mark.parametrize("fault", [("noop", ""), ("mail", "421 4.7.0 Too many messages")])
def test_a_connection_that_was_ended_meanwhile_is_opened_again(mailbox: Mailbox, fault: tuple[Any, str]) -> None:
    with by_mail(mailbox) as channels:
        channels.send(letter("a1"), READER)
        mailbox.fault(*fault)
        channels.send(letter("a2"), READER)
    assert ids(mailbox) == ["a1", "a2"]
    assert mailbox.connections == 2


def test_a_mail_server_that_went_down_and_came_back(mailbox: Mailbox) -> None:
    with by_mail(mailbox) as channels:
        channels.send(letter("a1"), READER)
        mailbox.down()
        assert "mail server 127.0.0.1" in str(refused(channels, READER))
        mailbox.up()
        channels.send(letter("a2"), READER)
    assert len(mailbox.taken()) == 2


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("550 5.1.1 No such user here", PermanentDeliveryError),
        ("550 No such user here", PermanentDeliveryError),
        ("551 User not local", PermanentDeliveryError),
        ("553 5.1.3 Bad destination mailbox address syntax", PermanentDeliveryError),
        ("550 5.2.1 Mailbox disabled", PermanentDeliveryError),
        ("450 4.2.0 Greylisted, see you in five minutes", TemporaryDeliveryError),
        ("451 4.3.0 Temporary lookup failure", TemporaryDeliveryError),
        ("452 4.2.2 Mailbox full", TemporaryDeliveryError),
        ("552 5.2.2 Mailbox full", TemporaryDeliveryError),
        ("554 5.7.1 Relay access denied", TemporaryDeliveryError),
        ("550 5.7.1 Your address is on a list", TemporaryDeliveryError),
        ("550 5.1.8 Bad sender's address", TemporaryDeliveryError),
        ("421 4.3.2 Closing", TemporaryDeliveryError),
    ],
)
def test_what_a_mail_server_says_of_a_recipient(mailbox: Mailbox, reply: str, kind: type[DeliveryError]) -> None:
    mailbox.fault("rcpt", reply)
    with by_mail(mailbox) as channels:
        error = refused(channels, READER, kind)
        assert "ayse@example.org" in str(error)
        assert reply in str(error)
        channels.send(letter(), READER)
    assert len(mailbox.taken()) == 1


@pytest.mark.parametrize("kind", ["mail", "data"])
@pytest.mark.parametrize("reply", ["451 4.3.0 Later", "554 5.6.0 Not like this"])
def test_what_is_not_about_the_recipient_ends_no_channel(mailbox: Mailbox, kind: Any, reply: str) -> None:
    mailbox.fault(kind, reply)
    with by_mail(mailbox) as channels:
        assert reply in str(refused(channels, READER))
        channels.send(letter(), READER)
    assert mailbox.connections == 1  # an answer is no reason to open another


def test_a_connection_that_breaks_at_the_end_is_not_tried_again_by_itself(mailbox: Mailbox) -> None:
    with by_mail(mailbox) as channels:
        channels.send(letter("a0"), READER)
        mailbox.fault("lost")
        refused(channels, READER)
        assert ids(mailbox) == ["a0", "a1"]
        mailbox.fault("drop")
        refused(channels, READER)
        assert len(mailbox.taken()) == 2
        channels.send(letter("a2"), READER)


def test_a_silent_mail_server_is_not_waited_for_for_ever(mailbox: Mailbox) -> None:
    mailbox.fault("hang", "5")
    with by_mail(mailbox, timeouts=Timeouts(connect=0.3, read=0.3, whole=30)) as channels:
        assert "mail server" in str(refused(channels, READER))


def test_a_password_is_used_and_never_shown(tmp_path: Path) -> None:
    logins: list[tuple[str, str]] = []
    options: dict[str, Any] = {"authenticator": authenticator(logins), "auth_require_tls": False}
    with Mailbox(tmp_path / "log", **options) as mailbox:
        address = mailbox.address.replace("//", "//ots%40watch:secret@")
        with Channels(mail=address, sender=SENDER) as channels:
            channels.send(letter(), READER)
            mailbox.down()
            assert "secret" not in str(refused(channels, READER))
    assert logins == [("ots@watch", "secret")]


def test_mail_that_must_be_secret_does_not_go_in_the_open(mailbox: Mailbox) -> None:
    for way in ("smtp+starttls", "smtps"):
        with Channels(mail=mailbox.address.replace("smtp", way), sender=SENDER, timeouts=HASTY) as channels:
            refused(channels, READER)
    assert not mailbox.taken()


@pytest.mark.parametrize(
    "address",
    ["", "mailto:", "mailto:ayse", "mailto:a@b@c", "mailto://user:word@gmail.com", "mailto:a@b.org,c@d.org",
     "mailto:a@b.org?cc=c@d.org", "mailto:a@b.org%0d%0aBcc:c@d.org", "mailto:Ayse <a@b.org>", "mailto:a b@c.org",
     "mailto:a@b.org\n", "mailto:@b.org", "mailto:a@", f"mailto:a@{'x' * 70}.org", "mailto:ayşe@b.org",
     "mailto:a@[192.0.2.1]", "mailto:a%2Bots@b.org"],
)  # fmt: skip
def test_what_is_no_mail_address(address: str) -> None:
    with pytest.raises(UsageError):
        Channels(mail="smtp://localhost", sender=SENDER).check(address)
    refused(Channels(mail="smtp://localhost", sender=SENDER), address, PermanentDeliveryError)


def test_mail_addresses() -> None:
    assert recipient("mailto:ayse@example.org") == "ayse@example.org"
    assert recipient("MAILTO:a+ots@example.org") == "a+ots@example.org"
    assert recipient("mailto:info@türkkonseyi.example") == "info@xn--trkkonseyi-9db.example"
    assert shown(READER) == READER


@given(st.text(max_size=40) | st.from_regex(r"[\w.]{1,9}@[\w.\uff0c\uff20\u2100]{1,9}", fullmatch=True))
def test_what_may_be_subscribed_can_be_sent_to(text: str) -> None:
    channel = f"mailto:{text}"
    try:
        recipient(channel)
    except UsageError:
        assert fault(channel)
    else:
        assert fault(channel) is None or not text.isprintable()


@given(st.text(max_size=40))
def test_no_address_brings_a_line_of_its_own(text: str) -> None:
    try:
        address = recipient(f"mailto:{text}")
    except UsageError:
        return
    assert address.isascii()
    assert address.count("@") >= 1
    assert not any(letter.isspace() or letter in ",;<>\x00" for letter in address if '"' not in address)
    assert "\r" not in address
    assert "\n" not in address


def test_mail_servers() -> None:
    assert MailServer.read("smtp://relay") == MailServer("smtp", "relay", 25, None, "")
    assert MailServer.read("smtps://a%40b:c%2Fd@relay") == MailServer("smtps", "relay", 465, "a@b", "c/d")
    assert MailServer.read("smtp+starttls://u:p@relay:2525") == MailServer("smtp+starttls", "relay", 2525, "u", "p")
    for wrong in ("relay", "smtp://", "http://relay", "smtp://relay:x", "smtp://u:s/cret@relay", "smtp://relay/x",
                  "smtp://u:s%C3%A9cret@relay", f"smtp://{'x' * 70}.example"):  # fmt: skip
        with pytest.raises(ConfigError) as caught:
            MailServer.read(wrong)
        assert "cret" not in str(caught.value)


def test_letters_wait_for_a_mail_server() -> None:
    Channels().check(READER)
    assert "OTSWATCH_MAIL" in str(refused(Channels(), READER))


@pytest.mark.parametrize(("way", "option"), [("smtps", "ssl_context"), ("smtp+starttls", "tls_context")])
def test_mail_within_tls(tmp_path: Path, own_certificate: Path, way: str, option: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate)
    options: dict[str, Any] = {option: context}
    with Mailbox(tmp_path / "log", **options) as mailbox:
        address = mailbox.address.replace("smtp:", f"{way}:")
        named = address.replace("127.0.0.1", "localhost")
        for mail, ca_file in ((named, None), (address, own_certificate)):  # not to be trusted; not the name
            with Channels(mail=mail, sender=SENDER, ca_file=ca_file) as channels:
                assert "certificate" in str(refused(channels, READER)).lower()
        with Channels(mail=named, sender=SENDER, ca_file=own_certificate) as channels:
            for number in range(3):
                channels.send(letter(f"a{number}"), READER)
        assert len(mailbox.taken()) == 3
