"""The drill of alerts at reduced size: workers killed at every step, embedded and on the real servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.alerts_drill import play
from benchmarks.servers import EMBEDDED, Servers
from deploy.stack import Elasticsearch, Kafka
from tests.stack import MARKS

STEPS = (
    ("batch.polled", 1),
    ("alert.matched", 1),
    ("alert.intent", 5),
    ("alert.taken", 5),
    ("alert.arrived", 5),
)


def check(folder: Path, servers: Servers) -> None:
    said: list[str] = []
    outcome = play(folder, 200, 30, STEPS, servers=servers, down=2.0, say=said.append)
    assert outcome.faults == [], said
    assert outcome.kills == len(STEPS)
    assert outcome.expected > 300
    assert len(outcome.latencies) >= 200


@pytest.mark.slow
def test_embedded_nothing_is_missing_and_nothing_unasked(tmp_path: Path) -> None:
    check(tmp_path, EMBEDDED)


class TestOnServers:
    pytestmark = MARKS

    def test_nothing_is_missing_and_nothing_unasked(
        self, kafka_server: Kafka, elasticsearch_server: Elasticsearch, tmp_path: Path
    ) -> None:
        check(tmp_path, Servers(kafka_server.url, elasticsearch_server.url))
