"""Digests over real SMTP around the nights in which clocks are changed: at which local time the server took each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from otswatch.alerts.channels import Channels
from otswatch.alerts.letter import Letter
from otswatch.subscriptions import Subscription
from tests.alerting import Newsroom, Post, article, subscription
from tests.mailbox import Mailbox

STEP = timedelta(minutes=30)
DAYS = 4


@dataclass
class Mailed(Post):
    """Letters go to a mail server."""

    channels: Channels | None = None

    def send(self, letter: Letter, channel: str) -> None:
        super().send(letter, channel)
        assert self.channels
        self.channels.send(letter, channel)


def reader(zone: str, **rhythm: str) -> Subscription:
    name = f"{zone.partition('/')[2]}-{rhythm['every']}".lower()
    return subscription(name, channels=[f"mailto:{name}@example.org"], zone=zone, rhythm=rhythm)


READERS = [
    reader("Europe/Budapest", every="day", at="08:00"),
    reader("Europe/Budapest", every="week", at="07:30", on="monday"),
    reader("Europe/Istanbul", every="day", at="08:00"),  # its clock is never changed
    reader("America/New_York", every="day", at="02:30"),
]


@pytest.mark.parametrize(
    ("friday", "changed"),
    [("2026-03-27", "Europe"), ("2026-10-23", "Europe"), ("2026-03-06", "America"), ("2026-10-30", "America")],
)
def test_digests_come_at_the_readers_hour_when_clocks_are_changed(tmp_path: Path, friday: str, changed: str) -> None:
    begins = datetime.fromisoformat(friday).replace(tzinfo=UTC)
    arrived: dict[str, list[datetime]] = {}
    with (
        Mailbox(tmp_path / "mail.jsonl") as mailbox,
        Channels(mail=mailbox.address, sender="w@ots.example") as post,
    ):
        room = Newsroom(tmp_path, READERS, post=Mailed(channels=post), now=begins)
        for step in range(int(DAYS * timedelta(days=1) / STEP)):
            if step % 6 == 0:
                room.publish(article(f"a{step}", f"Summit, report {step}"))
            before = len(mailbox.taken())
            room.letters(minutes=STEP / timedelta(minutes=1))
            for line in mailbox.taken()[before:]:
                arrived.setdefault(line["to"], []).append(room.now)
    for each in READERS:
        [address] = (channel.removeprefix("mailto:") for channel in each.channels)
        zone, rhythm = ZoneInfo(each.zone), each.rhythm
        local = [moment.astimezone(zone) for moment in arrived[address]]
        if rhythm.every == "week":
            assert [f"{at:%a %H:%M}" for at in local] == ["Mon 07:30"]
            continue
        assert [at.date() for at in local] == [local[0].date() + timedelta(days=day) for day in range(DAYS)]
        # In March 02:30 is left out in New York: the first moment behind the gap is 03:00.
        gaps = 1 if changed == "America" and each.zone.startswith("America") and begins.month == 3 else 0
        assert [f"{at:%H:%M}" for at in local if at.time() != rhythm.at] == ["03:00"] * gaps
