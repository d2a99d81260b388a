"""Areas, relevance and kind against labels: the public development set where it is there, and a small set of our own.

The development set's paragraphs were read while the word lists were made, so its score is that of fitted lists.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otswatch.consumers.classify import areas_of, classify
from otswatch.consumers.document import Document
from otswatch.records import Article, Content

OWN = Path(__file__).parent / "labelled" / "areas.jsonl"
TOPICS = Path(__file__).parent / "labelled" / "topics" / "texts.jsonl"
SHARED = Path(__file__).parents[2] / "shared" / "eval"

#: The kinds that one label of the development set stands for.
GROUPS = {
    "news": {"news"},
    "announcement": {"announcement"},
    "interview/opinion": {"interview", "opinion"},
    "statement/communique": {"statement", "communique", "declaration"},
    "other": {"other", None},
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Labels over all texts: right, wrong, missed."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    def __str__(self) -> str:
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        return f"F1 {self.f1:.3f}  precision {precision:.3f}  recall {recall:.3f}"


def compare(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Counts:
    """Micro counts over (gold, found) pairs of area ids."""
    right = wrong = missed = 0
    for gold, found in pairs:
        right += len(set(gold) & set(found))
        wrong += len(set(found) - set(gold))
        missed += len(set(gold) - set(found))
    return Counts(right, wrong, missed)


def read(path: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def found(text: str, language: str | None) -> list[str]:
    """The ids of the areas of a text."""
    return [area.id for area in areas_of(text, language)]


def whole(title: str | None, text: str, language: str) -> Article:
    """An article that has only been cleaned, classified."""
    content = Content(title=title, text=text, language=language, extractor="labelled/1")
    return classify(Document(html=None, text=text), Article(id="0", url=None, source=None, content=content))


def score_own() -> None:
    """Print what the small set of our own says."""
    rows = read(OWN)
    print(f"own set ({len(rows)} sentences, nine languages)")
    print(f"  areas      {compare((row['areas'], found(row['text'], row['language'])) for row in rows)}")
    print(f"  areas, language unknown  {compare((row['areas'], found(row['text'], None)) for row in rows)}")
    articles = [whole(None, row["text"], row["language"]) for row in rows]
    levels = Counter(
        (row["relevance"], article.relevance.level)
        for row, article in zip(rows, articles, strict=True)
        if article.relevance
    )
    right = sum(count for (gold, level), count in levels.items() if (gold == "about") == (level in {"about", "part"}))
    print(f"  relevance  {right}/{len(rows)} kept or discarded rightly; {dict(levels)}")


def score_topics() -> None:
    """Print relevance, areas and kind on 360 texts that were labelled before the rules saw them."""
    rows = read(TOPICS)
    both = [(row, whole(row["title"], row["text"], row["language"])) for row in rows]
    print(f"topics ({len(rows)} titles with text, nine languages)")
    pairs = [(row["areas"], [area.id for area in article.areas]) for row, article in both]
    main = [bool(gold) and gold[:1] == found[:1] for gold, found in pairs if gold]
    print(f"  areas      {compare(pairs)}  main area right {sum(main) / len(main):.3f}")
    for language in dict.fromkeys(row["language"] for row in rows):
        part = [pair for pair, row in zip(pairs, rows, strict=True) if row["language"] == language]
        print(f"    {language}  {len(part):3}  {compare(part)}")
    levels = Counter((row["relevance"], article.relevance.level) for row, article in both if article.relevance)
    kept = Counter((gold in _KEPT, level in _KEPT) for gold, level in levels.elements())
    recall, specificity = (
        kept[True, True] / (kept[True, True] + kept[True, False]),
        kept[False, False] / (kept[False, False] + kept[False, True]),
    )
    print(f"  relevance  recall {recall:.3f}  specificity {specificity:.3f}; {dict(levels)}")
    kinds = Counter((row["kind"], article.kind.id if article.kind else "unknown") for row, article in both)
    right = sum(count for (gold, kind), count in kinds.items() if kind == gold or (gold, kind) == ("other", "unknown"))
    print(f"  kind       {right}/{len(rows)} right; wrong: { ({k: v for k, v in kinds.items() if k[0] != k[1]}) }")


_KEPT = {"about", "part"}


def score_paragraphs(path: Path) -> None:
    """Print the areas of the English paragraphs."""
    rows = read(path)
    pairs = [(row["areas"], found(row["text"], "en")) for row in rows]
    main = sum(bool(labels) and labels[0] in gold for gold, labels in pairs)
    print(f"{path.name} ({len(rows)} English paragraphs, read while the lists were made)")
    print(f"  areas      {compare(pairs)}  main area right {main / len(rows):.3f}")


def score_titles(path: Path) -> None:
    """Print relevance, areas and kind on titles alone; many name neither the OTS nor the subject."""
    rows = [row for row in read(path) if row["title"]]
    articles = [whole(row["title"], "", row["language"]) for row in rows]
    both = list(zip(rows, articles, strict=True))
    print(f"{path.name} ({len(rows)} titles alone)")
    pairs = [([a for a in row["areas"] if a != "other"], [area.id for area in article.areas]) for row, article in both]
    print(f"  areas      {compare(pairs)}")
    for language in sorted({row["language"] for row in rows}):
        part = [pair for pair, row in zip(pairs, rows, strict=True) if row["language"] == language]
        print(f"    {language}  {len(part):3}  {compare(part)}")
    _print_relevance(both)
    _print_kinds(both)


def _print_relevance(both: Sequence[tuple[dict[str, Any], Article]]) -> None:
    kept = [(row["is_ots_related"], article.status == "ok", row) for row, article in both]
    yes = [keep for gold, keep, _ in kept if gold]
    no = [keep for gold, keep, _ in kept if not gold]
    print(
        f"  relevance  recall {sum(yes) / len(yes):.3f}  specificity {1 - sum(no) / len(no):.3f}  (always yes: 1 / 0)"
    )
    for gold, keep, row in kept:
        if keep and not gold:
            print(f"    wrongly kept: {row['id']} {row['title']}")


def _print_kinds(both: Sequence[tuple[dict[str, Any], Article]]) -> None:
    table: dict[str, Counter[str]] = {}
    right = 0
    for row, article in both:
        kind = article.kind.id if article.kind else None
        right += kind in GROUPS[row["kind"]]
        table.setdefault(row["kind"], Counter())[kind or "unknown"] += 1
    print(f"  kind       {right}/{len(both)} right (always news: {sum(table['news'].values())})")
    for gold, counts in table.items():
        print(f"    {gold:22} {dict(counts)}")


def main() -> None:
    """Print every score."""
    score_own()
    score_topics()
    for name, score in (("areas_dev.jsonl", score_paragraphs), ("labels_dev.jsonl", score_titles)):
        if (SHARED / name).exists():
            score(SHARED / name)
        else:
            print(f"{name}: not here; scored without it")


if __name__ == "__main__":
    main()
