"""Identity of pages: what one address is, and which addresses are the same."""

from __future__ import annotations

import string
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from otswatch.errors import UsageError
from otswatch.urls import MAX_LENGTH, URL_RULES, normalise, page_id, rules, without_tracking

NORMAL = [
    # scheme, host, port
    ("http://example.com/news/1", "https://example.com/news/1"),
    ("HTTPS://EXAMPLE.com/News/1", "https://example.com/News/1"),
    ("https://example.com", "https://example.com/"),
    ("https://example.com./news/1", "https://example.com/news/1"),
    ("http://example.com:80/news/1", "https://example.com/news/1"),
    ("https://example.com:443/news/1", "https://example.com/news/1"),
    ("http://example.com:443/news/1", "https://example.com/news/1"),
    ("http://example.com:8080/news/1", "https://example.com:8080/news/1"),
    ("https://example.com:/news/1", "https://example.com/news/1"),
    ("https://reader:secret@example.com/news/1", "https://example.com/news/1"),
    ("https://пример.рф/a", "https://xn--e1afmkfd.xn--p1ai/a"),
    ("https://TÜRKSOY.example/a", "https://xn--trksoy-3ya.example/a"),
    ("https://xn--trksoy-3ya.example/a", "https://xn--trksoy-3ya.example/a"),
    ("http://127.0.0.1:8000/a", "https://127.0.0.1:8000/a"),
    ("http://[0:0::1]:8000/a", "https://[::1]:8000/a"),
    ("http://2130706433/a", "https://2130706433/a"),
    # www and mobile hosts
    ("https://www.example.com/a", "https://example.com/a"),
    ("https://m.example.com/a", "https://example.com/a"),
    ("https://mobile.example.com/a", "https://example.com/a"),
    ("https://mobil.example.org.tr/a", "https://example.org.tr/a"),
    ("https://amp.example.com/a", "https://example.com/a"),
    ("https://www.m.example.com/a", "https://example.com/a"),
    ("https://m.com/a", "https://m.com/a"),
    ("https://www.kz/a", "https://www.kz/a"),
    ("https://ru.example.com/a", "https://ru.example.com/a"),
    # fragment, blanks, control characters
    ("https://example.com/a#comments", "https://example.com/a"),
    ("https://example.com/a#:~:text=Ankara", "https://example.com/a"),
    ("  https://example.com/a\n", "https://example.com/a"),
    ("https://example.com/a\n/b", "https://example.com/a/b"),
    ("https://example.com/a b", "https://example.com/a%20b"),
    # percent-encoding
    ("https://example.com/%7euser", "https://example.com/~user"),
    ("https://example.com/%c3%bc", "https://example.com/%C3%BC"),
    ("https://example.com/türk", "https://example.com/t%C3%BCrk"),
    ("https://example.com/a%2Cb", "https://example.com/a,b"),
    ("https://example.com/a%2Fb", "https://example.com/a%2Fb"),
    ("https://example.com/100%", "https://example.com/100%25"),
    ("https://example.com/news%3A242", "https://example.com/news:242"),
    ("https://example.com/?q=a%20b", "https://example.com/?q=a+b"),
    ("https://example.com/?q=a+b", "https://example.com/?q=a+b"),
    ("https://example.com/?q=a%2Bb", "https://example.com/?q=a%2Bb"),
    ("https://example.com/?a[]=1", "https://example.com/?a%5B%5D=1"),
    # dot segments, empty segments, index files, trailing slash
    ("https://example.com/a/../b/./c", "https://example.com/b/c"),
    ("https://example.com/../../a", "https://example.com/a"),
    ("https://example.com/%2e%2e/a", "https://example.com/a"),
    ("https://example.com//a///b", "https://example.com/a/b"),
    ("https://example.com/a\\b", "https://example.com/a/b"),
    ("https://example.com/a%5Cb?c\\d", "https://example.com/a%5Cb?c%5Cd"),
    ("https://example.com/a/", "https://example.com/a"),
    ("https://example.com/a/index.html", "https://example.com/a"),
    ("https://example.com/INDEX.PHP?id=5", "https://example.com/?id=5"),
    ("https://example.com/Default.aspx", "https://example.com/"),
    ("https://example.com/index.php/news/5", "https://example.com/index.php/news/5"),
    # parameters that choose the article survive, in one order
    ("https://example.com/?p=12", "https://example.com/?p=12"),
    ("https://example.com/news.php?lang=en&id=429", "https://example.com/news.php?id=429&lang=en"),
    ("https://example.com/a?lang=tr", "https://example.com/a?lang=tr"),
    ("https://example.com/a?b=2&a=2&a=1", "https://example.com/a?a=2&a=1&b=2"),
    ("https://example.com/a?", "https://example.com/a"),
    ("https://example.com/a?x=", "https://example.com/a?x"),
    ("https://example.com/rss?7342a8d1-3117", "https://example.com/rss?7342a8d1-3117"),
    ("https://example.com/a?page=2&&", "https://example.com/a?page=2"),
    ("https://example.com/a?s=turkic+states", "https://example.com/a?s=turkic+states"),
    ("https://example.com/a?sid=123", "https://example.com/a?sid=123"),
    ("https://example.com/a?from=2024-01-01", "https://example.com/a?from=2024-01-01"),
    ("https://example.com/a?m=202404", "https://example.com/a?m=202404"),
    ("https://example.com/a?type=mobile-phones", "https://example.com/a?type=mobile-phones"),
    ("https://example.com/a?pk_id=7", "https://example.com/a?pk_id=7"),
    # tracking parameters
    ("https://example.com/a?utm_source=rss&utm_medium=feed&id=1", "https://example.com/a?id=1"),
    ("https://example.com/a?UTM_Source=rss", "https://example.com/a"),
    ("https://example.com/a?utm%5Fsource=rss", "https://example.com/a"),
    ("https://example.com/a?fbclid=IwAR0x", "https://example.com/a"),
    ("https://example.com/a?gclid=1&yclid=2&ysclid=3&mc_cid=4&_ga=5", "https://example.com/a"),
    ("https://example.com/news:2429746?from=rss", "https://example.com/news:2429746"),
    ("https://example.com/a?ref=telegram", "https://example.com/a"),
    ("https://example.com/a?pk_campaign=x&xtor=RSS-1", "https://example.com/a"),
    # session ids
    ("https://example.com/a?PHPSESSID=abc&id=1", "https://example.com/a?id=1"),
    ("https://example.com/a;jsessionid=1A2B3C?id=1", "https://example.com/a?id=1"),
    ("https://example.com/a?sid=4f0d1b2c3a495867f1e2d3c4b5a69788", "https://example.com/a"),
    ("https://example.com/(S(lit3py55t21z5v55vlm25s55))/a.aspx", "https://example.com/a.aspx"),
    ("https://example.com/a?ASPSESSIONIDQQ=XY", "https://example.com/a"),
    # AMP
    ("https://example.com/news/a/amp", "https://example.com/news/a"),
    ("https://example.com/news/a/amp/", "https://example.com/news/a"),
    ("https://example.com/amp/20250918/a.html", "https://example.com/20250918/a.html"),
    ("https://example.com/en/amp/energy/a", "https://example.com/en/energy/a"),
    ("https://example.com/music/amp/review", "https://example.com/music/amp/review"),
    ("https://example.com/a.amp", "https://example.com/a"),
    ("https://example.com/a.amp.html", "https://example.com/a.html"),
    ("https://example.com/a?amp=1", "https://example.com/a"),
    ("https://example.com/a?amp", "https://example.com/a"),
    ("https://example.com/a?outputType=amp", "https://example.com/a"),
    ("https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a/amp", "https://example.com/a"),
    ("https://example-com.cdn.ampproject.org/v/s/example.com/a?amp_js_v=0.1&usqp=mq331", "https://example.com/a"),
    ("https://www.google.com/amp/s/m.example.com/a", "https://example.com/a"),
    ("https://www.google.com.tr/amp/s/example.com/a.amp.html", "https://example.com/a.html"),
    ("https://google.com/amplitude", "https://google.com/amplitude"),
    # print and mobile
    ("https://example.com/news/a/print/", "https://example.com/news/a"),
    ("https://example.com/print", "https://example.com/print"),
    ("https://example.com/a?print=1&id=3", "https://example.com/a?id=3"),
    ("https://example.com/a?view=print", "https://example.com/a"),
    ("https://example.com/a?view=gallery", "https://example.com/a?view=gallery"),
    ("https://example.com/2024/05/a.html?m=1", "https://example.com/2024/05/a.html"),
    ("https://example.com/a?view=mobile", "https://example.com/a"),
]

#: Never to be changed: they stand in archives, indexes and people's bookmarks.
GOLDEN_IDS = [
    ("https://example.com/", "3259687d649f8e86106dd28ba70f1016"),
    ("http://www.example.com/news/2024/05/ankara-meeting/?utm_source=rss", "9b3f7706f6561fbdfd1ddcb2d2b622a6"),
    ("https://example.com/news.php?lang=en&id=429", "d643a9c74cbd7977f0fc4de58a1cff79"),
    ("https://пример.рф/новости/ё", "fdbf914c97360ffc7e43c0697003c244"),
    ("https://example.com/en/amp/energy/a?outputType=amp", "3cbe60b8bd2b07c046b34d2ca6d6097e"),
    ("http://127.0.0.1:8000/a b", "c45b475739092f87ea2f9ab9f989d663"),
]

HOSTILE = [
    "",
    "   ",
    "example.com/a",
    "//example.com/a",
    "/a",
    "http:",
    "http://",
    "http:///a",
    "http://[",
    "http://[@0",  # no brackets in credentials (RFC 3986, 3.2.1)
    "http://[::1",
    "http://[::zz]/",
    "http://[::1]x/",
    "http://exa mple.com/",
    "http://example.com:99999/",
    "http://example.com:0/",
    "http://example.com:port/",
    "http://..",
    "http://a..b/",
    "http://" + "a" * 64 + ".com/",
    "http://" + "a." * 200 + "com/",
    "http://ex%61mple.com/",
    "http://good.example\\@evil.example/",
    "http://example.com/\x00a",
    "http://example.com/\x1b[31m",
    "http://example.com/\ud800",
    "http://example.com/" + "a" * 100_000,
    "http://example.com/" + "ş" * MAX_LENGTH,
    "https://a.cdn.ampproject.org" + "/c/s/a.cdn.ampproject.org" * 100,
    "ftp://example.com/a",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:a@example.com",
]


def test_table_is_broad():
    assert len(NORMAL) >= 60
    assert URL_RULES == 1


@pytest.mark.parametrize(("url", "form"), NORMAL)
def test_normal_form(url, form):
    assert normalise(url) == form
    assert normalise(form) == form
    assert page_id(url) == page_id(form)


@pytest.mark.parametrize(("url", "expected"), GOLDEN_IDS)
def test_golden_ids_never_change(url, expected):
    assert page_id(url) == expected


def test_different_articles_have_different_ids():
    forms = {form for _, form in NORMAL}
    assert len({page_id(form) for form in forms}) == len(forms)


@pytest.mark.parametrize("url", HOSTILE)
def test_hostile_input_is_a_typed_error(url):
    for function in (normalise, page_id):
        with pytest.raises(UsageError):
            function(url)


def test_hostile_input_costs_little_time():
    started = time.perf_counter()
    for url in [
        "http://example.com" + "/amp" * 1000,
        "http://example.com" + "/print" * 600,
        "http://" + "www." * 60 + "example.com/",
        "http://example.com/?" + "a&" * 2000,
        "http://example.com/" + "../" * 1300,
        "http://example.com/" + "%" * 1300,
    ]:
        try:
            normalise(url)
        except UsageError:
            continue
    assert time.perf_counter() - started < 2


words = st.text(string.ascii_letters + string.digits + "-._~%;=&+,/?#@:!ığşİü \\[]", max_size=12)
ODD_PARTS = """
www. m. amp. amp /amp /amp/ .amp print /print index.html /index.php .. . // %2F %2e %C3%BC %zz ?amp=1 &utm_source=x
;jsessionid=1 sid=0123456789abcdef0 ?id=1 lang=en cdn.ampproject.org/c/s/ :80 :443 :8080 a.amp.html
"""
odd_parts = st.sampled_from(ODD_PARTS.split())
addresses = st.builds(
    lambda scheme, parts: scheme + "".join(parts),
    st.sampled_from(["http://", "https://", "HTTP://www.", "http://m.example.com/", "https://www.example.kz/"]),
    st.lists(words | odd_parts, max_size=8),
)


BLANKS = "".join(map(chr, range(0x21)))


def normal_or_none(url: str) -> str | None:
    try:
        return normalise(url)
    except UsageError:
        return None


@given(addresses | st.text(max_size=60))
def test_applied_once_is_enough(url):
    form = normal_or_none(url)
    if form is not None:
        assert normalise(form) == form
        assert form.isascii()
        assert len(form) <= MAX_LENGTH


@given(addresses)
@example("http://0 ")
def test_scheme_fragment_and_tracking_never_matter(url):
    form = normal_or_none(url)
    bare = url.strip(BLANKS).partition("#")[0]  # blanks around an address are not of it; behind it, `?` would be
    if form is not None:
        assert normal_or_none(bare + ("&" if "?" in bare else "?") + "utm_source=x#y") == form


def test_tracking_alone_is_taken_off_for_article_patterns():
    url = "http://www.Example.com/a/?utm_source=rss&id=1#top"
    assert without_tracking(url) == "http://www.Example.com/a/?id=1"


def test_every_rule_has_a_name_and_a_reason():
    named = rules()
    assert len({name for name, _ in named}) == len(named)
    assert all(reason.endswith(".") for _, reason in named)
