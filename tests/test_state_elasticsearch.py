"""What only the state on Elasticsearch has: a server that can be away, lose an answer, and come back."""

from __future__ import annotations

import http.client
import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice

import elasticsearch
import pytest

from deploy.stack import Elasticsearch, running
from deploy.stack.server import free_port
from otswatch import elastic
from otswatch.errors import DependencyDownError, UsageError
from otswatch.state import elasticsearch as module
from otswatch.state.elasticsearch import ElasticsearchState, provision_state
from tests.serving import serving
from tests.stack import MARKS, require

pytestmark = MARKS

#: Pages of `scan` in tests that need several: small, so that few entries do; and as many as make two and a bit.
PAGE, MANY = 20, 45
EVERY_CALL: dict[str, Callable[[ElasticsearchState], object]] = {
    "get": lambda state: state.get("seen/a"),
    "create": lambda state: state.create("seen/a", 1),
    "compare_and_set": lambda state: state.compare_and_set("seen/a", 1, 1 << 63),
    "put": lambda state: state.put("seen/a", 1),
    "delete": lambda state: state.delete("seen/a", 1 << 63),
    "scan": lambda state: list(state.scan("seen/")),
    "lease": lambda state: state.lease("stories", "one", 10),
    "release": lambda state: state.release("stories", "one"),
}
every_call = pytest.mark.parametrize("call", EVERY_CALL.values(), ids=EVERY_CALL)


@pytest.fixture
def client(elasticsearch_server: Elasticsearch) -> Iterator[elasticsearch.Elasticsearch]:
    with closing(elastic.connect(elasticsearch_server.url)) as opened:
        yield opened


@pytest.fixture
def namespace(client: elasticsearch.Elasticsearch) -> Iterator[str]:
    """Provisioned, and gone at the end."""
    name = uuid.uuid4().hex[:8]
    provision_state(client, name)
    yield name
    client.indices.delete(index=f"{name}-otswatch-state-v1")
    client.indices.delete_index_template(name=f"{name}-otswatch-state")


@pytest.fixture
def state(client: elasticsearch.Elasticsearch, namespace: str) -> ElasticsearchState:
    return ElasticsearchState(client, namespace)


@contextmanager
def proxy(server: str, answer: Callable[[str, bytes], bytes | None]) -> Iterator[tuple[str, list[str]]]:
    """Stands before a server; `answer` is given each request's first line and what the server says to it, and returns
    what the client gets: null is a connection that breaks. Yields its address and the requests that went through.
    """
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = http.client.HTTPConnection(server.removeprefix("http://"))
            with closing(asked):
                asked.request(self.command, self.path, body, dict(self.headers))
                said = asked.getresponse()
                seen.append(self.requestline)
                content = answer(self.requestline, said.read())
            if content is None:
                self.close_connection = True
                return
            self.send_response(said.status)
            for name in ("X-Elastic-Product", "Content-Type"):
                self.send_header(name, said.headers[name])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    with serving(listener):
        yield f"http://127.0.0.1:{listener.server_port}", seen


def test_provisioning_again_keeps_what_is_there(client: elasticsearch.Elasticsearch, namespace: str) -> None:
    state = ElasticsearchState(client, namespace)
    state.put("seen/a", 1)
    assert provision_state(client, namespace) == f"{namespace}-otswatch-state-v1: unchanged"
    entry = state.get("seen/a")
    assert entry
    assert entry.value == 1


def test_a_field_that_is_not_in_the_mapping_is_refused(client: elasticsearch.Elasticsearch, namespace: str) -> None:
    with pytest.raises(elasticsearch.BadRequestError, match="strict_dynamic_mapping_exception"):
        client.index(index=f"{namespace}-otswatch-state", id="seen/a", document={"key": "seen/a", "other": 1})


@every_call
def test_a_missing_alias_is_said_and_no_index_is_made(
    client: elasticsearch.Elasticsearch, call: Callable[[ElasticsearchState], object]
) -> None:
    name = uuid.uuid4().hex[:8]
    with pytest.raises(DependencyDownError, match="run `otswatch provision`"):
        call(ElasticsearchState(client, name))
    assert not client.indices.exists(index=f"{name}-otswatch-state")


@every_call
def test_a_server_that_is_down_is_said(call: Callable[[ElasticsearchState], object]) -> None:
    state = ElasticsearchState(elastic.connect(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(DependencyDownError, match="does not answer"):
        call(state)
    state.close()


@every_call
def test_a_shard_that_is_away_is_said_before_we_give_up_waiting(
    client: elasticsearch.Elasticsearch,
    namespace: str,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[[ElasticsearchState], object],
) -> None:
    index = f"{namespace}-otswatch-state-v1"
    client.indices.delete(index=index)
    client.indices.create(
        index=index,
        aliases={f"{namespace}-otswatch-state": {}},
        settings={"index.routing.allocation.require._name": "nobody"},
        wait_for_active_shards="0",
    )
    monkeypatch.setattr(module, "_SHARD_WAIT", "50ms")
    # A refresh cannot be told how long to wait.
    with pytest.raises(DependencyDownError, match=r"refuses for now \(503|timed out"):
        call(ElasticsearchState(client.options(request_timeout=2), namespace))


def test_a_create_whose_answer_is_lost_is_sent_once_and_may_have_gone_through(
    elasticsearch_server: Elasticsearch, state: ElasticsearchState, namespace: str
) -> None:
    with proxy(elasticsearch_server.url, lambda *_: None) as (url, seen):
        unlucky = ElasticsearchState(elastic.connect(url), namespace)
        with pytest.raises(DependencyDownError):
            unlucky.create("claim/a", "mine")
        unlucky.close()
    assert len(seen) == 1
    assert not state.create("claim/a", "mine"), "as the docstring says: false, though the first try was ours"
    entry = state.get("claim/a")
    assert entry
    assert entry.value == "mine"


def test_a_compare_and_set_whose_answer_is_lost_is_sent_once(
    elasticsearch_server: Elasticsearch, state: ElasticsearchState, namespace: str
) -> None:
    state.create("count/a", 0)
    first = state.get("count/a")
    assert first
    with proxy(elasticsearch_server.url, lambda *_: None) as (url, seen):
        unlucky = ElasticsearchState(elastic.connect(url), namespace)
        with pytest.raises(DependencyDownError):
            unlucky.compare_and_set("count/a", 1, first.version)
        unlucky.close()
    assert len(seen) == 1
    assert not state.compare_and_set("count/a", 1, first.version)


def test_a_lease_whose_answer_is_lost_is_ours_when_we_ask_again(
    elasticsearch_server: Elasticsearch, state: ElasticsearchState, namespace: str
) -> None:
    with proxy(elasticsearch_server.url, lambda line, said: None if "PUT" in line else said) as (url, _):
        unlucky = ElasticsearchState(elastic.connect(url), namespace)
        with pytest.raises(DependencyDownError):
            unlucky.lease("stories", "one", 60)
        unlucky.close()
    assert not state.lease("stories", "other", 60)
    assert state.lease("stories", "one", 60)


def test_a_copy_that_did_not_take_part_in_the_refresh_is_said(
    elasticsearch_server: Elasticsearch, state: ElasticsearchState, namespace: str
) -> None:
    state.put("seen/a", 1)
    failure = {"shard": 0, "reason": {"type": "node_disconnected_exception", "reason": "[other] disconnected"}}
    failed = json.dumps({"_shards": {"total": 2, "successful": 1, "failed": 1, "failures": [failure]}}).encode()
    with proxy(elasticsearch_server.url, lambda line, said: failed if "_refresh" in line else said) as (url, _):
        unlucky = ElasticsearchState(elastic.connect(url), namespace)
        with pytest.raises(DependencyDownError, match=r"cannot refresh .*: \[other\] disconnected"):
            list(unlucky.scan("seen/"))
        unlucky.close()


@pytest.mark.parametrize(
    "key", ["", "x" * 513, "seen/" + "ə" * 254, "seen/\ud800"], ids=["0", "513", "513*", "\\ud800"]
)
@pytest.mark.parametrize("name", ["get", "create", "put", "compare_and_set", "delete"])
def test_a_key_that_no_document_can_have_is_refused(client: elasticsearch.Elasticsearch, name: str, key: str) -> None:
    arguments = {"create": (1,), "put": (1,), "compare_and_set": (1, 1 << 63), "delete": (1 << 63,)}.get(name, ())
    with pytest.raises(UsageError, match="state key"):
        getattr(ElasticsearchState(client), name)(key, *arguments)


def test_any_other_key_is_possible(state: ElasticsearchState) -> None:
    for key in ["x" * 512, "seen/" + "ə" * 253, ".", "..", "../a", "a//b", "%2F", "a?b=c#d", "\0", " ", "*"]:
        assert state.create(key, 1)
        assert not state.create(key, 2)
        entry = state.get(key)
        assert entry
        assert list(state.scan("")) == list(state.scan(key)) == [entry]
        assert entry.key == key
        assert state.delete(key, entry.version)


def test_a_version_that_was_never_given_is_none_of_any_entry(state: ElasticsearchState) -> None:
    state.create("seen/a", 1)
    for version in (-1, 0, 1, (1 << 63) - 1):
        assert not state.compare_and_set("seen/a", 2, version)
        assert not state.delete("seen/a", version)


def test_a_version_is_given_once_however_often_a_key_is_made(state: ElasticsearchState) -> None:
    versions = []
    for value in range(20):
        assert state.create("seen/a", value)
        entry = state.get("seen/a")
        assert entry
        versions.append(entry.version)
        assert state.delete("seen/a", entry.version)
        assert not state.compare_and_set("seen/a", "none", entry.version), "it is gone"
        assert not state.delete("seen/a", entry.version)
    assert versions == sorted(set(versions))


def test_a_scan_gives_versions_to_write_with(state: ElasticsearchState) -> None:
    state.create("seen/a", 1)
    [entry] = state.scan("seen/")
    assert entry == state.get("seen/a")
    assert state.compare_and_set("seen/a", 2, entry.version)
    assert [entry.value for entry in state.scan("seen/")] == [2]


def test_two_clients_see_what_the_other_wrote_in_a_scan_at_once(
    elasticsearch_server: Elasticsearch, state: ElasticsearchState, namespace: str
) -> None:
    other = ElasticsearchState(elastic.connect(elasticsearch_server.url), namespace)
    for number in range(5):
        state.put(f"mark/{number}", number)
        assert [entry.value for entry in other.scan("mark/")] == list(range(number + 1))
        [first, *_] = other.scan("mark/")
        assert other.delete(first.key, first.version)
        assert state.create(first.key, first.value), "deleted by the other client"
    other.close()


def test_a_scan_misses_nothing_and_repeats_nothing_while_others_write(
    state: ElasticsearchState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", PAGE)
    keys = [f"seen/{number:05}" for number in range(MANY)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: state.put(key, 0), keys))
        walk = state.scan("seen/")
        found = [entry.key for entry in islice(walk, 10)]
        # Behind and before the reader: what is there all the time, what comes, and what goes.
        list(pool.map(lambda key: state.put(key, 1), keys))
        list(pool.map(lambda number: state.create(f"seen/{number:05}x", 1), (0, MANY - 1)))
        gone = state.get(keys[-2])
        assert gone
        state.delete(gone.key, gone.version)
        list(state.scan("other/"))  # a refresh: the next page sees all that
        found += [entry.key for entry in walk]
    assert found == sorted(set(found))
    assert set(keys) - set(found) == {keys[-2]}
    assert set(found) - set(keys) == {f"{keys[-1]}x"}


def test_a_scan_that_is_given_up_leaves_nothing_open_on_the_server(
    client: elasticsearch.Elasticsearch, state: ElasticsearchState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", PAGE)
    for number in range(MANY):
        state.put(f"seen/{number:05}", number)
    walk = state.scan("seen/")
    next(walk)
    search = client.indices.stats(index=f"{state._alias}", metric="search")["_all"]["total"]["search"]
    assert search["open_contexts"] == 0


def test_a_restarted_server_still_has_everything_and_no_version_comes_back() -> None:
    require(kafka=False)
    with running(kafka=False) as stack:
        server = stack.elasticsearch
        assert server is not None
        client = elastic.connect(server.url)
        provision_state(client, "")
        state = ElasticsearchState(client)
        state.create("count/a", "first")
        old = state.get("count/a")
        state.put("count/a", {"second": True})
        kept = state.get("count/a")
        state.create("seen/gone", 1)
        deleted = state.get("seen/gone")
        assert old
        assert kept
        assert deleted
        state.delete("seen/gone", deleted.version)

        server.kill()
        with pytest.raises(DependencyDownError, match="does not answer"):
            state.get("count/a")
        server.start()

        assert state.get("count/a") == kept
        assert list(state.scan("")) == [kept]
        assert not state.compare_and_set("count/a", "lost", old.version)
        assert not state.compare_and_set("seen/gone", "back", deleted.version)
        assert state.compare_and_set("count/a", "third", kept.version)
        after = state.get("count/a")
        assert after
        assert after.version not in {old.version, kept.version, deleted.version}
        state.close()
