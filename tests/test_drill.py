"""The drill at reduced size: the real processes killed at ten moments leave the same index as an undisturbed run."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.drill import compare, moments, play
from tests.crawling import source
from tests.factory import ABOUT, ELSEWHERE
from tests.site import Answer, Listed, Site, rss

PAGES = 150


@pytest.mark.slow
def test_killed_at_ten_moments_it_ends_with_the_same_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTSWATCH_WORKERS", "1")  # twelve consumers are started, and each worker takes seconds of a core
    with Site() as site:
        listed = [f"/news/{number}" for number in range(PAGES)]
        for number, path in enumerate(listed):
            page = ELSEWHERE if number % 5 == 0 else ABOUT
            more = f" It will be number {number // 3}."  # copies, so that stories have something to group
            site[path] = Answer(page.format(title=f"Meeting {number}", more=more))
        site["/news/7"] = Answer(b"%PDF-1.7", content_type="text/html")
        site["/feed.xml"] = rss(*(Listed(path, title=None) for path in listed))
        sources = [source(site.url())]
        said: list[str] = []
        calm = play(tmp_path / "calm", site, sources, (), said.append)
        disturbed = play(tmp_path / "disturbed", site, sources, moments(PAGES), said.append)
    assert len(said) == 10
    assert compare(calm, disturbed, PAGES) == []
    assert len(calm.articles) == PAGES - 1
