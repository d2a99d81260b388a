"""Any search as an Atom feed (RFC 4287). Built with lxml, which escapes everything.

`published` needs a moment with its offset; where only the day is known it is left out and the summary says the day.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import quote

from lxml import etree

from otswatch import __version__
from otswatch.index import Hits
from otswatch.records import Article
from otswatch.search_request import SearchRequest
from otswatch.web import marking, moments
from otswatch.web.cards import articles, headline
from otswatch.web.desk import original, to
from otswatch.web.names import Names

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: What no XML document can hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: A feed without entries was never updated.
_NEVER = "1970-01-01T00:00:00Z"
_SUMMARY = 400
#: Parameters that are not what is searched for.
_UNTOLD = ("exact", "sort", "size", "after")


class _Entry(NamedTuple):
    article: Article
    updated: str


def feed(request: SearchRequest, hits: Hits, names: Names, home: str) -> bytes:
    """The feed of a page of hits. `home` is the address of our pages, without a slash behind it."""
    query = request.to_query_string()
    root = etree.Element(_name("feed"), nsmap={None: _ATOM})
    entries = [_Entry(article, updated(article)) for article in articles(hits.documents)]
    _add(root, "id", f"urn:otswatch:search:{quote(query, safe='=&')}")
    _add(root, "title", f"OTS Watch: {title(request, names)}")
    _add(root, "updated", max((entry.updated for entry in entries), default=_NEVER))
    _add(root, "generator", "OTS Watch", version=__version__)
    _add(root, "link", rel="self", type=MEDIA_TYPE, href=home + to("/search.atom", request))
    _add(root, "link", rel="alternate", type="text/html", href=home + to("/search", request))
    if hits.after:
        further = request.model_copy(update={"after": hits.after})
        _add(root, "link", rel="next", type=MEDIA_TYPE, href=home + to("/search.atom", further))
    for entry in entries:
        _entry(root, entry, names, home)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)  # type: ignore[no-any-return]


def _entry(root: Any, entry: _Entry, names: Names, home: str) -> None:
    article, content = entry.article, entry.article.content
    element = _add(root, "entry")
    language = {_LANG: content.language} if content and content.language != "und" else {}
    page, web = f"{home}/articles/{quote(article.id, safe='')}", original(article.url)
    _add(element, "id", f"urn:otswatch:article:{quote(article.id, safe='')}")
    _add(element, "title", headline(article), **language)
    _add(element, "updated", entry.updated)
    if article.published and (moment := moments.instant(article.published.at)):
        _add(element, "published", moment.isoformat())
    _authors(element, article, names)
    _add(element, "link", rel="alternate", type="text/html", href=web or page)
    if web:
        _add(element, "link", rel="related", type="text/html", href=page)
    for area in article.areas:
        _add(element, "category", term=area.id, label=names.of("area", area.id))
    _add(element, "summary", summary(article), type="text", **language)


def _authors(element: Any, article: Article, names: Names) -> None:
    written = article.content.authors if article.content else ()
    for name in written or (names.publisher(article.source, article.url),):
        _add(_add(element, "author"), "name", name)


def summary(article: Article) -> str:
    """The beginning of an article, behind the day that is known of it."""
    published = moments.written(article.published) if article.published else "undated"
    text = marking.beginning(article.content.text, _SUMMARY) if article.content else ""
    return f"[{published}] {text}"


def updated(article: Article) -> str:
    """When an article came up, as RFC 3339."""
    moment = article.trace.first_seen or article.trace.fetched_at
    return moments.iso(moment) if moment else _NEVER


def title(request: SearchRequest, names: Names) -> str:
    """What a search is for, in words."""
    told = [names.of(name, value) for name, value in request.parameters() if name not in _UNTOLD]
    return ", ".join(told) or "what is new"


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, _name(name), {key: _clean(value) for key, value in attributes.items()})
    element.text = _clean(text) if text is not None else None
    return element


def _name(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)
