"""Reading a web page that lists articles: its links with their words, and the pages behind it."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from scrapy.http import HtmlResponse
from scrapy.linkextractors import LinkExtractor

from otswatch.crawlers.routes import Entry, Listed, UnreadableListError, words

#: Links of one page that are read. A site map for people has some thousand.
MOST_LINKS = 5_000

_LINKS = LinkExtractor(deny_extensions=[], unique=False)


def read(body: bytes, url: str, content_type: str, next: str | None = None) -> Listed:  # noqa: A002 - the field's name
    """Every link of the page, in its order and each address once, and those that lead to the pages behind it.

    An article is often linked twice, by its picture and by its headline: its title is the longest of its links' words.

    Args:
        next: an expression that is found in the address of a further page; null: what is marked as `rel=next`.

    Raises:
        UnreadableListError: there is no link on it.
    """
    response = HtmlResponse(url, body=body, headers={"Content-Type": content_type})
    titles: dict[str, str] = {}
    try:
        links = _LINKS.extract_links(response)
        marked = _marked(response)
    except (ValueError, TypeError) as error:  # lxml: an empty document
        raise UnreadableListError(f"not an HTML page: {error}") from None
    for link in links[:MOST_LINKS]:
        titles[link.url] = max(titles.get(link.url, ""), words(link.text) or "", key=len)
    if not titles:
        raise UnreadableListError("no link on it" if body.strip() else "an empty answer")
    further = [address for address in titles if re.search(next, address)] if next else marked
    entries = tuple(Entry(address, title or None) for address, title in titles.items())
    return Listed(entries, tuple(dict.fromkeys(further)), beyond=max(0, len(links) - MOST_LINKS))


def _marked(response: HtmlResponse) -> list[str]:
    """Where the page itself says that its next one is."""
    found = []
    for href in response.xpath("//*[@rel='next']/@href").getall():
        try:
            found.append(urljoin(response.url, href))
        except ValueError:
            continue  # not an address
    return found
