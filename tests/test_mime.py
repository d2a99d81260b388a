"""Letters as mail: headers that pass a linter, whatever stands in the letter."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.alerts.letter import Letter
from otswatch.alerts.mime import message
from otswatch.alerts.rendering import clean

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
UNSUBSCRIBE = "https://ots.example/subscriptions/unsubscribe?token=abc"
SENDER = "OTS Watch <news@ots.example>"


def letter(subject: str = "Summit", text: str = "Text", keys: tuple[str, ...] = ("story/1",)) -> Letter:
    return Letter("0af3", "security", subject, text, f"<p>{text}</p>", keys, UNSUBSCRIBE)


def lint(data: bytes) -> EmailMessage:
    """Complain of what RFC 5322, 2369 and 8058 do not allow. Returns the mail as a reader's program reads it."""
    head, _, body = data.partition(b"\r\n\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data), "a line ends with CR LF"
    assert max(map(len, data.split(b"\r\n"))) <= 998
    head.decode("ascii")
    body.decode("ascii")
    unfolded = re.sub(rb"\r\n[ \t]", b" ", head).split(b"\r\n")
    names = [line.partition(b":")[0].decode() for line in unfolded]
    assert all(re.fullmatch(r"[!-9;-~]+", name) for name in names)
    assert len({name.lower() for name in names}) == len(names), "each header once"
    mail = message_from_bytes(data, policy=policy.default)
    assert not mail.defects
    assert {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Id"} <= set(mail.keys())
    assert re.fullmatch(r"<[^\s<>@]+@[^\s<>@]+>", mail["Message-ID"])
    assert parsedate_to_datetime(mail["Date"]) == NOW
    # As it stands: programs that look for it decode nothing.
    assert any(re.fullmatch(rb"List-Unsubscribe: <https://[^\s<>]+>", line) for line in unfolded)
    assert any(re.fullmatch(rb"List-Id: <[a-z0-9_.-]+>", line) for line in unfolded)
    assert any(re.fullmatch(rb"Message-ID: <[^\s<>@=?]+@[^\s<>@=?]+>", line) for line in unfolded)
    assert {part["Content-Transfer-Encoding"] for part in mail.iter_parts()} == {"quoted-printable"}
    assert max(map(len, body.split(b"\r\n"))) <= 76, "RFC 2045"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    return mail


def test_a_mail_has_both_parts_and_can_be_ended_by_one_click() -> None:
    mail = lint(message(letter("Zirve Bakü'de", "Түркі мемлекеттері"), SENDER, "ayse@ministry.example", NOW).as_bytes())
    assert mail["Subject"] == "Zirve Bakü'de"
    assert mail["To"] == "ayse@ministry.example"
    assert "Түркі мемлекеттері" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Түркі мемлекеттері" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert mail["X-OTSWatch-Keys"] == "story/1"


@given(st.lists(st.text("SаüЖ=?_(),", max_size=30), max_size=60).map(" ".join) | st.just("=?utf-8?q?a=0D=0ABcc:_b?="))
def test_a_subject_is_read_as_it_was_written(subject: str) -> None:
    mail = lint(message(letter(subject), SENDER, "a@b.example", NOW).as_bytes())
    assert mail["Subject"] == clean(subject)


def test_long_addresses_and_names_stay_as_they_are() -> None:
    made = replace(letter(), id="7" * 40, subscription="s" * 64, unsubscribe=UNSUBSCRIBE + "A1b-_c." * 90)
    data = message(made, f"News <news@{'ministry-' * 6}of.example>", "a@b.example", NOW).as_bytes()
    lint(data)
    assert f"\r\nList-Unsubscribe: <{made.unsubscribe}>\r\n".encode() in data
    assert b"=?" not in data.partition(b"\r\n\r\n")[0]


def test_a_mail_is_the_same_when_it_is_handed_in() -> None:
    made = message(replace(letter("Саммит " * 40), unsubscribe=UNSUBSCRIBE * 3), SENDER, "a@b.example", NOW)
    handed_in = BytesIO()
    BytesGenerator(handed_in, policy=made.policy).flatten(made, linesep="\r\n")
    assert handed_in.getvalue() == made.as_bytes()
    assert lint(made.as_bytes())["Subject"] == ("Саммит " * 40).strip()


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://ots.example/\r\nBcc: a@b", "https://a.example/> <b"]
)
def test_what_is_no_address_is_no_link(address: str) -> None:
    mail = message(replace(letter(), unsubscribe=address), SENDER, "a@b.example", NOW)
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert mail["Bcc"] is None


def test_one_letter_to_one_reader_has_one_id() -> None:
    ids = {
        (to, message(letter(), SENDER, to, moment)["Message-ID"])
        for to in ("a@b.example", "c@b.example")
        for moment in (NOW, datetime(2026, 5, 5, tzinfo=UTC))
    }
    assert len(ids) == 2


def test_without_a_public_address_there_is_nothing_to_click() -> None:
    mail = message(Letter("1", "s", "S", "T", "<p>T</p>", ()), SENDER, "a@b.example", NOW)
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None


@given(subject=st.text(max_size=400), text=st.text(max_size=3000), keys=st.lists(st.text(max_size=60), max_size=30))
def test_nothing_in_a_letter_gets_out_of_its_place(subject: str, text: str, keys: list[str]) -> None:
    made = letter(f"{subject}\r\nBcc: all@evil.example", text, tuple(keys))
    mail = lint(message(made, SENDER, "a@b.example", NOW).as_bytes())
    assert mail["Bcc"] is None
    assert mail["Subject"] == clean(made.subject)
