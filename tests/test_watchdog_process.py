"""`otswatch watchdog` as an operator has it: real letters by mail and webhook, and what a kill leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from otswatch import health
from otswatch.crawlers import history
from otswatch.crawlers.report import SourceReport
from otswatch.state.sqlite import SqliteState
from otswatch.status import Reason
from tests.commandline import Said, otswatch
from tests.mailbox import Mailbox
from tests.processes import PATIENCE, eventually
from tests.watching import watched
from tests.webhooks import Webhooks

pytestmark = pytest.mark.slow


@pytest.fixture
def hooks(tmp_path: Path) -> Iterator[Webhooks]:
    with Webhooks(tmp_path / "hooks.log") as made:
        yield made


def visited(folder: Path, *, answers: bool, ago: float) -> None:
    """A visit to `altai` ended so many hours ago."""
    state = SqliteState(folder / "data" / "state.sqlite")
    at = datetime.now(UTC) - timedelta(hours=ago)
    counts = {Reason.PUBLISHED: 1} if answers else {Reason.HTTP_ERROR: 1}
    history.record(SourceReport("altai", at, counts, answered=int(answers)), state, at)
    state.close()


def failing(folder: Path) -> None:
    """`altai` has not answered for eight hours."""
    watched(folder / "otswatch.d", "altai")
    visited(folder, answers=True, ago=9)
    for ago in (8, 5, 2, 0.5):
        visited(folder, answers=False, ago=ago)


def items(hooks: Webhooks) -> list[list[dict[str, Any]]]:
    """What each post tells."""
    return [json.loads(body)["items"] for _, _, body in hooks.asked]


def test_a_source_that_fails_is_told_by_mail_and_webhook_again_and_when_it_is_back(
    tmp_path: Path, hooks: Webhooks
) -> None:
    failing(tmp_path)
    with Mailbox(tmp_path / "mail.log") as mailbox:
        told = {
            "operator": f"mailto:ops@example.org,{hooks.url('/ops')}",
            "mail": mailbox.address,
            "mail_from": "OTS Watch <watch@ots.example>",
            "allowed_hosts": hooks.host,
        }

        def look(**more: str) -> Said:
            said = otswatch("watchdog", "--once", folder=tmp_path, **{**told, **more})
            assert said.code == 0, said.err
            return said

        assert "no trouble stands" in look().out
        assert "source-failing/altai" in look().out
        look()
        [[open_]] = items(hooks)
        assert (open_["state"], open_["id"]) == ("open", "source-failing/altai")
        assert open_["evidence"]["failed_visits"] == 4
        assert open_["said"].startswith("altai (altai) has not answered 4 visits in 8 h")
        look(operator_again="0.0001")
        visited(tmp_path, answers=True, ago=0)
        look()
        assert "no trouble stands" in look().out
        assert [each["state"] for [each] in items(hooks)] == ["open", "again", "resolved"]
        subjects = [mail["Subject"] for mail in mailbox.mails]
    assert subjects == [
        "OTS Watch: altai does not answer",
        "OTS Watch: Still there: altai does not answer",
        "OTS Watch: Resolved: altai does not answer",
    ]
    first = mailbox.mails[0]
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["List-Unsubscribe"] is None
    assert first["To"] == "ops@example.org"
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 3
    shown = otswatch("status", folder=tmp_path).out
    assert "Troubles: none" in shown


def test_one_that_was_killed_before_it_heard_sends_the_same_letter_again(tmp_path: Path, hooks: Webhooks) -> None:
    failing(tmp_path)
    told = {"operator": hooks.url("/ops"), "allowed_hosts": hooks.host}
    otswatch("watchdog", "--once", folder=tmp_path, **told)
    hooks.fault(200, seconds=60)
    environment = {**os.environ, **{f"OTSWATCH_{name.upper()}": value for name, value in told.items()}}
    command = [sys.executable, "-m", "otswatch", "watchdog"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)
    eventually(lambda: hooks.asked)
    process.kill()
    process.wait()
    assert otswatch("watchdog", "--once", folder=tmp_path, **told).code == 0
    assert otswatch("watchdog", "--once", folder=tmp_path, **told).code == 0
    ids = [headers["Idempotency-Key"] for _, headers, _ in hooks.asked]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert items(hooks)[0] == items(hooks)[1]


def test_it_lives_until_it_is_told_to_end(tmp_path: Path) -> None:
    watched(tmp_path / "otswatch.d", "altai")
    command = [sys.executable, "-m", "otswatch", "watchdog"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTSWATCH_")}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)
    eventually(lambda: health.read_all(tmp_path / "data"))
    busy = otswatch("watchdog", "--once", folder=tmp_path)
    assert "another `otswatch watchdog`" in busy.err
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    [beat] = health.read_all(tmp_path / "data")
    assert (beat.name, beat.pid, beat.facts) == ("watchdog", process.pid, {"stopped": True})


def test_a_channel_that_cannot_be_is_said_at_once(tmp_path: Path) -> None:
    said = otswatch("watchdog", folder=tmp_path, operator="ops@example.org")
    assert (said.code, said.error.startswith("OTSWATCH_OPERATOR: …: a channel is an address")) == (2, True)
