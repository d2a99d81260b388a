"""Our functions and the tools', as the judges call them: `(html, url) -> {title, text, date, author, language}`."""

from __future__ import annotations

from datetime import datetime

import dateparser
from lxml.html import document_fromstring
from trafilatura import bare_extraction

from otswatch import dates
from otswatch.consumers import clean, date
from otswatch.consumers.document import Document
from otswatch.errors import Discard, Quarantine
from otswatch.records import Article

_A_DAY = len("2025-04-15")


def ours(html: str, url: str | None) -> dict[str, object]:
    """Stages clean and date on a page."""
    document = Document(html=html, text=None, url=url)
    article = Article(id="0" * 32, url=url, source=None)
    try:
        article = date.date(document, clean.clean(document, article))
    except (Discard, Quarantine):
        return {}
    content = article.content
    assert content is not None
    published = article.published.at if article.published else None
    return {
        "title": content.title,
        "text": content.text,
        "author": " ".join(content.authors),
        "language": content.language,
        "date": published if published and len(published) >= _A_DAY else None,
    }


def _trafilatura(html: str, url: str | None, *, precise: bool) -> dict[str, object]:
    found = bare_extraction(html, url=url, with_metadata=True, include_comments=False, favor_precision=precise)
    if found is None or isinstance(found, dict):
        return {}
    return {"title": found.title, "text": found.text, "date": found.date, "author": found.author}


def trafilatura_default(html: str, url: str | None) -> dict[str, object]:
    return _trafilatura(html, url, precise=False)


def trafilatura_precise(html: str, url: str | None) -> dict[str, object]:
    return _trafilatura(html, url, precise=True)


def htmldate(html: str, url: str | None) -> dict[str, object]:
    """With the settings that find most: the original date, searched for everywhere."""
    from htmldate import find_date

    # Parsed first: a text that looks like an address would be fetched.
    tree = document_fromstring(html.encode("utf-8", "replace"))
    return {"date": find_date(tree, original_date=True, extensive_search=True, url=url)}


def newspaper4k(html: str, url: str | None) -> dict[str, object]:
    import newspaper

    # Left alone it fetches every picture of the page.
    page = newspaper.Article(url or "http://example.org/", language="en", fetch_images=False)
    page.download(input_html=html)
    page.parse()
    published = page.publish_date.isoformat() if page.publish_date else None
    return {"title": page.title, "text": page.text, "date": published, "author": " ".join(page.authors)}


def dateline(text: str, language: str | None, base: datetime) -> str | None:
    """Our dateline module, for the datelines judge."""
    reading = dates.parse(text, language, base)
    return reading.at if reading else None


def dateparser_strict(text: str, language: str | None, base: datetime) -> str | None:
    """The rival to beat: the line's language pinned, whole dates only."""
    settings = {"STRICT_PARSING": True, "RELATIVE_BASE": base.replace(tzinfo=None)}
    moment = dateparser.parse(text, languages=[language] if language else None, settings=settings)
    return moment.isoformat() if moment else None
