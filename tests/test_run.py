"""`otswatch run` as a user has it: up without a network, collecting from sources, and hard to kill."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from otswatch.bus import Lag, Outgoing
from otswatch.cli.run import Screen
from otswatch.errors import DependencyDownError
from otswatch.index.projection import project_article
from otswatch.settings import Settings
from otswatch.stores import open_stores
from otswatch.supervisor import Line
from tests.commandline import otswatch
from tests.crawling import source
from tests.factory import ABOUT, article
from tests.processes import PATIENCE, alive, children, eventually, family
from tests.scraping import answering, free_ports
from tests.site import Answer, Listed, Site, rss

pytestmark = pytest.mark.slow


class Run:
    """A running `otswatch run` over a folder of its own."""

    def __init__(self, process: subprocess.Popen[str], screen: Path) -> None:
        self.process = process
        self._screen = screen

    @property
    def said(self) -> str:
        return self._screen.read_text(encoding="utf-8")

    @property
    def page(self) -> str:
        """Where the page is."""
        return eventually(lambda: re.findall(r"^page +(\S+)$", self.said, re.M))[0]

    def titles(self) -> list[str]:
        """What a reader finds."""
        try:
            with urllib.request.urlopen(f"{self.page}/api/articles") as answer:  # noqa: S310 - our own
                return [article["content"]["title"] for article in json.load(answer)["articles"]]
        except OSError:
            return []  # not up yet, or just killed


@contextmanager
def running(folder: Path, *sources: dict[str, Any], **settings: str) -> Iterator[Run]:
    written = folder / "otswatch.d" / "sources"
    written.mkdir(parents=True)
    (written / "test.yaml").write_text(yaml.safe_dump(list(sources)), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTSWATCH_")}
    told = {f"OTSWATCH_{name.upper()}": value for name, value in {"workers": "1", **settings}.items()}
    command = [sys.executable, "-m", "otswatch", "run", "--listen", "127.0.0.1:0", *(each["id"] for each in sources)]
    screen = folder / "screen.txt"
    with screen.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, cwd=folder, env={**kept, **told}, stderr=out, text=True)
    try:
        yield Run(process, screen)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def up(page: str) -> bool:
    try:
        with urllib.request.urlopen(page) as answer:  # noqa: S310 - our own
            return answer.status == 200
    except OSError:
        return False


def publish(site: Site, *numbers: int) -> None:
    for number in numbers:
        site[f"/news/{number}"] = Answer(ABOUT.format(title=f"Ministers meet {number}", more=f" Number {number}."))
    site["/feed.xml"] = rss(*(Listed(f"/news/{number}") for number in numbers))


def test_without_a_network_it_is_up_honest_and_quiet(tmp_path: Path):
    unreachable = [source("http://nowhere.invalid", f"s{number}", every=0.05) for number in range(30)]
    with running(tmp_path, *unreachable) as run:
        eventually(lambda: "sources could be reached" in run.said)
        eventually(lambda: up(run.page))
        assert run.titles() == []
        time.sleep(8)  # some more rounds
    assert run.process.returncode == 0
    told = [line for line in run.said.splitlines() if "crawl" in line.split()[:2]]
    assert len(told) == 1, run.said
    assert "none of 30 sources could be reached (fetch-failed: robots.txt: DNS lookup failed" in told[0]
    assert "is there a network?" in told[0]


def test_articles_appear_and_children_killed_one_by_one_come_back(tmp_path: Path):
    with Site() as site:
        publish(site, 1)
        with running(tmp_path, source(site.url(), every=0.02), allowed_hosts=site.host) as run:
            assert eventually(run.titles) == ["Ministers meet 1"]
            for number, name in enumerate(("crawl", "consume", "serve", "watchdog"), start=2):
                before = children(run.process.pid)[name]
                os.kill(before, signal.SIGKILL)
                # A process that was just killed is seen for a moment longer.
                eventually(lambda: children(run.process.pid).get(name) not in {None, before})  # noqa: B023 - asked at once
                publish(site, *range(1, number + 1))
                eventually(lambda: f"Ministers meet {number}" in run.titles())  # noqa: B023 - as above
            consume = children(run.process.pid)["consume"]
            workers = family(consume)
            os.kill(consume, signal.SIGKILL)
            eventually(lambda: not any(alive(worker) for worker in workers))
            assert workers
            everyone = family(run.process.pid)
            assert len(everyone) >= 2
        assert run.process.returncode == 0
        assert [site.asked(f"/news/{number}") for number in range(1, 6)] == [1] * 5
    eventually(lambda: not any(alive(pid) for pid in everyone))
    assert "ended (signal 9)" in run.said
    assert "1 new" in run.said


def test_children_do_not_outlive_a_supervisor_that_was_killed(tmp_path: Path):
    with Site() as site:
        publish(site, 1)
        with running(tmp_path, source(site.url(), every=0.02), allowed_hosts=site.host) as run:
            eventually(run.titles)
            everyone = family(run.process.pid)
            busy = otswatch("run", folder=tmp_path)
            assert (busy.code, "another `otswatch run` works in" in busy.error) == (2, True)
            run.process.kill()
            run.process.wait()
            eventually(lambda: not any(alive(pid) for pid in everyone))


def test_each_child_shows_its_metrics_on_a_port_of_its_own(tmp_path: Path):
    first = free_ports(4)
    with running(tmp_path, source("http://nowhere.invalid"), metrics=f"127.0.0.1:{first}") as run:
        for place, child in enumerate(("crawl", "consume", "serve", "watchdog")):
            found = eventually(lambda: answering(f"127.0.0.1:{first + place}"))  # noqa: B023 - asked at once
            assert {name.split("_")[1] for name in found.types if name.startswith("otswatch_")} == {"alive", child}
        assert up(run.page)
    assert run.process.returncode == 0
    assert "ended" not in run.said


def test_a_store_that_is_down_for_a_moment_does_not_end_the_run(tmp_path: Path, monkeypatch):
    configured = Settings.load(data=tmp_path)
    with open_stores(configured) as stores:
        screen = Screen(stores, configured)

        def down(group: str, topics: Sequence[str]) -> list[Lag]:
            raise DependencyDownError("locked by another process")

        monkeypatch.setattr(stores.bus, "lag", down)
        screen.look()


def test_the_same_silent_sources_are_no_news_in_whatever_order_they_fell_silent(tmp_path: Path, monkeypatch):
    told = io.StringIO()
    monkeypatch.setattr("otswatch.cli.run.err", Console(file=told, width=200))
    facts = {"tried": 2, "answered": 0, "published": 0, "why": "", "next": "2026-01-01T00:00:00+00:00"}
    configured = Settings.load(data=tmp_path)
    with open_stores(configured) as stores:
        screen = Screen(stores, configured)
        for silent in (["a", "b"], ["b", "a"]):
            screen.say(Line("crawl", "crawl.round", {**facts, "silent": silent}))
    assert told.getvalue().count("none of 2 sources could be reached") == 1


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EPIPE])
def test_a_screen_that_cannot_be_written_does_not_end_the_run(tmp_path: Path, monkeypatch, error: int):
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(error, os.strerror(error))

    # Where nobody reads any more (EPIPE), rich redirects standard output: this one is the test run's.
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    configured = Settings.load(data=tmp_path)
    with open_stores(configured) as stores:
        screen = Screen(stores, configured)
        monkeypatch.setattr("otswatch.cli.run.err", Console(file=Full()))
        screen.say(Line("crawl", "hangs", {"seconds": 900.0}))
        stores.index.put([project_article(article("a", "Ministers of the Organization of Turkic States met."))])
        stores.bus.publish([Outgoing("indexed", "a", b"{}")])
        for _ in range(2):
            screen.look()


def test_what_cannot_work_is_said_at_once(tmp_path: Path):
    with Site() as site:
        said = otswatch("run", "--listen", site.host, folder=tmp_path)
        assert (said.code, "is taken" in said.err) == (2, True)
        said = otswatch("run", folder=tmp_path, listen="127.0.0.1:0", metrics=site.host)
        assert (said.code, f"{site.host} is taken" in said.error) == (2, True)
    assert otswatch("run", "nobody", folder=tmp_path).error.startswith("no source 'nobody'")
    (tmp_path / "otswatch.d" / "sources").mkdir(parents=True)
    (tmp_path / "otswatch.d" / "sources" / "mine.yaml").write_text("- id: 7", encoding="utf-8")
    assert otswatch("run", folder=tmp_path).code == 2
