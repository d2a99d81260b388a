"""Any route's answer as what it lists: what a worker process is asked to do."""

from __future__ import annotations

from otswatch.crawlers.registry import Feed, Listing, Route, Sitemap
from otswatch.crawlers.routes import Listed, UnreadableListError, feed, listing, sitemap


def read(route: Route, body: bytes, url: str, content_type: str) -> Listed:
    """What `body`, which came from `url`, lists.

    Raises:
        UnreadableListError: it is not such a list, or the parser fails on it.
    """
    try:
        return _read(route, body, url, content_type)
    except UnreadableListError:
        raise
    except Exception as error:  # noqa: BLE001 - no parser documents what hostile bytes make it raise
        raise UnreadableListError(f"{type(error).__name__}: {error}") from None


def _read(route: Route, body: bytes, url: str, content_type: str) -> Listed:
    match route:
        case Feed():
            return feed.read(body, url, content_type)
        case Sitemap(follow=follow):
            return sitemap.read(body, url, content_type, follow)
        case Listing(next=further):
            return listing.read(body, url, content_type, further)
    raise AssertionError(route)
