"""The values that a person can put right, in the JSON form of `Correction.value`:

- `areas`: ids of areas, main one first; an empty list for none of them;
- `kind`: id of a kind; null for unknown;
- `relevance`: about, part, passing or none;
- `published`: a day, month, year or moment in ISO 8601, as in `Dated.at`; null for unknown;
- `speaker`: `{"quote", "speaker"}`: the id of one quote of the article, and of a person in the register, or a name;
  null for unknown;
- `story`: `alone` for an article that is a story of its own, or the id of a story that its story is the same as. The
  consumer `stories` sees to it; it is not put over the article.

A word is about a part of its article: the field, or of `speaker` one quote (`speaker:<id>`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from otswatch import dates
from otswatch.errors import UsageError
from otswatch.records import Article, Relevance

LEVELS: Final[tuple[str, ...]] = get_args(Relevance.model_fields["level"].annotation)
#: Of an article that tells what no other one does.
ALONE: Final = "alone"
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


def _speaker(value: Any) -> dict[str, str | None]:
    keys = {"quote", "speaker"}
    if not isinstance(value, dict) or set(value) != keys or not isinstance(value["quote"], str) or not value["quote"]:
        raise UsageError('speaker: {"quote": id of the quote, "speaker": id or name of who spoke, or null for unknown}')
    name = value["speaker"]
    if name is not None and not (isinstance(name, str) and name.strip()):
        raise UsageError("speaker: an id of the register, a name, or null for unknown")
    return {"quote": value["quote"], "speaker": name and " ".join(name.split())}


def _story(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"story: the id of a story, or {ALONE!r} for a story of its own")
    return value.strip()


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "areas": _areas,
    "kind": _kind,
    "relevance": _relevance,
    "published": _published,
    "speaker": _speaker,
    "story": _story,
}
#: What can be put right, in the order that it is shown in.
FIELDS: Final = tuple(_CHECKS)
_SPEAKER: Final = "speaker:"


def part_of(field: str, value: Any) -> str:
    """What a word of this field, with this value, is about."""
    return part_of_speaker(value["quote"]) if field == "speaker" else field


def part_of_speaker(quote: str) -> str:
    """The part that holds who spoke the words of a quote."""
    return f"{_SPEAKER}{quote}"


def quote_of(part: str) -> str | None:
    """The id of the quote whose speaker a part is; null of another part."""
    return part.removeprefix(_SPEAKER) if part.startswith(_SPEAKER) else None


def value_of(article: Article, part: str) -> Any:
    """What a part of the article says now, in the form of a correction; null for unknown."""
    if (quote := quote_of(part)) is not None:
        said = next((each.speaker for each in article.quotes if each.id == quote), None)
        return {"quote": quote, "speaker": (said.person or said.name) if said else None}
    match part:
        case "areas":
            return [area.id for area in article.areas]
        case "kind":
            return article.kind.id if article.kind else None
        case "relevance":
            return article.relevance.level if article.relevance else None
        case "published":
            return article.published.at if article.published else None
        case "story":
            return article.story.id if article.story else None
    raise ValueError(part)


def shown(value: Any) -> str:
    """A value in one word or line."""
    if isinstance(value, dict):
        value = value["speaker"]
    if value is None:
        return "unknown"
    return ", ".join(value) or "none" if isinstance(value, list) else str(value)
