"""A good guest: what is not requested, how often, and never in a private network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.errors import ConfigError
from otswatch.hosts import allowed_hosts, is_public, retry_after
from tests.crawling import Crawls, source
from tests.serving import serving
from tests.site import Answer, Asked, Listed, Site, rss

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def site():
    with Site() as running:
        yield running


@pytest.fixture
def other():
    with Site() as running:
        yield running


@pytest.fixture
def crawls(tmp_path):
    return Crawls(tmp_path)


def publish(site: Site, *paths: str) -> None:
    site["/feed.xml"] = rss(*(Listed(path) for path in paths))
    for path in paths:
        site[path] = Answer("text")


def counts(report: dict, id_: str = "local") -> dict[str, int]:
    return report["sources"][id_]["counts"]


# ---------------------------------------------------------------------------------------------------- private addresses


PRIVATE = """
    127.0.0.1 127.1.2.3 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 224.0.0.1 255.255.255.255
    ::1 :: fe80::1 fe80::1%eth0 fc00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 2002:7f00:1:: 64:ff9b::7f00:1
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_private_addresses_in_every_family(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::808:808"])
def test_public_addresses(address):
    assert is_public(address)


def test_allowed_hosts_are_pairs():
    pairs = allowed_hosts(["127.0.0.1:8000", "LocalHost.:80", "[::1]:8080"])
    assert pairs == {("127.0.0.1", 8000), ("localhost", 80), ("::1", 8080)}
    for bad in ("localhost", "localhost:", ":80", "::1:80", "localhost:http"):
        with pytest.raises(ConfigError, match="OTSWATCH_ALLOWED_HOSTS"):
            allowed_hosts([bad])


SPELLINGS = """
    localhost localhost. LOCALHOST 127.0.0.1 127.1 2130706433 0x7f.1 0177.0.0.1 0.0.0.0
    [::1] [::ffff:127.0.0.1] [::ffff:7f00:1]
"""


@pytest.mark.slow
def test_no_spelling_of_a_private_address_is_connected_to(crawls):
    connections = []

    class Count(BaseHTTPRequestHandler):
        def handle(self) -> None:
            connections.append(self.client_address)

    server = ThreadingHTTPServer(("0.0.0.0", 0), Count)  # noqa: S104 - every spelling must lead here
    spellings = SPELLINGS.split()
    sources = [source(f"http://{host}:{server.server_port}", f"s{number}") for number, host in enumerate(spellings)]
    with serving(server):
        report = crawls.run(*sources, allowed_hosts=[f"127.0.0.1:{server.server_port + 1}"])
    assert {tuple(counts(report, each["id"])) for each in sources} == {("private-address",)}
    assert connections == []


@pytest.mark.slow
def test_no_redirect_leads_into_a_private_network(site, other, crawls):
    publish(site, "/news/redirect", "/news/name", "/news/fine")
    site["/news/redirect"] = Answer(status=302, headers={"Location": other.url("/news/secret")})
    port = other.host.partition(":")[2]
    site["/news/name"] = Answer(status=302, headers={"Location": f"http://localhost:{port}/news/secret"})
    other["/news/secret"] = Answer("secret")
    report = crawls.run(source(site.url()), allowed_hosts=[site.host])
    assert counts(report) == {"private-address": 2, "published": 1}
    assert other.log == []


@pytest.mark.slow
def test_neither_does_the_redirect_of_a_feed_or_of_robots_txt(site, other, crawls):
    other["/robots.txt"] = Answer("User-agent: *\nDisallow:\n", content_type="text/plain")
    publish(other, "/news/secret")
    site["/feed.xml"] = Answer(status=302, headers={"Location": other.url("/feed.xml")})
    report = crawls.run(source(site.url()), allowed_hosts=[site.host])
    assert counts(report) == {"private-address": 1}
    publish(site, "/news/1")
    site["/robots.txt"] = Answer(status=302, headers={"Location": other.url("/robots.txt")})
    report = crawls.run(source(site.url()), allowed_hosts=[site.host])
    assert counts(report) == {"private-address": 1}
    assert site.asked("/news/1") == 0
    assert other.log == []


# ----------------------------------------------------------------------------------------------------------- robots.txt


@pytest.mark.slow
def test_robots_txt_is_obeyed_for_feeds_and_pages(site, other, crawls):
    publish(site, "/news/open", "/news/closed/1")
    site["/robots.txt"] = Answer("User-agent: OTSWatch\nDisallow: /news/closed/\n", content_type="text/plain")
    publish(other, "/news/1")
    other["/robots.txt"] = Answer("User-agent: *\nDisallow: /\n", content_type="text/plain")
    report = crawls.run(source(site.url()), source(other.url(), "other"), allowed_hosts=[site.host, other.host])
    assert counts(report) == {"published": 1, "robots-disallowed": 1}
    assert counts(report, "other") == {"robots-disallowed": 1}
    assert site.asked("/news/closed/1") == 0
    assert other.paths() == ["/robots.txt"]


@pytest.mark.slow
def test_robots_txt_that_is_missing_allows_all_and_one_that_fails_forbids_all(site, other, crawls):
    publish(site, "/news/1")
    site["/robots.txt"] = Answer("User-agent: *\nDisallow: /\n", status=404)
    publish(other, "/news/1")
    other["/robots.txt"] = Answer("oops", status=500)
    report = crawls.run(source(site.url()), source(other.url(), "other"), allowed_hosts=[site.host, other.host])
    assert counts(report) == {"published": 1}
    assert counts(report, "other") == {"http-error": 1}
    assert set(other.paths()) == {"/robots.txt"}
    del other["/robots.txt"]
    assert counts(crawls.run(source(other.url()), allowed_hosts=[other.host])) == {"published": 1}


# ----------------------------------------------------------------------------------------------------- pace and manners


@pytest.mark.slow
def test_one_request_at_a_time_with_the_delay_of_the_registry_and_our_name(site, crawls):
    publish(site, "/news/1", "/news/2", "/news/3")
    fast = source(site.url(), "fast", delay=0.1)
    crawls.run(source(site.url(), delay=0.4), fast, allowed_hosts=[site.host], user_agent="Tester/1 (a@b.example)")
    moments = [request.at for request in site.log]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert min(gaps) > 0.25, "0.1 is the other source's; when a request is seen varies on a busy machine"
    assert {request.headers["User-Agent"] for request in site.log} == {"Tester/1 (a@b.example)"}
    assert not any("Cookie" in request.headers for request in site.log)


@pytest.mark.slow
def test_one_request_at_a_time_even_without_a_delay(site, crawls):
    publish(site, *(f"/news/{number}" for number in range(10)))
    for number in range(10):
        site[f"/news/{number}"] = Answer("text", seconds=0.05)
    assert counts(crawls.run(source(site.url(), delay=0), allowed_hosts=[site.host])) == {"published": 10}
    assert site.most_at_once == 1


@pytest.mark.slow
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for(site, crawls, status):
    publish(site, "/news/1", "/news/2")
    refused = []

    def busy(request: Asked) -> Answer:
        if refused:
            return Answer("text")
        refused.append(request.at)
        return Answer("later", status=status, headers={"Retry-After": "2"})

    site["/news/1"] = busy
    report = crawls.run(source(site.url(), delay=0.1), allowed_hosts=[site.host])
    assert counts(report) == {"published": 2}
    later = [request.at for request in site.log if request.at > refused[0]]
    assert later[0] - refused[0] >= 1.9


@pytest.mark.slow
def test_a_host_that_asks_for_hours_is_left_alone_until_the_next_crawl(site, crawls):
    publish(site, *(f"/news/{number}" for number in range(5)))
    site["/news/0"] = Answer("later", status=429, headers={"Retry-After": "3600"})
    report = crawls.run(source(site.url(), delay=0.1), allowed_hosts=[site.host])
    assert counts(report) == {"http-error": 5}
    assert [path for path in site.paths() if path.startswith("/news/")] == ["/news/0"]
    site["/news/0"] = Answer("text")
    report = crawls.run(source(site.url()), allowed_hosts=[site.host])
    assert counts(report) == {"published": 5}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 5 ", 5),
        ("Mon, 04 May 2026 09:01:00 GMT", 60),
        ("Mon, 04 May 2026 08:00:00 GMT", 0),
        ("Mon, 04 May 2026 09:01:00 -0000", 60),
        ("soon", 0),
        ("-1", 0),
        ("", 0),
    ],
)
def test_retry_after_is_a_number_or_a_date(value, seconds):
    assert retry_after(value, NOW) == seconds


@given(st.text())
def test_retry_after_never_raises(value):
    assert retry_after(value, NOW) >= 0


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_retry_after_reads_every_http_date(wait):
    moment = (NOW + wait).replace(microsecond=0)
    assert retry_after(moment.strftime("%a, %d %b %Y %H:%M:%S GMT"), NOW) == (moment - NOW).total_seconds()
