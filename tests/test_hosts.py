"""Hosts that somebody else named: what a reader of addresses and of `Retry-After` must not fall for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from otswatch.hosts import is_public, retry_after


@pytest.mark.parametrize("address", ["64:ff9b:1::7f00:1", "64:ff9b:1:ffff::808:808", "fec0::1", "feff::1"])
def test_what_a_network_keeps_for_itself_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["64:ff9b::808:808", "2001:4860:4860::8888"])
def test_what_is_beside_it_is(address: str) -> None:
    assert is_public(address)


def test_an_offset_that_no_clock_has_asks_for_no_wait() -> None:
    now = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    assert retry_after("Mon, 04 May 2026 09:01:00 +99999999999999999999", now) == 0
