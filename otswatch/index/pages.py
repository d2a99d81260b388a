"""Pages of hits, for every engine: how large they may be, what weighs more, and where the next one starts.

A token (`Search.after`) is base64url of a JSON list that begins with the sort that it belongs to. By a date it goes on
with the last hit's milliseconds (or null) and its id, for every engine alike: what is added meanwhile moves nothing,
and nothing has to be kept on the server. What it holds by score is the engine's own business.

A token comes back from outside, so whatever it holds is looked at before an engine sees it.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from otswatch.errors import UsageError
from otswatch.index import MAX_SIZE, Search

_INT64 = 1 << 63


def weight(field: str) -> float:
    """How much a word says that stands in this text field."""
    return 3.0 if field == "title" else 1.0


def check_size(search: Search) -> None:
    """Raises UsageError where a page of that size cannot be given."""
    if not 0 <= search.size <= MAX_SIZE:
        raise UsageError(f"a page has 0 to {MAX_SIZE:,} documents, not {search.size}")


def token(*parts: str | float | None) -> str:
    """The token of these parts, the sort first."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def place(search: Search) -> list[Any] | None:
    """What the search's token says behind its sort; null on the first page.

    Raises:
        UsageError: not a token, or one of another sort.
    """
    if search.after is None:
        return None
    try:
        sort, *parts = json.loads(base64.b64decode(search.after + "=" * (-len(search.after) % 4), b"-_", validate=True))
        json.dumps(parts, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, TypeError, RecursionError):
        raise bad_token() from None
    if sort != search.sort:
        raise bad_token()
    return list(parts)


def date_place(search: Search) -> tuple[int | None, str] | None:
    """The date and the id behind which a page by date starts; null on the first page.

    Raises:
        UsageError: not the token of such a page.
    """
    match place(search):
        case None:
            return None
        case [bool(), _]:
            raise bad_token()
        case [int() | None as value, str() as id_] if value is None or -_INT64 < value < _INT64:
            return value, id_
    raise bad_token()


def bad_token() -> UsageError:
    """What to say of a token that cannot be continued."""
    return UsageError("`after` does not continue this search: use the one that its last page gave, or start without")
