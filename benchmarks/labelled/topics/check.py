"""Prove that the texts.jsonl of a set follows its plan.yaml: known ids, counts per language and over the set.

Usage: check.py [FOLDER]; without a folder, the set beside this file. Exit 1 on a fault.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

import yaml

HERE = Path(__file__).parent
IDS = yaml.safe_load((HERE.parent / "ids.yaml").read_text(encoding="utf-8"))
LANGUAGES = tuple(IDS["languages"])
AREAS = set(IDS["areas"])
RELEVANCE = {"about", "part", "passing", "none"}
KINDS = {"news", "statement", "communique", "declaration", "interview", "opinion", "announcement", "other"}
KEYS = ["id", "language", "script", "title", "text", "relevance", "areas", "kind", "traps"]


def faults_of_text(record: dict, plan: dict) -> list[str]:
    """What is wrong with one record."""
    found = []
    words = len([token for token in record["text"].split() if re.search(r"\w", token)])
    areas = record["areas"]
    low, high = plan["words"]
    tests = {
        "keys": list(record) == KEYS,
        "id": re.fullmatch(rf"{record['language']}-{plan['id_mark']}\d\d", record["id"]),
        "script": record["script"] in ("Latn", "Cyrl"),
        "title": record["title"],
        f"{words} words": low <= words <= high,
        "paragraphs": record["kind"] in ("declaration", "communique", "interview")
        or record["text"].count("\n\n") < plan["paragraphs"],
        "relevance": record["relevance"] in RELEVANCE,
        f"areas {areas}": set(areas) <= AREAS and len(set(areas)) == len(areas) <= 3,
        "kind": record["kind"] in KINDS,
        "traps": all(isinstance(trap, str) and trap for trap in record["traps"]),
    }
    found.extend(f"{record['id']}: {name}" for name, passed in tests.items() if not passed)
    return found


def faults_of_language(language: str, records: list[dict], plan: dict) -> list[str]:
    """What is wrong with the counts of one language."""
    mains = {record["areas"][0] for record in records if record["areas"]}
    sizes = Counter(min(len(record["areas"]), 2) for record in records)
    scripts = Counter(record["script"] for record in records)
    relevance = Counter(record["relevance"] for record in records)
    kinds = Counter(record["kind"] for record in records)
    others = len(records) - kinds["news"]
    fewest, most = plan["other_kinds"]
    third = plan["texts"] // 3
    print(f"{language}: {len(records)} texts, {dict(relevance)}, {len(mains)} main areas, {dict(scripts)}")
    print(f"    {sizes[2]} with two or three areas, {sizes[0]} with none, {dict(kinds)}")
    tests = {
        f"{len(records)} texts": len(records) == plan["texts"],
        f"no main text for {sorted(AREAS - mains)}": len(mains) >= plan["main_areas"],
        f"{sizes[2]} with two or three areas": sizes[2] == plan["two_or_three_areas"],
        f"{sizes[0]} with no area": sizes[0] == plan["no_area"],
        f"{others} of other kinds": fewest <= others <= most,
        f"kinds {dict(kinds)}": set(plan["kinds"]) <= set(kinds),
        f"scripts {dict(scripts)}": {
            "uz": third <= scripts["Cyrl"] <= third + 1,
            "kk": scripts["Latn"] == 3,
            "ky": scripts["Latn"] == 0,
            "ru": scripts["Latn"] == 0,
        }.get(language, scripts["Cyrl"] == 0),
    }
    return [f"{language}: {name}" for name, passed in tests.items() if not passed]


def main(folder: Path) -> int:
    """Check the file and print its counts."""
    plan = yaml.safe_load((folder / "plan.yaml").read_text(encoding="utf-8"))
    records = [json.loads(line) for line in (folder / "texts.jsonl").read_text(encoding="utf-8").splitlines()]
    faults = [fault for record in records for fault in faults_of_text(record, plan)]
    for field in ("id", "title", "text"):
        repeated = [value for value, count in Counter(record[field] for record in records).items() if count > 1]
        faults.extend(f"{field} repeated: {value[:60]}" for value in repeated)
    for language in LANGUAGES:
        texts = [record for record in records if record["language"] == language]
        faults.extend(faults_of_language(language, texts, plan))
    relevance = Counter(record["relevance"] for record in records)
    for name, share in plan["relevance"].items():
        if abs(relevance[name] / len(records) - share) > 0.02:
            faults.append(f"relevance {name}: {relevance[name]} of {len(records)}, wanted about {share:.0%}")
    if not_main := AREAS - {record["areas"][0] for record in records if record["areas"]}:
        faults.append(f"never the main area: {sorted(not_main)}")
    words = [len(record["text"].split()) for record in records]
    print(f"all: {len(records)} texts, {sum(words)} words ({min(words)} to {max(words)} a text)")
    print("relevance:", dict(relevance))
    print("kinds:", dict(Counter(record["kind"] for record in records).most_common()))
    print("main areas:", dict(Counter(record["areas"][0] for record in records if record["areas"]).most_common()))
    print("all areas:", dict(Counter(area for record in records for area in record["areas"]).most_common()))
    print("traps:", dict(Counter(trap for record in records for trap in record["traps"]).most_common()))
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE))
