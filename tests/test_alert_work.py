"""The consumer `alert` with its sending thread, over real SMTP: from a mark on `indexed` to a mail with its headers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from otswatch.alerts import sending
from otswatch.alerts.composing import Composing
from otswatch.alerts.ledger import Ledger, Open
from otswatch.alerts.outlets import Outlet
from otswatch.alerts.sending import Sending
from otswatch.bus import Message
from otswatch.consumers.alert import AlertWork
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Quarantined, Result
from otswatch.index import Search, every
from otswatch.index.projection import project_article
from otswatch.records import Indexed
from otswatch.settings import Settings
from otswatch.stores import Stores, open_stores
from otswatch.subscriptions import Subscription
from otswatch.subscriptions.consent import LETTERS
from otswatch.subscriptions.kept import Subscriptions
from otswatch.subscriptions.tokens import Tokens
from tests.alerting import article, quote, subscription
from tests.mailbox import Mailbox
from tests.processes import eventually

SUMMIT = article("a", "Leaders meet at the summit in Baku", quote("q1", "We will build one transit corridor"))


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with Mailbox(tmp_path / "mail.jsonl") as mailbox:
        yield mailbox


@pytest.fixture
def settings(tmp_path: Path, mailbox: Mailbox) -> Settings:
    return Settings(
        data=tmp_path / "data", config=tmp_path / "otswatch.d", mail=mailbox.address, page="https://ots.example/"
    )


@pytest.fixture
def stores(settings: Settings) -> Iterator[Stores]:
    with open_stores(settings) as stores:
        yield stores


def mark(value: bytes = b"", origin: str | None = None) -> Message:
    made = Indexed(kind="articles", id="a", version=SUMMIT.version, at=datetime.now(UTC)).to_json()
    return Message("indexed", 0, 0, "a", value or made, {"origin": origin} if origin else {}, datetime.now(UTC))


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_reader_is_asked_confirms_and_is_told(settings: Settings, stores: Stores, mailbox: Mailbox) -> None:
    kept = Subscriptions(stores.state, settings.config)
    kept.add(subscription(channels=["mailto:ayse@ministry.example"]))
    stores.index.put([project_article(SUMMIT)])
    work = AlertWork(Context(settings, stores.index, stores.state))
    try:
        eventually(mailbox.taken)
        [asked] = mailbox.mails
        link = next(word for word in body(asked, "plain").split() if "token=" in word)
        assert link.startswith("https://ots.example/subscriptions/confirm?token=")
        kept.confirm(*Tokens(stores.state).read(link.partition("token=")[2], "confirm"))
        # It moved to another story in the moment when it came, which is no news; that it came is.
        damaged, *looked_at = work([mark(b"{"), mark(), mark(origin="moved")])
    finally:
        work.close()
    assert isinstance(damaged, Quarantined)
    assert looked_at == [Result(), Result()]
    mail = mailbox.mails[-1]
    assert mail["Subject"] == "Leaders meet at the summit in Baku – wire"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "unsubscribe?token=" in mail["List-Unsubscribe"]
    assert "We will build one transit corridor" in body(mail, "html")
    [arrived] = Ledger(stores.state).arrived()
    assert arrived.attempts == 1
    [shown] = every(stores.index, Search("ledger", sort="at"))
    assert (shown["id"], shown["status"], shown["subscription"]) == (arrived.letter, "sent", "summits")
    assert "ministry.example" not in str(shown)


def test_a_reader_who_could_not_be_asked_is_asked_later(
    settings: Settings, stores: Stores, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Subscriptions(stores.state, settings.config)
    kept.add(subscription(channels=["mailto:ayse@ministry.example"]))
    moments = [datetime.now(UTC) + timedelta(hours=hours) for hours in range(0, 144, 2)]
    clock = iter(moments)
    monkeypatch.setattr(sending, "_now", lambda: next(clock))
    asking = Sending(settings, stores.state, stores.index)
    mailbox.down()
    for moment in moments[:36]:
        assert kept.to_ask(moment)
        asking._ask()
        assert not kept.to_ask(moment), "not at once"
    mailbox.up()
    for _ in moments[36:]:
        asking._ask()
    asking._channels.close()
    asking._slot.release()
    assert len(mailbox.taken()) == LETTERS


def test_a_morning_page_is_composed(settings: Settings, stores: Stores) -> None:
    stores.index.put([project_article(SUMMIT)])
    asked = Subscription.model_validate(
        {"id": "morning", "sends": "morning", "rhythm": {"every": "day"}, "channels": ["mailto:a@b.example"]}
    )
    due = (SUMMIT.trace.first_seen or datetime.now(UTC)) + timedelta(hours=1)
    composing = Composing(settings, stores.state, stores.index)
    letter = composing(Outlet(asked, asked.channels[0]), Open(letter="1", due=due, made=due, news=()), {})
    assert letter.id == "1"
    assert "Morning page" in letter.subject
    assert "Leaders meet at the summit in Baku" in letter.text
    assert letter.unsubscribe
