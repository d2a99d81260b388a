"""How many rows there are by area, speaker, state or body, month, language and source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Literal

from otswatch.index import Index, Search
from otswatch.index.quote_projection import Utterance
from otswatch.quotations.rows import every, first

By = Literal["area", "speaker", "state", "month", "language", "source"]


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows have a value; null: those of which it is not known."""

    key: str | None
    count: int


def counts(index: Index, search: Search, by: By, *, copies: bool = False) -> list[Count]:
    """Rows by a value: the commonest first, months from first to last without gaps; what is not known last.

    Reads everything that the search finds. A row with several areas counts for each. With `copies` each is a row.
    """
    return tally(every(index, search) if copies else each_once(index, search), by)


def each_once(index: Index, search: Search, most: int | None = None) -> list[Utterance]:
    """What stands for each row of a search, in no order; of the newest `most` quotes alone, where that is given."""
    found: dict[str, Utterance] = {}
    for quote in islice(every(index, search), most):
        if quote.saying not in found or first(quote) < first(found[quote.saying]):
            found[quote.saying] = quote
    return list(found.values())


def tally(quotes: Iterable[Utterance], by: By) -> list[Count]:
    """As `counts`, of quotes that were read."""
    counted: Counter[str | None] = Counter(key for quote in quotes for key in _keys(quote, by))
    unknown = [Count(None, counted.pop(None))] if None in counted else []
    if by == "month":
        return [*(Count(month, counted[month]) for month in _months(sorted(filter(None, counted)))), *unknown]
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0] or ""))
    return [*(Count(key, count) for key, count in ranked), *unknown]


def _keys(quote: Utterance, by: By) -> Sequence[str | None]:
    speaker, published = quote.speaker, quote.article.published
    match by:
        case "area":
            return quote.areas or (None,)
        case "speaker":
            return ((speaker.person or speaker.name) if speaker else None,)
        case "state":
            return (speaker.of if speaker else None,)
        case "month":
            return (f"{published.start:%Y-%m}" if published else None,)
        case "language":
            return (quote.article.language,)
        case "source":
            return (quote.article.source,)


def _months(found: Sequence[str]) -> Iterator[str]:
    """From the first to the last."""
    if found:
        day, last = date.fromisoformat(f"{found[0]}-01"), found[-1]
        while (month := f"{day:%Y-%m}") <= last:
            yield month
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
