"""Dashboards, lists and rules on the real Elasticsearch, with the project's own mappings: each finds what it shows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import elasticsearch
import pytest
from lxml import html

from deploy.stack import Elasticsearch
from otswatch import elastic
from otswatch.index import Document
from otswatch.index.elasticsearch import ElasticsearchIndex
from otswatch.index.templates import provision_index
from otswatch.kibana.bundle import bundle
from otswatch.kibana.drawing import draw
from otswatch.kibana.verify import Server, verify
from otswatch.kibana.verify.rules import request, told_at
from tests.conformance.conftest import forget
from tests.kibana_draft import Draft
from tests.kibana_faults import SERVER, break_somewhere
from tests.kibana_sample import fill
from tests.stack import MARKS

pytestmark = MARKS

#: When the rules' looks begin.
SEEN = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def client(elasticsearch_server: Elasticsearch) -> Iterator[elasticsearch.Elasticsearch]:
    with elastic.connect(elasticsearch_server.url) as connected:
        yield connected


@pytest.fixture(scope="module")
def namespace(
    elasticsearch_server: Elasticsearch, client: elasticsearch.Elasticsearch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """One with the demo's newsroom in it, which nothing here changes."""
    name = f"k{uuid.uuid4().hex[:8]}"
    fill(elasticsearch_server.url, name, tmp_path_factory.mktemp("newsroom"))
    yield name
    forget(client, name)


@pytest.fixture(scope="module")
def server(client: elasticsearch.Elasticsearch) -> Server:
    return Server(client)


def test_everything_finds_something_and_nothing_is_wrong(server: Server, namespace: str):
    assert verify(bundle(namespace), server) == []


def test_the_page_draws_every_panel_and_counts_what_is_there(server: Server, namespace: str):
    page = html.fromstring(draw(bundle(namespace), server))
    assert [heading.text for heading in page.cssselect("h2")] == [
        f"[OTS Watch {namespace}] {name}" for name in ("Areas", "Overview", "Pipeline", "Sources", "Who said what")
    ]
    panels = page.cssselect(".panel")
    assert len(panels) > 40
    for panel in panels:
        assert panel.cssselect(".number, .bar, td"), panel.text_content()
    numbers = {p.cssselect("h3")[0].text: p.cssselect(".number")[0].text for p in panels if p.cssselect(".number")}
    assert numbers["Watched"] == "9"
    assert numbers["Answering"] == "8"
    assert numbers["Quarantined"] == "1"
    assert int(numbers["Alerts"]) >= 2


@pytest.mark.parametrize("name", SERVER)
def test_a_planted_fault_is_found_as_what_it_is(server: Server, namespace: str, name: str):
    fault, where, edit = SERVER[name]
    draft = Draft(namespace)
    edit(draft)
    found = verify(draft.texts(), server)
    assert {finding.fault for finding in found} == {fault}, found
    assert any(where in finding.where for finding in found), found


def test_whatever_is_broken_is_judged_and_no_crash(server: Server, namespace: str):
    dice = Random(10)  # noqa: S311 - the same in every run
    for _ in range(150):
        draft = Draft(namespace)
        break_somewhere(draft, dice.choice)
        assert verify(draft.texts(), server) is not None


class TestARule:
    """Looks of one rule, as Kibana makes them: a body from `request`, and the newest time told from the answer."""

    @pytest.fixture
    def index(self, client: elasticsearch.Elasticsearch) -> Iterator[ElasticsearchIndex]:
        name = f"r{uuid.uuid4().hex[:8]}"
        provision_index(client, name, ["articles"])
        self._params = Draft(name).rule("New statements and communiqués")["params"]
        self._client, self._told = client, None
        yield ElasticsearchIndex(client, name)
        forget(client, name)

    def put(self, index: ElasticsearchIndex, id_: str, minutes: float, **fields: object) -> None:
        """A statement that is first seen so many minutes after `SEEN`."""
        first_seen = SEEN + timedelta(minutes=minutes)
        given = {"status": "ok", "kind": "statement", "first_seen": first_seen, **fields}
        index.put([Document("articles", id_, 1, given, {})])
        index.refresh()

    def look(self, minutes: int) -> list[str]:
        """Ids that are told at a look so many minutes after `SEEN`."""
        [index] = self._params["index"]
        body = request(self._params, SEEN + timedelta(minutes=minutes), self._told)
        answer = self._client.search(index=index, **body)
        self._told = told_at(dict(answer), self._told)
        return [hit["_id"] for hit in answer["hits"]["hits"]]

    def test_tells_each_statement_once(self, index: ElasticsearchIndex):
        self.put(index, "first", 1)
        assert self.look(5) == ["first"]
        assert self.look(10) == []
        self.put(index, "second", 11)
        assert self.look(15) == ["second"]
        assert self.look(20) == []

    def test_tells_what_was_published_long_ago_and_is_seen_now(self, index: ElasticsearchIndex):
        self.put(index, "new", 1, published=SEEN)
        assert self.look(5) == ["new"]
        self.put(index, "late", 6, published=SEEN - timedelta(days=400))
        self.put(index, "undated", 7)
        assert self.look(10) == ["undated", "late"]

    def test_by_publication_it_would_never_tell_what_is_late(self, index: ElasticsearchIndex):
        """Why the verifier refuses such a rule."""
        self.put(index, "new", 1, published=SEEN + timedelta(minutes=1))
        self._params["timeField"] = "published"
        assert self.look(5) == ["new"]
        self.put(index, "late", 6, published=SEEN)
        assert self.look(10) == []

    def test_looks_far_enough_back_when_one_look_is_late(self, index: ElasticsearchIndex):
        self.put(index, "first", 1)
        assert self.look(12) == ["first"]

    def test_tells_what_is_findable_within_ten_minutes_of_first_sight(self, index: ElasticsearchIndex):
        """The worst moment: just after a look, so that the next one comes five minutes later."""
        assert self.look(10) == []
        self.put(index, "slow", 0)
        assert self.look(15) == ["slow"]

    def test_does_not_tell_what_is_findable_after_its_window(self, index: ElasticsearchIndex):
        self.put(index, "slower", 0)
        assert self.look(16) == []

    @pytest.mark.parametrize("minutes", [5, 1 / 60_000])
    def test_never_tells_what_is_findable_after_something_seen_later_was_told(
        self, index: ElasticsearchIndex, minutes: float
    ):
        """A limit of such rules, which the reference states: no window helps, and a millisecond is enough."""
        self._params["timeWindowSize"] = 24 * 60
        self.put(index, "b", minutes)
        assert self.look(6) == ["b"]
        self.put(index, "a", 0)
        assert self.look(11) == []

    def test_never_tells_what_is_behind_the_newest_that_one_look_takes(self, index: ElasticsearchIndex):
        self._params["size"] = 2
        for minutes in range(3):
            self.put(index, f"seen-{minutes}", minutes)
        assert self.look(5) == ["seen-2", "seen-1"]
        assert self.look(10) == []

    def test_tells_no_news_and_nothing_that_was_not_kept(self, index: ElasticsearchIndex):
        self.put(index, "news", 1, kind="news")
        self.put(index, "passing", 1, status="discarded")
        assert self.look(5) == []
