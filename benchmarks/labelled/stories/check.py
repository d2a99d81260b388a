"""Prove that articles.jsonl and pairs.jsonl keep the counts of GUIDELINE.md, that ids are known and pairs unique.

Usage: check.py. Prints tables; exit 1 on a fault.
"""

import json
import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
LANGUAGES = ("en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk")
WHY_NOT = ("session", "ministers", "preview", "yearly", "country", "background", "document", "follow-up")
ARTICLE_KEYS = ["id", "language", "source", "published", "event", "title", "text"]
PAIR_KEYS = ["a", "b", "same", "why", "languages"]
WORDS = (60, 200)
FEWEST_ARTICLES = 120
SAME_WITHIN = 70
SAME_ACROSS = 30
HARD = 300
DAYS_LATE = 3

Record = dict[str, Any]


def load(name: str) -> list[Record]:
    """The records of a file of JSON lines beside this script."""
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def overlap(first: str, second: str) -> float:
    """The share of different words that two texts have in common (Jaccard), 0 to 1."""
    one, two = (set(re.findall(r"\w+", text)) for text in (first, second))
    return len(one & two) / len(one | two)


def faults_of_article(article: Record, events: dict[str, Record]) -> list[str]:
    """What is wrong with one article."""
    event = events.get(article["event"])
    length = len([token for token in article["text"].split() if re.search(r"\w", token)])
    late = (date.fromisoformat(article["published"]) - event["day"]).days if event else 0
    tests = {
        "keys": list(article) == ARTICLE_KEYS,
        "id": re.fullmatch(rf"{article['language']}-\d\d", article["id"]),
        "language": article["language"] in LANGUAGES,
        "source": re.fullmatch(r"[a-z-]+", article["source"]),
        "title": article["title"],
        f"{length} words": WORDS[0] <= length <= WORDS[1],
        f"event {article['event']}": event,
        f"published {late} days after the event": (-DAYS_LATE if is_preview(article) else 0) <= late <= DAYS_LATE,
    }
    return [f"{article['id']}: {name}" for name, passed in tests.items() if not passed]


def is_preview(article: Record) -> bool:
    """Whether the event is an announcement; these are numbered 0 in their family."""
    return bool(article["event"].endswith("0"))


def faults_of_pair(pair: Record, articles: dict[str, Record]) -> list[str]:
    """What is wrong with one pair."""
    name = f"{pair['a']} {pair['b']}"
    first, second = articles.get(pair["a"]), articles.get(pair["b"])
    if not first or not second:
        return [f"{name}: unknown id"]
    same = first["event"] == second["event"]
    tests = {
        "keys": list(pair) == PAIR_KEYS,
        "order": pair["a"] < pair["b"],
        "same": pair["same"] == same,
        f"why {pair['why']}": pair["why"] == "retold" if same else pair["why"] in WHY_NOT,
        "languages": pair["languages"] == sorted({first["language"], second["language"]}),
        "one source tells twice": not same or first["source"] != second["source"] or len(pair["languages"]) == 2,
        "families": (first["event"][0] != second["event"][0]) == (pair["why"] == "background"),
    }
    if pair["why"] == "background":
        shared = set(first["text"].split("\n\n")) & set(second["text"].split("\n\n"))
        tests["one shared paragraph"] = len(shared) == 1
    return [f"{name}: {what}" for what, passed in tests.items() if not passed]


def faults_of_counts(articles: list[Record], pairs: list[Record]) -> list[str]:
    """What is wrong with the counts over the set."""
    across = {True: 0, False: 0}
    for pair in pairs:
        if pair["same"]:
            across[len(pair["languages"]) > 1] += 1
    hard = sum(not pair["same"] for pair in pairs)
    used = {pair[side] for pair in pairs for side in ("a", "b")}
    tests = {
        f"{len(articles)} articles": len(articles) >= FEWEST_ARTICLES,
        f"{across[False]} same pairs within a language": across[False] == SAME_WITHIN,
        f"{across[True]} same pairs across languages": across[True] == SAME_ACROSS,
        f"{hard} hard pairs": hard == HARD,
        "reasons without a pair": set(WHY_NOT) <= {pair["why"] for pair in pairs},
        f"articles in no pair: {sorted(a['id'] for a in articles if a['id'] not in used)}": len(used) == len(articles),
    }
    faults = [name for name, passed in tests.items() if not passed]
    for field in ("id", "title", "text"):
        counts = Counter(article[field] for article in articles)
        faults.extend(f"{field} repeated: {value[:60]}" for value, count in counts.items() if count > 1)
    counted = Counter(frozenset((pair["a"], pair["b"])) for pair in pairs)
    faults.extend(f"pair repeated: {sorted(ids)}" for ids, count in counted.items() if count > 1)
    return faults


def print_tables(articles: list[Record], pairs: list[Record]) -> None:
    """Print what the set holds, and how near in words its pairs are."""
    texts = {article["id"]: article["text"] for article in articles}
    lengths = sorted(len(text.split()) for text in texts.values())
    print(f"{len(articles)} articles, {lengths[0]} to {lengths[-1]} words, median {lengths[len(lengths) // 2]}")
    print(f"{len({a['event'] for a in articles})} events, {len({a['source'] for a in articles})} sources")
    columns = ("retold", *WHY_NOT)
    print("language   " + "".join(f"{why:>11}" for why in columns))
    for name in (*LANGUAGES, "across"):
        rows = [p for p in pairs if (p["languages"] == [name] or (name == "across" and len(p["languages"]) == 2))]
        counts = Counter(pair["why"] for pair in rows)
        print(f"{name:<11}" + "".join(f"{counts[why]:>11}" for why in columns))
    totals = Counter(pair["why"] for pair in pairs)
    print(f"{'all':<11}" + "".join(f"{totals[why]:>11}" for why in columns))
    print("words in common within a language (Jaccard), lowest, median, highest:")
    for why in columns:
        shares = sorted(
            overlap(texts[pair["a"]], texts[pair["b"]])
            for pair in pairs
            if pair["why"] == why and len(pair["languages"]) == 1
        )
        print(f"  {why:<11} {shares[0]:.2f} {shares[len(shares) // 2]:.2f} {shares[-1]:.2f}")
    print("across:", dict(Counter("-".join(p["languages"]) for p in pairs if len(p["languages"]) == 2).most_common()))


def main() -> int:
    """Check both files and print their tables."""
    articles, pairs = load("articles.jsonl"), load("pairs.jsonl")
    events = yaml.safe_load((HERE / "events.yaml").read_text(encoding="utf-8"))["events"]
    by_id = {article["id"]: article for article in articles}
    faults = [fault for article in articles for fault in faults_of_article(article, events)]
    faults.extend(fault for pair in pairs for fault in faults_of_pair(pair, by_id))
    faults.extend(faults_of_counts(articles, pairs))
    print_tables(articles, pairs)
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
