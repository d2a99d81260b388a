"""What an article was, each time that it said something else, as documents of the kind `versions`.

A document has the whole record of its version, so that any two can be compared. Its id is the article's with a digest
of headline and text: who remembers the digest finds what was said then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from otswatch.index import Document, Value
from otswatch.index.tombstones import tombstone
from otswatch.records import Article, Gone
from otswatch.status import Reason

#: Why a page has no version from a moment on.
_GONE: Final = "gone"


def wording(article: Article) -> str:
    """The same for versions whose headline and text are the same, to the letter."""
    said = (article.content.title, article.content.text) if article.content else None
    return hashlib.blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def version_id(article: str, digest: str) -> str:
    """The id of the document of an article that said this."""
    return f"{article}-{digest}"


def project_version(article: Article, changed: Sequence[str] = ()) -> Document:
    """The document of a version. `changed`: what it says otherwise than the one before."""
    content, trace, digest = article.content, article.trace, wording(article)
    fields: dict[str, Value] = {
        "id": version_id(article.id, digest),
        "article": article.id,
        "url": article.url,
        "source": article.source,
        "status": article.status,
        "language": content.language if content else None,
        "headline": content.title if content else None,
        "title": content.title if content else None,
        "digest": digest,
        "changed": changed,
        "revision": trace.revision,
        "first_seen": trace.first_seen,
        "fetched_at": trace.fetched_at,
        "published": article.published.start if article.published else None,
        "undated": article.published is None,
    }
    return Document("versions", version_id(article.id, digest), article.version, fields, article.to_dict())


def gone_version(gone: Gone) -> Document:
    """What says that the page of an article was not there any more. Found by its id, `<article>-gone`."""
    fields: dict[str, Value] = {"article": gone.id, "url": gone.url, "source": gone.source}
    version = int(gone.at.timestamp() * 1000) * 1000
    return tombstone(
        "versions", version_id(gone.id, _GONE), version, gone.at, Reason.GONE, fields=fields, record=gone.to_dict()
    )
