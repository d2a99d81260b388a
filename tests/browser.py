"""A real browser, for what only a browser can show. Scripts are off unless a test needs them on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
#: Nothing of its own: no updates, no phoning home, no sandbox (which a container does not allow).
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def path() -> str:
    """Where Chromium is. Where there is none the test is skipped; on CI, which has one, it fails."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        word = f"no Chromium on PATH ({', '.join(_NAMES)}): install it to see the pages as a reader does"
        if os.environ.get("CI") == "true":
            pytest.fail(word)
        pytest.skip(word)
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser, ended at the end."""
    executable = path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
