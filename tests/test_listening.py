"""Addresses to listen on that are none."""

from __future__ import annotations

import pytest

from otswatch.errors import UsageError
from otswatch.listening import listening


@pytest.mark.parametrize("host", ["a..b", ".b", "ü" * 70])
def test_what_no_host_can_be_called_is_refused_in_one_line(host: str) -> None:
    with (
        pytest.raises(UsageError, match=rf"cannot listen on {host}:80: .*name.*`--listen 127\.0\.0\.1:0`") as refused,
        listening(f"{host}:80"),
    ):
        pass
    assert "codec" not in str(refused.value)
