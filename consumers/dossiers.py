"""Stage `dossiers`: which of the user's topics an article belongs to. What one claims is kept, whatever it is about."""

from __future__ import annotations

from functools import cache

from otswatch.consumers.document import Document
from otswatch.consumers.stage import Stage
from otswatch.dossiers import Dossiers, load
from otswatch.records import Article
from otswatch.settings import Settings
from otswatch.status import Reason

#: Goes up with every change of what the stage makes of the same dossiers; these have a version of their own.
_RULES = 1

#: Why an article is discarded that a dossier may want. One without a text is of no use to any.
_CLAIMABLE = {Reason.PASSING, Reason.NOT_ABOUT_OTS}


@cache
def dossiers() -> Dossiers:
    """The dossiers of this process.

    Raises:
        ConfigError: one of them cannot be used.
    """
    return load(Settings.load().config)


def claim(_document: Document, article: Article) -> Article:
    """The article with the dossiers that claim it; kept where it would be discarded for its relevance alone."""
    claims = dossiers().claims(article)
    article = article.replace(dossiers=claims)
    if claims and article.status == "discarded" and article.reason in _CLAIMABLE:
        return article.replace(status="ok", reason=None)
    return article


STAGE = Stage(
    name="dossiers",
    version=f"{_RULES}+{dossiers().version}",
    owns=("dossiers",),
    run=claim,
    needs_page=False,
)
