"""Indexing and searching many generated articles, on SQLite and on Elasticsearch: rates, sizes and times, as a table.

Articles are put in batches, as the consumer `index` does; only one batch is in memory. Then each engine is asked the
same searches, each once, after others like them: an answer that was given before is often kept, and readers seldom ask
the same twice.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.corpus import Corpus
from benchmarks.searches import Question, questions
from benchmarks.servers import EMBEDDED, Servers, Spent, if_possible, provisioned
from otswatch import elastic
from otswatch.consumers.topology import CONSUMERS
from otswatch.index import Index
from otswatch.index.elasticsearch import ElasticsearchIndex
from otswatch.index.projection import project_article
from otswatch.index.sqlite import SqliteIndex
from otswatch.settings import Settings

BATCH = CONSUMERS["index"].batch
#: Articles at most by which it is told what one that is kept takes on disk, and what one that is discarded.
SAMPLE = 5000
_SAY_SECONDS = 2.0


# ------------------------------------------------------------------------------------------------------------- engines


class Engine:
    """An index that can be weighed."""

    name = "engine"
    version = ""

    def __init__(self, index: Index, servers: Servers) -> None:
        self.index = index
        self.servers = servers

    def settle(self) -> str:
        """Wait until what was put is where it stays. Returns what that means, in a few words."""
        raise NotImplementedError

    def size(self) -> int:
        """Bytes on disk, when settled."""
        raise NotImplementedError

    def close(self) -> None:
        self.index.close()


class _Sqlite(Engine):
    name = "SQLite"
    version = sqlite3.sqlite_version

    def __init__(self, settings: Settings) -> None:
        self._path = settings.data / "index.sqlite"
        super().__init__(SqliteIndex(self._path), EMBEDDED)

    def settle(self) -> str:
        self.index.close()
        self.index = SqliteIndex(self._path)
        return "its file, with the log worked into it"

    def size(self) -> int:
        return sum(path.stat().st_size for path in self._path.parent.glob(f"{self._path.name}*"))


class _Elasticsearch(Engine):
    name = "Elasticsearch"

    def __init__(self, settings: Settings, servers: Servers) -> None:
        self._client = elastic.connect(settings.index)
        self._alias = f"{elastic.prefix(settings.namespace)}articles"
        self.version = next(iter(self._client.nodes.info()["nodes"].values()))["version"]
        super().__init__(ElasticsearchIndex(self._client, settings.namespace), servers)

    def settle(self) -> str:
        self.index.refresh()
        self._client.indices.flush(index=self._alias)
        while self._client.indices.stats(index=self._alias, metric="merge")["_all"]["total"]["merges"]["current"]:
            time.sleep(0.2)
        return f"its {len(self._segments())} segments, as the server merges by itself, without a forced merge"

    def size(self) -> int:
        # Not the store of `_stats`: the server works that out every 10 seconds.
        return sum(segment["size_in_bytes"] for segment in self._segments())

    def _segments(self) -> list[Any]:
        indices = self._client.indices.segments(index=self._alias)["indices"]
        return [
            segment
            for index in indices.values()
            for copies in index["shards"].values()
            for copy in copies
            for segment in copy["segments"].values()
        ]


@contextmanager
def opened(servers: Servers) -> Iterator[Engine]:
    """An empty index: on these servers, or embedded."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        provisioned(Path(scratch), servers) as settings,
        closing(_Sqlite(settings) if servers == EMBEDDED else _Elasticsearch(settings, servers)) as engine,
    ):
        yield engine


# ----------------------------------------------------------------------------------------------------------- measuring


@dataclass(frozen=True)
class Measured:
    """What one engine did. `put` is without the making of articles; `kept` and `discarded` are bytes of one article."""

    engine: str
    articles: int
    put: Spent
    size: int
    settled: str
    kept: float
    discarded: float
    #: By group, in the order of the questions: seconds, and how many documents were found.
    answers: dict[str, list[tuple[float, int]]]

    def share(self, fraction: float) -> float:
        """Of the size that is taken by discarded articles where so many are."""
        of_all = fraction * self.discarded, (1 - fraction) * self.kept
        return of_all[0] / sum(of_all)


def measure(articles: Corpus, servers: Servers = EMBEDDED) -> Measured:
    """Fill an engine, weigh it, and ask it everything."""
    sample = min(articles.number, SAMPLE)
    kept, discarded = (_weight(Corpus(sample, share), servers) for share in (0.0, 1.0))
    with opened(servers) as engine:
        put = fill(engine, articles)
        settled = engine.settle()
        size = engine.size()
        # Others first: code and tables that nothing has used yet are not what a search takes.
        ask(engine, questions(articles, seed=2), "warming up")
        answers = ask(engine, questions(articles), "searching")
        name = f"{engine.name} {engine.version}"
        return Measured(name, articles.number, put, size, settled, kept, discarded, answers)


def _weight(articles: Corpus, servers: Servers) -> float:
    """Bytes on disk of one article, in an index of such articles alone."""
    with opened(servers) as engine:
        engine.settle()
        empty = engine.size()
        fill(engine, articles)
        engine.settle()
        return (engine.size() - empty) / articles.number


def fill(engine: Engine, articles: Corpus) -> Spent:
    """Put all of them. Returns what the puts took."""
    took = Spent()
    done = 0
    progress = Progress(f"{engine.name}: indexing", articles.number)
    made = map(project_article, articles)
    while batch := list(islice(made, BATCH)):
        before = Spent.so_far(engine.servers)
        puts = engine.index.put(batch)
        took += Spent.so_far(engine.servers) - before
        assert {put.result for put in puts} == {"stored"}, puts
        done += len(batch)
        progress.say(done)
    return took


def ask(engine: Engine, asked: Iterable[Question], what: str) -> dict[str, list[tuple[float, int]]]:
    """Ask all of it. Returns, by group, how long each answer took and how many documents it found."""
    answers: dict[str, list[tuple[float, int]]] = defaultdict(list)
    given = list(asked)
    progress = Progress(f"{engine.name}: {what}", len(given))
    for number, question in enumerate(given, start=1):
        ready = question.ready(engine.index)
        begin = time.perf_counter()
        found = ready()
        answers[question.group].append((time.perf_counter() - begin, found))
        progress.say(number)
    return answers


class Progress:
    """A line on standard error that tells how far something is, now and then."""

    def __init__(self, what: str, whole: int) -> None:
        self._what = what
        self._whole = whole
        self._begin = self._said = time.monotonic()

    def say(self, done: int) -> None:
        now = time.monotonic()
        if now - self._said < _SAY_SECONDS and done < self._whole:
            return
        self._said = now
        rate = done / max(now - self._begin, 1e-9)
        end = "\n" if done >= self._whole else ""
        print(f"\r{self._what}: {done:,} of {self._whole:,}, {rate:,.0f}/s   ", end=end, file=sys.stderr, flush=True)


# ------------------------------------------------------------------------------------------------------------ printing


def table(engines: Sequence[Measured], fraction: float) -> str:
    """A column for each engine."""
    lines = [_line("", [each.engine for each in engines]), "|---|" + "---:|" * len(engines)]
    for name, figure in _FIGURES.items():
        lines.append(_line(name, [figure(each, fraction) for each in engines]))
    lines.append(_line("**searches: median / 95 % under, ms**", [""] * len(engines)))
    for group in engines[0].answers:
        answers = [each.answers[group] for each in engines]
        lines.append(_line(f"{group} ({_asked(answers[0])})", map(_times, answers)))
    everything = [[answer for group in each.answers.values() for answer in group] for each in engines]
    lines.append(_line(f"**all {len(everything[0])}**", map(_times, everything)))
    return "\n".join(lines)


_FIGURES: dict[str, Callable[[Measured, float], str]] = {
    "put, articles/s": lambda m, _: f"{m.articles / m.put.wall:,.0f}",
    "own CPU, ms an article": lambda m, _: f"{1000 * m.put.own / m.articles:.2f}",
    "server's CPU, ms an article": lambda m, _: f"{1000 * m.put.servers / m.articles:.2f}",
    "size on disk, MB": lambda m, _: f"{m.size / 1e6:,.1f}",
    "bytes an article": lambda m, _: f"{m.size / m.articles:,.0f}",
    "… that is kept": lambda m, _: f"{m.kept:,.0f}",
    "… that is discarded": lambda m, _: f"{m.discarded:,.0f}",
    "size taken by discarded ones": lambda m, fraction: f"{m.share(fraction):.0%}",
}


def _line(name: str, cells: Iterable[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


def _asked(answers: Sequence[tuple[float, int]]) -> str:
    return f"{len(answers)}, finding {median(found for _, found in answers):,.0f}"


def _times(answers: Sequence[tuple[float, int]]) -> str:
    seconds = sorted(second for second, _ in answers)
    return f"{1000 * median(seconds):,.1f} / {1000 * seconds[int(0.95 * (len(seconds) - 1) + 0.5)]:,.1f}"


def _differences(one: Measured, other: Measured) -> int:
    """How many of the searches found another number of documents."""
    pairs = [zip(one.answers[group], other.answers[group], strict=True) for group in one.answers]
    return sum(first[1] != second[1] for pair in pairs for first, second in pair)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="indexing and searching many generated articles on both indexes")
    parser.add_argument("--articles", type=int, default=100_000, metavar="N")
    parser.add_argument("--fraction-discarded", type=float, default=0.5, metavar="F", help="of all, from 0 to 1")
    args = parser.parse_args()
    report(Corpus(args.articles, args.fraction_discarded))


def report(articles: Corpus) -> None:
    """Print the table of all engines that this machine has."""
    engines = [measure(articles)]
    with if_possible(kafka=False) as servers:
        if servers:
            engines.append(measure(articles, servers))
    print(f"{articles.number:,} generated articles, {articles.discarded:.0%} of them discarded, put {BATCH} at a time;")
    print(f"Python {platform.python_version()}, elasticsearch-py {version('elasticsearch')}, {os.cpu_count()} cores;")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"this process never had more than {memory:,.0f} MiB\n")
    print(table(engines, articles.discarded))
    print()
    for each in engines:
        print(f"Size of {each.engine}: {each.settled}.")
    if len(engines) == 2:
        print(f"Searches for which the two found a different number: {_differences(*engines)}.")


if __name__ == "__main__":
    main()
