"""Records for tests, whole and plausible, with what matters given by name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from otswatch.records import Article, Content, Discovery, Page, Trace
from otswatch.urls import URL_RULES, page_id

FETCHED = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)

ABOUT = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - Steppe Wire</title>
<meta property="article:published_time" content="2026-03-02T14:05:00+05:00"></head><body><article><h1>{title}</h1>
<p>Interior ministers of the Organization of Turkic States met in Samarkand and agreed to share data on organised crime,
the organisation's secretariat said after the talks.</p>
<p>"We will build one secure network for our border guards before the end of this year," Minister Daniyar Serikbayev
said at the closing session, which was attended by delegations of all member states.</p>
<p>The Organization of Turkic States will hold its next meeting of interior ministers in autumn.{more}</p></article>
</body></html>"""

ELSEWHERE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>The city council of Little Hampton approved a new bus line on Monday after two years of debate among residents.</p>
<p>Buses will run every twenty minutes between the station and the harbour, the council's transport committee said. A
ticket will cost two pounds, and children under ten ride free of charge.</p></article></body></html>"""


def page(url: str, html: str | bytes, fetched_at: datetime = FETCHED, **changes: Any) -> Page:
    """A page as the crawler publishes it."""
    body = html.encode() if isinstance(html, str) else html
    made = Page(
        id=page_id(url),
        url=url,
        url_rules=URL_RULES,
        requested_url=url,
        source="steppe-wire",
        http_status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=Page.compress(body),
        fetched_at=fetched_at,
        first_seen=fetched_at,
        discovery=Discovery(by="feed", via="https://steppe-wire.example/rss"),
    )
    return made.replace(**changes)


def article(id_: str, text: str, **changes: Any) -> Article:
    """An article as `extract` publishes it."""
    made = Article(
        id=id_,
        url=f"https://steppe-wire.example/{id_}",
        source="steppe-wire",
        content=Content(title=f"Title of {id_}", text=text, language="en", extractor="test/1"),
        trace=Trace(fetched_at=FETCHED, first_seen=FETCHED),
    )
    return made.replace(**changes)
