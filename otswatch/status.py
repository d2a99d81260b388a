"""The status words: one per item per stage, the same word in record, log, metric and dashboard.

docs/reference/statuses.md is generated from here. A word is never renamed; a new meaning gets a new word.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

#: What became of an article; the `status` of a record.
ArticleStatus = Literal["ok", "discarded", "quarantined"]


class Reason(StrEnum):
    """Why a page was fetched, kept, discarded or quarantined; `MEANING` says what each word means."""

    # crawler
    PUBLISHED = "published"
    ALREADY_SEEN = "already-seen"
    NOT_ARTICLE = "not-article"
    ROBOTS_DISALLOWED = "robots-disallowed"
    PRIVATE_ADDRESS = "private-address"
    HTTP_ERROR = "http-error"
    TOO_LARGE = "too-large"
    FETCH_FAILED = "fetch-failed"
    FEED_UNREADABLE = "feed-unreadable"
    FEED_UNCHANGED = "feed-unchanged"
    SITEMAP_UNREADABLE = "sitemap-unreadable"
    SITEMAP_UNCHANGED = "sitemap-unchanged"
    LISTING_UNREADABLE = "listing-unreadable"
    LISTING_UNCHANGED = "listing-unchanged"
    BEYOND_LIMIT = "beyond-limit"
    NOT_SET_UP = "not-set-up"
    AGAIN_CHANGED = "again-changed"
    AGAIN_UNCHANGED = "again-unchanged"
    GONE = "gone"

    # extract: discarded
    NO_TEXT = "no-text"
    PASSING = "passing"
    NOT_ABOUT_OTS = "not-about-ots"

    # corrections: discarded
    RULED_OUT = "ruled-out"

    # quarantined
    NOT_HTML = "not-html"
    UNDECODABLE = "undecodable"
    TOO_DEEP = "too-deep"
    TIMEOUT = "timeout"
    WORKER_DIED = "worker-died"
    UNREADABLE_MESSAGE = "unreadable-message"
    REFUSED_BY_INDEX = "refused-by-index"
    FAILED = "failed"


MEANING: dict[Reason, str] = {
    Reason.PUBLISHED: "The page was fetched and its message delivered to the bus.",
    Reason.ALREADY_SEEN: "The address is in the seen-set; it was not fetched again.",
    Reason.NOT_ARTICLE: "The listed address does not match the source's article pattern.",
    Reason.ROBOTS_DISALLOWED: "robots.txt asks us not to fetch the address; it was not requested.",
    Reason.PRIVATE_ADDRESS: "The address leads into a private network and is not on the list of allowed hosts.",
    Reason.HTTP_ERROR: "The server answered with an error status after the retries.",
    Reason.TOO_LARGE: "The answer is larger than OTSWATCH_MAX_PAGE_BYTES and was cut off unread.",
    Reason.FETCH_FAILED: "No answer: DNS, connection, TLS or time-out, after the retries.",
    Reason.FEED_UNREADABLE: "The feed could not be read as RSS, Atom or RDF; tried again at the next visit.",
    Reason.FEED_UNCHANGED: "The feed says that it did not change since the last fetch (HTTP 304).",
    Reason.SITEMAP_UNREADABLE: "The answer is not a sitemap; tried again at the next visit.",
    Reason.SITEMAP_UNCHANGED: "The sitemap says that it did not change since the last fetch (HTTP 304).",
    Reason.LISTING_UNREADABLE: "No link on the page is an article's: not a listing, or the site was rebuilt.",
    Reason.LISTING_UNCHANGED: "The listing says that it did not change since the last fetch (HTTP 304).",
    Reason.BEYOND_LIMIT: "The list goes on beyond what one visit reads of it: older entries, further pages.",
    Reason.NOT_SET_UP: "The source has no working route yet; it is never reported as ok.",
    Reason.AGAIN_CHANGED: "A kept article was fetched again: its page is another one, and was published once more.",
    Reason.AGAIN_UNCHANGED: "A kept article was fetched again: its page did not change (HTTP 304, or the same bytes).",
    Reason.GONE: "A kept article was fetched again: its page is not there any more (HTTP 404, 410). The article stays.",
    Reason.NO_TEXT: "No article text was found: an empty page, a script-rendered shell, a consent wall.",
    Reason.PASSING: "OTS is only named in passing.",
    Reason.NOT_ABOUT_OTS: "Nothing about OTS or its bodies was found.",
    Reason.RULED_OUT: "A person says that it is not about OTS, or only in passing (`otswatch corrections list`).",
    Reason.NOT_HTML: "The bytes are not HTML or text (a PDF, an image, an archive).",
    Reason.UNDECODABLE: "The bytes could not be decompressed or decoded.",
    Reason.TOO_DEEP: "The markup is nested beyond what any reader of news pages can parse.",
    Reason.TIMEOUT: "Work on the page took longer than OTSWATCH_PAGE_TIMEOUT and was ended.",
    Reason.WORKER_DIED: "The worker process died on this page, and again when it was tried alone.",
    Reason.UNREADABLE_MESSAGE: "The message is not a record that this version can read.",
    Reason.REFUSED_BY_INDEX: "The index refused the document and said why.",
    Reason.FAILED: "The stage raised the same unexpected error on every attempt.",
}
