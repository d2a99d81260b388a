"""Speed, all in one run: bare trafilatura + htmldate, our stages alone, and pages to indexed, embedded and on servers.

CPU time, of this process and its workers, because these machines are shared: it is what a core gives when nobody else
uses it. Starting the workers is left out on both sides; reading and writing bus, state, index and archive is in. What
Kafka and Elasticsearch spend has a column of its own. Where the stages' own work is not nearly all, it is shown what
the rest is: by consumer and step.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import htmldate
import trafilatura

from benchmarks import transactions
from benchmarks.corpus import Corpus
from benchmarks.pagesets import pages as labelled_pages
from benchmarks.servers import EMBEDDED, Servers, Spent, if_possible, provisioned, spent, thread_cpu
from otswatch import logs, metrics
from otswatch.bus import Outgoing
from otswatch.consumers.consume import Consumers, chosen
from otswatch.consumers.extract import PageTask, warm, work_on_page
from otswatch.consumers.topology import CONSUMERS
from otswatch.records import Page
from otswatch.stores import open_stores
from otswatch.urls import page_id
from tests.factory import page as fetched_page

#: Where the stages' own work is less of the whole than this, it is shown what the rest is.
NEARLY_ALL = 0.85
HERE, THERE = "embedded", "Kafka + Elasticsearch"
K = TypeVar("K")

#: Generated articles that the servers are given before anything is measured.
_WARM = 1000
_REST_SECONDS = 5.0
#: A batch takes seconds.
_STALLED_SECONDS = 180.0
_STEPS = ("poll", "work", "publish")
_WATCH, _CLIENTS, _OTHERS = "watching what waits (every 0.2 s)", "threads of Kafka's clients", "everything else here"


def bench_pages(every: int) -> list[Page]:
    """Every n-th labelled page, or our own small set, as the crawler would publish it."""
    given = [(each.url or f"https://{each.set}.example/{each.id}", each.html) for each in labelled_pages()[::every]]
    if not given:
        own = sorted((Path(__file__).parent / "labelled" / "html").glob("*.html"))
        given = [(f"https://own.example/{turn}/{path.stem}", path.read_bytes()) for turn in range(10) for path in own]
        print("the labelled pages are not there (../shared/eval/pages): measured on our own small ones")
    return [fetched_page(url, html) for url, html in {page_id(url): (url, html) for url, html in given}.values()]


def bare(pages: Sequence[Page]) -> None:
    """What somebody would write on the libraries alone."""
    for page in pages:
        html = page.content().decode("utf-8", "replace")
        trafilatura.extract(html, url=page.url, with_metadata=True)
        htmldate.find_date(html, url=page.url, original_date=True)


def stages(pages: Sequence[Page]) -> None:
    """The stages of `extract` alone, in this process."""
    for page in pages:
        work_on_page(PageTask(page.to_json(), "pages/0/0"))


# -------------------------------------------------------------------------------------------------------- the pipeline


@dataclass(frozen=True)
class Run:
    """What a run of consumers spent.

    `steps`: seconds by the clock by (consumer, step), from the metrics of `consume`. `threads`: CPU seconds of this
    process by who spent them. `workers`: CPU seconds of the worker processes.
    """

    spent: Spent
    steps: Mapping[tuple[str, str], float]
    threads: Mapping[str, float]
    workers: float

    def __sub__(self, start: Run) -> Run:
        return Run(
            self.spent - start.spent,
            _minus(self.steps, start.steps),
            _minus(self.threads, start.threads),
            self.workers - start.workers,
        )


def consume(outgoing: Sequence[Outgoing], consumers: Sequence[str], servers: Servers) -> Run:
    """Publish, and let consumers work until nothing is left, as `otswatch consume --once` does, with one worker."""
    with tempfile.TemporaryDirectory() as scratch, provisioned(Path(scratch), servers) as settings:
        logs.configure(settings)
        threads, steps, workers, before = _Threads(), _steps(), _children(), Spent.so_far(servers)
        with open_stores(settings) as stores:
            stores.bus.publish(outgoing)
            Consumers(chosen(consumers), settings, stores).run(once=True, on_progress=_Progress(threads))
        took, workers = Spent.so_far(servers) - before, _children() - workers
        return Run(took, _minus(_steps(), steps), threads.by_role(took.own - workers), workers)


def pipeline(pages: Sequence[Page], servers: Servers) -> Run:
    """From `pages` to indexed, archived and grouped."""
    return consume([Outgoing("pages", page.id, page.to_json()) for page in pages], [], servers)


def behind_extract(number: int, servers: Servers) -> Run:
    """From `articles` to indexed: so many generated articles, all of which are kept."""
    articles = [Outgoing("articles", each.id, each.to_json()) for each in Corpus(number, discarded=0)]
    return consume(articles, ["stories", "index"], servers)


def _steps() -> dict[tuple[str, str], float]:
    """Seconds by consumer and step since this process started."""
    sample, registry = "otswatch_consume_batch_seconds_sum", metrics.REGISTRIES["consume"]
    return {
        (name, step): registry.get_sample_value(sample, {"consumer": name, "step": step}) or 0.0
        for name in CONSUMERS
        for step in _STEPS
    }


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


class _Threads:
    """CPU seconds of the threads of this process: of each as it was when last looked at."""

    def __init__(self) -> None:
        self._now: dict[tuple[str, int], float] = {}
        self.look()
        self._before, self._now = self._now, {}

    def look(self) -> None:
        """Called while the threads live: of one that has ended nothing more is known."""
        for thread in threading.enumerate():
            if thread.native_id is not None:
                self._now[thread.name, thread.native_id] = thread_cpu(thread.native_id)

    def by_role(self, whole: float) -> dict[str, float]:
        """Of consumers by their names; what is missing from `whole` is put with the others."""
        found: defaultdict[str, float] = defaultdict(float)
        for key, seconds in self._now.items():
            found[_role(key[0])] += seconds - self._before.get(key, 0.0)
        found[_OTHERS] += whole - sum(found.values())
        return found


class _Progress:
    """Looks at the threads now and then; gives up where nothing is finished any more."""

    def __init__(self, threads: _Threads) -> None:
        self._threads = threads
        self._done = (-1, 0.0)

    def __call__(self, done: int, known: int) -> None:
        self._threads.look()
        now = time.monotonic()
        if done != self._done[0]:
            self._done = (done, now)
        elif now - self._done[1] > _STALLED_SECONDS:
            raise AssertionError(f"nothing was finished for {_STALLED_SECONDS:g} s: {done} of {known} messages are")


def _role(thread: str) -> str:
    if thread == "MainThread":
        return _WATCH
    if thread.startswith("kafka-io") or thread.endswith("network-thread"):
        return _CLIENTS
    return thread if thread in CONSUMERS else _OTHERS


def _minus(one: Mapping[K, float], other: Mapping[K, float]) -> dict[K, float]:
    return {key: seconds - other.get(key, 0.0) for key, seconds in one.items()}


# ------------------------------------------------------------------------------------------------------------ printing


@dataclass(frozen=True)
class Row:
    """`number` things that were worked on. `own`: CPU seconds that our stages alone take for them."""

    name: str
    number: int
    spent: Spent
    own: float = 0.0
    run: Run | None = None

    def line(self) -> str:
        """In the table that `table` makes."""
        took, cores = self.spent, (self.spent.own + self.spent.servers) / self.spent.wall
        speed = self.number / took.wall
        figures = (took.own, took.servers, took.wall, self.number / took.own, speed, speed / cores)
        return f"| {self.name} | " + " | ".join(f"{figure:.1f}" for figure in figures) + " |"

    def rest(self) -> Iterator[str]:
        """Where the time goes that is not the stages' own, in lines; none where that is nearly all."""
        run, share = self.run, self.own / self.spent.own
        if run is None or share >= NEARLY_ALL:
            return
        part = f"{1 - share:.0%} of " if self.own else ""
        yield f"\nWhere {part}{self.spent.own:.1f} own CPU s go, {self.name}\n"
        yield "| | poll, wall s | work | publish | CPU s |"
        yield "|---|---:|---:|---:|---:|"
        for consumer in CONSUMERS:
            if any(run.steps[consumer, step] for step in _STEPS):
                walls = " | ".join(f"{run.steps[consumer, step]:.2f}" for step in _STEPS)
                yield f"| {consumer} | {walls} | {run.threads.get(consumer, 0.0):.2f} |"
        for role in (_WATCH, _CLIENTS, _OTHERS):
            yield f"| {role} | | | | {run.threads.get(role, 0.0):.2f} |"
        if self.own:
            yield f"| worker processes, without the stages' {self.own:.1f} s | | | | {run.workers - self.own:.2f} |"


def table(unit: str, rows: Sequence[Row]) -> str:
    """Of what was worked on in the same units."""
    head = f"| | own CPU s | servers' CPU s | wall s | {unit} per own CPU s | {unit}/s | {unit}/s per busy core |"
    return "\n".join((head, "|---|---:|---:|---:|---:|---:|---:|", *(row.line() for row in rows)))


# ----------------------------------------------------------------------------------------------------------- measuring


class Bench:
    """All of it, on the same pages and articles. The libraries and our stages alone are measured at once."""

    def __init__(self, pages: Sequence[Page], kept: int) -> None:
        self._given = pages
        self._kept = kept
        warm()
        bare(pages[:3])
        self._one = spent(lambda: stages(pages[:1]))
        self.bare = self._alone("bare trafilatura + htmldate", bare)
        self.own = self._alone("clean, date, classify, quotes alone", stages)
        #: By where the stores are.
        self.pages: dict[str, Row] = {}
        self.articles: dict[str, Row] = {}
        self.starts: dict[str, Spent] = {}
        #: CPU seconds per second of servers that nobody asks anything.
        self.at_rest = 0.0

    def warm(self, servers: Servers) -> None:
        """Let servers compile what they will run, which is not what they take for a page."""
        say("servers, warming up")
        behind_extract(min(self._kept, _WARM), servers)
        rest = spent(lambda: time.sleep(_REST_SECONDS), servers)
        self.at_rest = rest.servers / rest.wall

    def run(self, where: str, servers: Servers = EMBEDDED) -> None:
        """Pages to indexed; and articles that are kept, which hardly any of the labelled pages is."""
        say(f"pages to indexed, {where}")
        start = pipeline(self._given[:1], servers)
        start = replace(start, spent=start.spent - self._one, workers=start.workers - self._one.own)
        run = pipeline(self._given, servers) - start
        self.pages[where] = self._row(f"pages to indexed, {where}", run.spent, run)
        self.starts[where] = start.spent
        say(f"articles to indexed, {where}")
        run = behind_extract(self._kept, servers) - behind_extract(1, servers)
        self.articles[where] = Row(f"articles to indexed, {where}", self._kept, run.spent, 0.0, run)

    def report(self, costs: Sequence[transactions.Cost]) -> None:
        """Print what was measured."""
        print(f"{len(self._given)} pages, one worker, {os.cpu_count()} cores\n")
        print(table("pages", [self.bare, self.own, *self.pages.values()]))
        print(f"\n{self._kept} generated articles that are all kept, through stories and index\n")
        print(table("articles", list(self.articles.values())))
        if costs:
            print("\nThe same batches consumed and published, with transactions and without\n")
            print(transactions.table(costs))
            print(f"\nat rest the servers take {self.at_rest:.3f} CPU s per second")
        for row in (*self.pages.values(), *self.articles.values()):
            for line in row.rest():
                print(line)
        print()
        for where, row in self.pages.items():
            start = f"starting up took {self.starts[where].own:.1f} s and is left out"
            print(f"the stages' own work is {row.own / row.spent.own:.0%} of the whole ({where}); {start}")
        for where, row in reversed(self.pages.items()):
            name = "" if where == HERE else f" ({where})"
            print(f"ratio to bare libraries{name}: {self.bare.spent.own / row.spent.own:.2f}")

    def _alone(self, name: str, act: Callable[[Sequence[Page]], None]) -> Row:
        say(name)
        return self._row(name, spent(lambda: act(self._given)))

    def _row(self, name: str, took: Spent, run: Run | None = None) -> Row:
        own = self.own.spent.own if run else 0.0
        return Row(name, len(self._given), took, own, run)


def say(what: str) -> None:
    """On standard error: what is being measured."""
    print(what, file=sys.stderr, flush=True)


def main() -> None:
    """Print the figures as tables, the ratio last."""
    parser = argparse.ArgumentParser(description="speed against bare trafilatura + htmldate, embedded and on servers")
    parser.add_argument("--every", type=int, default=4, metavar="N", help="only each N-th page")
    parser.add_argument("--kept", type=int, default=2000, metavar="N", help="generated articles for stories and index")
    parser.add_argument("--batches", type=int, default=40, metavar="N", help="batches with and without transactions")
    args = parser.parse_args()
    bench = Bench(bench_pages(args.every), args.kept)
    bench.run(HERE)
    costs: list[transactions.Cost] = []
    with if_possible() as servers:
        if servers:
            say("transactions")
            costs = transactions.cost(servers, args.batches)
            bench.warm(servers)
            bench.run(THERE, servers)
    bench.report(costs)


if __name__ == "__main__":
    main()
