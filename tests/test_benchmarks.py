"""The benchmarks run and find what they should: on few articles, since what they measure is not the point here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks import bench, scale, servers, transactions
from benchmarks.corpus import Corpus
from benchmarks.searches import questions
from benchmarks.servers import Servers
from deploy.stack import Elasticsearch, Kafka
from otswatch.errors import UsageError
from tests.factory import ABOUT, ELSEWHERE, page
from tests.stack import MARKS

PAGES = [page(f"https://x.example/{n}", (ABOUT, ELSEWHERE)[n % 2].format(title=f"Item {n}", more="")) for n in range(6)]


def without_java(**_: bool) -> Iterator[Servers]:
    raise UsageError("no Java here")


def test_generated_articles_are_whole_and_the_same_each_time() -> None:
    corpus = Corpus(60, discarded=0.3)
    articles = list(corpus)
    assert [corpus.article(n) for n in (0, 59)] == [articles[0], articles[-1]]
    assert len({article.id for article in articles}) == 60
    assert 5 < sum(article.status == "discarded" for article in articles) < 35
    seen = [article.trace.first_seen for article in articles if article.trace.first_seen]
    assert seen == sorted(seen)
    for article in articles:
        assert article.content
        spans = [evidence for area in article.areas for evidence in area.evidence] + list(article.quotes)
        assert all(article.content.text[span.start : span.end] == span.text for span in spans)


@pytest.mark.slow
def test_scale_without_java_measures_what_it_can(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(servers, "started", contextmanager(without_java))
    scale.report(Corpus(120))
    printed = capsys.readouterr()
    assert "measured without servers: no Java here" in printed.out
    assert "| **all 210** |" in printed.out
    assert "SQLite: indexing: 120 of 120" in printed.err


@pytest.mark.slow
def test_bench_without_java_measures_what_it_can(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(servers, "started", contextmanager(without_java))
    monkeypatch.setattr(bench, "bench_pages", lambda every: PAGES[::every])
    monkeypatch.setattr("sys.argv", ["bench", "--every", "1", "--kept", "20"])
    bench.main()
    printed = capsys.readouterr().out
    assert "measured without servers: no Java here" in printed
    assert "| pages to indexed, embedded |" in printed
    assert "| articles to indexed, embedded |" in printed
    assert printed.splitlines()[-1].startswith("ratio to bare libraries: ")


class TestOnServers:
    """The real ones."""

    pytestmark = MARKS

    def test_scale_finds_the_same_on_both(
        self,
        elasticsearch_server: Elasticsearch,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setenv("OTSWATCH_INDEX", elasticsearch_server.url)
        scale.report(Corpus(200))
        printed = capsys.readouterr().out
        assert "Elasticsearch 9." in printed
        assert "different number: 0." in printed
        asked = {question.group for question in questions(Corpus(200))}
        assert all(f"| {group} (" in printed for group in asked)

    def test_transactions_are_measured_on_the_same_batches(self, kafka_server: Kafka) -> None:
        costs = transactions.cost(Servers(bus=kafka_server.url), batches=3)
        assert [cost.size for cost in costs] == transactions.sizes()
        assert all(len(cost.pairs) == 3 for cost in costs)
        assert transactions.table(costs).count("\n") == 1 + len(costs)

    def test_bench_runs_on_servers(self, kafka_server: Kafka, elasticsearch_server: Elasticsearch) -> None:
        both = Servers(kafka_server.url, elasticsearch_server.url)
        pages = bench.pipeline(PAGES, both)
        articles = bench.behind_extract(20, both)
        for run, consumers in (
            (pages, ("extract", "archive", "stories", "background", "index", "alert")),
            (articles, ("stories", "index")),
        ):
            assert {name for (name, _), seconds in run.steps.items() if seconds} == set(consumers)
        assert pages.workers > 0
