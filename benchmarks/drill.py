"""Kills the real processes at logged moments of a run, restarts them, and compares with a run that nobody disturbed.

`make drill` plays it on the labelled pages; tests/test_drill.py on a small site. What must hold: the same index (every
article without its trace, fetch clock frozen), every listed page there, and after `extract` exactly one article or
quarantine for each page message.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.digest import lines
from otswatch.consumers.archive import WarcArchive
from otswatch.records import Article
from otswatch.settings import Settings
from otswatch.stores import Stores, open_stores
from tests.crawling import ROOT, Crawls
from tests.processes import alive, eventually, family
from tests.site import Site

PATIENCE = 600.0


@dataclass(frozen=True)
class Moment:
    """When to kill: at the `count`-th line `event` of `consumer`, or at the crawl's `count`-th request."""

    step: str
    consumer: str
    event: str
    count: int

    def __str__(self) -> str:
        return f"{self.step:<8} {self.consumer or 'crawl'} {self.event} #{self.count}"


def moments(pages: int, batch: int = 64) -> tuple[Moment, ...]:
    """Ten, at least one for each step, in an order in which each finds work that the one before left undone."""
    later = 1 + pages // batch // 8
    return (
        Moment("fetch", "", "request", pages // 5 + 1),
        Moment("fetch", "", "request", pages // 3 + 1),
        Moment("archive", "archive", "batch.publishing", 1),
        Moment("poll", "extract", "batch.polled", later),
        Moment("publish", "extract", "batch.publishing", later),
        Moment("commit", "extract", "batch.committed", later),
        Moment("publish", "stories", "batch.publishing", 1),
        Moment("poll", "index", "batch.polled", 1),
        Moment("index", "index", "batch.publishing", 1),
        Moment("commit", "index", "batch.committed", 1),
    )


class Consuming:
    """Real consumers over one data folder."""

    def __init__(self, data: Path, say: Callable[[str], None]) -> None:
        self.data = data
        self.say = say

    def consume(self, moment: Moment | None = None, *consumers: str) -> bool:
        """Consume until nothing is left, or to the moment; all consumers, or these. False when it was killed."""
        environment = {
            **os.environ,
            "OTSWATCH_DATA": str(self.data),
            "OTSWATCH_LOG_LEVEL": "debug",
            "OTSWATCH_LOG_FORMAT": "json",
        }
        command = [sys.executable, "-m", "otswatch", "consume", "--once", *consumers]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=subprocess.PIPE, text=True)
        met = 0
        for line in self._log(process):
            if moment and line.get("event") == moment.event and line.get("consumer") == moment.consumer:
                met += 1
                if met == moment.count:
                    return self.kill(process, moment)
        assert process.wait(PATIENCE) == 0, f"exit code {process.returncode}"
        return True

    def kill(self, process: subprocess.Popen[str], moment: Moment) -> bool:
        """End a process and its children as a power cut does. False, for whoever was killed."""
        children = family(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.say(f"SIGKILL at {moment}: pid {process.pid}")
        eventually(lambda: not any(alive(child) for child in children))
        return False

    def _log(self, process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if line.startswith("{"):
                    yield json.loads(line)
        finally:
            watchdog.cancel()


class Run(Consuming):
    """Real processes over one data folder, the crawl among them."""

    def __init__(
        self, data: Path, site: Site, sources: Sequence[Mapping[str, Any]], say: Callable[[str], None]
    ) -> None:
        super().__init__(data, say)
        self.site = site
        self._sources = sources

    def crawl(self, moment: Moment | None = None) -> bool:
        """Crawl to the end, or to the moment. False when it was killed."""
        crawls = Crawls(self.data)
        asked = len(self.site.log)
        process = crawls.start(*map(dict, self._sources), allowed_hosts=[self.site.host])
        while moment and process.poll() is None:
            if len(self.site.log) - asked >= moment.count:
                return self.kill(process, moment)
            time.sleep(0.001)
        crawls.finish(process)
        return True


@dataclass(frozen=True)
class Result:
    """What a run left behind."""

    articles: Mapping[str, str]
    listed: int
    published_twice: int
    unanswered: tuple[str, ...]
    answered_twice: tuple[str, ...]
    archived: int


def result(stores: Stores, data: Path) -> Result:
    """Count what is in every topic, in the index and in the archive."""
    pages = [(message.address, message.key) for message in stores.bus.read("pages")]
    answers = Counter(str(Article.from_json(message.value).trace.page) for message in stores.bus.read("articles"))
    for message in stores.bus.read("quarantine.extract"):
        answers["/".join(message.headers[name] for name in ("topic", "partition", "offset"))] += 1
    return Result(
        articles=lines(stores.index),
        listed=len({key for _, key in pages}),
        published_twice=len(pages) - len({key for _, key in pages}),
        unanswered=tuple(address for address, _ in pages if answers[address] == 0),
        answered_twice=tuple(address for address, count in answers.items() if count > 1),
        archived=sum(1 for _ in WarcArchive(data / "archive").pages()),
    )


def play(
    data: Path, site: Site, sources: Sequence[Mapping[str, Any]], kills: Sequence[Moment], say: Callable[[str], None]
) -> Result:
    """One run to its end, killed and restarted at each of `kills`."""
    run = Run(data, site, sources, say)
    for part in (run.crawl, run.consume):
        for moment in kills:
            if (moment.consumer == "") == (part == run.crawl):
                assert not part(moment), f"the run was over before {moment}"
        part()
    with open_stores(Settings(data=data)) as stores:
        return result(stores, data)


def compare(calm: Result, disturbed: Result, pages: int) -> list[str]:
    """What does not hold; empty when all does."""
    faults = []
    for name, run in (("undisturbed", calm), ("disturbed", disturbed)):
        if run.listed != pages or run.archived != pages:
            faults.append(f"{name}: {pages} pages were listed, {run.listed} published, {run.archived} archived")
        if run.unanswered or run.answered_twice:
            faults.append(f"{name}: without an outcome {run.unanswered[:3]}, with two {run.answered_twice[:3]}")
    said, again = ({id_: _settled(line) for id_, line in run.articles.items()} for run in (calm, disturbed))
    differing = [id_ for id_ in {**said, **again} if said.get(id_) != again.get(id_)]
    for id_ in differing[:3]:
        before, after = said.get(id_, {}), again.get(id_, {})
        parts = {name: (before.get(name), after.get(name)) for name in before | after}
        faults.append(f"{id_} differs: { ({name: pair for name, pair in parts.items() if pair[0] != pair[1]}) }")
    if differing:
        faults.append(f"{len(differing)} articles differ")
    return faults


def _settled(line: str) -> dict[str, Any]:
    """An article without what hangs on the order in which pages came, which a killed crawl may change.

    That is which one of several copies it was found to be like, and so why. Its story and role are the same in any
    order.
    """
    article: dict[str, Any] = json.loads(line)
    if story := article.get("story"):
        article["story"] = {name: story[name] for name in ("id", "role")}
    return article
