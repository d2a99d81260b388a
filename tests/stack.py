"""The real Kafka and the real Elasticsearch, for what only they can show: one of each for all tests of a process.

Each test makes topics and indices under names of its own. Fixtures for a conftest or a test module:
`from tests.stack import elasticsearch_server, kafka_server`, with `pytestmark = MARKS`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from deploy.stack import Elasticsearch, Kafka, check, running
from otswatch.errors import UsageError

MARKS = [pytest.mark.slow]


def require(*, kafka: bool = True, elasticsearch: bool = True) -> None:
    """Where Java or Maven is missing the test is skipped; on CI it fails."""
    try:
        check(kafka=kafka, elasticsearch=elasticsearch)
    except UsageError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def kafka_server() -> Iterator[Kafka]:
    """A broker with no topics."""
    require(elasticsearch=False)
    with running(elasticsearch=False) as stack:
        assert stack.kafka is not None
        yield stack.kafka


@pytest.fixture(scope="session")
def elasticsearch_server() -> Iterator[Elasticsearch]:
    """A node with no indices."""
    require(kafka=False)
    with running(kafka=False) as stack:
        assert stack.elasticsearch is not None
        yield stack.elasticsearch
