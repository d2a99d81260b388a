"""The same newsroom through the embedded stores and through the real servers: the same articles, word for word."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.digest import lines
from deploy.stack import Elasticsearch, Kafka
from otswatch.consumers.topology import CONSUMERS
from otswatch.demo.newsroom import Newsroom
from otswatch.provision import provision
from otswatch.settings import Settings
from tests.newsroom import Pass
from tests.stack import MARKS

pytestmark = MARKS


def timeless(article: str) -> dict[str, Any]:
    """The article without a date of "3 hours ago" and the name of its story: the two were seen some seconds apart."""
    record: dict[str, Any] = json.loads(article)
    del record["story"]
    published = record["published"]
    if published and published["evidence"][0]["rule"].startswith("ago/"):
        del record["published"], record["date_candidates"]
    return record


def together(articles: Mapping[str, str]) -> set[frozenset[str]]:
    """The articles of each story."""
    stories: defaultdict[str, set[str]] = defaultdict(set)
    for id_, article in articles.items():
        if story := json.loads(article)["story"]:
            stories[story["id"]].add(id_)
    return set(map(frozenset, stories.values()))


def test_the_servers_give_the_same_articles_as_embedded(
    kafka_server: Kafka, elasticsearch_server: Elasticsearch, tmp_path: Path
) -> None:
    servers = {"bus": kafka_server.url, "index": elasticsearch_server.url, "namespace": "newsroom"}
    with Newsroom() as newsroom:
        embedded = Pass(newsroom, tmp_path / "embedded")
        large = Pass(newsroom, tmp_path / "large", **servers)
        provision(Settings.load(**large.settings))
        for each in (embedded, large):
            each.work()
    with embedded.stores() as one, large.stores() as other:
        other.index.refresh()
        expected, found = lines(one.index), lines(other.index)
        assert len(expected) > 60
        assert found.keys() == expected.keys()
        assert [id_ for id_ in expected if timeless(found[id_]) != timeless(expected[id_])] == []
        assert together(found) == together(expected)
        for consumer in CONSUMERS:
            assert [m.key for m in other.bus.read(f"quarantine.{consumer}")] == [
                m.key for m in one.bus.read(f"quarantine.{consumer}")
            ]
