"""Write articles.jsonl and pairs.jsonl from source/*.txt, events.yaml and pairs.yaml, as GUIDELINE.md lays down.

Usage: build.py
"""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
LANGUAGES = ("en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk")
MOST = 3

Article = dict[str, str]
Pair = dict[str, Any]


def paragraph(line: str, background: str) -> str:
    """A line of a source file as a paragraph; a lone % stands for the language's background block."""
    return background if line.strip() == "%" else line.strip()


def read(language: str) -> list[Article]:
    """The articles of one language, numbered in the order of its file."""
    source = (HERE / "source" / f"{language}.txt").read_text(encoding="utf-8")
    background, *blocks = source.split("\n@ ")
    background = background.removeprefix("% ").strip()
    articles = []
    for number, block in enumerate(blocks, start=1):
        header, title, *lines = block.strip().split("\n")
        event, outlet, published = (cell.strip() for cell in header.split("|"))
        articles.append(
            {
                "id": f"{language}-{number:02d}",
                "language": language,
                "source": outlet,
                "published": published,
                "event": event,
                "title": title.strip(),
                "text": "\n\n".join(paragraph(line, background) for line in lines),
            }
        )
    return articles


def reasons(close: dict[str, dict[str, list[str]]]) -> dict[frozenset[str], str]:
    """The reason why two events are taken for one another, by the pair of events."""
    return {
        frozenset((event, other)): reason
        for reason, events in close.items()
        for event, others in events.items()
        for other in others
    }


def pair(first: Article, second: Article, why: str) -> Pair:
    """The record of two articles, the lesser id first."""
    first, second = sorted((first, second), key=lambda article: article["id"])
    languages = sorted({first["language"], second["language"]})
    same = first["event"] == second["event"]
    return {"a": first["id"], "b": second["id"], "same": same, "why": why, "languages": languages}


def within(articles: list[Article], close: dict[frozenset[str], str]) -> list[Pair]:
    """The pairs of one language: all tellings of one event, and at most MOST pairs of articles for two close events."""
    found = []
    taken: dict[frozenset[str], int] = {}
    for first, second in sorted(combinations(articles, 2), key=lambda two: two[0]["id"][3:] + two[1]["id"][3:]):
        events = frozenset((first["event"], second["event"]))
        taken[events] = taken.get(events, 0) + 1
        if len(events) == 1:
            found.append(pair(first, second, "retold"))
        elif events in close and taken[events] <= MOST:
            found.append(pair(first, second, close[events]))
    return found


def named(articles: dict[str, Article], close: dict[frozenset[str], str]) -> list[Pair]:
    """The pairs that pairs.yaml names: across languages, and those that share the background block only."""
    lists = yaml.safe_load((HERE / "pairs.yaml").read_text(encoding="utf-8"))
    found = [pair(articles[a], articles[b], "retold") for a, b in lists["across_same"]]
    for a, b in lists["across_hard"]:
        events = frozenset((articles[a]["event"], articles[b]["event"]))
        found.append(pair(articles[a], articles[b], close[events]))
    found.extend(pair(articles[a], articles[b], "background") for a, b in lists["background"])
    return found


def write(name: str, records: list[Article] | list[Pair]) -> None:
    """Write JSON lines beside this file."""
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    (HERE / name).write_text("".join(lines), encoding="utf-8")
    print(f"{len(records)} records in {name}")


def main() -> None:
    """Build both files."""
    events = yaml.safe_load((HERE / "events.yaml").read_text(encoding="utf-8"))
    close = reasons(events["close"])
    by_language = [read(language) for language in LANGUAGES]
    articles = [article for group in by_language for article in group]
    pairs = [record for group in by_language for record in within(group, close)]
    pairs.extend(named({article["id"]: article for article in articles}, close))
    write("articles.jsonl", articles)
    write("pairs.jsonl", sorted(pairs, key=lambda record: (not record["same"], record["a"], record["b"])))


if __name__ == "__main__":
    main()
