"""Any search as a JSON Feed (version 1.1, jsonfeed.org), with the same in it as the Atom feed has."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from otswatch.index import Hits
from otswatch.records import Article
from otswatch.search_request import SearchRequest
from otswatch.web import atom, moments
from otswatch.web.cards import articles, headline
from otswatch.web.desk import original, to
from otswatch.web.names import Names

MEDIA_TYPE = "application/feed+json"
_PATH = "/search.json"


def feed(request: SearchRequest, hits: Hits, names: Names, home: str) -> dict[str, Any]:
    """The feed of a page of hits. `home` is the address of our pages, without a slash behind it."""
    made: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"OTS Watch: {atom.title(request, names)}",
        "home_page_url": home + to("/search", request),
        "feed_url": home + to(_PATH, request),
        "items": [_item(article, names, home) for article in articles(hits.documents)],
    }
    if hits.after:
        made["next_url"] = home + to(_PATH, request.model_copy(update={"after": hits.after}))
    return made


def _item(article: Article, names: Names, home: str) -> dict[str, Any]:
    content, page = article.content, f"{home}/articles/{quote(article.id, safe='')}"
    authors = (content.authors if content else ()) or (names.publisher(article.source, article.url),)
    item: dict[str, Any] = {
        "id": f"urn:otswatch:article:{quote(article.id, safe='')}",
        "url": page,
        "title": headline(article),
        "content_text": atom.summary(article),
        "date_modified": atom.updated(article),
        "authors": [{"name": name} for name in authors],
        "tags": [names.of("area", area.id) for area in article.areas],
    }
    if web := original(article.url):
        item["external_url"] = web
    if content and content.language != "und":
        item["language"] = content.language
    if article.published and (moment := moments.instant(article.published.at)):
        item["date_published"] = moment.isoformat()
    return item
