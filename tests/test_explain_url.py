"""`otswatch explain URL`: fetched as the crawler would, or refused as the crawler would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commandline import otswatch
from tests.factory import ABOUT
from tests.site import Answer, Site

pytestmark = pytest.mark.slow


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        site["/robots.txt"] = Answer("User-agent: *\nDisallow: /secret", content_type="text/plain")
        for path in ("/news/1", "/secret/1"):
            site[path] = Answer(ABOUT.format(title="Ministers meet", more=""))
        yield site


def test_a_page_is_fetched_and_explained(site: Site, tmp_path: Path) -> None:
    said = otswatch("explain", site.url("/news/1"), folder=tmp_path, allowed_hosts=site.host)
    assert said.code == 0, said.error
    assert "2026-03-02T14:05:00+05:00" in said.out
    assert "security" in said.out
    assert site.paths() == ["/robots.txt", "/news/1"]


@pytest.mark.parametrize(
    ("path", "allowed", "reason", "asked"),
    [
        ("/secret/1", True, "robots-disallowed", ["/robots.txt"]),
        ("/news/404", True, "http-error", ["/robots.txt", "/news/404"]),
        ("/news/1", False, "private-address", []),
    ],
)
def test_what_a_crawl_would_not_fetch_is_refused_in_one_line(
    site: Site, tmp_path: Path, path: str, allowed: bool, reason: str, asked: list[str]
) -> None:
    hosts = {"allowed_hosts": site.host} if allowed else {}
    said = otswatch("explain", site.url(path), folder=tmp_path, **hosts)
    assert (said.code, said.out) == (2, "")
    assert reason in said.error
    assert site.paths() == asked
