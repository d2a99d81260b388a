"""Who said what: quotes as a reader asks for them, each once for a story, and how many there are of what.

    asked = QuoteRequest.of(speaker=["Erdoğan"], area=["security"], since="2026-01-01")
    found = rows(index, asked.to_search(settings.config))
    counts(index, asked.to_search(settings.config), "month")

`request` says what can be asked for, `rows` gives the quotes, `counts` their numbers, `labels` the names of what is
counted. docs/reference/quotes.md says what a quote is.
"""

from __future__ import annotations

from otswatch.quotations.counts import By, Count, counts, each_once, tally
from otswatch.quotations.labels import Labels, counted_by
from otswatch.quotations.request import QuoteRequest
from otswatch.quotations.rows import Row, Rows, result, rows

__all__ = [
    "By",
    "Count",
    "Labels",
    "QuoteRequest",
    "Row",
    "Rows",
    "counted_by",
    "counts",
    "each_once",
    "result",
    "rows",
    "tally",
]
