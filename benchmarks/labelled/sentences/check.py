"""Prove that sentences.jsonl follows GUIDELINE.md: known ids, counts per language. Exit 1 on a fault."""

import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
IDS = yaml.safe_load((HERE.parent / "ids.yaml").read_text(encoding="utf-8"))
LANGUAGES = tuple(IDS["languages"])
AREAS = set(IDS["areas"])
BODIES = {
    "ots",
    "council_of_heads_of_state",
    "council_of_foreign_ministers",
    "council_of_elders",
    "secretariat",
    "representation_office",
    "turkic_academy",
    "turksoy",
    "turkpa",
    "investment_fund",
    "heritage_foundation",
    "chamber_of_commerce",
    "universities_union",
}
TRAPS = {
    "apostrophe-suffix",
    "hyphen-suffix",
    "bare-suffix",
    "suffix-chain",
    "apostrophe-variant",
    "capitals",
    "no-diacritics",
    "latin-kazakh",
    "cyrillic-uzbek",
    "other-alphabet",
    "split-name",
    "spelling",
    "abbreviation",
    "old-name",
    "calque",
    "body-only",
    "common-word",
    "false-friend",
    "other-body",
    "list",
    "venue-only",
    "former-office",
    "background",
    "area-in-name",
    "short-stem",
    "inflected-area",
    "area-capitals",
}
RELEVANCE = {"about", "part", "passing", "none"}
KEYS = ["id", "language", "script", "text", "bodies", "relevance", "areas", "traps"]
SENTENCES, WITH_AREA, WITHOUT_AREA = 40, 12, 10
UNNAMED = range(11, 17)


def faults_of_sentence(record: dict[str, Any]) -> list[str]:
    """What is wrong with one record."""
    text = record["text"]
    known = {"bodies": BODIES, "areas": AREAS, "traps": TRAPS}
    tests = {
        "keys": list(record) == KEYS,
        "id": re.fullmatch(rf"{record['language']}-\d\d", record["id"]),
        "script": record["script"] in ("Latn", "Cyrl"),
        "text is not NFC": text == unicodedata.normalize("NFC", text),
        "relevance": record["relevance"] in RELEVANCE,
        "bodies are empty exactly where relevance is none": bool(record["bodies"]) == (record["relevance"] != "none"),
        "more than three areas": len(record["areas"]) <= 3,
        "no trap": record["traps"],
    }
    found = [f"{record['id']}: {name}" for name, passed in tests.items() if not passed]
    for field, ids in known.items():
        if not set(record[field]) <= ids or len(set(record[field])) < len(record[field]):
            found.append(f"{record['id']}: {field} {record[field]}")
    return found


def faults_of_language(language: str, records: list[dict[str, Any]]) -> list[str]:
    """What is wrong with the counts of one language."""
    unnamed = sum(not record["bodies"] for record in records)
    with_area = sum(bool(record["areas"]) for record in records)
    areas = {area for record in records for area in record["areas"]}
    scripts = Counter(record["script"] for record in records)
    relevance = Counter(record["relevance"] for record in records)
    print(f"{language}: {len(records)} sentences, {dict(relevance)}, {dict(scripts)}")
    print(f"    {unnamed} name no body, {with_area} with an area, {len(areas)} areas")
    tests = {
        f"{len(records)} sentences": len(records) == SENTENCES,
        f"{unnamed} name no body": unnamed in UNNAMED,
        f"{with_area} with an area": WITH_AREA <= with_area <= SENTENCES - WITHOUT_AREA,
    }
    return [f"{language}: {name}" for name, passed in tests.items() if not passed]


def print_counts(records: list[dict[str, Any]]) -> None:
    """Print how often each value of each field occurs in the set."""
    print("relevance:", dict(Counter(record["relevance"] for record in records).most_common()))
    for field in ("bodies", "areas", "traps"):
        counts = Counter(value for record in records for value in record[field] or ["(none)"])
        print(f"{field}:", dict(counts.most_common()))


def main() -> int:
    """Check the file and print its counts."""
    records = [json.loads(line) for line in (HERE / "sentences.jsonl").read_text(encoding="utf-8").splitlines()]
    faults = [fault for record in records for fault in faults_of_sentence(record)]
    for field in ("id", "text"):
        repeated = [value for value, count in Counter(record[field] for record in records).items() if count > 1]
        faults.extend(f"{field} repeated: {value[:60]}" for value in repeated)
    for language in LANGUAGES:
        faults.extend(faults_of_language(language, [record for record in records if record["language"] == language]))
    print_counts(records)
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
