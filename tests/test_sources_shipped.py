"""What is shipped in the registry: every source says what it is, and no pattern takes a page for an article."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
import yaml

from otswatch.crawlers.registry import SHIPPED, Source, load

SOURCES = load()
PATTERNED = tuple(source for source in SOURCES if source.article)
WATCHED = tuple(source for source in SOURCES if source.watch)

#: Copies of other sites, and a look-alike.
MIRRORS = (
    "sitefabrikasi.com",
    "web.lifelines.name",
    "oszar.com",
    "hmong.es",
    "hmong.in.th",
    "ipfs.dweb.link",
    "24-kg.com",
)


def by_id(sources: tuple[Source, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("source", sources, ids=[source.id for source in sources])


def test_all_sources_ship_and_about_ten_are_watched():
    assert len(SOURCES) >= 90
    assert 8 <= len(WATCHED) <= 14


def test_watched_sources_cover_the_members_and_several_languages():
    assert {source.country for source in WATCHED} >= {"INT", "AZ", "KZ", "KG", "UZ", "TR", "TM", "HU"}
    assert {source.languages[0] for source in WATCHED} >= {"en", "tr", "az", "uz", "ru", "tk"}
    assert {source.id for source in WATCHED} >= {"turkicstates", "mfa-tr", "report-az", "dailysabah"}


def test_files_are_named_after_their_country_and_say_which_it_is():
    for path in SHIPPED.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert {entry["country"] for entry in yaml.safe_load(text)} == {path.stem}
        assert text.splitlines()[0].endswith(". The format is docs/reference/sources.md.")


@by_id(SOURCES)
def test_a_source_says_what_it_is(source):
    assert source.enabled
    assert source.homepage
    assert source.kind
    assert len(set(source.languages)) == len(source.languages)
    assert all(route.verified for route in source.routes)
    assert len({route.url for route in source.routes}) == len(source.routes)


@by_id(WATCHED)
def test_a_watched_source_is_ready(source):
    assert source.status == "ready"
    assert not any(route.verified.startswith("unverified") for route in source.routes)


@by_id(tuple(source for source in SOURCES if source.status == "not-set-up"))
def test_a_source_without_a_route_says_why(source):
    assert source.note
    assert not source.watch


@by_id(PATTERNED)
def test_a_pattern_takes_articles_and_nothing_else(source):
    home = source.homepage.rstrip("/")
    host = "{0.scheme}://{0.netloc}".format(urlsplit(source.example))
    pages = [f"{start}{path}" for start in (home, host) for path in PAGES]
    assert source.is_article(source.example)
    assert [page for page in (*pages, *(route.url for route in source.routes)) if source.is_article(page)] == []


PAGES = (
    "",
    "/",
    *("/about", "/about/", "/about-us/", "/contact", "/contact/", "/privacy-policy/", "/en/about", "/en/contact"),
    *("/tag/ots", "/tag/ots/", "/tags/ots", "/category/politics/", "/author/editor/", "/search?q=ots", "/?s=ots"),
    *("/news", "/news/", "/news?page=2", "/en/news", "/en/news?page=2", "/politics", "/politics/", "/page/2/"),
    *("/feed", "/feed/", "/rss", "/rss/", "/rss.xml", "/sitemap.xml", "/robots.txt"),
)


@by_id(PATTERNED)
def test_the_folders_above_an_article_are_no_articles(source):
    address = urlsplit(source.example)
    parts = address.path.strip("/").split("/")
    folders = ["/".join(parts[:length]) for length in range(1, len(parts)) if not NUMBER.fullmatch(parts[length - 1])]
    above = [address._replace(path=f"/{folder}{end}", query="").geturl() for folder in folders for end in ("", "/")]
    assert [page for page in above if source.is_article(page)] == []


#: An article's number, which some sites take without the words behind it.
NUMBER = re.compile(r"\d{5,}")


def test_no_two_sources_claim_the_same_article():
    claims = {
        source.example: [other.id for other in PATTERNED if other.is_article(source.example)] for source in PATTERNED
    }
    assert {example: ids for example, ids in claims.items() if len(ids) != 1} == {}


def test_no_list_is_read_for_two_sources():
    counts = Counter(route.url for source in SOURCES for route in source.routes)
    assert [url for url, count in counts.items() if count > 1] == []


@by_id(tuple(source for source in SOURCES if source.routes))
def test_lists_and_articles_stand_on_the_sites_own_hosts(source):
    home = _site(source.homepage)
    own = {home, _site(source.example)} if source.example else {home}
    assert {_site(route.url) for route in source.routes} <= own | {"inform.kz"}


def test_mirrors_appear_nowhere():
    text = "".join(path.read_text(encoding="utf-8") for path in SHIPPED.glob("*.yaml"))
    assert [host for host in MIRRORS if host in text] == []
    for host in ("demo10.sitefabrikasi.com", "24-kg.com"):
        taken = [s.id for s in PATTERNED if s.is_article(urlsplit(s.example)._replace(netloc=host).geturl())]
        assert taken == []


def test_evidence_is_in_words_and_not_in_the_numbers_of_a_machine():
    for path in SHIPPED.glob("*.yaml"):
        assert "file index" not in path.read_text(encoding="utf-8")


def _site(url: str) -> str:
    """The last two labels of a host: `kaz.inform.kz` and `www.inform.kz` are one site."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])
