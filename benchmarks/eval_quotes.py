"""Quotes and their speakers against 2,772 labelled ones in nine languages.

All but the first were written by others who had seen no rule: what they said at first sight, which a new text may
expect, stands in docs/decisions/0019-quotes.md.

A found quote is a labelled one where the two share most of their letters (`_SAME` of those that either has), each
labelled quote once. A speaker is right where the folded name is the labelled one, or both are unknown. Intervals are
Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measures import share
from otswatch.consumers.document import Document
from otswatch.consumers.quotes import quotes
from otswatch.records import Article, Content, Quote
from otswatch.text.folding import fold

LABELLED = Path(__file__).parent / "labelled"
#: Sets and who has read them.
SETS = {
    "quotes": "read by those who make the rules",
    "quotes_new": "read by those who make the rules",
    "quotes_kept": "read by those who make the rules",
    "quotes_fourth": "read by those who make the rules",
    "quotes_fifth": "read by those who make the rules",
    "quotes_sixth": "read by those who make the rules",
    "quotes_seventh": "read by those who make the rules",
    "quotes_more": "read by those who make the rules",
    "quotes_eighth": "not read; only its sums were seen while quotes/8 was made",
}
#: The share of letters that a found and a labelled quote have in common: half a sentence is not the sentence.
_SAME = 0.8


@dataclass(frozen=True, slots=True)
class Row:
    """One article: its labels, what was found, and which found quote is which label."""

    article: dict[str, Any]
    found: tuple[Quote, ...]
    pairs: tuple[tuple[dict[str, Any], Quote], ...]


def read(name: str = "quotes") -> list[Row]:
    """All labelled articles of a set with what the stage finds in them."""
    lines = (LABELLED / name / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return [_row(json.loads(line)) for line in lines]


def _row(article: dict[str, Any]) -> Row:
    content = Content(
        title=article["title"], text=article["text"], language=article["language"], extractor="labelled/1"
    )
    document = Document(html=None, text=article["text"])
    found = quotes(document, Article(id=article["id"], url=None, source=None, content=content)).quotes
    left = list(article["quotes"])
    pairs: list[tuple[dict[str, Any], Quote]] = []
    for quote in found:
        label = max(left, key=lambda label: _shared(label, quote), default=None)
        if label is not None and _shared(label, quote) >= _SAME:
            left.remove(label)
            pairs.append((label, quote))
    return Row(article, found, tuple(pairs))


def _shared(label: dict[str, Any], quote: Quote) -> float:
    common = min(label["end"], quote.end) - max(label["start"], quote.start)
    return max(0, common) / (max(label["end"], quote.end) - min(label["start"], quote.start))


def speaker_is_right(label: dict[str, Any], quote: Quote) -> bool:
    """Whether the speaker's name is the labelled one; both unknown is right, too."""
    wanted = label["speaker"]["name"] if label["speaker"] else None
    given = quote.speaker.name if quote.speaker else None
    return fold(wanted or "") == fold(given or "")


def _line(name: str, rows: Sequence[Row]) -> str:
    found = sum(len(row.found) for row in rows)
    labelled = sum(len(row.article["quotes"]) for row in rows)
    pairs = [pair for row in rows for pair in row.pairs]
    right = sum(speaker_is_right(*pair) for pair in pairs)
    precision, recall = share(len(pairs), found), share(len(pairs), labelled)
    return f"  {name:9} precision {precision}  recall {recall}  speaker {share(right, len(pairs))}"


def score(name: str, rows: Sequence[Row]) -> None:
    """Print precision, recall and speakers; over all, by language, and recall by form."""
    quotes = sum(len(row.article["quotes"]) for row in rows)
    print(f"{name}: {len(rows)} articles, {quotes} quotes, nine languages, {SETS[name]}")
    print(_line("all", rows))
    for language in dict.fromkeys(row.article["language"] for row in rows):
        print(_line(language, [row for row in rows if row.article["language"] == language]))
    labels = [(label, row) for row in rows for label in row.article["quotes"]]
    forms = [("direct", lambda label: label["direct"]), ("reported", lambda label: not label["direct"])]
    forms += [
        (form, lambda label, form=form: (label["speaker"] or {}).get("form", "nobody") == form)
        for form in ("full", "surname", "pronoun", "office", "body", "document", "none", "nobody")
    ]
    for name, belongs in forms:
        of = [(label, row) for label, row in labels if belongs(label)]
        pairs = [pair for row in rows for pair in row.pairs if belongs(pair[0])]
        right = sum(speaker_is_right(*pair) for pair in pairs)
        print(f"    {name:9} recall {share(len(pairs), len(of))}  speaker {share(right, len(pairs))}")


def show(rows: Sequence[Row]) -> None:
    """Print every mistake: what was missed, what is no quote, and whose words they are not."""
    for row in rows:
        paired = [label for label, _ in row.pairs]
        for label in row.article["quotes"]:
            if label not in paired:
                print(f"{row.article['id']} missed   {label['text']}")
        for quote in row.found:
            if all(quote is not other for _, other in row.pairs):
                print(f"{row.article['id']} no quote {quote.text}")
        for label, quote in row.pairs:
            if not speaker_is_right(label, quote):
                name = quote.speaker.name if quote.speaker else None
                print(f"{row.article['id']} speaker  {name} for {label['speaker']}: {quote.text[:60]}")


def main() -> None:
    """Score, or list the mistakes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list every mistake")
    showing = parser.parse_args().show
    for name in SETS:
        rows = read(name)
        if showing:
            show(rows)
        else:
            score(name, rows)


if __name__ == "__main__":
    main()
