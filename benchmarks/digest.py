"""One hash for everything that an index says, so that two runs can be compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from otswatch.index import Index, Search, every


def articles(index: Index) -> Iterator[Mapping[str, Any]]:
    """Every article of the index, kept or discarded."""
    return every(index, Search())


def lines(index: Index) -> dict[str, str]:
    """Each article as JSON without its `trace` (times and message addresses of this very run), by id."""
    return {
        article["id"]: json.dumps(
            {k: v for k, v in article.items() if k != "trace"}, sort_keys=True, ensure_ascii=False
        )
        for article in articles(index)
    }


def digest(said: Mapping[str, str]) -> str:
    """The same for indexes whose `lines` say the same, in whatever order they came."""
    return hashlib.sha256("\n".join(said[id_] for id_ in sorted(said)).encode()).hexdigest()
