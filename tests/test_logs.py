"""Log lines: where they go, and that a test can look at them whatever ran before it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import structlog

from otswatch import logs
from otswatch.settings import Settings


@pytest.fixture(autouse=True)
def as_before():
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_logger_that_was_used_can_still_be_given_another_way(tmp_path: Path):
    logs.configure(Settings(data=tmp_path, log_format="json"))
    log = logs.get_logger("otswatch.tests.logs")
    log.warning("before")
    logs.configure(Settings(data=tmp_path, log_format="json"))  # as the next command of the same process does
    with structlog.testing.capture_logs() as captured:
        log.warning("after", fact=1)
    assert captured == [{"event": "after", "fact": 1, "log_level": "warning"}]
