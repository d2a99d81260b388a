"""The consumer `extract`: what it publishes for a page, without a bus."""

from __future__ import annotations

import pytest

from otswatch.bus import Message, Outgoing
from otswatch.consumers.extract import PageTask, work_on_page
from otswatch.consumers.outcome import Quarantined, Result, passed_on
from otswatch.records import Alias, Article
from otswatch.urls import page_id
from tests.factory import ABOUT, ELSEWHERE, FETCHED, page

URL = "https://www.steppe-wire.example/news/ministers?utm_source=rss"


def work(html: str | bytes, url: str = URL) -> Result | Quarantined:
    return work_on_page(PageTask(page(url, html).to_json(), "pages/0/7"))


def with_canonical(canonical: str) -> str:
    link = f'<link rel="canonical" href="{canonical}">'
    return ABOUT.format(title="Ministers meet", more="").replace("</head>", link + "</head>")


def test_a_page_about_ots_becomes_an_article_with_its_trace() -> None:
    outcome = work(ABOUT.format(title="Ministers meet", more=""))
    assert isinstance(outcome, Result)
    [message] = outcome.outgoing
    article = Article.from_json(message.value)
    assert (message.topic, message.key, article.status) == ("articles", page_id(URL), "ok")
    assert article.trace.page == "pages/0/7"
    assert article.trace.stages.keys() == {"clean", "date", "classify", "quotes", "dossiers"}
    assert article.published is not None
    assert article.published.at == "2026-03-02T14:05:00+05:00"
    assert article.areas[0].id == "security"


def test_a_page_about_something_else_is_published_as_discarded() -> None:
    outcome = work(ELSEWHERE.format(title="New bus line"))
    assert isinstance(outcome, Result)
    assert (outcome.status, outcome.reason) == ("discarded", "not-about-ots")
    assert Article.from_json(outcome.outgoing[0].value).status == "discarded"


def test_an_unreadable_message_and_a_pdf_are_quarantined() -> None:
    broken = work_on_page(PageTask(b'{"schema": 1', "pages/0/8"))
    assert isinstance(broken, Quarantined)
    assert broken.reason == "unreadable-message"
    pdf = work(b"%PDF-1.7\n1 0 obj")
    assert isinstance(pdf, Quarantined)
    assert pdf.reason == "not-html"


def test_another_address_of_the_same_host_becomes_an_alias() -> None:
    other = "https://m.steppe-wire.example/2026/03/ministers"
    outcome = work(with_canonical(other))
    assert isinstance(outcome, Result)
    [_, message] = outcome.outgoing
    alias = Alias.from_json(message.value)
    assert (message.topic, alias.alias, alias.id, alias.reason) == (
        "aliases",
        page_id(other),
        page_id(URL),
        "canonical",
    )


@pytest.mark.parametrize(
    "canonical",
    [
        URL,  # itself
        "https://elsewhere.example/news/ministers",  # whose text it is a copy of
        "https://.steppe-wire.example/x",  # no host name: seen on a real page
        "http://[",
        "javascript:void(0)",
    ],
)
def test_what_is_no_other_address_of_this_page_makes_no_alias(canonical: str) -> None:
    outcome = work(with_canonical(canonical))
    assert isinstance(outcome, Result)
    assert [message.topic for message in outcome.outgoing] == ["articles"]


def test_why_a_page_was_sent_again_goes_with_its_article() -> None:
    made = Result((Outgoing("articles", "a", b"{}"),))
    again = Message("pages", 0, 7, "a", b"", {"origin": "correction", "attempt": "2"}, FETCHED)
    assert passed_on(again, made) == Result((Outgoing("articles", "a", b"{}", {"origin": "correction"}),))
    news = Message("pages", 0, 8, "a", b"", {}, FETCHED)
    assert passed_on(news, made) is made
    refused = Quarantined("unreadable-message")
    assert passed_on(again, refused) is refused
