"""The corrections that stand, as labels: what `benchmarks/eval_corrections.py` scores the rules against."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from otswatch.corrections import acts
from otswatch.corrections.fold import unfold
from otswatch.corrections.values import part_of, quote_of, value_of
from otswatch.records import Article, Correction
from otswatch.stores import Stores


def labels(stores: Stores) -> Iterator[dict[str, Any]]:
    """One for each correction that stands and whose article is in the index.

    `value` is the human's and `machine` what the machine had made of it then, in the same form; of a `speaker`, `words`
    are those of the quote, and null where the article does not have it any more. `text` is null where it
    is not in the index (a discarded article): the page is at `url`, and as it came in the archive, by `article`.
    """
    for entry in acts.entries(stores):
        record = stores.index.get("articles", entry.correction.article) if entry.status == "stands" else None
        if record is not None:
            yield _label(entry.correction, Article.model_validate(record))


def _label(correction: Correction, article: Article) -> dict[str, Any]:
    content = article.content
    part = part_of(correction.field, correction.value)
    quote = quote_of(part)
    return {
        "article": article.id,
        "url": article.url,
        "title": content.title if content else None,
        "language": content.language if content else None,
        "text": (content.text or None) if content else None,
        "fetched_at": article.trace.to_dict()["fetched_at"],
        "field": correction.field,
        "value": correction.value,
        "machine": value_of(unfold(article), part),
        "words": next((each.text for each in article.quotes if each.id == quote), None),
        "note": correction.note,
        "by": correction.by,
        "at": correction.to_dict()["at"],
    }
