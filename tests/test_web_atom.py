"""Any search as a feed: Atom is valid by RFC 4287, readable by feedparser, with no moment that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from starlette.testclient import TestClient

from otswatch.index import Hits
from otswatch.records import Article, Content, Trace
from otswatch.search_request import SearchRequest
from otswatch.web import atom
from otswatch.web.names import Names
from tests import strategies, web
from tests.web import SCRIPT

NAMES = Names({}, {}, {}, {})
HOME = "http://localhost:8484"
A = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with web.reader(tmp_path_factory.mktemp("newsroom")) as client:
        yield client


def valid(feed: bytes) -> Any:
    """The feed's element, after what RFC 4287 asks of every feed and entry."""
    root = etree.fromstring(feed)
    for element in (root, *root.findall(f"{A}entry")):
        for name in ("id", "title", "updated"):
            [found] = element.findall(f"{A}{name}")
            assert found.text or name == "title"
        assert re.match(r"urn:otswatch:(search|article):\S*$", element.findtext(f"{A}id"))
        for moment in (*element.findall(f"{A}updated"), *element.findall(f"{A}published")):
            assert MOMENT.fullmatch(moment.text)
        links = [(link.get("rel"), link.get("type"), link.get("href")) for link in element.findall(f"{A}link")]
        assert len({link[0] for link in links}) == len(links)
        assert all(re.match(r"https?://[^\s<>\"]+$", href) for _, _, href in links)
    for entry in root.findall(f"{A}entry"):
        assert entry.findtext(f"{A}author/{A}name") is not None
        assert entry.find(f"{A}link[@rel='alternate']") is not None
    ids = [entry.findtext(f"{A}id") for entry in root.findall(f"{A}entry")]
    assert len(ids) == len(set(ids))
    return root


def test_a_search_is_a_feed_with_itself_and_its_page(client: TestClient):
    answer = client.get("/search.atom?q=ministers&area=security")
    assert answer.headers["content-type"] == "application/atom+xml"
    links = {link.get("rel"): link.get("href") for link in valid(answer.content).findall(f"{A}link")}
    assert links["self"] == f"{HOME}/search.atom?q=ministers&area=security"
    assert links["alternate"] == f"{HOME}/search?q=ministers&area=security"


def test_a_feed_keeps_the_switch(client: TestClient):
    root = valid(client.get("/search.atom?q=Turkic+Council&exact=1").content)
    assert not root.findall(f"{A}entry")
    assert root.findtext(f"{A}title") == "OTS Watch: Turkic Council"
    assert all("exact=1" in str(link.get("href")) for link in root.findall(f"{A}link"))
    assert valid(client.get("/search.atom?q=Turkic+Council").content).findall(f"{A}entry")


def test_feedparser_reads_entries_with_authors_areas_and_both_links(client: TestClient):
    feed = feedparser.parse(client.get("/search.atom?size=50").content)
    assert not feed.bozo
    entries = {entry.id: entry for entry in feed.entries}
    entry = entries["urn:otswatch:article:ministers"]
    assert (entry.title, entry.author) == ("Interior ministers meet in Samarkand", "Daily Sabah")
    assert {link.rel: link.href for link in entry.links} == {
        "alternate": "https://dailysabah.example/ministers",
        "related": f"{HOME}/articles/ministers",
    }
    assert "security" in {tag.term for tag in entry.tags}
    assert "urn:otswatch:article:discarded" not in entries


def test_published_is_there_only_where_the_moment_is_known(client: TestClient):
    root = valid(client.get("/search.atom").content)
    entries = {entry.findtext(f"{A}id").rpartition(":")[2]: entry for entry in root.findall(f"{A}entry")}
    assert entries["ministers"].findtext(f"{A}published") == "2026-03-02T14:05:00+05:00"
    assert entries["official"].find(f"{A}published") is None
    assert entries["official"].findtext(f"{A}summary").startswith("[2 March 2026] ")
    assert entries["undated"].findtext(f"{A}summary").startswith("[undated] ")


def test_hostile_words_stay_words(client: TestClient):
    root = valid(client.get("/search.atom").content)
    assert not root.xpath("//*[local-name()='script']")
    assert any(SCRIPT in (title.text or "") for title in root.iter(f"{A}title"))
    [entry] = [entry for entry in root.findall(f"{A}entry") if "scripted" in entry.findtext(f"{A}id")]
    assert [link.get("href") for link in entry.findall(f"{A}link")] == [f"{HOME}/articles/scripted"]


def test_a_long_feed_goes_on_and_an_empty_one_is_valid(client: TestClient):
    first = valid(client.get("/search.atom?size=2").content)
    further = first.find(f"{A}link[@rel='next']").get("href")
    assert valid(client.get(further.removeprefix(HOME)).content).findall(f"{A}entry")
    assert not valid(client.get("/search.atom?q=nobodywroteofthis").content).findall(f"{A}entry")


def test_what_xml_cannot_hold_is_left_out():
    content = Content(title="a\x00b\x0b\ufffe🙂", text="c\x1b[1m", language="en", extractor="x/1")
    article = Article(id="x\x00", url=None, source=None, content=content, trace=Trace(first_seen=web.NOW))
    root = valid(atom.feed(SearchRequest(q="\x00"), Hits(1, 0, (article.to_dict(),), None), NAMES, HOME))
    assert root.findtext(f"{A}entry/{A}title") == "ab🙂"


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.model(Article))
def test_any_article_makes_a_valid_feed(article: Article):
    hits = Hits(1, 0, (article.replace(id=f"a{article.id}").to_dict(),), None)
    valid(atom.feed(SearchRequest(), hits, NAMES, HOME))


def test_the_json_feed_says_the_same(client: TestClient):
    answer = client.get("/search.json?size=2")
    assert answer.headers["content-type"] == "application/feed+json"
    feed, atom_feed = answer.json(), valid(client.get("/search.atom?size=2").content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{HOME}/search.json?size=2"
    assert [item["id"] for item in feed["items"]] == [e.findtext(f"{A}id") for e in atom_feed.findall(f"{A}entry")]
    assert [item["title"] for item in feed["items"]] == [
        e.findtext(f"{A}title") for e in atom_feed.findall(f"{A}entry")
    ]
    following = client.get(feed["next_url"].removeprefix(HOME)).json()
    assert {item["id"] for item in following["items"]}.isdisjoint(item["id"] for item in feed["items"])
    for item in client.get("/search.json?size=50").json()["items"]:
        assert MOMENT.fullmatch(item["date_modified"])
        assert "date_published" not in item or MOMENT.fullmatch(item["date_published"])
        assert re.match(r"https?://", item.get("external_url", item["url"]))
        assert item["authors"][0]["name"]
