"""The kind of text against labels, as confusion tables: a row a labelled kind, a column a found one.

An unknown kind is right where the label is `other`. `labels_dev.jsonl` has five groups of labels, on titles alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

Table = Mapping[tuple[str, str], int]

UNKNOWN = "unknown"
#: The kinds that one label of the shared development set stands for.
GROUPS = {
    "news": {"news"},
    "announcement": {"announcement"},
    "interview/opinion": {"interview", "opinion"},
    "statement/communique": {"statement", "communique", "declaration"},
    "other": {"other", UNKNOWN},
}
#: Each kind as its own group.
KINDS = {
    kind: {kind} for kind in ("news", "statement", "communique", "declaration", "interview", "opinion", "announcement")
} | {"other": {"other", UNKNOWN}}
_OFFICIAL = ("statement", "communique", "declaration")


def table(pairs: Iterable[tuple[str, str | None]]) -> Counter[tuple[str, str]]:
    """How often each (labelled, found) pair was met."""
    return Counter((gold, found or UNKNOWN) for gold, found in pairs)


def show(counts: Table, groups: Mapping[str, set[str]]) -> None:
    """Print the table with precision, recall and F1 of each label, and the share that is right."""
    found = [kind for kind in (*KINDS, UNKNOWN) if any(column == kind for _, column in counts)]
    labels = [label for label in groups if any(row == label for row, _ in counts)]
    right = sum(count for (gold, kind), count in counts.items() if kind in groups[gold])
    total = sum(counts.values())
    print(f"  kind       {right}/{total} right ({right / total:.3f}; always news: {_row(counts, 'news') / total:.3f})")
    print(f"    {'':22}" + "".join(f"{kind[:10]:>11}" for kind in found) + "  precision recall     F1")
    for label in labels:
        cells = "".join(f"{counts.get((label, kind), 0) or '.':>11}" for kind in found)
        print(f"    {label:22}{cells}  {_scores(counts, label, groups)}")
    _show_official(counts, groups)


def _row(counts: Table, label: str) -> int:
    return sum(count for (gold, _), count in counts.items() if gold == label)


def _scores(counts: Table, label: str, groups: Mapping[str, set[str]]) -> str:
    hits = sum(count for (gold, kind), count in counts.items() if gold == label and kind in groups[label])
    given = sum(count for (_, kind), count in counts.items() if kind in groups[label])
    labelled = _row(counts, label)
    return f"{_share(hits, given):>9} {_share(hits, labelled):>6} {_share(2 * hits, given + labelled):>6}"


def _show_official(counts: Table, groups: Mapping[str, set[str]]) -> None:
    """An article about a document is never one: the precision of the three kinds of official text together."""
    official = set(_OFFICIAL)
    labels = {label for label, kinds in groups.items() if kinds & official}
    given = [(gold, count) for (gold, kind), count in counts.items() if kind in official]
    hits = sum(count for gold, count in given if gold in labels)
    print(f"    official texts: precision {_share(hits, sum(count for _, count in given))}")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"
