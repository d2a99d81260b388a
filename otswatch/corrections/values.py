"""The values that a person can put right, in the JSON form of `Correction.value`:

- `areas`: ids of areas, main one first; an empty list for none of them;
- `kind`: id of a kind; null for unknown;
- `relevance`: about, part, passing or none;
- `published`: a day, month, year or moment in ISO 8601, as in `Dated.at`; null for unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from otswatch import dates
from otswatch.errors import UsageError
from otswatch.records import Article, Relevance

LEVELS: Final[tuple[str, ...]] = get_args(Relevance.model_fields["level"].annotation)
#: An article of these levels is shown to readers.
KEPT: Final = ("about", "part")


def checked(field: str, value: Any) -> Any:
    """`value` as it is kept; whether the taxonomy has its ids is not asked here.

    Raises:
        UsageError: not a value of this field, or no field that can be corrected; with what is.
    """
    if field not in _CHECKS:
        raise UsageError(f"{field} cannot be corrected; what can: {', '.join(FIELDS)}")
    return _CHECKS[field](value)


def _areas(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError('areas: a list of ids, main one first, such as ["security", "political"]; [] for none')
    if len(set(value)) < len(value):
        raise UsageError("areas: the same area twice; name each once, main one first")
    return value


def _kind(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise UsageError('kind: an id such as "statement", or null for unknown')
    return value


def _relevance(value: Any) -> str:
    if value not in LEVELS:
        raise UsageError(f"relevance: {value!r} is none of {', '.join(LEVELS)}")
    return str(value)


def _published(value: Any) -> str | None:
    if value is None:
        return None
    read = dates.machine(value) if isinstance(value, str) else None
    if read is None:
        raise UsageError(
            f"published: {value!r} is no date between 1990 and 2100; write 2025-04-15, 2025-04, 2025 or"
            " 2025-04-15T16:15+04:00; null for unknown"
        )
    return read[0]


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "areas": _areas,
    "kind": _kind,
    "relevance": _relevance,
    "published": _published,
}
#: What can be put right, in the order that it is shown in.
FIELDS: Final = tuple(_CHECKS)


def value_of(article: Article, field: str) -> Any:
    """What the article says now, in the form of a correction; null for unknown."""
    match field:
        case "areas":
            return [area.id for area in article.areas]
        case "kind":
            return article.kind.id if article.kind else None
        case "relevance":
            return article.relevance.level if article.relevance else None
        case "published":
            return article.published.at if article.published else None
    raise ValueError(field)


def shown(value: Any) -> str:
    """A value in one word or line."""
    if value is None:
        return "unknown"
    return ", ".join(value) or "none" if isinstance(value, list) else str(value)
