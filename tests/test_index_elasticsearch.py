"""What only the index on Elasticsearch has: what the server refuses, its limits, points in time, and provisioning.

Everything here runs on the real server. What it does rarely is made to happen: a node with a queue of one, or a proxy
that answers once what a busy server answers.
"""

from __future__ import annotations

import base64
import copy
import http.client
import json
import random
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import elasticsearch
import pytest

from deploy.stack import Downloads, Elasticsearch
from deploy.stack.server import free_port
from otswatch import elastic
from otswatch.errors import ConfigError, DependencyDownError, NewerDataError, StorageFullError, UsageError
from otswatch.index import MAX_SIZE, SCORE, Document, Hits, Index, Put, Range, Search, mapping
from otswatch.index.elasticsearch import ElasticsearchIndex
from otswatch.index.mapping import kinds
from otswatch.index.templates import provision_index
from otswatch.query import MAX_DEPTH, And, Or, Word, parse
from tests.conformance.conftest import forget
from tests.conformance.indexes import NOON, counts, document, found, put
from tests.serving import serving
from tests.stack import MARKS, require

pytestmark = MARKS

#: Every way to ask.
CALLS: dict[str, Callable[[Index], object]] = {
    "put": lambda index: index.put([document("a")]),
    "get": lambda index: index.get("articles", "a"),
    "search": lambda index: index.search(Search()),
    "search by score": lambda index: index.search(Search(sort=SCORE)),
    "facets": lambda index: index.facets(Search(), ["area"]),
    "timeline": lambda index: index.timeline(Search(), "published", "day"),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@pytest.fixture
def client(elasticsearch_server: Elasticsearch) -> Iterator[elasticsearch.Elasticsearch]:
    with elastic.connect(elasticsearch_server.url) as connected:
        yield connected


@pytest.fixture
def namespace(client: elasticsearch.Elasticsearch) -> Iterator[str]:
    name = uuid.uuid4().hex[:8]
    yield name
    forget(client, name)


@pytest.fixture
def index(client: elasticsearch.Elasticsearch, namespace: str) -> ElasticsearchIndex:
    provision_index(client, namespace, ["articles"])
    return ElasticsearchIndex(client, namespace)


@contextmanager
def changed(monkeypatch: pytest.MonkeyPatch, **properties: Any) -> Iterator[dict[str, Any]]:
    """Other templates than those in mappings/: with these fields, null for one that they do not have."""
    real = mapping.template
    head = {"version": 1}

    def template(kind: str) -> dict[str, Any]:
        made = copy.deepcopy(real(kind)) | head
        known = made["template"]["mappings"]["properties"]
        known |= properties
        made["template"]["mappings"]["properties"] = {name: field for name, field in known.items() if field}
        return made

    with monkeypatch.context() as patch:
        patch.setattr(mapping, "template", template)
        yield head


# ------------------------------------------------------------------------------------------------- what is in the way


@every_call
def test_a_missing_alias_is_said_and_no_index_is_made(
    client: elasticsearch.Elasticsearch, call: Callable[[Index], object]
) -> None:
    name = uuid.uuid4().hex[:8]
    with pytest.raises(DependencyDownError, match="run `otswatch provision`"):
        call(ElasticsearchIndex(client, name))
    assert not client.indices.exists(index=f"{name}-otswatch-articles")


@every_call
def test_a_server_that_is_down_is_said(call: Callable[[Index], object]) -> None:
    index = ElasticsearchIndex(elastic.connect(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(DependencyDownError, match="does not answer"):
        call(index)
    with pytest.raises(DependencyDownError, match="does not answer"):
        index.refresh()
    index.close()


def test_an_older_mapping_is_no_articles_fault(
    client: elasticsearch.Elasticsearch, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with changed(monkeypatch, story=None, modified=None):
        provision_index(client, namespace, ["articles"])
    index = ElasticsearchIndex(client, namespace)
    with pytest.raises(DependencyDownError, match=r"\[story\].*run `otswatch provision`"):
        index.put([document("a"), document("b", story="s1")])
    with pytest.raises(DependencyDownError, match=r"\[modified\].*run `otswatch provision`"):
        index.search(Search(sort="modified"))
    lines = provision_index(client, namespace, ["articles"])
    assert lines == [f"{namespace}-otswatch-articles-v1: added modified, story"]
    assert [result.result for result in put(index, document("a"), document("b", story="s1"))] == ["stored", "stored"]
    assert found(index, "story:s1") == ["b"]


def test_what_the_server_refuses_is_refused_with_its_reason_and_the_neighbours_are_stored(
    client: elasticsearch.Elasticsearch, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with changed(monkeypatch, kind={"type": "integer"}):
        provision_index(client, namespace, ["articles"])
    index = ElasticsearchIndex(client, namespace)
    results = put(index, document("a"), document("bad", kind="news"), document("b", kind="7"))
    assert [result.result for result in results] == ["stored", "refused", "stored"]
    assert "failed to parse field [kind] of type [integer]" in results[1].reason
    assert 'For input string: "news"' in results[1].reason
    assert "\n" not in results[1].reason
    assert found(index) == ["a", "b"]


def test_a_full_disk_is_said_and_work_goes_on_when_there_is_room(
    client: elasticsearch.Elasticsearch, namespace: str, index: ElasticsearchIndex
) -> None:
    name = f"{namespace}-otswatch-articles-v1"
    # What the server does to an index by itself, when its disk passes the last watermark.
    client.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": True})
    with pytest.raises(StorageFullError, match="make room"):
        index.put([document("a")])
    client.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": None})
    assert index.put([document("a")]) == [Put("a", "stored")]


@every_call
def test_a_closed_index_is_said(
    client: elasticsearch.Elasticsearch, namespace: str, index: ElasticsearchIndex, call: Callable[[Index], object]
) -> None:
    client.indices.close(index=f"{namespace}-otswatch-articles-v1")
    with pytest.raises(DependencyDownError, match="closed"):
        call(index)


def test_a_second_index_behind_the_alias_is_said(
    client: elasticsearch.Elasticsearch, namespace: str, index: ElasticsearchIndex
) -> None:
    client.indices.create(index=f"{namespace}-otswatch-articles-v9", aliases={f"{namespace}-otswatch-articles": {}})
    with pytest.raises(DependencyDownError, match="no write index"):
        index.put([document("a")])
    with pytest.raises(ConfigError, match=r"articles-v1, .*articles-v9: take all but one out of the alias"):
        provision_index(client, namespace, ["articles"])


# ------------------------------------------------------------------------------------------------------ a busy server


@contextmanager
def proxy(server: str, answer: Callable[[bytes], tuple[int, bytes] | None]) -> Iterator[tuple[str, list[bytes]]]:
    """Stands before a server. `answer` is given each body of a bulk request: what it returns is the answer, and the
    server does not see the request; null lets it pass. Yields its address and the bodies of all bulk requests.
    """
    seen: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            given = None
            if "/_bulk" in self.path:
                seen.append(body)
                given = answer(body)
            status, content = given or self._asked(body)
            self.send_response(status)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=9")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _asked(self, body: bytes) -> tuple[int, bytes]:
            connection = http.client.HTTPConnection(server.removeprefix("http://"))
            connection.request(self.command, self.path, body, dict(self.headers))
            said = connection.getresponse()
            content = said.read()
            connection.close()
            return said.status, content

        do_PUT = do_POST = _pass  # noqa: N815 - the names that are called

        def log_message(self, *_: object) -> None:
            """Nothing."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    with serving(listener):
        yield f"http://127.0.0.1:{listener.server_port}", seen


_REJECTED = {"type": "es_rejected_execution_exception", "reason": "rejected execution: queue capacity = 1"}


def _ids(body: bytes) -> list[str]:
    return [json.loads(line)["index"]["_id"] for line in body.splitlines()[::2]]


@pytest.mark.parametrize("status", [429, 503])
def test_only_what_the_server_was_too_busy_for_is_sent_again(
    elasticsearch_server: Elasticsearch, namespace: str, index: ElasticsearchIndex, status: int
) -> None:
    """The first request is answered as a busy server does it: the first document is there, for the others no room."""

    def answer(body: bytes) -> tuple[int, bytes] | None:
        if len(seen) > 1:
            return None
        assert index.put([document("a")])[0].result == "stored"
        rejected = [{"index": {"status": status, "error": _REJECTED}}] * (len(_ids(body)) - 1)
        return 200, json.dumps({"items": [{"index": {"status": 201}}, *rejected]}).encode()

    with proxy(elasticsearch_server.url, answer) as (url, seen):
        behind = ElasticsearchIndex(elastic.connect(url), namespace)
        results = put(behind, document("a"), document("b"), document("c"))
        behind.close()
    assert [result.result for result in results] == ["stored", "stored", "stored"]
    assert [_ids(body) for body in seen] == [["a", "b", "c"], ["b", "c"]]
    assert found(index) == ["a", "b", "c"]


def test_of_two_with_one_version_the_later_one_stands_also_when_the_first_had_to_wait(
    elasticsearch_server: Elasticsearch, namespace: str, index: ElasticsearchIndex
) -> None:
    earlier, later = document("a", title="Earlier"), document("a", title="Later")

    def answer(body: bytes) -> tuple[int, bytes] | None:
        if len(seen) > 1:
            return None
        assert index.put([later, document("b")])[0].result == "stored"
        rejected = {"index": {"status": 429, "error": _REJECTED}}
        stored = {"index": {"status": 201}}
        return 200, json.dumps({"items": [rejected, stored, stored]}).encode()

    with proxy(elasticsearch_server.url, answer) as (url, seen):
        behind = ElasticsearchIndex(elastic.connect(url), namespace)
        put(behind, earlier, later, document("b"))
        behind.close()
    assert [_ids(body) for body in seen] == [["a", "a", "b"], ["a", "a"]]
    assert index.get("articles", "a") == {"id": "a", "title": "Later"}


def test_a_server_that_stays_busy_is_left_alone_after_a_while(
    elasticsearch_server: Elasticsearch, namespace: str, index: ElasticsearchIndex
) -> None:
    busy = 429, json.dumps({"error": {"root_cause": [_REJECTED], **_REJECTED}, "status": 429}).encode()
    with proxy(elasticsearch_server.url, lambda _: busy) as (url, seen):
        behind = ElasticsearchIndex(elastic.connect(url), namespace)
        with pytest.raises(DependencyDownError, match=r"too busy .*queue capacity = 1"):
            behind.put([document("a")])
        behind.close()
    assert len(seen) == 7


@pytest.fixture(scope="module")
def narrow_server() -> Iterator[Elasticsearch]:
    """A node that takes one write at a time and lets one more wait, and no request over a megabyte."""
    require(kafka=False)
    narrow = {"thread_pool.write.size": "1", "thread_pool.write.queue_size": "1", "http.max_content_length": "1mb"}
    server = Elasticsearch(Downloads().elasticsearch(), narrow)
    try:
        server.start()
        yield server
    finally:
        server.remove()


def test_more_writers_than_the_server_takes_get_everything_in(narrow_server: Elasticsearch) -> None:
    client = elastic.connect(narrow_server.url)
    provision_index(client, "crowd", ["articles"])
    index = ElasticsearchIndex(client, "crowd")
    results: list[Put] = []

    def write(worker: int) -> None:
        for n in range(5):
            batch = [document(f"{worker}-{n}-{m}", text="zirve " * 200) for m in range(100)]
            while True:  # as the runner does
                try:
                    results.extend(index.put(batch))
                    break
                except DependencyDownError:
                    continue

    writers = [threading.Thread(target=write, args=(worker,)) for worker in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    index.refresh()
    assert [result.result for result in results] == ["stored"] * 4_000
    assert index.search(Search(query=parse("zirve"), size=0)).total == 4_000
    pools = client.nodes.stats(metric="thread_pool")["nodes"].values()
    assert sum(node["thread_pool"]["write"]["rejected"] for node in pools) > 0, "it was never too busy"
    index.close()


def test_a_request_that_is_too_large_is_halved_until_it_fits(narrow_server: Elasticsearch) -> None:
    client = elastic.connect(narrow_server.url)
    provision_index(client, "large", ["articles"])
    index = ElasticsearchIndex(client, "large")
    large = [Document("articles", f"a{n}", 1, {"title": "Zirve"}, {"text": "x" * 300_000}) for n in range(9)]
    huge = Document("articles", "huge", 1, {"title": "Zirve"}, {"text": "x" * 1_500_000})
    results = put(index, *large, huge)
    assert [result.result for result in results] == ["stored"] * 9 + ["refused"]
    assert "more than the server takes" in results[-1].reason
    assert index.search(Search(size=0)).total == 9
    index.close()


# ------------------------------------------------------------------------------------------------------------- limits


def test_a_batch_of_many_megabytes_goes_in_several_requests(
    elasticsearch_server: Elasticsearch, namespace: str, index: ElasticsearchIndex
) -> None:
    many = [Document("articles", f"a{n:04}", 1, {}, {"text": "x" * (2_000_000 if n < 7 else 10)}) for n in range(1_207)]
    with proxy(elasticsearch_server.url, lambda _: None) as (url, seen):
        behind = ElasticsearchIndex(elastic.connect(url), namespace)
        results = behind.put(many)
        behind.close()
    assert [result.id for result in results] == [doc.id for doc in many]
    assert {result.result for result in results} == {"stored"}
    assert max(map(len, seen)) <= 10_000_000
    assert [len(_ids(body)) for body in seen] == [4, 1_000, 203]


def test_the_largest_page_knows_whether_there_is_another(index: ElasticsearchIndex) -> None:
    put(index, *(document(f"a{n}") for n in range(3)))
    assert index.search(Search(size=MAX_SIZE)).after is None
    assert index.search(Search(size=MAX_SIZE, sort=SCORE)).after is None


def test_the_longest_and_deepest_queries_that_can_be_read_are_answered(index: ElasticsearchIndex) -> None:
    put(
        index,
        *(document(f"a{n:03}", title=f"w{n} a b", text=" ".join(f"w{n + m}" for m in range(9))) for n in range(99)),
    )
    deep = "w1"
    for _ in range(MAX_DEPTH // 2):
        deep = f"(a (b OR {deep}))"
    with pytest.raises(UsageError, match="nested more than"):
        parse(f"b OR {deep}")
    for sort in ("first_seen", SCORE):
        assert found(index, f'"{" ".join("a" * 4_990)}"', sort=sort) == []
        assert len(found(index, " OR ".join(f'"w{n} a b"' for n in range(400)), sort=sort, size=200)) == 99
        assert len(found(index, " OR ".join(f"w{n}*" for n in range(400)), sort=sort, size=200)) == 99
        assert len(found(index, deep, sort=sort, size=200)) == 99


def test_a_query_deeper_than_the_server_reads_is_the_callers_mistake(index: ElasticsearchIndex) -> None:
    node = Word("zirve")
    for _ in range(20):
        node = And((Or((node, Word("a"))), Word("b")))  # type: ignore[assignment]  # a tree that grows
    with pytest.raises(UsageError, match=r"nested depth.*make it smaller"):
        index.search(Search(query=node))


def test_moments_are_milliseconds_also_where_they_look_like_years(index: ElasticsearchIndex) -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    moments = {"early": -2_025, "first": 0, "small": 2_025, "next": 2_026, "late": 1_735_689_600_000}
    put(index, *(document(name, published=epoch + timedelta(milliseconds=n)) for name, n in moments.items()))
    small = epoch + timedelta(milliseconds=2_025)
    assert found(index, ranges={"published": Range(small, small + timedelta(milliseconds=1))}) == ["small"]
    order = ["late", "next", "small", "first", "early"]
    assert found(index, sort="published") == order
    seen, after = [], None
    for _ in order:
        hits = index.search(Search(sort="published", size=1, after=after))
        seen.append(hits.documents[0]["id"])
        after = hits.after
    assert (seen, after) == (order, None)


def test_the_largest_version_and_any_id_are_possible(index: ElasticsearchIndex) -> None:
    ids = ["..", "a/b?c=d#e", "%2e", "_all", "ʻ 🕊", "x" * 512, '"']
    put(index, *(document(name, version=(1 << 63) - 1) for name in ids))
    assert [index.get("articles", name) for name in ids] == [{"id": name, "title": None} for name in ids]
    assert sorted(found(index)) == sorted(ids)
    assert index.put([document("..", version=(1 << 63) - 2)])[0].result == "stale"
    assert index.get("articles", "") is None
    assert index.get("articles", "x" * 5_000) is None


def test_values_that_a_field_cannot_have_are_found_nowhere(index: ElasticsearchIndex) -> None:
    put(index, document("a", quotes=12, undated=True), document("b", quotes=-3, undated=False))
    assert found(index, filters={"quotes": ["012", "12.0", "+12", "١٢", "9" * 99, "-3"]}) == ["b"]
    assert found(index, filters={"undated": ["TRUE", "", "1", "yes"]}) == []
    assert found(index, filters={"area": ["x" * 40_000]}) == []


def test_whole_numbers_with_one_count_are_in_the_order_of_their_digits(index: ElasticsearchIndex) -> None:
    put(index, *(document(f"a{n}", quotes=n) for n in (2, 10, 1, 33, -5)))
    assert counts(index.facets(Search(), ["quotes"], size=4)["quotes"]) == [("-5", 1), ("1", 1), ("10", 1), ("2", 1)]
    assert index.facets(Search(), ["quotes", "area"], size=0) == {"quotes": [], "area": []}
    assert index.facets(Search(), []) == {}


# ---------------------------------------------------------------------------------------------------- points in time


def _points(client: elasticsearch.Elasticsearch) -> int:
    nodes = client.nodes.stats(metric="indices", index_metric="search")["nodes"].values()
    return sum(node["indices"]["search"]["open_contexts"] for node in nodes)


def _parts(after: str | None) -> list[Any]:
    assert after
    return list(json.loads(base64.urlsafe_b64decode(after + "==")))


def _token(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.fixture
def many(index: ElasticsearchIndex) -> ElasticsearchIndex:
    put(index, *(document(f"a{n}", title="Zirve") for n in range(9)))
    return index


def test_a_point_in_time_is_let_go_of_on_the_last_page(
    client: elasticsearch.Elasticsearch, many: ElasticsearchIndex
) -> None:
    before = _points(client)
    search = Search(query=parse("zirve"), sort=SCORE, size=4)
    first = many.search(search)
    assert _points(client) == before + 1
    second = many.search(Search(query=parse("zirve"), sort=SCORE, size=4, after=first.after))
    last = many.search(Search(query=parse("zirve"), sort=SCORE, size=4, after=second.after))
    assert (len(last.documents), last.after) == (1, None)
    assert many.search(Search(sort=SCORE)).after is None
    assert many.search(Search(sort=SCORE, size=0)).total == 9
    assert _points(client) == before


def test_pages_by_date_keep_nothing_on_the_server(
    client: elasticsearch.Elasticsearch, many: ElasticsearchIndex
) -> None:
    before = _points(client)
    assert many.search(Search(size=4)).after
    assert _points(client) == before


def test_a_point_in_time_that_expired_is_said_with_what_to_do(
    client: elasticsearch.Elasticsearch, many: ElasticsearchIndex
) -> None:
    after = many.search(Search(sort=SCORE, size=4)).after
    client.close_point_in_time(id=_parts(after)[1])  # as the server does by itself after a while
    with pytest.raises(UsageError, match=r"`after` is too old.*start again from the first"):
        many.search(Search(sort=SCORE, size=4, after=after))


def test_a_point_in_time_that_was_made_up_is_the_callers_mistake(many: ElasticsearchIndex) -> None:
    sort, point, *place = _parts(many.search(Search(sort=SCORE, size=4)).after)
    raw = base64.urlsafe_b64decode(point + "==")
    dice = random.Random(5)  # noqa: S311 - the same in every run
    made_up = ["x", "é", "AAAA", point[:-8], point[9:], "W" * 9_999]
    for _ in range(300):
        bent = bytearray(raw)
        for _ in range(dice.randrange(1, 4)):
            bent[dice.randrange(len(bent))] = dice.randrange(256)
        made_up.append(base64.urlsafe_b64encode(bent).decode())
    outcomes = [_outcome(many, _token(sort, forged, *place)) for forged in made_up]
    assert all(outcome is UsageError for outcome in outcomes[:6])
    assert set(outcomes) <= {UsageError, Hits}, "bits that mean nothing may be bent"


@pytest.mark.parametrize(
    "place",
    [[], ["a"], ["1", "a"], [None, "a"], [True, True], [1, 2], [1, "a", 2], [{}, "a"], ["nan", "a"], [1e300, "\ud800"]],
)
def test_a_place_that_no_page_has_is_the_callers_mistake(many: ElasticsearchIndex, place: list[Any]) -> None:
    point = _parts(many.search(Search(sort=SCORE, size=4)).after)[1]
    with pytest.raises(UsageError, match="after"):
        many.search(Search(sort=SCORE, after=_token(SCORE, point, *place)))


def test_a_point_in_time_of_other_documents_shows_none_of_them(
    client: elasticsearch.Elasticsearch, namespace: str, many: ElasticsearchIndex
) -> None:
    provision_index(client, namespace, ["aliases"])
    put(many, Document("aliases", "x", 1, {"article": "a"}, {"secret": "x"}))
    point = client.open_point_in_time(index=f"{namespace}-otswatch-aliases", keep_alive="1m")["id"]
    with pytest.raises(UsageError, match="after"):
        many.search(Search(sort=SCORE, after=_token(SCORE, point, 9.0, "")))


def _outcome(index: Index, after: str) -> type[object]:
    try:
        return type(index.search(Search(sort=SCORE, size=4, after=after)))
    except UsageError:
        return UsageError


# ------------------------------------------------------------------------------------------------------- provisioning


def _state_of(client: elasticsearch.Elasticsearch, namespace: str) -> dict[str, Any]:
    everything = f"{namespace}-otswatch-*"
    return {
        "indices": client.indices.get(index=everything).body,
        "templates": client.indices.get_index_template(name=everything).body,
    }


def test_provisioning_twice_changes_nothing(client: elasticsearch.Elasticsearch, namespace: str) -> None:
    lines = provision_index(client, namespace)
    alias = f"{namespace}-otswatch-"
    assert lines == [f"{alias}{kind}-v1: made, behind {alias}{kind}" for kind in kinds()]
    before = _state_of(client, namespace)
    assert provision_index(client, namespace) == [f"{alias}{kind}-v1: unchanged" for kind in kinds()]
    assert _state_of(client, namespace) == before


def test_two_may_provision_at_once(client: elasticsearch.Elasticsearch, namespace: str) -> None:
    failures: list[BaseException] = []

    def provision() -> None:
        try:
            provision_index(client, namespace, ["articles", "aliases"])
        except BaseException as error:  # noqa: BLE001 - carried over to the main thread
            failures.append(error)

    threads = [threading.Thread(target=provision) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert put(ElasticsearchIndex(client, namespace), document("a"))[0].result == "stored"


def test_lens_can_count_and_draw_every_field_but_text(client: elasticsearch.Elasticsearch, namespace: str) -> None:
    provision_index(client, namespace)
    for kind in kinds():
        known = client.field_caps(index=f"{namespace}-otswatch-{kind}", fields="*")["fields"]
        for field in mapping.mapping_of(kind).fields.values():
            (capability,) = known[field.name].values()
            assert capability["type"] == field.type, f"{kind}.{field.name}"
            assert capability["aggregatable"] == (field.type != "text"), f"{kind}.{field.name}"
            assert capability["searchable"] or not field.indexed, f"{kind}.{field.name}"


def test_an_index_in_the_place_of_the_alias_is_said(client: elasticsearch.Elasticsearch, namespace: str) -> None:
    client.indices.create(index=f"{namespace}-otswatch-articles")
    with pytest.raises(ConfigError, match=r"articles cannot be made or changed: .*same name"):
        provision_index(client, namespace, ["articles"])


def test_a_field_of_another_type_without_a_new_version_is_refused(
    client: elasticsearch.Elasticsearch, namespace: str, index: ElasticsearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        changed(monkeypatch, quotes={"type": "keyword"}),
        pytest.raises(ConfigError, match=r"\[quotes\] cannot be changed"),
    ):
        provision_index(client, namespace, ["articles"])
    assert index.put([document("a", quotes=3)])[0].result == "stored"


def test_a_newer_index_is_left_alone(
    client: elasticsearch.Elasticsearch, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with changed(monkeypatch) as head:
        head["version"] = 2
        provision_index(client, namespace, ["articles"])
    before = _state_of(client, namespace)
    with pytest.raises(NewerDataError, match="articles-v2 was made by a newer otswatch"):
        provision_index(client, namespace, ["articles"])
    assert _state_of(client, namespace) == before


def test_a_new_version_takes_everything_along_also_what_is_written_meanwhile(
    client: elasticsearch.Elasticsearch, namespace: str, index: ElasticsearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    alias = f"{namespace}-otswatch-articles"
    put(index, *(document(f"old{n:04}", version=5, title="Zirve", quotes=n, story="s") for n in range(1_500)))
    put(index, Document("articles", "gone", 7, {"gone": NOON}, {"gone": True}))
    moved = threading.Event()
    waited: list[DependencyDownError] = []
    written: list[str] = []

    def write() -> None:
        while not moved.is_set():
            doc = document(f"new{len(written):04}", version=3, title="Zirve")
            again = document("old0000", version=6 + len(written), title="Other")
            try:
                assert {result.result for result in index.put([doc, again])} == {"stored"}
            except DependencyDownError as error:  # then the same again, as the runner does
                waited.append(error)
                continue
            written.append(doc.id)

    writer = threading.Thread(target=write)
    writer.start()
    with changed(monkeypatch, quotes={"type": "keyword"}, story=None) as head:
        head["version"] = 2
        lines = provision_index(client, namespace, ["articles"])
        moved.set()
        writer.join()
        assert provision_index(client, namespace, ["articles"]) == [f"{alias}-v2: unchanged"]
    assert lines[0].startswith(f"{alias}-v2: made, with 1,5")
    assert lines[1].startswith(f"{alias}: is {alias}-v2 now; {alias}-v1 is kept as it was, closed to writes")
    assert all("write" in str(error) for error in waited)
    index.refresh()
    hits = index.search(Search(query=parse("zirve"), size=MAX_SIZE))
    ids = [str(record["id"]) for record in hits.documents]
    assert sorted(ids) == sorted([f"old{n:04}" for n in range(1, 1_500)] + written)
    assert index.get("articles", "old0000") == {"id": "old0000", "title": "Other"}
    assert index.get("articles", "gone") == {"gone": True}
    assert index.put([document("old0001", version=4)])[0].result == "stale", "versions came along"
    assert list(client.indices.get_alias(name=alias)) == [f"{alias}-v2"]
    properties = client.indices.get_mapping(index=alias)[f"{alias}-v2"]["mappings"]["properties"]
    assert (properties["quotes"], "story" in properties) == ({"type": "keyword"}, False)
    with pytest.raises(elasticsearch.AuthorizationException, match="index write"):
        client.index(index=f"{alias}-v1", document={"id": "x"})


def test_a_new_version_that_was_interrupted_is_finished(
    client: elasticsearch.Elasticsearch, namespace: str, index: ElasticsearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    alias = f"{namespace}-otswatch-articles"
    put(index, document("a", version=5), document("b", version=5))
    client.indices.create(index=f"{alias}-v2")
    stored = {"version": 4, "version_type": "external_gte"}
    client.index(index=f"{alias}-v2", id="a", document={"id": "a", "record": {"id": "an older one"}}, **stored)  # type: ignore[arg-type]  # words
    client.indices.add_block(index=f"{alias}-v1", block="write")
    with pytest.raises(DependencyDownError, match="write"):
        index.put([document("c")])
    with changed(monkeypatch) as head:
        head["version"] = 2
        provision_index(client, namespace, ["articles"])
    assert put(index, document("c"))[0].result == "stored"
    assert [record["id"] for record in index.search(Search()).documents] == ["a", "b", "c"]


def test_a_new_version_that_documents_do_not_fit_changes_nothing_that_is_used(
    client: elasticsearch.Elasticsearch, namespace: str, index: ElasticsearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    alias = f"{namespace}-otswatch-articles"
    put(index, document("a", kind="news"))
    with changed(monkeypatch, kind={"type": "integer"}) as head:
        head["version"] = 2
        with pytest.raises(ConfigError, match=rf"a of {alias}-v1 does not fit {alias}-v2: .*kind.*stays in use"):
            provision_index(client, namespace, ["articles"])
    assert list(client.indices.get_alias(name=alias)) == [f"{alias}-v1"]
    assert put(index, document("b"))[0].result == "stored"
    assert found(index) == ["a", "b"]
